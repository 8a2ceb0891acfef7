package tui

import (
	"errors"
	"testing"

	"liveroom/moderation"
	"liveroom/tui/text"
)

// exposed is what the desk finds of the first flag of the scene.
func exposed(s *stage) {
	s.desk.exposure = moderation.Exposure{
		Reaches: []moderation.Reach{{Flag: 12, At: at(94), Until: at(200), End: moderation.ReachTold}},
		Orders: []moderation.Exposed{
			{Bought: moderation.Bought{ID: "LR2611210176", PaidAt: at(150), PaidFen: 12900}, Flag: 12},
			{Bought: moderation.Bought{ID: "LR2611210177\x1b[2J", PaidAt: at(160), PaidFen: 25800, Case: 1042}, Flag: 12},
		},
		PaidFen: 38700, InCases: 1, Undecided: []int64{14}, More: 3, Untimed: 1,
		Stakes: []moderation.Stake{
			{Policy: "a", Granted: moderation.Part{Orders: 2, Fen: 38700}},
			{Policy: "b", Unknown: 2},
		},
	}
}

// TestABuyerListNeedsAConfirmedClaim: from a flag that nobody decided the question
// comes first, and enter names how many orders it puts into a case.
func TestABuyerListNeedsAConfirmedClaim(t *testing.T) {
	s := newStage(t, text.ZH, 120, 40)
	s.update(scene())
	exposed(s)
	s.press("b")
	s.has("先判定：属实的说法才统计影响订单：疑点12")
	s.press("n")
	if len(s.desk.log) != 0 {
		t.Fatalf("n did %v", s.desk.log)
	}
	s.press("b", "y")
	s.has("受这句话影响的订单：疑点12", "20:01:34 说的，至 20:03:20（已要求主播更正）", "2 单，实付 ¥387.00", "还有 1 条相同说法未判，判属实将再增加 3 单",
		"另有 1 单没有时间", "支持 2 单 ¥387.00", "…0176", "案件 #1042", "enter 把 1 单并入案件 #1045")
	s.narrow()
	s.press("enter")
	if n := s.logged("open-exposed {Flag:12}"); n != 1 {
		t.Fatalf("the desk was asked for %v", s.desk.log)
	}
	s.has("案件 #1045：并入 1 单", "▌△中 20:01:45 价格")
	// From the case it is the same list, and nothing is confirmed again.
	s.press("2", "end", "b")
	s.has("受这句话影响的订单：疑点12")
	s.press("esc")
	if n := s.logged("confirm-flag"); n != 1 {
		t.Errorf("the flag was confirmed %d times", n)
	}
}

func TestABuyerListThatCannotBeRead(t *testing.T) {
	s := newStage(t, text.EN, 120, 40)
	u := scene()
	u.Flags[0].Status = moderation.FlagConfirmed
	s.update(u)
	s.press("a", "home", "k", "home")
	s.desk.fail = errors.New("locked\x1b[2J")
	for s.m.flagHere().ID != 12 {
		s.press("j")
	}
	s.press("b")
	s.has("could not be counted: locked␛[2J")
	if s.m.dialog != nil {
		t.Error("the sheet stays")
	}
	s.m.opt.Actor.Role = moderation.RoleAgent
	s.press("home", "b")
	s.has("only a confirmed claim has buyers")
}
