package policy

import (
	"fmt"
	"slices"
	"time"
)

// Standing is where a matter stands under a policy.
type Standing string

// The standings.
const (
	Granted    Standing = "granted"
	Refused    Standing = "refused"
	Open       Standing = "open" // it hangs on what is missing
	NotInForce Standing = "not_in_force"
)

// A Matter is what a policy is asked about.
type Matter struct {
	Facts   Facts
	Strikes []Strike       // what was ruled before against who offended
	Zone    *time.Location // of the room; nil: DefaultZone
}

// A Result is what one policy says of a matter. It holds everything that the
// answer hangs on, so that the same policy version, calendar version, facts and
// moment give the same result for ever.
type Result struct {
	Policy         string          `json:"policy"`
	Version        string          `json:"version"`
	Calendar       string          `json:"calendar"` // version of the working days
	Title          Text            `json:"title"`
	Kind           Kind            `json:"kind"`
	AsOf           time.Time       `json:"as_of"`
	Zone           string          `json:"zone"`
	Standing       Standing        `json:"standing"`
	Enrolment      Standing        `json:"enrolment,omitzero"` // "" : the policy knows none
	DecidedBy      []string        `json:"decided_by,omitzero"`
	Missing        []Fact          `json:"missing,omitzero"` // what an open standing hangs on
	Summary        Text            `json:"summary"`
	Clauses        []ClauseResult  `json:"clauses,omitzero"`
	Amount         *Amount         `json:"amount,omitzero"`     // what the formula gives, granted or not
	GrantedFen     int64           `json:"granted_fen"`         // 0 unless granted; never for a statutory scenario
	ShownOnly      bool            `json:"shown_only,omitzero"` // a scenario of the law: nothing is paid on it
	Payers         []Party         `json:"payers,omitzero"`
	Payee          Party           `json:"payee,omitzero"`
	Deadlines      []Deadline      `json:"deadlines,omitzero"`
	Recommendation *Recommendation `json:"recommendation,omitzero"`
}

// A Deadline is a clock of the policy, or the window of a clause.
type Deadline struct {
	ID       string        `json:"id"`
	Text     Text          `json:"text"`
	From     Fact          `json:"from,omitzero"`
	Window   bool          `json:"window,omitzero"` // of the clause of that id
	State    DeadlineState `json:"state"`
	Due      *Due          `json:"due,omitzero"`      // nil while it waits
	Earliest *Due          `json:"earliest,omitzero"` // it is not expected before
	MetAt    *time.Time    `json:"met_at,omitzero"`
}

// DeadlineState is where a deadline stands.
type DeadlineState string

// The states.
const (
	Waiting DeadlineState = "waiting" // what starts it is not known
	Running DeadlineState = "running"
	Met     DeadlineState = "met"
	Missed  DeadlineState = "missed"
)

// Evaluate asks the policies of the ids, or all of them, about a matter as it
// stood at a moment. What the facts say happened later is unknown then.
func (s *Set) Evaluate(m Matter, asOf time.Time, ids ...string) ([]Result, error) {
	m, asOf, ids, err := s.prepare(m, asOf, ids)
	if err != nil {
		return nil, fmt.Errorf("evaluate policies: %w", err)
	}
	var out []Result
	for _, id := range ids {
		p, at := s.governing(id, m, asOf)
		out = append(out, s.ask(p, m, asOf, at))
	}
	return out, nil
}

// prepare checks what is asked, and fills in what was left out.
func (s *Set) prepare(m Matter, asOf time.Time, ids []string) (Matter, time.Time, []string, error) {
	if err := m.Facts.Check(); err != nil {
		return m, asOf, nil, err
	}
	for _, st := range m.Strikes {
		if !slices.Contains(gravities, st.Gravity) {
			return m, asOf, nil, fmt.Errorf("strike %q: gravity %q is not known; one of %v", st.ID, st.Gravity, gravities)
		}
	}
	known := s.ids()
	if len(ids) == 0 {
		ids = known
	}
	for _, id := range ids {
		if !slices.Contains(known, id) {
			return m, asOf, nil, fmt.Errorf("%q is no policy; known: %v", id, known)
		}
	}
	if m.Zone == nil {
		m.Zone = DefaultZone
	}
	asOf = second(asOf).In(m.Zone)
	m.Facts = m.Facts.asOf(asOf)
	return m, asOf, ids, nil
}

// governing is the version of a policy that counts for a matter, and the moment
// that says so.
func (s *Set) governing(id string, m Matter, asOf time.Time) (*Policy, time.Time) {
	p, _ := s.inForce(id, asOf, m.Zone)
	at := governs(p, m.Facts, asOf)
	p, _ = s.inForce(id, at, m.Zone)
	return p, at
}

// governs is the moment whose day decides which version of a policy counts.
func governs(p *Policy, f Facts, asOf time.Time) time.Time {
	if at, known := f.moment(p.Governs); known {
		return at
	}
	return asOf
}

// ask asks one version of a policy about facts as they were known.
func (s *Set) ask(p *Policy, m Matter, asOf, governed time.Time) Result {
	r := Result{
		Policy: p.ID, Version: p.Version, Calendar: s.calendar.Version(), Title: p.Title, Kind: p.Kind,
		AsOf: asOf, Zone: m.Zone.String(), ShownOnly: p.Kind == Statutory,
	}
	if day := DateOf(governed.In(m.Zone)); !p.inForce(day) {
		r.Standing = NotInForce
		r.Summary = say("%s 不在规则有效期内", "the policy is not in force on %s", day)
		return r
	}
	e := s.evaluation(p, m, asOf)
	e.fill(&r)
	return r
}

func (s *Set) evaluation(p *Policy, m Matter, asOf time.Time) evaluation {
	e := evaluation{Matter: m, policy: p, calendar: s.calendar, asOf: asOf, values: m.Facts.values()}
	for name, list := range p.lists {
		e.values[name] = list
	}
	return e
}

func (p *Policy) inForce(day Date) bool { return p.From <= day && (p.To == 0 || day <= p.To) }

// An evaluation asks one policy.
type evaluation struct {
	Matter
	policy   *Policy
	calendar *Calendar
	asOf     time.Time
	values   map[string]any
}

func (e *evaluation) fill(r *Result) {
	p := e.policy
	for _, c := range p.Clauses {
		r.Clauses = append(r.Clauses, e.clause(c))
	}
	r.Standing, r.DecidedBy, r.Missing = stand(r.Clauses, Grant)
	if slices.ContainsFunc(p.Clauses, func(c *Clause) bool { return c.Question == Enrolment && c.Effect != Notes }) {
		r.Enrolment, _, _ = stand(r.Clauses, Enrolment)
	}
	if p.amount != nil {
		r.Amount = p.amount.compute(e.Facts, e.values)
	}
	if r.Standing == Granted && r.Amount != nil && r.Amount.Known && !r.ShownOnly {
		r.GrantedFen = r.Amount.Fen
	}
	r.Payers = p.Payers
	r.Payee = e.payee()
	r.Deadlines = e.deadlines(r.Clauses)
	if gravity := e.Facts["offence.gravity"].words(); p.Ladder != nil && r.Standing == Granted && len(gravity) > 0 {
		r.Recommendation = p.Ladder.recommend(e.calendar, gravity[0], e.Strikes, e.asOf, e.Zone)
	} else if p.Ladder != nil && r.Standing == Granted {
		r.Standing, r.Missing = Open, []Fact{"offence.gravity"}
	}
	r.Summary = r.summarise()
}

// stand answers a question from its clauses, and marks those that decided. One
// that refuses decides whatever is missing elsewhere.
func stand(clauses []ClauseResult, q Question) (s Standing, by []string, missing []Fact) {
	s = Granted
	for i := range clauses {
		c := &clauses[i]
		if !c.Counts || c.Question != q {
			continue
		}
		switch against := map[Effect]State{Requires: Fails, Refuses: Holds}[c.Effect]; c.State {
		case against:
			c.Decided = true
			by = append(by, c.ID)
		case Unknown:
			missing = append(missing, c.Missing...)
			if s == Granted {
				s = Open
			}
		}
	}
	if len(by) > 0 {
		return Refused, by, nil
	}
	for i := range clauses {
		if c := &clauses[i]; s == Open && c.Counts && c.Question == q && c.State == Unknown {
			c.Decided = true
			by = append(by, c.ID)
		}
	}
	slices.Sort(missing)
	return s, by, slices.Compact(missing)
}

func (e *evaluation) payee() Party {
	for _, p := range e.policy.payees {
		if p.when == nil {
			return p.to
		}
		holds, missing, err := p.when.Decide(e.values)
		if err != nil || len(missing) > 0 {
			return "" // who is paid hangs on what is not known
		}
		if holds {
			return p.to
		}
	}
	return ""
}

func (e *evaluation) deadlines(clauses []ClauseResult) []Deadline {
	var out []Deadline
	for _, c := range clauses {
		if c.Due == nil || !c.Counts {
			continue
		}
		d := Deadline{ID: c.ID, Text: c.Text, Window: true, Due: c.Due, MetAt: c.at}
		d.settle(e.asOf)
		out = append(out, d)
	}
	for _, rule := range e.policy.Clocks {
		if d, runs := e.deadline(rule); runs {
			out = append(out, d)
		}
	}
	return out
}

// deadline tells where a clock stands; false where its condition rules it out.
func (e *evaluation) deadline(rule *ClockRule) (Deadline, bool) {
	d := Deadline{ID: rule.ID, Text: rule.Text, From: rule.From, State: Waiting}
	if rule.when != nil {
		holds, missing, err := rule.when.Decide(e.values)
		if err == nil && len(missing) == 0 && !holds {
			return d, false
		}
		if err != nil || len(missing) > 0 {
			return d, true
		}
	}
	from, ok := e.Facts.moment(rule.From)
	if !ok {
		return d, true
	}
	due := e.calendar.Due(from, rule.Within, e.Zone)
	d.Due = &due
	if rule.Earliest != (Span{}) {
		earliest := e.calendar.Due(from, rule.Earliest, e.Zone)
		d.Earliest = &earliest
	}
	if met, ok := e.Facts.moment(rule.Met); ok {
		d.MetAt = &met
	}
	d.settle(e.asOf)
	return d, true
}

func (d *Deadline) settle(asOf time.Time) {
	switch {
	case d.MetAt != nil && d.Due.Late(*d.MetAt), d.MetAt == nil && d.Due.Late(asOf):
		d.State = Missed
	case d.MetAt != nil:
		d.State = Met
	default:
		d.State = Running
	}
}

// summarise says in a line where the matter stands and which clause decided.
func (r *Result) summarise() Text {
	by := ""
	for i, id := range r.DecidedBy {
		if i > 0 {
			by += ", "
		}
		by += id
	}
	switch r.Standing {
	case Refused:
		return say("不支持：依据条款 %s", "refused by clause %s", by)
	case Open:
		return missingText(r.Missing, by)
	case Granted:
		switch {
		case r.Recommendation != nil:
			return r.Recommendation.Reason
		case r.ShownOnly && r.Amount != nil:
			return Text{"法律情形（仅供参考，不自动支付）：" + r.Amount.Text.ZH, "what the law would grant (shown, never paid): " + r.Amount.Text.EN}
		case r.Amount != nil:
			return Text{"支持：" + r.Amount.Text.ZH, "granted: " + r.Amount.Text.EN}
		case len(r.Clauses) == 0:
			return Text{"没有需要满足的条件", "there is nothing to meet"}
		}
	case NotInForce:
	}
	return Text{"支持：各项条件均满足", "granted: every clause is met"}
}

func missingText(missing []Fact, by string) Text {
	var zh, en string
	for i, f := range missing {
		t := f.Info().Text
		if i > 0 {
			zh, en = zh+"、", en+"; "
		}
		zh, en = zh+t.ZH, en+t.EN
	}
	if zh == "" {
		return say("待定：条款 %s 无法判断", "open: clause %s cannot be decided", by)
	}
	return Text{"待定，还缺：" + zh, "open, missing: " + en}
}
