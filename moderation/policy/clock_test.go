package policy_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"pgregory.net/rapid"

	"liveroom/moderation/policy"
)

func clock(t testing.TB, started, span string) policy.Clock {
	t.Helper()
	s, err := policy.ParseSpan(span)
	if err != nil {
		t.Fatal(err)
	}
	return policy.Clock{Name: "review", Policy: "service.clocks", Text: policy.Text{ZH: "审核", EN: "review"}, Within: s, Started: at(t, started)}
}

func paused(t testing.TB, c policy.Clock, from, to, why string) policy.Clock {
	t.Helper()
	c, err := c.Pause(at(t, from), why)
	if err == nil && to != "" {
		c, err = c.Resume(at(t, to))
	}
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestAClockStandsStillWhilePaused: by seconds for hours, by the days that
// begin meanwhile for days.
func TestAClockStandsStillWhilePaused(t *testing.T) {
	cal := shipped(t).Calendar()
	for _, c := range []struct{ span, from, to, want string }{
		{"48 hours", "2026-09-29 10:00:00", "2026-09-29 16:30:15", "2026-10-01 15:30:15"},
		{"48 hours", "2026-10-01 09:00:01", "2026-10-05 10:00:00", "2026-10-01 09:00:00"}, // it was late before
		{"48 hours", "2026-10-01 09:00:00", "2026-10-01 10:00:00", "2026-10-01 10:00:00"}, // in its last second
		{"7 days", "2026-09-29 10:00:00", "2026-09-29 23:59:59", "2026-10-06 23:59:59"},   // within one day
		{"7 days", "2026-09-29 10:00:00", "2026-09-30 00:00:00", "2026-10-07 23:59:59"},
		{"5 working days", "2026-09-30 10:00:00", "2026-10-07 23:00:00", "2026-10-12 23:59:59"}, // only holidays meanwhile
		{"5 working days", "2026-09-30 10:00:00", "2026-10-08 09:00:00", "2026-10-13 23:59:59"},
		{"5 working days", "2026-10-09 10:00:00", "2026-10-12 09:00:00", "2026-10-14 23:59:59"}, // the make-up Saturday and Monday
	} {
		k := paused(t, clock(t, "2026-09-29 09:00:00", c.span), c.from, c.to, "waiting for the buyer's photos")
		d := k.Due(cal, at(t, "2026-12-01 00:00:00"), policy.DefaultZone)
		if got := d.At.Format(time.DateTime); got != c.want {
			t.Errorf("%s paused %s to %s: due %s, want %s; %s", c.span, c.from, c.to, got, c.want, d.Text.EN)
		}
	}
	k := paused(t, clock(t, "2026-09-29 09:00:00", "5 working days"), "2026-09-30 10:00:00", "2026-10-08 09:00:00", "waiting for photos")
	d := k.Due(cal, at(t, "2026-12-01 00:00:00"), policy.DefaultZone)
	want := "5 working days from 2026-09-29 09:00:00: until 2026-10-13 23:59:59; skips National Day 10-01–10-07; skips 1 day of weekends; 10-10 is worked for National Day; " +
		"paused from 2026-09-30 10:00:00 to 2026-10-08 09:00:00 (waiting for photos): 1 working day longer"
	if d.Text.EN != want || !strings.Contains(d.Text.ZH, "暂停（waiting for photos），顺延 1 个工作日") {
		t.Errorf("got  %s\nwant %s\n%s", d.Text.EN, want, d.Text.ZH)
	}
}

func TestWhereAClockStands(t *testing.T) {
	cal := shipped(t).Calendar()
	k := clock(t, "2026-03-02 10:00:00", "48 hours")
	stands := func(k policy.Clock, now string) string {
		return fmt.Sprint(k.State(cal, at(t, now), policy.DefaultZone), " ", k.Remaining(cal, at(t, now), policy.DefaultZone), " ", k.AtRisk(cal, at(t, now), 4*time.Hour, policy.DefaultZone))
	}
	held := paused(t, k, "2026-03-04 09:00:00", "", "waiting")
	met, err := k.Meet(at(t, "2026-03-04 10:00:00"))
	if err != nil {
		t.Fatal(err)
	}
	late, err := k.Meet(at(t, "2026-03-04 10:00:01"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		k         policy.Clock
		now, want string
	}{
		{k, "2026-03-04 05:59:59", "running 4h0m1s false"},
		{k, "2026-03-04 06:00:00", "running 4h0m0s true"},
		{k, "2026-03-04 10:00:00", "running 0s true"},
		{k, "2026-03-04 10:00:01", "missed -1s false"},
		{held, "2026-03-04 09:00:00", "paused 1h0m0s false"},
		{held, "2026-03-09 09:00:00", "paused 1h0m0s false"},
		{met, "2026-03-09 09:00:00", "met 0s false"},
		{late, "2026-03-09 09:00:00", "missed -1s false"},
	} {
		if got := stands(c.k, c.now); got != c.want {
			t.Errorf("at %s: %s, want %s", c.now, got, c.want)
		}
	}
}

func TestChangesThatAClockRefuses(t *testing.T) {
	k := clock(t, "2026-03-02 10:00:00", "48 hours")
	held := paused(t, k, "2026-03-03 10:00:00", "", "waiting")
	met, err := held.Meet(at(t, "2026-03-03 11:00:00"))
	if err != nil || met.IsPaused() {
		t.Fatalf("a pause ends when the clock is met: %v", err)
	}
	refused := func(_ policy.Clock, err error) error { return err }
	for _, c := range []struct {
		got, want error
	}{
		{refused(k.Pause(at(t, "2026-03-02 09:59:59"), "x")), policy.ErrClockBackwards},
		{refused(k.Pause(at(t, "2026-03-03 09:00:00"), "")), policy.ErrNoReason},
		{refused(k.Resume(at(t, "2026-03-03 09:00:00"))), policy.ErrClockRuns},
		{refused(held.Pause(at(t, "2026-03-03 12:00:00"), "x")), policy.ErrClockPaused},
		{refused(held.Resume(at(t, "2026-03-03 09:59:59"))), policy.ErrClockBackwards},
		{refused(held.Meet(at(t, "2026-03-03 09:00:00"))), policy.ErrClockBackwards},
		{refused(met.Pause(at(t, "2026-03-05 09:00:00"), "x")), policy.ErrClockMet},
		{refused(met.Meet(at(t, "2026-03-05 09:00:00"))), policy.ErrClockMet},
	} {
		if !errors.Is(c.got, c.want) {
			t.Errorf("got %v, want %v", c.got, c.want)
		}
	}
	if len(k.Pauses) != 0 || !held.Pauses[0].To.IsZero() {
		t.Error("a change reached the clock it was made from")
	}
	written, err := json.Marshal(met)
	if err != nil {
		t.Fatal(err)
	}
	var read policy.Clock
	if err := json.Unmarshal(written, &read); err != nil || !read.MetAt.Equal(met.MetAt) || read.Within != met.Within || len(read.Pauses) != 1 {
		t.Errorf("%s reads as %+v, %v", written, read, err)
	}
}

// TestOverTheHoliday: what an agent sees on the eve of National Day.
func TestOverTheHoliday(t *testing.T) {
	cal := shipped(t).Calendar()
	var got []string
	for _, f := range clock(t, "2026-09-29 09:00:00", "3 working days").Forecast(cal, at(t, "2026-09-30 17:00:00"), policy.DefaultZone) {
		got = append(got, f.Text.EN)
	}
	want := []string{
		"09-30: 2 working days left", "10-01 National Day, not counted: 2 working days left", "10-02 National Day, not counted: 2 working days left",
		"10-03 National Day, not counted: 2 working days left", "10-04 National Day, not counted: 2 working days left", "10-05 National Day, not counted: 2 working days left",
		"10-06 National Day, not counted: 2 working days left", "10-07 National Day, not counted: 2 working days left", "10-08: 1 working day left",
		"10-09: 0 working days left", "10-10 is worked for National Day: late",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if b, err := json.Marshal(clock(t, "2026-09-29 09:00:00", "3 working days").Forecast(cal, at(t, "2026-10-07 17:00:00"), policy.DefaultZone)[0]); err != nil ||
		string(b) != `{"date":"2026-10-07","kind":"holiday","name":{"zh":"国庆节","en":"National Day"},"published":true,"counts":false,"left":{"days":2},"late":false,"text":{"zh":"10-07 国庆节，不计：还剩 2 个工作日","en":"10-07 National Day, not counted: 2 working days left"}}` {
		t.Errorf("%s, %v", b, err)
	}
	hours := clock(t, "2026-09-30 17:00:00", "48 hours").Forecast(cal, at(t, "2026-09-30 17:00:00"), policy.DefaultZone)
	if len(hours) != 4 || hours[1].Text.ZH != "10-01 国庆节：还剩 17 小时 0 分" || !hours[2].Late {
		t.Errorf("%+v", hours)
	}
}

// TestAFactStartsItsClock: none before, each once its fact is known, and met
// when the fact comes that it waits for.
func TestAFactStartsItsClock(t *testing.T) {
	facts := scarf(t)
	facts["buyer.has_wallet"] = policy.Bool(false)
	clocks := func(now string) string {
		t.Helper()
		out, err := shipped(t).Clocks(policy.Matter{Facts: facts}, at(t, now), "kuaishou.honesty")
		if err != nil {
			t.Fatal(err)
		}
		var told []string
		for _, k := range out {
			if k.Version == "" || k.Text.ZH == "" || k.Met == "" {
				t.Errorf("%+v", k)
			}
			line := fmt.Sprintf("%s %s from %s", k.Name, k.Within, k.Started.Format("01-02 15:04"))
			if !k.Earliest.IsZero() {
				line += k.Earliest.Format(" not before 01-02 15:04")
			}
			if !k.MetAt.IsZero() {
				line += k.MetAt.Format(" met 01-02 15:04")
			}
			told = append(told, line)
		}
		return strings.Join(told, ", ")
	}
	if got := clocks("2026-03-10 09:29:59"); got != "" {
		t.Errorf("before the buyer applied: %s", got)
	}
	if got := clocks("2026-03-11 12:00:00"); got != "1.8.review 48 hours from 03-10 09:30, 1.8.result 72 hours from 03-10 09:30" {
		t.Error(got)
	}
	facts["decision.decided_at"] = policy.Moment(at(t, "2026-03-12 10:00:00"))
	if got := clocks("2026-03-12 12:00:00"); got != "1.8.review 48 hours from 03-10 09:30, 1.8.result 72 hours from 03-10 09:30 met 03-12 10:00, "+
		"1.10.payout 3 working days from 03-12 10:00 not before 03-13 23:59" {
		t.Error(got)
	}
	if _, err := shipped(t).Clocks(policy.Matter{Facts: facts}, at(t, "2026-03-12 12:00:00"), "nothing"); err == nil {
		t.Error("clocks of a policy that is none")
	}
}

// TestPausesOnlyHelp: a pause never makes a clock due earlier, a longer one
// never earlier than a shorter one, and hours are given back to the second.
func TestPausesOnlyHelp(t *testing.T) {
	cal := shipped(t).Calendar()
	rapid.Check(t, func(t *rapid.T) {
		k := policy.Clock{Name: "c", Within: anySpan(t), Started: anyMoment(t)}
		zone := policy.DefaultZone
		far := k.Started.Add(10_000 * time.Hour)
		before := k.Due(cal, far, zone)
		from := k.Started.Add(time.Duration(rapid.Int64Range(0, 40*86400).Draw(t, "from")) * time.Second)
		short := time.Duration(rapid.Int64Range(0, 20*86400).Draw(t, "short")) * time.Second
		long := short + time.Duration(rapid.Int64Range(0, 20*86400).Draw(t, "more"))*time.Second
		due := func(for_ time.Duration) policy.Due {
			c, err := k.Pause(from, "r")
			if err != nil {
				t.Fatal(err)
			}
			if c, err = c.Resume(from.Add(for_)); err != nil {
				t.Fatal(err)
			}
			return c.Due(cal, far, zone)
		}
		a, b := due(short), due(long)
		if a.At.Before(before.At) || b.At.Before(a.At) {
			t.Errorf("%s from %s is due %s; paused for %s %s, for %s %s", k.Within, k.Started, before.At, short, a.At, long, b.At)
		}
		if k.Within.Unit == policy.Hours && !from.After(before.At) && a.At.Sub(before.At) != short {
			t.Errorf("paused for %s, %s longer", short, a.At.Sub(before.At))
		}
		open, err := k.Pause(from, "r")
		if err != nil {
			t.Fatal(err)
		}
		if got := open.Due(cal, from.Add(short), zone); !got.At.Equal(a.At) {
			t.Errorf("a pause that lasts %s is due %s, one that ended then %s", short, got.At, a.At)
		}
	})
}

// TestAKeptClockRunsOn: a record keeps when a clock runs out; from there on, and
// over further pauses, it is due when one counted from its start is, and tells
// the same of it.
func TestAKeptClockRunsOn(t *testing.T) {
	cal := shipped(t).Calendar()
	rapid.Check(t, func(t *rapid.T) {
		k := policy.Clock{Name: "c", Within: anySpan(t), Started: anyMoment(t)}
		zone, now := policy.DefaultZone, k.Started
		kept := k
		kept.Until = k.Due(cal, now, zone).At
		for i := range rapid.IntRange(1, 4).Draw(t, "pauses") {
			now = now.Add(time.Duration(rapid.Int64Range(0, 5*86400).Draw(t, "runs")) * time.Second)
			var err error
			if k, err = k.Pause(now, "r"); err != nil {
				t.Fatal(err)
			}
			kept.Pauses = k.Pauses
			now = now.Add(time.Duration(rapid.Int64Range(0, 5*86400).Draw(t, "stands")) * time.Second)
			want, got := k.Due(cal, now, zone), kept.Due(cal, now, zone)
			if !got.At.Equal(want.At) || got.Text != want.Text {
				t.Fatalf("pause %d: kept %s, counted %s", i, got.Text.EN, want.Text.EN)
			}
			if k, err = k.Resume(now); err != nil {
				t.Fatal(err)
			}
			kept.Until, kept.Pauses = got.At, k.Pauses
			if again := kept.Due(cal, now, zone); !again.At.Equal(want.At) {
				t.Fatalf("pause %d over: kept %s, counted %s", i, again.At, want.At)
			}
		}
	})
}

// TestAClockOfNoSpan: what a record kept before clocks had spans is due to the
// second.
func TestAClockOfNoSpan(t *testing.T) {
	k := policy.Clock{Name: "pay", Started: at(t, "2026-09-30 10:00:00"), Until: at(t, "2026-10-02 09:30:00")}
	held := paused(t, k, "2026-10-01 12:00:00", "", "waiting")
	d := held.Due(shipped(t).Calendar(), at(t, "2026-10-01 13:30:15"), policy.DefaultZone)
	if got := d.At.Format(time.DateTime); got != "2026-10-02 11:00:15" || !strings.HasPrefix(d.Text.EN, "from 2026-09-30 10:00:00: until 2026-10-02 11:00:15; paused") {
		t.Errorf("due %s: %s", got, d.Text.EN)
	}
}

// TestNothingIsSaidTwice plays a case's clock through pauses and checks every
// hour: no key comes twice, a breach is told exactly once, and only of a clock
// that is late.
func TestNothingIsSaidTwice(t *testing.T) {
	cal := shipped(t).Calendar()
	rapid.Check(t, func(t *rapid.T) {
		k := policy.Clock{Name: "c", Policy: "p", Within: policy.Span{N: rapid.Int64Range(1, 72).Draw(t, "hours"), Unit: policy.Hours}, Started: anyMoment(t)}
		told := map[string]int{}
		breaches, risks := 0, 0
		now := k.Started
		for range 200 {
			now = now.Add(time.Hour)
			switch rapid.IntRange(0, 15).Draw(t, "do") {
			case 0:
				if c, err := k.Pause(now, "r"); err == nil {
					k = c
				}
			case 1:
				if c, err := k.Resume(now); err == nil {
					k = c
				}
			case 2:
				if rapid.IntRange(0, 9).Draw(t, "meet") == 0 {
					if c, err := k.Meet(now); err == nil {
						k = c
					}
				}
			}
			for _, n := range policy.Notices("case:17", []policy.Clock{k}, cal, now, 4*time.Hour, policy.DefaultZone, func(key string) bool { return told[key] > 0 }) {
				told[n.Key]++
				state := k.State(cal, now, policy.DefaultZone)
				switch n.Kind {
				case policy.NoticeBreached:
					breaches++
					if state != policy.Missed {
						t.Errorf("told late while %s", state)
					}
				case policy.NoticeAtRisk:
					risks++
					if breaches > 0 || state != policy.Running {
						t.Errorf("told at risk while %s, after %d breaches", state, breaches)
					}
				}
			}
		}
		for key, n := range told {
			if n > 1 {
				t.Errorf("%s told %d times", key, n)
			}
		}
		if late := k.State(cal, now, policy.DefaultZone) == policy.Missed && k.MetAt.IsZero(); late && breaches != 1 || breaches > 1 || risks > len(k.Pauses)+1 {
			t.Errorf("late %v, told %d times; at risk %d times over %d pauses", late, breaches, risks, len(k.Pauses))
		}
	})
}

func TestWhatANoticeSays(t *testing.T) {
	cal := shipped(t).Calendar()
	k := clock(t, "2026-03-02 10:00:00", "48 hours")
	none := func(string) bool { return false }
	for now, want := range map[string]string{
		"2026-03-04 05:00:00": "[]",
		"2026-03-04 08:30:00": "[case:17/service.clocks/review/1772416800/at_risk/0 审核：还剩 1 小时 30 分（应于 03-04 10:00:00 前） review: 1 h 30 min left (due 03-04 10:00:00)]",
		"2026-03-05 10:00:00": "[case:17/service.clocks/review/1772416800/breached 审核：已超时 24 小时 0 分（应于 03-04 10:00:00 前） review: late by 24 h 00 min (due 03-04 10:00:00)]",
	} {
		var got []string
		for _, n := range policy.Notices("case:17", []policy.Clock{k}, cal, at(t, now), 4*time.Hour, policy.DefaultZone, none) {
			got = append(got, n.Key+" "+n.Text.ZH+" "+n.Text.EN)
		}
		if fmt.Sprint(got) != want {
			t.Errorf("at %s: %v, want %s", now, got, want)
		}
	}
}
