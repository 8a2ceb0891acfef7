package claims

import (
	"sort"
	"strings"
	"sync"

	"liveroom/claims/fold"
	"liveroom/claims/lexicon"
	"liveroom/claims/quantity"
	"liveroom/claims/sheet"
)

// A line is one utterance on its way through the check. Lines are reused.
type line struct {
	c         *Checker
	u         Utterance
	before    []Utterance
	t         fold.Text
	m         []lexicon.Match
	frames    []lexicon.Match // parts of patterns
	all       []lexicon.Match // with the matches that longer ones cover
	q         []quantity.Quantity
	scanned   bool // q holds the line's amounts
	cl        []clause
	asides    []span // about other goods
	waves     []span // waved aside
	used      []bool // quantities that a slot took
	syllables [][]fold.Sound
	triples   [32]uint64 // hashes of three bytes from each rune on
	inName    []bool     // runes that belong to a product's name
	p         *product
	latin     bool
	// the product was only recognised by the sound of its name
	bySound bool
	marks   []mark
	// a user's row took the place of a built-in one whose word is said
	replaced bool
	trial    bool // of a suggestion: no users\' rules, no suggestions of its own
	waived   bool // read as if no exemption held

	stances []stood // stances found, by hash
	turn    uint32
	settled bool

	text   string  // the folded text as UTF-8; a view of buf, good until the next line
	buf    []byte  // what text views
	byteAt []int32 // by rune, and one past the last
	runeAt []int32 // by byte
}

// A mark is a claim that was compared: a finding when wrong, else a proof that
// the slot was said right.
type mark struct {
	Finding
	from, to int // folded runes
	right    bool
	tries    [mostTrials]reading // of the exemptions of its rule, once its line is read
	field    sheet.Field         // of a right one: where the sheet holds it, beside Fact
	none     bool                // of a right one: that there is none of it
}

func (m *mark) asHit() hit {
	return hit{rule: m.Rule, from: m.from, to: m.to, mark: m}
}

func (l *line) forget() {
	l.u, l.before, l.p, l.bySound, l.trial, l.waived, l.replaced = Utterance{}, nil, nil, false, false, false, false
	clear(l.marks)
	l.marks = l.marks[:0]
}

func (l *line) check(u Utterance, before []Utterance) []Finding {
	worth, touched := l.read(u, before)
	var found []Finding
	switch {
	case worth:
		found = l.ruled(l.findings())
	case touched:
		found = l.ruled(nil)
	}
	if len(before) > 0 && !l.trial {
		found = l.inContext(found)
	}
	return found
}

// read lets the rules mark what an utterance claims. It reports whether the
// utterance was worth their looking, and whether it is worth the users' rules'.
func (l *line) read(u Utterance, before []Utterance) (worth, touched bool) {
	l.u, l.before, l.settled = u, before, false
	l.t.Fold(u.Text)
	l.all = l.c.find(l.all[:0], l.t.R)
	l.q, l.scanned = l.q[:0], false
	l.ownWords()
	suspicious := !l.replaced && l.suspicious()
	worth, touched = suspicious || l.worthLooking(), l.touched()
	if !worth && !touched {
		return false, false
	}
	l.scan()
	l.index()
	l.latin = mostlyLatin(l.t.R)
	l.resolve()
	l.findProduct()
	l.markNames()
	l.hear()
	l.keepAmounts()
	l.cutClauses()
	l.readCues()
	l.readAsides()
	l.readWaves()
	l.settle()
	if !worth {
		return false, true
	}
	l.offplatform()
	l.conduct()
	if l.p != nil {
		for _, rule := range factRules {
			rule(l)
		}
	}
	for _, rule := range lawRules {
		rule(l)
	}
	if suspicious {
		l.reads()
	}
	return true, touched
}

// worthLooking reports whether a line holds anything that could be a claim: a
// term that is no mere cue, a figure, or all the parts of a pattern.
func (l *line) worthLooking() bool {
	parts := uint64(0)
	for _, m := range l.all {
		switch {
		case m.Term.Class == lexicon.Frame:
			parts |= 1 << m.Term.Index
			continue
		case m.Term.Class == lexicon.Superior, m.Term.Class == lexicon.Product, m.Term.Class == lexicon.Outcome:
			continue
		case !m.Term.Class.Cue():
			return true
		}
	}
	for _, pattern := range patterns() {
		if parts&pattern.all == pattern.all && (pattern.any == 0 || parts&pattern.any != 0) {
			return true
		}
	}
	if hasSuperlative(l.t.R) || l.changes() {
		return true
	}
	if !l.c.units.MayHold(l.t.R, vague) {
		return false
	}
	l.scan()
	for _, q := range l.q {
		if !trifling(q) {
			return true
		}
	}
	return false
}

// scan reads the amounts, once a line.
func (l *line) scan() {
	if !l.scanned {
		l.q, l.scanned = l.c.units.Scan(l.q, l.t.R, nil), true
	}
}

// changes reports whether a change of the body is spoken of.
func (l *line) changes() bool {
	body, change := false, false
	for _, m := range l.all {
		if m.Term.Class == lexicon.Outcome {
			if m.Term.Is("alone") {
				return true
			}
			body = body || m.Term.Is("body")
			change = change || m.Term.Is("change")
		}
	}
	return body && change
}

// trifling reports whether an amount is one of ordinary talk: 一点, 一个, 第一.
func trifling(q quantity.Quantity) bool {
	switch q.Dim {
	case quantity.Ordinal:
		return true
	case quantity.Bare:
		return q.Value < 5000 && q.Hi < 5000
	case quantity.Count:
		return q.Value <= 1000
	case quantity.Index:
		return q.Value <= 3000 && vague(q.Unit)
	}
	return false
}

// A pattern is what frame words must meet in a line before it can claim: all
// of some, and one of others.
type pattern struct{ all, any uint64 }

// patterns are those that the rules put together. Frames that claim by
// themselves, among them those whose row says alone, share one bit; a frame of
// no pattern has the bit that none asks for.
var patterns = sync.OnceValue(func() []pattern {
	const alone, none = 0, 63
	bit, next := map[string]int{}, alone+1
	bits := func(names ...string) (set uint64) {
		for _, name := range names {
			if _, ok := bit[name]; !ok {
				bit[name] = next
				next++
			}
			set |= 1 << bit[name]
		}
		return set
	}
	for _, name := range []string{"threat", "stakes", "away.bypass", "away.innuendo", "away.private", "away.channel", "away.platform", "factory", "ship.soon", "endorse.same", "abs.scope", "size.letter", "slot.cue", "for.life", "added"} {
		bit[name] = alone
	}
	out := []pattern{
		{0, 1 << alone},
		{bits("shame.who", "shame.what"), 0},
		{bits("group.who", "group.bad"), 0},
		{bits("scare.others", "scare.harm"), 0},
		{bits("endorse.who", "endorse.how"), 0},
		{bits("prize.won", "prize.what"), 0},
		{bits("cert.body", "cert.done"), 0},
		{bits("brand.who"), bits("brand.kin", "brand.label")},
		{bits("care", "better"), 0},
		{bits("cure.place", "cure.spared"), 0},
		// 打过来, 进我 are ordinary talk without a way to be reached; a number
		// that is dictated is worth a look by itself.
		{bits("deed.reach"), bits("way.account", "way.group", "way.contact", "way.place", "way.site", "away.gain", "away.secret")},
		{bits("ship.today"), bits("ship.leave", "ship.off")},
		{bits("ship.tomorrow"), bits("ship.leave", "ship.arrive")},
		{bits("peak.none", "peak.beat"), 0},
		{bits("peak.lag", "peak.lost"), 0},
		{bits("worth.as", "worth.what"), 0},
		{bits("last.ever", "last.wear"), 0},
		{0, bits("peak.only", "peak.top")},
		{0, bits("remedy.refund", "remedy.pay", "remedy.replace", "remedy.repair")},
	}
	for _, t := range lexicon.Terms() {
		if t.Class != lexicon.Frame {
			continue
		}
		n, ok := bit[t.Name]
		if !ok {
			family, _, _ := strings.Cut(t.Name, ".")
			n, ok = bit[family]
		}
		switch {
		case t.Is("alone"):
			n = alone
		case !ok:
			n = none
		}
		t.Index = n
	}
	return out
})

func hasSuperlative(t []rune) bool {
	for _, r := range t {
		if r == '最' {
			return true
		}
	}
	return false
}

// factRules need a product to compare with. They are tried in this order: a
// rule that takes an amount leaves it to no later one.
var factRules = []func(*line){
	(*line).bodyFigures, (*line).rivals, (*line).levels, (*line).material, (*line).brand, (*line).origin, (*line).slots, (*line).ingredient,
	(*line).sales, (*line).patentCount, (*line).price, (*line).metrics, (*line).weight, (*line).size, (*line).count,
	(*line).credential, (*line).promise,
}

// lawRules hold whatever the facts.
var lawRules = []func(*line){
	(*line).absolute, (*line).health,
}

// resolve keeps the matches that no longer match covers.
func (l *line) resolve() {
	l.m, l.frames = l.m[:0], l.frames[:0]
	for i, a := range l.all {
		if a.Term.Class == lexicon.Frame {
			l.frames = append(l.frames, a)
			continue
		}
		if !l.covered(i, a) {
			l.m = append(l.m, a)
		}
	}
	sort.SliceStable(l.m, func(i, j int) bool { return l.m[i].Start < l.m[j].Start })
	l.dropOverlaps()
}

// dropOverlaps lets the word that begins first win over one of its class that
// overlaps its end: 泰国产 is 泰国, not 国产.
func (l *line) dropOverlaps() {
	out := l.m[:0]
	for _, m := range l.m {
		clash := false
		for i := len(out) - 1; i >= 0 && i >= len(out)-6; i-- {
			o := out[i]
			if o.Term.Class == m.Term.Class && o.Start < m.Start && m.Start < o.End && m.End > o.End && o.End-o.Start >= m.End-m.Start {
				clash = true
				break
			}
		}
		if !clash {
			out = append(out, m)
		}
	}
	l.m = out
}

func (l *line) covered(i int, a lexicon.Match) bool {
	for j := i - 1; j >= 0 && l.all[j].Start >= a.Start-12; j-- {
		if covers(l.all[j], a) && !l.exempts(l.all[j], a) {
			return true
		}
	}
	for j := i + 1; j < len(l.all) && l.all[j].Start <= a.Start; j++ {
		if covers(l.all[j], a) && !l.exempts(l.all[j], a) {
			return true
		}
	}
	return false
}

// exempts reports whether b would only take a's place by exempting it, where
// no exemption is to hold.
func (l *line) exempts(b, a lexicon.Match) bool {
	return l.waived && (b.Term.Class == lexicon.Exempt || b.Term.Class == lexicon.Product && (a.Term.Class == lexicon.Absolute || a.Term.Class == lexicon.Rank))
}

// covers reports whether a longer match takes the place of one inside it.
func covers(b, a lexicon.Match) bool {
	if b.Start > a.Start || b.End < a.End || b.End-b.Start <= a.End-a.Start {
		return false
	}
	bc, ac := b.Term.Class, a.Term.Class
	if bc == lexicon.Frame {
		return false
	}
	switch bc {
	case lexicon.Product:
		return ac == lexicon.Absolute || ac == lexicon.Rank || ac == lexicon.Brand || ac == lexicon.Function || ac == lexicon.Disease || ac == lexicon.Outcome
	case lexicon.Plain, lexicon.Exempt:
		return ac != lexicon.Product && ac != lexicon.Promise && ac != lexicon.Lowest
	case lexicon.Attribute, lexicon.Part, lexicon.PriceCue, lexicon.Superior, lexicon.Scope:
		return ac == bc
	}
	if bc == ac {
		return true
	}
	if bc == lexicon.Rival || bc == lexicon.Level {
		return false
	}
	if ac == lexicon.Treat && bc == lexicon.Disease {
		return false
	}
	if bc == lexicon.Brand && (ac == lexicon.Material || ac == lexicon.Ingredient) || bc == lexicon.Material && ac == lexicon.Ingredient && a.End-a.Start == 1 {
		return true // 氨纶 has no 氨 in it
	}
	return ac.Cue() || ac == lexicon.Place && bc == lexicon.Ingredient || ac == lexicon.Abuse || ac == lexicon.Scare && !bc.Cue() && bc != lexicon.Disease
}

func mostlyLatin(t []rune) bool {
	latin, han := 0, 0
	for _, r := range t {
		if fold.Letter(r) {
			latin++
		} else if fold.Han(r) {
			han++
		}
	}
	return latin > 4*han
}

// markNames marks the runes that belong to product names, where words and
// numbers only name.
func (l *line) markNames() {
	l.inName = append(l.inName[:0], make([]bool, len(l.t.R))...)
	for _, m := range l.all {
		if m.Term.Class == lexicon.Product || m.Term.Class == lexicon.Exempt && !l.waived {
			for i := m.Start; i < m.End; i++ {
				l.inName[i] = true
			}
		}
	}
}
