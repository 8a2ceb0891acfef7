package tui

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/tui/text"
)

// cellOf finds a text on the screen.
func (s *stage) cellOf(words string) (x, y int) {
	s.t.Helper()
	for y, row := range strings.Split(s.m.View(), "\n") {
		for _, p := range splitColumns(row) {
			if before, _, ok := strings.Cut(ansiCodes.ReplaceAllString(p.s, ""), words); ok {
				return p.at + cells(before), y
			}
		}
	}
	s.t.Fatalf("%q is not on the screen:\n%s", words, s.plain())
	return 0, 0
}

func (s *stage) mouse(x, y int, b tea.MouseButton, a tea.MouseAction) {
	s.send(tea.MouseMsg{X: x, Y: y, Button: b, Action: a})
}

// click clicks on a text, a second after whatever was before.
func (s *stage) click(words string) {
	s.t.Helper()
	x, y := s.cellOf(words)
	s.now = s.now.Add(time.Second)
	s.clickAt(x, y)
}

func (s *stage) clickAt(x, y int) {
	s.mouse(x, y, tea.MouseButtonLeft, tea.MouseActionPress)
	s.mouse(x, y, tea.MouseButtonLeft, tea.MouseActionRelease)
	s.m.View()
}

func (s *stage) wheel(words string, b tea.MouseButton, n int) {
	s.t.Helper()
	x, y := s.cellOf(words)
	for range n {
		s.mouse(x, y, b, tea.MouseActionPress)
		s.m.View()
	}
}

func (s *stage) drag(fromX, fromY, toX, toY int) {
	s.m.View()
	s.mouse(fromX, fromY, tea.MouseButtonLeft, tea.MouseActionPress)
	for k := 1; k <= 4; k++ {
		s.mouse(fromX+(toX-fromX)*k/4, fromY+(toY-fromY)*k/4, tea.MouseButtonLeft, tea.MouseActionMotion)
		s.m.View()
	}
	s.mouse(toX, toY, tea.MouseButtonLeft, tea.MouseActionRelease)
	s.m.View()
}

func staged(t *testing.T, w, h int) *stage {
	s := newStage(t, text.EN, w, h)
	s.update(scene())
	return s
}

func TestAClickFocusesAndSelects(t *testing.T) {
	s := staged(t, 160, 50)
	s.click("真的是全网最好的围巾")
	if s.m.focused() != paneSpeech || s.m.here().lists[paneSpeech].selected() != 10 {
		t.Fatalf("pane %d, row %d", s.m.focused(), s.m.here().lists[paneSpeech].selected())
	}
	s.has("you are at 20:02:15") // all panes go to its moment
	s.click("med  20:01:45")
	if f := s.m.flagHere(); s.m.focused() != paneFlags || f.ID != 13 {
		t.Fatalf("the flag %+v is selected in pane %d", f, s.m.focused())
	}
	s.click("更正一下，划线价") // a lower row of the same flag
	if f := s.m.flagHere(); f.ID != 13 {
		t.Fatalf("a row below selected flag %d", f.ID)
	}
	s.press("y")
	s.has("case #1045 opened: flag 13")
}

// TestAClickHitsWhatWasAimedAt: between the look and the click the feed moved on,
// and another line stands in the row.
func TestAClickHitsWhatWasAimedAt(t *testing.T) {
	s := staged(t, 160, 50)
	sc := &script{room: "r1", n: 100}
	talk := func(n int) moderation.Update {
		sc.evs = nil
		for range n {
			e := sc.add(600, feed.KindChat, "观众", "")
			e.Text = fmt.Sprint("line ", e.Index)
			e.Shown = feed.Sanitise(e.Text)
		}
		return moderation.Update{Events: sc.evs}
	}
	s.update(talk(50))
	write := func() { s.m.glass.wrote(s.m.glass.latest(), s.now) }
	s.m.View()
	write()
	x, y := s.cellOf("line 145")
	s.now = s.now.Add(time.Second)
	s.update(talk(3))
	s.m.View()
	write()
	s.now = s.now.Add(glance / 2) // too short to have been seen
	s.update(talk(3))             // drawn, and not written yet
	s.m.View()
	s.clickAt(x, y)
	if got := s.m.here().lists[paneChat].selected(); got != 145 {
		t.Errorf("aimed at line 145, hit %d", got)
	}
	if got := wordAt(s.m.glass.aimedAt(s.now).lines[y], x+6); got != "145" {
		t.Errorf("what was aimed at reads %q", got)
	}
	// What has been there for a glance is what is aimed at.
	s.press("g")
	s.m.View()
	write()
	s.now = s.now.Add(glance)
	x, y = s.cellOf("line 154")
	s.clickAt(x, y)
	if got := s.m.here().lists[paneChat].selected(); got != 154 {
		t.Errorf("aimed at line 154, hit %d", got)
	}
}

func TestADoubleClickOpensTheDetail(t *testing.T) {
	s := staged(t, 160, 50)
	x, y := s.cellOf("…0176")
	s.clickAt(x, y)
	s.now = s.now.Add(200 * time.Millisecond)
	s.clickAt(x, y)
	if s.m.focused() != paneDetail || s.m.here().subject.pane != paneOrders {
		t.Fatalf("pane %d about %+v", s.m.focused(), s.m.here().subject)
	}
	// Two slow clicks are two clicks.
	s.click("med  20:01:45")
	s.now = s.now.Add(doubleClick)
	s.clickAt(s.cellOf("med  20:01:45"))
	if s.m.focused() != paneFlags {
		t.Error("slow clicks opened the detail")
	}
}

// TestTheWheelScrollsWhatItIsOver, and neither the focus nor what is selected
// moves; what was scrolled away is brought back before it is decided.
func TestTheWheelScrollsWhatItIsOver(t *testing.T) {
	s := staged(t, 160, 50)
	u := moderation.Update{}
	for i := range 60 {
		u.Orders = append(u.Orders, moderation.Order{ID: fmt.Sprint("N", 1000+i), Room: "r1", Number: int64(10 + i), SKU: "D01", Qty: 1, CreatedAt: at(200 + i), Version: 1})
		f := scene().Flags[1]
		f.ID, f.At = int64(100+i), at(300+i)
		u.Flags = append(u.Flags, f)
	}
	s.update(u)
	before := s.m.here().lists[paneFlags].selected()
	s.has("N1059")
	s.wheel("N1059", tea.MouseButtonWheelUp, 5)
	s.hasNot("N1059")
	if s.m.focused() != paneFlags || s.m.here().lists[paneFlags].selected() != before {
		t.Error("the wheel over the orders moved something else")
	}
	s.wheel("─ Orders", tea.MouseButtonWheelDown, 20)
	s.has("N1059")
	if !s.m.here().lists[paneOrders].following() {
		t.Error("at the end, the orders do not follow")
	}

	s.wheel("high 20:01:34", tea.MouseButtonWheelDown, 15)
	if got := s.m.here().lists[paneFlags].selected(); got != before {
		t.Fatalf("scrolled, flag %d is selected", got)
	}
	s.hasNot("high 20:01:34")
	s.press("y")
	s.has("it was scrolled away, here it is again: yes: confirm the flag", "high 20:01:34")
	if len(s.desk.undo) != 0 {
		t.Fatal("a flag out of sight was decided")
	}
	s.press("y")
	s.has("case #1045 opened: flag 12")

	s = staged(t, 120, 40)
	s.has("more rows below")
	s.wheel("─ Detail", tea.MouseButtonWheelDown, 3) // a pane of text, over its title
	s.hasNot("more rows below")
}

// TestScrollingKeepsTheSelection whatever the list is made of, and j goes on from
// what is selected.
func TestScrollingGoesOnFromTheSelection(t *testing.T) {
	s := staged(t, 160, 50)
	sc := &script{room: "r1", n: 100}
	for range 200 {
		sc.add(600, feed.KindChat, "观众", "说")
	}
	s.update(moderation.Update{Events: sc.evs})
	l, it := &s.m.here().lists[paneChat], s.m.itemsOf(s.m.here(), paneChat)
	s.m.View()
	l.pick(it, 150, 3)
	chosen := l.selected()
	l.scroll(it, -60)
	if !l.away(it) || l.selected() != chosen {
		t.Fatalf("away %v, selected %d", l.away(it), l.selected())
	}
	l.scroll(it, 60)
	if l.away(it) {
		t.Error("scrolled back, it is not in view")
	}
	for range 100 {
		l.scroll(it, -notch*10)
	}
	if got := l.draw(it, l.height)[0]; got.i != 0 || got.row != 0 {
		t.Errorf("at the start stands %+v", got)
	}
	l.move(it, 1)
	if got := l.selected(); got != chosen+1 {
		t.Errorf("down from %d went to %d", chosen, got)
	}
	if l.away(it) {
		t.Error("the selected one is out of view")
	}
}

func TestNamesAreKeys(t *testing.T) {
	s := staged(t, 160, 50)
	s.click("Cases 2") // in a title
	if s.m.focused() != paneCases {
		t.Fatalf("pane %d", s.m.focused())
	}
	s.click("2 desk")
	if s.m.view != viewDesk {
		t.Fatalf("view %d", s.m.view)
	}
	s.click("1 live")
	s.press("tab")
	s.click("high 20:01:34")
	s.click("x dismiss")
	s.has("dismissed")
	s.click("[u]")
	s.has("undone")
	s.click("? help")
	s.has("━ Keys")
	s.press("esc")
	x, y := s.cellOf("1.2M  ?")
	s.clickAt(x+len("1.2M  "), y)
	s.has("━ Keys")
	s.click("━ Keys") // no option: nothing
	s.has("━ Keys")
}

func TestOptionsAreClicked(t *testing.T) {
	s := staged(t, 160, 50)
	s.press("2")
	s.click("掉毛起球")
	s.press("m")
	s.click("  in review")
	if c := s.desk.cases[1041]; c.State != moderation.CaseStateReview {
		t.Errorf("the case is %s", c.State)
	}
	s.press(":", "text:help")
	s.click("?          help")
	s.has("━ Keys")
}

// TestLinksLeadThere: the number of a case and of an order.
func TestLinksLeadThere(t *testing.T) {
	s := staged(t, 160, 50)
	s.click("水洗标写着65%羊毛")
	s.has("Order …0176")
	s.click("Order …0176")
	if s.m.focused() == paneOrders {
		t.Fatal("the word before the number led there")
	}
	x, y := s.cellOf("Order …0176") // the rows of the orders have the number too
	s.clickAt(x+len("Order ")+1, y)
	if s.m.focused() != paneOrders || s.m.here().lists[paneOrders].selected() != 1 {
		t.Fatalf("pane %d, order %d", s.m.focused(), s.m.here().lists[paneOrders].selected())
	}
	f := scene().Flags[1]
	f.Case, f.Status, f.DecidedBy = 1042, moderation.FlagConfirmed, "小林"
	s.update(moderation.Update{Flags: []moderation.Flag{f}})
	s.press("3")
	s.click("原价三百九十九")
	s.click("#1042")
	if c := s.m.caseHere(); s.m.view != viewDesk || c == nil || c.ID != 1042 {
		t.Fatalf("view %d, case %+v", s.m.view, c)
	}
	s.click("#1041") // in a row that is not selected: the row is
	if c := s.m.caseHere(); c == nil || c.ID != 1041 {
		t.Fatalf("case %+v", c)
	}
}

// TestDividersAreDragged, keep their least, and are remembered when let go.
func TestDividersAreDragged(t *testing.T) {
	s := staged(t, 160, 50)
	mem := &fakeMemory{}
	s.m.opt.Memory = mem
	s.m.View()
	c := s.m.screen().Columns[0]
	s.drag(c.X+c.W, 20, c.X+c.W+9, 25)
	if got := s.m.screen().Columns[0].W; got != c.W+9 {
		t.Fatalf("the column is %d wide, was %d", got, c.W)
	}
	s.drag(c.X+c.W+9, 20, 2, 20)
	if got := s.m.screen().Columns[0].W; got != minColumn {
		t.Errorf("dragged to the edge, the column is %d wide", got)
	}
	sl := s.m.screen().Columns[1].Slots[1]
	middle := s.m.screen().Columns[1].X + 20
	s.drag(middle, sl.Y, middle, sl.Y+4)
	if got := s.m.screen().Columns[1].Slots[1].Y; got != sl.Y+4 {
		t.Errorf("the title is in row %d, was %d", got, sl.Y)
	}
	if s.m.own[viewLive][s.m.class()] == nil || len(s.m.kept.Layouts) != 1 {
		t.Error("nothing is remembered")
	}
	// A click that drags nothing keeps nothing.
	was := s.m.kept.Layouts[layoutKey(viewLive, s.m.class())]
	s.m.kept.Layouts = nil
	s.click("Flags 3")
	if s.m.kept.Layouts != nil || was == nil {
		t.Error("a click on a title changed the layout")
	}
	s.press("f")
	s.drag(20, 10, 60, 12)
}

func TestTheTimelineLeadsToItsMoment(t *testing.T) {
	s := staged(t, 160, 50)
	_, y := s.cellOf("▸D01")
	x, _ := s.cellOf("▒▒▒")
	s.now = s.now.Add(time.Second)
	s.clickAt(x, y)
	r := s.m.here()
	if d := r.at.Sub(at(380)).Abs(); d > 10*time.Second {
		t.Errorf("the panes stand at %v", r.at)
	}
	s.has("you are at 20:06")
}

// TestTheMouseLeavesTypingAlone: a click beside a form neither closes it nor
// selects behind it; a question that opened by itself takes no click at once.
func TestTheMouseLeavesTypingAlone(t *testing.T) {
	s := staged(t, 160, 50)
	s.press("X", "w", "text:half")
	x, y := s.cellOf("真的是全网最好的围巾")
	s.clickAt(x, y)
	s.wheel("half", tea.MouseButtonWheelDown, 3)
	s.has("half")
	if s.m.focused() != paneFlags {
		t.Error("a click went past the form")
	}
	s.press("esc")
	// A filter that can be read is kept as with enter, another keeps the line.
	s.press("/", "text:全网")
	s.click("─ Detail")
	if s.m.filterAt >= 0 || s.m.focused() != paneDetail || s.m.here().filters[paneFlags] != "全网" {
		t.Errorf("the filter is %q, typed in %d, with the focus in %d", s.m.here().filters[paneFlags], s.m.filterAt, s.m.focused())
	}
	s.press("tab")
	s.m.setFocus(paneFlags)
	s.press("/", "ctrl+u", "text:nobody:x")
	s.click("─ Detail")
	if s.m.filterAt < 0 {
		t.Error("a click ended a filter that cannot be read")
	}
	s.press("esc", "esc")
	answered := ""
	s.surprising(yesOrNo(&answered))
	s.m.View()
	s.clickAt(s.cellOf("y  yes"))
	if answered != "" {
		t.Fatal("a click answered what had just opened")
	}
	s.now = s.now.Add(pause)
	s.click("y  yes")
	if answered != "y" {
		t.Error("the option was not taken")
	}
}

// TestAClickOnWhatIsGoneDoesNothing: the frame that was aimed at had a dialog that
// is closed, or another room.
func TestAClickOnWhatIsGoneDoesNothing(t *testing.T) {
	s := staged(t, 160, 50)
	s.press("q")
	s.press("X")
	s.m.View()
	s.m.glass.wrote(s.m.glass.latest(), s.now)
	x, y := s.cellOf("真的是全网最好的围巾")
	s.now = s.now.Add(time.Second)
	s.m.dialog = nil
	s.clickAt(x, y)
	if s.m.focused() != paneFlags {
		t.Error("a click aimed at a form went through it")
	}
	s.update(moderation.Update{Sources: []feed.Status{{Room: "r1", Source: "x", State: feed.StateFailed, Err: errors.New("gone"), Since: s.now}}})
	for _, e := range []tea.MouseMsg{
		{X: -1, Y: -1, Button: tea.MouseButtonLeft},
		{X: 9999, Y: 9999, Button: tea.MouseButtonLeft},
		{X: 3, Y: 3, Button: tea.MouseButtonRight},
		{X: 30, Y: 20, Button: tea.MouseButtonLeft, Shift: true},
		{X: 30, Y: 20, Action: tea.MouseActionMotion, Button: tea.MouseButtonLeft},
	} {
		s.send(e)
	}
	if s.m.focused() != paneFlags {
		t.Error("something was hit")
	}
}

// TestEntriesOfAListAreTaken where they are clicked, scrolled or not.
func TestEntriesOfAListAreTaken(t *testing.T) {
	s := staged(t, 120, 40)
	taken := ""
	x := &index{}
	for i := range 30 {
		name := fmt.Sprintf("entry %02d", i)
		x.add(paletteEntry{name: feed.Sanitise(name), do: func(*Model) tea.Cmd { taken = name; return nil }}, "")
	}
	for _, want := range []string{"entry 03", "entry 00"} {
		s.m.dialog = newPick("which?", x)
		s.click(want)
		if taken != want || s.m.dialog != nil {
			t.Errorf("clicked %s, took %s", want, taken)
		}
	}
	s.m.dialog = newPick("which?", x)
	s.wheel("which?", tea.MouseButtonWheelDown, 20)
	s.hasNot("entry 03")
	s.click("entry 17")
	if taken != "entry 17" {
		t.Errorf("scrolled, clicked entry 17, took %s", taken)
	}
	s.m.dialog = newPick("which?", x)
	s.click("which?")
	if s.m.dialog == nil || taken != "entry 17" {
		t.Error("the title took something")
	}
}
