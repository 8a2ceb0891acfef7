package main

import (
	"math"
	"slices"
	"strings"

	"liveroom/claims/learn"
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

// fit learns how much each cue of the messages speaks for each type.
func fit(msgs []message) *learn.Weights {
	shown := make([][]string, len(msgs))
	sizes := make([]float64, len(triage.Types))
	for i, m := range msgs {
		shown[i] = triage.Cues(m.text)
		sizes[m.kind]++
	}
	mean := float64(len(msgs)) / float64(len(triage.Types))
	texts := make([]learn.Text, len(msgs))
	for i, m := range msgs {
		texts[i] = learn.Text{Kind: m.kind, Rate: math.Pow(mean/sizes[m.kind], balance), Cues: shown[i]}
	}
	l := learn.Learner{Kinds: len(triage.Types), Decay: decay, Epochs: epochs}
	return l.Learn(learn.Common(shown, seldom), scaleOf, texts)
}

func guess(w *learn.Weights, text string) int {
	sum := w.Sum(triage.Cues(text))
	return slices.Index(sum, slices.Max(sum))
}
