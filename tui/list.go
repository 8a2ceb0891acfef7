package tui

// The rules of a list. A list is a window on items that come and go. It keeps
// hold of one item by its id and of the row that item stands in, so that items
// arriving above or below never move what a person looks at. While it follows,
// it shows the newest end. Only items inside the window are asked for rows. What
// is chosen stays chosen while the window is scrolled away from it.

// items is what a list shows, in its order.
type items interface {
	Len() int
	ID(i int) int64
	// Find is the place of an id, or of the first item behind where it would
	// be; exact tells which.
	Find(id int64) (i int, exact bool)
	// Height counts the rows of item i; picked ones may be taller.
	Height(i int, picked bool) int
}

// list is the state of one window. The zero value follows the end.
type list struct {
	held   int64 // id of the item that keeps its row; 0: none, follow or top
	last   int   // where held was last found, for when it disappears
	row    int   // the row held starts in
	picked bool  // held was chosen, by a person or for one
	chosen int64 // what was chosen while another item is held, since the window was scrolled
	top    bool  // without held, start at the first item, not at the end
	seen   int64 // highest id when the list stopped following
	height int   // rows of the last draw
}

// twoThirds stands for the row two thirds down, however high the window is when
// it is drawn next.
const twoThirds = -1 << 20

// placed is an item with the row it starts in, which may be above the window.
type placed struct {
	i, row int
}

// following tells whether new items are let in at the end.
func (l *list) following() bool { return l.held == 0 && !l.top }

// find resolves held, moving to a neighbour when it is gone.
func (l *list) find(it items) int {
	if l.held == 0 || it.Len() == 0 {
		return -1
	}
	i, exact := it.Find(l.held)
	if !exact {
		i = min(max(l.last, 0), it.Len()-1)
		l.held = it.ID(i)
	}
	l.last = i
	return i
}

func (l *list) pickedAt(it items, i int) bool {
	id := l.selected()
	return id != 0 && it.ID(i) == id
}

// tall is how many rows item i has now.
func (l *list) tall(it items, i int) int { return it.Height(i, l.pickedAt(it, i)) }

// draw places the items that are in view, h rows high.
func (l *list) draw(it items, h int) []placed {
	l.height = h
	n := it.Len()
	if n == 0 || h <= 0 {
		return nil
	}
	if l.chosen != 0 {
		if _, ok := it.Find(l.chosen); !ok {
			l.chosen = 0
		}
	}
	i := l.find(it)
	if i < 0 {
		return l.drawEdge(it, h)
	}
	own := l.tall(it, i)
	if l.row == twoThirds {
		l.row = h * 2 / 3
	}
	l.row = max(0, min(l.row, h-own))
	below := own
	for j := i + 1; j < n && l.row+below < h; j++ {
		below += l.tall(it, j)
	}
	// Room that nothing below fills is given to the items above.
	l.row = max(l.row, h-below)
	start, above := i, 0
	for start > 0 && above < l.row {
		start--
		above += l.tall(it, start)
	}
	l.row = min(l.row, above)
	out, _ := l.down(it, start, l.row-above, h)
	return out
}

func (l *list) drawEdge(it items, h int) []placed {
	n := it.Len()
	if l.top {
		out, _ := l.down(it, 0, 0, h)
		return out
	}
	start, rows := n, 0
	for start > 0 && rows < h {
		start--
		rows += it.Height(start, false)
	}
	out, _ := l.down(it, start, min(0, h-rows), h)
	return out
}

func (l *list) down(it items, start, at, h int) (out []placed, end int) {
	for i := start; i < it.Len() && at < h; i++ {
		out = append(out, placed{i, at})
		at += l.tall(it, i)
	}
	return out, at
}

// pick takes hold of item i. row says where it should stand; −1 keeps it where
// it is in view, or brings it in by the shorter way.
func (l *list) pick(it items, i, row int) {
	if i < 0 || i >= it.Len() {
		return
	}
	if row < 0 {
		row = l.rowOf(it, i)
	}
	if l.following() && it.Len() > 0 {
		l.seen = it.ID(it.Len() - 1)
	}
	l.held, l.last, l.row, l.picked, l.chosen = it.ID(i), i, row, true, 0
}

// rowOf is the row item i has now, or the edge row it would enter at.
func (l *list) rowOf(it items, i int) int {
	placed := l.draw(it, l.height)
	for _, p := range placed {
		if p.i == i {
			return p.row
		}
	}
	if len(placed) > 0 && i < placed[0].i {
		return 0
	}
	return l.height - it.Height(i, true)
}

// move goes n items down (up when negative). From a list that follows the end,
// going up starts at the last item.
func (l *list) move(it items, n int) bool {
	if it.Len() == 0 {
		return false
	}
	if i, ok := it.Find(l.chosen); ok && l.chosen != 0 {
		l.pick(it, i, -1)
	}
	i := l.find(it)
	switch {
	case i < 0 && l.top:
		l.pick(it, min(max(n-1, 0), it.Len()-1), -1)
		return true
	case i < 0:
		l.pick(it, max(it.Len()+min(n, -1), 0), -1)
		return true
	case !l.picked:
		l.pick(it, i, l.row)
		return true
	}
	j := min(max(i+n, 0), it.Len()-1)
	if j == i {
		return false
	}
	// The item below moves up by what the one left behind shrinks.
	row := l.rowOf(it, j)
	if j > i {
		row -= it.Height(i, true) - it.Height(i, false)
	}
	l.pick(it, j, row)
	return true
}

// hold scrolls so that item i stands in row without choosing it.
func (l *list) hold(it items, i, row int) {
	if i < 0 || i >= it.Len() {
		return
	}
	if l.following() {
		l.seen = it.ID(it.Len() - 1)
	}
	l.held, l.last, l.row, l.picked, l.chosen = it.ID(i), i, row, false, 0
}

// scroll moves the window n rows down (up when negative), by at most what it holds,
// and leaves what is chosen.
// Down at the end, a list that has its newest there follows again.
func (l *list) scroll(it items, n int) {
	shown := l.draw(it, l.height)
	if len(shown) == 0 {
		return
	}
	at := shown[0]
	if n > 0 {
		at = shown[len(shown)-1]
		if at.i == it.Len()-1 && at.row+l.tall(it, at.i)-n <= l.height {
			n = max(at.row+l.tall(it, at.i)-l.height, 0)
			if n == 0 && !l.top && l.selected() == 0 {
				l.follow()
				return
			}
		}
	}
	if l.following() {
		l.seen = it.ID(it.Len() - 1)
	}
	chosen := l.selected()
	l.held, l.last, l.row = it.ID(at.i), at.i, at.row-n
	l.picked = l.held == chosen
	if l.chosen = chosen; l.picked {
		l.chosen = 0
	}
	l.draw(it, l.height)
}

// away tells whether what is chosen was scrolled out of the window.
func (l *list) away(it items) bool {
	i, ok := it.Find(l.chosen)
	if l.chosen == 0 || !ok {
		return false
	}
	for _, p := range l.draw(it, l.height) {
		if p.i == i {
			return false
		}
	}
	return true
}

// follow lets go and shows the newest end (or the top of a list that has one).
func (l *list) follow() { l.held, l.picked, l.chosen, l.seen = 0, false, 0, 0 }

// selected is the id of the chosen item, 0 for none.
func (l *list) selected() int64 {
	if l.picked {
		return l.held
	}
	return l.chosen
}
