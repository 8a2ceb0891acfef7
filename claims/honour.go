package claims

import (
	"strings"

	"liveroom/claims/fold"
	"liveroom/claims/lexicon"
	"liveroom/claims/quantity"
	"liveroom/claims/sheet"
)

// Honours are told by what is done and what is got: 捧回一座奖杯, 欧盟检过的,
// 医护级. They are held against the sheet's honours, licences and figures.

// prizes finds a prize that the goods are said to have won.
func (l *line) prizes() {
	for k := range l.cl {
		c := &l.cl[k]
		for _, m := range l.frames {
			if m.Term.Name != "prize.what" || m.Start < c.from || m.End > c.to || l.inName[m.Start] {
				continue
			}
			won, n := l.wonNear(c, m)
			if won < 0 || l.prizeAside(c, m) {
				continue
			}
			from, to := min(won, m.Start), max(won+n, m.End)
			f := l.factOf(sheet.FieldHonours)
			f.Value = l.span(from, to)
			switch v := l.weighPrize(c); v {
			case "":
				l.bears(CategoryCredential, sheet.FieldHonours, from, to)
			default:
				l.wrong(CategoryCredential, v, from, to, "credential.award", f)
			}
			return
		}
	}
}

// wonNear finds a verb of winning around a prize.
func (l *line) wonNear(c *clause, m lexicon.Match) (at, n int) {
	reach := 16 + 24*b2i(l.latin)
	if at, n = l.first(max(c.from, m.Start-reach), m.Start, "prize.won"); at >= 0 {
		return at, n
	}
	return l.first(m.End, min(c.to, m.End+8), "prize.won")
}

// prizeAside keeps raffles, other people's prizes and prizes not won out.
func (l *line) prizeAside(c *clause, m lexicon.Match) bool {
	if l.stanceOf(m.Start, m.End) != asserted || l.elsewhere(m.Start) || l.holds(c.from, c.to, "prize.aside") {
		return true
	}
	who, n := l.first(c.from, m.Start, "aside.kin")
	return who >= 0 && !l.any(who+n, c.to, "这", "它", "做的") || l.any(c.from, m.Start, listed("honour.prize_aside.near")...)
}

// prizeRanks are the lists of words for how high a prize is, the highest first.
var prizeRanks = []string{"honour.prize_rank.highest", "honour.prize_rank.gold", "honour.prize_rank.silver", "honour.prize_rank.bronze", "honour.prize_rank.named"}

func prizeRank(s string) int {
	for i, list := range prizeRanks {
		if containsAny(s, listed(list)...) {
			return i
		}
	}
	return -1
}

// prizeScope is how far a contest reaches: its place in the list, the widest
// first.
func prizeScope(s string) int {
	for i, w := range listed("honour.prize_scopes") {
		if contains(s, w) {
			return i
		}
	}
	return -1
}

// weighPrize holds the prize of a clause against the sheet's: no verdict where
// the sheet has it.
func (l *line) weighPrize(c *clause) Verdict {
	have := fold.String(l.p.Raw(sheet.FieldHonours))
	if have == "" {
		return VerdictUnsupported
	}
	said := l.part(c.from, c.to)
	if a, b := prizeRank(said), prizeRank(have); a >= 0 && b >= 0 && a < b {
		return VerdictContradicted
	}
	if a, b := prizeScope(said), prizeScope(have); a >= 0 && b >= 0 && a < b {
		return VerdictContradicted
	}
	if containsAny(said, listed("honour.weigh_prize.in")...) && !containsAny(have, listed("honour.weigh_prize.in")...) {
		return VerdictUnsupported
	}
	for _, w := range listed("honour.weigh_prize.words") {
		if contains(said, w) && !contains(have, w) {
			return VerdictUnsupported
		}
	}
	return ""
}

// grades finds a grade that no licence and no figure of the sheet bears out:
// 医护级, military grade, 三类医疗器械 where the record is of the first class.
func (l *line) grades() {
	for _, m := range l.frames {
		if m.Term.Name != "grade.said" || l.inName[m.Start] || l.stanceOf(m.Start, m.End) != asserted || l.elsewhere(m.Start) {
			continue
		}
		stem := []rune(l.part(m.Start, m.End))
		if contains(l.p.factText, string(stem[:2])) {
			continue
		}
		f := l.factOf(sheet.FieldLicences)
		f.Value = l.span(m.Start, m.End)
		l.wrong(CategoryCredential, VerdictUnsupported, m.Start, m.End, "credential.cert", f)
		return
	}
	l.deviceClass()
}

// deviceClass compares 二类医疗器械 with the licence: 械备 is of the first class,
// and the figure behind the year in 械注准 tells the others.
func (l *line) deviceClass() {
	have := deviceClassOf(fold.String(l.p.Raw(sheet.FieldLicences)))
	if have == 0 {
		return
	}
	at, n := l.first(0, len(l.t.R), "device.class")
	if at < 0 || l.stanceOf(at, at+n) != asserted || l.elsewhere(at) {
		return
	}
	said := 2
	if in(l.t.R[at], "三") || l.has(at, "iii") {
		said = 3
	}
	f := l.factOf(sheet.FieldLicences)
	f.Value = l.span(at, at+n)
	if said <= have {
		l.bears(CategoryCredential, sheet.FieldLicences, at, at+n)
		return
	}
	l.wrong(CategoryCredential, VerdictContradicted, at, at+n, "credential.cert", f)
}

func deviceClassOf(licence string) int {
	if strings.Contains(licence, "械备") {
		return 1
	}
	const year = 4 // digits before the class: 粤械注准2021 2…
	_, number, _ := strings.Cut(licence, "械注准")
	if len(number) > year && number[year] >= '1' && number[year] <= '3' {
		return int(number[year] - '0')
	}
	return 0
}

// stamps finds a test or certificate by somebody abroad or in office that the
// sheet does not hold: 瑞士检验室盖过章.
func (l *line) stamps() {
	for k := range l.cl {
		c := &l.cl[k]
		at, n := l.first(c.from, c.to, "cert.body")
		if at < 0 {
			continue
		}
		done, dn := l.first(at+n, min(c.to, at+n+14), "cert.done")
		if done < 0 && k+1 < len(l.cl) && l.cl[k+1].sentence == c.sentence {
			done, dn = l.first(l.cl[k+1].from, min(l.cl[k+1].to, at+n+14), "cert.done")
		}
		if done < 0 || l.stanceOf(at, at+n) != asserted || l.stanceOf(done, done+dn) != asserted || l.elsewhere(at) || l.any(c.from, c.to, "商品", "详情页", "证书号") {
			continue
		}
		if contains(l.p.credential, l.part(at, at+n)) || containsAny(l.p.credential, "认证", "证书") && !l.any(at, at+n, listed("honour.stamps.near")...) {
			continue
		}
		f := l.factOf(sheet.FieldHonours)
		f.Value = l.span(at, done+dn)
		l.wrong(CategoryCredential, VerdictUnsupported, at, done+dn, "credential.cert", f)
		return
	}
}

// patentCount compares how many patents are said to be held with the sheet's,
// and takes the number: 专利有三个, 两张发明专利.
func (l *line) patentCount() {
	for i, q := range l.q {
		if l.used[i] || q.Dim != quantity.Count && q.Dim != quantity.Bare && q.Dim != quantity.Index || q.Value < 1000 || q.Value > 100_000 {
			continue
		}
		c := l.clauseAt(q.Start)
		if !l.any(max(c.from, q.Start-7), q.Start, "专利", "patent") && !l.any(q.End, min(q.End+5+10*b2i(l.latin), c.to), "专利", "patent") || l.any(q.End, min(q.End+1, c.to), "年") || l.stanceOf(q.Start, q.End) != asserted || l.elsewhere(q.Start) {
			continue
		}
		l.used[i] = true
		if len(l.p.Patents) == 0 || q.Value <= int64(len(l.p.Patents))*1000 {
			continue
		}
		f := l.factOf(sheet.FieldPatents)
		f.Value = l.span(q.Start, q.End)
		l.wrong(CategoryCredential, VerdictContradicted, q.Start, q.End, "credential.patent", f)
		return
	}
}

// linked reports whether words that only name are linked to the goods.
func (l *line) linked(m lexicon.Match) bool {
	c := l.clauseAt(m.Start)
	if l.any(c.from, c.to, listed("honour.linked.aside")...) {
		return false
	}
	return l.any(max(c.from, m.Start-10), min(m.End+12, c.to), listed("honour.linked.tie")...)
}
