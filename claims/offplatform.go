package claims

import (
	"strings"

	"liveroom/claims/lexicon"
)

// offplatform finds buyers led off the platform: a channel together with what
// is to be done or paid there.
func (l *line) offplatform() {
	if l.holds(0, len(l.t.R), "away.none") && !l.waived {
		return
	}
	for k := range l.cl {
		c := &l.cl[k]
		from, to, ok := l.leadsAway(c)
		if !ok || l.stanceOf(from, to) != asserted || (l.forbids(c, from) || l.punished(to)) && !l.waived {
			continue
		}
		l.wrong(CategoryOffplatform, VerdictBanned, from, to, "offplatform", Finding{})
		return
	}
	if at, ok := l.dealAside(); ok {
		l.wrong(CategoryOffplatform, VerdictBanned, at.from, at.to, "offplatform", Finding{})
	}
}

// forbids reports whether the host tells people not to: 不要加微信, 不能私下转账.
// 别走平台 is the contrary.
func (l *line) forbids(c *clause, at int) bool {
	return l.any(c.from, at, listed("offplatform.forbids.near")...) && !l.holds(c.from, c.to, "away.bypass") || l.behind(at, listed("offplatform.forbids.before")...)
}

// punished reports whether the host goes on to say what becomes of those who do
// so: 留手机号的管理踢一下, 私下交易的一概不认.
func (l *line) punished(to int) bool {
	_, end := l.around(to-1, 1)
	at, _ := l.first(to, end, "away.punished")
	return at >= 0
}

// leadsAway looks for a channel with a deed, a payment aside, or a bypass.
func (l *line) leadsAway(c *clause) (from, to int, ok bool) {
	for _, m := range l.m {
		if m.Term.Class == lexicon.Offplatform && m.Start >= c.from && m.End <= c.to && !l.inName[m.Start] && !l.weakOffplatform(m) {
			return m.Start, m.End, true
		}
	}
	if at, n := l.first(c.from, c.to, "away.bypass"); at >= 0 {
		return at, at + n, true
	}
	if at, n := l.first(c.from, c.to, "away.innuendo"); at >= 0 && (l.any(0, len(l.t.R), listed("away.pay")...) || l.any(0, len(l.t.R), listed("away.offer")...)) && n > 1 {
		return at, at + n, true
	}
	if at, n := l.first(c.from, c.to, "away.private"); at >= 0 && l.any(at, min(at+24, len(l.t.R)), listed("offplatform.leads_away.deal")...) && !l.any(at, min(at+8, c.to), "客服问", "客服", "小助理改") {
		return at, at + n, true
	}
	if at, n := l.otherPlatform(c); at >= 0 {
		return at, at + n, true
	}
	for _, m := range l.frames {
		if m.Term.Name != "away.channel" || m.Start < c.from || m.End > c.to {
			continue
		}
		at, n, ch := m.Start, m.End-m.Start, l.span(m.Start, m.End)
		if l.behind(at, listed("away.add")...) || l.behind(at, listed("offplatform.leads_away.before")...) && l.near(at-8, 8, listed("away.add")) {
			if !l.any(at, min(at+4, c.to), "团", "支付页") && !l.plainChannel(ch) {
				return at, at + n, true
			}
		}
		if l.any(at+n, min(at+n+7, c.to), listed("away.pay")...) && !l.plainChannel(ch) && !l.any(c.from, c.to, listed("offplatform.leads_away.pay_ways")...) {
			return at, at + n, true
		}
		if l.latin && (l.any(c.from, c.to, listed("offplatform.leads_away.reach_english")...) || l.any(0, len(l.t.R), listed("offplatform.leads_away.gain_english")...)) && ch != "line" && ch != "bio" {
			return at, at + n, true
		}
		if ch == "line" && l.any(c.from, c.to, listed("offplatform.leads_away.line_english")...) {
			return at, at + n, true
		}
	}
	for _, w := range listed("offplatform.leads_away.words") {
		if at := l.find(c.from, c.to, w); at >= 0 && !l.any(c.from, at, "退", "差价") {
			return at, at + len([]rune(w)), true
		}
	}
	return 0, 0, false
}

// otherPlatform: buyers are sent to another shop of the seller's: 去淘宝搜我们店.
func (l *line) otherPlatform(c *clause) (at, n int) {
	at, n = l.first(c.from, c.to, "away.platform")
	if at < 0 || l.any(c.from, at, listed("offplatform.other_platform.compare")...) {
		return -1, 0
	}
	if l.behind(at, listed("offplatform.other_platform.before")...) && l.any(at+n, min(at+n+14, len(l.t.R)), listed("offplatform.other_platform.trade")...) {
		return at, n
	}
	if l.any(at, at+n, "website", "own site") && l.any(c.from, len(l.t.R), listed("offplatform.other_platform.trade_english")...) {
		return at, n
	}
	return -1, 0
}

// plainChannel are words for a channel that are ordinary in a shop's talk and
// need an offer beside them.
func (l *line) plainChannel(ch string) bool {
	return isListed("offplatform.plain_channels", ch) && !l.any(0, len(l.t.R), listed("away.offer")...) && !l.any(0, len(l.t.R), listed("offplatform.plain_channel.near")...)
}

// weakOffplatform: words that lead away only together with another such word.
func (l *line) weakOffplatform(m lexicon.Match) bool {
	return isListed("offplatform.weak", strings.ReplaceAll(m.Term.Name, "_", " ")) && !l.any(0, len(l.t.R), listed("offplatform.weak_offplatform.near")...)
}
