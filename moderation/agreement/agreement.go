// Package agreement tells how far two people who judged the same things agree,
// beyond what chance would give: Cohen's kappa.
//
// It is pure. A figure that cannot be computed is absent and says why; none is
// ever made up. Shares and bounds are rounded by who prints them.
package agreement

import (
	"math"
	"slices"
)

// z is the normal quantile of 95 %.
const z = 1.959964

// Few is how many judgements make a figure worth weighing: with fewer its
// interval is nearly all there is.
const Few = 10

// A Table counts how two people judged the same things: the row is the first
// one's judgement, the column the second one's. It is square.
type Table [][]int64

// New makes an empty table of k judgements.
func New(k int) Table {
	t := make(Table, k)
	for i := range t {
		t[i] = make([]int64, k)
	}
	return t
}

// N is how many things were judged.
func (t Table) N() int64 {
	var n int64
	for _, row := range t {
		for _, c := range row {
			n += c
		}
	}
	return n
}

// Agreed is how many were judged alike.
func (t Table) Agreed() int64 {
	var n int64
	for i := range t {
		n += t[i][i]
	}
	return n
}

// An Interval is the 95 % interval of a figure.
type Interval struct{ Low, High float64 }

// Gap says why a figure is absent.
type Gap string

// The gaps.
const (
	// NothingJudged: there is nothing to compare.
	NothingJudged Gap = "nothing_judged"
	// OneJudgement: both gave only one and the same judgement. Chance alone would
	// have them agree then, and kappa is 0/0.
	OneJudgement Gap = "one_judgement"
	// OneSided: one of them gave only one judgement. Kappa is 0 then, whatever they
	// agree on, and says nothing.
	OneSided Gap = "one_sided"
	// NoSpread: the figure has no spread in so small a table, as when all were
	// judged alike. That is no certainty: see the interval of the share.
	NoSpread Gap = "no_spread"
)

// A Figure is how far two people agree.
type Figure struct {
	N      int64
	Agreed int64
	Share  float64  // judged alike, of 1; 0 where N is
	Within Interval // of Share, Wilson's

	Kappa *float64 // nil: Why says why
	Why   Gap      // "" : Kappa is there
	// Bounds are of kappa, by its large-sample standard error (Fleiss, Cohen and
	// Everitt 1969), kept between -1 and 1. nil: NoBounds says why.
	Bounds   *Interval
	NoBounds Gap
}

// Few tells whether there are too few judgements to lean on.
func (f Figure) Few() bool { return f.N < Few }

// Measure computes the figure of a table.
func (t Table) Measure() Figure {
	f := Figure{N: t.N(), Agreed: t.Agreed(), Within: Interval{0, 1}}
	if f.N == 0 {
		f.Why, f.NoBounds = NothingJudged, NothingJudged
		return f
	}
	n := float64(f.N)
	f.Share = float64(f.Agreed) / n
	f.Within = wilson(f.Share, n)
	if t.single() {
		f.Why, f.NoBounds = OneJudgement, OneJudgement
		return f
	}
	rows, columns := t.margins()
	chance := 0.0
	for i := range t {
		chance += rows[i] * columns[i]
	}
	kappa := (f.Share - chance) / (1 - chance)
	f.Kappa = &kappa
	spread := t.spread(rows, columns, kappa, chance)
	switch {
	case whole(rows) || whole(columns):
		f.NoBounds = OneSided
		return f
	case spread < tiny:
		f.NoBounds = NoSpread
		return f
	}
	half := z * math.Sqrt(spread/n) / (1 - chance)
	f.Bounds = &Interval{max(kappa-half, -1), min(kappa+half, 1)}
	return f
}

// tiny is what rounding leaves of a spread that is none.
const tiny = 1e-12

// single tells whether both gave one and the same judgement and no other.
func (t Table) single() bool {
	n := t.N()
	for i := range t {
		if t[i][i] == n {
			return true
		}
	}
	return false
}

// margins are the shares of each judgement, the first person's and the second's.
func (t Table) margins() (rows, columns []float64) {
	n := float64(t.N())
	rows, columns = make([]float64, len(t)), make([]float64, len(t))
	for i := range t {
		for j := range t {
			rows[i] += float64(t[i][j]) / n
			columns[j] += float64(t[i][j]) / n
		}
	}
	return rows, columns
}

// whole tells whether one judgement is all that was given.
func whole(margin []float64) bool {
	return slices.ContainsFunc(margin, func(share float64) bool { return share > 1-tiny })
}

// spread is the numerator of kappa's large-sample variance, A + B - C of Fleiss,
// Cohen and Everitt.
func (t Table) spread(rows, columns []float64, kappa, chance float64) float64 {
	n := float64(t.N())
	var a, b float64
	for i := range t {
		for j := range t {
			p := float64(t[i][j]) / n
			if i == j {
				d := 1 - (rows[i]+columns[i])*(1-kappa)
				a += p * d * d
				continue
			}
			d := columns[i] + rows[j]
			b += p * d * d
		}
	}
	c := kappa - chance*(1-kappa)
	return a + (1-kappa)*(1-kappa)*b - c*c
}

// wilson is the 95 % Wilson interval of a share.
func wilson(p, n float64) Interval {
	middle := (p + z*z/(2*n)) / (1 + z*z/n)
	half := z / (1 + z*z/n) * math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	return Interval{max(middle-half, 0), min(middle+half, 1)}
}
