package tui

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"github.com/muesli/termenv"

	"liveroom/tui/text"
)

var (
	sgr    = regexp.MustCompile(`\x1b\[([0-9;]*)m`)
	colour = regexp.MustCompile(`^(3[0-8]|4[0-8]|9[0-7]|10[0-7])(;|$)`)
)

// codes lists the different looks of a view.
func codes(view string) map[string]bool {
	out := map[string]bool{}
	for _, c := range sgr.FindAllStringSubmatch(view, -1) {
		out[c[1]] = true
	}
	return out
}

func TestNoColour(t *testing.T) {
	s := newStage(t, text.ZH, 120, 40)
	s.update(scene())
	for c := range codes(s.m.View()) {
		if colour.MatchString(c) {
			t.Errorf("NO_COLOR draws with %q", c)
		}
	}
	t.Setenv("NO_COLOR", "1")
	if th := detectTheme(&bytes.Buffer{}, false); colour.MatchString(strings.TrimSuffix(strings.TrimPrefix(th.wrong.on, "\x1b[1m\x1b["), "m")) {
		t.Errorf("with NO_COLOR set what is wrong is drawn by %q", th.wrong.on)
	}
}

// TestThemes draws the same text by every theme: looks differ, words do not.
func TestThemes(t *testing.T) {
	var want string
	for _, c := range []struct {
		name    string
		profile termenv.Profile
		dark    bool
	}{
		{"none", termenv.Ascii, true},
		{"16 dark", termenv.ANSI, true},
		{"16 light", termenv.ANSI, false},
		{"256 dark", termenv.ANSI256, true},
		{"256 light", termenv.ANSI256, false},
		{"true dark", termenv.TrueColor, true},
	} {
		s := newStage(t, text.ZH, 120, 40)
		s.m.th = newTheme(c.profile, c.dark)
		s.update(scene())
		if want == "" {
			want = s.plain()
		}
		if got := s.plain(); got != want {
			t.Errorf("%s: the words differ:\n%s", c.name, got)
		}
		for code := range codes(s.m.View()) {
			if c.profile == termenv.ANSI && strings.HasPrefix(code, "38;") {
				t.Errorf("%s: draws with %q", c.name, code)
			}
		}
	}
}

// TestMeaningHasASign holds every coloured meaning to a sign or a word beside
// it: without colours the same must be told.
func TestMeaningHasASign(t *testing.T) {
	s := newStage(t, text.ZH, 120, 40)
	s.update(scene())
	s.has("▲高", "△中", "▵低", "● 直播中", "▲1将超时", "记录 ✓", "▲20:01:34", "▒20:06:20", "⚑")
	if !strings.Contains(s.m.View(), "\x1b[4m百分之百纯羊毛 一点化纤都没有") {
		t.Error("suspicious words are not underlined")
	}
}
