package claims

import (
	"liveroom/claims/fold"
	"liveroom/claims/lexicon"
	"liveroom/claims/quantity"
)

// A deal is led off the platform by what is put together: a private way to be
// reached or paid (微信, 红包, my garage), a deed (转给我, 把电话留下), a way round
// the shop (链接别点), what is gained by it (省得平台抽点), and that it be kept
// quiet. One of them alone is ordinary talk: 微信支付宝都能付, 扫码验真伪. So each
// has a weight (lexicon/away.tsv), and their sum must reach enough.

// ledAway is the weight that a deal led away has; with a way round the shop or
// with secrecy, which few other things are said for, one less.
const ledAway = 4

// ways are the kinds of private ways; the heaviest word of each counts once.
var ways = []string{"way.private", "way.masked", "way.account", "way.group", "way.contact", "way.place", "way.site"}

// An awayTally adds up the parts of a line.
type awayTally struct {
	l   *line
	sum int
	at  span // what is shown of them
}

// add counts a part that was found; a deed or a way round shows rather than a
// way.
func (t *awayTally) add(s span, weight int, shows bool) bool {
	if s.to == 0 {
		return false
	}
	t.sum += weight
	if t.at.to == 0 || shows {
		t.at = s
	}
	return true
}

func (t *awayTally) part(kind string) bool {
	w := t.l.awayPart(kind)
	return t.add(w.span, w.weight, kind == "deed.pay" || kind == "away.round")
}

// dealAside finds a deal led off the platform by its parts.
func (l *line) dealAside() (span, bool) {
	t := awayTally{l: l}
	way := false
	for _, kind := range ways {
		way = t.part(kind) || way
	}
	pay := t.part("deed.pay") || t.add(l.sendsMoney(), ledAway, true)
	reach := t.part("deed.reach")
	reach = t.part("deed.publish") && way || reach
	if reach || l.any(0, len(l.t.R), listed("away.deal_aside.near")...) {
		reach = t.add(l.dictated(), ledAway, true) || reach
	}
	round := t.part("away.round")
	round = t.add(l.otherShop(), 2, true) || round || l.awayPart("way.site").to > 0
	if !pay && !reach && !round || l.holds(0, len(l.t.R), "away.shop") && !pay && !round {
		return span{}, false
	}
	gain := t.part("away.gain")
	if !gain && (l.priceCut() || way && reach && l.trades()) {
		t.sum++
	}
	enough := ledAway
	if t.part("away.secret") || round {
		enough--
	}
	return t.at, t.sum >= enough
}

// An awayWord is a part that was said, and its weight.
type awayWord struct {
	span
	weight int
}

// awayPart finds the first asserted word of a kind.
func (l *line) awayPart(kind string) awayWord {
	for _, m := range l.frames {
		if m.Term.Name != kind || l.inName[m.Start] || !l.awaySaid(m) {
			continue
		}
		w := awayWord{span: span{m.Start, m.End}}
		for _, i := range m.Term.Info {
			if len(i) == 1 {
				w.weight = int(i[0] - '0')
			}
		}
		return w
	}
	return awayWord{}
}

// awaySaid reports whether a part is asserted. A way round the shop begins with
// its own denial: 别在这儿拍. 微信支付 is a way to pay in the shop.
func (l *line) awaySaid(m lexicon.Match) bool {
	c := l.clauseAt(m.Start)
	switch m.Term.Name {
	case "away.round":
		return !l.aside(m.Start) && !l.ahead(m.End, listed("away.away_said.after")...) && !(c.question && c.open.holds(m.Start)) && !(c.supposed >= 0 && m.Start >= c.supposed)
	case "way.private", "way.account":
		if l.ahead(m.End, "支付", "付款", "分期") || l.any(c.from, c.to, listed("away.away_said.near")...) {
			return false
		}
	}
	return l.stanceOf(m.Start, m.End) == asserted && !l.forbids(c, m.Start)
}

// sendsMoney finds a sum sent to somebody: 转两百九给老板娘.
func (l *line) sendsMoney() span {
	for _, q := range l.q {
		if q.Dim != quantity.Money && q.Dim != quantity.Bare || !l.behind(q.Start, listed("away.sends_money.before")...) || l.stanceOf(q.Start, q.End) != asserted {
			continue
		}
		if l.ahead(q.End, listed("away.sends_money.after")...) {
			return span{q.Start - 1, q.End}
		}
	}
	return span{}
}

// dictated finds a telephone number or the like: seven figures or more with
// nothing behind them that they would count.
func (l *line) dictated() span {
	n := 0
	for i := 0; i <= len(l.t.R); i++ {
		if i < len(l.t.R) && (fold.Digit(l.t.R[i]) || in(l.t.R[i], "零一二三四五六七八九幺")) {
			n++
			continue
		}
		if n >= 7 && !l.behind(i-n, listed("away.dictated.before")...) && (i == len(l.t.R) || !in(l.t.R[i], "元块克个万年月号")) {
			return span{i - n, i}
		}
		n = 0
	}
	return span{}
}

// otherShop finds buyers sent to the host's shop on another platform: 走闲鱼吧,
// 去拼多多搜我店名. To compare prices there is no such thing.
func (l *line) otherShop() span {
	at, n := l.first(0, len(l.t.R), "away.platform")
	if at < 0 || !l.behind(at, listed("away.other_shop.before")...) && !l.ahead(at+n, "上搜", "搜我", "找我") || l.stanceOf(at, at+n) != asserted || l.forbids(l.clauseAt(at), at) {
		return span{}
	}
	if l.any(at+n, min(at+n+14+20*b2i(l.latin), len(l.t.R)), listed("away.other_shop.shops")...) && !l.any(0, len(l.t.R), listed("away.other_shop.compares_prices")...) {
		return span{at, at + n}
	}
	return span{}
}

// priceCut reports whether a sum is taken off: 少二十, 便宜你十五, 返十块.
func (l *line) priceCut() bool {
	for _, q := range l.q {
		if (q.Dim == quantity.Money || q.Dim == quantity.Bare || q.Dim == quantity.Ratio) && l.behind(q.Start, listed("away.price_cut.before")...) {
			return true
		}
	}
	return false
}

// trades reports whether the line speaks of buying.
func (l *line) trades() bool {
	return l.any(0, len(l.t.R), listed("away.trades.near")...)
}
