package claims

import (
	"strconv"
	"strings"

	"liveroom/claims/fold"
	"liveroom/claims/lexicon"
	"liveroom/claims/quantity"
	"liveroom/claims/sheet"
)

// credential checks patents, prizes, sales, ranks, who developed it and who
// recommends it.
func (l *line) credential() {
	if l.p == nil {
		return
	}
	l.makers()
	for _, m := range l.m {
		switch m.Term.Class {
		case lexicon.Credential:
			if l.marked(CategoryCredential) && l.saidBy("credential.developer") {
				continue // the title was held against the maker's
			}
			l.honour(m)
		case lexicon.Developer:
			l.developer(m)
		case lexicon.Rank:
			l.rank(m)
		}
	}
	l.period()
	l.foodKind()
	l.sameMarks()
	if !l.marked(CategoryCredential) {
		l.prizes()
		l.grades()
		l.stamps()
	}
	l.namedPerson()
	l.olderThan()
	l.endorsement()
	l.figuresOfOthers()
}

func (l *line) honour(m lexicon.Match) {
	p := l.p
	if l.stanceOf(m.Start, m.End) != asserted || l.elsewhere(m.Start) || l.inName[m.Start] {
		return
	}
	if isListed("honour.linked_only", m.Term.Name) && !l.linked(m) || l.ahead(m.End, "级") && l.has(m.Start, "国宴") || l.has(m.Start, "红点") && l.ahead(m.End, "点", "子") || l.marked(CategoryBrand) && m.Term.Name == "老字号" {
		return
	}
	name := fold.String(m.Term.Name)
	kind := honourKind(m.Term.Name)
	f := l.factOf(sheet.FieldHonours)
	switch kind {
	case "patent":
		f = l.factOf(sheet.FieldPatents)
		if len(p.Patents) > 0 || contains(p.credential, "专利") {
			if !l.patentKind(m) && !l.morePatents(m) {
				l.bears(CategoryCredential, sheet.FieldPatents, m.Start, m.End)
				return
			}
			l.wrong(CategoryCredential, VerdictContradicted, m.Start, m.End, "credential.patent", f)
			return
		}
	case "sales":
		return
	case "award":
		v := l.weighPrize(l.clauseAt(m.Start))
		if len(p.Honours) > 0 && v == "" && l.awardMatches(m) {
			l.bears(CategoryCredential, sheet.FieldHonours, m.Start, m.End)
			return
		}
		if v == VerdictContradicted && !l.prizeAside(l.clauseAt(m.Start), m) {
			l.wrong(CategoryCredential, v, m.Start, m.End, "credential.award", f)
			return
		}
		if !l.saysAward(m) {
			return
		}
	case "cert":
		if contains(name, "械字号") && contains(p.credential, "械") || contains(p.credential, fold.String(numeralsOf(name))) || contains(p.credential, name) || contains(p.credential, stem(name)) || contains(p.factText, stem(name)) {
			l.right(CategoryCredential, m.Start, m.End)
			return
		}
		if m.Term.Name == "检测报告" || m.Term.Name == "质检报告" || m.Term.Name == "检验报告" || m.Term.Name == "蓝帽子" {
			return
		}
	}
	l.wrong(CategoryCredential, VerdictUnsupported, m.Start, m.End, "credential."+kind, f)
}

func honourKind(name string) string {
	name = strings.ReplaceAll(name, "_", " ") // as the files write a space
	switch {
	case containsAny(name, listed("credential.honour_kind.patent")...):
		return "patent"
	case containsAny(name, listed("credential.honour_kind.sales")...):
		return "sales"
	case containsAny(name, listed("credential.honour_kind.prize")...):
		return "award"
	}
	return "cert"
}

// numeralsOf writes 三c as 3c.
func numeralsOf(s string) string {
	return strings.NewReplacer("三c", "3c", "认证", "").Replace(s)
}

func stem(s string) string {
	for _, cut := range listed("credential.stem.words") {
		if r := []rune(s); len(r) > 2 && containsAny(string(r[len(r)-2:]), cut) {
			return string(r[:len(r)-2])
		}
	}
	return s
}

// patentKind reports whether another kind of patent is claimed than the sheet
// holds; the fifth digit group of a number tells it: 1 invention, 2 utility, 3
// design.
func (l *line) patentKind(m lexicon.Match) bool {
	if m.Term.Name != "发明专利" {
		return false
	}
	for _, n := range l.p.Patents {
		digits := 0
		for _, r := range n {
			if r >= '0' && r <= '9' {
				digits++
				if digits == 5 && r != '1' {
					return true
				}
			}
		}
	}
	return false
}

// morePatents reports whether more patents are claimed than the sheet lists.
func (l *line) morePatents(m lexicon.Match) bool {
	for _, q := range l.q {
		if q.End <= m.Start && m.Start-q.End <= 5 && (q.Unit == "项" || q.Unit == "个") && q.Value > int64(len(l.p.Patents))*1000 && l.clauseIndex(q.Start) == l.clauseIndex(m.Start) {
			return true
		}
	}
	return false
}

func (l *line) awardMatches(m lexicon.Match) bool {
	have := fold.String(l.p.Raw(sheet.FieldHonours))
	c := l.clauseAt(m.Start)
	for _, w := range listed("credential.award_matches.words") {
		if !l.any(c.from, c.to, w) {
			continue
		}
		plain := w
		if w == "red dot" {
			plain = "红点"
		}
		if !contains(have, plain) {
			return false
		}
	}
	if l.any(c.from, c.to, listed("credential.award_matches.near")...) {
		return containsAny(have, l.span(max(c.from, m.Start-2), m.End))
	}
	return true
}

func (l *line) saysAward(m lexicon.Match) bool {
	if l.prizeAside(l.clauseAt(m.Start), m) {
		return false
	}
	if containsAny(m.Term.Name, "拿过", "获得过", "荣获") {
		c := l.clauseAt(m.Start)
		return l.any(c.from, c.to, listed("credential.says_award.prize")...)
	}
	c := l.clauseAt(m.Start)
	if containsAny(m.Term.Name, "won") {
		return l.any(c.from, c.to, listed("credential.says_award.prize_english")...)
	}
	return !l.any(c.from, c.to, listed("credential.says_award.draw")...)
}

// sales compares pieces sold with those on the sheet. Only thousands are
// figures to boast with.
func (l *line) sales() {
	for i, q := range l.q {
		if l.used[i] || q.Dim != quantity.Count && q.Dim != quantity.Bare && (q.Dim != quantity.Index || q.Unit != "人" && q.Unit != "家") || q.Value < 1_000_000 {
			continue
		}
		c := l.clauseAt(q.Start)
		if !l.any(max(c.from, q.Start-10), min(c.to, q.End+8), listed("sales.sold")...) || l.stanceOf(q.Start, q.End) != asserted || l.elsewhere(q.Start) || l.any(max(c.from, q.Start-4), q.Start, listed("credential.sales.near")...) || l.any(c.from, c.to, "块", "元", "价") {
			continue
		}
		have := l.p.sold
		if q.Dim == quantity.Bare && have == 0 && q.Value < 10_000_000 {
			continue
		}
		l.used[i] = true
		f := l.factOf(sheet.FieldSales)
		f.Value = l.span(q.Start, q.End)
		switch {
		case have > 0 && q.Value <= have+have/20:
			l.bears(CategoryCredential, sheet.FieldSales, q.Start, q.End)
		case have > 0:
			l.wrong(CategoryCredential, VerdictContradicted, q.Start, q.End, "credential.sales", f)
			return
		default:
			l.wrong(CategoryCredential, VerdictUnsupported, q.Start, q.End, "credential.sales", f)
			return
		}
	}
}

// developer checks who is said to have developed the goods.
func (l *line) developer(m lexicon.Match) {
	p := l.p
	if l.stanceOf(m.Start, m.End) != asserted || l.elsewhere(m.Start) {
		return
	}
	name := fold.String(m.Term.Name)
	have := fold.String(p.Raw(sheet.FieldDeveloper))
	institution := containsAny(m.Term.Name, listed("credential.developer.in")...)
	c := l.clauseAt(m.Start)
	if !institution {
		if m.Term.Name != "研发" && m.Term.Name != "联合研发" && m.Term.Name != "监制" && m.Term.Name != "共同研发" || !l.any(c.from, c.to, listed("credential.developer.body")...) {
			return
		}
	}
	if l.saidBy("brand.other") || l.saidBy("brand.factory") {
		return
	}
	if l.any(c.from, c.to, listed("credential.developer.aside")...) {
		return
	}
	if have != "" && (contains(have, name) || l.any(c.from, c.to, firstRunes(have, 2)) || contains(have, "大学") && name == "大学") {
		l.bears(CategoryCredential, sheet.FieldDeveloper, m.Start, m.End)
		return
	}
	if !l.any(c.from, len(l.t.R), listed("credential.developer.developed")...) {
		return
	}
	f := l.factOf(sheet.FieldDeveloper)
	v := VerdictUnsupported
	if have != "" {
		v = VerdictContradicted
	}
	l.wrong(CategoryCredential, v, m.Start, m.End, "credential.developer", f)
}

func firstRunes(s string, n int) string {
	r := []rune(s)
	if len(r) > n {
		r = r[:n]
	}
	return string(r)
}

// rank checks "销量第一": fine only where the sheet holds that rank with its
// source, year and scope.
func (l *line) rank(m lexicon.Match) {
	if l.stanceOf(m.Start, m.End) != asserted || l.elsewhere(m.Start) || l.inName[m.Start] {
		return
	}
	f := l.factOf(sheet.FieldSales)
	have := fold.String(l.p.Raw(sheet.FieldSales))
	if l.rankHeld(have) && !l.waived {
		l.right(CategoryAbsolute, m.Start, m.End)
		l.bears(CategoryCredential, sheet.FieldSales, m.Start, m.End)
		return
	}
	if l.ahead(m.End, listed("credential.rank.after")...) {
		return
	}
	if l.ahead(m.End, "第二", "第2") && containsAny(have, "第2", "第二") || l.ahead(m.End, "第三", "第3") && containsAny(have, "第3", "第三") {
		l.bears(CategoryCredential, sheet.FieldSales, m.Start, m.End)
		return
	}
	if l.amongRanked(m, have) {
		l.bears(CategoryCredential, sheet.FieldSales, m.Start, m.End)
		return
	}
	if l.any(m.Start, m.End, listed("credential.rank.near")...) {
		l.wrong(CategoryCredential, VerdictUnsupported, m.Start, m.End, "credential.rank", f)
		return
	}
	l.wrong(CategoryAbsolute, VerdictBanned, m.Start, m.End, "absolute.rank", f)
}

// amongRanked reports whether the sheet holds a rank among the first so many
// that are told with its year or source: 前三 of the third.
func (l *line) amongRanked(m lexicon.Match, have string) bool {
	limit := int64(0)
	switch {
	case l.any(m.Start, m.End, "前三", "top3", "top 3"):
		limit = 3
	case l.any(m.Start, m.End, "前十", "top10", "top 10"):
		limit = 10
	}
	for _, q := range amounts(have) {
		if q.Dim == quantity.Ordinal && q.Value >= 1 && q.Value <= limit && l.sourced(have) {
			return true
		}
	}
	return false
}

// sourced reports whether a line tells a year, or the source that the sheet has
// in brackets.
func (l *line) sourced(have string) bool {
	for _, q := range l.q {
		if q.Dim == quantity.Date {
			return true
		}
	}
	_, source, _ := strings.Cut(have, "(")
	return len([]rune(source)) > 2 && l.any(0, len(l.t.R), firstRunes(source, 2))
}

// rankHeld reports whether the sheet holds the rank said, and the words give
// its year or source.
func (l *line) rankHeld(have string) bool {
	if have == "" {
		return false
	}
	if l.latin {
		return l.rankHeldInEnglish(have)
	}
	said := "第一"
	switch {
	case l.any(0, len(l.t.R), "第三"):
		said = "第三"
	case l.any(0, len(l.t.R), "第二"):
		said = "第二"
	}
	if !contains(have, said) {
		return false
	}
	dated := false
	for _, q := range l.q {
		dated = dated || q.Dim == quantity.Date
	}
	return dated || l.any(0, len(l.t.R), listed("credential.rank_held.near")...)
}

// rankHeldInEnglish: the number one of a year or by a source that the sheet has.
func (l *line) rankHeldInEnglish(have string) bool {
	if !containsAny(have, listed("credential.rank_held_in_english.first")...) || l.any(0, len(l.t.R), "world", "ever ") && !containsAny(have, "world", "世界", "全球") {
		return false
	}
	for _, q := range l.q {
		if y := yearOf(q); y > 0 && contains(have, strconv.FormatInt(y, 10)) {
			return true
		}
	}
	return l.any(0, len(l.t.R), listed("credential.rank_held_in_english.near")...) && containsAny(have, listed("credential.rank_held_in_english.source")...) || l.any(0, len(l.t.R), "twenty twenty")
}
