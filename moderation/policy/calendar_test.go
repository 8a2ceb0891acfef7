package policy_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"liveroom/claims/tomldoc"
	"liveroom/moderation/policy"
)

func day(t testing.TB, text string) policy.Date {
	t.Helper()
	d, err := policy.ParseDate(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func at(t testing.TB, text string) time.Time {
	t.Helper()
	v, err := time.ParseInLocation(time.DateTime, text, policy.DefaultZone)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// TestTheNoticesBalance: what is worked at weekends is given back on weekdays,
// so a year's days off from Monday to Friday, less the weekend days worked, are
// the statutory holidays: 11 up to 2024, 13 from 2025 on.
func TestTheNoticesBalance(t *testing.T) {
	cal := shipped(t).Calendar()
	for _, c := range []struct{ year, statutory, off, worked, holidayDays int }{
		{2024, 11, 19, 8, 28}, {2025, 13, 18, 5, 28}, {2026, 13, 19, 6, 33},
	} {
		off, worked, holidays := 0, 0, 0
		for d := day(t, fmt.Sprint(c.year, "-01-01")); d.Year() == c.year; d++ {
			known := cal.Day(d)
			weekend := d.Weekday() == time.Saturday || d.Weekday() == time.Sunday
			switch {
			case !known.Published:
				t.Fatalf("%s is not published", d)
			case known.Kind == policy.Holiday:
				holidays++
				if !weekend {
					off++
				}
			case known.Kind == policy.MakeUp:
				worked++
				if !weekend {
					t.Errorf("%s is a %s and made up for", d, d.Weekday())
				}
			case known.Working() == weekend:
				t.Errorf("%s, a %s: %+v", d, d.Weekday(), known)
			}
		}
		if off-worked != c.statutory || worked != c.worked || holidays != c.holidayDays || off != c.off {
			t.Errorf("%d: %d days off, %d weekend days worked, %d holidays; want %+v", c.year, off, worked, holidays, c)
		}
	}
}

// TestDaysOfTheNotices: each boundary of every holiday, and each make-up day.
func TestDaysOfTheNotices(t *testing.T) {
	cal := shipped(t).Calendar()
	for _, c := range []struct{ off, worked string }{
		{"2024-01-01", "2024-01-02"},
		{"2024-02-10 2024-02-17", "2024-02-04 2024-02-09 2024-02-18"},
		{"2024-04-04 2024-04-06", "2024-04-03 2024-04-07"},
		{"2024-05-01 2024-05-05", "2024-04-28 2024-05-06 2024-05-11"},
		{"2024-06-10", "2024-06-07 2024-06-11"},
		{"2024-09-15 2024-09-17", "2024-09-14 2024-09-18"},
		{"2024-10-01 2024-10-07", "2024-09-29 2024-10-08 2024-10-12"},
		{"2025-01-01", "2024-12-31 2025-01-02"},
		{"2025-01-28 2025-02-04", "2025-01-26 2025-01-27 2025-02-05 2025-02-08"},
		{"2025-04-04 2025-04-06", "2025-04-03 2025-04-07"},
		{"2025-05-01 2025-05-05", "2025-04-27 2025-04-30 2025-05-06"},
		{"2025-05-31 2025-06-02", "2025-05-30 2025-06-03"},
		{"2025-10-01 2025-10-08", "2025-09-28 2025-09-30 2025-10-09 2025-10-11"},
		{"2026-01-01 2026-01-03", "2025-12-31 2026-01-04"},
		{"2026-02-15 2026-02-23", "2026-02-14 2026-02-24 2026-02-28"},
		{"2026-04-04 2026-04-06", "2026-04-03 2026-04-07"},
		{"2026-05-01 2026-05-05", "2026-04-30 2026-05-06 2026-05-09"},
		{"2026-06-19 2026-06-21", "2026-06-18 2026-06-22"},
		{"2026-09-25 2026-09-27", "2026-09-20 2026-09-24 2026-09-28"},
		{"2026-10-01 2026-10-07", "2026-09-30 2026-10-08 2026-10-10"},
	} {
		for _, d := range strings.Fields(c.off) {
			if k := cal.Day(day(t, d)); k.Working() || k.Kind != policy.Holiday || k.Name.EN == "" {
				t.Errorf("%s: %+v", d, k)
			}
		}
		for _, d := range strings.Fields(c.worked) {
			if k := cal.Day(day(t, d)); !k.Working() {
				t.Errorf("%s: %+v", d, k)
			}
		}
	}
}

func TestDueTimesExplainThemselves(t *testing.T) {
	cal := shipped(t).Calendar()
	for _, c := range []struct{ from, span, at, en string }{
		{
			"2026-09-30 10:00:00", "5 working days", "2026-10-13 23:59:59",
			"5 working days from 2026-09-30 10:00:00: until 2026-10-13 23:59:59; skips National Day 10-01–10-07; skips 1 day of weekends; 10-10 is worked for National Day",
		},
		{"2026-09-30 10:00:00", "48 hours", "2026-10-02 10:00:00", "48 hours from 2026-09-30 10:00:00: until 2026-10-02 10:00:00"},
		{"2026-03-03 10:00:00", "30 days", "2026-04-02 23:59:59", "30 days from 2026-03-03 10:00:00: until 2026-04-02 23:59:59"},
		{
			"2026-12-30 10:00:00", "3 working days", "2027-01-04 23:59:59",
			"3 working days from 2026-12-30 10:00:00: until 2027-01-04 23:59:59; skips 2 days of weekends; the calendar of 2027 is not published, Monday to Friday is assumed",
		},
		{"2026-02-13 23:59:59", "1 working day", "2026-02-14 23:59:59", "1 working day from 2026-02-13 23:59:59: until 2026-02-14 23:59:59; 02-14 is worked for Spring Festival"},
	} {
		span, err := policy.ParseSpan(c.span)
		if err != nil {
			t.Fatal(err)
		}
		d := cal.Due(at(t, c.from), span, policy.DefaultZone)
		if got := d.At.Format(time.DateTime); got != c.at || d.Text.EN != c.en {
			t.Errorf("%s from %s: %s\n got  %s\n want %s", c.span, c.from, got, d.Text.EN, c.en)
		}
		if d.Late(d.At) || d.Late(d.At.Add(999*time.Millisecond)) || !d.Late(d.At.Add(time.Second)) {
			t.Errorf("%s from %s: the last second is not the last in time", c.span, c.from)
		}
	}
	d := cal.Due(at(t, "2026-12-30 10:00:00"), policy.Span{N: 3, Unit: policy.WorkingDays}, policy.DefaultZone)
	if !strings.Contains(d.Text.ZH, "2027 年的放假安排尚未公布，按周一至周五计算") {
		t.Error(d.Text.ZH)
	}
}

// TestAYearOfOnesOwn: the next notice is a file, not a release.
func TestAYearOfOnesOwn(t *testing.T) {
	file := tomldoc.File{Name: "2027.toml", Text: []byte(`kind = "calendar"
[[year]]
year = 2027
source = "the notice of that year"
checked = 2026-12-01
holidays = [{ name = "元旦", name_en = "New Year's Day", from = 2026-12-31, to = 2027-01-02, work = ["2026-12-27"] }]
`)}
	set, err := policy.Load(shipped(t), file)
	if err != nil {
		t.Fatal(err)
	}
	cal := set.Calendar()
	if k := cal.Day(day(t, "2026-12-31")); k.Working() || !k.Published {
		t.Errorf("%+v", k)
	}
	if !cal.Day(day(t, "2026-12-27")).Working() || cal.Day(day(t, "2026-10-01")).Working() {
		t.Error("the years beside it changed")
	}
	if source, checked := cal.Source(2027); source != "the notice of that year" || checked != "2026-12-01" {
		t.Error(source, checked)
	}
	if cal.Version() == shipped(t).Calendar().Version() || set.Version() == shipped(t).Version() {
		t.Error("another calendar has the same version")
	}
}

func anyMoment(t *rapid.T) time.Time {
	from := time.Date(2023, 12, 20, 0, 0, 0, 0, policy.DefaultZone).Unix()
	return time.Unix(rapid.Int64Range(from, from+5*366*86400).Draw(t, "from"), 0)
}

func anySpan(t *rapid.T) policy.Span {
	unit := rapid.SampledFrom([]policy.Unit{policy.Hours, policy.Days, policy.WorkingDays}).Draw(t, "unit")
	return policy.Span{N: rapid.Int64Range(1, 60).Draw(t, "n"), Unit: unit}
}

// TestSpansOfTime: more is later, a later start ends no earlier, a working day
// is worked, and between start and due lie as many working days as asked for.
func TestSpansOfTime(t *testing.T) {
	cal := shipped(t).Calendar()
	rapid.Check(t, func(t *rapid.T) {
		from, span := anyMoment(t), anySpan(t)
		d := cal.Due(from, span, policy.DefaultZone)
		more := cal.Due(from, policy.Span{N: span.N + 1, Unit: span.Unit}, policy.DefaultZone)
		if !more.At.After(d.At) {
			t.Errorf("%s from %s is due %s, one more %s", span, from, d.At, more.At)
		}
		later := from.Add(time.Duration(rapid.Int64Range(0, 30*86400).Draw(t, "later")) * time.Second)
		if next := cal.Due(later, span, policy.DefaultZone); next.At.Before(d.At) {
			t.Errorf("%s from %s is due %s, from %s %s", span, from, d.At, later, next.At)
		}
		if !d.At.After(from) || d.At.Nanosecond() != 0 {
			t.Errorf("%s from %s is due %s", span, from, d.At)
		}
		if span.Unit == policy.WorkingDays {
			worked := int64(0)
			for at := policy.DateOf(from.In(policy.DefaultZone)) + 1; at <= policy.DateOf(d.At); at++ {
				if cal.Day(at).Working() {
					worked++
				}
			}
			if !cal.Day(policy.DateOf(d.At)).Working() || worked != span.N {
				t.Errorf("%s from %s: %s, %d working days between", span, from, d.At, worked)
			}
		}
		if parsed, err := policy.ParseSpan(span.String()); err != nil || parsed != span {
			t.Errorf("%q reads as %v, %v", span, parsed, err)
		}
	})
}

// TestSpansInOtherZones: the last second of a day is that of the room.
func TestSpansInOtherZones(t *testing.T) {
	for zone, want := range map[string]string{
		"America/New_York": "2026-11-08T23:59:59-05:00", // the clocks went back on 11-01
		"Asia/Shanghai":    "2026-11-08T23:59:59+08:00",
	} {
		loc, err := time.LoadLocation(zone)
		if err != nil {
			t.Skip(err)
		}
		d := shipped(t).Calendar().Due(time.Date(2026, 10, 29, 9, 0, 0, 0, loc), policy.Span{N: 10, Unit: policy.Days}, loc)
		if got := d.At.Format(time.RFC3339); got != want {
			t.Errorf("%s: %s", zone, got)
		}
	}
}
