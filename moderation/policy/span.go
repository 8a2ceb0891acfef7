package policy

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Unit is what a span is counted in.
type Unit string

// The units. Hours are counted to the second. A span of days ends with its last
// day: the day it begins on is not counted (Civil Code, articles 201 and 203).
const (
	Hours       Unit = "hours"
	Days        Unit = "days"
	WorkingDays Unit = "working days"
)

// maxSpan is the longest span, in its unit: what is longer is a typing mistake.
const maxSpan = 5_000

// A Span is a length of time as rules write it: 48 hours, 30 days, 5 working
// days.
type Span struct {
	N    int64
	Unit Unit
}

// ParseSpan reads "48 hours", "30 days" or "5 working days".
func ParseSpan(text string) (Span, error) {
	number, unit, _ := strings.Cut(strings.TrimSpace(text), " ")
	n, err := strconv.ParseInt(number, 10, 64)
	u := Unit(strings.TrimSpace(unit))
	switch u {
	case "hour", "day", "working day":
		u += "s"
	}
	if err != nil || n < 1 || n > maxSpan || u != Hours && u != Days && u != WorkingDays {
		return Span{}, fmt.Errorf(`%q is no span of time: write "48 hours", "30 days" or "5 working days", at most %d`, text, maxSpan)
	}
	return Span{n, u}, nil
}

// String writes the span as ParseSpan reads it.
func (s Span) String() string {
	if s.N == 1 {
		return "1 " + strings.TrimSuffix(string(s.Unit), "s")
	}
	return fmt.Sprintf("%d %s", s.N, s.Unit)
}

// Chinese writes the span for a Chinese reader.
func (s Span) Chinese() string {
	return fmt.Sprintf("%d %s", s.N, map[Unit]string{Hours: "小时", Days: "个自然日", WorkingDays: "个工作日"}[s.Unit])
}

// exact tells a span that is counted to the second, as one without a unit is.
func (s Span) exact() bool { return s.Unit != Days && s.Unit != WorkingDays }

// MarshalText implements encoding.TextMarshaler.
func (s Span) MarshalText() ([]byte, error) {
	if s == (Span{}) {
		return nil, nil
	}
	return []byte(s.String()), nil
}

// UnmarshalText implements encoding.TextUnmarshaler.
func (s *Span) UnmarshalText(text []byte) (err error) {
	if len(text) == 0 {
		*s = Span{}
		return nil
	}
	*s, err = ParseSpan(string(text))
	return err
}

// A Due is when a span ends, and how that was counted.
type Due struct {
	From        time.Time `json:"from"`
	Span        Span      `json:"span"`
	At          time.Time `json:"at"`                   // the last second that is in time
	Skipped     []Day     `json:"skipped,omitzero"`     // holidays that were not counted
	Weekends    int       `json:"weekends,omitzero"`    // days of weekends that were not counted
	MadeUp      []Day     `json:"made_up,omitzero"`     // days of weekends that were worked, and counted
	Unpublished []int     `json:"unpublished,omitzero"` // years whose calendar is not known
	Text        Text      `json:"text"`
	pauses      []Text
}

// Late tells whether a moment is past the due time.
func (d Due) Late(t time.Time) bool { return Late(t, d.At) }

// Late tells whether a moment is past the last second that is in time. Clocks
// count whole seconds.
func Late(now, due time.Time) bool { return second(now).After(due) }

func second(t time.Time) time.Time { return t.Truncate(time.Second) }

// Due tells when a span that begins at a moment ends, in a time zone.
func (c *Calendar) Due(from time.Time, s Span, zone *time.Location) Due {
	from = second(from).In(zone)
	d := Due{From: from, Span: s}
	switch s.Unit {
	case Hours:
		d.At = from.Add(time.Duration(s.N) * time.Hour)
	case Days:
		d.At = (DateOf(from) + Date(s.N)).End(zone)
	case WorkingDays:
		d.At = c.count(&d, DateOf(from), s.N).End(zone)
	}
	d.explain()
	return d
}

// count goes n working days on and notes what it passes.
func (c *Calendar) count(d *Due, at Date, n int64) Date {
	for n > 0 {
		at++
		if c.pass(d, at) {
			n--
		}
	}
	return at
}

// pass notes a day that a span of working days runs over, and tells whether it
// counts.
func (c *Calendar) pass(d *Due, at Date) bool {
	day := c.Day(at)
	if y := at.Year(); !day.Published && !slices.Contains(d.Unpublished, y) {
		d.Unpublished = append(d.Unpublished, y)
	}
	switch day.Kind {
	case Holiday:
		d.Skipped = append(d.Skipped, day)
	case Weekend:
		d.Weekends++
	case MakeUp:
		d.MadeUp = append(d.MadeUp, day)
	case Weekday:
	}
	return day.Working()
}

// explain writes out how the span was counted.
func (d *Due) explain() {
	at, from := d.At.Format(time.DateTime), d.From.Format(time.DateTime)
	zh := []string{fmt.Sprintf("%s 起 %s，截至 %s", from, d.Span.Chinese(), at)}
	en := []string{fmt.Sprintf("%s from %s: until %s", d.Span, from, at)}
	if d.Span == (Span{}) {
		zh, en = []string{fmt.Sprintf("%s 起，截至 %s", from, at)}, []string{fmt.Sprintf("from %s: until %s", from, at)}
	}
	for _, r := range runs(d.Skipped) {
		zh = append(zh, fmt.Sprintf("跳过%s %s", r.Name.ZH, r.dates()))
		en = append(en, fmt.Sprintf("skips %s %s", r.Name.EN, r.dates()))
	}
	if d.Weekends > 0 {
		zh = append(zh, fmt.Sprintf("跳过周末 %d 天", d.Weekends))
		en = append(en, fmt.Sprintf("skips %s of weekends", plural(d.Weekends, "day")))
	}
	for _, day := range d.MadeUp {
		zh = append(zh, fmt.Sprintf("%s 为%s调休上班", day.Date.Short(), day.Name.ZH))
		en = append(en, fmt.Sprintf("%s is worked for %s", day.Date.Short(), day.Name.EN))
	}
	for _, y := range d.Unpublished {
		zh = append(zh, fmt.Sprintf("%d 年的放假安排尚未公布，按周一至周五计算", y))
		en = append(en, fmt.Sprintf("the calendar of %d is not published, Monday to Friday is assumed", y))
	}
	for _, p := range d.pauses {
		zh, en = append(zh, p.ZH), append(en, p.EN)
	}
	d.Text = Text{strings.Join(zh, "；"), strings.Join(en, "; ")}
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// A run is days of one holiday that follow each other.
type run struct {
	Day
	to Date
}

func (r run) dates() string {
	if r.to == r.Date {
		return r.Date.Short()
	}
	return r.Date.Short() + "–" + r.to.Short()
}

func runs(days []Day) []run {
	var out []run
	for _, d := range days {
		if n := len(out) - 1; n >= 0 && out[n].Name == d.Name && out[n].to+1 == d.Date {
			out[n].to = d.Date
			continue
		}
		out = append(out, run{d, d.Date})
	}
	return out
}
