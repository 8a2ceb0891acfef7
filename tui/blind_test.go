package tui

import (
	"testing"
	"time"

	"liveroom/moderation"
)

// TestAReviewersScreenIsBlind: a supervisor whose screen is open while a decided
// flag is drawn into a spot check sees the flag, that it waits for their review,
// and in no pane what was decided or by whom, until they have reviewed it.
func TestAReviewersScreenIsBlind(t *testing.T) {
	s := newRealStageOf(t, moderation.Actor{Name: "老秦", Role: moderation.RoleSupervisor})
	s.m.w, s.m.h = 160, 50
	s.take()
	s.commit(spokenAt("t1", 10, "这条百分之百纯羊毛 放心"), spokenAt("t2", 40, "再说一遍 百分之百纯羊毛"))
	lin, wen := moderation.Actor{Name: "林知夏", Role: moderation.RoleModerator}, moderation.Actor{Name: "秉文", Role: moderation.RoleSupervisor}
	do := func(a moderation.Actor, c moderation.Command) moderation.Result {
		t.Helper()
		r, err := s.desk.Do(t.Context(), a, c)
		if err != nil {
			t.Fatalf("%s: %v", c.Name(), err)
		}
		return r
	}
	c := do(lin, moderation.ConfirmFlag{Flag: 1, OpenCase: true}).Case
	do(lin, moderation.TellHost{Flag: 1, Text: "请更正成分"})
	c = do(wen, moderation.NoteCase{Case: c.ID, Version: c.Version, Text: "判得没错"}).Case
	s.take()
	s.press("a")
	s.has("✓属实", "林")
	s.now = s.now.Add(time.Minute)
	check := do(wen, moderation.PlanSpotCheck{Room: "r1", Title: "周检", Plan: moderation.SamplePlan{By: moderation.SampleModerator, Only: lin.Name, Size: 9}}).Case
	s.take()

	telling := []string{"属实·", "林", "判得没错", "请更正成分", "已请主播更正"}
	s.has("待您在#2中复核")
	for _, keys := range [][]string{{"enter"}, {"esc", "2"}, {"home", "enter"}, {"end", "enter"}, {"esc", "1"}} {
		s.press(keys...)
		s.hasNot(telling...)
	}
	s.press("z")
	s.has("已经判过了")
	s.hasNot(telling...)
	for _, w := range []int{80, 120, 240} {
		s.m.w = w
		s.hasNot(telling...)
	}
	s.m.w = 160
	// In zen the flag has the whole screen, and y judges it in the spot check.
	s.press("Z")
	s.has("逐件处理", "待您在#2中复核")
	s.hasNot(telling...)
	s.press("y")
	s.take()
	r, err := s.desk.Reader().Case(t.Context(), check.ID)
	if err != nil || len(r.Sample) != 1 || r.Sample[0].Verdict != moderation.FlagConfirmed || r.Sample[0].By != "老秦" {
		t.Fatalf("the spot check holds %+v, %v", r.Sample, err)
	}
	s.press("esc", "k")
	s.has("属实·林")
	if c.Version == 0 {
		t.Error("the case has no version")
	}
}
