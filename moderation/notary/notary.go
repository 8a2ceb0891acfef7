package notary

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"liveroom/moderation"
	"liveroom/moderation/ledger"
)

// When a checkpoint is due where nothing else is said. A busy room writes some
// hundred leaves a minute; a checkpoint takes 300 bytes and an fsync.
const (
	DefaultLeaves = 10_000
	DefaultEvery  = 5 * time.Minute
)

// A Stamper has a third party say when it saw a hash, as RFC 3161 does: it gets
// the SHA-256 of a signed checkpoint and returns the time-stamp response.
type Stamper interface {
	Stamp(ctx context.Context, sum [32]byte) ([]byte, error)
}

// A Witness remembers the checkpoints it saw and signs one only if its log
// continues them: it gets the signed checkpoint and returns its own lines for
// it, "— name base64\n", made with a key of golang.org/x/mod/sumdb/note.
type Witness interface {
	Cosign(ctx context.Context, checkpoint []byte) ([]byte, error)
}

// ErrNotSupported is what Stamp and Cosign return where none is configured.
var ErrNotSupported = errors.New("not supported: none is configured")

// NoStamper is the Stamper of a set-up without one.
type NoStamper struct{}

// Stamp implements Stamper.
func (NoStamper) Stamp(context.Context, [32]byte) ([]byte, error) {
	return nil, fmt.Errorf("stamp a checkpoint: %w", ErrNotSupported)
}

// NoWitness is the Witness of a set-up without one.
type NoWitness struct{}

// Cosign implements Witness.
func (NoWitness) Cosign(context.Context, []byte) ([]byte, error) {
	return nil, fmt.Errorf("have a checkpoint witnessed: %w", ErrNotSupported)
}

// A Log is what a notary signs, as a store keeps it.
type Log interface {
	Head(ctx context.Context) (moderation.Head, error)
	LedgerHashes(ctx context.Context, indexes []int64) ([][32]byte, error)
}

// Config is what a notary stands on.
type Config struct {
	Key   *Key
	File  string // of the checkpoints
	Log   Log
	Clock func() time.Time

	Leaves int64         // a checkpoint is due after so many; 0: DefaultLeaves
	Every  time.Duration // or after so long, if anything came; 0: DefaultEvery

	Stamper Stamper // nil: NoStamper
	Witness Witness // nil: NoWitness
	// Witnesses are the keys that lines of the witness verify by.
	Witnesses []note.Verifier
	// Failed is told what went wrong in the background, Wrote that a checkpoint
	// was written; nil: nobody is. A witness or a stamp that is missing is told
	// after Wrote.
	Failed func(error)
	Wrote  func()
}

// A Notary keeps the checkpoints of one record.
type Notary struct {
	cfg Config

	mu     sync.Mutex
	file   *os.File
	size   int64 // of the file
	last   ledger.Checkpoint
	prev   ledger.Hash // of the last checkpoint
	closed bool
}

// StampPath is where the stamp of the checkpoint of so many leaves is kept.
func StampPath(file string, size int64) string { return fmt.Sprintf("%s.%d.tsr", file, size) }

// Open opens the file of checkpoints, or makes one. What a cut-off write left
// at its end goes; a file with a checkpoint in it that does not hold is refused
// and left as it is. So is a record that is shorter than its last checkpoint.
func Open(ctx context.Context, cfg Config) (*Notary, error) {
	if cfg.Stamper == nil {
		cfg.Stamper = NoStamper{}
	}
	if cfg.Witness == nil {
		cfg.Witness = NoWitness{}
	}
	if cfg.Leaves == 0 {
		cfg.Leaves = DefaultLeaves
	}
	if cfg.Failed == nil {
		cfg.Failed = func(error) {}
	}
	if cfg.Wrote == nil {
		cfg.Wrote = func() {}
	}
	if cfg.Every == 0 {
		cfg.Every = DefaultEvery
	}
	n := &Notary{cfg: cfg}
	if err := n.read(ctx); err != nil {
		return nil, fmt.Errorf("open checkpoints %s: %w", cfg.File, err)
	}
	return n, nil
}

func (n *Notary) read(ctx context.Context) error {
	key, err := n.cfg.Key.Verifier()
	if err != nil {
		return err
	}
	_, missing := os.Stat(n.cfg.File)
	if n.file, err = os.OpenFile(n.cfg.File, os.O_RDWR|os.O_CREATE, 0o644); err != nil {
		return err
	}
	err = n.resume(ctx, key)
	if err == nil && missing != nil {
		err = syncDir(filepath.Dir(n.cfg.File))
	}
	if err != nil {
		return errors.Join(err, n.file.Close())
	}
	return nil
}

func (n *Notary) resume(ctx context.Context, key note.Verifier) error {
	b, err := os.ReadFile(n.cfg.File)
	if err != nil {
		return err
	}
	notes, torn := ledger.SplitCheckpoints(b)
	chain, err := ledger.CheckChain(notes, key, n.cfg.Witnesses...)
	if errors.Is(err, ledger.ErrOtherKey) {
		return fmt.Errorf("%w: name the key that signed them, or move the file away to begin a new one", err)
	}
	if err != nil {
		return fmt.Errorf("%w: keep the file as evidence, move it away to begin a new one", err)
	}
	n.size = int64(len(b) - len(torn))
	if len(torn) > 0 {
		if err := n.file.Truncate(n.size); err != nil {
			return err
		}
	}
	if len(chain) == 0 {
		return nil
	}
	n.last, n.prev = chain[len(chain)-1], sha256.Sum256(notes[len(notes)-1])
	if err := Continues(ctx, n.cfg.Log, n.last); err != nil {
		return fmt.Errorf("%w: an older copy or another record was put in its place; put the right one back, or move the checkpoints away to begin new ones", err)
	}
	return nil
}

// Continues verifies that a log still begins with what a checkpoint says.
func Continues(ctx context.Context, log Log, c ledger.Checkpoint) error {
	head, err := log.Head(ctx)
	if err != nil {
		return fmt.Errorf("read the ledger's head: %w", err)
	}
	return ledger.CheckPrefix(c.Size, c.Root, head.Size, tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		got, err := log.LedgerHashes(ctx, indexes)
		out := make([]tlog.Hash, len(got))
		for i := range got {
			out[i] = got[i]
		}
		return out, err
	}))
}

// Run writes checkpoints as they get due, looking at every tick, until ctx is
// done.
func (n *Notary) Run(ctx context.Context, ticks <-chan time.Time) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticks:
			if err := n.note(ctx, n.due); err != nil && ctx.Err() == nil {
				n.cfg.Failed(err)
			}
		}
	}
}

func (n *Notary) due(h moderation.Head) bool {
	return h.Size-n.last.Size >= n.cfg.Leaves || !n.cfg.Clock().Before(n.last.At.Add(n.cfg.Every))
}

// Note writes a checkpoint of the ledger as it is, unless the last one says all
// of it already.
func (n *Notary) Note(ctx context.Context) error {
	return n.note(ctx, func(moderation.Head) bool { return true })
}

func (n *Notary) note(ctx context.Context, due func(moderation.Head) bool) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.closed {
		return errors.New("write checkpoint: the notary is closed")
	}
	head, err := n.cfg.Log.Head(ctx)
	if err != nil {
		return fmt.Errorf("write checkpoint: %w", err)
	}
	if head.Size <= n.last.Size || !due(head) {
		return nil
	}
	c := ledger.Checkpoint{
		Origin: n.cfg.Key.signer.Name(), Size: head.Size, Root: head.Root, At: n.cfg.Clock().UTC().Truncate(time.Second), Previous: n.prev,
	}
	msg, err := c.Sign(n.cfg.Key.signer)
	if err != nil {
		return err
	}
	msg, alone := n.witnessed(ctx, msg)
	if err := n.append(msg); err != nil {
		return fmt.Errorf("write checkpoint of %d leaves: %w", c.Size, err)
	}
	n.last, n.prev = c, sha256.Sum256(msg)
	n.cfg.Wrote()
	return errors.Join(alone, n.stamp(ctx, c.Size))
}

// witnessed adds the witness's lines. A witness who does not answer keeps no
// checkpoint from being written: it would leave the record without any.
func (n *Notary) witnessed(ctx context.Context, msg []byte) ([]byte, error) {
	lines, err := n.cfg.Witness.Cosign(ctx, msg)
	if errors.Is(err, ErrNotSupported) {
		return msg, nil
	}
	signed := slices.Concat(msg, lines)
	if err == nil {
		var key note.Verifier
		if key, err = n.cfg.Key.Verifier(); err == nil {
			_, err = ledger.ParseCheckpoint(signed, key, n.cfg.Witnesses...)
		}
	}
	if err != nil {
		return msg, fmt.Errorf("the checkpoint is written and stays without its witness: %w", err)
	}
	return signed, nil
}

// append writes msg behind the last checkpoint, over what a failure left there.
func (n *Notary) append(msg []byte) error {
	if err := n.file.Truncate(n.size); err != nil {
		return err
	}
	if _, err := n.file.WriteAt(msg, n.size); err != nil {
		return err
	}
	if err := n.file.Sync(); err != nil {
		return err
	}
	n.size += int64(len(msg))
	return nil
}

func (n *Notary) stamp(ctx context.Context, size int64) error {
	token, err := n.cfg.Stamper.Stamp(ctx, n.prev)
	if errors.Is(err, ErrNotSupported) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("the checkpoint of %d leaves is written and stays without a stamp: %w", size, err)
	}
	if err := os.WriteFile(StampPath(n.cfg.File, size), token, 0o644); err != nil {
		return fmt.Errorf("keep the stamp: %w", err)
	}
	return nil
}

// Close writes a last checkpoint and closes the file.
func (n *Notary) Close(ctx context.Context) error {
	err := n.Note(ctx)
	n.mu.Lock()
	defer n.mu.Unlock()
	n.closed = true
	return errors.Join(err, n.file.Close())
}
