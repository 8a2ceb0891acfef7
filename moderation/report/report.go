package report

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/moderation/triage"
)

// Options say what to report on.
type Options struct {
	Room string
	// Since and Until bound the broadcast. Zero: from the start of the room's
	// last broadcast, without an end.
	Since, Until time.Time
	Now          time.Time // running clocks are judged by it
	Tool         string    // the program, with its version
	// Listening is how speech is read: how long a claim sells on when the product
	// has gone, and what tells that the host put it right on air. Without a
	// Claimer only that he was told is known.
	Listening moderation.Listening
	// CheckLedger holds the record against its ledger meanwhile, which takes
	// longer than all else.
	CheckLedger bool
}

// A Report is what the record tells of a broadcast.
type Report struct {
	Tool   string
	Made   time.Time
	Zone   *time.Location
	Room   moderation.Room
	Period Period
	Held   []Held
	Sheets []string // versions of the fact sheet that findings name
	Rules  []string // and of the users' rules
	Ledger moderation.Head
	// Audit is what checking the record against its ledger found; nil: it was not
	// checked.
	Audit    *moderation.Audit
	Gaps     []feed.Gap
	Turns    []Turn
	Rates    Rates
	After    Rates
	Flags    []Flag
	Rule     []Precision
	Types    []TypeCount
	Problems []Problem
	Alone    int // complaints that belong to no problem
	Clocks   []Clock
	People   []Person
	Products []Product
	Cases    []Case
	Payments []Payment
	Penalty  []Penalty
	Holds    []Hold
	Second   moderation.SpotChecks // what spot checks made of its flags
	Erased   []Erased
	Answered Answered
	Grace    time.Duration // how long a claim sells on when the product has gone
	Totals   Totals
}

// Period is when the broadcast was.
type Period struct {
	From  time.Time // its start
	End   time.Time // of what was on air
	Ended bool      // false: it was still on, as far as the record tells
	Until time.Time // of what is counted; zero: without end
}

// holds tells whether what happened then belongs to the broadcast and what came
// of it.
func (p Period) holds(t time.Time) bool {
	return !t.Before(p.From) && (p.Until.IsZero() || t.Before(p.Until))
}

// Held is how many rows of a kind the record holds of the broadcast.
type Held struct {
	Kind feed.Kind
	N    int64
}

// Totals are the sums that stand above all.
type Totals struct {
	Raised, Confirmed, Dismissed, Open, Corrected int
	Orders, Paid                                  int
	PaidFen                                       int64
	Exposed                                       int
	ExposedFen                                    int64
	Complaints, Urgent                            int
	Problems                                      int
	ClocksMet, ClocksMissed, ClocksRunning        int
}

// Make reads the record and sums up a broadcast.
func Make(ctx context.Context, s moderation.Store, o Options) (*Report, error) {
	if !o.CheckLedger {
		return sumUp(ctx, s, o)
	}
	type audited struct {
		audit *moderation.Audit
		err   error
	}
	checked := make(chan audited, 1)
	go func() {
		audit, err := moderation.Verify(ctx, s)
		checked <- audited{audit, err}
	}()
	made, err := sumUp(ctx, s, o)
	a := <-checked
	if err := errors.Join(err, a.err); err != nil {
		return nil, err
	}
	made.Audit = a.audit
	return made, nil
}

func sumUp(ctx context.Context, s moderation.Store, o Options) (*Report, error) {
	var made *Report
	err := s.Snapshot(ctx, func(r moderation.Record) error {
		m := newMaker(ctx, r, o)
		if err := m.run(); err != nil {
			return err
		}
		made = m.Report
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("report on %s: %w", feed.Sanitise(o.Room), err)
	}
	return made, nil
}

// A maker fills a Report. What it reads it keeps only as far as a later step
// joins with it.
type maker struct {
	*Report
	ctx    context.Context
	record moderation.Record
	opt    Options
	veil   moderation.Veil // lets nothing through

	flags      map[int64]*Flag
	all        []moderation.Case
	cases      map[int64]bool
	complaints map[int64]bool
	orders     map[string]bool
	elsewhere  map[string]bool // orders of other times
	problems   map[int64]*span
	products   map[string]*Product
	titles     map[string]string
	types      map[triage.Type]*TypeCount
	over       map[int64]bool // cases that are over
	trade      []time.Time    // when orders were bought
	arrived    []arrival
}

// arrival is a complaint that came.
type arrival struct {
	at     time.Time
	urgent bool
}

func newMaker(ctx context.Context, r moderation.Record, o Options) *maker {
	made := &Report{Tool: o.Tool, Made: o.Now, Grace: cmp.Or(o.Listening.Window, moderation.DefaultSpeechWindow)}
	for _, kind := range erasable {
		made.Erased = append(made.Erased, Erased{Kind: kind})
	}
	return &maker{
		Report: made, ctx: ctx, record: r, opt: o,
		flags: map[int64]*Flag{}, cases: map[int64]bool{}, complaints: map[int64]bool{}, orders: map[string]bool{},
		elsewhere: map[string]bool{}, problems: map[int64]*span{}, products: map[string]*Product{}, titles: map[string]string{},
		types: map[triage.Type]*TypeCount{}, over: map[int64]bool{},
	}
}

// run goes from what others need to what needs others: windows of exposure are
// known before orders are read, the cases before the complaints in them.
func (m *maker) run() error {
	for _, step := range []func() error{
		m.readRoom, m.readAir, m.readFlags, m.readCases, m.readSpotChecks, m.readOrders, m.readComplaints, m.keepCases, m.readProblems,
		m.readQuestions, m.readActions, m.readLedger, m.readHeld,
	} {
		if err := step(); err != nil {
			return err
		}
	}
	m.sumClocks()
	m.sumRules()
	m.sumProducts()
	m.sumRates()
	return nil
}

// ErrNoRoom is what Make returns for a room that the record does not know.
var ErrNoRoom = errors.New("the record does not know this room")

func (m *maker) readRoom() error {
	rooms, err := m.record.Rooms(m.ctx)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(rooms, func(r moderation.Room) bool { return r.ID == m.opt.Room })
	if i < 0 {
		known := ""
		for _, r := range rooms {
			known += " " + feed.Sanitise(r.ID).String()
		}
		if known == "" {
			known = " none"
		}
		return fmt.Errorf("%w; rooms it knows:%s", ErrNoRoom, known)
	}
	m.Room = rooms[i]
	if m.Zone, err = time.LoadLocation(m.Room.TimeZone); err != nil {
		return fmt.Errorf("the room's %w: install the system's time zones (tzdata)", err)
	}
	m.Made = m.opt.Now.In(m.Zone)
	return nil
}

// pageRows is how many rows are read at a time: the record may hold more than
// memory does.
const pageRows = 2000

// each calls fn with every row of a listing.
func each[T any](m *maker, list func(context.Context, moderation.Page) ([]T, error), page moderation.Page, key func(*T) int64, fn func(*T) error) error {
	page.Limit = pageRows
	for {
		rows, err := list(m.ctx, page)
		if err != nil {
			return err
		}
		for i := range rows {
			page.After = key(&rows[i])
			if err := fn(&rows[i]); err != nil {
				return err
			}
		}
		if len(rows) < pageRows {
			return nil
		}
	}
}

// readLedger notes the state of the ledger.
func (m *maker) readLedger() (err error) {
	m.Ledger, err = m.record.Head(m.ctx)
	return err
}
