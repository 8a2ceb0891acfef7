package feed

import (
	"fmt"
	"slices"
	"strconv"
	"time"
)

// CodeStorm is a system event that stands for many of one kind: Count of them, or
// of what they counted, and AmountFen in all. Channel names the kind.
const CodeStorm = "storm"

// stormAbove is how many gifts, entrances or likes a second are kept one by one. A
// person reads none of more, and each costs the record as much as a word that
// matters.
const stormAbove = 20

// storms counts what comes in such numbers that only the number matters.
type storms struct {
	second int64
	seen   map[string]int
	over   map[string]*Event
	order  []string // of over, as they began
}

// stormy are the system events that come in storms.
var stormy = map[string]bool{"like": true, "follow": true, "share": true}

// class names what e is one of many of; "" for what is always kept.
func class(e *Event) string {
	switch {
	case e.Epoch != "": // leaving one out would look like a hole
	case e.Kind == KindGift, e.Kind == KindEnter:
		return string(e.Kind)
	case e.Kind == KindSystem && stormy[e.Code]:
		return e.Code
	}
	return ""
}

// pass returns the events that are kept one by one, after the sums of a second
// that is over. The events' order is kept. fresh tells of one whether it was never
// received before, and notes that it was: what a peer sends again is not summed
// again.
func (s *storms) pass(events []Event, recv time.Time, fresh func(*Event) bool) []Event {
	var kept []Event
	if second := recv.Unix(); second != s.second {
		kept = s.sums(kept)
		s.second = second
		clear(s.seen)
	}
	if len(kept) == 0 && !slices.ContainsFunc(events, func(e Event) bool { return class(&e) != "" }) {
		return events
	}
	for i := range events {
		e := &events[i]
		c := class(e)
		if c == "" {
			kept = append(kept, *e)
			continue
		}
		if s.seen == nil {
			s.seen, s.over = map[string]int{}, map[string]*Event{}
		}
		if s.seen[c]++; s.seen[c] <= stormAbove {
			kept = append(kept, *e)
			continue
		}
		if fresh(e) {
			s.count(c, e)
		}
	}
	return kept
}

// count adds e to the sum of its class.
func (s *storms) count(c string, e *Event) {
	sum := s.over[c]
	if sum == nil {
		sum = &Event{
			ID: "storm:" + c + ":" + strconv.FormatInt(e.Recv.UnixNano(), 10), Kind: KindSystem, Code: CodeStorm, Channel: c,
			Source: e.Source, Room: e.Room,
		}
		s.over[c] = sum
		s.order = append(s.order, c)
	}
	sum.Count += max(e.Count, 1)
	sum.AmountFen += e.AmountFen
	sum.At, sum.Recv = e.At, e.Recv
	sum.Text = fmt.Sprintf("%s ×%d", c, sum.Count)
}

// sums appends what was counted, and forgets it.
func (s *storms) sums(to []Event) []Event {
	for _, c := range s.order {
		e := *s.over[c]
		e.Raw = []byte(e.Text) // of many people's frames none is the sum's
		Clean(&e)
		to = append(to, e)
	}
	clear(s.over)
	s.order = s.order[:0]
	return to
}
