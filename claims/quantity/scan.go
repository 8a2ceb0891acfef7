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
func Scan(out []Quantity, t []rune, skip func(i int) bool) []Quantity {
	for i := 0; i < len(t); {
		if lone(t, i) {
			i++
			continue
		}
		if !starts(t, i) || skip != nil && skip(i) {
			i++
			continue
		}
		q, ok := At(t, i)
		if !ok {
			i++
			continue
		}
		out = append(out, q)
		i = max(q.End, i+1)
	}
	return out
}

// lone reports whether the rune at i looks like a numeral but is part of an
// ordinary word: 大陆, 收拾, 四川, 一切.
func lone(t []rune, i int) bool {
	switch t[i] {
	case '陆', '肆', '伍', '拾', '贰', '玖', '柒', '捌', '叁', '壹':
		near := func(j int) bool {
			return j >= 0 && j < len(t) && (digitOf(t[j]) >= 0 || multiplier(t[j]) > 0 || isDigit(t[j]) || t[j] == '点' || t[j] == '折' || t[j] == '成' || t[j] == '元')
		}
		return !near(i-1) && !near(i+1) && len(t) > 1
	case '四':
		return has(t, i, "四川") || has(t, i, "四处") || has(t, i, "四周")
	case '一':
		return has(t, i, "一切") || has(t, i, "一看")
	case '十':
		return has(t, i, "十足") || has(t, i, "十分满意")
	}
	return false
}

// starts is a cheap test whether an amount can begin at i.
func starts(t []rune, i int) bool {
	r := t[i]
	switch {
	case isDigit(r), r == '.' && i+1 < len(t) && isDigit(t[i+1]), r == '¥', r == '$', r == '£', r == '€':
		return true
	case digitOf(r) >= 0, r == '十', r == '百', r == '千', r == '半', r == '佰', r == '仟', r == '万' && has(t, i, "万分之"), r == '-' && i+1 < len(t) && (isDigit(t[i+1]) || t[i+1] == '.') && (i == 0 || t[i-1] == ' '), r == '对', r == '几', r == '拾', r == '第', r == '负':
		return true
	case r >= 'a' && r <= 'z':
		return i == 0 || !letterAt(t, i-1)
	}
	return false
}

// At reads one amount that starts at i, which may be the end of the text.
func At(t []rune, i int) (Quantity, bool) {
	if i >= len(t) {
		return Quantity{}, false
	}
	if (t[i] == '负' || t[i] == '-') && i+1 < len(t) && t[i+1] != '负' && t[i+1] != '-' {
		q, ok := At(t, i+1)
		if !ok || q.Dim == Ordinal || q.Lo == NegInf || q.Hi == PosInf {
			return Quantity{}, false
		}
		q.Start, q.Value, q.Lo, q.Hi, q.Number.Num = i, -q.Value, -q.Hi, -q.Lo, -q.Number.Num
		return q, true
	}
	for _, read := range [...]func([]rune, int) (Quantity, bool){special, currencyFirst, share} {
		if q, ok := read(t, i); ok {
			return bounded(t, q), true
		}
	}
	n, ok := numberAt(t, i)
	if !ok {
		return Quantity{}, false
	}
	q, ok := measured(t, i, n)
	if !ok {
		return Quantity{}, false
	}
	return bounded(t, q), true
}

// numberAt reads a number of any writing with its decimal part.
func numberAt(t []rune, i int) (number, bool) {
	if i >= len(t) {
		return number{}, false
	}
	if isDigit(t[i]) || t[i] == '.' {
		return arabicRange(t, i)
	}
	if t[i] >= 'a' && t[i] <= 'z' {
		return english(t, i)
	}
	n, ok := chinese(t, i)
	if !ok {
		return n, false
	}
	n = chineseDecimal(t, n)
	return chineseRange(t, n), true
}

func chineseDecimal(t []rune, n number) number {
	if n.end+1 >= len(t) || t[n.end] != '点' || digitOf(t[n.end+1]) < 0 && !isDigit(t[n.end+1]) {
		return n
	}
	v, den, j := int64(0), int64(1), n.end+1
	for j < len(t) && den < 100_000_000 {
		d := digitOf(t[j])
		if isDigit(t[j]) {
			d = int64(t[j] - '0')
		}
		if d < 0 || t[j] == '两' && j > n.end+1 {
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

// chineseRange reads 七到八, 五十到六十 as one interval.
func chineseRange(t []rune, n number) number {
	if n.end >= len(t) || t[n.end] != '到' && t[n.end] != '至' && t[n.end] != '-' && t[n.end] != '~' {
		return n
	}
	second, ok := chinese(t, n.end+1)
	if !ok || !less(n.lo, second.lo) {
		return n
	}
	second = chineseDecimal(t, second)
	second.lo, second.row = n.lo, false
	return second
}

func arabicRange(t []rune, i int) (number, bool) {
	n, ok := arabic(t, i)
	if !ok || n.end+1 >= len(t) {
		return n, ok
	}
	switch t[n.end] {
	case '-', '~', '到', '至':
		second, ok := arabic(t, n.end+1)
		if ok && less(n.lo, second.lo) {
			second.lo, second.row = n.lo, false
			return second, true
		}
	}
	return n, true
}

func less(a, b Rat) bool {
	x, ok1 := mul(a.Num, b.Den)
	y, ok2 := mul(b.Num, a.Den)
	return ok1 && ok2 && x < y
}

// measured joins a number with the unit behind it.
func measured(t []rune, i int, n number) (Quantity, bool) {
	j := n.end
	half := false
	if j < len(t) && t[j] == '半' && startsUnit(t, j+1) {
		return Quantity{}, false
	}
	u, ok := unitBehind(t, j, n)
	if ok && u.dim == Count && has(t, j, "个半") && n.lo.Den == 1 {
		if v, isTime := unitAt(t, j+2); isTime && v.dim == Duration {
			n.lo = n.lo.plus(Rat{1, 2})
			n.hi, n.end, j, u = n.lo, j+2, j+2, v
		}
	}
	if !ok {
		return bare(t, i, n)
	}
	end := j + len(u.surface)
	if t[j] == ' ' || t[j] == '-' {
		end++
	}
	q, fits := make1(i, end, n, u)
	if !fits {
		return Quantity{}, false
	}
	if end < len(t) && t[end] == '半' && !has(t, end, "半年") && !has(t, end, "半价") {
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
	return continued(t, q, u), true
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
	if s, ok := surfaceNames[string(u.surface)]; ok {
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
func unitBehind(t []rune, j int, n number) (unit, bool) {
	if j < len(t) && (t[j] == ' ' || t[j] == '-') {
		if j+1 < len(t) && (t[j+1] >= 'a' && t[j+1] <= 'z' || n.arabic && t[j+1] == '%') {
			return unitAt(t, j+1)
		}
		return unit{}, false
	}
	u, ok := unitAt(t, j)
	if !ok {
		return u, false
	}
	after := j + len(u.surface)
	switch {
	case u.name == "fen" && has(t, after, "之"), u.name == "cun" && has(t, after, "照"):
		return unit{}, false
	case u.name == "liang" && startsUnit(t, after) && !has(t, after, "斤") && !has(t, after, "个") || u.name == "liang" && has(t, after, "个"):
		return unit{}, false
	case u.name == "dozen" && (has(t, after, "下") || has(t, after, "开") || has(t, after, "折") || has(t, after, "出") || has(t, after, "电") || has(t, after, "理") || has(t, after, "包")):
		return unit{}, false
	case u.name == "m" && !n.arabic && has(t, after, "饭"):
		return unit{}, false
	case u.name == "number" && t[j] == '路':
		return unit{}, false
	}
	return u, true
}

// bare is a number without unit; in running text a single one of 一 is no
// amount.
func bare(t []rune, i int, n number) (Quantity, bool) {
	if n.end < len(t) && t[n.end] == '分' && has(t, n.end, "分之") {
		return Quantity{}, false
	}
	lo, ok1 := n.lo.Times(1000, 1)
	hi, ok2 := n.hi.Times(1000, 1)
	if !ok1 || !ok2 {
		return Quantity{}, false
	}
	q := Quantity{Start: i, End: n.end, NumEnd: n.end, Dim: Bare, Value: lo, Lo: lo, Hi: hi, Row: n.row, Arabic: n.arabic, Fine: n.decimal, Number: n.lo}
	if n.alt.Valid() {
		q.Alt, _ = n.alt.Times(1000, 1)
	}
	return q, true
}
