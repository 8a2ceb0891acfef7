package query

import (
	"strconv"
	"time"

	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/moderation/policy"
	"liveroom/moderation/triage"
)

// A row is what a query can ask about one row of the record. It answers fields
// that its list does not have with nothing.
type row interface {
	texts() []string // what words are looked for in
	field(Field, *Env) string
	number(Field) int64
	at() time.Time
	people() []person
	products() []string
	orders() []string
	is(flag string, e *Env) bool
}

// A person is an id and a name, "" where nobody told.
type person struct{ id, name string }

func personOf(u feed.User) person { return person{u.ID, u.Name} }

// rowOf is how a query sees a row of the record.
func rowOf(of any) (row, moderation.List) {
	switch r := of.(type) {
	case *moderation.Recorded:
		return (*eventRow)(r), moderation.ListEvents
	case *moderation.Flag:
		return (*flagRow)(r), moderation.ListFlags
	case *moderation.Complaint:
		return (*complaintRow)(r), moderation.ListComplaints
	case *moderation.Problem:
		return (*problemRow)(r), moderation.ListProblems
	case *moderation.Question:
		return (*questionRow)(r), moderation.ListQuestions
	case *moderation.Order:
		return (*orderRow)(r), moderation.ListOrders
	case *moderation.Case:
		return (*caseRow)(r), moderation.ListCases
	}
	return nil, ""
}

type eventRow moderation.Recorded

func (r *eventRow) texts() []string { return []string{r.Text} }

func (r *eventRow) field(f Field, _ *Env) string {
	switch f {
	case FieldRoom:
		return r.Room
	case FieldKind:
		return string(r.Kind)
	case FieldStatus:
		return r.Status
	}
	return ""
}

func (r *eventRow) number(Field) int64 { return r.AmountFen }
func (r *eventRow) at() time.Time      { return r.At }

func (r *eventRow) people() []person {
	out := []person{personOf(r.User)}
	if r.Order != nil && r.Order.Buyer != "" {
		out = append(out, person{id: r.Order.Buyer})
	}
	return out
}

func (r *eventRow) products() []string {
	switch {
	case r.Product != nil:
		return []string{r.Product.ID}
	case r.Order != nil:
		return []string{r.Order.SKU}
	}
	return nil
}

func (r *eventRow) orders() []string { return []string{r.OrderID} }

func (r *eventRow) is(flag string, _ *Env) bool {
	switch flag {
	case isHost:
		return r.User.Role == feed.RoleHost || r.User.Role == feed.RoleAssistant
	case isSpoken:
		return moderation.IsUtterance(&r.Event)
	}
	return false
}

type flagRow moderation.Flag

func (r *flagRow) texts() []string {
	return []string{r.Text, r.Finding.SKU, r.Finding.Fact, strconv.FormatInt(r.ID, 10)}
}

func (r *flagRow) field(f Field, _ *Env) string {
	switch f {
	case FieldRoom:
		return r.Room
	case FieldCategory:
		return string(r.Finding.Category)
	case FieldVerdict:
		return string(r.Finding.Verdict)
	case FieldSeverity:
		return string(r.Finding.Severity)
	case FieldStatus:
		return string(r.Status)
	case FieldRule:
		return r.Finding.Rule
	case FieldBy:
		return r.DecidedBy
	}
	return ""
}

func (r *flagRow) number(Field) int64 { return r.Case }
func (r *flagRow) at() time.Time      { return r.At }
func (r *flagRow) people() []person   { return nil }
func (r *flagRow) products() []string { return []string{r.Finding.SKU} }
func (r *flagRow) orders() []string   { return nil }

func (r *flagRow) is(flag string, _ *Env) bool {
	switch flag {
	case isOpen:
		return r.Status == moderation.FlagOpen || r.Status == moderation.FlagSnoozed
	case isDecided:
		return r.Status == moderation.FlagConfirmed || r.Status == moderation.FlagDismissed
	case isSnoozed:
		return r.Status == moderation.FlagSnoozed
	case isCorrected:
		return !r.Corrected.IsZero()
	case isUnsure:
		return r.Finding.ListenFirst
	case isInCase:
		return r.Case != 0
	}
	return false
}

type complaintRow moderation.Complaint

func (r *complaintRow) texts() []string {
	return []string{r.Text, r.SKU, r.OrderID, r.Buyer.Name, strconv.FormatInt(r.ID, 10)}
}

func (r *complaintRow) field(f Field, _ *Env) string {
	switch f {
	case FieldRoom:
		return r.Room
	case FieldKind:
		return string(r.Type)
	case FieldChannel:
		return r.Channel
	}
	return ""
}

func (r *complaintRow) number(f Field) int64 {
	if f == FieldProblem {
		return r.Problem
	}
	return r.Case
}

func (r *complaintRow) at() time.Time      { return r.At }
func (r *complaintRow) people() []person   { return []person{personOf(r.Buyer)} }
func (r *complaintRow) products() []string { return []string{r.SKU} }
func (r *complaintRow) orders() []string   { return []string{r.OrderID} }

func (r *complaintRow) is(flag string, _ *Env) bool {
	switch flag {
	case isUrgent:
		return r.Priority == triage.High
	case isAlike:
		return r.Problem != 0
	case isInCase:
		return r.Case != 0
	}
	return false
}

type problemRow moderation.Problem

func (r *problemRow) texts() []string {
	return []string{r.Title, r.SKU, strconv.FormatInt(r.ID, 10)}
}

func (r *problemRow) field(Field, *Env) string { return r.Room }
func (r *problemRow) number(Field) int64       { return int64(len(r.Complaints)) }
func (r *problemRow) at() time.Time            { return r.SaidAt }
func (r *problemRow) people() []person         { return nil }
func (r *problemRow) products() []string       { return []string{r.SKU} }
func (r *problemRow) orders() []string         { return nil }

func (r *problemRow) is(flag string, _ *Env) bool {
	switch flag {
	case isTraced:
		return r.Flag != 0 || r.Event != 0
	case isMerged:
		return r.Into != 0
	}
	return false
}

type questionRow moderation.Question

func (r *questionRow) texts() []string { return []string{r.Text, r.SKU} }

func (r *questionRow) field(f Field, _ *Env) string {
	if f == FieldBy {
		return r.AnsweredBy
	}
	return r.Room
}

func (r *questionRow) number(Field) int64 { return r.Times }
func (r *questionRow) at() time.Time      { return r.At }
func (r *questionRow) people() []person   { return []person{personOf(r.Asker)} }
func (r *questionRow) products() []string { return []string{r.SKU} }
func (r *questionRow) orders() []string   { return nil }

func (r *questionRow) is(flag string, _ *Env) bool {
	return r.AnsweredAt.IsZero() == (flag == isOpen)
}

type orderRow moderation.Order

func (r *orderRow) texts() []string { return []string{r.ID, r.SKU, r.Buyer.Name} }

func (r *orderRow) field(f Field, _ *Env) string {
	switch f {
	case FieldRoom:
		return r.Room
	case FieldStatus:
		return r.Status
	case FieldRefund:
		return r.Refund
	}
	return ""
}

func (r *orderRow) number(f Field) int64 {
	switch f {
	case FieldQty:
		return r.Qty
	case FieldCase:
		return r.Case
	}
	if r.PaidFen > 0 {
		return r.PaidFen
	}
	return r.AmountFen
}

func (r *orderRow) at() time.Time {
	if r.PaidAt.IsZero() {
		return r.CreatedAt
	}
	return r.PaidAt
}

func (r *orderRow) people() []person   { return []person{personOf(r.Buyer)} }
func (r *orderRow) products() []string { return []string{r.SKU} }
func (r *orderRow) orders() []string   { return []string{r.ID} }

func (r *orderRow) is(flag string, _ *Env) bool {
	switch flag {
	case isPaid:
		return !r.PaidAt.IsZero()
	case isRefunded:
		return r.Refund != ""
	case isInCase:
		return r.Case != 0
	}
	return false
}

type caseRow moderation.Case

func (r *caseRow) texts() []string {
	out := []string{r.Title, r.SKU, r.Owner, strconv.FormatInt(r.ID, 10)}
	for _, n := range r.Notes {
		out = append(out, n.Text)
	}
	return out
}

func (r *caseRow) field(f Field, e *Env) string {
	switch f {
	case FieldRoom:
		return r.Room
	case FieldKind:
		return string(r.Kind)
	case FieldStatus:
		return string(r.State)
	case FieldCategory:
		return string(r.Category)
	case FieldOutcome:
		return string(r.Outcome)
	case FieldOwner:
		return (*moderation.Case)(r).Holder(e.Wall)
	}
	return ""
}

func (r *caseRow) number(f Field) int64 {
	switch f {
	case FieldComplaints:
		return int64(len(r.Complaints))
	case FieldCase:
		return r.ID
	}
	return r.StakeFen
}

func (r *caseRow) at() time.Time { return r.OpenedAt }

func (r *caseRow) people() []person {
	out := make([]person, len(r.Buyers))
	for i, b := range r.Buyers {
		out[i].id = b
	}
	return out
}

func (r *caseRow) products() []string { return []string{r.SKU} }
func (r *caseRow) orders() []string   { return r.Orders }

// soonDue is when a case's clock is about to run out.
const soonDue = time.Hour

func (r *caseRow) is(flag string, e *Env) bool {
	running := !r.State.Over() && !r.DueAt.IsZero()
	holder := (*moderation.Case)(r).Holder(e.Wall)
	switch flag {
	case isOpen:
		return !r.State.Over()
	case isOverdue:
		return running && policy.Late(e.Now, r.DueAt)
	case isSoon:
		return running && !policy.Late(e.Now, r.DueAt) && r.DueAt.Sub(e.Now) < soonDue
	case isMine:
		return holder != "" && holder == e.Me
	case isFree:
		return holder == "" && !r.State.Over()
	case isEscalated:
		return !r.Escalated.IsZero()
	case isSnoozed:
		return e.Wall.Before(r.SnoozedTo)
	}
	return false
}
