package claims

import (
	"sync"

	"liveroom/claims/lexicon"
	"liveroom/claims/sheet"
)

// A Checker compares utterances with a sheet. It never changes after New, so
// any number of goroutines may use it at once.
type Checker struct {
	sheet    *sheet.Sheet
	words    *lexicon.Matcher
	products []*product
	bySKU    map[string]*product
	rules    Rules
	lines    sync.Pool
}

// New makes a checker for a sheet. A nil sheet is an empty one: only what is
// forbidden whatever the facts is found then.
func New(s *sheet.Sheet, options ...Option) *Checker {
	c := &Checker{sheet: s, bySKU: map[string]*product{}}
	for _, o := range options {
		o(c)
	}
	c.words = lexicon.NewMatcher(lexicon.Terms())
	if s != nil {
		facts := newFactReader(c.words)
		for i, sp := range s.Products {
			p := facts.product(sp, i)
			c.products = append(c.products, p)
			c.bySKU[sp.SKU] = p
		}
		for _, p := range c.products {
			p.teach(c.words)
		}
	}
	c.lines.New = func() any { return &line{c: c} }
	return c
}

// SheetVersion is the version of the sheet that findings name.
func (c *Checker) SheetVersion() string { return c.sheet.Version() }

// Check finds what an utterance claims against the sheet or the law, in the
// order of the text. before holds utterances of the same room just before it,
// oldest first: they tell which question is being answered and which product
// is spoken of. The same input gives the same findings. Findings that raise
// nothing by the users' rules are among them and say so (Aside).
func (c *Checker) Check(u Utterance, before []Utterance) []Finding {
	if u.Speaker == SpeakerViewer {
		return nil
	}
	l := c.lines.Get().(*line)
	found := l.check(u, before)
	l.forget()
	c.lines.Put(l)
	return found
}
