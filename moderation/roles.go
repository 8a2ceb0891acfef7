package moderation

import "slices"

// What the roles are made of.
var (
	flagWork = []string{
		ConfirmFlag{}.Name(), DismissFlag{}.Name(), SnoozeFlag{}.Name(), CorrectHost{}.Name(), TellHost{}.Name(),
	}
	questionWork = []string{AnswerQuestion{}.Name()}
	problemWork  = []string{SplitProblem{}.Name(), MergeProblems{}.Name()}
	caseWork     = []string{
		OpenCase{}.Name(), TakeCase{}.Name(), MoveCase{}.Name(), NoteCase{}.Name(), Undo{}.Name(),
	}
)

// Rights beyond the commands: what only some may do with them.
const (
	rightOverturn = "overturn" // decide a flag again that someone has decided
	rightAnyCase  = "any-case" // take and move cases that belong to others
)

// roles is what each role may do. What does not stand here is denied.
var roles = map[Role][]string{
	RoleModerator:  slices.Concat(flagWork, caseWork, questionWork),
	RoleAgent:      slices.Concat(problemWork, caseWork, questionWork),
	RoleSupervisor: slices.Concat(flagWork, problemWork, caseWork, questionWork, []string{rightOverturn, rightAnyCase}),
}

// May tells whether the role may do what is named: a command, by its Name, or a
// right of the supervisor's.
func (r Role) May(what string) bool { return slices.Contains(roles[r], what) }

// caseMoves are the moves a person can make with a case.
var caseMoves = map[CaseState][]CaseState{
	CaseStateOpen:     {CaseStateReview, CaseStateResolved},
	CaseStateReview:   {CaseStateOpen, CaseStateResolved},
	CaseStateResolved: {CaseStateClosed, CaseStateReview},
	CaseStateClosed:   {CaseStateReview},
}

// CanMove tells whether a case can go from one state to another.
func CanMove(from, to CaseState) bool { return slices.Contains(caseMoves[from], to) }
