package moderation

import (
	"context"
	"time"
)

// A Key is a holder's key as the record knows it.
type Key struct {
	Number int64
	Held   bool // what is the holder's may not be erased
}

// KeyRows are the rows that are a holder's.
type KeyRows struct {
	Complaints []int64
	Questions  []int64
	Orders     []int64 // their numbers
}

// An Eraser takes people's data out of a record. What it leaves reads as erased.
// When the transaction is on disk nothing of what was erased is in the store's
// files, at the latest once nobody reads the record as it was before.
type Eraser interface {
	// Actions is as in Record: people's deeds hold rows.
	Actions(ctx context.Context, p Page) ([]Action, error)
	// Keys are the keys that the holders have; nobody who has none is among them.
	Keys(ctx context.Context, holders []Holder) ([]Key, error)
	// Hold says whether what is the key's may be erased.
	Hold(key int64, on bool) error
	// RowsOfKey lists the key's rows beside its events. With a time it is those
	// of all keys that are not held, older than that.
	RowsOfKey(ctx context.Context, key int64, before time.Time) (KeyRows, error)
	// EraseEvents takes the personal part out of the key's events, and their words
	// out of the search; fn is told of each before. With a time it is those of
	// all keys that are not held, older than that.
	EraseEvents(ctx context.Context, key int64, before time.Time, fn func(e *Recorded) error) (int64, error)
	// EraseLeaves leaves of leaves only their hash that told of rows before there
	// were seals, by what the ledger called the row.
	EraseLeaves(rows []LeafRef) error
	// EraseKey takes the key away, for good.
	EraseKey(key int64) error
	// Unlink takes a link to cases away.
	Unlink(l Link) error
}

// LeafRef is what the ledger calls a row; As is what it shall be called where
// its name is personal itself, "" : the same.
type LeafRef struct{ Kind, Ref, As string }
