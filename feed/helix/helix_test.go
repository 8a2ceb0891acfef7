package helix_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"liveroom/feed"
	"liveroom/feed/helix"
	"liveroom/feed/helix/helixtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// began is when these tests happen.
var began = time.Date(2026, 11, 20, 20, 0, 0, 0, time.UTC)

// twitch is a channel with a moderator, who says c1 and c2, and an API to act in it.
type twitch struct {
	*helixtest.Server
	*helix.API
	waited []time.Duration
	now    time.Time
}

func open(t *testing.T, token string) *twitch {
	t.Helper()
	w := &twitch{now: began}
	w.Server = helixtest.New(helixtest.Options{Channel: "huaxia", Clock: func() time.Time { return w.now }, Tokens: map[string]helixtest.Token{
		"good":    {User: "9", Scopes: helixtest.Everything, Moderates: true},
		"narrow":  {User: "9", Scopes: []string{"user:write:chat"}, Moderates: true},
		"nobodys": {User: "8", Scopes: helixtest.Everything},
	}})
	t.Cleanup(w.Close)
	w.Say("c1", "c2")
	w.Hold("h1", "h2")
	var err error
	w.API, err = helix.New(helix.Options{Channel: "#Huaxia", Token: "oauth:" + token, Host: w.URL(), Clock: func() time.Time { return w.now }, After: w.after})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// after passes the time at once.
func (w *twitch) after(d time.Duration) <-chan time.Time {
	w.waited = append(w.waited, d)
	w.now = w.now.Add(d)
	c := make(chan time.Time, 1)
	c <- w.now
	return c
}

func act(kind feed.ActKind, target, text string) feed.Act {
	return feed.Act{ID: "a1", Kind: kind, Room: "r", Target: target, Text: text}
}

func TestTwitchDoesWhatItIsAsked(t *testing.T) {
	w := open(t, "good")
	for _, tt := range []struct {
		name string
		act  feed.Act
		want string
		done func() bool
	}{
		{"mute for a time", act(feed.ActMute, "42", "10m"), "muted until 2026-11-20T20:10:00Z", func() bool { d, is := w.Muted("42"); return is && d == 10*time.Minute }},
		{"mute for good", act(feed.ActMute, "42", ""), "banned for good", func() bool { d, is := w.Muted("42"); return is && d == 0 }},
		{"mute who is banned", act(feed.ActMute, "42", "10m"), "banned already", func() bool { d, is := w.Muted("42"); return is && d == 0 }},
		{"unmute who is banned", act(feed.ActUnmute, "42", ""), "may speak again", func() bool { _, is := w.Muted("42"); return !is }},
		{"unmute who is not", act(feed.ActUnmute, "42", ""), "was not muted any more", func() bool { _, is := w.Muted("42"); return !is }},
		{"mute for a short time", act(feed.ActMute, "43", "1m"), "muted until 2026-11-20T20:01:00Z", func() bool { _, is := w.Muted("43"); return is }},
		{"unmute who is muted", act(feed.ActUnmute, "43", ""), "may speak again", func() bool { _, is := w.Muted("43"); return !is }},
		{"pin", act(feed.ActPin, "c2", ""), "pinned until the stream ends", func() bool { return w.Pinned() == "c2" }},
		{"pin what is pinned", act(feed.ActPin, "c2", ""), "pinned already", func() bool { return w.Pinned() == "c2" }},
		{"unpin another", act(feed.ActUnpin, "c1", ""), "was not pinned any more", func() bool { return w.Pinned() == "c2" }},
		{"unpin", act(feed.ActUnpin, "c2", ""), "unpinned", func() bool { return w.Pinned() == "" && w.There("c2") }},
		{"unpin what is not pinned", act(feed.ActUnpin, "c2", ""), "was not pinned any more", func() bool { return w.Pinned() == "" }},
		{"allow", act(feed.ActAllow, "h1", ""), "allowed, shown", func() bool { return w.Decided("h1") == "ALLOW" && w.Decided("h2") == "" }},
		{"deny", act(feed.ActDeny, "h2", ""), "denied, not shown", func() bool { return w.Decided("h2") == "DENY" }},
		{"delete", act(feed.ActDelete, "c1", ""), "deleted", func() bool { return !w.There("c1") && w.There("c2") }},
		{"delete what is gone", act(feed.ActDelete, "c1", ""), "twitch knows no such message any more: it was deleted before, or is older than six hours", func() bool { return w.There("c2") }},
		{"reply", act(feed.ActReply, "c2", "七天无理由"), "sent as reply-1", func() bool {
			return slices.Equal(w.Replies(), []helixtest.Reply{{Parent: "c2", Text: "七天无理由", By: "9"}})
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := w.Act(t.Context(), tt.act)
			if err != nil || got != tt.want || !tt.done() {
				t.Errorf("%q, %v; want %q, done %t", got, err, tt.want, tt.done())
			}
		})
	}
	if n := strings.Count(strings.Join(w.Asked(), "\n"), "/oauth2/validate"); n != 1 {
		t.Errorf("the token was asked about %d times in a minute", n)
	}
	w.now = w.now.Add(61 * time.Minute)
	if _, err := w.Act(t.Context(), act(feed.ActPin, "c2", "")); err != nil || strings.Count(strings.Join(w.Asked(), "\n"), "/oauth2/validate") != 2 {
		t.Errorf("after an hour: %v, asked %q", err, w.Asked())
	}
}

func TestTwitchRefuses(t *testing.T) {
	for _, tt := range []struct {
		name, token string
		act         feed.Act
		want        string
	}{
		{"a token of nobody", "old", act(feed.ActMute, "42", ""), "refuses the token (HTTP 401 invalid access token): make a new one"},
		{"a scope that is missing", "narrow", act(feed.ActMute, "42", ""), "lacks the scope moderator:manage:banned_users"},
		{"another scope that is missing", "narrow", act(feed.ActDelete, "c1", ""), "lacks the scope moderator:manage:chat_messages"},
		{"who does not moderate", "nobodys", act(feed.ActMute, "42", ""), "the token's account must moderate the channel"},
		{"who does not moderate deletes", "nobodys", act(feed.ActDelete, "c1", ""), "must moderate"},
		{"who does not moderate pins", "nobodys", act(feed.ActPin, "c1", ""), "must moderate"},
		{"an unmute's scope that is missing", "narrow", act(feed.ActUnmute, "42", ""), "lacks the scope moderator:manage:banned_users"},
		{"an unpin's scope that is missing", "narrow", act(feed.ActUnpin, "c1", ""), "lacks the scope moderator:manage:chat_messages"},
		{"who does not moderate unmutes", "nobodys", act(feed.ActUnmute, "42", ""), "must moderate"},
		{"who does not moderate unpins", "nobodys", act(feed.ActUnpin, "c1", ""), "must moderate"},
		{"a decision's scope that is missing", "narrow", act(feed.ActDeny, "h1", ""), "lacks the scope moderator:manage:automod"},
		{"who does not moderate decides", "nobodys", act(feed.ActAllow, "h1", ""), "must moderate"},
		{"a decision of nothing", "good", act(feed.ActDeny, "", ""), "names nobody and nothing"},
		{"unmute nobody", "good", act(feed.ActUnmute, "", ""), "names nobody"},
		{"the broadcaster", "good", act(feed.ActMute, "7", "10m"), "may not be banned"},
		{"a mute too long", "good", act(feed.ActMute, "42", "1000h"), "336h at most, or for good"},
		{"a mute of no time", "good", act(feed.ActMute, "42", "long"), "no time to mute somebody for"},
		{"a pin of what is gone", "good", act(feed.ActPin, "c9", ""), "the message is gone"},
		{"an answer too long", "good", act(feed.ActReply, "c1", strings.Repeat("长", 501)), "has 501 characters, twitch takes 500"},
		{"nobody", "good", act(feed.ActMute, "", ""), "names nobody"},
		{"an order", "good", act(feed.ActFreeze, "LR1", ""), "knows no freeze-order: it can mute, unmute, delete, pin, unpin, allow, deny, reply"},
		{"a host", "good", act(feed.ActCorrect, "c1", "x"), "knows no correct-host"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := open(t, tt.token)
			_, err := w.Act(t.Context(), tt.act)
			var refused *feed.RefusedError
			if !errors.As(err, &refused) || !strings.Contains(err.Error(), tt.want) || errors.Is(err, feed.ErrPerhaps) {
				t.Errorf("error %v, want a refusal that says %q", err, tt.want)
			}
			if len(w.waited) > 0 {
				t.Error("it was tried again")
			}
		})
	}
}

// A token that is taken back in between is told of with the scope that a new one
// needs.
func TestATokenTakenBack(t *testing.T) {
	w := open(t, "good")
	if _, err := w.Act(t.Context(), act(feed.ActPin, "c1", "")); err != nil {
		t.Fatal(err)
	}
	w.Revoke("good")
	_, err := w.Act(t.Context(), act(feed.ActDelete, "c1", ""))
	if err == nil || !strings.Contains(err.Error(), "refuses the token") || !strings.Contains(err.Error(), "with the scope moderator:manage:chat_messages") {
		t.Errorf("error %v", err)
	}
}

func TestAChannelThatIsNotThere(t *testing.T) {
	w := open(t, "good")
	other, err := helix.New(helix.Options{Channel: "nowhere", Token: "good", Host: w.URL(), After: w.after})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := other.Act(t.Context(), act(feed.ActPin, "c1", "")); err == nil || !strings.Contains(err.Error(), `no channel "nowhere"`) {
		t.Errorf("error %v", err)
	}
}

// What fails by itself is tried again, with a limit; what may have been done says so,
// and an answer in the chat is then not sent again.
func TestTwitchFails(t *testing.T) {
	const bans, chat, said = "/helix/moderation/bans", "/helix/moderation/chat", "/helix/chat/messages"
	many := func(n int, f helixtest.Fault) (out []helixtest.Fault) {
		for range n {
			out = append(out, f)
		}
		return out
	}
	for _, tt := range []struct {
		name    string
		faults  []helixtest.Fault
		act     feed.Act
		want    string // of the result
		err     string
		perhaps bool
		asked   int // of the act's own path
	}{
		{"a server that fails once", many(1, helixtest.Fault{Path: bans, Status: 502}), act(feed.ActMute, "42", "1m"), "muted until", "", false, 2},
		{"a server that fails on", many(9, helixtest.Fault{Path: bans, Status: 500}), act(feed.ActMute, "42", "1m"), "", "HTTP 500 Internal Server Error, tried 3 times: it may be done", true, 3},
		{"two who mute at once", many(1, helixtest.Fault{Path: bans, Status: 409}), act(feed.ActMute, "42", "1m"), "muted until", "", false, 2},
		{"a connection cut after it was done", many(1, helixtest.Fault{Path: chat, Done: true}), act(feed.ActDelete, "c1", ""), "no such message any more", "", false, 2},
		{"an answer that is put off", many(1, helixtest.Fault{Path: said, Status: 503}), act(feed.ActReply, "c1", "在的"), "sent as reply-1", "", false, 2},
		{"an answer that is lost", many(1, helixtest.Fault{Path: said, Done: true}), act(feed.ActReply, "c1", "在的"), "", "it may be done", true, 1},
		{"an answer and a gateway", many(1, helixtest.Fault{Path: said, Status: 502}), act(feed.ActReply, "c1", "在的"), "", "HTTP 502 Bad Gateway: it may be done", true, 1},
		{"a redirect", many(1, helixtest.Fault{Path: bans, Status: 302}), act(feed.ActMute, "42", "1m"), "", "sent us elsewhere", false, 1},
		{"who is who is not told", many(9, helixtest.Fault{Path: "/oauth2/validate", Status: 500}), act(feed.ActReply, "c1", "在的"), "", "check the token: twitch answered HTTP 500 Internal Server Error, tried 3 times", false, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := open(t, "good")
			w.Spoil(tt.faults...)
			got, err := w.Act(t.Context(), tt.act)
			if tt.err == "" && (err != nil || !strings.Contains(got, tt.want)) {
				t.Errorf("%q, %v; want %q", got, err, tt.want)
			}
			if tt.err != "" && (err == nil || !strings.Contains(err.Error(), tt.err) || errors.Is(err, feed.ErrPerhaps) != tt.perhaps) {
				t.Errorf("error %v (perhaps %t), want %q (%t)", err, errors.Is(err, feed.ErrPerhaps), tt.err, tt.perhaps)
			}
			path := map[feed.ActKind]string{feed.ActMute: bans, feed.ActDelete: chat, feed.ActReply: said}[tt.act.Kind]
			n := 0
			for _, a := range w.Asked() {
				if strings.HasSuffix(a, path) {
					n++
				}
			}
			if n != tt.asked {
				t.Errorf("asked %d times, want %d", n, tt.asked)
			}
		})
	}
}

// What undoes a mute or a pin is tried again as they are, and done twice it is done
// once.
func TestTwitchFailsToUndo(t *testing.T) {
	const bans, pins = "/helix/moderation/bans", "/helix/chat/pins"
	for _, tt := range []struct {
		name      string
		did, does feed.Act
		fault     helixtest.Fault
		want      string
	}{
		{"two who change one ban at once", act(feed.ActMute, "42", ""), act(feed.ActUnmute, "42", ""), helixtest.Fault{Path: bans, Status: 409}, "may speak again"},
		{"an unmute that is put off", act(feed.ActMute, "42", ""), act(feed.ActUnmute, "42", ""), helixtest.Fault{Path: bans, Status: 503}, "may speak again"},
		{"an unmute cut after it was done", act(feed.ActMute, "42", ""), act(feed.ActUnmute, "42", ""), helixtest.Fault{Path: bans, Done: true}, "was not muted any more"},
		{"an unpin cut before it was done", act(feed.ActPin, "c2", ""), act(feed.ActUnpin, "c2", ""), helixtest.Fault{Path: pins}, "unpinned"},
		{"an unpin cut after it was done", act(feed.ActPin, "c2", ""), act(feed.ActUnpin, "c2", ""), helixtest.Fault{Path: pins, Done: true}, "was not pinned any more"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := open(t, "good")
			if _, err := w.Act(t.Context(), tt.did); err != nil {
				t.Fatal(err)
			}
			w.Spoil(tt.fault)
			got, err := w.Act(t.Context(), tt.does)
			if _, muted := w.Muted("42"); err != nil || got != tt.want || muted || w.Pinned() != "" {
				t.Errorf("%q, %v, muted %t, pinned %q; want %q", got, err, muted, w.Pinned(), tt.want)
			}
			if n := len(slices.DeleteFunc(w.Asked(), func(a string) bool { return a != "DELETE "+tt.fault.Path })); n != 2 {
				t.Errorf("asked %d times, want 2", n)
			}
			w.Spoil(tt.fault, helixtest.Fault{Path: tt.fault.Path, Status: 500}, helixtest.Fault{Path: tt.fault.Path, Status: 500})
			if _, err := w.Act(t.Context(), tt.does); !strings.Contains(fmt.Sprint(err), "tried 3 times") || !errors.Is(err, feed.ErrPerhaps) {
				t.Errorf("error %v", err)
			}
		})
	}
}

// A held message is decided once. Who comes later, also after a word that got lost, is
// told that it is settled, which is neither a failure nor left open; and what fails by
// itself is tried again with a limit.
func TestAHeldMessageIsDecidedOnce(t *testing.T) {
	const held = "/helix/moderation/automod/message"
	decided := func(w *twitch) {
		if _, err := w.Act(t.Context(), act(feed.ActDeny, "h1", "")); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct {
		name    string
		before  func(*twitch)
		err     string
		settled bool
		asked   int
		want    string // what was decided in the end
	}{
		{"decided before", decided, "decided there, or its time is over (HTTP 400 The message was already processed.)", true, 1, "DENY"},
		{"expired", func(w *twitch) { w.Expire("h1") }, "holds the message no more", true, 1, ""},
		{"a word that got lost", func(w *twitch) { w.Spoil(helixtest.Fault{Path: held, Done: true}) }, "holds the message no more", true, 2, "ALLOW"},
		{"put off", func(w *twitch) { w.Spoil(helixtest.Fault{Path: held, Status: 503}) }, "", false, 2, "ALLOW"},
		{"cut before it was done", func(w *twitch) { w.Spoil(helixtest.Fault{Path: held}) }, "", false, 2, "ALLOW"},
		{"failing on", func(w *twitch) {
			for range 9 {
				w.Spoil(helixtest.Fault{Path: held, Status: 500})
			}
		}, "tried 3 times: it may be done", false, 3, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := open(t, "good")
			tt.before(w)
			before := len(w.Asked())
			_, err := w.Act(t.Context(), act(feed.ActAllow, "h1", ""))
			var settled *feed.SettledError
			if (err == nil) != (tt.err == "") || err != nil && !strings.Contains(err.Error(), tt.err) || errors.As(err, &settled) != tt.settled {
				t.Errorf("error %v, want %q, settled %t", err, tt.err, tt.settled)
			}
			asked := slices.DeleteFunc(w.Asked()[before:], func(a string) bool { return a != "POST "+held })
			if len(asked) != tt.asked || w.Decided("h1") != tt.want {
				t.Errorf("asked %d times, decided %q; want %d and %q", len(asked), w.Decided("h1"), tt.asked, tt.want)
			}
		})
	}
}

// What Twitch answers beside what it documents is a refusal in its own words, of every
// act, and is not asked for again.
func TestAnAnswerThatNobodyDocumented(t *testing.T) {
	for kind, path := range map[feed.ActKind]string{
		feed.ActMute: "/helix/moderation/bans", feed.ActUnmute: "/helix/moderation/bans", feed.ActDelete: "/helix/moderation/chat",
		feed.ActPin: "/helix/chat/pins", feed.ActUnpin: "/helix/chat/pins", feed.ActReply: "/helix/chat/messages",
		feed.ActAllow: "/helix/moderation/automod/message", feed.ActDeny: "/helix/moderation/automod/message",
	} {
		w := open(t, "good")
		w.Spoil(helixtest.Fault{Path: path, Status: http.StatusUnprocessableEntity})
		_, err := w.Act(t.Context(), act(kind, "c1", ""))
		var refused *feed.RefusedError
		if !errors.As(err, &refused) || refused.Reason != "twitch answered HTTP 422 Unprocessable Entity" || len(w.waited) > 0 {
			t.Errorf("%s: error %v, waited %v", kind, err, w.waited)
		}
	}
}

// A dropped answer is one that Twitch refuses.
func TestAnAnswerIsDropped(t *testing.T) {
	w := open(t, "good")
	_, err := w.Act(t.Context(), act(feed.ActReply, "c1", "在的"))
	if err != nil {
		t.Fatal(err)
	}
	var refused *feed.RefusedError
	if _, err = w.Act(t.Context(), act(feed.ActReply, "c2", "在的")); !errors.As(err, &refused) || !strings.Contains(err.Error(), "identical to the previous one") {
		t.Errorf("error %v", err)
	}
	if !helix.Once(feed.ActReply) || helix.Once(feed.ActMute) {
		t.Error("an answer is the one act that must not be done twice")
	}
}

func TestTheLimitIsKept(t *testing.T) {
	w := open(t, "good")
	w.Limit(2, began.Add(20*time.Second)) // the token and the channel are told yet
	got, err := w.Act(t.Context(), act(feed.ActReply, "c1", "在的"))
	if err != nil || got != "sent as reply-1" || len(w.waited) != 1 || w.waited[0] != 21*time.Second {
		t.Errorf("%q, %v, waited %v", got, err, w.waited)
	}
	w.Limit(0, w.now.Add(10*time.Minute))
	if _, err = w.Act(t.Context(), act(feed.ActMute, "42", "")); err == nil || !strings.Contains(err.Error(), "no more requests until 2026-11-20T20:10:22Z") || errors.Is(err, feed.ErrPerhaps) {
		t.Errorf("error %v", err)
	}
}

// A server that is not there was not asked.
func TestTwitchUnplugged(t *testing.T) {
	w := open(t, "good")
	w.Close()
	_, err := w.Act(t.Context(), act(feed.ActReply, "c1", "在的"))
	var refused *feed.RefusedError
	if err == nil || errors.Is(err, feed.ErrPerhaps) || errors.As(err, &refused) || !strings.Contains(err.Error(), "tried 3 times") {
		t.Errorf("error %v", err)
	}
	stopped, stop := context.WithCancel(t.Context())
	stop()
	if _, err := w.Act(stopped, act(feed.ActMute, "42", "")); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

// Who leaves while it waits is told both why it waited and that it left, in the one
// line that the record of an act has for it.
func TestLeavingWhileItWaits(t *testing.T) {
	w := open(t, "good")
	w.Spoil(helixtest.Fault{Path: "/helix/moderation/bans", Status: 503})
	leaving, leave := context.WithCancel(t.Context())
	api, err := helix.New(helix.Options{Channel: "huaxia", Token: "good", Host: w.URL(), After: func(time.Duration) <-chan time.Time {
		leave()
		return nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	_, err = api.Act(leaving, act(feed.ActMute, "42", ""))
	if !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "HTTP 503") || strings.Contains(err.Error(), "\n") || errors.Is(err, feed.ErrPerhaps) {
		t.Errorf("error %q", err)
	}
}

// What is no answer of Twitch's is told as that.
func TestAnswersThatAreNone(t *testing.T) {
	for name, of := range map[string]struct{ body, want string }{
		"no JSON":         {"<html>", "no JSON"},
		"nobody's":        {`{"client_id":"c","login":""}`, "no user's"},
		"control letters": {"{\"client_id\":\"c\x1b[2J", "no JSON"},
	} {
		t.Run(name, func(t *testing.T) {
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(of.body)) }))
			defer s.Close()
			a, err := helix.New(helix.Options{Channel: "x", Token: "t", Host: s.URL})
			if err != nil {
				t.Fatal(err)
			}
			_, err = a.Act(t.Context(), act(feed.ActMute, "42", ""))
			if err == nil || !strings.Contains(err.Error(), of.want) || strings.ContainsRune(err.Error(), 0x1b) {
				t.Errorf("error %q", err)
			}
		})
	}
}

func TestOptionsAreChecked(t *testing.T) {
	for want, o := range map[string]helix.Options{
		"channel is missing":                       {Token: "t"},
		"token is missing":                         {Channel: "c"},
		"the address is no URL":                    {Channel: "c", Token: "t", Host: "twitch"},
		"api: http://api.example is not encrypted": {Channel: "c", Token: "t", Host: "http://api.example"},
	} {
		if _, err := helix.New(o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
	a, err := helix.New(helix.Options{Channel: "c", Token: "oauth:s3cret"})
	if err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "api", a)
	if shown := fmt.Sprintf("%v %+v %#v %s", a, a, a, log.String()); strings.Contains(shown, "s3cret") || !strings.Contains(shown, "#c") {
		t.Errorf("it prints as %s", shown)
	}
}

// Whoever listens is told what the token is good for, asked once, and what it lacks; a
// token or channel that no asking mends is denied, and a failure may pass.
func TestATokenIsLookedAt(t *testing.T) {
	w := open(t, "narrow")
	g, err := w.Check(t.Context())
	if err != nil || !slices.Equal(g.Scopes, []string{"user:write:chat"}) || g.Expires != time.Hour || !slices.Equal(g.Lacks("user:write:chat", "user:read:chat"), []string{"user:read:chat"}) {
		t.Errorf("%+v, %v", g, err)
	}
	w.Spoil(helixtest.Fault{Path: "/oauth2/validate", Status: 503})
	var denied *feed.DeniedError
	if _, err := w.Check(t.Context()); err == nil || errors.As(err, &denied) || !strings.Contains(err.Error(), "HTTP 503") || len(w.waited) != 0 {
		t.Errorf("a busy server: %v, waited %v", err, w.waited)
	}
	for name, o := range map[string]helix.Options{
		"refused the token": {Channel: "huaxia", Token: "old", Keep: true},
		"check channel":     {Channel: "nowhere", Token: "good", Keep: true},
	} {
		o.Host = w.URL()
		a, err := helix.New(o)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := a.Check(t.Context()); !errors.As(err, &denied) || !strings.Contains(err.Error(), name) {
			t.Errorf("error %v, want a denial that says %q", err, name)
		}
	}
}
