package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"

	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/moderation/ledger"
	"liveroom/moderation/notary"
)

// signedState is what the checkpoints of a record say about it.
type signedState struct {
	file   string // "" : there are none
	key    note.Verifier
	own    bool // key and checkpoints are those beside the record
	chain  []ledger.Checkpoint
	torn   bool // the file ends within a checkpoint
	faults []moderation.Fault
}

// signed reads the checkpoints and holds the record against them. What nobody
// named and is not there is not missed: records were kept before they were signed.
func (o verifyOptions) signed(ctx context.Context, log notary.Log) (signedState, error) {
	s := signedState{file: firstSet(o.checkpoints, checkpointsOf(o.db)), own: o.checkpoints == "" && o.key == ""}
	b, err := os.ReadFile(s.file)
	if o.checkpoints == "" && errors.Is(err, fs.ErrNotExist) {
		if o.key != "" {
			return s, fmt.Errorf("there are no checkpoints in %s for the key to check: name them with --checkpoints", s.file)
		}
		s.file = ""
		return s, nil
	}
	if err != nil {
		return s, fmt.Errorf("read checkpoints: %w", err)
	}
	if s.key, err = verifierKey(firstSet(o.key, notary.PublicPath(keyBeside(o.db)))); err != nil {
		return s, err
	}
	notes, torn := ledger.SplitCheckpoints(b)
	s.torn = len(torn) > 0
	s.chain, err = ledger.CheckChain(notes, s.key)
	if err != nil {
		s.fault("%v", err)
	}
	for _, c := range s.chain {
		if err := notary.Continues(ctx, log, c); err != nil {
			s.fault("of %s: %v", c.At.Local().Format(time.DateTime), err)
			break
		}
	}
	return s, ctx.Err()
}

func (s *signedState) fault(format string, args ...any) {
	s.faults = append(s.faults, moderation.Fault{Kind: "checkpoint", Ref: s.file, What: fmt.Sprintf(format, args...)})
}

// verifierKey reads a key that is given as it is, or in a file.
func verifierKey(given string) (note.Verifier, error) {
	if strings.Contains(given, "+") {
		if v, err := notary.ParsePublic(given); err == nil {
			return v, nil
		}
	}
	b, err := os.ReadFile(given)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("no verifier key in %s: name the key, or the .pub file it stands in, with --key", feed.Sanitise(given))
	}
	if err != nil {
		return nil, fmt.Errorf("read verifier key: %w", err)
	}
	return notary.ParsePublic(string(b))
}

// print tells what the checkpoints show and what they cannot.
func (s *signedState) print(out io.Writer, size int64) error {
	if s.file == "" {
		return printf(out, "no checkpoints: nothing here shows whether the record was cut short or put back to an older state\n")
	}
	lines := []string{fmt.Sprintf("%d checkpoints in %s hold by the key %s+%08x", len(s.chain), s.file, s.key.Name(), s.key.KeyHash())}
	if n := len(s.chain); n > 0 {
		last := s.chain[n-1]
		lines = append(lines, fmt.Sprintf("the last is of %d leaves and %s, by the clock of the machine that signed it", last.Size, last.At.Local().Format(time.RFC3339)))
		if beyond := size - last.Size; beyond > 0 {
			lines = append(lines, fmt.Sprintf("%d leaves came after it: the program runs, was cut off, or a checkpoint was taken away", beyond))
		}
	}
	if s.torn {
		lines = append(lines, "the file ends within a checkpoint: a write was cut off, or it was cut short")
	}
	if s.own {
		lines = append(lines, "key and checkpoints lie beside the record: who has this machine can make all three anew; compare with a copy kept elsewhere")
	}
	for _, l := range lines {
		if err := printf(out, "%s\n", feed.Sanitise(l)); err != nil {
			return fmt.Errorf("write report: %w", err)
		}
	}
	return nil
}
