package tui

import (
	"sync"
	"time"

	tea "github.com/charmbracelet/bubbletea"
)

// The rules of what is pointed at. A hand aims at what the eye saw: a feed that
// runs moves another line under the pointer between the look and the click. So a
// click is answered by the frame that the terminal had been showing, not by the
// state of now, and what was there is found by its id.

// A picture is what one drawing put where. It is not changed once it is drawn.
type picture struct {
	room   string
	screen screen
	lines  []string
	ids    [paneCount][]int64 // what each row of a list shows; 0: nothing
	spans  []span
	dialog dialog
	sheet  int // the row that the dialog begins in
}

// A span is a part of a row that does something when it is clicked. do is told
// how far from its start.
type span struct {
	y, from, to int
	do          func(m *Model, x int) tea.Cmd
}

// mark makes a part of the row y of the frame being drawn clickable.
func (m *Model) mark(y, from, to int, do func(m *Model, x int) tea.Cmd) {
	if m.drawing != nil && to > from {
		m.drawing.spans = append(m.drawing.spans, span{y, from, to, do})
	}
}

// note tells which item the row of a list shows in the frame being drawn.
func (m *Model) note(p pane, row, h int, id int64) {
	if m.drawing == nil {
		return
	}
	if len(m.drawing.ids[p]) != h {
		m.drawing.ids[p] = make([]int64, h)
	}
	m.drawing.ids[p][row] = id
}

// itemAt is the id of what a row of a list showed.
func (f *picture) itemAt(h hit) int64 {
	if h.kind != hitRow || h.row < 0 || h.row >= len(f.ids[h.pane]) {
		return 0
	}
	return f.ids[h.pane][h.row]
}

// spanAt is what a cell does.
func (f *picture) spanAt(x, y int) *span {
	for i := range f.spans {
		if s := &f.spans[i]; s.y == y && x >= s.from && x < s.to {
			return s
		}
	}
	return nil
}

const (
	// glance is how long something must have been on the terminal to be aimed at.
	glance = 100 * time.Millisecond
	// glances are how many frames are kept to be aimed at; at the renderer's pace
	// they reach further back than a glance.
	glances = 16
)

// glass is what the terminal shows and has just been showing. View tells what was
// drawn, the writer what was written, from goroutines of their own.
type glass struct {
	mu    sync.Mutex
	drawn *picture
	shown [glances]shownPicture
	n     int
}

type shownPicture struct {
	*picture
	at time.Time
}

func (g *glass) drew(f *picture) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.drawn = f
}

// latest is the frame that is being written.
func (g *glass) latest() *picture {
	if g == nil {
		return nil
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.drawn
}

// wrote notes since when the terminal has been showing a frame.
func (g *glass) wrote(f *picture, at time.Time) {
	if g == nil || f == nil {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.shown[g.n%glances] = shownPicture{f, at}
	g.n++
}

// aimedAt is the frame that a click at a time is about: the newest that had been
// there for a glance, else the oldest that is known, else the one drawn last.
func (g *glass) aimedAt(now time.Time) *picture {
	g.mu.Lock()
	defer g.mu.Unlock()
	best := g.drawn
	for k := 1; k <= min(g.n, glances); k++ {
		f := g.shown[(g.n-k)%glances]
		best = f.picture
		if now.Sub(f.at) >= glance {
			break
		}
	}
	return best
}
