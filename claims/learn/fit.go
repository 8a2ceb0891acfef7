package learn

import "math"

// An Example is a text as the cues it shows, by number, and its kind.
type Example struct {
	Cues []int32
	Kind int
	Rate float64 // how much it counts
	Felt float64 // how strongly each of its cues is felt; 0: fully
}

// felt is 1 where nothing is said.
func (e *Example) felt() float64 {
	if e.Felt == 0 {
		return 1
	}
	return e.Felt
}

// A Learner fits softmax regression: the weights that make the examples likely
// while staying small. Nothing in it is random, so the same examples give the
// same weights.
type Learner struct {
	Kinds  int
	Scale  []float64 // by cue: how strongly it is felt, hence how little it is held back
	Decay  float64   // how small weights are held
	Epochs int       // passes over the examples
}

// Fit returns weights by cue and kind; the last row is the bias.
func (l Learner) Fit(examples []Example) [][]float64 {
	n := len(l.Scale)
	w, g2 := matrix(n+1, l.Kinds), matrix(n+1, l.Kinds)
	grad := matrix(n+1, l.Kinds)
	p := make([]float64, l.Kinds)
	for epoch := range l.Epochs {
		rate := 0.5 / math.Sqrt(1+float64(epoch)/20)
		for i := range grad {
			clear(grad[i])
		}
		for _, e := range examples {
			felt := e.felt()
			l.predict(w, e.Cues, felt, p)
			p[e.Kind]--
			for k := range p {
				d := e.Rate * p[k]
				for _, c := range e.Cues {
					grad[c][k] += d * felt * l.Scale[c]
				}
				grad[n][k] += d
			}
		}
		for i := range w {
			decay := l.Decay
			if i == n {
				decay = 0
			}
			for k := range w[i] {
				g := grad[i][k] + decay*w[i][k]
				g2[i][k] += g * g
				if g != 0 {
					w[i][k] -= rate * g / math.Sqrt(g2[i][k]+1e-9)
				}
			}
		}
	}
	for c := range l.Scale {
		for k := range w[c] {
			w[c][k] *= l.Scale[c]
		}
	}
	return w
}

// predict fills p with the probability of each kind.
func (l Learner) predict(w [][]float64, cues []int32, felt float64, p []float64) {
	copy(p, w[len(l.Scale)])
	for _, c := range cues {
		s := felt * l.Scale[c]
		for k, v := range w[c] {
			p[k] += s * v
		}
	}
	softmax(p)
}

func softmax(p []float64) {
	top := p[0]
	for _, v := range p {
		top = max(top, v)
	}
	sum := 0.0
	for i, v := range p {
		p[i] = math.Exp(v - top)
		sum += p[i]
	}
	for i := range p {
		p[i] /= sum
	}
}

func matrix(rows, columns int) [][]float64 {
	all := make([]float64, rows*columns)
	m := make([][]float64, rows)
	for i := range m {
		m[i] = all[i*columns : (i+1)*columns]
	}
	return m
}
