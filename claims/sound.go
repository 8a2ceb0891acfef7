package claims

import "liveroom/claims/fold"

// A soundName is a name of the sheet, found by its first two syllables.
type soundName struct {
	runes []rune
	p     *product
}

// soundsLike finds the product whose name, alias or brand is heard in a line
// that names none in characters: 远兰 for 远澜. At least two syllables must agree,
// the longest name wins, and two products that sound the same are none.
func (l *line) soundsLike() *product {
	var best *product
	length, tied := 1, false
	index := l.c.soundIndex()
	for i := 0; i+1 < len(l.t.R); i++ {
		for _, a := range fold.Sounds(l.t.R[i]) {
			for _, b := range fold.Sounds(l.t.R[i+1]) {
				for _, n := range index[[2]fold.Sound{a, b}] {
					if len(n.runes) < length || !l.heard(i, n.runes) {
						continue
					}
					tied = len(n.runes) == length && best != nil && best != n.p
					best, length = n.p, len(n.runes)
				}
			}
		}
	}
	if tied {
		return nil
	}
	return best
}

// heard reports whether the syllables of a name stand in a row from i on.
func (l *line) heard(i int, name []rune) bool {
	if i+len(name) > len(l.t.R) {
		return false
	}
	for k, r := range name {
		if !alike(l.t.R[i+k], r) {
			return false
		}
	}
	return true
}

func alike(a, b rune) bool {
	if a == b {
		return true
	}
	for _, x := range fold.Sounds(a) {
		for _, y := range fold.Sounds(b) {
			if x == y {
				return true
			}
		}
	}
	return false
}

// indexSounds lists the names of products by their first two syllables.
func indexSounds(products []*product) map[[2]fold.Sound][]soundName {
	index := map[[2]fold.Sound][]soundName{}
	for _, p := range products {
		for _, name := range append([]string{p.brand}, p.names...) {
			r := []rune(name)
			if len(r) < 2 {
				continue
			}
			for _, a := range fold.Sounds(r[0]) {
				for _, b := range fold.Sounds(r[1]) {
					k := [2]fold.Sound{a, b}
					index[k] = append(index[k], soundName{r, p})
				}
			}
		}
	}
	return index
}
