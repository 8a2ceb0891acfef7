package claims

import (
	"strings"

	"liveroom/claims/lexicon"
	"liveroom/claims/sheet"
)

// material compares what the goods are said to be made of.
func (l *line) material() {
	l.fineness()
	l.downShare()
	if l.p != nil && len(l.p.materials) > 1 {
		l.halfAndHalf()
	}
	p := l.p
	if p == nil || len(p.Material) == 0 && eaten(p.Category) {
		return
	}
	seen := map[string]bool{}
	for _, m := range l.m {
		if m.Term.Class != lexicon.Material || seen[m.Term.Name+string(rune(l.clauseIndex(m.Start)))] {
			continue
		}
		if l.p.Category == sheet.MedicalDevice && l.has(m.Start, "医用") {
			continue
		}
		if l.likened(m) || l.ofOtherThings(m.Start) || l.pricedElse(m.Start) || l.otherObject(m) || l.stanceOf(m.Start, m.End) == asserted && l.disowned(m) {
			continue
		}
		if l.spokenOfAbove(m) {
			continue
		}
		seen[m.Term.Name+string(rune(l.clauseIndex(m.Start)))] = true
		switch l.stanceOf(m.Start, m.End) {
		case asserted:
			l.madeOf(m)
		case negated:
			l.freeOfMaterial(m)
		}
	}
}

// spokenOfAbove reports whether the host has just told what goods of the
// material cost elsewhere, and not turned to his own since: 真丝四件套少说两千，三百多的
// 真丝你们自己想.
func (l *line) spokenOfAbove(m lexicon.Match) bool {
	for _, o := range l.m {
		if o.Term == m.Term && o.End <= m.Start && l.pricedElse(o.Start) && l.ownFrom(o.End, m.End) < 0 && !l.any(l.clauseAt(m.Start).from, m.Start, "这", "我") {
			return true
		}
	}
	return false
}

// namesKind reports whether a material only begins the name of the kind of goods
// that these are: the 羽绒 of 羽绒服.
func (l *line) namesKind(m lexicon.Match) bool {
	if m.End >= len(l.t.R) || !in(l.t.R[m.End], "服衣裤鞋帽被枕垫毯锅壶") {
		return false
	}
	for _, n := range l.p.names {
		if contains(n, l.span(m.Start, m.End+1)) {
			return true
		}
	}
	return false
}

func eaten(c sheet.Category) bool {
	return c == sheet.Food || c == sheet.HealthFood || c == sheet.Cosmetics || c == sheet.SpecialCosmetics
}

// likened reports whether the material only serves a comparison: 跟丝绸一样, 仿羊绒,
// 羊绒的手感.
func (l *line) likened(m lexicon.Match) bool {
	if l.waived {
		return false
	}
	if c := l.clauseAt(m.Start); l.ahead(m.End, listed("material.likened.delicate")...) && l.ownFrom(c.from, c.to) < 0 && !l.any(c.from, m.Start, "这", "是") {
		return true // of the stuff, not of the goods
	}
	if at := l.pureFrom(m); at < m.Start && l.behind(at, listed("material.likened.worse")...) || at < m.Start && l.behind(at, "跟", "和") && l.any(m.End, min(m.End+5, len(l.t.R)), listed("material.likened.alike_near")...) {
		return true
	}
	if c := l.clauseAt(m.Start); l.behind(m.Start, listed("material.likened.worn")...) && m.End < c.to-1 && !l.ahead(m.End, "的") && !l.any(c.from, c.to, listed("material.likened.own")...) {
		return true
	}
	if l.behind(m.Start, listed("material.likened.imitates")...) && !l.behind(m.Start, "里面跟") {
		if l.behind(m.Start, listed("material.likened.than")...) {
			return l.any(m.End, min(m.End+8, len(l.t.R)), listed("material.likened.alike_or_better")...) && !l.any(m.End, min(m.End+5, len(l.t.R)), "混的", "混纺")
		}
		return true
	}
	if l.ahead(m.End, listed("material.likened.alike")...) {
		return true
	}
	return l.behind(m.Start, listed("material.likened.feels")...)
}

// madeOf checks "this is made of m".
func (l *line) madeOf(m lexicon.Match) {
	p := l.p
	pure := l.pure(m)
	if c := l.clauseAt(m.Start); l.any(c.from, m.Start, listed("material.made_of.impossible")...) {
		return
	}
	if m.Term.Is("abstract") && !pure || info(m.Term, "domain") == "coating" && !l.behind(m.Start, listed("material.made_of.made")...) {
		return
	}
	if l.ahead(m.End, listed("material.made_of.after")...) || l.behind(m.Start, listed("material.made_of.handled")...) && l.any(m.End, min(m.End+4, len(l.t.R)), listed("material.made_of.use")...) {
		return
	}
	facts := l.partsFor(m)
	if len(facts) == 0 {
		if len(p.Material) == 0 && (!l.inName[m.Start] || pure) && l.assertsMaterial(m) && !contains(p.allText, l.span(m.Start, m.End)) {
			l.unsupportedMaterial(m)
		}
		return
	}
	holds, finer, sameDomain := false, false, false
	for _, f := range facts {
		if contains(f.name, "非"+m.Term.Name) || contains(f.name, "仿"+m.Term.Name) {
			sameDomain, holds = true, false
			break
		}
		switch {
		case f.term == nil:
			if l.namedAsIs(f, m) {
				holds = true
			}
		case is(f.term, m.Term.Name):
			holds = true
		case is(m.Term, f.term.Name):
			if fine := digitsIn(m.Term.Name); fine != "" && contains(f.name, fine) {
				holds = true // 三个九的银 of 足银999
			}
			holds = holds || l.namedAsIs(f, m) // 青白玉 of 和田玉(青白玉)
			finer = true
		}
		if info(f.term, "domain") == info(m.Term, "domain") {
			sameDomain = true
		}
	}
	switch {
	case holds && pure && l.blended(m, facts):
		f := l.factOf(sheet.FieldMaterial)
		f.Value = m.Term.Name + " 100%"
		l.wrong(CategoryMaterial, VerdictContradicted, l.pureFrom(m), m.End, "material.pure", f)
	case holds:
		l.shareOf(m, facts)
	case l.inName[m.Start] && !pure:
	case l.varietyOf(m):
	case finer:
		if l.assertsMaterial(m) {
			l.finerMaterial(m)
		}
	case l.toldExactly(m, facts):
		l.bears(CategoryMaterial, sheet.FieldMaterial, m.Start, m.End)
	case sameDomain || l.bodyClaim(m) || l.fillClaim(m):
		f := l.factOf(sheet.FieldMaterial)
		f.Value = m.Term.Name
		l.wrong(CategoryMaterial, VerdictContradicted, m.Start, m.End, "material.other", f)
	case l.assertsMaterial(m):
		l.unsupportedMaterial(m)
	}
}

// digitsIn are the digits of a name.
func digitsIn(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

// toldExactly reports whether a precious metal that is spoken of loosely is told
// by its right fineness in the same line: 纯银的，九二五的.
func (l *line) toldExactly(m lexicon.Match, facts []partFact) bool {
	if info(m.Term, "domain") != "precious" {
		return false
	}
	for _, o := range l.m {
		if o.Term.Class != lexicon.Material || o.Term == m.Term || o.Start < m.Start || l.stanceOf(o.Start, o.End) != asserted {
			continue
		}
		for _, f := range facts {
			if f.term != nil && f.term == o.Term && parent(o.Term) != nil && is(m.Term, parent(o.Term).Name) {
				return true
			}
		}
	}
	return false
}

// finerMaterial handles a finer kind than the sheet names: unproven, or wrong
// where the sheet says it is the ordinary kind.
func (l *line) finerMaterial(m lexicon.Match) {
	if (!l.pure(m) || !l.mixed(m)) && !containsAny(l.p.factText, "普通") && m.Term.Name != "羊脂玉" {
		l.unsupportedMaterial(m)
		return
	}
	f := l.factOf(sheet.FieldMaterial)
	if f.Fact == "" {
		f = l.factOf(sheet.FieldVariety)
	}
	f.Value = m.Term.Name
	l.wrong(CategoryMaterial, VerdictContradicted, m.Start, m.End, "material.other", f)
}

func (l *line) unsupportedMaterial(m lexicon.Match) {
	if l.namesKind(m) && !l.pure(m) {
		return
	}
	if up := parent(m.Term); up != nil && containsAny(l.p.factText, "普通"+up.Name, "普通棉") && is(m.Term, up.Name) && up.Name != "纤维" {
		f := l.factOf(sheet.FieldVariety)
		f.Value = m.Term.Name
		l.wrong(CategoryMaterial, VerdictContradicted, m.Start, m.End, "material.other", f)
		return
	}
	f := l.factOf(sheet.FieldMaterial)
	f.Value = m.Term.Name
	l.wrong(CategoryMaterial, VerdictUnsupported, m.Start, m.End, "material.unknown", f)
}

// namedAsIs reports whether the sheet's own words for a part hold the term.
func (l *line) namedAsIs(f partFact, m lexicon.Match) bool {
	for _, s := range m.Term.Surfaces {
		if contains(f.name, strings.TrimSuffix(s, "的")) {
			return true
		}
	}
	return false
}

// varietyOf handles fibres whose kind the sheet names as a variety: 埃及棉 against
// 新疆长绒棉.
func (l *line) varietyOf(m lexicon.Match) bool {
	for _, v := range l.p.Variety {
		for _, t := range l.c.factReader(l.p.Product).terms(lexicon.Material, v) {
			if is(t, m.Term.Name) {
				l.bears(CategoryOrigin, sheet.FieldVariety, m.Start, m.End)
				return true
			}
			if up := parent(m.Term); up != nil && is(t, up.Name) {
				f := l.factOf(sheet.FieldVariety)
				f.Value = m.Term.Name
				l.wrong(CategoryOrigin, VerdictContradicted, m.Start, m.End, "origin.variety", f)
				return true
			}
		}
	}
	return false
}

// partsFor picks the entries of the composition that a mention is about: those
// of the part named in the same clause, else all.
func (l *line) partsFor(m lexicon.Match) []partFact {
	c := l.clauseAt(m.Start)
	var named []partFact
	found := false
	for _, x := range l.m {
		if x.Term.Class != lexicon.Part || x.Start < c.from || x.End > c.to {
			continue
		}
		for _, f := range l.p.materials {
			if f.part != "" && samePart(f.part, x.Term.Name) {
				named = append(named, f)
				found = true
			}
		}
	}
	if found {
		return named
	}
	return l.p.materials
}

func samePart(fact, said string) bool {
	if fact == said {
		return true
	}
	switch fact {
	case "内里", "里料":
		return said == "里子" || said == "内里" || said == "里料" || said == "lining" || said == "里" || said == "内衬" || said == "衬里" || said == "鞋垫"
	case "填充物", "填充":
		return said == "填充" || said == "填充物" || said == "fill" || said == "filling" || said == "里面"
	case "鞋面":
		return said == "upper" || said == "outer" || said == "鞋面" || said == "鞋帮"
	case "鞋底":
		return said == "sole" || said == "底子" || said == "鞋底"
	case "内胆":
		return said == "锅体" || said == "内胆"
	case "外壳":
		return said == "壳体" || said == "外壳" || said == "shell" || said == "壳"
	}
	return false
}

// fillClaim reports whether a filling is said of goods that are all filling, such
// as a quilt or a pillow, and whose material the sheet tells without parts.
func (l *line) fillClaim(m lexicon.Match) bool {
	if info(m.Term, "domain") != "filling" || !l.assertsMaterial(m) && !l.ahead(m.End, "填", "被") {
		return false
	}
	for _, f := range l.p.materials {
		if f.part != "" || f.term == nil {
			return false
		}
	}
	for _, n := range l.p.names {
		if containsAny(n, listed("material.fill_claim.in")...) {
			return true
		}
	}
	return false
}

// bodyClaim reports whether the material is one that the whole of the goods is
// made of, so that another body contradicts it.
func (l *line) bodyClaim(m lexicon.Match) bool {
	d := info(m.Term, "domain")
	if !bodyDomains[d] || !l.assertsMaterial(m) {
		return false
	}
	if _, part := l.match(lexicon.Part, l.clauseAt(m.Start).from, l.clauseAt(m.Start).to); part && !l.partKnown(m) {
		return false
	}
	for _, f := range l.p.materials {
		fd := info(f.term, "domain")
		switch {
		case f.term == nil:
			return d != "fibre" && d != "nonwoven"
		case !bodyDomains[fd]:
			continue
		case soft[d] != soft[fd] && (fd == "precious" || fd == "stone" || fd == "pearl" || fd == "metal"):
			continue
		default:
			return true
		}
	}
	return false
}

// bodyDomains are kinds of material that goods as a whole are made of; soft
// ones may also be a cord or lining of hard goods.
var (
	bodyDomains = map[string]bool{"metal": true, "plastic": true, "wood": true, "glass": true, "leather": true, "fibre": true, "ceramic": true, "pulp": true, "nonwoven": true, "litter": true, "precious": true, "stone": true, "pearl": true, "foam": true, "rubber": true, "composite": true}
	soft        = map[string]bool{"fibre": true, "leather": true, "nonwoven": true, "foam": true, "pulp": true}
)

// partKnown reports whether the part named by a mention is one that the sheet
// tells the material of, or the goods have no parts there.
func (l *line) partKnown(m lexicon.Match) bool {
	parted := false
	for _, f := range l.p.materials {
		parted = parted || f.part != ""
	}
	if !parted {
		return len(l.p.materials) == 1 || l.any(l.clauseAt(m.Start).from, m.Start, listed("material.part_known.vessel")...)
	}
	return len(l.partsFor(m)) < len(l.p.materials) || l.any(l.clauseAt(m.Start).from, m.Start, listed("material.part_known.frame")...)
}

// assertsMaterial reports whether the words around a mention say that the
// goods are made of it.
func (l *line) assertsMaterial(m lexicon.Match) bool {
	if l.pure(m) || l.ahead(m.End, listed("material.asserts_material.after")...) {
		return true
	}
	if l.behind(m.Start, listed("material.asserts_material.before")...) {
		return true
	}
	c := l.clauseAt(m.Start)
	_, part := l.match(lexicon.Part, c.from, c.to)
	return part || c.to-c.from <= m.End-m.Start+3
}

// freeOfMaterial checks "there is no m in it".
func (l *line) freeOfMaterial(m lexicon.Match) {
	c := l.clauseAt(m.Start)
	if !l.exclusive(m) && !l.any(c.from, c.to, listed("material.free_of_material.near")...) || c.question && !l.any(c.from, c.to, "有") {
		return
	}
	for _, f := range l.partsFor(m) {
		if f.term != nil && is(f.term, m.Term.Name) && !f.no {
			fact := l.factOf(sheet.FieldMaterial)
			fact.Value = "不含" + m.Term.Name
			l.wrong(CategoryMaterial, VerdictContradicted, c.from, max(m.End, c.from+1), "material.absent", fact)
			return
		}
	}
}

// otherObject reports whether a material belongs to another thing in the same
// clause: 桌子是实木的, 我穿羊绒的大衣.
func (l *line) otherObject(m lexicon.Match) bool {
	c := l.clauseAt(m.Start)
	near := l.part(max(c.from, m.Start-4), min(m.End+4, c.to))
	for _, o := range listed("material.object") {
		if !contains(near, o) || contains(l.p.allText, o) {
			continue
		}
		at := l.find(m.End, min(m.End+4, c.to), o)
		if at < 0 {
			at = l.find(max(c.from, m.Start-4), m.Start, o)
			if at >= 0 && !l.any(at, m.Start, "是", "才是") {
				at = -1
			}
		}
		if at >= 0 && !l.behind(at, listed("material.other_object.before")...) {
			return true
		}
	}
	if k := l.clauseIndex(m.Start); k > 0 && l.cl[k-1].sentence == c.sentence && l.cl[k-1].to-l.cl[k-1].from <= 8 && l.any(l.cl[k-1].from, l.cl[k-1].to, listed("material.other_object.near")...) {
		return true
	}
	return l.any(m.End, min(m.End+6, c.to), "送你", "赠品", "是送的") || l.any(c.from, c.to, "赠品")
}
