package ledger

import (
	"fmt"
	"iter"

	"golang.org/x/mod/sumdb/tlog"
)

// verifyChunk is how many leaves' hashes are read at a time: enough that one
// read's cost does not show, little enough to hold a few hundred kilobytes.
const verifyChunk = 2048

// A Leaf is a record with the number it claims to have. Of a record that was
// erased only the hash is left, which the tree is made of all the same.
type Leaf struct {
	Index  int64 // from 0
	Record []byte
	Hash   Hash // of the record, where Record is nil
}

// A MismatchError is where a log first differs from what was written.
type MismatchError struct {
	Index int64  // number of the first bad leaf, from 0
	What  string // what differs
}

func (e *MismatchError) Error() string {
	return fmt.Sprintf("ledger: leaf %d: %s", e.Index, e.What)
}

// Verify recomputes the tree of size records from the records alone, compares
// every stored hash with the recomputed one, and returns the root. A difference
// is a *MismatchError, other errors are failures to read.
func Verify(size int64, leaves iter.Seq2[Leaf, error], stored tlog.HashReader) (Hash, error) {
	v := verifier{stored: stored}
	for leaf, err := range leaves {
		if err != nil {
			return Hash{}, fmt.Errorf("read leaf %d: %w", v.tree.Size(), err)
		}
		if err := v.add(leaf); err != nil {
			return Hash{}, err
		}
	}
	if err := v.compare(); err != nil {
		return Hash{}, err
	}
	if n := v.tree.Size(); n != size {
		return Hash{}, &MismatchError{n, fmt.Sprintf("missing: the ledger has %d leaves and claims %d", n, size)}
	}
	return v.tree.Root(), nil
}

// A verifier holds the hashes recomputed since the last comparison.
type verifier struct {
	tree   Tree
	stored tlog.HashReader
	from   int64 // leaf that hashes begins with
	hashes []Hash
	want   []int64
}

func (v *verifier) add(l Leaf) error {
	n := v.tree.Size()
	if l.Index != n {
		if err := v.compare(); err != nil {
			return err
		}
		return &MismatchError{n, fmt.Sprintf("missing or out of order: leaf %d stands in its place", l.Index)}
	}
	h := l.Hash
	if l.Record != nil {
		h = tlog.RecordHash(l.Record)
	}
	v.hashes = v.tree.appendHash(v.hashes, h)
	if n+1-v.from < verifyChunk {
		return nil
	}
	return v.compare()
}

func (v *verifier) compare() error {
	if len(v.hashes) == 0 {
		return nil
	}
	first := tlog.StoredHashIndex(0, v.from)
	v.want = v.want[:0]
	for i := range v.hashes {
		v.want = append(v.want, first+int64(i))
	}
	got, err := v.stored.ReadHashes(v.want)
	if err != nil {
		return fmt.Errorf("read the hashes of leaves %d to %d: %w", v.from, v.tree.Size()-1, err)
	}
	if len(got) != len(v.want) {
		return fmt.Errorf("read the hashes of leaves %d to %d: %d hashes, %d expected", v.from, v.tree.Size()-1, len(got), len(v.want))
	}
	for i, h := range v.hashes {
		if got[i] != h {
			return fault(v.want[i], got[i], h)
		}
	}
	v.from, v.hashes = v.tree.Size(), v.hashes[:0]
	return nil
}

// fault names the leaf whose writing stored the hash at index.
func fault(index int64, got, want Hash) *MismatchError {
	level, n := tlog.SplitStoredHashIndex(index)
	leaf := (n+1)<<level - 1
	if level == 0 {
		return &MismatchError{leaf, fmt.Sprintf("its data hashes to %x, its stored hash is %x", want[:8], got[:8])}
	}
	return &MismatchError{leaf, fmt.Sprintf("the stored hash of the %d leaves up to it is %x, their data gives %x", int64(1)<<level, got[:8], want[:8])}
}
