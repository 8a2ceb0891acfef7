package quantity

import "math"

// Rat is an exact number Num/Den with Den > 0. The zero Rat is no number.
type Rat struct{ Num, Den int64 }

func whole(n int64) Rat { return Rat{n, 1} }

// Valid reports whether r is a number.
func (r Rat) Valid() bool { return r.Den > 0 }

// Times scales r by a/b and rounds half away from zero. ok is false where the
// result does not fit.
func (r Rat) Times(a, b int64) (n int64, ok bool) {
	if r.Den <= 0 || b <= 0 {
		return 0, false
	}
	num, den := r.Num, r.Den
	if g := gcd(a, den); g > 1 {
		a, den = a/g, den/g
	}
	if g := gcd(num, b); g > 1 {
		num, b = num/g, b/g
	}
	p, ok1 := mul(num, a)
	q, ok2 := mul(den, b)
	if !ok1 || !ok2 {
		return 0, false
	}
	half := q / 2
	if p < 0 {
		half = -half
	}
	if p > 0 && p > math.MaxInt64-half {
		return 0, false
	}
	return (p + half) / q, true
}

func mul(a, b int64) (int64, bool) {
	if a == 0 || b == 0 {
		return 0, true
	}
	p := a * b
	if p/b != a || (a == -1 && b == math.MinInt64) {
		return 0, false
	}
	return p, true
}

func add(a, b int64) (int64, bool) {
	s := a + b
	return s, (s > a) == (b > 0)
}

func gcd(a, b int64) int64 {
	if a < 0 {
		a = -a
	}
	if b < 0 {
		b = -b
	}
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// plus adds two numbers; an overflow gives no number.
func (r Rat) plus(s Rat) Rat {
	if r.Den == s.Den {
		n, ok := add(r.Num, s.Num)
		if !ok && s.Num != 0 {
			return Rat{}
		}
		return Rat{n, r.Den}
	}
	a, ok1 := mul(r.Num, s.Den)
	b, ok2 := mul(s.Num, r.Den)
	d, ok3 := mul(r.Den, s.Den)
	n, ok4 := add(a, b)
	if !ok1 || !ok2 || !ok3 || (!ok4 && b != 0) {
		return Rat{}
	}
	return reduced(n, d)
}

// times multiplies two numbers; an overflow gives no number.
func (r Rat) times(s Rat) Rat {
	n, ok1 := mul(r.Num, s.Num)
	d, ok2 := mul(r.Den, s.Den)
	if !ok1 || !ok2 || d == 0 {
		return Rat{}
	}
	return reduced(n, d)
}

func reduced(n, d int64) Rat {
	if d <= 0 {
		return Rat{}
	}
	if g := gcd(n, d); g > 1 {
		n, d = n/g, d/g
	}
	return Rat{n, d}
}
