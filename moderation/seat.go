package moderation

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"liveroom/claims"
)

// A Seat is the desk as one person sees it. What it gives out, from reads,
// subscriptions and deeds, is the desk's but for what a blindfold takes away.
// Screens stand on seats; what stands on the Desk itself sees all. It may be
// used by any number of goroutines at once.
type Seat struct {
	*Desk
	who Actor
}

// Seat is the desk as the person sees it.
func (d *Desk) Seat(who Actor) *Seat { return &Seat{d, who} }

// Do is Desk.Do; its rows are as the person at the seat may see them.
func (s *Seat) Do(ctx context.Context, a Actor, c Command) (Result, error) {
	r, err := s.Desk.Do(ctx, a, c)
	if err != nil || r.Flag == nil && r.Case == nil {
		return r, err
	}
	// The deed is done, whatever becomes of reading what it hides: then no row is
	// shown, and the update that follows brings it.
	if s.show(ctx, &r) != nil {
		r.Flag, r.Case = nil, nil
	}
	return r, nil
}

func (s *Seat) show(ctx context.Context, r *Result) error {
	b, err := blindfoldOver(ctx, s.store, s.who)
	if err != nil {
		return err
	}
	if r.Flag != nil {
		f := b.flag(*r.Flag)
		r.Flag = &f
	}
	if r.Case != nil {
		c, err := b.ofCase(ctx, s.store, *r.Case)
		if err != nil {
			return err
		}
		r.Case = &c
	}
	return nil
}

// Reader reads the record as the person may see it.
func (s *Seat) Reader() Reader { return s.record() }

func (s *Seat) record() shownRecord { return shownRecord{s.store, s.who} }

// Subscribe is Desk.Subscribe, of what the person may see.
func (s *Seat) Subscribe() *SeatSubscription {
	return &SeatSubscription{Subscription: s.Desk.Subscribe(), seat: s}
}

// SpeechWindow is Desk.SpeechWindow.
func (s *Seat) SpeechWindow(ctx context.Context, orderID string) ([]Spoken, error) {
	return SpeechWindow(ctx, s.record(), orderID, s.listening())
}

// Queue is Desk.Queue.
func (s *Seat) Queue(ctx context.Context, room string, limit int) ([]Urgency, error) {
	return QueueOf(ctx, s.record(), room, limit, s.now())
}

// Clocks is Desk.Clocks.
func (s *Seat) Clocks(ctx context.Context, room string, before time.Duration) ([]CaseClock, error) {
	return ClocksOf(ctx, s.record(), s.Policies(), room, s.now(), s.before(before))
}

// Scenarios is Desk.Scenarios.
func (s *Seat) Scenarios(ctx context.Context, caseID int64, order string, asOf time.Time, policies ...string) (Scenario, error) {
	return s.inquiry(s.record()).Ask(ctx, caseID, order, asOf, policies...)
}

// BlastRadius is Desk.BlastRadius; of a hidden flag it is refused.
func (s *Seat) BlastRadius(ctx context.Context, flag int64) (Exposure, error) {
	f, err := s.record().Flag(ctx, flag)
	if err != nil {
		return Exposure{}, fmt.Errorf("blast radius of %s: %w", flagName(flag), found(flagName(flag), err))
	}
	if f.Review != 0 {
		return Exposure{}, refuse(CodeBlind, "row", flagName(flag), "of", caseName(f.Review))
	}
	return s.inquiry(s.record()).BlastRadius(ctx, flag, s.listening(), s.now())
}

// RecommendPenalty is Desk.RecommendPenalty; for a case that is hidden it is
// refused.
func (s *Seat) RecommendPenalty(ctx context.Context, id int64, o Offence) (PenaltyAdvice, error) {
	c, err := s.record().Case(ctx, id)
	if err == nil && c.Title == BlindText {
		err = refuse(CodeBlindCase, "row", caseName(id))
	}
	if err != nil {
		return PenaltyAdvice{}, fmt.Errorf("recommend a penalty for %s: %w", caseName(id), found(caseName(id), err))
	}
	return s.Desk.RecommendPenalty(ctx, id, o)
}

// A SeatSubscription is a Subscription of what a person may see. When a verdict
// is given, or a spot check planned, it brings what that shows or hides anew.
type SeatSubscription struct {
	*Subscription
	seat  *Seat
	ready bool
	fold  *blindfold
}

// Next is Subscription.Next.
func (s *SeatSubscription) Next(ctx context.Context) (Update, error) {
	u, err := s.Subscription.Next(ctx)
	if err != nil || !s.seat.who.Role.Takes(CaseSpotCheck) {
		return u, err
	}
	if err := s.blind(ctx, &u); err != nil {
		return Update{}, fmt.Errorf("hide what is to be reviewed: %w", err)
	}
	return u, nil
}

func (s *SeatSubscription) blind(ctx context.Context, u *Update) error {
	store := s.seat.store
	was := s.fold
	if !s.ready || slices.ContainsFunc(u.Cases, func(c Case) bool { return c.Kind == CaseSpotCheck }) {
		fold, err := blindfoldOver(ctx, store, s.seat.who)
		if err != nil {
			return err
		}
		first := !s.ready
		s.fold, s.ready = fold, true
		if !first {
			if err := addTurned(ctx, store, u, was, fold); err != nil {
				return err
			}
		}
	}
	if s.fold == nil {
		return nil
	}
	if err := s.addCasesOf(ctx, u); err != nil {
		return err
	}
	hidden := make(map[int64]bool)
	for i := range u.Cases {
		shown, err := s.fold.ofCase(ctx, store, u.Cases[i])
		if err != nil {
			return err
		}
		hidden[shown.ID] = shown.Title == BlindText
		u.Cases[i] = shown
	}
	for i := range u.Flags {
		u.Flags[i] = s.fold.flag(u.Flags[i])
	}
	var err error
	if u.Effects, err = s.fold.effects(ctx, store, u.Effects); err != nil {
		return err
	}
	for i := range u.Notices {
		n := &u.Notices[i]
		if _, read := hidden[n.Case]; !read {
			c, err := shownRecord{store, s.seat.who}.Case(ctx, n.Case)
			if err != nil {
				return err
			}
			hidden[n.Case] = c.Title == BlindText
		}
		if hidden[n.Case] {
			n.Title, n.Text, n.TextEN = BlindText, BlindText, BlindText
		}
	}
	return nil
}

// addTurned adds the flags that the one blindfold has to review and the other
// has not: they are shown otherwise from now on.
func addTurned(ctx context.Context, r Reader, u *Update, was, now *blindfold) error {
	turned := make(map[int64]bool)
	for _, b := range [][2]*blindfold{{was, now}, {now, was}} {
		if b[0] == nil {
			continue
		}
		for id := range b[0].toReview {
			turned[id] = turned[id] || b[1] == nil || b[1].toReview[id] == nil
		}
	}
	for id, so := range turned {
		if !so || slices.ContainsFunc(u.Flags, func(f Flag) bool { return f.ID == id }) {
			continue
		}
		f, err := r.Flag(ctx, id)
		if err != nil {
			return err
		}
		u.Flags = append(u.Flags, f)
	}
	slices.SortFunc(u.Flags, func(a, b Flag) int { return cmp.Compare(a.ID, b.ID) })
	return addCases(ctx, r, u, func(f *Flag) bool { return turned[f.ID] })
}

// addCasesOf adds the cases of the flags that are to be reviewed, where the
// update brings the flag alone: decided again, it and its case are shown again.
func (s *SeatSubscription) addCasesOf(ctx context.Context, u *Update) error {
	return addCases(ctx, s.seat.store, u, func(f *Flag) bool { return s.fold.toReview[f.ID] != nil })
}

// addCases adds the cases of some of the update's flags, and what contests them.
func addCases(ctx context.Context, r Reader, u *Update, some func(*Flag) bool) error {
	add := func(c Case) {
		if !slices.ContainsFunc(u.Cases, func(o Case) bool { return o.ID == c.ID }) {
			u.Cases = append(u.Cases, c)
		}
	}
	for i := range u.Flags {
		f := &u.Flags[i]
		if f.Case == 0 || !some(f) {
			continue
		}
		c, err := r.Case(ctx, f.Case)
		if err != nil {
			return err
		}
		add(c)
		appeals, err := r.CasesOf(ctx, Link{LinkAppealed, number(f.Case)}, lastPage, 0)
		if err != nil {
			return err
		}
		for _, a := range appeals {
			add(a)
		}
	}
	return nil
}

// effects leaves out those about hidden flags.
func (b *blindfold) effects(ctx context.Context, r Reader, all []Effect) ([]Effect, error) {
	if b == nil {
		return all, nil
	}
	var out []Effect
	for _, e := range all {
		if b.toReview[e.Flag] != nil {
			f, err := r.Flag(ctx, e.Flag)
			if err != nil {
				return nil, err
			}
			if b.hides(&f) != 0 {
				continue
			}
		}
		out = append(out, e)
	}
	return out, nil
}

// shownRecord is the record as one person may see it.
type shownRecord struct {
	Record
	who Actor
}

// through shows what a read gave.
func through[T any](ctx context.Context, s shownRecord, rows []T, err error, show func(*blindfold, T) (T, error)) ([]T, error) {
	if err != nil || len(rows) == 0 {
		return rows, err
	}
	b, err := blindfoldOver(ctx, s.Record, s.who)
	if err != nil || b == nil {
		return rows, err
	}
	for i := range rows {
		if rows[i], err = show(b, rows[i]); err != nil {
			return nil, err
		}
	}
	return rows, nil
}

func (s shownRecord) flags(ctx context.Context, rows []Flag, err error) ([]Flag, error) {
	return through(ctx, s, rows, err, func(b *blindfold, f Flag) (Flag, error) { return b.flag(f), nil })
}

func (s shownRecord) cases(ctx context.Context, rows []Case, err error) ([]Case, error) {
	return through(ctx, s, rows, err, func(b *blindfold, c Case) (Case, error) { return b.ofCase(ctx, s.Record, c) })
}

func only[T any](rows []T, err error) (T, error) {
	var none T
	if err != nil || len(rows) == 0 {
		return none, err
	}
	return rows[0], nil
}

// Flag implements Reader.
func (s shownRecord) Flag(ctx context.Context, id int64) (Flag, error) {
	f, err := s.Record.Flag(ctx, id)
	return only(s.flags(ctx, []Flag{f}, err))
}

// Flags implements Reader.
func (s shownRecord) Flags(ctx context.Context, p Page) ([]Flag, error) {
	f, err := s.Record.Flags(ctx, p)
	return s.flags(ctx, f, err)
}

// FlagsAbout implements Reader.
func (s shownRecord) FlagsAbout(ctx context.Context, room, sku string, c claims.Category) ([]Flag, error) {
	f, err := s.Record.FlagsAbout(ctx, room, sku, c)
	return s.flags(ctx, f, err)
}

// FlagsOf implements Record.
func (s shownRecord) FlagsOf(ctx context.Context, events []int64) ([]Flag, error) {
	f, err := s.Record.FlagsOf(ctx, events)
	return s.flags(ctx, f, err)
}

// Case implements Reader.
func (s shownRecord) Case(ctx context.Context, id int64) (Case, error) {
	c, err := s.Record.Case(ctx, id)
	return only(s.cases(ctx, []Case{c}, err))
}

// Cases implements Reader.
func (s shownRecord) Cases(ctx context.Context, p Page) ([]Case, error) {
	c, err := s.Record.Cases(ctx, p)
	return s.cases(ctx, c, err)
}

// CaseAbout implements Reader.
func (s shownRecord) CaseAbout(ctx context.Context, room string, k CaseKind, sku string, c claims.Category) (Case, error) {
	of, err := s.Record.CaseAbout(ctx, room, k, sku, c)
	return only(s.cases(ctx, []Case{of}, err))
}

// CasesOf implements Reader.
func (s shownRecord) CasesOf(ctx context.Context, l Link, before int64, limit int) ([]Case, error) {
	c, err := s.Record.CasesOf(ctx, l, before, limit)
	return s.cases(ctx, c, err)
}

// Effects implements Reader.
func (s shownRecord) Effects(ctx context.Context, due time.Time) ([]Effect, error) {
	all, err := s.Record.Effects(ctx, due)
	if err != nil {
		return nil, err
	}
	b, err := blindfoldOver(ctx, s.Record, s.who)
	if err != nil {
		return nil, err
	}
	return b.effects(ctx, s.Record, all)
}

// Leaves implements Reader. The leaf of a decision says what and by whom, so it
// is given without its data; its place in the ledger stays.
func (s shownRecord) Leaves(ctx context.Context, after int64, limit int) ([]Leaf, error) {
	all, err := s.Record.Leaves(ctx, after, limit)
	if err != nil {
		return nil, err
	}
	b, err := blindfoldOver(ctx, s.Record, s.who)
	if err != nil || b == nil {
		return all, err
	}
	for i := range all {
		l := &all[i]
		if l.Kind == LeafFlag || l.Kind == LeafCase || l.Kind == LeafAction || l.Kind == LeafEffect {
			l.Data = nil
		}
	}
	return all, nil
}

// Sift implements Reader. What a sieve lets through of the rows as they are kept
// would tell how they are: of flags and cases all are, and who asks looks at them
// as they are shown.
func (s shownRecord) Sift(ctx context.Context, l List, by Sieve, p Page) (Sifted, error) {
	if l == ListFlags || l == ListCases {
		b, err := blindfoldOver(ctx, s.Record, s.who)
		if err != nil {
			return Sifted{}, err
		}
		if b != nil {
			by = nil
		}
	}
	return s.Record.Sift(ctx, l, by, p)
}
