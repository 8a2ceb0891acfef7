package main

import (
	"slices"
	"testing"

	"liveroom/feed"
	"liveroom/feed/conformance"
)

// TestEveryProtocolPassesTheSharedSuite: what a config may name has a server of its
// own, and is played in feed/conformance.
func TestEveryProtocolPassesTheSharedSuite(t *testing.T) {
	var played []string
	for _, s := range conformance.Subjects() {
		gate := conformance.NewGate()
		room := s.Open(t, conformance.Stage{Gate: gate})
		var cfg feed.Config
		p, err := room.Source(&cfg)
		if err != nil {
			t.Fatalf("%s: %v", s.Name, err)
		}
		played = append(played, p.Name())
		room.Close()
		gate.Close()
	}
	for name := range protocols {
		if !slices.Contains(played, name) {
			t.Errorf("%s is not among conformance.Subjects: %q", name, played)
		}
	}
}
