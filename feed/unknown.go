package feed

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// CodeUnknown is of a system event about something of a kind that its decoder does
// not know, see UnknownOf; Count says how many it stands for, 0 for one. Platforms replace what they send without a word; a decoder that passed over
// it would show a quiet room.
const CodeUnknown = "unknown"

const (
	// unknownNames is how many kinds a source tells apart: a hostile peer could
	// name another one in every frame.
	unknownNames = 64
	// unknownOther stands for all beyond that.
	unknownOther = "…"
	// unknownCells is how much of a name is kept.
	unknownCells = 48
	// unknownEvery is how often the count of kinds that come again is recorded: the
	// record is not written for each frame that nobody can read.
	unknownEvery = time.Minute
)

// An UnknownError refuses a part of a message that is of a kind the decoder does
// not know. Name is the peer's word for it, and untrusted.
type UnknownError struct {
	Name string
	Err  error
}

// Error is the decoder's own words.
func (e *UnknownError) Error() string { return e.Err.Error() }

// Unwrap gives what it wraps.
func (e *UnknownError) Unwrap() error { return e.Err }

// Unknown makes the refusal of a kind called name.
func Unknown(name string, err error) error { return &UnknownError{name, err} }

// Unknowns are the kinds that a message's decoder did not know, once for each part
// of one, fit to be shown. Events that tell of them themselves are not among them.
func (d *Decoded) Unknowns() []string {
	var names []string
	for _, err := range d.Refused {
		var unknown *UnknownError
		if errors.As(err, &unknown) {
			names = append(names, unknownName(unknown.Name))
		}
	}
	return names
}

// UnknownOf is the kind that an event with CodeUnknown tells of, fit to be shown,
// and how many it stands for: Channel names the kind, or where that is empty Text.
func UnknownOf(e *Event) (name string, n int64) {
	return unknownName(cmp.Or(e.Channel, e.Text)), max(e.Count, 1)
}

// unknownName is a name as it is kept.
func unknownName(name string) string {
	shown := Sanitise(name).Truncate(unknownCells).String()
	if strings.TrimSpace(shown) == "" {
		return "(empty)"
	}
	return shown
}

// strangers count what a source's decoder does not know. Each kind is recorded when
// it comes first, and later how often it came again.
type strangers struct {
	again map[string]int64 // since it was recorded last, by name
	order []string
	due   []string  // names to be recorded for the first time
	told  time.Time // when the counts were recorded last
	seq   int
}

// note counts one of a kind. fresh tells that none came before.
func (s *strangers) note(name string) (kept string, fresh bool) {
	if s.again == nil {
		s.again = map[string]int64{}
	}
	if _, known := s.again[name]; !known && len(s.again) >= unknownNames {
		name = unknownOther
	}
	if _, known := s.again[name]; known {
		s.again[name]++
		return name, false
	}
	s.again[name] = 0
	s.order = append(s.order, name)
	return name, true
}

// noteFirst counts one that nobody tells of beside us.
func (s *strangers) noteFirst(name string) {
	if kept, fresh := s.note(name); fresh {
		s.due = append(s.due, kept)
	}
}

// sums are the events that tell of what came, and how often again where that is due
// or all is to be told. Their texts hold nothing of a frame but the kind's name: what
// is said of a source is nobody's, and could not be erased.
func (s *strangers) sums(recv time.Time, all bool) []Event {
	var out []Event
	for _, name := range s.due {
		out = append(out, s.sum(name, 1, recv))
	}
	s.due = s.due[:0]
	if s.told.IsZero() {
		s.told = recv
	}
	if !all && recv.Sub(s.told).Abs() < unknownEvery {
		return out
	}
	s.told = recv
	for _, name := range s.order {
		if n := s.again[name]; n > 0 {
			out = append(out, s.sum(name, n, recv))
			s.again[name] = 0
		}
	}
	return out
}

func (s *strangers) sum(name string, n int64, recv time.Time) Event {
	s.seq++
	text := fmt.Sprintf("not known here: %s ×%d", name, n)
	return Event{
		ID:   "unknown:" + strconv.FormatInt(recv.UnixNano(), 10) + ":" + strconv.Itoa(s.seq),
		Kind: KindSystem, Code: CodeUnknown, Channel: name, Count: n, Text: text, At: recv, Raw: []byte(text),
	}
}

// unknown counts what the decoder did not know of a message, and takes out of
// events those that tell of a kind again. A peer that is waiting for them to be
// acknowledged gets them all into the record, and so does one that numbers them.
func (r *run) unknown(l *link, d *Decoded, events []Event) []Event {
	for _, name := range d.Unknowns() {
		r.count(func(st *Status) { st.Unknown++ })
		r.strangers.noteFirst(name)
	}
	_, acks := as[Acker](l.session)
	kept := 0
	for i := range events { // an event is large: nearly always none is moved
		e := &events[i]
		if e.Code == CodeUnknown && e.Kind == KindSystem {
			r.count(func(st *Status) { st.Unknown++ })
			if !acks && e.Epoch == "" && !r.news(e) {
				continue
			}
		}
		if kept != i {
			events[kept] = *e
		}
		kept++
	}
	return events[:kept]
}

// tellUnknown records what was not known, where that cannot be taken for what was
// received while nothing shows yet whether the connection resumed.
func (r *run) tellUnknown(ctx context.Context, recv time.Time, all bool) error {
	if r.tracker.unsure {
		return nil
	}
	for _, e := range r.strangers.sums(recv, all) {
		Finish(&e, r.cfg.Source, r.tracker.room, 0, recv)
		if err := r.deliver(ctx, nil, &e, false); err != nil {
			return err
		}
	}
	return nil
}

// news tells whether an event is the first of its kind, and counts it where it is
// not. One that was received before is neither.
func (r *run) news(e *Event) bool {
	if r.tracker.known(e) {
		return true // it is passed over as a duplicate
	}
	name, _ := UnknownOf(e)
	_, fresh := r.strangers.note(name)
	if !fresh {
		r.tracker.remember(eventKey(e))
	}
	return fresh
}
