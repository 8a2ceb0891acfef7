package claims

import (
	"sort"
	"strings"
	"sync"
	"unicode/utf8"
	"unsafe"

	"liveroom/claims/fold"
	"liveroom/claims/lexicon"
	"liveroom/claims/quantity"
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
	l.u, l.before = u, before
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

// index makes the folded text searchable as a string.
func (l *line) index() {
	l.buf, l.byteAt, l.runeAt = l.buf[:0], l.byteAt[:0], l.runeAt[:0]
	for i, r := range l.t.R {
		l.byteAt = append(l.byteAt, int32(len(l.buf)))
		n := len(l.buf)
		l.buf = utf8.AppendRune(l.buf, r)
		for range len(l.buf) - n {
			l.runeAt = append(l.runeAt, int32(i))
		}
	}
	l.byteAt = append(l.byteAt, int32(len(l.buf)))
	l.text = unsafe.String(unsafe.SliceData(l.buf), len(l.buf))
	l.triples = [32]uint64{}
	for _, at := range l.byteAt {
		if int(at)+3 <= len(l.text) {
			h := triple(l.text[at:])
			l.triples[h>>6] |= 1 << (h & 63)
		}
	}
}

// triple hashes the first three bytes of s: one Chinese character or three
// letters.
func triple(s string) uint32 {
	return (uint32(s[0]) | uint32(s[1])<<8 | uint32(s[2])<<16) * 0x9e3779b1 >> 21
}

// lacks reports whether w surely does not stand in the line. Rules look for
// thousands of words that are not there, and this tells most of them off
// without a search.
func (l *line) lacks(w string) bool {
	if len(w) < 3 {
		return false
	}
	h := triple(w)
	return l.triples[h>>6]>>(h&63)&1 == 0
}

// part is the text of the runes [from, to), clipped to the line. It is good
// until the next line.
func (l *line) part(from, to int) string {
	from, to = max(from, 0), min(to, len(l.t.R))
	if from >= to {
		return ""
	}
	return l.text[l.byteAt[from]:l.byteAt[to]]
}

// has reports whether the folded text has s at i.
func (l *line) has(i int, s string) bool {
	return i >= 0 && strings.HasPrefix(l.part(i, len(l.t.R)), s)
}

// find looks for s in [from, to) and returns where it starts, -1 for nowhere.
func (l *line) find(from, to int, s string) int {
	if l.lacks(s) {
		return -1
	}
	from = max(from, 0)
	i := strings.Index(l.part(from, to), s)
	if i < 0 {
		return -1
	}
	return int(l.runeAt[int(l.byteAt[from])+i])
}

func (l *line) any(from, to int, words ...string) bool {
	part := l.part(from, to)
	if part == "" {
		return false
	}
	for _, w := range words {
		if !l.lacks(w) && strings.Contains(part, w) {
			return true
		}
	}
	return false
}

// behind reports whether one of words ends right before i, spaces aside. A
// space at the end of a word only says that it is an English one.
func (l *line) behind(i int, words ...string) bool {
	for i > 0 && l.t.R[i-1] == ' ' {
		i--
	}
	part := l.part(0, i)
	for _, w := range words {
		if w[len(w)-1] == ' ' {
			w = w[:len(w)-1]
		}
		if strings.HasSuffix(part, w) && l.wholeWord(int(l.runeAt[len(part)-len(w)]), i) {
			return true
		}
	}
	return false
}

// ahead reports whether one of words begins at i, spaces aside.
func (l *line) ahead(i int, words ...string) bool {
	for i < len(l.t.R) && l.t.R[i] == ' ' {
		i++
	}
	part := l.part(i, len(l.t.R))
	for _, w := range words {
		if w[0] == ' ' {
			w = w[1:]
		}
		if strings.HasPrefix(part, w) {
			return true
		}
	}
	return false
}

// wholeWord reports whether [from, to) does not begin inside an English word.
func (l *line) wholeWord(from, to int) bool {
	return from <= 0 || from >= to || !fold.Letter(l.t.R[from]) || !fold.Letter(l.t.R[from-1])
}

// first finds the first word of a frame in [from, to), and its length; -1 for
// none.
func (l *line) first(from, to int, frame string) (at, n int) {
	at = -1
	for _, m := range l.frames {
		if m.Start >= to {
			break
		}
		if m.Start < from || m.End > to || m.Term.Name != frame {
			continue
		}
		if at < 0 || m.Start == at && m.End-m.Start > n {
			at, n = m.Start, m.End-m.Start
		}
		if m.Start > at {
			break
		}
	}
	return at, n
}

// holds reports whether a word of a frame lies in [from, to).
func (l *line) holds(from, to int, frame string) bool {
	at, _ := l.first(from, to, frame)
	return at >= 0
}

// match reports whether a term of the class lies within [from, to).
func (l *line) match(class lexicon.Class, from, to int) (lexicon.Match, bool) {
	for _, m := range l.m {
		if m.Start >= to {
			break
		}
		if m.Term.Class == class && m.Start >= from && m.End <= to {
			return m, true
		}
	}
	return lexicon.Match{}, false
}
