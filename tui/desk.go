package tui

import (
	"context"
	"time"

	"liveroom/moderation"
	"liveroom/moderation/policy"
	"liveroom/moderation/reply"
)

// A Desk is what the screen needs of the desk. Reads and actions may take as
// long as the disk takes: the screen calls them in commands, never in Update.
type Desk interface {
	Do(ctx context.Context, a moderation.Actor, c moderation.Command) (moderation.Result, error)
	Reader() moderation.Reader
	// WayOut tells whether effects of a kind on what came by a source, with "" on
	// anything, reach anybody from a room.
	WayOut(room, source, kind string) bool
	// Ways are who can be asked to do things for a room. Both only look into memory.
	Ways(room string) []moderation.Way
	// Policies are those in force; nil where there are none.
	Policies() *policy.Set
	// SpeechWindow is what the host said about the order's product before it
	// was paid.
	SpeechWindow(ctx context.Context, orderID string) ([]moderation.Spoken, error)
	// Drafts are the answers to a complaint, filled in from the record.
	Drafts(ctx context.Context, complaint int64, set *reply.Set, lang string) ([]moderation.Draft, error)
	// BlastRadius is which orders a confirmed flag's claim reached.
	BlastRadius(ctx context.Context, flag int64) (moderation.Exposure, error)
	// Scenarios asks the policies about an order, a case, or an order of a case.
	Scenarios(ctx context.Context, caseID int64, order string, asOf time.Time, policies ...string) (moderation.Scenario, error)
}

// Updates is a subscription: the first Next gives a snapshot of what a screen
// starts with, each later one whatever changed since. Events that the screen
// had no time for are left out and counted.
type Updates interface {
	Next(ctx context.Context) (moderation.Update, error)
	// Look tells the desk's other consoles what the person has before them. It
	// waits for nothing.
	Look(l moderation.Look)
	Close()
}
