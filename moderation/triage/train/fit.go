package main

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"liveroom/moderation/triage"
)

// How the corpus is learned. Measured with -folds 5 on it; none of them matters
// much within a factor of two.
const (
	decay   = 1.0 // how small weights are held
	epochs  = 200 // passes over the corpus
	seldom  = 3   // a cue in fewer messages says nothing
	balance = 0.5 // 0: every message counts alike; 1: every type does
	faint   = 20  // a cue none of whose weights, in thousandths, reaches this is left out

	word  = 1.0 // families and shapes
	frame = 0.3 // one family after another
	gram  = 1.2 // characters
)

func scaleOf(cue string) float64 {
	switch {
	case cue[0] == '@' && strings.Contains(cue, ">"):
		return frame
	case cue[0] == '@', cue[0] == '=':
		return word
	}
	return gram
}

// A fitted model is what was learned of a corpus.
type fitted struct {
	cues    []string // sorted
	weights [][]int  // by cue and type, in thousandths; the last row is the bias
}

func learn(msgs []message) *fitted {
	shown := make([][]string, len(msgs))
	count := map[string]int{}
	sizes := make([]float64, len(triage.Types))
	for i, m := range msgs {
		shown[i] = triage.Cues(m.text)
		for _, c := range shown[i] {
			count[c]++
		}
		sizes[m.kind]++
	}
	f := &fitted{}
	for cue, n := range count {
		if n >= seldom {
			f.cues = append(f.cues, cue)
		}
	}
	slices.Sort(f.cues)

	l := learner{kinds: len(triage.Types), decay: decay, epochs: epochs}
	for _, cue := range f.cues {
		l.scale = append(l.scale, scaleOf(cue))
	}
	mean := float64(len(msgs)) / float64(len(triage.Types))
	examples := make([]example, len(msgs))
	for i, m := range msgs {
		examples[i] = example{kind: m.kind, rate: math.Pow(mean/sizes[m.kind], balance), cues: f.known(shown[i])}
	}
	for _, row := range l.fit(examples) {
		whole := make([]int, len(row))
		for k, v := range row {
			whole[k] = int(math.Round(v * 1000))
		}
		f.weights = append(f.weights, whole)
	}
	return f
}

// known numbers those of the cues that have weights.
func (f *fitted) known(cues []string) []int32 {
	var out []int32
	for _, c := range cues {
		if i, ok := slices.BinarySearch(f.cues, c); ok {
			out = append(out, int32(i))
		}
	}
	return out
}

func (f *fitted) guess(text string) int {
	sum := slices.Clone(f.weights[len(f.cues)])
	for _, c := range f.known(triage.Cues(text)) {
		for k, v := range f.weights[c] {
			sum[k] += v
		}
	}
	return slices.Index(sum, slices.Max(sum))
}

// write puts out one row a cue; the row without a cue is the bias.
func (f *fitted) write(w io.Writer) {
	fmt.Fprintf(w, "# Written by the train command. What each cue speaks for each type, in thousandths of log odds.\n# cue")
	for _, t := range triage.Types {
		fmt.Fprintf(w, "\t%s", t)
	}
	fmt.Fprintln(w)
	row := func(cue string, weights []int) {
		fmt.Fprint(w, cue)
		for _, v := range weights {
			if v == 0 {
				fmt.Fprint(w, "\t")
			} else {
				fmt.Fprintf(w, "\t%d", v)
			}
		}
		fmt.Fprintln(w)
	}
	row("", f.weights[len(f.cues)])
	for i, cue := range f.cues {
		if slices.Max(f.weights[i]) >= faint || slices.Min(f.weights[i]) <= -faint {
			row(cue, f.weights[i])
		}
	}
}
