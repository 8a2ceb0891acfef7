package report

import (
	"cmp"
	"slices"
	"time"

	"liveroom/moderation"
	"liveroom/moderation/backtest"
)

// Answered is what became of the viewers' questions.
type Answered struct {
	Asked, Answered int
	Wait            time.Duration // of those answered, the median
	Waiting         []Question    // not answered, those asked most often first
}

// Share is how many were answered.
func (a Answered) Share() backtest.Share { return backtest.Share{K: a.Answered, N: a.Asked} }

// A Question is one that nobody answered.
type Question struct {
	At, LastAt time.Time
	SKU        string
	Product    string
	Text       string
	Times      int64
}

func (m *maker) readQuestions() error {
	var waits []time.Duration
	a := &m.Answered
	page := moderation.Page{Room: m.Room.ID, Since: m.Period.From}
	err := each(m, m.record.Questions, page, func(q *moderation.Question) int64 { return q.ID }, func(q *moderation.Question) error {
		if !m.Period.holds(q.At) {
			return nil
		}
		a.Asked++
		m.keep(moderation.LeafQuestion, q.Seal)
		if !q.AnsweredAt.IsZero() {
			a.Answered++
			waits = append(waits, max(q.AnsweredAt.Sub(q.At), 0))
			return nil
		}
		a.Waiting = append(a.Waiting, Question{q.At, q.LastAt, q.SKU, m.title(q.SKU), m.veil.Text(q.Text), q.Times})
		return nil
	})
	a.Wait = median(waits)
	slices.SortStableFunc(a.Waiting, func(a, b Question) int {
		return cmp.Or(cmp.Compare(b.Times, a.Times), a.At.Compare(b.At))
	})
	return err
}

// median is the middle of some spans, of an even number the lower of the two in
// the middle: a span that there was. Of none it is 0.
func median(spans []time.Duration) time.Duration {
	if len(spans) == 0 {
		return 0
	}
	slices.Sort(spans)
	return spans[(len(spans)-1)/2]
}
