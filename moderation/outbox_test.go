package moderation_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"liveroom/moderation"
)

// way is an Effector that notes what it carried.
type way struct {
	mu      sync.Mutex
	carried []moderation.Effect
	err     error
	begun   chan struct{} // closed when the first is carried; it then waits for ctx
}

func (w *way) Carry(ctx context.Context, e moderation.Effect) (string, error) {
	w.mu.Lock()
	w.carried = append(w.carried, e)
	begun, err := w.begun, w.err
	w.mu.Unlock()
	if begun != nil {
		close(begun)
		<-ctx.Done()
		return "", ctx.Err()
	}
	return "said on air", err
}

func (w *way) count() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.carried)
}

// run runs the outbox until the test stops it.
func (d *desk) run(t *testing.T) (stop func()) {
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() { d.Run(ctx) })
	return func() {
		cancel()
		wg.Wait()
	}
}

// effectOnce waits until the only effect has the status.
func (d *desk) effectOnce(t *testing.T, want moderation.EffectStatus) moderation.Effect {
	t.Helper()
	deadline := time.Now().Add(5 * time.Second)
	for {
		all := must(d.store.Effects(t.Context(), time.Time{}))
		if len(all) == 1 && all[0].Status == want {
			return all[0]
		}
		if time.Now().After(deadline) {
			t.Fatalf("effects %+v, want one that is %s", all, want)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

func TestEffectsGoOutAfterTheUndoWindow(t *testing.T) {
	w := &way{}
	d := newDesk(t, func(c *moderation.Config) { c.Effector = w })
	d.commit(says(1, "纯羊毛"))
	stop := d.run(t)
	defer stop()
	d.do(lan, moderation.CorrectHost{Flag: 1, Text: "更正"})
	d.clock.pass(15*time.Second - 1)
	time.Sleep(300 * time.Millisecond) // longer than the outbox waits between two looks
	if n := w.count(); n != 0 {
		t.Fatalf("%d effects went out while they could be undone", n)
	}
	d.clock.pass(1)
	if e := d.effectOnce(t, moderation.EffectSent); e.Result != "said on air" {
		t.Errorf("effect %+v", e)
	}
	d.refused(moderation.CodeUndoOver, lan, moderation.Undo{})
	stop()
	if n := w.count(); n != 1 {
		t.Errorf("carried %d times, want once", n)
	}
	d.verify()
}

// A flag says that the host was told when that is so, whoever changes it
// meanwhile, and whatever they take back.
func TestAFlagIsCorrectedOnceTheHostWasTold(t *testing.T) {
	d := newDesk(t, func(c *moderation.Config) { c.Effector = &way{} })
	d.commit(says(1, "纯羊毛"))
	stop := d.run(t)
	defer stop()
	if !d.WayOut("r1", "", "correct-host") {
		t.Error("a desk with an effector has no way out")
	}
	d.do(lan, moderation.CorrectHost{Flag: 1, Text: "更正"})
	d.clock.pass(14 * time.Second)
	d.do(lan, moderation.ConfirmFlag{Flag: 1})
	if f := d.flag(1); !f.Corrected.IsZero() {
		t.Fatalf("corrected at %v, before the host was told", f.Corrected)
	}
	d.clock.pass(time.Second)
	d.effectOnce(t, moderation.EffectSent)
	f := d.flag(1)
	if !f.Corrected.Equal(at(15)) || f.Status != moderation.FlagConfirmed {
		t.Fatalf("flag %+v", f)
	}
	d.do(lan, moderation.Undo{})
	if f := d.flag(1); !f.Corrected.Equal(at(15)) || f.Status != moderation.FlagOpen {
		t.Errorf("flag %+v after undoing the confirmation", f)
	}
	d.do(lan, moderation.CorrectHost{Flag: 1, Text: "再更正"})
	if all := must(d.store.Effects(t.Context(), time.Time{})); len(all) != 2 || all[0].Key == all[1].Key {
		t.Errorf("asked twice: %+v", all)
	}
	d.verify()
}

// A screen that is opened later knows what became of a correction.
func TestASnapshotTellsWhatBecameOfCorrections(t *testing.T) {
	d := newDesk(t)
	d.commit(says(1, "纯羊毛"))
	stop := d.run(t)
	d.do(lan, moderation.CorrectHost{Flag: 1, Text: "更正"})
	d.clock.pass(15 * time.Second)
	d.effectOnce(t, moderation.EffectFailed)
	stop()
	d.restart()
	sub := d.Subscribe()
	defer sub.Close()
	u := must(sub.Next(t.Context()))
	if len(u.Effects) != 1 || u.Effects[0].Status != moderation.EffectFailed || len(u.Flags) != 1 || !u.Flags[0].Corrected.IsZero() {
		t.Errorf("effects %+v of flags %+v", u.Effects, u.Flags)
	}
}

func TestUndoneEffectsStay(t *testing.T) {
	w := &way{}
	d := newDesk(t, func(c *moderation.Config) { c.Effector = w })
	d.commit(says(1, "纯羊毛"))
	stop := d.run(t)
	d.do(lan, moderation.CorrectHost{Flag: 1, Text: "更正"})
	d.do(lan, moderation.Undo{})
	d.clock.pass(time.Hour)
	time.Sleep(300 * time.Millisecond)
	stop()
	d.effectOnce(t, moderation.EffectCancelled)
	if n := w.count(); n != 0 {
		t.Errorf("an effect that was undone was carried out %d times", n)
	}
	d.verify()
}

func TestFailedEffectsSayWhy(t *testing.T) {
	tests := []struct {
		name     string
		effector moderation.Effector
		result   string
	}{
		{"no way out", nil, "no way out configured"},
		{"a way that fails", &way{err: errors.New("the room has closed")}, "the room has closed"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := newDesk(t, func(c *moderation.Config) { c.Effector = tt.effector })
			d.commit(says(1, "纯羊毛"))
			stop := d.run(t)
			defer stop()
			d.do(lan, moderation.CorrectHost{Flag: 1, Text: "更正"})
			d.clock.pass(15 * time.Second)
			if e := d.effectOnce(t, moderation.EffectFailed); e.Result != tt.result {
				t.Errorf("result %q, want %q", e.Result, tt.result)
			}
			if f := d.flag(1); !f.Corrected.IsZero() {
				t.Errorf("corrected at %v, but nobody was told", f.Corrected)
			}
			d.verify()
		})
	}
}

// An effect that was cut off is carried out at the next start, under its key.
func TestACutOffEffectIsCarriedAgain(t *testing.T) {
	w := &way{begun: make(chan struct{})}
	d := newDesk(t, func(c *moderation.Config) { c.Effector = w })
	d.commit(says(1, "纯羊毛"))
	stop := d.run(t)
	d.do(lan, moderation.CorrectHost{Flag: 1, Text: "更正"})
	d.clock.pass(15 * time.Second)
	<-w.begun
	stop()
	d.effectOnce(t, moderation.EffectBegun)
	w.begun = nil
	d.restart()
	stop = d.run(t)
	defer stop()
	d.effectOnce(t, moderation.EffectSent)
	if len(w.carried) != 2 || w.carried[0].Key != w.carried[1].Key || w.carried[0].Key == "" {
		t.Errorf("carried %+v, want the same key twice", w.carried)
	}
	d.verify()
}

// narrow is a way out for one kind of effect from one room.
type narrow struct{ way }

func (*narrow) Ways(room string) []moderation.Way {
	if room != "r1" {
		return nil
	}
	return []moderation.Way{{Name: "shop", Kinds: []string{moderation.EffectFreeze}}}
}

// TestAWayOutForSomeThings: what it cannot do it is not asked for, and the person
// is told that there is no way.
func TestAWayOutForSomeThings(t *testing.T) {
	out := &narrow{}
	d := newDesk(t, func(c *moderation.Config) { c.Effector = out })
	d.commit(says(1, "纯羊毛"))
	for _, c := range []struct {
		room, kind string
		want       bool
	}{{"r1", moderation.EffectFreeze, true}, {"r2", moderation.EffectFreeze, false}, {"r1", "correct-host", false}} {
		if got := d.WayOut(c.room, "", c.kind); got != c.want {
			t.Errorf("%s from %s: %t", c.kind, c.room, got)
		}
	}
	stop := d.run(t)
	defer stop()
	d.do(lan, moderation.CorrectHost{Flag: 1, Text: "更正"})
	d.clock.pass(15 * time.Second)
	d.effectOnce(t, moderation.EffectFailed)
	if n := out.count(); n != 0 {
		t.Errorf("asked %d times for what it cannot do", n)
	}
}
