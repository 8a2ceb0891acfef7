package tui

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// draw draws a layout at one character for four columns and one row for two.
func drawLayout(s screen) string {
	const dx, dy = 4, 2
	rows := make([][]rune, (s.H+dy-1)/dy)
	for y := range rows {
		rows[y] = []rune(strings.Repeat(".", (s.W+dx-1)/dx))
	}
	for _, c := range s.Columns {
		for _, sl := range c.Slots {
			letter := rune('A' + int(sl.Shown))
			for y := sl.Y; y < sl.Y+sl.H; y++ {
				for x := c.X; x < c.X+c.W; x++ {
					rows[y/dy][x/dx] = letter
				}
			}
		}
	}
	var b strings.Builder
	for _, r := range rows {
		b.WriteString(string(r) + "\n")
	}
	return b.String()
}

func TestLayouts(t *testing.T) {
	var b strings.Builder
	show := func(name string, w, h int, v view, focus pane, zoom bool, banners int) {
		b.WriteString(name + "\n" + drawLayout(lay(w, h, v, focus, zoom, banners, [paneCount]int{})) + "\n")
	}
	b.WriteString("A flags  B detail  C product  D speech  E chat  F orders  G complaints  H cases\n\n")
	show("live 80x24", 80, 24, viewLive, paneFlags, false, 0)
	show("live 80x24, focus on chat, two banners", 80, 24, viewLive, paneChat, false, 2)
	show("live 120x40", 120, 40, viewLive, paneFlags, false, 0)
	show("live 120x40, focus on cases", 120, 40, viewLive, paneCases, false, 0)
	show("live 200x60", 200, 60, viewLive, paneFlags, false, 0)
	show("live 200x60, chat zoomed", 200, 60, viewLive, paneChat, true, 0)
	show("live 60x12", 60, 12, viewLive, paneDetail, false, 0)
	show("cases 80x24", 80, 24, viewCases, paneCases, false, 0)
	show("cases 120x40", 120, 40, viewCases, paneCases, false, 0)
	show("cases 200x60", 200, 60, viewCases, paneCases, false, 0)
	golden(t, "layouts.txt", b.String())
}

// TestLayoutHolds says what is true of every layout: the body is tiled without
// hole or overlap, the last column stays free, every pane has one place, and
// the pane in focus is seen.
func TestLayoutHolds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, h := rapid.IntRange(0, 300).Draw(t, "w"), rapid.IntRange(0, 100).Draw(t, "h")
		v := view(rapid.IntRange(0, int(viewCount)-1).Draw(t, "view"))
		heads := rapid.IntRange(0, maxBanners+timelineHeight).Draw(t, "heads")
		focus := pane(rapid.IntRange(0, int(paneCount)-1).Draw(t, "focus"))
		s := lay(w, h, v, focus, false, heads, [paneCount]int{})
		if len(s.Columns) == 0 {
			if w >= minWidth && h >= minHeight+maxBanners+timelineHeight {
				t.Fatalf("no layout for %dx%d", w, h)
			}
			return
		}
		x := 0
		for _, c := range s.Columns {
			if c.X != x {
				t.Fatalf("column at %d, want %d", c.X, x)
			}
			x += c.W + 1
			y := bodyTop + heads
			for _, sl := range c.Slots {
				if sl.Y != y || sl.H < 1 {
					t.Fatalf("slot at row %d, %d high; want row %d", sl.Y, sl.H, y)
				}
				y += sl.H
			}
			if y != h-footerHeight {
				t.Fatalf("column ends at row %d of %d", y, h)
			}
		}
		if x-1 != w-1 {
			t.Fatalf("columns end at %d on a terminal of %d", x-1, w)
		}
		seen := map[pane]int{}
		for _, p := range s.panes() {
			seen[p]++
		}
		for p := pane(0); p < paneCount; p++ {
			if seen[p] != 1 {
				t.Fatalf("pane %d has %d places", p, seen[p])
			}
		}
		if _, _, ok := s.find(focus); !ok {
			t.Fatal("the pane in focus is hidden")
		}
	})
}

// TestEveryPaneIsReached walks with tab and with h and l.
func TestEveryPaneIsReached(t *testing.T) {
	for _, size := range sizes {
		for v := view(0); v < viewCount; v++ {
			reached := map[pane]bool{paneFlags: true}
			for range 4 * int(paneCount) {
				for p := range reached {
					s := lay(size[0], size[1], v, p, false, 0, [paneCount]int{})
					reached[s.beside(p, 1)] = true
					reached[neighbour(s.panes(), p, 1)] = true
				}
			}
			if len(reached) != int(paneCount) {
				t.Errorf("%v view %d: only %v can be reached", size, v, reached)
			}
		}
	}
}
