package tui

import (
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
)

// help lists every key, what it does, and why it cannot be used now.
type help struct {
	top int
	n   int
}

func (h *help) caret() (x, y int, ok bool) { return 0, 0, false }

func (m *Model) openHelp() tea.Cmd {
	m.dialog = &help{}
	return nil
}

func (h *help) rows(m *Model, w, height int) []string {
	var lines []string
	groups := []string{}
	bindings := m.keymap.bindings
	for i := range bindings {
		if !slices.Contains(groups, bindings[i].group) {
			groups = append(groups, bindings[i].group)
		}
	}
	for _, g := range groups {
		lines = append(lines, newRow(w, style{}).gap(1).own(m.th.strong, m.t.T("group."+g)).done())
		for i := range bindings {
			if b := &bindings[i]; b.group == g {
				lines = append(lines, h.row(m, b, w))
			}
		}
	}
	lines = append(lines, newRow(w, style{}).gap(1).own(m.th.strong, m.t.T("group.mouse")).done())
	for _, word := range mouseWords {
		lines = append(lines, newRow(w, style{}).gap(3).own(m.th.key, m.t.T("hand."+word)).gap(1).to(26).own(m.th.plain, m.t.T("mouse."+word)).done())
	}
	room := max(height-2, 1)
	h.n = len(lines)
	h.top = max(0, min(h.top, len(lines)-room))
	rows := []string{m.sheetTitle(w, m.t.T("help.title"))}
	rows = append(rows, lines[h.top:min(h.top+room, len(lines))]...)
	rows = append(rows, blankRows(height-1-len(rows), w)...)
	rows = append(rows, newRow(w, style{}).gap(1).own(m.th.dim, m.t.T("help.hint", min(h.top+room, len(lines)), len(lines))).done())
	return rows[:height]
}

func (h *help) row(m *Model, b *binding, w int) string {
	row := newRow(w, style{}).gap(3).own(m.th.key, strings.Join(b.labels(), " ")).gap(1).to(26)
	why, st := "", m.th.plain
	if !b.validIn(m.view, m.focused()) {
		why = m.t.T("help.elsewhere", m.where(b))
	} else if k := b.off(m); k != "" {
		why = m.t.T(k)
	}
	if why != "" {
		st = m.th.dim
	}
	row.own(st, m.t.T("key."+b.id))
	if why != "" {
		row.gap(2).own(m.th.dim, "("+why+")")
	}
	return row.done()
}

// where names the panes a binding is valid in.
func (m *Model) where(b *binding) string {
	var names []string
	for _, p := range b.panes {
		names = append(names, m.t.T("pane."+paneKeys[p]))
	}
	return strings.Join(names, " ")
}

func (h *help) key(m *Model, msg tea.KeyMsg) (bool, tea.Cmd) {
	switch msg.String() {
	case "j", "down":
		h.top++
	case "k", "up":
		h.top--
	case "pgdown", " ", "ctrl+d":
		h.top += max(m.h-6, 1)
	case "pgup", "ctrl+u":
		h.top -= max(m.h-6, 1)
	case "home":
		h.top = 0
	case "end", "G":
		h.top = h.n
	case "esc", "q", "?", "？", "enter", "ctrl+c":
		return true, nil
	}
	return false, nil
}
