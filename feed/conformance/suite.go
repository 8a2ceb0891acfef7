package conformance

import (
	"testing"

	"go.uber.org/goleak"
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
}

// Check holds a subject to everything that a source promises.
func Check(t *testing.T, s Subject) {
	t.Helper()
	CheckWith(t, s, memory)
}

// CheckWith is Check with another record: sink makes an empty one for each case.
func CheckWith(t *testing.T, s Subject, sink func(testing.TB) Sink) {
	t.Helper()
	for _, c := range leaving {
		t.Run(c.name, func(t *testing.T) {
			// Not beside others: whose goroutine is it?
			before := goleak.IgnoreCurrent()
			p := open(t, s, sink(t), false)
			c.play(p)
			p.close()
			goleak.VerifyNone(t, before)
		})
	}
	for _, c := range scenes {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			run, denied := c.play, c.denied
			if c.needs != "" && !s.can(c.needs) {
				t.Logf("%s: it cannot: %s. Tested instead.", c.needs, s.Cannot[c.needs])
				run, denied = c.instead, false
			}
			p := open(t, s, sink(t), denied)
			s.check(t, p.room)
			run(p)
			p.close()
		})
	}
}
