package feed_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"liveroom/feed"
	"liveroom/feed/asr"
	"liveroom/feed/barrage"
	"liveroom/feed/bilibili"
	"liveroom/feed/cloudevent"
	"liveroom/feed/eventsub"
	"liveroom/feed/feedtest"
	"liveroom/feed/kuaishou"
	"liveroom/feed/oba"
	"liveroom/feed/record"
	"liveroom/feed/stripe"
	"liveroom/feed/tikfinity"
	"liveroom/feed/tmc"
	"liveroom/feed/twitch"
	"liveroom/feed/webhook"
)

// fixtures is where the frames stand that are not ours to keep in the project.
var fixtures = filepath.Join("..", "..", "shared", "fixtures")

var fixtureTime = time.Date(2026, 9, 21, 14, 13, 21, 0, time.UTC)

// decoders are the protocols by the folder of their fixtures.
var decoders = map[string]func() (feed.Protocol, error){
	"asr-":             func() (feed.Protocol, error) { return asr.New(asr.Options{}) },
	"bilibili-":        func() (feed.Protocol, error) { return bilibili.New(bilibili.Options{}) },
	"cloudevents-ws":   func() (feed.Protocol, error) { return cloudevent.New(cloudevent.Config{}) },
	"douyin-":          func() (feed.Protocol, error) { return barrage.New(""), nil },
	"tiktok-webcast":   func() (feed.Protocol, error) { return barrage.New(""), nil },
	"kuaishou-web":     func() (feed.Protocol, error) { return kuaishou.New(kuaishou.Options{}), nil },
	"oba-live-tool":    func() (feed.Protocol, error) { return oba.New(oba.Options{}), nil },
	"stripe-cli":       func() (feed.Protocol, error) { return stripe.New(stripe.Options{}), nil },
	"taobao-tmc":       func() (feed.Protocol, error) { return tmc.New(tmc.Options{}), nil },
	"tiktok-tikfinity": func() (feed.Protocol, error) { return tikfinity.New(tikfinity.Options{}), nil },
	"twitch-irc":       func() (feed.Protocol, error) { return twitch.New(twitch.Options{}) },
	"twitch-eventsub":  func() (feed.Protocol, error) { return eventsub.New(eventsub.Options{}), nil },
	"orders-webhook":   func() (feed.Protocol, error) { return webhook.New(webhook.Options{}) },
	"doudian":          func() (feed.Protocol, error) { return webhook.New(webhook.Options{}) },
	"douyin-life":      func() (feed.Protocol, error) { return webhook.New(webhook.Options{}) },
	"tiktok-shop":      func() (feed.Protocol, error) { return webhook.New(webhook.Options{}) },
}

func protocolOf(t testing.TB, dir string) feed.Protocol {
	t.Helper()
	for prefix, make := range decoders {
		if dir == prefix || strings.HasSuffix(prefix, "-") && strings.HasPrefix(dir, prefix) && dir != "douyin-life" {
			p, err := make()
			if err != nil {
				t.Fatal(err)
			}
			return p
		}
	}
	return nil
}

// Cases whose frames come to no event, and how: "" for nothing at all, on purpose;
// "reply" for an answer; else what the refusal says. A frame that is dropped in
// silence without standing here fails the test.
var withoutEvents = map[string]string{
	"asr-cloud/nls-started": "", "asr-cloud/nls-begin": "", "asr-cloud/tencent-handshake": "", "asr-cloud/tencent-end": "",
	"asr-funasr/offline-empty": "", "asr-vosk/partial-empty": "", "asr-vosk/result-empty": "",
	"bilibili-web/auth-ok": "", "bilibili-web/heartbeat-reply-echo": "", "bilibili-web/guard-buy": "",
	"bilibili-web/truncated-body": "bytes are left", "bilibili-web/pack-len-zero": "packet length 0", "bilibili-web/header-len-lies": "header length 65535",
	"bilibili-web/zlib-corrupt": "compressed part", "bilibili-web/zlib-nested-6": "more than twice", "bilibili-web/zlib-bomb-16MiB": "compressed part", "bilibili-web/unknown-cmd": "SOME_NEW_THING",
	"cloudevents-ws/data-base64": "data_base64", "cloudevents-ws/batch-not-allowed": "array", "cloudevents-ws/missing-source": "source is missing", "cloudevents-ws/duplicate": "order.id",
	"douyin-barragegrab/A-stats": "", "douyin-barragegrab/A-data-not-json": "no JSON", "douyin-barragegrab/A-duplicate-chat": "", "douyin-douyinlive/pong": "",
	"kuaishou-web/enter-ack": "", "kuaishou-web/heartbeat-ack": "", "kuaishou-web/watching-list": "", "oba-live-tool/live_order-repolled": "", "orders-webhook/doudian-probe": "",
	"stripe-cli/unknown": "unknown_type", "tiktok-tikfinity/gift-streak": "", "tiktok-tikfinity/room-user": "",
	"taobao-tmc/connectack-ok": "reply", "taobao-tmc/trade-pay-redelivered": "reply", "taobao-tmc/trade-out-of-order": "reply",
	"taobao-tmc/truncated": "ends within", "taobao-tmc/negative-length": "-1 bytes", "taobao-tmc/no-end-header": "ends within", "taobao-tmc/all-value-formats": "names no topic",
}

// A tally counts the cases of a file: those there are, and those that came out as
// they should, by what that means.
type tally struct {
	have     int
	compared int // constructed, with expected events: field by field
	noted    int // constructed, without: to events or not, as withoutEvents has it
	recorded int // decoded into events that have an id, a kind, a time and evidence, an answer or a move
	listed   int // recorded, and come to nothing or are refused as listed
	told     int // texts and events that are no frames: there and back by our own protocol
}

func (n tally) done() int { return n.compared + n.noted + n.recorded + n.listed + n.told }

func (n *tally) add(of tally) {
	n.have += of.have
	n.compared += of.compared
	n.noted += of.noted
	n.recorded += of.recorded
	n.listed += of.listed
	n.told += of.told
}

// TestEveryFixtureIsDecoded reads every file beside the project: each is one
// decoder's, and each case of it is decoded on a connection of its file. A case that
// says what it expects is compared with that, to the last field; a recorded one says
// nothing, and has to come to events that could be kept, or be listed here. What is
// new there and read by nobody fails, and so does a listing that no case needs.
func TestEveryFixtureIsDecoded(t *testing.T) {
	if _, err := os.Stat(fixtures); os.IsNotExist(err) {
		t.Skip("NOT TESTED: the fixtures are not beside the project (../shared/fixtures)")
	}
	var all tally
	err := filepath.WalkDir(fixtures, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		rel, err := filepath.Rel(fixtures, path)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		for prefix := range notFrames {
			if strings.HasPrefix(rel, prefix) {
				return nil
			}
		}
		t.Run(rel, func(t *testing.T) {
			got := file(t, rel, path)
			if got.have == 0 || got.done() != got.have {
				t.Errorf("%d of %d cases come out as they should", got.done(), got.have)
			}
			all.add(got)
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d of %d cases: %d constructed ones compared with what they expect, %d that expect nothing; %d recorded ones decoded into what can be kept, %d that come to nothing or are refused as listed; %d texts and events told by our own protocol and back",
		all.done(), all.have, all.compared, all.noted, all.recorded, all.listed, all.told)
	if all.compared < 150 || all.recorded < 1100 || all.told < 1900 {
		t.Errorf("only %+v: are fixtures missing?", all)
	}
	for at, of := range listed {
		if !of.seen {
			t.Errorf("%s stands in the list of those without events and is none: take it out", at)
		}
	}
}

// notFrames are files that are no message of a protocol read here, and what they are.
var notFrames = map[string]string{
	"LICENSES/": "texts", "SOURCES.md": "text", "cloudevents/": "the schema of the specification",
	"tiktok-webcast/WebcastOecLiveShoppingMessage_": "raw protobuf of TikTok's own socket, which is not read here: TikFinity and f2 are",
}

// file decodes one file by its kind.
func file(t *testing.T, rel, path string) tally {
	t.Helper()
	dir, name, _ := strings.Cut(rel, "/")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	switch {
	case name == "wire-constructed.jsonl":
		return constructed(t, dir)
	case dir == "synthetic" || dir == "datasets" || name == "danmaku-timeline.jsonl":
		return told(t, rel, data)
	}
	p := protocolOf(t, dir)
	if p == nil {
		t.Fatalf("no decoder reads %s: name one in this test", rel)
	}
	var n tally
	s := p.NewSession(feed.Position{})
	for f, err := range record.Frames(name, bytes.NewReader(data)) {
		if err != nil {
			t.Fatal(err)
		}
		n.have++
		f.Data = unwrapped(dir, f.Data)
		d := s.Decode(f.Frame, fixtureTime)
		of, ok := listed[fmt.Sprintf("%s:%d", rel, n.have)]
		switch {
		case ok:
			of.seen = true
			if of.holds(t, d, f.Data) {
				n.listed++
			}
		case len(d.Refused) > 0:
			t.Errorf("case %d is refused: %v", n.have, d.Refused)
		case len(d.Events)+len(d.Reply) == 0 && d.Move == nil:
			t.Errorf("case %d comes to nothing: %s", n.have, f.Data)
		case sound(t, d):
			n.recorded++
		}
	}
	return n
}

// A bare case is recorded and comes to no event: it is left out on purpose, or is a
// part of one that another message tells, or it is refused.
type bare struct {
	kind    string // stands in the case, so that another in its place is seen
	refused string // what the refusal says; "": it comes to nothing
	seen    bool
}

// holds tells whether a listed case came out as listed.
func (b *bare) holds(t *testing.T, d feed.Decoded, data []byte) bool {
	t.Helper()
	switch {
	case !bytes.Contains(data, []byte(b.kind)):
		t.Errorf("the listed case is another than of %s: %s", b.kind, data)
	case len(d.Events)+len(d.Reply) > 0 || d.Move != nil:
		t.Errorf("a case of %s comes to %+v: take it out of the list", b.kind, d)
	case b.refused == "" && len(d.Refused) > 0, b.refused != "" && (len(d.Refused) != 1 || !strings.Contains(d.Refused[0].Error(), b.refused)):
		t.Errorf("a case of %s is refused with %v, want %q", b.kind, d.Refused, b.refused)
	default:
		return true
	}
	return false
}

// listed are the bare cases, by file and number.
var listed = map[string]*bare{
	"bilibili-web/recorded-messages.jsonl:4":  {kind: "ENTRY_EFFECT_MUST_RECEIVE"},
	"bilibili-web/recorded-messages.jsonl:12": {kind: "STOP_LIVE_ROOM_LIST"},
	"bilibili-web/recorded-messages.jsonl:13": {kind: "SUPER_CHAT_MESSAGE_JPN"}, // SUPER_CHAT_MESSAGE tells it
	"doudian/TradePendingEvent.json:1":        {kind: `"tag": 0`},               // a probe

	"douyin-webcast/WebcastRoomUserSeqMessage.json:1":          {kind: "WebcastRoomUserSeqMessage"},
	"douyin-webcast/WebcastStatsMessage.json:1":                {kind: "WebcastRoomStatsMessage"},
	"douyin-webcast/WebcastUpdateFanTicketMessage.json:1":      {kind: "WebcastUpdateFanTicketMessage"},
	"tiktok-webcast/WebcastRoomUserSeqMessage.json:1":          {kind: "WebcastRoomUserSeqMessage"},
	"tiktok-webcast/WebcastStatsMessage.json:1":                {kind: "WebcastRoomStatsMessage"},
	"tiktok-webcast/WebcastRoomStreamAdaptationMessage.json:1": {kind: "WebcastRoomStreamAdaptationMessage"},

	"tiktok-tikfinity/events.jsonl:4":  {kind: `"event":"roomUser"`},
	"tiktok-tikfinity/events.jsonl:14": {kind: `"event":"follow"`}, // "social" with the same msgId tells it
	"tiktok-tikfinity/events.jsonl:15": {kind: `"event":"share"`},  // so here

	"twitch-eventsub/full-frames.jsonl:21":         {kind: "session_welcome"},
	"twitch-eventsub/session-messages.doc.jsonl:1": {kind: "session_welcome"},
	"twitch-eventsub/session-messages.doc.jsonl:3": {kind: "session_keepalive"},

	// Manuals that print what is no message.
	"asr-funasr/doc-samples.jsonl:1":       {kind: ": True", refused: "no JSON"},
	"asr-funasr/doc-samples.jsonl:2":       {kind: ": False", refused: "no JSON"},
	"asr-funasr/doc-samples.jsonl:3":       {kind: ": True", refused: "no JSON"},
	"asr-funasr/doc-samples.jsonl:4":       {kind: ": True", refused: "no JSON"},
	"asr-funasr/doc-samples.jsonl:5":       {kind: ": False", refused: "no JSON"},
	"asr-funasr/doc-samples.jsonl:6":       {kind: ": True", refused: "no JSON"},
	"douyin-douyinlive/status.doc.jsonl:7": {kind: "WebcastChatMessage", refused: "without id and content"},
}

// unwrapped takes a message out of what was put around it in its file.
func unwrapped(dir string, line []byte) []byte {
	var row struct {
		Case   string         `json:"case"`
		Event  jsontext.Value `json:"event"`
		Origin string         `json:"origin"`
		Text   string         `json:"text"`
	}
	if json.Unmarshal(line, &row) != nil {
		return line
	}
	switch {
	case dir == "twitch-eventsub" && row.Case != "": // the event alone, or several that a screen joins
		kind, _, _ := strings.Cut(row.Case, "/")
		event := row.Event
		if list := []jsontext.Value{}; event.Kind() == '[' && json.Unmarshal(event, &list) == nil && len(list) > 0 {
			event = list[0]
		}
		return fmt.Appendf(nil, `{"metadata":{"message_id":"d","message_type":"notification","subscription_type":%q},"payload":{"event":%s}}`, subject(kind), event)
	case row.Origin != "":
		return []byte(row.Text)
	}
	return line
}

// subject is the type of event that a recorded case is of.
func subject(kind string) string {
	for _, s := range []string{
		"automod.message.hold", "automod.message.update", "channel.ban", "channel.chat.message", "channel.chat.notification", "channel.moderate",
		"channel.suspicious_user.message", "channel.suspicious_user.update", "channel.chat.user_message_hold", "channel.chat.user_message_update",
	} {
		if strings.NewReplacer(".", "-", "_", "-").Replace(s) == kind {
			return s
		}
	}
	return kind
}

// sound tells whether every event of d could be kept: it has what tells it apart.
func sound(t *testing.T, d feed.Decoded) bool {
	t.Helper()
	for _, e := range d.Events {
		if feed.Finish(&e, "source", "", 0, fixtureTime); e.ID == "" || e.Kind == "" || e.At.IsZero() || len(e.Raw) == 0 {
			t.Errorf("event %+v", e)
			return false
		}
	}
	return true
}

// constructed decodes the frames of one protocol in order and compares what they
// come to. What we send is compared where it is made, in the protocol's own tests.
func constructed(t *testing.T, dir string) (n tally) {
	t.Helper()
	p := protocolOf(t, dir)
	if p == nil {
		t.Fatalf("no decoder reads %s: name one in this test", dir)
	}
	s := p.NewSession(feed.Position{})
	for _, f := range feedtest.Fixtures(t, dir) {
		if f.Dir == "out" {
			continue
		}
		n.have++
		frame := f.Frame()
		if f.Op == "http" {
			frame.Data = f.Line
		}
		d := s.Decode(frame, fixtureTime)
		ok := t.Run(f.Name, func(t *testing.T) {
			if f.Expect != nil {
				feedtest.Check(t, d, f.Expect)
			}
			how, none := withoutEvents[dir+"/"+f.Name]
			switch {
			case len(d.Events) > 0:
				if none {
					t.Errorf("%d events where none is told of", len(d.Events))
				}
				sound(t, d)
			case !none:
				t.Errorf("comes to nothing, refused %v", d.Refused)
			case how == "reply" && len(d.Reply) != 1, how == "" && len(d.Refused)+len(d.Reply) > 0:
				t.Errorf("comes to %d replies, refused %v", len(d.Reply), d.Refused)
			case how != "" && how != "reply" && (len(d.Refused) != 1 || !strings.Contains(d.Refused[0].Error(), how)):
				t.Errorf("refused %v, want %q", d.Refused, how)
			}
		})
		switch {
		case ok && f.Expect != nil:
			n.compared++
		case ok:
			n.noted++
		}
	}
	return n
}

// told sends texts and events that are no frames by our own protocol, and compares
// what arrives with what was told.
func told(t *testing.T, rel string, data []byte) (n tally) {
	t.Helper()
	var rows []feed.Event
	if strings.HasPrefix(rel, "datasets/") {
		var said map[string][][]string
		if err := json.Unmarshal(data, &said); err != nil {
			t.Fatal(err)
		}
		for _, pairs := range said {
			for _, pair := range pairs {
				for _, text := range pair {
					rows = append(rows, feed.Event{Kind: feed.KindChat, Text: text})
				}
			}
		}
	} else {
		for line := range bytes.Lines(data) {
			rows = append(rows, neutral(t, line))
		}
	}
	for i, want := range rows {
		n.have++
		want.ID, want.Source = fmt.Sprintf("c%d", i), "test"
		feed.Clean(&want)
		b, err := cloudevent.Encode(want)
		if err != nil {
			t.Error(err)
			continue
		}
		got, err := cloudevent.Decode(b)
		feed.Clean(&got)
		if err != nil || got.Text != want.Text || got.Kind != want.Kind || got.OrderID != want.OrderID || got.AmountFen != want.AmountFen || !got.At.Equal(want.At) || got.Shown != want.Shown {
			t.Errorf("case %d: %s came to %+v, %v", i, b, got, err)
			continue
		}
		n.told++
	}
	return n
}

// neutral reads an event of the made-up broadcast, or a line of recorded comments.
func neutral(t *testing.T, line []byte) feed.Event {
	t.Helper()
	var row struct {
		Kind  feed.Kind                   `json:"kind"`
		At    int64                       `json:"at"`
		Text  string                      `json:"text"`
		User  jsontext.Value              `json:"user"`
		Order struct{ ID, Status string } `json:"order"`
		Fen   int64                       `json:"amount"`
		Item  struct{ ID, Title string }  `json:"product"`
	}
	if err := json.Unmarshal(line, &row, json.MatchCaseInsensitiveNames(true)); err != nil {
		t.Fatalf("%s: %v", line, err)
	}
	e := feed.Event{Kind: row.Kind, Text: row.Text, OrderID: row.Order.ID, AmountFen: row.Fen}
	if row.Kind == "" {
		e.Kind = feed.KindChat
	}
	if row.At != 0 {
		e.At = time.UnixMilli(row.At).UTC()
	}
	if row.Item.ID != "" {
		e.Product = &feed.Product{ID: row.Item.ID, Title: row.Item.Title, Stock: -1}
	}
	if e.Kind == feed.KindSystem {
		e.Code = "notice"
	}
	return e
}
