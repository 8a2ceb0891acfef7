package quantity

import (
	"fmt"
	"slices"
	"strings"

	"liveroom/claims/fold"
)

// A Reader reads amounts in the common units and in those it was given. It
// never changes after it is made and may be shared by goroutines.
type Reader struct{ own map[rune][]unit }

// Common reads the common units alone.
var Common = &Reader{}

// A Unit is a unit that a house adds to the common ones.
type Unit struct {
	Name     string   // what findings call it
	Surfaces []string // how it is said
	Dim      Dim
	Scale    int64 // what one of it is in the base of Dim
}

// maxScale keeps a thousand of any unit within what an amount can hold.
const maxScale = 1_000_000_000_000_000

// NewReader makes a reader that knows the given units too. Where both fit, the
// longer surface counts, and of two alike the given one.
func NewReader(units []Unit) (*Reader, error) {
	rd := &Reader{own: map[rune][]unit{}}
	for _, u := range units {
		if u.Scale < 1 || u.Scale > maxScale {
			return nil, fmt.Errorf("unit %s: a scale from 1 to %d is expected", u.Name, int64(maxScale))
		}
		for _, s := range u.Surfaces {
			r := []rune(strings.TrimSpace(fold.String(s)))
			if len(r) == 0 || readsAsNumber(r) {
				return nil, fmt.Errorf("unit %s: %q cannot be told from a number or from nothing", u.Name, s)
			}
			rd.own[r[0]] = append(rd.own[r[0]], unit{r, u.Name, u.Dim, u.Scale, 1, fold.Letter(r[len(r)-1]), string(r)})
		}
	}
	for r := range rd.own {
		slices.SortStableFunc(rd.own[r], func(a, b unit) int { return len(b.surface) - len(a.surface) })
	}
	return rd, nil
}

// readsAsNumber reports whether a surface begins with what a number goes on
// with.
func readsAsNumber(r []rune) bool {
	return isDigit(r[0]) || digitOf(r[0]) >= 0 && r[0] != '两' || multiplier(r[0]) > 0 || strings.ContainsRune(".,+-%^/~点又多余几半", r[0])
}

// unitAt finds the longest unit at i.
func (rd *Reader) unitAt(t []rune, i int) (unit, bool) {
	if i >= len(t) {
		return unit{}, false
	}
	u, ok := longestUnit(unitsBy[t[i]], t, i)
	if rd.own != nil {
		if own, has := longestUnit(rd.own[t[i]], t, i); has && len(own.surface) >= len(u.surface) {
			return own, true
		}
	}
	return u, ok
}

func longestUnit(list []unit, t []rune, i int) (unit, bool) {
	for _, u := range list {
		if hasAt(t, i, u.surface) && (!u.letter || !letterAt(t, i+len(u.surface))) {
			return u, true
		}
	}
	return unit{}, false
}

func (rd *Reader) startsUnit(t []rune, i int) bool {
	_, ok := rd.unitAt(t, i)
	return ok
}

// ParseDim is the dimension of a name as String gives it.
func ParseDim(name string) (Dim, bool) {
	i := slices.Index(dimNames[:], name)
	return Dim(max(i, 0)), i >= 0
}

// Scan appends the amounts of folded text t in the common units to out, from
// left to right and without overlaps. skip, when not nil, tells runes that
// belong to a name and hold no amount.
func Scan(out []Quantity, t []rune, skip func(i int) bool) []Quantity {
	return Common.Scan(out, t, skip)
}

// At reads one amount in the common units that starts at i.
func At(t []rune, i int) (Quantity, bool) { return Common.At(t, i) }
