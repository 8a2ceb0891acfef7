package moderation

import (
	"liveroom/claims"
	"liveroom/feed"
	"liveroom/moderation/triage"
)

// Whoever writes the record is alone in doing so, and bounds what a crowd can say in a
// second: what needs neither the record nor the room is worked out on another core
// meanwhile.

// A reading is what a line of the chat says by itself.
type reading struct {
	asks     bool
	question bool // something that a viewer wants to know
	asking   triage.Asking
}

// asks tells whether an event is a viewer's question that a host may answer
// with a word, which makes a claim of it.
func asks(e *feed.Event) bool {
	return e.Kind == feed.KindChat && !IsUtterance(e) && claims.Asks(e.Text)
}

func read(e *feed.Event) (r reading) {
	if e.Kind != feed.KindChat || IsUtterance(e) {
		return r
	}
	r.asks = asks(e)
	if e.User.Role != feed.RoleModerator {
		r.asking, r.question = triage.Ask(triage.Message{ID: e.ID, Channel: "chat", Text: e.Text})
	}
	return r
}

// readings are those of a batch.
type readings struct {
	lines []reading
	done  chan struct{}
}

func readLines(events []feed.Event) *readings {
	r := &readings{make([]reading, len(events)), make(chan struct{})}
	go func() {
		defer close(r.done)
		for i := range events {
			r.lines[i] = read(&events[i])
		}
	}()
	return r
}

func (r *readings) wait() []reading {
	<-r.done
	return r.lines
}

// eventLeaves are the leaves of a batch's events.
type eventLeaves struct {
	at     []int // where each stands among the leaves of the batch
	leaves []Leaf
	err    error
	done   chan struct{}
}

func makeEventLeaves(events []Recorded) *eventLeaves {
	m := &eventLeaves{at: make([]int, 0, len(events)), leaves: make([]Leaf, len(events)), done: make(chan struct{})}
	go func() {
		defer close(m.done)
		for i := range events {
			if m.leaves[i], m.err = newEventLeaf(&events[i]); m.err != nil {
				return
			}
		}
	}()
	return m
}

// fill puts the leaves to their places.
func (m *eventLeaves) fill(all []Leaf) error {
	if m == nil {
		return nil
	}
	<-m.done
	for i, at := range m.at {
		all[at] = m.leaves[i]
	}
	return m.err
}
