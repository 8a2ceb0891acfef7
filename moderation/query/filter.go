package query

import (
	"math"
	"slices"
	"strings"
	"time"

	"liveroom/claims/fold"
	"liveroom/moderation"
)

// An Env is who asks, and when.
type Env struct {
	Now  time.Time // by the rooms' clock
	Wall time.Time // by the people's, which leases go by; zero: Now
	Me   string    // who "me" is; "" : nobody
	Zone *time.Location
	// Named gives the products that a name or a part of one stands for; nil:
	// products are known by their numbers alone.
	Named func(name string) []string
}

// A Filter holds rows against a query, for one person at one moment. It is safe
// for concurrent use.
type Filter struct {
	q    *Query
	env  Env
	skus map[*Term][]string
}

// Bind makes a filter of the query. A query of nil lets through everything.
func (q *Query) Bind(env Env) *Filter {
	if env.Zone == nil {
		env.Zone = time.FixedZone("CST", 8*3600)
	}
	if env.Wall.IsZero() {
		env.Wall = env.Now
	}
	f := &Filter{q: q, env: env}
	if !q.Empty() {
		walk(q.Root, f.resolve)
	}
	return f
}

// resolve finds the products that a term names.
func (f *Filter) resolve(n Node) {
	t, ok := n.(*Term)
	if !ok || t.Field != FieldProduct {
		return
	}
	var skus []string
	for _, v := range t.Values {
		skus = append(skus, v.Text)
		if f.env.Named != nil {
			skus = append(skus, f.env.Named(v.Text)...)
		}
	}
	if f.skus == nil {
		f.skus = map[*Term][]string{}
	}
	f.skus[t] = skus
}

func walk(n Node, visit func(Node)) {
	visit(n)
	switch n := n.(type) {
	case *And:
		for _, c := range n.Of {
			walk(c, visit)
		}
	case *Or:
		for _, c := range n.Of {
			walk(c, visit)
		}
	case *Not:
		walk(n.Of, visit)
	}
}

// Moves tells whether what the query lets through changes though no row does: by
// time passing alone, or by products becoming known by name. A filter is of the
// moment it was bound at.
func (q *Query) Moves() bool {
	moves := false
	if !q.Empty() {
		walk(q.Root, func(n Node) {
			t, ok := n.(*Term)
			if !ok {
				return
			}
			moves = moves || t.Field == FieldOwner || t.Field == FieldProduct
			for _, v := range t.Values {
				s, _ := specOf(q.List, t.Field)
				moves = moves || s.shape == shapeTime || slices.Contains([]string{isOverdue, isSoon, isMine, isFree, isSnoozed}, v.Text) && t.Field == FieldIs
			}
		})
	}
	return moves
}

// Query is what the filter was made of; nil for no filter.
func (f *Filter) Query() *Query {
	if f == nil {
		return nil
	}
	return f.q
}

// A Doc keeps a row's words from one question to the next. The zero value is for
// a row that was not read yet; a row that changed needs a new one.
type Doc struct {
	words []moderation.SearchWord
	read  bool
}

func (d *Doc) of(r row) []moderation.SearchWord {
	if !d.read {
		d.read = true
		for i, t := range r.texts() {
			if i > 0 {
				d.words = append(d.words, moderation.SearchWord{}) // no phrase goes over it
			}
			d.words = append(d.words, moderation.SearchRuns(t)...)
		}
	}
	return d.words
}

// Match tells whether the filter lets the row through: a pointer to a row of the
// query's list, any other row is not. doc may be nil.
func (f *Filter) Match(of any, doc *Doc) bool {
	r, list := rowOf(of)
	if f.q.Empty() {
		return true
	}
	if list != f.q.List {
		return false
	}
	if doc == nil {
		doc = &Doc{}
	}
	return f.holds(f.q.Root, r, doc)
}

func (f *Filter) holds(n Node, r row, d *Doc) bool {
	switch n := n.(type) {
	case *And:
		for _, c := range n.Of {
			if !f.holds(c, r, d) {
				return false
			}
		}
		return true
	case *Or:
		for _, c := range n.Of {
			if f.holds(c, r, d) {
				return true
			}
		}
		return false
	case *Not:
		return !f.holds(n.Of, r, d)
	case *Word:
		return moderation.HoldsWords(d.of(r), n.words)
	case *Phrase:
		return holdsPhrase(d.of(r), n.words)
	case *Regex:
		return slices.ContainsFunc(r.texts(), n.re.MatchString)
	case *Term:
		return f.asks(n, r)
	}
	return false
}

// holdsPhrase tells whether the words stand in the text one behind another:
// other words whole, Chinese as far as the phrase has it.
func holdsPhrase(text, phrase []moderation.SearchWord) bool {
	for at := 0; at+len(phrase) <= len(text); at++ {
		if phraseAt(text[at:at+len(phrase)], phrase) {
			return true
		}
	}
	return false
}

func phraseAt(text, phrase []moderation.SearchWord) bool {
	for i, w := range phrase {
		t := text[i]
		if t.Han != w.Han {
			return false
		}
		switch first, last := i == 0, i == len(phrase)-1; {
		case !w.Han || !first && !last:
			if t.Text != w.Text {
				return false
			}
		case first && last:
			if !strings.Contains(t.Text, w.Text) {
				return false
			}
		case first:
			if !strings.HasSuffix(t.Text, w.Text) {
				return false
			}
		default:
			if !strings.HasPrefix(t.Text, w.Text) {
				return false
			}
		}
	}
	return true
}

func (f *Filter) asks(t *Term, r row) bool {
	s, _ := specOf(f.q.List, t.Field)
	switch s.shape {
	case shapePerson:
		people := r.people()
		return slices.ContainsFunc(t.Values, func(v Value) bool { return slices.ContainsFunc(people, v.names) })
	case shapeNumber, shapeMoney:
		n := r.number(t.Field)
		return slices.ContainsFunc(t.Values, func(v Value) bool { return v.low <= n && n <= v.high })
	case shapeTime:
		return f.when(t, r.at())
	case shapeFlag:
		return slices.ContainsFunc(t.Values, func(v Value) bool { return r.is(v.Text, &f.env) })
	case shapeOwner:
		is := r.field(t.Field, &f.env)
		return slices.ContainsFunc(t.Values, func(v Value) bool { return f.owns(v, is) })
	case shapeEnd:
		ids := r.orders()
		return slices.ContainsFunc(t.Values, func(v Value) bool {
			return slices.ContainsFunc(ids, func(id string) bool { return ends(id, v) })
		})
	}
	if t.Field == FieldProduct {
		is := r.products()
		return slices.ContainsFunc(f.skus[t], func(sku string) bool {
			return slices.ContainsFunc(is, func(have string) bool { return sameText(have, sku) })
		})
	}
	is := r.field(t.Field, &f.env)
	return slices.ContainsFunc(t.Values, func(v Value) bool { return sameText(is, v.Text) })
}

// names tells whether the value is a person: the whole id, or a part of the name;
// in quotes the whole of either.
func (v Value) names(p person) bool {
	if v.Text == p.id {
		return true
	}
	if v.Quoted {
		return fold.String(p.name) == fold.String(v.Text)
	}
	if part := fold.String(v.Text); part != "" {
		return strings.Contains(fold.String(p.name), part)
	}
	return strings.Contains(p.name, v.Text)
}

func (f *Filter) owns(v Value, owner string) bool {
	switch {
	case v.Quoted:
		return owner == v.Text
	case v.Text == ownerNone:
		return owner == ""
	case v.Text == ownerMe:
		return owner != "" && owner == f.env.Me
	}
	return sameText(owner, v.Text)
}

// minEnd is the shortest end of a number that people know it by.
const minEnd = 4

// ends tells whether an order is the value, or ends as it does.
func ends(id string, v Value) bool {
	if v.Quoted || len([]rune(v.Text)) < minEnd {
		return id == v.Text
	}
	return id != "" && strings.HasSuffix(lower(id), lower(v.Text))
}

// when tells whether a time is what the term asks for. A row without a time is
// never.
func (f *Filter) when(t *Term, at time.Time) bool {
	if at.IsZero() {
		return false
	}
	return slices.ContainsFunc(t.Values, func(v Value) bool {
		from, to := f.stretch(t.Field, v)
		return !at.Before(from) && (to.IsZero() || at.Before(to))
	})
}

// stretch is the time that a value lets through: from, and to but not with it;
// zero where it has no such end.
func (f *Filter) stretch(field Field, v Value) (from, to time.Time) {
	from, to = v.moment.within(f.env.Now, f.env.Zone)
	switch field {
	case FieldSince:
		to = time.Time{}
	case FieldUntil:
		from = time.Time{}
	}
	return from, to
}

// sameText compares as a store does: ASCII letters whatever their case.
func sameText(a, b string) bool { return len(a) == len(b) && lower(a) == lower(b) }

// lower makes ASCII letters small and leaves all else alone.
func lower(s string) string {
	if strings.IndexFunc(s, func(r rune) bool { return r >= 'A' && r <= 'Z' }) < 0 {
		return s
	}
	b := []byte(s)
	for i, c := range b {
		if c >= 'A' && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

// Sieve is what a store can look for by itself; nil where that is nothing.
func (f *Filter) Sieve() moderation.Sieve {
	if f.q.Empty() {
		return nil
	}
	return f.sieve(f.q.Root)
}

// sieve is a condition that every row must meet which holds; nil: none is known.
func (f *Filter) sieve(n Node) moderation.Sieve {
	switch n := n.(type) {
	case *And:
		var all moderation.AllOf
		for _, c := range n.Of {
			if s := f.sieve(c); s != nil {
				all = append(all, s)
			}
		}
		if len(all) == 0 {
			return nil
		}
		return all
	case *Or:
		var some moderation.AnyOf
		for _, c := range n.Of {
			s := f.sieve(c)
			if s == nil {
				return nil
			}
			some = append(some, s)
		}
		return some
	case *Not:
		if t, ok := n.Of.(*Term); ok && f.exact(t) {
			return moderation.Not{Of: f.sieve(t)}
		}
	case *Word:
		return f.wordSieve(n.words)
	case *Phrase:
		return f.wordSieve(n.words)
	case *Term:
		return f.termSieve(n)
	}
	return nil
}

func (f *Filter) wordSieve(words []moderation.SearchWord) moderation.Sieve {
	if f.q.List != moderation.ListEvents {
		return nil // of other lists a store indexes no words
	}
	return moderation.HasWords(words)
}

// exact tells whether the sieve of a term lets through just what holds.
func (f *Filter) exact(t *Term) bool {
	s, _ := specOf(f.q.List, t.Field)
	return s.shape == shapeOneOf && f.termSieve(t) != nil
}

func (f *Filter) termSieve(t *Term) moderation.Sieve {
	s, _ := specOf(f.q.List, t.Field)
	var some moderation.AnyOf
	column := columns[f.q.List][t.Field]
	for _, v := range t.Values {
		var one moderation.Sieve
		switch {
		case s.shape == shapeFlag:
			one = flagSieve(f.q.List, v.Text, &f.env)
		case column == "":
		case s.shape == shapeNumber, s.shape == shapeMoney:
			one = moderation.HasNumber{Column: column, From: v.low, To: v.high}
		case s.shape == shapeTime:
			from, to := f.stretch(t.Field, v)
			one = stretchSieve(column, from, to)
		case s.shape == shapeOneOf, s.shape == shapeText && t.Field != FieldProduct:
			one = moderation.HasText{Column: column, In: []string{v.Text}}
		}
		if one == nil {
			break
		}
		some = append(some, one)
	}
	if t.Field == FieldProduct && column != "" {
		return moderation.HasText{Column: column, In: f.skus[t]}
	}
	if len(some) < len(t.Values) {
		return nil
	}
	return some
}

func stretchSieve(c moderation.Column, from, to time.Time) moderation.Sieve {
	s := moderation.HasNumber{Column: c, From: math.MinInt64, To: math.MaxInt64}
	if !from.IsZero() {
		s.From = moderation.Stamp(from)
	}
	if !to.IsZero() {
		s.To = moderation.Stamp(to) - 1
	}
	return s
}
