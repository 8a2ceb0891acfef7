package lexicon

import (
	"embed"
	"fmt"
	"io/fs"
	"strings"
	"sync"
)

// Class says what a term is good for.
type Class uint8

// The classes. Cue classes only colour what stands near them.
const (
	None Class = iota
	Plain
	Material
	Brand
	Place
	Variety
	Ingredient
	Function
	Disease
	Treat
	Outcome
	Absolute
	Superior
	Rank
	Scope
	Lowest
	ListPrice
	PriceCue
	Promise
	Credential
	Developer
	Offplatform
	Abuse
	Gamble
	Vulgar
	Scare
	Guarantee
	Negation
	Question
	Quote
	Hypothetical
	DenySpeech
	OtherTarget
	SelfTarget
	Correction
	Warning
	Simile
	Yes
	No
	Turn
	Origin
	Exempt
	Attribute
	Part
	Rival   // one of several that exclude each other: 明前, 雨前
	Level   // a word that stands for a limit: 零卡, 高钙
	Frame   // part of a pattern that code puts together
	List    // words that code looks for itself, where something else was found
	Product // of the sheet, not of a file
	Value   // of the sheet, not of a file
	numClasses
)

var classNames = [numClasses]string{
	"none", "plain", "material", "brand", "place", "variety", "ingredient", "function", "disease", "treat", "outcome",
	"absolute", "superior", "rank", "scope", "lowest", "listprice", "pricecue", "promise", "credential", "developer",
	"offplatform", "abuse", "gamble", "vulgar", "scare", "guarantee", "negation", "question", "quote", "hypothetical",
	"denyspeech", "other", "self", "correction", "warning", "simile", "yes", "no", "turn", "origin", "exempt", "attribute", "part", "rival", "level", "frame", "list",
	"product", "value",
}

// String returns the class's name as the files write it.
func (c Class) String() string {
	if c < numClasses {
		return classNames[c]
	}
	return "unknown"
}

// Cue reports whether the class only colours other terms: a line that holds
// nothing else claims nothing.
func (c Class) Cue() bool {
	switch c {
	case Plain, Negation, Question, Quote, Hypothetical, DenySpeech, OtherTarget, SelfTarget, Correction, Warning, Simile, Yes, No, Turn, Exempt, Scope, Treat, Outcome, Origin, Attribute, Part, PriceCue, Superior:
		return true
	}
	return false
}

// A Term is one concept of the lists.
type Term struct {
	Name     string
	Class    Class
	Surfaces []string
	Info     []string // parents of a material or place, kind of a variety, …
	Source   string
	Checked  string
	Index    int // of a product, for terms of the sheet
}

// ID identifies the term between versions.
func (t *Term) ID() string { return t.Class.String() + ":" + t.Name }

// Is reports whether the term's info holds a word.
func (t *Term) Is(info string) bool {
	for _, i := range t.Info {
		if i == info {
			return true
		}
	}
	return false
}

//go:embed *.tsv
var files embed.FS

// Terms returns the terms of all lists. The slice is shared: do not change it.
var Terms = sync.OnceValue(func() []*Term {
	terms, err := load(files)
	if err != nil {
		panic(err) // the files are compiled in; a test reads them all
	}
	return terms
})

func load(dir fs.FS) ([]*Term, error) {
	names, err := fs.Glob(dir, "*.tsv")
	if err != nil {
		return nil, fmt.Errorf("list lexicon: %w", err)
	}
	classes := map[string]Class{}
	for c, name := range classNames {
		classes[name] = Class(c)
	}
	var terms []*Term
	byID := map[string]*Term{}
	for _, name := range names {
		data, err := fs.ReadFile(dir, name)
		if err != nil {
			return nil, fmt.Errorf("read lexicon: %w", err)
		}
		n := 0
		for line := range strings.Lines(string(data)) {
			n++
			line = strings.TrimRight(line, "\r\n")
			if line == "" || strings.HasPrefix(line, "#") {
				continue
			}
			f := strings.Split(line, "\t")
			if len(f) != 6 {
				return nil, fmt.Errorf("%s:%d: %d columns, not 6", name, n, len(f))
			}
			class, ok := classes[f[1]]
			if !ok {
				return nil, fmt.Errorf("%s:%d: unknown class %q", name, n, f[1])
			}
			t := &Term{Name: f[0], Class: class, Info: strings.Fields(f[3]), Source: f[4], Checked: f[5]}
			for _, s := range strings.Fields(f[2]) {
				t.Surfaces = append(t.Surfaces, strings.ReplaceAll(s, "_", " "))
			}
			if len(t.Surfaces) == 0 {
				return nil, fmt.Errorf("%s:%d: %q has no surface", name, n, f[0])
			}
			if have := byID[t.ID()]; have != nil && have.Source != t.Source {
				have.Surfaces = append(have.Surfaces, t.Surfaces...)
				continue
			}
			byID[t.ID()] = t
			terms = append(terms, t)
		}
	}
	return terms, nil
}
