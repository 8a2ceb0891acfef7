package report

import (
	"cmp"
	"errors"
	"slices"
	"time"

	"liveroom/moderation"
	"liveroom/moderation/triage"
)

// TypeCount is how many complaints of a type there were.
type TypeCount struct {
	Type                     triage.Type // "" : not triaged
	N, Urgent, InCase, Ended int         // Ended: their case is over
}

// A Problem is alike complaints with one cause.
type Problem struct {
	ID           int64
	SKU, Product string
	Title        string
	N, Urgent    int
	First, Last  time.Time // when they came
	SaidAt       time.Time // the minute of speech it goes back to; zero: none found
	Sentence     string
	Flag         int64
	FlagStatus   moderation.FlagStatus
}

// span is when the complaints of a problem came.
type span struct {
	n, urgent   int
	first, last time.Time
}

// readComplaints counts the complaints about the broadcast: those that name one
// of its orders, and of the others those that came after its start.
func (m *maker) readComplaints() error {
	page := moderation.Page{Room: m.Room.ID, Since: m.Period.From}
	err := each(m, m.record.Complaints, page, func(c *moderation.Complaint) int64 { return c.ID }, func(c *moderation.Complaint) error {
		if m.ours(c) {
			m.addComplaint(c)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, t := range m.types {
		m.Types = append(m.Types, *t)
	}
	slices.SortFunc(m.Types, func(a, b TypeCount) int { return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Type, b.Type)) })
	return nil
}

// ours tells whether a complaint is about the broadcast: it names an order of
// it, or, without one that is known, came in its period.
func (m *maker) ours(c *moderation.Complaint) bool {
	return m.orders[c.OrderID] || !m.elsewhere[c.OrderID] && m.Period.holds(c.At)
}

func (m *maker) addComplaint(c *moderation.Complaint) {
	m.complaints[c.ID] = true
	m.keep(moderation.LeafComplaint, c.Seal)
	urgent := c.Priority == triage.High
	m.arrived = append(m.arrived, arrival{c.At, urgent})
	t := m.types[c.Type]
	if t == nil {
		t = &TypeCount{Type: c.Type}
		m.types[c.Type] = t
	}
	t.N++
	m.Totals.Complaints++
	if urgent {
		t.Urgent++
		m.Totals.Urgent++
	}
	if c.Case != 0 {
		t.InCase++
		if m.over[c.Case] {
			t.Ended++
		}
	}
	if c.SKU != "" {
		m.product(c.SKU).Complaints++
	}
	if c.Problem == 0 {
		m.Alone++
		return
	}
	s := m.problems[c.Problem]
	if s == nil {
		s = &span{first: c.At}
		m.problems[c.Problem] = s
	}
	s.n++
	if urgent {
		s.urgent++
	}
	s.first, s.last = earlier(s.first, c.At), later(s.last, c.At)
}

// readProblems lists the problems of the complaints, those with most first.
func (m *maker) readProblems() error {
	page := moderation.Page{Room: m.Room.ID}
	err := each(m, m.record.Problems, page, func(p *moderation.Problem) int64 { return p.ID }, func(p *moderation.Problem) error {
		s := m.problems[p.ID]
		if s == nil || p.Into != 0 {
			return nil
		}
		line := Problem{
			ID: p.ID, SKU: p.SKU, Product: m.title(p.SKU), Title: m.veil.Text(p.Title), N: s.n, Urgent: s.urgent,
			First: s.first, Last: s.last, SaidAt: p.SaidAt, Flag: p.Flag,
		}
		if f := m.flags[p.Flag]; f != nil {
			line.FlagStatus = f.Status
		}
		var err error
		line.Sentence, err = m.sentence(p.Event)
		m.Problems = append(m.Problems, line)
		return err
	})
	if err != nil {
		return err
	}
	m.Totals.Problems = len(m.Problems)
	slices.SortFunc(m.Problems, func(a, b Problem) int { return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.ID, b.ID)) })
	return nil
}

// sentence is what was said at a place in the record.
func (m *maker) sentence(index int64) (string, error) {
	if index == 0 {
		return "", nil
	}
	said, err := m.record.Events(m.ctx, moderation.Page{After: index - 1, Limit: 1})
	if err != nil {
		return "", err
	}
	if len(said) == 0 || said[0].Index != index {
		return "", errors.Join(moderation.ErrDamaged, errors.New("a problem names a sentence that is not there: run liveroom verify"))
	}
	return m.veil.Text(said[0].Text), nil
}
