package moderation

import "slices"

// What the roles are made of.
var (
	flagWork = []string{
		ConfirmFlag{}.Name(), DismissFlag{}.Name(), SnoozeFlag{}.Name(), CorrectHost{}.Name(), TellHost{}.Name(),
	}
	chatWork = []string{
		MuteAuthor{}.Name(), UnmuteAuthor{}.Name(), DeleteMessage{}.Name(), PinMessage{}.Name(), UnpinMessage{}.Name(), ReplyMessage{}.Name(),
	}
	effectWork   = []string{RetryEffect{}.Name(), LeaveEffect{}.Name()} // of kinds that the role may ask for
	recordWork   = []string{ImportFile{}.Name(), Reveal{}.Name()}       // which fields stands in reveals
	questionWork = []string{AnswerQuestion{}.Name()}
	ruleWork     = []string{RecordRule{}.Name()} // only ever in shadow
	problemWork  = []string{SplitProblem{}.Name(), MergeProblems{}.Name(), ReplyBuyer{}.Name()}
	payWork      = []string{GiveFact{}.Name(), ProposePayment{}.Name(), WithdrawPayment{}.Name()}
	payRulings   = []string{ApprovePayment{}.Name(), RefusePayment{}.Name(), ReversePayment{}.Name()}
	caseWork     = []string{
		OpenCase{}.Name(), AddToCase{}.Name(), OpenExposed{}.Name(), TakeCase{}.Name(), NextCase{}.Name(), ReleaseCase{}.Name(), SkipCase{}.Name(), MoveCase{}.Name(), NoteCase{}.Name(),
		WatchCase{}.Name(), SnoozeCase{}.Name(), EscalateCase{}.Name(), RelateCases{}.Name(), StartClock{}.Name(), MeetClock{}.Name(), AttachEvidence{}.Name(), Undo{}.Name(),
	}
	holdWork   = []string{FreezeOrders{}.Name(), ReleaseOrders{}.Name(), HearMerchant{}.Name()}
	rulingWork = []string{ImposePenalty{}.Name(), LiftPenalty{}.Name(), PlanSpotCheck{}.Name(), ReviewSample{}.Name()}
)

// Rights beyond the commands: what only some may do with them.
const (
	rightOverturn  = "overturn"  // decide a flag again that someone has decided
	rightAnyCase   = "any-case"  // work on cases that belong to others
	rightEscalated = "escalated" // work on cases that were handed up
	rightLate      = "late"      // let in an appeal that comes too late
	// RightBundle is taking a case's evidence out of the record.
	RightBundle = "bundle"
)

// roles is what each role may do. What does not stand here is denied.
var roles = map[Role][]string{
	RoleModerator: slices.Concat(flagWork, chatWork, effectWork, ruleWork, caseWork, payWork, questionWork, recordWork),
	RoleAgent:     slices.Concat(problemWork, effectWork, caseWork, payWork, questionWork, recordWork, holdWork, []string{ReplyMessage{}.Name()}),
	RoleSupervisor: slices.Concat(flagWork, chatWork, effectWork, ruleWork, problemWork, caseWork, payWork, questionWork, recordWork,
		holdWork, rulingWork, payRulings,
		[]string{AssignCase{}.Name(), EraseBuyer{}.Name(), EraseOlder{}.Name(), HoldBuyer{}.Name(), LetGoBuyer{}.Name(), rightOverturn, rightAnyCase, rightEscalated, rightLate, RightBundle}),
}

// May tells whether the role may do what is named: a command, by its Name, or a
// right of the supervisor's.
func (r Role) May(what string) bool { return slices.Contains(roles[r], what) }

// caseKinds are the kinds of case that each role works on, and opens. Anybody
// may open an appeal for who contests something; a supervisor hears it.
var caseKinds = map[Role]struct{ opens, takes []CaseKind }{
	RoleModerator: {
		opens: []CaseKind{CaseFalseAdvertising, CaseComplaint, CaseOrderRisk, CaseQualification, CaseAppeal},
		takes: []CaseKind{CaseFalseAdvertising, CaseComplaint, CaseQualification},
	},
	RoleAgent: {
		opens: []CaseKind{CaseFalseAdvertising, CaseComplaint, CaseOrderRisk, CaseQualification, CaseAppeal},
		takes: []CaseKind{CaseFalseAdvertising, CaseComplaint, CaseOrderRisk},
	},
	RoleSupervisor: {opens: AllCaseKinds, takes: AllCaseKinds},
}

// AllCaseKinds are the kinds of case.
var AllCaseKinds = []CaseKind{CaseFalseAdvertising, CaseComplaint, CaseOrderRisk, CaseQualification, CaseAppeal, CaseSpotCheck}

// Opens tells whether the role may open cases of the kind.
func (r Role) Opens(k CaseKind) bool { return slices.Contains(caseKinds[r].opens, k) }

// Takes tells whether the role may work on cases of the kind.
func (r Role) Takes(k CaseKind) bool { return slices.Contains(caseKinds[r].takes, k) }

// A way is a move that a person can make with a case, and what they must say
// with it.
type way struct {
	to      CaseState
	reason  bool
	outcome bool
}

// caseMoves are all the moves a person can make with a case. Only undoing its
// opening withdraws one.
var caseMoves = map[CaseState][]way{
	CaseStateOpen: {
		{to: CaseStateReview},
		{to: CaseStateWaiting, reason: true},
		{to: CaseStateResolved, outcome: true},
	},
	CaseStateReview: {
		{to: CaseStateOpen},
		{to: CaseStateWaiting, reason: true},
		{to: CaseStateResolved, outcome: true},
	},
	CaseStateWaiting: {
		{to: CaseStateReview},
		{to: CaseStateResolved, outcome: true},
	},
	CaseStateResolved: {
		{to: CaseStateClosed},
		{to: CaseStateReview, reason: true},
	},
	CaseStateClosed: {
		{to: CaseStateReview, reason: true},
	},
}

func wayOf(from, to CaseState) (way, bool) {
	i := slices.IndexFunc(caseMoves[from], func(w way) bool { return w.to == to })
	if i < 0 {
		return way{}, false
	}
	return caseMoves[from][i], true
}

// CanMove tells whether a case can go from one state to another.
func CanMove(from, to CaseState) bool {
	_, ok := wayOf(from, to)
	return ok
}

// MoveNeeds tells whether a person must give a reason, or an outcome, to move a
// case so.
func MoveNeeds(from, to CaseState) (reason, outcome bool) {
	w, _ := wayOf(from, to)
	return w.reason, w.outcome
}
