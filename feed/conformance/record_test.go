package conformance

import (
	"bytes"
	"reflect"
	"slices"
	"testing"
	"time"

	"liveroom/feed"
	"liveroom/feed/bilibili"
	"liveroom/feed/feedtest"
	"liveroom/feed/record"
)

// TestARecordingComesToTheEventsOfTheRoom: what a program that records has in its record,
// a decoder makes of the recording later: every event to the last field, partial results
// too, over two connections of which the second was not expected. Posts are no websocket's: the program's
// tests hold them to the same.
func TestARecordingComesToTheEventsOfTheRoom(t *testing.T) {
	t.Parallel()
	for _, s := range Subjects() {
		if s.Way == Posts {
			continue
		}
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			var file bytes.Buffer
			w, err := record.NewWriter(&file, record.Header{Protocol: "p", Room: roomName, Start: time.Now()})
			if err != nil {
				t.Fatal(err)
			}
			var source string
			var plain feed.Protocol
			s.spoil = func(cfg *feed.Config, p feed.Protocol, sink feed.Sink) (feed.Protocol, feed.Sink) {
				source, plain = cfg.Source, p
				return record.Tap(p, w, time.Now, s.Secrets...), sink
			}
			sink := feedtest.NewSink()
			p := open(t, s, sink, 1, false)
			says := func(n int) {
				p.say(p.messages(n)...)
				p.must(p.sink.Wait(p.said, func(e feed.Event) bool { return e.Kind != feed.KindGap && p.keep(e) }, patience))
			}
			p.start(true)
			says(3)
			if odd, ok := p.room.(Oddity); ok {
				p.odd++
				p.must(odd.Odd())
			}
			says(1)
			p.must(p.room.(Kicker).Kick())
			p.joins()
			says(2)
			p.close()
			equal(t, toldBy(sink.Events(nil)), toldBy(decoded(t, decoder(t, plain), source, &file)))
		})
	}
}

// toldBy are the events that a peer told, without what the source adds of its own: gaps,
// and that something is not known.
func toldBy(events []feed.Event) []feed.Event {
	return slices.DeleteFunc(events, func(e feed.Event) bool { return e.Kind == feed.KindGap || e.Code == feed.CodeUnknown })
}

// decoder is what reads the recording of a protocol: one that has to log in first has
// one beside it that has not.
func decoder(t *testing.T, p feed.Protocol) feed.Protocol {
	t.Helper()
	if _, ok := p.(*bilibili.OpenLive); !ok {
		return p
	}
	p, err := bilibili.New(bilibili.Options{URL: "ws://127.0.0.1/"})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// decoded is what a recording comes to, finished as a source finishes it.
func decoded(t *testing.T, p feed.Protocol, source string, file *bytes.Buffer) (events []feed.Event) {
	t.Helper()
	sessions := map[int]feed.Session{}
	seen := map[string]bool{}
	for f, err := range record.Frames("room.jsonl", file) {
		if err != nil {
			t.Fatal(err)
		}
		if sessions[f.Conn] == nil {
			sessions[f.Conn] = p.NewSession(feed.Position{})
		}
		if f.Sound {
			sessions[f.Conn].(interface{ Unwrap() feed.Session }).Unwrap().(interface{ Began(time.Time) }).Began(f.At)
			continue
		}
		for i, e := range sessions[f.Conn].Decode(f.Frame, f.At).Events {
			feed.Finish(&e, source, roomName, i, f.At)
			if !seen[e.ID] {
				seen[e.ID] = true
				events = append(events, e)
			}
		}
	}
	return events
}

// equal compares events, whoever is named as their source.
func equal(t *testing.T, live, read []feed.Event) {
	t.Helper()
	plain := func(e feed.Event) feed.Event {
		e.Source, e.At, e.Recv = "", e.At.UTC().Round(0), e.Recv.UTC().Round(0)
		if e.Speech != nil {
			said := *e.Speech
			said.StartAt = said.StartAt.UTC().Round(0)
			e.Speech = &said
		}
		return e
	}
	for i := range min(len(live), len(read)) {
		if a, b := plain(live[i]), plain(read[i]); !reflect.DeepEqual(a, b) {
			t.Fatalf("event %d was\n%+v %+v\nthe recording tells\n%+v %+v", i, a, a.Speech, b, b.Speech)
		}
	}
	if len(live) != len(read) {
		t.Errorf("%d events, the recording tells %d", len(live), len(read))
	}
}
