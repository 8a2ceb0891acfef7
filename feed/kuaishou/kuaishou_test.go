package kuaishou

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"liveroom/feed"
	"liveroom/feed/feedtest"
	kt "liveroom/feed/kuaishou/kuaishoutest"
)

var recv = time.Date(2026, 9, 21, 14, 13, 21, 0, time.UTC)

func open() feed.Session { return New(Options{}).NewSession(feed.Position{}) }

func decode(s feed.Session, data []byte) feed.Decoded {
	return s.Decode(feed.Frame{Binary: true, Data: data}, recv)
}

func str(num int, s string) []byte { return kt.Text(num, []byte(s)) }

func who(id, name string) []byte { return kt.Text(2, str(1, id), str(2, name)) }

func giftFeed(id, streak string, combo uint64) []byte {
	return kt.Text(9, str(1, id), who("3xD", "丁"), kt.Number(3, 1790000000200), kt.Number(4, 9), str(6, streak), kt.Number(7, 2), kt.Number(8, combo))
}

func TestRequest(t *testing.T) {
	for _, o := range []Options{{}, {URL: "wss://h/", Token: "t"}, {URL: "wss://h/", LiveStreamID: "l"}, {Token: "t", LiveStreamID: "l"}} {
		if _, err := New(o).Request(feed.Position{}); err == nil || !strings.Contains(err.Error(), "token") {
			t.Errorf("%+v: error %v", o, err)
		}
	}
	p := New(Options{URL: "wss://h/", Token: "verysecret", LiveStreamID: "l"})
	r, err := p.Request(feed.Position{})
	if err != nil || r.URL != "wss://h/" || p.Name() != "kuaishou" {
		t.Errorf("request %+v, %v", r, err)
	}
	if s := fmt.Sprintf("%v %+v %#v %s", p, p, p, p); strings.Contains(s, "verysecret") {
		t.Errorf("prints as %s", s)
	}
	if a, b := randomPage(), randomPage(); len(a) != 16 || a == b {
		t.Errorf("pages %s and %s", a, b)
	}
}

func TestWhatIsSent(t *testing.T) {
	s := New(Options{
		Token: "EXAMPLE-TOKEN", LiveStreamID: "exampleLiveStreamId", Clock: func() time.Time { return time.UnixMilli(1790000000000) },
		Page: func() string { return "abcdefghijklmnop" },
	}).NewSession(feed.Position{})
	enter := kt.Message(200, false, str(1, "EXAMPLE-TOKEN"), str(2, "exampleLiveStreamId"), str(7, "abcdefghijklmnop_1790000000000"))
	hello := s.Hello()
	if len(hello) != 1 || !hello[0].Binary || !bytes.Equal(hello[0].Data, enter) {
		t.Errorf("hello %x, want %x", hello[0].Data, enter)
	}
	every, beat := s.Heartbeat()
	if every != 20*time.Second || !bytes.Equal(beat.Data, kt.Message(1, false, kt.Number(1, 1790000000000))) {
		t.Errorf("heartbeat %x every %s", beat.Data, every)
	}
	sent := map[string][]byte{"enter-room": hello[0].Data, "heartbeat": beat.Data}
	for _, f := range feedtest.Fixtures(t, "kuaishou-web") {
		if want, ok := sent[f.Name]; ok && !bytes.Equal(f.Data, want) {
			t.Errorf("%s: we send %x, the fixture is %x", f.Name, want, f.Data)
		}
	}
}

func TestPush(t *testing.T) {
	push := [][]byte{
		str(1, "1.2万"), str(2, "10"), kt.Number(4, 90),
		kt.Text(5, str(1, "c1"), who("3xA", "甲"), str(3, "这个多少钱？"), kt.Number(9, 1790000000100)),
		kt.Text(5, who("3xB", "乙"), str(3, "没有 id"), kt.Text(8, kt.Number(3, 2), kt.Number(7, 5))),
		kt.Text(5, str(1, "c3"), who("", ""), str(3, "匿名"), kt.Text(8, kt.Number(3, 3))),
		kt.Text(8, str(1, "l1"), who("3xC", "丙")),
		giftFeed("g1", "k", 3), giftFeed("g2", "k", 5), giftFeed("g3", "k", 5), giftFeed("g4", "k", 1), giftFeed("g5", "", 1), giftFeed("g6", "", 1),
		kt.Text(11, str(1, "n1"), kt.Number(3, 1790000000300), str(4, "系统提示"), kt.Number(7, 2)),
		kt.Text(12, str(1, "s1"), who("3xE", "戊")),
	}
	for _, zip := range []bool{false, true} {
		d := decode(open(), kt.Message(310, zip, push...))
		if len(d.Refused) != 0 {
			t.Fatal(d.Refused)
		}
		var got []string
		for _, e := range d.Events {
			got = append(got, fmt.Sprintf("%s %s %s/%s/%s %s %d %d", e.Kind, e.ID, e.User.ID, e.User.Name, e.User.Role, e.Text, e.Count, e.At.UnixMilli()))
			if !e.Recv.Equal(recv) || len(e.Raw) == 0 || e.ID != "" && !bytes.Contains(e.Raw, []byte(e.ID)) {
				t.Errorf("recv %s, raw %x", e.Recv, e.Raw)
			}
		}
		want := []string{
			"chat c1 3xA/甲/viewer 这个多少钱？ 0 1790000000100",
			fmt.Sprintf("chat  3xB/乙/moderator 没有 id 0 %d", time.Time{}.UnixMilli()),
			fmt.Sprintf("chat c3 // 匿名 0 %d", recv.UnixMilli()),
			"gift g1 3xD/丁/viewer gift 9 x6 6 1790000000200",
			"gift g2 3xD/丁/viewer gift 9 x4 4 1790000000200",
			"gift g4 3xD/丁/viewer gift 9 x2 2 1790000000200",
			"gift g5 3xD/丁/viewer gift 9 x2 2 1790000000200",
			"gift g6 3xD/丁/viewer gift 9 x2 2 1790000000200",
			"system n1 // 系统提示 0 1790000000300",
		}
		if strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
}

func TestStreaksGoOnOverAReconnectAndForgetTheOldest(t *testing.T) {
	p := New(Options{})
	decode(p.NewSession(feed.Position{}), kt.Message(310, false, giftFeed("g1", "k", 3)))
	if d := decode(p.NewSession(feed.Position{}), kt.Message(310, false, giftFeed("g2", "k", 4))); d.Events[0].Count != 2 {
		t.Errorf("counts %d, want what was added since", d.Events[0].Count)
	}
	var s streaks
	for i := range maxStreaks + 1 {
		if s.added(fmt.Sprint(i), 3) != 3 {
			t.Fatalf("%d is new", i)
		}
	}
	if s.added("1", 5) != 2 || s.added("0", 5) != 5 || len(s.reached) != maxStreaks {
		t.Errorf("%d streaks are followed", len(s.reached))
	}
}

func TestRoomMessages(t *testing.T) {
	for _, c := range []struct {
		name                 string
		data                 []byte
		code, text, severity string
	}{
		{"paused", kt.Message(301, false), "stream_pause", "live paused", ""},
		{"resumed", kt.Message(302, false), "stream_resume", "live resumed", ""},
		{"shop opened", kt.Message(360, false), "shop_opened", "shop opened", ""},
		{"shop closed", kt.Message(361, false), "shop_closed", "shop closed", ""},
		{"suspicion", kt.Message(355, true, kt.Number(1, 1)), "suspected_violation", "suspected violation", "high"},
		{"suspicion over", kt.Message(355, false), "violation_cleared", "suspected violation cleared", ""},
		{"refused", kt.Message(103, false, kt.Number(1, 601), str(2, "token invalid")), feed.CodeAuthFailed, "error 601 token invalid", ""},
	} {
		d := decode(open(), c.data)
		if len(d.Events) != 1 {
			t.Fatalf("%s: %+v", c.name, d)
		}
		e := d.Events[0]
		if e.Kind != feed.KindSystem || e.Code != c.code || e.Text != c.text || e.Severity != c.severity || e.ID == "" || !bytes.Equal(e.Raw, c.data) {
			t.Errorf("%s: %+v", c.name, e)
		}
		if (d.Fatal != nil) != (c.code == feed.CodeAuthFailed) {
			t.Errorf("%s: fatal %v", c.name, d.Fatal)
		}
	}
	for _, quiet := range [][]byte{kt.Message(101, false), kt.Message(300, false), kt.Message(340, false, str(1, "x"))} {
		if d := decode(open(), quiet); len(d.Events)+len(d.Refused) != 0 {
			t.Errorf("%x came to %+v", quiet, d)
		}
	}
	s := open()
	decode(s, kt.Message(300, false))
	if d := decode(s, kt.Message(103, false, kt.Number(1, 2))); d.Fatal != nil || !d.Redial || d.Events[0].Code != "server_error" {
		t.Errorf("an error in the room came to %+v", d)
	}
}

func TestRefused(t *testing.T) {
	bomb := kt.Message(310, true, bytes.Repeat([]byte{0}, maxInflated+1))
	many := bytes.Repeat(kt.Text(11, str(4, "x")), maxFeeds+1)
	short := kt.Message(310, true, push1())
	for _, c := range []struct {
		name, want string
		data       []byte
	}{
		{"no protobuf", "field 0", []byte{0}},
		{"cut off", "ends within", kt.Message(310, false, str(1, "x"))[:6]},
		{"unknown payload", "payload 999: not known", kt.Message(999, false)},
		{"empty", "payload 0: not known", nil},
		{"encrypted", "not supported", append(kt.Number(1, 310), kt.Number(2, 3)...)},
		{"no gzip", "no gzip", append(append(kt.Number(1, 310), kt.Number(2, 2)...), str(3, "x")...)},
		{"broken gzip", "broken gzip", append(append(kt.Number(1, 310), kt.Number(2, 2)...), kt.Text(3, gzipOf(short)[:20])...)},
		{"bomb", "more than 16 MiB", bomb},
		{"too many feeds", "more than 4096", kt.Message(310, true, many)},
		{"comment cut off", "feed of field 5", kt.Message(310, false, kt.Text(5, []byte{0x0a}))},
		{"comment's user cut off", "feed of field 5", kt.Message(310, false, kt.Text(5, kt.Text(2, []byte{0x0a})))},
		{"gift cut off", "feed of field 9", kt.Message(310, false, kt.Text(9, []byte{0x0a}))},
		{"error cut off", "payload 103", kt.Message(103, false, []byte{0x0a})},
		{"suspicion cut off", "payload 355", kt.Message(355, false, []byte{0x0a})},
	} {
		d := decode(open(), c.data)
		if len(d.Events) != 0 || len(d.Refused) != 1 || !strings.Contains(d.Refused[0].Error(), c.want) {
			t.Errorf("%s: %d events, refused %v; want %q", c.name, len(d.Events), d.Refused, c.want)
		}
	}
}

func push1() []byte { return kt.Text(5, str(1, "c1"), str(3, "hi")) }

// gzipOf is the compressed payload of a message.
func gzipOf(message []byte) []byte { return message[bytes.Index(message, []byte{0x1f, 0x8b}):] }

// TestUnknownFeedsAreBounded: a feed of one kind takes two bytes, a refusal of it a
// hundred times as much.
func TestUnknownFeedsAreBounded(t *testing.T) {
	many := bytes.Repeat(str(99, ""), maxFeeds+10)
	if d := decode(open(), kt.Message(310, true, push1(), many)); len(d.Events) != 0 || len(d.Refused) != maxFeeds+1 || !strings.Contains(d.Refused[maxFeeds].Error(), "more than") {
		t.Errorf("%d events, %d refused", len(d.Events), len(d.Refused))
	}
}

func TestAnEmptyFeedIsRefusedAndTheRestRead(t *testing.T) {
	d := decode(open(), kt.Message(310, false, str(5, ""), push1(), str(11, "")))
	if len(d.Events) != 1 || len(d.Refused) != 2 || !strings.Contains(d.Refused[0].Error(), "field 5 is empty") {
		t.Errorf("%d events, refused %v", len(d.Events), d.Refused)
	}
}

func TestFixtures(t *testing.T) {
	s := open()
	feedtest.Incoming(t, "kuaishou-web", func(f feed.Frame) feed.Decoded { return s.Decode(f, recv) })
}

func BenchmarkDecode(b *testing.B) {
	s := open()
	data := kt.Message(310, true, kt.Text(5, str(1, "c1"), who("3xA", "甲"), str(3, "这个多少钱？"), kt.Number(9, 1790000000100)))
	b.ReportAllocs()
	for b.Loop() {
		if d := decode(s, data); len(d.Events) != 1 {
			b.Fatal(d.Refused)
		}
	}
}
