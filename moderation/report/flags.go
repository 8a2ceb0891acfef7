package report

import (
	"cmp"
	"slices"
	"time"

	"liveroom/claims"
	"liveroom/moderation"
	"liveroom/moderation/backtest"
)

// A Flag is what was found in what the host said, and what became of it.
type Flag struct {
	ID      int64
	At      time.Time
	SKU     string
	Product string // what it is called
	// Before, Said and After are the words. Said is empty where hidden data runs
	// into the claim, and Before then all of them.
	Before, Said, After string
	Finding             claims.Finding
	Status              moderation.FlagStatus
	DecidedBy           string
	DecidedAt           time.Time
	Reason              string
	Case                int64
	Outcome             moderation.Outcome
	Corrected           time.Time // when the host was told; zero: not told
	Withdrawn           time.Time // when the platform withdrew the words; zero: it did not
	Asked               moderation.EffectStatus
	// Reach is how long buyers heard a confirmed claim, Exposed how many orders of
	// the product were bought in that time.
	Reach      moderation.Reach
	Exposed    int
	ExposedFen int64
}

// Waiting tells whether nobody has decided it yet.
func (f *Flag) Waiting() bool {
	return f.Status == moderation.FlagOpen || f.Status == moderation.FlagSnoozed
}

// Precision is how a rule's flags were judged.
type Precision struct {
	Rule                               string
	Raised, Confirmed, Dismissed, Open int
}

// Share is how many of the judged were right.
func (p Precision) Share() backtest.Share {
	return backtest.Share{K: p.Confirmed, N: p.Confirmed + p.Dismissed}
}

func (m *maker) readFlags() error {
	sheets, rules := map[string]bool{}, map[string]bool{}
	page := moderation.Page{Room: m.Room.ID, Since: m.Period.From}
	var raised []moderation.Flag
	err := each(m, m.record.Flags, page, func(f *moderation.Flag) int64 { return f.ID }, func(f *moderation.Flag) error {
		raised = append(raised, *f)
		if !m.Period.holds(f.At) {
			return nil
		}
		m.addFlag(f)
		sheets[f.Finding.Sheet], rules[f.Finding.Rules] = true, true
		return nil
	})
	if err != nil {
		return err
	}
	reaches, err := moderation.Reaches(m.ctx, m.record, raised, m.opt.Listening)
	if err != nil {
		return err
	}
	slices.SortStableFunc(m.Flags, func(a, b Flag) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) })
	for i := range m.Flags {
		f := &m.Flags[i]
		m.flags[f.ID], f.Reach = f, reaches[f.ID]
		if f.SKU != "" {
			m.product(f.SKU).claim(f)
		}
	}
	m.Sheets, m.Rules = named(sheets), named(rules)
	if err := m.readWithdrawn(raised); err != nil {
		return err
	}
	return m.readCorrections()
}

// readWithdrawn notes which of the flagged words a platform withdrew since.
func (m *maker) readWithdrawn(raised []moderation.Flag) error {
	withdrawn, err := moderation.ReadWithdrawals(m.ctx, m.record, m.Room.ID)
	if err != nil || withdrawn.Len() == 0 {
		return err
	}
	for some := range slices.Chunk(raised, pageRows) {
		var keys []int64
		for _, f := range some {
			keys = append(keys, f.Event)
		}
		said, err := m.record.Events(m.ctx, moderation.Page{Keys: keys})
		if err != nil {
			return err
		}
		by := make(map[int64]*moderation.Recorded, len(said))
		for i := range said {
			by[said[i].Index] = withdrawn.Of(&said[i])
		}
		for _, f := range some {
			if told := by[f.Event]; told != nil && m.flags[f.ID] != nil {
				m.flags[f.ID].Withdrawn = told.At
			}
		}
	}
	return nil
}

// named are the names in a set, in order, without the empty one.
func named(set map[string]bool) []string {
	delete(set, "")
	var out []string
	for name := range set {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

func (m *maker) addFlag(f *moderation.Flag) {
	t := &m.Totals
	t.Raised++
	switch f.Status {
	case moderation.FlagConfirmed:
		t.Confirmed++
	case moderation.FlagDismissed:
		t.Dismissed++
	default:
		t.Open++
	}
	if !f.Corrected.IsZero() {
		t.Corrected++
	}
	line := Flag{
		ID: f.ID, At: f.At, SKU: f.Finding.SKU, Product: m.title(f.Finding.SKU), Finding: f.Finding, Status: f.Status,
		DecidedBy: f.DecidedBy, DecidedAt: f.DecidedAt, Reason: m.veil.Text(f.Reason), Case: f.Case, Corrected: f.Corrected,
	}
	line.Before, line.Said, line.After = quote(m.veil, f.Text, f.Finding.Start, f.Finding.End)
	p := &line.Finding
	p.Said, p.Value, p.Arithmetic, p.ArithmeticEN = m.veil.Text(p.Said), m.veil.Text(p.Value), m.veil.Text(p.Arithmetic), m.veil.Text(p.ArithmeticEN)
	p.Why, p.WhyEN, p.Suggest, p.Answers = m.veil.Text(p.Why), m.veil.Text(p.WhyEN), m.veil.Text(p.Suggest), m.veil.Text(p.Answers)
	m.Flags = append(m.Flags, line)
}

// quote takes an utterance apart around the runes from start to end, with
// personal data hidden. Hiding changes how long the text is: what stands before
// the first and behind the last hidden place keeps its distance from that end.
func quote(v moderation.Veil, text string, start, end int) (before, said, after string) {
	raw, shown := []rune(text), []rune(v.Text(text))
	start = min(max(start, 0), len(raw))
	end = min(max(end, start), len(raw))
	head, tail := 0, 0
	for head < min(len(raw), len(shown)) && raw[head] == shown[head] {
		head++
	}
	for tail < min(len(raw), len(shown))-head && raw[len(raw)-1-tail] == shown[len(shown)-1-tail] {
		tail++
	}
	switch back := len(shown) - len(raw); {
	case end <= head:
	case start >= len(raw)-tail:
		start, end = start+back, end+back
	default:
		return string(shown), "", ""
	}
	return string(shown[:start]), string(shown[start:end]), string(shown[end:])
}

// readCorrections notes what became of asking the host to correct a flag.
func (m *maker) readCorrections() error {
	effects, err := m.record.Effects(m.ctx, time.Time{})
	if err != nil {
		return err
	}
	for _, e := range effects {
		if f := m.flags[e.Flag]; f != nil && e.Kind == (moderation.CorrectHost{}).Name() {
			f.Asked = e.Status
		}
	}
	return nil
}

// ruleTable counts how each rule's flags were judged.
type ruleTable map[string]*Precision

func (t ruleTable) add(rule string, status moderation.FlagStatus) {
	p := t[rule]
	if p == nil {
		p = &Precision{Rule: rule}
		t[rule] = p
	}
	p.Raised++
	switch status {
	case moderation.FlagConfirmed:
		p.Confirmed++
	case moderation.FlagDismissed:
		p.Dismissed++
	default:
		p.Open++
	}
}

// sorted lists the rules, the most judged first.
func (t ruleTable) sorted() []Precision {
	var out []Precision
	for _, p := range t {
		out = append(out, *p)
	}
	slices.SortFunc(out, func(a, b Precision) int {
		return cmp.Or(cmp.Compare(b.Confirmed+b.Dismissed, a.Confirmed+a.Dismissed), cmp.Compare(b.Raised, a.Raised), cmp.Compare(a.Rule, b.Rule))
	})
	return out
}

func (m *maker) sumRules() {
	rules := ruleTable{}
	for i := range m.Flags {
		rules.add(m.Flags[i].Finding.Rule, m.Flags[i].Status)
	}
	m.Rule = rules.sorted()
}
