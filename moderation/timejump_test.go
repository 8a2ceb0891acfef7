package moderation_test

import (
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"liveroom/moderation"
)

// A host has a clock that people set, and one that nobody can.
type host struct {
	wall, up *clock
	looks    atomic.Int64 // how often the desk looked at them
}

func newHost(c *moderation.Config) *host {
	h := &host{wall: &clock{now: start}, up: &clock{now: start}}
	c.Clock, c.Wall = h.wall.Now, h.wall.Now
	c.Uptime = func() time.Duration { h.looks.Add(1); return h.up.Now().Sub(start) }
	return h
}

// looked waits until the desk has looked at the clocks as they are.
func (h *host) looked(t *testing.T) {
	t.Helper()
	n := h.looks.Load()
	eventually(t, "two looks", "true", func() string { return fmt.Sprint(h.looks.Load() >= n+2) })
}

func (h *host) pass(d time.Duration) { h.up.pass(d); h.wall.pass(d) }

// clockWarning is what is told of the host's clock; "" : nothing.
func clockWarning(d *desk) string {
	sub := d.Subscribe()
	defer sub.Close()
	for _, w := range must(sub.Next(d.t.Context())).Health.Warnings {
		if w.Topic == "clock" {
			return w.Text
		}
	}
	return ""
}

// Whatever the host's clock does, the record keeps the order in which things
// came, nothing is lost, doubled or told twice, and people are warned.
func TestTheHostsClockJumps(t *testing.T) {
	for _, jump := range []time.Duration{time.Hour, -time.Hour, -26 * time.Hour, 3 * time.Second, -3 * time.Second} {
		t.Run(jump.String(), func(t *testing.T) {
			t.Parallel()
			w := &way{}
			var h *host
			d := withGroup(t, w, func(c *moderation.Config) { h = newHost(c); c.Notify[0].Before = time.Minute })
			stop := d.run(t)
			c := d.opens(boss, moderation.CaseComplaint, "掉毛")
			var came []string
			say := func(n int) {
				e := says(n, fmt.Sprint("羊毛 ", n))
				e.At, e.Recv = h.wall.Now(), h.wall.Now()
				d.commit(e)
				came = append(came, e.ID)
			}
			for n := 2; n < 6; n++ {
				h.pass(time.Second)
				say(n)
			}
			c = *d.do(boss, moderation.MoveCase{Case: c.ID, Version: c.Version, To: moderation.CaseStateWaiting, Reason: "等"}).Case
			before := h.wall.Now()
			h.wall.pass(jump)
			want := fmt.Sprintf("%+.0f", jump.Hours())
			if jump.Abs() < time.Hour {
				want = fmt.Sprintf("%+.0fs", jump.Seconds())
			}
			eventually(t, "a warning", "true", func() string {
				got := clockWarning(d)
				return fmt.Sprint(strings.HasPrefix(got, want) && strings.HasSuffix(got, before.Format(time.DateTime)+" → "+h.wall.Now().Format(time.DateTime)))
			})
			for n := 6; n < 10; n++ {
				h.pass(time.Second)
				say(n)
			}
			c = *d.do(boss, moderation.MoveCase{Case: c.ID, Version: d.incident(c.ID).Version, To: moderation.CaseStateReview}).Case
			d.do(boss, moderation.NoteCase{Case: c.ID, Version: c.Version, Text: "之后"})
			events := must(d.store.Events(t.Context(), moderation.Page{}))[1:]
			if got := ids(events); !slices.Equal(got, came) {
				t.Errorf("the record's order is %v, what came is %v", got, came)
			}
			sub := d.Subscribe()
			if got := ids(must(sub.Next(t.Context())).Events)[1:]; !slices.Equal(got, came) {
				t.Errorf("a screen shows %v", got)
			}
			sub.Close()
			var deeds []string
			for _, a := range must(d.store.Actions(t.Context(), moderation.Page{})) {
				deeds = append(deeds, a.Command)
			}
			if want := []string{"open-case", "move-case", "move-case", "note-case"}; !slices.Equal(deeds, want) {
				t.Errorf("deeds %v", deeds)
			}
			k := d.incident(c.ID).Clocks[1]
			if p := k.Pauses[0]; p.To.Before(p.From) || k.Due.Before(k.Started.Add(72*time.Hour)) {
				t.Errorf("clock %+v", k)
			}
			// The jump does not say anything twice, nor does the jump back.
			h.pass(k.Due.Sub(h.wall.Now()) - time.Second)
			eventually(t, "at risk", "at_risk #1 result", func() string { return tellings(w) })
			h.wall.pass(-time.Hour)
			passTold()
			h.wall.pass(time.Hour)
			passTold()
			if got := tellings(w); got != "at_risk #1 result" {
				t.Errorf("told %s", got)
			}
			stop()
			h.pass(time.Hour)
			d.verify()
		})
	}
}

func ids(events []moderation.Recorded) []string {
	var out []string
	for _, e := range events {
		out = append(out, e.ID)
	}
	return out
}

// A time server's small steps are no jump, and a warning goes when its hour is
// over.
func TestSmallStepsAreNoJump(t *testing.T) {
	t.Parallel()
	var h *host
	d := newDesk(t, func(c *moderation.Config) { h = newHost(c) })
	stop := d.run(t)
	defer stop()
	for range 3 {
		h.wall.pass(1500 * time.Millisecond)
		h.looked(t)
	}
	if got := clockWarning(d); got != "" {
		t.Errorf("warned: %s", got)
	}
	h.wall.pass(-10 * time.Minute)
	eventually(t, "a jump", "true", func() string { return fmt.Sprint(strings.HasPrefix(clockWarning(d), "-10m0s: ")) })
	h.pass(59 * time.Minute)
	h.looked(t)
	if clockWarning(d) == "" {
		t.Error("the warning went early")
	}
	h.pass(time.Minute)
	eventually(t, "an hour later", "", func() string { return clockWarning(d) })
}

// A clock that was put back while the program was not running shows by what the
// record holds.
func TestAClockPutBackWhileNobodyLooked(t *testing.T) {
	var h *host
	d := newDesk(t, func(c *moderation.Config) { h = newHost(c) })
	e := says(1, "羊毛")
	e.Recv = start
	d.commit(e)
	h.wall.pass(-time.Hour)
	d.restart()
	if got := clockWarning(d); got != "-1h0m0s: 2026-11-20 11:00:00 < 2026-11-20 12:00:00 (#1)" {
		t.Errorf("told %q", got)
	}
	// The room's clock of a recording that is played says nothing of the host.
	d.cfg.Clock = func() time.Time { return start.Add(-48 * time.Hour) }
	d.restart()
	if got := clockWarning(d); got != "" {
		t.Errorf("of a recording: %q", got)
	}
}
