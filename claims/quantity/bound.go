package quantity

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

// bounded widens an amount by the words at its sides.
func bounded(t []rune, q Quantity) Quantity {
	if q.Dim == Ordinal || q.Dim == Date {
		return q
	}
	for _, c := range before {
		if endsWith(t, q.Start, c.word) || c.kind != about && endsWith(t, q.Start-1, c.word) && (t[q.Start-1] == '了' || t[q.Start-1] == '有' || t[q.Start-1] == '是') {
			return widen(q, c.kind)
		}
	}
	for _, c := range after {
		if !has(t, q.End, c.word) || c.word == "起" && !endOfSpan(t, q.End+1) || c.word == "来" && q.Dim == Bare ||
			c.word == "内" && !endOfSpan(t, q.End+1) || c.word == "几" && q.Dim != Bare && q.Dim != Money || c.word == "吧" && !endOfSpan(t, q.End+1) || c.word == "不到" && !endOfSpan(t, q.End+2) {
			continue
		}
		q.End += runes(c.word)
		return widen(q, c.kind)
	}
	return q
}

func endOfSpan(t []rune, i int) bool {
	if i >= len(t) {
		return true
	}
	switch t[i] {
	case ',', '.', '!', '?', ';', ' ', '~', '/', '的', '发', '就', '吧', '哦', '啊', '哈', '必', '肯', '给', '寄', '送', '到':
		return true
	}
	return false
}

func runes(s string) int {
	n := 0
	for range s {
		n++
	}
	return n
}

// endsWith reports whether word stands right before end.
func endsWith(t []rune, end int, word string) bool {
	return end >= 0 && end <= len(t) && has(t, end-runes(word), word) && end-runes(word) >= 0
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
