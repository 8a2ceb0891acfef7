package quantity

// What is read here is written rather than said: 1e3, 2^5, 1x10^10, 1/3, ½.

// written reads a number in Arabic digits.
func written(t []rune, i int) (number, bool) {
	n, ok := arabic(t, i)
	if !ok || i > 0 && letterAt(t, i-1) {
		return n, ok
	}
	v, end, _, _ := decimalAt(t, i)
	if end != n.end || end >= len(t) {
		return n, true
	}
	switch t[end] {
	case 'e', 'x', '^':
		if p, ok := scientific(t, end, v); ok {
			return p, true
		}
	case '/', ' ':
		if p, ok := slashed(t, i, n); ok {
			return p, true
		}
	}
	if f := vulgar(t[end]); f.Valid() && v.Den == 1 {
		n = single(v.plus(f), end+1)
		n.arabic, n.decimal = true, true
	}
	return n, n.lo.Valid()
}

// maxExponent keeps powers small: nothing on sale is told in larger ones.
const maxExponent = 64

// scientific reads what raises v: e3, e-3, ^5, x10^10.
func scientific(t []rune, i int, v Rat) (number, bool) {
	j, base := i+1, v
	factor := Rat{1, 1}
	switch t[i] {
	case 'e':
		base, factor = whole(10), v
	case 'x':
		if !has(t, i, "x10^") {
			return number{}, false
		}
		base, factor, j = whole(10), v, i+4
	}
	negative := false
	for signs := 0; j < len(t) && (t[j] == '-' || t[j] == '+') && signs < 2; signs++ {
		negative = negative != (t[j] == '-')
		j++
	}
	exponent, end, decimal, ok := decimalAt(t, j)
	if !ok || decimal || exponent.Num > maxExponent || letterAt(t, end) || t[i] == 'e' && end-j > 2 {
		return number{}, false
	}
	p := power(base, exponent.Num)
	if negative && p.Valid() {
		if p.Num == 0 {
			return number{}, false
		}
		p = Rat{p.Den, p.Num}
	}
	n := single(p.times(factor), end)
	n.arabic, n.decimal = true, n.lo.Den > 1
	return n, n.lo.Valid()
}

// power raises v, which is not below zero, rounding to nine digits behind the
// point where the exact result would not fit.
func power(v Rat, exponent int64) Rat {
	p := whole(1)
	for range exponent {
		next := p.times(v)
		if !next.Valid() {
			const billion = 1_000_000_000
			if n, ok := p.Times(billion, 1); ok {
				next = reduced(n, billion).times(v)
			}
		}
		if p = next; !p.Valid() {
			return Rat{}
		}
	}
	return p
}

// slashed reads 1/3, -3/2 and 1 3/5. Any other number behind a slash is a price
// a piece (19.9/3), a list or a date.
func slashed(t []rune, i int, n number) (number, bool) {
	if n.lo.Den != 1 || n.decimal || i > 0 && (t[i-1] == '/' || t[i-1] == '.') {
		return number{}, false
	}
	sum, j, mixed := Rat{0, 1}, i, false
	if t[n.end] == ' ' {
		sum, j, mixed = n.lo, n.end+1, true
	}
	num, end, decimal, ok := decimalAt(t, j)
	if !ok || decimal || end >= len(t) || t[end] != '/' {
		return number{}, false
	}
	den, end2, decimal, ok := decimalAt(t, end+1)
	if !ok || decimal || den.Num < 2 || den.Num > 10 || end2 < len(t) && in(t[end2], "/月日号节") {
		return number{}, false
	}
	signed := i > 0 && t[i-1] == '-'
	if num.Num >= den.Num && !signed && !(mixed && end-j == 1) {
		return number{}, false
	}
	f := single(sum.plus(reduced(num.Num, den.Num)), end2)
	f.arabic, f.decimal, f.fraction = true, true, !mixed
	return f, f.lo.Valid()
}

// vulgar is what a fraction in one character stands for.
func vulgar(r rune) Rat {
	switch r {
	case '½':
		return Rat{1, 2}
	case '⅓':
		return Rat{1, 3}
	case '⅔':
		return Rat{2, 3}
	case '¼':
		return Rat{1, 4}
	case '¾':
		return Rat{3, 4}
	case '⅕':
		return Rat{1, 5}
	case '⅛':
		return Rat{1, 8}
	}
	return Rat{}
}

func in(r rune, set string) bool {
	for _, s := range set {
		if r == s {
			return true
		}
	}
	return false
}

// address is where the web address that begins at i ends, i for none. Its
// digits are no amounts.
func address(t []rune, i int) int {
	if t[i] != 'h' || !has(t, i, "http://") && !has(t, i, "https://") {
		return i
	}
	for i < len(t) && t[i] > ' ' && t[i] < 0x7f {
		i++
	}
	return i
}
