package moderation

// A List is one of the record's lists, by the name it has everywhere.
type List string

// The lists.
const (
	ListEvents     List = "events"
	ListFlags      List = "flags"
	ListComplaints List = "complaints"
	ListProblems   List = "problems"
	ListQuestions  List = "questions"
	ListOrders     List = "orders"
	ListCases      List = "cases"
)

// A Sieve is a condition on the rows of a list that a store can hold them
// against without opening them. It lets through whatever is looked for, and may
// let through more: who asks looks at the rows. nil lets through everything.
type Sieve interface{ sieve() }

// The sieves. A store that knows no column of a name in a list takes it for one
// that lets through everything, and so one that it only partly knows; what is
// under Not it must know exactly.
type (
	// AllOf lets through what all of them do.
	AllOf []Sieve
	// AnyOf lets through what one of them does.
	AnyOf []Sieve
	// Not lets through what its sieve does not.
	Not struct{ Of Sieve }
	// HasWords lets through events whose text holds every word, among others.
	HasWords []SearchWord
	// HasText lets through rows whose column is one of the texts. Capital and
	// small ASCII letters are the same.
	HasText struct {
		Column Column
		In     []string
	}
	// HasNumber lets through rows whose column is in [From, To].
	HasNumber struct {
		Column   Column
		From, To int64
	}
)

func (AllOf) sieve()     {}
func (AnyOf) sieve()     {}
func (Not) sieve()       {}
func (HasWords) sieve()  {}
func (HasText) sieve()   {}
func (HasNumber) sieve() {}

// A Column is what a store knows of a row without opening it.
type Column string

// The columns. Times are as Stamp keeps them.
const (
	ColumnID       Column = "id"
	ColumnRoom     Column = "room"
	ColumnKind     Column = "kind" // of a complaint its type
	ColumnSKU      Column = "sku"
	ColumnCategory Column = "category"
	ColumnVerdict  Column = "verdict"
	ColumnSeverity Column = "severity"
	ColumnRule     Column = "rule"
	ColumnStatus   Column = "status" // of a case its state
	ColumnRefund   Column = "refund"
	ColumnOutcome  Column = "outcome"
	ColumnPriority Column = "priority"
	ColumnChannel  Column = "channel"
	ColumnOwner    Column = "owner"
	ColumnSpoken   Column = "spoken"
	ColumnAt       Column = "at" // of an order when it was paid, or made while it is not
	ColumnDue      Column = "due"
	ColumnSnoozed  Column = "snoozed" // of a case, a time
	ColumnPaidAt   Column = "paid_at"
	ColumnAnswered Column = "answered" // of a question, a time
	ColumnSent     Column = "corrected"
	ColumnCase     Column = "case"
	ColumnProblem  Column = "problem"
	ColumnAmount   Column = "amount" // of an order what was paid, or is to be while nothing was
	ColumnQty      Column = "qty"
	ColumnTimes    Column = "times"
	ColumnRaised   Column = "escalated" // of a case, a time
)

// A Sifted is a walk over a list.
type Sifted struct {
	Keys []int64 // of the rows that were let through, in the order of the walk
	At   int64   // the key of the last row that was looked at
	End  bool    // there are no more
}
