package cloudevent_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/go-json-experiment/json"

	"liveroom/feed"
	"liveroom/feed/cloudevent"
	"liveroom/feed/feedtest/corpus"
	"liveroom/feed/feedtest/fuzzed"
)

func wireOf(typ, data string) string {
	return `{"specversion":"1.0","id":"1","source":"s","type":"` + typ + `","subject":"r","time":"2026-11-20T20:01:34.5+08:00","epoch":"e1","offset":9007199254740993,"data":` + data + `}`
}

// wires are messages of every type.
var wires = []string{
	wireOf("liveroom.chat.v1", `{"user":{"id":7390000000000000001,"name":"甲","role":"moderator"},"text":"好","product":{"id":"p","stock":3}}`),
	wireOf("liveroom.transcript.v1", `{"user":{"role":"host"},"text":"t","utterance":1,"partial":true,"confidence":0.5,"started_at":"2026-11-20T20:01:34Z","start_ms":1,"end_ms":2}`),
	wireOf("liveroom.order.v1", `{"user":{"id":"u"},"product":{"id":"p","price_fen":5},"order":{"id":6,"status":"paid","qty":2,"amount_fen":5,"paid_fen":5,"address_hash":"a","device":1,"created_at":"2026-11-20T20:01:34+08:00"}}`),
	wireOf("liveroom.order.v1", `{"order":{"id":"6"},"refund":{"amount_fen":5,"status":"requested"}}`),
	wireOf("liveroom.product.v1", `{"text":"t","product":{"id":"p","title":"x","price_fen":1,"stock":0}}`),
	wireOf("liveroom.complaint.v1", `{"user":{"id":"u"},"text":"t","channel":"ticket","order":{"id":6}}`),
	wireOf("liveroom.gift.v1", `{"user":{"id":"u"},"gift":{"name":"花","count":3,"amount_fen":5}}`),
	wireOf("liveroom.system.v1", `{"code":"enter","user":{"id":"u"}}`), wireOf("liveroom.system.v1", `{"code":"retracted","retracts":"c1"}`),
	wireOf("liveroom.system.v1", `{"code":"gap","gap":{"from":"2026-11-20T20:01:34+08:00","to":"2026-11-20T20:02:34+08:00","lost":3,"reason":"r"}}`),
	wireOf("liveroom.system.v1", `{"code":"stock_out","severity":"high","product":{"id":"p"}}`),
	wireOf("com.example.order.v2", `{"room":7389000000000000001,"order":{"id":6,"amount":1,"currency":"CNY"}}`),
	wireOf("com.example.refund", `{"room":"r","order":{"id":6,"amount":1,"status":"refunded"}}`),
	wireOf("com.example.product", `{"product":{"id":"p","price":5,"currency":"CNY"}}`), wireOf("com.example.chat", `{"text":"x","product":{"price":5}}`),
	wireOf("com.example.enter", `{"user":{"name":"\u001b[31m"}}`), wireOf("liveroom.poll.v9", `null`), wireOf("x", `{}`), `[{}]`, `{}`,
	wireOf("liveroom.ack.v1", `{"action":"a-1","ok":true,"result":"done"}`), wireOf("liveroom.ack.v1", `{"action":7,"reason":"no"}`), wireOf("liveroom.ack.v1", `{"ok":1}`),
}

// FuzzDecode asks of every message: what can be read can be written, and is the
// same when it is read again, to the last field.
func FuzzDecode(f *testing.F) {
	for _, s := range wires {
		f.Add([]byte(s))
	}
	corpus.Add(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		e, err := cloudevent.Decode(b)
		if err != nil {
			fuzzed.Error(t, err)
			return
		}
		wire, err := cloudevent.Encode(e)
		if err != nil {
			t.Fatalf("%+v cannot be written again: %v", e, err)
		}
		again, err := cloudevent.Decode(wire)
		if err != nil {
			t.Fatalf("%s cannot be read again: %v", wire, err)
		}
		got, err := json.Marshal(again)
		if err != nil {
			t.Fatal(err)
		}
		want, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		// The list leaves out StartAt.
		if string(got) != string(want) || e.Speech != nil && !e.Speech.StartAt.Equal(again.Speech.StartAt) {
			t.Fatalf("got  %s\nwant %s", got, want)
		}
	})
}

// FuzzSession asks the same of what comes over a connection, events and answers to
// acts alike: one of the two at most, and an answer names its act.
func FuzzSession(f *testing.F) {
	for _, s := range wires {
		f.Add([]byte(s), false)
	}
	f.Add([]byte("x"), true)
	corpus.Add(f)
	f.Fuzz(func(t *testing.T, b []byte, binary bool) {
		p, err := cloudevent.New(cloudevent.Config{URL: "ws://127.0.0.1/", Room: "room"})
		if err != nil {
			t.Fatal(err)
		}
		d := fuzzed.Decode(t, func() feed.Session { return p.NewSession(feed.Position{}) }, feed.Frame{Binary: binary, Data: b}, recv, fuzzed.Bounds{})
		if len(d.Events)+len(d.Refused)+len(d.Answers) != 1 || binary && len(d.Refused) != 1 {
			t.Fatalf("%+v", d)
		}
		for _, e := range d.Events {
			if e.Room == "" {
				t.Fatalf("an event of no room: %+v", e)
			}
		}
		for _, a := range d.Answers {
			if a.ID == "" {
				t.Fatalf("an answer to nothing: %+v", a)
			}
		}
	})
}

var recv = time.Date(2026, 11, 20, 20, 5, 0, 0, time.UTC)

// FuzzAction asks of whatever an act may say: it is one message of ours, and says it.
func FuzzAction(f *testing.F) {
	f.Add("effect-7", "correct-host", "r", "", "更正一下，这条是羊毛七成")
	f.Add("a", "mute", "r", "u\x1b", "10m")
	f.Add("", "\xff", "", "\x00", "\n")
	corpus.Add(f)
	f.Fuzz(func(t *testing.T, id, kind, room, target, text string) {
		b, err := cloudevent.EncodeAction(feed.Act{ID: id, Kind: feed.ActKind(kind), Room: room, Target: target, Text: text})
		if err != nil { // text that is no UTF-8
			if said := strings.Join([]string{id, kind, room, target, text}, " "); utf8.ValidString(said) {
				t.Fatal(err)
			}
			return
		}
		var got struct {
			ID, Type, Subject string
			Data              struct{ Action, Target, Text string }
		}
		if err := json.Unmarshal(b, &got, json.MatchCaseInsensitiveNames(true)); err != nil {
			t.Fatalf("%s: %v", b, err)
		}
		if got.ID != id || got.Subject != room || got.Data.Action != kind || got.Data.Target != target || got.Data.Text != text || got.Type != cloudevent.TypeAction {
			t.Fatalf("%s says %+v", b, got)
		}
	})
}
