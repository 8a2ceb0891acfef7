package bundle

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"golang.org/x/mod/sumdb/note"

	"liveroom/moderation/ledger"
)

// A Report is what checking a bundle came to.
type Report struct {
	Faults     []string // empty: all holds
	Case       int64
	Key        string // the public key in the bundle
	Checkpoint ledger.Checkpoint
	Leaves     int
	Parts      int // frames and rows that leaves commit to
	Withheld   int
	Stamp      bool // there is a time stamp of the checkpoint; its authority was not asked
}

func (r *Report) fault(format string, args ...any) {
	r.Faults = append(r.Faults, fmt.Sprintf(format, args...))
}

// Verify checks a bundle by a key that came another way, or with nil by the key
// in the bundle: then only that its parts fit together. It reads nothing else.
func Verify(b []byte, trusted note.Verifier) *Report {
	r := &Report{}
	files, err := unpack(b)
	if err != nil {
		r.fault("%v", err)
	}
	if files == nil {
		return r
	}
	r.Key = strings.TrimSpace(string(files[keyFile]))
	key := trusted
	own, err := note.NewVerifier(r.Key)
	switch {
	case err != nil:
		r.fault("%s: %v", keyFile, err)
	case trusted == nil:
		key = own
	case own.Name() != trusted.Name() || own.KeyHash() != trusted.KeyHash():
		r.fault("%s: is not the key given", keyFile)
	}
	if key == nil {
		return r
	}
	if err := checkSeal(files, key); err != nil {
		r.fault("%v", err)
	}
	if r.Checkpoint, err = ledger.ParseCheckpoint(files[checkpointFile], key); err != nil {
		r.fault("%s: %v", checkpointFile, err)
		return r
	}
	if err := r.evidence(files); err != nil {
		r.fault("%s: %v", evidenceFile, err)
	}
	if token, ok := files[stampFile]; ok {
		sum := sha256.Sum256(files[checkpointFile])
		if r.Stamp = bytes.Contains(token, sum[:]); !r.Stamp {
			r.fault("%s: is no stamp of %s", stampFile, checkpointFile)
		}
	}
	return r
}

// commitment is what of a leaf's data files are held against.
type commitment struct {
	Raw string `json:"raw"`
	Row string `json:"row"`
}

func (r *Report) evidence(files map[string][]byte) error {
	var e evidence
	if err := json.Unmarshal(files[evidenceFile], &e); err != nil {
		return fmt.Errorf("cannot be read: %w", err)
	}
	if e.Version != 1 {
		return fmt.Errorf("has version %d: check it with the newer program that made it", e.Version)
	}
	r.Case = e.Case
	used := make(map[string]bool)
	for _, l := range e.Leaves {
		if err := r.leaf(l, files, used); err != nil {
			r.fault("leaf %d: %v", l.Index, err)
		}
		r.Leaves++
		if l.Withheld != "" {
			r.Withheld++
		}
	}
	r.Parts = len(used)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if (strings.HasPrefix(name, "frames/") || strings.HasPrefix(name, "rows/")) && !used[name] {
			r.fault("%s: no leaf speaks of it", name)
		}
	}
	return nil
}

func (r *Report) leaf(l leaf, files map[string][]byte, used map[string]bool) error {
	if l.Index < 0 || l.Index >= r.Checkpoint.Size {
		return errors.New("stands beyond the ledger")
	}
	if l.Hash != (ledger.Hash{}) {
		if l.Data != "" || l.Raw != "" || l.Row != "" {
			return errors.New("is hidden and given at once")
		}
		return ledger.CheckHashProof(l.Proof, r.Checkpoint.Size, r.Checkpoint.Root, l.Index, l.Hash)
	}
	record, err := ledger.Record(l.Kind, l.Ref, []byte(l.Data))
	if err != nil {
		return err
	}
	if err := ledger.CheckProof(l.Proof, r.Checkpoint.Size, r.Checkpoint.Root, l.Index, record); err != nil {
		return err
	}
	var c commitment
	if err := json.Unmarshal([]byte(l.Data), &c); err != nil {
		return fmt.Errorf("its data cannot be read: %w", err)
	}
	for _, part := range []struct{ file, want string }{{l.Raw, c.Raw}, {l.Row, c.Row}} {
		if part.file == "" {
			continue
		}
		b, ok := files[part.file]
		sum := sha256.Sum256(slices.Concat(l.Salt, b))
		switch {
		case !ok:
			return fmt.Errorf("%q is gone", part.file)
		case hex.EncodeToString(sum[:]) != part.want:
			return fmt.Errorf("%s is not what the leaf commits to", part.file)
		}
		used[part.file] = true
	}
	return nil
}
