package ledger

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
)

// A Checkpoint is a head that somebody signed: a log of this size had this root.
//
// Its text is that of C2SP tlog-checkpoint: origin, size, root, each on a line,
// and two extension lines, "time" and "previous". The time is what the signing
// machine's clock said, in seconds; previous is the SHA-256 of the whole signed
// checkpoint before, so that one taken out from between two others is missed.
type Checkpoint struct {
	Origin   string
	Size     int64
	Root     Hash
	At       time.Time
	Previous Hash // zero: the first
}

// Text is what is signed.
func (c Checkpoint) Text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n%d\n%s\ntime %d\n", c.Origin, c.Size, base64.StdEncoding.EncodeToString(c.Root[:]), c.At.Unix())
	if c.Previous != (Hash{}) {
		fmt.Fprintf(&b, "previous %s\n", hex.EncodeToString(c.Previous[:]))
	}
	return b.String()
}

// Sign is the checkpoint as a signed note.
func (c Checkpoint) Sign(key note.Signer) ([]byte, error) {
	msg, err := note.Sign(&note.Note{Text: c.Text()}, key)
	if err != nil {
		return nil, fmt.Errorf("sign checkpoint of %d leaves: %w", c.Size, err)
	}
	return msg, nil
}

// ErrOtherKey is a note that the expected key did not sign.
var ErrOtherKey = errors.New("not signed by this key")

// OpenNote checks the signatures of a note, of which one must be the key's and
// any other a witness's, and gives its text. Not a byte of it may differ from
// how the signers write it: a note reader by itself passes over signatures it
// does not know, doubled ones and the spare bits of base64.
func OpenNote(msg []byte, key note.Verifier, witnesses ...note.Verifier) (string, error) {
	n, err := note.Open(msg, note.VerifierList(append(witnesses, key)...))
	var none *note.UnverifiedNoteError
	switch {
	case errors.As(err, &none):
		return "", fmt.Errorf("%w: %s", ErrOtherKey, key.Name())
	case err != nil:
		return "", fmt.Errorf("signed note: %w", err)
	case len(n.UnverifiedSigs) > 0:
		return "", fmt.Errorf("signed note: %q signed it too and its key is not known here", n.UnverifiedSigs[0].Name)
	}
	whole, signed := n.Text+"\n", false
	for _, sig := range n.Sigs {
		raw, err := base64.StdEncoding.DecodeString(sig.Base64)
		if err != nil {
			return "", fmt.Errorf("signed note: %w", err)
		}
		whole += "— " + sig.Name + " " + base64.StdEncoding.EncodeToString(raw) + "\n"
		signed = signed || sig.Name == key.Name() && sig.Hash == key.KeyHash()
	}
	switch {
	case whole != string(msg):
		return "", errors.New("signed note: is not written as its signers write it")
	case !signed:
		return "", fmt.Errorf("%w: %s", ErrOtherKey, key.Name())
	}
	return n.Text, nil
}

// ParseCheckpoint checks the signature of a checkpoint and reads it.
func ParseCheckpoint(msg []byte, key note.Verifier, witnesses ...note.Verifier) (Checkpoint, error) {
	text, err := OpenNote(msg, key, witnesses...)
	if err != nil {
		return Checkpoint{}, fmt.Errorf("checkpoint: %w", err)
	}
	c, err := parseText(text)
	if err != nil {
		return Checkpoint{}, fmt.Errorf("checkpoint: %w", err)
	}
	if c.Origin != key.Name() {
		return Checkpoint{}, fmt.Errorf("checkpoint of the log %q, the key is of %q", c.Origin, key.Name())
	}
	return c, nil
}

func parseText(text string) (Checkpoint, error) {
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	if len(lines) < 4 {
		return Checkpoint{}, fmt.Errorf("has %d lines, origin, size, root and time are needed", len(lines))
	}
	c := Checkpoint{Origin: lines[0]}
	var err error
	if c.Size, err = strconv.ParseInt(lines[1], 10, 64); err != nil || c.Size < 0 {
		return c, fmt.Errorf("size %.40q is no number of leaves", lines[1])
	}
	root, err := base64.StdEncoding.DecodeString(lines[2])
	if err != nil || len(root) != len(c.Root) {
		return c, fmt.Errorf("root %.60q is no hash", lines[2])
	}
	copy(c.Root[:], root)
	sec, err := strconv.ParseInt(strings.TrimPrefix(lines[3], "time "), 10, 64)
	if err != nil {
		return c, fmt.Errorf("time line %.40q cannot be read", lines[3])
	}
	c.At = time.Unix(sec, 0).UTC()
	if len(lines) > 4 {
		prev, err := hex.DecodeString(strings.TrimPrefix(lines[4], "previous "))
		if err != nil || len(prev) != len(c.Previous) {
			return c, fmt.Errorf("previous line %.80q is no hash", lines[4])
		}
		copy(c.Previous[:], prev)
	}
	if c.Text() != text {
		return c, errors.New("is not written as checkpoints are")
	}
	return c, nil
}

// SplitCheckpoints cuts a file of checkpoints, which stand in it one after the
// other, into its notes. torn is what stands behind the last whole one: what a
// cut-off write left.
func SplitCheckpoints(file []byte) (notes [][]byte, torn []byte) {
	for len(file) > 0 {
		end := bytes.Index(file, []byte("\n\n— "))
		if end < 0 {
			return notes, file
		}
		for end += 2; bytes.HasPrefix(file[end:], []byte("— ")); {
			line := bytes.IndexByte(file[end:], '\n')
			if line < 0 {
				return notes, file
			}
			end += line + 1
		}
		notes, file = append(notes, file[:end]), file[end:]
	}
	return notes, nil
}

// CheckChain verifies the checkpoints of one file: each signed, each naming the
// one before, none smaller than it. It returns those up to the first that does
// not hold, with what is wrong with that one.
func CheckChain(notes [][]byte, key note.Verifier, witnesses ...note.Verifier) ([]Checkpoint, error) {
	var good []Checkpoint
	var before Hash
	for i, msg := range notes {
		c, err := ParseCheckpoint(msg, key, witnesses...)
		if err != nil {
			return good, fmt.Errorf("number %d: %w", i+1, err)
		}
		if c.Previous != before {
			return good, fmt.Errorf("number %d does not follow the one before it: checkpoints were taken out, put in or exchanged", i+1)
		}
		if len(good) > 0 && c.Size < good[len(good)-1].Size {
			return good, fmt.Errorf("number %d is of %d leaves, the one before of %d: the key signed a record that was put back", i+1, c.Size, good[len(good)-1].Size)
		}
		good, before = append(good, c), sha256.Sum256(msg)
	}
	return good, nil
}
