package tui

import (
	"testing"
	"time"

	"liveroom/claims"
	"liveroom/moderation"
	"liveroom/tui/text"
)

// alarms are n flags of one rule in the scene.
func alarms(s *stage, n int) {
	u := scene()
	s.update(u)
	for i := range n {
		f := u.Flags[2]
		f.ID, f.Finding.Rule, f.Finding.Severity, f.Finding.SKU, f.At = int64(50+i), "price.lowest", claims.SeverityHigh, "D02", at(i)
		s.update(moderation.Update{Flags: []moderation.Flag{f}})
	}
	s.press("home")
}

// TestManyAreListedBeforeTheyAreDecided: the sheet has the number and who is left
// out, and esc does nothing at all; one u takes all of it back.
func TestManyAreListedBeforeTheyAreDecided(t *testing.T) {
	s := newStage(t, text.ZH, 120, 40)
	alarms(s, 3)
	s.press("space", "space", "space")
	s.has("◇已标记 3", "◇▲高 20:00:00", "◇▲高 20:00:02")
	s.press("k", "k", "k")
	s.has("◆▲高 20:00:00")
	// Somebody else decides one of them meanwhile.
	f := s.desk.flags[51]
	f.Status, f.DecidedBy, f.Version = moderation.FlagConfirmed, "小林", 9
	s.press("a")
	s.update(moderation.Update{Flags: []moderation.Flag{f}})
	s.press("B")
	s.has("已标记 3 条，一起怎么处理？", "x  2 个疑点不成立 （另有 1 条不包括）")
	s.press("x")
	s.has("2 个疑点不成立", "· 疑点50", "· 疑点52", "不包括 1 条：", "– #51 ✓属实·小林", "enter 处理这 2 条")
	s.press("esc")
	if len(s.desk.log) != 0 {
		t.Fatalf("esc did %v", s.desk.log)
	}
	s.press("B", "X", "1", "enter")
	for _, id := range []int64{50, 52} {
		if f := s.desk.flags[id]; f.Status != moderation.FlagDismissed || f.Reason != "语音识别听错了" {
			t.Errorf("flag %d is %s for %q", id, f.Status, f.Reason)
		}
	}
	s.has("撤销 15s [u] 2 个疑点不成立，并写理由")
	s.hasNot("已标记")
	s.press("u")
	if n := s.logged("undo"); n != 2 || s.desk.flags[50].Status != moderation.FlagOpen {
		t.Errorf("%d actions were taken back", n)
	}
	s.has("已全部撤回：2 个疑点不成立")
	s.hasNot("撤销 1")
}

// TestWhatWasRefusedStays: a refusal ends nothing, and the sheet says which until a
// person has read it.
func TestWhatWasRefusedStays(t *testing.T) {
	s := newStage(t, text.EN, 120, 40)
	alarms(s, 3)
	delete(s.desk.flags, 51)
	s.press("B") // without marks: what is alike
	s.has("3 alike: what is to be done with them?")
	s.press("y", "enter")
	s.has("confirm 3 flags, with a case each claim · 3 of 3", "✗ flag 51", "the record does not have it any more", "✓ flag 50", "1 were refused, the others are done",
		"✗ 2 of 3 done, then not")
	s.press("enter")
	if s.m.dialog != nil {
		t.Error("the sheet stays")
	}
}

// TestTheFilterIsInHand: without marks B is about what the filter leaves.
func TestTheFilterIsInHand(t *testing.T) {
	s := newStage(t, text.EN, 120, 40)
	alarms(s, 2)
	s.press("/", "text:d01", "enter", "B")
	s.has("that the filter leaves: what is to be done with them?")
	s.press("esc")
}

func TestCasesAreGivenTogether(t *testing.T) {
	s := newStage(t, text.EN, 120, 40)
	s.m.opt.Actor.Role = moderation.RoleSupervisor
	s.update(scene())
	s.press("2", "home", "space", "space", "B", "A")
	s.has("give 2 cases to somebody", "小林", "1 cases")
	s.press("text:Marta", "enter")
	s.has("give 2 cases to somebody · Marta", "· case #1041", "enter does it for 2")
	s.press("enter")
	for _, id := range []int64{1041, 1042} {
		if c := s.desk.cases[id]; c.Owner != "Marta" {
			t.Errorf("case %d is %q's", id, c.Owner)
		}
	}
}

// TestAComplaintJoinsItsKin: the open case of the same problem stands first, and
// enter takes it.
func TestAComplaintJoinsItsKin(t *testing.T) {
	s := newStage(t, text.EN, 200, 60)
	s.m.opt.Actor.Role = moderation.RoleAgent
	u := scene()
	u.Complaints[0].Case = 1042
	s.update(u)
	for s.m.focused() != paneComplaints {
		s.press("tab")
	}
	s.press("home", "o")
	s.has("it is in a case already")
	s.press("down", "o")
	s.has("▌#1042", "a new case", "#1041")
	s.press("enter")
	if n := s.logged("add-to-case {Case:1042 Flags:[] Complaints:[2]"); n != 1 {
		t.Errorf("the desk was asked for %v", s.desk.log)
	}
	s.has("put into case #1042")
}

func TestAFlagJoinsACaseOfOnesChoice(t *testing.T) {
	s := newStage(t, text.EN, 160, 50)
	s.update(scene())
	s.press("o", "text:1041", "enter")
	if s.logged("confirm-flag {Flag:12 OpenCase:false}") != 1 || s.logged("add-to-case {Case:1041 Flags:[12]") != 1 {
		t.Errorf("the desk was asked for %v", s.desk.log)
	}
	s.has("put into case #1041", "▌△med")
}

// TestAnAgentIsGivenTheNextCase, then their own when none is left.
func TestAnAgentIsGivenTheNextCase(t *testing.T) {
	s := newStage(t, text.EN, 120, 40)
	s.m.opt.Actor.Role = moderation.RoleAgent
	s.update(scene())
	s.press("n")
	s.has("you took case #1041", "▌⧗11m", "@you")
	if s.m.view != viewDesk {
		t.Error("n does not lead to the desk")
	}
	s.press("n")
	s.has("no more cases to be had; 1 are yours")
	// A key held down leases no second one.
	n := s.logged("next-case")
	s.send(keyOf("n"))
	if s.logged("next-case") != n {
		t.Error("a held key asked for another case")
	}
}

// TestASupervisorIsLedToWhatOnlyTheyDecide: a payment, what was handed up, and yes
// names the amount before it counts.
func TestASupervisorIsLedToWhatOnlyTheyDecide(t *testing.T) {
	s := newStage(t, text.EN, 120, 40)
	s.m.opt.Actor.Role = moderation.RoleSupervisor
	u := scene()
	u.Cases[1].Payments = []moderation.Payment{{ID: 1, Order: "LR2611210176", State: moderation.PaymentProposed, AmountFen: 12900, By: "小林"}}
	u.Cases[0].Escalated = at(300)
	s.update(u)
	s.press("n")
	s.has("▌ 5h11m    #1042", "y approve", "x refuse")
	s.press("y")
	s.has("Approve a payment of case #1042", "¥129.00", "proposed by 小林", "the program pays nothing")
	s.press("enter")
	if len(s.desk.log) != 0 {
		t.Fatalf("enter alone did %v", s.desk.log)
	}
	s.press("x", "text:no proof", "enter", "y", "y")
	if s.logged("refuse-payment {Case:1042 Payment:1 Reason:no proof") != 1 || s.logged("approve-payment {Case:1042 Payment:1") != 1 {
		t.Errorf("the desk was asked for %v", s.desk.log)
	}
	s.press("n")
	s.has("▌⧗11m      #1041")
	s.press("n")
	s.has("▌▲high")
}

func TestACaseIsPutOffAndHandedUp(t *testing.T) {
	s := newStage(t, text.ZH, 120, 40)
	s.update(scene())
	s.press("2", "home", "z")
	s.has("1  11-20 20:40  有更急的要先处理", "3  11-21 09:00  明天之前联系不上")
	s.press("3")
	if c := s.desk.cases[1041]; !c.SnoozedTo.Equal(time.Date(2026, 11, 21, 9, 0, 0, 0, defaultZone)) {
		t.Errorf("put off until %v", c.SnoozedTo)
	}
	s.press("E", "1")
	s.has("已上报：案件#1041")
	s.press("E")
	s.has("已经上报了")
	s.press("A")
	s.has("你的角色不能做这一步")
}

// TestErasingNamesItsTarget: the buyer as the screen shows them, a reason, and a
// question that enter answers with no.
func TestErasingNamesItsTarget(t *testing.T) {
	s := newStage(t, text.EN, 120, 40)
	s.m.opt.Actor.Role = moderation.RoleSupervisor
	u := scene()
	u.Cases[0].State, u.Cases[0].Buyers = moderation.CaseStateClosed, []string{"13912345678"}
	u.Cases[0].Complaints = []int64{1}
	u.Complaints[0].Buyer.ID, u.Complaints[0].Buyer.Name = "13912345678", "13912345678"
	s.update(u)
	s.press("2", "end", "e")
	s.has("erase buyer")
	s.press("esc")
	if cmd := s.m.askErase(); cmd != nil {
		t.Fatal("it does something at once")
	}
	s.hasNot("13912345678")
	s.press("enter", "text:asked for it", "enter")
	s.has("Erase all data of 139****5678 …78 for ever?", "asked for it", "y  erase all data of 139****5678")
	s.press("enter")
	if len(s.desk.log) != 0 {
		t.Fatalf("enter erased: %v", s.desk.log)
	}
	s.m.askErase()
	s.press("enter", "text:asked for it", "enter", "y")
	if s.logged("erase-buyer {Buyer:13912345678 Reason:asked for it}") != 1 {
		t.Errorf("the desk was asked for %v", s.desk.log)
	}
}
