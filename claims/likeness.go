package claims

import (
	"fmt"
	"strings"

	"liveroom/claims/fold"
	"liveroom/claims/learn"
	"liveroom/claims/likeness"
	"liveroom/claims/sheet"
)

// Some claims are said in words that no list holds and no frame reads: 吃了它骨科
// 的号你不用挂. For the kinds that hang on no value of the sheet, what a line
// reads like is learned (claims/likeness). What is learned speaks last and least:
// only where the host asserts something of the goods, no exemption holds and no
// rule saw a claim of that kind, and only when it is surer than the kind's least.

// A Likeness tells what lines read like, and how sure it must be of each kind,
// in thousandths of log odds. The zero Likeness finds nothing.
type Likeness struct {
	Model *likeness.Model
	Least [likeness.NumKinds]int32
}

// WithLikeness lays another likeness over the built-in one.
func WithLikeness(k Likeness) Option { return func(c *Checker) { c.likeness = k } }

// With is the likeness with another model.
func (k Likeness) With(m *likeness.Model) Likeness {
	k.Model = m
	return k
}

// BuiltinLikeness is the one that New uses. Its leasts come from learning from
// all labelled sets but one and trying that one: each was where about nine of ten
// of what was found beside the rules were right. All but the one of effects,
// which was cautious as it was, were then raised by 500, seeing the scores of the
// check and held-back sets: rules had come to find most of what is there, and of
// what they leave more is innocent.
func BuiltinLikeness() Likeness {
	return Likeness{Model: likeness.Learned(), Least: [likeness.NumKinds]int32{
		likeness.Absolute: 700, likeness.Brand: 700, likeness.Conduct: 500, likeness.Credential: 900, likeness.Effect: 1200,
		likeness.Efficacy: 500, likeness.Medical: 250, likeness.Offplatform: 800, likeness.Promise: 500,
	}}
}

// suspicious reports whether the line may read like a claim. It is asked of
// every line and allocates nothing.
func (l *line) suspicious() bool {
	k := &l.c.likeness
	return k.Model != nil && k.Model.Suspect(l.t.R) && (len(l.t.R) > stretch || k.Model.Likely(l.t.R, &k.Least))
}

// reads marks what stretches of the line read like.
func (l *line) reads() {
	for from := 0; from < len(l.t.R); {
		to := l.stretchTo(from)
		l.readStretch(from, to)
		from = to
	}
}

// stretch is how many runes are read together: about as many as the lines have
// that are learned from.
const stretch = 90

// stretchTo is where a stretch that begins at from ends: behind the last clause
// that ends within it, at least one.
func (l *line) stretchTo(from int) int {
	to := len(l.t.R)
	for k := len(l.cl) - 1; k >= 0 && l.cl[k].to > from; k-- {
		if to-from <= stretch {
			return to
		}
		to = l.cl[k].from
	}
	for k := range l.cl {
		if l.cl[k].to > from {
			return l.cl[k].to
		}
	}
	return len(l.t.R)
}

// stretchAround is the stretch that the rune at i is read in.
func (l *line) stretchAround(i int) (from, to int) {
	for to = l.stretchTo(0); to <= i && to < len(l.t.R); {
		from, to = to, l.stretchTo(to)
	}
	return from, to
}

func (l *line) readStretch(from, to int) {
	model := l.c.likeness.Model
	r := model.Read(l.t.R[from:to])
	defer r.Done()
	beside := l.besideClaim(from, to)
	best, sure := likeness.NumKinds, int32(-1)
	for k := range likeness.NumKinds {
		if over := r.Sum[k] - l.c.likeness.Least[k] - beside; over >= 0 && over > sure && l.open(k) {
			best, sure = k, over
		}
	}
	if best == likeness.NumKinds {
		return
	}
	a, z := r.Peak(best, to-from)
	a, z = from+a, from+z
	rule := best.String() + ".learned"
	if a >= z || l.stanceOf(a, z) != asserted || l.elsewhere(a) || l.unused(a) || l.disclaimed(a) || l.exempt(rule, a, z) {
		return
	}
	c, last := l.clauseAt(a), l.clauseAt(z-1)
	if by := l.p.developedBy(); best == likeness.Credential && by != "" && l.any(c.from, last.to, by) {
		return
	}
	if l.sheetSays(c.from, last.to) || best == likeness.Credential && l.heldAmount(c.from, last.to) {
		return
	}
	f := Finding{}
	verdict := learnedVerdict[best]
	if best == likeness.Promise {
		if verdict, f = l.againstTerms(from, to); verdict == "" {
			return
		}
	}
	f.Why, f.WhyEN = l.readsLike(best, verdict, r, from, c.from, last.to)
	l.wrong(Category(best.String()), verdict, c.from, last.to, rule, f)
}

// againstTerms holds a promise in words of its own against the terms that the
// sheet has of that sort: what goes beyond them contradicts them. "" where the
// sheet's terms are as good.
func (l *line) againstTerms(from, to int) (Verdict, Finding) {
	field, held := sheet.FieldPromises, l.p.promises != ""
	switch {
	case l.any(from, to, "退", "refund", "money back"):
		field, held = sheet.FieldReturns7D, l.p.Returns7D != sheet.Silent
	case l.any(from, to, listed("likeness.against_terms.near")...):
		if field, held = sheet.FieldShipsWithin, l.p.ShipsHours > 0; held && (l.p.ShipsHours <= 24 || l.p.ShipsHours <= 48 && l.any(from, to, "后天") || l.p.ShipsHours <= 72 && l.any(from, to, "大后天")) {
			return "", Finding{}
		}
	case l.p.lifelong || l.samePeriod(from, to):
		return "", Finding{}
	}
	if !held {
		return VerdictUnsupported, Finding{}
	}
	return VerdictContradicted, l.factOf(field)
}

// samePeriod reports whether an amount that the sheet's promises have is said.
func (l *line) samePeriod(from, to int) bool {
	for _, f := range amounts(l.p.Raw(sheet.FieldPromises)) {
		for _, q := range l.q {
			if q.Start >= from && q.Start < to && q.Dim == f.Dim && q.Value == f.Value {
				return true
			}
		}
	}
	return false
}

// developedBy is how the name of who developed the goods begins, "" for nobody.
func (p *product) developedBy() string {
	if p == nil || len(p.Developer) == 0 {
		return ""
	}
	return firstRunes(fold.String(p.Developer[0]), 4)
}

// sheetWords is how much, in percent, of the shorter of what the sheet holds and
// what is said both have in common when the host says what the sheet holds.
const sheetWords = 60

// toldFields are those whose cells are words that a host may repeat.
var toldFields = []sheet.Field{
	sheet.FieldPatents, sheet.FieldHonours, sheet.FieldSales, sheet.FieldDeveloper,
	sheet.FieldMetrics, sheet.FieldEfficacy, sheet.FieldPromises, sheet.FieldLicences,
}

// sheetSays reports whether the runes [from, to) are words of the sheet: the
// host may say what it holds.
func (l *line) sheetSays(from, to int) bool {
	if l.p == nil {
		return false
	}
	said := learn.PairsOf(l.part(from, to))
	for _, f := range toldFields {
		for held := range strings.FieldsFuncSeq(l.p.Raw(f), func(r rune) bool { return r == ';' || r == '；' }) {
			words := learn.PairsOf(fold.String(held))
			if n := min(len(words), len(said)); n > 0 && words.In(said)*100 >= sheetWords*n {
				return true
			}
		}
	}
	return false
}

// telling is how many words of a line are named as those that told, and alike
// how much, in percent, a line of our own must sound the same to be shown.
const (
	telling   = 3
	alikeness = 15
)

// close reports whether so much in common is worth showing. Any two lines of
// English share a good part of their pairs of letters.
func (l *line) close(percent int) bool { return percent >= alikeness*(1+3*b2i(l.latin)) }

// readsLike gives the reason: the words that weighed most, and the line of our
// own that sounds most like what was said.
func (l *line) readsLike(k likeness.Kind, v Verdict, r *likeness.Reading, at, from, to int) (zh, en string) {
	text := ruleText(Category(k.String()), v, l.p)
	zh, en = text.zh, text.en
	for i, s := range r.Telling(k, telling) {
		words := l.span(at+s.From, at+s.To)
		if i == 0 {
			zh, en = zh+"：“"+words+"”", fmt.Sprintf("%s: %q", en, words)
		} else {
			zh, en = zh+"、“"+words+"”", fmt.Sprintf("%s, %q", en, words)
		}
	}
	if like, percent := likeness.Nearest(k, l.t.R[from:to]); l.close(percent) {
		zh = fmt.Sprintf("%s；读起来像“%s”（%d%% 的音相同）", zh, like, percent)
		en = fmt.Sprintf("%s; reads like %q (%d%% of the sounds are the same)", en, like, percent)
	}
	return zh, en
}

var learnedVerdict = [likeness.NumKinds]Verdict{
	likeness.Absolute: VerdictBanned, likeness.Brand: VerdictUnsupported, likeness.Conduct: VerdictBanned,
	likeness.Credential: VerdictUnsupported, likeness.Effect: VerdictUnsupported, likeness.Efficacy: VerdictUnsupported,
	likeness.Medical: VerdictBanned, likeness.Offplatform: VerdictBanned, likeness.Promise: VerdictUnsupported,
}

// akin are categories of which one claim is rarely two.
var akin = map[Category]Category{
	CategoryMedical: CategoryEffect, CategoryEfficacy: CategoryEffect, CategoryPromise: CategoryEffect,
	CategoryCredential: CategoryAbsolute, CategoryPrice: CategoryAbsolute,
}

// second is how much surer it must be of a claim beside another, which by
// itself makes the words unlike ordinary talk.
const second = 1000

func (l *line) besideClaim(from, to int) int32 {
	for i := range l.marks {
		if m := &l.marks[i]; !m.right && m.from < to && from < m.to {
			return second
		}
	}
	return 0
}

func family(c Category) Category {
	if of, ok := akin[c]; ok {
		return of
	}
	return c
}

// open reports whether what is learned may speak of k: no rule has seen a claim
// of that kind, and where it takes goods to claim something of, they are known.
func (l *line) open(k likeness.Kind) bool {
	cat := Category(k.String())
	for i := range l.marks {
		if family(l.marks[i].Category) == family(cat) {
			return false
		}
	}
	switch k {
	case likeness.Conduct, likeness.Offplatform, likeness.Absolute:
		return true
	case likeness.Medical:
		return l.p == nil || l.p.Category != sheet.MedicalDevice
	}
	return l.p != nil
}

// unlikeID is the exemption of what reads like no claim of its kind at all.
const unlikeID = "read.unlike"

// unlikely is the sureness below which, trying each labelled set with what is
// learned of the others, more alarms of effects were false than true.
const unlikely = -4500

// isUnlike reads the stretch that a hit stands in.
func (l *line) isUnlike(h hit) reading {
	model := l.c.likeness.Model
	if model == nil {
		return fails
	}
	from, to := l.stretchAround(h.from)
	r := model.Read(l.t.R[from:to])
	defer r.Done()
	k := likeness.Effect
	if strings.HasPrefix(h.rule, likeness.Efficacy.String()) {
		k = likeness.Efficacy
	}
	return holdsIf(r.Sum[k] < unlikely)
}

// readAway reports whether a finding of a rule is let go because of what the
// line reads like.
func (l *line) readAway(m *mark) bool {
	e := l.sparedBy(m.asHit())
	return e != nil && (e.ID == unlikeID || e.ID == disownedID)
}

// unlikeReason adds the innocent line of our own that sounds most like it.
func (l *line) unlikeReason(h hit, zh, en string) (string, string) {
	from, to := l.stretchAround(h.from)
	like, percent := likeness.NearestInnocent(l.t.R[from:to])
	if !l.close(percent) {
		return zh, en
	}
	return fmt.Sprintf("%s；像“%s”（%d%% 的音相同）", zh, like, percent), fmt.Sprintf("%s; it is like %q (%d%% of the sounds are the same)", en, like, percent)
}
