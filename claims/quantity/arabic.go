package quantity

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

// arabic reads 1,234.5, 3万, 2万5千, 40k, .5 at i.
func arabic(t []rune, i int) (number, bool) {
	v, end, decimal, ok := decimalAt(t, i)
	if !ok {
		return number{}, false
	}
	num := single(v, end)
	num.arabic, num.decimal = true, decimal
	num.digits, num.row = end-i, !decimal
	sum, last, any, above := Rat{0, 1}, int64(1)<<62, false, false
	for {
		m := int64(0)
		if num.end < len(t) {
			if m = multiplier(t[num.end]); mega(t, num.end) || kilo(t, num.end) {
				m = 0
			}
			if m == 0 && !letterAt(t, num.end+1) && (t[num.end] == 'k' || t[num.end] == 'w') {
				m = map[rune]int64{'k': 1000, 'w': 10_000}[t[num.end]]
			}
		}
		if m == 0 && num.end+1 < len(t) && (t[num.end] == '余' || t[num.end] == '多' || t[num.end] == '几') && multiplier(t[num.end+1]) >= 10_000 && (!any || multiplier(t[num.end+1]) > last) {
			m, above = multiplier(t[num.end+1]), true
			num.end++
		}
		if m == 0 || m == 10 {
			break
		}
		num.end++
		for num.end < len(t) {
			if num.end+1 < len(t) && (t[num.end] == '余' || t[num.end] == '多') && multiplier(t[num.end+1]) > m {
				above = true
				num.end++
			}
			if multiplier(t[num.end]) < 10_000 || mega(t, num.end) {
				break
			}
			p, fits := mul(m, multiplier(t[num.end]))
			if !fits {
				return number{}, false
			}
			m = p
			num.end++
		}
		if m < last {
			sum, last, any = sum.plus(v.times(whole(m))), m, true
		} else {
			sum, last, any = sum.plus(v).times(whole(m)), m, true
		}
		v = Rat{0, 1}
		zero := num.end < len(t) && t[num.end] == '零'
		at := num.end
		if zero {
			at++
		}
		rest, restEnd, restDecimal, more := decimalAt(t, at)
		if !more || restDecimal {
			break
		}
		if !zero && restEnd-at == 1 && (restEnd >= len(t) || multiplier(t[restEnd]) == 0) {
			rest = rest.times(whole(m / 10))
		}
		v, num.end = rest, restEnd
	}
	if any {
		num.row = false
		total := sum.plus(v)
		num.lo, num.hi = total, total
		if more := num.end < len(t) && (t[num.end] == '多' || t[num.end] == '余'); more || above {
			if more {
				num.end++
			}
			num.openHi = true
			num.hi = total.times(Rat{12, 10})
		}
	}
	return num, num.lo.Valid()
}

// kilo reports whether the 千 at i is part of a unit: 410千卡 are not 410,000.
func kilo(t []rune, i int) bool {
	return t[i] == '千' && i+1 < len(t) && in(t[i+1], "卡瓦帕焦赫伏克米")
}

func letterAt(t []rune, i int) bool { return i < len(t) && t[i] >= 'a' && t[i] <= 'z' }

// decimalAt reads digits with thousands separators and a fraction.
func decimalAt(t []rune, i int) (v Rat, end int, decimal, ok bool) {
	if i < len(t) && t[i] == '.' && !decimalPoint(t, i) {
		return Rat{}, 0, false, false
	}
	n, digits := int64(0), 0
	j := i
	for j < len(t) {
		switch {
		case isDigit(t[j]) && digits < 17:
			n = n*10 + int64(t[j]-'0')
			digits++
			j++
			continue
		case isDigit(t[j]):
			return Rat{}, 0, false, false
		case t[j] == ',' && digits > 0 && digits <= 3+3*4 && group(t, j+1) && leadGroup(t, i, j):
			j++
			continue
		}
		break
	}
	den := int64(1)
	if j+1 < len(t) && t[j] == '.' && isDigit(t[j+1]) && !chained(t, i, j) {
		k := j + 1
		for k < len(t) && isDigit(t[k]) {
			if digits < 17 && den < 1_000_000_000 {
				n, den = n*10+int64(t[k]-'0'), den*10
				digits++
			}
			k++
		}
		j, decimal = k, true
	}
	if digits == 0 {
		return Rat{}, 0, false, false
	}
	return reduced(n, den), j, decimal, true
}

// chained reports whether the point at j stands in a row of several, as in
// 10.2.1: then it parts numbers and opens no decimal places.
func chained(t []rune, i, j int) bool {
	if i > 1 && t[i-1] == '.' && isDigit(t[i-2]) {
		return true
	}
	for j++; j < len(t) && isDigit(t[j]); j++ {
		if j-i > 40 {
			return false
		}
	}
	return j+1 < len(t) && t[j] == '.' && isDigit(t[j+1])
}

// group reports whether exactly three digits stand at i.
func group(t []rune, i int) bool {
	for k := range 3 {
		if i+k >= len(t) || !isDigit(t[i+k]) {
			return false
		}
	}
	return i+3 >= len(t) || !isDigit(t[i+3])
}

// leadGroup reports whether what stands between start and the comma can lead
// a number with thousands separators.
func leadGroup(t []rune, start, comma int) bool {
	run := 0
	for k := comma - 1; k >= start && isDigit(t[k]); k-- {
		run++
	}
	first := comma-run == start
	return run == 3 && !first || first && run <= 3
}
