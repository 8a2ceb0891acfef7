package moderation

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"liveroom/moderation/policy"
)

// noticeAgain is how long after a try that failed the next one follows. After
// the last it is given up, and stays visible as failed.
var noticeAgain = []time.Duration{time.Minute, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour}

// noticeLease is for how long a notice that is being sent is nobody else's: those
// who share a record share its outbox. One that is still begun when it is over was
// cut off, and may have arrived.
const noticeLease = carryWithin + 10*time.Second

// errNoSuchWay fails a notice to a group that the config names no more.
var errNoSuchWay = errors.New("nobody is told this way any more: the config has no [[notify]] of that name")

// toWay picks the effects that go one way of telling.
func toWay(name string) func(Effect) bool {
	return func(e Effect) bool { return e.Kind == EffectNotice && e.Target == name }
}

// ofDesk picks the effects that go no way of telling.
func (d *Desk) ofDesk(e Effect) bool {
	return e.Kind != EffectNotice || !slices.ContainsFunc(d.notify, func(w Notify) bool { return w.Name == e.Target })
}

// keepSending carries the notices of one way, so that a group that does not
// answer keeps nobody else waiting.
func (d *Desk) keepSending(ctx context.Context, name string) {
	tick := time.NewTicker(outboxPoll)
	defer tick.Stop()
	for {
		d.carryDue(ctx, toWay(name))
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// stillTold leaves of a notice what is still so: a clock may have been met, have
// been stopped or have run out since. It reports false when nothing is left.
func (d *Desk) stillTold(ctx context.Context, s *scribe, e *Effect) (bool, error) {
	m, err := ReadNotice(*e)
	if err != nil {
		return false, err
	}
	before := len(m.Items)
	kept := m.Items[:0]
	for _, item := range m.Items {
		c, err := s.tx.Case(ctx, item.Case)
		if err != nil {
			return false, found(caseName(item.Case), err)
		}
		if c.stillSo(item, d.now()) {
			kept = append(kept, item)
		}
	}
	if m.Items = kept; len(kept) == 0 || len(kept) == before {
		return len(kept) > 0, nil
	}
	e.Text, err = m.encode()
	return true, err
}

func (c *Case) stillSo(n NoticeItem, now time.Time) bool {
	return slices.ContainsFunc(c.Clocks, func(k Clock) bool {
		as := k.AsPolicy()
		if as.NoticeKey(noticeOwner(c.ID), n.Kind) != n.Key || !k.MetAt.IsZero() {
			return false
		}
		missed := !k.MissedAt.IsZero() || policy.Late(now, k.Due)
		return n.Kind == policy.NoticeBreached && missed || n.Kind == policy.NoticeAtRisk && !missed && !k.paused()
	})
}

// sent notes what became of a notice. One that failed goes into the outbox
// again under the key of its next try, for so many times.
func (d *Desk) sent(s *scribe, e Effect) error {
	d.tellWay(e.Target, e)
	if e.Status != EffectFailed || d.ofDesk(e) {
		return nil
	}
	m, err := ReadNotice(e)
	if err != nil || m.Try > len(noticeAgain) {
		return err
	}
	due := d.wallNow().Add(noticeAgain[m.Try-1])
	m.Try++
	next, err := m.effect(e.Room, due)
	if err != nil {
		return err
	}
	if err := s.effect(&next); err != nil && !errors.Is(err, ErrConflict) {
		return err
	}
	return nil
}

// tellWay keeps a warning up while a way does not take what it is told, or may
// not have been told what it was told last.
func (d *Desk) tellWay(name string, e Effect) {
	d.mu.Lock()
	if d.silent == nil {
		d.silent = make(map[string]Effect)
	}
	if e.Status == EffectFailed || e.Status == EffectPerhaps {
		d.silent[name] = e
	} else {
		delete(d.silent, name)
	}
	lines := make(map[EffectStatus][]string)
	for _, of := range slices.Sorted(maps.Keys(d.silent)) {
		last := d.silent[of]
		lines[last.Status] = append(lines[last.Status], fmt.Sprintf("%s: %s", of, last.Result))
	}
	d.mu.Unlock()
	d.Warn("notice", strings.Join(lines[EffectFailed], "; "))
	d.Warn("perhaps", strings.Join(lines[EffectPerhaps], "; "))
}
