package moderation_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"liveroom/feed"
	"liveroom/moderation"
)

// next is the next update, which must come.
func next(t *testing.T, s *moderation.Subscription) moderation.Update {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	u, err := s.Next(ctx)
	if err != nil {
		t.Fatalf("next update: %v", err)
	}
	return u
}

// silent fails when there is an update.
func silent(t *testing.T, s *moderation.Subscription) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if u, err := s.Next(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("an update nobody expected: %+v, %v", u, err)
	}
}

func TestASubscriptionBeginsWithASnapshot(t *testing.T) {
	d := withFlags(t)
	d.do(lan, moderation.ConfirmFlag{Flag: 1, OpenCase: true})
	d.SourceStatus(feed.Status{Source: "ws", State: feed.StateLive})
	s := d.Subscribe()
	defer s.Close()
	u := next(t, s)
	if len(u.Rooms) != 1 || len(u.Events) != 7 || len(u.Flags) != 4 || len(u.Cases) != 1 || len(u.Orders) != 1 || len(u.Complaints) != 1 || len(u.Sources) != 1 {
		t.Errorf("snapshot of %d rooms, %d events, %d flags, %d cases, %d orders, %d complaints, %d sources",
			len(u.Rooms), len(u.Events), len(u.Flags), len(u.Cases), len(u.Orders), len(u.Complaints), len(u.Sources))
	}
	if h := u.Health; h == nil || !h.OK || h.Events != 7 || h.Leaves == 0 {
		t.Errorf("health %+v", h)
	}
	if u.Flags[0].Shown.Empty() || u.Events[1].Shown.Empty() || u.Complaints[0].Buyer.Shown.Empty() {
		t.Error("the snapshot lacks text fit for a terminal")
	}
	silent(t, s)
}

func TestUpdatesFollow(t *testing.T) {
	d := withFlags(t)
	s := d.Subscribe()
	defer s.Close()
	next(t, s)
	d.commit(event(feed.KindChat, 10, "真的吗"), says(11, "纯羊毛"))
	u := next(t, s)
	if len(u.Events) != 2 || len(u.Flags) != 1 || len(u.Rooms) != 1 || u.Health.Events != 9 {
		t.Errorf("update %+v", u)
	}
	d.commit(event(feed.KindChat, 10, "真的吗")) // seen before
	if u := next(t, s); len(u.Events) != 0 {
		t.Errorf("an event seen before was told again: %+v", u.Events)
	}
	r := d.do(lan, moderation.ConfirmFlag{Flag: 1, OpenCase: true})
	d.do(lan, moderation.Undo{})
	d.SourceStatus(feed.Status{Source: "ws", State: feed.StateWaiting})
	d.SourceStatus(feed.Status{Source: "ws", State: feed.StateLive})
	u = next(t, s) // merged: each thing once, as it is now
	if len(u.Flags) != 1 || u.Flags[0].Status != moderation.FlagOpen || len(u.Cases) != 1 || u.Cases[0].ID != r.Case.ID ||
		u.Cases[0].State != moderation.CaseStateWithdrawn || len(u.Sources) != 1 || u.Sources[0].State != feed.StateLive {
		t.Errorf("update %+v", u)
	}
	silent(t, s)
}

// TestASlowSubscriberHearsWhoWasBanned, however much the crowd says afterwards: what
// the banned wrote may stand on the screen.
func TestASlowSubscriberHearsWhoWasBanned(t *testing.T) {
	d := newDesk(t)
	slow := d.Subscribe()
	defer slow.Close()
	next(t, slow)
	ban := event(feed.KindSystem, 0, "banned")
	ban.ID, ban.Clears, ban.User.ID = "ban", feed.ClearsPerson, "mei"
	d.commit(event(feed.KindChat, 1, "加微信"), ban)
	for b := range 20 {
		var events []feed.Event
		for n := range 300 {
			events = append(events, event(feed.KindChat, 2+b*300+n, "哈"))
		}
		d.commit(events...)
	}
	u := next(t, slow)
	if len(u.Events) != 2001 || u.Events[0].ID != "ban" || u.Skipped["A"] != 6002-2001 {
		t.Errorf("%d events from %s on and %d skipped, want 2001 from the ban on, and %d", len(u.Events), u.Events[0].ID, u.Skipped["A"], 6002-2001)
	}
	var many []feed.Event
	for n := range 5000 {
		e := ban
		e.ID = fmt.Sprint("ban", n)
		many = append(many, e)
	}
	d.commit(many...)
	if u := next(t, slow); len(u.Events) != 3000 || u.Skipped["A"] != 2000 || u.Events[0].ID != "ban2000" {
		t.Errorf("of 5000 bans %d are told, from %s on, and %d skipped", len(u.Events), u.Events[0].ID, u.Skipped["A"])
	}
}

func TestASlowSubscriberSkipsAndCounts(t *testing.T) {
	d := newDesk(t)
	slow, gone := d.Subscribe(), d.Subscribe()
	defer slow.Close()
	next(t, slow)
	gone.Close()
	const batches, each = 50, 100
	for b := range batches {
		var events []feed.Event
		for n := range each {
			events = append(events, event(feed.KindChat, b*each+n, "哈"))
		}
		d.commit(events...)
	}
	u := next(t, slow)
	if len(u.Events) != 2000 || u.Skipped["A"] != batches*each-2000 {
		t.Errorf("%d events and %d skipped, want 2000 and %d", len(u.Events), u.Skipped["A"], batches*each-2000)
	}
	if last := u.Events[len(u.Events)-1].Index; last != batches*each {
		t.Errorf("the last event told is %d, want the newest, %d", last, batches*each)
	}
	late := d.Subscribe()
	defer late.Close()
	if u := next(t, late); len(u.Events) != 2000 || u.Events[0].Index != batches*each-1999 {
		t.Errorf("a snapshot of %d events", len(u.Events))
	}
}

func TestASubscriptionEnds(t *testing.T) {
	d := newDesk(t)
	s := d.Subscribe()
	next(t, s)
	var wg sync.WaitGroup
	wg.Go(func() {
		if _, err := s.Next(context.Background()); err == nil {
			t.Error("Next after Close: no error")
		}
	})
	time.Sleep(5 * time.Millisecond)
	s.Close()
	wg.Wait()
	d.commit(event(feed.KindChat, 1, "x"))
	early := d.Subscribe()
	early.Close()
	if _, err := early.Next(t.Context()); err == nil {
		t.Error("the first Next after Close: no error")
	}
}

// No event is told twice and none is left out while commits and subscriptions
// happen at once.
func TestSnapshotsAndUpdatesJoinWithoutASeam(t *testing.T) {
	d := newDesk(t)
	const total = 400
	var wg sync.WaitGroup
	wg.Go(func() {
		for n := 1; n <= total; n += 4 {
			d.commit(event(feed.KindChat, n, "a"), event(feed.KindChat, n+1, "b"), says(n+2, "纯羊毛"), event(feed.KindChat, n+3, "d"))
		}
	})
	for range 5 {
		wg.Go(func() {
			s := d.Subscribe()
			defer s.Close()
			var last int64
			flags := make(map[int64]bool)
			for last < total {
				u, err := s.Next(t.Context())
				if err != nil {
					t.Error(err)
					return
				}
				for _, e := range u.Events {
					if e.Index != last+1 {
						t.Errorf("event %d after %d", e.Index, last)
						return
					}
					last = e.Index
				}
				for _, f := range u.Flags {
					flags[f.ID] = true
				}
			}
			if len(flags) != total/4 {
				t.Errorf("%d flags seen, want %d", len(flags), total/4)
			}
		})
	}
	wg.Wait()
}

// failing is a store whose writing can be made to fail.
type failing struct {
	moderation.Store
	mu  sync.Mutex
	err error
}

func (f *failing) fail(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.err = err
}

func (f *failing) Update(ctx context.Context, fn func(moderation.Tx) error) error {
	f.mu.Lock()
	err := f.err
	f.mu.Unlock()
	if err != nil {
		return err
	}
	return f.Store.Update(ctx, fn)
}

func TestAnAilingRecordIsToldAndRecovers(t *testing.T) {
	d := newDesk(t)
	f := &failing{Store: d.store}
	d.cfg.Store = f
	d.Desk = must(moderation.NewDesk(t.Context(), d.cfg))
	s := d.Subscribe()
	defer s.Close()
	next(t, s)
	full := errors.New("the disk is full")
	f.fail(full)
	d.clock.pass(time.Minute)
	if err := d.Commit(t.Context(), batch(event(feed.KindChat, 1, "x"))); !errors.Is(err, full) {
		t.Errorf("commit: %v", err)
	}
	d.clock.pass(time.Minute)
	if _, err := d.Do(t.Context(), lan, moderation.ConfirmFlag{Flag: 1}); !errors.Is(err, full) {
		t.Errorf("do: %v", err)
	}
	if u := next(t, s); u.Health == nil || u.Health.OK || u.Health.Err != full.Error() || !u.Health.Since.Equal(at(60)) {
		t.Errorf("health %+v, want it to fail since the first failure", u.Health)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() { d.Run(ctx) })
	f.fail(nil)
	if u := next(t, s); u.Health == nil || !u.Health.OK || !u.Health.Since.Equal(at(120)) {
		t.Errorf("health %+v, want it well again though nothing arrives", u.Health)
	}
	cancel()
	wg.Wait()
	d.commit(event(feed.KindChat, 1, "x"))
	d.verify()
}

// A disk that does not answer is told of while the commit still waits.
func TestASlowDiskIsTold(t *testing.T) {
	d := newDesk(t)
	s := d.Subscribe()
	defer s.Close()
	next(t, s)
	held, let := make(chan struct{}), make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		if err := d.store.Update(context.Background(), func(moderation.Tx) error {
			close(held)
			<-let
			return nil
		}); err != nil {
			t.Error(err)
		}
	})
	<-held
	wg.Go(func() { d.commit(event(feed.KindChat, 1, "x")) })
	if u := next(t, s); u.Health == nil || u.Health.OK || len(u.Events) != 0 {
		t.Errorf("while the disk does not answer: %+v, health %+v", u, u.Health)
	}
	close(let)
	wg.Wait()
	if u := next(t, s); u.Health == nil || !u.Health.OK || len(u.Events) != 1 {
		t.Errorf("once it answers: %+v, health %+v", u, u.Health)
	}
}

// tardy is a store that takes its time.
type tardy struct {
	moderation.Store
	takes atomic.Int64
}

func (s *tardy) Update(ctx context.Context, fn func(moderation.Tx) error) error {
	time.Sleep(time.Duration(s.takes.Load()))
	return s.Store.Update(ctx, fn)
}

// TestATardyStoreIsTold since when commits take long, not for one of them, and no
// more once they are quick; the record counts as written all the time.
func TestATardyStoreIsTold(t *testing.T) {
	d := newDesk(t)
	slow := &tardy{Store: d.store}
	d.cfg.Store = slow
	d.Desk = must(moderation.NewDesk(t.Context(), d.cfg))
	n := 0
	commits := func(count int, each time.Duration) *moderation.Warning {
		slow.takes.Store(int64(each))
		for range count {
			n++
			d.commit(event(feed.KindChat, n, "x"))
		}
		s := d.Subscribe()
		defer s.Close()
		h := next(t, s).Health
		if !h.OK {
			t.Errorf("the record counts as not written: %+v", h)
		}
		if len(h.Warnings) == 0 {
			return nil
		}
		return &h.Warnings[0]
	}
	commits(7, 0)
	if w := commits(1, 300*time.Millisecond); w != nil {
		t.Errorf("one slow commit is told: %+v", w)
	}
	d.clock.pass(time.Minute)
	w := commits(4, 300*time.Millisecond)
	if w == nil || w.Topic != moderation.TopicStore || !w.Since.Equal(at(60)) || len(w.Text) < len("300 ms") {
		t.Fatalf("slow commits are told as %+v", w)
	}
	d.clock.pass(time.Minute)
	if w = commits(1, 300*time.Millisecond); w == nil || !w.Since.Equal(at(60)) {
		t.Errorf("it is still slow, and told as %+v", w)
	}
	if w = commits(7, 0); w != nil {
		t.Errorf("it is quick again, and still told: %+v", w)
	}
	d.verify()
}

// A refusal is an answer, not an ailment.
func TestARefusalIsNoAilment(t *testing.T) {
	d := withFlags(t)
	s := d.Subscribe()
	defer s.Close()
	next(t, s)
	d.refused(moderation.CodeNotFound, lan, moderation.ConfirmFlag{Flag: 99})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := d.Do(ctx, lan, moderation.ConfirmFlag{Flag: 1}); !errors.Is(err, context.Canceled) {
		t.Errorf("do for one who had gone: %v", err)
	}
	silent(t, s)
}
