package tikfinity

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"liveroom/feed"
	"liveroom/feed/feedtest"
)

var recv = time.Date(2026, 9, 21, 14, 0, 0, 0, time.UTC)

func decode(s feed.Session, text string) feed.Decoded {
	return s.Decode(feed.Frame{Data: []byte(text)}, recv)
}

func open() feed.Session { return New(Options{}).NewSession(feed.Position{}) }

func TestProtocolOnlyListens(t *testing.T) {
	p := New(Options{})
	r, err := p.Request(feed.Position{})
	if err != nil || r.URL != DefaultURL || p.Name() != "tikfinity" {
		t.Errorf("request %+v, %v, name %s", r, err, p.Name())
	}
	if r, _ := New(Options{URL: "ws://localhost:1/"}).Request(feed.Position{}); r.URL != "ws://localhost:1/" {
		t.Errorf("request %+v", r)
	}
	every, _ := open().Heartbeat()
	if len(open().Hello()) != 0 || every != 0 {
		t.Error("the program must not be written to")
	}
}

func TestMessages(t *testing.T) {
	const who = `"userId":"6776663624629974121","uniqueId":"mei","nickname":"Mei","createTime":"1790000000123","msgId":"m1"`
	mei := feed.User{ID: "6776663624629974121", Name: "Mei", Role: feed.RoleViewer}
	at := time.UnixMilli(1790000000123)
	for _, c := range []struct {
		name, text string
		want       feed.Event
	}{
		{"chat", `{"event":"chat","data":{` + who + `,"comment":"How much?"}}`, feed.Event{Kind: feed.KindChat, Text: "How much?"}},
		{"question", `{"event":"questionNew","data":{` + who + `,"questionText":"Refund?"}}`, feed.Event{Kind: feed.KindChat, Code: "question", Text: "Refund?"}},
		{"enter", `{"event":"member","data":{` + who + `,"actionId":1}}`, feed.Event{Kind: feed.KindEnter}},
		{"gift that makes no streak", `{"event":"gift","data":{` + who + `,"giftId":1,"giftName":"Galaxy","giftType":2,"repeatCount":1,"repeatEnd":false}}`, feed.Event{Kind: feed.KindGift, Text: "Galaxy x1", Count: 1}},
		{"end of a streak", `{"event":"gift","data":{` + who + `,"giftId":5655,"giftName":"Rose","giftType":1,"repeatCount":5,"repeatEnd":true}}`, feed.Event{Kind: feed.KindGift, Text: "Rose x5", Count: 5}},
		{"end of a streak, as a number", `{"event":"gift","data":{` + who + `,"giftId":5655,"giftType":1,"repeatCount":"5","repeatEnd":1,"monitorExtra":{"msg_id":7137749190944230000}}}`, feed.Event{Kind: feed.KindGift, Text: "gift 5655 x5", Count: 5}},
		{"like", `{"event":"like","data":{` + who + `,"likeCount":6,"totalLikeCount":21349}}`, feed.Event{Kind: feed.KindSystem, Code: "like", Count: 6}},
		{"social, a follow", `{"event":"social","data":{` + who + `,"displayType":"pm_main_follow_message_viewer_2"}}`, feed.Event{Kind: feed.KindSystem, Code: "follow"}},
		{"social, a share", `{"event":"social","data":{` + who + `,"displayType":"pm_mt_guidance_share"}}`, feed.Event{Kind: feed.KindSystem, Code: "share"}},
		{"social, else", `{"event":"social","data":{` + who + `}}`, feed.Event{Kind: feed.KindSystem, Code: "social"}},
		{"follow", `{"event":"follow","data":{` + who + `}}`, feed.Event{Kind: feed.KindSystem, Code: "follow"}},
		{"subscribe", `{"event":"subscribe","data":{` + who + `,"subMonth":3}}`, feed.Event{Kind: feed.KindSystem, Code: "subscribe", Count: 3}},
		{"envelope", `{"event":"envelope","data":{` + who + `,"coins":20}}`, feed.Event{Kind: feed.KindSystem, Code: "envelope", Count: 20}},
		{"battle", `{"event":"linkMicBattle","data":{` + who + `}}`, feed.Event{Kind: feed.KindSystem, Code: "link_mic"}},
		{"end", `{"event":"streamEnd","data":{` + who + `,"action":3}}`, feed.Event{Kind: feed.KindSystem, Code: feed.CodeStreamEnd, Text: "live ended"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := decode(open(), c.text)
			if len(d.Events) != 1 || len(d.Refused) != 0 {
				t.Fatalf("%d events, refused %v", len(d.Events), d.Refused)
			}
			e := d.Events[0]
			if e.ID != "m1" || e.User != mei || !e.At.Equal(at) || !e.Recv.Equal(recv) || string(e.Raw) != c.text {
				t.Errorf("%+v", e)
			}
			if e.Kind != c.want.Kind || e.Text != c.want.Text || e.Code != c.want.Code || e.Count != c.want.Count {
				t.Errorf("got  %+v\nwant %+v", e, c.want)
			}
		})
	}
}

func TestRoles(t *testing.T) {
	d := decode(open(), `{"event":"chat","data":{"userId":"1","uniqueId":"mei","isModerator":true,"comment":"x"}}`)
	if u := d.Events[0].User; u.Role != feed.RoleModerator || u.Name != "mei" {
		t.Errorf("moderator reads as %+v", u)
	}
	d = decode(open(), `{"event":"liveIntro","data":{"id":"1","description":"best silk","userId":"1","nickname":"H"}}`)
	if e := d.Events[0]; e.User.Role != feed.RoleHost || e.Text != "best silk" {
		t.Errorf("intro reads as %+v", e)
	}
}

func TestWhatIsLeftOut(t *testing.T) {
	s := open()
	for _, text := range []string{
		`{"event":"roomUser","data":{"viewerCount":321}}`,
		`{"event":"gift","data":{"giftType":1,"repeatCount":3,"repeatEnd":false,"msgId":"1"}}`,
		`{"event":"gift","data":{"giftType":1,"repeatCount":3,"repeatEnd":0,"msgId":"2"}}`,
	} {
		if d := decode(s, text); len(d.Events)+len(d.Refused) != 0 {
			t.Errorf("%s came to %+v", text, d)
		}
	}
	const social = `{"event":"social","data":{"msgId":"7","displayType":"follow"}}`
	if len(decode(s, social).Events) != 1 || len(decode(s, strings.Replace(social, "social", "follow", 1)).Events) != 0 {
		t.Error("a follow told twice under one msgId is one event")
	}
	const emote = `{"event":"emote","data":{"emoteId":"1"}}`
	if a, b := decode(s, emote), decode(s, emote); len(a.Events) != 1 || len(b.Events) != 1 || a.Events[0].ID == b.Events[0].ID {
		t.Error("messages without an id must not be mistaken for each other")
	}
}

func TestRefused(t *testing.T) {
	for text, want := range map[string]string{
		``: "no JSON", `ERROR`: "no JSON", `[]`: "no JSON", `{}`: "names no event",
		`{"event":"chat","data":[]}`:     "data of",
		`{"event":"chat","data":"x"}`:    "data of",
		`{"event":"\u001b[2J"}`:          `unknown event "\x1b[2J"`,
		`{"event":"new","data":{"a":1}}`: "unknown event",
	} {
		d := decode(open(), text)
		if len(d.Events) != 0 || len(d.Refused) != 1 || !strings.Contains(d.Refused[0].Error(), want) {
			t.Errorf("%s: %d events, refused %v; want %q", text, len(d.Events), d.Refused, want)
		}
	}
}

func TestFixtures(t *testing.T) {
	s := open()
	feedtest.Incoming(t, "tiktok-tikfinity", func(f feed.Frame) feed.Decoded { return s.Decode(f, recv) })
}

func TestDocumentedEvents(t *testing.T) {
	s := open()
	kinds := map[feed.Kind]int{}
	for line := range bytes.Lines(feedtest.Shared(t, "tiktok-tikfinity", "events.jsonl")) {
		var frame struct {
			Event string `json:"event"`
		}
		if err := json.Unmarshal(line, &frame); err != nil {
			t.Fatal(err)
		}
		d := s.Decode(feed.Frame{Data: line}, recv)
		if len(d.Refused) != 0 {
			t.Errorf("%s: refused %v", frame.Event, d.Refused)
		}
		for _, e := range d.Events {
			kinds[e.Kind]++
			if e.At.Year() != 2022 && e.At != recv {
				t.Errorf("%s: at %s", frame.Event, e.At)
			}
		}
	}
	want := map[feed.Kind]int{feed.KindChat: 2, feed.KindEnter: 1, feed.KindGift: 1, feed.KindSystem: 8}
	for kind, n := range want {
		if kinds[kind] != n {
			t.Errorf("%d events of kind %s, want %d", kinds[kind], kind, n)
		}
	}
}

func BenchmarkDecode(b *testing.B) {
	s := open()
	frame := feed.Frame{Data: []byte(`{"event":"chat","data":{"userId":"6776663624629974121","nickname":"Mei","createTime":"1790000000123","comment":"How much is this?","isModerator":false}}`)}
	b.ReportAllocs()
	for b.Loop() {
		if d := s.Decode(frame, recv); len(d.Events) != 1 {
			b.Fatal(d.Refused)
		}
	}
}
