package lexicon_test

import (
	"cmp"
	"slices"
	"strings"
	"testing"

	"liveroom/claims/fold"
	"liveroom/claims/lexicon"
)

// plainly finds the terms the plain way: every surface at every place.
func plainly(terms []*lexicon.Term, t []rune) []lexicon.Match {
	var out []lexicon.Match
	for _, term := range terms {
		seen := map[string]bool{}
		for _, s := range term.Surfaces {
			r := []rune(fold.String(s))
			if len(r) == 0 || seen[string(r)] {
				continue
			}
			seen[string(r)] = true
			for i := 0; i+len(r) <= len(t); i++ {
				if j := i + len(r); slices.Equal(t[i:j], r) && whole(t, i, j) {
					out = append(out, lexicon.Match{Start: i, End: j, Term: term})
				}
			}
		}
	}
	return out
}

// whole reports whether [i, j) does not begin or end inside a Latin word; an s
// behind it is its plural.
func whole(t []rune, i, j int) bool {
	if fold.Letter(t[i]) && i > 0 && fold.Letter(t[i-1]) {
		return false
	}
	if !fold.Letter(t[j-1]) || j == len(t) || !fold.Letter(t[j]) {
		return true
	}
	return t[j] == 's' && (j+1 == len(t) || !fold.Letter(t[j+1]))
}

func byPlace(a, b lexicon.Match) int {
	return cmp.Or(a.Start-b.Start, a.End-b.End, strings.Compare(a.Term.Name, b.Term.Name))
}

// FuzzFind holds the matcher to the plain way, over terms that the text itself
// is cut into: its first runes, a pair, one more, all.
func FuzzFind(f *testing.F) {
	f.Add("羊毛羊绒羊毛衫", uint8(2), uint8(3))
	f.Add("wool woolen wools 羊", uint8(4), uint8(5))
	f.Add("𠮷𠮷a𠮷", uint8(1), uint8(2))
	f.Fuzz(func(t *testing.T, text string, n, at uint8) {
		var x fold.Text
		x.Fold(text)
		if len(x.R) == 0 || len(x.R) > 200 {
			return
		}
		cut := func(from, n int) string {
			from = min(from, len(x.R)-1)
			return string(x.R[from:min(from+max(n, 1), len(x.R))])
		}
		terms := []*lexicon.Term{
			{Name: "a", Surfaces: []string{cut(0, int(n)), cut(int(at), 2)}},
			{Name: "b", Surfaces: []string{cut(int(at), int(n)), cut(int(at), 1)}},
			{Name: "c", Surfaces: []string{cut(int(at), 2), cut(0, len(x.R))}},
			{Name: "d", Surfaces: []string{cut(int(at)+1, 3)}},
		}
		got, want := lexicon.NewMatcher(terms).Find(nil, x.R), plainly(terms, x.R)
		for i := 1; i < len(got); i++ {
			if a, b := got[i-1], got[i]; a.Start > b.Start || a.Start == b.Start && a.End > b.End {
				t.Fatalf("%q: %d–%d before %d–%d", text, a.Start, a.End, b.Start, b.End)
			}
		}
		slices.SortFunc(got, byPlace)
		slices.SortFunc(want, byPlace)
		if !slices.Equal(got, want) {
			t.Fatalf("%q: found %+v, plainly %+v", text, got, want)
		}
	})
}
