package main

import "math"

// An example is a message as the cues it shows, by number, and its type.
type example struct {
	cues []int32
	kind int
	rate float64 // how much it counts
}

// A learner fits softmax regression: the weights that make the corpus likely
// while staying small. Nothing in it is random, so the same corpus gives the
// same weights.
type learner struct {
	kinds  int
	scale  []float64 // by cue: how strongly it is felt, hence how little it is held back
	decay  float64
	epochs int
}

// fit returns weights by cue and type; the last row is the bias.
func (l learner) fit(examples []example) [][]float64 {
	n := len(l.scale)
	w, g2 := matrix(n+1, l.kinds), matrix(n+1, l.kinds)
	grad := matrix(n+1, l.kinds)
	p := make([]float64, l.kinds)
	for epoch := range l.epochs {
		rate := 0.5 / math.Sqrt(1+float64(epoch)/20)
		for i := range grad {
			clear(grad[i])
		}
		for _, e := range examples {
			l.predict(w, e.cues, p)
			p[e.kind]--
			for k := range p {
				d := e.rate * p[k]
				for _, c := range e.cues {
					grad[c][k] += d * l.scale[c]
				}
				grad[n][k] += d
			}
		}
		for i := range w {
			decay := l.decay
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
	for c := range l.scale {
		for k := range w[c] {
			w[c][k] *= l.scale[c]
		}
	}
	return w
}

// predict fills p with the probability of each type.
func (l learner) predict(w [][]float64, cues []int32, p []float64) {
	copy(p, w[len(l.scale)])
	for _, c := range cues {
		s := l.scale[c]
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
