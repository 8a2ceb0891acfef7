package query

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// number reads a number, or for ":" a range, into what it lets through.
func (v *Value) number(s shape, op Op) bool {
	if low, high, ok := strings.Cut(v.Text, ".."); ok && op == Is {
		from, ok1 := amount(low, s)
		to, ok2 := amount(high, s)
		v.low, v.high = from, to
		return ok1 && ok2 && from <= to
	}
	n, ok := amount(v.Text, s)
	switch op {
	case Is:
		v.low, v.high = n, n
	case More:
		v.low, v.high = n+1, math.MaxInt64
	case AtLeast:
		v.low, v.high = n, math.MaxInt64
	case Less:
		v.low, v.high = math.MinInt64, n-1
	case AtMost:
		v.low, v.high = math.MinInt64, n
	}
	return ok
}

// maxAmount bounds numbers, so that none overflows when it is turned into fen.
const maxAmount = 1_000_000_000_000

// amount reads a whole number, of money with up to two decimals as fen.
func amount(text string, s shape) (int64, bool) {
	text = strings.TrimPrefix(strings.TrimPrefix(text, "¥"), "￥")
	text = strings.TrimPrefix(text, "#")
	whole, part, cut := strings.Cut(text, ".")
	n, ok := digits(whole)
	if s == shapeNumber {
		return n, ok && !cut
	}
	if cut && (len(part) == 0 || len(part) > 2) {
		return 0, false
	}
	fen, ok2 := digits((part + "00")[:2])
	return n*100 + fen, ok && ok2
}

// digits reads digits and nothing else.
func digits(text string) (int64, bool) {
	if text == "" || strings.Trim(text, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.ParseInt(text, 10, 64)
	return n, err == nil && n <= maxAmount
}

// units are what spans are written in, the longer names first.
var units = []struct {
	name string
	is   time.Duration
}{
	{"分钟", time.Minute},
	{"小时", time.Hour},
	{"分", time.Minute},
	{"时", time.Hour},
	{"秒", time.Second},
	{"天", 24 * time.Hour},
	{"周", 7 * 24 * time.Hour},
	{"s", time.Second},
	{"m", time.Minute},
	{"h", time.Hour},
	{"d", 24 * time.Hour},
	{"w", 7 * 24 * time.Hour},
}

// maxSpan bounds how far back a span goes.
const maxSpan = 100 * 366 * 24 * time.Hour

// span reads a length of time like 1h30m or 10分钟.
func span(text string) (time.Duration, bool) {
	var total time.Duration
	for rest := text; rest != ""; {
		i := strings.IndexFunc(rest, func(r rune) bool { return r < '0' || r > '9' })
		if i <= 0 {
			return 0, false
		}
		n, ok := digits(rest[:i])
		rest = rest[i:]
		matched := false
		for _, u := range units {
			if strings.HasPrefix(rest, u.name) {
				if !ok || n > int64(maxSpan/u.is) {
					return 0, false
				}
				total, rest, matched = total+time.Duration(n)*u.is, rest[len(u.name):], true
				break
			}
		}
		if !matched || total > maxSpan {
			return 0, false
		}
	}
	return total, text != ""
}

// days are days named from today.
var days = map[string]int{"today": 0, "yesterday": 1, "今天": 0, "昨天": 1, "前天": 2}

// parseMoment reads a time as people write it.
func parseMoment(text string) (moment, bool) {
	if d, ok := span(text); ok {
		return moment{span: true, ago: d}, true
	}
	date, hour, both := strings.Cut(strings.ToUpper(text), "T")
	if back, ok := days[strings.ToLower(text)]; ok {
		return moment{day: day{back: back, known: true}}, true
	}
	var m moment
	if both || strings.Contains(date, "-") {
		if !m.day.read(date) {
			return m, false
		}
		if !both {
			return m, true
		}
	} else {
		hour = date
	}
	hour, ok := m.readZone(hour)
	return m, ok && m.clock.read(hour)
}

// read reads a date with or without its year.
func (d *day) read(text string) bool {
	yearless := strings.Count(text, "-") == 1
	if yearless {
		text = "2004-" + text // a year that has every day
	}
	t, err := time.Parse("2006-1-2", text)
	if err != nil || t.Year() < 1970 || t.Year() > 2200 {
		return false
	}
	*d = day{year: t.Year(), month: int(t.Month()), date: t.Day(), known: true}
	if yearless {
		d.year = 0
	}
	return true
}

// readZone takes an offset from UTC off the end of a time.
func (m *moment) readZone(text string) (rest string, ok bool) {
	if rest, ok := strings.CutSuffix(text, "Z"); ok {
		m.zone = time.UTC
		return rest, true
	}
	i := strings.LastIndexAny(text, "+-")
	if i < 0 {
		return text, true
	}
	t, err := time.Parse("-07:00", text[i:])
	if err != nil {
		return "", false
	}
	_, off := t.Zone()
	m.zone = time.FixedZone("", off)
	return text[:i], true
}

func (c *clock) read(text string) bool {
	for _, layout := range []string{"15:04", "15:04:05"} {
		if t, err := time.Parse(layout, text); err == nil {
			*c = clock{t.Hour(), t.Minute(), t.Second(), true, layout == "15:04:05"}
			return true
		}
	}
	return false
}

// within is the stretch of time that the moment names: from, and to but not
// with it. A span is the moment that it goes back to.
func (m *moment) within(now time.Time, zone *time.Location) (from, to time.Time) {
	if m.span {
		t := now.Add(-m.ago)
		return t, t
	}
	if m.zone != nil {
		zone = m.zone
	}
	local := now.In(zone)
	year, month, date := local.Date()
	switch {
	case m.day.known && m.day.month == 0:
		date -= m.day.back
	case m.day.known:
		month, date = time.Month(m.day.month), m.day.date
		if m.day.year != 0 {
			year = m.day.year
		}
	}
	at := func(year, date int) (from, to time.Time) {
		if !m.clock.known {
			return time.Date(year, month, date, 0, 0, 0, 0, zone), time.Date(year, month, date+1, 0, 0, 0, 0, zone)
		}
		from = time.Date(year, month, date, m.clock.hour, m.clock.min, m.clock.sec, 0, zone)
		if m.clock.seconded {
			return from, from.Add(time.Second)
		}
		return from, from.Add(time.Minute)
	}
	from, to = at(year, date)
	if !from.After(now) {
		return from, to
	}
	// What is left out is filled in so that it was last: nobody looks for what is
	// to come.
	switch {
	case !m.day.known:
		return at(year, date-1)
	case m.day.month != 0 && m.day.year == 0:
		return at(year-1, date)
	}
	return from, to
}
