package claims

import (
	"strings"

	"liveroom/claims/lexicon"
	"liveroom/claims/quantity"
)

// conduct finds abuse, threats, discrimination, gambling, vulgarity and
// scares. Each needs a whole frame: a word alone is seldom one.
func (l *line) conduct() {
	for _, m := range l.m {
		switch m.Term.Class {
		case lexicon.Abuse:
			l.abuse(m)
		case lexicon.Gamble:
			l.gamble(m)
		case lexicon.Vulgar:
			l.vulgar(m)
		}
	}
	for _, frame := range []func() (int, int, string){l.shaming, l.scorned, l.threat, l.discrimination, l.stakes, l.scare, l.dreaded, l.threatNews, l.lewd} {
		if l.rude() {
			return
		}
		if from, to, rule := frame(); rule != "" {
			l.misconduct(from, to, rule)
		}
	}
}

func (l *line) misconduct(from, to int, rule string) {
	if l.rude() {
		return
	}
	l.wrong(CategoryConduct, VerdictBanned, from, to, rule, Finding{})
}

// politely reports whether the words only report or refuse abuse.
func (l *line) politely(i int) bool {
	if l.waived {
		return false
	}
	c := l.clauseAt(i)
	if c := l.clauseAt(i); l.any(c.from, i, listed("wave.about")...) || l.behind(i, "骂") || c.question && c.end == '?' && !l.any(c.from, c.to, "你是", "你个", "是不是") {
		return true
	}
	if _, why := l.stand(i, i+1); why == "speech.quoted" && !l.any(l.clauseAt(i).from, i, "你") || l.waved(i) {
		return true
	}
	return c.denied && c.refused.holds(i) || c.quoted && c.open.holds(i) || l.any(c.from, c.to, listed("conduct.politely.near")...)
}

// inCompany reports whether a word that insults only before or behind others
// stands there: 你全家都能用 and 宝妈的包 are ordinary talk, a 土狗 is a dog. Its row
// says which they are.
func (l *line) inCompany(m lexicon.Match) bool {
	after, before := info(m.Term, "after"), info(m.Term, "before")
	return after == "" && before == "" ||
		after != "" && l.ahead(m.End, strings.Split(after, ",")...) ||
		before != "" && l.behind(m.Start, strings.Split(before, ",")...)
}

func (l *line) abuse(m lexicon.Match) {
	if l.politely(m.Start) || l.inName[m.Start] {
		return
	}
	if isListed("conduct.insults_need_you", m.Term.Name) && !l.any(0, len(l.t.R), listed("conduct.abuse.addressed")...) {
		return
	}
	if !l.inCompany(m) {
		return
	}
	switch m.Term.Name {
	case "活该":
		if !l.any(0, len(l.t.R), listed("conduct.abuse.low")...) {
			return
		}
	case "妈的": // of 宝妈的, 我妈的 it is the tail
		if c := l.clauseAt(m.Start); m.Start != c.from && !l.behind(m.Start, "他", "真", "去") || !l.any(0, len(l.t.R), listed("conduct.abuse.scolding")...) {
			return
		}
	case "他妈":
		if l.ahead(m.End, listed("conduct.abuse.after")...) {
			return
		}
	}
	c := l.clauseAt(m.Start)
	if l.negates(c, m.Start, m.End) && m.Term.Name != "不要脸" {
		return
	}
	l.misconduct(m.Start, m.End, "conduct.abuse")
}

// shaming: those who do not buy are called poor, stingy, unloving.
func (l *line) shaming() (int, int, string) {
	at, n := l.first(0, len(l.t.R), "shame.who")
	if at < 0 || l.politely(at) {
		return 0, 0, ""
	}
	to := min(at+34+60*b2i(l.latin), len(l.t.R))
	if k, kn := l.first(at+n, to, "shame.what"); k >= 0 && !l.any(at, to, listed("conduct.shaming.near")...) {
		return at, k + kn, "conduct.abuse"
	}
	return 0, 0, ""
}

func (l *line) threat() (int, int, string) {
	for _, m := range l.frames {
		if m.Term.Name != "threat" || l.politely(m.Start) || l.any(0, len(l.t.R), "帮你改地址", "备注", "发货") {
			continue
		}
		// 师傅上你家安装, 挂你脖子上: a hostile word makes the threat
		if isListed("conduct.mild_threats", l.span(m.Start, m.End)) && !l.holds(0, len(l.t.R), "threat.hostile") {
			continue
		}
		return m.Start, m.End, "conduct.threat"
	}
	return 0, 0, ""
}

// discrimination: a group of people is called unfit or bad.
func (l *line) discrimination() (int, int, string) {
	at, n := l.first(0, len(l.t.R), "group.who")
	if at < 0 || l.politely(at) {
		return 0, 0, ""
	}
	to := min(at+n+18, len(l.t.R))
	if k, kn := l.first(at+n, to, "group.bad"); k >= 0 && !l.any(at, to, listed("conduct.discrimination.near")...) {
		return at, k + kn, "conduct.discrimination"
	}
	return 0, 0, ""
}

// stakes: money put on chance: 押, 猜, 抽 with what is won and lost.
func (l *line) stakes() (int, int, string) {
	at, n := l.first(0, len(l.t.R), "stakes")
	if at < 0 || l.politely(at) || l.stanceOf(at, at+n) != asserted {
		return 0, 0, ""
	}
	won := l.any(0, len(l.t.R), listed("conduct.stakes.prize")...)
	lost := l.any(0, len(l.t.R), listed("conduct.stakes.loss")...)
	money := false
	for _, q := range l.q {
		money = money || q.Dim == quantity.Money
	}
	if won && (lost || money && l.any(0, len(l.t.R), listed("conduct.stakes.stake")...)) {
		return at, at + n, "conduct.gamble"
	}
	return 0, 0, ""
}

func (l *line) gamble(m lexicon.Match) {
	if l.stanceOf(m.Start, m.End) != asserted || l.politely(m.Start) {
		return
	}
	if l.any(0, len(l.t.R), listed("wave.cry")...) || l.behind(m.Start, listed("conduct.gamble.before")...) && l.has(m.Start, "赌") && !l.waived {
		return
	}
	switch m.Term.Name {
	case "casino", "lottery":
		if !l.any(0, len(l.t.R), listed("conduct.gamble.play")...) {
			return
		}
	case "彩票":
		if l.behind(m.Start, "买", "刮") {
			return
		}
	}
	switch m.Term.Name {
	case "六合彩", "特码", "百家乐", "博彩", "老虎机", "彩票内幕", "内幕号码":
	default:
		staked := l.any(0, len(l.t.R), listed("conduct.gamble.prize")...)
		if !staked && !(l.any(0, len(l.t.R), "赢") && l.any(0, len(l.t.R), "输")) || l.any(0, len(l.t.R), listed("conduct.gamble.idle")...) {
			return
		}
	}
	l.misconduct(m.Start, m.End, "conduct.gamble")
}

func (l *line) vulgar(m lexicon.Match) {
	if l.politely(m.Start) || l.inName[m.Start] {
		return
	}
	if isListed("conduct.lewd_in_company", m.Term.Name) && !l.holds(0, len(l.t.R), "lewd.with") && !l.holds(0, len(l.t.R), "lewd.for") && !l.any(0, len(l.t.R), listed("conduct.vulgar.near")...) || l.has(m.Start, "做爱心") {
		return
	}
	if l.has(m.Start, "裸") && l.ahead(m.End, listed("conduct.vulgar.after")...) {
		return
	}
	l.misconduct(m.Start, m.End, "conduct.vulgar")
}

// scare: others' goods, or not buying, are said to cause illness or death.
func (l *line) scare() (int, int, string) {
	at, _ := l.first(0, len(l.t.R), "scare.others")
	if at < 0 {
		return 0, 0, ""
	}
	for _, m := range l.frames {
		if m.Term.Name != "scare.harm" || l.politely(m.Start) {
			continue
		}
		k, h := m.Start, l.span(m.Start, m.End)
		c := l.clauseAt(k)
		if c.supposed >= 0 || c.denied && c.refused.holds(k) || c.question && c.end != '?' && c.open.holds(k) {
			continue
		}
		if h == "癌" && l.any(max(k-3, 0), k+2, listed("conduct.scare.cancer")...) || h == "die" && l.any(k, k+10, "die for") || h == "死了" && l.any(max(k-3, 0), k, listed("conduct.scare.idle")...) || l.mild(h, k) {
			continue
		}
		if l.any(0, len(l.t.R), listed("conduct.scare.calming")...) {
			return 0, 0, ""
		}
		return k, m.End, "conduct.scare"
	}
	return 0, 0, ""
}

// mild harms need a second word of harm, or people who suffer it.
func (l *line) mild(h string, k int) bool {
	return isListed("conduct.mild_harms", h) && (!l.any(0, len(l.t.R), listed("conduct.mild.near")...) || l.ahead(k+len([]rune(h)), listed("conduct.mild.after")...))
}
