package tui

import (
	"strings"
	"testing"

	"liveroom/moderation"
	"liveroom/moderation/reply"
	"liveroom/tui/text"
)

// answering is a case with two complaints, an agent in front of it, and what the
// desk fills in.
func answering(t *testing.T, lang text.Lang) *stage {
	s := newStage(t, lang, 120, 40)
	s.m.opt.Actor.Role = moderation.RoleAgent
	u := scene()
	u.Cases[0].Complaints = []int64{1, 2}
	for i := range u.Complaints {
		u.Complaints[i].Case = 1041
	}
	s.update(u)
	tell := func(id string) reply.Template { t, _ := reply.Shipped().Find(id); return t }
	s.desk.drafts = map[int64][]moderation.Draft{
		1: {
			{Template: tell("false_ad.received"), Text: "您好，最晚 11-22 前给您结果。"},
			{Template: tell("false_ad.granted"), Text: "您好，可获得 {amount}。", Missing: []string{"amount"}},
			{Template: tell("damaged.photos"), Text: "请拍照发来。"},
		},
		2: {
			{Template: tell("false_ad.received"), Text: "您好，最晚 {due} 前给您结果。", Missing: []string{"due"}},
			{Template: tell("damaged.photos"), Text: "请拍照发来。"},
		},
	}
	s.press("2", "home")
	return s
}

func TestAnAnswerIsReadBeforeItIsSent(t *testing.T) {
	s := answering(t, text.ZH)
	s.press("R")
	s.has("回复投诉 #1（案件#1041", "▌1  宣传不符：已受理", "缺 {amount}", "3  破损变质 → 等待中", "tab 回复全部 2 条未答")
	s.press("1")
	s.has("› 您好，最晚 11-22 前给您结果。", "enter 发送")
	if len(s.desk.log) != 0 {
		t.Fatalf("sent before it was read: %v", s.desk.log)
	}
	s.press("enter")
	s.has("将回复投诉 #1")
	if want := "reply-buyer {Case:1041 Complaint:1 Template:false_ad.received Text:您好，最晚 11-22 前给您结果。 ByHand:false Version:1}"; s.desk.log[0] != want {
		t.Errorf("the desk was asked for %q, want %q", s.desk.log[0], want)
	}
}

// TestNothingHalfFilledIsSent: what nobody knows is named, in the list and in the
// answer, and enter sends nothing until a person filled it in.
func TestNothingHalfFilledIsSent(t *testing.T) {
	s := answering(t, text.EN)
	s.press("R", "2", "enter")
	s.has("Nothing is sent while this is not filled in: {amount}")
	if len(s.desk.log) != 0 {
		t.Fatalf("sent half filled: %v", s.desk.log)
	}
	for range []rune("{amount}。") {
		s.press("backspace")
	}
	s.press("text:¥30")
	s.hasNot("not filled in")
	s.press("esc")
	s.has("draft kept, R goes on with it")
	s.press("R")
	s.has("▌d  go on with what was typed  您好，可获得 ¥30")
	s.press("d", "enter")
	if len(s.desk.log) != 1 || !strings.Contains(s.desk.log[0], "Text:您好，可获得 ¥30 ") {
		t.Fatalf("the desk was asked for %v", s.desk.log)
	}
	if len(s.m.drafts) > 0 {
		t.Error("what was sent is still a draft")
	}
}

// TestATemplateMovesItsCase: what a template does beside answering is one thing
// with it, also to take back; and where nothing leads to the buyer the record says
// that it was sent by hand.
func TestATemplateMovesItsCase(t *testing.T) {
	s := answering(t, text.EN)
	s.desk.noWay = true
	s.press("R", "3")
	s.has("→ waiting", "This room has no way to reach the buyer", "enter marks it as sent by hand")
	s.press("enter")
	s.has("noted that you answered complaint #1 by hand → waiting", "undo 15s [u]")
	want := []string{
		"reply-buyer {Case:1041 Complaint:1 Template:damaged.photos Text:请拍照发来。 ByHand:true Version:1}",
		"move-case {Case:1041 To:waiting Outcome: Reason:the buyer sends photos Version:2}",
	}
	if strings.Join(s.desk.log, "\n") != strings.Join(want, "\n") {
		t.Fatalf("the desk was asked for\n%s", strings.Join(s.desk.log, "\n"))
	}
	s.press("u")
	if n := s.logged("undo"); n != 2 {
		t.Errorf("%d of 2 actions were taken back", n)
	}
	s.has("all taken back")
}

// TestTheSameAnswerToAll fills in each complaint of a case, lists who is left out,
// and sends the rest.
func TestTheSameAnswerToAll(t *testing.T) {
	s := answering(t, text.EN)
	s.press("R", "tab", "1")
	s.has("The same answer to 1 complaints", "· #1 您好，最晚 11-22 前给您结果。", "left out, 1:", "– #2 missing due")
	s.press("esc", "R", "tab", "2")
	s.has("it cannot be filled in for any of them")
	if len(s.desk.log) != 0 {
		t.Fatalf("the desk was asked for %v", s.desk.log)
	}
	s.press("1", "enter")
	s.has("The same answer to 1 complaints")
	if s.m.dialog != nil || s.logged("reply-buyer {Case:1041 Complaint:1 Template:false_ad.received") != 1 || len(s.desk.log) != 1 {
		t.Fatalf("the desk was asked for %v", s.desk.log)
	}
}

func TestACaseWithoutAComplaintHasNoAnswer(t *testing.T) {
	s := newStage(t, text.EN, 120, 40)
	s.m.opt.Actor.Role = moderation.RoleAgent
	s.update(scene())
	s.press("2", "home", "R")
	s.has("the case has no complaint to answer")
	s.m.opt.Actor.Role = moderation.RoleModerator
	s.press("R")
	s.has("your role may not do this")
}
