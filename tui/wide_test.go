package tui

import (
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/width"

	"liveroom/feed"
	"liveroom/tui/text"
)

// wideTerminal makes text count as on a terminal that draws ambiguous characters
// two cells wide.
func wideTerminal(t *testing.T) {
	t.Helper()
	feed.AmbiguousWide(true)
	t.Cleanup(func() { feed.AmbiguousWide(false) })
}

// widest is the most cells that any terminal takes for a text.
func widest(s string) (n int) {
	for _, r := range s {
		switch width.LookupRune(r).Kind() {
		case width.EastAsianAmbiguous, width.EastAsianFullwidth, width.EastAsianWide:
			n += 2
		default:
			if !unicode.In(r, unicode.Mn, unicode.Me) {
				n++
			}
		}
	}
	return n
}

// TestNoRowIsTooLongOnAWideTerminal: counted by another library, with every
// ambiguous character two cells wide, no piece of a row reaches into the next
// pane, whatever is open. On a terminal that draws them narrow the rows are
// shorter, and the panes stand in their columns all the same.
func TestNoRowIsTooLongOnAWideTerminal(t *testing.T) {
	wideTerminal(t)
	for _, size := range [][2]int{{60, 20}, {80, 24}, {160, 50}, {240, 70}} {
		for _, lang := range text.Langs {
			s := newStage(t, lang, size[0], size[1])
			s.update(scene())
			for _, key := range []string{"", "?", "esc", ":", "esc", "c", "esc", "2", "m", "esc", "1", "/", "text:①②③→…", "esc", "y", "tab", "tab", "tab", "f"} {
				if key != "" {
					s.press(key)
				}
				for y, row := range strings.Split(s.m.View(), "\n") {
					at := 0
					for _, piece := range splitColumns(row) {
						if piece.at < at {
							t.Fatalf("%v %s after %q: row %d is over its column by %d: %q", size, lang, key, y, at-piece.at, row)
						}
						at = piece.at + widest(ansiCodes.ReplaceAllString(piece.s, ""))
					}
					if at > size[0]-1 {
						t.Fatalf("%v %s after %q: row %d is %d wide: %q", size, lang, key, y, at, ansiCodes.ReplaceAllString(row, ""))
					}
				}
			}
		}
	}
}

// TestTheCursorCountsWideCharacters: it stands behind what was typed, as the
// terminal counts it.
func TestTheCursorCountsWideCharacters(t *testing.T) {
	for _, c := range []struct {
		wide bool
		want int
	}{{false, 2 + 4 + 1}, {true, 2 + 4 + 2}} {
		feed.AmbiguousWide(c.wide)
		s := newStage(t, text.ZH, 120, 40)
		s.update(scene())
		s.press(":", "text:羊绒①")
		s.m.View()
		if col := int(s.m.caret.Load()&0xffffffff) - 1; col != c.want {
			t.Errorf("wide %v: the cursor stands in column %d, want %d", c.wide, col, c.want)
		}
	}
	feed.AmbiguousWide(false)
}
