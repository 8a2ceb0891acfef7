package moderation

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/go-json-experiment/json"

	"liveroom/feed"
)

// Do performs an action of a person in one transaction with its ledger leaf. An
// answer that is no is a *Refusal.
func (d *Desk) Do(ctx context.Context, a Actor, c Command) (Result, error) {
	key := ""
	if once, ok := c.(Once); ok {
		if key, c = once.Key, once.Command; c == nil || key == "" || len(key) > maxKey {
			return Result{}, refuse(CodeBadKey, "limit", fmt.Sprint(maxKey))
		}
	}
	if a.Name == "" {
		return Result{}, refuse(CodeNoActor)
	}
	if !a.Role.May(c.Name()) {
		return Result{}, refuse(CodeNotAllowed, "role", string(a.Role), "command", c.Name())
	}
	switch of := c.(type) {
	case PlanSpotCheck:
		var err error
		if c, err = d.draw(ctx, of); err != nil {
			return Result{}, err
		}
	case RecordRule:
		c = d.fit(of)
	}
	var r Result
	err := d.update(Awaited(ctx), func(s *scribe) error {
		t := &deed{ctx: ctx, scribe: s, desk: d, actor: a, command: c.Name(), key: key, now: d.now(), wall: d.wallNow(), window: d.undoWindow}
		if key != "" {
			if done, err := t.doneBefore(&r); done || err != nil {
				return err
			}
		}
		return t.perform(c, &r)
	})
	if err != nil {
		var no *Refusal
		if errors.As(err, &no) {
			return Result{}, no
		}
		return Result{}, fmt.Errorf("%s: %w", c.Name(), err)
	}
	select {
	case d.effects <- struct{}{}:
	default:
	}
	return r, nil
}

// A deed is one action while it is performed: what it reads it may change, and
// what it changes it can take back.
type deed struct {
	ctx context.Context
	*scribe
	desk    *Desk
	actor   Actor
	command string
	key     string // of a command that acts once; "" : none
	now     time.Time
	wall    time.Time
	window  time.Duration

	before, after rowSet
	effects       []*Effect
}

// rowSet is rows as JSON keeps them in an action: how they were, and how they
// became. Effects stand only after.
type rowSet struct {
	Flags      []Flag       `json:"flags,omitzero"`
	Complaints []Complaint  `json:"complaints,omitzero"`
	Problems   []Problem    `json:"problems,omitzero"`
	Questions  []Question   `json:"questions,omitzero"`
	Orders     []Order      `json:"orders,omitzero"`
	Cases      []Case       `json:"cases,omitzero"`
	Effects    []int64      `json:"effects,omitzero"`
	Attached   *attachNote  `json:"attached,omitzero"`
	Import     *importNote  `json:"import,omitzero"`
	Reveal     *revealNote  `json:"reveal,omitzero"`
	Rule       *ruleNote    `json:"rule,omitzero"`
	Undone     string       `json:"undone,omitzero"`
	Erasure    *erasureNote `json:"erasure,omitzero"`
}

func (r rowSet) encode() ([]byte, error) {
	b, err := json.Marshal(&r, contentJSON)
	if err != nil {
		return nil, fmt.Errorf("rows of the action: %w", err)
	}
	return b, nil
}

func (r rowSet) empty() bool {
	return len(r.Flags)+len(r.Complaints)+len(r.Problems)+len(r.Questions)+len(r.Orders)+len(r.Cases)+len(r.Effects) == 0
}

func (t *deed) perform(c Command, r *Result) error {
	*r = Result{}
	var err error
	switch c := c.(type) {
	case Reveal:
		return t.reveal(c, r)
	case EraseBuyer:
		return t.eraseBuyer(c, r)
	case EraseOlder:
		return t.eraseOlder(c, r)
	case HoldBuyer:
		return t.holdBuyer(c.Buyer, c.Reason, true, r)
	case LetGoBuyer:
		return t.holdBuyer(c.Buyer, c.Reason, false, r)
	case Undo:
		return t.undo(r)
	case RetryEffect:
		return t.retryEffect(c, r)
	case LeaveEffect:
		return t.leaveEffect(c, r)
	case MuteAuthor, UnmuteAuthor, DeleteMessage, PinMessage, UnpinMessage, ReplyMessage:
		err = t.performChat(c)
	case GiveFact, ProposePayment, ApprovePayment, RefusePayment, WithdrawPayment, ReversePayment:
		err = t.pay(c, r)
	case FreezeOrders, ReleaseOrders, HearMerchant:
		err = t.performHold(c, r)
	case ImposePenalty, LiftPenalty, drawnSpotCheck, ReviewSample:
		err = t.performRuling(c, r)
	case ConfirmFlag, DismissFlag, SnoozeFlag, CorrectHost, TellHost, SplitProblem, MergeProblems, AnswerQuestion, fitRule:
		err = t.performOnAir(c, r)
	default:
		err = t.performCase(c, r)
	}
	if err != nil || t.after.empty() && len(t.effects) == 0 {
		return err
	}
	return t.record(r, t.wall.Add(t.window))
}

// performOnAir performs what is done about what is said in a room.
func (t *deed) performOnAir(c Command, r *Result) error {
	switch c := c.(type) {
	case ConfirmFlag:
		return t.confirmFlag(c, r)
	case DismissFlag:
		return t.dismissFlag(c, r)
	case SnoozeFlag:
		return t.snoozeFlag(c, r)
	case CorrectHost:
		return t.correctHost(c, r)
	case TellHost:
		return t.tellHost(c, r)
	case SplitProblem:
		return t.splitProblem(c, r)
	case MergeProblems:
		return t.mergeProblems(c, r)
	case AnswerQuestion:
		return t.answerQuestion(c)
	case fitRule:
		return t.recordRule(c)
	}
	return unknown(c)
}

// performCase performs what is done with a case.
func (t *deed) performCase(c Command, r *Result) error {
	switch c := c.(type) {
	case OpenCase:
		return t.openCase(c, r)
	case AddToCase:
		return t.addToCase(c, r)
	case OpenExposed:
		return t.openExposed(c, r)
	case TakeCase:
		return t.takeCase(c, r)
	case NextCase:
		return t.nextCase(c, r)
	case ReleaseCase:
		return t.releaseCase(c, r)
	case SkipCase:
		return t.skipCase(c, r)
	case AssignCase:
		return t.assignCase(c, r)
	case EscalateCase:
		return t.escalateCase(c, r)
	case SnoozeCase:
		return t.snoozeCase(c, r)
	case WatchCase:
		return t.watchCase(c, r)
	case RelateCases:
		return t.relateCases(c, r)
	case AttachEvidence:
		return t.attachEvidence(c, r)
	case ReplyBuyer:
		return t.replyBuyer(c, r)
	case StartClock:
		return t.startClock(c, r)
	case MeetClock:
		return t.meetClock(c, r)
	case MoveCase:
		return t.moveCase(c, r)
	case NoteCase:
		return t.noteCase(c, r)
	}
	return unknown(c)
}

// performRuling performs what supervisors do about offences and decisions.
func (t *deed) performRuling(c Command, r *Result) error {
	switch c := c.(type) {
	case ImposePenalty:
		return t.imposePenalty(c, r)
	case LiftPenalty:
		return t.liftPenalty(c, r)
	case drawnSpotCheck:
		return t.planSpotCheck(c, r)
	case ReviewSample:
		return t.reviewSample(c, r)
	}
	return unknown(c)
}

func unknown(c Command) error { return fmt.Errorf("%T is no command of the desk", c) }

// record writes the action and the effects it asks for, which wait as long as
// it can be undone.
func (t *deed) record(r *Result, undoUntil time.Time) error {
	a := Action{Actor: t.actor, Key: t.key, Command: t.command, At: t.now, UndoUntil: undoUntil, Before: []byte("{}"), After: []byte("{}")}
	if len(t.effects) > 0 {
		// An effect names its action and the action its effects: the action
		// comes first, and gets its rows once they are known.
		if err := t.tx.PutAction(&a); err != nil {
			return err
		}
	}
	for _, e := range t.effects {
		// The action makes the key the asking's own: asked again, it is sent again.
		e.Key = fmt.Sprintf("%s/%s/%d", e.Kind, firstOf(e.Key, number(e.Flag)), a.ID)
		e.Action, e.NotBefore, e.Status = a.ID, undoUntil, cmp.Or(e.Status, EffectPending)
		if err := t.effect(e); err != nil {
			return err
		}
		r.Leaves = r.Leaves || e.Status == EffectPending && t.desk.WayOut(e.Room, e.Source, e.Kind)
		t.after.Effects = append(t.after.Effects, e.ID)
	}
	var err error
	if a.Before, err = t.before.encode(); err != nil {
		return err
	}
	if a.After, err = t.after.encode(); err != nil {
		return err
	}
	if err := t.action(&a); err != nil {
		return err
	}
	r.Action, r.UndoUntil = a.ID, undoUntil
	return nil
}

// maxKey is how many bytes a key may have: a UUID has 36.
const maxKey = 200

// doneBefore tells whether the actor's command with the key was done already,
// and gives its result: the rows as they are now.
func (t *deed) doneBefore(r *Result) (bool, error) {
	a, err := t.tx.ActionByKey(t.ctx, t.actor.Name, t.key)
	switch {
	case isNotFound(err):
		return false, nil
	case err != nil:
		return false, err
	case a.Command != t.command:
		return false, refuse(CodeKeyReused, "command", a.Command)
	}
	var after rowSet
	if err := json.Unmarshal(a.After, &after); err != nil {
		return false, fmt.Errorf("action %d: rows after: %w", a.ID, err)
	}
	*r = Result{Action: a.ID, UndoUntil: a.UndoUntil, Undone: after.Undone}
	if len(after.Flags) > 0 {
		f, err := t.readFlag(after.Flags[0].ID)
		if err != nil {
			return false, err
		}
		r.Flag = &f
	}
	if len(after.Cases) > 0 {
		c, err := t.tx.Case(t.ctx, after.Cases[0].ID)
		if err != nil {
			return false, err
		}
		r.Case = &c
	}
	return true, nil
}

// The change methods put a row that is to be kept both as it was and as it
// became. A row that is new has no before.

func (t *deed) changeFlag(old, f Flag) (Flag, error) {
	f.ChangedBy = t.actor.Name
	if err := t.flag(&f); err != nil {
		return f, err
	}
	t.before.Flags = append(t.before.Flags, old.content().(Flag))
	t.after.Flags = append(t.after.Flags, f.content().(Flag))
	return f, nil
}

func (t *deed) changeCase(old, c Case) (Case, error) {
	c.ChangedBy, c.ChangedAt = t.actor.Name, t.now
	if err := t.casework(&c); err != nil {
		return c, err
	}
	if old.ID != 0 {
		t.before.Cases = append(t.before.Cases, old)
	}
	t.after.Cases = append(t.after.Cases, c)
	return c, nil
}

func (t *deed) changeComplaint(old, c Complaint) error {
	if err := t.complaint(&c); err != nil {
		return err
	}
	t.before.Complaints = append(t.before.Complaints, old.open().(Complaint))
	t.after.Complaints = append(t.after.Complaints, c.open().(Complaint))
	return nil
}

func (t *deed) changeOrder(old, o Order) error {
	if err := t.order(&o); err != nil {
		return err
	}
	t.before.Orders = append(t.before.Orders, old.open().(Order))
	t.after.Orders = append(t.after.Orders, o.open().(Order))
	return nil
}

// found turns a row that is not there into an answer.
func found(row string, err error) error {
	if !isNotFound(err) {
		return err
	}
	r := refuse(CodeNotFound, "row", row)
	r.Err = ErrNotFound
	return r
}

func flagName(id int64) string      { return fmt.Sprintf("flag #%d", id) }
func caseName(id int64) string      { return fmt.Sprintf("case #%d", id) }
func complaintName(id int64) string { return fmt.Sprintf("complaint #%d", id) }
func orderName(id string) string    { return "order " + feed.Sanitise(id).String() }

func (t *deed) readFlag(id int64) (Flag, error) {
	f, err := t.tx.Flag(t.ctx, id)
	return f, found(flagName(id), err)
}

// readCase reads a case that the actor saw in the given version.
func (t *deed) readCase(id, version int64) (Case, error) {
	c, err := t.tx.Case(t.ctx, id)
	if err != nil {
		return c, found(caseName(id), err)
	}
	if c.Version != version {
		r := refuse(CodeConflict, "row", caseName(id), "by", firstOf(c.ChangedBy, c.OpenedBy))
		r.Err = ErrConflict
		return c, r
	}
	return c, nil
}
