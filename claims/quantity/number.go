package quantity

// A number is what was read of digits, before any unit.
type number struct {
	lo, hi  Rat  // equal but for ranges ("三五百", "十几")
	end     int  // index behind it
	digits  int  // how many digits stood in a row without a multiplier
	row     bool // only digits: "三零四", "2025", "六五"
	arabic  bool
	decimal bool
	alt     Rat // a second reading: "one ninety nine" is 199 or 1.99
	openHi  bool
	// 1/3, ½: a share where no unit follows
	fraction bool
}

func single(v Rat, end int) number { return number{lo: v, hi: v, end: end} }

func digitOf(r rune) int64 {
	switch r {
	case '零', '〇':
		return 0
	case '一', '壹', '幺':
		return 1
	case '二', '两', '贰', '俩':
		return 2
	case '三', '叁', '仨':
		return 3
	case '四', '肆':
		return 4
	case '五', '伍':
		return 5
	case '六', '陆':
		return 6
	case '七', '柒':
		return 7
	case '八', '捌':
		return 8
	case '九', '玖':
		return 9
	}
	return -1
}

func multiplier(r rune) int64 {
	switch r {
	case '十', '拾':
		return 10
	case '百', '佰':
		return 100
	case '千', '仟':
		return 1000
	case '万':
		return 10_000
	case '亿':
		return 100_000_000
	case '兆':
		return 1_000_000_000_000
	}
	return 0
}

// mega reports whether the 兆 at i is part of a unit (兆赫, 兆字节) and no 10¹².
func mega(t []rune, i int) bool {
	return t[i] == '兆' && i+1 < len(t) && in(t[i+1], "赫字比瓦帕欧")
}

// digitRow reads a plain row of Chinese digits ("三零四", "二零二五") and tells
// how long it is.
func digitRow(t []rune, i int) (v int64, n int) {
	for i+n < len(t) && n < 15 {
		d := digitOf(t[i+n])
		if d < 0 || (t[i+n] == '两' || t[i+n] == '俩' || t[i+n] == '仨') && n > 0 {
			break
		}
		v = v*10 + d
		n++
	}
	return v, n
}

// chinese reads a number in Chinese characters at i.
func (rd *Reader) chinese(t []rune, i int) (number, bool) {
	if i >= len(t) {
		return number{}, false
	}
	if t[i] == '几' && i+1 < len(t) && multiplier(t[i+1]) > 1 {
		return severalOf(t, i)
	}
	if t[i] == '廿' || t[i] == '卅' {
		return scores(t, i), true
	}
	if t[i] == '半' && i+1 < len(t) && t[i+1] == '百' {
		return single(whole(50), i+2), true
	}
	if t[i] == '一' && i+2 < len(t) && t[i+1] == '两' && rd.pieceAt(t, i+2) {
		return number{lo: whole(1), hi: whole(2), end: i + 2}, true
	}
	row, n := digitRow(t, i)
	next := i + n
	hasMultiplier := next < len(t) && multiplier(t[next]) > 0
	if n >= 2 && hasMultiplier && t[i] != '零' {
		return rd.roughTens(t, i, n)
	}
	if n >= 2 && !hasMultiplier {
		num := single(whole(row), next)
		num.digits, num.row = n, true
		if n == 2 && consecutive(t[i], t[i+1]) {
			num.lo, num.hi = whole(digitOf(t[i])), whole(digitOf(t[i+1]))
			num.alt = whole(row)
		}
		return num, true
	}
	return rd.positional(t, i)
}

// scores reads 廿 (20) and 卅 (30) with the digit behind them: 廿五.
func scores(t []rune, i int) number {
	n := single(whole(20), i+1)
	if t[i] == '卅' {
		n = single(whole(30), i+1)
	}
	if n.end < len(t) && t[n.end] != '两' && digitOf(t[n.end]) > 0 && (n.end+1 >= len(t) || multiplier(t[n.end+1]) == 0) {
		n = single(n.lo.plus(whole(digitOf(t[n.end]))), i+2)
	}
	return n
}

// consecutive reports whether two digits in a row are said for "a or b":
// 三四, 七八, 三五, but not 九九 or 六五.
func consecutive(a, b rune) bool {
	x, y := digitOf(a), digitOf(b)
	return x > 0 && (y == x+1 || x == 3 && y == 5)
}

// severalOf reads 几百, 几千, 几十万: two to nine of them.
func severalOf(t []rune, i int) (number, bool) {
	m, j := int64(1), i+1
	for j < len(t) && multiplier(t[j]) > 1 {
		p, ok := mul(m, multiplier(t[j]))
		if !ok {
			return number{}, false
		}
		m = p
		j++
	}
	hi, ok := mul(m, 10)
	return number{lo: whole(2 * m), hi: whole(hi - 1), end: j, openHi: true}, ok
}

// pieceAt reports whether a unit of counting or time stands at i, so that 一两
// before it means one or two.
func (rd *Reader) pieceAt(t []rune, i int) bool {
	u, ok := rd.unitAt(t, i)
	return ok && u.name != "liang" && u.name != "yuan"
}

// roughTens reads "三五百", "二三十", "七八万".
func (rd *Reader) roughTens(t []rune, i, n int) (number, bool) {
	if n != 2 || !consecutive(t[i], t[i+1]) {
		return rd.positional(t, i+n-1)
	}
	hi, ok := rd.positional(t, i+1)
	if !ok {
		return number{}, false
	}
	m := multiplier(t[i+2])
	lo := hi.lo.plus(whole((digitOf(t[i]) - digitOf(t[i+1])) * m))
	if hi.end > i+3 && multiplier(t[i+3]) >= 10_000 && m < 10_000 {
		lo = hi.lo.times(Rat{digitOf(t[i]), digitOf(t[i+1])})
	}
	return number{lo: lo, hi: hi.hi, end: hi.end, openHi: hi.openHi}, lo.Valid()
}

// positional reads 一百二十, 一百二 (120), 一百零二 (102), 两千四百五 (2450), 一万三
// (13,000), 十五六 (15 to 16), 二十几 (20 to 29), 三百多 (above 300).
func (rd *Reader) positional(t []rune, i int) (number, bool) {
	p := placed{rd: rd, t: t, i: i, start: i}
	for p.step() {
	}
	return p.done()
}

// placed is the state of reading a number by places.
type placed struct {
	rd       *Reader
	t        []rune
	i, start int
	total    int64 // closed sections (万, 亿)
	section  int64 // within the present section
	digit    int64 // not yet multiplied; -1 none
	hiDigit  int64 // upper end of a rough last digit
	last     int64 // last multiplier, for omitted ones
	zero     bool
	open     bool  // 多, 几, 余, 来
	openLast int64 // last where it stood: 100 in 五百余万
	any      bool
	overflow bool
}

func (p *placed) step() bool {
	if p.i >= len(p.t) || p.overflow {
		return false
	}
	r := p.t[p.i]
	if !p.any {
		p.digit = -1
	}
	if p.open && multiplier(r) < 10_000 && !(p.last >= 10_000 && (r == '多' || r == '余') && p.i+1 < len(p.t) && multiplier(p.t[p.i+1]) > p.last) {
		return false
	}
	if d := digitOf(r); d >= 0 {
		return p.takeDigit(r, d)
	}
	if m := multiplier(r); m > 0 && !mega(p.t, p.i) {
		return p.takeMultiplier(m)
	}
	if p.any && p.last >= 10 && p.digit < 0 && (r == '多' || r == '几' || r == '余' || r == '来' && p.followedByUnit()) {
		p.open, p.openLast = true, p.last
		p.i++
		return true
	}
	return false
}

func (p *placed) followedByUnit() bool {
	return p.i+1 < len(p.t) && (multiplier(p.t[p.i+1]) > 0 || p.rd.startsUnit(p.t, p.i+1))
}

func (p *placed) takeDigit(r rune, d int64) bool {
	if p.digit > 0 {
		// 十五六: only as the rough end of a number
		if p.last == 10 && p.hiDigit == 0 && d == p.digit+1 && (p.i+1 >= len(p.t) || multiplier(p.t[p.i+1]) < 10) {
			p.hiDigit = d
			p.i++
			return false
		}
		return false
	}
	if d == 0 {
		if p.zero && p.digit == 0 {
			return false
		}
		if p.any && p.i+1 < len(p.t) && digitOf(p.t[p.i+1]) < 0 && multiplier(p.t[p.i+1]) == 0 && p.t[p.i+1] != '几' {
			return false
		}
		p.zero = true
		if !p.any {
			p.digit = 0
		}
	} else {
		if (r == '两' || r == '俩' || r == '仨') && p.any && (p.i+1 >= len(p.t) || multiplier(p.t[p.i+1]) == 0) {
			return false // 二十两: the unit
		}
		p.digit = d
	}
	p.any = true
	p.i++
	return true
}

func (p *placed) takeMultiplier(m int64) bool {
	d := p.digit
	if d < 0 || d == 0 && p.zero {
		d = 1
		if p.section > 0 && !(p.zero && m == 10) || p.any && m >= 10_000 {
			d = 0
		}
		if !p.any && m >= 10_000 {
			return false // a bare 万 or 亿 is no number
		}
	}
	if m < 10_000 {
		if p.any && p.last > 0 && p.last <= m && p.section > 0 && !p.open {
			return false
		}
		p.section += d * m
	} else {
		p.closeSection(d, m)
	}
	p.digit, p.last, p.any, p.zero = -1, m, true, false
	p.i++
	return true
}

func (p *placed) closeSection(d, m int64) {
	base := p.section + max(d, 0)
	if p.total > 0 && p.total < m || base == 0 {
		base += p.total
		p.total = 0
	}
	v, ok := mul(base, m)
	sum, ok2 := add(p.total, v)
	p.overflow = p.overflow || !ok || (!ok2 && v != 0)
	p.total, p.section = sum, 0
}

func (p *placed) done() (number, bool) {
	if !p.any || p.overflow {
		return number{}, false
	}
	unit := int64(1)
	if p.last >= 100 && !p.zero {
		unit = p.last / 10 // 一百二, 一万三
	}
	v := p.total + p.section
	lo := v
	if p.digit > 0 {
		lo += p.digit * unit
	}
	num := single(whole(lo), p.i)
	if p.hiDigit > 0 {
		num.hi = whole(v + p.hiDigit*unit)
	}
	if p.open {
		num.hi = whole(lo + p.openBy())
		num.openHi = true
	}
	return num, true
}

// openBy is how far 多 and 几 reach: 二十几 ends below 30, 三百多 below 400,
// 五百余万 below six million.
func (p *placed) openBy() int64 {
	by := p.last
	if p.last > p.openLast {
		if scaled, ok := mul(p.openLast, p.last); ok {
			by = scaled
		}
	}
	return max(by-1, 1)
}
