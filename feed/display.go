package feed

import (
	"strings"
	"unicode/utf8"
)

// Display is text fit for a terminal: the only text a view accepts.
//
// It holds no control, bidi or invisible character and no invalid UTF-8; no
// cluster of it has more than four marks or 64 bytes. It has no line break
// either: a newline of the source is the picture ␊. Widths are counted in
// cells, rune by rune, as terminals with wcwidth count them; characters of
// ambiguous width and of private use take one cell, unless AmbiguousWide says two.
//
// The zero value is empty text. Right-to-left letters keep their order but may
// be reordered by the terminal: print untrusted text last in its row.
type Display struct {
	s      string
	width  int
	hidden int
}

// ellipsis stands where text was cut, in one cell.
func ellipsis() string {
	if IsAmbiguousWide() {
		return "⋯" // … itself is ambiguous
	}
	return "…"
}

// Sanitise makes untrusted text fit for a terminal. Controls become visible
// pictures, bytes that are not UTF-8 become U+FFFD, odd spaces become plain
// ones; what has no ink, and what overflows a cluster, is left out and counted.
// Clean text is not copied. The result is unchanged by another Sanitise.
func Sanitise(s string) Display {
	var (
		c     scanner
		d     Display
		out   strings.Builder
		dirty bool
	)
	for i := 0; i < len(s); {
		p := c.next(s[i:])
		same := !p.hidden && len(p.text) == p.n && p.text == s[i:i+p.n]
		if !same && !dirty {
			dirty = true
			out.Grow(len(s) + utf8.UTFMax)
			out.WriteString(s[:i])
		}
		if dirty {
			out.WriteString(p.text)
		}
		if p.hidden {
			d.hidden++
		}
		d.width += p.width
		i += p.n
	}
	if d.s = s; dirty {
		d.s = out.String()
	}
	return d
}

// String is the text itself.
func (d Display) String() string { return d.s }

// Width is the number of terminal cells the text takes.
func (d Display) Width() int { return d.width }

// Hidden is the number of characters of the source that are not shown.
func (d Display) Hidden() int { return d.hidden }

// Empty tells whether nothing would be seen: no text, or spaces only.
func (d Display) Empty() bool { return strings.Trim(d.s, " \u3000") == "" }

// Truncate returns the text in at most w cells. Text that is longer ends in …,
// which takes the last of them, or the last but one before a wide character.
func (d Display) Truncate(w int) Display {
	if d.width <= w {
		return d
	}
	if w < 1 {
		return Display{hidden: d.hidden}
	}
	head, _ := d.Cut(w - 1)
	return Display{s: head.s + ellipsis(), width: head.width + 1, hidden: d.hidden}
}

// Cut splits the text so that head is as long as fits into w cells. No cluster
// is split; head and tail together are the whole. Hidden stays with head.
func (d Display) Cut(w int) (head, tail Display) {
	if d.width <= w {
		return d, Display{}
	}
	n, width := prefixFor(d.s, w)
	return Display{s: d.s[:n], width: width, hidden: d.hidden},
		Display{s: d.s[n:], width: d.width - width}
}

// prefixFor measures the longest run of whole clusters of clean text in w cells.
func prefixFor(s string, w int) (n, width int) {
	for n < len(s) {
		size, cells := cluster(s[n:])
		if width+cells > w {
			break
		}
		n, width = n+size, width+cells
	}
	return n, width
}

// cluster measures the first cluster of clean text.
func cluster(s string) (size, width int) {
	var c scanner
	p := c.next(s)
	size, width = p.n, p.width
	for size < len(s) {
		if p = c.next(s[size:]); !p.joins {
			break
		}
		size, width = size+p.n, width+p.width
	}
	return size, width
}

// Wrap breaks the text into lines of at most w cells: after a space where a
// line holds one and the break would fall into a word, else between any two
// clusters. No cell is lost: the lines joined are the text again, so that a
// column of the text is found by adding up widths; only a cluster wider than a
// whole line becomes …. Empty text is one empty line. Hidden stays with the
// first line. It panics when w is below 1.
func (d Display) Wrap(w int) []Display {
	if w < 1 {
		panic("feed: Wrap to no width")
	}
	if d.width <= w {
		return []Display{d}
	}
	lines := make([]Display, 0, d.width/w+1)
	rest, hidden := d, d.hidden
	for rest.width > w {
		n, width := prefixFor(rest.s, w)
		if n == 0 {
			size, cells := cluster(rest.s)
			lines = append(lines, Display{s: ellipsis(), width: 1})
			rest = Display{s: rest.s[size:], width: rest.width - cells}
			continue
		}
		n, width = wordBreak(rest.s, n, width)
		lines = append(lines, Display{s: rest.s[:n], width: width})
		rest = Display{s: rest.s[n:], width: rest.width - width}
	}
	if rest.s != "" {
		rest.hidden = 0
		lines = append(lines, rest)
	}
	lines[0].hidden = hidden
	return lines
}

// wordBreak moves a break at n, width cells in, back behind the last space when
// it would fall between two letters of a spaced script.
func wordBreak(s string, n, width int) (int, int) {
	inWord := n < len(s) && wordByte(s[n-1]) && wordByte(s[n])
	space := strings.LastIndexByte(s[:n], ' ')
	if !inWord || space < 0 {
		return n, width
	}
	n = space + 1
	_, width = prefixFor(s[:n], width)
	return n, width
}

func wordByte(b byte) bool {
	return 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z' || '0' <= b && b <= '9' ||
		b == '_' || b == '\'' || b == '.' || b == ','
}

// Columns tells where the runes [start, end) of raw stand in Sanitise(raw):
// from the cell from up to, not including, the cell to. Both are moved outward
// to whole clusters; runes that are not shown take no cell. Indices beyond the
// text mean its end, and a byte that is not UTF-8 counts as one rune.
func Columns(raw string, start, end int) (from, to int) {
	var c scanner
	at, col, clusterAt := 0, 0, 0
	from, to = -1, -1
	for i := 0; i < len(raw); {
		p := c.next(raw[i:])
		if !p.joins && !p.hidden {
			if to < 0 && at >= end {
				to = col
			}
			clusterAt = col
		}
		runes := utf8.RuneCountInString(raw[i : i+p.n])
		if from < 0 && at+runes > start {
			from = clusterAt
			if p.hidden {
				from = col
			}
		}
		at, col, i = at+runes, col+p.width, i+p.n
	}
	if from < 0 {
		from = col
	}
	if to < 0 {
		to = col
	}
	return from, max(from, to)
}
