package moderation

import (
	"cmp"
	"slices"
	"time"
)

// A Look is what a person has before them at one console of this desk. It is in
// no record and no ledger: what somebody looked at and left is nobody's business.
type Look struct {
	Console int64 // tells two consoles of one person apart
	Actor   string
	Room    string
	Flag    int64
	Case    int64 // with Flag 0 too: they look at nothing any more
	Since   time.Time
}

// At tells whether the person looks at anything.
func (l Look) At() bool { return l.Flag != 0 || l.Case != 0 }

// Look tells the desk's other consoles what this one's person has before them,
// until Look is called again or the subscription is closed. Who, where and what
// are the caller's; the console and the time are the desk's.
func (s *Subscription) Look(l Look) {
	w := &s.desk.watch
	now := s.desk.wallNow()
	w.mu.Lock()
	defer w.mu.Unlock()
	if _, open := w.subs[s]; !open {
		return
	}
	l.Console, l.Since = s.console, now
	w.look(s, l)
}

// look notes and passes on a look; w.mu is held.
func (w *watch) look(from *Subscription, l Look) {
	was := w.looks[from]
	if was.Actor == l.Actor && was.Room == l.Room && was.Flag == l.Flag && was.Case == l.Case {
		return
	}
	if l.At() {
		w.looks[from] = l
	} else {
		delete(w.looks, from)
	}
	for sub := range w.subs {
		if sub != from {
			sub.put(&Update{Looks: []Look{l}})
		}
	}
}

// looksBeside lists what the other consoles' people look at; w.mu is held.
func (w *watch) looksBeside(s *Subscription) []Look {
	var out []Look
	for sub, l := range w.looks {
		if sub != s {
			out = append(out, l)
		}
	}
	slices.SortFunc(out, func(a, b Look) int { return cmp.Compare(a.Console, b.Console) })
	return out
}
