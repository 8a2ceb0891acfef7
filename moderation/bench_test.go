package moderation_test

import (
	"fmt"
	"testing"

	"liveroom/claims"
	"liveroom/claims/sheet"
	"liveroom/feed"
	"liveroom/moderation"
)

// BenchmarkCommit is how many events a second a desk records in batches of 256,
// one in ten of them speech.
func BenchmarkCommit(b *testing.B) {
	for _, bb := range []struct {
		name    string
		checker moderation.Checker
	}{
		{"unchecked", nil},
		{"checked", claims.New(&sheet.Sheet{})},
	} {
		b.Run(bb.name, func(b *testing.B) {
			d := newDesk(b, func(c *moderation.Config) { c.Checker = bb.checker })
			s := d.Subscribe()
			defer s.Close()
			n := 0
			for b.Loop() {
				events := make([]feed.Event, 256)
				for i := range events {
					n++
					if n%10 == 0 {
						events[i] = says(n, "家人们这条围巾是羊毛混纺的 一条只要一百二十九")
					} else {
						events[i] = event(feed.KindChat, n, fmt.Sprint("第", n, "条弹幕"))
					}
				}
				d.commit(events...)
			}
			b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "events/s")
		})
	}
}
