package tui

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/tui/text"
)

// spammed is the scene with a message by somebody whom its source can tell, on top
// of the chat; it gives the message's index.
func spammed(s *stage, ways ...moderation.Way) int64 {
	s.desk.ways = append([]moderation.Way{}, ways...)
	u := scene()
	index := int64(0)
	for i := range u.Events {
		e := &u.Events[i]
		if e.Source == "" {
			e.Source = "test"
		}
		if e.Text == "666" && e.User.Name == "橙子" {
			e.User.ID, e.User.Role, index = "u9", feed.RoleViewer, e.Index
		}
	}
	s.update(u)
	s.m.setFocus(paneChat)
	s.press("G", "k", "j")
	return index
}

var byTwitch = moderation.Way{Name: "test", Source: "test", Kinds: []string{moderation.EffectReply, moderation.EffectMute, moderation.EffectUnmute, moderation.EffectDelete}}

// TestAMessageIsActedOn: what the source can do is offered by one key, the rest with
// why not; what is asked for stands at the message until it is done, and what the
// peer calls the result is told.
func TestAMessageIsActedOn(t *testing.T) {
	s := newStage(t, text.ZH, 160, 50)
	index := spammed(s, byTwitch)
	s.press("e")
	s.has("怎么处理 橙子：“666”？", "r  在聊天里回复", "m  禁言", "u  解除禁言", "d  删除消息", "办不了：置顶消息、取消置顶 —— 这个来源办不了")
	s.press("m")
	s.has("把 橙子：“666” 的作者禁言多久？", "1  10 分钟", "5  永久")
	s.press("1")
	if got := s.desk.log[len(s.desk.log)-1]; !strings.HasPrefix(got, "mute-author {Event:") || !strings.Contains(got, "For:10m0s") {
		t.Fatalf("the desk was asked for %s", got)
	}
	s.has("禁言：撤销时限过后办：橙子：“666”", "↺20:09:50 橙子: 666", "[u]")
	s.press("e")
	s.has("办不了：禁言 —— 已经在办了", "办不了：置顶消息")
	s.press("esc", "q")
	s.has("15 秒后才")
	s.press("esc")
	s.update(moderation.Update{Effects: []moderation.Effect{{ID: 1, Room: "r1", Kind: moderation.EffectMute, Event: index, Source: "test", Text: "10m", Status: moderation.EffectSent, Result: "muted until 20:20"}}})
	s.has("已办：禁言 10 分钟 橙子：“666” · muted until 20:20", "⊘20:09:50 橙子: 666")
	s.press("enter")
	s.has("办过", "禁言 10 分钟 · 已办 · muted until 20:20", "可办", "回复 禁言 解除禁言 删除")
	s.hasNot("没办成")
}

// TestAMuteAndAPinAreUndone by the keys beside theirs; the mark of a mute goes when it
// ended, and stays while only its end was asked for.
func TestAMuteAndAPinAreUndone(t *testing.T) {
	s := newStage(t, text.EN, 160, 50)
	index := spammed(s, moderation.Way{Name: "test", Source: "test", Kinds: moderation.ActsOnMessages})
	sent := func(from int) {
		for _, x := range slices.Clone(s.m.here().acts[index][from:]) {
			x.Status, x.Result = moderation.EffectSent, "so said the peer"
			s.update(moderation.Update{Effects: []moderation.Effect{x}})
		}
	}
	s.press("e", "m", "1")
	sent(0)
	s.has("⊘20:09:50 橙子: 666")
	s.press("e")
	s.has("m  mute", "u  unmute", "p  pin message", "n  unpin message", "d  delete message")
	s.press("u")
	if got, want := s.desk.log[len(s.desk.log)-1], fmt.Sprintf("unmute-author {Event:%d}", index); got != want {
		t.Fatalf("the desk was asked for %s, want %s", got, want)
	}
	s.has("unmute", "↺20:09:50 橙子: 666")
	s.press("e", "n")
	if got, want := s.desk.log[len(s.desk.log)-1], fmt.Sprintf("unpin-message {Event:%d}", index); got != want {
		t.Fatalf("the desk was asked for %s, want %s", got, want)
	}
	s.press("e")
	s.has("Not here: unmute, unpin message — it is on its way already")
	s.press("esc")
	sent(1)
	s.hasNot("⊘20:09:50", "↺20:09:50")
	s.press("enter")
	s.has("unmute · done · so said the peer", "unpin · done · so said the peer", "mute 10 min · done · so said the peer")
}

// TestWhatOnlyReadsSaysSo: no key offers what nobody there can do.
func TestWhatOnlyReadsSaysSo(t *testing.T) {
	s := newStage(t, text.ZH, 160, 50)
	spammed(s)
	s.press("e")
	s.has("✗ 这个来源只读，什么都办不了")
	s.press("enter")
	s.has("可办     只读")
	s.press("esc", "4")
	s.has("● test", "只读")
	s.press("e")
	s.has("南枝小院 · 冬日专场 的来源", "test () · 已连接 · 只读")

	// What was said on air is no message, and so is a flag raised in it.
	s = newStage(t, text.EN, 160, 50)
	spammed(s, byTwitch, moderation.Way{Name: "order system", Kinds: []string{moderation.EffectFreeze}})
	s.m.setFocus(paneFlags)
	s.press("e")
	s.has("this was said, not written in the chat")
	s.press("4", "e")
	s.has("test () · connected · can be asked to: answer mute unmute delete", "→ order system · can be asked to: freeze order")
}

// TestAnAnswerIsKept: what was typed and put aside, or refused, comes back.
func TestAnAnswerIsKept(t *testing.T) {
	s := newStage(t, text.ZH, 160, 50)
	spammed(s, byTwitch)
	s.press("e", "r", "text:可以机洗", "esc")
	s.has("写的内容已留着")
	s.press("e", "r")
	s.has("在聊天里回复 橙子：“666”", "可以机洗")
	s.desk.fail = &moderation.Refusal{Code: moderation.CodeNoWay, Args: map[string]string{"source": "test", "command": "reply-message"}}
	s.press("enter")
	s.has("test 只读，那边没有谁能“在聊天里回复”")
	s.desk.fail = nil
	s.press("e", "r", "enter")
	if got := s.desk.log[len(s.desk.log)-1]; !strings.Contains(got, "Text:可以机洗") {
		t.Errorf("the desk was asked for %s", got)
	}
	s.has("在聊天里回复：撤销时限过后办")
}

// TestWhatFailedWaitsForAPerson: counted in the status line of whatever room, listed
// by a key with the reason, and gone once somebody asked again or let it be.
func TestWhatFailedWaitsForAPerson(t *testing.T) {
	s := newStage(t, text.ZH, 160, 50)
	index := spammed(s, byTwitch)
	s.press("!")
	s.has("没有没办成的事")
	failed := moderation.Effect{ID: 7, Room: "r1", Kind: moderation.EffectMute, Event: index, Source: "test", Status: moderation.EffectFailed, Result: "twitch refuses the token \x1b[31m"}
	perhaps := moderation.Effect{ID: 8, Room: "r2", Kind: moderation.EffectFreeze, Target: "LR9", Status: moderation.EffectPerhaps, Result: "HTTP 502: it may be done"}
	s.update(moderation.Update{Effects: []moderation.Effect{failed, perhaps}})
	s.has("✗ 没办成 2 !", "✗20:09:50 橙子: 666")
	s.press("!")
	s.has("没办成，或可能已办的事", "禁言 永久 · 橙子：“666” · twitch refuses the token ␛[31m", "冻结订单 · LR9 · HTTP 502: it may be done")
	s.press("esc", "!", "down", "enter")
	s.has("禁言 永久 · 橙子：“666”", "没办成: twitch refuses the token ␛[31m", "g  去看这条消息", "r  再试一次", "x  不再办")
	s.press("r")
	if got := s.desk.log[len(s.desk.log)-1]; got != "retry-effect {Effect:7}" {
		t.Errorf("the desk was asked for %s", got)
	}
	failed.Status, failed.Result = moderation.EffectSent, "banned for good"
	s.update(moderation.Update{Effects: []moderation.Effect{failed}})
	s.has("✗ 没办成 1 !", "已办：禁言 永久 橙子：“666” · banned for good")

	// A moderator freezes no order: it is shown, and why nothing can be done.
	s.press("!", "enter")
	s.has("冻结订单 · LR9", "可能已办: HTTP 502: it may be done", "请先去那边看一眼", "你的角色不能做这一步")
	s.hasNot("再试一次")
	s.press("esc")
	s.m.opt.Actor.Role = moderation.RoleSupervisor
	s.press("!", "enter", "x", "text:商家说已冻结", "enter")
	if got := s.desk.log[len(s.desk.log)-1]; got != "leave-effect {Effect:8 Reason:商家说已冻结}" {
		t.Errorf("the desk was asked for %s", got)
	}
	perhaps.Status = moderation.EffectGivenUp
	s.update(moderation.Update{Effects: []moderation.Effect{perhaps}})
	s.hasNot("✗ 没办成")
}

// TestARetryLeadsToItsMessage: from wherever the person stands, behind whatever filter
// the message is, and out of the past that the chat stands in.
func TestARetryLeadsToItsMessage(t *testing.T) {
	for name, keys := range map[string][]string{
		"from another pane": {"2"},
		"from another view": {"3"},
		"behind a filter":   {"/", "text:没有这句", "enter"},
		"in the past":       {"home"},
		"from another room": {"]"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t, text.ZH, 160, 50)
			index := spammed(s, byTwitch)
			s.update(moderation.Update{
				Rooms:   []moderation.Room{{ID: "r2", Name: "另一间"}},
				Effects: []moderation.Effect{{ID: 7, Room: "r1", Kind: moderation.EffectDelete, Event: index, Source: "test", Status: moderation.EffectFailed, Result: "away"}},
			})
			s.press(keys...)
			s.press("!", "enter", "g")
			r := s.m.here()
			if s.m.focused() != paneChat || r.info.ID != "r1" || r.lists[paneChat].selected() != index || r.subject != (subject{paneChat, index}) {
				t.Errorf("in %s of %s, at %d, want the message %d", paneKeys[s.m.focused()], r.info.ID, r.lists[paneChat].selected(), index)
			}
			s.has("橙子: 666")
		})
	}
}
