package twitch

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"liveroom/feed"
	"liveroom/feed/feedtest"
)

var recv = time.Date(2026, 9, 21, 14, 0, 0, 0, time.UTC)

func open(t testing.TB, o Options) *session {
	t.Helper()
	p, err := New(o)
	if err != nil {
		t.Fatalf("New(%+v): %v", o, err)
	}
	return p.NewSession(feed.Position{}).(*session)
}

func decode(s *session, frame string) feed.Decoded {
	return s.Decode(feed.Frame{Data: []byte(frame)}, recv)
}

// one is the only event of a frame that must be read without complaint.
func one(t *testing.T, frame string) feed.Event {
	t.Helper()
	d := decode(open(t, Options{Channel: "shop"}), frame)
	if len(d.Events) != 1 || len(d.Refused) != 0 {
		t.Fatalf("%q came to %d events, refused %v; want one event", frame, len(d.Events), d.Refused)
	}
	return d.Events[0]
}

func TestOptionsAreChecked(t *testing.T) {
	for _, c := range []struct {
		name string
		o    Options
		want string
	}{
		{"channel with a line break", Options{Channel: "shop\r\nQUIT"}, "broadcaster's login"},
		{"two channels", Options{Channel: "a,b"}, "broadcaster's login"},
		{"channel too long", Options{Channel: strings.Repeat("a", 26)}, "1 to 25"},
		{"token without login", Options{Channel: "shop", Token: "abc"}, "needs the login"},
		{"token with a line break", Options{Channel: "shop", Login: "me", Token: "abc\r\nQUIT"}, "access token"},
		{"token that is only its prefix", Options{Channel: "shop", Login: "me", Token: "oauth:"}, "access token"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := New(c.o)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("error %v; want one that says %q", err, c.want)
			}
		})
	}
}

func TestLoginAsksForTagsThenSignsInThenJoins(t *testing.T) {
	for _, c := range []struct {
		name string
		o    Options
		want []string
	}{
		{"with a token", Options{Channel: "#Shop", Login: "Me", Token: "abc"}, []string{"CAP REQ :twitch.tv/tags twitch.tv/commands twitch.tv/membership", "PASS oauth:abc", "NICK me"}},
		{"token with its prefix", Options{Channel: "shop", Login: "me", Token: "oauth:abc"}, []string{"CAP REQ :twitch.tv/tags twitch.tv/commands twitch.tv/membership", "PASS oauth:abc", "NICK me"}},
		{"anonymous", Options{Channel: "shop"}, []string{"CAP REQ :twitch.tv/tags twitch.tv/commands twitch.tv/membership", "NICK " + anonymousNick("shop")}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := open(t, c.o)
			if got := lines(s.Hello()); !slices.Equal(got, c.want) {
				t.Fatalf("hello %q, want %q", got, c.want)
			}
			d := decode(s, ":tmi.twitch.tv 001 me :Welcome, GLHF!\r\n")
			if got := lines(d.Reply); !slices.Equal(got, []string{"JOIN #shop"}) {
				t.Fatalf("the greeting is answered with %q, want JOIN #shop", got)
			}
		})
	}
}

func lines(frames []feed.Frame) []string {
	var out []string
	for _, f := range frames {
		out = append(out, strings.TrimSuffix(string(f.Data), "\r\n"))
	}
	return out
}

func TestAnonymousNickHasTheFormTwitchLetsIn(t *testing.T) {
	nick := anonymousNick("shop")
	if len(nick) != len("justinfan00000") || !strings.HasPrefix(nick, "justinfan") || nick == anonymousNick("other") {
		t.Fatalf("nick %q", nick)
	}
}

func TestTokenNeverPrints(t *testing.T) {
	p, err := New(Options{Channel: "shop", Login: "me", Token: "verysecret"})
	if err != nil {
		t.Fatal(err)
	}
	if s := fmt.Sprintf("%v %+v %#v %s", p, p, p, p); strings.Contains(s, "verysecret") {
		t.Fatalf("the token is printed: %s", s)
	}
}

func TestRequestNeedsAChannel(t *testing.T) {
	p, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Request(feed.Position{}); err == nil || !strings.Contains(err.Error(), "channel") {
		t.Fatalf("error %v; want one that asks for the channel", err)
	}
	p, err = New(Options{Channel: "shop"})
	if err != nil {
		t.Fatal(err)
	}
	r, err := p.Request(feed.Position{})
	if err != nil || r.URL != DefaultURL || p.Name() != "twitch" || p.Source() != "twitch:#shop" {
		t.Fatalf("request %+v, %v, name %s, source %s", r, err, p.Name(), p.Source())
	}
}

func TestConnectionLinesAreAnsweredAndMakeNoEvent(t *testing.T) {
	s := open(t, Options{Channel: "shop"})
	d := decode(s, "PING :tmi.twitch.tv\r\n:tmi.twitch.tv PONG tmi.twitch.tv :liveroom\r\n"+
		":tmi.twitch.tv CAP * ACK :twitch.tv/tags twitch.tv/commands twitch.tv/membership\r\n"+
		":tmi.twitch.tv 002 x :Your host\r\n:tmi.twitch.tv 003 x :new\r\n:tmi.twitch.tv 004 x :-\r\n"+
		":tmi.twitch.tv 375 x :-\r\n:tmi.twitch.tv 372 x :motd\r\n:tmi.twitch.tv 376 x :>\r\n"+
		":"+s.p.nick+"!"+s.p.nick+"@"+s.p.nick+".tmi.twitch.tv JOIN #shop\r\n"+
		":x.tmi.twitch.tv 353 x = #shop :x\r\n:x.tmi.twitch.tv 366 x #shop :End of /NAMES list\r\n\r\n")
	if got := lines(d.Reply); !slices.Equal(got, []string{"PONG :tmi.twitch.tv"}) {
		t.Errorf("reply %q", got)
	}
	if len(d.Events) != 0 || len(d.Refused) != 0 || d.Fatal != nil || d.Redial {
		t.Errorf("came to %+v; want nothing", d)
	}
	every, beat := s.Heartbeat()
	if every <= 0 || every > 5*time.Minute || string(beat.Data) != "PING :liveroom\r\n" {
		t.Errorf("heartbeat %q every %s", beat.Data, every)
	}
}

func TestChat(t *testing.T) {
	const who = ":mei!mei@mei.tmi.twitch.tv PRIVMSG #shop :"
	for _, c := range []struct {
		name, frame string
		want        feed.Event
	}{
		{
			"viewer", "@badges=;display-name=小美;id=a-1;mod=0;room-id=7;tmi-sent-ts=1790000000137;user-id=42 " + who + "这个多少钱？",
			feed.Event{ID: "a-1", At: time.UnixMilli(1790000000137), User: feed.User{ID: "42", Name: "小美", Role: feed.RoleViewer}, Text: "这个多少钱？"},
		},
		{
			"empty display name", "@display-name=;id=a-2;tmi-sent-ts=1790000000137;user-id=42 " + who + "hi",
			feed.Event{ID: "a-2", At: time.UnixMilli(1790000000137), User: feed.User{ID: "42", Name: "mei", Role: feed.RoleViewer}, Text: "hi"},
		},
		{
			"display name with an equals sign", "@display-name=a=b;id=a-3;tmi-sent-ts=1790000000137;user-id=42 " + who + "hi",
			feed.Event{ID: "a-3", At: time.UnixMilli(1790000000137), User: feed.User{ID: "42", Name: "a=b", Role: feed.RoleViewer}, Text: "hi"},
		},
		{
			"broadcaster, who moderates too", "@badges=moderator/1,broadcaster/1;mod=1;display-name=M;id=a-4;tmi-sent-ts=1;user-id=7 " + who + "hi",
			feed.Event{ID: "a-4", At: time.UnixMilli(1), User: feed.User{ID: "7", Name: "M", Role: feed.RoleHost}, Text: "hi"},
		},
		{
			"moderator by badge", "@badges=subscriber/3,moderator/1;display-name=M;id=a-5;tmi-sent-ts=1;user-id=7 " + who + "hi",
			feed.Event{ID: "a-5", At: time.UnixMilli(1), User: feed.User{ID: "7", Name: "M", Role: feed.RoleModerator}, Text: "hi"},
		},
		{
			"moderator by tag", "@badges=;mod=1;display-name=M;id=a-6;tmi-sent-ts=1;user-id=7 " + who + "hi",
			feed.Event{ID: "a-6", At: time.UnixMilli(1), User: feed.User{ID: "7", Name: "M", Role: feed.RoleModerator}, Text: "hi"},
		},
		{
			"action", "@display-name=M;id=a-7;tmi-sent-ts=1;user-id=7 " + who + "\x01ACTION waves\x01",
			feed.Event{ID: "a-7", At: time.UnixMilli(1), User: feed.User{ID: "7", Name: "M", Role: feed.RoleViewer}, Text: "waves"},
		},
		{
			"cheer", "@bits=300;display-name=M;id=a-8;tmi-sent-ts=1;user-id=7 " + who + "Cheer300 退款呢",
			feed.Event{ID: "a-8", At: time.UnixMilli(1), User: feed.User{ID: "7", Name: "M", Role: feed.RoleViewer}, Text: "Cheer300 退款呢", Count: 300},
		},
		{
			"from a shared chat", "@display-name=M;id=a-9;room-id=7;source-room-id=8;tmi-sent-ts=1;user-id=7 " + who + "hi",
			feed.Event{ID: "a-9", At: time.UnixMilli(1), User: feed.User{ID: "7", Name: "M", Role: feed.RoleViewer}, Text: "hi", Code: "shared_chat"},
		},
		{
			"no colon before the text", "@display-name=M;id=a-10;tmi-sent-ts=1;user-id=7 :m!m@m PRIVMSG #shop hi",
			feed.Event{ID: "a-10", At: time.UnixMilli(1), User: feed.User{ID: "7", Name: "M", Role: feed.RoleViewer}, Text: "hi"},
		},
		{
			"a second text field is part of the first", "@display-name=M;id=a-11;tmi-sent-ts=1;user-id=7 :m!m@m PRIVMSG #shop ::) :x",
			feed.Event{ID: "a-11", At: time.UnixMilli(1), User: feed.User{ID: "7", Name: "M", Role: feed.RoleViewer}, Text: ":) :x"},
		},
		{
			"time that is no number", "@display-name=M;id=a-12;tmi-sent-ts=soon;user-id=7 " + who + "hi",
			feed.Event{ID: "a-12", At: recv, User: feed.User{ID: "7", Name: "M", Role: feed.RoleViewer}, Text: "hi"},
		},
		{
			"bytes that are no text", "@display-name=M;id=a-13;tmi-sent-ts=1;user-id=7 " + who + "a\xffb",
			feed.Event{ID: "a-13", At: time.UnixMilli(1), User: feed.User{ID: "7", Name: "M", Role: feed.RoleViewer}, Text: "a\uFFFDb"},
		},
		{
			"empty nick in the prefix", "@id=a-14;tmi-sent-ts=1;user-id=7 :!mei@mei.tmi.twitch.tv PRIVMSG #shop :no",
			feed.Event{ID: "a-14", At: time.UnixMilli(1), User: feed.User{ID: "7", Name: "mei", Role: feed.RoleViewer}, Text: "no"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := one(t, c.frame+"\r\n")
			if got.Kind != feed.KindChat || got.Source != "twitch:#shop" || got.Room != "#shop" || !got.Recv.Equal(recv) {
				t.Errorf("kind %s, source %s, room %s, recv %s", got.Kind, got.Source, got.Room, got.Recv)
			}
			if got.ID != c.want.ID || !got.At.Equal(c.want.At) || got.User != c.want.User || got.Text != c.want.Text ||
				got.Count != c.want.Count || got.Code != c.want.Code {
				t.Errorf("got %+v\nwant %+v", got, c.want)
			}
			if string(got.Raw) != c.frame {
				t.Errorf("raw %q, want the line as it came", got.Raw)
			}
		})
	}
}

func TestSystemLines(t *testing.T) {
	for _, c := range []struct {
		name, frame                    string
		kind                           feed.Kind
		code, text, user, id, retracts string
		clears                         string
		count                          int64
	}{
		{
			name: "message withdrawn, room-id empty", frame: "@login=mei;room-id=;target-msg-id=a-1;tmi-sent-ts=5 :tmi.twitch.tv CLEARMSG #shop :骗子",
			kind: feed.KindSystem, code: feed.CodeRetracted, text: "骗子", user: "mei", retracts: "a-1",
		},
		{
			name: "muted, no colon", frame: "@ban-duration=180;target-user-id=42;tmi-sent-ts=5 :tmi.twitch.tv CLEARCHAT #shop mei",
			kind: feed.KindSystem, code: "user_muted", text: "mei was muted for 180 s", user: "mei", clears: feed.ClearsPerson,
		},
		{
			name: "banned", frame: "@target-user-id=42;tmi-sent-ts=5 :tmi.twitch.tv CLEARCHAT #shop :mei",
			kind: feed.KindSystem, code: "user_banned", text: "mei was banned", user: "mei", clears: feed.ClearsPerson,
		},
		{
			name: "banned by name alone", frame: "@tmi-sent-ts=5 :tmi.twitch.tv CLEARCHAT #shop :mei",
			kind: feed.KindSystem, code: "user_banned", text: "mei was banned", user: "mei",
		},
		{
			name: "chat cleared", frame: "@tmi-sent-ts=5 :tmi.twitch.tv CLEARCHAT #shop",
			kind: feed.KindSystem, code: "chat_cleared", text: "the chat was cleared", clears: feed.ClearsChat,
		},
		{
			name: "resub with words", frame: `@display-name=M;id=n-1;login=m;msg-id=resub;system-msg=M\shas\ssubscribed\sfor\s6\smonths!;tmi-sent-ts=5 :tmi.twitch.tv USERNOTICE #shop :加油`,
			kind: feed.KindGift, code: "resub", text: "M has subscribed for 6 months! — 加油", user: "M", id: "n-1", count: 1,
		},
		{
			name: "gift sub", frame: `@display-name=;id=n-2;login=m;msg-id=subgift;system-msg=m\sgifted\sa\ssub\sto\sk!;tmi-sent-ts=5 :tmi.twitch.tv USERNOTICE #shop`,
			kind: feed.KindGift, code: "subgift", text: "m gifted a sub to k!", user: "m", id: "n-2", count: 1,
		},
		{
			name: "mystery gift announces gifts that follow", frame: `@display-name=M;id=n-3;msg-id=submysterygift;msg-param-mass-gift-count=5;system-msg=x;tmi-sent-ts=5 :tmi.twitch.tv USERNOTICE #shop`,
			kind: feed.KindSystem, code: "submysterygift", text: "x", user: "M", id: "n-3", count: 5,
		},
		{
			name: "raid", frame: `@display-name=M;id=n-4;msg-id=raid;msg-param-viewerCount=12;system-msg=12\sraiders;tmi-sent-ts=5 :tmi.twitch.tv USERNOTICE #shop`,
			kind: feed.KindSystem, code: "raid", text: "12 raiders", user: "M", id: "n-4", count: 12,
		},
		{
			name: "announcement", frame: `@badges=broadcaster/1;display-name=M;id=n-5;msg-id=announcement;system-msg=;tmi-sent-ts=5 :tmi.twitch.tv USERNOTICE #shop :全场包邮`,
			kind: feed.KindSystem, code: "announcement", text: "全场包邮", user: "M", id: "n-5",
		},
		{
			name: "notice of a shared chat", frame: `@display-name=M;id=n-6;msg-id=sharedchatnotice;source-msg-id=sub;system-msg=x;tmi-sent-ts=5 :tmi.twitch.tv USERNOTICE #shop`,
			kind: feed.KindGift, code: "sub", text: "x", user: "M", id: "n-6", count: 1,
		},
		{
			name: "notice without a kind", frame: `@display-name=M;id=n-7;tmi-sent-ts=5 :tmi.twitch.tv USERNOTICE #shop :x`,
			kind: feed.KindSystem, code: "unknown", text: "x", user: "M", id: "n-7",
		},
		{
			name: "notice", frame: "@msg-id=emote_only_on :tmi.twitch.tv NOTICE #shop :This room is now in emote-only mode.",
			kind: feed.KindSystem, code: "emote_only_on", text: "This room is now in emote-only mode.",
		},
		{
			name: "notice without tags", frame: ":tmi.twitch.tv NOTICE #shop :Hello",
			kind: feed.KindSystem, code: "notice", text: "Hello",
		},
		{
			name: "somebody enters", frame: ":mei!mei@mei.tmi.twitch.tv JOIN #shop",
			kind: feed.KindEnter, user: "mei",
		},
		{
			name: "somebody leaves", frame: ":mei!mei@mei.tmi.twitch.tv PART #shop",
			kind: feed.KindSystem, code: "part", user: "mei",
		},
		{
			name: "room state", frame: "@emote-only=0;followers-only=-1;room-id=7;slow=30 :tmi.twitch.tv ROOMSTATE #shop",
			kind: feed.KindSystem, code: "room_state", text: "emote-only=0 followers-only=-1 slow=30",
		},
		{
			name: "own state", frame: "@display-name=Me;mod=0 :tmi.twitch.tv USERSTATE #shop",
			kind: feed.KindSystem, code: "user_state", user: "Me",
		},
		{
			name: "own state everywhere", frame: "@display-name=Me;user-id=1 :tmi.twitch.tv GLOBALUSERSTATE",
			kind: feed.KindSystem, code: "user_state", user: "Me",
		},
		{
			name: "host target", frame: ":tmi.twitch.tv HOSTTARGET #shop :other 3",
			kind: feed.KindSystem, code: "host_target", text: "other 3",
		},
		{
			name: "a command of tomorrow", frame: "@tmi-sent-ts=5 :tmi.twitch.tv SHOPCARD #shop :x",
			kind: feed.KindSystem, code: "unknown", text: "SHOPCARD",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := one(t, c.frame)
			if e.Kind != c.kind || e.Code != c.code || e.Text != c.text || e.User.Name != c.user || e.Retracts != c.retracts || e.Clears != c.clears || e.Count != c.count {
				t.Errorf("got kind %s code %q text %q user %q retracts %q clears %q count %d\nwant %+v", e.Kind, e.Code, e.Text, e.User.Name, e.Retracts, e.Clears, e.Count, c)
			}
			if e.ID == "" || c.id != "" && e.ID != c.id {
				t.Errorf("id %q, want %q", e.ID, c.id)
			}
		})
	}
}

func TestReconnectAsksForANewConnection(t *testing.T) {
	d := decode(open(t, Options{Channel: "shop"}), ":tmi.twitch.tv RECONNECT\r\n")
	if !d.Redial || len(d.Events) != 1 || d.Events[0].Code != "reconnect" || d.Fatal != nil {
		t.Fatalf("came to %+v", d)
	}
}

func TestRefusalsEndTheSourceWithARemedy(t *testing.T) {
	token := Options{Channel: "shop", Login: "me", Token: "secrettoken"}
	for _, c := range []struct {
		name, frame, want, code string
		o                       Options
	}{
		{"bad token", ":tmi.twitch.tv NOTICE * :Login authentication failed", "make a new token", feed.CodeAuthFailed, token},
		{"token in a wrong form", ":tmi.twitch.tv NOTICE * :Improperly formatted auth", "chat:read", feed.CodeAuthFailed, token},
		{"anonymous refused", ":tmi.twitch.tv NOTICE * :Login unsuccessful", "set login and token", feed.CodeAuthFailed, Options{Channel: "shop"}},
		{"no such channel", "@msg-id=msg_channel_suspended :tmi.twitch.tv NOTICE #shop :This channel does not exist or has been suspended.", "check the channel's name", "msg_channel_suspended", token},
		{"banned there", "@msg-id=msg_banned :tmi.twitch.tv NOTICE #shop :You are permanently banned", "anonymously", "msg_banned", token},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := decode(open(t, c.o), c.frame)
			if d.Fatal == nil || !strings.Contains(d.Fatal.Error(), c.want) || strings.Contains(d.Fatal.Error(), "secrettoken") {
				t.Fatalf("fatal %v; want a remedy with %q", d.Fatal, c.want)
			}
			if len(d.Events) != 1 || d.Events[0].Code != c.code {
				t.Fatalf("events %+v; want one with the code %s", d.Events, c.code)
			}
		})
	}
	t.Run("the same words in the chat are nothing", func(t *testing.T) {
		d := decode(open(t, token), ":tmi.twitch.tv 001 me :hi\r\n:m!m@m PRIVMSG #shop :Login authentication failed\r\n:tmi.twitch.tv NOTICE * :Login authentication failed\r\n")
		if d.Fatal != nil {
			t.Fatalf("fatal %v after the greeting", d.Fatal)
		}
	})
}

func TestWhatIsNoIRCIsRefusedAndTheRestRead(t *testing.T) {
	for _, bad := range []string{"@only=tags", ":only.prefix", "@a=b :p", "12 x", "PRIV-MSG #shop :x", "1234 x", "PRIVMSG", "\x1b[2J", "   ", ":tmi.twitch.tv CLEARMSG #shop :x"} {
		d := decode(open(t, Options{Channel: "shop"}), bad+"\r\n:m!m@m PRIVMSG #shop :still here\r\n")
		if len(d.Refused) != 1 || len(d.Events) != 1 || d.Events[0].Text != "still here" {
			t.Errorf("%q: refused %v, events %d; want one refused and the next line read", bad, d.Refused, len(d.Events))
			continue
		}
		if msg := d.Refused[0].Error(); !strings.Contains(msg, "line 1") || strings.ContainsRune(msg, '\x1b') {
			t.Errorf("%q: the error %q must name the line and hold no controls", bad, msg)
		}
	}
	d := decode(open(t, Options{Channel: "shop"}), ":tmi.twitch.tv CAP * NAK :twitch.tv/tags\r\n")
	if len(d.Refused) != 1 || !strings.Contains(d.Refused[0].Error(), "without ids") {
		t.Errorf("refused capability: %v", d.Refused)
	}
}

func TestIDsTellLinesApartAndKnowThemAgain(t *testing.T) {
	s := open(t, Options{Channel: "shop"})
	muted := "@ban-duration=180;target-user-id=42;tmi-sent-ts=5%s :tmi.twitch.tv CLEARCHAT #shop %s\r\n"
	first := decode(s, fmt.Sprintf(muted, "", ":mei")).Events[0]
	again := decode(open(t, Options{Channel: "shop"}), fmt.Sprintf(muted, ";historical=1;rm-received-ts=9", "mei")).Events[0]
	other := decode(s, fmt.Sprintf(muted, "", ":kai")).Events[0]
	if first.ID != again.ID || first.ID == other.ID {
		t.Errorf("ids %q, sent again %q, another person's %q", first.ID, again.ID, other.ID)
	}
	a := decode(s, ":mei!m@m JOIN #shop\r\n:mei!m@m JOIN #shop\r\n")
	if a.Events[0].ID == a.Events[1].ID {
		t.Errorf("two lines without a time share the id %q", a.Events[0].ID)
	}
}

func TestFrameIsNotKept(t *testing.T) {
	s := open(t, Options{Channel: "shop"})
	frame := []byte("@id=a-1;tmi-sent-ts=1 :m!m@m PRIVMSG #shop :hello\r\n")
	d := s.Decode(feed.Frame{Data: frame}, recv)
	clear(frame)
	if e := d.Events[0]; e.Text != "hello" || !strings.Contains(string(e.Raw), "hello") {
		t.Fatalf("text %q, raw %q after the frame's buffer was used again", e.Text, e.Raw)
	}
}

func TestTagEscapes(t *testing.T) {
	for raw, want := range map[string]string{
		`plain`: "plain", `a\sb`: "a b", `a\:b`: "a;b", `a\\b`: `a\b`, `a\r\nb`: "a\r\nb", `a\`: "a", `\x`: "x", ``: "", `\\s`: `\s`,
	} {
		if got := unescapeTag(raw); got != want {
			t.Errorf("unescapeTag(%q) = %q, want %q", raw, got, want)
		}
	}
	l, err := parseLine("@k=1;empty=;bare;k=2 PING")
	if err != nil || l.tag("k") != "2" || l.tag("empty") != "" || l.tag("bare") != "" || l.tag("none") != "" {
		t.Errorf("tags of %+v, %v", l, err)
	}
}

func TestParametersPastTheFifteenthAreOne(t *testing.T) {
	l, err := parseLine("X " + strings.Repeat("a ", 14) + "b c d")
	if err != nil || len(l.params) != maxParams || l.params[14] != "b c d" {
		t.Fatalf("%d parameters, last %q, %v", len(l.params), l.param(14), err)
	}
}

func TestRecordedChannelComesInWhole(t *testing.T) {
	data := feedtest.Shared(t, "twitch-irc", "recorded-nymn-2024-01-06.irc")
	s := open(t, Options{Channel: "nymn"})
	ids := map[string]bool{}
	kinds := map[feed.Kind]int{}
	for n, l := range strings.SplitAfter(strings.TrimSuffix(string(data), "\r\n"), "\r\n") {
		d := decode(s, l)
		if len(d.Events) != 1 || len(d.Refused) != 0 {
			t.Fatalf("line %d: %d events, refused %v", n+1, len(d.Events), d.Refused)
		}
		e := d.Events[0]
		ids[e.ID] = true
		kinds[e.Kind]++
		if e.At.Year() != 2024 || e.User.ID == "" || e.User.Name == "" || e.Source != "twitch:#nymn" || !utf8.ValidString(e.Text) {
			t.Errorf("line %d: %+v", n+1, e)
		}
		if strings.HasPrefix(e.Text, "\x01") {
			t.Errorf("line %d: action not unwrapped: %q", n+1, e.Text)
		}
	}
	if len(ids) != 800 || kinds[feed.KindChat] != 798 || kinds[feed.KindSystem] != 2 {
		t.Errorf("%d distinct ids, kinds %v; want 800 ids: 798 chats and 2 system events", len(ids), kinds)
	}
	whole := decode(open(t, Options{Channel: "nymn"}), string(data))
	if len(whole.Events) != 800 || len(whole.Refused) != 0 {
		t.Errorf("all lines in one frame: %d events, refused %v", len(whole.Events), whole.Refused)
	}
}

func TestRecordedCasesEachMakeOneEvent(t *testing.T) {
	data := feedtest.Shared(t, "twitch-irc", "chatterino-cases.irc")
	s := open(t, Options{})
	for n, l := range strings.Split(strings.TrimRight(string(data), "\r\n"), "\n") {
		d := decode(s, l)
		if len(d.Events) != 1 || len(d.Refused) != 0 || d.Events[0].Code == "unknown" {
			t.Errorf("line %d: %d events, refused %v: %s", n+1, len(d.Events), d.Refused, l)
			continue
		}
		if e := d.Events[0]; strings.Contains(l, " PRIVMSG ") != (e.Kind == feed.KindChat) || !strings.HasPrefix(e.Room, "#") || e.Source != "twitch:"+e.Room {
			t.Errorf("line %d: kind %s, room %s, source %s", n+1, e.Kind, e.Room, e.Source)
		}
	}
}

func TestFramesOfEventSubAreReadByTheirContent(t *testing.T) {
	s := open(t, Options{Channel: "shop"})
	d := decode(s, `{"metadata":{"message_type":"notification","subscription_type":"channel.chat.message"},"payload":{"event":{"message_id":"m","message":{"text":"hi"}}}}`)
	if len(d.Events) != 1 || d.Events[0].ID != "m" || d.Events[0].Text != "hi" || d.Events[0].Source != "twitch:#shop" {
		t.Errorf("came to %+v", d)
	}
	if d := decode(s, `{"metadata":{"message_type":"session_reconnect"},"payload":{"session":{"reconnect_url":"wss://x/"}}}`); d.Move != nil {
		t.Error("a socket of IRC moves")
	}
	if e := one(t, ":mei!mei@mei.tmi.twitch.tv JOIN #shop"); e.Kind != feed.KindEnter {
		t.Errorf("lines are read no more: %+v", e)
	}
}

func BenchmarkDecode(b *testing.B) {
	s := open(b, Options{Channel: "shop"})
	frame := feed.Frame{Data: []byte("@badge-info=subscriber/12;badges=subscriber/12,premium/1;client-nonce=0123456789abcdef;color=#1E90FF;display-name=小美;emotes=;first-msg=0;flags=;id=0f6f1f2e-3d4c-5b6a-7988-9900aabbccdd;mod=0;returning-chatter=0;room-id=7;subscriber=1;tmi-sent-ts=1790000000137;turbo=0;user-id=42;user-type= :mei!mei@mei.tmi.twitch.tv PRIVMSG #shop :这个多少钱？还有货吗？\r\n")}
	b.SetBytes(int64(len(frame.Data)))
	b.ReportAllocs()
	for b.Loop() {
		if d := s.Decode(frame, recv); len(d.Events) != 1 {
			b.Fatal(d.Refused)
		}
	}
}
