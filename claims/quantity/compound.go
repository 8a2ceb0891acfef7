package quantity

// continued reads what may stand behind a number with its unit: 一斤三两, 一斤三,
// 八斤四两, 一米八五, 九块九, 十九块九毛.
func (rd *Reader) continued(t []rune, q Quantity, u unit) Quantity {
	var sub int64 // what one step of an unnamed next digit is worth, in the base
	switch u.name {
	case "jin":
		sub = 50_000
	case "kg", "g", "liang", "m", "cm", "yuan", "chi", "cun", "jiao", "usd", "gbp":
		sub = u.num / u.den / 10
	default:
		return rd.withCents(t, q)
	}
	if r := rd.withCents(t, q); r.End > q.End {
		return r
	}
	if q.End >= len(t) || q.Dim == Length && !spokenMetre(t, q.End) {
		return q
	}
	if u.name == "yuan" && (has(t, q.End-1, "块钱") || has(t, q.End-1, "元")) && !isDigit(t[q.End]) && digitOf(t[q.End]) < 0 {
		return q
	}
	if r, ok := roughTail(t, q, u); ok {
		return r
	}
	if r, ok := rd.lesser(t, q, u); ok {
		return r
	}
	n, ok := tail(t, q.End)
	if !ok {
		return q
	}
	n = rd.ownTail(t, n, u)
	next, named := rd.unitBehind(t, n.end, n)
	if named && next.dim == q.Dim && next.num*u.den < u.num*next.den {
		add, fits := n.lo.Times(next.num, next.den)
		if fits {
			q.End = n.end + len(next.surface)
			q = plus(q, add)
			if next.name == "jiao" {
				return rd.continued(t, q, next)
			}
		}
		return q
	}
	if named && next.dim != Bare && !(next.dim == Count || next.name == "yuan") || n.digits > 2 || !n.row && n.digits > 1 {
		return q
	}
	if named && (next.dim == Count && u.dim != Money || n.lo == whole(1)) {
		return q // 八克一块, 十块一包
	}
	if n.lo.Den != 1 || n.lo.Num > 99 {
		return q
	}
	v := n.lo.Num * sub
	if n.digits == 2 {
		v /= 10
	}
	q.End = n.end
	if named && next.name == "jiao" {
		q.End += len(next.surface)
	}
	return plus(q, v)
}

// lesser reads what a smaller unit adds after a number of tens or hundreds, or
// after 零: 两公斤一百克, 一米零五.
func (rd *Reader) lesser(t []rune, q Quantity, u unit) (Quantity, bool) {
	if isDigit(t[q.End]) {
		return q, false
	}
	if t[q.End] == '零' {
		if (u.name != "m" && u.name != "yuan") || q.End+1 >= len(t) || digitOf(t[q.End+1]) <= 0 || q.End+2 < len(t) && (digitOf(t[q.End+2]) >= 0 || multiplier(t[q.End+2]) > 0) {
			return q, false
		}
		v := digitOf(t[q.End+1]) * u.num / u.den / 100
		q.End += 2
		if _, named := rd.unitAt(t, q.End); named {
			return q, false
		}
		return plus(q, v), true
	}
	n, ok := rd.oneNumber(t, q.End)
	if !ok || n.row || n.digits == 1 || q.Dim == Money {
		return q, false
	}
	next, ok := rd.unitBehind(t, n.end, n)
	if !ok || next.dim != q.Dim || next.num*u.den >= u.num*next.den {
		return q, false
	}
	v, fits := n.lo.Times(next.num, next.den)
	if !fits || v*u.den >= u.num {
		return q, false
	}
	q.End = n.end + len(next.surface)
	return plus(q, v), true
}

// withCents reads 两美元又三美分, 10日元5日本钱.
func (rd *Reader) withCents(t []rune, q Quantity) Quantity {
	i := q.End
	if q.Dim != Money || i >= len(t) {
		return q
	}
	if t[i] == '又' {
		i++
	}
	n, ok := rd.oneNumber(t, i)
	if !ok || n.lo.Den != 1 {
		return q
	}
	if u, ok := rd.unitAt(t, n.end); ok && u.name == "cent" {
		if v, fits := n.lo.Times(u.num, u.den); fits {
			q.End = n.end + len(u.surface)
			return plus(q, v)
		}
	}
	return q
}

// roughTail reads 三斤八九两: a range in the smaller unit.
func roughTail(t []rune, q Quantity, u unit) (Quantity, bool) {
	i := q.End
	if u.name != "jin" || i+2 >= len(t) || digitOf(t[i]) <= 0 || digitOf(t[i+1]) != digitOf(t[i])+1 || t[i+2] != '两' {
		return q, false
	}
	lo, hi := digitOf(t[i])*50_000, digitOf(t[i+1])*50_000
	q.Hi, q.Lo, q.Value, q.End, q.Fine = q.Hi+hi, q.Lo+lo, q.Value+lo, i+3, true
	return q, true
}

func plus(q Quantity, v int64) Quantity {
	q.Value += v
	q.Lo += v
	q.Hi += v
	q.Fine = true
	return q
}

// spokenMetre: behind 米 a digit is tenths (一米八), but 两米乘 is not.
func spokenMetre(t []rune, i int) bool {
	return digitOf(t[i]) > 0 || t[i] == '零'
}

// tail reads the one or two digits that follow a unit.
func tail(t []rune, i int) (number, bool) {
	if isDigit(t[i]) {
		n, ok := arabic(t, i)
		n.row = true
		return n, ok && !n.decimal
	}
	d := digitOf(t[i])
	if d <= 0 || t[i] == '两' && !has(t, i, "两毛") && !has(t, i, "两角") {
		return number{}, false
	}
	if i+1 < len(t) && multiplier(t[i+1]) > 0 {
		return number{}, false
	}
	n := single(whole(d), i+1)
	n.digits, n.row = 1, true
	if i+1 < len(t) && digitOf(t[i+1]) >= 0 && t[i+1] != '两' && (i+2 >= len(t) || multiplier(t[i+2]) == 0) {
		n.lo = whole(d*10 + digitOf(t[i+1]))
		n.hi, n.end, n.digits = n.lo, i+2, 2
	}
	return n, true
}

// ownTail leaves the second of two digits behind a unit to the unit behind it:
// 十七块六一升, 九块九三包, 两克六一对.
func (rd *Reader) ownTail(t []rune, n number, u unit) number {
	last := n.end - 1
	if n.digits != 2 || isDigit(t[last]) || u.dim != Money && t[last] != '一' {
		return n
	}
	next, ok := rd.unitAt(t, n.end)
	if !ok || next.dim == Money {
		return n
	}
	n.lo, n.end, n.digits = whole(n.lo.Num/10), last, 1
	n.hi = n.lo
	return n
}

// special reads the amounts that do not start with a plain number: halves,
// 对折, 半价, ordinals.
func (rd *Reader) special(t []rune, i int) (Quantity, bool) {
	mk := func(n int, dim Dim, unit string, v int64) (Quantity, bool) {
		return Quantity{Start: i, End: i + n, NumEnd: i + n, Dim: dim, Unit: unit, Value: v, Lo: v, Hi: v}, true
	}
	switch {
	case has(t, i, "对折"), has(t, i, "半价"), has(t, i, "半折"):
		return mk(2, Discount, "zhe", 500_000)
	case has(t, i, "半成"):
		return mk(2, Ratio, "pct", 50_000)
	case has(t, i, "half price"):
		return mk(10, Discount, "zhe", 500_000)
	case has(t, i, "half off"):
		return mk(8, Discount, "zhe", 500_000)
	case t[i] == '半':
		u, ok := rd.unitAt(t, i+1)
		if !ok && has(t, i+1, "个") {
			u, ok = rd.unitAt(t, i+2)
		}
		if !ok || u.dim == Index || u.dim == Ordinal {
			return Quantity{}, false
		}
		v, _ := Rat{1, 2}.Times(u.num, u.den)
		return mk(1+len(u.surface), u.dim, u.name, v)
	case t[i] == '第':
		n, ok := rd.numberAt(t, i+1)
		if !ok {
			return Quantity{}, false
		}
		return rd.ordinal(t, i, n)
	}
	return Quantity{}, false
}

// ordinal reads 第三, 第一到第三, 第十和第十五之间.
func (rd *Reader) ordinal(t []rune, i int, n number) (Quantity, bool) {
	q, ok := make1(i, n.end, n, unit{name: "第", dim: Ordinal, num: 1, den: 1})
	if !ok || n.end >= len(t) {
		return q, ok
	}
	j, between := joint(t, n.end)
	if j == n.end || !has(t, j, "第") {
		return q, true
	}
	last, ok := rd.oneNumber(t, j+1)
	if !ok || !less(n.lo, last.lo) || between && !rd.between(t, last.end) {
		return q, true
	}
	if v, fits := last.lo.Times(1, 1); fits {
		q.Hi, q.End, q.NumEnd = v, last.end, last.end
	}
	return q, true
}

// currencyFirst reads ¥99, $20, £9.99.
func (rd *Reader) currencyFirst(t []rune, i int) (Quantity, bool) {
	var name string
	switch t[i] {
	case '¥':
		name = "yuan"
	case '$':
		name = "usd"
	case '£':
		name = "gbp"
	case '€':
		name = "eur"
	default:
		return Quantity{}, false
	}
	j := i + 1
	if j < len(t) && t[j] == ' ' {
		j++
	}
	n, ok := rd.numberAt(t, j)
	if !ok {
		return Quantity{}, false
	}
	return make1(i, n.end, n, unit{name: name, dim: Money, num: 100, den: 1})
}

// share reads 百分之五, 百万分之二, 七成六, 六五折, 三分之一, 二十分之一, 一半.
func (rd *Reader) share(t []rune, i int) (Quantity, bool) {
	if per, j := shareHead(t, i); j > i {
		if again, k := shareHead(t, j); k > j && again == per {
			j = k // a stutter
		}
		n, ok := rd.shareNumber(t, j)
		if !ok {
			return Quantity{}, false
		}
		q, ok := make1(i, n.end, n, unit{name: "pct", dim: Ratio, num: 1_000_000, den: per})
		if per > 10_000 {
			q.Unit, q.Number = "ppm", n.lo.times(Rat{1, per})
		}
		return q, ok
	}
	if n, ok := spelled(t, i); ok {
		return discount(i, n)
	}
	if has(t, i, "百分百") {
		return Quantity{Start: i, End: i + 3, NumEnd: i + 3, Dim: Ratio, Unit: "pct", Value: 1_000_000, Lo: 1_000_000, Hi: 1_000_000}, true
	}
	if has(t, i, "一半") && !has(t, i, "一半都") {
		return Quantity{Start: i, End: i + 2, NumEnd: i + 2, Dim: Ratio, Unit: "half", Value: 500_000, Lo: 450_000, Hi: 550_000, Approx: true}, true
	}
	n, ok := rd.numberAt(t, i)
	if !ok || n.end >= len(t) {
		return Quantity{}, false
	}
	switch {
	case t[n.end] == '成' && tenths(t, n):
		return rd.inTenths(t, i, n), true
	case t[n.end] == '折' && !has(t, n.end, "折页") && !has(t, n.end, "折叠"):
		return halfMore(t, i, n)
	case has(t, n.end, "分之"):
		return rd.fraction(t, i, n)
	case t[n.end] == '又':
		return rd.mixed(t, i, n)
	}
	return Quantity{}, false
}

// shareHead reads 百分之, 千分之, 百万分之: how many parts, and where the number
// of them begins; i where there is none.
func shareHead(t []rune, i int) (per int64, end int) {
	per = 1
	for j := i; j < len(t) && j-i < 5; j++ {
		if j > i && has(t, j, "分之") {
			return per, j + 2
		}
		m := multiplier(t[j])
		if m < 100 || per > 10_000_000_000_000/m {
			break
		}
		per *= m
	}
	return 0, i
}

// spelled reads two digits that were written apart before 折: 6 8 折.
func spelled(t []rune, i int) (number, bool) {
	if i+3 >= len(t) || !isDigit(t[i]) || t[i+1] != ' ' || !isDigit(t[i+2]) || i > 0 && (isDigit(t[i-1]) || t[i-1] == '.') {
		return number{}, false
	}
	end := i + 3
	if t[end] == ' ' {
		end++
	}
	if end >= len(t) || t[end] != '折' {
		return number{}, false
	}
	return single(whole(int64(t[i]-'0')*10+int64(t[i+2]-'0')), end), true
}

// mixed reads 三又二分之一.
func (rd *Reader) mixed(t []rune, i int, n number) (Quantity, bool) {
	den, ok := rd.numberAt(t, n.end+1)
	if !ok || !has(t, den.end, "分之") {
		return Quantity{}, false
	}
	q, ok := rd.fraction(t, n.end+1, den)
	if !ok {
		return Quantity{}, false
	}
	sum := n.lo.plus(q.Number)
	v, fits := sum.Times(1000, 1)
	if !sum.Valid() || !fits {
		return Quantity{}, false
	}
	return Quantity{Start: i, End: q.End, NumEnd: q.End, Value: v, Lo: v, Hi: v, Number: sum, Fine: true}, true
}

func (rd *Reader) shareNumber(t []rune, j int) (number, bool) {
	if has(t, j, "百") {
		return single(whole(100), j+1), true
	}
	for has(t, j, "呃") || has(t, j, "嗯") {
		j++
	}
	return rd.numberAt(t, j)
}

// tenths tells 三成 from 三成为.
func tenths(t []rune, n number) bool {
	if n.hi.Num > 10*n.hi.Den {
		return false
	}
	for _, no := range [...]string{"成为", "成熟", "成本", "成立", "成人", "成功", "成都", "成品"} {
		if has(t, n.end, no) {
			return false
		}
	}
	return true
}

func (rd *Reader) inTenths(t []rune, i int, n number) Quantity {
	lo, _ := n.lo.Times(100_000, 1)
	hi, _ := n.hi.Times(100_000, 1)
	end := n.end + 1
	switch {
	case end < len(t) && t[end] == '半':
		lo, hi, end = lo+50_000, hi+50_000, end+1
	case end < len(t) && digitOf(t[end]) > 0 && (end+1 >= len(t) || digitOf(t[end+1]) < 0 && multiplier(t[end+1]) == 0 && (!rd.startsUnit(t, end+1) || has(t, end+1, "打底") || has(t, end+1, "打头"))):
		lo, hi, end = lo+digitOf(t[end])*10_000, hi+digitOf(t[end])*10_000, end+1
	}
	return Quantity{Start: i, End: end, NumEnd: n.end, Dim: Ratio, Unit: "cheng", Value: lo, Lo: lo, Hi: hi, Number: n.lo}
}

// discount reads 六五折 (pay 65 %), 七折 (70 %), 9.5折.
func discount(i int, n number) (Quantity, bool) {
	v := n.lo
	if n.alt.Valid() && n.row {
		v = n.alt
	}
	per := int64(100_000)
	if v.Den == 1 && v.Num > 10 {
		per = 10_000
	}
	ppm, ok := v.Times(per, 1)
	if !ok || ppm <= 0 || ppm >= 1_000_000 {
		return Quantity{}, false
	}
	return Quantity{Start: i, End: n.end + 1, NumEnd: n.end, Dim: Discount, Unit: "zhe", Value: ppm, Lo: ppm, Hi: ppm, Number: v}, true
}

// halfMore reads 六折半 as 65 %.
func halfMore(t []rune, i int, n number) (Quantity, bool) {
	q, ok := discount(i, n)
	if ok && q.End < len(t) && t[q.End] == '半' && q.Value%100_000 == 0 && !has(t, q.End, "半价") {
		q = plus(q, 50_000)
		q.End++
	}
	return q, ok
}

func (rd *Reader) fraction(t []rune, i int, den number) (Quantity, bool) {
	at := den.end + 2
	negative := at < len(t) && t[at] == '负'
	if negative {
		at++
	}
	num, ok := rd.oneNumber(t, at)
	if !ok || den.lo.Num == 0 {
		return Quantity{}, false
	}
	r := num.lo.times(Rat{den.lo.Den, den.lo.Num})
	if negative {
		r.Num = -r.Num
	}
	ppm, ok := r.Times(1_000_000, 1)
	if !ok || !r.Valid() {
		return Quantity{}, false
	}
	return Quantity{Start: i, End: num.end, NumEnd: num.end, Dim: Ratio, Unit: "fraction", Value: ppm, Lo: ppm, Hi: ppm, Number: r, Fine: true}, true
}
