package ledger

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"iter"
	"slices"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"
)

// rfc6962 is the tree hash as section 2.1 of the RFC defines it, by recursion
// over the records.
func rfc6962(records [][]byte) Hash {
	switch n := len(records); n {
	case 0:
		return sha256.Sum256(nil)
	case 1:
		return sha256.Sum256(append([]byte{0}, records[0]...))
	default:
		k := 1
		for k*2 < n {
			k *= 2
		}
		left, right := rfc6962(records[:k]), rfc6962(records[k:])
		return sha256.Sum256(slices.Concat([]byte{1}, left[:], right[:]))
	}
}

// log is a ledger in memory.
type log struct {
	tree    Tree
	records [][]byte
	hashes  []Hash
}

func (l *log) ReadHashes(indexes []int64) ([]Hash, error) {
	out := make([]Hash, 0, len(indexes))
	for _, i := range indexes {
		if i < 0 || i >= int64(len(l.hashes)) {
			return nil, fmt.Errorf("hash %d of %d: not stored", i, len(l.hashes))
		}
		out = append(out, l.hashes[i])
	}
	return out, nil
}

func (l *log) add(t interface {
	Helper()
	Fatalf(string, ...any)
}, records ...[]byte,
) {
	t.Helper()
	for _, r := range records {
		if want := tlog.StoredHashIndex(0, l.tree.Size()); want != int64(len(l.hashes)) {
			t.Fatalf("record %d: hashes begin at %d, tlog wants %d", l.tree.Size(), len(l.hashes), want)
		}
		l.hashes = l.tree.Append(l.hashes, r)
		l.records = append(l.records, r)
	}
}

func (l *log) leaves() iter.Seq2[Leaf, error] {
	return func(yield func(Leaf, error) bool) {
		for i, r := range l.records {
			if !yield(Leaf{Index: int64(i), Record: r}, nil) {
				return
			}
		}
	}
}

func numbered(n int) [][]byte {
	out := make([][]byte, n)
	for i := range out {
		out[i] = fmt.Appendf(nil, `{"data":{"n":%d},"kind":"event","ref":"%d"}`, i, i)
	}
	return out
}

func TestRootIsTheRFCs(t *testing.T) {
	var l log
	for n, r := range append([][]byte{nil}, numbered(300)...) {
		if n > 0 {
			l.add(t, r)
		}
		want := rfc6962(l.records)
		if got := l.tree.Root(); got != want {
			t.Fatalf("%d leaves: root %x, RFC 6962 gives %x", n, got, want)
		}
		fromStored, err := tlog.TreeHash(int64(n), &l)
		if err != nil || fromStored != want {
			t.Fatalf("%d leaves: tlog reads root %x, %v; want %x", n, fromStored, err, want)
		}
	}
}

// The first published roots of a ledger must never move: they pin the format of
// a record and of the tree together.
func TestRootOfKnownLeaves(t *testing.T) {
	var l log
	for _, text := range []string{"开播", "百分之百纯羊毛", "更正"} {
		data, err := Canonical(struct {
			Text string    `json:"text"`
			At   time.Time `json:"at"`
		}{text, time.Date(2026, 11, 20, 12, 1, 34, 0, time.UTC)})
		if err != nil {
			t.Fatal(err)
		}
		r, err := Record("event", "A/1", data)
		if err != nil {
			t.Fatal(err)
		}
		l.add(t, r)
	}
	if got, want := string(l.records[1]), `{"data":{"at":"2026-11-20T12:01:34Z","text":"百分之百纯羊毛"},"kind":"event","ref":"A/1"}`; got != want {
		t.Errorf("record\n got %s\nwant %s", got, want)
	}
	if got, want := l.tree.Root().String(), "BTfD7f/thuj+Moa0zDV3aCv3TZZLhKQ4GeEUvK3fJ28="; got != want {
		t.Errorf("root %s, want %s", got, want)
	}
}

func TestResumeContinuesTheSameTree(t *testing.T) {
	var l log
	l.add(t, numbered(130)...)
	for n := range int64(131) {
		resumed, err := Resume(n, &l)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range l.records[n:] {
			resumed.Append(nil, r)
		}
		if resumed.Root() != l.tree.Root() || resumed.Size() != 130 {
			t.Fatalf("resumed after %d leaves: another tree", n)
		}
	}
	if _, err := Resume(200, &l); err == nil {
		t.Error("resuming beyond the stored hashes: no error")
	}
	if _, err := Resume(-1, &l); err == nil {
		t.Error("resuming at a negative size: no error")
	}
}

func TestACopyOfTheTreeIsARollback(t *testing.T) {
	var l log
	l.add(t, numbered(7)...)
	before, root := l.tree, l.tree.Root()
	l.tree.Append(nil, []byte("rolled back"))
	if before.Root() != root || before.Size() != 7 {
		t.Error("appending to the tree changed its copy")
	}
}

func TestProofs(t *testing.T) {
	var l log
	l.add(t, numbered(37)...)
	root := l.tree.Root()
	for n, r := range l.records {
		p, err := Prove(37, int64(n), &l)
		if err != nil {
			t.Fatal(err)
		}
		if err := CheckProof(p, 37, root, int64(n), r); err != nil {
			t.Errorf("leaf %d: %v", n, err)
		}
		if err := CheckProof(p, 37, root, int64(n), append([]byte("x"), r...)); err == nil {
			t.Errorf("leaf %d: the proof holds for another record", n)
		}
	}
	if _, err := Prove(37, 37, &l); err == nil {
		t.Error("a proof for a leaf beyond the log: no error")
	}
}

func TestPrefix(t *testing.T) {
	var l log
	l.add(t, numbered(20)...)
	old := l.tree.Root()
	l.add(t, numbered(13)...)
	if err := CheckPrefix(20, old, 33, &l); err != nil {
		t.Errorf("a log that only grew: %v", err)
	}
	if err := CheckPrefix(20, old, 19, &l); err == nil {
		t.Error("a log cut short: no error")
	}
	if err := CheckPrefix(20, Hash{1}, 33, &l); err == nil {
		t.Error("a rewritten log: no error")
	}
}

func TestVerifyNamesTheFirstBadLeaf(t *testing.T) {
	const size = verifyChunk + 500
	tests := []struct {
		name   string
		tamper func(l *log)
		index  int64
	}{
		{"a byte of a leaf", func(l *log) { l.records[4][20] ^= 1 }, 4},
		{"a leaf in the second chunk", func(l *log) { l.records[2100][20] ^= 1 }, 2100},
		{"the first leaf", func(l *log) { l.records[0] = []byte("{}") }, 0},
		{"a leaf's hash", func(l *log) { l.hashes[tlog.StoredHashIndex(0, 9)][31] ^= 1 }, 9},
		{"a node's hash", func(l *log) { l.hashes[tlog.StoredHashIndex(3, 2)][0] ^= 0x80 }, 23},
		{"two leaves exchanged", func(l *log) { l.records[5], l.records[6] = l.records[6], l.records[5] }, 5},
		{"a leaf taken out", func(l *log) { l.records = slices.Delete(l.records, 11, 12) }, 11},
		{"a leaf put in", func(l *log) { l.records = slices.Insert(l.records, 12, []byte("{}")) }, 12},
		{"the last leaf taken", func(l *log) { l.records = l.records[:size-1] }, size - 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var l log
			l.add(t, numbered(size)...)
			if root, err := Verify(size, l.leaves(), &l); err != nil || root != l.tree.Root() {
				t.Fatalf("untouched: root %x, %v", root, err)
			}
			tt.tamper(&l)
			_, err := Verify(size, l.leaves(), &l)
			var f *MismatchError
			if !errors.As(err, &f) {
				t.Fatalf("err = %v, want a MismatchError", err)
			}
			if f.Index != tt.index || f.What == "" {
				t.Errorf("fault %v, want one at leaf %d", f, tt.index)
			}
		})
	}
}

func TestVerifyTellsReadingFromTampering(t *testing.T) {
	var l log
	l.add(t, numbered(3)...)
	broken := errors.New("disk")
	_, err := Verify(3, func(yield func(Leaf, error) bool) { yield(Leaf{}, broken) }, &l)
	var f *MismatchError
	if !errors.Is(err, broken) || errors.As(err, &f) {
		t.Errorf("err = %v, want the reading error and no MismatchError", err)
	}
	_, err = Verify(3, l.leaves(), tlog.HashReaderFunc(func([]int64) ([]Hash, error) { return nil, broken }))
	if !errors.Is(err, broken) || errors.As(err, &f) {
		t.Errorf("err = %v, want the reading error and no MismatchError", err)
	}
}

func TestVerifyFindsAnyFlip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var l log
		l.add(t, numbered(rapid.IntRange(1, 70).Draw(t, "size"))...)
		size := l.tree.Size()
		bit := byte(1) << rapid.IntRange(0, 7).Draw(t, "bit")
		if rapid.Bool().Draw(t, "flip a hash") {
			i := rapid.IntRange(0, len(l.hashes)-1).Draw(t, "hash")
			l.hashes[i][rapid.IntRange(0, 31).Draw(t, "byte")] ^= bit
		} else {
			r := l.records[rapid.IntRange(0, int(size)-1).Draw(t, "record")]
			r[rapid.IntRange(0, len(r)-1).Draw(t, "byte")] ^= bit
		}
		var f *MismatchError
		if _, err := Verify(size, l.leaves(), &l); !errors.As(err, &f) {
			t.Fatalf("a flipped bit was not found: %v", err)
		}
	})
}

func TestRecordKeepsEveryByteOfTheData(t *testing.T) {
	a, err := Record("flag", `3"`, []byte(`{"a":1}`))
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"data":{"a":1},"kind":"flag","ref":"3\""}`; string(a) != want {
		t.Errorf("record %s, want %s", a, want)
	}
	b, err := Record("flag", `3"`, []byte(`{"a": 1}`))
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(a, b) {
		t.Error("a changed byte of the data gives the same record")
	}
	for _, bad := range []string{``, `7`, `[1]`, `"x"`} {
		if _, err := Record("flag", "3", []byte(bad)); err == nil {
			t.Errorf("data %q: no error", bad)
		}
	}
	if _, err := Record("flag", "\xff", []byte(`{}`)); err == nil {
		t.Error("a ref that is no UTF-8: no error")
	}
}

func TestCanonicalSortsAndKeepsIntegers(t *testing.T) {
	got, err := Canonical(map[string]any{"z": 1, "ns": int64(1795176094958000001), "a": []string{"<&>", "é\n"}})
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"a":["<&>","é\n"],"ns":1795176094958000001,"z":1}`; string(got) != want {
		t.Errorf("canonical %s, want %s", got, want)
	}
	if _, err := Canonical(func() {}); err == nil {
		t.Error("a function: no error")
	}
}

func BenchmarkAppend(b *testing.B) {
	var t Tree
	record := numbered(1)[0]
	hashes := make([]Hash, 0, 64)
	for b.Loop() {
		hashes = t.Append(hashes[:0], record)
	}
}
