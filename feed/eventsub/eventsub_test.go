package eventsub

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"liveroom/feed"
	"liveroom/feed/feedtest"
	"liveroom/feed/helix"
)

var recv = time.Date(2026, 9, 21, 14, 13, 21, 0, time.UTC)

func open(o Options) feed.Session { return New(o).NewSession(feed.Position{}) }

func decode(s feed.Session, text string) feed.Decoded {
	return s.Decode(feed.Frame{Data: []byte(text)}, recv)
}

func notify(subject, event string) string {
	return `{"metadata":{"message_id":"d-1","message_type":"notification","message_timestamp":"2026-09-21T14:13:20.123456789Z","subscription_type":"` +
		subject + `"},"payload":{"subscription":{"type":"` + subject + `","status":"enabled"},"event":` + event + `}}`
}

func TestRequest(t *testing.T) {
	for _, o := range []Options{{}, {Channel: "shop"}, {Subscriber: &asks{}}} {
		if _, err := New(o).Request(feed.Position{}); err == nil || !strings.Contains(err.Error(), "channel") {
			t.Errorf("%+v: error %v", o, err)
		}
	}
	p := New(Options{Channel: "#Shop", Subscriber: &asks{}})
	r, err := p.Request(feed.Position{})
	if err != nil || r.URL != DefaultURL || p.Name() != "eventsub" || p.Source() != "twitch:#shop" {
		t.Errorf("request %+v, %v, source %s", r, err, p.Source())
	}
	s := p.NewSession(feed.Position{})
	if every, _ := s.Heartbeat(); every != 0 || len(s.Hello()) != 0 {
		t.Error("nothing may be said to Twitch")
	}
	api, err := helix.New(helix.Options{Channel: "shop", Token: "verysecret"})
	if err != nil {
		t.Fatal(err)
	}
	h := Through(api)
	if s := fmt.Sprintf("%v %+v %#v %s", h, h, h, h); strings.Contains(s, "verysecret") {
		t.Errorf("prints as %s", s)
	}
}

// asks is a Subscriber that answers as it is told.
type asks struct {
	session string
	refused []error
	err     error
}

func (a *asks) Subscribe(_ context.Context, session string) ([]error, error) {
	a.session = session
	return a.refused, a.err
}

const welcome = `{"metadata":{"message_id":"w","message_type":"session_welcome"},"payload":{"session":{"id":"S1","keepalive_timeout_seconds":30,"reconnect_url":null}}}`

func TestWelcomeSubscribes(t *testing.T) {
	a := &asks{refused: []error{errors.New("no scope")}}
	s := open(Options{Channel: "shop", Subscriber: a})
	d := decode(s, welcome)
	if d.Then == nil || len(d.Events)+len(d.Refused) != 0 {
		t.Fatalf("the welcome came to %+v", d)
	}
	d = d.Then(t.Context())
	if a.session != "S1" || len(d.Refused) != 1 || d.Redial || d.Fatal != nil {
		t.Errorf("session %s, %+v", a.session, d)
	}
	if got := s.(feed.Listener).Patience(); got != 35*time.Second {
		t.Errorf("patience %s, want the keepalive and a little", got)
	}
	a.err = errors.New("busy")
	if d = decode(s, welcome).Then(t.Context()); !d.Redial || d.Fatal != nil || len(d.Refused) != 2 {
		t.Errorf("a failure that may pass came to %+v", d)
	}
	a.err = fmt.Errorf("check: %w", &feed.DeniedError{Reason: "bad token: make a new one"})
	d = decode(s, welcome).Then(t.Context())
	if d.Fatal == nil || !strings.Contains(d.Fatal.Error(), "make a new one") || len(d.Events) != 1 || d.Events[0].Code != feed.CodeAuthFailed {
		t.Errorf("a denial came to %+v", d)
	}
	if d := decode(open(Options{}), welcome); d.Then != nil {
		t.Error("recorded frames subscribe")
	}
}

func TestPatienceHasBounds(t *testing.T) {
	s := open(Options{})
	for keepalive, want := range map[string]time.Duration{"null": 15 * time.Second, "1": 15 * time.Second, "-4": 15 * time.Second, "10": 15 * time.Second, "99999999999999999": 605 * time.Second} {
		decode(s, strings.Replace(welcome, ":30", ":"+keepalive, 1))
		if got := s.(feed.Listener).Patience(); got != want {
			t.Errorf("keepalive %s: patience %s, want %s", keepalive, got, want)
		}
	}
}

func TestReconnectMovesAndDoesNotSubscribeAgain(t *testing.T) {
	a := &asks{}
	s := open(Options{Channel: "shop", Subscriber: a})
	d := decode(s, `{"metadata":{"message_type":"session_reconnect"},"payload":{"session":{"id":"S1","reconnect_url":"wss://other/ws"}}}`)
	if d.Move == nil || d.Move.Request.URL != "wss://other/ws" || d.Redial {
		t.Fatalf("came to %+v", d)
	}
	if d := decode(d.Move.Session, welcome); d.Then != nil {
		t.Error("the new connection subscribes again")
	}
	if d := decode(s, `{"metadata":{"message_type":"session_reconnect"},"payload":{"session":{"id":"S1","reconnect_url":null}}}`); !d.Redial || d.Move != nil {
		t.Errorf("without an address it came to %+v", d)
	}
	if d := decode(s, `{"metadata":{"message_type":"session_keepalive"},"payload":{}}`); len(d.Events)+len(d.Refused) != 0 {
		t.Errorf("a keepalive came to %+v", d)
	}
}

func TestRevocation(t *testing.T) {
	frame := func(status string) string {
		return `{"metadata":{"message_id":"r","message_type":"revocation","subscription_type":"channel.chat.message"},"payload":{"subscription":{"type":"channel.chat.message","status":"` + status + `"}}}`
	}
	for status, fatal := range map[string]bool{"authorization_revoked": true, "user_removed": true, "version_removed": false} {
		d := decode(open(Options{Channel: "shop"}), frame(status))
		if len(d.Events) != 1 || d.Events[0].Code != "subscription_revoked" || d.Events[0].Text != "channel.chat.message: "+status || (d.Fatal != nil) != fatal {
			t.Errorf("%s came to %+v", status, d)
		}
	}
}

func TestNotifications(t *testing.T) {
	mei := feed.User{ID: "42", Name: "小美", Role: feed.RoleViewer}
	const who = `"broadcaster_user_id":"7","broadcaster_user_login":"shop","chatter_user_id":"42","chatter_user_login":"mei","chatter_user_name":"小美"`
	const user = `"broadcaster_user_login":"shop","user_id":"42","user_login":"mei","user_name":"小美"`
	const aim = `"broadcaster_user_login":"shop","target_user_id":"42","target_user_login":"mei","target_user_name":"小美"`
	const hit = `{"user_id":"42","user_login":"mei","user_name":"小美"`
	host, mod := mei, mei
	host.Role, mod.Role = feed.RoleHost, feed.RoleModerator
	for _, c := range []struct {
		name, subject, event string
		want                 feed.Event
	}{
		{"chat", "channel.chat.message", `{` + who + `,"message_id":"m1","message":{"text":"多少钱"},"badges":[{"set_id":"vip"}],"cheer":null}`, feed.Event{ID: "m1", Kind: feed.KindChat, User: mei, Text: "多少钱"}},
		{"cheer", "channel.chat.message", `{` + who + `,"message_id":"m1","message":{"text":"hi"},"cheer":{"bits":300}}`, feed.Event{ID: "m1", Kind: feed.KindChat, User: mei, Text: "hi", Count: 300}},
		{"host", "channel.chat.message", `{` + who + `,"message_id":"m1","message":{"text":"\u0001ACTION waves\u0001"},"badges":[{"set_id":"moderator"},{"set_id":"broadcaster"}]}`, feed.Event{ID: "m1", Kind: feed.KindChat, User: host, Text: "waves"}},
		{"shared chat", "channel.chat.message", `{` + who + `,"message_id":"m1","message":{"text":"hi"},"badges":[{"set_id":"moderator"}],"source_broadcaster_user_id":"8"}`, feed.Event{ID: "m1", Kind: feed.KindChat, User: mod, Text: "hi", Code: "shared_chat"}},
		{"odd in all that is not said", "channel.chat.message", `{` + who + `,"message_id":"m1","message":{"text":"hi","fragments":7},"badges":[{"set_id":["x"]},1],"cheer":"x","action":{}}`, feed.Event{ID: "m1", Kind: feed.KindChat, User: mei, Text: "hi"}},
		{"badges that are none", "channel.chat.message", `{` + who + `,"message_id":"m1","message":{"text":"hi"},"badges":{"set_id":"moderator"}}`, feed.Event{ID: "m1", Kind: feed.KindChat, User: mei, Text: "hi"}},
		{"resub", "channel.chat.notification", `{` + who + `,"message_id":"m2","notice_type":"resub","system_message":"M resubscribed. ","message":{"text":"加油"}}`, feed.Event{ID: "m2", Kind: feed.KindGift, User: mei, Code: "resub", Text: "M resubscribed. — 加油", Count: 1}},
		{"shared gift sub", "channel.chat.notification", `{` + who + `,"message_id":"m2","notice_type":"shared_chat_sub_gift","system_message":"","message":{"text":"x"}}`, feed.Event{ID: "m2", Kind: feed.KindGift, User: mei, Code: "subgift", Text: "x", Count: 1}},
		{"gifts that follow", "channel.chat.notification", `{"chatter_user_id":null,"message_id":"m2","notice_type":"community_sub_gift","system_message":"x","community_sub_gift":{"total":5}}`, feed.Event{ID: "m2", Kind: feed.KindSystem, Code: "submysterygift", Text: "x", Count: 5}},
		{"raid", "channel.chat.notification", `{` + who + `,"message_id":"m2","notice_type":"raid","system_message":"x","raid":{"viewer_count":12}}`, feed.Event{ID: "m2", Kind: feed.KindSystem, User: mei, Code: "raid", Text: "x", Count: 12}},
		{"notice of tomorrow", "channel.chat.notification", `{` + who + `,"message_id":"m2","notice_type":"party","system_message":"x"}`, feed.Event{ID: "m2", Kind: feed.KindSystem, User: mei, Code: "unknown", Text: "x"}},
		{"deleted", "channel.chat.message_delete", `{` + aim + `,"message_id":"m1"}`, feed.Event{Kind: feed.KindSystem, User: mei, Code: feed.CodeRetracted, Retracts: "m1"}},
		{"somebody cleared", "channel.chat.clear_user_messages", `{` + aim + `}`, feed.Event{Kind: feed.KindSystem, User: mei, Code: "user_messages_cleared", Text: "all messages of 小美 were cleared", Clears: feed.ClearsPerson}},
		{"cleared", "channel.chat.clear", `{"broadcaster_user_login":"shop"}`, feed.Event{Kind: feed.KindSystem, Code: "chat_cleared", Text: "the chat was cleared", Clears: feed.ClearsChat}},
		{"held for a term", "automod.message.hold", `{` + user + `,"message_id":"m3","message":{"text":"骗子"},"reason":"blocked_term","automod":null,"held_at":"2026-09-21T14:13:19Z"}`, feed.Event{ID: "automod_hold:m3", Kind: feed.KindSystem, User: mei, Code: CodeAutoModHold, Text: "骗子", Severity: "high"}},
		{"held for its tone", "automod.message.hold", `{` + user + `,"message_id":"m3","message":{"text":"骗子"},"reason":"automod","automod":{"category":"aggressive","level":2}}`, feed.Event{ID: "automod_hold:m3", Kind: feed.KindSystem, User: mei, Code: CodeAutoModHold, Text: "骗子", Severity: "medium"}},
		{"held, first version", "automod.message.hold", `{` + user + `,"message_id":"m3","message":"骗子","level":2}`, feed.Event{ID: "automod_hold:m3", Kind: feed.KindSystem, User: mei, Code: CodeAutoModHold, Text: "骗子"}},
		{"let through", "automod.message.update", `{` + user + `,"message_id":"m3","message":{"text":"骗子"},"reason":"blocked_term","status":"Approved"}`, feed.Event{ID: "automod_approved:m3", Kind: feed.KindSystem, User: mei, Code: "automod_approved", Text: "骗子"}},
		{"banned", "channel.moderate", `{"action":"ban","ban":` + hit + `,"reason":"spam"}}`, feed.Event{Kind: feed.KindSystem, User: mei, Code: "user_banned", Text: "小美 was banned: spam"}},
		{"muted", "channel.moderate", `{"action":"shared_chat_timeout","shared_chat_timeout":` + hit + `,"reason":"","expires_at":"2026-09-21T14:20:00.5Z"}}`, feed.Event{Kind: feed.KindSystem, User: mei, Code: "user_muted", Text: "小美 was muted until 2026-09-21T14:20:00Z"}},
		{"unbanned", "channel.moderate", `{"action":"unban","unban":` + hit + `}}`, feed.Event{Kind: feed.KindSystem, User: mei, Code: "user_unbanned", Text: "小美 was unbanned"}},
		{"unmuted", "channel.moderate", `{"action":"untimeout","untimeout":` + hit + `}}`, feed.Event{Kind: feed.KindSystem, User: mei, Code: "user_unmuted", Text: "小美 was unmuted"}},
		{"warned", "channel.moderate", `{"action":"warn","warn":` + hit + `,"reason":"cut it out"}}`, feed.Event{Kind: feed.KindSystem, User: mei, Code: "user_warned", Text: "小美 was warned: cut it out"}},
		{"deleted by a moderator", "channel.moderate", `{"action":"delete","delete":` + hit + `,"message_id":"m1","message_body":"骗子"}}`, feed.Event{Kind: feed.KindSystem, User: mei, Code: feed.CodeRetracted, Retracts: "m1", Text: "骗子"}},
		{"cleared by a moderator", "channel.moderate", `{"action":"clear"}`, feed.Event{Kind: feed.KindSystem, Code: "chat_cleared", Text: "the chat was cleared", Clears: feed.ClearsChat}},
		{"made a moderator", "channel.moderate", `{"action":"mod","mod":` + hit + `}}`, feed.Event{Kind: feed.KindSystem, User: mei, Code: "moderate", Text: "mod 小美"}},
		{"emotes only", "channel.moderate", `{"action":"emoteonly"}`, feed.Event{Kind: feed.KindSystem, Code: "moderate", Text: "emoteonly"}},
		{"no action", "channel.moderate", `{}`, feed.Event{Kind: feed.KindSystem, Code: "unknown", Text: "channel.moderate"}},
		{"ban for good", "channel.ban", `{` + user + `,"reason":"x","ends_at":"2026-09-21T14:20:00Z","is_permanent":true}`, feed.Event{Kind: feed.KindSystem, User: mei, Code: "user_banned", Text: "小美 was banned: x"}},
		{"ban for a time", "channel.ban", `{` + user + `,"reason":"","ends_at":"2026-09-21T14:20:00Z","is_permanent":false}`, feed.Event{Kind: feed.KindSystem, User: mei, Code: "user_muted", Text: "小美 was muted until 2026-09-21T14:20:00Z"}},
		{"unban", "channel.unban", `{` + user + `}`, feed.Event{Kind: feed.KindSystem, User: mei, Code: "user_unbanned", Text: "小美 was unbanned"}},
		{"suspicious", "channel.suspicious_user.message", `{` + user + `,"low_trust_status":"active_monitoring","message":{"message_id":"m1","text":"bad"}}`, feed.Event{Kind: feed.KindSystem, User: mei, Code: "suspicious_user", Text: "bad", Severity: "medium"}},
		{"suspicion changed", "channel.suspicious_user.update", `{` + user + `,"low_trust_status":"restricted"}`, feed.Event{Kind: feed.KindSystem, User: mei, Code: "suspicious_user_update", Text: "restricted"}},
		{"online", "stream.online", `{"id":"9"}`, feed.Event{Kind: feed.KindSystem, Code: "stream_start", Text: "live started"}},
		{"offline", "stream.offline", `{}`, feed.Event{Kind: feed.KindSystem, Code: feed.CodeStreamEnd, Text: "live ended"}},
		{"title", "channel.update", `{"title":"双十一"}`, feed.Event{Kind: feed.KindSystem, Code: "stream_info", Text: "双十一"}},
		{"type of tomorrow", "channel.shop", `{}`, feed.Event{Kind: feed.KindSystem, Code: "unknown", Text: "channel.shop"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := notify(c.subject, c.event)
			d := decode(open(Options{Channel: "shop"}), text)
			if len(d.Events) != 1 || len(d.Refused) != 0 {
				t.Fatalf("%d events, refused %v", len(d.Events), d.Refused)
			}
			e, want := d.Events[0], c.want
			if want.ID == "" {
				want.ID = c.subject + ":d-1"
			}
			if e.ID != want.ID || e.Kind != want.Kind || e.User != want.User || e.Text != want.Text || e.Code != want.Code ||
				e.Count != want.Count || e.Retracts != want.Retracts || e.Clears != want.Clears || e.Severity != want.Severity {
				t.Errorf("got  %+v\nwant %+v", e, want)
			}
			if e.Source != "twitch:#shop" || e.Room != "#shop" || string(e.Raw) != text || recv.Sub(e.At) > 3*time.Second || !e.At.Before(recv) {
				t.Errorf("source %s, room %s, at %s", e.Source, e.Room, e.At)
			}
		})
	}
}

func TestRecordedFramesTellTheirOwnChannel(t *testing.T) {
	d := decode(open(Options{}), notify("channel.chat.message", `{"broadcaster_user_login":"other","message_id":"m","message":{"text":"x"}}`))
	if e := d.Events[0]; e.Source != "twitch:#other" || e.Room != "#other" {
		t.Errorf("source %s, room %s", e.Source, e.Room)
	}
	// The type stands in the subscription too.
	d = decode(open(Options{}), `{"metadata":{"message_type":"notification"},"payload":{"subscription":{"type":"stream.online"},"event":{}}}`)
	if len(d.Events) != 1 || d.Events[0].Code != "stream_start" || !d.Events[0].At.Equal(recv) {
		t.Errorf("came to %+v", d)
	}
}

func TestRefused(t *testing.T) {
	for text, want := range map[string]string{
		``: "no JSON", `PING`: "no JSON", `[]`: "no JSON", `{}`: "no message_type",
		`{"metadata":{"message_type":"x\u001b"}}`:                                 `unknown message_type "x\x1b"`,
		`{"metadata":{"message_type":"session_welcome"},"payload":{}}`:            "names no session",
		`{"metadata":{"message_type":"notification"},"payload":{}}`:               "no event object",
		`{"metadata":{"message_type":"notification"},"payload":{"event":[]}}`:     "no event object",
		`{"metadata":{"message_type":"notification"},"payload":{"event":{}}}`:     "no subscription_type",
		notify("channel.chat.message", `{"message":{"text":"x"}}`):                "no message_id",
		notify("channel.chat.notification", `{"notice_type":"sub"}`):              "no message_id",
		notify("channel.chat.message_delete", `{}`):                               "no message_id",
		notify("channel.chat.clear_user_messages", `{"target_user_login":"mei"}`): "no target_user_id",
		notify("automod.message.hold", `{"message":{"text":"x"}}`):                "no message_id",
	} {
		d := decode(open(Options{Channel: "shop"}), text)
		if len(d.Events) != 0 || len(d.Refused) != 1 || !strings.Contains(d.Refused[0].Error(), want) {
			t.Errorf("%s: %d events, refused %v; want %q", text, len(d.Events), d.Refused, want)
		}
	}
}

// TestRecordedFramesAreAllRead: what Twitch really sent comes to one event each,
// of a type known here.
func TestRecordedFramesAreAllRead(t *testing.T) {
	s := open(Options{})
	n := 0
	for _, file := range []string{"full-frames.jsonl", "session-messages.doc.jsonl"} {
		for line := range strings.Lines(string(feedtest.Shared(t, "twitch-eventsub", file))) {
			n++
			d := decode(s, line)
			session := strings.Contains(line, `"message_type":"session_`)
			if len(d.Refused) != 0 || session != (len(d.Events) == 0) {
				t.Errorf("%s came to %d events, refused %v", line, len(d.Events), d.Refused)
			}
			for _, e := range d.Events {
				if e.Code == "unknown" || e.ID == "" || !strings.HasPrefix(e.Room, "#") {
					t.Errorf("%s came to %+v", line, e)
				}
			}
		}
	}
	if n < 30 {
		t.Errorf("%d frames", n)
	}
}

// subjectsOf are the types that the recorded events belong to, by the name of
// their case.
var subjectsOf = map[string]string{
	"automod-message-hold": "automod.message.hold", "automod-message-update": "automod.message.update",
	"channel-ban": "channel.ban", "channel-chat-message": "channel.chat.message", "channel-chat-notification": "channel.chat.notification",
	"channel-moderate": "channel.moderate", "channel-suspicious-user-message": "channel.suspicious_user.message",
	"channel-suspicious-user-update": "channel.suspicious_user.update", "channel-chat-user-message-hold": "channel.chat.user_message_hold",
	"channel-chat-user-message-update": "channel.chat.user_message_update",
}

func TestRecordedEventsAreAllRead(t *testing.T) {
	for line := range strings.Lines(string(feedtest.Shared(t, "twitch-eventsub", "events.jsonl"))) {
		var row struct {
			Case  string         `json:"case"`
			Event jsontext.Value `json:"event"`
		}
		if err := json.Unmarshal([]byte(line), &row); err != nil {
			t.Fatal(err)
		}
		kind, _, _ := strings.Cut(row.Case, "/")
		subject := subjectsOf[kind]
		if subject == "" {
			t.Errorf("no type for %s", row.Case)
			continue
		}
		events := []jsontext.Value{row.Event}
		if row.Event.Kind() == '[' { // several that a screen would join
			if err := json.Unmarshal(row.Event, &events); err != nil {
				t.Fatal(err)
			}
		}
		for _, event := range events {
			d := decode(open(Options{}), notify(subject, string(event)))
			if len(d.Events) != 1 || len(d.Refused) != 0 {
				t.Errorf("%s: %d events, refused %v", row.Case, len(d.Events), d.Refused)
				continue
			}
			if e := d.Events[0]; e.Text == "" && e.Code != feed.CodeRetracted {
				t.Errorf("%s says nothing: %+v", row.Case, e)
			}
		}
	}
}

func BenchmarkDecode(b *testing.B) {
	s := open(Options{Channel: "shop"})
	frame := feed.Frame{Data: []byte(notify("channel.chat.message", `{"broadcaster_user_id":"7","broadcaster_user_login":"shop","chatter_user_id":"42","chatter_user_name":"小美","message_id":"m1","message":{"text":"这个多少钱？","fragments":[{"type":"text","text":"这个多少钱？"}]},"badges":[{"set_id":"subscriber","id":"3"}]}`))}
	b.ReportAllocs()
	for b.Loop() {
		if d := s.Decode(frame, recv); len(d.Events) != 1 {
			b.Fatal(d.Refused)
		}
	}
}
