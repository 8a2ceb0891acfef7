package qualification

import (
	"embed"
	"fmt"
	"path"
	"slices"
	"strings"
	"sync"

	"liveroom/claims/sheet"
	"liveroom/claims/tomldoc"
)

// Text is words for people in both languages of the interface.
type Text struct {
	ZH string
	EN string
}

// A Class is a kind of qualification.
type Class struct {
	ID    string
	Title Text
	Words []string // by which a licence of the sheet is known to be one
}

// A Need says which goods need a qualification.
type Need struct {
	ID         string
	Categories []sheet.Category // of goods; empty: all
	Any        []string         // classes of which one will do
	// Ask tells that only some goods of the categories need it: that it is not
	// there is for a person to judge and no fault by itself.
	Ask     bool
	Off     bool
	Note    Text
	Source  string
	Checked string
}

// Needs are the classes of qualification and which goods need which.
type Needs struct {
	classes []Class
	needs   []Need
}

// Classes lists the classes.
func (n *Needs) Classes() []Class { return slices.Clone(n.classes) }

// All lists the needs in force.
func (n *Needs) All() []Need { return slices.Clone(n.needs) }

// Class is the class of an id; one that is not known is called by its id.
func (n *Needs) Class(id string) Class {
	if i := slices.IndexFunc(n.classes, func(c Class) bool { return c.ID == id }); i >= 0 {
		return n.classes[i]
	}
	return Class{ID: id, Title: Text{id, id}}
}

func (n *Needs) classIDs() []string {
	var out []string
	for _, c := range n.classes {
		out = append(out, c.ID)
	}
	return out
}

// classOf is the class that a licence of the sheet is known as, "" for none.
func (n *Needs) classOf(licence string) string {
	licence = strings.ToLower(licence)
	best, length := "", 0
	for _, c := range n.classes {
		for _, w := range c.Words {
			if len(w) > length && strings.Contains(licence, strings.ToLower(w)) {
				best, length = c.ID, len(w)
			}
		}
	}
	return best
}

//go:embed shipped/*.toml
var shipped embed.FS

// Shipped are the needs that come with the program.
var Shipped = sync.OnceValues(func() (*Needs, error) {
	const name = "shipped/needs.toml"
	text, err := shipped.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("shipped needs: %w", err)
	}
	return LoadNeeds(nil, tomldoc.File{Name: path.Base(name), Text: text})
})

// LoadNeeds reads files over the base, which may be nil: a class or need of an
// id that the base has takes its place. An error is a tomldoc.Errors with every
// mistake of all files.
func LoadNeeds(base *Needs, files ...tomldoc.File) (*Needs, error) {
	n := &Needs{}
	if base != nil {
		n.classes, n.needs = slices.Clone(base.classes), slices.Clone(base.needs)
	}
	var errs tomldoc.Errors
	for _, f := range files {
		errs = append(errs, tomldoc.Read(f, n.read)...)
	}
	if len(errs) > 0 {
		return nil, errs
	}
	n.needs = slices.DeleteFunc(n.needs, func(d Need) bool { return d.Off })
	return n, nil
}

func (n *Needs) read(root *tomldoc.Table) {
	seen := make(map[string]int)
	for _, t := range root.Tables("class") {
		c := Class{ID: readID(t, seen), Title: Text{t.Need("title", "what it is called, in Chinese"), t.Need("title_en", "what it is called, in English")}, Words: texts(t, "words")}
		if i := slices.IndexFunc(n.classes, func(o Class) bool { return o.ID == c.ID }); i >= 0 {
			n.classes[i] = c
		} else {
			n.classes = append(n.classes, c)
		}
	}
	seen = make(map[string]int)
	for _, t := range root.Tables("need") {
		d := n.readNeed(t, seen)
		if i := slices.IndexFunc(n.needs, func(o Need) bool { return o.ID == d.ID }); i >= 0 {
			n.needs[i] = d
		} else {
			n.needs = append(n.needs, d)
		}
	}
}

func (n *Needs) readNeed(t *tomldoc.Table, seen map[string]int) Need {
	d := Need{ID: readID(t, seen), Off: t.Bool("off"), Source: t.Text("source"), Checked: t.Day("checked")}
	if d.Off {
		t.Know("any", "categories", "ask", "note", "note_en")
		return d
	}
	for _, l := range t.Texts("any") {
		if !slices.Contains(n.classIDs(), l.Text) {
			hint := ""
			if near := tomldoc.Nearest(l.Text, n.classIDs()); near != "" {
				hint = fmt.Sprintf(", did you mean %q?", near)
			}
			t.Failf("any", "%q is no class of qualification%s", l.Text, hint)
		}
		d.Any = append(d.Any, l.Text)
	}
	if len(d.Any) == 0 {
		t.Failf("", "any is missing: the classes of which one will do")
	}
	d.Ask = t.Bool("ask")
	d.Note = Text{t.Text("note"), t.Text("note_en")}
	for _, l := range t.Texts("categories") {
		c, ok := sheet.CategoryOf(l.Text)
		if !ok {
			t.Failf("categories", "%q is no category of goods: one of %s", l.Text, strings.Join(sheet.CategoryNames(), ", "))
		}
		d.Categories = append(d.Categories, c)
	}
	if d.Source == "" {
		t.Failf("", "source is missing: the rule that asks for it")
	}
	if d.Checked == "" && !t.Has("checked") {
		t.Failf("", "checked is missing: the day somebody last looked at it, such as 2026-11-22")
	}
	return d
}

// of tells whether the need is about a product.
func (d *Need) of(p *sheet.Product) bool {
	return len(d.Categories) == 0 || slices.Contains(d.Categories, p.Category)
}
