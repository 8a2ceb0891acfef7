package conformance

import (
	"testing"

	"go.uber.org/goleak"

	"liveroom/feed"
)

// A scene is one case of the suite.
type scene struct {
	name string
	// needs is what the protocol must be able to do for play; where it cannot,
	// instead is played. "" : play is for all.
	needs   Ability
	play    func(*play)
	instead func(*play)
	denied  bool // the room is one that must not be read; only for play
	hurry   bool // what is waited for takes minutes
}

// pace is how fast s is played the scene.
func (c scene) pace(s *Subject) feed.Pace {
	switch {
	case !c.hurry:
		return 1
	case s.Pace > 0:
		return s.Pace
	}
	return hurried
}

// Check holds a subject to everything that a source promises while it runs. sink
// makes an empty record for each case; nil: a memory.
func Check(t *testing.T, s Subject, sink func(testing.TB) Sink) {
	t.Helper()
	if sink == nil {
		sink = memory
	}
	if s.Beats == 0 {
		s.Beats = usualBeats
	}
	for _, c := range scenes {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			run, denied := c.play, c.denied
			if c.needs != "" && !s.can(c.needs) {
				t.Logf("%s: it cannot: %s. Tested instead.", c.needs, s.Cannot[c.needs])
				run, denied = c.instead, false
			}
			p := open(t, s, sink(t), c.pace(&s), denied)
			s.check(t, p.room)
			run(p)
			p.close()
		})
	}
}

// Leave asks that a subject leaves nothing behind, whenever the program is told to
// leave. It must not run beside other tests, whose goroutines nobody could tell from
// the program's.
func Leave(t *testing.T, s Subject, sink func(testing.TB) Sink) {
	t.Helper()
	if sink == nil {
		sink = memory
	}
	for _, c := range leaving {
		t.Run(c.name, func(t *testing.T) {
			before := goleak.IgnoreCurrent()
			p := open(t, s, sink(t), c.pace(&s), false)
			c.play(p)
			p.close()
			goleak.VerifyNone(t, before)
		})
	}
}
