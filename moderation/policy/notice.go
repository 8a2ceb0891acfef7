package policy

import (
	"fmt"
	"time"
)

// NoticeKind is what is to be told of a clock.
type NoticeKind string

// The kinds of notice.
const (
	NoticeAtRisk   NoticeKind = "at_risk"
	NoticeBreached NoticeKind = "breached"
)

// A Notice is something to tell people about a clock, once.
type Notice struct {
	Key    string     `json:"key"` // the same notice has the same key for ever
	Owner  string     `json:"owner"`
	Clock  string     `json:"clock"`
	Policy string     `json:"policy"`
	Kind   NoticeKind `json:"kind"`
	Due    time.Time  `json:"due"`
	Text   Text       `json:"text"`
}

// Notices decides what to tell about the clocks of an owner, a case for
// instance, at a moment. What said reports as told is never told again: a breach
// once for ever, that a clock is at risk once for every stretch between pauses.
// Of a clock that is late already only that is told.
func Notices(owner string, clocks []Clock, cal *Calendar, now time.Time, threshold time.Duration, zone *time.Location, said func(key string) bool) []Notice {
	var out []Notice
	for _, c := range clocks {
		n, due := c.notice(cal, now, threshold, zone)
		if !due {
			continue
		}
		n.Owner, n.Key = owner, c.NoticeKey(owner, n.Kind)
		if !said(n.Key) {
			out = append(out, n)
		}
	}
	return out
}

// NoticeKey is the key that a notice of the clock would have now.
func (c Clock) NoticeKey(owner string, kind NoticeKind) string {
	key := fmt.Sprintf("%s/%s/%s/%d/%s", owner, c.Policy, c.Name, c.Started.Unix(), kind)
	if kind == NoticeAtRisk {
		key = fmt.Sprintf("%s/%d", key, len(c.Pauses))
	}
	return key
}

// notice is what there is to tell of a clock.
func (c Clock) notice(cal *Calendar, now time.Time, threshold time.Duration, zone *time.Location) (Notice, bool) {
	n := Notice{Clock: c.Name, Policy: c.Policy, Due: c.Due(cal, now, zone).At}
	left := c.Remaining(cal, now, zone)
	due := n.Due.Format("01-02 15:04:05")
	switch {
	case left < 0 && c.MetAt.IsZero():
		n.Kind = NoticeBreached
		n.Text = Text{
			fmt.Sprintf("%s：已超时 %s（应于 %s 前）", c.Text.ZH, durationZH(-left), due),
			fmt.Sprintf("%s: late by %s (due %s)", c.Text.EN, durationEN(-left), due),
		}
	case c.AtRisk(cal, now, threshold, zone):
		n.Kind = NoticeAtRisk
		n.Text = Text{
			fmt.Sprintf("%s：还剩 %s（应于 %s 前）", c.Text.ZH, durationZH(left), due),
			fmt.Sprintf("%s: %s left (due %s)", c.Text.EN, durationEN(left), due),
		}
	default:
		return n, false
	}
	return n, true
}
