package tui

import (
	"strings"

	"liveroom/feed"
)

// rowBuf builds one row of exactly w cells. What does not fit is cut with …;
// what is missing is filled with spaces, so that rows can be laid side by side
// without measuring them again.
type rowBuf struct {
	b    strings.Builder
	base style
	used int
	w    int
	full bool // something was cut: nothing more is taken
}

func newRow(w int, base style) *rowBuf {
	r := &rowBuf{base: base, w: w}
	r.b.Grow(w * 3)
	r.b.WriteString(base.on)
	return r
}

// left is the number of cells that are still free.
func (r *rowBuf) left() int { return r.w - r.used }

// own appends text of this program.
func (r *rowBuf) own(st style, s string) *rowBuf {
	return r.show(st, feed.Sanitise(signs(s)))
}

// narrowSigns take the place of our signs of ambiguous width on a terminal that
// draws those two cells wide: rules and marks are counted one cell each.
var narrowSigns = strings.NewReplacer(
	"─", "╌", "━", "╍", "┄", "╌", "│", "╎", "┃", "╏", "┬", "+", "┼", "+", "┤", "+", "├", "+", "▌", "▐", "…", "⋯", "·", "∙",
	"▲", "▴", "△", "▵", "▵", "▿", "■", "▪", "●", "◉", "○", "◦", "▒", "░", "♪", "♩", "↓", "⇣", "↑", "⇡", "×", "x", "≈", "≃", "◇", "⬦",
	"▁", "⡀", "▂", "⣀", "▃", "⣄", "▄", "⣤", "▅", "⣦", "▆", "⣶", "▇", "⣷", "█", "⣿",
)

// signs is text of this program as the terminal is to draw it.
func signs(s string) string {
	if !feed.IsAmbiguousWide() {
		return s
	}
	return narrowSigns.Replace(s)
}

// show appends text fit for a terminal.
func (r *rowBuf) show(st style, d feed.Display) *rowBuf {
	if r.full || d.Width() == 0 {
		return r
	}
	if d.Width() > r.left() {
		d = d.Truncate(r.left())
		r.full = true
	}
	if st.on == "" || d.Width() == 0 {
		r.b.WriteString(d.String())
	} else {
		r.b.WriteString(st.on)
		r.b.WriteString(d.String())
		r.b.WriteString(reset)
		r.b.WriteString(r.base.on)
	}
	r.used += d.Width()
	return r
}

// gap appends n spaces, or as many as fit.
func (r *rowBuf) gap(n int) *rowBuf {
	n = min(n, r.left())
	if n > 0 {
		r.b.WriteString(spaces(n))
		r.used += n
	}
	return r
}

// to moves to a column further right.
func (r *rowBuf) to(col int) *rowBuf { return r.gap(col - r.used) }

// end appends text at the right edge; it is left out where it does not fit
// with a space before it.
func (r *rowBuf) end(st style, s string) *rowBuf {
	d := feed.Sanitise(signs(s))
	if d.Width() == 0 || d.Width() >= r.left() && r.used > 0 || d.Width() > r.left() {
		return r
	}
	r.gap(r.left() - d.Width())
	return r.show(st, d)
}

// done fills the row up and ends its style.
func (r *rowBuf) done() string {
	if n := r.left(); n > 0 {
		r.b.WriteString(spaces(n))
		r.used = r.w
	}
	if r.base.on != "" {
		r.b.WriteString(reset)
	}
	return r.b.String()
}

var manySpaces = strings.Repeat(" ", 512)

func spaces(n int) string {
	if n <= len(manySpaces) {
		return manySpaces[:max(n, 0)]
	}
	return strings.Repeat(" ", n)
}

// cells measures text of this program.
func cells(s string) int {
	for i := 0; i < len(s); i++ {
		if s[i] < ' ' || s[i] > '~' {
			return feed.Sanitise(signs(s)).Width()
		}
	}
	return len(s)
}

// blankRows makes n empty rows of w cells.
func blankRows(n, w int) []string {
	rows := make([]string, max(n, 0))
	for i := range rows {
		rows[i] = spaces(w)
	}
	return rows
}

// rowCache holds the rows last made of an item, for one width and version.
// Feeds draw the same rows again and again; making them is what costs.
type rowCache struct {
	rows    []string
	width   int
	version int
}

func (c *rowCache) get(width, version int, make func() []string) []string {
	if c.rows == nil || c.width != width || c.version != version {
		c.rows, c.width, c.version = make(), width, version
	}
	return c.rows
}
