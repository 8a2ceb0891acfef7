// Package ledger is the arithmetic of the tamper-evident record: a Merkle tree
// over records as RFC 6962 defines it, laid out in storage as
// golang.org/x/mod/sumdb/tlog lays it out.
//
// A record is the canonical JSON of one leaf, see Record. Record n (from
// 0) adds 1 to 1+log₂n hashes, which stand in storage one after the other from
// tlog.StoredHashIndex(0, n) on; Tree.Append computes them, the store writes
// them in the same transaction as the record itself.
//
// What it promises: a record that was changed, added in the middle, exchanged
// or taken away is found by Verify, and so is a changed hash. What it cannot
// promise: a log that was cut short and is otherwise whole looks like a log
// that was never longer. That takes a head kept elsewhere, see CheckPrefix.
//
// Nothing here locks or does IO: a Tree belongs to one goroutine and is a value
// that can be copied, so that a transaction rolled back is the old copy.
package ledger

import (
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// Hash is a SHA-256 hash of a record or of a node of the tree.
type Hash = tlog.Hash

// maxPeaks bounds the complete subtrees of a tree: one for each bit of an int64.
const maxPeaks = 63

// A Tree is the growing edge of a log: its size and its complete subtrees. The
// zero value is the empty log.
type Tree struct {
	size  int64
	n     int
	peaks [maxPeaks]Hash // largest subtree first
}

// Resume is the tree of a log of size records whose hashes are stored.
func Resume(size int64, stored tlog.HashReader) (Tree, error) {
	t := Tree{size: size}
	if size == 0 {
		return t, nil
	}
	if size < 0 {
		return Tree{}, fmt.Errorf("resume ledger: size %d is negative", size)
	}
	var want []int64
	var done int64
	for level := maxPeaks - 1; level >= 0; level-- {
		if size&(1<<level) == 0 {
			continue
		}
		want = append(want, tlog.StoredHashIndex(level, done>>level))
		done += 1 << level
	}
	got, err := stored.ReadHashes(want)
	if err != nil {
		return Tree{}, fmt.Errorf("resume ledger of %d leaves: %w", size, err)
	}
	if len(got) != len(want) {
		return Tree{}, fmt.Errorf("resume ledger of %d leaves: %d hashes read, %d needed", size, len(got), len(want))
	}
	t.n = copy(t.peaks[:], got)
	return t, nil
}

// Size is the number of records.
func (t *Tree) Size() int64 { return t.size }

// Append adds record number t.Size() and appends to dst the hashes that must be
// stored from tlog.StoredHashIndex(0, thatNumber) on.
func (t *Tree) Append(dst []Hash, record []byte) []Hash {
	return t.appendHash(dst, tlog.RecordHash(record))
}

func (t *Tree) appendHash(dst []Hash, h Hash) []Hash {
	dst = append(dst, h)
	for odd := t.size; odd&1 == 1; odd >>= 1 {
		t.n--
		h = tlog.NodeHash(t.peaks[t.n], h)
		dst = append(dst, h)
	}
	t.peaks[t.n] = h
	t.n++
	t.size++
	return dst
}

// Root is the tree's hash: of no records, the hash of nothing.
func (t *Tree) Root() Hash {
	if t.n == 0 {
		root, err := tlog.TreeHash(0, nil)
		if err != nil {
			panic("ledger: the empty tree has no hash: " + err.Error())
		}
		return root
	}
	h := t.peaks[t.n-1]
	for i := t.n - 2; i >= 0; i-- {
		h = tlog.NodeHash(t.peaks[i], h)
	}
	return h
}

// Prove returns the proof that record n stands in the log of the given size.
func Prove(size, n int64, stored tlog.HashReader) ([]Hash, error) {
	p, err := tlog.ProveRecord(size, n, stored)
	if err != nil {
		return nil, fmt.Errorf("prove leaf %d of %d: %w", n, size, err)
	}
	return p, nil
}

// CheckProof verifies without the log that record stands at n in the log with
// this size and root.
func CheckProof(proof []Hash, size int64, root Hash, n int64, record []byte) error {
	return CheckHashProof(proof, size, root, n, tlog.RecordHash(record))
}

// CheckHashProof is CheckProof for who was given a record's hash, RFC 6962's of a
// leaf, and not the record.
func CheckHashProof(proof []Hash, size int64, root Hash, n int64, record Hash) error {
	if err := tlog.CheckRecord(proof, size, root, n, record); err != nil {
		return fmt.Errorf("leaf %d of %d: %w", n, size, err)
	}
	return nil
}

// CheckPrefix verifies that the log with the given size still begins with the
// log whose head was oldSize and oldRoot. It finds a log cut short or rewritten
// since that head was noted.
func CheckPrefix(oldSize int64, oldRoot Hash, size int64, stored tlog.HashReader) error {
	if size < oldSize {
		return fmt.Errorf("the ledger had %d leaves and has %d: it was cut short", oldSize, size)
	}
	was, err := tlog.TreeHash(oldSize, stored)
	if err != nil {
		return fmt.Errorf("root of the first %d leaves: %w", oldSize, err)
	}
	if was != oldRoot {
		return fmt.Errorf("the first %d leaves have root %x and had %x: the ledger was rewritten", oldSize, was[:], oldRoot[:])
	}
	return nil
}
