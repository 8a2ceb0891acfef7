package policy

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"liveroom/claims/tomldoc"
)

func (l *loader) clauses(t *tomldoc.Table) []*Clause {
	var out []*Clause
	for _, c := range t.Tables("clause") {
		out = append(out, l.clause(c))
	}
	return out
}

func (l *loader) clause(t *tomldoc.Table) *Clause {
	c := &Clause{
		ID: l.own(t), Line: t.LineOf("id"), Text: needText(t, "text", "what the clause says"), Source: t.Text("source"),
		Question: tomldoc.OneOf(t, "question", Grant, Grant, Enrolment),
		Effect:   tomldoc.OneOf(t, "effect", "", Requires, Refuses, Notes),
		presume:  tomldoc.OneOf(t, "presume", State("-"), Holds, Fails),
	}
	c.presume = State(strings.Trim(string(c.presume), "-"))
	c.Condition, c.when = t.Text("when"), l.when(t)
	l.window(t, c)
	l.option(t, c)
	if c.Condition != "" && c.window != nil {
		t.Failf("when", "a clause has a condition or a window: make two clauses")
	}
	if c.Condition == "" && c.window == nil && c.Effect != Notes {
		t.Failf("", "when or window is missing: only a clause that notes something decides nothing")
	}
	c.holds, c.fails, c.open = l.trials(t, "holds"), l.trials(t, "fails"), l.trials(t, "unknown")
	if decides := c.Condition != "" || c.window != nil; decides && (len(c.holds) == 0 || len(c.fails) == 0) {
		t.Failf("", "holds and fails need at least one example each: facts under which the clause does, and does not")
	} else if !decides && len(c.holds)+len(c.fails)+len(c.open) > 0 {
		t.Failf("", "nothing is decided here: leave the examples out")
	}
	return c
}

// option ties the clause to a choice, written choice = "payment:1.13".
func (l *loader) option(t *tomldoc.Table, c *Clause) {
	text := t.Text("choice")
	if text == "" {
		return
	}
	c.Choice, c.Option, _ = strings.Cut(text, ":")
	i := slices.IndexFunc(l.choices, func(ch Choice) bool { return ch.ID == c.Choice })
	if i < 0 || !slices.Contains(l.choices[i].Options, c.Option) {
		t.Failf("choice", `%q is no option of a [[choice]]: write it as "payment:1.13"`, text)
	}
}

func (l *loader) window(t *tomldoc.Table, c *Clause) {
	w := t.Table("window")
	if w == nil {
		return
	}
	c.window = &window{
		from: l.fact(w, "from", KindMoment), within: span(w, "within"), withinHours: l.fact(w, "within_hours", KindNumber),
		until: l.fact(w, "until", KindMoment), at: l.fact(w, "at", KindMoment),
	}
	x := c.window
	length := x.within != Span{} || x.withinHours != ""
	switch {
	case x.at == "":
		w.Failf("", "at is missing: the fact that must lie in the window, such as claim.applied_at")
	case x.within != Span{} && x.withinHours != "":
		w.Failf("", "within or within_hours is expected, not both")
	case (x.from != "") != length && !w.Has("within"):
		w.Failf("", `from = "a time" and within = "30 days" are expected together`)
	case x.from == "" && x.until == "":
		w.Failf("", `from and within, or until, is expected: where the window ends`)
	}
	c.Window = x.String()
}

// String writes the window for people who read files.
func (w *window) String() string {
	var parts []string
	if w.until != "" {
		parts = append(parts, fmt.Sprintf("%s until %s", w.at, w.until))
	}
	switch {
	case w.withinHours != "":
		parts = append(parts, fmt.Sprintf("%s within %s hours from %s", w.at, w.withinHours, w.from))
	case w.from != "":
		parts = append(parts, fmt.Sprintf("%s within %s from %s", w.at, w.within, w.from))
	}
	return strings.Join(parts, ", else ")
}

// A trial is facts to try a clause with.
type trial struct {
	line  int
	facts Facts
	asOf  time.Time // zero: long after every fact
}

func (l *loader) trials(t *tomldoc.Table, key string) []trial {
	var out []trial
	for _, e := range t.Tables(key) {
		out = append(out, trial{e.Line, l.facts(e), moment(e, "as_of")})
	}
	return out
}

// facts takes facts, written order.paid_fen = 29900. Times without an offset are
// those of DefaultZone.
func (l *loader) facts(t *tomldoc.Table) Facts {
	out := Facts{}
	for _, space := range spaces {
		sub := t.Table(space)
		if sub == nil {
			continue
		}
		for _, f := range factSet {
			ns, key, _ := strings.Cut(string(f.Name), ".")
			if ns != space {
				continue
			}
			if v, ok := value(sub, key, f); ok {
				out[f.Name] = v
			}
		}
	}
	return out
}

// spaces are the parts of facts' names before the dot.
var spaces = func() []string {
	seen := map[string]bool{}
	for _, f := range factSet {
		ns, _, _ := strings.Cut(string(f.Name), ".")
		seen[ns] = true
	}
	return slices.Sorted(maps.Keys(seen))
}()

// value takes a fact's value.
func value(t *tomldoc.Table, key string, f FactInfo) (Value, bool) {
	var v Value
	switch f.Kind {
	case KindMoment:
		at := moment(t, key)
		if at.IsZero() {
			return v, false
		}
		return Moment(at), true
	case KindWords:
		if !t.Has(key) {
			t.Know(key)
			return v, false
		}
		var words []string
		for _, w := range t.Texts(key) {
			words = append(words, w.Text)
		}
		v = Words(words...)
	case KindBool, KindNumber, KindFen, KindWord:
		if v.v = t.Value(key); v.v == nil {
			return v, false
		}
	}
	if err := v.check(f.Name); err != nil {
		t.Failf(key, "%s", strings.TrimPrefix(err.Error(), string(f.Name)+": "))
		return v, false
	}
	return v, true
}

// moment takes a time, zero where there is none.
func moment(t *tomldoc.Table, key string) time.Time {
	switch v := t.Value(key).(type) {
	case nil:
		return time.Time{}
	case time.Time:
		if strings.HasSuffix(v.Location().String(), "-local") { // the library's mark of a time without an offset
			y, m, d := v.Date()
			return time.Date(y, m, d, v.Hour(), v.Minute(), v.Second(), 0, DefaultZone)
		}
		return v
	}
	t.Failf(key, "a time such as 2026-03-01T10:00:00 is expected")
	return time.Time{}
}
