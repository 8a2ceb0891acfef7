package feed_test

import (
	"testing"

	"liveroom/feed"
)

// lines are what is made fit for a terminal as fast as it comes: the text of a
// line, or the whole of one as JSON.
var lines = map[string]struct {
	text string
	fit  func(text string)
}{
	"chat":    {"真的是纯羊绒吗 上次买的掉毛 666", sanitise},
	"emoji":   {"主播好美👍👍 支持国货🇨🇳 ❤\ufe0f\ufe0f", sanitise},
	"hostile": {"\x1b[31m加\u200b微\u200b信\u202e 9999\x1b[0m e\u0301\u0301\u0301\u0301\u0301", sanitise},
	"json":    {`{"kind":"chat","id":"c1","source":"/s","room":"r1","at":"2026-11-20T12:00:00Z","user":{"id":"u1","name":"小鹿"},"text":"真的是纯羊绒吗 上次买的掉毛 666"}`, plainJSON},
}

func sanitise(text string) { feed.Sanitise(text) }

func plainJSON(text string) { feed.PlainJSON([]byte(text)) }

func BenchmarkFit(b *testing.B) {
	for name, line := range lines {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				line.fit(line.text)
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "lines/s")
		})
	}
}
