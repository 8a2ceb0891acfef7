package policy

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"liveroom/claims/tomldoc"
)

// An example is a matter with what a policy must say of it. Its facts are laid
// over those of the policy's [facts].
type example struct {
	line    int
	name    string
	facts   Facts
	asOf    time.Time
	strikes []Strike
	want    []expectation
}

// An expectation is one thing that a result must show.
type expectation struct {
	what, want string
	got        func(*Result) string
}

// A Failure is an example of a policy that comes to something else than the
// file says.
type Failure struct {
	File    string
	Line    int
	Policy  string
	Clause  string // "" : of the whole policy
	Example string
	Want    string
	Got     string
}

// longAfter is when examples are asked that name no moment.
var longAfter = time.Date(2100, 1, 1, 0, 0, 0, 0, DefaultZone)

func (l *loader) example(t *tomldoc.Table, p *Policy) example {
	e := example{line: t.Line, name: t.Need("name", "what the example shows"), asOf: moment(t, "as_of"), facts: maps.Clone(p.base)}
	if e.facts == nil {
		e.facts = Facts{}
	}
	if f := t.Table("facts"); f != nil {
		maps.Copy(e.facts, l.facts(f))
	}
	for _, w := range t.Texts("without") {
		if _, there := e.facts[Fact(w.Text)]; !there {
			t.Failf("without", "%q is none of the example's facts", w.Text)
		}
		delete(e.facts, Fact(w.Text))
	}
	for _, s := range t.Tables("strikes") {
		e.strikes = append(e.strikes, Strike{s.Need("id", "what the strike is called"), moment(s, "at"), tomldoc.OneOf(s, "gravity", "", gravities...), s.Bool("reversed")})
	}
	e.expect(t)
	if len(e.want) == 0 {
		t.Failf("", `standing is missing: what must come of it, such as "granted"`)
	}
	return e
}

// expect reads what must come of the example.
func (e *example) expect(t *tomldoc.Table) {
	add := func(what, want string, got func(*Result) string) {
		e.want = append(e.want, expectation{what, want, got})
	}
	if t.Has("standing") {
		add("standing", string(tomldoc.OneOf(t, "standing", "", Granted, Refused, Open, NotInForce)), func(r *Result) string { return string(r.Standing) })
	}
	if t.Has("enrolment") {
		add("enrolment", string(tomldoc.OneOf(t, "enrolment", "", Granted, Refused, Open)), func(r *Result) string { return string(r.Enrolment) })
	}
	if t.Has("by") {
		add("by", joined(t.Texts("by")), func(r *Result) string { return strings.Join(r.DecidedBy, " ") })
	}
	if t.Has("missing") {
		add("missing", joined(t.Texts("missing")), func(r *Result) string { return strings.Join(texts(r.Missing...), " ") })
	}
	if t.Has("amount_fen") {
		add("amount_fen", fmt.Sprint(t.Int("amount_fen", 0, maxFen*maxTimes)), func(r *Result) string { return r.amountText() })
	}
	if t.Has("granted_fen") {
		add("granted_fen", fmt.Sprint(t.Int("granted_fen", 0, maxFen*maxTimes)), func(r *Result) string { return fmt.Sprint(r.GrantedFen) })
	}
	if t.Has("arithmetic") {
		add("arithmetic", t.Text("arithmetic"), func(r *Result) string {
			if r.Amount == nil {
				return ""
			}
			return r.Amount.Text.EN
		})
	}
	if t.Has("payee") {
		add("payee", t.Text("payee"), func(r *Result) string { return string(r.Payee) })
	}
	if t.Has("measures") {
		add("measures", joined(t.Texts("measures")), func(r *Result) string { return r.measuresText() })
	}
	for _, d := range t.Tables("due") {
		id := d.Need("id", "the clock or the clause")
		want := tomldoc.OneOf(d, "state", DeadlineState("-"), Waiting, Running, Met, Missed)
		if at := moment(d, "at"); !at.IsZero() {
			add("due "+id, at.Format(time.DateTime), func(r *Result) string { return r.dueText(id) })
		}
		if want != "-" {
			add("state of "+id, string(want), func(r *Result) string { return string(r.deadline(id).State) })
		}
	}
}

func (r *Result) amountText() string {
	if r.Amount == nil || !r.Amount.Known {
		return "unknown"
	}
	return fmt.Sprint(r.Amount.Fen)
}

func (r *Result) measuresText() string {
	if r.Recommendation == nil {
		return ""
	}
	return strings.Join(texts(r.Recommendation.Step.Measures...), " ")
}

func (r *Result) deadline(id string) Deadline {
	for _, d := range r.Deadlines {
		if d.ID == id {
			return d
		}
	}
	return Deadline{State: "there is none"}
}

func (r *Result) dueText(id string) string {
	if d := r.deadline(id); d.Due != nil {
		return d.Due.At.Format(time.DateTime)
	}
	return "none"
}

func joined(lines []tomldoc.Line) string {
	words := make([]string, len(lines))
	for i, l := range lines {
		words[i] = l.Text
	}
	return strings.Join(words, " ")
}

// Test runs the examples of every policy, and of every clause by itself, and
// returns those that come to something else, in the order of the policies.
func (s *Set) Test() []Failure {
	var out []Failure
	for _, p := range s.policies {
		for _, c := range p.Clauses {
			for _, kind := range []struct {
				trials []trial
				want   State
			}{{c.holds, Holds}, {c.fails, Fails}, {c.open, Unknown}} {
				for _, t := range kind.trials {
					if got := s.try(p, c, t); got != kind.want {
						out = append(out, Failure{p.File, t.line, p.ID, c.ID, shownFacts(t.facts), string(kind.want), string(got)})
					}
				}
			}
		}
		for _, e := range p.tests {
			out = append(out, s.check(p, e)...)
		}
	}
	return out
}

// try decides a clause for facts alone. What is presumed is unknown here.
func (s *Set) try(p *Policy, c *Clause, t trial) State {
	asOf := t.asOf
	if asOf.IsZero() {
		asOf = longAfter
	}
	facts := t.facts.asOf(asOf)
	e := evaluation{Matter: Matter{Facts: facts, Zone: DefaultZone}, policy: p, calendar: s.calendar, asOf: asOf, values: facts.values()}
	for name, list := range p.lists {
		e.values[name] = list
	}
	r := e.clause(c)
	if r.Presumed {
		return Unknown
	}
	return r.State
}

func (s *Set) check(p *Policy, e example) []Failure {
	asOf := e.asOf
	if asOf.IsZero() {
		asOf = longAfter
	}
	m := Matter{Facts: e.facts.asOf(asOf), Strikes: e.strikes, Zone: DefaultZone}
	r := s.ask(p, m, asOf, governs(p, m.Facts, asOf))
	var out []Failure
	for _, w := range e.want {
		if got := w.got(&r); got != w.want {
			out = append(out, Failure{p.File, e.line, p.ID, "", e.name, w.what + " " + w.want, got})
		}
	}
	return out
}

// Examples counts the examples of all policies and clauses.
func (s *Set) Examples() int {
	n := 0
	for _, p := range s.policies {
		n += len(p.tests)
		for _, c := range p.Clauses {
			n += len(c.holds) + len(c.fails) + len(c.open)
		}
	}
	return n
}

func shownFacts(f Facts) string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(f)) {
		parts = append(parts, string(name)+"="+f[name].show(name.Info().Kind, DefaultZone).EN)
	}
	return strings.Join(parts, " ")
}
