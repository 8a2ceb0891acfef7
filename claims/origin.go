package claims

import (
	"liveroom/claims/fold"
	"liveroom/claims/lexicon"
	"liveroom/claims/sheet"
)

// origin compares places and varieties.
func (l *line) origin() {
	if l.p == nil {
		return
	}
	for _, m := range l.m {
		switch m.Term.Class {
		case lexicon.Place:
			l.place(m)
		case lexicon.Variety:
			l.variety(m)
		}
	}
}

// place checks "this comes from there".
func (l *line) place(m lexicon.Match) {
	p := l.p
	if l.brandMarked(m) || l.disowned(m) {
		return
	}
	if len(p.origins) > 0 && l.fromThere(m) && !l.behind(m.Start, listed("origin.place.before")...) && l.stanceOf(m.Start, m.End) == asserted && !l.elsewhere(m.Start) {
		l.rightPlace(m)
		return
	}
	if l.inName[m.Start] && (len(p.origins) == 0 || l.fromThere(m) || !l.any(l.clauseAt(m.Start).from, l.clauseAt(m.Start).to, "来自", "产自", "当地")) || l.placeAside(m) || l.stanceOf(m.Start, m.End) != asserted || l.ofOtherThings(m.Start) {
		return
	}
	if len(p.origins) == 0 {
		if contains(p.allText, fold.String(m.Term.Name)) || contains(p.allText, l.span(m.Start, m.End)) || l.namedAfter(m) {
			return
		}
		if m.Term.Name == "中国" || !l.saysOrigin(m) {
			return
		}
		f := l.factOf(sheet.FieldOrigin)
		f.Value = m.Term.Name
		l.wrong(CategoryOrigin, VerdictUnsupported, m.Start, m.End, "origin.unknown", f)
		return
	}
	if l.fromThere(m) || l.besideRight(m) {
		l.rightPlace(m)
		return
	}
	if !l.saysOrigin(m) {
		return
	}
	f := l.factOf(sheet.FieldOrigin)
	f.Value = m.Term.Name
	l.wrong(CategoryOrigin, VerdictContradicted, m.Start, m.End, "origin.other", f)
}

// namedAfter reports whether the sheet names the goods after the place in another
// language: Canada Goose for 加拿大.
func (l *line) namedAfter(m lexicon.Match) bool {
	for _, s := range m.Term.Surfaces {
		if len(s) > 4 && contains(l.p.allText, fold.String(s)) {
			return true
		}
	}
	return false
}

// brandMarked reports whether a place name was taken for a brand of the same
// name.
func (l *line) brandMarked(m lexicon.Match) bool {
	for _, k := range l.marks {
		if k.Category == CategoryBrand && !k.right && k.from <= m.Start && m.End <= k.to {
			return true
		}
	}
	return false
}

// rightPlace marks a place that is said rightly. The sheet holds it where its
// own place lies in it: of Zhejiang it does not say Shaoxing.
func (l *line) rightPlace(m lexicon.Match) {
	for _, o := range l.p.origins {
		if is(o, m.Term.Name) {
			l.bears(CategoryOrigin, sheet.FieldOrigin, m.Start, m.End)
			return
		}
	}
	l.right(CategoryOrigin, m.Start, m.End)
}

// fromThere reports whether the sheet's origin lies in, or holds, the place.
func (l *line) fromThere(m lexicon.Match) bool {
	foreign := false
	for _, o := range l.p.origins {
		if is(o, m.Term.Name) || is(m.Term, o.Name) {
			return true
		}
		foreign = foreign || o.Is("foreign")
	}
	if m.Term.Name == "进口" {
		return foreign || l.any(m.End, m.End+3, listed("origin.from_there.near")...) && contains(l.p.factText, "进口")
	}
	for _, v := range l.p.Variety {
		if contains(v, m.Term.Name) {
			return true
		}
	}
	for i := range l.p.parts {
		if contains(l.p.parts[i].name, m.Term.Name) && !l.p.parts[i].no {
			return true // 云南普洱熟茶 in a peel of 新会
		}
	}
	return false
}

// placeAside reports whether a place stands for something other than where the
// goods come from: an award, a school, where the host is, where parcels go.
func (l *line) placeAside(m lexicon.Match) bool {
	for _, o := range l.m {
		if o.Term.Class == lexicon.Place && o.Start >= m.End && o.Start-m.End <= 1 && (o.Start == m.End || in(l.t.R[m.End], "、和跟")) {
			m.End = o.End // 新疆西藏不包邮
		}
	}
	if l.ahead(m.End, "不包邮", "包邮") {
		return true
	}
	if c := l.clauseAt(m.Start); l.holds(m.End, min(m.End+14, c.to), "origin.brought") && !l.behind(m.Start, "去", "发", "寄") {
		return false
	}
	if l.ahead(m.End, listed("origin.place_aside.after")...) || l.behind(m.Start, listed("origin.place_aside.beside")...) {
		return !(l.ahead(m.End, "都") && l.behind(m.Start, "漂洋过海"))
	}
	if l.behind(m.Start, listed("origin.place_aside.sent")...) && !l.behind(m.Start, listed("origin.place_aside.grown")...) {
		return true
	}
	if c := l.clauseAt(m.Start); l.holds(m.End, min(m.End+7+8*b2i(l.latin), c.to), "place.life") || l.holds(max(c.from, m.Start-4-10*b2i(l.latin)), m.Start, "place.being") {
		return true
	}
	if l.ofAHouse(m) || l.ofTheName(m) || l.rankedThere(m) {
		return true
	}
	c := l.clauseAt(m.Start)
	if l.any(m.End, min(m.End+10, c.to), listed("origin.place_aside.papers")...) {
		return true
	}
	return l.any(c.from, c.to, listed("origin.place_aside.delivery")...) || m.Term.Name == "进口" && l.any(m.End, min(m.End+6, c.to), "商场", "超市")
}

// ofAHouse reports whether a place only tells where a house is at home: 那个德国
// 大牌, 香港老字号金行的副线.
func (l *line) ofAHouse(m lexicon.Match) bool {
	c := l.clauseAt(m.Start)
	at, n := l.first(m.End, min(m.End+10+14*b2i(l.latin), c.to), "brand.who")
	return at >= 0 && (l.marked(CategoryBrand) || l.behind(m.Start, listed("origin.of_ahouse.before")...) || l.ahead(at+n, "那", "买不起"))
}

// ofTheName reports whether a place is part of the name of a stone or fibre that
// the sheet has too: 和田玉 may come from Qinghai.
func (l *line) ofTheName(m lexicon.Match) bool {
	for _, o := range l.m {
		if o.Start > m.Start {
			break
		}
		if o.Term.Class == lexicon.Material && o.Start == m.Start && o.End > m.End && contains(l.p.factText, l.span(o.Start, o.End)) {
			return true
		}
	}
	return false
}

// rankedThere reports whether a place is where the goods are said to rank: the
// number one drink in Australia.
func (l *line) rankedThere(m lexicon.Match) bool {
	if !l.latin || !l.behind(m.Start, listed("origin.ranked_there.before")...) {
		return false
	}
	c := l.clauseAt(m.Start)
	return l.any(c.from, m.Start, listed("origin.ranked_there.near")...)
}

// saysOrigin reports whether the words around a place say that the goods, or
// what they are made of, come from it.
func (l *line) saysOrigin(m lexicon.Match) bool {
	if l.latin {
		return l.saysOriginInEnglish(m)
	}
	if m.Term.Name == "进口" {
		return true
	}
	for i := m.End + 1; i <= m.End+3 && i < len(l.t.R); i++ {
		if l.t.R[i] == '的' && l.goodsBehind(i+1) && !l.any(m.End, i, listed("origin.says_origin.near")...) {
			return true
		}
	}
	if l.any(m.Start, m.End, "产") || l.ahead(m.End, "的") && l.goodsBehind(m.End+1) || l.ahead(m.End, listed("origin.says_origin.after")...) {
		return true
	}
	if l.behind(m.Start, listed("origin.says_origin.before")...) {
		return true
	}
	c := l.clauseAt(m.Start)
	if l.holds(m.End, min(m.End+14, c.to), "origin.brought") || l.holds(m.End, min(m.End+14, c.to), "origin.made") {
		return true
	}
	_, cue := l.match(lexicon.Origin, m.End, min(m.End+8, c.to))
	if cue || c.to-c.from <= m.End-m.Start+1 {
		return true
	}
	for _, x := range l.m {
		if x.Start >= m.End && x.Start <= m.End+2 && (x.Term.Class == lexicon.Product || x.Term.Class == lexicon.Variety || x.Term.Class == lexicon.Ingredient || x.Term.Class == lexicon.Material || x.Term.Class == lexicon.Place) {
			return true
		}
	}
	return false
}

// saysOriginInEnglish: "made in Yorkshire", "straight from a Sydney lab",
// "Italian leather", and not "a gold medal in Brussels".
func (l *line) saysOriginInEnglish(m lexicon.Match) bool {
	for _, x := range l.m {
		if x.Start > m.End && x.Start-m.End <= 14 && (x.Term.Class == lexicon.Product || x.Term.Class == lexicon.Ingredient || x.Term.Class == lexicon.Material) {
			return true
		}
	}
	c := l.clauseAt(m.Start)
	switch {
	case l.behind(m.Start, listed("origin.says_origin_in_english.from")...):
		return !l.any(c.from, m.Start, listed("origin.says_origin_in_english.near")...)
	case l.behind(m.Start, listed("origin.says_origin_in_english.in")...):
		return l.holds(c.from, m.Start, "origin.done") || l.any(c.from, m.Start, "from ", "straight ") && l.holds(c.from, m.Start, "origin.place")
	case l.holds(m.End, min(m.End+16, c.to), "origin.done"), l.holds(m.End, min(m.End+16, c.to), "origin.place"):
		return true
	}
	return l.behind(m.Start, listed("origin.says_origin_in_english.this_is")...)
}

// goodsBehind reports whether goods, or the end of the clause, stand at i.
func (l *line) goodsBehind(i int) bool {
	c := l.clauseAt(i - 1)
	if i >= c.to-1 {
		return true
	}
	for _, m := range l.m {
		if m.Start >= i && m.Start <= i+6 && m.End <= c.to {
			switch m.Term.Class {
			case lexicon.Product, lexicon.Variety, lexicon.Ingredient, lexicon.Material:
				return true
			}
		}
	}
	for _, w := range listed("origin.goods") {
		if l.has(i, w) {
			return true
		}
	}
	for _, n := range l.p.names {
		r := []rune(n)
		for k := 0; k+2 <= len(r); k++ {
			if at := l.find(i, min(i+8, c.to), string(r[k:k+2])); at >= 0 && fold.Han(r[k]) {
				return true
			}
		}
		if len(r) > 0 && fold.Han(r[len(r)-1]) && l.find(i, min(i+5, c.to), string(r[len(r)-1:])) >= 0 {
			return true
		}
	}
	return false
}

// variety checks a breed, cultivar or way of raising.
func (l *line) variety(m lexicon.Match) {
	p := l.p
	kind := varietyKind(m.Term)
	if l.stanceOf(m.Start, m.End) != asserted || l.ofOtherThings(m.Start) || l.disowned(m) {
		return
	}
	if l.behind(m.Start, listed("origin.variety.before")...) || l.ahead(m.End, listed("origin.variety.after")...) {
		return
	}
	if !l.saysVariety(m, kind) {
		return
	}
	known := l.placeInName(m)
	if known {
		l.right(CategoryOrigin, m.Start, m.End)
		return
	}
	for _, v := range p.varieties {
		if v.Name == m.Term.Name {
			l.bears(CategoryOrigin, sheet.FieldVariety, m.Start, m.End)
			return
		}
		known = known || varietyKind(v) == kind
	}
	if contains(p.allText, m.Term.Name) || kind == "等级" && contains(p.factText, m.Term.Name) {
		l.right(CategoryOrigin, m.Start, m.End)
		return
	}
	if l.inName[m.Start] || m.Term.Name == "养殖" && !contains(p.factText, "野生") {
		return
	}
	related := contains(p.allText, kind) || kind == "养法" && (p.Category == sheet.Food || p.Category == sheet.HealthFood || p.Category == sheet.Pet) || kind == "茶山" && contains(p.allText, "茶") || kind == "玉料" && contains(p.allText, "玉")
	switch {
	case known:
		f := l.factOf(sheet.FieldVariety)
		f.Value = m.Term.Name
		l.wrong(CategoryOrigin, VerdictContradicted, m.Start, m.End, "origin.variety", f)
	case kind == "茶山" && len(p.origins) > 0 && related, kind == "养法" && m.Term.Name != "有机" && related && len(p.origins) > 0:
		f := l.factOf(sheet.FieldOrigin)
		f.Value = m.Term.Name
		l.wrong(CategoryOrigin, VerdictContradicted, m.Start, m.End, "origin.variety", f)
	case related && kind != "等级" && kind != "有机" && kind != "茶树龄":
		f := l.factOf(sheet.FieldVariety)
		f.Value = m.Term.Name
		l.wrong(CategoryOrigin, VerdictUnsupported, m.Start, m.End, "origin.variety", f)
	}
}

// saysVariety reports whether the words around a variety say that the goods are
// of it: 正宗的花牛品种, 这是红美人, 爱媛的. Others are told of for their taste.
func (l *line) saysVariety(m lexicon.Match, kind string) bool {
	if l.latin {
		return !l.behind(m.Start, listed("origin.says_variety.compared")...)
	}
	c := l.clauseAt(m.Start)
	if m.Start-c.from <= 2 || c.to-m.End <= 1 || l.ahead(m.End, kind) || l.ahead(m.End, listed("origin.says_variety.after")...) {
		return true
	}
	if l.behind(m.Start, listed("origin.says_variety.is")...) {
		return true
	}
	return l.goodsBehind(m.End)
}

// placeInName reports whether a variety is only named for the place that the
// goods come from: 五常大米 of rice from 五常.
func (l *line) placeInName(m lexicon.Match) bool {
	for _, x := range l.all {
		if x.Term.Class == lexicon.Place && x.Start == m.Start && x.End < m.End && len(l.p.origins) > 0 && l.fromThere(x) {
			return true
		}
	}
	return false
}

// varietyKind is what a variety is one of. Sorts of tea are told apart by
// region and by make; to a buyer both say which tea it is.
func varietyKind(t *lexicon.Term) string {
	switch k := info(t, "kind"); k {
	case "茶种", "白茶", "红茶":
		return "茶"
	default:
		return k
	}
}
