package claims

import (
	"liveroom/claims/lexicon"
	"liveroom/claims/quantity"
	"liveroom/claims/sheet"
)

// A pledge is what a seller offers, whatever the words: to take back, replace,
// mend or buy back, for a time or for ever, of goods that were opened or used,
// for a fault or for none. The sheet's promises are held against the parts.
type pledge struct {
	kind string // the frame behind "pledge."
	at   span
	// how long it holds: quantity.Forever, 0 for not said
	seconds int64
	used    bool // of goods opened or used
	dislike bool // for no fault
	fault   bool
	times   bool // more than was paid
}

// forEver is longer than any time that a sheet gives.
const forEver = 1 << 40

// pledgeKinds in the order in which they govern where several are said.
var pledgeKinds = []string{"pledge.buyback", "pledge.trial", "pledge.pay", "pledge.replace", "pledge.repair", "pledge.cover", "pledge.return"}

// pledges weighs what is offered against the sheet. It reports whether it came
// to something, so that the checks by fixed words leave it alone.
func (l *line) pledges() bool {
	if _, _, staked := l.stake(); staked {
		return true // on an effect, which is reported as such
	}
	for k := range l.cl {
		for _, kind := range pledgeKinds {
			at, n := l.first(l.cl[k].from, l.cl[k].to, kind)
			if at < 0 || l.stanceOf(at, at+n) != asserted || l.elsewhere(at) || l.pledgeAside(&l.cl[k], at, n) {
				continue
			}
			pl := l.readPledge(kind, at, n)
			if v, f, ok := l.weighPledge(pl); ok {
				if v == "" {
					l.right(CategoryPromise, pl.at.from, pl.at.to)
				} else {
					l.wrong(CategoryPromise, v, pl.at.from, pl.at.to, "promise.pledge", f)
				}
				return true
			}
		}
	}
	return false
}

// pledgeAside keeps refusals, sales talk and guarantees of effect out: 不能退,
// 换一个颜色, 退货率, 无效退款.
func (l *line) pledgeAside(c *clause, at, n int) bool {
	return l.any(c.from, c.to, listed("pledge.pledge_aside.near")...) ||
		l.behind(at, listed("pledge.pledge_aside.before")...) && !l.behind(at, "只要", "不想要") ||
		l.ahead(at+n, listed("pledge.pledge_aside.after")...) || l.saidBy("effect.guarantee")
}

// readPledge reads the parts of what is offered at [at, at+n) from its
// sentence.
func (l *line) readPledge(kind string, at, n int) pledge {
	from, to := l.around(at, 3)
	reach := 30 + 60*b2i(l.latin)
	from, to = max(from, at-reach), min(to, at+n+reach)
	pl := pledge{kind: kind, at: span{at, at + n}}
	part := func(frame string) bool {
		i, k := l.first(from, to, frame)
		if i < 0 || l.stanceOf(i, i+k) != asserted {
			return false
		}
		pl.at = pl.at.join(span{i, i + k})
		return true
	}
	pl.used = !l.holds(from, to, "used.not") && part("used.up")
	pl.dislike, pl.fault, pl.times = part("pledge.dislike"), part("pledge.fault"), part("pledge.times")
	if part("ever.span") {
		pl.seconds = forEver
	}
	for _, q := range l.q {
		if q.Dim == quantity.Duration && q.Start >= from && q.Start < to && q.Value >= 86400 && pl.seconds < q.Value && !l.behind(q.Start, listed("pledge.read_pledge.before")...) && !l.superseded(q) && !l.ahead(q.End, listed("pledge.read_pledge.after")...) && l.stanceOf(q.Start, q.End) == asserted {
			pl.seconds = q.Value
			pl.at = pl.at.join(span{q.Start, q.End})
		}
	}
	return pl
}

// superseded: a time that is corrected later, or beyond which the host helps no
// more: 三十天……看错了，七天; 三十一天找我我也没办法.
func (l *line) superseded(q quantity.Quantity) bool {
	c := l.clauseAt(q.Start)
	if l.any(q.End, c.to, listed("pledge.superseded.near")...) {
		return true
	}
	at := l.correctedAt()
	if at < 0 || q.Start >= at {
		return false
	}
	for _, o := range l.q {
		if o.Dim == q.Dim && o.Start >= at {
			return true
		}
	}
	return false
}

// weighPledge holds what is offered against the sheet. An empty verdict is a
// promise that the sheet holds; not ok, that nothing is said that could be
// weighed here.
func (l *line) weighPledge(pl pledge) (Verdict, Finding, bool) {
	f := l.factOf(sheet.FieldPromises)
	f.Value = l.span(pl.at.from, pl.at.to)
	switch pl.kind {
	case "pledge.buyback":
		if containsAny(l.p.promises, "回购", "回收") {
			return "", f, true
		}
		return VerdictUnsupported, f, l.promisesBuyback(pl)
	case "pledge.trial":
		if containsAny(l.p.promises, listed("pledge.weigh_pledge.in")...) {
			return "", f, true
		}
		return VerdictUnsupported, f, pl.seconds > 7*86400 || l.any(pl.at.from, pl.at.to, "免费", "free")
	case "pledge.pay":
		return VerdictUnsupported, f, (pl.fault || pl.dislike || pl.used) && !l.any(0, len(l.t.R), "假", "fake") && l.paysMore(pl)
	case "pledge.return":
		return l.weighReturn(pl, f)
	}
	return l.weighCare(pl, f)
}

// promisesBuyback: 回收 alone is also what one does with paper.
func (l *line) promisesBuyback(pl pledge) bool {
	from, to := l.around(pl.at.from, 2)
	return pl.seconds > 0 || l.any(from, to, listed("pledge.promises_buyback.near")...)
}

// paysMore reports whether more than the goods themselves is offered: a sum, a
// multiple, several for one.
func (l *line) paysMore(pl pledge) bool {
	if pl.times || l.any(pl.at.from, min(pl.at.to+4, len(l.t.R)), listed("pledge.pays_more.near")...) {
		return true
	}
	for _, q := range l.q {
		if q.Start < pl.at.to-1 || q.Start > pl.at.to+4 {
			continue
		}
		if q.Dim == quantity.Money || q.Dim == quantity.Count && q.Value > 1000 || q.Dim == quantity.Bare && q.Value >= 100_000 {
			return true
		}
	}
	return false
}

// weighReturn: the seven days are held against goods that are excluded from
// them, a longer time against seven days.
func (l *line) weighReturn(pl pledge, f Finding) (Verdict, Finding, bool) {
	p := l.p
	if !pl.used && !pl.dislike && pl.seconds == 0 || l.ofEffects(pl.at.from) {
		return "", f, false
	}
	returns := l.factOf(sheet.FieldReturns7D)
	returns.Value = f.Value
	long := pl.seconds > 7*86400
	switch {
	case containsAny(p.promises, "包退") && (pl.fault || pl.dislike) && !long && l.sharesTrouble(pl, "包退"):
		return "", f, true
	case pl.times:
		return VerdictUnsupported, f, pl.dislike || pl.used
	case pl.fault && !pl.dislike && !pl.used && !long:
		return "", f, false // the checks of remedies know the faults
	case p.Returns7D == sheet.No && !(pl.fault && !pl.dislike):
		return VerdictContradicted, returns, true
	case long && pl.fault:
		return VerdictUnsupported, f, true
	case long && p.Returns7D == sheet.Yes:
		return VerdictContradicted, returns, true
	case long, p.Returns7D != sheet.Yes:
		return VerdictUnsupported, f, true
	case pl.used:
		return VerdictUnsupported, f, true
	}
	return "", f, true
}

// ofEffects reports whether the sentence at i is about what becomes of bodies:
// money back for that is a guarantee of effect, and a rash that 就退 is one.
func (l *line) ofEffects(i int) bool {
	from, to := l.around(i, 3)
	for _, m := range l.m {
		if m.Start < from || m.End > to || m.End-m.Start == 1 && !l.has(m.Start, "脸") {
			continue
		}
		switch {
		case m.Term.Class == lexicon.Disease, m.Term.Class == lexicon.Function && !m.Term.Is("mild"), m.Term.Class == lexicon.Outcome && m.Term.Is("body"):
			return true
		}
	}
	return l.any(from, to, listed("pledge.of_effects.near")...)
}

// sharesTrouble reports whether the sheet's promise of that kind names the
// trouble that is spoken of: 漏尿包退 covers what leaks.
func (l *line) sharesTrouble(pl pledge, kind string) bool {
	for _, raw := range l.p.Promises {
		if !contains(raw, kind) {
			continue
		}
		for _, r := range raw {
			if !in(r, kind) && l.any(pl.at.from, pl.at.to, string(r)) {
				return true
			}
		}
	}
	return false
}

// weighCare holds replacing, mending and warranting against what the sheet
// gives, by its time.
func (l *line) weighCare(pl pledge, f Finding) (Verdict, Finding, bool) {
	p := l.p
	if pl.seconds <= 7*86400 || pl.kind != "pledge.cover" && !pl.fault && !pl.used && pl.seconds != forEver {
		return "", f, false
	}
	have := p.warranty
	kin := containsAny(p.promises, listed("pledge.weigh_care.in")...) || containsAny(p.promises, "换") && (pl.kind != "pledge.repair" || contains(p.promises, "换线"))
	switch {
	case p.lifelong:
		return "", f, true
	case have.Dim == quantity.Duration && pl.seconds > have.Value+have.Value/50:
		if pl.seconds < forEver {
			f.compute("%d 天对 %d 天", pl.seconds/86400, have.Value/86400)
			f.computeEN("%d days against %d days", pl.seconds/86400, have.Value/86400)
		}
		return VerdictContradicted, f, true
	case have.Dim == quantity.Duration:
		return "", f, pl.kind == "pledge.cover" || !l.any(0, len(l.t.R), "换新", "丢")
	case kin && containsAny(p.promises, "一次", "半价"):
		return VerdictContradicted, f, true
	case kin && l.sharesTrouble(pl, "包换") && pl.seconds == forEver:
		return "", f, false
	}
	return VerdictUnsupported, f, true
}
