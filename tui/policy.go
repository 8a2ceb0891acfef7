package tui

import (
	"cmp"
	"slices"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"liveroom/feed"
	"liveroom/moderation/policy"
)

// The rules of policy scenarios. They are asked of the desk while the pane is to
// be seen, for the case and the order in hand, and again when one of these
// changed or a minute went by: a window may have ended. What is granted stands
// first, then what hangs on something missing, then what is refused and why.
// They are proposals: the program pays nothing.

// askAgain is how long an answer of the policies stands.
const askAgain = time.Minute

// matter is what the policies were asked about.
type matter struct {
	incident int64
	order    string
	versions [2]int64
}

// scenario is an answer of the policies as far as it has come.
type scenario struct {
	loading bool
	asked   time.Time // by the desk's clock
	of      matter
	results []policy.Result
	err     error
}

// matterInHand is what to ask about: the case in hand with its order, or an
// order that is in no case.
func (r *room) matterInHand() (m matter, ok bool) {
	if c := r.caseSubject(); c != nil {
		m.incident, m.versions[0] = c.ID, c.Version
	}
	if o, _ := r.orderInHand(); o != nil {
		m.order, m.versions[1] = o.ID, o.Version
	}
	return m, m.incident != 0 || m.order != ""
}

// scenarioRead is what the policies said.
type scenarioRead struct {
	room string
	said scenario
}

// scenarioCmd asks the policies where the answer at hand is about something else,
// or old.
func (m *Model) scenarioCmd(r *room) tea.Cmd {
	of, ok := r.matterInHand()
	if !ok || !m.shows(panePolicy) || m.opt.Desk.Policies() == nil {
		return nil
	}
	now := m.opt.Clock()
	if r.scenario.of == of && (r.scenario.loading || now.Sub(r.scenario.asked) < askAgain) {
		return nil
	}
	if r.scenario.of.incident != of.incident || r.scenario.of.order != of.order {
		r.scenario.results = nil // of another matter
	}
	r.scenario.loading, r.scenario.asked, r.scenario.of, r.scenario.err = true, now, of, nil
	desk, ctx, id := m.opt.Desk, m.ctx, r.info.ID
	return func() tea.Msg {
		s, err := desk.Scenarios(ctx, of.incident, of.order, now)
		return scenarioRead{id, scenario{asked: now, of: of, results: s.Results, err: err}}
	}
}

func (m *Model) setScenario(msg scenarioRead) {
	r := m.room(msg.room)
	if r.scenario.of != msg.said.of {
		return
	}
	slices.SortStableFunc(msg.said.results, func(a, b policy.Result) int { return cmp.Compare(resultRank(&a), resultRank(&b)) })
	r.scenario = msg.said
}

// resultRank puts what a person can act on first.
func resultRank(x *policy.Result) int {
	switch {
	case x.Standing == policy.Granted && x.GrantedFen > 0:
		return 0
	case x.Standing == policy.Granted && !x.ShownOnly:
		return 1
	case x.Standing == policy.Open && x.Amount != nil:
		return 2
	case x.Standing == policy.Granted:
		return 3
	case x.Standing == policy.Open:
		return 4
	}
	return 5
}

// policyRows draws what each policy says of the matter in hand; enlarged, with
// every clause.
func (m *Model) policyRows(r *room, w, h int) []string {
	of, ok := r.matterInHand()
	s := &r.scenario
	switch {
	case !ok:
		return m.emptyRows(r, panePolicy, w, h)
	case m.opt.Desk.Policies() == nil:
		return m.prose(m.t.T("empty.no_policies"), w, h)
	case s.err != nil && s.of == of:
		return m.prose(m.t.T("policy.failed", m.refusal(s.err)), w, h)
	case s.of.incident != of.incident || s.of.order != of.order || s.loading && len(s.results) == 0:
		return m.prose(m.t.T("policy.asking"), w, h)
	}
	d := &doc{m: m, w: w}
	about := caseNumber(of.incident)
	if of.incident == 0 {
		about = ""
	}
	if of.order != "" {
		about = strings.TrimSpace(about + "  " + m.t.T("detail.order", shortID(of.order)))
	}
	d.rows = append(d.rows, newRow(w, style{}).gap(1).own(m.th.dim, m.t.T("policy.as_of", about, minute(r, s.asked))).done())
	for i := range s.results {
		if x := &s.results[i]; x.Standing != policy.NotInForce && !idle(x) {
			m.resultRows(r, d, x)
		}
	}
	return m.window(r, panePolicy, d.rows, w, h)
}

// idle tells that a policy only runs clocks, and runs none.
func idle(x *policy.Result) bool {
	running := func(d policy.Deadline) bool { return d.State == policy.Running || d.State == policy.Missed }
	return x.Kind == policy.ServiceClock && !slices.ContainsFunc(x.Deadlines, running)
}

// resultRows is one policy: what it gives, by when, and what it hangs on.
func (m *Model) resultRows(r *room, d *doc, x *policy.Result) {
	mark, st := "✗", m.th.dim
	switch x.Standing {
	case policy.Granted:
		mark, st = "✓", m.th.fine
	case policy.Open:
		mark, st = "?", m.th.need
	}
	row := newRow(d.w, style{}).gap(1).own(st, mark).gap(1).own(m.th.strong, m.inBoth(x.Title.ZH, x.Title.EN)).gap(2)
	switch {
	case x.GrantedFen > 0:
		row.own(m.th.fine, m.t.T("policy.granted", money(x.GrantedFen)))
	case x.Amount != nil && x.Amount.Known && x.Standing != policy.Refused:
		row.own(m.th.plain, m.t.T("policy.would", money(x.Amount.Fen)))
	}
	if x.ShownOnly {
		row.gap(1).own(m.th.dim, m.t.T("policy.shown_only"))
	}
	d.rows = append(d.rows, row.done())
	if x.Standing != policy.Refused && x.Amount != nil {
		m.below(d, m.th.dim, m.inBoth(x.Amount.Text.ZH, x.Amount.Text.EN))
	}
	if x.Standing == policy.Open && len(x.Missing) > 0 {
		m.below(d, m.th.need, m.t.T("policy.missing", len(x.Missing), m.facts(x.Missing)))
	}
	for i := range x.Deadlines {
		m.deadline(r, d, &x.Deadlines[i])
	}
	if x.Standing == policy.Refused {
		m.refusedBy(d, x)
	}
	if m.zoom && m.focused() == panePolicy {
		m.clauses(d, x)
	}
}

// minute writes a day and a time as deadlines are given.
func minute(r *room, t time.Time) string { return t.In(r.zone).Format("01-02 15:04") }

// belowRows is how much of a text stands under a policy's row; enlarged, all of it.
const belowRows = 2

// below writes a text under a policy's row.
func (m *Model) below(d *doc, st style, s string) {
	const indent = 3
	lines := feed.Sanitise(s).Wrap(max(d.w-indent, 8))
	for k, line := range lines {
		row := newRow(d.w, style{}).gap(indent)
		if k == belowRows-1 && len(lines) > belowRows && !m.zoom {
			line, _ = line.Cut(max(line.Width()-1, 0))
			d.rows = append(d.rows, row.show(st, line).own(st, "…").done())
			return
		}
		d.rows = append(d.rows, row.show(st, line).done())
	}
}

func (m *Model) facts(list []policy.Fact) string {
	names := make([]string, len(list))
	for i, f := range list {
		names[i] = string(f)
	}
	return m.factNames(strings.Join(names, ", "))
}

// deadline says by when something must be done, and how long that is.
func (m *Model) deadline(r *room, d *doc, x *policy.Deadline) {
	if x.Due == nil || x.State == policy.Met || x.State == policy.Waiting {
		return
	}
	what := m.inBoth(x.Text.ZH, x.Text.EN)
	left := x.Due.At.Sub(m.opt.Clock())
	if left < 0 {
		m.below(d, m.th.wrong, m.t.T("policy.missed", what, minute(r, x.Due.At)))
		return
	}
	st := m.th.plain
	if left < dueSoon {
		st = m.th.need
	}
	m.below(d, st, m.t.T("policy.until", what, minute(r, x.Due.At), m.span(left)))
}

// refusedBy names the clauses that decided against the matter.
func (m *Model) refusedBy(d *doc, x *policy.Result) {
	for i := range x.Clauses {
		if c := &x.Clauses[i]; c.Decided {
			m.below(d, m.th.dim, c.ID+"  "+m.inBoth(c.Why.ZH, c.Why.EN))
		}
	}
}

// clauses lists every clause with the values that decided it.
func (m *Model) clauses(d *doc, x *policy.Result) {
	for i := range x.Clauses {
		c := &x.Clauses[i]
		mark, st := m.clauseMark(c)
		d.line("  "+mark, st, c.ID+"  ", m.th.plain, feed.Sanitise(m.inBoth(c.Text.ZH, c.Text.EN)))
		if c.Why != c.Text {
			d.line("   ", m.th.dim, "", m.th.dim, feed.Sanitise(m.inBoth(c.Why.ZH, c.Why.EN)))
		}
	}
	d.rows = append(d.rows, spaces(d.w))
}

// clauseMark: ✓ it holds as it must, ✗ it stands against the matter, – it does
// not, ? nobody knows, · it decides nothing.
func (m *Model) clauseMark(c *policy.ClauseResult) (string, style) {
	against := c.Effect == policy.Refuses
	switch {
	case !c.Counts:
		return "·", m.th.dim
	case c.State == policy.Unknown:
		return "?", m.th.need
	case against && c.State == policy.Fails:
		return "–", m.th.dim
	case !against && c.State == policy.Holds:
		return "✓", m.th.fine
	}
	return "✗", m.th.wrong
}
