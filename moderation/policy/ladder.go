package policy

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"liveroom/claims/tomldoc"
)

// gravities are how grave an offence may be.
var gravities = []string{"low", "medium", "high"}

// Measure is what a penalty does.
type Measure string

// The measures.
const (
	MeasureWarning    Measure = "warning"
	MeasureFine       Measure = "fine"
	MeasureBan        Measure = "ban"
	MeasureDelist     Measure = "listing_down"
	MeasureScore      Measure = "score"
	MeasureClose      Measure = "account_closed"
	MeasureEnd        Measure = "cooperation_ended"
	MeasureReport     Measure = "authorities_informed"
	MeasureNoService  Measure = "service_lost"
	MeasureBadge      Measure = "badge_withdrawn"
	MeasureNoOrdering Measure = "orders_refused"
)

var measureTexts = map[Measure]Text{
	MeasureWarning: {"警告", "warning"}, MeasureFine: {"罚款", "fine"}, MeasureBan: {"封禁", "ban"},
	MeasureDelist: {"下架商品", "listing down"}, MeasureScore: {"扣减信用分", "score lowered"}, MeasureClose: {"关闭账号", "account closed"},
	MeasureEnd: {"终止合作", "co-operation ended"}, MeasureReport: {"移交监管部门", "authorities informed"},
	MeasureNoService: {"取消保障服务", "loses the service"}, MeasureBadge: {"收回标识", "badge withdrawn"}, MeasureNoOrdering: {"限制下单", "orders refused"},
}

// Text names the measure for people.
func (m Measure) Text() Text { return measureTexts[m] }

// A Ladder is how penalties grow with what was done before.
type Ladder struct {
	Expires Span             // how long a strike counts
	Points  map[string]int64 // of a strike, by its gravity
	Steps   []Step           // from the lowest
	Source  string           // of the figures; "" : the policy's
}

// A Step is the measures from a number of points on.
type Step struct {
	At       int64     `json:"at"`
	Measures []Measure `json:"measures"`
	Text     Text      `json:"text"`
}

// A Strike is an offence that was ruled on before.
type Strike struct {
	ID       string    `json:"id"`
	At       time.Time `json:"at"`
	Gravity  string    `json:"gravity"`
	Reversed bool      `json:"reversed,omitzero"` // an appeal was upheld: it counts for nothing
}

// A Recommendation is the step that an offence reaches. A person decides.
type Recommendation struct {
	Points   int64    `json:"points"`
	Step     Step     `json:"step,omitzero"` // zero: below the first
	Next     int64    `json:"next,omitzero"`
	Counted  []string `json:"counted,omitzero"` // strikes
	Expired  []string `json:"expired,omitzero"`
	Reversed []string `json:"reversed,omitzero"`
	Reason   Text     `json:"reason"`
}

func (l *loader) ladder(t *tomldoc.Table, kind Kind) *Ladder {
	lt := t.Table("ladder")
	switch {
	case lt == nil && kind == Penalty:
		t.Failf("", "[ladder] is missing: the steps of the penalty")
		return nil
	case lt == nil:
		return nil
	case kind != Penalty:
		t.Failf("ladder", `a ladder is for kind = "penalty"`)
	}
	out := &Ladder{Expires: span(lt, "expires"), Points: map[string]int64{}, Source: lt.Text("source")}
	if out.Expires == (Span{}) && !lt.Has("expires") {
		lt.Failf("", `expires is missing: how long a strike counts, such as "365 days"`)
	}
	if points := lt.Table("points"); points == nil {
		lt.Failf("", "points is missing: { low = 1, medium = 2, high = 4 }")
	} else {
		for _, g := range gravities {
			out.Points[g] = points.Int(g, 0, 1000)
		}
	}
	for _, st := range lt.Tables("step") {
		s := Step{At: st.Int("at", 1, 100_000), Text: needText(st, "text", "what happens at this step")}
		for _, m := range st.Texts("measures") {
			s.Measures = append(s.Measures, measure(st, m.Text))
		}
		if n := len(out.Steps); n > 0 && out.Steps[n-1].At >= s.At {
			st.Failf("at", "more points than the step before are expected")
		}
		out.Steps = append(out.Steps, s)
	}
	if len(out.Steps) == 0 {
		lt.Failf("", "[[ladder.step]] is missing: at least one")
	}
	return out
}

func measure(t *tomldoc.Table, name string) Measure {
	var known []string
	for m := range measureTexts {
		known = append(known, string(m))
	}
	if !slices.Contains(known, name) {
		slices.Sort(known)
		t.Failf("measures", "%q is no measure; one of %s", name, strings.Join(known, ", "))
	}
	return Measure(name)
}

// recommend climbs the ladder with an offence and what was ruled before.
func (l *Ladder) recommend(cal *Calendar, gravity string, strikes []Strike, asOf time.Time, zone *time.Location) *Recommendation {
	r := &Recommendation{Points: l.Points[gravity]}
	zh := []string{fmt.Sprintf("本次 %d 分", r.Points)}
	en := []string{fmt.Sprintf("this offence %d", r.Points)}
	for _, s := range strikes {
		switch {
		case s.At.After(asOf): // not ruled yet
		case s.Reversed:
			r.Reversed = append(r.Reversed, s.ID)
		case cal.Due(s.At, l.Expires, zone).Late(asOf):
			r.Expired = append(r.Expired, s.ID)
		default:
			r.Counted = append(r.Counted, s.ID)
			r.Points += l.Points[s.Gravity]
			day := DateOf(s.At.In(zone))
			zh = append(zh, fmt.Sprintf("%s 的 %s %d 分", day, s.ID, l.Points[s.Gravity]))
			en = append(en, fmt.Sprintf("%s of %s %d", s.ID, day, l.Points[s.Gravity]))
		}
	}
	for _, s := range l.Steps {
		if s.At <= r.Points {
			r.Step = s
		} else if r.Next == 0 {
			r.Next = s.At
		}
	}
	r.Reason = Text{fmt.Sprintf("共 %d 分（%s）", r.Points, strings.Join(zh, "，")), fmt.Sprintf("%d points (%s)", r.Points, strings.Join(en, ", "))}
	r.tell(len(r.Expired), Text{"过期不计", "expired"})
	r.tell(len(r.Reversed), Text{"申诉成立不计", "reversed on appeal"})
	if r.Step.At == 0 {
		r.Reason = Text{r.Reason.ZH + "：未到任何一档", r.Reason.EN + ": below the first step"}
	} else {
		r.Reason = Text{fmt.Sprintf("%s：达到 %d 分档，%s", r.Reason.ZH, r.Step.At, r.Step.Text.ZH), fmt.Sprintf("%s: reaches the step at %d, %s", r.Reason.EN, r.Step.At, r.Step.Text.EN)}
	}
	return r
}

func (r *Recommendation) tell(n int, why Text) {
	if n > 0 {
		r.Reason = Text{fmt.Sprintf("%s，%d 次%s", r.Reason.ZH, n, why.ZH), fmt.Sprintf("%s, %d %s", r.Reason.EN, n, why.EN)}
	}
}
