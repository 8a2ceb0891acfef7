package moderation

import (
	"fmt"
	"slices"

	"liveroom/feed"
)

// A scribe writes rows through a transaction, each with its leaf in the ledger,
// and notes what changed for those who watch. It lives as long as the Tx.
type scribe struct {
	tx     Tx
	up     Update
	events int64 // index of the last event recorded
	leaves int64 // and of the last leaf appended

	// together lets leaves wait to be appended by settle, many at once.
	together bool
	waiting  []Leaf
	made     *eventLeaves // of the events; nil: there are none

	policies map[string]int64 // leaves of policies that were kept, by version
}

func (s *scribe) append(l Leaf) error {
	if s.together {
		s.waiting = append(s.waiting, l)
		return nil
	}
	if err := s.tx.Append(&l); err != nil {
		return err
	}
	s.leaves = l.Index
	return nil
}

// settle appends the leaves that wait, in order.
func (s *scribe) settle() error {
	if len(s.waiting) == 0 {
		return nil
	}
	if err := s.made.fill(s.waiting); err != nil {
		return err
	}
	if err := s.tx.AppendAll(s.waiting); err != nil {
		return err
	}
	s.leaves = s.waiting[len(s.waiting)-1].Index
	s.waiting = s.waiting[:0]
	return nil
}

// keep appends the leaf of a row that was just put.
func (s *scribe) keep(k kept) error {
	l, err := newRowLeaf(k)
	if err != nil {
		return err
	}
	return s.append(l)
}

// recorded notes that events were recorded.
func (s *scribe) recorded(events []Recorded, fresh []bool) {
	s.up.Events = make([]Recorded, 0, len(events))
	for i := range events {
		if fresh[i] {
			s.up.Events = append(s.up.Events, events[i])
			s.events = events[i].Index
		}
	}
	s.waiting = make([]Leaf, 0, 2*len(events))
	s.made = makeEventLeaves(s.up.Events)
}

// event keeps the place of the leaf of the next event, before those of the rows that
// follow from it.
func (s *scribe) event() {
	s.made.at = append(s.made.at, len(s.waiting))
	s.waiting = append(s.waiting, Leaf{Kind: LeafEvent})
}

// room writes a room, which has no leaf: all it says follows from events.
func (s *scribe) room(r Room) error {
	if err := s.tx.PutRoom(r); err != nil {
		return err
	}
	s.up.Rooms = append(s.up.Rooms, r)
	return nil
}

func (s *scribe) flag(f *Flag) error {
	if err := s.tx.PutFlag(f); err != nil {
		return err
	}
	f.Shown = feed.Sanitise(f.Text)
	s.up.Flags = append(s.up.Flags, *f)
	return s.keep(*f)
}

func (s *scribe) complaint(c *Complaint) error {
	if err := s.tx.PutComplaint(c); err != nil {
		return err
	}
	c.Shown = feed.Sanitise(c.Text)
	s.up.Complaints = append(s.up.Complaints, *c)
	return s.keep(*c)
}

func (s *scribe) problem(p *Problem) error {
	if err := s.tx.PutProblem(p); err != nil {
		return err
	}
	s.tellProblem(*p)
	return s.keep(*p)
}

// tellProblem tells those who watch how a problem stands, once however many of
// its complaints a batch holds.
func (s *scribe) tellProblem(p Problem) {
	if i := slices.IndexFunc(s.up.Problems, func(o Problem) bool { return o.ID == p.ID }); i >= 0 {
		s.up.Problems[i] = p
		return
	}
	s.up.Problems = append(s.up.Problems, p)
}

func (s *scribe) question(q *Question) error {
	if err := s.tx.PutQuestion(q); err != nil {
		return err
	}
	q.Shown = feed.Sanitise(q.Text)
	s.up.Questions = append(s.up.Questions, *q)
	return s.keep(*q)
}

func (s *scribe) order(o *Order) error {
	if err := s.tx.PutOrder(o); err != nil {
		return err
	}
	s.up.Orders = append(s.up.Orders, *o)
	return s.keep(*o)
}

func (s *scribe) casework(c *Case) error {
	if err := s.tx.PutCase(c); err != nil {
		return err
	}
	s.up.Cases = append(s.up.Cases, *c)
	return s.keep(*c)
}

func (s *scribe) effect(e *Effect) error {
	if err := s.tx.PutEffect(e); err != nil {
		return err
	}
	s.up.Effects = append(s.up.Effects, *e)
	return s.keep(*e)
}

func (s *scribe) action(a *Action) error {
	if err := s.tx.PutAction(a); err != nil {
		return fmt.Errorf("record the action: %w", err)
	}
	return s.keep(*a)
}
