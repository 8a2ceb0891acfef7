package policy

import (
	"maps"
	"slices"
	"time"

	"liveroom/claims/tomldoc"
)

// DayKind says why a day is worked or not.
type DayKind string

// The kinds of day.
const (
	Weekday DayKind = "weekday"
	Weekend DayKind = "weekend"
	Holiday DayKind = "holiday"
	MakeUp  DayKind = "make_up" // a day of a weekend that is worked for a holiday
)

// A Day is what the calendar knows of a date.
type Day struct {
	Date      Date    `json:"date"`
	Kind      DayKind `json:"kind"`
	Name      Text    `json:"name,omitzero"` // of the holiday that is kept or worked for
	Published bool    `json:"published"`     // the year's calendar is known; else Monday to Friday is assumed
}

// Working tells whether the day is a working day.
func (d Day) Working() bool { return d.Kind == Weekday || d.Kind == MakeUp }

// A Calendar is the working days of the official notices, a year each. Days of
// a year without a notice are worked from Monday to Friday, and say so.
type Calendar struct{ years map[int]*year }

// A year is one notice. Its holidays may begin in the December before.
type year struct {
	year    int
	source  string
	checked string
	text    string // of the file it stands in
	days    map[Date]Day
}

// Day is what the calendar knows of a date.
func (c *Calendar) Day(d Date) Day {
	y := d.Year()
	for _, notice := range []int{y, y + 1} {
		if n := c.years[notice]; n != nil {
			if day, ok := n.days[d]; ok {
				day.Published = c.Published(y)
				return day
			}
		}
	}
	day := Day{Date: d, Kind: Weekday, Published: c.Published(y)}
	if w := d.Weekday(); w == time.Saturday || w == time.Sunday {
		day.Kind = Weekend
	}
	return day
}

// Published tells whether the calendar of a year is known.
func (c *Calendar) Published(y int) bool { return c.years[y] != nil }

// Years lists the years whose calendar is known.
func (c *Calendar) Years() []int { return slices.Sorted(maps.Keys(c.years)) }

// Source is who published the calendar of a year, and the day somebody last
// held it against that; "" for a year that is not known.
func (c *Calendar) Source(y int) (source, checked string) {
	if n := c.years[y]; n != nil {
		return n.source, n.checked
	}
	return "", ""
}

// Contents are the files that the years stand in: what a record keeps beside
// Policy.Content to answer the same for ever.
func (c *Calendar) Contents() []string {
	var texts []string
	for _, y := range c.Years() {
		if text := c.years[y].text; !slices.Contains(texts, text) {
			texts = append(texts, text)
		}
	}
	return texts
}

// Version is the hash of the contents.
func (c *Calendar) Version() string { return hash(c.Contents()...) }

// maxHoliday is the longest holiday, in days: no notice gave one longer than
// nine, and a typing mistake must not stop the clocks for a year.
const maxHoliday = 15

// readYears takes the notices of a calendar file.
func readYears(root *tomldoc.Table, text string) []*year {
	var out []*year
	for _, t := range root.Tables("year") {
		y := &year{year: int(t.Int("year", 2000, 2100)), source: t.Need("source", "the notice that says so"), checked: t.Day("checked"), text: text, days: map[Date]Day{}}
		if y.checked == "" && !t.Has("checked") {
			t.Failf("", "checked is missing: the day somebody last held the days against the notice, such as 2026-11-20")
		}
		for _, h := range t.Tables("holidays") {
			y.holiday(h)
		}
		if len(y.days) == 0 {
			t.Failf("", "holidays is missing: a table for each, with name, name_en, from, to and work")
		}
		if slices.ContainsFunc(out, func(o *year) bool { return o.year == y.year }) {
			t.Failf("year", "%d stands in this file already; each year once", y.year)
		}
		out = append(out, y)
	}
	if len(out) == 0 {
		root.Failf("", "one [[year]] for each notice is expected")
	}
	return out
}

func (y *year) holiday(t *tomldoc.Table) {
	name := needText(t, "name", "what people call the holiday")
	from, to := y.date(t, "from", t.Day("from")), y.date(t, "to", t.Day("to"))
	if to < from || to-from >= maxHoliday {
		t.Failf("to", "a holiday of 1 to %d days is expected, from before to", maxHoliday)
		return
	}
	for d := from; d <= to; d++ {
		y.set(t, Day{Date: d, Kind: Holiday, Name: name})
	}
	for _, line := range t.Texts("work") {
		d := y.date(t, "work", line.Text)
		if w := d.Weekday(); d != 0 && w != time.Saturday && w != time.Sunday {
			t.Failf("work", "%s is no day of a weekend: only those are made up for", d)
		}
		y.set(t, Day{Date: d, Kind: MakeUp, Name: name})
	}
}

// date reads a day of the notice, which may lie in the December before.
func (y *year) date(t *tomldoc.Table, key, text string) Date {
	d, err := ParseDate(text)
	switch {
	case text == "" && t.Has(key): // the reader of the file tells of it
	case err != nil:
		t.Failf(key, "a day such as %d-10-01 is expected", y.year)
	case d.Year() != y.year && (d.Year() != y.year-1 || d.utc().Month() != time.December):
		t.Failf(key, "%s does not belong to the calendar of %d", d, y.year)
	}
	return d
}

func (y *year) set(t *tomldoc.Table, d Day) {
	if have, twice := y.days[d.Date]; twice {
		t.Failf("", "%s belongs to %s already", d.Date, have.Name.ZH)
	}
	y.days[d.Date] = d
}
