package moderation

import (
	"context"
	"errors"
	"time"

	"liveroom/claims"
	"liveroom/feed"
)

// Errors that a store returns; callers test with errors.Is.
var (
	// ErrNotFound: no such row.
	ErrNotFound = errors.New("not found")
	// ErrConflict: the row changed since the caller read it.
	ErrConflict = errors.New("changed by someone else")
	// ErrDamaged: a row cannot be read, or something it needs is missing.
	ErrDamaged = errors.New("the record is damaged")
	// ErrNewer: the database was written by a newer version of the program.
	ErrNewer = errors.New("database is newer than this program")
)

// A Store keeps the record. Update runs fn in a write transaction: when it
// returns nil all of fn's changes are on disk, else none are. Several calls may
// share one commit, in the order they were made, those that somebody waits for (see
// Awaited) before the others; fn may run on another goroutine, must not block on IO of
// its own, and must not keep the Tx.
//
// After an error of Update that is not fn's own, nothing of fn is on disk, and
// the same call may be made again.
type Store interface {
	Record
	Update(ctx context.Context, fn func(Tx) error) error
	// Snapshot runs fn on the record as it is at one moment, whatever is written
	// meanwhile. fn must not keep the Record.
	Snapshot(ctx context.Context, fn func(Record) error) error
	Close() error
}

type awaited struct{}

// Awaited is a context for an Update that somebody in front of a screen waits for.
func Awaited(ctx context.Context) context.Context { return context.WithValue(ctx, awaited{}, true) }

// IsAwaited tells whether the context was made by Awaited.
func IsAwaited(ctx context.Context) bool { return ctx.Value(awaited{}) != nil }

// A Record reads all there is: beside what screens ask for, what evidence does.
type Record interface {
	Reader
	// FlagsOf lists the flags raised on the given events, by flag.
	FlagsOf(ctx context.Context, events []int64) ([]Flag, error)
	// Actions lists people's deeds, undone ones too.
	Actions(ctx context.Context, p Page) ([]Action, error)
	// LedgerHashes reads the ledger's stored hashes by their storage index, as
	// golang.org/x/mod/sumdb/tlog numbers them.
	LedgerHashes(ctx context.Context, indexes []int64) ([][32]byte, error)
}

// A Tx is a Store inside one write transaction. A Put with a zero ID adds a
// row and sets the ID; with a Version it fails with ErrConflict unless the row
// still has that version, and raises it. An order, whose ID is the shop's, is
// added when its Version is zero, and then gets its Number. Putting a row that
// is not there is ErrNotFound. Times are kept as Stamp keeps them.
type Tx interface {
	Reader
	Eraser
	PutRoom(r Room) error
	// AddEvents records events, in order, and gives them as recorded; fresh is false
	// where (Source, ID) was there before, and all that is told then is the old one's
	// Index.
	AddEvents(events []feed.Event) (recorded []Recorded, fresh []bool, err error)
	SetPosition(p feed.Position) error
	PutFlag(f *Flag) error
	PutComplaint(c *Complaint) error
	// PutProblem leaves p.Complaints alone: which complaints are the problem's
	// stands in the complaints.
	PutProblem(p *Problem) error
	PutQuestion(q *Question) error
	PutOrder(o *Order) error
	PutCase(c *Case) error
	// ChatOf lists what buyers wrote in a room's chat, At in [from, to], in record
	// order: of the last lines before the end of that time, so many at most looked at,
	// whoever wrote them.
	ChatOf(ctx context.Context, room string, buyers []string, from, to time.Time, lines int) ([]Recorded, error)
	// Effect reads one effect.
	Effect(ctx context.Context, id int64) (Effect, error)
	// PutEffect refuses with ErrConflict a second effect of one key.
	PutEffect(e *Effect) error
	// PutAction refuses with ErrConflict a second action of an actor with one key.
	PutAction(a *Action) error
	// Append adds a leaf to the ledger and sets its Index.
	Append(l *Leaf) error
	// AppendAll does so with each leaf, in order, at less cost.
	AppendAll(leaves []Leaf) error
}

// Action is a person's deed with what is needed to take it back.
type Action struct {
	ID        int64
	Actor     Actor
	Key       string // of the command that acts once; "" : none
	Command   string
	At        time.Time
	UndoUntil time.Time
	Undone    bool
	Before    []byte // JSON of the rows as they were
	After     []byte // JSON of the rows as they became
	Seal      Seal   `json:"-"`
}

// Page bounds a listing: rows with a key beyond After, oldest first, at most
// Limit (0: no limit). Before, when set, pages backwards from it instead and
// still returns oldest first.
type Page struct {
	Room   string // "" : all
	After  int64
	Before int64
	Limit  int
	Since  time.Time
	// Open leaves only what waits for someone: flags open or snoozed, cases not
	// closed or withdrawn, questions without an answer.
	Open bool
	// Kinds leaves only events of these kinds; none: of all. It goes with a Room.
	Kinds []feed.Kind
	// Keys leaves only the rows with these keys; nil: all.
	Keys []int64
}

// A Reader reads committed state (inside a Tx also the Tx's own changes).
// Single-row reads return ErrNotFound.
type Reader interface {
	Rooms(ctx context.Context) ([]Room, error)
	Position(ctx context.Context, source string) (feed.Position, error)
	Events(ctx context.Context, p Page) ([]Recorded, error)
	// EventsOf lists a room's events of the given kinds with At in [from, to],
	// in record order, at most limit (0: no limit).
	EventsOf(ctx context.Context, room string, kinds []feed.Kind, from, to time.Time, limit int) ([]Recorded, error)
	// EventsAround lists a room's events of the given kinds around a moment, in
	// record order: half of limit up to the last with At not after it, the other half
	// behind.
	EventsAround(ctx context.Context, room string, kinds []feed.Kind, at time.Time, limit int) ([]Recorded, error)
	// Tally counts a room's events of the given kinds with At in [from, to), by
	// steps from from on: the n-th count, from 0, is of [from+n·step, from+(n+1)·step).
	Tally(ctx context.Context, room string, kinds []feed.Kind, from, to time.Time, step time.Duration) ([]int64, error)
	// Utterances lists what hosts and assistants said or wrote in a room, At in
	// [from, to], without partial results, in record order.
	Utterances(ctx context.Context, room string, from, to time.Time) ([]Recorded, error)
	// Withdrawing lists a room's events ("": of all rooms) that withdraw others, beyond
	// the index after, in record order, at most limit (0: no limit). Of records that an
	// older program wrote there may be some among them that withdraw nothing.
	Withdrawing(ctx context.Context, room string, after int64, limit int) ([]Recorded, error)
	Flag(ctx context.Context, id int64) (Flag, error)
	Flags(ctx context.Context, p Page) ([]Flag, error)
	// FlagsAbout lists a room's flags about a product and category of claim, by flag.
	FlagsAbout(ctx context.Context, room, sku string, c claims.Category) ([]Flag, error)
	Complaint(ctx context.Context, id int64) (Complaint, error)
	Complaints(ctx context.Context, p Page) ([]Complaint, error)
	Problem(ctx context.Context, id int64) (Problem, error)
	Problems(ctx context.Context, p Page) ([]Problem, error)
	Question(ctx context.Context, id int64) (Question, error)
	// Questions pages by ID; Since is about when they were asked first.
	Questions(ctx context.Context, p Page) ([]Question, error)
	Order(ctx context.Context, id string) (Order, error)
	Orders(ctx context.Context, p Page) ([]Order, error)
	// OrdersOf lists the newest orders of a buyer, to an address or from a device,
	// whatever their room, the newest first, at most limit (0: no limit).
	OrdersOf(ctx context.Context, l Link, limit int) ([]Order, error)
	// Bought lists a room's orders of a product that were paid (or made, while they
	// are not paid) in [from, to], and those whose time nobody told.
	Bought(ctx context.Context, room, sku string, from, to time.Time) ([]Bought, error)
	// CasesNaming lists the cases of the complaints that name any of the orders,
	// by case.
	CasesNaming(ctx context.Context, orders []string) ([]int64, error)
	Case(ctx context.Context, id int64) (Case, error)
	Cases(ctx context.Context, p Page) ([]Case, error)
	// Waiting lists what makes the cases urgent that are neither resolved nor
	// closed nor withdrawn, in no order.
	Waiting(ctx context.Context, what WaitingFor) ([]Waiting, error)
	// CaseAbout is the oldest case of a kind about a room's product and category
	// of claim that is neither resolved nor closed nor withdrawn.
	CaseAbout(ctx context.Context, room string, k CaseKind, sku string, c claims.Category) (Case, error)
	// CasesOf lists the cases before the given one that the link leads to, the
	// newest first, at most limit; none that was withdrawn.
	CasesOf(ctx context.Context, l Link, before int64, limit int) ([]Case, error)
	// Effects lists the effects, pending or begun, that are due by then, oldest
	// first; with the zero time all effects whatever became of them.
	Effects(ctx context.Context, due time.Time) ([]Effect, error)
	// LastAction is the actor's newest action that was not undone and is no
	// undoing itself.
	LastAction(ctx context.Context, actor string) (Action, error)
	// ActionByKey is the actor's action with that key, undone or not.
	ActionByKey(ctx context.Context, actor, key string) (Action, error)
	Leaves(ctx context.Context, after int64, limit int) ([]Leaf, error)
	Head(ctx context.Context) (Head, error)
	Counts(ctx context.Context) (Counts, error)
	// Sift walks over a list as Page goes, backwards or forwards, looks at no more
	// rows than its Limit allows, and tells which of them the sieve lets through.
	// Without a Limit it looks at all.
	Sift(ctx context.Context, l List, s Sieve, p Page) (Sifted, error)
}

// Counts are the totals of the record.
type Counts struct {
	Events     int64
	Flags      int64
	Complaints int64
	Problems   int64
	Questions  int64
	Orders     int64
	Cases      int64
	Gaps       int64
	Duplicated int64 // (Source, ID) pairs that stand more than once
}
