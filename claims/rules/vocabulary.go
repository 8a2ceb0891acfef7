package rules

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"liveroom/claims"
	"liveroom/claims/lexicon"
	"liveroom/claims/quantity"
	"liveroom/claims/tomldoc"
)

// kinds are what a unit may measure.
var kinds = []quantity.Dim{
	quantity.Mass, quantity.Volume, quantity.Length, quantity.Area, quantity.Money, quantity.Ratio, quantity.Duration, quantity.Count, quantity.Index,
}

func (l *loader) unit(t *tomldoc.Table) {
	u := quantity.Unit{Name: t.Need("name", "what the unit is called, and how it is said")}
	u.Surfaces = append([]string{u.Name}, texts(t, "also")...)
	if kind := t.Need("kind", "what it measures, such as mass"); kind != "" {
		dim, _ := quantity.ParseDim(kind)
		if !slices.Contains(kinds, dim) {
			t.Failf("kind", "%q is not known; one of %s", kind, joined(kinds))
		}
		u.Dim = dim
	}
	scale, whole := t.Value("scale").(int64)
	switch {
	case !t.Has("scale"):
		t.Failf("", "scale is missing: what one of it is, in mg, µl, 0.1 mm, mm², fen, parts per million, seconds, or thousandths of a piece")
	case !whole:
		t.Failf("scale", "a whole number is expected")
	}
	u.Scale = scale
	if _, err := quantity.NewReader([]quantity.Unit{u}); err != nil && whole && u.Name != "" {
		t.Failf("", "%v", err)
		return
	}
	for _, s := range u.Surfaces {
		if at := l.unitAt[s]; at != "" && s != "" {
			t.Failf("", "%q stands at %s already; each unit once", s, at)
		}
		l.unitAt[s] = fmt.Sprintf("%s:%d", l.name, t.Line)
	}
	l.units = append(l.units, u)
}

func joined(kinds []quantity.Dim) string {
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = k.String()
	}
	return strings.Join(names, ", ")
}

// A wordList is what is known of a list of the lexicon: its rows by name, and
// what its rows tell.
type wordList struct {
	class lexicon.Class
	rows  map[string]*lexicon.Term
	info  []string
}

// wordLists are the lists that users may add to. Frames and lists are words
// that code looks for itself.
var wordLists = sync.OnceValue(func() map[string]*wordList {
	lists := map[string]*wordList{}
	for _, t := range lexicon.Terms() {
		if t.Class == lexicon.Frame || t.Class == lexicon.List {
			continue
		}
		l := lists[t.Class.String()]
		if l == nil {
			l = &wordList{class: t.Class, rows: map[string]*lexicon.Term{}}
			lists[t.Class.String()] = l
		}
		l.rows[t.Name] = t
		for _, i := range t.Info {
			if !strings.HasPrefix(i, "isa:") && !slices.Contains(l.info, i) {
				l.info = append(l.info, i)
			}
		}
	}
	return lists
})

func keys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

func (l *loader) term(t *tomldoc.Table) {
	sc := l.scope(t)
	if sc.hosts != nil {
		t.Failf("scope", "a word means the same in everybody's mouth: name categories, rooms or skus, not hosts")
	}
	own := claims.OwnTerm{
		Term:   &lexicon.Term{Name: t.Need("name", "the row's name: a new one, or one of the list")},
		InRoom: sc.inRoom, OfGoods: sc.ofGoods,
	}
	list := wordLists()[t.Need("list", "the word list it belongs to, such as material")]
	if name := t.Text("list"); name != "" && list == nil {
		t.Failf("list", "%q is no list%s; one of %s", name, nearest(name, keys(wordLists())), strings.Join(keys(wordLists()), ", "))
	}
	for _, w := range t.Texts("words") {
		if !sayable(w.Text) {
			t.Failf("words", "%q holds nothing that could be said: write words", w.Text)
			continue
		}
		own.Term.Surfaces = append(own.Term.Surfaces, w.Text)
	}
	if v, ok := t.Value("replace").(bool); ok {
		own.Replace = v
	} else if t.Has("replace") {
		t.Failf("replace", "true or false is expected")
	}
	own.Term.Source, own.Term.Checked = t.Need("source", "who says so: a standard, a platform's list, your own house list"), t.Day("checked")
	if own.Term.Checked == "" && !t.Has("checked") {
		t.Failf("", "checked is missing: the day somebody last held the words against their source, such as 2026-11-20")
	}
	isa, info := t.Text("isa"), t.Texts("info")
	if list == nil || own.Term.Name == "" {
		return
	}
	own.Term.Class = list.class
	l.describe(t, &own, list, isa, info)
	l.set.vocabulary.Terms = append(l.set.vocabulary.Terms, own)
}

// describe holds a row against its list, and fills in what else is known of it.
func (l *loader) describe(t *tomldoc.Table, own *claims.OwnTerm, list *wordList, isa string, info []tomldoc.Line) {
	row := list.rows[own.Term.Name]
	switch {
	case own.Replace && row == nil:
		t.Failf("replace", "%s has no row %q to replace%s", list.class, own.Term.Name, nearest(own.Term.Name, keys(list.rows)))
	case !own.Replace && len(own.Term.Surfaces) == 0:
		t.Failf("", `words is missing: how it is said, ["…", "…"]`)
	case !own.Replace && row != nil && (isa != "" || info != nil):
		t.Failf("", "%s has a row %q: words are added to it, and what it is cannot be changed without replace = true", list.class, own.Term.Name)
	}
	if isa != "" {
		if list.rows[isa] == nil || isa == own.Term.Name {
			t.Failf("isa", "%q is no other row of %s%s", isa, list.class, list.suggest(isa))
		}
		own.Term.Info = append(own.Term.Info, "isa:"+isa)
	}
	for _, i := range info {
		if !slices.Contains(list.info, i.Text) {
			t.Failf("info", "%q is told of no row of %s%s", i.Text, list.class, nearest(i.Text, list.info))
		}
		own.Term.Info = append(own.Term.Info, i.Text)
	}
	switch {
	case info != nil:
	case isa != "" && list.rows[isa] != nil:
		for _, i := range list.rows[isa].Info {
			if !strings.HasPrefix(i, "isa:") {
				own.Term.Info = append(own.Term.Info, i)
			}
		}
	case row != nil:
		own.Term.Info = row.Info
	}
}

// suggest names the row that has the word, else one whose name is near.
func (w *wordList) suggest(word string) string {
	for _, name := range keys(w.rows) {
		if slices.Contains(w.rows[name].Surfaces, word) {
			return fmt.Sprintf("; it is a word of the row %q", name)
		}
	}
	return nearest(word, keys(w.rows))
}

// nearest suggests what was meant, "" where nothing is near.
func nearest(word string, known []string) string {
	if near := tomldoc.Nearest(word, known); near != "" {
		return fmt.Sprintf("; did you mean %q?", near)
	}
	return ""
}
