package claims

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"liveroom/claims/fold"
	"liveroom/claims/lexicon"
	"liveroom/claims/quantity"
	"liveroom/claims/sheet"
)

// A Checker compares utterances with a sheet. What it finds never changes after
// New, and any number of goroutines may use it at once.
type Checker struct {
	sheet    *sheet.Sheet
	words    *lexicon.Matcher // of the lexicon, shared
	names    *lexicon.Matcher // of the sheet; nil without one
	products []*product
	bySKU    map[string]*product
	rules    Rules
	likeness Likeness
	own      *vocabulary      // users' terms; nil without any
	units    *quantity.Reader // the common units and users' own
	lines    sync.Pool

	harmless   sync.Map                             // whether a suggested sentence claims nothing, by suggested
	soundIndex func() map[[2]fold.Sound][]soundName // built when a line first needs it
}

// New makes a checker for a sheet. A nil sheet is an empty one: only what is
// forbidden whatever the facts is found then.
func New(s *sheet.Sheet, options ...Option) *Checker {
	c := &Checker{sheet: s, bySKU: map[string]*product{}, likeness: BuiltinLikeness()}
	for _, o := range options {
		o(c)
	}
	c.words, c.units = baseWords(), quantity.Common
	if c.rules != nil {
		v := c.rules.Vocabulary()
		c.own, c.units = newVocabulary(v.Terms), cmp.Or(v.Units, quantity.Common)
	}
	if s != nil {
		facts := c.factReader(nil)
		for i, sp := range s.Products {
			facts.of = sp
			p := facts.product(i)
			c.products = append(c.products, p)
			c.bySKU[sp.SKU] = p
		}
		c.names = lexicon.NewMatcher(nil)
		for _, p := range c.products {
			p.teach(c.names)
		}
	}
	c.soundIndex = sync.OnceValue(func() map[[2]fold.Sound][]soundName { return indexSounds(c.products) })
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
	return pieces(c, u, func(l *line, u Utterance) []Finding { return l.check(u, before) }, itself)
}

func itself(f *Finding) *Finding { return f }

// pieces reads an utterance, a long one in pieces. finding is where what was
// read says where it stands.
func pieces[T any](c *Checker, u Utterance, read func(*line, Utterance) []T, finding func(*T) *Finding) []T {
	if u.Speaker == SpeakerViewer {
		return nil
	}
	l := c.lines.Get().(*line)
	defer c.lines.Put(l)
	if len(u.Text) <= longText {
		found := read(l, u)
		l.forget()
		return found
	}
	var found []T
	whole := u.Text
	runes := 0
	for len(whole) > 0 {
		n := pieceLen(whole)
		u.Text = whole[:n]
		for _, v := range read(l, u) {
			f := finding(&v)
			f.Start, f.End = f.Start+runes, f.End+runes
			found = append(found, v)
		}
		l.forget()
		runes += utf8.RuneCountInString(whole[:n])
		whole = whole[n:]
	}
	return found
}

// longText is the size, in bytes, beyond which a line is checked in pieces: no
// cue reaches that far, and the time then grows with the length alone.
const longText = 1800

// pieceLen is where a long text is cut: behind the last sentence that ends
// within longText, else behind the last pause, else at a whole rune.
func pieceLen(s string) int {
	if len(s) <= longText {
		return len(s)
	}
	for _, ends := range []string{"。！？!?\n", "；;，, "} {
		if i := strings.LastIndexAny(s[:longText], ends); i > longText/4 {
			_, n := utf8.DecodeRuneInString(s[i:])
			return i + n
		}
	}
	for n := longText; n > longText-utf8.UTFMax; n-- {
		if utf8.RuneStart(s[n]) {
			return n
		}
	}
	return longText // of bytes that are no text
}

// baseWords finds the terms of the lexicon.
var baseWords = sync.OnceValue(func() *lexicon.Matcher {
	patterns()
	return lexicon.NewMatcher(lexicon.Terms())
})

// find appends the terms of the lexicon and of the sheet in t, by start.
func (c *Checker) find(out []lexicon.Match, t []rune) []lexicon.Match {
	out = c.words.Find(out, t)
	if c.names == nil {
		return out
	}
	n := len(out)
	out = c.names.Find(out, t)
	if len(out) > n {
		slices.SortStableFunc(out, func(a, b lexicon.Match) int { return cmp.Or(a.Start-b.Start, a.End-b.End) })
	}
	return out
}
