package tui

import (
	tea "github.com/charmbracelet/bubbletea"
)

// layoutBindings are the keys that arrange a workspace.
func layoutBindings() []binding {
	return []binding{
		{id: "zoom", keys: []string{"f"}, group: "layout", do: (*Model).toggleZoom},
		{id: "wider", keys: []string{">"}, group: "layout", why: oneColumn, do: func(m *Model) tea.Cmd { return m.widen(columnStep) }},
		{id: "narrower", keys: []string{"<"}, group: "layout", why: oneColumn, do: func(m *Model) tea.Cmd { return m.widen(-columnStep) }},
		{id: "taller", keys: []string{"+"}, group: "layout", why: onePlace, do: func(m *Model) tea.Cmd { return m.heighten(1) }},
		{id: "shorter", keys: []string{"-"}, group: "layout", why: onePlace, do: func(m *Model) tea.Cmd { return m.heighten(-1) }},
		{id: "swap", keys: []string{"S"}, group: "layout", why: nothingToSwap, do: (*Model).swapPlaces},
		{id: "fold", keys: []string{"H"}, group: "layout", why: cannotFold, do: (*Model).foldPane},
		{id: "reset_layout", keys: []string{"="}, group: "layout", why: nothingArranged, do: (*Model).resetLayout},
	}
}

// columnStep is how many cells a key moves a rule by: one Chinese character.
const columnStep = 2

// own is what a person made of the layouts; nil where they left the plan.
type own [viewCount][classCount]layout

func (m *Model) class() class { return classOf(m.w, m.h) }

// layout is the arrangement of the present workspace at the present size.
func (m *Model) layout() layout {
	if l := m.own[m.view][m.class()]; l != nil {
		return l
	}
	return plans[m.view][m.class()]
}

// recall takes in the layouts that were kept.
func (m *Model) recall() {
	for v := range viewCount {
		for c := range classCount {
			if a, ok := m.kept.Layouts[layoutKey(v, c)]; ok {
				m.own[v][c] = arranged(a, plans[v][c])
			}
		}
	}
}

func layoutKey(v view, c class) string { return viewKeys[v] + "/" + classKeys[c] }

// rearrange puts a layout in the place of the present one and keeps it; nil
// goes back to the plan.
func (m *Model) rearrange(l layout) tea.Cmd {
	v, c := m.view, m.class()
	m.own[v][c] = l
	if m.kept.Layouts == nil {
		m.kept.Layouts = map[string]Arrangement{}
	}
	if l == nil {
		delete(m.kept.Layouts, layoutKey(v, c))
	} else {
		m.kept.Layouts[layoutKey(v, c)] = l.arrangement()
	}
	return m.keep()
}

func (m *Model) widen(by int) tea.Cmd {
	if l, ok := m.layout().widen(m.screen(), m.focused(), by); ok {
		return m.rearrange(l)
	}
	m.say(m.t.T("say.no_narrower"))
	return nil
}

func (m *Model) heighten(by int) tea.Cmd {
	if l, ok := m.layout().heighten(m.screen(), m.focused(), by); ok {
		return m.rearrange(l)
	}
	m.say(m.t.T("say.no_shorter"))
	return nil
}

func (m *Model) swapPlaces() tea.Cmd {
	l, _ := m.layout().swap(m.focused())
	return m.rearrange(l)
}

// foldPane hides a pane that has a place of its own as a name in another's
// title, or gives one that shares a place its own.
func (m *Model) foldPane() tea.Cmd {
	p, s := m.focused(), m.screen()
	if l, ok := m.layout().unfold(s, p); ok {
		return m.rearrange(l)
	}
	l, next, ok := m.layout().fold(s, p)
	if !ok {
		return nil
	}
	m.say(m.t.T("say.folded", m.t.T("pane."+paneKeys[p]), m.t.T("pane."+paneKeys[next])))
	m.setFocus(next)
	return tea.Batch(m.rearrange(l), m.detailCmd())
}

// resetLayout goes back to the plan, and from the plan to what was there before:
// the key lies beside the one for taller.
func (m *Model) resetLayout() tea.Cmd {
	v, c := m.view, m.class()
	l := m.own[v][c]
	if l == nil {
		l, m.before[v][c] = m.before[v][c], nil
		return m.rearrange(l)
	}
	m.before[v][c] = l
	m.say(m.t.T("say.layout_reset"))
	return m.rearrange(nil)
}

func zoomed(m *Model) string {
	if m.zoom {
		return "why.zoomed"
	}
	if _, ok := m.layout().measured(m.screen()); !ok {
		return "why.no_room"
	}
	return ""
}

func oneColumn(m *Model) string {
	if why := zoomed(m); why != "" {
		return why
	}
	if len(m.layout()) < 2 {
		return "why.one_column"
	}
	return ""
}

func onePlace(m *Model) string {
	if why := zoomed(m); why != "" {
		return why
	}
	l := m.layout()
	if col, _, ok := l.where(m.focused()); !ok || len(l[col].parts) < 2 {
		return "why.one_place"
	}
	return ""
}

func nothingToSwap(m *Model) string {
	if why := zoomed(m); why != "" {
		return why
	}
	if _, ok := m.layout().swap(m.focused()); !ok {
		return "why.nothing_to_swap"
	}
	return ""
}

func cannotFold(m *Model) string {
	if why := zoomed(m); why != "" {
		return why
	}
	l := m.layout()
	if _, ok := l.unfold(m.screen(), m.focused()); ok {
		return ""
	}
	if _, _, ok := l.fold(m.screen(), m.focused()); !ok {
		return "why.nothing_to_swap"
	}
	return ""
}

func nothingArranged(m *Model) string {
	if m.own[m.view][m.class()] == nil && m.before[m.view][m.class()] == nil {
		return "why.as_planned"
	}
	return ""
}
