package policy

import (
	"fmt"
	"strings"
	"time"
)

// State is whether a clause holds.
type State string

// The states. Unknown is neither: what is missing says which facts would tell.
const (
	Holds   State = "holds"
	Fails   State = "fails"
	Unknown State = "unknown"
)

// A ClauseResult is whether a clause holds, and the values that decided it.
type ClauseResult struct {
	ID       string      `json:"id"`
	Question Question    `json:"question"`
	Effect   Effect      `json:"effect"`
	Text     Text        `json:"text"`
	Source   string      `json:"source,omitzero"`
	State    State       `json:"state"`
	Presumed bool        `json:"presumed,omitzero"` // nobody told; the policy says what counts then
	Counts   bool        `json:"counts"`            // false: a note, or an option that is not in use
	Decided  bool        `json:"decided,omitzero"`  // the standing comes from this clause
	Values   []FactValue `json:"values,omitzero"`
	Missing  []Fact      `json:"missing,omitzero"`
	Due      *Due        `json:"due,omitzero"` // when the window ends
	Why      Text        `json:"why"`
	at       *time.Time  // what happened within the window; nil: nothing yet
}

// A FactValue is a fact that a clause looked at.
type FactValue struct {
	Fact  Fact  `json:"fact"`
	Value Value `json:"value"`
	Shown Text  `json:"shown"`
	Text  Text  `json:"text"`
}

// clause decides one clause.
func (e *evaluation) clause(c *Clause) ClauseResult {
	r := ClauseResult{ID: c.ID, Question: c.Question, Effect: c.Effect, Text: c.Text, Source: c.Source, State: Holds, Counts: c.Effect != Notes}
	for _, choice := range e.policy.Choices {
		if choice.ID == c.Choice && choice.Use != c.Option {
			r.Counts = false
		}
	}
	switch {
	case c.window != nil:
		e.within(c.window, &r)
	case c.when != nil:
		e.decide(c, &r)
	}
	if r.State == Unknown && c.presume != "" && len(r.Missing) > 0 {
		r.State, r.Presumed = c.presume, true
	}
	if r.Why == (Text{}) {
		r.Why = r.explain()
	}
	return r
}

func (e *evaluation) decide(c *Clause, r *ClauseResult) {
	for _, name := range c.when.Names() {
		e.look(r, Fact(name))
	}
	holds, missing, err := c.when.Decide(e.values)
	switch {
	case err != nil:
		r.State = Unknown
		r.Why = say("条件无法判断：%v", "the condition cannot be evaluated: %v", err)
	case len(missing) > 0:
		r.State, r.Missing = Unknown, factsOf(missing)
	case !holds:
		r.State = Fails
	}
}

// look notes the value of a fact, where it is known.
func (e *evaluation) look(r *ClauseResult, name Fact) {
	if v, ok := e.Facts[name]; ok {
		info := name.Info()
		r.Values = append(r.Values, FactValue{name, v, v.show(info.Kind, e.Zone), info.Text})
	}
}

// within decides a window. While the thing has not happened, it is asked
// whether it would be in time at this moment.
func (e *evaluation) within(w *window, r *ClauseResult) {
	for _, name := range []Fact{w.until, w.from, w.withinHours, w.at} {
		if name != "" {
			e.look(r, name)
		}
	}
	due, missing := e.end(w)
	if len(missing) > 0 {
		r.State, r.Missing = Unknown, missing
		return
	}
	r.Due = &due
	at, happened := e.Facts.moment(w.at)
	what := w.at.Info().Text
	if happened {
		r.at = &at
	} else {
		at, what = e.asOf, Text{"现在", "now"}
	}
	zh, en := "未超过", "is within"
	if due.Late(at) {
		r.State, zh, en = Fails, "已超过", "is past"
	}
	shown := at.In(e.Zone).Format(time.DateTime)
	r.Why = Text{fmt.Sprintf("%s %s %s期限：%s", what.ZH, shown, zh, due.Text.ZH), fmt.Sprintf("%s, %s, %s the time: %s", what.EN, shown, en, due.Text.EN)}
}

// end is when a window ends, or what is missing to tell.
func (e *evaluation) end(w *window) (Due, []Fact) {
	if until, ok := e.Facts.moment(w.until); ok {
		at := until.In(e.Zone)
		shown := at.Format(time.DateTime)
		return Due{From: at, At: at, Text: say("截至 %s", "until %s", shown)}, nil
	}
	if w.from == "" {
		return Due{}, []Fact{w.until}
	}
	var missing []Fact
	from, ok := e.Facts.moment(w.from)
	if !ok {
		missing = append(missing, w.from)
	}
	within := w.within
	if w.withinHours != "" {
		hours, ok := e.Facts.number(w.withinHours)
		if !ok {
			missing = append(missing, w.withinHours)
		}
		within = Span{min(hours, maxSpan), Hours}
	}
	if len(missing) > 0 {
		return Due{}, missing
	}
	return e.calendar.Due(from, within, e.Zone), nil
}

// explain says why the clause stands where it does.
func (r *ClauseResult) explain() Text {
	if len(r.Missing) > 0 {
		var zh, en []string
		for _, f := range r.Missing {
			zh, en = append(zh, f.Info().Text.ZH), append(en, f.Info().Text.EN)
		}
		if r.Presumed {
			return Text{"未提供" + strings.Join(zh, "、") + "，按规则推定", "nobody told " + strings.Join(en, "; ") + ": presumed as the policy says"}
		}
		return Text{"还缺：" + strings.Join(zh, "、"), "missing: " + strings.Join(en, "; ")}
	}
	if len(r.Values) == 0 {
		return r.Text
	}
	var zh, en []string
	for _, v := range r.Values {
		zh = append(zh, v.Text.ZH+"："+v.Shown.ZH)
		en = append(en, v.Text.EN+": "+v.Shown.EN)
	}
	return Text{strings.Join(zh, "；"), strings.Join(en, "; ")}
}
