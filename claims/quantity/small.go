package quantity

// Most numerals of ordinary talk are a 一 that counts nothing: 一点, 一下, 一个,
// 一模一样. Reading each of them as an amount took two thirds of the time of a
// line that claims nothing.

// MayHold reports whether t may hold an amount that is worth reading: any but a
// lone 一, with no unit, with one that slight says means little, or as one
// piece. What it says no to, Scan reads as 1.
func (rd *Reader) MayHold(t []rune, slight func(unit string) bool) bool {
	for i, r := range t {
		if !mayStart.has(r) || rd.lone(t, i) || !starts(t, i) {
			continue
		}
		if r != '一' || !rd.slightOne(t, i, slight) {
			return true
		}
	}
	return false
}

// slightOne reports whether the 一 at i stands alone or with a slight unit.
func (rd *Reader) slightOne(t []rune, i int, slight func(unit string) bool) bool {
	if i > 0 && comesBefore.has(t[i-1]) {
		return false
	}
	if i+1 >= len(t) {
		return true
	}
	if goesOn.has(t[i+1]) && t[i+1] != '点' {
		return false
	}
	u, ok := rd.unitAt(t, i+1)
	if !ok {
		return t[i+1] != '点' || i+2 >= len(t) || !goesOn.has(t[i+2])
	}
	after := i + 1 + len(u.surface)
	if after < len(t) && (goesOn.has(t[after]) || rd.startsUnit(t, after)) {
		return false
	}
	switch u.dim {
	case Count:
		return u.num == 1000 && u.den == 1
	case Index:
		return slight(u.name) || slight(u.said)
	}
	return false
}

// A runeSet is a set of the runes below 0x10000.
type runeSet [1 << 10]uint64

func (s *runeSet) add(runes string) {
	for _, r := range runes {
		s[r>>6] |= 1 << (r & 63)
	}
}

func (s *runeSet) has(r rune) bool { return uint32(r) < 0x10000 && s[r>>6]>>(r&63)&1 != 0 }

var (
	// mayStart are the runes that starts looks at.
	mayStart = func() *runeSet {
		s := new(runeSet)
		for r := rune(0); r < 0x10000; r++ {
			if starts([]rune{r, '1'}, 0) {
				s.add(string(r))
			}
		}
		s.add("百千佰仟万.-")
		return s
	}()
	// goesOn are the runes that a number goes on with, comesBefore those that
	// one reads on from or is bounded by.
	goesOn      = numerals("0123456789.+-%^/~<>=≤≥abcdefghijklmnopqrstuvwxyz点又多余几半来到至比分成折以之")
	comesBefore = numerals("0123456789.+-%^/~<>=≤≥abcdefghijklmnopqrstuvwxyz点又半第到至比分成折负超过满止达近约")
)

func numerals(and string) *runeSet {
	s := new(runeSet)
	for r := rune(0x4e00); r < 0xa000; r++ {
		if digitOf(r) >= 0 || multiplier(r) > 0 {
			s.add(string(r))
		}
	}
	s.add(and)
	return s
}
