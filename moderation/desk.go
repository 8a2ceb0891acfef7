package moderation

import (
	"context"
	"time"

	"liveroom/claims"
)

// A Checker finds claims in an utterance. before holds the utterances of the
// same room just before it, oldest first.
type Checker interface {
	Check(u claims.Utterance, before []claims.Utterance) []claims.Finding
}

// An Effector carries out an outward effect. It must be idempotent by
// Effect.Key. The string it returns is recorded as the result.
type Effector interface {
	Carry(ctx context.Context, e Effect) (string, error)
}

// Config is what a desk stands on.
type Config struct {
	Store      Store
	Checker    Checker
	Effector   Effector // nil: effects stay recorded as failed, "no way out configured"
	Clock      func() time.Time
	UndoWindow time.Duration // 0: 15 s
	Rooms      []Room        // rooms known beforehand, with their names
}

// Spoken is one sentence of the host in an order's speech window.
type Spoken struct {
	Event Recorded
	Flags []Flag // what was found in it; empty: nothing against the sheet
}
