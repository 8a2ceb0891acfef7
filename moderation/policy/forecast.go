package policy

import (
	"fmt"
	"time"
)

// maxForecast is how many days a forecast shows at most.
const maxForecast = 60

// A ForecastDay is what a clock will look like at the end of a day.
type ForecastDay struct {
	Day
	Counts bool `json:"counts"` // the day is one of those that the clock counts
	Left   Left `json:"left"`   // when the day ends
	Late   bool `json:"late"`
	Text   Text `json:"text"`
}

// Left is how much a clock has left: days of its unit, or seconds for a clock of
// hours.
type Left struct {
	Days    int64 `json:"days,omitzero"`
	Seconds int64 `json:"seconds,omitzero"`
}

// Forecast shows day by day what becomes of a clock if nobody does anything,
// from today to the day after it is due: over a holiday a clock of working days
// stands still, and one of hours runs out.
func (c Clock) Forecast(cal *Calendar, now time.Time, zone *time.Location) []ForecastDay {
	now = second(now)
	due := c.Due(cal, now, zone)
	last := DateOf(due.At) + 1
	first := DateOf(now.In(zone))
	var out []ForecastDay
	for d := first; d <= last && d < first+maxForecast; d++ {
		f := ForecastDay{Day: cal.Day(d)}
		f.Counts = c.Within.Unit != WorkingDays || f.Working()
		f.Late = d.End(zone).After(due.At)
		if c.Within.exact() {
			f.Left.Seconds = int64(max(due.At.Sub(d.End(zone)), 0) / time.Second)
		} else if !f.Late {
			f.Left.Days = cal.days(d.End(zone), due.At, c.Within.Unit)
		}
		f.Text = f.tell(c.Within.Unit)
		out = append(out, f)
	}
	return out
}

// tell writes the day for people.
func (f *ForecastDay) tell(u Unit) Text {
	zh, en := f.Date.Short(), f.Date.Short()
	switch f.Kind {
	case Holiday:
		zh, en = zh+" "+f.Name.ZH, en+" "+f.Name.EN
	case MakeUp:
		zh, en = zh+" 为"+f.Name.ZH+"调休上班", en+" is worked for "+f.Name.EN
	case Weekend:
		zh, en = zh+" 周末", en+" is a weekend"
	case Weekday:
	}
	if !f.Counts {
		zh, en = zh+"，不计", en+", not counted"
	}
	seconds := time.Duration(f.Left.Seconds) * time.Second
	switch {
	case f.Late:
		zh, en = zh+"：已超时", en+": late"
	case (Span{Unit: u}).exact():
		zh, en = zh+"：还剩 "+durationZH(seconds), en+": "+durationEN(seconds)+" left"
	default:
		left := Span{f.Left.Days, u}
		zh, en = zh+"：还剩 "+left.Chinese(), en+": "+left.String()+" left"
	}
	if !f.Published {
		zh, en = zh+"（当年放假安排未公布）", en+" (calendar not published)"
	}
	return Text{zh, en}
}

// durationZH and durationEN write a time that is left or over, to the minute.
func durationZH(d time.Duration) string {
	return fmt.Sprintf("%d 小时 %d 分", d/time.Hour, d%time.Hour/time.Minute)
}

func durationEN(d time.Duration) string {
	return fmt.Sprintf("%d h %02d min", d/time.Hour, d%time.Hour/time.Minute)
}
