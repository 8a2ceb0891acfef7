package tui

import (
	"fmt"
	"slices"
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
	show := func(name string, w, h int, l layout, focus pane, zoom bool, banners int) {
		b.WriteString(name + "\n" + drawLayout(lay(w, h, l, focus, zoom, banners, [paneCount]int{})) + "\n")
	}
	for p := pane(0); p < paneCount; p++ {
		fmt.Fprintf(&b, "%c %s  ", 'A'+int(p), paneKeys[p])
	}
	b.WriteString("\n\n")
	for v := range viewCount {
		for _, size := range [][2]int{{80, 24}, {120, 40}, {160, 50}, {240, 70}} {
			w, h := size[0], size[1]
			show(fmt.Sprintf("%s %dx%d", viewKeys[v], w, h), w, h, plans[v][classOf(w, h)], firstFocus[v], false, 0)
		}
	}
	small, medium, large := plans[viewLive][classSmall], plans[viewLive][classMedium], plans[viewLive][classLarge]
	show("live 80x24, focus on chat, two banners", 80, 24, small, paneChat, false, 2)
	show("live 120x40, focus on cases", 120, 40, medium, paneCases, false, 0)
	show("live 160x50, chat zoomed", 160, 50, large, paneChat, true, 0)
	show("live 60x12", 60, 12, small, paneDetail, false, 0)
	show("live as for 160x50, at 50x20", 50, 20, large, paneFlags, false, 0)
	golden(t, "layouts.txt", b.String())
}

// arrangedBy draws what a person did to a plan, key by key, at one size.
func arrangedBy(keys string, l layout, w, h int, p pane) (layout, pane) {
	for _, key := range keys {
		s := lay(w, h, l, p, false, 0, [paneCount]int{})
		switch key {
		case '>':
			l, _ = l.widen(s, p, columnStep)
		case '<':
			l, _ = l.widen(s, p, -columnStep)
		case '+':
			l, _ = l.heighten(s, p, 1)
		case '-':
			l, _ = l.heighten(s, p, -1)
		case 'S':
			l, _ = l.swap(p)
		case 'H':
			if out, ok := l.unfold(s, p); ok {
				l = out
			} else {
				l, p, _ = l.fold(s, p)
			}
		case 't':
			p = neighbour(l.panes(), p, 1)
		}
	}
	return l, p
}

// TestArranging draws what keys make of a layout.
func TestArranging(t *testing.T) {
	var b strings.Builder
	for _, c := range []struct {
		name, keys string
		focus      pane
	}{
		{"live 160x50 as planned", "", paneFlags},
		{"flags wider by 12 cells", ">>>>>>", paneFlags},
		{"cases wider: the last column takes from the left", ">>>>>>>>>>", paneCases},
		{"chat as narrow as can be", strings.Repeat("<", 60), paneChat},
		{"flags taller by 8 rows", "++++++++", paneFlags},
		{"detail as low as can be", strings.Repeat("-", 60), paneDetail},
		{"speech swapped with chat", "S", paneSpeech},
		{"cases swapped round to the first place", "S", paneCases},
		{"detail folded into the place of flags", "H", paneDetail},
		{"and given back", "HtH", paneDetail},
		{"flags alone in their column: detail folded, then flags with it", "HH", paneDetail},
	} {
		l, focus := arrangedBy(c.keys, plans[viewLive][classLarge], 160, 50, c.focus)
		b.WriteString(c.name + "\n" + drawLayout(lay(160, 50, l, focus, false, 0, [paneCount]int{})) + "\n")
	}
	golden(t, "arranged.txt", b.String())
}

// TestLayoutHolds says what is true of every layout, whatever a person did to it
// and at whatever size it is shown: the body is tiled without hole or overlap,
// the last column stays free, every pane has one place, the pane in focus is
// seen, and each cell is told apart as it is drawn.
func TestLayoutHolds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := view(rapid.IntRange(0, int(viewCount)-1).Draw(t, "view"))
		c := class(rapid.IntRange(0, int(classCount)-1).Draw(t, "class"))
		plan := plans[v][c]
		at := rapid.SampledFrom(plan.panes())
		w, h := rapid.IntRange(30, 300).Draw(t, "arranged at width"), rapid.IntRange(8, 100).Draw(t, "arranged at height")
		l := plan
		for range rapid.IntRange(0, 12).Draw(t, "changes") {
			keys := rapid.StringOfN(rapid.SampledFrom([]rune("<>+-SHt")), 1, 8, -1).Draw(t, "keys")
			l, _ = arrangedBy(keys, l, w, h, at.Draw(t, "pane"))
		}
		l = arranged(l.arrangement(), plan)
		w, h = rapid.IntRange(0, 300).Draw(t, "w"), rapid.IntRange(0, 100).Draw(t, "h")
		heads := rapid.IntRange(0, maxBanners+maxTimeline).Draw(t, "heads")
		focus := at.Draw(t, "focus")
		s := lay(w, h, l, focus, false, heads, [paneCount]int{})
		if len(s.Columns) == 0 {
			if w >= minWidth && h >= minHeight+maxBanners+maxTimeline {
				t.Fatalf("no layout for %dx%d", w, h)
			}
			return
		}
		tiled(t, s, h, heads)
		seen := map[pane]int{}
		for _, p := range s.panes() {
			seen[p]++
		}
		for p := pane(0); p < paneCount; p++ {
			if want := 1; v.holds(p) && seen[p] != want || !v.holds(p) && seen[p] != 0 {
				t.Fatalf("%s has %d places in %s", paneKeys[p], seen[p], viewKeys[v])
			}
		}
		if _, _, ok := s.find(focus); !ok {
			t.Fatal("the pane in focus is hidden")
		}
		told(t, s)
	})
}

// tiled fails where the columns and places do not fill the body.
func tiled(t *rapid.T, s screen, h, heads int) {
	x := 0
	for _, c := range s.Columns {
		if c.X != x || c.W < 1 {
			t.Fatalf("column at %d, %d wide, want it at %d", c.X, c.W, x)
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
	if x-1 != s.W {
		t.Fatalf("columns end at %d on a screen of %d", x-1, s.W)
	}
}

// told fails where a cell is told as another than it is drawn as.
func told(t *rapid.T, s screen) {
	for y := range s.H {
		for x := range s.W + 1 {
			got := s.hit(x, y)
			if want := drawn(s, x, y); got != want {
				t.Fatalf("%d,%d is %+v, want %+v", x, y, got, want)
			}
		}
	}
}

// drawn finds by looking at every rectangle what stands at a cell.
func drawn(s screen, x, y int) hit {
	switch {
	case x >= s.W:
		return hit{x: x}
	case y == 0:
		return hit{kind: hitStatus, x: x}
	case y <= s.Heads:
		return hit{kind: hitHead, x: x, row: y - 1}
	case y == s.H-2:
		return hit{kind: hitNotice, x: x}
	case y == s.H-1:
		return hit{kind: hitFooter, x: x}
	}
	for i, c := range s.Columns {
		if x == c.X-1 {
			return hit{kind: hitRule, col: i - 1, x: x}
		}
		for k, sl := range c.Slots {
			if x < c.X || x >= c.X+c.W || y < sl.Y || y >= sl.Y+sl.H {
				continue
			}
			if y == sl.Y {
				return hit{kind: hitTitle, col: i, at: k, pane: sl.Shown, x: x - c.X}
			}
			return hit{kind: hitRow, col: i, at: k, pane: sl.Shown, x: x - c.X, row: y - sl.Y - 1}
		}
	}
	return hit{}
}

// TestFoldingTwiceGivesBack: the key that takes a pane away gives it back its
// place in the order.
func TestFoldingTwiceGivesBack(t *testing.T) {
	plan := plans[viewLive][classLarge]
	for _, p := range plan.panes() {
		l, next := arrangedBy("H", plan, 160, 50, p)
		if next == p {
			t.Fatalf("%s cannot be folded", paneKeys[p])
		}
		l, _ = arrangedBy("H", l, 160, 50, next)
		if !slices.Equal(l.panes(), plan.panes()) {
			t.Errorf("%s folded and unfolded: %v, want %v", paneKeys[p], l.panes(), plan.panes())
		}
	}
}

// TestOldArrangements: what another version of the program kept is made whole.
func TestOldArrangements(t *testing.T) {
	plan := plans[viewLive][classMedium]
	for _, tt := range []struct {
		name string
		kept Arrangement
		want string
	}{
		{"nothing", nil, plan.names()},
		{"nothing known", Arrangement{{50, []ArrangedPlace{{50, []string{"horoscope", ""}}}}}, plan.names()},
		{"a pane twice, and one that came later", Arrangement{
			{70, []ArrangedPlace{{50, []string{"chat", "speech", "chat"}}}},
			{-5, []ArrangedPlace{{0, []string{"flags", "orders"}}, {1 << 40, []string{"product", "detail"}}}},
		}, "70[50 chat speech] 1[1 flags orders complaints cases][10000 product detail]"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := arranged(tt.kept, plan).names(); got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
		})
	}
}

// names writes a layout in one line.
func (l layout) names() string {
	var b strings.Builder
	for i, c := range l.arrangement() {
		if i > 0 {
			b.WriteString(" ")
		}
		fmt.Fprint(&b, c.Share)
		for _, p := range c.Places {
			fmt.Fprintf(&b, "[%d %s]", p.Share, strings.Join(p.Panes, " "))
		}
	}
	return b.String()
}

// TestEveryPaneIsReached walks with tab and with h and l.
func TestEveryPaneIsReached(t *testing.T) {
	for _, size := range sizes {
		for v := view(0); v < viewCount; v++ {
			l := plans[v][classOf(size[0], size[1])]
			reached := map[pane]bool{firstFocus[v]: true}
			for range 4 * int(paneCount) {
				for p := range reached {
					s := lay(size[0], size[1], l, p, false, 0, [paneCount]int{})
					reached[s.beside(p, 1)] = true
					reached[neighbour(s.panes(), p, 1)] = true
				}
			}
			if len(reached) != len(l.panes()) {
				t.Errorf("%v %s: only %v can be reached", size, viewKeys[v], reached)
			}
		}
	}
}
