package learn_test

import (
	"testing"

	"liveroom/claims/learn"
)

func TestLearnerTellsTwoKindsApart(t *testing.T) {
	l := learn.Learner{Kinds: 2, Scale: []float64{1, 1, 1}, Decay: 0.01, Epochs: 100}
	w := l.Fit([]learn.Example{
		{Cues: []int32{0, 2}, Kind: 0, Rate: 1},
		{Cues: []int32{1, 2}, Kind: 1, Rate: 1},
	})
	if w[0][0] <= w[0][1] || w[1][1] <= w[1][0] {
		t.Errorf("weights %v", w)
	}
	if d := w[2][0] - w[2][1]; d > 0.01 || d < -0.01 {
		t.Errorf("what both share speaks for one: %v", w[2])
	}
}
