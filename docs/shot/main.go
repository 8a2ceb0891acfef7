// Command shot turns a terminal's screen, as `tmux capture-pane -e -p` prints
// it, into an SVG picture. It is how the pictures of the README are made from a
// real run.
package main

import (
	"bufio"
	"fmt"
	"html"
	"io"
	"log"
	"os"
	"strconv"
	"strings"
	"unicode"

	"liveroom/feed"
)

// The size of a cell in the picture. A Han character takes two cells.
const (
	cellWidth  = 8
	cellHeight = 17
	margin     = 12
	background = "#16181d"
	foreground = "#d6d9e0"
)

func main() {
	if err := draw(os.Stdin, os.Stdout); err != nil {
		log.Fatal(err)
	}
}

// style is what the colour codes have set so far.
type style struct {
	fg, bg                         string
	bold, dim, underline, inverted bool
}

// A span is a run of cells in one style.
type span struct {
	style
	text       string
	col, width int
}

func draw(r io.Reader, w io.Writer) error {
	var rows [][]span
	cols := 0
	scan := bufio.NewScanner(r)
	for scan.Scan() {
		row := parse(scan.Text())
		if n := len(row); n > 0 {
			cols = max(cols, row[n-1].col+row[n-1].width)
		}
		rows = append(rows, row)
	}
	if err := scan.Err(); err != nil {
		return fmt.Errorf("read screen: %w", err)
	}
	out := bufio.NewWriter(w)
	width, height := cols*cellWidth+2*margin, len(rows)*cellHeight+2*margin
	fmt.Fprintf(out, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" font-family="'Noto Sans Mono CJK SC','Noto Sans Mono',Menlo,Consolas,monospace" font-size="13">`+"\n", width, height, width, height)
	fmt.Fprintf(out, `<rect width="100%%" height="100%%" rx="6" fill="%s"/>`+"\n", background)
	for i, row := range rows {
		for _, s := range row {
			s.draw(out, margin+i*cellHeight)
		}
	}
	fmt.Fprintln(out, "</svg>")
	return out.Flush()
}

func (s span) draw(w io.Writer, top int) {
	fg, bg := s.fg, s.bg
	if fg == "" {
		fg = foreground
	}
	if s.inverted {
		fg, bg = orDefault(bg, background), fg
	}
	x, width := margin+s.col*cellWidth, s.width*cellWidth
	if bg != "" {
		fmt.Fprintf(w, `<rect x="%d" y="%d" width="%d" height="%d" fill="%s"/>`+"\n", x, top, width, cellHeight, bg)
	}
	if strings.TrimSpace(s.text) == "" {
		return
	}
	extra := ""
	if s.bold {
		extra += ` font-weight="bold"`
	}
	if s.dim {
		extra += ` opacity="0.6"`
	}
	if s.underline {
		extra += ` text-decoration="underline"`
	}
	fmt.Fprintf(w, `<text x="%d" y="%d" fill="%s" textLength="%d" lengthAdjust="spacingAndGlyphs" xml:space="preserve"%s>%s</text>`+"\n",
		x, top+cellHeight-4, fg, width, extra, html.EscapeString(s.text))
}

func orDefault(s, def string) string {
	if s == "" {
		return def
	}
	return s
}

// parse splits a captured row into spans; the only escapes in it are colours.
func parse(line string) []span {
	var row []span
	var now style
	col := 0
	for line != "" {
		if rest, ok := strings.CutPrefix(line, "\x1b["); ok {
			end := strings.IndexFunc(rest, unicode.IsLetter)
			if end < 0 {
				return row
			}
			if rest[end] == 'm' {
				now = now.apply(rest[:end])
			}
			line = rest[end+1:]
			continue
		}
		end := strings.IndexByte(line, '\x1b')
		if end == 0 {
			line = line[1:]
			continue
		}
		if end < 0 {
			end = len(line)
		}
		for _, text := range byWidth(line[:end]) {
			width := feed.Sanitise(text).Width()
			row = append(row, span{style: now, text: text, col: col, width: width})
			col += width
		}
		line = line[end:]
	}
	return row
}

// byWidth cuts text where narrow and wide characters meet: a font's widths are
// only even within one kind.
func byWidth(text string) []string {
	var parts []string
	start, wide := 0, false
	for i, r := range text {
		w := feed.Sanitise(string(r)).Width() > 1
		if i > start && w != wide {
			parts = append(parts, text[start:i])
			start = i
		}
		wide = w
	}
	return append(parts, text[start:])
}

var basic = [16]string{
	"#3b4048", "#e06c75", "#98c379", "#e5c07b", "#61afef", "#c678dd", "#56b6c2", "#abb2bf",
	"#6b7280", "#ff7a85", "#b5e08f", "#ffd787", "#82c4ff", "#dd9bf0", "#7fd6e0", "#ffffff",
}

func (s style) apply(codes string) style {
	list := strings.FieldsFunc(codes, func(r rune) bool { return r == ';' || r == ':' })
	if len(list) == 0 {
		return style{}
	}
	for i := 0; i < len(list); i++ {
		n, _ := strconv.Atoi(list[i])
		switch {
		case n == 0:
			s = style{}
		case n == 1:
			s.bold = true
		case n == 2:
			s.dim = true
		case n == 4:
			s.underline = true
		case n == 7:
			s.inverted = true
		case n == 22:
			s.bold, s.dim = false, false
		case n == 24:
			s.underline = false
		case n == 27:
			s.inverted = false
		case n >= 30 && n <= 37:
			s.fg = basic[n-30]
		case n >= 90 && n <= 97:
			s.fg = basic[n-82]
		case n == 39:
			s.fg = ""
		case n >= 40 && n <= 47:
			s.bg = basic[n-40]
		case n >= 100 && n <= 107:
			s.bg = basic[n-92]
		case n == 49:
			s.bg = ""
		case n == 38 || n == 48:
			colour, used := extended(list[i+1:])
			i += used
			if n == 38 {
				s.fg = colour
			} else {
				s.bg = colour
			}
		}
	}
	return s
}

// extended reads what follows 38 or 48: 5;N or 2;R;G;B.
func extended(list []string) (colour string, used int) {
	num := func(i int) int {
		if i >= len(list) {
			return 0
		}
		n, _ := strconv.Atoi(list[i])
		return n
	}
	switch num(0) {
	case 2:
		return fmt.Sprintf("#%02x%02x%02x", num(1), num(2), num(3)), 4
	case 5:
		return indexed(num(1)), 2
	default:
		return "", len(list)
	}
}

// indexed is a colour of the 256-colour table.
func indexed(n int) string {
	switch {
	case n < 16:
		return basic[n]
	case n >= 232:
		v := 8 + 10*(n-232)
		return fmt.Sprintf("#%02x%02x%02x", v, v, v)
	default:
		level := func(v int) int {
			if v == 0 {
				return 0
			}
			return 55 + 40*v
		}
		n -= 16
		return fmt.Sprintf("#%02x%02x%02x", level(n/36), level(n/6%6), level(n%6))
	}
}
