package tui

import (
	"errors"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/tui/text"
)

// veiled is a scene with one case of an order and a complaint that are somebody's.
func veiled() moderation.Update {
	u := scene()
	u.Orders[0].Case, u.Orders[0].Buyer = 1042, feed.User{ID: "u998877", Name: "李晓棠"}
	u.Complaints[0].Case, u.Complaints[0].Buyer = 1042, feed.User{ID: "u998877", Name: "李晓棠"}
	u.Complaints[0].Text = "不是纯羊毛，打我电话 13812345678"
	u.Cases[1].Title = "13812345678 说不是纯羊毛"
	return u
}

var hiddenWords = []string{"李晓棠", "u998877", "LR2611210176", "13812345678"}

// TestWhatIsPersonalIsHiddenInEveryPane, of every workspace, zoomed and not, and in
// every dialog that lists it.
func TestWhatIsPersonalIsHiddenInEveryPane(t *testing.T) {
	for _, size := range sizes {
		s := newStage(t, text.ZH, size[0], size[1])
		s.update(veiled())
		for v := view(0); v < viewCount; v++ {
			s.m.setView(v)
			for p := pane(0); p < paneCount; p++ {
				if !v.holds(p) {
					continue
				}
				s.m.setFocus(p)
				for range 4 {
					s.press("down")
					s.hasNot(hiddenWords...)
				}
				s.press("f")
				s.hasNot(hiddenWords...)
				s.press("f")
			}
		}
		s.m.setView(viewDesk)
		s.m.setFocus(paneCases)
		s.press("home", "down", "e")
		s.hasNot(hiddenWords...)
		s.press("esc", ":", "text:羊毛")
		s.hasNot(hiddenWords...)
	}
}

// TestARevealAsksWhyAndEnds: each role what is its own, with the reason in the
// desk's hands before anything is seen; it ends by itself, by hand, and can be had
// again while the desk's answer holds.
func TestARevealAsksWhyAndEnds(t *testing.T) {
	s := newStage(t, text.ZH, 160, 50)
	s.m.opt.Actor.Role = moderation.RoleAgent
	s.update(veiled())
	s.m.setView(viewDesk)
	s.press("home", "down", "p")
	s.has("显示案件 #1042 里遮住的个人信息", "1  买家", "2  订单号", "3  原文", "记入")
	s.hasNot("原始数据")
	n := len(s.desk.log)
	s.press("1", "enter")
	s.has("为什么要看买家", "内容不能为空")
	s.press("text:退货要核对", "enter")
	if len(s.desk.log) != n+1 || s.desk.log[n] != "reveal {Case:1042 Field:buyer Reason:退货要核对}" {
		t.Fatalf("the desk was asked for %q", s.desk.log[n:])
	}
	s.has("买家 60 秒后遮住", "已显示 买家 #1042")
	s.m.setFocus(paneComplaints)
	s.press("home")
	s.has("李晓棠  u998877")
	s.hasNot("LR2611210176", "13812345678") // nothing but what was asked for
	s.now = s.now.Add(revealedFor)
	s.m.Update(tick(s.now))
	s.hasNot("李晓棠", "秒后遮住")

	s.press("p")
	s.has("买家（已说明理由，13 分钟 内有效）")
	s.press("1")
	s.has("李晓棠")
	s.press("p")
	s.has("现在就遮住")
	s.press("1")
	s.hasNot("李晓棠")
	if len(s.desk.log) != n+1 {
		t.Errorf("the desk was asked again: %q", s.desk.log[n+1:])
	}
	s.press("p", "3", "text:要回电话", "enter")
	s.has("13812345678")
	s.hasNot("李晓棠")
	s.now = s.now.Add(moderation.RevealFor)
	s.m.Update(tick(s.now))
	s.press("p")
	s.hasNot("已说明理由", "13812345678")
}

// TestWhatCannotBeRevealed: no case, no reveal; a moderator needs no buyer; what
// the desk refuses stays hidden, and the reason typed is kept.
func TestWhatCannotBeRevealed(t *testing.T) {
	s := newStage(t, text.ZH, 160, 50)
	u := veiled()
	u.Orders[0].Case = 0
	s.update(u)
	s.m.setFocus(paneOrders)
	s.press("home", "p")
	s.has("先立案")
	s.m.setView(viewDesk)
	s.m.setFocus(paneCases)
	s.press("home", "down", "p")
	s.has("1  原文")
	s.hasNot("  买家", "  订单号")
	s.desk.fail = &moderation.Refusal{Code: moderation.CodeNotAllowed, Args: map[string]string{"role": "moderator", "command": "reveal"}}
	s.press("1", "text:核对", "enter")
	s.hasNot("13812345678", "秒后遮住")
	s.has("查看个人信息没有完成")
	s.desk.fail = nil
	s.press("p", "1")
	s.has("› 核对")
	s.desk.fail = errors.New("disk full")
	s.press("enter")
	s.hasNot("13812345678")
}

// TestARevealIsInTheLedger: on a record on disk, with who, what and why.
func TestARevealIsInTheLedger(t *testing.T) {
	s := newRealStageOf(t, moderation.Actor{Name: "小柚", Role: moderation.RoleAgent})
	s.m.Update(tea.WindowSizeMsg{Width: 160, Height: 50})
	s.take()
	s.commit(feed.Event{
		ID: "c1", Source: "test", Room: "r1", Kind: feed.KindComplaint, At: at(30), Recv: at(30), Text: "掉毛 13812345678", Raw: []byte("c1"),
		User: feed.User{ID: "b7", Name: "李晓棠"}, Channel: "ticket",
	})
	s.m.setView(viewDesk)
	s.m.setFocus(paneComplaints)
	s.press("home", "o", "enter")
	s.take()
	s.hasNot("13812345678", "李晓棠")
	s.press("p", "1", "text:退款要对人", "enter")
	s.has("李晓棠  b7")
	actions, err := s.store.Actions(t.Context(), moderation.Page{})
	if err != nil {
		t.Fatal(err)
	}
	last := actions[len(actions)-1]
	if last.Command != "reveal" || last.Actor.Name != "小柚" || !strings.Contains(string(last.After), `"field":"buyer","reason":"退款要对人"`) || time.Until(last.UndoUntil) > 0 {
		t.Errorf("the record's last deed is %+v %s", last, last.After)
	}
	if a, err := moderation.Verify(t.Context(), s.store); err != nil || a.Err() != nil {
		t.Errorf("verify: %v %v", err, a.Err())
	}
}
