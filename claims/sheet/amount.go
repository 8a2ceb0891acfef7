package sheet

import (
	"regexp"
	"strings"

	"liveroom/claims/fold"
	"liveroom/claims/quantity"
)

// What is expected where an amount cannot be read.
const (
	wantWeight = "a weight or volume with its unit, such as 450g, 1.5kg or 30ml"
	wantCount  = "a number of pieces above 0, such as 6包;赠品1个"
	wantSize   = "sizes with positive numbers and known units, such as 180x200cm, 34-40码 or S;M;L"
	wantShelf  = "a time, such as 180天, 24个月 or 3年"
	wantFigure = "figures a reader can take only one way, such as 续航 30h;含绒量 90%"
	wantShare  = "a share from 0% to 100%, such as 羊毛60%"
	wantDay    = "a day that exists, written like 2027-03-01"
)

// weighed finds an amount in a unit that weights are written in. What speech
// recognisers make of units (公金, 豪升) is none on a sheet.
var weighed = regexp.MustCompile(`[\d半一二三四五六七八九十百千两几]\s*-?(?:公?克|grams?|g|千克|公斤|kgs?|kilograms?|毫克|mg|微克|μg|ug|mcg|市?斤|两|吨|磅|lbs?|盎司|oz|ounces?|克拉|毫升|ml|cc|公?升|lit(?:er|re)s?|l|液盎司)(?:[^a-z]|$)`)

func words(s string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(s) {
		m[w] = true
	}
	return m
}

// The marks of a figure that nobody can read one way only: two points in a
// row, and a comma that parts no thousands.
var (
	twoPoints  = regexp.MustCompile(`\d\.\.+\d`)
	strayComma = regexp.MustCompile(`\d,(?:\d{1,2}(?:\D|$)|\d{4})`)
)

func (d *decoder) amounts(p *Product) {
	check := func(f Field, want string, ok func(string) bool) {
		if v := p.raw[f]; v != "" && !ok(v) {
			d.fail(f, v, want)
		}
	}
	check(FieldNetWeight, wantWeight, goodWeight)
	check(FieldQuantity, wantCount, goodCounts)
	check(FieldSize, wantSize, goodSizes)
	check(FieldShelfLife, wantShelf, goodShelfLife)
	for _, m := range p.Metrics {
		if !goodFigure(m) {
			d.fail(FieldMetrics, m, wantFigure)
		}
	}
}

// times is an x that multiplies, right behind a unit: 200cmx230cm.
var times = regexp.MustCompile(`([a-z])\s*x\s*(\d)`)

// read finds the amounts of a cell; false where one is written so that nobody
// can tell what is meant, or is below zero.
func read(v string) ([]rune, []quantity.Quantity, bool) {
	if twoPoints.MatchString(v) {
		return nil, nil, false
	}
	t := []rune(times.ReplaceAllString(fold.String(v), "$1*$2"))
	qs := quantity.Scan(nil, t, nil)
	for i, q := range qs {
		if q.Value < 0 || minus(t, q.Start) && (i == 0 || qs[i-1].End != q.Start-1) {
			return nil, nil, false
		}
	}
	return t, qs, true
}

// minus reports whether the number at i has a sign of its own: one after a
// letter or a digit joins or ranges.
func minus(t []rune, i int) bool {
	if i == 0 || t[i-1] != '-' {
		return false
	}
	return i == 1 || !fold.Letter(t[i-2]) && !fold.Digit(t[i-2])
}

func goodWeight(v string) bool {
	t, qs, ok := read(v)
	if !ok || strayComma.MatchString(v) {
		return false
	}
	found := false
	for _, q := range qs {
		switch q.Dim {
		case quantity.Mass, quantity.Volume:
			if q.Value == 0 || !weighed.MatchString(string(t[q.Start:q.End])) {
				return false
			}
			found = true
		case quantity.Bare:
			if !multiplied(t, q) {
				return false
			}
		}
	}
	return found
}

// multiplied: the 6 of 6x50g has no unit of its own.
func multiplied(t []rune, q quantity.Quantity) bool {
	at := func(i int) bool { return i >= 0 && i < len(t) && (t[i] == 'x' || t[i] == '*' || t[i] == '/') }
	return at(q.End) || at(q.Start-1)
}

func goodCounts(v string) bool {
	counted := false
	for _, item := range list(v) {
		_, qs, ok := read(item)
		if !ok || strayComma.MatchString(item) {
			return false
		}
		for _, q := range qs {
			if q.Value <= 0 {
				return false
			}
			counted = true
		}
	}
	return counted
}

func goodSizes(v string) bool {
	for _, item := range list(v) {
		t, qs, ok := read(item)
		if !ok {
			return false
		}
		for _, q := range qs {
			measured := q.Dim == quantity.Length || q.Dim == quantity.Volume || q.Dim == quantity.Mass
			if measured && q.Value == 0 || q.Dim == quantity.Bare && unknownUnit(t, q.End) {
				return false
			}
		}
	}
	return true
}

// sizeLetters may stand behind a number in a size: 2XL, 180mm x 20in.
var sizeLetters = words("xl xxl xxxl xs xxs us uk eu cn jp in yd yds pcs yrs yr fr")

// unknownUnit reports whether letters that are neither a unit nor a mark of
// size stand right behind a number.
func unknownUnit(t []rune, i int) bool {
	end := i
	for end < len(t) && fold.Letter(t[end]) {
		end++
	}
	word := string(t[i:end])
	return len(word) > 1 && !strings.HasPrefix(word, "x") && !sizeLetters[word]
}

// unlimited is said of goods whose shelf life is no number.
var unlimited = words("长期 长期有效 永久 无 不限 无限期 无保质期 不适用")

// elsewhere sends the reader to what is printed on the goods.
var elsewhere = regexp.MustCompile(`^(?:详?见|参见|以)\D+$`)

func goodShelfLife(v string) bool {
	if unlimited[v] || elsewhere.MatchString(v) {
		return true
	}
	_, qs, ok := read(strings.ReplaceAll(v, " 个", "个"))
	timed := false
	for _, q := range qs {
		timed = timed || q.Dim == quantity.Duration && q.Value > 0
	}
	return ok && timed
}

// wholeOf names figures that are parts of a whole: no more than all of it.
var wholeOf = []string{"含绒量", "绒子含量", "破壁率", "阻隔率", "过滤效率", "含量", "纯度"}

func goodFigure(v string) bool {
	if twoPoints.MatchString(v) {
		return false
	}
	text := fold.String(v)
	for _, q := range quantity.Scan(nil, []rune(text), nil) {
		if q.Dim != quantity.Ratio || q.Value <= 1_000_000 {
			continue
		}
		for _, name := range wholeOf {
			if strings.Contains(text, name) {
				return false
			}
		}
	}
	return true
}
