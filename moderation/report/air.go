package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"liveroom/feed"
	"liveroom/moderation"
)

// A Turn is a stretch of time in which one product was on air.
type Turn struct {
	SKU      string
	From, To time.Time
}

// Rates count what came, by steps from From on.
type Rates struct {
	From       time.Time
	Step       time.Duration
	Chat       []int64
	Orders     []int64
	Complaints []int64
	Urgent     []int64 // of the complaints
	Refunds    []int64 // events that told of one
}

const (
	// airSteps is how many steps the chart of the broadcast has at most, and
	// afterSteps the one of what came after it: more would be no wider than a
	// hair on paper.
	airSteps, afterSteps = 240, 120
	// quietAfter is how long after the last word a broadcast that nobody ended
	// counts as over.
	quietAfter = time.Minute
)

// steps are the lengths a step may have, so that people can count in them.
var steps = []time.Duration{
	5 * time.Second, 10 * time.Second, 15 * time.Second, 30 * time.Second,
	time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute, 15 * time.Minute, 30 * time.Minute,
	time.Hour, 2 * time.Hour, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour, 24 * time.Hour,
}

// stepOf is the shortest step of which at most that many make up a span.
func stepOf(span time.Duration, most int) time.Duration {
	for _, s := range steps {
		if span <= s*time.Duration(most) {
			return s
		}
	}
	day := steps[len(steps)-1]
	return day * time.Duration(math.Ceil(float64(span)/float64(day)/float64(most)))
}

// far is a time behind all that the record can hold.
var far = moderation.Unstamp(math.MaxInt64)

// readAir finds the broadcast, the turns of its products and its gaps.
func (m *maker) readAir() error {
	m.Period = Period{From: m.opt.Since, Until: m.opt.Until}
	if m.Period.From.IsZero() {
		m.Period.From = m.Room.StartedAt
	}
	p := &m.Period
	if p.From.IsZero() {
		return fmt.Errorf("the record holds no broadcast of %s: nothing was received from it yet", feed.Sanitise(m.Room.ID))
	}
	if !p.Until.IsZero() && !p.From.Before(p.Until) {
		return fmt.Errorf("the time from %s to %s is empty: --since is before --until", p.From.Format(time.RFC3339), p.Until.Format(time.RFC3339))
	}
	kinds := []feed.Kind{feed.KindProduct, feed.KindGap, feed.KindSystem}
	told, err := m.record.EventsOf(m.ctx, m.Room.ID, kinds, moderation.Unstamp(math.MinInt64), far, 0)
	if err != nil {
		return err
	}
	// By their times and not by the record's order: what came late is drawn where
	// it happened.
	slices.SortStableFunc(told, func(a, b moderation.Recorded) int { return a.At.Compare(b.At) })
	if err := m.findEnd(told); err != nil {
		return err
	}
	for i := range told {
		e := &told[i]
		switch {
		case e.Kind == feed.KindProduct && e.Product != nil && e.Product.ID != "":
			m.turn(e)
		case e.Code == feed.CodeStreamEnd:
			m.endTurn(e.At)
		case e.Gap != nil && m.touches(e.Gap):
			g := *e.Gap
			g.Reason = m.veil.Text(g.Reason)
			m.Gaps = append(m.Gaps, g)
		}
	}
	m.keepTurns()
	return nil
}

// findEnd tells when the broadcast ended: when its source said so, or with the
// last words of the period.
func (m *maker) findEnd(told []moderation.Recorded) error {
	p := &m.Period
	if m.opt.Until.IsZero() && m.opt.Since.IsZero() && !m.Room.EndedAt.IsZero() {
		p.End, p.Ended = m.Room.EndedAt, true
		return nil
	}
	for _, e := range told {
		if e.Code == feed.CodeStreamEnd && e.At.After(p.From) && p.holds(e.At) {
			p.End, p.Ended = e.At, true
		}
	}
	if p.Ended {
		return nil
	}
	return m.findLastWord(p.bound())
}

// bound is behind all that is counted.
func (p Period) bound() time.Time {
	if p.Until.IsZero() {
		return far
	}
	return p.Until
}

// findLastWord narrows the time of the last words down by counting.
func (m *maker) findLastWord(to time.Time) error {
	p := &m.Period
	from := p.From
	for step := 24 * time.Hour * 366; ; step = max(step/60, quietAfter) {
		counts, err := m.record.Tally(m.ctx, m.Room.ID, []feed.Kind{feed.KindChat, feed.KindTranscript, feed.KindProduct}, from, to, step)
		if err != nil {
			return err
		}
		last := len(counts) - 1
		for last >= 0 && counts[last] == 0 {
			last--
		}
		if last < 0 {
			p.End = p.From.Add(quietAfter)
			return nil
		}
		from, to = from.Add(time.Duration(last)*step), earlier(to, from.Add(time.Duration(last+1)*step))
		if step == quietAfter {
			p.End = to
			return nil
		}
	}
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// touches tells whether a gap lies in the period, as far as its ends are known.
func (m *maker) touches(g *feed.Gap) bool {
	p := m.Period
	return !g.To.Before(p.From) && (p.Until.IsZero() || g.From.Before(p.Until))
}

// turn begins a product's turn on air. A product told again, for its price,
// goes on.
func (m *maker) turn(e *moderation.Recorded) {
	if title := e.Product.Title; title != "" && m.titles[e.Product.ID] == "" {
		m.titles[e.Product.ID] = m.veil.Text(title)
	}
	if !e.At.Before(m.Period.End) {
		return
	}
	if n := len(m.Turns); n > 0 && m.Turns[n-1].SKU == e.Product.ID && m.Turns[n-1].To.After(e.At) {
		return
	}
	m.endTurn(e.At)
	m.Turns = append(m.Turns, Turn{SKU: e.Product.ID, From: e.At, To: m.Period.End})
}

func (m *maker) endTurn(at time.Time) {
	if n := len(m.Turns); n > 0 {
		m.Turns[n-1].To = earlier(m.Turns[n-1].To, at)
	}
}

// keepTurns leaves the turns that lie in the period: what was on air before its
// start began with it.
func (m *maker) keepTurns() {
	m.Turns = slices.DeleteFunc(m.Turns, func(t Turn) bool { return !t.To.After(m.Period.From) })
	for i := range m.Turns {
		t := &m.Turns[i]
		t.From = later(t.From, m.Period.From)
		m.product(t.SKU).OnAir += t.To.Sub(t.From)
	}
}

// sumRates lays what came over the time of the broadcast, and over the time
// after it.
func (m *maker) sumRates() {
	p := m.Period
	for _, side := range []struct {
		r        *Rates
		from, to time.Time
	}{{&m.Rates, p.From, p.End}, {&m.After, p.End, m.lastArrival()}} {
		r := side.r
		if r.Step == 0 {
			continue
		}
		n := len(r.Refunds)
		r.Orders, r.Complaints, r.Urgent = make([]int64, n), make([]int64, n), make([]int64, n)
		put := func(counts []int64, at time.Time) {
			if at.Before(side.from) || !at.Before(side.to) {
				return
			}
			counts[min(int(at.Sub(side.from)/r.Step), n-1)]++
		}
		for _, at := range m.trade {
			put(r.Orders, at)
		}
		for _, a := range m.arrived {
			put(r.Complaints, a.at)
			if a.urgent {
				put(r.Urgent, a.at)
			}
		}
	}
}

// lastArrival is just behind the last complaint or order that came after the
// broadcast.
func (m *maker) lastArrival() time.Time {
	last := m.Period.End
	for _, a := range m.arrived {
		last = later(last, a.at)
	}
	for _, at := range m.trade {
		last = later(last, at)
	}
	return last.Add(1)
}

// readHeld counts what the record holds of the broadcast, and how fast it came.
func (m *maker) readHeld() error {
	p := m.Period
	for _, k := range []feed.Kind{
		feed.KindTranscript, feed.KindChat, feed.KindProduct, feed.KindOrder, feed.KindRefund, feed.KindComplaint,
		feed.KindGift, feed.KindEnter, feed.KindSystem, feed.KindGap,
	} {
		counts, err := m.record.Tally(m.ctx, m.Room.ID, []feed.Kind{k}, p.From, p.bound(), math.MaxInt64)
		if err != nil {
			return err
		}
		n := int64(0)
		for _, c := range counts {
			n += c
		}
		m.Held = append(m.Held, Held{k, n})
	}
	var err error
	m.Rates, err = m.rates(p.From, p.End, airSteps)
	if err != nil {
		return err
	}
	m.After, err = m.rates(p.End, m.lastArrival(), afterSteps)
	return err
}

func (m *maker) rates(from, to time.Time, most int) (r Rates, err error) {
	span := to.Sub(from)
	if span <= time.Second {
		return r, nil // nothing came
	}
	r.From, r.Step = from, stepOf(span, most)
	if r.Chat, err = m.record.Tally(m.ctx, m.Room.ID, []feed.Kind{feed.KindChat}, from, to, r.Step); err != nil {
		return r, err
	}
	r.Refunds, err = m.record.Tally(m.ctx, m.Room.ID, []feed.Kind{feed.KindRefund}, from, to, r.Step)
	return r, err
}

// title is what a product is called, or its code where nobody named it.
func (m *maker) title(sku string) string { return cmp.Or(m.titles[sku], sku) }
