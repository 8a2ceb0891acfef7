package tui

import (
	"bytes"
	"strings"
	"testing"

	"github.com/hinshun/vt10x"
	"pgregory.net/rapid"

	"liveroom/tui/text"
)

// shownBy is what a terminal shows of frames written one after another: each
// cell's character, and its looks where they show.
func shownBy(t interface{ Fatal(...any) }, w, h int, frames ...[]byte) string {
	term := vt10x.New(vt10x.WithSize(w, h))
	for _, f := range frames {
		if _, err := term.Write(f); err != nil {
			t.Fatal(err)
		}
	}
	var b strings.Builder
	for y := range h {
		for x := range w {
			c := term.Cell(x, y)
			if c.Char == 0 {
				c.Char = ' '
			}
			const showsBlank = 1 | 2 // reversed and underlined, as vt10x numbers them
			if c.Char == ' ' && c.Mode&showsBlank == 0 {
				c.FG, c.Mode = vt10x.DefaultFG, 0
			}
			b.WriteString(string(c.Char))
			if c.FG != vt10x.DefaultFG || c.BG != vt10x.DefaultBG || c.Mode != 0 {
				b.WriteString("<" + string(rune(c.FG)) + string(rune(c.BG)) + string(rune(c.Mode)) + ">")
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func squeezed(frame []byte) []byte {
	var out bytes.Buffer
	squeeze(&out, frame)
	return out.Bytes()
}

// rowsOf is a view as the framework writes it: home, each row and what is right
// of it erased.
func rowsOf(view string) []byte {
	return []byte("\x1b[H" + strings.ReplaceAll(view, "\n", "\x1b[K\r\n") + "\x1b[K\x1b[50;1H")
}

func TestSqueezedFramesLookTheSame(t *testing.T) {
	s := newStage(t, text.ZH, 160, 50)
	s.update(hostileScene("一句 \x1b[31m话"))
	var plain, small [][]byte
	sizes := [2]int{}
	for _, key := range []string{"", "j", "tab", "2", "1", ":", "esc", "?"} {
		if key != "" {
			s.press(key)
		}
		f := rowsOf(s.m.View())
		plain, small = append(plain, f), append(small, squeezed(f))
		sizes[0] += len(f)
		sizes[1] += len(small[len(small)-1])
		if shownBy(t, 160, 50, plain...) != shownBy(t, 160, 50, small...) {
			t.Fatalf("after %q the screen looks different", key)
		}
	}
	t.Logf("%d bytes became %d", sizes[0], sizes[1])
	if sizes[1]*10 > sizes[0]*9 {
		t.Errorf("%d bytes became %d only", sizes[0], sizes[1])
	}
}

// TestAnythingSqueezedLooksTheSame: of whatever rows, looks and blanks.
func TestAnythingSqueezedLooksTheSame(t *testing.T) {
	pieces := []string{
		" ", "     ", "            ", "字", "a", "word", "é", reset, "\x1b[m", "\x1b[1m", "\x1b[2m", "\x1b[38;5;221m", "\x1b[48;5;237m", "\x1b[4m", "\x1b[7m",
		"\x1b[31m", "\x1b[38;2;1;2;3m", "\x1b[44m",
	}
	rapid.Check(t, func(t *rapid.T) {
		frame := func(n int) []byte {
			var b strings.Builder
			b.WriteString("\x1b[H")
			for range rapid.IntRange(0, n).Draw(t, "rows") {
				skipped := rapid.Bool().Draw(t, "skipped")
				halves := []string{eraseLine, "\x1b[41G"}
				if rapid.Bool().Draw(t, "whole") { // a row without columns, as the first and the last are
					halves = []string{""}
				}
				if !skipped {
					for _, half := range halves {
						b.WriteString(half)
						for _, p := range rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 4).Draw(t, "pieces") {
							b.WriteString(p)
						}
						b.WriteString(reset)
					}
					b.WriteString(eraseLine + "\r")
				}
				b.WriteByte('\n')
			}
			return []byte(b.String())
		}
		var plain, small [][]byte
		for range 3 {
			f := frame(4)
			plain, small = append(plain, f), append(small, squeezed(f))
			if len(small[len(small)-1]) > len(f)+4*len("\x1b[m\x1b[K") {
				t.Fatalf("%q grew to %q", f, small[len(small)-1])
			}
		}
		if was, is := shownBy(t, 90, 6, plain...), shownBy(t, 90, 6, small...); was != is {
			t.Fatalf("%q and squeezed %q look different:\n%s\n%s", plain, small, was, is)
		}
	})
}
