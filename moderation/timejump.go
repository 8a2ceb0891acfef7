package moderation

import (
	"context"
	"fmt"
	"sync"
	"time"
)

const (
	// jumpFrom is how far the host's clock must jump to be told of: a time server
	// moves it by less at once.
	jumpFrom = 2 * time.Second
	// jumpShown is how long a warning of a jump stands: as long as times from
	// before it and after stand beside each other on a screen.
	jumpShown = time.Hour
	// replayFrom is how far apart the room's clock and the people's are where a
	// recording is played: the record's times say nothing of the host then.
	replayFrom = time.Minute
)

// A timejump watches the host's clock by one that nobody can set. The record's
// order is its own, whatever the clocks said; but times around a jump cannot be
// compared, and people are told so.
type timejump struct {
	uptime func() time.Duration // nil: nothing is watched

	mu     sync.Mutex
	wall   time.Time
	up     time.Duration
	warned time.Duration // uptime of the last warning
	shown  bool
}

// beginTime notes where the clocks stand, and warns where the host's is behind what
// the record holds already.
func (d *Desk) beginTime(ctx context.Context) error {
	now, wall := d.now(), d.wallNow()
	if d.time.uptime == nil {
		return nil
	}
	d.time.mu.Lock()
	d.time.wall, d.time.up = wall, d.time.uptime()
	d.time.mu.Unlock()
	last, err := d.store.Events(ctx, Page{Before: lastPage, Limit: 1})
	if err != nil || len(last) == 0 || now.Sub(wall).Abs() > replayFrom {
		return err
	}
	if behind := last[0].Recv.Sub(now); behind >= jumpFrom {
		d.warnTime(-behind, fmt.Sprintf("%s < %s (#%d)", now.Format(time.DateTime), last[0].Recv.Format(time.DateTime), last[0].Index))
	}
	return nil
}

// watchTime looks whether the host's clock jumped since the look before.
func (d *Desk) watchTime() {
	t := &d.time
	if t.uptime == nil {
		return
	}
	wall := d.wallNow()
	t.mu.Lock()
	up := t.uptime()
	jump := wall.Sub(t.wall) - (up - t.up)
	before := t.wall.Add(up - t.up)
	t.wall, t.up = wall, up
	over := t.shown && up-t.warned >= jumpShown
	if over {
		t.shown = false
	}
	t.mu.Unlock()
	switch {
	case jump.Abs() >= jumpFrom:
		d.warnTime(jump, before.Format(time.DateTime)+" → "+wall.Format(time.DateTime))
	case over:
		d.Warn("clock", "")
	}
}

func (d *Desk) warnTime(jump time.Duration, what string) {
	t := &d.time
	t.mu.Lock()
	t.shown, t.warned = true, t.up
	t.mu.Unlock()
	sign := "+"
	if jump < 0 {
		sign = "" // the duration writes its own
	}
	d.Warn("clock", fmt.Sprintf("%s%s: %s", sign, jump.Round(time.Second), what))
}
