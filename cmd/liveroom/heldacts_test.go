package main

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"liveroom/feed"
	"liveroom/feed/eventsub/eventsubtest"
	"liveroom/feed/helix/helixtest"
	"liveroom/moderation"
)

// oneTwitch is one address that answers as both do: subscriptions are the one's, all
// else the other's.
func oneTwitch(t *testing.T, events *eventsubtest.Server, api *helixtest.Server) string {
	t.Helper()
	to := func(address string, client string) http.Handler {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		return &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(u)
			if client != "" {
				r.Out.Header.Set("Client-Id", client)
			}
		}}
	}
	mux := http.NewServeMux()
	mux.Handle("/helix/eventsub/", to(events.API(), "client"))
	mux.Handle("/", to(api.URL(), ""))
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s.URL
}

// A heldTwitch is a house that watches a channel on Twitch, whose AutoMod holds the
// messages m1, m2 …, each with the flag of that number.
type heldTwitch struct {
	*station
	t      *testing.T
	ctx    context.Context
	db     string
	events *eventsubtest.Server
	api    *helixtest.Server
}

func watchHeld(t *testing.T, window string, n int) *heldTwitch {
	t.Helper()
	w := &heldTwitch{t: t, db: filepath.Join(t.TempDir(), "held.db"), events: eventsubtest.New(eventsubtest.Options{Channel: "shop", Token: "good"})}
	t.Cleanup(w.events.Close)
	w.api = helixtest.New(helixtest.Options{Channel: "shop", Tokens: map[string]helixtest.Token{"good": {User: "9", Scopes: helixtest.Everything, Moderates: true}}})
	t.Cleanup(w.api.Close)
	t.Setenv("TWITCH_TOKEN", "good")
	w.station, w.ctx = watching(t, fmt.Sprintf("[record]\nfile = %q\n[desk]\nundo_window = %q\n[[room]]\nid = \"r\"\n"+
		"[[room.source]]\nprotocol = \"eventsub\"\nurl = %q\nchannel = \"shop\"\ntoken = \"${TWITCH_TOKEN}\"\napi = %q\nactions = [\"allow\", \"deny\"]\n",
		w.db, window, w.events.URL(), oneTwitch(t, w.events, w.api)))
	waits(t, "subscription", func() bool { return slices.Contains(w.events.Subscribed(), "stream.offline") })
	for i := range n {
		id := fmt.Sprintf("m%d", i+1)
		w.api.Hold(id)
		w.tell("automod.message.hold", id, map[string]any{"reason": "automod", "automod": map[string]any{"category": "aggressive", "level": 2}, "held_at": time.Now().UTC().Format(time.RFC3339Nano)})
	}
	waits(t, "flag of each", func() bool { return w.flag(int64(n)).Held() })
	return w
}

// tell has EventSub tell something about a held message.
func (w *heldTwitch) tell(subject, id string, more map[string]any) {
	event := map[string]any{"broadcaster_user_id": "7", "broadcaster_user_login": "shop", "user_id": "42", "user_login": "mei", "user_name": "mei", "message_id": id, "message": map[string]any{"text": "骗子"}}
	maps.Copy(event, more)
	w.events.NotifyAt(time.Now(), subject, event)
}

func (w *heldTwitch) flag(id int64) *moderation.Flag {
	f, err := w.desk.Reader().Flag(w.ctx, id)
	if err != nil {
		return &moderation.Flag{}
	}
	return &f
}

func (w *heldTwitch) do(c moderation.Command) {
	w.t.Helper()
	if _, err := w.desk.Do(w.ctx, moderation.Actor{Name: "阿岚", Role: moderation.RoleModerator}, c); err != nil {
		w.t.Fatal(err)
	}
}

// until waits until an effect has become what is wanted.
func (w *heldTwitch) until(id int64, want string) {
	w.t.Helper()
	waits(w.t, fmt.Sprintf("effect #%d %s", id, want), func() bool {
		all, err := w.desk.Reader().Effects(w.ctx, time.Time{})
		i := slices.IndexFunc(all, func(e moderation.Effect) bool { return e.ID == id })
		return err == nil && i >= 0 && strings.HasPrefix(string(all[i].Status)+" "+all[i].Result, want)
	})
}

// settled waits until a flag stands as wanted: its state, who decided, what became of
// the message on the platform, and who decided that.
func (w *heldTwitch) settled(id int64, want string) {
	w.t.Helper()
	waits(w.t, fmt.Sprintf("flag #%d %s", id, want), func() bool {
		f := w.flag(id)
		return fmt.Sprintf("%s %s %s %s", f.Status, f.DecidedBy, f.Settled, f.SettledBy) == want
	})
}

// decidedTimes is how often Twitch was asked to decide.
func (w *heldTwitch) decidedTimes() int {
	return len(slices.DeleteFunc(w.api.Asked(), func(a string) bool { return a != "POST "+decidePath }))
}

const decidePath = "/helix/moderation/automod/message"

// TestAHeldMessageIsDecidedOnTwitch: what is upheld here is denied there and what is
// dismissed allowed, each once and after its window; what was decided there first, or
// ran out, is an end and no failure; what failed waits for a person; and what Twitch
// tells of each stands at its flag.
func TestAHeldMessageIsDecidedOnTwitch(t *testing.T) {
	w := watchHeld(t, "1s", 5)
	w.do(moderation.ConfirmFlag{Flag: 1})
	w.do(moderation.DismissFlag{Flag: 2, Reason: "正常"})
	w.until(1, "sent denied, not shown")
	w.until(2, "sent allowed, shown")
	if w.api.Decided("m1") != "DENY" || w.api.Decided("m2") != "ALLOW" || w.api.Decided("m3") != "" {
		t.Errorf("on Twitch %q, %q, %q", w.api.Decided("m1"), w.api.Decided("m2"), w.api.Decided("m3"))
	}
	w.settled(1, "confirmed 阿岚 denied ")
	w.tell("automod.message.update", "m1", map[string]any{"status": "denied", "moderator_user_name": "watcher"})
	w.settled(1, "confirmed 阿岚 denied watcher")

	w.api.Expire("m3")
	w.do(moderation.ConfirmFlag{Flag: 3})
	w.until(3, "settled twitch holds the message no more")
	w.settled(3, "confirmed 阿岚  ")
	w.tell("automod.message.update", "m3", map[string]any{"status": "expired"})
	w.settled(3, "confirmed 阿岚 expired ")
	w.tell("automod.message.update", "m4", map[string]any{"status": "approved", "moderator_user_name": "mod_mei"})
	w.settled(4, "dismissed twitch approved mod_mei")

	for range 3 {
		w.api.Spoil(helixtest.Fault{Path: decidePath, Status: 500})
	}
	w.do(moderation.ConfirmFlag{Flag: 5})
	w.until(4, "perhaps twitch answered HTTP 500")
	w.do(moderation.RetryEffect{Effect: 4})
	w.until(4, "sent denied, not shown")
	if n := w.decidedTimes(); n != 7 {
		t.Errorf("asked %d times", n) // twice done, once too late, three times failing, once more
	}
	var out bytes.Buffer
	if err := runEffects(w.ctx, &out, recordOptions{db: w.db, as: "text"}, false, "zh"); err != nil {
		t.Fatal(err)
	}
	if list := out.String(); strings.Count(list, "\n") != 4 || !strings.Contains(list, "拦下 · 已办 · twitch:#shop") || !strings.Contains(list, "放行 · 已办") || !strings.Contains(list, "拦下 · 那边已有定论") {
		t.Errorf("listed as\n%s", list)
	}
}

// TestADecisionTakenBackIsNotSent: the message is held on, and its flag waits again.
func TestADecisionTakenBackIsNotSent(t *testing.T) {
	w := watchHeld(t, "1h", 1)
	w.do(moderation.ConfirmFlag{Flag: 1})
	w.do(moderation.Undo{})
	w.until(1, "cancelled undone by 阿岚")
	if f := w.flag(1); f.Status != moderation.FlagOpen || f.Settled != "" || w.decidedTimes() != 0 || w.api.Decided("m1") != "" {
		t.Errorf("asked %d times, flag %+v", w.decidedTimes(), f)
	}
}

// TestAHeldMessageOfASourceThatOnlyReads: it is decided in the record alone.
func TestAHeldMessageOfASourceThatOnlyReads(t *testing.T) {
	events := eventsubtest.New(eventsubtest.Options{Channel: "shop", Token: "good"})
	defer events.Close()
	t.Setenv("TWITCH_TOKEN", "good")
	s, ctx := watching(t, fmt.Sprintf("[record]\nfile = \"held.db\"\n[desk]\nundo_window = \"1s\"\n[[room]]\nid = \"r\"\n"+
		"[[room.source]]\nprotocol = \"eventsub\"\nurl = %q\nchannel = \"shop\"\ntoken = \"${TWITCH_TOKEN}\"\napi = %q\n", events.URL(), events.API()))
	waits(t, "subscription", func() bool { return slices.Contains(events.Subscribed(), "stream.offline") })
	events.NotifyAt(time.Now(), "automod.message.hold", map[string]any{"broadcaster_user_id": "7", "user_id": "42", "message_id": "m1", "message": map[string]any{"text": "骗子"}, "reason": "blocked_term"})
	waits(t, "flag", func() bool { f, err := s.desk.Reader().Flag(ctx, 1); return err == nil && f.Held() })
	r, err := s.desk.Do(ctx, moderation.Actor{Name: "阿岚", Role: moderation.RoleModerator}, moderation.ConfirmFlag{Flag: 1})
	if err != nil || r.Leaves || r.Flag.Status != moderation.FlagConfirmed {
		t.Errorf("%+v, %v", r, err)
	}
	if all, err := s.desk.Reader().Effects(ctx, time.Time{}); err != nil || len(all) != 0 {
		t.Errorf("effects %+v, %v", all, err)
	}
	if s.desk.WayOut("r", "twitch:#shop", string(feed.ActDeny)) {
		t.Error("it says that somebody can be asked")
	}
}
