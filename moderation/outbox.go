package moderation

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"
)

const (
	// outboxPoll is how often the outbox looks for what has become due: the undo
	// window is counted in seconds.
	outboxPoll = 250 * time.Millisecond
	// carryWithin is how long one effect may take; others wait behind it.
	carryWithin = 30 * time.Second
	// probeEvery is how often an ailing record is written to, so that its health
	// returns though nothing arrives and nobody acts.
	probeEvery = time.Second
	// probeSource is the position that the probe writes.
	probeSource = "liveroom:probe"
)

// Results of effects that were not carried out.
const (
	resultNoWay     = "no way out configured"
	resultNotNeeded = "not needed any more"
	resultCutOff    = "cut off while it was sent: it may have arrived"
)

// Run carries out effects once they are due, one after the other, and tells
// people of clocks, until ctx ends. Each effect is marked as begun before and as
// sent or failed after: one that was cut off in between is carried out again at
// the next start, which is why an Effector is idempotent. A notice is not: robots
// cannot tell that one came twice, so what was cut off stays as perhaps told. Run
// is called once.
func (d *Desk) Run(ctx context.Context) {
	var beside sync.WaitGroup
	defer beside.Wait()
	beside.Go(func() { d.keepTelling(ctx) })
	for _, w := range d.notify {
		if w.Name != ToConsole {
			beside.Go(func() { d.keepSending(ctx, w.Name) })
		}
	}
	tick := time.NewTicker(outboxPoll)
	defer tick.Stop()
	probe := time.NewTicker(probeEvery)
	defer probe.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-probe.C:
			d.probe(ctx)
		case <-tick.C:
		case <-d.effects:
		}
		d.watchTime()
		d.carryDue(ctx, d.ofDesk)
	}
}

// probe writes to the record when it is not known to be well. The outcome
// stands in the health, where all writes leave theirs.
func (d *Desk) probe(ctx context.Context) {
	if !d.watch.ailing() {
		return
	}
	_ = d.update(ctx, func(s *scribe) error {
		p, err := s.tx.Position(ctx, probeSource)
		if err != nil {
			return err
		}
		p.At = d.now()
		return s.tx.SetPosition(p)
	})
}

// carryDue carries what is due and picked. An error has reached the health
// already, and the effects stay due.
func (d *Desk) carryDue(ctx context.Context, pick func(Effect) bool) {
	due, err := d.store.Effects(ctx, d.wallNow())
	if err != nil {
		if !ofThePerson(err) {
			d.watch.ail(d.now(), err)
		}
		return
	}
	for _, e := range due {
		if pick(e) && (ctx.Err() != nil || d.carry(ctx, e) != nil) {
			return
		}
	}
}

var errNoWay = errors.New(resultNoWay)

// errNotDue stops an effect that was undone since it was listed, or that is not
// needed any more.
var errNotDue = errors.New("not due any more")

func (d *Desk) carry(ctx context.Context, e Effect) error {
	err := d.update(ctx, func(s *scribe) error { return d.beginEffect(ctx, s, &e) })
	if errors.Is(err, errNotDue) || err == nil && e.Status != EffectBegun {
		return nil
	}
	if err != nil {
		return err
	}
	result, err := d.carryOut(ctx, e)
	switch {
	case e.Kind == EffectNotice:
		// Also when the program ends: whether people were told is known only now.
		ctx = context.WithoutCancel(ctx)
	case ctx.Err() != nil:
		return ctx.Err() // it stays begun
	}
	switch {
	case err == nil:
		e.Status, e.Result = EffectSent, result
	case errors.Is(err, errNoWay) && e.Kind == EffectPenalty:
		// A penalty is what the record says; who has no platform to tell needs none.
		e.Status, e.Result = EffectKept, resultNoWay
	case errors.Is(err, ErrPerhaps) && e.Kind == EffectNotice:
		e.Status, e.Result = EffectPerhaps, err.Error()
	default:
		e.Status, e.Result = EffectFailed, err.Error()
	}
	return d.update(ctx, func(s *scribe) error { return d.endEffect(ctx, s, e) })
}

// beginEffect marks an effect as begun, as it stands now.
func (d *Desk) beginEffect(ctx context.Context, s *scribe, e *Effect) error {
	due, err := s.tx.Effects(ctx, d.wallNow())
	if err != nil {
		return err
	}
	i := slices.IndexFunc(due, func(now Effect) bool { return now.ID == e.ID })
	if i < 0 {
		return &Refusal{Code: CodeUnchanged, Err: errNotDue}
	}
	*e = due[i]
	if e.Kind == EffectNotice && e.Status == EffectBegun {
		e.Status, e.Result = EffectPerhaps, resultCutOff
		return d.endEffect(ctx, s, *e)
	}
	e.Status = EffectBegun
	if e.Kind == EffectNotice {
		e.NotBefore = d.wallNow().Add(noticeLease)
		switch needed, err := d.stillTold(ctx, s, e); {
		case err != nil:
			return err
		case !needed:
			e.Status, e.Result = EffectCancelled, resultNotNeeded
		}
	}
	return s.effect(e)
}

// endEffect writes what became of an effect, and what follows from it.
func (d *Desk) endEffect(ctx context.Context, s *scribe, e Effect) error {
	if err := s.effect(&e); err != nil {
		return err
	}
	switch {
	case e.Kind == EffectNotice:
		return d.sent(s, e)
	case e.Kind == EffectFreeze || e.Kind == EffectRelease:
		return d.told(ctx, s, e)
	case e.Kind == (CorrectHost{}).Name() && e.Status == EffectSent:
		return d.corrected(ctx, s, e.Flag)
	}
	return nil
}

// corrected notes on a flag that the host was told. It is no person's change,
// and undoing what a person did to the flag leaves it.
func (d *Desk) corrected(ctx context.Context, s *scribe, flag int64) error {
	f, err := s.tx.Flag(ctx, flag)
	if err != nil {
		return found(flagName(flag), err)
	}
	if !f.Corrected.IsZero() {
		return nil
	}
	f.Corrected = d.now()
	return s.flag(&f)
}

// WayOut tells whether effects of a kind reach anybody from a room. Without a way
// what CorrectHost asks for fails, and TellHost says what people did themselves.
func (d *Desk) WayOut(room, kind string) bool {
	if d.effector == nil {
		return false
	}
	able, tells := d.effector.(Capable)
	return !tells || able.Can(room, kind)
}

func (d *Desk) carryOut(ctx context.Context, e Effect) (string, error) {
	by := d.effector
	switch e.Kind {
	case EffectNotice:
		by = d.notifier
		if by == nil || d.ofDesk(e) {
			return "", errNoSuchWay
		}
	case EffectRule:
		if by = d.rules; d.rules == nil {
			return "", errNoRuleFile
		}
	default:
		if !d.WayOut(e.Room, e.Kind) {
			return "", errNoWay
		}
	}
	ctx, cancel := context.WithTimeout(ctx, carryWithin)
	defer cancel()
	return by.Carry(ctx, e)
}
