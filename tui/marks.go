package tui

import (
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"liveroom/moderation"
)

// The rules of marks. A mark is on a row of one list, by its id, and stays while
// rows come and go. What is done to one row goes by the selection and never by the
// marks: only `B` takes them, and says how many.

// markPanes are the lists whose rows can be marked.
var markPanes = []pane{paneFlags, paneComplaints, paneCases}

// toggleMark marks the selected row, or takes its mark away, and goes on to the
// next one.
func (m *Model) toggleMark() tea.Cmd {
	r, p := m.here(), m.focused()
	id := r.lists[p].selected()
	if r.marks[p] == nil {
		r.marks[p] = map[int64]bool{}
	}
	if r.marks[p][id] {
		delete(r.marks[p], id)
	} else {
		r.marks[p][id] = true
	}
	return m.step(1)
}

// markedIn are the marked rows of a list that it still shows, in its order.
func (m *Model) markedIn(r *room, p pane) []int64 {
	if len(r.marks[p]) == 0 {
		return nil
	}
	var out []int64
	it := m.itemsOf(r, p)
	for i := range it.Len() {
		if id := it.ID(i); r.marks[p][id] {
			out = append(out, id)
		}
	}
	return out
}

// tickBar opens a row that can be marked: the mark of the selection, of marking, or of
// both, and behind it another one.
func (m *Model) tickBar(row *rowBuf, marked, picked bool, st style, mark string) *rowBuf {
	switch {
	case marked && picked:
		return row.own(m.th.focus, "◆").own(st, orSpace(mark))
	case marked:
		return row.own(m.th.focus, "◇").own(st, orSpace(mark))
	}
	return m.bar(row, picked, st, mark)
}

// inHand is what `B` would work on: the marked rows; without marks what the filter
// leaves; without a filter what is like the selected row. how says which.
func (m *Model) inHand(r *room, p pane) (ids []int64, how string) {
	if ids = m.markedIn(r, p); len(ids) > 0 {
		return ids, "bulk.marked"
	}
	if r.filters[p] != "" {
		it := m.itemsOf(r, p)
		for i := range it.Len() {
			ids = append(ids, it.ID(i))
		}
		return ids, "bulk.filtered"
	}
	return m.alike(r, p, r.lists[p].selected()), "bulk.alike"
}

// alike are the rows like one: flags of the same rule about the same product,
// complaints of the same problem; a case is like no other.
func (m *Model) alike(r *room, p pane, id int64) []int64 {
	var out []int64
	switch p {
	case paneFlags:
		one := r.flags.get(id)
		for _, f := range r.flags.rows() {
			if one != nil && waiting(&f.v) && sameKind(&f.v, &one.v) {
				out = append(out, f.id)
			}
		}
	case paneComplaints:
		one := r.complaints.get(id)
		for _, c := range r.complaints.rows() {
			if one != nil && (c.id == id || c.v.Problem != 0 && c.v.Problem == one.v.Problem) {
				out = append(out, c.id)
			}
		}
	case paneCases:
		if r.cases.get(id) != nil {
			out = append(out, id)
		}
	}
	return out
}

func sameKind(a, b *moderation.Flag) bool {
	return a.ID == b.ID || a.Finding.Rule == b.Finding.Rule && a.Finding.Category == b.Finding.Category && a.Finding.SKU == b.Finding.SKU
}

func noMark(m *Model) string {
	if r := m.here(); r == nil || r.lists[m.focused()].selected() == 0 {
		return "why.nothing_selected"
	}
	return ""
}

func noBulk(m *Model) string {
	r := m.here()
	if r == nil {
		return "why.nothing_selected"
	}
	if ids, _ := m.inHand(r, m.focused()); len(ids) == 0 {
		return "why.nothing_selected"
	}
	if !slices.ContainsFunc(bulkKinds, func(k bulkKind) bool {
		return k.pane == m.focused() && m.opt.Actor.Role.May(k.does.Name())
	}) {
		return "why.role"
	}
	return ""
}
