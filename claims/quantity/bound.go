package quantity

import "slices"

// A cue is a word at an amount that moves its bounds.
type cue struct {
	word string
	kind boundKind
}

type boundKind uint8

const (
	about boundKind = iota + 1
	atLeast
	atMost
	below
	above
	aBitAbove
	compared // 比: what follows the amount tells whether above or below
)

var before = []cue{
	{"差不多", about},
	{"大概", about},
	{"大约", about},
	{"约莫", about},
	{"将近", about},
	{"接近", about},
	{"约", about},
	{"大致", about},
	{"估计", about},
	{"也就", about},
	{"至少", atLeast},
	{"最少", atLeast},
	{"起码", atLeast},
	{"不低于", atLeast},
	{"不小于", atLeast},
	{"大于等于", atLeast},
	{"大于或等于", atLeast},
	{"大于或者等于", atLeast},
	{"≥", atLeast},
	{">=", atLeast},
	{"> =", atLeast},
	{"小于等于", atMost},
	{"小于或等于", atMost},
	{"小于或者等于", atMost},
	{"≤", atMost},
	{"<=", atMost},
	{"< =", atMost},
	{"不大于", atMost},
	{"小于", below},
	{"<", below},
	{">", above},
	{"率过", above},
	{"比过", above},
	{"额过", above},
	{"不少于", atLeast},
	{"高达", atLeast},
	{"最多", atMost},
	{"顶多", atMost},
	{"不超过", atMost},
	{"至多", atMost},
	{"不高于", atMost},
	{"不到", below},
	{"少于", below},
	{"低于", below},
	{"不足", below},
	{"不满", below},
	{"超过", above},
	{"多于", above},
	{"高于", above},
	{"大于", above},
	{"超", above},
	{"about ", about},
	{"around ", about},
	{"roughly ", about},
	{"nearly ", about},
	{"almost ", about},
	{"nigh on ", about},
	{"close to ", about},
	{"not far short of ", about},
	{"approximately ", about},
	{"at least ", atLeast},
	{"up to ", atMost},
	{"at most ", atMost},
	{"under ", below},
	{"less than ", below},
	{"over ", above},
	{"more than ", above},
}

var after = []cue{
	{"或以上", atLeast},
	{"或者以上", atLeast},
	{"或更多", atLeast},
	{"或者更多", atLeast},
	{"之上", atLeast},
	{"之下", atMost},
	{"左右", about},
	{"上下", about},
	{"吧", about},
	{"的样子", about},
	{"以上", atLeast},
	{"往上", atLeast},
	{"起步", atLeast},
	{"起", atLeast},
	{"打底", atLeast},
	{"及以上", atLeast},
	{"朝上", atLeast},
	{"以内", atMost},
	{"之内", atMost},
	{"以下", atMost},
	{"内", atMost},
	{"往下", atMost},
	{"不到", below},
	{"封顶", atMost},
	{"多", aBitAbove},
	{"出点头", aBitAbove},
	{"多点", aBitAbove},
	{"出头", aBitAbove},
	{"来", aBitAbove},
	{"开外", aBitAbove},
	{"挂零", aBitAbove},
	{"几", aBitAbove},
	{" or so", about},
	{" or more", atLeast},
	{" plus", atLeast},
}

// A runeCue is a cue made ready for matching.
type runeCue struct {
	word []rune
	kind boundKind
}

// endingIn lists the cues before an amount by their last rune, cuesBefore by
// their first, beginningWith those after it by their first; the longest first.
var endingIn, cuesBefore, beginningWith = func() (ending, beginning, behind map[rune][]runeCue) {
	ending, beginning, behind = map[rune][]runeCue{}, map[rune][]runeCue{}, map[rune][]runeCue{}
	add := func(m map[rune][]runeCue, at rune, c runeCue) {
		m[at] = append(m[at], c)
		slices.SortStableFunc(m[at], func(a, b runeCue) int { return len(b.word) - len(a.word) })
	}
	for _, c := range append(before, cue{"比", compared}) {
		r := []rune(c.word)
		add(ending, r[len(r)-1], runeCue{r, c.kind})
		add(beginning, r[0], runeCue{r, c.kind})
	}
	for _, c := range after {
		r := []rune(c.word)
		add(behind, r[0], runeCue{r, c.kind})
	}
	return ending, beginning, behind
}()

// bounded widens an amount by the words at its sides.
func bounded(t []rune, q Quantity) Quantity {
	if q.Dim == Ordinal || q.Dim == Date {
		return q
	}
	if k := boundBefore(t, q.Start); k == compared {
		return comparedWith(t, q)
	} else if k != 0 {
		return widen(q, k)
	}
	if i := q.Start - 1; i > 0 && in(t[i], "了有是为") {
		if k := boundBefore(t, i); k != 0 && k != about && k != compared {
			return widen(q, k)
		}
	}
	if q.End >= len(t) {
		return q
	}
	for _, c := range beginningWith[t[q.End]] {
		if hasAt(t, q.End, c.word) && boundHolds(t, q, string(c.word)) {
			q.End += len(c.word)
			return widen(q, c.kind)
		}
	}
	return q
}

// comparedWith reads 比三十大, 比 170 低. Without such a word the amount is left as
// it is: 比 1.2 米的床.
func comparedWith(t []rune, q Quantity) Quantity {
	i := q.End
	for i < len(t) && (t[i] == ' ' || t[i] == '要' || t[i] == '还') {
		i++
	}
	if i >= len(t) || q.Dim == Bare && in(t[i], "长轻重短") {
		return q
	}
	switch {
	case in(t[i], "大高多长重"):
		q.End = i + 1
		return widen(q, above)
	case in(t[i], "小低少短轻"):
		q.End = i + 1
		return widen(q, below)
	}
	return q
}

// boundBefore is the kind of the cue that ends right before i, 0 for none.
func boundBefore(t []rune, i int) boundKind {
	if i <= 0 || i > len(t) {
		return 0
	}
	if i > 1 && t[i-1] == ' ' && in(t[i-2], "<>=≤≥比") {
		i--
	}
	for _, c := range endingIn[t[i-1]] {
		if hasAt(t, i-len(c.word), c.word) {
			return c.kind
		}
	}
	return 0
}

// boundHolds keeps words that are cues only in some places: 起 at the end of a
// span, 来 behind a unit, 几 behind a number.
func boundHolds(t []rune, q Quantity, word string) bool {
	switch word {
	case "起", "内", "吧":
		return endOfSpan(t, q.End+1)
	case "不到":
		return endOfSpan(t, q.End+2)
	case "来":
		return q.Dim != Bare
	case "几":
		return q.Dim == Bare || q.Dim == Money
	}
	return true
}

func endOfSpan(t []rune, i int) bool {
	if i >= len(t) {
		return true
	}
	switch t[i] {
	case ',', '.', '!', '?', ';', ' ', '~', '/', '、', '的', '发', '就', '吧', '哦', '啊', '哈', '必', '肯', '给', '寄', '送', '到':
		return true
	}
	return false
}

func widen(q Quantity, k boundKind) Quantity {
	switch k {
	case about:
		q.Approx = true
		q.Lo, q.Hi = q.Lo-q.Lo/20, addSat(q.Hi, q.Hi/20)
	case atLeast:
		q.Hi = PosInf
	case above:
		q.Lo, q.Hi = addSat(q.Lo, 1), PosInf
	case atMost:
		q.Lo = NegInf
	case below:
		q.Lo, q.Hi = NegInf, q.Hi-1
	case aBitAbove:
		q.Hi = addSat(q.Hi, q.Hi/4)
	}
	return q
}

func addSat(a, b int64) int64 {
	if b > 0 && a > PosInf-b {
		return PosInf
	}
	return a + b
}
