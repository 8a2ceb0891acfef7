package tui

import (
	"strings"
	"unicode"
	"unicode/utf8"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/rivo/uniseg"

	"liveroom/feed"
)

// input is one line of text being typed. The cursor moves by what a person
// sees as one character.
type input struct {
	before []string // clusters left of the cursor
	after  []string // clusters right of it, in order
}

// inputCap bounds what can be typed or pasted.
const inputCap = 2000

func newInput(s string) input { return input{before: clusters(s)} }

func (in *input) value() string { return strings.Join(in.before, "") + strings.Join(in.after, "") }

func clusters(s string) []string {
	var out []string
	for g := uniseg.NewGraphemes(s); g.Next(); {
		out = append(out, g.Str())
	}
	return out
}

// key edits the line; it tells whether the key was of use.
func (in *input) key(msg tea.KeyMsg) bool {
	switch msg.Type {
	case tea.KeyRunes, tea.KeySpace:
		if msg.Alt {
			return false
		}
		in.insert(string(msg.Runes))
	case tea.KeyBackspace:
		in.before = cutLast(in.before)
	case tea.KeyDelete, tea.KeyCtrlD:
		if len(in.after) > 0 {
			in.after = in.after[1:]
		}
	case tea.KeyLeft, tea.KeyCtrlB:
		if n := len(in.before); n > 0 {
			in.after = append([]string{in.before[n-1]}, in.after...)
			in.before = in.before[:n-1]
		}
	case tea.KeyRight, tea.KeyCtrlF:
		if len(in.after) > 0 {
			in.before = append(in.before, in.after[0])
			in.after = in.after[1:]
		}
	case tea.KeyHome, tea.KeyCtrlA:
		in.after = append(in.before, in.after...)
		in.before = nil
	case tea.KeyEnd, tea.KeyCtrlE:
		in.before = append(in.before, in.after...)
		in.after = nil
	case tea.KeyCtrlU:
		in.before = nil
	case tea.KeyCtrlK:
		in.after = nil
	case tea.KeyCtrlW:
		in.cutWord()
	default:
		return false
	}
	return true
}

// insert takes text in at the cursor; line breaks become spaces and other
// controls are left out, wherever it was pasted from.
func (in *input) insert(s string) {
	if !utf8.ValidString(s) || len(in.before)+len(in.after) > inputCap {
		return
	}
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == '\r':
			return ' '
		case unicode.IsControl(r):
			return -1
		}
		return r
	}, s)
	in.before = clusters(strings.Join(in.before, "") + s)
	in.before = in.before[:min(len(in.before), inputCap)]
}

func (in *input) cutWord() {
	for n := len(in.before); n > 0 && in.before[n-1] == " "; n-- {
		in.before = in.before[:n-1]
	}
	for n := len(in.before); n > 0 && in.before[n-1] != " "; n-- {
		in.before = in.before[:n-1]
	}
}

func cutLast(s []string) []string {
	if len(s) == 0 {
		return s
	}
	return s[:len(s)-1]
}

// view is the stretch of the line that fits into w cells, and the cursor's
// column in it.
func (in *input) view(w int) (shown feed.Display, col int) {
	head := feed.Sanitise(strings.Join(in.before, ""))
	for head.Width() >= w {
		_, head = head.Cut(max(head.Width()-w/2, 1))
	}
	whole := feed.Sanitise(head.String() + strings.Join(in.after, ""))
	if whole.Width() > w {
		whole, _ = whole.Cut(w)
	}
	return whole, head.Width()
}

// put draws the line with the character at the cursor underlined: the place
// must also be seen where the hardware cursor is not, and a frame must differ
// when only the cursor moved.
func (in *input) put(th *theme, row *rowBuf, shown feed.Display, col int) {
	head, tail := shown.Cut(col)
	row.show(th.plain, head)
	if tail.Width() == 0 {
		row.own(th.cursor, " ")
		return
	}
	n := 1
	if len(in.after) > 0 {
		n = max(feed.Sanitise(in.after[0]).Width(), 1)
	}
	at, rest := tail.Cut(n)
	row.show(th.cursor, at).show(th.plain, rest)
}

// wrapped breaks the line into rows of w cells; x and y are the cursor's.
func (in *input) wrapped(w int) (rows []feed.Display, x, y int) {
	whole := feed.Sanitise(in.value())
	at := feed.Sanitise(strings.Join(in.before, "")).Width()
	rows = whole.Wrap(w)
	for y < len(rows)-1 && at >= rows[y].Width() {
		at -= rows[y].Width()
		y++
	}
	if at >= w {
		rows = append(rows, feed.Display{})
		y, at = y+1, 0
	}
	return rows, at, y
}
