package tui

import (
	"context"
	"path/filepath"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"liveroom/claims/rules"
	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/moderation/backtest"
	"liveroom/moderation/rulebook"
)

// The rules of rules from the screen. What is asked for is tried against the day
// before it can be written, and tried again whenever it was changed: enter writes
// only what stands there with its result. It is always in shadow. What the trial
// hides of what people confirmed is said first.

// Rules tries what a person wants to add to their rule file.
type Rules interface {
	// File is the file that is written to.
	File() string
	// Try holds the rules in force with the draft against those without, over what
	// was said in a room, "" for all, in [from, to].
	Try(ctx context.Context, d rules.Draft, room string, from, to time.Time) (rulebook.Trial, error)
}

// trialPause is how long nobody may have typed before the draft is tried: a trial
// reads a day of speech, and nobody wants one for each letter.
const trialPause = 300 * time.Millisecond

// A ruleSheet is the dialog in which a rule or an exemption is worded.
type ruleSheet struct {
	title  string
	target string // what it is called in messages
	fields []*ruleField
	at     int
	draft  func() (rules.Draft, string) // and the room it is tried in, "" for all
	asked  moderation.RecordRule
	from   time.Time // what it is tried on
	to     time.Time

	seq    int // of what stands in the fields
	stop   context.CancelFunc
	trial  rulebook.Trial
	tried  int // the seq of the trial; 0: none yet
	failed error
	x, y   int
}

// A ruleField is one thing that is asked for: typed, or one of a few.
type ruleField struct {
	label   string
	line    input
	options []string // in words; nil: it is typed
	pick    int
}

// trialDue says that a person paused long enough; trialRead is a trial's result.
type (
	trialDue struct {
		sheet *ruleSheet
		seq   int
	}
	trialRead struct {
		sheet *ruleSheet
		seq   int
		trial rulebook.Trial
		err   error
	}
)

func (s *ruleSheet) caret() (x, y int, ok bool) { return s.x, s.y, s.fields[s.at].options == nil }

// changed lets the draft be tried once the person pauses.
func (s *ruleSheet) changed(wait time.Duration) tea.Cmd {
	s.seq++
	if s.stop != nil {
		s.stop()
		s.stop = nil
	}
	seq := s.seq
	if wait == 0 {
		return func() tea.Msg { return trialDue{s, seq} }
	}
	return tea.Tick(wait, func(time.Time) tea.Msg { return trialDue{s, seq} })
}

// tryRule begins a trial, if nothing was changed since it was asked for.
func (m *Model) tryRule(due trialDue) tea.Cmd {
	s := due.sheet
	if m.dialog != s || due.seq != s.seq {
		return nil
	}
	ctx, stop := context.WithCancel(m.ctx)
	s.stop = stop
	book, from, to := m.opt.Rules, s.from, s.to
	draft, room := s.draft()
	return func() tea.Msg {
		t, err := book.Try(ctx, draft, room, from, to)
		stop()
		return trialRead{s, due.seq, t, err}
	}
}

// ruleTried takes a trial's result.
func (m *Model) ruleTried(r trialRead) {
	if s := r.sheet; r.seq == s.seq {
		s.trial, s.failed, s.tried = r.trial, r.err, r.seq
	}
}

func (s *ruleSheet) key(m *Model, msg tea.KeyMsg) (bool, tea.Cmd) {
	f := s.fields[s.at]
	switch msg.Type {
	case tea.KeyEsc, tea.KeyCtrlC:
		if s.stop != nil {
			s.stop()
		}
		return true, nil
	case tea.KeyTab, tea.KeyDown:
		s.at = (s.at + 1) % len(s.fields)
		return false, nil
	case tea.KeyShiftTab, tea.KeyUp:
		s.at = (s.at + len(s.fields) - 1) % len(s.fields)
		return false, nil
	case tea.KeyEnter:
		return s.write(m)
	case tea.KeyLeft, tea.KeyRight:
		if f.options == nil {
			break
		}
		step := 1
		if msg.Type == tea.KeyLeft {
			step = len(f.options) - 1
		}
		f.pick = (f.pick + step) % len(f.options)
		return false, s.changed(trialPause)
	}
	if f.options != nil {
		return false, nil
	}
	before := f.line.value()
	f.line.key(msg)
	if f.line.value() == before {
		return false, nil
	}
	return false, s.changed(trialPause)
}

// write asks for what was tried, and for nothing else.
func (s *ruleSheet) write(m *Model) (bool, tea.Cmd) {
	switch {
	case s.tried != s.seq:
		m.complain(m.t.T("trial.wait"))
		return false, nil
	case s.failed != nil:
		m.complain(m.t.T("trial.cannot", m.trialFailure(s.failed)))
		return false, nil
	}
	s.asked.Text = s.trial.Text
	return true, m.act(s.asked, s.target)
}

func (m *Model) trialFailure(err error) string {
	return feed.Sanitise(rulebook.Reason(err)).Truncate(200).String()
}

func (s *ruleSheet) rows(m *Model, w, h int) []string {
	rows := []string{m.sheetTitle(w, s.title)}
	indent := m.labelCells() + 3
	for i, f := range s.fields {
		base, mark := style{}, " "
		if i == s.at {
			base, mark = m.th.rest, "▌"
		}
		row := newRow(w, base).own(m.th.focus, mark).own(m.th.dim, m.t.T(f.label)).to(indent)
		switch {
		case f.options != nil:
			row.own(m.th.key, "‹ ").show(m.th.plain, feed.Sanitise(f.options[f.pick])).own(m.th.key, " ›")
		case i == s.at:
			shown, col := f.line.view(max(row.left()-1, 4))
			s.x, s.y = row.used+col, len(rows)
			f.line.put(m.th, row, shown, col)
		default:
			row.show(m.th.plain, feed.Sanitise(f.line.value()))
		}
		rows = append(rows, row.done())
	}
	hint := newRow(w, style{}).gap(1).own(m.th.dim, m.t.T("trial.hint", feed.Sanitise(filepath.Base(m.opt.Rules.File())).Truncate(30).String())).done()
	rows = append(rows, s.result(m, w, h-len(rows)-1)...)
	return append(rows[:min(len(rows), max(h-1, 1))], hint)
}

// result tells what the draft would have changed, in at most n rows.
func (s *ruleSheet) result(m *Model, w, n int) []string {
	line := func(st style, text string) string {
		return newRow(w, style{}).gap(1).own(st, text).done()
	}
	if n <= 0 {
		return nil
	}
	if s.tried != s.seq {
		return []string{line(m.th.dim, m.t.T("trial.running"))}
	}
	if s.failed != nil {
		var rows []string
		for _, part := range feed.Sanitise("✗ " + m.t.T("trial.cannot", m.trialFailure(s.failed))).Wrap(max(w-2, 8)) {
			rows = append(rows, newRow(w, style{}).gap(1).show(m.th.wrong, part).done())
		}
		return rows[:min(len(rows), n)]
	}
	changes, key := s.trial.Lost, "trial.hides"
	if len(s.trial.New) > 0 {
		changes, key = s.trial.New, "trial.raises"
	}
	right, wrong := 0, 0
	for _, c := range changes {
		switch c.Judged {
		case backtest.Right:
			right++
		case backtest.Wrong:
			wrong++
		}
	}
	st, mark := m.th.fine, "✓ "
	switch {
	case len(changes) == 0:
		st, mark, key = m.th.dim, "· ", "trial.nothing"
	case key == "trial.raises":
		st, mark = m.th.need, "+ "
	case right > 0:
		st, mark = m.th.wrong, "! "
	}
	day := m.t.T("trial.day", s.from.Format("01-02 15:04"), s.trial.Utterances)
	rows := []string{line(m.th.dim, day)}
	if len(changes) == 0 {
		rows = append(rows, line(st, mark+m.t.T(key)))
	} else {
		rows = append(rows, line(st, mark+m.t.T(key, len(changes), right, wrong, len(changes)-right-wrong)))
	}
	rows = append(rows, m.changeRows(changes, w, n-len(rows))...)
	return rows[:min(len(rows), n)]
}

// changeRows lists changes, with what people made of each; the last row says how
// many there are more.
func (m *Model) changeRows(changes []backtest.Change, w, n int) []string {
	var rows []string
	for i := range changes {
		if len(rows) == n-1 && i < len(changes)-1 {
			return append(rows, newRow(w, style{}).gap(3).own(m.th.dim, m.t.T("trial.more", len(changes)-i)).done())
		}
		if len(rows) >= n {
			return rows
		}
		c := &changes[i]
		mark, st := "·", m.th.dim
		switch c.Judged {
		case backtest.Right:
			mark, st = "✓", m.th.wrong
		case backtest.Wrong:
			mark, st = "✗", m.th.fine
		}
		row := newRow(w, style{}).gap(3).own(st, mark+m.named("trial", string(c.Judged))).gap(1)
		row.own(m.th.dim, c.Utterance.At.In(m.zone()).Format("15:04:05")).gap(1)
		rows = append(rows, row.show(m.th.plain, feed.Sanitise(strings.TrimSpace(c.Utterance.Text))).done())
	}
	return rows
}
