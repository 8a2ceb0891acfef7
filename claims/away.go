package claims

// A deal is led off the platform by what is put together: a private way to be
// reached or paid (微信, 红包, my garage), a deed (转给我, 把电话留下), a way round
// the shop (链接别点), what is gained by it (省得平台抽点), and that it be kept
// quiet. One of them alone is ordinary talk: 微信支付宝都能付, 扫码验真伪.

// privateWays are ways to be reached or paid that are no part of a shop.
var privateWays = []string{"way.private", "way.account", "way.group", "way.contact", "way.place"}

// dealAside finds a deal led off the platform by its parts.
func (l *line) dealAside() (from, to int, ok bool) {
	n := len(l.t.R)
	if !l.anyFrame("deed.pay", "deed.reach", "away.round") || l.holds(0, n, "away.shop") && !l.holds(0, n, "deed.pay") {
		return 0, 0, false
	}
	pay, reach := l.deed("deed.pay"), l.deed("deed.reach")
	round := l.deed("away.round")
	way := l.deed(privateWays...)
	gain, secret := l.holds(0, n, "away.gain"), l.holds(0, n, "away.secret")
	own := l.deed("way.private", "way.group", "way.place")
	switch {
	case pay.to > 0 && (own.to > 0 || round.to > 0 || secret || way.to > 0 && l.mine(way)):
		return pay.from, pay.to, true
	case round.to > 0 && (reach.to > 0 || way.to > 0 || pay.to > 0):
		return round.from, round.to, true
	case reach.to > 0 && own.to > 0 && near(reach, own, 12+20*b2i(l.latin)) && (gain || l.trades()):
		return reach.from, reach.to, true
	case reach.to > 0 && way.to > 0 && near(reach, way, 8+20*b2i(l.latin)) && gain:
		return reach.from, reach.to, true
	case pay.to > 0 && reach.to > 0 && gain:
		return pay.from, pay.to, true
	case secret && way.to > 0 && (reach.to > 0 || pay.to > 0):
		return way.from, way.to, true
	}
	return 0, 0, false
}

func (l *line) anyFrame(names ...string) bool {
	for _, m := range l.frames {
		for _, name := range names {
			if m.Term.Name == name {
				return true
			}
		}
	}
	return false
}

// deed finds the first asserted word of one of the frames.
func (l *line) deed(frames ...string) span {
	for _, m := range l.frames {
		for _, name := range frames {
			if m.Term.Name != name || l.inName[m.Start] {
				continue
			}
			c := l.clauseAt(m.Start)
			// 别在这儿拍, 不走平台 begin with their own denial
			if name != "away.round" && (l.stanceOf(m.Start, m.End) != asserted || l.forbids(c, m.Start)) {
				continue
			}
			if name == "away.round" && (l.aside(m.Start) || l.ahead(m.End, "照", "视频", "摄", "录") || c.question && c.open.holds(m.Start)) {
				continue
			}
			return span{m.Start, m.End}
		}
	}
	return span{}
}

// mine reports whether a way is the host's own, or one that is named only to be
// paid there: 我支付宝, 到我卡上.
func (l *line) mine(way span) bool {
	return l.any(max(way.from-4, 0), min(way.to+4, len(l.t.R)), "我", "俺", "咱", "老板", "给", "收", "my ", "me", "her", "his")
}

// trades reports whether the line speaks of buying.
func (l *line) trades() bool {
	return l.any(0, len(l.t.R), "拿", "下单", "拍", "要的", "价", "买", "订", "货", "单", "箱", "付", "钱", "order", "price", "buy", "sell", "ship", "pay")
}

func near(a, b span, n int) bool {
	return a.from-b.to <= n && b.from-a.to <= n
}
