package tui

import (
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"liveroom/moderation"
)

// The rules of batches. What a person asks for at once is done one after another,
// each action through the desk as if it stood alone: what is refused is listed and
// the rest is done all the same, unless one rests on the one before. Together they
// are one thing to take back.

// A step is one action of a batch.
type step struct {
	target string
	// make gives the command; before is what the step before came to.
	make func(before moderation.Result) moderation.Command
}

func oneStep(target string, c moderation.Command) step {
	return step{target, func(moderation.Result) moderation.Command { return c }}
}

// A batch is several actions on their way.
type batch struct {
	what    string // in words, for the undo line
	steps   []step
	chain   bool // a step rests on the one before: the first failure ends it
	at      int  // the step that is being done
	done    int
	failed  []string     // what was not done, and why
	refused map[int]bool // which steps those are
	leaves  bool
	until   time.Time // how long all of it can be taken back
	before  moderation.Result
	then    func(*Model, *batch) tea.Cmd // called when it is over
}

func (b *batch) over() bool { return b.at >= len(b.steps) }

// stepped is what one step came to.
type stepped struct {
	b *batch
	done
}

// begin performs a batch.
func (m *Model) begin(b *batch) tea.Cmd {
	for _, s := range b.steps {
		m.pending[s.target]++
	}
	return m.nextStep(b)
}

func (m *Model) nextStep(b *batch) tea.Cmd {
	s := b.steps[b.at]
	c := s.make(b.before)
	desk, actor, ctx := m.opt.Desk, m.opt.Actor, m.ctx
	return func() tea.Msg {
		res, err := desk.Do(ctx, actor, c)
		return stepped{b, done{cmd: c, target: s.target, res: res, err: err}}
	}
}

// settle takes in what a step came to and goes on with the next.
func (s stepped) settle(m *Model) tea.Cmd {
	b := s.b
	m.arrived(s.target)
	if s.err != nil {
		m.keepDraft(s.cmd)
		b.failed = append(b.failed, m.t.T("batch.failed", s.target, m.refusal(s.err)))
		if b.refused == nil {
			b.refused = map[int]bool{}
		}
		b.refused[b.at] = true
	} else {
		b.done++
		b.before = s.res
		m.takeIn(s.res)
		if until := s.res.UndoUntil; !until.IsZero() && (b.until.IsZero() || until.Before(b.until)) {
			b.until = until
		}
		b.leaves = b.leaves || s.res.Leaves
	}
	b.at++
	if s.err != nil && b.chain {
		for _, left := range b.steps[b.at:] {
			m.arrived(left.target)
		}
		b.at = len(b.steps)
	}
	if !b.over() {
		return m.nextStep(b)
	}
	if b.done > 0 && b.until.After(m.opt.Wall()) {
		m.undo = append(m.undo, undoable{what: b.what, until: b.until, leaves: b.leaves, actions: b.done})
	}
	return tea.Batch(b.then(m, b), m.detailCmd())
}

// arrived notes that an action on a target came back.
func (m *Model) arrived(target string) {
	if m.pending[target]--; m.pending[target] <= 0 {
		delete(m.pending, target)
	}
}

// tellBatch says what a batch came to, in the line where one action says it.
func tellBatch(m *Model, b *batch) tea.Cmd {
	if len(b.failed) > 0 {
		m.complain(m.t.T("batch.partly", b.done, len(b.steps), b.failed[0]))
		return nil
	}
	m.say(b.what)
	return nil
}

// undoAll takes back a batch, the last action first.
func (m *Model) undoAll(u undoable) tea.Cmd {
	b := &batch{what: m.t.T("batch.undone", u.what), chain: true}
	for range u.actions {
		b.steps = append(b.steps, oneStep(u.what, moderation.Undo{}))
	}
	b.then = func(m *Model, b *batch) tea.Cmd {
		m.undo = m.undo[:max(len(m.undo)-1, 0)]
		return tellBatch(m, b)
	}
	return m.begin(b)
}
