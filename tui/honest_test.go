package tui

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/tui/text"
)

// The tests here hold the screen to saying no more than it knows.

// TestNextFindsFlagsFromTheCaseView: nothing waits only where nothing waits.
func TestNextFindsFlagsFromTheCaseView(t *testing.T) {
	s := newStage(t, text.ZH, 120, 40)
	u := scene()
	u.Cases = nil
	s.update(u)
	s.press("2", "n")
	s.hasNot("没有等着你处理的事")
	if s.m.view != viewLive || s.m.focused() != paneFlags {
		t.Fatalf("n went to view %d, pane %d", s.m.view, s.m.focused())
	}
	s.has("▌▲高 20:01:34 材质")
	s.press("/", "text:没有这个词", "enter", "n")
	s.has("本间有 3 处疑点待判，都被筛选挡住了")
	s.press("esc", "x", "x", "x", "2", "n")
	s.has("没有等着你处理的事")
}

// TestLiveIsOnlyWhatDelivers: a room is live once a source of it is.
func TestLiveIsOnlyWhatDelivers(t *testing.T) {
	for _, tt := range []struct {
		name    string
		sources []feed.Status
		want    string
	}{
		{"no source", nil, "○ no source"},
		{"first attempt", []feed.Status{{Source: "a", State: feed.StateDialling}}, "◌ connecting"},
		{"one of two", []feed.Status{{Source: "a", State: feed.StateDialling}, {Source: "b", State: feed.StateLive}}, "● live"},
		{"dialled again", []feed.Status{{Source: "a", State: feed.StateDialling, Reconnects: 1}, {Source: "b", State: feed.StateLive}}, "▲ signal lost"},
		{"lost and dialled", []feed.Status{{Source: "a", State: feed.StateDialling, Err: errors.New("reset")}}, "▲ signal lost"},
		{"waiting", []feed.Status{{Source: "a", State: feed.StateWaiting}}, "▲ signal lost"},
		{"all ended", []feed.Status{{Source: "a", State: feed.StateEnded}}, "■ source ended"},
		{"one ended", []feed.Status{{Source: "a", State: feed.StateEnded}, {Source: "b", State: feed.StateLive}}, "● live"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newStage(t, text.EN, 120, 40)
			u := scene()
			u.Sources = nil
			for _, st := range tt.sources {
				st.Room = "r1"
				u.Sources = append(u.Sources, st)
			}
			s.update(u)
			s.has(tt.want)
			if tt.want != "● live" {
				s.hasNot("● live")
			}
		})
	}
}

// TestAnOutageKeepsItsBanner while the source is dialled again, and the cause
// stands at the end of the reason.
func TestAnOutageKeepsItsBanner(t *testing.T) {
	s := newStage(t, text.EN, 80, 24)
	s.update(scene())
	refused := errors.New("connect to ws://live.example.com:8443/rooms/nanzhi/stream?after=1234: dial tcp 203.0.113.7:8443: connect: connection refused")
	for n, state := range []feed.State{feed.StateWaiting, feed.StateDialling, feed.StateWaiting} {
		s.update(moderation.Update{Sources: []feed.Status{{Room: "r1", Source: "test", State: state, Since: at(580), Reconnects: n + 1, Err: refused}}})
		s.has("! Source test is down since 20:09:40, reconnecting (attempt "+fmt.Sprint(n+1)+")", "connect to ws://live", "…", "connect: connection refused\n")
		s.narrow()
	}
	s.update(moderation.Update{Sources: []feed.Status{{Room: "r1", Source: "test", State: feed.StateFailed, Since: at(580), Err: errors.New("the peer refused the token (HTTP 401): mend it in the config")}}})
	s.has("the peer refused the token (HTTP 401): mend it in the config\n")
}

// TestNoCommandIsNamedThatIsNot: the empty screen sends nobody to a command that
// the program does not have.
func TestNoCommandIsNamedThatIsNot(t *testing.T) {
	for _, lang := range text.Langs {
		c := text.For(lang)
		for _, key := range c.Keys() {
			if strings.Contains(c.T(key), "liveroom ") {
				t.Errorf("%s in %s names a command: %q", key, lang, c.T(key))
			}
		}
	}
}

func TestClosingAsksForAnOutcomeFirst(t *testing.T) {
	s := newStage(t, text.EN, 120, 40)
	s.update(scene())
	s.press("2", "D")
	s.has("✗ give it an outcome first (r)")
}

// TestOrdersRunDownInTime: an order that is paid later than one placed after it
// stands below that one.
func TestOrdersRunDownInTime(t *testing.T) {
	s := newStage(t, text.ZH, 120, 40)
	u := scene()
	u.Orders = nil
	for n, paid := range []int{124, 113, 117, 0} {
		o := moderation.Order{ID: fmt.Sprint("LR", n), Number: int64(n + 1), Room: "r1", SKU: "D01", Qty: 1, Status: feed.StatusPaid, CreatedAt: at(110 + n), PaidAt: at(paid), Version: 1}
		if paid == 0 {
			o.PaidAt, o.Status = time.Time{}, feed.StatusCreated
		}
		u.Orders = append(u.Orders, o)
	}
	s.update(u)
	var seen []string
	for _, o := range s.m.here().orders.rows() {
		seen = append(seen, o.v.ID)
	}
	if got := strings.Join(seen, " "); got != "LR1 LR3 LR2 LR0" {
		t.Errorf("orders run %s", got)
	}
	// The moment of a flag is found among them.
	s.m.here().at = at(115)
	s.m.holdMoment(s.m.here(), paneOrders)
	if id := s.m.here().lists[paneOrders].held; id != 4 {
		t.Errorf("the orders stand at number %d", id)
	}
}

// TestCasesOfTheTitleAreThoseBelow: a title counts what its list holds.
func TestCasesOfTheTitleAreThoseBelow(t *testing.T) {
	s := newStage(t, text.EN, 120, 40)
	u := scene()
	u.Cases = u.Cases[:1]
	u.Cases[0].State, u.Cases[0].Outcome = moderation.CaseStateResolved, moderation.OutcomeUpheld
	s.update(u)
	s.press("2")
	s.has("━ Cases 0 open of 1 ━")
}

// TestTimesReadAsWhatTheyAre: hours left are no minutes and seconds, and a later
// day says that it is a day.
func TestTimesReadAsWhatTheyAre(t *testing.T) {
	s := newStage(t, text.EN, 120, 40)
	u := scene()
	u.Cases[0].DueAt = s.now.Add(48*time.Hour - 30*time.Second)
	u.Complaints[0].At = at(3*24*3600 + 60)
	s.update(u)
	s.press("2")
	s.has("47h59m")
	s.hasNot("47:59")
	if got := s.m.here().clock(at(3*24*3600 + 60)); got != "+3d20:01" {
		t.Errorf("three days later is %q", got)
	}
}

// TestWhatWasTypedOutlivesAFailedWrite: each form gives back its text.
func TestWhatWasTypedOutlivesAFailedWrite(t *testing.T) {
	for _, tt := range []struct {
		name string
		to   []string // keys that lead to what it is about
		form []string // and from there to the form
		back []string // and back to what it is about, after the form
		kept []string // how the form is opened again; nil: as before
	}{
		{"reason of a dismissal", nil, []string{"X", "w"}, []string{"k"}, []string{"X"}}, // it has gone on to the next flag
		{"correction", nil, []string{"c"}, nil, nil},
		{"note", []string{"2"}, []string{"w"}, nil, nil},
		{"reason of an outcome", []string{"2"}, []string{"r", "1"}, nil, nil},
		{"reason for reopening", []string{"2", "end"}, []string{"m", "1"}, nil, nil},
		{"title of a case", []string{"to complaints", "home"}, []string{"o", "text:new", "enter"}, nil, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newStage(t, text.EN, 120, 40)
			u := scene()
			u.Cases[1].State, u.Cases[1].Outcome = moderation.CaseStateResolved, moderation.OutcomeUpheld
			s.update(u)
			for _, k := range tt.to {
				for k == "to complaints" && s.m.focused() != paneComplaints {
					s.press("tab")
				}
				if k != "to complaints" {
					s.press(k)
				}
			}
			s.press(tt.form...)
			s.press("ctrl+u", "text:what took a minute to write")
			s.desk.fail = moderation.ErrConflict
			s.press("enter")
			s.has("Not done", "somebody changed it just now")
			if s.m.dialog != nil || len(s.desk.log) != 1 {
				t.Fatalf("the desk was asked for %v", s.desk.log)
			}
			s.press("q")
			s.has("1 texts are typed but not written")
			s.press("esc")
			s.desk.fail = nil
			s.press(tt.back...)
			if tt.kept == nil {
				tt.kept = tt.form
			}
			s.press(tt.kept...)
			s.has("› what took a minute to write")
			s.press("enter")
			if len(s.desk.log) != 2 || s.desk.log[0] != s.desk.log[1] {
				t.Fatalf("the desk was asked for %v", s.desk.log)
			}
			if len(s.m.drafts) > 0 {
				t.Fatal("a text that was written is still a draft")
			}
		})
	}
}

// TestLeavingATemporaryRecord tells that what is to go out is lost with it.
func TestLeavingATemporaryRecord(t *testing.T) {
	for temporary, want := range map[bool]string{
		false: "quit now and it is sent when the console next runs",
		true:  "quit now and it is never sent: this record is temporary and is deleted",
	} {
		s := newStage(t, text.EN, 120, 40)
		s.m.opt.Temporary = temporary
		s.update(scene())
		s.press("c", "enter", "q")
		s.has(want)
	}
}

// TestOneLanguageOnAScreen: what the program itself says of a finding is in the
// person's language; what the sheet and the host say stays as it is.
func TestOneLanguageOnAScreen(t *testing.T) {
	u := scene()
	u.Flags[0].Finding.FactID, u.Flags[0].Finding.ArithmeticEN = "D01·list_price", "100 % against 65 %, +35 points"
	zh := newStage(t, text.ZH, 120, 60)
	zh.update(u)
	zh.has("D01·划线价", "100 % 对 65 %，+35 点", "composition  D01·划线价")
	zh.hasNot("list_price", "against")
	en := newStage(t, text.EN, 120, 60)
	en.update(u)
	en.has("D01·list", "100 % against 65 %, +35 points")
	en.hasNot("对 65 %", "list_price")
	u.Flags[0].Finding.ArithmeticEN, u.Flags[0].Version = "", 2
	en.update(u)
	en.has("100 % 对 65 %") // recorded before there was an English one
}

// TestTheFooterIsSilentWhileADialogIsOpen: a key that is named there would be
// typed instead.
func TestTheFooterIsSilentWhileADialogIsOpen(t *testing.T) {
	s := newStage(t, text.EN, 120, 40)
	s.update(scene())
	s.press("2")
	if !strings.Contains(s.plain(), "w note") {
		t.Fatal("the footer does not name w")
	}
	s.press("w")
	s.hasNot("D close", "w note")
	s.press("esc", "r")
	s.hasNot("D close", "w note")
}
