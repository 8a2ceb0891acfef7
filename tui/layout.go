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
	paneCount
)

// A view is a set of panes for one kind of work.
type view int

const (
	viewLive view = iota
	viewCases
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
	twoColumnsFrom        = 110
	threeColumnsFrom      = 170
	tallEnough            = 30
	bodyTop, footerHeight = 1, 2
)

// part is a slot before it has a place: its share of the column's height and
// the least it can do with.
type part struct {
	share int
	least int
	panes []pane
}

type stack struct {
	share int
	parts []part
}

// plan picks the arrangement for a size.
func plan(w, h int, v view) []stack {
	wide, mid := w >= threeColumnsFrom && h >= tallEnough, w >= twoColumnsFrom && h >= tallEnough
	feeds := []pane{paneSpeech, paneChat, paneOrders, paneComplaints, paneCases}
	switch {
	case v == viewLive && wide:
		return []stack{
			{36, []part{{45, 6, []pane{paneSpeech}}, {55, 6, []pane{paneChat}}}},
			{38, []part{{50, 8, []pane{paneFlags}}, {50, 8, []pane{paneDetail}}}},
			{26, []part{{26, 7, []pane{paneProduct}}, {28, 4, []pane{paneOrders}}, {20, 4, []pane{paneComplaints}}, {26, 4, []pane{paneCases}}}},
		}
	case v == viewLive && mid:
		return []stack{
			{43, []part{{36, 6, []pane{paneSpeech}}, {39, 6, []pane{paneChat}}, {25, 5, []pane{paneOrders, paneComplaints, paneCases}}}},
			{57, []part{{44, 8, []pane{paneFlags}}, {36, 8, []pane{paneDetail}}, {20, 7, []pane{paneProduct}}}},
		}
	case v == viewLive:
		return []stack{{100, []part{{55, 5, []pane{paneFlags, paneDetail, paneProduct}}, {45, 5, feeds}}}}
	case wide:
		return []stack{
			{30, []part{{65, 6, []pane{paneCases}}, {35, 6, []pane{paneComplaints}}}},
			{42, []part{{100, 8, []pane{paneDetail}}}},
			{28, []part{{30, 6, []pane{paneFlags}}, {30, 4, []pane{paneSpeech}}, {40, 4, []pane{paneOrders, paneChat, paneProduct}}}},
		}
	case mid:
		return []stack{
			{43, []part{{60, 6, []pane{paneCases}}, {40, 6, []pane{paneComplaints, paneFlags, paneOrders, paneSpeech, paneChat, paneProduct}}}},
			{57, []part{{100, 8, []pane{paneDetail}}}},
		}
	default:
		return []stack{{100, []part{{45, 5, []pane{paneCases, paneComplaints, paneFlags, paneOrders}}, {55, 5, []pane{paneDetail, paneSpeech, paneChat, paneProduct}}}}}
	}
}

// lay is the layout: rectangles from the terminal's size, the view, the pane
// in focus, whether it is zoomed, the number of head rows, and for each pane
// when it last had the focus (the higher, the later). It has no other input.
// A terminal that is too small gives a screen without columns.
func lay(w, h int, v view, focus pane, zoom bool, heads int, seen [paneCount]int) screen {
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
	stacks := plan(w, h, v)
	if height < 10 {
		stacks = []stack{{100, []part{{100, 2, allPanes(stacks)}}}}
	}
	x := 0
	for i, st := range stacks {
		width := s.W - x
		if i < len(stacks)-1 {
			width = s.W * st.share / 100
		}
		s.Columns = append(s.Columns, column{x, width, cut(st.parts, y, height, focus, seen)})
		x += width + 1 // the rule between columns
	}
	return s
}

func allPanes(stacks []stack) []pane {
	var all []pane
	for _, st := range stacks {
		for _, p := range st.parts {
			all = append(all, p.panes...)
		}
	}
	return all
}

// cut divides a column among its parts by share, giving each its least first
// where the height allows it.
func cut(parts []part, y, height int, focus pane, seen [paneCount]int) []slot {
	slots := make([]slot, len(parts))
	rest := height
	for i, p := range parts {
		h := max(height*p.share/100, p.least)
		for _, q := range parts[i+1:] {
			h = min(h, rest-q.least)
		}
		if i == len(parts)-1 {
			h = rest
		}
		h = max(min(h, rest), 1)
		slots[i] = slot{Y: y, H: h, Panes: p.panes, Shown: shown(p.panes, focus, seen)}
		y, rest = y+h, rest-h
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
