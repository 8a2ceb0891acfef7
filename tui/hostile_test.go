package tui

import (
	"errors"
	"flag"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/hinshun/vt10x"

	"liveroom/claims"
	"liveroom/feed"
	"liveroom/feed/feedtest"
	"liveroom/moderation"
	"liveroom/moderation/backtest"
	"liveroom/moderation/policy"
	"liveroom/tui/text"
)

// ownHostile are strings for each way text has of leaving its place on a screen, which
// are tried in every dialog; feedtest has more.
var ownHostile = []string{
	"\x1b[31m红", "\x1b[2J\x1b[1;1H[系统] 已通过", "\x1b[1A\x1b[2K", "\x1b]0;title\x07", "\x1b]52;c;aGk=\x07", "\x1bP$q\x1b\\",
	"\x9b31m", "a\r\nb\n\nc", "\u202e反\u202c", "\u2066x\u2069", "\u200b\u200d\ufeff", strings.Repeat("\u0301", 200) + "a",
	strings.Repeat("界", 500), strings.Repeat("👨‍👩‍👧‍👦", 60), "\xff\xfe\xc0\x80", "\t\t\ttab", "\x08\x08\x08\x7f", "ﷺ", "⸻", "‱", "e\u0489\u0489",
	"🇨🇳🇨", "ㅤ", "\u00ad\u00ad", "\x1b[?1049l", "\x1b[r\x1b[5;1r", "\x0e\x0f", "\U000e0041\U000e0042", "{\"a\":1}", "%s%d%!", "",
}

// named are the texts that the screen finds things by.
var named = map[string]bool{"Room": true, "TimeZone": true}

// poison puts one string wherever a value holds text of its own, whatever fields
// there are or will be. Lists that are empty get an element, in which what names a
// state is poisoned too: a rule of somebody's own may call it anything.
func poison(v reflect.Value, s string, states bool) {
	switch {
	case v.Type() == reflect.TypeFor[feed.Display]():
		v.Set(reflect.ValueOf(feed.Sanitise(s)))
	case v.Kind() == reflect.String && (states || v.Type() == reflect.TypeFor[string]()):
		v.SetString(s)
	case v.Kind() == reflect.Pointer && !v.IsNil():
		poison(v.Elem(), s, states)
	case v.Kind() == reflect.Slice:
		if kind := v.Type().Elem().Kind(); v.Len() == 0 && (kind == reflect.Struct || kind == reflect.String) {
			v.Set(reflect.MakeSlice(v.Type(), 1, 1))
			states = true
		}
		for i := range v.Len() {
			poison(v.Index(i), s, states)
		}
	case v.Kind() == reflect.Struct && v.Type() != reflect.TypeFor[time.Time]():
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() && !named[f.Name] {
				poison(v.Field(i), s, states)
			}
		}
	}
}

// hostileScene puts one string wherever text from outside can stand.
func hostileScene(s string) moderation.Update {
	u := scene()
	for _, rows := range []any{&u.Rooms, &u.Flags, &u.Orders, &u.Complaints, &u.Problems, &u.Cases} {
		poison(reflect.ValueOf(rows).Elem(), s, false)
	}
	u.Rooms[0].ID = "r1"
	for i := range u.Flags {
		u.Flags[i].Finding.End = len([]rune(s))
	}
	for i := range u.Events {
		ev := &u.Events[i]
		poison(reflect.ValueOf(&ev.Event).Elem(), s, false)
		ev.ID = fmt.Sprint(i)
	}
	u.Health = &moderation.Health{Since: at(1), Err: s, Warnings: []moderation.Warning{{Topic: "facts", Text: s, ZH: s}}}
	u.Sources = []feed.Status{{Room: "r1", Source: s, State: feed.StateFailed, Since: at(2), Err: errors.New(s)}}
	u.Effects = []moderation.Effect{{ID: 1, Room: "r1", Flag: 12, Kind: s, Target: s, Text: s, Result: s, Status: moderation.EffectFailed}}
	u.Looks = []moderation.Look{{Console: 2, Actor: s, Room: "r1", Flag: 12}, {Console: 3, Actor: s, Room: "r1", Case: 1041}}
	return u
}

// hostileStage is a screen on which everything that was read is the string.
func hostileStage(t testing.TB, lang text.Lang, w, h int, s string) *stage {
	st := newStage(t, lang, w, h)
	st.m.opt.Actor.Role = moderation.RoleSupervisor
	st.m.opt.Rules = &fakeRules{report: backtest.Report{Utterances: 3, New: []backtest.Change{change(s, backtest.Right)}}}
	st.desk.results = []policy.Result{{}}
	poison(reflect.ValueOf(st.desk.results), s, false)
	st.desk.window = []moderation.Spoken{{Standing: moderation.StandingContradicted, Flags: []moderation.Flag{{}}, Claims: []claims.Claim{{}}}}
	poison(reflect.ValueOf(st.desk.window), s, false)
	u := hostileScene(s)
	st.desk.exposure = moderation.Exposure{Flag: u.Flags[0], Orders: []moderation.Exposed{{}}}
	poison(reflect.ValueOf(&st.desk.exposure.Orders).Elem(), s, false)
	st.update(u)
	for id := range st.m.here().flags.by {
		st.m.here().shown[paneFlags][id] = true // how many are in view hangs on how long the text is
	}
	return st
}

// widen puts a filler behind every wide character: the emulator knows only
// characters of one cell.
func widen(view string) string {
	var b strings.Builder
	for view != "" {
		if view[0] == '\x1b' {
			end := strings.IndexFunc(view[2:], func(r rune) bool { return r >= '@' && r <= '~' })
			b.WriteString(view[:end+3])
			view = view[end+3:]
			continue
		}
		r := []rune(view[:min(4, len(view))])[0]
		size := len(string(r))
		switch w := feed.Sanitise(string(r)).Width(); {
		case r == '\n':
			b.WriteString("\r\n")
		case unicode.In(r, unicode.M), r >= 0x1160 && r <= 0x11ff, r >= 0xd7b0 && r <= 0xd7fb: // joins the character before it
		case w == 1:
			b.WriteRune(r)
		case w == 2:
			b.WriteString(string(r) + "\ue000")
		}
		view = view[size:]
	}
	return b.String()
}

// covered stands for a row that is not ours to hold: a dialog lies over it, or
// text from outside is all there is in it.
const covered = "covered"

// frameOf draws the screen on an emulated terminal and gives what of it is ours,
// cell by cell: the rules between panes with the joints, the whole title of each
// pane, the sheet's own first row, the keys in the footer, the empty last column.
func frameOf(t *testing.T, s *stage) []string {
	t.Helper()
	view := s.m.View()
	for i, row := range strings.Split(view, "\n") {
		row = ansiCodes.ReplaceAllString(row, "")
		if w := cells(row); w > s.m.w-1 {
			t.Errorf("row %d is %d wide on a terminal of %d: %q", i, w, s.m.w, row)
		}
		for _, r := range row {
			if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
				t.Fatalf("row %d holds the character %U", i, r)
			}
		}
	}
	term := vt10x.New(vt10x.WithSize(s.m.w, s.m.h))
	if _, err := term.Write([]byte(widen(view))); err != nil {
		t.Fatal(err)
	}
	sc := s.m.screen()
	foot := s.m.h - footerHeight
	top := foot // a dialog's sheet lies over the rows from here
	if d := s.m.dialog; d != nil {
		top -= len(d.rows(s.m, sc.W, foot-bodyTop-sc.Heads))
	}
	var out []string
	for y := range s.m.h {
		own := ""
		if last := term.Cell(s.m.w-1, y).Char; last != ' ' && last != 0 {
			own = "last column " + string(last)
		}
		line := func(from, to int) {
			for x := from; x < to; x++ {
				own += string(term.Cell(x, y).Char)
			}
		}
		switch {
		case y >= top && y < foot:
			if y == top && term.Cell(0, y).Char != '━' {
				own += " the sheet begins with " + string(term.Cell(0, y).Char)
			}
			out = append(out, covered+own)
			continue
		case y == s.m.h-1:
			line(0, s.m.w)
		}
		for x, c := range sc.Columns {
			if x > 0 && y >= bodyTop+sc.Heads && y < foot {
				own += string(term.Cell(c.X-1, y).Char)
			}
			for _, sl := range c.Slots {
				if sl.Y == y {
					line(c.X, c.X+c.W)
				}
			}
		}
		out = append(out, varying.ReplaceAllString(own, "$1"))
	}
	return out
}

// varying is what of a title hangs on how much is in a pane: its numbers, and the
// rule that fills it up.
var varying = regexp.MustCompile(`[0-9,]+|([─━])[─━]*`)

// A walker takes a screen through everything it can show, and has each step looked
// at: every pane of every workspace, where wide says so enlarged too, and where deep
// says so every dialog that a key opens anywhere, with what its options lead to.
type walker struct {
	s    *stage
	wide bool // enlarged too
	deep bool
	look func(step string)
}

func (w walker) walk() {
	m := w.s.m
	for v := view(0); v < viewCount; v++ {
		m.setView(v)
		for p := pane(0); p < paneCount; p++ {
			if !v.holds(p) {
				continue
			}
			step := viewKeys[v] + " " + paneKeys[p]
			m.setFocus(p)
			w.s.press("home", "down")
			w.look(step)
			if m.zoom = w.wide; w.wide {
				w.look(step + " enlarged")
				m.zoom = false
			}
			if w.deep {
				w.dialogs(step)
			}
		}
	}
}

// dialogs opens what the keys of a pane open.
func (w walker) dialogs(step string) {
	m := w.s.m
	was, at := m.view, m.focused()
	for i := range m.keymap.bindings {
		b := &m.keymap.bindings[i]
		if !b.validIn(was, at) || b.off(m) != "" || b.id == "quit" {
			continue
		}
		w.s.run(b.do(m))
		if m.dialog != nil {
			w.look(step + " " + b.id)
			w.options(step+" "+b.id, b)
		}
		w.home(was, at)
	}
}

// options goes on by each option of a question.
func (w walker) options(step string, b *binding) {
	m := w.s.m
	a, ok := m.dialog.(*ask)
	if !ok {
		return
	}
	was, at := m.view, m.focused()
	for _, o := range a.options[:min(len(a.options), 12)] {
		m.dialog = nil
		o.do(m) // what it asks the desk for is not done
		if m.dialog != nil {
			w.look(step + " " + o.key)
		}
		w.home(was, at)
	}
}

// home leaves whatever is open, and undoes what a key did to the screen itself.
func (w walker) home(v view, p pane) {
	m := w.s.m
	m.dialog, m.later, m.unasked, m.filterAt, m.zoom = nil, nil, surprise{}, -1, false
	m.quitting = false
	clear(m.pending)
	clear(m.drafts)
	if r := m.here(); r != nil {
		r.goLive() // a case with an empty name for its owner is anybody's: n goes to its moment
		for q := range r.filters {
			if r.filters[q] != "" {
				r.filters[q] = ""
				r.setFilter(pane(q), nil)
			}
		}
	}
	m.notice = notice{}
	m.setView(v)
	m.setFocus(p)
}

var everywhere = flag.Bool("everywhere", false, "try every hostile string at every size in every language: some ten minutes")

// oddSizes are those where a layout is about to give way to another, beside the
// usual ones.
var oddSizes = [][2]int{{minWidth, minHeight}, {41, 11}, {59, 17}, {109, 29}, {80, 24}, {120, 40}, {160, 50}, {240, 70}}

// TestHostileTextMovesNothing: whatever is said, written, bought or thought up, in
// any pane, workspace, dialog, size and language, our own cells stand where they
// stand with ordinary text.
func TestHostileTextMovesNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("draws some thousand screens: the whole run does")
	}
	stages, all := 0, append(slices.Clone(ownHostile), feedtest.HostileTexts(t, 5000)...)
	for _, lang := range text.Langs {
		for _, size := range oddSizes {
			n := stages
			stages++
			t.Run(fmt.Sprintf("%s %dx%d", lang, size[0], size[1]), func(t *testing.T) {
				want := map[bool]map[string][]string{}
				for _, deep := range []bool{true, false} {
					calm := hostileStage(t, lang, size[0], size[1], "平常的话")
					frames := map[string][]string{}
					walker{calm, true, deep, func(step string) { frames[step] = frameOf(t, calm) }}.walk()
					want[deep] = frames
				}
				if len(want[false]) < 40 || len(want[true]) < 200 {
					t.Fatalf("only %d and %d steps were walked", len(want[false]), len(want[true]))
				}
				for i, h := range all {
					own := i < len(ownHostile)
					if !*everywhere && i%(2*len(oddSizes)) != n && (!own || (i+5)%(2*len(oddSizes)) != n) {
						continue // the list is long: each string at one or two of the sixteen
					}
					s, deep := hostileStage(t, lang, size[0], size[1], h), own && i%(2*len(oddSizes)) == n
					walker{s, own, deep, func(step string) { sameFrame(t, step, i, h, frameOf(t, s), want[deep][step]) }}.walk()
					if t.Failed() {
						t.FailNow()
					}
				}
			})
		}
	}
}

func sameFrame(t *testing.T, step string, i int, h string, got, want []string) {
	t.Helper()
	for y := range got {
		if len(want) != len(got) || strings.HasPrefix(got[y], covered) && strings.HasPrefix(want[y], covered) && got[y] == want[y] {
			continue
		}
		if got[y] == covered || want[y] == covered {
			continue // a sheet is as high as its text
		}
		if got[y] != want[y] && (h != "" || y != len(got)-1) {
			t.Errorf("string %d %.60q, %s: row %d of our own is\n%s, want\n%s", i, h, step, y, got[y], want[y])
			return
		}
	}
}
