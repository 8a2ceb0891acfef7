package moderation

import (
	"slices"
	"time"

	"liveroom/feed"
	"liveroom/moderation/policy"
)

func (t *deed) openCase(c OpenCase, r *Result) error {
	opened, err := t.asked(c)
	if err != nil {
		return err
	}
	if err := t.contest(c, &opened); err != nil {
		return err
	}
	return t.open(opened, r)
}

// open puts a case that was asked for.
func (t *deed) open(c Case, r *Result) error {
	opened, err := t.newCase(c)
	if err != nil {
		return err
	}
	r.Case = &opened
	return t.bind(opened)
}

// asked is the case that somebody asks to be opened, where they may.
func (t *deed) asked(c OpenCase) (opened Case, err error) {
	title, err := written(c.Title)
	if err != nil {
		return opened, err
	}
	if !slices.Contains(AllCaseKinds, c.Kind) {
		return opened, refuse(CodeBadKind, "kind", string(c.Kind))
	}
	if !t.actor.Role.Opens(c.Kind) {
		return opened, refuse(CodeNotYours, "role", string(t.actor.Role), "kind", string(c.Kind))
	}
	rooms, err := t.tx.Rooms(t.ctx)
	if err != nil {
		return opened, err
	}
	if !slices.ContainsFunc(rooms, func(r Room) bool { return r.ID == c.Room }) {
		return opened, found("room "+feed.Sanitise(c.Room).String(), ErrNotFound)
	}
	return Case{
		Room: c.Room, Kind: c.Kind, State: CaseStateOpen, Title: title, SKU: tidy(c.SKU), Merchant: tidy(c.Merchant),
		Flags: unique(c.Flags), Complaints: unique(c.Complaints), Orders: unique(c.Orders),
		OpenedBy: t.actor.Name, OpenedAt: t.now,
	}, nil
}

// newCase puts a case that was not there, with what is known about it and its
// clocks.
func (t *deed) newCase(c Case) (Case, error) {
	if err := t.gather(&c); err != nil {
		return c, err
	}
	if err := t.desk.startClocks(t.ctx, t.tx, &c, t.now); err != nil {
		return c, err
	}
	return t.changeCase(Case{}, c)
}

func (t *deed) addToCase(c AddToCase, r *Result) error {
	old, err := t.readMine(c.Case, c.Version)
	if err != nil {
		return err
	}
	if old.State.Over() {
		return refuse(CodeOver, "row", caseName(old.ID), "from", string(old.State))
	}
	fresh := Case{ID: old.ID, Room: old.Room, Flags: unique(c.Flags), Complaints: unique(c.Complaints), Orders: unique(c.Orders)}
	if len(fresh.Flags)+len(fresh.Complaints)+len(fresh.Orders) == 0 {
		return refuse(CodeUnchanged, "row", caseName(old.ID))
	}
	if err := t.bind(fresh); err != nil {
		return err
	}
	more := old
	more.Flags, more.Complaints = slices.Concat(old.Flags, fresh.Flags), slices.Concat(old.Complaints, fresh.Complaints)
	more.Orders = slices.Concat(old.Orders, fresh.Orders)
	if err := t.gatherRows(&more); err != nil {
		return err
	}
	if err := t.desk.startClocks(t.ctx, t.tx, &more, t.now); err != nil {
		return err
	}
	more, err = t.work(old, more)
	r.Case = &more
	return err
}

func unique[T comparable](list []T) []T {
	var out []T
	seen := make(map[T]bool, len(list))
	for _, v := range list {
		if !seen[v] {
			seen[v] = true
			out = append(out, v)
		}
	}
	return out
}

// bind lets the rows that a new case is about know of it.
func (t *deed) bind(c Case) error {
	for _, id := range c.Flags {
		old, err := t.readFlag(id)
		if err == nil {
			err = bindable(flagName(id), old.Room, old.Case, c)
		}
		if err == nil {
			err = t.sighted(&old)
		}
		if err != nil {
			return err
		}
		f := old
		f.Case = c.ID
		if _, err := t.changeFlag(old, f); err != nil {
			return err
		}
	}
	for _, id := range c.Complaints {
		old, err := t.readComplaint(id)
		if err == nil {
			err = bindable(complaintName(id), old.Room, old.Case, c)
		}
		if err != nil {
			return err
		}
		m := old
		m.Case = c.ID
		if err := t.changeComplaint(old, m); err != nil {
			return err
		}
	}
	for _, id := range c.Orders {
		old, err := t.tx.Order(t.ctx, id)
		if err = found(orderName(id), err); err == nil {
			err = bindable(orderName(id), old.Room, old.Case, c)
		}
		if err != nil {
			return err
		}
		o := old
		o.Case = c.ID
		if err := t.changeOrder(old, o); err != nil {
			return err
		}
	}
	return nil
}

func bindable(row, room string, in int64, c Case) error {
	switch {
	case room != c.Room:
		return refuse(CodeOtherRoom, "row", row)
	case in != 0:
		return refuse(CodeInCase, "row", row, "case", number(in))
	}
	return nil
}

func (t *deed) readComplaint(id int64) (Complaint, error) {
	c, err := t.tx.Complaint(t.ctx, id)
	return c, found(complaintName(id), err)
}

// work puts a case that the actor worked on: what nobody holds is theirs from
// then on, and their lease begins anew.
func (t *deed) work(old, c Case) (Case, error) {
	now, err := t.leaseNow()
	if err != nil {
		return c, err
	}
	if c.Holder(now) == "" && c.Owner == old.Owner {
		c.Owner = t.actor.Name
	}
	if c.Owner == t.actor.Name {
		c.LeaseUntil = now.Add(t.desk.lease)
	}
	c.settle(t.now)
	if len(c.Payments) > 0 {
		if err := t.desk.startClocks(t.ctx, t.tx, &c, t.now); err != nil {
			return c, err
		}
	}
	return t.changeCase(old, c)
}

var outcomes = []Outcome{OutcomeUpheld, OutcomeUnfounded, OutcomeCorrected}

func (t *deed) moveCase(c MoveCase, r *Result) error {
	old, err := t.readMine(c.Case, c.Version)
	if err != nil {
		return err
	}
	name := caseName(old.ID)
	w, ok := wayOf(old.State, c.To)
	switch {
	case !ok:
		return refuse(CodeBadMove, "row", name, "from", string(old.State), "to", string(c.To))
	case w.outcome && c.Outcome == "":
		return refuse(CodeNeedsOutcome, "row", name)
	case w.outcome && !slices.Contains(outcomes, c.Outcome):
		return refuse(CodeBadOutcome, "outcome", string(c.Outcome))
	case w.reason && tidy(c.Reason) == "":
		return refuse(CodeNeedsReason, "row", name)
	case c.Outcome == OutcomeUnfounded && slices.ContainsFunc(old.Penalties, func(p Penalty) bool { return p.State == PenaltyImposed }):
		return refuse(CodePenaltyStands, "row", name)
	}
	if err := old.ruledOn(c); err != nil {
		return err
	}
	moved := old
	moved.State = c.To
	if err := t.along(old, &moved, c); err != nil {
		return err
	}
	if err := t.because(&moved, c.Reason); err != nil {
		return err
	}
	moved, err = t.work(old, moved)
	if err == nil && moved.Kind == CaseAppeal && moved.State == CaseStateResolved && moved.Outcome == OutcomeUpheld {
		err = t.uphold(moved)
	}
	r.Case = &moved
	return err
}

// along is what a move brings with it beside the state: clocks, outcome, end.
func (t *deed) along(old Case, moved *Case, c MoveCase) error {
	by, err := t.desk.reckoning(t.ctx, t.tx, old.Room)
	if err != nil {
		return err
	}
	moved.SnoozedTo = noTime
	if old.State == CaseStateWaiting {
		moved.resume(everyClock, t.now, by)
	}
	switch c.To {
	case CaseStateWaiting:
		moved.pause(tidy(c.Reason), t.now)
	case CaseStateResolved:
		if order, ok := moved.unanswered(); ok {
			return refuse(CodeHolds, "row", caseName(old.ID), "of", orderName(order))
		}
		moved.Outcome, moved.ResolvedBy = c.Outcome, t.actor.Name
		moved.meet(byMove, t.now, by)
		return t.desk.startClocks(t.ctx, t.tx, moved, t.now)
	case CaseStateClosed:
		if k, ok := moved.pending(t.now); ok {
			return refuse(CodeClockRuns, "row", caseName(old.ID), "clock", k.Name, "until", k.Due.Format(time.RFC3339))
		}
		moved.ClosedAt = t.now
	default:
		moved.Outcome, moved.ResolvedBy, moved.ClosedAt = "", "", noTime
		if c.To == CaseStateReview {
			moved.meet(reviewed, t.now, by)
		}
		if old.State.Over() {
			return t.desk.restart(t.ctx, t.tx, moved, t.now)
		}
	}
	return nil
}

// because writes a reason into the case, where there is one.
func (t *deed) because(c *Case, reason string) error {
	if tidy(reason) == "" {
		return nil
	}
	text, err := written(reason)
	if err == nil {
		c.Notes = append(slices.Clone(c.Notes), Note{By: t.actor.Name, At: t.now, Text: text})
	}
	return err
}

func (t *deed) noteCase(c NoteCase, r *Result) error {
	if _, err := written(c.Text); err != nil {
		return err
	}
	old, err := t.readCase(c.Case, c.Version)
	if err != nil {
		return err
	}
	noted := old
	if err := t.because(&noted, c.Text); err != nil {
		return err
	}
	// Anybody may write into a case; only who holds it works on it.
	if noted.Owner == t.actor.Name {
		noted, err = t.work(old, noted)
	} else {
		noted, err = t.changeCase(old, noted)
	}
	r.Case = &noted
	return err
}

func (t *deed) watchCase(c WatchCase, r *Result) error {
	old, err := t.tx.Case(t.ctx, c.Case)
	if err != nil {
		return found(caseName(c.Case), err)
	}
	i := slices.Index(old.Watchers, t.actor.Name)
	if (i < 0) == c.Off {
		return refuse(CodeUnchanged, "row", caseName(old.ID))
	}
	watched := old
	watched.Watchers = slices.Clone(old.Watchers)
	if c.Off {
		watched.Watchers = slices.Delete(watched.Watchers, i, i+1)
	} else {
		watched.Watchers = append(watched.Watchers, t.actor.Name)
	}
	watched, err = t.changeCase(old, watched)
	r.Case = &watched
	return err
}

func (t *deed) relateCases(c RelateCases, r *Result) error {
	if c.Case == c.Other {
		return refuse(CodeUnchanged, "row", caseName(c.Case))
	}
	var both [2]Case
	for i, id := range []int64{c.Case, c.Other} {
		var err error
		if both[i], err = t.tx.Case(t.ctx, id); err != nil {
			return found(caseName(id), err)
		}
	}
	if slices.Contains(both[0].Related, c.Other) && slices.Contains(both[1].Related, c.Case) {
		return refuse(CodeUnchanged, "row", caseName(c.Case))
	}
	for i, old := range both {
		related := old
		related.Related = unique(append(slices.Clone(old.Related), both[1-i].ID))
		related, err := t.changeCase(old, related)
		if err != nil {
			return err
		}
		if i == 0 {
			r.Case = &related
		}
	}
	return nil
}

func (t *deed) startClock(c StartClock, r *Result) error {
	old, err := t.readMine(c.Case, c.Version)
	if err != nil {
		return err
	}
	by, err := t.desk.reckoning(t.ctx, t.tx, old.Room)
	if err != nil {
		return err
	}
	k := Clock{Name: tidy(c.Clock), Policy: tidy(c.Policy), Version: tidy(c.Of), Within: tidy(c.Within), Started: Unstamp(Stamp(c.Started)), Due: Unstamp(Stamp(c.Due))}
	if span, err := policy.ParseSpan(k.Within); err == nil && k.Due.IsZero() && !k.Started.IsZero() {
		k.Due = Unstamp(Stamp(by.calendar.Due(k.Started, span, by.zone).At))
	}
	running := slices.ContainsFunc(old.Clocks, func(o Clock) bool { return o.Name == k.Name && o.MetAt.IsZero() })
	switch {
	case k.Name == "" || k.Started.IsZero() || !k.Due.After(k.Started):
		return refuse(CodeBadClock, "clock", k.Name)
	case running:
		return refuse(CodeUnchanged, "row", caseName(old.ID))
	case old.State.Over():
		return refuse(CodeOver, "row", caseName(old.ID), "from", string(old.State))
	}
	started := old
	if old.State == CaseStateWaiting {
		k.Pauses = []Pause{{From: k.notBefore(t.now), Reason: pausedFor(old)}}
	}
	started.Clocks = append(slices.Clone(old.Clocks), k)
	started, err = t.work(old, started)
	r.Case = &started
	return err
}

func (t *deed) meetClock(c MeetClock, r *Result) error {
	old, err := t.readMine(c.Case, c.Version)
	if err != nil {
		return err
	}
	open := func(k *Clock) bool { return k.Name == c.Clock && k.MetAt.IsZero() }
	if !slices.ContainsFunc(old.Clocks, func(k Clock) bool { return open(&k) && !byMove(&k) }) {
		return refuse(CodeBadClock, "clock", c.Clock)
	}
	by, err := t.desk.reckoning(t.ctx, t.tx, old.Room)
	if err != nil {
		return err
	}
	met := old
	met.meet(func(k *Clock) bool { return open(k) && !byMove(k) }, t.now, by)
	met, err = t.work(old, met)
	r.Case = &met
	return err
}
