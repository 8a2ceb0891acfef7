package reply

import (
	_ "embed"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"

	"liveroom/moderation/triage"
)

//go:embed replies.toml
var shipped string

// A Template is one answer.
type Template struct {
	ID    string        `toml:"id"`
	Types []triage.Type `toml:"types"` // of complaint that it answers; none: any
	Title Text          `toml:"title"`
	Text  Text          `toml:"text"`
	Then  Then          `toml:"then"`
}

// Then is what is done to the case behind the answer.
type Then struct {
	State    string `toml:"state"`    // it goes there; "" : it stays
	Why      Text   `toml:"why"`      // what it waits for, with the state waiting
	Note     Text   `toml:"note"`     // is written into it
	Assign   string `toml:"assign"`   // who gets it; only supervisors give cases
	Escalate Text   `toml:"escalate"` // why it is handed up
}

// States are where an answer can put a case.
var States = []string{"in_review", "waiting"}

// Text is words in both languages.
type Text struct {
	ZH string `toml:"zh"`
	EN string `toml:"en"`
}

// In is the words in a language: "en", else Chinese.
func (t Text) In(lang string) string {
	if lang == "en" {
		return t.EN
	}
	return t.ZH
}

// What a template can ask for, in braces.
const (
	Order   = "order"   // the order's last four characters
	Product = "product" // its name on the sheet
	Paid    = "paid"    // what was paid for it
	Amount  = "amount"  // what a policy grants
	Policy  = "policy"  // the policy's title
	Due     = "due"     // by when the case must have a result
	Ship    = "ship"    // by when the order must have been sent
)

// Known are the names that a template can ask for.
var Known = []string{Order, Product, Paid, Amount, Policy, Due, Ship}

// A Set is templates in the order they are offered.
type Set struct{ templates []Template }

// A File is templates of the user's.
type File struct {
	Name string
	Text []byte
}

// Load lays files over the shipped templates: one with the id of another takes
// its place.
func Load(files ...File) (*Set, error) {
	s := &Set{}
	for _, f := range append([]File{{Name: "replies.toml", Text: []byte(shipped)}}, files...) {
		if err := s.add(f); err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name, err)
		}
	}
	return s, nil
}

// Shipped are the templates that come with the program.
func Shipped() *Set {
	s, err := Load()
	if err != nil {
		panic(err) // a test reads them
	}
	return s
}

func (s *Set) add(f File) error {
	var doc struct {
		Reply []Template `toml:"reply"`
	}
	meta, err := toml.Decode(string(f.Text), &doc)
	if err != nil {
		return err
	}
	if extra := meta.Undecoded(); len(extra) > 0 {
		return fmt.Errorf("%s is not known: a reply has id, types, title, text and then", extra[0])
	}
	seen := make(map[string]bool)
	for _, t := range doc.Reply {
		if err := t.check(); err != nil {
			return fmt.Errorf("reply %q: %w", t.ID, err)
		}
		if seen[t.ID] {
			return fmt.Errorf("reply %q stands twice", t.ID)
		}
		seen[t.ID] = true
		if i := slices.IndexFunc(s.templates, func(o Template) bool { return o.ID == t.ID }); i >= 0 {
			s.templates[i] = t
		} else {
			s.templates = append(s.templates, t)
		}
	}
	return nil
}

func (t *Template) check() error {
	if t.ID == "" {
		return fmt.Errorf("it has no id")
	}
	for _, k := range t.Types {
		if !slices.Contains(triage.Types, k) {
			return fmt.Errorf("types: %q is no type of complaint; one of %v", k, triage.Types)
		}
	}
	for _, w := range []string{t.Title.ZH, t.Title.EN, t.Text.ZH, t.Text.EN} {
		if strings.TrimSpace(w) == "" {
			return fmt.Errorf("title and text need zh and en")
		}
		for _, m := range braces.FindAllStringSubmatch(w, -1) {
			if !slices.Contains(Known, m[1]) {
				return fmt.Errorf("{%s} is not known: one of {%s}", m[1], strings.Join(Known, "} {"))
			}
		}
	}
	return t.Then.check()
}

// check refuses what a case could not take.
func (t *Then) check() error {
	switch {
	case t.State != "" && !slices.Contains(States, t.State):
		return fmt.Errorf("then.state: %q is not known: %s", t.State, strings.Join(States, " or "))
	case t.State == "waiting" && t.Why == Text{}:
		return fmt.Errorf("then.why: say what the case waits for")
	case t.State != "waiting" && t.Why != Text{}:
		return fmt.Errorf("then.why goes with then.state = \"waiting\"")
	case t.Assign != "" && t.Escalate != Text{}:
		return fmt.Errorf("then: assign and escalate exclude each other")
	}
	for _, w := range []Text{t.Why, t.Note, t.Escalate} {
		if w != (Text{}) && (strings.TrimSpace(w.ZH) == "" || strings.TrimSpace(w.EN) == "") {
			return fmt.Errorf("then: why, note and escalate need zh and en")
		}
	}
	return nil
}

// Unfilled are the names of Known that stand in braces in a text.
func Unfilled(text string) []string {
	var out []string
	for _, m := range braces.FindAllStringSubmatch(text, -1) {
		if slices.Contains(Known, m[1]) && !slices.Contains(out, m[1]) {
			out = append(out, m[1])
		}
	}
	return out
}

var braces = regexp.MustCompile(`\{([^{}]*)\}`)

// All are the templates.
func (s *Set) All() []Template { return slices.Clone(s.templates) }

// For are the templates that answer a type of complaint, its own before those
// that answer any.
func (s *Set) For(k triage.Type) []Template {
	var own, any []Template
	for _, t := range s.templates {
		switch {
		case slices.Contains(t.Types, k):
			own = append(own, t)
		case len(t.Types) == 0:
			any = append(any, t)
		}
	}
	return append(own, any...)
}

// Find is the template of the id.
func (s *Set) Find(id string) (Template, bool) {
	i := slices.IndexFunc(s.templates, func(t Template) bool { return t.ID == id })
	if i < 0 {
		return Template{}, false
	}
	return s.templates[i], true
}

// Fill writes the answer in a language. What the template asks for and values
// do not hold stays in braces and is listed.
func (t Template) Fill(lang string, values map[string]string) (text string, missing []string) {
	text = braces.ReplaceAllStringFunc(t.Text.In(lang), func(m string) string {
		name := m[1 : len(m)-1]
		if v := values[name]; v != "" {
			return v
		}
		if !slices.Contains(missing, name) {
			missing = append(missing, name)
		}
		return m
	})
	return text, missing
}
