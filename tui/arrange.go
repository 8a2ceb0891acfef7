package tui

import (
	"slices"
)

// The rules of arranging. A person changes a layout by the size of its columns
// and places, by which panes share a place, and by their order. Each change
// makes a new layout; no pane is ever lost. Sizes are changed in cells of the
// present screen: a step is the same however the shares came about, and the
// other sizes of the class follow in proportion.

// copied is a layout that can be changed.
func (l layout) copied() layout {
	out := slices.Clone(l)
	for i := range out {
		out[i].parts = slices.Clone(out[i].parts)
		for k := range out[i].parts {
			out[i].parts[k].panes = slices.Clone(out[i].parts[k].panes)
		}
	}
	return out
}

// where finds a pane's column and place in it.
func (l layout) where(p pane) (col, at int, ok bool) {
	for i, st := range l {
		for k, part := range st.parts {
			if slices.Contains(part.panes, p) {
				return i, k, true
			}
		}
	}
	return 0, 0, false
}

// measured is the layout with the shares that a screen made of it gave, so that
// they count cells. ok is false where the screen shows another layout: one that
// is zoomed, or had no room for every place.
func (l layout) measured(s screen) (out layout, ok bool) {
	if len(l) != len(s.Columns) {
		return l, false
	}
	out = l.copied()
	for i, c := range s.Columns {
		if len(c.Slots) != len(out[i].parts) {
			return l, false
		}
		out[i].share = c.W
		for k, sl := range c.Slots {
			if !slices.Equal(sl.Panes, out[i].parts[k].panes) {
				return l, false
			}
			out[i].parts[k].share = sl.H
		}
	}
	return out, true
}

// moveRule moves the rule right of a column by cells, as far as both columns
// keep their least.
func (l layout) moveRule(s screen, col, by int) (layout, bool) {
	out, ok := l.measured(s)
	if !ok || col < 0 || col >= len(l)-1 {
		return l, false
	}
	a, b := &out[col].share, &out[col+1].share
	by = max(min(by, *b-minColumn), minColumn-*a)
	*a, *b = *a+by, *b-by
	return out, by != 0
}

// moveTitle moves the title below a place by rows, as far as both places keep
// their least.
func (l layout) moveTitle(s screen, col, at, by int) (layout, bool) {
	out, ok := l.measured(s)
	if !ok || col < 0 || col >= len(l) || at < 0 || at >= len(l[col].parts)-1 {
		return l, false
	}
	a, b := &out[col].parts[at], &out[col].parts[at+1]
	by = max(min(by, b.share-least(b.panes)), least(a.panes)-a.share)
	a.share, b.share = a.share+by, b.share-by
	return out, by != 0
}

// widen makes a pane's column wider by cells at the cost of the column beside
// it, on the right where there is one.
func (l layout) widen(s screen, p pane, by int) (layout, bool) {
	col, _, ok := l.where(p)
	switch {
	case !ok || len(l) < 2:
		return l, false
	case col == len(l)-1:
		return l.moveRule(s, col-1, -by)
	}
	return l.moveRule(s, col, by)
}

// heighten makes a pane's place higher by rows at the cost of the place below
// it, or above it for the last.
func (l layout) heighten(s screen, p pane, by int) (layout, bool) {
	col, at, ok := l.where(p)
	switch {
	case !ok || len(l[col].parts) < 2:
		return l, false
	case at == len(l[col].parts)-1:
		return l.moveTitle(s, col, at-1, -by)
	}
	return l.moveTitle(s, col, at, by)
}

// swap changes the place of a pane, and of the panes that share it, with the
// next place in reading order, the last with the first.
func (l layout) swap(p pane) (layout, bool) {
	col, at, ok := l.where(p)
	if !ok {
		return l, false
	}
	nextCol, next := col, at+1
	if next == len(l[col].parts) {
		nextCol, next = (col+1)%len(l), 0
	}
	if nextCol == col && next == at {
		return l, false
	}
	return l.exchange(col, at, nextCol, next), true
}

func (l layout) exchange(col, at, otherCol, other int) layout {
	out := l.copied()
	a, b := &out[col].parts[at], &out[otherCol].parts[other]
	a.panes, b.panes = b.panes, a.panes
	return out
}

// fold takes away a pane that has a place of its own: it becomes a name in the
// title of the place above, or below for the first. next is the pane that is
// shown there.
func (l layout) fold(s screen, p pane) (out layout, next pane, ok bool) {
	col, at, found := l.where(p)
	if !found || len(l[col].parts[at].panes) > 1 || len(l.panes()) < 2 {
		return l, p, false
	}
	out = l.copied()
	if m, ok := l.measured(s); ok {
		out = m
	}
	if len(out[col].parts) == 1 {
		return out.foldColumn(s, col, p)
	}
	parts := out[col].parts
	into := at - 1
	if at == 0 {
		into = 1
		parts[into].panes = append([]pane{p}, parts[into].panes...)
	} else {
		parts[into].panes = append(parts[into].panes, p)
	}
	parts[into].share += parts[at].share
	next = s.shownOf(parts[into].panes, p)
	out[col].parts = slices.Delete(parts, at, at+1)
	return out, next, true
}

// foldColumn takes away a pane that is alone in its column, with the column.
func (l layout) foldColumn(s screen, col int, p pane) (layout, pane, bool) {
	if len(l) == 1 {
		return l, p, false
	}
	into := col - 1
	if col == 0 {
		into = 1
	}
	last := &l[into].parts[len(l[into].parts)-1]
	next := s.shownOf(last.panes, p)
	last.panes = append(last.panes, p)
	l[into].share += l[col].share
	return slices.Delete(l, col, col+1), next, true
}

// shownOf is the pane that a screen shows of some, other than one.
func (s screen) shownOf(panes []pane, but pane) pane {
	for _, q := range panes {
		if _, _, ok := s.find(q); ok && q != but {
			return q
		}
	}
	for _, q := range panes {
		if q != but {
			return q
		}
	}
	return but
}

// unfold gives a pane that shares a place one of its own: above the others where
// it is the first of them, else below.
func (l layout) unfold(s screen, p pane) (layout, bool) {
	col, at, ok := l.where(p)
	if !ok || len(l[col].parts[at].panes) < 2 {
		return l, false
	}
	if m, ok := l.measured(s); ok {
		l = m
	}
	out := l.copied()
	from := &out[col].parts[at]
	i := slices.Index(from.panes, p)
	from.panes = slices.Delete(from.panes, i, i+1)
	own := part{max(from.share/2, 1), []pane{p}}
	from.share = max(from.share-own.share, 1)
	if i > 0 {
		at++
	}
	out[col].parts = slices.Insert(out[col].parts, at, own)
	return out, true
}

// An Arrangement is a layout as it is remembered: panes by name.
type Arrangement []ArrangedColumn

// An ArrangedColumn is a column of an Arrangement.
type ArrangedColumn struct {
	Share  int             `json:"share"`
	Places []ArrangedPlace `json:"places"`
}

// An ArrangedPlace is a place with the panes that take turns in it.
type ArrangedPlace struct {
	Share int      `json:"share"`
	Panes []string `json:"panes"`
}

func (l layout) arrangement() Arrangement {
	var out Arrangement
	for _, st := range l {
		c := ArrangedColumn{Share: st.share}
		for _, p := range st.parts {
			a := ArrangedPlace{Share: p.share}
			for _, q := range p.panes {
				a.Panes = append(a.Panes, paneKeys[q])
			}
			c.Places = append(c.Places, a)
		}
		out = append(out, c)
	}
	return out
}

// maxShare is more than any terminal has cells.
const maxShare = 10_000

// arranged is what a person remembered of a workspace, made whole: panes that it
// does not know, or names twice, are left out, and panes that it lacks stand
// where the plan has them beside others, or at the end. Another version of the
// program may have written it.
func arranged(a Arrangement, plan layout) layout {
	missing := plan.panes()
	var out layout
	for _, c := range a {
		st := stack{share: bounded(c.Share)}
		for _, pl := range c.Places {
			p := part{share: bounded(pl.Share)}
			for _, name := range pl.Panes {
				q := pane(slices.Index(paneKeys[:], name))
				if i := slices.Index(missing, q); i >= 0 {
					missing = slices.Delete(missing, i, i+1)
					p.panes = append(p.panes, q)
				}
			}
			if len(p.panes) > 0 {
				st.parts = append(st.parts, p)
			}
		}
		if len(st.parts) > 0 {
			out = append(out, st)
		}
	}
	if len(out) == 0 {
		return plan
	}
	for _, q := range missing {
		out.bring(q, plan)
	}
	return out
}

// bring adds a pane that a layout lacks beside those it stands with in the plan.
func (l layout) bring(p pane, plan layout) {
	col, at := len(l)-1, len(l[len(l)-1].parts)-1
	if pc, pa, ok := plan.where(p); ok {
		for _, q := range plan[pc].parts[pa].panes {
			if c, a, ok := l.where(q); ok {
				col, at = c, a
				break
			}
		}
	}
	to := &l[col].parts[at]
	to.panes = append(to.panes, p)
}

func bounded(share int) int { return max(1, min(share, maxShare)) }
