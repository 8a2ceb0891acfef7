package tui

// The rules of the screen. The first row is the status, then the head rows
// (banners and the timeline), then columns of slots, then two rows: what just happened,
// and the keys. The last column stays empty: a terminal that draws an emoji
// wider than we think would otherwise wrap the row and shift the screen.
//
// A slot holds one or several panes; of several it shows the one that had the
// focus last, the others are names in its title. Every pane of a view has
// exactly one slot at every size, so that no pane can be out of reach.

// A pane is one thing to look at.
type pane int

const (
	paneFlags pane = iota
	paneDetail
	paneProduct
	paneSpeech
	paneChat
	paneOrders
	paneComplaints
	paneCases
	paneEvidence // what a case rests on, and what was done in it
	paneWindow   // what the host said before an order was paid
	panePolicy   // what policies grant or refuse of the matter in hand
	paneReply    // what a buyer is answered
	paneSegments // all that was flagged, decided or not
	paneChecks   // spot checks
	paneAppeals
	paneRules  // how the flags of each rule were judged
	panePeople // who decided how much
	paneRooms
	paneCount
)

// A view is a workspace: a set of panes for one kind of work.
type view int

const (
	viewLive   view = iota // moderators: what is said now
	viewDesk               // agents: the case in hand
	viewReview             // supervisors: what was decided
	viewRooms              // all rooms at a glance
	viewCount
)

// A slot is a rectangle below a title row. Y is the title's row and H counts
// it.
type slot struct {
	Y, H  int
	Panes []pane
	Shown pane
}

// A column is a stack of slots that fills the body from top to bottom.
type column struct {
	X, W  int
	Slots []slot
}

// A screen says where everything stands.
type screen struct {
	W, H    int // in use: one column less than the terminal
	Heads   int
	Columns []column
}

// Sizes below which a layout would cut more than it shows.
const (
	minWidth, minHeight   = 30, 8
	minColumn             = 20 // cells
	minPlace              = 4  // rows, its title among them
	allInOne              = 10 // rows of a body below which one place holds all
	bodyTop, footerHeight = 1, 2
)

// A layout is how a workspace is divided: columns from left to right, each a
// stack of places. Shares are relative to one another.
type layout []stack

type stack struct {
	share int
	parts []part
}

// A part is a place before it has one: its share of the column's height and the
// panes that take turns in it.
type part struct {
	share int
	panes []pane
}

// least is how many rows a place needs to be of use.
func least(panes []pane) int {
	if panes[0] == paneFlags || panes[0] == paneDetail {
		return 6
	}
	return minPlace
}

// lay is the screen: rectangles from the terminal's size, the layout, the pane
// in focus, whether it is zoomed, the number of head rows, and for each pane
// when it last had the focus (the higher, the later). It has no other input.
// A terminal that is too small gives a screen without columns.
func lay(w, h int, l layout, focus pane, zoom bool, heads int, seen [paneCount]int) screen {
	s := screen{W: w - 1, H: h, Heads: heads}
	if w < minWidth || h < minHeight {
		return s
	}
	y, height := bodyTop+heads, h-bodyTop-heads-footerHeight
	if height < 2 {
		return s
	}
	if zoom {
		s.Columns = []column{{0, s.W, []slot{{y, height, []pane{focus}, focus}}}}
		return s
	}
	l = l.fitting(s.W, height)
	x := 0
	for i, width := range l.widths(s.W) {
		s.Columns = append(s.Columns, column{x, width, cut(l[i].parts, y, height, focus, seen)})
		x += width + 1 // the rule between columns
	}
	return s
}

// fitting is the layout with as many columns and places as the size has room
// for; what there is no room for shares the last place.
func (l layout) fitting(w, height int) layout {
	if height < allInOne {
		return layout{{1, []part{{1, l.panes()}}}}
	}
	if most := max((w+1)/(minColumn+1), 1); len(l) > most {
		var parts []part
		for _, st := range l[most-1:] {
			parts = append(parts, st.parts...)
		}
		l = append(l[:most-1:most-1], stack{l[most-1].share, parts})
	}
	out := l
	for i, st := range l {
		most := height / minPlace
		if len(st.parts) <= most {
			continue
		}
		out = append(layout(nil), out...)
		last := part{st.parts[most-1].share, layout{{1, st.parts[most-1:]}}.panes()}
		out[i].parts = append(st.parts[:most-1:most-1], last)
	}
	return out
}

// widths divides the width among the columns, less the rules between them.
func (l layout) widths(w int) []int {
	shares, leasts := make([]int, len(l)), make([]int, len(l))
	for i, st := range l {
		shares[i], leasts[i] = st.share, minColumn
	}
	return divide(w-len(l)+1, shares, leasts)
}

// panes lists a layout's panes in reading order.
func (l layout) panes() []pane {
	var all []pane
	for _, st := range l {
		for _, p := range st.parts {
			all = append(all, p.panes...)
		}
	}
	return all
}

// divide shares out a total, giving each its least first, or where there is not
// enough for that, as much of it as all can have.
func divide(total int, shares, leasts []int) []int {
	sum := 0
	for _, s := range shares {
		sum += s
	}
	out := make([]int, len(shares))
	rest := total
	even := total / len(shares)
	later := 0
	for i := range leasts {
		leasts[i] = min(leasts[i], even)
		later += leasts[i]
	}
	for i, share := range shares {
		later -= leasts[i]
		n := rest
		if i < len(shares)-1 {
			n = max(min(max(total*share/max(sum, 1), leasts[i]), rest-later), 1)
		}
		out[i] = n
		rest -= n
	}
	return out
}

// cut divides a column among its parts.
func cut(parts []part, y, height int, focus pane, seen [paneCount]int) []slot {
	shares, leasts := make([]int, len(parts)), make([]int, len(parts))
	for i, p := range parts {
		shares[i], leasts[i] = p.share, least(p.panes)
	}
	slots := make([]slot, len(parts))
	for i, h := range divide(height, shares, leasts) {
		slots[i] = slot{Y: y, H: h, Panes: parts[i].panes, Shown: shown(parts[i].panes, focus, seen)}
		y += h
	}
	return slots
}

func shown(panes []pane, focus pane, seen [paneCount]int) pane {
	best := panes[0]
	for _, p := range panes {
		if p == focus {
			return p
		}
		if seen[p] > seen[best] {
			best = p
		}
	}
	return best
}

// find tells where a pane is shown.
func (s screen) find(p pane) (c column, sl slot, ok bool) {
	for _, c := range s.Columns {
		for _, sl := range c.Slots {
			if sl.Shown == p {
				return c, sl, true
			}
		}
	}
	return column{}, slot{}, false
}

// panes lists the panes of the screen in reading order, hidden ones included.
func (s screen) panes() []pane {
	var all []pane
	for _, c := range s.Columns {
		for _, sl := range c.Slots {
			all = append(all, sl.Panes...)
		}
	}
	return all
}

// beside finds the pane to go to from p: dx −1 or 1 to another column, at the
// same height; without such a column the neighbouring name in the slot's
// title. It is p itself at the edge.
func (s screen) beside(p pane, dx int) pane {
	for i, c := range s.Columns {
		for _, sl := range c.Slots {
			if sl.Shown != p {
				continue
			}
			if j := i + dx; j >= 0 && j < len(s.Columns) {
				return s.Columns[j].at(sl.Y + sl.H/3).Shown
			}
			return neighbour(sl.Panes, p, dx)
		}
	}
	return p
}

func (c column) at(y int) slot {
	for _, sl := range c.Slots {
		if y < sl.Y+sl.H {
			return sl
		}
	}
	return c.Slots[len(c.Slots)-1]
}

func neighbour(panes []pane, p pane, dx int) pane {
	for i, q := range panes {
		if q == p {
			return panes[(i+dx+len(panes))%len(panes)]
		}
	}
	return p
}
