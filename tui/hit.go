package tui

// The rules of hits. What stands at a cell of the terminal is told by the layout
// alone, from the same rectangles that it is drawn by. Columns and rows count
// from 0, as a mouse reports them.

// A hitKind is what sort of thing stands at a cell.
type hitKind int

const (
	hitNothing hitKind = iota // the empty last column, or a terminal that is too small
	hitStatus                 // the first row
	hitHead                   // banners and the timeline
	hitRule                   // the rule right of a column
	hitTitle                  // the title of a place, which is its upper edge
	hitRow                    // a row of the pane that a place shows
	hitNotice
	hitFooter
)

// A hit is what stands at a cell.
type hit struct {
	kind hitKind
	col  int  // the column of hitRule, hitTitle, hitRow
	at   int  // the place in it, of hitTitle and hitRow
	pane pane // that the place shows
	x    int  // within the pane, of hitTitle and hitRow; else the column of the terminal
	row  int  // within the pane, of hitRow; within the heads, of hitHead
}

// hit tells what stands at a cell.
func (s screen) hit(x, y int) hit {
	h := hit{x: x}
	switch {
	case x < 0 || y < 0 || x >= s.W || y >= s.H || len(s.Columns) == 0:
		return h
	case y < bodyTop:
		h.kind = hitStatus
	case y < bodyTop+s.Heads:
		h.kind, h.row = hitHead, y-bodyTop
	case y == s.H-1:
		h.kind = hitFooter
	case y >= s.H-footerHeight:
		h.kind = hitNotice
	default:
		return s.hitBody(h, x, y)
	}
	return h
}

func (s screen) hitBody(h hit, x, y int) hit {
	for i, c := range s.Columns {
		h.col = i
		if x == c.X+c.W {
			h.kind = hitRule
			return h
		}
		if x > c.X+c.W {
			continue
		}
		for k, sl := range c.Slots {
			if y < sl.Y+sl.H {
				h.kind, h.at, h.pane, h.x, h.row = hitRow, k, sl.Shown, x-c.X, y-sl.Y-1
				if y == sl.Y {
					h.kind, h.row = hitTitle, 0
				}
				return h
			}
		}
	}
	return h
}
