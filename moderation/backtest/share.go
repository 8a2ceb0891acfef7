package backtest

import "math"

// Few is how many judged findings make a figure: below it the interval is so
// wide that a percentage would only mislead.
const Few = 10

// A Share is K of N, as of the findings that were right.
type Share struct{ K, N int }

// Known reports whether there are enough to speak of a percentage.
func (s Share) Known() bool { return s.N >= Few }

// Percent is the share, rounded.
func (s Share) Percent() int {
	if s.N == 0 {
		return 0
	}
	return int(math.Round(100 * float64(s.K) / float64(s.N)))
}

// Interval is the 95 % Wilson interval of the share in percent, rounded
// outwards.
func (s Share) Interval() (low, high int) {
	if s.N == 0 {
		return 0, 100
	}
	const z = 1.959964
	n := float64(s.N)
	p := float64(s.K) / n
	middle := (p + z*z/(2*n)) / (1 + z*z/n)
	half := z / (1 + z*z/n) * math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	// The bounds of none and of all are exact; in floats they miss by a hair.
	return int(math.Floor(100*(middle-half) + 1e-9)), int(math.Ceil(100*(middle+half) - 1e-9))
}
