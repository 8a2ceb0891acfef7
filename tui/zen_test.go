package tui

import (
	"testing"

	"liveroom/moderation"
	"liveroom/tui/text"
)

// TestZenShowsOneThingAtATime: a decision brings the next, esc the panes back.
func TestZenShowsOneThingAtATime(t *testing.T) {
	for _, size := range sizes {
		s := newStage(t, text.EN, size[0], size[1])
		s.update(scene())
		s.press("Z")
		s.has("━ One at a time · 4 wait", "百分之百纯羊毛", "羊毛65%", "y confirm")
		s.hasNot("─ Chat", "▌▲high")
		s.narrow()
		s.press("y")
		if s.desk.flags[12].Status != moderation.FlagConfirmed {
			t.Fatal("y did not decide what is on the screen")
		}
		s.has("One at a time · 3 wait", "原价三百九十九")
		s.press("X", "2")
		if f := s.desk.flags[13]; f.Status != moderation.FlagDismissed || f.Reason != "the sheet is out of date" {
			t.Fatalf("the flag is %s for %q", f.Status, f.Reason)
		}
		s.has("全网最好的围巾")
		s.press("esc")
		s.has("Flags 1")
		s.hasNot("One at a time")
	}
}

// TestZenEndsWithNothingLeft: the panes are back, and zen does not begin again.
func TestZenEndsWithNothingLeft(t *testing.T) {
	s := newStage(t, text.EN, 120, 40)
	u := scene()
	u.Flags, u.Cases = u.Flags[:1], nil
	s.update(u)
	s.press("Z", "y")
	s.has("case #1043 opened", "─ Chat")
	s.press("Z")
	s.has("nothing waits for you", "─ Chat")
}

// TestZenLeadsAnAgentFromCaseToCase: handing one up brings the next, which the desk
// leases.
func TestZenLeadsAnAgentFromCaseToCase(t *testing.T) {
	s := newStage(t, text.EN, 120, 40)
	s.m.opt.Actor.Role = moderation.RoleAgent
	u := scene()
	u.Cases[1].Owner = ""
	s.update(u)
	s.press("Z")
	s.has("One at a time", "#1041", "you took case #1041")
	s.press("E", "1")
	s.has("One at a time", "#1042", "you took case #1042")
	s.press("E", "1")
	s.has("nothing waits for you")
	s.hasNot("One at a time")
}
