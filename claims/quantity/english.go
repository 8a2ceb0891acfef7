package quantity

var englishUnits = map[string]int64{
	"zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
	"ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
	"seventeen": 17, "eighteen": 18, "nineteen": 19,
}

var englishTens = map[string]int64{
	"twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}

var englishScales = map[string]int64{"hundred": 100, "thousand": 1000, "million": 1_000_000, "billion": 1_000_000_000, "grand": 1000}

// wordAt returns the English word at i and the index behind it.
func wordAt(t []rune, i int) (string, int) {
	var buf [12]byte
	n := 0
	for i+n < len(t) && t[i+n] >= 'a' && t[i+n] <= 'z' {
		if n == len(buf) {
			return "", i
		}
		buf[n] = byte(t[i+n])
		n++
	}
	if s, ok := numeralWords[string(buf[:n])]; ok {
		return s, i + n
	}
	return "", i + n
}

// numeralWords interns the words a number may hold, so that wordAt does not
// allocate.
var numeralWords = func() map[string]string {
	m := map[string]string{}
	for _, words := range []map[string]int64{englishUnits, englishTens, englishScales} {
		for w := range words {
			m[w] = w
		}
	}
	for _, w := range []string{"point", "and", "a", "an", "half", "quarter", "oh", "couple", "dozen", "of", "hour", "month", "year", "pound", "kilo", "meter", "inch"} {
		m[w] = w
	}
	return m
}()

func afterGap(t []rune, i int) int {
	if i < len(t) && (t[i] == ' ' || t[i] == '-') {
		return i + 1
	}
	return i
}

// english reads "ninety five", "a hundred and twenty", "one point four",
// "sixteen ninety-nine" at i, which must be the start of a word.
func english(t []rune, i int) (number, bool) {
	w, end := wordAt(t, i)
	if w == "a" || w == "an" {
		next, nextEnd := wordAt(t, afterGap(t, end))
		if halved(t, next, nextEnd) {
			return single(Rat{3, 2}, end), true
		}
		if boundedOne(t, i) {
			return single(whole(1), end), true
		}
		if _, scale := englishScales[next]; !scale && next != "dozen" && next != "half" && next != "couple" {
			return number{}, false
		}
	} else if w == "half" {
		return halfOf(t, end)
	} else if w == "point" {
		n := englishTail(t, number{lo: whole(0), hi: whole(0), end: i})
		return n, n.end > i
	} else if w == "hundred" {
		return englishTail(t, englishScaled(t, 1, i)), true
	} else if _, unit := englishUnits[w]; !unit {
		if _, ten := englishTens[w]; !ten {
			return number{}, false
		}
	}
	first, firstEnd, ok := englishBelowHundred(t, i)
	if ok {
		end = firstEnd
	} else {
		first = 1
		if next, e := wordAt(t, afterGap(t, end)); next == "half" {
			return halfOf(t, e)
		}
	}
	num := englishScaled(t, first, end)
	return englishTail(t, num), true
}

// boundedOne reads "about a kilo", "under a litre": one of a unit where a bound
// stands before it.
func boundedOne(t []rune, i int) bool {
	if k := boundBefore(t, i); k == 0 || k == compared {
		return false
	}
	u, ok := Common.unitAt(t, i+2)
	return ok && t[i+1] == ' ' && (u.dim == Mass || u.dim == Volume || u.dim == Length || u.name == "gbp")
}

// halved reads "an hour and a half": the half stands behind the unit.
func halved(t []rune, unitWord string, end int) bool {
	switch unitWord {
	case "hour", "month", "year", "pound", "kilo", "meter":
	default:
		return false
	}
	and, e2 := wordAt(t, afterGap(t, end))
	a, e3 := wordAt(t, afterGap(t, e2))
	h, _ := wordAt(t, afterGap(t, e3))
	return and == "and" && a == "a" && h == "half"
}

func halfOf(t []rune, end int) (number, bool) {
	j := afterGap(t, end)
	for _, skip := range []string{"of", "a", "an"} {
		if w, e := wordAt(t, j); w == skip {
			j = afterGap(t, e)
		}
	}
	if j > 0 && j <= len(t) && j > end && t[j-1] == ' ' {
		j--
	}
	return single(Rat{1, 2}, max(j, end)), true
}

func englishBelowHundred(t []rune, i int) (int64, int, bool) {
	w, end := wordAt(t, i)
	if v, ok := englishUnits[w]; ok {
		return v, end, true
	}
	v, ok := englishTens[w]
	if !ok {
		return 0, i, false
	}
	if u, e := wordAt(t, afterGap(t, end)); u != "" {
		if d, ok := englishUnits[u]; ok && d > 0 && d < 10 {
			return v + d, e, true
		}
	}
	return v, end, true
}

// englishScaled continues a number after its first part: hundreds, thousands,
// or a pair such as "one ninety nine".
func englishScaled(t []rune, first int64, end int) number {
	total, section, scaled := int64(0), first, false
	num := number{}
	for {
		j := afterGap(t, end)
		w, e := wordAt(t, j)
		if m, ok := englishScales[w]; ok {
			if m == 100 {
				section = max(section, 1) * 100
			} else {
				total += max(section, 1) * m
				section = 0
			}
			end, scaled = e, true
			continue
		}
		if w == "dozen" {
			total, section, end = total+section*12, 0, e
			break
		}
		if w == "and" && scaled {
			j = afterGap(t, e)
		}
		v, e2, ok := englishBelowHundred(t, j)
		if !ok {
			break
		}
		if scaled && section%100 == 0 && v < 100 {
			section, end = section+v, e2
			if next, _ := wordAt(t, afterGap(t, end)); next != "thousand" && next != "hundred" {
				break
			}
			continue
		}
		if !scaled && first > 0 && v >= 10 && v < 100 {
			num.alt = Rat{first*100 + v, 100}
			section, end = first*100+v, e2
			if afterHundred, _ := wordAt(t, afterGap(t, end)); afterHundred == "hundred" {
				section, num.alt = first, Rat{}
			}
		}
		break
	}
	num.lo, num.hi, num.end = whole(total+section), whole(total+section), end
	return num
}

// englishTail reads "point five" and "and a half" behind a number.
func englishTail(t []rune, num number) number {
	j := afterGap(t, num.end)
	w, e := wordAt(t, j)
	switch w {
	case "point":
		den, n := int64(1), int64(0)
		for den < 1_000_000 {
			d, e2 := wordAt(t, afterGap(t, e))
			v, ok := englishUnits[d]
			if d == "oh" {
				v, ok = 0, true
			}
			if !ok || v > 9 {
				break
			}
			n, den, e = n*10+v, den*10, e2
		}
		if den > 1 {
			v := num.lo.plus(Rat{n, den})
			return number{lo: v, hi: v, end: e, decimal: true}
		}
	case "and":
		a, e2 := wordAt(t, afterGap(t, e))
		h, e3 := wordAt(t, afterGap(t, e2))
		if a == "a" && h == "half" {
			v := num.lo.plus(Rat{1, 2})
			return number{lo: v, hi: v, end: e3}
		}
	}
	return num
}
