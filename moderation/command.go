package moderation

import "time"

// Role is what a person may do.
type Role string

// The roles.
const (
	RoleModerator  Role = "moderator"
	RoleAgent      Role = "agent"
	RoleSupervisor Role = "supervisor"
)

// Actor is who performs an action.
type Actor struct {
	Name string
	Role Role
}

// A Command is one action of a person. Desk.Do performs it in one transaction
// together with its ledger leaf.
type Command interface {
	// Name is the action's name in the ledger and the role table.
	Name() string
}

// ConfirmFlag says a flag is right. With OpenCase it opens a case for it, or
// joins the open case of the same room, product and category.
type ConfirmFlag struct {
	Flag     int64
	OpenCase bool
}

// DismissFlag says a flag is wrong.
type DismissFlag struct {
	Flag   int64
	Reason string
}

// SnoozeFlag puts a flag at the end of the queue.
type SnoozeFlag struct {
	Flag int64
}

// CorrectHost asks the host, after the undo window, to say Text on air.
type CorrectHost struct {
	Flag int64
	Text string
}

// TellHost says that the actor told the host to correct it, with these words:
// what a room without a way out has instead of CorrectHost.
type TellHost struct {
	Flag int64
	Text string
}

// SplitProblem makes a problem of its own of some of a problem's complaints.
type SplitProblem struct {
	Problem    int64
	Complaints []int64
}

// MergeProblems puts the complaints of one problem into another of the room.
type MergeProblems struct {
	Into, From int64
}

// AnswerQuestion marks a viewer's question as answered, or as one that needs no
// answer; Text may say how.
type AnswerQuestion struct {
	Question int64
	Text     string
}

// Once is a command that acts once, however often it is sent: by the same actor
// with the same key it is the same command, and later ones get the result of the
// first that was done. Who cannot tell whether a command arrived sends it again.
type Once struct {
	Key     string
	Command Command
}

// Undo reverses the actor's last action, as long as its window is open.
type Undo struct{}

// Name implements Command.
func (ConfirmFlag) Name() string { return "confirm-flag" }

// Name implements Command.
func (DismissFlag) Name() string { return "dismiss-flag" }

// Name implements Command.
func (SnoozeFlag) Name() string { return "snooze-flag" }

// Name implements Command.
func (CorrectHost) Name() string { return "correct-host" }

// Name implements Command.
func (TellHost) Name() string { return "tell-host" }

// Name implements Command.
func (SplitProblem) Name() string { return "split-problem" }

// Name implements Command.
func (MergeProblems) Name() string { return "merge-problems" }

// Name implements Command.
func (AnswerQuestion) Name() string { return "answer-question" }

// Name implements Command.
func (o Once) Name() string { return o.Command.Name() }

// Name implements Command.
func (Undo) Name() string { return "undo" }

// Result is what an action came to. Its changes reach subscribers as an Update
// before Do returns.
type Result struct {
	Action    int64     // the action's number, 0 where nothing changed
	UndoUntil time.Time // in the people's time; zero where it cannot be undone
	Leaves    bool      // something is asked of somebody outside then, who can be reached
	Flag      *Flag
	Case      *Case
	Problem   *Problem  // the one that was split off, or merged into
	Attached  *Attached // with OpenExposed
	Undone    string    // with Undo: the name of what was reversed
	Until     time.Time // with Reveal: when it is hidden again, in the people's time
	Erased    *Erased   // with EraseBuyer: what was erased
}
