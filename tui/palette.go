package tui

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/mozillazg/go-pinyin"
	"github.com/sahilm/fuzzy"

	"liveroom/feed"
)

// index finds entries of the palette by their words or their pinyin initials.
// It is built when the palette opens, never per keystroke.
type index struct {
	entries []paletteEntry
	words   []string
}

// paletteEntry is one thing the palette can do.
type paletteEntry struct {
	name feed.Display
	note string // key, or what kind of thing it is
	off  string
	do   func(*Model) tea.Cmd
}

func (x *index) String(i int) string { return x.words[i] }
func (x *index) Len() int            { return len(x.words) }

func (x *index) add(e paletteEntry, also string) {
	x.entries = append(x.entries, e)
	name := e.name.String()
	x.words = append(x.words, strings.TrimSpace(strings.ToLower(name+" "+initials(name)+" "+also)))
}

var pinyinArgs = pinyin.Args{Style: pinyin.FirstLetter}

// initials gives the first letters of the pinyin of the Han characters of s,
// with other letters kept: 羊绒衫 is yrs.
func initials(s string) string {
	var b strings.Builder
	for _, r := range s {
		if unicode.Is(unicode.Han, r) {
			if p := pinyin.SinglePinyin(r, pinyinArgs); len(p) > 0 {
				b.WriteString(p[0])
			}
			continue
		}
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}

// paletteCap bounds how many products and cases the palette offers.
const paletteCap = 500

// buildIndex collects commands, panes, rooms, cases and products.
func (m *Model) buildIndex() *index {
	x := &index{}
	for i := range m.keymap.bindings {
		b := &m.keymap.bindings[i]
		if b.id == "palette" || b.group == "move" && b.id != "live" && b.id != "zoom" && b.id != "filter" {
			continue
		}
		e := paletteEntry{name: feed.Sanitise(m.t.T("key." + b.id)), note: b.first()}
		if !b.validIn(m.view, m.focused()) {
			e.off = m.t.T("help.elsewhere", m.where(b))
		} else if why := b.off(m); why != "" {
			e.off = m.t.T(why)
		}
		e.do = func(m *Model) tea.Cmd { return m.run(b) }
		x.add(e, b.id)
	}
	for p := pane(0); p < paneCount; p++ {
		x.add(paletteEntry{
			name: feed.Sanitise(m.t.T("palette.pane", m.t.T("pane."+paneKeys[p]))), note: m.t.T("palette.go"),
			do: func(m *Model) tea.Cmd { m.setFocus(p); return m.detailCmd() },
		}, paneKeys[p])
	}
	for _, id := range m.order {
		x.add(paletteEntry{
			name: m.rooms[id].name(), note: m.t.T("palette.room"),
			do: func(m *Model) tea.Cmd { return m.enterRoom(id) },
		}, id)
	}
	if r := m.here(); r != nil {
		m.indexRoom(x, r)
	}
	return x
}

// indexRoom adds a room's cases and products.
func (m *Model) indexRoom(x *index, r *room) {
	for i, c := range r.cases.rows() {
		if i == paletteCap {
			break
		}
		x.add(paletteEntry{
			name: maskName(caseNumber(c.id) + " " + c.v.Title), note: m.t.T("palette.case"),
			do: func(m *Model) tea.Cmd {
				m.setFocus(paneCases)
				return m.choose(paneCases, c.id)
			},
		}, "")
	}
	n := 0
	for _, e := range r.speech.live() {
		p := e.ev.Product
		if p == nil || n == paletteCap {
			continue
		}
		n++
		index := e.ev.Index
		x.add(paletteEntry{
			name: feed.Sanitise(p.ID + " " + p.Title), note: m.t.T("palette.product"),
			do: func(m *Model) tea.Cmd {
				m.setFocus(paneSpeech)
				return m.choose(paneSpeech, index)
			},
		}, "")
	}
}

// search lists the entries for what was typed, best first.
func (x *index) search(s string) []int {
	s = strings.ToLower(strings.TrimSpace(s))
	if s == "" {
		all := make([]int, len(x.entries))
		for i := range all {
			all[i] = i
		}
		return all
	}
	var out []int
	for _, match := range fuzzy.FindFrom(s, x) {
		out = append(out, match.Index)
	}
	slices.SortStableFunc(out, func(a, b int) int { return cmp.Compare(x.rank(a, s), x.rank(b, s)) })
	return out
}

// rank puts what holds the letters in one run, and what can be done now, before
// the rest; within a rank the fuzzy score decides.
func (x *index) rank(i int, s string) int {
	rank := 0
	if !strings.Contains(x.words[i], s) {
		rank += 2
	}
	if x.entries[i].off != "" {
		rank++
	}
	return rank
}

// palettePane is the open palette.
type palettePane struct {
	x     *index
	line  input
	hits  []int
	at    int
	cx    int
	first int // the entry in the first row, as drawn
}

func (m *Model) openPalette() tea.Cmd {
	p := &palettePane{x: m.buildIndex()}
	p.hits = p.x.search("")
	m.dialog = p
	return nil
}

func (p *palettePane) caret() (x, y int, ok bool) { return p.cx, 1, true }

const (
	// paletteRows bounds how much of the body the palette hides.
	paletteRows = 14
	// paletteHead are its rows above the entries.
	paletteHead = 2
)

func (p *palettePane) rows(m *Model, w, h int) []string {
	rows := []string{m.sheetTitle(w, m.t.T("palette.title", len(p.hits)))}
	row := newRow(w, style{}).own(m.th.key, ": ")
	shown, col := p.line.view(max(w-6, 8))
	p.cx = row.used + col
	p.line.put(m.th, row, shown, col)
	rows = append(rows, row.done())
	n := min(paletteRows, h-3)
	p.first = max(0, min(p.at-n/2, len(p.hits)-n))
	for k := p.first; k < p.first+n; k++ {
		if k >= len(p.hits) {
			rows = append(rows, spaces(w))
			continue
		}
		rows = append(rows, p.entryRow(m, w, k))
	}
	if len(p.hits) == 0 && n > 0 {
		rows[2] = newRow(w, style{}).gap(2).own(m.th.dim, m.t.T("palette.none")).done()
	}
	rows = append(rows, newRow(w, style{}).gap(1).own(m.th.dim, m.t.T("palette.hint")).done())
	return rows[:min(len(rows), h)]
}

func (p *palettePane) entryRow(m *Model, w, k int) string {
	e := &p.x.entries[p.hits[k]]
	base, mark := style{}, " "
	if k == p.at {
		base, mark = m.th.pick, "▌"
	}
	st := m.th.plain
	if e.off != "" {
		st = m.th.dim
	}
	row := newRow(w, base).own(m.th.focus, mark).own(m.th.key, e.note).to(12)
	if e.off != "" {
		return row.show(st, e.name).own(m.th.dim, "  ("+e.off+")").done()
	}
	return row.show(st, e.name).done()
}

func (p *palettePane) key(m *Model, msg tea.KeyMsg) (bool, tea.Cmd) {
	switch msg.Type {
	case tea.KeyEsc, tea.KeyCtrlC:
		return true, nil
	case tea.KeyUp, tea.KeyShiftTab, tea.KeyCtrlP:
		p.at = max(p.at-1, 0)
		return false, nil
	case tea.KeyDown, tea.KeyTab, tea.KeyCtrlN:
		p.at = max(min(p.at+1, len(p.hits)-1), 0)
		return false, nil
	case tea.KeyEnter:
		m.dialog = nil
		if p.at < len(p.hits) {
			return true, p.x.entries[p.hits[p.at]].do(m)
		}
		return true, nil
	}
	if p.line.key(msg) {
		p.hits, p.at = p.x.search(p.line.value()), 0
	}
	return false, nil
}
