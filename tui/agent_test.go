package tui

import (
	"errors"
	"testing"

	"liveroom/claims"
	"liveroom/moderation"
	"liveroom/tui/text"
)

func TestAgentWorksACase(t *testing.T) {
	s := newStage(t, text.ZH, 120, 40)
	s.update(scene())
	s.press("2")
	s.has("▌⧗11分     #1041", "无人认领")
	s.press("t")
	s.has("@你", "✓ 已认领 案件#1041")
	s.press("t")
	s.has("✗ 这个案件已经归你")
	s.press("w", "text:已联系买家yxz", "enter")
	s.has("✎", "已联系买家yxz")
	s.press("m", "1")
	s.has("复核中")
	s.press("r", "1", "text:水洗标不符", "enter")
	s.has("已结论", "结论     属实")
	if want := "move-case {Case:1041 To:resolved Outcome:upheld Reason:水洗标不符 Version:4}"; s.desk.log[len(s.desk.log)-1] != want {
		t.Fatalf("the desk was asked for %q", s.desk.log[len(s.desk.log)-1])
	}
	// Closing names its case, and enter keeps it open.
	s.press("up", "up", "down", "D")
	s.has("关闭 案件#1041 “掉毛起球”？")
	s.press("enter")
	if s.desk.cases[1041].State != moderation.CaseStateResolved {
		t.Fatal("enter alone closed the case")
	}
	s.press("D", "y")
	if s.desk.cases[1041].State != moderation.CaseStateClosed {
		t.Fatal("the case is not closed")
	}
}

func TestWhatCameOfAClaim(t *testing.T) {
	s := newStage(t, text.ZH, 120, 40)
	s.update(scene())
	s.has("其后成交 1 单 ¥129.00（20:01:34 起，至今）", "同类     P1 共 2 起：不是纯羊毛")
	s.press("y", "2", "end", "enter", "f")
	s.has("#1045 虚假宣传", "其后成交 1 单 ¥129.00", "同类     P1 共 2 起")
}

func TestConflictOnACase(t *testing.T) {
	s := newStage(t, text.ZH, 120, 40)
	s.update(scene())
	s.press("2")
	c := s.desk.cases[1041]
	c.Version = 9
	s.desk.cases[1041] = c
	s.press("t")
	s.has("认领案件没有完成", "别人刚刚改过它")
}

func TestCaseFromAComplaint(t *testing.T) {
	s := newStage(t, text.ZH, 200, 60)
	s.update(scene())
	for s.m.focused() != paneComplaints {
		s.press("tab")
	}
	s.press("home", "o")
	s.has("归到哪里？", "新立一个案", "#1041")
	s.press("text:new", "enter")
	s.has("立案，标题：", "› 水洗标写着65%羊毛")
	s.press("enter")
	if s.logged("open-case") != 1 || len(s.desk.cases) != 3 {
		t.Fatalf("no case was opened: %v", s.desk.log)
	}
}

func TestOrderShowsWhatWasSaidBefore(t *testing.T) {
	s := newStage(t, text.ZH, 120, 40)
	u := scene()
	s.desk.window = []moderation.Spoken{
		{Event: u.Events[4], Flags: u.Flags[:1], Standing: moderation.StandingContradicted, Claims: []claims.Claim{{Finding: u.Flags[0].Finding}}},
		{Event: u.Events[3], Standing: moderation.StandingUnknown},
	}
	s.update(u)
	for s.m.focused() != paneOrders {
		s.press("tab")
	}
	s.press("home", "enter", "f")
	s.has("订单 …0176", "付款前主播这样说这件商品", "✗ 20:01:34 百分之百纯羊毛", "↔ 材质 羊毛65%", "· 20:01:30 这条围巾")
	s.press("esc")
	s.has("━ 详情", "─ 弹幕")
	s.desk.fail = errors.New("locked")
	s.press("esc", "down")
	s.has("口播没有读出来：locked")
}

func TestRoleIsToldBeforehand(t *testing.T) {
	s := newStage(t, text.ZH, 120, 40)
	s.m.opt.Actor.Role = moderation.RoleAgent
	s.update(scene())
	s.hasNot("y 属实立案")
	s.press("y")
	s.has("你的角色不能做这一步")
	if len(s.desk.log) != 0 {
		t.Fatalf("the desk was asked for %v", s.desk.log)
	}
}

func TestReopeningNeedsAReason(t *testing.T) {
	s := newStage(t, text.ZH, 120, 40)
	u := scene()
	u.Cases[0].State = moderation.CaseStateClosed
	s.update(u)
	s.press("2", "end", "D")
	s.has("案件现在的状态不能这样改")
	s.press("m", "1", "enter")
	s.has("案件#1041 “掉毛起球” → 复核中", "内容不能为空")
	s.press("text:有新证据", "enter")
	if c := s.desk.cases[1041]; c.State != moderation.CaseStateReview {
		t.Fatalf("the case is %s", c.State)
	}
}

func TestAfterTheBroadcast(t *testing.T) {
	s := newStage(t, text.ZH, 120, 40)
	u := scene()
	u.Rooms[0].EndedAt = at(720)
	u.Complaints[1].At = at(720 + 2*24*3600 + 5*3600)
	s.update(u)
	s.has("■ 已下播 00:12:00")
	for s.m.focused() != paneComplaints {
		s.press("tab")
	}
	s.press("end")
	s.has("+3d01:12", "时间     11-23 01:12:00")
}
