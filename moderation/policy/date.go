package policy

import (
	"fmt"
	"time"
)

// A Date is a day of the calendar, wherever it is lived through: the number of
// days since 1970-01-01. It is written 2026-11-20.
type Date int32

// DateOf is the day that a moment falls on in its own time zone.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// ParseDate reads 2026-11-20.
func ParseDate(text string) (Date, error) {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return 0, fmt.Errorf("%q is no day: write it as 2026-11-20", text)
	}
	return DateOf(t), nil
}

func (d Date) utc() time.Time { return time.Unix(int64(d)*86400, 0).UTC() }

// String writes 2026-11-20.
func (d Date) String() string { return d.utc().Format(time.DateOnly) }

// Short writes 11-20.
func (d Date) Short() string { return d.utc().Format("01-02") }

// Year is the year of the day.
func (d Date) Year() int { return d.utc().Year() }

// Weekday is the day of the week.
func (d Date) Weekday() time.Weekday { return d.utc().Weekday() }

// End is the last second of the day in a time zone.
func (d Date) End(zone *time.Location) time.Time {
	y, m, day := (d + 1).utc().Date()
	return time.Date(y, m, day, 0, 0, 0, 0, zone).Add(-time.Second)
}

// MarshalText implements encoding.TextMarshaler.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (d *Date) UnmarshalText(text []byte) error {
	parsed, err := ParseDate(string(text))
	*d = parsed
	return err
}
