package main

import (
	"bytes"
	"fmt"
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

// TestAHeldMessageIsDecidedOnTwitch: what is upheld here is denied there and what is
// dismissed allowed, each once and after its window; what was decided there first, or
// ran out, is an end and no failure; what failed waits for a person; and what Twitch
// tells of each stands at its flag.
func TestAHeldMessageIsDecidedOnTwitch(t *testing.T) {
	events := eventsubtest.New(eventsubtest.Options{Channel: "shop", Token: "good"})
	defer events.Close()
	api := helixtest.New(helixtest.Options{Channel: "shop", Tokens: map[string]helixtest.Token{"good": {User: "9", Scopes: helixtest.Everything, Moderates: true}}})
	defer api.Close()
	t.Setenv("TWITCH_TOKEN", "good")
	db := filepath.Join(t.TempDir(), "held.db")
	s, ctx := watching(t, fmt.Sprintf("[record]\nfile = %q\n[desk]\nundo_window = \"1s\"\n[[room]]\nid = \"r\"\n"+
		"[[room.source]]\nprotocol = \"eventsub\"\nurl = %q\nchannel = \"shop\"\ntoken = \"${TWITCH_TOKEN}\"\napi = %q\nactions = [\"allow\", \"deny\"]\n",
		db, events.URL(), oneTwitch(t, events, api)))
	const held = "automod.message.hold"
	waits(t, "subscription", func() bool { return slices.Contains(events.Subscribed(), "stream.offline") })
	tell := func(subject, id string, more map[string]any) {
		event := map[string]any{"broadcaster_user_id": "7", "broadcaster_user_login": "shop", "user_id": "42", "user_login": "mei", "user_name": "mei", "message_id": id, "message": map[string]any{"text": "骗子"}}
		for k, v := range more {
			event[k] = v
		}
		events.NotifyAt(time.Now(), subject, event)
	}
	for _, id := range []string{"m1", "m2", "m3", "m4", "m5", "m6"} {
		api.Hold(id)
		tell(held, id, map[string]any{"reason": "automod", "automod": map[string]any{"category": "aggressive", "level": 2}, "held_at": time.Now().UTC().Format(time.RFC3339Nano)})
	}
	flag := func(id int64) *moderation.Flag {
		f, err := s.desk.Reader().Flag(ctx, id)
		if err != nil {
			return &moderation.Flag{}
		}
		return &f
	}
	waits(t, "flag of each", func() bool { return flag(6).Held() })
	who := moderation.Actor{Name: "阿岚", Role: moderation.RoleModerator}
	do := func(c moderation.Command) {
		t.Helper()
		if _, err := s.desk.Do(ctx, who, c); err != nil {
			t.Fatal(err)
		}
	}
	until := func(id int64, want string) {
		t.Helper()
		waits(t, fmt.Sprintf("effect #%d %s", id, want), func() bool {
			all, err := s.desk.Reader().Effects(ctx, time.Time{})
			i := slices.IndexFunc(all, func(e moderation.Effect) bool { return e.ID == id })
			return err == nil && i >= 0 && strings.HasPrefix(string(all[i].Status)+" "+all[i].Result, want)
		})
	}
	settled := func(id int64, want string) {
		t.Helper()
		waits(t, fmt.Sprintf("flag #%d %s", id, want), func() bool {
			f := flag(id)
			return fmt.Sprintf("%s %s %s %s", f.Status, f.DecidedBy, f.Settled, f.SettledBy) == want
		})
	}

	do(moderation.ConfirmFlag{Flag: 5})
	do(moderation.Undo{}) // and nothing leaves
	do(moderation.ConfirmFlag{Flag: 1})
	do(moderation.DismissFlag{Flag: 2, Reason: "正常"})
	until(2, "sent denied, not shown")
	until(3, "sent allowed, shown")
	if api.Decided("m1") != "DENY" || api.Decided("m2") != "ALLOW" || api.Decided("m5") != "" {
		t.Errorf("on Twitch %q, %q, %q", api.Decided("m1"), api.Decided("m2"), api.Decided("m5"))
	}
	settled(1, "confirmed 阿岚 denied ")
	tell("automod.message.update", "m1", map[string]any{"status": "denied", "moderator_user_name": "watcher"})
	settled(1, "confirmed 阿岚 denied watcher")

	api.Expire("m3")
	do(moderation.ConfirmFlag{Flag: 3})
	until(4, "settled twitch holds the message no more")
	settled(3, "confirmed 阿岚  ")
	tell("automod.message.update", "m3", map[string]any{"status": "expired"})
	settled(3, "confirmed 阿岚 expired ")
	tell("automod.message.update", "m4", map[string]any{"status": "approved", "moderator_user_name": "mod_mei"})
	settled(4, "dismissed twitch approved mod_mei")

	const path = "/helix/moderation/automod/message"
	api.Spoil(helixtest.Fault{Path: path, Status: 500}, helixtest.Fault{Path: path, Status: 500}, helixtest.Fault{Path: path, Status: 500})
	do(moderation.ConfirmFlag{Flag: 6})
	until(5, "perhaps twitch answered HTTP 500")
	do(moderation.RetryEffect{Effect: 5})
	until(5, "sent denied, not shown")
	if n := len(slices.DeleteFunc(api.Asked(), func(a string) bool { return a != "POST "+path })); n != 7 {
		t.Errorf("asked %d times", n) // twice done, once too late, three times failing, once more
	}
	if f := flag(5); f.Status != moderation.FlagOpen || f.Settled != "" {
		t.Errorf("what was taken back is %+v", f)
	}
	var out bytes.Buffer
	if err := runEffects(ctx, &out, recordOptions{db: db, as: "text"}, false, "zh"); err != nil {
		t.Fatal(err)
	}
	if list := out.String(); strings.Count(list, "\n") != 5 || !strings.Contains(list, "拦下 · 已办 · twitch:#shop") || !strings.Contains(list, "放行 · 已办") || !strings.Contains(list, "拦下 · 那边已有定论") {
		t.Errorf("listed as\n%s", list)
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
