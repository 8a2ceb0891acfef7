package qualification

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"liveroom/claims/sheet"
)

// LackKind is what goods can lack.
type LackKind string

// The kinds of lack.
const (
	LackMissing     LackKind = "licence_missing"
	LackExpired     LackKind = "licence_expired"
	LackNotApproved LackKind = "licence_not_approved"
	LackExpiring    LackKind = "licence_expiring" // it is valid, for some days more
	LackAsk         LackKind = "licence_ask"      // whether it is needed is for a person to judge
	LackNoStock     LackKind = "stock_none"
	LackLowStock    LackKind = "stock_low"
	LackStockSilent LackKind = "stock_unknown"
)

// Grave tells whether goods that lack this should not be shown.
func (k LackKind) Grave() bool {
	switch k {
	case LackMissing, LackExpired, LackNotApproved, LackNoStock:
		return true
	}
	return false
}

// A Lack is something that a product lacks.
type Lack struct {
	Kind   LackKind
	SKU    string
	Class  string    // of the qualification; "" : it is about the stock
	Of     string    // id of the qualification, "" where none is there or it stands in the sheet
	Name   string    // as its paper or the sheet calls it
	Status Status    // of one that is not approved
	Expiry time.Time // of one that ends or has ended
	Days   int       // until then; negative: since
	Stock  int64     // -1: not told
	Why    Text
	Source string // the rule that asks for it
}

// Terms are from when on something counts as soon or as little.
type Terms struct {
	ExpiringDays int
	LowStock     int64
}

// DefaultTerms are a month and ten pieces.
var DefaultTerms = Terms{ExpiringDays: 30, LowStock: 10}

// A Shelf tells what the goods of a shop lack.
type Shelf struct {
	needs   *Needs
	book    *Book // nil: what the sheet says is all
	product func(sku string) *sheet.Product
	terms   Terms
}

// NewShelf makes a shelf. product is what the sheet in force says of a product,
// nil where it is silent; the book may be nil.
func NewShelf(needs *Needs, book *Book, product func(sku string) *sheet.Product, terms Terms) *Shelf {
	return &Shelf{needs, book, product, terms}
}

// A held is a qualification that a product has, from the book or the sheet.
type held struct {
	id, class, name string
	status          Status
	expiry          time.Time
}

// datedAtEnd is the day that a licence of the sheet ends with.
var datedAtEnd = regexp.MustCompile(`\s*(?:[:：]|至|到)\s*\d{4}-\d{1,2}-\d{1,2}$`)

// held lists the qualifications of a product with how far they are on a day.
func (s *Shelf) held(p *sheet.Product, day time.Time) []held {
	var out []held
	for _, l := range p.Licences {
		q := Qualification{Status: StatusApproved, Expiry: l.Expiry}
		name := strings.TrimSpace(datedAtEnd.ReplaceAllString(l.Raw, ""))
		out = append(out, held{class: s.needs.classOf(l.Raw), name: name, status: q.On(day), expiry: l.Expiry})
	}
	for _, q := range s.book.All() {
		if q.Covers(p) {
			out = append(out, held{q.ID, q.Class, q.Name, q.On(day), q.Expiry})
		}
	}
	return out
}

// Covers tells whether the qualification is of a product.
func (q *Qualification) Covers(p *sheet.Product) bool {
	return slices.Contains(q.Products, AllProducts) || slices.Contains(q.Products, p.SKU) || p.Brand != "" && slices.Contains(q.Brands, p.Brand)
}

// Lacks tells what a product of the sheet lacks on the day that a moment lies
// on in its own zone, the gravest first; nothing of one that the sheet does not
// know. A stock of -1 is the sheet's.
func (s *Shelf) Lacks(sku string, stock int64, at time.Time) []Lack {
	p := s.product(sku)
	if p == nil {
		return nil
	}
	day := Day(at)
	have := s.held(p, day)
	var out []Lack
	for _, h := range have {
		if l, ok := s.ending(h, have, day); ok {
			out = append(out, l)
		}
	}
	for i := range s.needs.needs {
		if l, ok := s.missing(&s.needs.needs[i], p, have); ok {
			out = append(out, l)
		}
	}
	if stock < 0 {
		stock = p.Stock
	}
	if l, ok := s.stock(stock); ok {
		out = append(out, l)
	}
	for i := range out {
		out[i].SKU = sku
	}
	slices.SortStableFunc(out, func(a, b Lack) int { return cmp.Compare(rank(b.Kind), rank(a.Kind)) })
	return out
}

func rank(k LackKind) int {
	if k.Grave() {
		return 1
	}
	return 0
}

// ending tells of a qualification that has ended or will soon, unless another
// of its class goes on.
func (s *Shelf) ending(h held, have []held, day time.Time) (Lack, bool) {
	renewed := h.class != "" && slices.ContainsFunc(have, func(o held) bool {
		return o.class == h.class && o.status == StatusApproved && (o.expiry.IsZero() || o.expiry.After(h.expiry))
	})
	if renewed {
		return Lack{}, false
	}
	l := Lack{Class: h.class, Of: h.id, Name: h.name, Expiry: h.expiry, Days: int(h.expiry.Sub(day) / (24 * time.Hour))}
	on := h.expiry.Format(time.DateOnly)
	switch {
	case h.status == StatusExpired && h.expiry.IsZero():
		l.Kind, l.Days = LackExpired, 0
		l.Why = Text{fmt.Sprintf("%s 已过期", h.name), fmt.Sprintf("%s has expired", h.name)}
	case h.status == StatusExpired:
		l.Kind = LackExpired
		l.Why = Text{fmt.Sprintf("%s 已于 %s 过期（%d 天前）", h.name, on, -l.Days), fmt.Sprintf("%s expired on %s, %d days ago", h.name, on, -l.Days)}
	case h.status == StatusApproved && !h.expiry.IsZero() && l.Days <= s.terms.ExpiringDays:
		l.Kind = LackExpiring
		l.Why = Text{fmt.Sprintf("%s 将于 %s 到期（还有 %d 天）", h.name, on, l.Days), fmt.Sprintf("%s ends on %s, in %d days", h.name, on, l.Days)}
	default:
		return Lack{}, false
	}
	return l, true
}

// missing tells of a need that no qualification meets. One that has expired was
// told already.
func (s *Shelf) missing(d *Need, p *sheet.Product, have []held) (Lack, bool) {
	if !d.of(p) {
		return Lack{}, false
	}
	c := s.needs.Class(d.Any[0])
	l := Lack{Kind: LackMissing, Class: c.ID, Source: d.Source}
	for _, h := range have {
		if !slices.Contains(d.Any, h.class) {
			continue
		}
		switch h.status {
		case StatusApproved, StatusExpired:
			return Lack{}, false
		}
		l.Kind, l.Of, l.Name, l.Status, l.Class = LackNotApproved, h.id, h.name, h.status, h.class
		c = s.needs.Class(h.class)
	}
	switch {
	case l.Kind == LackNotApproved:
		word := statusWords[l.Status]
		l.Why = Text{fmt.Sprintf("%s（%s）%s，尚不能用", l.Name, c.Title.ZH, word.ZH), fmt.Sprintf("%s (%s) is %s and cannot be used yet", l.Name, c.Title.EN, word.EN)}
	case d.Ask:
		l.Kind = LackAsk
		l.Why = Text{fmt.Sprintf("没有%s：%s", c.Title.ZH, d.Note.ZH), fmt.Sprintf("no %s: %s", c.Title.EN, d.Note.EN)}
	default:
		l.Why = Text{fmt.Sprintf("缺少%s", c.Title.ZH), fmt.Sprintf("no %s", c.Title.EN)}
	}
	return l, true
}

var statusWords = map[Status]Text{
	StatusDraft:       {"还是草稿", "a draft"},
	StatusUnderReview: {"还在审核", "under review"},
	StatusApproved:    {"已通过", "approved"},
	StatusRejected:    {"未通过审核", "rejected"},
	StatusExpired:     {"已过期", "expired"},
}

// Words are the status for people.
func (s Status) Words() Text { return statusWords[s] }

func (s *Shelf) stock(n int64) (Lack, bool) {
	switch {
	case n < 0:
		return Lack{Kind: LackStockSilent, Stock: -1, Why: Text{"库存没有写", "the sheet does not tell the stock"}}, true
	case n == 0:
		return Lack{Kind: LackNoStock, Why: Text{"库存为 0", "nothing in stock"}}, true
	case n <= s.terms.LowStock:
		return Lack{Kind: LackLowStock, Stock: n, Why: Text{fmt.Sprintf("库存只剩 %d 件", n), fmt.Sprintf("only %d in stock", n)}}, true
	}
	return Lack{}, false
}
