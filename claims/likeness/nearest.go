package likeness

import (
	"embed"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"liveroom/claims/fold"
	"liveroom/claims/learn"
)

//go:embed corpus/*.tsv
var corpusFiles embed.FS

// An example is a line of the corpus.
type example struct {
	text   string
	sounds learn.Pairs
}

// examples are the lines of the corpus by kind, the last those that claim nothing. The names of files and kinds
// are those of the train command, which refuses anything else.
var examples = sync.OnceValue(func() (out [NumKinds + 1][]example) {
	names, err := fs.Glob(corpusFiles, "corpus/*.tsv")
	if err != nil {
		panic("likeness: " + err.Error())
	}
	for _, name := range names {
		b, err := corpusFiles.ReadFile(name)
		if err != nil {
			panic("likeness: " + err.Error())
		}
		for l := range strings.Lines(string(b)) {
			kind, text, _ := strings.Cut(strings.TrimSuffix(l, "\n"), "\t")
			if k := slices.Index(kindNames[:], kind); k >= 0 || kind == "-" {
				if k < 0 {
					k = int(NumKinds)
				}
				out[k] = append(out[k], example{text, learn.SoundsOf(fold.String(text))})
			}
		}
	}
	return out
})

// Nearest is the line of the corpus of kind k that sounds most like the folded
// runes t, and how much, in percent: twice the pairs of neighbouring sounds that
// both have, of the pairs that each has.
func Nearest(k Kind, t []rune) (text string, percent int) { return nearest(examples()[k], t) }

// NearestInnocent is the like among the lines that claim nothing.
func NearestInnocent(t []rune) (text string, percent int) { return nearest(examples()[NumKinds], t) }

func nearest(of []example, t []rune) (text string, percent int) {
	have := learn.SoundsOf(string(t))
	for _, e := range of {
		if n := have.Shared(e.sounds); n > percent {
			text, percent = e.text, n
		}
	}
	return text, percent
}
