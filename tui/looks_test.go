package tui

import (
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"liveroom/moderation"
	"liveroom/tui/text"
)

// colleague sits down at another seat of the same desk.
func (s *realStage) colleague(who moderation.Actor, lang text.Lang) *realStage {
	s.t.Helper()
	seat := s.desk.Seat(who)
	sub := seat.Subscribe()
	s.t.Cleanup(sub.Close)
	other := &realStage{stage: &stage{t: s.t, now: s.now}, desk: s.desk, store: s.store, sub: sub}
	other.m = New(Options{Desk: seat, Updates: sub, Actor: who, Lang: lang, Clock: s.m.opt.Clock, Wall: s.m.opt.Wall, NoColor: true})
	other.m.Update(tea.WindowSizeMsg{Width: 120, Height: 40})
	other.take()
	return other
}

// TestTwoPeopleSeeThatTheyLookAtTheSame: the flag, then the case; whoever goes on
// or goes home is gone from the other's screen.
func TestTwoPeopleSeeThatTheyLookAtTheSame(t *testing.T) {
	mine := newRealStage(t)
	mine.take()
	mine.commit(spokenAt("t1", 10, "这条百分之百纯羊毛"), spokenAt("t2", 20, "再说一遍 百分之百纯羊毛"))
	mine.hasNot("◉")
	bing := mine.colleague(moderation.Actor{Name: "秉文", Role: moderation.RoleSupervisor}, text.EN)
	bing.has("◉小周", "looking    小周") // they start with the same flag
	mine.take()
	mine.has("◉秉文", "也在看   秉文")

	bing.press("j")
	bing.hasNot("looking ")
	mine.take()
	mine.has("◉秉文")
	mine.hasNot("也在看   ") // the other flag's row says it, the detail does not
	bing.press("k", "y")
	bing.take()
	mine.take()
	bing.press("2")
	mine.take()
	mine.press("2")
	mine.has("◉秉文", "也在看   秉文")
	bing.take()
	bing.has("◉小周")

	bing.sub.Close()
	mine.take()
	mine.hasNot("◉", "也在看")
}

// TestNobodySeesThemselves, nor what another shows of a name.
func TestNobodySeesThemselves(t *testing.T) {
	s := newStage(t, text.ZH, 120, 40)
	s.update(scene())
	s.update(moderation.Update{Looks: []moderation.Look{{Console: 2, Actor: "小周", Room: "r1", Flag: 12}}})
	s.hasNot("◉")
	s.update(moderation.Update{Looks: []moderation.Look{
		{Console: 3, Actor: "a\x1b[2J", Room: "r1", Flag: 12}, {Console: 4, Actor: "13812345678", Room: "r1", Flag: 12}, {Console: 5, Actor: "13812345678", Room: "r1", Flag: 12},
	}})
	s.has("◉138****5678 a␛[2J")
	c := s.desk.cases[1041]
	c.Watchers = []string{"小林", "小周"}
	s.update(moderation.Update{Cases: []moderation.Case{c}, Looks: []moderation.Look{{Console: 3}, {Console: 4}, {Console: 5}}})
	s.hasNot("◉")
	s.press("2")
	s.has("关注     小林 你")
}
