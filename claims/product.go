package claims

import (
	"strings"
	"sync"

	"liveroom/claims/fold"
	"liveroom/claims/lexicon"
	"liveroom/claims/quantity"
	"liveroom/claims/sheet"
)

// A product is what the sheet says of one product in the terms of the check.
type product struct {
	*sheet.Product
	index int

	brand      string // folded
	names      []string
	materials  []partFact
	weight     quantity.Quantity // net weight or volume; Dim Bare: silent
	counts     []quantity.Quantity
	sizes      []quantity.Quantity
	sizeText   string
	origins    []*lexicon.Term
	varieties  []*lexicon.Term
	parts      []partFact // ingredients
	metrics    []metricFact
	functions  map[string]bool
	allText    string // every cell, folded
	factText   string // every cell but name and aliases, folded
	warranty   quantity.Quantity
	lifelong   bool
	fakePays   int64 // 假一赔N, 0: no such promise
	promises   string
	credential string  // patents, honours, sales, developer, metrics
	masses     []int64 // every mass named on the sheet, mg
	pieces     []int64 // every true number of pieces, in thousandths
	sold       int64   // pieces sold, in thousandths; 0: silent
	shelf      []quantity.Quantity
	rivals     map[string]map[*lexicon.Term]string // by group: words that exclude others of it, with the field
	contents   []content
	thresholds []threshold
	protects   int64 // seconds of 价保
	denied     []denial
	// the net weight is that of one piece of several
	weightOfOne bool
	figures     map[int64]bool // whole numbers that are no sums
	heard       func() *voices // built when a line first needs it
}

// A partFact is one entry of a composition with the terms it names.
type partFact struct {
	part  string // 面料, 内里; "" for the whole
	term  *lexicon.Term
	name  string // folded
	share int64  // ppm, -1 not given
	no    bool   // 不含
	scant bool   // 少量, 不足2g: the sheet itself says that there is little
	// metric is the figure of the sheet that this was read from, "" for a part.
	metric string
	q      quantity.Quantity
}

// A metricFact is one figure of the sheet: 充绒量 180g.
type metricFact struct {
	name string // folded, without the figure
	raw  string
	term *lexicon.Term // the attribute or function it names
	q    quantity.Quantity
}

// A factReader turns cells of the sheet into terms and amounts.
type factReader struct {
	words *lexicon.Matcher
	units *quantity.Reader
	own   *vocabulary    // nil without any
	of    *sheet.Product // the product that is being read

	cell  fold.Text // scratch: a sheet has a hundred thousand cells
	found []lexicon.Match
}

func (c *Checker) factReader(of *sheet.Product) *factReader {
	return &factReader{words: c.words, units: c.units, own: c.own, of: of}
}

func (f *factReader) terms(class lexicon.Class, s string) []*lexicon.Term {
	if s == "" {
		return nil
	}
	f.cell.Fold(s)
	var best []*lexicon.Term
	end := 0
	for _, m := range longest(f.find(f.cell.R), class) {
		if m.Start >= end {
			best = append(best, m.Term)
			end = m.End
		}
	}
	return best
}

// leaves drops the places that hold another of the list: 云南勐海 is 勐海.
func leaves(places []*lexicon.Term) []*lexicon.Term {
	var out []*lexicon.Term
	for i, a := range places {
		holds := false
		for j, b := range places {
			holds = holds || i != j && a != b && is(b, a.Name)
		}
		if !holds {
			out = append(out, a)
		}
	}
	return out
}

// longest keeps the matches of a class that no longer one of it covers.
func longest(ms []lexicon.Match, class lexicon.Class) []lexicon.Match {
	var out []lexicon.Match
	for i, a := range ms {
		if a.Term.Class != class {
			continue
		}
		inside := false
		for j, b := range ms {
			if i != j && b.Term.Class == class && b.Start <= a.Start && b.End >= a.End && b.End-b.Start > a.End-a.Start {
				inside = true
				break
			}
		}
		if !inside {
			out = append(out, a)
		}
	}
	return out
}

func amounts(s string) []quantity.Quantity {
	return quantity.Scan(nil, []rune(fold.String(s)), nil)
}

func (f *factReader) product(index int) *product {
	sp := f.of
	p := &product{Product: sp, index: index, brand: fold.String(sp.Brand)}
	for _, n := range append([]string{sp.Name}, sp.Aliases...) {
		p.names = append(p.names, fold.String(n))
	}
	for _, part := range sp.Material {
		p.materials = append(p.materials, f.part(part, lexicon.Material))
	}
	for _, part := range sp.Ingredients {
		p.parts = append(p.parts, f.part(part, lexicon.Ingredient))
	}
	if q := f.amounts(sp.NetWeight); len(q) > 0 {
		p.weight = q[0]
		p.weightOfOne = strings.HasPrefix(sp.NetWeight, "单") || strings.HasPrefix(sp.NetWeight, "每")
	}
	for _, c := range sp.Quantity {
		for _, q := range f.amounts(c) {
			if q.Dim != quantity.Mass && q.Dim != quantity.Volume {
				p.counts = append(p.counts, q)
			}
		}
	}
	for _, s := range sp.Size {
		p.sizes = append(p.sizes, f.sizeAmounts(s)...)
	}
	p.sizeText = fold.String(strings.Join(sp.Size, " "))
	for _, o := range sp.Origin {
		p.origins = append(p.origins, f.terms(lexicon.Place, o)...)
	}
	p.origins = leaves(p.origins)
	for _, v := range append(sp.Variety, sp.Raw(sheet.FieldMaterial), sp.Raw(sheet.FieldIngredients)) {
		p.varieties = append(p.varieties, f.terms(lexicon.Variety, v)...)
	}
	for _, m := range sp.Metrics {
		metric := f.metricOf(m)
		metric.term = f.metricTerm(metric.name)
		p.metrics = append(p.metrics, metric)
	}
	for _, e := range sp.Efficacy {
		for _, t := range f.terms(lexicon.Function, e) {
			if p.functions == nil {
				p.functions = map[string]bool{}
			}
			p.functions[t.Name] = true
		}
	}
	f.promises(p)
	p.heard = sync.OnceValue(p.voices)
	f.texts(p)
	for _, q := range f.amounts(p.factText) {
		switch q.Dim {
		case quantity.Mass:
			p.masses = append(p.masses, q.Value)
		case quantity.Count:
			p.pieces = append(p.pieces, q.Value)
		}
	}
	p.pieces = append(p.pieces, p.trueCounts()...)
	for _, q := range f.amounts(sp.Raw(sheet.FieldSales)) {
		if q.Dim == quantity.Count || q.Dim == quantity.Bare {
			p.sold = max(p.sold, q.Value)
		}
	}
	p.shelf = f.amounts(sp.ShelfLife)
	f.readRivals(p)
	p.contents = f.contents(p)
	f.readDeals(p)
	p.readFigures()
	return p
}

// texts puts the product's cells together, folded, one a line.
func (f *factReader) texts(p *product) {
	var all, credential strings.Builder
	names := 0
	for field := sheet.FieldSKU; field <= sheet.FieldStock; field++ {
		if field == sheet.FieldAliases+1 {
			names = all.Len()
		}
		cell := fold.String(p.Raw(field))
		all.WriteString(cell)
		all.WriteByte('\n')
		switch field {
		case sheet.FieldPatents, sheet.FieldHonours, sheet.FieldSales, sheet.FieldDeveloper, sheet.FieldMetrics, sheet.FieldLicences:
			credential.WriteString(cell)
			credential.WriteByte('\n')
		}
	}
	p.allText, p.credential = all.String(), credential.String()
	p.factText = p.allText[names:]
}

// named is the term of a class that a name holds, or that has that name.
func (f *factReader) named(class lexicon.Class, name string) *lexicon.Term {
	if ts := f.terms(class, name); len(ts) > 0 {
		for _, t := range ts {
			if t.Is("plated") {
				return t // 24K镀金 is no 24K金
			}
		}
		return ts[0]
	}
	return byFolded()[class.String()+":"+name]
}

// byFolded finds terms by class and folded name.
var byFolded = sync.OnceValue(func() map[string]*lexicon.Term {
	m := map[string]*lexicon.Term{}
	for _, t := range lexicon.Terms() {
		m[t.Class.String()+":"+fold.String(t.Name)] = t
	}
	return m
})

// metricTerm is the attribute, else the function, that a metric is named for.
func (f *factReader) metricTerm(name string) *lexicon.Term {
	found := f.find([]rune(name))
	for _, class := range []lexicon.Class{lexicon.Attribute, lexicon.Function} {
		for _, m := range found {
			if m.Term.Class == class {
				return m.Term
			}
		}
	}
	return nil
}

func (f *factReader) part(sp sheet.Part, class lexicon.Class) partFact {
	pf := partFact{name: fold.String(sp.Name), share: sp.Share, no: sp.Absent}
	for _, part := range listed("material.part") {
		if rest, ok := strings.CutPrefix(pf.name, part); ok {
			pf.part, pf.name = part, rest
			break
		}
	}
	for _, part := range listed("material.tail") {
		if rest, ok := strings.CutSuffix(pf.name, part); ok && pf.part == "" && rest != "" {
			pf.part, pf.name = part, rest
			break
		}
	}
	for _, little := range listed("ingredient.scant") {
		if head, tail, ok := strings.Cut(pf.name, little); ok {
			pf.scant = true
			if pf.name = head; strings.Trim(head, " :(") == "" {
				pf.name = tail
			}
		}
	}
	pf.name = strings.Trim(pf.name, " :(")
	pf.term = f.named(class, pf.name)
	if q := f.amounts(sp.Raw); len(q) > 0 {
		pf.q = figureOf(q, fold.String(sp.Raw))
		if pf.share < 0 && pf.q.Dim == quantity.Ratio {
			pf.share = pf.q.Value
		}
	}
	return pf
}

// sizeAmounts reads a size such as 180x200cm, 34-40码, 单果20-30g, 5L: a unit at
// the end holds for all numbers before it.
func (f *factReader) sizeAmounts(s string) []quantity.Quantity {
	qs := f.amounts(strings.ReplaceAll(strings.ReplaceAll(fold.String(s), "x", " "), "*", " "))
	for i := len(qs) - 2; i >= 0; i-- {
		if qs[i].Dim == quantity.Bare && qs[i+1].Dim == quantity.Length && qs[i+1].Number.Num > 0 {
			n := qs[i+1]
			one := n.Value * n.Number.Den
			if n.Lo != n.Hi {
				one = n.Lo * n.Number.Den
			}
			v := qs[i].Value * (one / max(n.Number.Num, 1)) / 1000
			qs[i].Dim, qs[i].Unit, qs[i].Value, qs[i].Lo, qs[i].Hi = n.Dim, n.Unit, v, v, v
		}
	}
	return qs
}

// figureOf is the figure of a cell: the last amount, but for one that only says
// of how much it is: the 48 g of 48g/100g.
func figureOf(qs []quantity.Quantity, cell string) quantity.Quantity {
	r := []rune(cell)
	last := len(qs) - 1
	if last > 0 && qs[last].Start > 0 && (r[qs[last].Start-1] == '/' || r[qs[last].Start-1] == '每') {
		return qs[last-1]
	}
	return qs[last]
}

func (f *factReader) metricOf(raw string) metricFact {
	m := metricFact{raw: raw}
	r := []rune(fold.String(raw))
	qs := f.units.Scan(nil, r, nil)
	if len(qs) == 0 {
		m.name = string(r)
		return m
	}
	m.q = figureOf(qs, string(r))
	if contains(m.name, "功率") || strings.HasSuffix(raw, "W") || contains(string(r[:m.q.Start]), "功率") {
		m.q, _ = inWatts(r, m.q)
	}
	start := m.q.Start
	m.name = strings.TrimRight(string(r[:start]), " ±:")
	return m
}

// inWatts reads the w behind a number as watts: people also write it for 万.
func inWatts(t []rune, q quantity.Quantity) (quantity.Quantity, bool) {
	const wan = 10_000
	if q.Dim != quantity.Bare || q.End == 0 || t[q.End-1] != 'w' || q.Value%wan != 0 || q.Lo != q.Hi {
		return q, false
	}
	n, ok := q.Number.Times(1, wan)
	if !ok {
		return q, false
	}
	q.Dim, q.Unit, q.NumEnd = quantity.Index, "w", q.End-1
	q.Value, q.Number = q.Value/wan, quantity.Rat{Num: n, Den: 1}
	q.Lo, q.Hi = q.Value, q.Value
	return q, true
}

func (f *factReader) promises(p *product) {
	var care []string
	for _, raw := range p.Promises {
		if !strings.Contains(raw, "假一") {
			care = append(care, fold.String(raw))
		}
	}
	p.promises = strings.Join(care, ";")
	for _, raw := range p.Promises {
		s := fold.String(raw)
		r := []rune(s)
		for _, q := range f.units.Scan(nil, r, nil) {
			switch {
			case q.Dim == quantity.Duration && strings.ContainsAny(s, "修换质联") && !strings.Contains(s, "价保"):
				p.warranty = q
			case strings.Contains(s, "假一赔") || strings.Contains(s, "假一罚"):
				p.fakePays = q.Number.Num
			}
		}
		for _, tail := range []string{"假一赔", "假一罚"} {
			if i := strings.Index(s, tail); i >= 0 {
				if q := f.amounts(s[i+len(tail):]); len(q) > 0 {
					p.fakePays = q[0].Number.Num
				}
			}
		}
		if strings.Contains(s, "终身") {
			p.lifelong = true
		}
	}
}

// teach adds the product's names and brand to the words to be found.
func (p *product) teach(m *lexicon.Matcher) {
	for i := range p.parts {
		f := &p.parts[i]
		if f.term != nil || len([]rune(f.name)) < 2 || len([]rune(f.name)) > 12 {
			continue
		}
		f.term = &lexicon.Term{Name: f.name, Class: lexicon.Ingredient}
		m.AddFolded([]rune(f.name), f.term)
	}
	for _, d := range p.denied {
		m.Add(d.what, &lexicon.Term{Name: d.what, Class: lexicon.Value})
	}
	t := &lexicon.Term{Name: p.SKU, Class: lexicon.Product, Index: p.index}
	for _, n := range p.names {
		if r := []rune(n); len(r) > 1 {
			m.AddFolded(r, t)
		}
	}
	if p.brand != "" {
		if roman := fold.Roman(p.brand); len([]rune(p.brand)) > 1 && roman != "" {
			m.Add(roman, t)
		}
		m.AddFolded([]rune(p.brand), t)
		m.AddFolded([]rune(p.brand+"的"), t)
	}
}

// is reports whether a term is the same as, or a kind of, another.
func is(c *lexicon.Term, name string) bool {
	if c == nil {
		return false
	}
	for range 6 {
		if c.Name == name {
			return true
		}
		up := parent(c)
		if up == nil {
			return false
		}
		c = up
	}
	return false
}

var byID = func() map[string]*lexicon.Term {
	m := map[string]*lexicon.Term{}
	for _, t := range lexicon.Terms() {
		m[t.ID()] = t
	}
	return m
}()

func parent(t *lexicon.Term) *lexicon.Term {
	name := info(t, "isa")
	if name == "" {
		return nil
	}
	return byID[t.Class.String()+":"+name]
}

// info returns the value of key:value in a term's info.
func info(t *lexicon.Term, key string) string {
	if t == nil {
		return ""
	}
	for _, i := range t.Info {
		if len(i) > len(key) && i[len(key)] == ':' && i[:len(key)] == key {
			return i[len(key)+1:]
		}
	}
	return ""
}
