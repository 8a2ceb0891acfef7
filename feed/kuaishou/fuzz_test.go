package kuaishou

import (
	"testing"

	"liveroom/feed"
	"liveroom/feed/feedtest/corpus"
	"liveroom/feed/feedtest/fuzzed"
	kt "liveroom/feed/kuaishou/kuaishoutest"
)

// FuzzDecode asks of every frame, plain or zipped: no more feeds than a frame may
// hold, and a gift that adds nothing when its streak is told again.
func FuzzDecode(f *testing.F) {
	full := [][]byte{
		kt.Text(5, str(1, "c1"), who("3xA", "甲"), str(3, "好"), kt.Text(8, kt.Number(3, 1)), kt.Number(9, 1790000000000)), push1(),
		giftFeed("g", "k", 3), giftFeed("", "", 1), kt.Text(8, str(1, "l"), who("3xB", "乙")), kt.Text(12, str(1, "s")),
		kt.Text(11, str(1, "n"), who("", ""), kt.Number(3, 1<<63), str(4, "notice\x1b")), kt.Number(1, 9),
	}
	for _, zip := range []bool{false, true} {
		f.Add(kt.Message(310, zip, full...))
	}
	for _, kind := range []uint64{101, 300, 301, 302, 340, 360, 361, 999} {
		f.Add(kt.Message(kind, false))
	}
	f.Add(kt.Message(103, false, kt.Number(1, 1), str(2, "\x1b")))
	f.Add(kt.Message(355, false, kt.Number(1, 1)))
	f.Add(kt.Message(355, true, kt.Number(1, 0)))
	f.Add(append(append(kt.Number(1, 310), kt.Number(2, 3)...), str(3, "x")...))
	f.Add(kt.Message(310, false, str(13, "x"), str(99, "y"), push1(), str(13, "z"), str(5, ""), str(9, "")))
	f.Add([]byte{1<<3 | 1, 0, 0, 0, 0, 0, 0, 0, 0, 2<<3 | 5, 0, 0, 0, 0, 3<<3 | 3})
	corpus.Add(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		frame := feed.Frame{Binary: true, Data: data}
		d := fuzzed.Decode(t, open, frame, recv, fuzzed.Bounds{Events: maxFeeds, Refused: maxFeeds + 1, Inflates: maxInflated})
		for _, e := range d.Events {
			if e.Kind == feed.KindGift && e.Count <= 0 {
				t.Fatalf("a gift of %d", e.Count)
			}
		}
		s := open()
		s.Decode(frame, recv)
		again := s.Decode(frame, recv)
		if len(again.Events) > len(d.Events) {
			t.Fatalf("%d events, and %d when it is told again", len(d.Events), len(again.Events))
		}
	})
}
