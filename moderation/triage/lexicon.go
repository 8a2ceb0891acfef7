package triage

import (
	"cmp"
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"liveroom/claims/fold"
)

//go:embed lexicon.tsv
var lexiconTSV string

// maskFamily holds words that hide the family words inside them.
const maskFamily = "mask"

// A lexicon finds words of families in folded text.
type lexicon struct {
	families []string // sorted
	faults   map[string]bool
	meaning  map[string]string
	next     map[uint64]int32 // (state, rune) to state; state 0 begins a word
	ends     [][]int32        // families of the word that ends at a state
	naming
}

// A hit is a word of a family at the folded runes [from, to).
type hit struct {
	from, to int
	family   int32
}

func loadLexicon(tsv string) (*lexicon, error) {
	x := &lexicon{faults: map[string]bool{}, meaning: map[string]string{}, next: map[uint64]int32{}, ends: make([][]int32, 1)}
	type row struct{ family, words string }
	var rows []row
	n := 0
	for l := range strings.Lines(tsv) {
		n++
		l = strings.TrimSuffix(l, "\n")
		if l == "" || strings.HasPrefix(l, "#") {
			continue
		}
		f := strings.Split(l, "\t")
		if len(f) != 3 || f[0] == "" || f[2] == "" {
			return nil, fmt.Errorf("lexicon line %d: want family, words and meaning parted by tabs", n)
		}
		if name, ok := strings.CutSuffix(f[0], "!"); ok {
			f[0] = name
			x.faults[name] = true
		}
		rows = append(rows, row{f[0], f[1]})
		x.meaning[f[0]] = f[2]
	}
	for name := range x.meaning {
		x.families = append(x.families, name)
	}
	slices.Sort(x.families)
	for _, r := range rows {
		id, _ := slices.BinarySearch(x.families, r.family)
		for _, w := range strings.Fields(r.words) {
			x.add(strings.ReplaceAll(w, "_", " "), int32(id))
		}
	}
	x.naming = nameFamilies(x)
	return x, nil
}

func (x *lexicon) add(word string, family int32) {
	s := int32(0)
	for _, r := range fold.String(word) {
		k := uint64(s)<<32 | uint64(r)
		t, ok := x.next[k]
		if !ok {
			t = int32(len(x.ends))
			x.next[k] = t
			x.ends = append(x.ends, nil)
		}
		s = t
	}
	if !slices.Contains(x.ends[s], family) {
		x.ends[s] = append(x.ends[s], family)
	}
}

// find appends the words in t by their start. A word inside a longer one of
// the lexicon is not reported: 假期 holds no 假.
func (x *lexicon) find(out, masked []hit, t []rune) (_, _ []hit) {
	reach := 0 // where the words found so far end
	for i := range t {
		if i > 0 && letter(t[i]) && letter(t[i-1]) {
			continue
		}
		s, longest := int32(0), -1
		end := 0
		for j := i; j < len(t); j++ {
			var ok bool
			if s, ok = x.next[uint64(s)<<32|uint64(t[j])]; !ok {
				break
			}
			if len(x.ends[s]) == 0 || letter(t[j]) && j+1 < len(t) && letter(t[j+1]) {
				continue
			}
			longest, end = int(s), j+1
		}
		if longest < 0 || end <= reach {
			continue
		}
		reach = end
		for _, f := range x.ends[longest] {
			if x.families[f] == maskFamily {
				masked = append(masked, hit{i, end, f})
			} else {
				out = append(out, hit{i, end, f})
			}
		}
	}
	return out, masked
}

// A naming gives every family a number: those of the lexicon, their opposites,
// and those that numbers make.
type naming struct {
	names   []string
	not     []int32 // by family: its opposite; -1: it has none
	measure [len(measureNames)]int32
	less    [len(measureNames)]int32
	cannot  int32
	once    int32
}

func nameFamilies(x *lexicon) naming {
	n := naming{names: slices.Clone(x.families)}
	add := func(name string) int32 {
		n.names = append(n.names, name)
		return int32(len(n.names) - 1)
	}
	for _, f := range x.families {
		if x.faults[f] {
			n.not = append(n.not, add("no-"+f))
		} else {
			n.not = append(n.not, -1)
		}
	}
	for m, name := range measureNames {
		n.measure[m], n.less[m] = -1, -1
		if name != "" {
			n.measure[m] = add(name)
		}
		n.less[m] = add(cmp.Or(name, "#number") + "<")
	}
	n.cannot, n.once = add("#cannot"), add("#once")
	return n
}
