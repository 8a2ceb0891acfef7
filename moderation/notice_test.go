package moderation_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"liveroom/moderation"
	"liveroom/moderation/policy"
)

// withGroup is a desk that tells a chat group of clocks, an hour before they run
// out.
func withGroup(t *testing.T, w moderation.Effector, set ...func(*moderation.Config)) *desk {
	set = append([]func(*moderation.Config){func(c *moderation.Config) {
		c.Notify = []moderation.Notify{{Name: "客服群", Before: time.Hour}}
		c.Notifier = w
	}}, set...)
	d := newDesk(t, set...)
	d.commit(says(1, "羊毛"))
	return d
}

// tellings are what groups were told: kind, case and clock of each item.
func tellings(w *way) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []string
	for _, e := range w.carried {
		m := must(moderation.ReadNotice(e))
		for _, item := range m.Items {
			out = append(out, fmt.Sprintf("%s #%d %s", item.Kind, item.Case, item.Clock))
		}
	}
	return strings.Join(out, ", ")
}

// eventually waits until a look at the desk shows what is wanted: it tells
// every second, and carries four times a second.
func eventually(t *testing.T, what, want string, look func() string) {
	t.Helper()
	deadline := time.Now().Add(30 * time.Second) // on a machine that does much else
	for {
		got := look()
		if got == want {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s: %s\nwant %s", what, got, want)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// passTold lets the desk look for what there is to tell at least twice.
func passTold() { time.Sleep(2100 * time.Millisecond) }

// A clock's people are told before it runs out and when it has, once each.
func TestPeopleAreToldOfClocksOnce(t *testing.T) {
	t.Parallel()
	w := &way{}
	d := withGroup(t, w)
	sub := d.Subscribe()
	c := d.opens(boss, moderation.CaseComplaint, "张女士 13812345678 的围巾掉毛")
	stop := d.run(t)
	d.clock.pass(47*time.Hour - time.Second)
	passTold()
	eventually(t, "an hour and a second before", "", func() string { return tellings(w) })
	d.clock.pass(time.Second)
	eventually(t, "an hour before", "at_risk #1 review", func() string { return tellings(w) })
	d.clock.pass(time.Hour)
	passTold()
	eventually(t, "in the last second", "at_risk #1 review", func() string { return tellings(w) })
	d.clock.pass(time.Second)
	eventually(t, "a second late", "at_risk #1 review, breached #1 review", func() string { return tellings(w) })
	if got := d.incident(c.ID); !got.Clocks[0].MissedAt.Equal(got.Clocks[0].Due) {
		t.Errorf("the breach is not in the record: %+v", got.Clocks[0])
	}
	// The consoles were told the same.
	var shown []string
	for len(shown) < 2 {
		for _, n := range must(sub.Next(t.Context())).Notices {
			shown = append(shown, fmt.Sprint(n.Kind, n.Case))
		}
	}
	if want := []string{"at_risk1", "breached1"}; !slices.Equal(shown, want) {
		t.Errorf("shown %v, want %v", shown, want)
	}
	sub.Close()
	stop()
	// Another start, and the same clock once more: nothing is told again.
	d.restart()
	stop = d.run(t)
	passTold()
	stop()
	if got := tellings(w); got != "at_risk #1 review, breached #1 review" {
		t.Errorf("after a restart: %s", got)
	}
	c = d.incident(c.ID)
	var kept []string
	for _, n := range c.Clocks[0].Notices {
		kept = append(kept, n.To+" "+strings.TrimPrefix(n.Key, fmt.Sprintf("case:1/service.clocks/review/%d/", start.Unix())))
	}
	if want := []string{"console at_risk/0", "客服群 at_risk/0", "console breached", "客服群 breached"}; !slices.Equal(kept, want) {
		t.Errorf("the record keeps %v, want %v", kept, want)
	}
	m := must(moderation.ReadNotice(w.carried[1]))
	if m.Room != "A" || m.Items[0].Title != "张女士 138****5678 的围巾掉毛" || !strings.HasPrefix(m.Items[0].Text, "48 小时内审核：已超时 0 小时 0 分") {
		t.Errorf("told %+v", m)
	}
	d.verify()
}

// What was met, or stands still, is told of to nobody; once it runs again it is.
func TestAClockThatStandsStillIsNotToldOf(t *testing.T) {
	t.Parallel()
	w := &way{}
	d := withGroup(t, w)
	c := d.opens(boss, moderation.CaseComplaint, "掉毛")
	met := d.opens(boss, moderation.CaseComplaint, "褪色")
	d.do(boss, moderation.MoveCase{Case: met.ID, Version: met.Version, To: moderation.CaseStateResolved, Outcome: moderation.OutcomeUnfounded})
	stop := d.run(t)
	defer stop()
	d.clock.pass(46 * time.Hour)
	c = *d.do(boss, moderation.MoveCase{Case: c.ID, Version: c.Version, To: moderation.CaseStateWaiting, Reason: "等照片"}).Case
	d.clock.pass(100 * time.Hour)
	passTold()
	if got := tellings(w); got != "" {
		t.Errorf("while it waits: %s", got)
	}
	c = d.incident(c.ID)
	d.do(boss, moderation.MoveCase{Case: c.ID, Version: c.Version, To: moderation.CaseStateReview})
	d.clock.pass(25 * time.Hour)
	eventually(t, "it runs again", "at_risk #1 result", func() string { return tellings(w) })
	d.verify()
}

// At risk is told once for each stretch between pauses.
func TestAfterAPauseAClockIsAtRiskAnew(t *testing.T) {
	t.Parallel()
	w := &way{}
	d := withGroup(t, w)
	c := d.opens(boss, moderation.CaseComplaint, "掉毛")
	stop := d.run(t)
	defer stop()
	d.clock.pass(47 * time.Hour)
	eventually(t, "at risk", "at_risk #1 review", func() string { return tellings(w) })
	c = d.incident(c.ID)
	c = *d.do(boss, moderation.MoveCase{Case: c.ID, Version: c.Version, To: moderation.CaseStateWaiting, Reason: "等"}).Case
	d.clock.pass(time.Hour)
	d.do(boss, moderation.StartClock{Case: c.ID, Version: c.Version, Clock: "answer", Started: d.clock.Now(), Due: d.clock.Now().Add(time.Minute)})
	c = d.incident(c.ID)
	d.do(boss, moderation.MoveCase{Case: c.ID, Version: c.Version, To: moderation.CaseStateReview})
	eventually(t, "what began meanwhile", "at_risk #1 review, at_risk #1 answer", func() string { return tellings(w) })
	d.verify()
}

// cut is a way whose connection is lost while it is told, when the program ends.
type cut struct{ *way }

func (c cut) Carry(ctx context.Context, e moderation.Effect) (string, error) {
	said, err := c.way.Carry(ctx, e)
	if ctx.Err() != nil {
		err = fmt.Errorf("%w: %w", err, moderation.ErrPerhaps)
	}
	return said, err
}

// A notice that was not sent yet when the program ended is sent at the next
// start. One that was being sent may have arrived: it is not sent again, and
// people are told so.
func TestANoticeIsToldAtMostOnce(t *testing.T) {
	t.Parallel()
	w := &way{begun: make(chan struct{})}
	d := withGroup(t, cut{w})
	d.opens(boss, moderation.CaseComplaint, "掉毛")
	d.clock.pass(30 * time.Second)
	d.opens(boss, moderation.CaseComplaint, "褪色")
	d.clock.pass(47*time.Hour - 30*time.Second)
	stop := d.run(t)
	<-w.begun // the first is being sent
	d.clock.pass(30 * time.Second)
	states := func() string {
		var out []string
		for _, e := range must(d.store.Effects(t.Context(), time.Time{})) {
			out = append(out, string(e.Status))
		}
		return strings.Join(out, ", ")
	}
	eventually(t, "the second waits behind it", "begun, pending", states)
	stop()
	w.begun = nil
	if got := states(); got != "perhaps, pending" {
		t.Errorf("after the cut: %s", got)
	}
	d.restart()
	stop = d.run(t)
	eventually(t, "the other is sent", "perhaps, sent", states)
	d.clock.pass(10 * time.Minute)
	passTold()
	stop()
	if got := tellings(w); got != "at_risk #1 review, at_risk #2 review" || states() != "perhaps, sent" {
		t.Errorf("carried %s, %s", got, states())
	}
	if leaves := must(d.store.Leaves(t.Context(), 0, 0)); !slices.ContainsFunc(leaves, func(l moderation.Leaf) bool {
		return l.Kind == moderation.LeafEffect && strings.Contains(string(l.Data), `"state":"perhaps"`)
	}) {
		t.Error("the ledger does not say so")
	}
	d.verify()
}

// A program that was killed while it told a group leaves the notice begun. Once
// nobody else can be telling it, it counts as perhaps told, with a warning.
func TestAKilledNoticeIsNotToldAgain(t *testing.T) {
	t.Parallel()
	w := &way{}
	d := withGroup(t, w)
	d.opens(boss, moderation.CaseComplaint, "掉毛")
	d.clock.pass(47 * time.Hour)
	stop := d.run(t)
	eventually(t, "told", "at_risk #1 review", func() string { return tellings(w) })
	d.effectOnce(t, moderation.EffectSent)
	stop()
	e := must(d.store.Effects(t.Context(), time.Time{}))[0]
	e.Status, e.Result, e.NotBefore = moderation.EffectBegun, "", d.clock.Now().Add(40*time.Second)
	if err := d.store.Update(t.Context(), func(tx moderation.Tx) error { return tx.PutEffect(&e) }); err != nil {
		t.Fatal(err)
	}
	sub := d.Subscribe()
	defer sub.Close()
	stop = d.run(t)
	defer stop()
	passTold()
	d.effectOnce(t, moderation.EffectBegun)
	d.clock.pass(40 * time.Second)
	if e = d.effectOnce(t, moderation.EffectPerhaps); !strings.Contains(e.Result, "cut off") {
		t.Errorf("effect %+v", e)
	}
	for warned := false; !warned; {
		u := must(sub.Next(t.Context()))
		warned = u.Health != nil && slices.ContainsFunc(u.Health.Warnings, func(w moderation.Warning) bool {
			return w.Topic == "perhaps" && strings.HasPrefix(w.Text, "客服群: cut off")
		})
	}
	d.clock.pass(3 * time.Hour)
	eventually(t, "the breach is told all the same", "at_risk #1 review, breached #1 review", func() string { return tellings(w) })
	for warned := true; warned; {
		u := must(sub.Next(t.Context()))
		warned = u.Health == nil || slices.ContainsFunc(u.Health.Warnings, func(w moderation.Warning) bool { return w.Topic == "perhaps" })
	}
}

// Two desks on one record find the same clocks and tell of them once.
func TestTwoDesksTellOnce(t *testing.T) {
	t.Parallel()
	w := &way{}
	d := withGroup(t, w)
	for i := range 20 {
		d.opens(boss, moderation.CaseComplaint, fmt.Sprint("掉毛 ", i))
	}
	other := must(moderation.NewDesk(t.Context(), d.cfg))
	d.clock.pass(47 * time.Hour)
	stop := d.run(t)
	second := &desk{Desk: other, t: t}
	stopSecond := second.run(t)
	var want []string
	for i := range 20 {
		want = append(want, fmt.Sprintf("at_risk #%d review", i+1))
	}
	sorted := func() string {
		all := strings.Split(tellings(w), ", ")
		slices.SortFunc(all, func(a, b string) int { return len(a) - len(b) + strings.Compare(a, b)*0 })
		return fmt.Sprint(len(all), len(slices.Compact(slices.Sorted(slices.Values(all)))))
	}
	eventually(t, "all are told", fmt.Sprint(len(want), len(want)), sorted)
	passTold()
	stop()
	stopSecond()
	if got := sorted(); got != fmt.Sprint(len(want), len(want)) {
		t.Errorf("told %s", tellings(w))
	}
	d.verify()
}

// A group that does not take a notice is tried again some times, each visible in
// the record; a warning stands meanwhile. What is no longer so is not sent.
func TestAGroupThatRefusesIsTriedAgain(t *testing.T) {
	t.Parallel()
	w := &way{err: errors.New("dingtalk answered with status 503")}
	d := withGroup(t, w, func(c *moderation.Config) { c.AtRisk = time.Minute })
	d.opens(boss, moderation.CaseComplaint, "掉毛")
	sub := d.Subscribe()
	defer sub.Close()
	d.clock.pass(47 * time.Hour)
	stop := d.run(t)
	defer stop()
	states := func() string {
		var out []string
		for _, e := range must(d.store.Effects(t.Context(), time.Time{})) {
			out = append(out, fmt.Sprintf("%s %s", e.Key[strings.LastIndex(e.Key, "/")+1:], e.Status))
		}
		return strings.Join(out, ", ")
	}
	eventually(t, "the first try", "1 failed, 2 pending", states)
	for warned := false; !warned; {
		u := must(sub.Next(t.Context()))
		warned = u.Health != nil && slices.ContainsFunc(u.Health.Warnings, func(w moderation.Warning) bool {
			return w.Topic == "notice" && w.Text == "客服群: dingtalk answered with status 503"
		})
	}
	d.clock.pass(time.Minute)
	eventually(t, "the second", "1 failed, 2 failed, 3 pending", states)
	d.clock.pass(5 * time.Minute)
	eventually(t, "the third", "1 failed, 2 failed, 3 failed, 4 pending", states)
	d.clock.pass(30 * time.Minute)
	eventually(t, "the fourth", "1 failed, 2 failed, 3 failed, 4 failed, 5 pending", states)
	w.mu.Lock()
	w.err = nil
	w.mu.Unlock()
	d.clock.pass(2 * time.Hour) // by then it is late, and that is told instead
	eventually(t, "the last", "1 failed, 2 failed, 3 failed, 4 failed, 5 cancelled, 1 sent", states)
	for warned := true; warned; {
		u := must(sub.Next(t.Context()))
		warned = u.Health == nil || slices.ContainsFunc(u.Health.Warnings, func(w moderation.Warning) bool { return w.Topic == "notice" })
	}
	if m := must(moderation.ReadNotice(w.carried[1])); m.Try != 2 || m.Key != must(moderation.ReadNotice(w.carried[0])).Key {
		t.Errorf("the second try is %+v", m)
	}
	d.verify()
}

// It is given up after so many tries, and stays in the record as failed.
func TestANoticeIsGivenUp(t *testing.T) {
	t.Parallel()
	w := &way{err: errors.New("no")}
	d := withGroup(t, w)
	c := d.opens(boss, moderation.CaseComplaint, "掉毛")
	d.do(boss, moderation.MoveCase{Case: c.ID, Version: c.Version, To: moderation.CaseStateReview})
	d.clock.pass(72*time.Hour + time.Second)
	stop := d.run(t)
	defer stop()
	failed := func() string {
		n := 0
		for _, e := range must(d.store.Effects(t.Context(), time.Time{})) {
			if e.Status == moderation.EffectFailed {
				n++
			}
		}
		return fmt.Sprint(n)
	}
	for n := 1; n <= 5; n++ {
		eventually(t, "tries that failed", fmt.Sprint(n), failed)
		d.clock.pass(3 * time.Hour)
	}
	passTold()
	all := must(d.store.Effects(t.Context(), time.Time{}))
	if len(all) != 5 || slices.ContainsFunc(all, func(e moderation.Effect) bool { return e.Status != moderation.EffectFailed || e.Result != "no" }) {
		t.Errorf("effects %+v", all)
	}
	d.verify()
}

// Of many clocks at once a group gets one message; each way only what it is for.
func TestManyClocksAreOneMessage(t *testing.T) {
	t.Parallel()
	w := &way{}
	d := withGroup(t, w, func(c *moderation.Config) {
		c.Notify = []moderation.Notify{
			{Name: "超时", Kinds: []policy.NoticeKind{policy.NoticeBreached}},
			{Name: "别的房间", Rooms: []string{"B"}},
			{Name: "临近", Kinds: []policy.NoticeKind{policy.NoticeAtRisk}, Before: 30 * time.Minute},
		}
	})
	for range 30 {
		d.opens(boss, moderation.CaseComplaint, "掉毛")
	}
	counts := func() string {
		w.mu.Lock()
		defer w.mu.Unlock()
		var out []string
		for _, e := range w.carried {
			out = append(out, fmt.Sprint(e.Target, " ", len(must(moderation.ReadNotice(e)).Items)))
		}
		return strings.Join(out, ", ")
	}
	d.clock.pass(47*time.Hour + 30*time.Minute)
	stop := d.run(t)
	defer stop()
	eventually(t, "at risk", "临近 30", counts)
	d.clock.pass(31 * time.Minute)
	eventually(t, "late", "临近 30, 超时 30", counts)
	d.verify()
}

// Taking back what was done takes back no notice.
func TestUndoDoesNotTellAgain(t *testing.T) {
	t.Parallel()
	w := &way{}
	wall := &clock{now: start}
	d := withGroup(t, w, func(c *moderation.Config) { c.Wall = wall.Now })
	c := d.opens(boss, moderation.CaseComplaint, "掉毛")
	wall.pass(time.Minute)
	d.do(boss, moderation.NoteCase{Case: c.ID, Version: c.Version, Text: "听过"})
	stop := d.run(t)
	defer stop()
	d.clock.pass(47 * time.Hour)
	eventually(t, "told", "at_risk #1 review", func() string { return tellings(w) })
	d.do(boss, moderation.Undo{})
	passTold()
	if got := tellings(w); got != "at_risk #1 review" {
		t.Errorf("after undo: %s", got)
	}
	if c := d.incident(c.ID); len(c.Notes) != 0 || len(c.Clocks[0].Notices) != 2 {
		t.Errorf("case %+v", c)
	}
	d.verify()
}

// The config refuses two ways of one name.
func TestWaysOfTellingHaveNamesOfTheirOwn(t *testing.T) {
	d := withFlags(t)
	for _, names := range [][]string{{""}, {"a", "a"}, {"console"}} {
		cfg := d.cfg
		for _, n := range names {
			cfg.Notify = append(cfg.Notify, moderation.Notify{Name: n})
		}
		if _, err := moderation.NewDesk(t.Context(), cfg); err == nil || !strings.Contains(err.Error(), "a name of its own") {
			t.Errorf("%q: %v", names, err)
		}
	}
}
