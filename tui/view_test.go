package tui

import (
	"flag"
	"fmt"
	"strings"
	"testing"

	"github.com/rivo/uniseg"

	"liveroom/tui/text"
)

var updateGoldens = flag.Bool("update", false, "write the goldens and docs/keys.md anew")

var sizes = [][2]int{{80, 24}, {120, 40}, {160, 50}, {240, 70}}

// narrow fails where a row is wider than the terminal less its last column.
func (s *stage) narrow() {
	s.t.Helper()
	rows := strings.Split(s.m.View(), "\n")
	if len(rows) != s.m.h {
		s.t.Errorf("%d rows on a terminal of %d", len(rows), s.m.h)
	}
	for y, row := range rows {
		row = ansiCodes.ReplaceAllString(row, "")
		if w := cells(row); w > s.m.w-1 {
			s.t.Errorf("row %d is %d wide on a terminal of %d (uniseg says %d): %q", y, w, s.m.w, uniseg.StringWidth(row), row)
		}
	}
}

func TestViews(t *testing.T) {
	for _, lang := range text.Langs {
		for _, size := range sizes {
			name := fmt.Sprintf("%s-%dx%d", lang, size[0], size[1])
			t.Run(name, func(t *testing.T) {
				s := newStage(t, lang, size[0], size[1])
				s.narrow()
				golden(t, "empty-"+name+".txt", s.plain())
				s.update(scene())
				s.narrow()
				golden(t, "live-"+name+".txt", s.plain())
				s.press("2", "down")
				s.narrow()
				golden(t, "cases-"+name+".txt", s.plain())
				s.press("3", "down")
				s.narrow()
				golden(t, "review-"+name+".txt", s.plain())
				s.press("4")
				s.narrow()
				golden(t, "rooms-"+name+".txt", s.plain())
			})
		}
	}
}
