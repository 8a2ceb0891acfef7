package meant

import (
	_ "embed"
	"strings"
	"sync"

	"liveroom/claims/fold"
	"liveroom/claims/learn"
)

//go:embed corpus.tsv
var corpusTSV string

//go:embed own.tsv
var ownTSV string

type example struct {
	text   string
	sounds learn.Pairs
}

// unmeant are the lines of the corpus whose hits no label bears out.
var unmeant = sync.OnceValue(func() (out []example) {
	marks := strings.NewReplacer("⟦", "", "⟧", "")
	for l := range strings.Lines(corpusTSV + ownTSV) {
		col := strings.Split(strings.TrimSuffix(l, "\n"), "\t")
		if len(col) == 3 && col[0] == "-" {
			text := marks.Replace(col[2])
			out = append(out, example{text, learn.SoundsOf(fold.String(text))})
		}
	}
	return out
})

// Nearest is the line of the corpus, of those not meant, that sounds most like
// the folded runes t, and how much, in percent of the pairs of neighbouring
// sounds that both have.
func Nearest(t []rune) (text string, percent int) {
	have := learn.SoundsOf(string(t))
	for _, e := range unmeant() {
		if n := have.Shared(e.sounds); n > percent {
			text, percent = e.text, n
		}
	}
	return text, percent
}
