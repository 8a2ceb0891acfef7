package moderation

import (
	"slices"
	"strings"
)

// Code says why something a person asked for was not done.
type Code string

// The codes of refusals. Each names its arguments as its sentence does.
const (
	CodeNoActor         Code = "no_actor"
	CodeNotAllowed      Code = "not_allowed"
	CodeNotFound        Code = "not_found"
	CodeConflict        Code = "conflict"
	CodeDecided         Code = "decided"
	CodeNotConfirmed    Code = "not_confirmed"
	CodeUnconfirmed     Code = "unconfirmed"
	CodeHeldMessage     Code = "held_message"
	CodeNoProduct       Code = "no_product"
	CodeNoneExposed     Code = "none_exposed"
	CodeBadMove         Code = "bad_move"
	CodeNeedsOutcome    Code = "needs_outcome"
	CodeNeedsReason     Code = "needs_reason"
	CodeNeedsText       Code = "needs_text"
	CodeTooLong         Code = "too_long"
	CodeBadOutcome      Code = "bad_outcome"
	CodeBadEvidence     Code = "bad_evidence"
	CodeBadHash         Code = "bad_hash"
	CodeBadKind         Code = "bad_kind"
	CodeOwned           Code = "owned"
	CodeInCase          Code = "in_case"
	CodeOtherRoom       Code = "other_room"
	CodeUnchanged       Code = "unchanged"
	CodeNothingToUndo   Code = "nothing_to_undo"
	CodeUndoOver        Code = "undo_over"
	CodeChangedSince    Code = "changed_since"
	CodeAlreadyCarried  Code = "already_carried"
	CodeMerged          Code = "merged"
	CodeNotInProblem    Code = "not_in_problem"
	CodeNothingSplit    Code = "nothing_split"
	CodeNotYours        Code = "not_yours"
	CodeNeedsAppealed   Code = "needs_appealed"
	CodeNothingToAppeal Code = "nothing_to_appeal"
	CodeClockRuns       Code = "clock_runs"
	CodeBadClock        Code = "bad_clock"
	CodeOver            Code = "over"
	CodeEscalated       Code = "escalated"
	CodeOwnDecision     Code = "own_decision"
	CodeNoneLeft        Code = "none_left"
	CodeBadKey          Code = "bad_key"
	CodeKeyReused       Code = "key_reused"
	CodeNotLater        Code = "not_later"
	CodeOnHold          Code = "on_hold"
	CodeCaseOpen        Code = "case_open"
	CodeNotInCase       Code = "not_in_case"
	CodeTooLate         Code = "too_late"
	CodeNotHeld         Code = "not_held"
	CodeHolds           Code = "holds"
	CodeBadVerdict      Code = "bad_verdict"
	CodeNotEstablished  Code = "not_established"
	CodeNoOffender      Code = "no_offender"
	CodeBadOffence      Code = "bad_offence"
	CodeNoLadder        Code = "no_ladder"
	CodePenalised       Code = "penalised"
	CodeBadMeasure      Code = "bad_measure"
	CodeNotRecommended  Code = "not_recommended"
	CodeFine            Code = "fine"
	CodePenaltyStands   Code = "penalty_stands"
	CodeAppealed        Code = "appealed"
	CodeAppealLate      Code = "appeal_late"
	CodeNotAppealable   Code = "not_appealable"
	CodeAppealOutcome   Code = "appeal_outcome"
	CodeReversalStands  Code = "reversal_stands"
	CodeTheirDecision   Code = "their_decision"
	CodeRaisedWhen      Code = "raised_when"
	CodeWhichOrder      Code = "which_order"
	CodeNoOrder         Code = "no_order"
	CodeBadFact         Code = "bad_fact"
	CodeToldByRecord    Code = "told_by_record"
	CodeNoPolicy        Code = "no_policy"
	CodeShownOnly       Code = "shown_only"
	CodeNotGranted      Code = "not_granted"
	CodeFactsMissing    Code = "facts_missing"
	CodeNothingToPay    Code = "nothing_to_pay"
	CodePaidTwice       Code = "paid_twice"
	CodeAboveOrder      Code = "above_order"
	CodePaymentOver     Code = "payment_over"
	CodeNotApproved     Code = "not_approved"
	CodeOwnProposal     Code = "own_proposal"
	CodeNotProposer     Code = "not_proposer"
	CodeGrantChanged    Code = "grant_changed"
	CodeBadPlan         Code = "bad_plan"
	CodeNothingToSample Code = "nothing_to_sample"
	CodeSampleTooBig    Code = "sample_too_big"
	CodeReviewed        Code = "reviewed"
	CodeBadAnswer       Code = "bad_answer"
	CodeOvertaken       Code = "overtaken"
	CodeOwnReview       Code = "own_review"
	CodeNoRuleFile      Code = "no_rule_file"
	CodeBadRule         Code = "bad_rule"
	CodeBlind           Code = "blind"
	CodeBlindCase       Code = "blind_case"
	CodeErasedMessage   Code = "erased_message"
	CodeNotChat         Code = "not_chat"
	CodeNoWay           Code = "no_way"
	CodeBadMute         Code = "bad_mute"
	CodeNoAccount       Code = "no_account"
	CodeOfTheHouse      Code = "of_the_house"
	CodeOnItsWay        Code = "on_its_way"
	CodeNotice          Code = "notice"
	CodeNotStuck        Code = "not_stuck"
)

// sentences are the refusals in words, with their arguments in braces.
var sentences = map[Code]string{
	CodeNoActor:         "nobody is named as the one who does this: log in with a name",
	CodeNotAllowed:      "a {role} may not {command}",
	CodeNotFound:        "{row} does not exist",
	CodeConflict:        "{row} was changed by {by} in the meantime: look again, then decide",
	CodeDecided:         "{row} was already {state} by {by}",
	CodeNotConfirmed:    "{row} was dismissed by {by}: confirm it before asking for a correction",
	CodeHeldMessage:     "{row} is a viewer's message that the platform holds: there is nothing for the host to correct",
	CodeUnconfirmed:     "{row} is not confirmed: confirm it before its orders are counted",
	CodeNoProduct:       "{row} is about no product, so no order is about it",
	CodeNoneExposed:     "no order was bought while what {row} found was said",
	CodeBadMove:         "{row} cannot go from {from} to {to}",
	CodeNeedsOutcome:    "{row} needs an outcome: upheld, unfounded or corrected",
	CodeNeedsReason:     "{row} needs a reason for this",
	CodeNeedsText:       "there is nothing written",
	CodeTooLong:         "the text has {length} characters, {limit} are allowed",
	CodeBadEvidence:     "{value} is no kind of evidence: proof_image, packing_photo, shipping_photo, handover, video_call, inspection or document",
	CodeBadHash:         "{value} is no SHA-256: 64 hexadecimal digits",
	CodeBadOutcome:      "{outcome} is no outcome: upheld, unfounded or corrected",
	CodeBadKind:         "{kind} is no kind of case",
	CodeOwned:           "{row} belongs to {by}",
	CodeInCase:          "{row} is in case {case} already",
	CodeOtherRoom:       "{row} is of another room",
	CodeUnchanged:       "{row} is that already",
	CodeNothingToUndo:   "there is nothing to undo",
	CodeUndoOver:        "{command} can no longer be undone, its time was over at {until}",
	CodeChangedSince:    "{command} cannot be undone, {row} was changed by {by} since",
	CodeAlreadyCarried:  "{command} cannot be undone, it was carried out already",
	CodeMerged:          "{row} was put into problem {into}: work on that one",
	CodeNotInProblem:    "{row} is not in problem {problem}",
	CodeNothingSplit:    "{row} cannot be split so: name some of its complaints, and not all",
	CodeNotYours:        "a {role} does not work on cases of the kind {kind}",
	CodeNeedsAppealed:   "an appeal names the case it contests, and no other case does",
	CodeNothingToAppeal: "{row} has no outcome that could be contested",
	CodeClockRuns:       "{row} cannot be closed: {clock} is still to be done by {until}",
	CodeBadClock:        "the case has no such clock: {clock}",
	CodeOver:            "{row} is {from}: reopen it first",
	CodeEscalated:       "{row} was handed up to a supervisor",
	CodeOwnDecision:     "{row} contests what you decided in {of}: somebody else hears it",
	CodeNoneLeft:        "no case waits that you may take",
	CodeBadKey:          "a command that acts once needs a key of 1 to {limit} bytes",
	CodeKeyReused:       "the key was used for {command} already: every command needs one of its own",
	CodeNotLater:        "{until} is not later than now",
	CodeOnHold:          "this buyer's data is on hold and may not be erased: let it go first",
	CodeCaseOpen:        "{row} is about this buyer and not closed: close it first",
	CodeNotInCase:       "{row} is not in case {case}",
	CodeTooLate:         "{row} is {progress} already and cannot be held back",
	CodeNotHeld:         "{row} is not held back",
	CodeHolds:           "{row} holds back {of}: release it, or note that the merchant calls it bad faith",
	CodeBadVerdict:      "a review confirms or dismisses",
	CodeNotEstablished:  "{row} establishes no offence: resolve the case that is about it as upheld or corrected first",
	CodeNoOffender:      "{row} does not tell which {offender} it was: name one of the case's",
	CodeBadOffence:      "no policy knows an offence of the kind {offence} and the gravity {gravity}: `liveroom policy facts` lists both",
	CodeNoLadder:        "no penalty policy covers this offence; {policy} does not by {clause}",
	CodePenalised:       "{row} has a penalty of the {offender} that stands: lift it first",
	CodeBadMeasure:      "{measure} is no measure of a penalty",
	CodeNotRecommended:  "{row}: recommended is {measures}; name the measures, and why they are others",
	CodeFine:            "{row}: a fine needs its amount, and no other measure has one",
	CodeAppealed:        "{row} is contested in case {case}, and nothing was ruled since",
	CodeAppealLate:      "{row} can be contested until {at} by {clause} of {policy}: a supervisor may let it in with a reason",
	CodeNotAppealable:   "{row} cannot be contested so: {clause} of {policy} does not hold",
	CodeAppealOutcome:   "{row} is an appeal: it is upheld or unfounded",
	CodeReversalStands:  "{row} was upheld and what it contested is reversed: rule anew in {of}",
	CodeTheirDecision:   "{row} contests what {by} decided: give it to somebody else",
	CodeBadPlan:         "a spot check draws by random, host, rule or moderator, and either 1 to {limit} of each or a share of a thousand, from an earlier to a later time",
	CodeNothingToSample: "nothing was decided in that time that no spot check holds already",
	CodeSampleTooBig:    "the plan draws {size} flags, a spot check holds {limit} at most: draw fewer of each, or of a shorter time",
	CodeReviewed:        "{row} was reviewed already by {by}",
	CodeBadAnswer:       "{answer} is nothing a merchant can say: genuine or bad_faith",
	CodeOvertaken:       "{row} was decided again since it was drawn: it drops out of the spot check",
	CodeOwnReview:       "you decided {row}: somebody else reviews it",
	CodeNoRuleFile:      "there is no rule file to write to: name one under [rules] files in the config",
	CodeBadRule:         "the rule cannot stand in the file: {why}",
	CodeBlind:           "{row} waits for your verdict in {of}: review it there first, then work on it",
	CodeBlindCase:       "{row} tells what was decided on a flag that you have yet to review: review that first",
	CodeErasedMessage:   "{row} was erased: nobody knows any more which message it was",
	CodeNotChat:         "{row} is no message of the chat",
	CodeNoWay:           "nobody does {command} for {source}: name one that can under actions in the config",
	CodeBadMute:         "{time} is no time to mute somebody for: whole seconds, or 0 for good",
	CodeNoAccount:       "the source does not tell whose {row} is: nobody can be muted or unmuted by it",
	CodeOfTheHouse:      "{row} is by somebody of the broadcast: only viewers are muted and unmuted from here",
	CodeOnItsWay:        "{command} on {row} is on its way already",
	CodeNotice:          "{row} is a notice, which is tried again by itself",
	CodeNotStuck:        "{row} is {effect}: only what failed, or was perhaps done, waits for somebody",
	CodeRaisedWhen:      "an appeal is raised after the ruling, at {at}, and not later than now",
	CodePenaltyStands:   "{row} has a penalty that stands: lift it before the case is unfounded",
	CodeWhichOrder:      "{row} is about {count} orders: name one",
	CodeNoOrder:         "{row} is about no order that the record knows",
	CodeBadFact:         "{fact}: {why}",
	CodeToldByRecord:    "{fact} is told by the record ({by}): nobody says otherwise",
	CodeNoPolicy:        "{policy} is no policy that is in force here",
	CodeShownOnly:       "{policy} only shows what the law would grant: nothing is paid on it",
	CodeNotGranted:      "{policy} does not grant it: clause {clauses}",
	CodeFactsMissing:    "{policy} hangs on what nobody told yet: {facts}",
	CodeNothingToPay:    "{policy} grants no amount",
	CodePaidTwice:       "{row} has a payment proposed or approved already, in case {case}: an order is paid once",
	CodeAboveOrder:      "{amount} is more than the {left} that is left of {row}",
	CodePaymentOver:     "{row} was decided by {by} already",
	CodeNotApproved:     "{row} is not approved: refuse or withdraw the proposal",
	CodeOwnProposal:     "{row} is your own proposal: somebody else decides on it",
	CodeNotProposer:     "{row} was proposed by {by}: they withdraw it, or a supervisor refuses it",
	CodeGrantChanged:    "{row} would not be granted so now, something is known that was not: refuse it, and look again",
}

// A Refusal is an answer to a person: why what they asked for was not done. A
// screen in another language makes its own sentence of Code and Args.
type Refusal struct { //nolint:errname // a refusal is an answer, not a fault
	Code Code
	Args map[string]string
	Err  error // what it came of, for errors.Is; nil: the rules alone
}

// Error is the refusal in English. Arguments may hold untrusted text.
func (r *Refusal) Error() string {
	var pairs []string
	for name, value := range r.Args {
		pairs = append(pairs, "{"+name+"}", value)
	}
	return strings.NewReplacer(pairs...).Replace(sentences[r.Code])
}

func (r *Refusal) Unwrap() error { return r.Err }

// Codes lists every code, for who translates them.
func Codes() []Code {
	var out []Code
	for c := range sentences {
		out = append(out, c)
	}
	slices.Sort(out)
	return out
}

// refuse makes a refusal of a code and its arguments, in pairs.
func refuse(code Code, pairs ...string) *Refusal {
	r := &Refusal{Code: code}
	if len(pairs) > 0 {
		r.Args = make(map[string]string, len(pairs)/2)
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		r.Args[pairs[i]] = pairs[i+1]
	}
	return r
}
