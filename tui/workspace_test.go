package tui

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"liveroom/claims"
	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/moderation/policy"
	"liveroom/tui/text"
)

// honesty is what a policy grants, what hangs on a proof image, and what the time
// has run out for.
func honesty() []policy.Result {
	return []policy.Result{
		{
			Policy: "seven-days", Title: policy.Text{ZH: "七天无理由", EN: "Seven days"}, Standing: policy.Refused,
			Clauses: []policy.ClauseResult{{ID: "7.1", Decided: true, Counts: true, Effect: policy.Requires, State: policy.Fails, Text: policy.Text{ZH: "七天内", EN: "within seven days"}, Why: policy.Text{ZH: "已过七天", EN: "seven days are over"}}},
		},
		{Policy: "old", Title: policy.Text{ZH: "旧规则", EN: "Old rules"}, Standing: policy.NotInForce},
		{
			Policy: "honesty", Title: policy.Text{ZH: "实在宝", EN: "Honesty guarantee"}, Standing: policy.Open, Missing: []policy.Fact{"case.proof_images"},
			Amount:    &policy.Amount{Fen: 12900, Known: true, Text: policy.Text{ZH: "实付 129.00", EN: "paid 129.00"}},
			Deadlines: []policy.Deadline{{ID: "1.6", Text: policy.Text{ZH: "30 天内申请", EN: "apply within 30 days"}, State: policy.Running, Due: &policy.Due{At: at(600 + 45*60)}}},
		},
		{Policy: "price", Title: policy.Text{ZH: "价保", EN: "Price protection"}, Standing: policy.Granted, GrantedFen: 2900, Amount: &policy.Amount{Fen: 2900, Known: true, Text: policy.Text{ZH: "129.00 − 100.00", EN: "129.00 − 100.00"}}},
	}
}

// tick is a second's passing, without the wait for the next.
func (s *stage) tick() {
	s.m.expire()
	s.run(s.m.detailCmd())
}

func policySet(t testing.TB) *policy.Set {
	t.Helper()
	set, err := policy.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// TestDeskShowsWhatPoliciesSay: the case in hand is asked about with its order,
// what can be granted stands first, and an answer of another case is not shown.
func TestDeskShowsWhatPoliciesSay(t *testing.T) {
	s := newStage(t, text.EN, 160, 50)
	s.desk.policies, s.desk.results = policySet(t), honesty()
	s.update(scene())
	s.press("2", "down")
	if got := s.desk.asked; !slices.Equal(got, []string{"1041 ", "1042 LR2611210176"}) {
		t.Fatalf("the policies were asked about %q", got)
	}
	view := s.plain()
	order := []string{"✓ Price protection  granted ¥29.00", "? Honesty guarantee  would be ¥129.00", "missing 1:", "apply within 30 days: until", "20:55, 44 min left", "✗ Seven days", "7.1  seven days are over"}
	at := 0
	for _, words := range order {
		i := strings.Index(view[at:], words)
		if i < 0 {
			t.Fatalf("%q is not behind what stands before it:\n%s", words, view)
		}
		at += i
	}
	s.hasNot("Old rules")
	// While nothing changes nobody is asked again; what changed is asked about anew,
	// and so is what is a minute old.
	s.tick()
	s.press("g")
	c := s.desk.cases[1042]
	c.Version++
	s.m.here().cases.put(c.ID, c)
	s.tick()
	if n := len(s.desk.asked); n != 3 {
		t.Fatalf("after one change the policies were asked %d times", n)
	}
	s.now = s.now.Add(askAgain + time.Second)
	s.tick()
	if n := len(s.desk.asked); n != 4 {
		t.Fatalf("after a minute the policies were asked %d times", n)
	}
	s.desk.fail = errors.New("disk full")
	s.press("up")
	s.has("could not be asked: disk")
	s.hasNot("Price protection")
}

// TestEveryClauseIsThere where the pane is enlarged.
func TestEveryClauseIsThere(t *testing.T) {
	s := newStage(t, text.ZH, 120, 40)
	s.desk.policies, s.desk.results = policySet(t), honesty()
	s.update(scene())
	s.press("2", "down")
	s.hasNot("七天内")
	s.m.setFocus(panePolicy)
	s.press("f")
	s.has("✗ 7.1  七天内", "已过七天")
	s.narrow()
}

// TestReviewTellsHowRulesAndPeopleDid, from the record, once for many updates.
func TestReviewTellsHowRulesAndPeopleDid(t *testing.T) {
	s := newStage(t, text.EN, 160, 50)
	u := scene()
	for i := range 12 {
		f := u.Flags[0]
		f.ID, f.Status, f.DecidedBy, f.DecidedAt, f.Version = int64(100+i), moderation.FlagConfirmed, "小林", f.At.Add(8*time.Second), 2
		if i == 0 {
			f.Status = moderation.FlagDismissed
		}
		u.Flags = append(u.Flags, f)
	}
	u.Cases = append(u.Cases, moderation.Case{ID: 1050, Room: "r1", Kind: moderation.CaseAppeal, State: moderation.CaseStateOpen, Title: "host appeals", OpenedAt: at(500), Version: 1})
	s.update(u)
	if len(s.desk.asked) != 0 {
		t.Fatal("the record was read for a pane that nobody sees")
	}
	s.press("3")
	s.has("Segments 15", "✓upheld·小林", "✗dismissed·小林", "8s", " 92% 64–99", "composition", "11+1", "none yet", "no spot check yet", "Appeals 1", "host appeals")
	reads := len(s.desk.asked)
	for range 50 {
		s.update(moderation.Update{Flags: u.Flags[:1]})
	}
	if n := len(s.desk.asked); n != reads {
		t.Fatalf("the record was read %d times for what changed within seconds", n-reads)
	}
	s.now = s.now.Add(judgeEvery)
	for range 3 {
		s.tick()
	}
	if n := len(s.desk.asked); n == reads || n > 2*reads {
		t.Fatalf("later the record was read %d times, the first time %d", n-reads, reads)
	}
}

// TestSupervisorPlansASpotCheck where spot checks are listed, before there is one.
func TestSupervisorPlansASpotCheck(t *testing.T) {
	s := newStage(t, text.EN, 160, 50)
	s.m.opt.Actor.Role = moderation.RoleSupervisor
	u := scene()
	s.update(u)
	s.press("3", "o")
	s.has("nothing was decided in this room yet")
	u.Flags[0].Status, u.Flags[0].DecidedBy, u.Flags[0].Version = moderation.FlagConfirmed, "小林", 2
	s.update(moderation.Update{Flags: u.Flags[:1]})
	s.m.setFocus(paneChecks)
	s.has("A supervisor plans one: o.")
	s.press("o", "2", "backspace", "backspace", "text:none", "enter")
	s.has("none")
	if n := s.logged("plan-spot-check"); n != 0 {
		t.Fatal("a spot check of none was planned")
	}
	s.press("o", "2", "enter")
	if n := len(s.desk.log); n == 0 || !strings.Contains(s.desk.log[n-1], "plan-spot-check {Room:r1") || !strings.Contains(s.desk.log[n-1], "By:host Only: Size:10") {
		t.Fatalf("the desk was asked for %q", s.desk.log)
	}
}

// TestSegmentsMoveTheClock: what was flagged is one of the room's moments too, and
// its detail leads back to the list it came from.
func TestSegmentsMoveTheClock(t *testing.T) {
	s := newStage(t, text.EN, 160, 50)
	s.update(scene())
	s.press("3", "down")
	s.has("you are at 20:01:45", "g live")
	s.press("enter")
	if s.m.focused() != paneDetail || s.m.view != viewReview {
		t.Fatalf("enter went to pane %d of view %d", s.m.focused(), s.m.view)
	}
	s.press("esc")
	if s.m.focused() != paneSegments {
		t.Fatalf("esc went to pane %d", s.m.focused())
	}
	s.press("g")
	s.hasNot("you are at")
}

// TestLayoutIsRemembered: what a person arranged stands at the next start, for
// that workspace and class of sizes, and = brings the plan back and it again.
func TestLayoutIsRemembered(t *testing.T) {
	memory := &fakeMemory{}
	open := func(w, h int) *stage {
		s := &stage{t: t, desk: &fakeDesk{flags: map[int64]moderation.Flag{}, cases: map[int64]moderation.Case{}}, now: start}
		s.m = New(Options{Desk: s.desk, Updates: noUpdates{}, Lang: text.EN, Memory: memory, NoColor: true, Clock: func() time.Time { return s.now }, Wall: func() time.Time { return s.now }})
		s.desk.now = s.m.opt.Clock
		s.send(tea.WindowSizeMsg{Width: w, Height: h})
		s.update(scene())
		return s
	}
	s := open(160, 50)
	planned := drawLayout(s.m.screen())
	s.press(">", ">", "+", "S", "H")
	mine := drawLayout(s.m.screen())
	if mine == planned || memory.saves == 0 {
		t.Fatalf("%d writes of\n%s", memory.saves, mine)
	}
	s = open(160, 50)
	s.m.setFocus(paneDetail)
	if got := drawLayout(s.m.screen()); got != mine {
		t.Errorf("the next start shows\n%s\nnot\n%s", got, mine)
	}
	s.press("=")
	s.m.setFocus(paneFlags)
	if got := drawLayout(s.m.screen()); got != planned || len(memory.kept.Layouts) != 0 {
		t.Errorf("= shows\n%s\nand keeps %v", got, memory.kept.Layouts)
	}
	s.press("=")
	s.m.setFocus(paneDetail)
	if got := drawLayout(s.m.screen()); got != mine || len(memory.kept.Layouts) != 1 {
		t.Errorf("= again shows\n%s\nand keeps %v", got, memory.kept.Layouts)
	}
	s = open(120, 40)
	if s.m.own[viewLive][classMedium] != nil || s.m.own[viewDesk][classLarge] != nil {
		t.Error("another size or workspace is arranged too")
	}
	s.press("f", ">")
	s.has("the pane is enlarged")
}

// TestEveryPaneAtEverySize goes to each pane of each workspace, enlarges it and
// comes back: nothing is wider than the terminal, and its name is to be read.
func TestEveryPaneAtEverySize(t *testing.T) {
	for _, lang := range text.Langs {
		for _, size := range append([][2]int{{30, 8}, {40, 12}}, sizes...) {
			s := newStage(t, lang, size[0], size[1])
			s.desk.policies, s.desk.results = policySet(t), honesty()
			s.update(scene())
			for v := range viewCount {
				s.press(string(rune('1' + v)))
				if s.m.view != v {
					t.Fatalf("%c went to view %d", '1'+v, s.m.view)
				}
				for range plans[v][classSmall].panes() {
					s.named()
					s.narrow()
					s.press("f")
					s.named()
					s.narrow()
					s.press("f", "tab")
				}
			}
		}
	}
}

// named fails where the name of the pane in focus is not in its title.
func (s *stage) named() {
	s.t.Helper()
	c, sl, ok := s.m.screen().find(s.m.focused())
	if !ok {
		s.t.Fatalf("%s has the focus and is not on the screen", paneKeys[s.m.focused()])
	}
	name := feed.Sanitise(s.m.paneName(s.m.here(), s.m.focused())).Truncate(c.W - 4).String()
	if row := strings.Split(s.plain(), "\n")[sl.Y]; !strings.Contains(row, strings.TrimSuffix(name, "…")) {
		s.t.Fatalf("at %d×%d the title %q does not name %q", s.m.w, s.m.h, row, name)
	}
}

// TestEveryPaneTellsTheMoment: whatever is selected, and wherever, the feeds say
// where they stand, point at it, and tell what came meanwhile; what has no moment
// of its own leaves none standing.
func TestEveryPaneTellsTheMoment(t *testing.T) {
	s := newStage(t, text.EN, 240, 70)
	u := scene()
	u.Cases = append(u.Cases, moderation.Case{ID: 1060, Room: "r1", Kind: moderation.CaseComplaint, State: moderation.CaseStateOpen, Title: "long ago", OpenedAt: at(-86400), Version: 1})
	s.update(u)
	r := s.m.here()
	for _, c := range []struct {
		pane pane
		id   int64
		want string
	}{
		{paneFlags, 13, "20:01:45"},
		{paneOrders, 1, "20:02:30"},
		{paneComplaints, 1, "20:01:34"}, // the sentence that its problem goes back to
		{paneCases, 1042, "20:01:45"},
		{paneSegments, 14, "20:02:15"},
		{paneCases, 1041, "20:01:00"}, // opened while the broadcast ran
		{paneSpeech, 5, "20:01:34"},
	} {
		s.m.setFocus(c.pane)
		s.run(s.m.choose(c.pane, c.id))
		want := 0
		for _, p := range linked {
			if s.m.shows(p) && r.momentRowWanted(p) {
				want++
			}
		}
		if got := strings.Count(s.plain(), "you are at "+c.want); got != want || want == 0 {
			t.Errorf("%s %d: %d panes of %d are at %s:\n%s", paneKeys[c.pane], c.id, got, want, c.want, s.plain())
		}
	}
	s.m.setFocus(paneFlags)
	s.run(s.m.choose(paneFlags, 13))
	s.has("›△20:01:45") // the sentence in the speech
	sc, more := &script{room: "r1", n: 5000}, moderation.Update{}
	for i := range int64(60) {
		sc.add(610, feed.KindChat, "橙子", "来了来了")
		more.Orders = append(more.Orders, moderation.Order{ID: fmt.Sprint("LR", i), Room: "r1", Number: 100 + i, SKU: "D01", PaidFen: 100, Status: feed.StatusPaid, PaidAt: at(611), Version: 1})
		more.Complaints = append(more.Complaints, moderation.Complaint{ID: 100 + i, Room: "r1", Event: 950 + i, At: at(612), Text: "x", Version: 1})
	}
	more.Events = sc.evs
	s.update(more)
	s.has("you are at 20:01:45", "Orders 0/min ↓60 new", "Complaints 62 ↓60 new", "Chat 6.0/s ↓60 new")
	s.press("g")
	s.hasNot("you are at", "Orders 0/min ↓", "Chat 6.0/s ↓")
	s.run(s.m.choose(paneFlags, 13))
	s.press("2")
	s.m.setFocus(paneCases)
	s.run(s.m.choose(paneCases, 1060))
	s.hasNot("you are at")
}

func (r *room) momentRowWanted(p pane) bool { return !r.at.IsZero() && p != paneRooms }

// TestAnotherListIsAnotherMoment: who stands in the past and goes to what is
// selected elsewhere goes to its moment; who is live stays live.
func TestAnotherListIsAnotherMoment(t *testing.T) {
	s := newStage(t, text.EN, 160, 50)
	s.update(scene())
	s.press("2", "down", "g", "1")
	s.hasNot("you are at")
	s.press("down")
	s.has("you are at 20:01:45")
	s.press("down", "2")
	s.has("#1042 false advertising", "you are at 20:01:45")
	s.press("1")
	s.has("you are at 20:02:15")
}

// TestCardsTellWhatWaits, as far as there is room: more of few rooms than of many.
func TestCardsTellWhatWaits(t *testing.T) {
	s := newStage(t, text.EN, 160, 50)
	s.update(scene())
	s.press("4")
	s.has("to decide 3 oldest 8m", "cases 2 ▲1 due soon oldest #1041 9m", "gaps 1", "1 of 1 sources live", "▸ D01", "▲ 20:01:34 material", "⧗ 11m      #1041")
	for _, id := range []string{"a", "b", "c", "d", "e", "f", "g"} {
		s.update(moderation.Update{Rooms: []moderation.Room{{ID: id, Name: "房间" + id}}})
	}
	s.has("▲ 20:01:34 material", "房间g")
	s.hasNot("#1041 open")
	s.m.Update(tea.WindowSizeMsg{Width: 80, Height: 24})
	s.has("to decide 3", "房间g")
	s.hasNot("▲ 20:01:34 material")
	s.narrow()
}

// TestCardsTellWhatNoDecoderKnows: a room may be quiet only because its platform calls
// things otherwise than before.
func TestCardsTellWhatNoDecoderKnows(t *testing.T) {
	s := newStage(t, text.EN, 160, 50)
	s.update(scene())
	s.press("4")
	s.hasNot("not known")
	room := s.m.current
	event := func(index, n int64, name string) moderation.Recorded {
		return moderation.Recorded{Index: index, Event: feed.Event{
			ID: name, Room: room, Kind: feed.KindSystem, Code: feed.CodeUnknown, Channel: name, Count: n, At: start.Add(10 * time.Minute),
		}}
	}
	s.update(moderation.Update{Events: []moderation.Recorded{event(9001, 1, "SEND_GIFT_V3"), event(9002, 1200, "SEND_GIFT_V3"), event(9003, 0, "PARTY\x1b[2J")}})
	s.has("not known 1,202 PARTY␛[2J")
	s.narrow()
}

// TestNewCasesAreTold where they are not to be seen, and what was there at the
// start is no news.
func TestNewCasesAreTold(t *testing.T) {
	s := newStage(t, text.EN, 80, 24)
	u := scene()
	for i := range 40 {
		c := u.Cases[0]
		c.ID = int64(2000 + i)
		u.Cases = append(u.Cases, c)
	}
	s.update(u)
	s.press("2")
	s.hasNot("new ")
	c := u.Cases[0]
	c.ID, c.DueAt = 3000, at(900*60)
	s.update(moderation.Update{Cases: []moderation.Case{c}})
	s.has("↓1 new")
	s.press("end")
	s.hasNot("↓1 new")
}

// TestWindowOpensAtTheGravestSentence of many, and a person may go elsewhere.
func TestWindowOpensAtTheGravestSentence(t *testing.T) {
	s := newStage(t, text.EN, 120, 40)
	u := scene()
	for i := range 60 {
		line := moderation.Spoken{Event: u.Events[3], Standing: moderation.StandingUnknown}
		if i == 31 {
			line = moderation.Spoken{Event: u.Events[4], Standing: moderation.StandingContradicted, Claims: []claims.Claim{{Finding: u.Flags[0].Finding}}}
		}
		s.desk.window = append(s.desk.window, line)
	}
	s.update(u)
	s.press("2", "down")
	s.has("✗ 1 against the sheet", "✗ 20:01:34 百分之百纯羊毛")
	s.m.setFocus(paneWindow)
	s.press("home")
	s.hasNot("✗ 20:01:34")
	s.tick()
	s.hasNot("✗ 20:01:34")
}
