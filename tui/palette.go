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
	"liveroom/moderation/query"
)

// The rules of the palette. It is everything there is to go to or to do by name:
// what can be done, with its key or why not, rooms, products, cases, people, saved
// views. Names are found by their letters, and Chinese ones by their pinyin, whole
// or its initials. The table is built when the palette opens and searched as it is
// typed: what holds the letters in one run comes before what only has them.

// index finds entries of the palette.
type index struct {
	entries []paletteEntry
	words   []string
	spell   *speller // nil: one of its own
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
	if x.spell == nil {
		x.spell = &speller{}
	}
	x.entries = append(x.entries, e)
	name := e.name.String()
	x.words = append(x.words, strings.TrimSpace(strings.ToLower(name+" "+x.spell.letters(name)+" "+also)))
}

// spelledKept bounds how many names are kept spelled.
const spelledKept = 20_000

// A speller keeps how names are spelled: of a title it takes some microseconds to
// find out, and a palette has thousands.
type speller struct{ known map[string]string }

// letters are the pinyin of a name by initials and in full, 羊绒衫 is "yrs
// yangrongshan"; of a name without Chinese there is nothing to add.
func (s *speller) letters(name string) string {
	if spelled, ok := s.known[name]; ok {
		return spelled
	}
	if s.known == nil || len(s.known) > spelledKept {
		s.known = map[string]string{}
	}
	var initials, full strings.Builder
	han := false
	for _, r := range name {
		if unicode.Is(unicode.Han, r) {
			if p := pinyin.SinglePinyin(r, pinyinArgs); len(p) > 0 {
				initials.WriteString(p[0][:1])
				full.WriteString(p[0])
				han = true
			}
			continue
		}
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			initials.WriteRune(unicode.ToLower(r))
			full.WriteRune(unicode.ToLower(r))
		}
	}
	spelled := ""
	if han {
		spelled = initials.String() + " " + full.String()
	}
	s.known[name] = spelled
	return spelled
}

var pinyinArgs = pinyin.Args{Style: pinyin.Normal}

// paletteCap bounds how many cases, products and people of a room the palette offers.
const paletteCap = 500

// buildIndex collects all there is, of the rooms the present one's first.
func (m *Model) buildIndex() *index {
	x := &index{spell: &m.spell}
	for i := range m.keymap.bindings {
		b := &m.keymap.bindings[i]
		if b.id == "palette" || b.group == "move" && !slices.Contains(worthNaming, b.id) {
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
	for i, v := range m.kept.Views {
		x.add(paletteEntry{name: feed.Sanitise(v.Name), note: m.t.T("palette.view"), do: func(m *Model) tea.Cmd { return m.applyView(m.kept.Views[i]) }}, "")
	}
	if r := m.here(); r != nil {
		m.indexRoom(x, r)
	}
	for _, id := range m.order {
		if id != m.current {
			m.indexRoom(x, m.rooms[id])
		}
	}
	return x
}

// worthNaming are the moves that are more than a step.
var worthNaming = []string{"live", "zoom", "filter", "find", "views"}

// indexRoom adds what a room knows by name: its cases as they are worked on, then
// products and people, the newest first.
func (m *Model) indexRoom(x *index, r *room) {
	id := r.info.ID
	in := func(do func(*Model, *room) tea.Cmd) func(*Model) tea.Cmd {
		return func(m *Model) tea.Cmd {
			if m.current != id {
				m.enterRoom(id)
			}
			return do(m, m.rooms[id])
		}
	}
	for i, c := range r.cases.rows() {
		if i == paletteCap {
			break
		}
		x.add(paletteEntry{
			name: m.hide(caseNumber(c.id) + " " + c.v.Title), note: m.t.T("palette.case"),
			do: in(func(m *Model, r *room) tea.Cmd { return m.showRow(r, paneCases, c.id) }),
		}, "")
	}
	m.indexProducts(x, r, in)
	m.indexPeople(x, r, in)
}

// indexProducts adds the products that were on air, each with its last time.
func (m *Model) indexProducts(x *index, r *room, in func(func(*Model, *room) tea.Cmd) func(*Model) tea.Cmd) {
	titles, seen := map[string]string{}, map[string]bool{}
	for _, p := range m.products(r) {
		titles[p.Value] = p.Title
	}
	for _, on := range slices.Backward(r.onAir) {
		if seen[on.sku] || len(seen) == paletteCap {
			continue
		}
		seen[on.sku] = true
		x.add(paletteEntry{
			name: feed.Sanitise(on.sku + " " + titles[on.sku]), note: m.t.T("palette.product"),
			do: in(func(m *Model, r *room) tea.Cmd { return m.showLine(r, paneSpeech, on.index, on.at) }),
		}, r.titles[on.sku])
	}
}

// indexPeople adds who works on the room's cases, and who wrote of late.
func (m *Model) indexPeople(x *index, r *room, in func(func(*Model, *room) tea.Cmd) func(*Model) tea.Cmd) {
	names := m.namesIn(r)
	asks := func(p pane, f query.Field) func(string) func(*Model) tea.Cmd {
		return func(name string) func(*Model) tea.Cmd {
			return in(func(m *Model, r *room) tea.Cmd {
				m.setFocus(p)
				return m.narrowTo(r, p, string(f)+":"+query.Quoted(name))
			})
		}
	}
	ofCases, ofChat := asks(paneCases, query.FieldOwner), asks(paneChat, query.FieldUser)
	for _, n := range names.Owners {
		x.add(paletteEntry{name: feed.Sanitise(n.Value), note: m.t.T("palette.person"), do: ofCases(n.Value)}, "")
	}
	for i, n := range names.Users {
		if i == paletteCap {
			break
		}
		x.add(paletteEntry{name: feed.Sanitise(n.Value), note: m.t.T("palette.viewer"), do: ofChat(n.Value)}, "")
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

// rank puts names that begin so first, then what holds the letters in one run, and
// what can be done now before what cannot; within a rank the fuzzy score decides,
// and of equals what was put in first.
func (x *index) rank(i int, s string) int {
	rank := 0
	switch w := x.words[i]; {
	case strings.HasPrefix(w, s) || strings.Contains(w, " "+s):
	case strings.Contains(w, s):
		rank = 2
	default:
		rank = 4
	}
	if x.entries[i].off != "" {
		rank++
	}
	return rank
}

// palettePane is the open palette.
type palettePane struct {
	chooser
	cx    int
	first int // the entry in the first row, as drawn
}

func (m *Model) openPalette() tea.Cmd {
	m.dialog = &palettePane{chooser: newChooser(m.buildIndex())}
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
	case tea.KeyEnter:
		m.dialog = nil
		if p.at < len(p.hits) {
			return true, p.x.entries[p.hits[p.at]].do(m)
		}
		return true, nil
	}
	p.narrow(msg)
	return false, nil
}
