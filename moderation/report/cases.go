package report

import (
	"cmp"
	"slices"
	"time"

	"liveroom/claims"
	"liveroom/moderation"
	"liveroom/moderation/policy"
)

// A Case is a matter that people worked on.
type Case struct {
	ID                        int64
	Kind                      moderation.CaseKind
	State                     moderation.CaseState
	Title                     string
	SKU, Product              string
	Category                  claims.Category
	Flags, Complaints, Orders int
	StakeFen                  int64
	Outcome                   moderation.Outcome
	ResolvedBy                string
	Owner                     string
	OpenedBy                  string
	OpenedAt, ClosedAt, DueAt time.Time
}

// A Clock is how often a promise about cases was kept. Used is how long it took,
// without the time it stood still; the worst of the missed is how late it was.
type Clock struct {
	Name, Policy                 string
	Text                         policy.Text // what must be done, in the policy's words
	Met, Missed, Running, Paused int
	Done                         int // how many Median and Worst are of
	Median, Worst                time.Duration
	Latest                       time.Duration // of those missed, the most late, done or not

	used []time.Duration
}

// readCases reads the room's cases and notes which are over, which complaints
// are counted by.
func (m *maker) readCases() error {
	page := moderation.Page{Room: m.Room.ID}
	return each(m, m.record.Cases, page, func(c *moderation.Case) int64 { return c.ID }, func(c *moderation.Case) error {
		m.over[c.ID] = c.State.Over()
		m.all = append(m.all, *c)
		return nil
	})
}

// keepCases lists the cases of the broadcast: those about one of its flags, its
// complaints or its orders, and those opened in its period that are about none.
func (m *maker) keepCases() error {
	for i := range m.all {
		c := &m.all[i]
		if !m.about(c) {
			continue
		}
		m.cases[c.ID] = true
		if c.State != moderation.CaseStateWithdrawn {
			m.addCase(c)
		}
	}
	m.all = nil
	return nil
}

func (m *maker) about(c *moderation.Case) bool {
	if len(c.Flags)+len(c.Complaints)+len(c.Orders) == 0 {
		return m.Period.holds(c.OpenedAt)
	}
	return slices.ContainsFunc(c.Flags, func(id int64) bool { return m.flags[id] != nil }) ||
		slices.ContainsFunc(c.Complaints, func(id int64) bool { return m.complaints[id] }) ||
		slices.ContainsFunc(c.Orders, func(id string) bool { return m.orders[id] })
}

func (m *maker) addCase(c *moderation.Case) {
	for _, id := range c.Flags {
		if f := m.flags[id]; f != nil && f.Case == c.ID {
			f.Outcome = c.Outcome
		}
	}
	m.Cases = append(m.Cases, Case{
		ID: c.ID, Kind: c.Kind, State: c.State, Title: m.veil.Text(c.Title), SKU: c.SKU, Product: m.title(c.SKU), Category: c.Category,
		Flags: len(c.Flags), Complaints: len(c.Complaints), Orders: len(c.Orders), StakeFen: c.StakeFen, Outcome: c.Outcome,
		ResolvedBy: c.ResolvedBy, Owner: c.Owner, OpenedBy: c.OpenedBy, OpenedAt: c.OpenedAt, ClosedAt: c.ClosedAt, DueAt: c.DueAt,
	})
	m.addClocks(c)
	m.addRulings(c)
}

func (m *maker) addClocks(c *moderation.Case) {
	for i := range c.Clocks {
		k := &c.Clocks[i]
		sum := m.clock(k)
		switch k.State(m.opt.Now) {
		case moderation.ClockMet:
			sum.Met++
		case moderation.ClockMissed:
			sum.Missed++
			end := k.MetAt
			if end.IsZero() {
				end = m.opt.Now
			}
			sum.Latest = max(sum.Latest, end.Sub(k.Due))
		case moderation.ClockPaused:
			sum.Paused++
		case moderation.ClockRunning:
			sum.Running++
		}
		if !k.MetAt.IsZero() {
			sum.used = append(sum.used, used(k))
		}
	}
}

// clock is the sum of the clocks of a policy and name.
func (m *maker) clock(k *moderation.Clock) *Clock {
	i := slices.IndexFunc(m.Clocks, func(c Clock) bool { return c.Name == k.Name && c.Policy == k.Policy })
	if i < 0 {
		i = len(m.Clocks)
		m.Clocks = append(m.Clocks, Clock{Name: k.Name, Policy: k.Policy, Text: policy.Text{ZH: k.Text, EN: k.TextEN}})
	}
	return &m.Clocks[i]
}

// used is how long a clock that was met had run.
func used(k *moderation.Clock) time.Duration {
	d := k.MetAt.Sub(k.Started)
	for _, p := range k.Pauses {
		if !p.To.IsZero() {
			d -= p.To.Sub(p.From)
		}
	}
	return max(d, 0)
}

func (m *maker) sumClocks() {
	for i := range m.Clocks {
		c := &m.Clocks[i]
		if c.Done = len(c.used); c.Done > 0 {
			c.Median, c.Worst = median(c.used), slices.Max(c.used)
		}
		m.Totals.ClocksMet += c.Met
		m.Totals.ClocksMissed += c.Missed
		m.Totals.ClocksRunning += c.Running + c.Paused
	}
	slices.SortFunc(m.Clocks, func(a, b Clock) int { return cmp.Or(cmp.Compare(a.Policy, b.Policy), cmp.Compare(a.Name, b.Name)) })
}
