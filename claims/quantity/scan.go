package quantity

import "math"

// The ends of an open interval.
const (
	NegInf = math.MinInt64
	PosInf = math.MaxInt64
)

// A Quantity is an amount found in a text, at the runes [Start, End). Its
// value is the interval [Lo, Hi] in the base of its Dim; for an exact amount
// the two are equal.
type Quantity struct {
	Start, End int
	NumEnd     int // where the digits end and the unit begins
	Dim        Dim
	Unit       string // canonical unit as in units.tsv; for counts the surface
	Value      int64  // the number named, whatever the bounds around it
	Lo, Hi     int64
	Alt        int64 // a second reading of Value, 0: none ("one ninety nine": 1.99)
	Approx     bool  // 大约, 左右, about
	Row        bool  // digits in a row without a multiplier: "三零四", "999"
	Arabic     bool
	Fine       bool // has a decimal part or a smaller unit
	Number     Rat  // the number before its unit
}

// Exact reports whether a single value was named.
func (q Quantity) Exact() bool { return q.Lo == q.Hi }

// Scan appends the amounts of folded text t to out, from left to right and
// without overlaps. skip, when not nil, tells runes that belong to a name and
// hold no amount.
func (rd *Reader) Scan(out []Quantity, t []rune, skip func(i int) bool) []Quantity {
	for i := 0; i < len(t); {
		if end := address(t, i); end > i {
			i = end
			continue
		}
		if rd.lone(t, i) || !starts(t, i) || skip != nil && skip(i) {
			i++
			continue
		}
		q, ok := rd.At(t, i)
		if !ok {
			i = pastDigits(t, i)
			continue
		}
		out = append(out, q)
		i = max(q.End, i+1)
	}
	return out
}

// pastDigits is behind the rune at i, and behind all of a row of digits that is
// too long to be a number.
func pastDigits(t []rune, i int) int {
	i++
	for isDigit(t[i-1]) && i < len(t) && isDigit(t[i]) {
		i++
	}
	return i
}

// lone reports whether the rune at i looks like a numeral but is part of an
// ordinary word: 大陆, 收拾, 四川, 一切.
func (rd *Reader) lone(t []rune, i int) bool {
	switch t[i] {
	case '陆', '肆', '伍', '拾':
		return !nearNumber(t, i-1) && !nearNumber(t, i+1) && len(t) > 1
	case '贰', '玖', '柒', '捌', '叁', '壹':
		return i+1 < len(t) && !nearNumber(t, i-1) && !nearNumber(t, i+1) && t[i+1] > 0x7f && !rd.startsUnit(t, i+1)
	case '四':
		return has(t, i, "四川") || has(t, i, "四处") || has(t, i, "四周")
	case '一':
		return has(t, i, "一切") || has(t, i, "一看")
	case '两':
		pair := i
		if i > 0 && t[i-1] == '两' {
			pair--
		}
		return has(t, pair, "两两") && (pair+2 >= len(t) || in(t[pair+2], "一组搭配成相"))
	case '十':
		return has(t, i, "十足") || has(t, i, "十分满意")
	}
	return false
}

// nearNumber reports whether what stands at i goes with a numeral.
func nearNumber(t []rune, i int) bool {
	return i >= 0 && i < len(t) && (digitOf(t[i]) >= 0 || multiplier(t[i]) > 0 || isDigit(t[i]) || t[i] == '点' || t[i] == '折' || t[i] == '成' || t[i] == '元')
}

// starts is a cheap test whether an amount can begin at i.
func starts(t []rune, i int) bool {
	r := t[i]
	switch r {
	case '¥', '$', '£', '€', '十', '半', '对', '几', '拾', '第', '负', '廿', '卅':
		return true
	case '百', '千', '佰', '仟':
		return i == 0 || multiplier(t[i-1]) == 0
	case '万':
		return has(t, i, "万分之") || has(t, i, "万万分之")
	case '.':
		return decimalPoint(t, i)
	case '-':
		return i+1 < len(t) && (isDigit(t[i+1]) || t[i+1] == '.') && (i == 0 || t[i-1] == ' ')
	}
	if r >= 'a' && r <= 'z' {
		return i == 0 || !letterAt(t, i-1)
	}
	return isDigit(r) || digitOf(r) >= 0 || r < 0x2200 && vulgar(r).Valid()
}

// decimalPoint reports whether a number begins with the point at i: .5 but not
// the full stop of 好.5个.
func decimalPoint(t []rune, i int) bool {
	return i+1 < len(t) && isDigit(t[i+1]) && (i == 0 || in(t[i-1], " -(:¥$£€"))
}

// At reads one amount that starts at i, which may be the end of the text, or
// the two bounds of one.
func (rd *Reader) At(t []rune, i int) (Quantity, bool) {
	if i >= len(t) {
		return Quantity{}, false
	}
	q, ok := rd.single(t, i)
	if !ok {
		return q, false
	}
	return rd.joined(t, q), true
}

// single reads one amount with the words that bound it.
func (rd *Reader) single(t []rune, i int) (Quantity, bool) {
	if (t[i] == '负' || t[i] == '-') && i+1 < len(t) && t[i+1] != '负' && t[i+1] != '-' {
		q, ok := rd.single(t, i+1)
		if !ok || q.Dim == Ordinal || q.Lo == NegInf || q.Hi == PosInf {
			return Quantity{}, false
		}
		lo, hi := -q.Hi, -q.Lo
		if q.Exact() || !spans(t[i+1:q.NumEnd]) {
			q.Lo, q.Hi = lo, hi
		} else {
			q.Lo = hi // -10到20 runs upwards from below zero
		}
		q.Start, q.Value, q.Number.Num = i, -q.Value, -q.Number.Num
		return q, true
	}
	q, ok := rd.special(t, i)
	if !ok {
		q, ok = rd.currencyFirst(t, i)
	}
	if !ok {
		q, ok = rd.share(t, i)
	}
	if ok {
		return bounded(t, q), true
	}
	n, ok := rd.numberAt(t, i)
	if !ok {
		return Quantity{}, false
	}
	q, ok = rd.measured(t, i, n)
	if !ok {
		return Quantity{}, false
	}
	return bounded(t, q), true
}

// spans reports whether a number is written as a range of two.
func spans(number []rune) bool {
	for i := range number {
		if j, _ := joint(number, i); j > i {
			return true
		}
	}
	return false
}

func chineseDecimal(t []rune, n number) number {
	if n.end+1 >= len(t) || t[n.end] != '点' || t[n.end+1] == '两' || digitOf(t[n.end+1]) < 0 && !isDigit(t[n.end+1]) {
		return n
	}
	v, den, j := int64(0), int64(1), n.end+1
	for j < len(t) && den < 100_000_000 {
		d := digitOf(t[j])
		if isDigit(t[j]) {
			d = int64(t[j] - '0')
		}
		if d < 0 || t[j] == '两' {
			break
		}
		v, den = v*10+d, den*10
		j++
	}
	base := n.lo
	if n.alt.Valid() && n.row {
		base = n.alt
	}
	sum := base.plus(reduced(v, den))
	if !sum.Valid() {
		return n
	}
	return number{lo: sum, hi: sum, end: j, decimal: true}
}

func less(a, b Rat) bool {
	x, ok1 := mul(a.Num, b.Den)
	y, ok2 := mul(b.Num, a.Den)
	return ok1 && ok2 && x < y
}

// measured joins a number with the unit behind it.
func (rd *Reader) measured(t []rune, i int, n number) (Quantity, bool) {
	j := n.end
	half := false
	if j < len(t) && t[j] == '半' && rd.startsUnit(t, j+1) {
		return Quantity{}, false
	}
	u, ok := rd.unitBehind(t, j, n)
	if ok && u.dim == Count && has(t, j, "个半") && n.lo.Den == 1 {
		if v, isTime := rd.unitAt(t, j+2); isTime && v.dim == Duration {
			n.lo = n.lo.plus(Rat{1, 2})
			n.hi, n.end, j, u = n.lo, j+2, j+2, v
		}
	}
	if !ok {
		return rd.bare(t, i, n)
	}
	end := j + len(u.surface)
	if t[j] == ' ' || t[j] == '-' {
		end++
	}
	q, fits := make1(i, end, n, u)
	if !fits {
		return Quantity{}, false
	}
	if end < len(t) && t[end] == '半' && !has(t, end, "半年") && !has(t, end, "半价") && !rd.halfAhead(t, end, u) {
		half = true
	}
	if half {
		v, ok := n.lo.plus(Rat{1, 2}).Times(u.num, u.den)
		if !ok {
			return q, true
		}
		q.Value, q.Lo, q.Hi, q.End, q.Fine = v, v, v, end+1, true
		return q, true
	}
	return rd.continued(t, q, u), true
}

// halfAhead reports whether the 半 at i begins the next amount: 二十五颗半斤.
func (rd *Reader) halfAhead(t []rune, i int, u unit) bool {
	next, ok := rd.unitAt(t, i+1)
	return ok && u.dim == Count && (next.dim == Mass || next.dim == Volume || next.dim == Length)
}

func make1(i, end int, n number, u unit) (Quantity, bool) {
	lo, ok1 := n.lo.Times(u.num, u.den)
	hi, ok2 := n.hi.Times(u.num, u.den)
	if !ok1 || !ok2 {
		return Quantity{}, false
	}
	q := Quantity{Start: i, End: end, NumEnd: n.end, Dim: u.dim, Unit: u.name, Value: lo, Lo: lo, Hi: hi, Row: n.row, Arabic: n.arabic, Fine: n.decimal, Number: n.lo}
	if u.dim == Count || u.name == "zhong" {
		q.Unit = surfaceName(u)
	}
	if n.alt.Valid() {
		q.Alt, _ = n.alt.Times(u.num, u.den)
	}
	if u.dim == Duration && u.name == "year" && n.row && n.digits >= 2 && (n.digits == 4 || !n.arabic && n.digits == 2) {
		q.Dim, q.Lo, q.Hi, q.Value = Date, n.lo.Num, n.lo.Num, n.lo.Num
		if n.digits == 2 {
			y := n.lo.Num
			if n.alt.Valid() {
				y = n.alt.Num
			}
			q.Value = 2000 + y
			if y > 50 {
				q.Value = 1900 + y
			}
			q.Lo, q.Hi = q.Value, q.Value
		}
	}
	return q, true
}

// surfaceName names a piece or index unit by what was said.
func surfaceName(u unit) string {
	if s, ok := surfaceNames[u.said]; ok {
		return s
	}
	return u.name
}

var surfaceNames = func() map[string]string {
	m := map[string]string{}
	for _, list := range unitsBy {
		for _, u := range list {
			m[string(u.surface)] = string(u.surface)
		}
	}
	return m
}()

// unitBehind finds the unit of a number that ends at j.
func (rd *Reader) unitBehind(t []rune, j int, n number) (unit, bool) {
	if j < len(t) && (t[j] == ' ' || t[j] == '-') {
		if j+1 < len(t) && (t[j+1] >= 'a' && t[j+1] <= 'z' || n.arabic && t[j+1] == '%') {
			return rd.unitAt(t, j+1)
		}
		return unit{}, false
	}
	u, ok := rd.unitAt(t, j)
	if !ok {
		return u, false
	}
	after := j + len(u.surface)
	switch {
	case u.name == "fen" && has(t, after, "之"), u.name == "cun" && has(t, after, "照"):
		return unit{}, false
	case u.name == "liang" && rd.startsUnit(t, after) && !has(t, after, "斤") && !has(t, after, "个") || u.name == "liang" && has(t, after, "个"):
		return unit{}, false
	case u.name == "dozen" && (has(t, after, "下") || has(t, after, "开") || has(t, after, "折") || has(t, after, "出") || has(t, after, "电") || has(t, after, "理") || has(t, after, "包")):
		return unit{}, false
	case u.name == "jiao" && t[j] == '角' && after < len(t) && in(t[after], "度形星落色大膜质钢裤瓜线巾逐"):
		return unit{}, false
	case u.name == "m" && !n.arabic && has(t, after, "饭"):
		return unit{}, false
	case u.name == "number" && t[j] == '路':
		return unit{}, false
	}
	return u, true
}

// bare is a number without unit; in running text a single one of 一 is no
// amount. A fraction is a share.
func (rd *Reader) bare(t []rune, i int, n number) (Quantity, bool) {
	if has(t, n.end, "分之") {
		if _, ok := rd.oneNumber(t, n.end+2); ok {
			return Quantity{}, false
		}
	}
	u := unit{dim: Bare, num: 1000, den: 1}
	if n.fraction {
		u = unit{name: "fraction", dim: Ratio, num: 1_000_000, den: 1}
	}
	return make1(i, n.end, n, u)
}
