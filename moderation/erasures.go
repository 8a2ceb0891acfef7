package moderation

import (
	"errors"
	"time"

	"github.com/go-json-experiment/json"

	"liveroom/moderation/ledger"
)

// LeafErasure is the kind of leaf that says what was erased: a tombstone.
const LeafErasure = "erasure"

// erasureLeaf is the data of a tombstone. It names nobody: a holder is the
// number of a key that is gone.
type erasureLeaf struct {
	Action  int64   `json:"action"`
	Actor   string  `json:"actor"`
	At      string  `json:"at"`
	Before  string  `json:"before,omitzero"` // all events older than this, but those on hold
	Events  int64   `json:"events"`
	Holders []int64 `json:"holders,omitzero"`
	Rows    int64   `json:"rows"`
}

func newErasureLeaf(l erasureLeaf) (Leaf, error) {
	b, err := ledger.Canonical(&l)
	return Leaf{Kind: LeafErasure, Ref: number(l.Action), Data: b}, err
}

// errUntold is for what was erased and no leaf says so.
var errUntold = errors.New("its personal part is gone, and the ledger does not say that it was erased")

// erasures are what the tombstones of a ledger say.
type erasures struct {
	holders map[int64]bool
	before  time.Time
}

func newErasures() erasures { return erasures{holders: make(map[int64]bool)} }

func (g *erasures) learn(data []byte) error {
	var l erasureLeaf
	if err := json.Unmarshal(data, &l); err != nil {
		return err
	}
	for _, h := range l.Holders {
		g.holders[h] = true
	}
	if l.Before == "" {
		return nil
	}
	t, err := time.Parse(time.RFC3339Nano, l.Before)
	if err != nil {
		return err
	}
	if t.After(g.before) {
		g.before = t
	}
	return nil
}

// covers tells whether the ledger says that the holder was erased, or all that
// happened then.
func (g *erasures) covers(holder int64, at time.Time) bool {
	return g.holders[holder] || !at.IsZero() && at.Before(g.before)
}
