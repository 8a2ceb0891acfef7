package feed

import (
	"fmt"
	"strconv"
	"time"
)

// CodeSkew is a system event that says how far a source's clock is from ours.
const CodeSkew = "clock_skew"

const (
	// clockTolerance is how far a source's time may be from its arrival: delays of
	// minutes are honest, hours are a wrong zone, and centuries a broken field.
	clockTolerance = 10 * time.Minute
	// skewAgain is when a clock that stays wrong is told of again.
	skewAgain = time.Hour
)

// A Skew keeps one source's times within reason. The zero value is ready.
type Skew struct {
	told time.Time // when the source's clock was last told of; zero: it was right since
}

// lively tells of what is told as it happens.
func lively(k Kind) bool {
	return k == KindChat || k == KindGift || k == KindEnter || k == KindTranscript
}

// Clamp moves a time that cannot be to the event's arrival. What is to come cannot
// have happened; what happens now in a room whose source repeats nothing cannot be
// long ago, but orders, complaints and what a source sends again can. A source that
// numbers its events may be a recording, whose times are its own. e is finished; note,
// if not nil, is too, tells of it once and comes before e.
func (s *Skew) Clamp(e *Event, repeats bool) (note *Event) {
	if e.Epoch != "" {
		return nil
	}
	off := e.At.Sub(e.Recv)
	if o := e.Order; o != nil {
		for _, at := range []*time.Time{&o.CreatedAt, &o.PaidAt, &o.ShippedAt} {
			if at.Sub(e.Recv) > clockTolerance {
				*at = e.Recv
			}
		}
	}
	live := !repeats && lively(e.Kind)
	if off <= clockTolerance && (!live || off >= -clockTolerance) {
		if live {
			s.told = time.Time{}
		}
		return nil
	}
	e.At = e.Recv
	if !s.told.IsZero() && e.Recv.Sub(s.told) < skewAgain {
		return nil
	}
	s.told = e.Recv
	how := "ahead"
	if off < 0 {
		how = "behind"
	}
	// Subtraction stops at 292 years. The frame is a person's and stands with their
	// event: what is said of a source is nobody's, and could not be erased.
	text := fmt.Sprintf("the source's clock is %s %s: the times of arrival count", off.Abs().Round(time.Second), how)
	note = &Event{
		ID: "skew:" + strconv.FormatInt(e.Recv.UnixNano(), 10), Kind: KindSystem, Code: CodeSkew, At: e.Recv, Text: text, Raw: []byte(text),
	}
	Finish(note, e.Source, e.Room, 0, e.Recv)
	return note
}
