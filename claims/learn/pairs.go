package learn

import (
	"slices"
	"unicode"

	"liveroom/claims/fold"
)

// Pairs are the different pairs of neighbours of a text, sorted.
type Pairs []uint64

// PairsOf gives the pairs of neighbouring characters of folded text.
func PairsOf(folded string) Pairs {
	return pairsOf(folded, func(r rune) uint32 { return uint32(r) })
}

// SoundsOf gives the pairs of neighbouring sounds of folded text: what a speech
// recogniser spells with other characters has the same.
func SoundsOf(folded string) Pairs {
	return pairsOf(folded, func(r rune) uint32 {
		heard := fold.Sounds(r)
		if len(heard) == 0 {
			return uint32(r)
		}
		return 1<<31 | uint32(heard[0])
	})
}

func pairsOf(folded string, name func(rune) uint32) Pairs {
	var out Pairs
	last := uint32(0)
	for _, r := range folded {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			last = 0
			continue
		}
		n := name(r)
		if last != 0 {
			out = append(out, uint64(last)<<32|uint64(n))
		}
		last = n
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// In counts the pairs that stand in other too.
func (p Pairs) In(other Pairs) int {
	n := 0
	for i, j := 0, 0; i < len(p) && j < len(other); {
		switch {
		case p[i] == other[j]:
			n, i, j = n+1, i+1, j+1
		case p[i] < other[j]:
			i++
		default:
			j++
		}
	}
	return n
}

// Shared is twice what both have, of what each has, in percent.
func (p Pairs) Shared(other Pairs) int {
	if len(p)+len(other) == 0 {
		return 0
	}
	return 200 * p.In(other) / (len(p) + len(other))
}
