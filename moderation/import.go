package moderation

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"

	"liveroom/feed"
)

// ImportFile takes a file of complaints or orders into the record. It is no
// command of Do, because it has no bound; Desk.Import performs it.
type ImportFile struct {
	File   string // its name
	SHA256 [32]byte
	Events []feed.Event
}

// Name implements Command.
func (ImportFile) Name() string { return "import-file" }

// Imported is what an import came to.
type Imported struct {
	Update // what changed, or would have
	Action int64
	Known  int // events that were in the record before
}

// importNote is what the record's action keeps of an import.
type importNote struct {
	File   string `json:"file"`
	SHA256 string `json:"sha256"`
	Events int    `json:"events"`
}

// errRehearsed takes back what a rehearsal wrote.
var errRehearsed = errors.New("rehearsed")

// Import records the events of a file with what follows from them, and who
// brought it, in one transaction. Events that were there before change nothing.
// With dry nothing is written; what would have been is told.
func (d *Desk) Import(ctx context.Context, a Actor, f ImportFile, dry bool) (Imported, error) {
	var out Imported
	if a.Name == "" {
		return out, refuse(CodeNoActor)
	}
	if !a.Role.May(f.Name()) {
		return out, refuse(CodeNotAllowed, "role", string(a.Role), "command", f.Name())
	}
	err := d.take(ctx, feed.Batch{Source: f.File, Events: f.Events}, func(s *scribe) error {
		out = Imported{Update: s.up, Known: len(f.Events) - len(s.up.Events)}
		if len(s.up.Events) > 0 {
			t := &deed{ctx: ctx, scribe: s, desk: d, actor: a, command: f.Name(), now: d.now(), wall: d.wallNow()}
			t.after.Import = &importNote{File: tidy(f.File), SHA256: hex.EncodeToString(f.SHA256[:]), Events: len(s.up.Events)}
			var r Result
			if err := t.record(&r, noTime); err != nil {
				return err
			}
			out.Action = r.Action
		}
		if dry {
			return &Refusal{Code: CodeUnchanged, Err: errRehearsed}
		}
		return nil
	})
	if dry && errors.Is(err, errRehearsed) {
		out.Action = 0
		return out, nil
	}
	if err != nil {
		return Imported{}, fmt.Errorf("import %s: %w", f.File, err)
	}
	return out, nil
}
