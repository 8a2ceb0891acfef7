package claims

import (
	"strings"

	"liveroom/claims/fold"
	"liveroom/claims/lexicon"
	"liveroom/claims/sheet"
)

// brand finds goods passed off as those of a brand they are not of.
func (l *line) brand() {
	if l.p == nil {
		return
	}
	for _, m := range l.m {
		if m.Term.Class != lexicon.Brand || l.placeBefore(m) || l.inName[m.Start] || l.ownBrand(m) || l.brandAside(m) || l.disowned(m) || l.onlyAWord(m) {
			continue
		}
		if l.stanceOf(m.Start, m.End) != asserted {
			continue
		}
		f := l.factOf(sheet.FieldBrand)
		f.Value = m.Term.Name
		v, ok := l.brandVerdict(m)
		if !ok {
			continue
		}
		l.wrong(CategoryBrand, v, m.Start, m.End, "brand.other", f)
		return
	}
	l.namelessBrand()
}

// brandVerdict tells goods that are said to be of a house, which the sheet
// gainsays, from goods that are only said to share something with it, which
// nothing proves.
func (l *line) brandVerdict(m lexicon.Match) (Verdict, bool) {
	c := l.clauseAt(m.Start)
	a, b := l.reachOf(m.Start, m.End)
	switch {
	case l.holds(a, b, "brand.same"), l.saidToBe(m.Term):
		return VerdictContradicted, true
	case l.supplies(m, c), l.tied(m.Start, m.End), l.sharesMaking(m, c):
		if l.any(c.from, c.to, "平替") && !l.any(c.from, len(l.t.R), listed("brand.brand_verdict.near")...) {
			return "", false
		}
		return VerdictUnsupported, true
	case l.relabelled(m.Start, m.End):
		return VerdictContradicted, true
	}
	return VerdictContradicted, !l.ofOtherThings(m.Start) && !l.pricedElse(m.Start) && l.claimsHouse(m, c)
}

// sharesMaking reports whether the goods are said to share with a brand the
// hands, machines or stuff they are made by: 跟恒源祥一个纱线厂, 韶音的供应链, the same
// chip supplier as Apple.
func (l *line) sharesMaking(m lexicon.Match, c *clause) bool {
	near := m.End + 4
	if l.latin {
		return l.behind(m.Start, "as ", "with ", "by ") && l.any(c.from, m.Start, "same ", "shared ") && l.holds(c.from, m.Start, "brand.make")
	}
	if l.ahead(m.End, "的") && l.holds(m.End, min(near, c.to), "brand.make") {
		return true
	}
	return l.behind(m.Start, listed("brand.shares_making.before")...) && l.any(m.End, c.to, listed("brand.shares_making.near")...) && l.holds(m.End, c.to, "brand.make")
}

// claimsHouse reports whether the words make the goods those of the brand: 这是
// 双立人, 双立人的锅, 专柜正品双立人. Hosts name brands for many other reasons.
func (l *line) claimsHouse(m lexicon.Match, c *clause) bool {
	from := m.Start
	for _, o := range l.m {
		if o.Term.Class == lexicon.Place && (o.End == from || o.End == from-1 && l.t.R[o.End] == '的') {
			from = o.Start
			break
		}
	}
	if l.behind(from, listed("brand.claims_house.before")...) && !l.behind(from, "是不是", "不是") {
		return true
	}
	if l.ahead(m.End, listed("brand.claims_house.after")...) {
		return true
	}
	if l.namedBehind(m.End) {
		return true
	}
	return c.to-m.End <= 2 && m.Start-c.from <= 4 || l.any(m.End, min(m.End+18, len(l.t.R)), "就是它", "就是这个", "就它")
}

// namedBehind reports whether the goods, or two characters of their name, stand
// within a few runes behind i.
func (l *line) namedBehind(i int) bool {
	if l.productBehind(i) {
		return true
	}
	to := min(i+8+10*b2i(l.latin), l.clauseAt(i-1).to)
	for _, n := range l.p.names {
		r := []rune(n)
		for k := 0; k+2 <= len(r); k++ {
			if fold.Han(r[k]) && fold.Han(r[k+1]) && l.find(i, to, string(r[k:k+2])) >= 0 {
				return true
			}
		}
		if l.ahead(i, "的") && len(r) > 0 && fold.Han(r[len(r)-1]) && l.has(i+1, string(r[len(r)-1:])) {
			return true // 双立人的锅
		}
		for w := range strings.FieldsSeq(n) {
			if l.latin && len(w) > 3 && fold.Letter(rune(w[0])) && l.find(i, to, strings.TrimSuffix(w, "s")) >= 0 {
				return true
			}
		}
	}
	return false
}

// saidToBe reports whether a clause ends in "这就是" and the brand.
func (l *line) saidToBe(t *lexicon.Term) bool {
	for _, m := range l.m {
		if m.Term == t && (m.End >= l.clauseAt(m.Start).to-2 || l.ahead(m.End, "那款", "那个")) && l.behind(m.Start, "就是", "其实是") && l.stanceOf(m.Start, m.End) == asserted {
			return true
		}
	}
	return false
}

// onlyAWord reports whether a brand that is also an everyday word (晨光, beats) is
// said without anything that makes it a name.
func (l *line) onlyAWord(m lexicon.Match) bool {
	words := info(m.Term, "word")
	if words == "" {
		return false
	}
	said := l.span(m.Start, m.End)
	for w := range strings.SplitSeq(words, ",") {
		if w == said {
			return !l.saidAsName(m)
		}
	}
	return false
}

func (l *line) saidAsName(m lexicon.Match) bool {
	if l.tied(m.Start, m.End) || l.relabelled(m.Start, m.End) ||
		l.behind(m.Start, listed("brand.said_as_name.before")...) ||
		l.ahead(m.End, listed("brand.said_as_name.after")...) {
		return true
	}
	return l.productBehind(m.End)
}

// productBehind reports whether the goods are named within a few runes behind i.
func (l *line) productBehind(i int) bool {
	for _, m := range l.m {
		if m.Term.Class == lexicon.Product && m.Start >= i && m.Start-i <= 3+6*b2i(l.latin) {
			return true
		}
	}
	return false
}

// placeBefore tells 内蒙古鄂尔多斯, the place, from the brand.
func (l *line) placeBefore(m lexicon.Match) bool {
	if byID["place:"+m.Term.Name] == nil {
		return false
	}
	for _, o := range l.m {
		if o.Term.Class == lexicon.Place && (o.End == m.Start || o.Start <= m.Start && o.End > m.End) {
			return true
		}
	}
	return false
}

// near reports whether one of words begins within n runes behind i, in the
// same sentence.
func (l *line) near(i, n int, words []string) bool {
	to := min(i+n, len(l.t.R))
	i = max(i, 0)
	for j := i; j < to; j++ {
		if l.t.R[j] == '.' || l.t.R[j] == '!' || l.t.R[j] == '?' {
			to = j
			break
		}
	}
	return l.any(i, to, words...)
}

func (l *line) ownBrand(m lexicon.Match) bool {
	for _, s := range m.Term.Surfaces {
		if contains(l.p.allText, fold.String(s)) {
			return true
		}
	}
	return false
}

// brandAside reports whether a brand is only compared with, used before, or a
// figure of speech.
func (l *line) brandAside(m lexicon.Match) bool {
	if l.tied(m.Start, m.End) || l.relabelled(m.Start, m.End) || l.sharesMaking(m, l.clauseAt(m.Start)) || l.behind(m.Start, "这就是", "它就是", "其实就是") {
		return false
	}
	if l.behind(m.Start, listed("brand.brand_aside.before")...) {
		return !l.near(m.End, 14, listed("brand.brand_aside.words"))
	}
	c := l.clauseAt(m.Start)
	if l.any(c.from, m.Start, listed("brand.brand_aside.once")...) {
		return true
	}
	return l.any(m.End, min(m.End+6, c.to), listed("brand.brand_aside.fits")...) || l.any(c.from, m.Start, listed("brand.brand_aside.apps")...) || l.any(c.from, m.Start, "配") && l.any(c.from, c.to, "好看", "搭")
}

// someoneElse reports whether the words before a factory name another house,
// even one that no list knows.
func (l *line) someoneElse(c *clause, at int) bool {
	from := max(c.from, at-8)
	if l.any(from, at, listed("brand.someone_else.near")...) {
		return false
	}
	for _, m := range l.m {
		if m.Term.Class == lexicon.Place && m.End >= at-1 && m.End <= at && m.Start <= max(from, c.from+2) {
			return false // 越南代工厂
		}
	}
	n := 0
	for i := from; i < at; i++ {
		if fold.Han(l.t.R[i]) || fold.Letter(l.t.R[i]) {
			n++
		}
	}
	return n >= 2
}

// supplies reports whether a brand is said to have made a part of the goods,
// not the goods: 巴斯夫的料, 显卡是英伟达的.
func (l *line) supplies(m lexicon.Match, c *clause) bool {
	if l.ahead(m.End, "的") {
		for _, w := range listed("brand.part") {
			if at := l.find(m.End+1, min(m.End+6, c.to), w); at >= 0 {
				return true
			}
		}
	}
	from := m.Start
	for _, o := range l.m {
		if o.Term.Class == lexicon.Place && o.End == from {
			from = o.Start
			break
		}
	}
	return l.behind(from, listed("brand.supplies.before")...) && l.any(c.from, from, listed("brand.part")...)
}
