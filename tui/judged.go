package tui

import (
	"strconv"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/moderation/agreement"
	"liveroom/moderation/report"
)

// The rules of judging. How rules and people did is read from the record, not
// from what the screen happens to hold, while the pane that shows it is to be
// seen: when it is first shown, and again when a flag or a case changed, at most
// every few seconds. A share of few is no percentage; it stands as what it is,
// so many of so many.

// judgeEvery is how long what was read stands, whatever changes meanwhile.
const judgeEvery = 5 * time.Second

// judged is what was read, as far as it has come.
type judged struct {
	loading bool
	at      time.Time // by the person's clock
	changes [2]int    // of the flags and the cases when it was asked for
	review  *report.Review
	err     error
}

// judgedRead is what the record says.
type judgedRead struct {
	room   string
	review *report.Review
	err    error
}

// judgeCmd reads how rules and people did, where that is to be seen and changed.
func (m *Model) judgeCmd(r *room) tea.Cmd {
	if m.view != viewReview || !m.shows(paneRules) && !m.shows(panePeople) {
		return nil
	}
	now, changes := m.opt.Wall(), [2]int{r.flags.changes, r.cases.changes}
	j := &r.judged
	fresh := j.review != nil && j.changes == changes
	if j.loading || fresh || !j.at.IsZero() && now.Sub(j.at) < judgeEvery {
		return nil
	}
	j.loading, j.at, j.changes = true, now, changes
	reader, ctx, id, since, clock := m.opt.Desk.Reader(), m.ctx, r.info.ID, r.info.StartedAt, m.opt.Clock()
	return func() tea.Msg {
		review, err := report.ReviewOf(ctx, reader, id, since, clock)
		return judgedRead{id, review, err}
	}
}

func (m *Model) setJudged(msg judgedRead) {
	j := &m.room(msg.room).judged
	j.loading, j.err = false, msg.err
	if msg.err == nil {
		j.review = msg.review
	}
}

// notRead says why there is nothing to show yet, "" where there is.
func (m *Model) notRead(r *room) string {
	j := &r.judged
	switch {
	case j.err != nil:
		return m.t.T("judged.failed", m.refusal(j.err))
	case j.review == nil:
		return m.t.T("judged.reading")
	}
	return ""
}

// Widths of the columns of figures.
const (
	countCells = 5
	shareCells = 13
)

// rulesRows draws how the flags of each rule were judged, the most judged first.
func (m *Model) rulesRows(r *room, w, h int) []string {
	if why := m.notRead(r); why != "" {
		return m.prose(why, w, h)
	}
	rules := r.judged.review.Rules
	if len(rules) == 0 {
		return m.emptyRows(r, paneRules, w, h)
	}
	rows := []string{m.figureHead(w, "judged.precision", "judged.raised", "judged.open", "judged.rule")}
	for i := range rules {
		p := &rules[i]
		row := newRow(w, style{}).gap(1)
		m.share(row, p.Confirmed, p.Confirmed+p.Dismissed)
		row.own(m.th.plain, right(strconv.Itoa(p.Raised), countCells)).own(m.th.dim, right(strconv.Itoa(p.Open), countCells)+"  ")
		rows = append(rows, row.show(m.th.plain, feed.Sanitise(p.Rule)).done())
	}
	return m.window(r, paneRules, rows, w, h)
}

// figureHead names the columns: a share, two counts and a name.
func (m *Model) figureHead(w int, share, first, second, name string) string {
	row := newRow(w, style{}).gap(1).own(m.th.dim, m.t.T(share)).to(1 + shareCells)
	row.own(m.th.dim, right(m.t.T(first), countCells)).own(m.th.dim, right(m.t.T(second), countCells)+"  ")
	return row.own(m.th.dim, m.t.T(name)).done()
}

// share writes k of n as a percentage with its 95 % interval, where there are
// enough for one, else as it is.
func (m *Model) share(row *rowBuf, k, n int) {
	s := report.Precision{Confirmed: k, Dismissed: n - k}.Share()
	to := row.used + shareCells
	switch {
	case n == 0:
		row.own(m.th.dim, m.t.T("judged.none")).to(to)
		return
	case !s.Known():
		row.own(m.th.dim, m.t.T("judged.few", k, n)).to(to)
		return
	}
	low, high := s.Interval()
	row.own(m.th.strong, right(strconv.Itoa(s.Percent()), 3)+"%").own(m.th.dim, " "+strconv.Itoa(low)+"–"+strconv.Itoa(high)).to(to)
}

// peopleRows draws who decided how much and how quickly, what they have in hand,
// and how far second reviews agree with them.
func (m *Model) peopleRows(r *room, w, h int) []string {
	if why := m.notRead(r); why != "" {
		return m.prose(why, w, h)
	}
	v := r.judged.review
	if len(v.People) == 0 {
		return m.emptyRows(r, panePeople, w, h)
	}
	head := newRow(w, style{}).gap(1).own(m.th.dim, m.t.T("judged.person")).to(personCells)
	head.own(m.th.dim, right(m.t.T("judged.decided"), decidedCells))
	for _, key := range []string{"judged.median", "judged.holding", "judged.resolved"} {
		head.own(m.th.dim, right(m.t.T(key), loadCells))
	}
	rows := []string{head.done()}
	for i := range v.People {
		p := &v.People[i]
		row := newRow(w, style{}).gap(1).show(m.th.strong, maskName(p.Name).Truncate(personCells-2)).to(personCells)
		took := "–"
		if p.Decided > 0 {
			took = m.brief(p.Median)
		}
		row.own(m.th.plain, right(strconv.Itoa(p.Confirmed)+"+"+strconv.Itoa(p.Dismissed), decidedCells)).own(m.th.plain, right(took, loadCells))
		row.own(m.th.plain, right(strconv.Itoa(p.Holding), loadCells)).own(m.th.plain, right(strconv.Itoa(p.Resolved), loadCells)+"  ")
		m.agreed(row, v.Checks.Figures, p.Name)
		rows = append(rows, row.done())
	}
	rows = append(rows, spaces(w), m.checkSum(w, &v.Checks))
	return m.window(r, panePeople, rows, w, h)
}

const (
	personCells  = 12
	decidedCells = 8
	loadCells    = 6
)

// agreed tells how far second reviews agree with what somebody decided.
func (m *Model) agreed(row *rowBuf, figures []moderation.Agreement, name string) {
	for _, a := range figures {
		if a.Of == moderation.OfModerator && a.Name == name {
			m.kappa(row, a.Table.Measure())
		}
	}
}

// kappa writes an agreement: kappa with its interval where it can be computed,
// and always how many were judged alike.
func (m *Model) kappa(row *rowBuf, f agreement.Figure) {
	if f.Kappa != nil && !f.Few() {
		k := "κ " + strconv.FormatFloat(*f.Kappa, 'f', 2, 64)
		if f.Bounds != nil {
			k += " (" + strconv.FormatFloat(f.Bounds.Low, 'f', 2, 64) + "…" + strconv.FormatFloat(f.Bounds.High, 'f', 2, 64) + ")"
		}
		row.own(m.th.plain, k+" ")
	}
	row.own(m.th.dim, m.t.T("judged.alike", strconv.FormatInt(f.Agreed, 10), strconv.FormatInt(f.N, 10)))
}

// checkSum says what all spot checks came to.
func (m *Model) checkSum(w int, s *moderation.SpotChecks) string {
	row := newRow(w, style{}).gap(1)
	if s.Checks == 0 {
		return row.own(m.th.dim, m.t.T("judged.no_checks")).done()
	}
	row.own(m.th.dim, m.t.T("judged.checks", s.Checks, s.Reviewed, s.Sampled)+"  ")
	for _, a := range s.Figures {
		if a.Of == moderation.OfAll {
			m.kappa(row, a.Table.Measure())
		}
	}
	return row.done()
}
