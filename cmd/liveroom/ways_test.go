package main

import (
	"context"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"liveroom/feed"
	"liveroom/moderation"
)

// watching opens what a config sets up, and watches its rooms until the test ends.
func watching(t *testing.T, config string) (*station, context.Context) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "liveroom.toml")
	if err := os.WriteFile(path, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := loadConfig(path)
	if err != nil {
		t.Fatal(err)
	}
	s, err := openConfigured(t.Context(), c, func(source string, err error) { t.Errorf("%s: %v", source, err) })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	ctx, leave := context.WithTimeout(t.Context(), 3*time.Minute)
	done := make(chan error, 1)
	go func() { done <- s.open(ctx, s.receive) }()
	t.Cleanup(func() { leave(); <-done })
	return s, ctx
}

// TestWhatPeopleAskForReachesItsPeer: a correction leaves by the connection of the
// source that can show it, a freeze by the shop's hook, and each is in the record as
// sent with what the peer said; what nobody can do is not promised.
func TestWhatPeopleAskForReachesItsPeer(t *testing.T) {
	asked := make(chan string, 8)
	up := websocket.Upgrader{Subprotocols: []string{"cloudevents.json"}}
	producer := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, err := up.Upgrade(w, r, nil)
		if err != nil {
			return
		}
		defer conn.Close()
		_ = conn.WriteMessage(websocket.TextMessage, []byte(`{"specversion":"1.0","id":"t1","source":"tool","type":"liveroom.transcript.v1","subject":"r","data":{"user":{"role":"host"},"text":"这是全国最好的围巾"}}`))
		_ = conn.WriteMessage(websocket.TextMessage, []byte(`{"specversion":"1.0","id":"o1","source":"tool","type":"liveroom.order.v1","subject":"r","data":{"user":{"id":"u1"},"product":{"id":"D01"},"order":{"id":"LR1","status":"paid","qty":1,"amount_fen":12900,"paid_fen":12900}}}`))
		for {
			_, data, err := conn.ReadMessage()
			if err != nil {
				return
			}
			asked <- string(data)
			id := between(string(data), `"id":"`, `"`)
			_ = conn.WriteMessage(websocket.TextMessage, []byte(`{"specversion":"1.0","id":"a1","source":"tool","type":"liveroom.ack.v1","data":{"action":"`+id+`","ok":true,"result":"shown"}}`))
		}
	}))
	t.Cleanup(producer.Close)
	shop := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		asked <- string(b)
		w.WriteHeader(http.StatusConflict)
		_, _ = io.WriteString(w, "shipped already")
	}))
	t.Cleanup(shop.Close)
	t.Setenv("SHOP_SECRET", "s3cret")
	t.Setenv("SHOP_URL", shop.URL)
	s, ctx := watching(t, `[record]
file = "out.db"
[desk]
undo_window = "1s"
role = "supervisor"
[[out]]
name = "shop"
url = "${SHOP_URL}"
secret = "${SHOP_SECRET}"
actions = ["freeze-order"]
[[room]]
id = "r"
[[room.source]]
protocol = "cloudevent"
url = "ws`+strings.TrimPrefix(producer.URL, "http")+`"
actions = ["correct-host"]
`)

	who := moderation.Actor{Name: "督导", Role: moderation.RoleSupervisor}
	waits(t, "the flag and the order", func() bool {
		_, noFlag := s.desk.Reader().Flag(ctx, 1)
		_, noOrder := s.desk.Reader().Order(ctx, "LR1")
		return noFlag == nil && noOrder == nil
	})
	for _, w := range []struct {
		kind string
		want bool
	}{{"correct-host", true}, {moderation.EffectFreeze, true}, {moderation.EffectReply, false}} {
		if got := s.desk.WayOut("r", "", w.kind); got != w.want {
			t.Errorf("%s: %t, want %t", w.kind, got, w.want)
		}
	}
	if _, err := s.desk.Do(ctx, who, moderation.CorrectHost{Flag: 1, Text: "更正一下"}); err != nil {
		t.Fatal(err)
	}
	if got := <-asked; !strings.Contains(got, `"action":"correct-host"`) || !strings.Contains(got, "更正一下") {
		t.Errorf("the producer was asked %s", got)
	}
	opened, err := s.desk.Do(ctx, who, moderation.OpenCase{Room: "r", Kind: moderation.CaseOrderRisk, Title: "羊毛党", Orders: []string{"LR1"}})
	if err != nil {
		t.Fatal(err)
	}
	taken, err := s.desk.Do(ctx, who, moderation.TakeCase{Case: opened.Case.ID, Version: opened.Case.Version})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.desk.Do(ctx, who, moderation.FreezeOrders{Case: taken.Case.ID, Orders: []string{"LR1"}, Reason: "等商家确认", Version: taken.Case.Version}); err != nil {
		t.Fatal(err)
	}
	if got := <-asked; !strings.Contains(got, `"action":"freeze-order","target":"LR1"`) {
		t.Errorf("the shop was asked %s", got)
	}
	waits(t, "both effects to be told", func() bool {
		all, err := s.desk.Reader().Effects(ctx, time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		told := map[string]string{}
		for _, e := range all {
			told[e.Kind] = string(e.Status) + " " + e.Result
		}
		return told["correct-host"] == "sent shown" && told["freeze-order"] == "failed the peer refused: HTTP 409 shipped already"
	})
}

func between(s, before, after string) string {
	_, s, _ = strings.Cut(s, before)
	s, _, _ = strings.Cut(s, after)
	return s
}

func waits(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); !ok(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("no %s", what)
		}
	}
}

// TestAShopsPostsAreNotTheProducers: what a shop's webhook brought is answered by the
// system beside the sources, and by the room's producer only what that brought itself,
// whatever it calls its sources.
func TestAShopsPostsAreNotTheProducers(t *testing.T) {
	t.Setenv("SHOP_TOKEN", "a token of the tests")
	path := filepath.Join(t.TempDir(), "liveroom.toml")
	if err := os.WriteFile(path, []byte(`[record]
file = "ways.db"
[door]
listen = "127.0.0.1:0"
[[out]]
name = "service"
url = "https://service.example/hook"
secret = "${SHOP_TOKEN}"
actions = ["reply"]
[[room]]
id = "r"
[[room.source]]
protocol = "cloudevent"
url = "ws://127.0.0.1:1/"
actions = ["reply"]
[[room.source]]
protocol = "webhook"
platform = "shopify"
door = "shop"
token = "${SHOP_TOKEN}"
[[room.source]]
protocol = "oba"
url = "ws://127.0.0.1:1/"
`), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := loadConfig(path)
	if err != nil {
		t.Fatal(err)
	}
	s, err := openConfigured(t.Context(), c, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for source, want := range map[string]string{
		"r/1/cloudevent":    "r/1/cloudevent",
		"a tool's own name": "r/1/cloudevent",
		"r/2/webhook":       "service",
		"r/3/oba":           "service",
	} {
		if w, ok := moderation.PickWay(s.ways.Ways("r"), source, moderation.EffectReply); !ok || w.Name != want {
			t.Errorf("what %s brought is answered by %q, want %q", source, w.Name, want)
		}
	}
}

// TestARoomThatOnlyShopsPostTo: nothing dials there, and no source runs. What is asked
// for about what a shop posted is posted to the system beside it, or, where there is
// none, refused as of a source that only reads; and what can be asked for all the same
// fails with why.
func TestARoomThatOnlyShopsPostTo(t *testing.T) {
	for name, beside := range map[string]bool{"reads only": false, "posted": true} {
		t.Run(name, func(t *testing.T) {
			asked := make(chan string, 8)
			shop := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				b, _ := io.ReadAll(r.Body)
				asked <- string(b)
			}))
			t.Cleanup(shop.Close)
			t.Setenv("SHOP_TOKEN", "a token of the tests")
			t.Setenv("SHOP_URL", shop.URL)
			addr := free(t)
			config := "[record]\nfile = \"posts.db\"\n[desk]\nundo_window = \"1s\"\nrole = \"supervisor\"\n[door]\nlisten = \"" + addr + "\"\n"
			if beside {
				config += "[[out]]\nname = \"service\"\nurl = \"${SHOP_URL}\"\nsecret = \"${SHOP_TOKEN}\"\nactions = [\"mute\", \"unmute\", \"freeze-order\"]\n"
			}
			config += "[[room]]\nid = \"r\"\n[[room.source]]\nprotocol = \"webhook\"\nplatform = \"shopify\"\ndoor = \"shop\"\ntoken = \"${SHOP_TOKEN}\"\n"
			s, ctx := watching(t, config)
			postPaid(t, "http://"+addr+"/hook/shop", "a token of the tests", `{"id":7001,"financial_status":"paid","total_price":"299.00","currency":"CNY","customer":{"id":77}}`)

			who := moderation.Actor{Name: "督导", Role: moderation.RoleSupervisor}
			_, err := s.desk.Do(ctx, who, moderation.MuteAuthor{Event: 1, For: time.Minute})
			var no *moderation.Refusal
			if !beside && (!errors.As(err, &no) || no.Code != moderation.CodeNoWay || no.Args["source"] != "r/1/webhook") || beside && err != nil {
				t.Errorf("muting who bought: %v", err)
			}
			if _, err := s.desk.Do(ctx, who, moderation.UnmuteAuthor{Event: 1}); !beside && (!errors.As(err, &no) || no.Code != moderation.CodeNoWay) || beside && err != nil {
				t.Errorf("unmuting who bought: %v", err)
			}
			opened, err := s.desk.Do(ctx, who, moderation.OpenCase{Room: "r", Kind: moderation.CaseOrderRisk, Title: "羊毛党", Orders: []string{"7001"}})
			if err != nil {
				t.Fatal(err)
			}
			taken, err := s.desk.Do(ctx, who, moderation.TakeCase{Case: opened.Case.ID, Version: opened.Case.Version})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := s.desk.Do(ctx, who, moderation.FreezeOrders{Case: taken.Case.ID, Orders: []string{"7001"}, Reason: "等商家确认", Version: taken.Case.Version}); err != nil {
				t.Fatal(err)
			}
			want, posts := map[string]moderation.EffectStatus{moderation.EffectFreeze: moderation.EffectFailed}, 0
			if beside {
				want, posts = map[string]moderation.EffectStatus{moderation.EffectFreeze: moderation.EffectSent, moderation.EffectMute: moderation.EffectSent, moderation.EffectUnmute: moderation.EffectSent}, 3
			}
			waits(t, "end of what was asked for", func() bool {
				all, err := s.desk.Reader().Effects(ctx, time.Time{})
				if err != nil {
					t.Fatal(err)
				}
				got := map[string]moderation.EffectStatus{}
				for _, e := range all {
					got[e.Kind] = e.Status
				}
				return maps.Equal(got, want)
			})
			said := ""
			for range len(asked) {
				said += <-asked
			}
			if n := strings.Count(said, `"type":"liveroom.action.v1"`); n != posts || beside && (!strings.Contains(said, `"action":"mute","target":"77"`) || !strings.Contains(said, `"action":"unmute","target":"77"`) || !strings.Contains(said, `"target":"7001"`)) {
				t.Errorf("%d posts, want %d: %s", n, posts, said)
			}
		})
	}
}

func TestWaysOutAreChecked(t *testing.T) {
	secret := Secret{value: "s"}
	for want, o := range map[string]OutConfig{
		`"dance" is not known`: {Actions: []string{"dance"}},
		"is no [[room]]":       {Rooms: []string{"nowhere"}},
		"secret and no url":    {Secret: secret},
		"actions is empty":     {URL: Secret{value: "https://x.example/"}, Secret: secret},
		"not encrypted":        {URL: Secret{value: "http://x.example/"}, Secret: secret, Actions: []string{"reply"}},
	} {
		o.Name = "x"
		c := Config{Out: []OutConfig{o}}
		if err := c.checkOut(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want it to say %q", err, want)
		}
	}
	twice := Config{Out: []OutConfig{{Name: "a"}, {Name: "a"}}}
	if err := twice.checkOut(); err == nil {
		t.Error("one name for two systems")
	}
	for want, s := range map[string]SourceConfig{
		"oba only reads":                     {Protocol: "oba", Actions: []string{"reply"}},
		"knows no freeze-order, only mute":   {Protocol: "twitch", Actions: []string{"mute", "freeze-order"}, Token: secret},
		"token is missing":                   {Protocol: "twitch", Actions: []string{"mute"}},
		"api is of twitch, eventsub, stripe": {Protocol: "oba", API: "https://x.example"},
		"api: http://x.example is not":       {Protocol: "twitch", API: "http://x.example"},
		"api: the address is no URL":         {Protocol: "stripe", API: "x.example"},
		`actions: "dance" is not known`:      {Protocol: "cloudevent", Actions: []string{"dance"}},
	} {
		s.Channel, s.URL = "c", "wss://x/"
		if err := s.check(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want it to say %q", err, want)
		}
	}
	if _, err := (&ways{}).Carry(t.Context(), moderation.Effect{Kind: string(feed.ActReply)}); err == nil || errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}
