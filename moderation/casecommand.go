package moderation

import "time"

// OpenCase opens a case by hand. An appeal names the case it contests, within the
// time that the policies for appeals give.
type OpenCase struct {
	Room       string
	Kind       CaseKind
	Title      string
	SKU        string
	Flags      []int64
	Complaints []int64
	Orders     []string
	Merchant   string
	AppealOf   int64
	AppealBy   Offender  // who appeals; "" : whoever was ruled against
	RaisedAt   time.Time // when they did; zero: now
	Evidence   int64     // how many pieces came with the appeal
	Late       string    // why one is let in that comes too late; a supervisor's word
}

// AddToCase puts more rows into a case that is not over.
type AddToCase struct {
	Case       int64
	Flags      []int64
	Complaints []int64
	Orders     []string
	Version    int64
}

// TakeCase makes the actor the owner for as long as a lease lasts; working on
// the case renews it. Version is the row the actor saw.
type TakeCase struct {
	Case    int64
	Version int64
}

// NextCase takes the most urgent case that the actor may take, of the room or,
// with "", of all, but none that they skipped.
type NextCase struct {
	Room string
}

// ReleaseCase gives a case back for somebody else.
type ReleaseCase struct {
	Case    int64
	Version int64
}

// SkipCase says that the actor would rather not have the case: they are not
// given it again, and one of theirs is given back.
type SkipCase struct {
	Case    int64
	Reason  string
	Version int64
}

// AssignCase gives a case to a person, also one that was handed up.
type AssignCase struct {
	Case    int64
	To      string
	Version int64
}

// EscalateCase hands a case up to a supervisor.
type EscalateCase struct {
	Case    int64
	Reason  string
	Version int64
}

// SnoozeCase puts a case off: nobody is given it until then.
type SnoozeCase struct {
	Case    int64
	Until   time.Time
	Reason  string
	Version int64
}

// WatchCase puts the actor among those who watch a case, or takes them out.
type WatchCase struct {
	Case int64
	Off  bool
}

// RelateCases says that two cases have to do with each other.
type RelateCases struct {
	Case, Other int64
}

// StartClock starts a clock of a policy on a case.
type StartClock struct {
	Case    int64
	Clock   string
	Policy  string
	Of      string // version of the policy
	Within  string // the span as policies write it, such as "5 working days"
	Started time.Time
	Due     time.Time // zero: counted from Within by the working days
	Version int64
}

// MeetClock says that what a clock asks for was done.
type MeetClock struct {
	Case    int64
	Clock   string
	Version int64
}

// MoveCase moves a case to another state; Outcome goes with resolved.
type MoveCase struct {
	Case    int64
	To      CaseState
	Outcome Outcome
	Reason  string
	Version int64
}

// NoteCase writes a note into a case.
type NoteCase struct {
	Case    int64
	Text    string
	Version int64
}

// Name implements Command.
func (OpenCase) Name() string { return "open-case" }

// Name implements Command.
func (AddToCase) Name() string { return "add-to-case" }

// Name implements Command.
func (TakeCase) Name() string { return "take-case" }

// Name implements Command.
func (NextCase) Name() string { return "next-case" }

// Name implements Command.
func (ReleaseCase) Name() string { return "release-case" }

// Name implements Command.
func (SkipCase) Name() string { return "skip-case" }

// Name implements Command.
func (AssignCase) Name() string { return "assign-case" }

// Name implements Command.
func (EscalateCase) Name() string { return "escalate-case" }

// Name implements Command.
func (SnoozeCase) Name() string { return "snooze-case" }

// Name implements Command.
func (WatchCase) Name() string { return "watch-case" }

// Name implements Command.
func (RelateCases) Name() string { return "relate-cases" }

// Name implements Command.
func (StartClock) Name() string { return "start-clock" }

// Name implements Command.
func (MeetClock) Name() string { return "meet-clock" }

// Name implements Command.
func (MoveCase) Name() string { return "move-case" }

// Name implements Command.
func (NoteCase) Name() string { return "note-case" }
