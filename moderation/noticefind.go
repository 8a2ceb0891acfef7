package moderation

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"liveroom/moderation/policy"
	"liveroom/moderation/privacy"
)

// keepTold takes over what people were told of clocks since the case was as it
// is: that cannot be taken back, and must not be told again.
func (c *Case) keepTold(since Case) {
	c.Clocks = slices.Clone(c.Clocks)
	for i := range c.Clocks {
		k := &c.Clocks[i]
		for _, o := range since.Clocks {
			if o.Name == k.Name && o.Policy == k.Policy && o.Started.Equal(k.Started) && len(o.Notices) > len(k.Notices) {
				k.Notices = o.Notices
			}
		}
	}
}

// nextNotice is when there will be something to tell of the case that was not
// told; zero: never, as it stands.
func (d *Desk) nextNotice(c *Case) time.Time {
	next := noTime
	if c.State == CaseStateWithdrawn || c.State == CaseStateClosed {
		return next
	}
	add := func(w *Notify, k *policy.Clock, kind policy.NoticeKind, at time.Time) {
		if w.wants(c.Room, kind) && !c.told(w.Name, k.NoticeKey(noticeOwner(c.ID), kind)) && (next.IsZero() || at.Before(next)) {
			next = at
		}
	}
	for i := range c.Clocks {
		k := &c.Clocks[i]
		if !k.MetAt.IsZero() || k.paused() && k.MissedAt.IsZero() {
			continue
		}
		as := k.AsPolicy()
		for j := range d.notify {
			w := &d.notify[j]
			if k.MissedAt.IsZero() && !c.told(w.Name, as.NoticeKey(noticeOwner(c.ID), policy.NoticeBreached)) {
				add(w, &as, policy.NoticeAtRisk, k.Due.Add(-w.Before))
			}
			add(w, &as, policy.NoticeBreached, k.Due.Truncate(time.Second).Add(time.Second))
		}
	}
	return next
}

// tell finds what there is to tell of clocks and puts it into the cases and the
// outbox, so many cases a transaction. What cannot be written is found again.
func (d *Desk) tell(ctx context.Context) {
	for ids := range slices.Chunk(d.lookout.due(d.now()), tellAtOnce) {
		if ctx.Err() != nil || d.tellOf(ctx, ids) != nil {
			return
		}
	}
}

func (d *Desk) tellOf(ctx context.Context, ids []int64) error {
	var read []Case
	err := d.update(ctx, func(s *scribe) error {
		t := &telling{ctx: ctx, scribe: s, desk: d, now: d.now()}
		read = nil
		for _, id := range ids {
			c, err := t.about(id)
			if err != nil {
				return err
			}
			read = append(read, c)
		}
		return t.send()
	})
	if err != nil {
		return err
	}
	d.lookout.look(read, d.nextNotice)
	return nil
}

// A telling is one transaction that notes what people are told.
type telling struct {
	ctx context.Context
	*scribe
	desk *Desk
	now  time.Time
	out  []NoticeMessage
	room []string // of out: the room's id
}

// about notes in a case what is to be told of it.
func (t *telling) about(id int64) (Case, error) {
	c, err := t.tx.Case(t.ctx, id)
	if err != nil {
		return c, found(caseName(id), err)
	}
	by, err := t.desk.reckoning(t.ctx, t.tx, c.Room)
	if err != nil || c.State == CaseStateWithdrawn || c.State == CaseStateClosed {
		return c, err
	}
	c.settle(t.now)
	some := false
	for i := range c.Clocks {
		k := &c.Clocks[i]
		for j := range t.desk.notify {
			w := &t.desk.notify[j]
			said := func(key string) bool { return c.told(w.Name, key) }
			for _, n := range policy.Notices(noticeOwner(id), []policy.Clock{k.AsPolicy()}, by.calendar, t.now, w.Before, by.zone, said) {
				if !w.wants(c.Room, n.Kind) {
					continue
				}
				some = true
				k.Notices = append(slices.Clone(k.Notices), Notice{Key: n.Key, To: w.Name, At: t.now})
				t.add(w.Name, c, n)
			}
		}
	}
	if some {
		err = t.casework(&c)
	}
	return c, err
}

// add puts a notice beside those of its way, room and kind.
func (t *telling) add(to string, c Case, n policy.Notice) {
	item := NoticeItem{
		Key: n.Key, Case: c.ID, Title: privacy.Text(c.Title), Kind: n.Kind, Clock: n.Clock, Due: Unstamp(Stamp(n.Due)),
		Text: n.Text.ZH, TextEN: n.Text.EN,
	}
	if to == ToConsole {
		t.up.Notices = append(t.up.Notices, item)
		return
	}
	for i := range t.out {
		if m := &t.out[i]; m.To == to && t.room[i] == c.Room && m.Kind == n.Kind {
			m.Items = append(m.Items, item)
			return
		}
	}
	t.out, t.room = append(t.out, NoticeMessage{To: to, Room: c.Room, Kind: n.Kind, Try: 1, Items: []NoticeItem{item}}), append(t.room, c.Room)
}

// send puts what was gathered into the outbox, due at once.
func (t *telling) send() error {
	rooms, err := t.tx.Rooms(t.ctx)
	if err != nil {
		return err
	}
	for i, m := range t.out {
		if at := slices.IndexFunc(rooms, func(r Room) bool { return r.ID == t.room[i] }); at >= 0 {
			m.Room = rooms[at].Name
		}
		// The first notice stands in this message and in no other. One that is in
		// the outbox went the way before.
		m.Key = fmt.Sprintf("%s/%s/%s", EffectNotice, m.To, m.Items[0].Key)
		e, err := m.effect(t.room[i], noTime)
		if err != nil {
			return err
		}
		if err := t.effect(&e); err != nil && !errors.Is(err, ErrConflict) {
			return err
		}
	}
	return nil
}
