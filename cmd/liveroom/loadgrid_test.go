package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/mattn/go-runewidth"
)

// A pen is how cells look: the parameters of SGR that are on.
type pen struct {
	attrs  [10]bool
	fg, bg string
}

func (p pen) sgr() string {
	var on []string
	for n, set := range p.attrs {
		if set {
			on = append(on, strconv.Itoa(n))
		}
	}
	for _, c := range []string{p.fg, p.bg} {
		if c != "" {
			on = append(on, c)
		}
	}
	return strings.Join(on, ";")
}

// A cell holds a character with what is combined with it; the right half of a
// wide one holds nothing.
type cell struct {
	text string
	pen  pen
}

var blank = cell{text: " "}

// A grid is a terminal's screen as far as the program uses one. What it does not
// know it notes in odd.
type grid struct {
	rows       [][]cell
	x, y       int
	pen        pen
	rest       []byte // of a sequence that is not whole yet
	odd        map[string]bool
	frameEnded func()
}

func newGrid(cols, rows int) *grid {
	g := &grid{odd: map[string]bool{}, frameEnded: func() {}}
	for range rows {
		g.rows = append(g.rows, slices.Repeat([]cell{blank}, cols))
	}
	return g
}

// Write implements io.Writer.
func (g *grid) Write(p []byte) (int, error) {
	b := append(g.rest, p...)
	for len(b) > 0 {
		n := g.next(b)
		if n == 0 {
			break
		}
		b = b[n:]
	}
	g.rest = append([]byte(nil), b...)
	return len(p), nil
}

// next takes in what b begins with, and tells how long it was; 0: it is cut off.
func (g *grid) next(b []byte) int {
	switch c := b[0]; {
	case c == 0x1b:
		return g.sequence(b)
	case c == '\n':
		g.y = min(g.y+1, len(g.rows)-1)
	case c == '\r':
		g.x = 0
	case c < ' ':
		g.odd[fmt.Sprintf("%#x", c)] = true
	default:
		if !utf8.FullRune(b) {
			return 0
		}
		r, n := utf8.DecodeRune(b)
		g.put(r, b[:n])
		return n
	}
	return 1
}

var widths = &runewidth.Condition{}

func (g *grid) put(r rune, b []byte) {
	row := g.rows[g.y]
	w := widths.RuneWidth(r)
	if w == 0 {
		if g.x > 0 {
			row[g.x-1].text += string(b)
		}
		return
	}
	if g.x+w > len(row) {
		g.odd["past the last column"] = true
		return
	}
	row[g.x] = cell{string(b), g.pen}
	for i := 1; i < w; i++ {
		row[g.x+i] = cell{"", g.pen}
	}
	g.x += w
}

func (g *grid) sequence(b []byte) int {
	if len(b) < 2 {
		return 0
	}
	if b[1] == ']' {
		end := strings.IndexAny(string(b), "\a")
		return end + 1
	}
	if b[1] != '[' {
		g.odd[string(b[:2])] = true
		return 2
	}
	end := slices.IndexFunc(b[2:], func(c byte) bool { return c >= 0x40 && c <= 0x7e })
	if end < 0 {
		return 0
	}
	g.control(string(b[2:2+end]), b[2+end])
	return end + 3
}

func (g *grid) control(params string, final byte) {
	if strings.HasPrefix(params, "?") {
		if params == "?2026" && final == 'l' {
			g.frameEnded()
		}
		return
	}
	arg := func(i, otherwise int) int {
		parts := strings.Split(params, ";")
		if i < len(parts) && parts[i] != "" {
			if n, err := strconv.Atoi(parts[i]); err == nil {
				return n
			}
		}
		return otherwise
	}
	switch final {
	case 'H':
		g.y, g.x = min(max(arg(0, 1), 1), len(g.rows))-1, min(max(arg(1, 1), 1), len(g.rows[0]))-1
	case 'G':
		g.x = min(arg(0, 1), len(g.rows[0])) - 1
	case 'C':
		g.x = min(g.x+arg(0, 1), len(g.rows[0])-1)
	case 'K':
		g.erase(g.y, arg(0, 0))
	case 'J':
		for y := g.y; y < len(g.rows); y++ {
			if y > g.y || arg(0, 0) == 2 {
				g.erase(y, 2)
			}
		}
		g.erase(g.y, arg(0, 0))
	case 'm':
		g.paint(params)
	default:
		g.odd[params+string(final)] = true
	}
}

func (g *grid) erase(y, how int) {
	row := g.rows[y]
	switch how {
	case 0:
		row = row[min(g.x, len(row)):]
	case 1:
		row = row[:min(g.x+1, len(row))]
	}
	for i := range row {
		row[i] = blank
	}
}

func (g *grid) paint(params string) {
	parts := strings.Split(params, ";")
	for i := 0; i < len(parts); i++ {
		n, _ := strconv.Atoi(parts[i])
		colour := func() string { // 38;5;n or 38;2;r;g;b
			size := 3
			if i+1 < len(parts) && parts[i+1] == "2" {
				size = 5
			}
			c := strings.Join(parts[i:min(i+size, len(parts))], ";")
			i += size - 1
			return c
		}
		switch {
		case n == 0:
			g.pen = pen{}
		case n < 10:
			g.pen.attrs[n] = true
		case n == 22:
			g.pen.attrs[1], g.pen.attrs[2] = false, false
		case n > 22 && n < 30:
			g.pen.attrs[n-20] = false
		case n == 38:
			g.pen.fg = colour()
		case n == 48:
			g.pen.bg = colour()
		case n == 39:
			g.pen.fg = ""
		case n == 49:
			g.pen.bg = ""
		case n >= 30 && n < 38 || n >= 90 && n < 98:
			g.pen.fg = parts[i]
		case n >= 40 && n < 48 || n >= 100 && n < 108:
			g.pen.bg = parts[i]
		default:
			g.odd["SGR "+params] = true
		}
	}
}

// text is what a row says.
func (g *grid) text(y int) string {
	var b strings.Builder
	for _, c := range g.rows[y] {
		b.WriteString(c.text)
	}
	return b.String()
}

// frame is the screen as somebody would write it row by row by hand: each row
// its cells, a style only where it changes, blank ends erased and not written.
func (g *grid) frame() []string {
	out := make([]string, len(g.rows))
	for y, row := range g.rows {
		for len(row) > 0 && row[len(row)-1] == blank {
			row = row[:len(row)-1]
		}
		var b strings.Builder
		now := pen{}
		for _, c := range row {
			if c.pen != now {
				now = c.pen
				b.WriteString("\x1b[0;" + now.sgr() + "m")
			}
			b.WriteString(c.text)
		}
		if now != (pen{}) {
			b.WriteString("\x1b[m")
		}
		if len(row) < len(g.rows[y]) {
			b.WriteString("\x1b[K")
		}
		out[y] = strings.ReplaceAll(b.String(), "\x1b[0;m", "\x1b[m")
	}
	return out
}

// rowDiff is how many bytes it takes by hand to make one frame of the other,
// with the same marks around it: each changed row, after a jump to it.
func rowDiff(was, is []string) int {
	n := 0
	for y := range is {
		if was == nil || was[y] != is[y] {
			n += len("\x1b[;H") + len(strconv.Itoa(y+1)) - 1 + len(is[y])
		}
	}
	if n > 0 {
		n += len("\x1b[?2026h\x1b[?2026l")
	}
	return n
}
