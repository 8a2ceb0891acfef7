package ledger

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"
)

// testKey is a key made of a fixed seed: notes of tests are the same each time.
func testKey(t testing.TB, seed byte) (note.Signer, note.Verifier) {
	t.Helper()
	secret, public, err := note.GenerateKey(bytes.NewReader(bytes.Repeat([]byte{seed}, 64)), "liveroom.local/test")
	if err != nil {
		t.Fatal(err)
	}
	signer, err := note.NewSigner(secret)
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := note.NewVerifier(public)
	if err != nil {
		t.Fatal(err)
	}
	return signer, verifier
}

// chain is n signed checkpoints of a log that grows by ten leaves between them.
func chain(t testing.TB, key note.Signer, n int) [][]byte {
	t.Helper()
	var l log
	var notes [][]byte
	var previous Hash
	for i := range n {
		l.add(t, numbered(10)...)
		c := Checkpoint{
			Origin: key.Name(), Size: l.tree.Size(), Root: l.tree.Root(),
			At: time.Date(2026, 11, 20, 12, i, 0, 0, time.UTC), Previous: previous,
		}
		msg, err := c.Sign(key)
		if err != nil {
			t.Fatal(err)
		}
		notes, previous = append(notes, msg), sha256.Sum256(msg)
	}
	return notes
}

func TestCheckpointIsWrittenAsC2SPSays(t *testing.T) {
	signer, verifier := testKey(t, 7)
	notes := chain(t, signer, 2)
	lines := strings.Split(string(notes[1]), "\n")
	if lines[0] != "liveroom.local/test" || lines[1] != "20" || lines[3] != "time 1795176060" || !strings.HasPrefix(lines[4], "previous ") || lines[5] != "" {
		t.Errorf("checkpoint\n%s", notes[1])
	}
	if root, err := base64.StdEncoding.DecodeString(lines[2]); err != nil || len(root) != 32 {
		t.Errorf("root line %q", lines[2])
	}
	c, err := ParseCheckpoint(notes[1], verifier)
	if err != nil || c.Size != 20 || c.Previous != sha256.Sum256(notes[0]) {
		t.Errorf("read back %+v, %v", c, err)
	}
}

func TestOnlyTheKeysOwnCheckpointsCount(t *testing.T) {
	signer, verifier := testKey(t, 7)
	other, others := testKey(t, 8)
	msg := chain(t, signer, 1)[0]
	if _, err := ParseCheckpoint(msg, others); !errors.Is(err, ErrOtherKey) {
		t.Errorf("by another key: %v", err)
	}
	foreign, err := Checkpoint{Origin: "somewhere.else/log", Size: 1, At: time.Unix(0, 0)}.Sign(signer)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ParseCheckpoint(foreign, verifier); err == nil {
		t.Error("a checkpoint of another log: no error")
	}
	both, err := note.Sign(&note.Note{Text: string(msg[:bytes.Index(msg, []byte("\n\n"))+1])}, signer, other)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ParseCheckpoint(both, verifier); err == nil {
		t.Error("a second, unknown signature passes")
	}
	if _, err := ParseCheckpoint(both, verifier, others); err != nil {
		t.Errorf("with the witness's key named: %v", err)
	}
	doubled := append(slices.Clone(msg), msg[bytes.Index(msg, []byte("— ")):]...)
	if _, err := ParseCheckpoint(doubled, verifier); err == nil {
		t.Error("a doubled signature passes")
	}
	if _, err := ParseCheckpoint(msg, others, verifier); !errors.Is(err, ErrOtherKey) {
		t.Errorf("signed by the witness alone: %v", err)
	}
}

// TestNoByteOfACheckpointMayChange flips, takes out and doubles every byte: also
// the spare bits of the signature's base64, which a note reader passes over.
func TestNoByteOfACheckpointMayChange(t *testing.T) {
	signer, verifier := testKey(t, 7)
	msg := chain(t, signer, 2)[1]
	if _, err := ParseCheckpoint(msg, verifier); err != nil {
		t.Fatal(err)
	}
	for i := range msg {
		for bit := range 8 {
			bad := slices.Clone(msg)
			bad[i] ^= 1 << bit
			if _, err := ParseCheckpoint(bad, verifier); err == nil {
				t.Errorf("bit %d of byte %d (%q) flipped: no error", bit, i, msg[i])
			}
		}
		if _, err := ParseCheckpoint(slices.Delete(slices.Clone(msg), i, i+1), verifier); err == nil {
			t.Errorf("byte %d taken out: no error", i)
		}
		if _, err := ParseCheckpoint(slices.Insert(slices.Clone(msg), i, msg[i]), verifier); err == nil {
			t.Errorf("byte %d doubled: no error", i)
		}
	}
}

func TestChainMissesWhatWasTakenOut(t *testing.T) {
	signer, verifier := testKey(t, 7)
	whole := chain(t, signer, 5)
	if got, err := CheckChain(whole, verifier); err != nil || len(got) != 5 {
		t.Fatalf("whole: %d, %v", len(got), err)
	}
	if got, err := CheckChain(whole[:3], verifier); err != nil || len(got) != 3 {
		t.Errorf("its beginning is a chain too: %d, %v", len(got), err)
	}
	for i := range 4 {
		if got, err := CheckChain(slices.Delete(slices.Clone(whole), i, i+1), verifier); err == nil || len(got) != i {
			t.Errorf("without number %d: %d hold, %v", i+1, len(got), err)
		}
	}
	swapped := slices.Clone(whole)
	swapped[1], swapped[2] = swapped[2], swapped[1]
	if _, err := CheckChain(swapped, verifier); err == nil {
		t.Error("two exchanged: no error")
	}
	if _, err := CheckChain(slices.Insert(slices.Clone(whole), 2, whole[1]), verifier); err == nil {
		t.Error("one doubled: no error")
	}
	back, err := Checkpoint{Origin: signer.Name(), Size: 3, Previous: sha256.Sum256(whole[4]), At: time.Unix(0, 0)}.Sign(signer)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := CheckChain(append(slices.Clone(whole), back), verifier); err == nil || !strings.Contains(err.Error(), "put back") {
		t.Errorf("a smaller log after a larger one: %v", err)
	}
}

func TestSplitCheckpointsFindsATornEnd(t *testing.T) {
	signer, _ := testKey(t, 7)
	notes := chain(t, signer, 3)
	file := bytes.Join(notes, nil)
	for cut := range len(file) + 1 {
		got, torn := SplitCheckpoints(file[:cut])
		if !bytes.Equal(append(bytes.Join(got, nil), torn...), file[:cut]) {
			t.Fatalf("cut at %d: bytes were lost", cut)
		}
		want := 0
		for n := 0; want < 3 && n+len(notes[want]) <= cut; want++ {
			n += len(notes[want])
		}
		if len(got) != want {
			t.Fatalf("cut at %d: %d whole, want %d", cut, len(got), want)
		}
	}
}

func FuzzCheckpoints(f *testing.F) {
	signer, verifier := testKey(f, 7)
	whole := bytes.Join(chain(f, signer, 3), nil)
	f.Add(whole)
	f.Add([]byte("\n\n— "))
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 10 {
		b := slices.Clone(whole)
		b[rnd.IntN(len(b))] ^= 1
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		notes, torn := SplitCheckpoints(b)
		if !bytes.Equal(append(bytes.Join(notes, nil), torn...), b) {
			t.Fatal("bytes were lost")
		}
		good, _ := CheckChain(notes, verifier)
		for _, n := range notes[:len(good)] {
			if !bytes.Contains(whole, n) {
				t.Fatalf("a checkpoint nobody signed holds: %q", n)
			}
		}
	})
}
