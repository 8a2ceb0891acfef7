package tui

import (
	"fmt"
	"testing"

	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/tui/text"
)

// BenchmarkFeed draws 160x50 with 1,000 chat lines a second: each round is one
// batch of 50 ms, 50 lines, one Update and one View. 20 rounds are a second.
func BenchmarkFeed(b *testing.B) {
	s := newStage(b, text.ZH, 160, 50)
	s.update(scene())
	batches := make([]moderation.Update, 400)
	sc := &script{room: "r1", n: 1000}
	for i := range batches {
		sc.evs = nil
		for k := range 50 {
			sc.add(600+i/20, feed.KindChat, fmt.Sprint("观众", k), fmt.Sprintf("第%d句 这条围巾真的是纯羊毛吗 有没有人买过 👍 %d", i, k))
		}
		batches[i].Events = sc.evs
	}
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		u := batches[i%len(batches)]
		for k := range u.Events {
			u.Events[k].Index += int64(50 * len(batches))
		}
		s.m.Update(updated{u: u})
		if s.m.View() == "" {
			b.Fatal("nothing was drawn")
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)*20/1e7, "%core")
}

// BenchmarkFullRoom is BenchmarkFeed in a room that holds all it can, with an
// order in every batch.
func BenchmarkFullRoom(b *testing.B) {
	s := newStage(b, text.ZH, 160, 50)
	u := scene()
	for i := range flagCap - 10 {
		f := u.Flags[i%3]
		f.ID, f.At = int64(1000+i), at(i)
		u.Flags = append(u.Flags, f)
	}
	for i := range orderCap - 10 {
		o := u.Orders[i%2]
		o.ID, o.Number, o.PaidAt = fmt.Sprint("LR", i), int64(1000+i), at(i)
		u.Orders = append(u.Orders, o)
	}
	s.update(u)
	sc := &script{room: "r1", n: 100_000}
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		sc.evs = sc.evs[:0]
		for range 50 {
			sc.add(6000+i/20, feed.KindChat, "观众", "这条围巾真的是纯羊毛吗 有没有人买过")
		}
		o := u.Orders[20]
		o.Number = int64(100_000 + i)
		s.m.Update(updated{u: moderation.Update{Events: sc.evs, Orders: []moderation.Order{o}}})
		if s.m.View() == "" {
			b.Fatal("nothing was drawn")
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)*20/1e7, "%core")
}

// BenchmarkKey draws the answer to a key on a full screen.
func BenchmarkKey(b *testing.B) {
	s := newStage(b, text.ZH, 160, 50)
	s.update(scene())
	keys := []string{"j", "k"}
	for i := range b.N {
		s.m.Update(keyOf(keys[i%2]))
		if s.m.View() == "" {
			b.Fatal("nothing was drawn")
		}
	}
}
