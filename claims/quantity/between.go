package quantity

// Two numbers, or two bounds, can make one amount: 七到八毫米, 20和30之间,
// 大于10小于20, 三斤以上五斤以下.

// numberAt reads a number of any writing, or a range of two.
func (rd *Reader) numberAt(t []rune, i int) (number, bool) {
	n, ok := rd.oneNumber(t, i)
	if !ok || n.end >= len(t) || letterAt(t, i) {
		return n, ok
	}
	return rd.ranged(t, n), true
}

// oneNumber reads a number with its decimal part.
func (rd *Reader) oneNumber(t []rune, i int) (number, bool) {
	switch {
	case i >= len(t):
		return number{}, false
	case isDigit(t[i]), t[i] == '.':
		return written(t, i)
	case letterAt(t, i):
		return english(t, i)
	case vulgar(t[i]).Valid():
		n := single(vulgar(t[i]), i+1)
		n.decimal, n.fraction = true, true
		return n, true
	}
	n, ok := rd.chinese(t, i)
	if !ok {
		return n, false
	}
	return chineseDecimal(t, n), true
}

// ranged reads the second number of a range: 7到8, 20 - 100, 20和30之间.
func (rd *Reader) ranged(t []rune, n number) number {
	i, between := joint(t, n.end)
	if i >= len(t) || i == n.end || letterAt(t, i) {
		return n
	}
	second, ok := rd.oneNumber(t, i)
	if !ok || !less(n.lo, second.lo) || between && !rd.between(t, second.end) {
		return n
	}
	second.lo, second.row, second.fraction = n.lo, false, false
	return second
}

// joint is where the second number of a range begins, and whether 之间 must
// close it; i where none is joined.
func joint(t []rune, i int) (second int, between bool) {
	switch t[i] {
	case '到', '至', '-', '~':
		return i + 1, false
	case '和', '与', '跟':
		return i + 1, true
	case ' ':
		if i+2 < len(t) && (t[i+1] == '-' || t[i+1] == '~') && t[i+2] == ' ' {
			return i + 3, false
		}
	}
	return i, false
}

// between reports whether 之间 or 间 stands at i, behind a unit or at once.
func (rd *Reader) between(t []rune, i int) bool {
	if u, ok := rd.unitAt(t, i); ok && !has(t, i, "间") {
		i += len(u.surface)
	}
	return has(t, i, "之间") || has(t, i, "间")
}

// joined makes one amount of two: of a lower and an upper bound that speak of
// the same (大于10小于20), or of two ends with their units (三斤到五斤).
func (rd *Reader) joined(t []rune, q Quantity) Quantity {
	switch {
	case q.End >= len(t) || q.Dim == Ordinal || q.Dim == Date:
	case (q.Lo == NegInf) != (q.Hi == PosInf):
		if o, ok := rd.otherBound(t, q); ok {
			return meet(q, o)
		}
	case q.Exact() && q.Dim != Bare && q.Dim != Discount:
		i, between := joint(t, q.End)
		if i == q.End || between || i >= len(t) || letterAt(t, i) || !starts(t, i) {
			return q
		}
		if o, ok := rd.single(t, i); ok && o.Dim == q.Dim && o.Unit == q.Unit && o.Exact() && o.Value > q.Value {
			q.Hi, q.End, q.Row = o.Hi, o.End, false
		}
	}
	return q
}

// connectives may stand between two bounds of one amount.
var connectives = [...]string{"的同时", "同时", "并且", "并", "且", "而", "又", ",", " ", ", "}

// otherBound reads the bound that follows and closes q.
func (rd *Reader) otherBound(t []rune, q Quantity) (Quantity, bool) {
	i := q.End
	for _, c := range connectives {
		if has(t, q.End, c) {
			i = max(i, q.End+len([]rune(c)))
		}
	}
	for i < len(t) && t[i] == ' ' {
		i++
	}
	if i >= len(t) {
		return q, false
	}
	j := i
	for _, c := range cuesBefore[t[i]] {
		if hasAt(t, i, c.word) {
			j = max(j, i+len(c.word))
		}
	}
	if j >= len(t) || !starts(t, j) {
		return q, false
	}
	o, ok := rd.single(t, j)
	if !ok || !comparable(q, o) {
		return q, false
	}
	o = inUnitOf(o, q)
	closes := q.Lo == NegInf && o.Hi == PosInf && o.Lo <= q.Hi || q.Hi == PosInf && o.Lo == NegInf && q.Lo <= o.Hi
	return o, closes
}

// comparable reports whether two bounds measure the same, one of them perhaps
// without its unit: 最多100最少20个.
func comparable(a, b Quantity) bool {
	return a.Dim == b.Dim && a.Unit == b.Unit || a.Dim == Bare && (b.Dim == Count || b.Dim == Index) || b.Dim == Bare && (a.Dim == Count || a.Dim == Index)
}

func inUnitOf(o, q Quantity) Quantity {
	if o.Dim == Bare {
		o.Dim, o.Unit = q.Dim, q.Unit
	}
	return o
}

// meet is the amount that two bounds leave.
func meet(q, o Quantity) Quantity {
	lower := q
	if q.Lo == NegInf {
		lower = o
		q.Lo = o.Lo
	} else {
		q.Hi = o.Hi
	}
	q.Dim, q.Unit, q.Value, q.Number = o.Dim, o.Unit, lower.Value, lower.Number
	q.End, q.NumEnd, q.Row = o.End, o.NumEnd, false
	return q
}
