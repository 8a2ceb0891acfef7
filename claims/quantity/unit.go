package quantity

import (
	_ "embed"
	"strconv"
	"strings"
)

// Dim is what an amount measures. The comment gives the unit that Lo and Hi
// of a Quantity count.
type Dim uint8

// The dimensions.
const (
	Bare     Dim = iota // a number without unit, in thousandths
	Count               // pieces, in thousandths; Unit names the piece
	Mass                // mg
	Volume              // µl
	Length              // 0.1 mm
	Area                // mm²
	Money               // fen
	Ratio               // parts per million
	Discount            // share of the price to pay, parts per million
	Duration            // seconds; a month is 30 days, a year 365
	Date                // a year
	Ordinal             // 第三, 三号
	Index               // anything else, in thousandths; Unit names it
)

var dimNames = [...]string{"bare", "count", "mass", "volume", "length", "area", "money", "ratio", "discount", "duration", "date", "ordinal", "index"}

// String returns the dimension's name.
func (d Dim) String() string {
	if int(d) < len(dimNames) {
		return dimNames[d]
	}
	return "unknown"
}

//go:embed units.tsv
var unitsTSV string

// A unit is a surface form with what it means.
type unit struct {
	surface  []rune
	name     string // canonical
	dim      Dim
	num, den int64  // to the base of dim
	letter   bool   // ends in a Latin letter: must end a word
	said     string // the surface as text
}

// unitsBy lists units by first rune, longest first.
var unitsBy = loadUnits()

func loadUnits() map[rune][]unit {
	by := map[rune][]unit{}
	dims := map[string]Dim{}
	for i, n := range dimNames {
		dims[n] = Dim(i)
	}
	for line := range strings.Lines(unitsTSV) {
		f := strings.Split(strings.TrimRight(line, "\n"), "\t")
		if strings.HasPrefix(line, "#") || len(f) < 4 {
			continue
		}
		num, den := factor(f[2])
		for _, s := range strings.Fields(f[3]) {
			r := []rune(strings.ReplaceAll(s, "_", " "))
			last := r[len(r)-1]
			by[r[0]] = append(by[r[0]], unit{r, f[0], dims[f[1]], num, den, last >= 'a' && last <= 'z', string(r)})
		}
	}
	for r := range by {
		list := by[r]
		for i := range list {
			for j := i; j > 0 && len(list[j].surface) > len(list[j-1].surface); j-- {
				list[j], list[j-1] = list[j-1], list[j]
			}
		}
	}
	return by
}

func factor(s string) (num, den int64) {
	a, b, _ := strings.Cut(s, "/")
	num, _ = strconv.ParseInt(a, 10, 64)
	den = 1
	if b != "" {
		den, _ = strconv.ParseInt(b, 10, 64)
	}
	return max(num, 1), max(den, 1)
}

func hasAt(t []rune, i int, s []rune) bool {
	if i < 0 || i+len(s) > len(t) {
		return false
	}
	for k, r := range s {
		if t[i+k] != r {
			return false
		}
	}
	return true
}

func has(t []rune, i int, s string) bool {
	for _, r := range s {
		if i >= len(t) || i < 0 || t[i] != r {
			return false
		}
		i++
	}
	return true
}
