package surge_test

import (
	"path/filepath"
	"testing"
	"time"

	"liveroom/feed"
	"liveroom/moderation/surge"
)

// BenchmarkCommitCrowd is what recording a crowd's events costs once they are decoded,
// in processor time: the clock tells of what else the machine does.
func BenchmarkCommitCrowd(b *testing.B) {
	desk, store := intakeDesk(b, filepath.Join(b.TempDir(), "crowd.db"))
	defer store.Close()
	const batch = 512
	var busy time.Duration
	n := int64(0)
	for b.Loop() {
		b.StopTimer()
		events := make([]feed.Event, batch)
		for i := range events {
			now := time.Now()
			events[i] = surge.Crowd("room", n%written, firstSent+n, firstUser+(n*7919)%surge.CrowdViewers, now)
			e := &events[i]
			e.Raw = []byte(`{"specversion":"1.0","id":"` + e.ID + `","source":"/room","type":"liveroom.chat.v1","subject":"room","time":"2026-11-22T12:00:00.123456789Z","datacontenttype":"application/json","epoch":"crowd","offset":2000000000,"data":{"user":{"id":"` + e.User.ID + `","name":"` + e.User.Name + `","role":"viewer"},"text":"` + e.Text + `"}}`)
			feed.Clean(e)
			n++
		}
		b.StartTimer()
		user, system := processorTime()
		if err := desk.Commit(b.Context(), feed.Batch{Room: "room", Source: "room", Events: events, Position: feed.Position{Source: "room", Epoch: "crowd", Offset: firstSent + n}}); err != nil {
			b.Fatal(err)
		}
		u, s := processorTime()
		busy += u + s - user - system
	}
	b.ReportMetric(float64(busy.Nanoseconds())/float64(n), "cpu-ns/event")
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "events/s")
}
