package moderation

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"liveroom/feed"
)

const (
	// outboxPoll is how often the outbox looks for what has become due: the undo
	// window is counted in seconds.
	outboxPoll = 250 * time.Millisecond
	// carryWithin is how long one notice may take, or writing one rule.
	carryWithin = 30 * time.Second
	// actWithin is how long an act may take: a platform's limit lasts a minute.
	// Others of the same peer wait behind it.
	actWithin = 90 * time.Second
	// actLease is for how long an act that must not be asked for twice is nobody
	// else's.
	actLease = actWithin + 10*time.Second
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

// Run carries out effects once they are due, for each peer one after the other, and
// tells people of clocks, until ctx ends. Each effect is marked as begun before and
// as sent or failed after: one that was cut off in between is carried out again at
// the next start, which is why an Effector is idempotent. A notice is not, nor is
// what a Way does only once: nobody there can tell that one came twice, so what was
// cut off stays as perhaps done. Run is called once.
func (d *Desk) Run(ctx context.Context) {
	var beside sync.WaitGroup
	defer beside.Wait()
	beside.Go(func() { d.keepTelling(ctx) })
	for _, w := range d.notify {
		if w.Name != ToConsole {
			beside.Go(func() { d.keepSending(ctx, w.Name) })
		}
	}
	lanes := &lanes{busy: make(map[string]bool)}
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
		d.carryLanes(ctx, lanes, &beside)
	}
}

// lanes are the peers that are being asked: one that does not answer keeps nobody
// else waiting.
type lanes struct {
	mu   sync.Mutex
	busy map[string]bool
}

func (l *lanes) take(name string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	free := !l.busy[name]
	l.busy[name] = true
	return free
}

func (l *lanes) free(name string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.busy, name)
}

// laneOf names the peer that an effect goes to.
func (d *Desk) laneOf(e Effect) string {
	if e.Kind == EffectRule || e.Kind == EffectNotice {
		return "kind:" + e.Kind
	}
	w, _ := d.way(e.Room, e.Source, e.Kind)
	return "way:" + w.Name
}

// carryLanes carries what is due, each free peer's on a goroutine of its own.
func (d *Desk) carryLanes(ctx context.Context, l *lanes, beside *sync.WaitGroup) {
	due := make(map[string][]Effect)
	for _, e := range d.due(ctx) {
		if d.ofDesk(e) {
			lane := d.laneOf(e)
			due[lane] = append(due[lane], e)
		}
	}
	for lane, effects := range due {
		if !l.take(lane) {
			continue
		}
		beside.Go(func() {
			defer l.free(lane)
			for _, e := range effects {
				if ctx.Err() != nil || d.carry(ctx, e) != nil {
					return
				}
			}
		})
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

// due is what is due. An error has reached the health already, and the effects stay
// due.
func (d *Desk) due(ctx context.Context) []Effect {
	due, err := d.store.Effects(ctx, d.wallNow())
	if err != nil && !ofThePerson(err) {
		d.watch.ail(d.now(), err)
	}
	return due
}

// carryDue carries what is due and picked.
func (d *Desk) carryDue(ctx context.Context, pick func(Effect) bool) {
	for _, e := range d.due(ctx) {
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
	once := d.onlyOnce(e)
	cutOff := ctx.Err() != nil && errors.Is(err, ctx.Err()) && !errors.Is(err, ErrPerhaps)
	switch {
	case e.Kind == EffectNotice, once && !cutOff:
		// Also when the program ends: what became of it is known only now.
		ctx = context.WithoutCancel(ctx)
	case ctx.Err() != nil:
		return ctx.Err() // it stays begun
	}
	if once {
		e.NotBefore = d.wallNow() // and no more a time in which it is nobody else's
	}
	var settled *feed.SettledError
	switch {
	case err == nil:
		e.Status, e.Result = EffectSent, result
	case errors.As(err, &settled):
		e.Status, e.Result = EffectSettled, settled.Reason
	case errors.Is(err, errNoWay) && e.Kind == EffectPenalty:
		// A penalty is what the record says; who has no platform to tell needs none.
		e.Status, e.Result = EffectKept, resultNoWay
	case errors.Is(err, ErrPerhaps):
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
	once := e.Kind == EffectNotice || d.onlyOnce(*e)
	if once && e.Status == EffectBegun {
		e.Status, e.Result = EffectPerhaps, resultCutOff
		return d.endEffect(ctx, s, *e)
	}
	e.Status = EffectBegun
	if once { // it is nobody else's until then: those who share a record share its outbox
		e.NotBefore = d.wallNow().Add(noticeLease)
		if e.Kind != EffectNotice {
			e.NotBefore = d.wallNow().Add(actLease)
		}
	}
	if e.decidesHeld() {
		if err := settledBefore(ctx, s, e); err != nil {
			return err
		}
	}
	if e.Kind == EffectNotice {
		switch needed, err := d.stillTold(ctx, s, e); {
		case err != nil:
			return err
		case !needed:
			e.Status, e.Result = EffectCancelled, resultNotNeeded
		}
	}
	return s.effect(e)
}

// onlyOnce tells whether who does the effect cannot tell that it was asked for twice.
func (d *Desk) onlyOnce(e Effect) bool {
	w, ok := d.way(e.Room, e.Source, e.Kind)
	return ok && slices.Contains(w.Once, e.Kind)
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
	case e.decidesHeld() && e.Status == EffectSent:
		return carriedOut(ctx, s, &e)
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
		if !d.WayOut(e.Room, e.Source, e.Kind) {
			return "", errNoWay
		}
	}
	within := actWithin
	if e.Kind == EffectNotice || e.Kind == EffectRule {
		within = carryWithin
	}
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	return by.Carry(ctx, e)
}
