package tui

import (
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"github.com/go-json-experiment/json"
	"github.com/hinshun/vt10x"

	"liveroom/claims"
	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/tui/text"
)

// ownHostile are strings of our own, one for each way text has of leaving its
// place; the shared list has hundreds more.
var ownHostile = []string{
	"\x1b[31m红", "\x1b[2J\x1b[1;1H[系统] 已通过", "\x1b[1A\x1b[2K", "\x1b]0;title\x07", "\x1b]52;c;aGk=\x07", "\x1bP$q\x1b\\",
	"\x9b31m", "a\r\nb\n\nc", "\u202e反\u202c", "\u2066x\u2069", "\u200b\u200d\ufeff", strings.Repeat("\u0301", 200) + "a",
	strings.Repeat("界", 500), strings.Repeat("👨‍👩‍👧‍👦", 60), "\xff\xfe\xc0\x80", "\t\t\ttab", "\x08\x08\x08\x7f", "ﷺ", "⸻", "‱", "e\u0489\u0489",
	"🇨🇳🇨", "ㅤ", "\u00ad\u00ad", "\x1b[?1049l", "\x1b[r\x1b[5;1r", "\x0e\x0f", "\U000e0041\U000e0042", "{\"a\":1}", "%s%d%!", "",
}

// hostileStrings reads the shared list too, where it is there.
func hostileStrings(t testing.TB) []string {
	path := filepath.Join("..", "..", "shared", "data", "hostile-strings.json")
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Logf("NOT TESTED with the shared list of hostile strings: %v", err)
		return ownHostile
	}
	var list struct {
		Strings []struct {
			S      string `json:"s"`
			Hex    string `json:"hex"`
			Prefix string `json:"prefix"`
			Repeat string `json:"repeat"`
			Times  int    `json:"times"`
			Suffix string `json:"suffix"`
		} `json:"strings"`
	}
	if err := json.Unmarshal(raw, &list); err != nil {
		t.Fatal(err)
	}
	out := append([]string(nil), ownHostile...)
	for _, h := range list.Strings {
		s := h.S
		if h.Hex != "" {
			b, err := hex.DecodeString(h.Hex)
			if err != nil {
				t.Fatal(err)
			}
			s = string(b)
		}
		if h.Times > 0 {
			s = h.Prefix + strings.Repeat(h.Repeat, min(h.Times, 5000)) + h.Suffix
		}
		out = append(out, s)
	}
	return out
}

// hostileScene puts one string wherever text from outside can stand.
func hostileScene(s string) moderation.Update {
	u := scene()
	u.Rooms[0].Name, u.Rooms[0].OnAir = s, s
	u.Health = &moderation.Health{Since: at(1), Err: s}
	u.Sources = []feed.Status{{Room: "r1", Source: s, State: feed.StateFailed, Since: at(2), Err: errors.New(s)}}
	for i := range u.Events {
		ev := &u.Events[i]
		ev.User.Name, ev.Text, ev.Shown = s, s, feed.Sanitise(s)
		ev.Source, ev.ID = s, fmt.Sprint(i)
		if ev.Product != nil {
			ev.Product.Title, ev.Product.ID = s, s
		}
		if ev.Gap != nil {
			ev.Gap.Reason = s
		}
	}
	for i := range u.Flags {
		f := &u.Flags[i]
		f.Text, f.Shown, f.Reason = s, feed.Sanitise(s), s
		f.Finding = claims.Finding{
			SKU: s, Category: f.Finding.Category, Verdict: f.Finding.Verdict, Severity: f.Finding.Severity, Said: s, End: len([]rune(s)), Value: s, Fact: s, FactID: s,
			Arithmetic: s, Rule: s, Law: s, Why: s, WhyEN: s, Suggest: s, Sheet: s, Exempted: []claims.Exemption{{ID: s, Reason: s}},
		}
	}
	for i := range u.Orders {
		o := &u.Orders[i]
		o.Buyer.Name, o.SKU, o.Status, o.Refund = s, s, s, s
	}
	for i := range u.Complaints {
		c := &u.Complaints[i]
		c.Text, c.Shown, c.Buyer.Name, c.SKU, c.OrderID, c.Channel = s, feed.Sanitise(s), s, s, s, s
	}
	u.Problems[0].Title = s
	for i := range u.Cases {
		c := &u.Cases[i]
		c.Title, c.SKU, c.Owner, c.OpenedBy, c.Orders = s, s, s, s, []string{s}
		c.Notes = append(c.Notes, moderation.Note{By: s, Text: s})
	}
	return u
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
		case unicode.In(r, unicode.M): // joins the character before it
		case w == 1:
			b.WriteRune(r)
		case w == 2:
			b.WriteString(string(r) + "\ue000")
		}
		view = view[size:]
	}
	return b.String()
}

// frame is what our own rows and rules look like on an emulated terminal: the
// rules between panes, the titles' lines, the footer.
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
	covered := s.m.h - footerHeight // a dialog's sheet lies over the rows from here
	if d := s.m.dialog; d != nil {
		covered -= len(d.rows(s.m, sc.W, covered-bodyTop-sc.Heads))
	}
	var out []string
	for y := range s.m.h {
		own := ""
		if y >= covered && y < s.m.h-footerHeight {
			out = append(out, sheetRow)
			continue
		}
		for x, c := range sc.Columns {
			if x > 0 && y >= bodyTop+sc.Heads && y < s.m.h-footerHeight {
				own += string(term.Cell(c.X-1, y).Char)
			}
		}
		for _, c := range sc.Columns {
			for _, sl := range c.Slots {
				if sl.Y == y {
					own += string(term.Cell(c.X, y).Char)
				}
			}
		}
		if last := term.Cell(s.m.w-1, y).Char; last != ' ' && last != 0 {
			own += " last column " + string(last)
		}
		if y == s.m.h-1 {
			for x := range s.m.w {
				own += string(term.Cell(x, y).Char)
			}
		}
		out = append(out, own)
	}
	return out
}

// sheetRow stands for a row that a dialog lies over.
const sheetRow = "sheet"

func TestHostileTextMovesNothing(t *testing.T) {
	for n, size := range sizes {
		calm := newStage(t, text.ZH, size[0], size[1])
		calm.update(hostileScene("平常的话"))
		walk := func(s *stage, look func(step string, frame []string)) {
			look("live", frameOf(t, s))
			s.press("j", "enter")
			look("detail", frameOf(t, s))
			for p := pane(0); p < paneCount; p++ {
				s.m.setFocus(p)
				look("focus on "+paneKeys[p], frameOf(t, s))
			}
			s.press("2", "down", "enter")
			look("case", frameOf(t, s))
			s.press("esc", ":")
			look("palette", frameOf(t, s))
			s.press("esc", "D")
			look("question", frameOf(t, s))
			s.press("esc", "1", "tab", "n", "c")
			look("form", frameOf(t, s))
		}
		want := map[string][]string{}
		walk(calm, func(step string, frame []string) { want[step] = frame })
		for i, h := range hostileStrings(t) {
			if i >= len(ownHostile) && i%len(sizes) != n {
				continue // the shared list is long: each of its strings at one size
			}
			s := newStage(t, text.ZH, size[0], size[1])
			s.update(hostileScene(h))
			walk(s, func(step string, frame []string) {
				for y := range frame {
					if frame[y] == sheetRow || want[step][y] == sheetRow {
						continue // a sheet is as high as its text
					}
					if frame[y] != want[step][y] && (h != "" || y != len(frame)-1) {
						t.Errorf("%v, string %d %q, %s: row %d of our own is %q, want %q", size, i, h, step, y, frame[y], want[step][y])
						return
					}
				}
			})
			if t.Failed() {
				t.FailNow()
			}
		}
	}
}
