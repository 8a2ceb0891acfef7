package tui

import (
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"liveroom/feed"
	"liveroom/moderation"
)

// pick lets a person choose one of many: typing narrows the list, by words or the
// initials of their pinyin.
type pick struct {
	chooser
	title string
	cx    int
	first int                                  // the entry in the first row, as drawn
	fresh func(m *Model, typed string) tea.Cmd // for a name that stands in no row; nil: only rows
}

// A chooser holds one of the entries that what was typed leaves over.
type chooser struct {
	x    *index
	line input
	hits []int
	at   int
}

func newChooser(x *index) chooser { return chooser{x: x, hits: x.search("")} }

// narrow takes a key that moves along what is left over, or types.
func (c *chooser) narrow(msg tea.KeyMsg) {
	switch msg.Type {
	case tea.KeyUp, tea.KeyShiftTab, tea.KeyCtrlP:
		c.at = max(c.at-1, 0)
	case tea.KeyDown, tea.KeyTab, tea.KeyCtrlN:
		c.at = max(min(c.at+1, len(c.hits)-1), 0)
	default:
		if c.line.key(msg) {
			c.hits, c.at = c.x.search(c.line.value()), 0
		}
	}
}

// pickRows bounds how many rows of the list are in view.
const pickRows = 10

// pickHead are the rows above it.
const pickHead = 2

func newPick(title string, x *index) *pick {
	return &pick{chooser: newChooser(x), title: title}
}

func (p *pick) caret() (x, y int, ok bool) { return p.cx, 1, true }

func (p *pick) rows(m *Model, w, h int) []string {
	rows := []string{m.sheetTitle(w, p.title)}
	row := newRow(w, style{}).own(m.th.key, "› ")
	shown, col := p.line.view(max(w-6, 8))
	p.cx = row.used + col
	p.line.put(m.th, row, shown, col)
	rows = append(rows, row.done())
	n := max(min(len(p.hits), pickRows, h-3), 0)
	p.first = max(0, min(p.at-n/2, len(p.hits)-n))
	for k := p.first; k < p.first+n; k++ {
		e := &p.x.entries[p.hits[k]]
		base, mark := style{}, " "
		if k == p.at {
			base, mark = m.th.pick, "▌"
		}
		rows = append(rows, newRow(w, base).own(m.th.focus, mark).own(m.th.key, e.note).to(14).show(m.th.plain, e.name).done())
	}
	if len(p.hits) == 0 {
		words := m.t.T("pick.none")
		if p.fresh != nil {
			words = m.t.T("pick.fresh", feed.Sanitise(p.line.value()).Truncate(40).String())
		}
		rows = append(rows, newRow(w, style{}).gap(2).own(m.th.need, words).done())
	}
	rows = append(rows, newRow(w, style{}).gap(1).own(m.th.dim, m.t.T("pick.hint")).done())
	return rows[:min(len(rows), h)]
}

func (p *pick) key(m *Model, msg tea.KeyMsg) (bool, tea.Cmd) {
	switch msg.Type {
	case tea.KeyEsc, tea.KeyCtrlC:
		return true, nil
	case tea.KeyEnter:
		if p.at < len(p.hits) {
			m.dialog = nil
			return true, p.x.entries[p.hits[p.at]].do(m)
		}
		if typed := strings.TrimSpace(p.line.value()); p.fresh != nil && typed != "" {
			m.dialog = nil
			return true, p.fresh(m, typed)
		}
		return false, nil
	}
	p.narrow(msg)
	return false, nil
}

// askPerson lets choose who gets something: those at work here, who has the fewest
// cases first, or somebody whose name is typed.
func (m *Model) askPerson(title string, do func(m *Model, name string) tea.Cmd) tea.Cmd {
	x := &index{}
	for _, p := range m.people() {
		x.add(paletteEntry{
			name: feed.Sanitise(m.by(p.name)), note: m.t.T("pick.cases", p.cases),
			do: func(m *Model) tea.Cmd { return do(m, p.name) },
		}, p.name)
	}
	list := newPick(title, x)
	list.fresh = do
	m.dialog = list
	return nil
}

type person struct {
	name  string
	cases int // that they hold and that are not over
}

// people are those whose names stand in the rooms' cases and flags, and the person.
func (m *Model) people() []person {
	held := map[string]int{m.opt.Actor.Name: 0}
	now := m.opt.Wall()
	for _, r := range m.rooms {
		for _, f := range r.flags.by {
			held[f.v.DecidedBy] += 0
		}
		for _, c := range r.cases.by {
			for _, name := range []string{c.v.OpenedBy, c.v.ChangedBy, c.v.Owner} {
				held[name] += 0
			}
			if by := c.v.Holder(now); by != "" && !over(c.v.State) {
				held[by]++
			}
		}
	}
	delete(held, "")
	delete(held, moderation.Program)
	var out []person
	for name, n := range held {
		out = append(out, person{name, n})
	}
	slices.SortFunc(out, func(a, b person) int {
		if a.cases != b.cases {
			return a.cases - b.cases
		}
		return strings.Compare(a.name, b.name)
	})
	return out
}
