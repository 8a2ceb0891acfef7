package claims

import (
	"strings"

	"liveroom/claims/fold"
	"liveroom/claims/lexicon"
)

// A superlative is banned only where it praises the goods. What it is said of
// is told by its head (最甜的草莓), by what the sentence says it is (最香的还是小时候
// 那碗), and by the subject before it.

// ofOthers reports whether the superlative over [from, to) is said of
// something that is not the goods.
func (l *line) ofOthers(from, to int) bool {
	c := l.clauseAt(from)
	if l.latin {
		return l.otherSubject(c, from) || l.definesOther(c, to)
	}
	for _, is := range listed("praise.of_others.words") {
		if at := l.find(c.from, from, is); at >= 0 && !l.goodsSubject(c.from, at) {
			return true // 火锅底料那个才是第一名
		}
	}
	if l.ofLives(c, from) {
		return true
	}
	head, end := l.headOf(c, from, to)
	if l.isOther(c, end) || l.any(head, min(end+4, c.to), listed("praise.concede")...) || l.either(head, min(end+4, c.to)) {
		return true
	}
	if end > head {
		return !l.goodsNoun(head, end)
	}
	return false
}

// ofLives: 我妈炒的粿条是全世界最好吃的, 我们学校是全省唯一: what is praised is said
// first, and is no thing of the shop.
func (l *line) ofLives(c *clause, i int) bool {
	is := -1
	for k := i - 1; k > c.from; k-- {
		if in(l.t.R[k], "是系") {
			is = k
			break
		}
	}
	if is < 0 || l.goodsNoun(c.from, is) {
		return false
	}
	at, n := l.first(c.from, is, "aside.kin")
	return at == c.from && is > at+n || l.ahead(c.from, listed("praise.place")...)
}

// goodsSubject reports whether the words before a copula are about the goods.
func (l *line) goodsSubject(from, to int) bool {
	return !l.any(from, to, "那", "嗰") && (to-from < 2 || l.any(from, to, listed("praise.goods_subject.near")...) || l.goodsNoun(from, to))
}

// headOf is the noun that a superlative over [start, i) goes with: the words behind
// 的, up to a verb or the end of the clause; nothing where there is none.
func (l *line) headOf(c *clause, start, i int) (from, to int) {
	of := i > 0 && in(l.t.R[i-1], "的嘅之")
	for i < c.to && in(l.t.R[i], "的嘅之") {
		i, of = i+1, true
	}
	to = i
	for to < c.to && to-i < 10 && !in(l.t.R[to], "是系就才也都在了吧啊哈哦呢嘛啦还還给卖") {
		to++
	}
	if !of && (to-i > 4 || to-i < 2 || l.t.R[start] != '最') {
		return i, i // 最好看不过了, 第一把交椅: no head
	}
	return i, to
}

// isOther reports whether the clause goes on at i to say what has the
// superlative, and that is not the goods: 最好的护肤品是早点睡觉.
func (l *line) isOther(c *clause, i int) bool {
	for i < c.to && in(l.t.R[i], "还還就才") {
		i++
	}
	if i+2 >= c.to || !in(l.t.R[i], "是系") {
		return false
	}
	i++
	return !l.any(i, min(i+8, c.to), listed("praise.is_other.near")...) && !l.goodsNoun(i, c.to)
}

// either: A类不A类, 顶不顶级.
func (l *line) either(from, to int) bool {
	for i := from + 1; i+1 < to; i++ {
		if l.t.R[i] != '不' {
			continue
		}
		for n := 1; n <= 3 && i-n >= from && i+n < len(l.t.R); n++ {
			if l.part(i-n, i) == l.part(i+1, i+1+n) {
				return true
			}
		}
	}
	return false
}

// goodsNoun reports whether words in [from, to) name the goods, a side of them,
// or goods at large.
func (l *line) goodsNoun(from, to int) bool {
	if from+1 < to && in(l.t.R[from], "一这") || l.any(from, to, listed("praise.noun")...) {
		return true
	}
	for _, m := range l.all {
		if m.Start < from || m.End > to {
			continue
		}
		switch m.Term.Class {
		case lexicon.Product, lexicon.SelfTarget, lexicon.Attribute, lexicon.Part:
			return true
		}
	}
	if l.p == nil {
		return true
	}
	if l.latin {
		return l.namedIn(strings.Fields(l.part(from, to)))
	}
	if to-from == 1 {
		return l.p.isCalled(l.part(from, to))
	}
	for i := from; i+1 < to; i++ {
		if w := l.part(i, i+2); fold.Han(l.t.R[i]) && fold.Han(l.t.R[i+1]) && l.p.isCalled(w) {
			return true
		}
	}
	return false
}

// isCalled reports whether a name or kind of the product holds a word.
func (p *product) isCalled(w string) bool {
	for _, n := range p.names {
		if contains(n, w) {
			return true
		}
	}
	return contains(p.factText, w)
}

// namedIn reports whether one of words is in a name of the product.
func (l *line) namedIn(words []string) bool {
	for _, w := range words {
		if w = strings.TrimSuffix(strings.Trim(w, "'\".,!"), "s"); len(w) > 3 && l.p.isCalled(w) {
			return true
		}
	}
	return false
}

// otherSubject reports whether an English clause is about somebody or
// something else: my cat is the laziest, smooth is number one, even the best.
func (l *line) otherSubject(c *clause, i int) bool {
	before := strings.TrimSpace(l.part(c.from, i))
	if strings.HasSuffix(before, "even the") || strings.HasSuffix(before, "even") {
		return true
	}
	words := strings.Fields(before)
	if len(words) == 0 {
		return false
	}
	switch words[0] {
	case "my", "his", "her", "he", "she", "i'm", "i", "your", "grandpa", "grandma", "he's", "she's":
		return !l.holds(c.from, i, "praise.ours") && (l.p == nil || !l.namedIn(words))
	}
	if l.holds(c.from, i, "praise.ours") || l.p == nil || l.namedIn(words) || l.any(c.from, i, listed("praise.noun")...) {
		return false
	}
	return !l.onlyFillers(c.from, i)
}

// onlyFillers reports whether nothing but words of emphasis stand in [from, to).
func (l *line) onlyFillers(from, to int) bool {
	for from < to {
		if l.t.R[from] == ' ' {
			from++
			continue
		}
		at, n := l.first(from, to, "praise.filler")
		if at != from {
			return false
		}
		from += n
	}
	return true
}

// definesOther: "the best cosmetic is a good night's sleep", "the best
// earphones I ever owned were wired".
func (l *line) definesOther(c *clause, i int) bool {
	if l.any(i, c.to, listed("praise.defines_other.near")...) && !l.any(c.from, i, "this", "it") {
		return true
	}
	for _, is := range listed("praise.defines_other.is") {
		at := l.find(i, min(i+40, c.to), is)
		if at < 0 {
			continue
		}
		rest := strings.TrimSpace(l.part(at+len(is), min(at+len(is)+18, c.to)))
		for _, own := range listed("praise.defines_other.own") {
			if strings.HasPrefix(rest, own) {
				return false
			}
		}
		return rest != ""
	}
	return false
}

// livedThrough: 我睡过最舒服的床, 上一次睡得最香: a person's own life.
func (l *line) livedThrough(c *clause, i int) bool {
	return l.any(c.from, i, listed("praise.lived")...) && !l.scoped(c)
}

// isEnd: 最大能绑到五十五公分, 最低卖过六十九, 开到最大: how far something goes.
func (l *line) isEnd(h hit) bool {
	c := l.clauseAt(h.from)
	m, ok := l.superior(h.from)
	if !ok || !m.Term.Is("end") || l.scoped(c) || h.to < c.to && in(l.t.R[h.to], "的嘅") {
		return false
	}
	if l.behind(h.from, listed("praise.is_end.before")...) {
		return true
	}
	return l.ahead(m.End, listed("praise.measure")...)
}
