package tui

import (
	"testing"

	"pgregory.net/rapid"
)

// heights is a list of items with ids and heights.
type heights struct {
	ids  []int64
	tall map[int64]int
}

func (h heights) Len() int       { return len(h.ids) }
func (h heights) ID(i int) int64 { return h.ids[i] }
func (h heights) Find(id int64) (int, bool) {
	for i, x := range h.ids {
		if x == id {
			return i, true
		}
	}
	return len(h.ids), false
}

func (h heights) Height(i int, picked bool) int {
	if picked {
		return 4
	}
	return max(h.tall[h.ids[i]], 1)
}

// TestSelectionKeepsItsRow adds and removes items around a selected one.
func TestSelectionKeepsItsRow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		it := heights{tall: map[int64]int{}}
		id := int64(0)
		add := func(at int) {
			id++
			it.tall[id] = rapid.IntRange(1, 3).Draw(t, "height")
			it.ids = append(it.ids[:at:at], append([]int64{id}, it.ids[at:]...)...)
		}
		for range rapid.IntRange(1, 60).Draw(t, "items") {
			add(len(it.ids))
		}
		h := rapid.IntRange(5, 30).Draw(t, "rows")
		l := list{top: rapid.Bool().Draw(t, "from the top")}
		l.draw(it, h)
		for range rapid.IntRange(1, 30).Draw(t, "moves") {
			l.move(it, rapid.IntRange(-3, 3).Draw(t, "by"))
			check(t, &l, it, h)
		}
		for range 20 {
			held, row := l.held, rowOfHeld(&l, it, h)
			add(rapid.IntRange(0, len(it.ids)).Draw(t, "place"))
			now := rowOfHeld(&l, it, h)
			if l.held != held {
				t.Fatalf("the selection went from %d to %d", held, l.held)
			}
			if now < row {
				t.Fatalf("the selected row rose from %d to %d", row, now)
			}
			check(t, &l, it, h)
		}
	})
}

func rowOfHeld(l *list, it items, h int) int {
	for _, p := range l.draw(it, h) {
		if it.ID(p.i) == l.held {
			return p.row
		}
	}
	return -1
}

// check says what holds of every window: the selected item is whole, nothing
// is left blank while there are items, rows follow one another.
func check(t *rapid.T, l *list, it heights, h int) {
	out := l.draw(it, h)
	total, seen := 0, false
	for i := range it.ids {
		total += it.Height(i, l.pickedAt(it, i))
	}
	next := out[0].row
	for _, p := range out {
		if p.row != next {
			t.Fatalf("item %d stands in row %d, want %d", p.i, p.row, next)
		}
		own := it.Height(p.i, l.pickedAt(it, p.i))
		next += own
		if l.pickedAt(it, p.i) {
			seen = true
			if p.row < 0 || p.row+own > h {
				t.Fatalf("the selected item stands in rows %d to %d of %d", p.row, p.row+own, h)
			}
		}
	}
	if l.held != 0 && !seen {
		t.Fatal("the selected item is out of view")
	}
	if out[0].row > 0 || total >= h && next < h {
		t.Fatalf("rows from %d to %d of %d are used, %d are there", out[0].row, next, h, total)
	}
}

func TestListFollowsTheEnd(t *testing.T) {
	it := heights{tall: map[int64]int{}}
	var l list
	for i := range int64(100) {
		it.ids = append(it.ids, i+1)
		if out := l.draw(it, 10); out[len(out)-1].i != int(i) {
			t.Fatalf("item %d is not the last in view", i)
		}
	}
	l.move(it, -3)
	if got := l.selected(); got != 98 {
		t.Fatalf("going up three from the end selected %d", got)
	}
	it.ids = append(it.ids, 101, 102)
	if got := l.seen; got != 100 {
		t.Fatalf("the list stopped following at %d", got)
	}
	l.follow()
	if out := l.draw(it, 10); it.ID(out[len(out)-1].i) != 102 {
		t.Fatal("follow did not go to the end")
	}
}

// TestListSurvivesItsItem removes the selected item.
func TestListSurvivesItsItem(t *testing.T) {
	it := heights{ids: []int64{1, 2, 3, 4}, tall: map[int64]int{}}
	l := list{top: true}
	l.draw(it, 10)
	l.pick(it, 1, -1)
	it.ids = []int64{1, 3, 4}
	l.draw(it, 10)
	if got := l.selected(); got != 3 {
		t.Fatalf("the selection went to %d, want the next item", got)
	}
	it.ids = nil
	if out := l.draw(it, 10); out != nil {
		t.Fatalf("an empty list drew %v", out)
	}
}
