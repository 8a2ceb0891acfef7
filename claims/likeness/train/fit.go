package main

import (
	"errors"
	"io"
	"strings"
	"sync"

	"liveroom/claims/learn"
	"liveroom/claims/likeness"
)

// How the lines are learned. Measured by learning from all sets but one and
// trying that one; none of them matters much within a factor of two.
const (
	decay  = 5.0 // how small weights are held
	epochs = 200 // passes over the lines
	seldom = 3   // a cue in fewer lines says nothing
	slight = 20  // a weight, in thousandths, below this is none
	faint  = 50  // a cue none of whose weights reaches this is left out

	gateDecay = 1.0
	gateFaint = 32

	sound = 0.5 // what a recogniser misspells sounds the same
	other = 1.0
)

func scaleOf(cue string) float64 {
	if strings.HasPrefix(cue, "~") {
		return sound
	}
	return other
}

func write(lines []line, weights, gate io.Writer) error {
	var names []string
	for k := range likeness.NumKinds {
		names = append(names, k.String())
	}
	return errors.Join(
		fit(lines).Write(weights, names, faint),
		fitGate(lines).Write(gate, []string{"claims"}, gateFaint),
	)
}

// fit learns each kind against all else.
func fit(lines []line) *learn.Weights {
	shown := make([][]string, len(lines))
	for i, l := range lines {
		shown[i] = likeness.Cues(l.text)
	}
	cues := learn.Common(shown, seldom)
	all := &learn.Weights{Cues: cues, Rows: make([][]int32, len(cues)+1)}
	for i := range all.Rows {
		all.Rows[i] = make([]int32, likeness.NumKinds)
	}
	var wg sync.WaitGroup
	for k := range likeness.NumKinds {
		wg.Go(func() { fitKind(lines, shown, all, k) })
	}
	wg.Wait()
	return all
}

// fitKind fills the column of k.
func fitKind(lines []line, shown [][]string, all *learn.Weights, k likeness.Kind) {
	l := learn.Learner{Kinds: 2, Decay: decay, Epochs: epochs}
	var texts []learn.Text
	for i, e := range lines {
		if e.is[k] || !e.may[k] {
			texts = append(texts, learn.Text{Cues: shown[i], Kind: number(e.is[k]), Rate: 1})
		}
	}
	bias := len(all.Cues)
	for i, row := range l.Learn(all.Cues, scaleOf, texts).Rows {
		if v := row[1] - row[0]; v >= slight || v <= -slight || i == bias {
			all.Rows[i][k] = v
		}
	}
}

// fitGate learns whether a line is of any kind.
func fitGate(lines []line) *learn.Weights {
	var texts []learn.Text
	var shown [][]string
	for _, e := range lines {
		cues := likeness.GateCues(e.text)
		shown = append(shown, cues)
		texts = append(texts, learn.Text{Cues: cues, Kind: number(e.is != [likeness.NumKinds]bool{}), Rate: 1})
	}
	l := learn.Learner{Kinds: 2, Decay: gateDecay, Epochs: epochs}
	w := l.Learn(learn.Common(shown, seldom), func(string) float64 { return 1 }, texts)
	for i, row := range w.Rows {
		w.Rows[i] = []int32{row[1] - row[0]}
	}
	return w
}

func number(is bool) int {
	if is {
		return 1
	}
	return 0
}
