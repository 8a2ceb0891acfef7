package tui

import (
	"math"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/muesli/termenv"

	"liveroom/claims"
	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/tui/text"
)

type rgb [3]int

// indexed is a colour of the 256-colour table from 16 on.
func indexed(n int) rgb {
	if n >= 232 {
		v := 8 + 10*(n-232)
		return rgb{v, v, v}
	}
	level := func(v int) int {
		if v == 0 {
			return 0
		}
		return 55 + 40*v
	}
	n -= 16
	return rgb{level(n / 36), level(n / 6 % 6), level(n % 6)}
}

// contrast is WCAG 2.1's ratio of two colours.
func contrast(a, b rgb) float64 {
	luminance := func(c rgb) float64 {
		sum := 0.0
		for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
			v := float64(c[i]) / 255
			if v <= 0.03928 {
				v /= 12.92
			} else {
				v = math.Pow((v+0.055)/1.055, 2.4)
			}
			sum += weight * v
		}
		return sum
	}
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

var colourCode = regexp.MustCompile(`\x1b\[(38|48);5;(\d+)m`)

// TestColoursCanBeRead: every style of the theme, on the usual backgrounds of a
// dark and of a light terminal and on every row that the theme shades itself.
func TestColoursCanBeRead(t *testing.T) {
	for _, c := range []struct {
		dark bool
		on   []rgb
	}{
		{true, []rgb{{0, 0, 0}, {30, 30, 30}, {40, 44, 52}}},
		{false, []rgb{{255, 255, 255}, {250, 250, 250}, {253, 246, 227}}},
	} {
		for _, profile := range []termenv.Profile{termenv.ANSI256, termenv.TrueColor} {
			th := newTheme(profile, c.dark)
			grounds := c.on
			for _, st := range []style{th.pick, th.rest} {
				m := colourCode.FindStringSubmatch(st.on)
				if m == nil || m[1] != "48" {
					t.Fatalf("a selected row is shaded by %q", st.on)
				}
				n, _ := strconv.Atoi(m[2])
				grounds = append(grounds, indexed(n))
			}
			styles := reflect.ValueOf(*th)
			for i := range styles.NumField() {
				m := colourCode.FindStringSubmatch(styles.Field(i).Field(0).String())
				if m == nil || m[1] != "38" {
					continue
				}
				n, _ := strconv.Atoi(m[2])
				for _, g := range grounds {
					if r := contrast(indexed(n), g); r < 4.5 {
						t.Errorf("dark %v: %s (%d) on %v has a contrast of %.2f", c.dark, styles.Type().Field(i).Name, n, g, r)
					}
				}
			}
		}
	}
	if r := contrast(rgb{255, 255, 255}, rgb{}); math.Abs(r-21) > 0.01 {
		t.Errorf("white on black has %.2f", r)
	}
	if r := contrast(rgb{119, 119, 119}, rgb{255, 255, 255}); math.Abs(r-4.48) > 0.01 { // a known pair
		t.Errorf("#777 on white has %.2f", r)
	}
}

// TestSixteenColoursAreTheTerminals: only the codes that the terminal's own theme
// gives a look, and none that hides text on one of the backgrounds.
func TestSixteenColoursAreTheTerminals(t *testing.T) {
	for _, dark := range []bool{true, false} {
		styles := reflect.ValueOf(*newTheme(termenv.ANSI, dark))
		for i := range styles.NumField() {
			for _, code := range sgr.FindAllStringSubmatch(styles.Field(i).Field(0).String(), -1) {
				switch code[1] {
				case bold, faint, underline, reverse, strike, "31", "32", "33", "36":
				default:
					t.Errorf("%s is drawn with %q", styles.Type().Field(i).Name, code[1])
				}
			}
		}
	}
}

// TestEveryStateHasASign: without any colour no two states of a kind look alike.
func TestEveryStateHasASign(t *testing.T) {
	for _, lang := range text.Langs {
		s := newStage(t, lang, 160, 50)
		s.update(scene())
		m, r := s.m, s.m.here()
		kinds := map[string][]string{}
		add := func(kind, looks string) { kinds[kind] = append(kinds[kind], strings.TrimSpace(looks)) }
		for _, v := range []claims.Severity{claims.SeverityHigh, claims.SeverityMedium, claims.SeverityLow} {
			mark, _ := m.severity(v)
			add("severity", mark)
		}
		for _, v := range []moderation.Standing{moderation.StandingContradicted, moderation.StandingNotOnSheet, moderation.StandingSupported, moderation.StandingUnknown} {
			mark, _ := m.standing(v)
			add("standing", mark)
		}
		flag := func(change func(*moderation.Flag)) string {
			f := r.flags.get(12).v
			change(&f)
			return ansiCodes.ReplaceAllString(strings.Join(m.flagRows(r, &record[moderation.Flag]{id: 12, v: f}, 100, style{}, false), ""), "")
		}
		for _, v := range []moderation.FlagStatus{moderation.FlagOpen, moderation.FlagSnoozed, moderation.FlagConfirmed, moderation.FlagDismissed} {
			add("flag", flag(func(f *moderation.Flag) { f.Status, f.DecidedBy = v, "小林" }))
		}
		add("flag", flag(func(f *moderation.Flag) { f.Corrected = at(300) }))
		add("flag", flag(func(f *moderation.Flag) { f.Finding.ListenFirst = true }))
		for _, v := range []moderation.EffectStatus{moderation.EffectPending, moderation.EffectFailed} {
			r.effects[12] = moderation.Effect{Status: v}
			add("flag", flag(func(*moderation.Flag) {}))
		}
		delete(r.effects, 12)
		for _, d := range []time.Duration{-time.Minute, time.Minute, 2 * time.Hour} {
			left, _, mark := m.dueIn(&moderation.Case{State: moderation.CaseStateOpen, DueAt: s.now.Add(d)})
			add("clock", mark+left)
			add("clock's sign", mark)
		}
		add("clock", func() string { left, _, _ := m.dueIn(&moderation.Case{State: moderation.CaseStateClosed}); return left }())
		for _, v := range []moderation.CaseState{moderation.CaseStateOpen, moderation.CaseStateReview, moderation.CaseStateWaiting, moderation.CaseStateResolved, moderation.CaseStateClosed, moderation.CaseStateWithdrawn} {
			add("case", m.named("state", string(v)))
		}
		for _, v := range []feed.Status{{State: feed.StateLive}, {State: feed.StateDialling}, {State: feed.StateWaiting}, {State: feed.StateEnded}} {
			r.sources = map[string]feed.Status{"a": v}
			row := newRow(60, style{})
			m.roomState(r, row)
			add("room", ansiCodes.ReplaceAllString(row.done(), ""))
		}
		for _, ok := range []bool{true, false} {
			m.health = &moderation.Health{OK: ok, Events: 1}
			looks := ""
			for _, w := range m.statusRight(r) {
				looks += w.s
			}
			add("record", looks)
		}
		for kind, looks := range kinds {
			for i := range looks {
				for j := range i {
					if looks[i] == looks[j] {
						t.Errorf("%s: two states of a %s look like %q", lang, kind, looks[i])
					}
				}
			}
		}
	}
}
