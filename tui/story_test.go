package tui

import (
	"errors"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"liveroom/claims"
	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/moderation/policy"
	"liveroom/tui/text"
)

// logged is how often the desk was asked for an action, by its start.
func (s *stage) logged(prefix string) (n int) {
	for _, l := range s.desk.log {
		if strings.HasPrefix(l, prefix) {
			n++
		}
	}
	return n
}

func TestModeratorDecides(t *testing.T) {
	s := newStage(t, text.ZH, 120, 40)
	s.update(scene())
	s.has("疑点 3", "▌▲高 20:01:34 材质", "实    羊毛65%;聚酯纤维35%")

	s.press("y")
	if s.desk.flags[12].Status != moderation.FlagConfirmed {
		t.Fatal("y did not confirm the selected flag")
	}
	s.has("疑点 2", "▌△中 20:01:45 价格", "撤销 15s [u] 已立案 #1045", "案件 3")

	s.press("x")
	s.has("疑点 1", "▌▵低 20:02:15 绝对化")
	s.press("z")
	s.has("疑点 1", "z稍后")
	if got := s.desk.flags[13].Status; got != moderation.FlagDismissed {
		t.Fatalf("x made the flag %s", got)
	}

	// Undo goes back one action at a time, and the flag waits again.
	s.press("u")
	if got := s.desk.flags[14].Status; got != moderation.FlagOpen {
		t.Fatalf("u left the flag %s", got)
	}
	s.has("撤销 15s [u] 不成立：")
	s.press("u")
	s.has("疑点 2", "撤销 14s [u] 已立案 #1045")

	s.now = s.now.Add(16 * time.Second)
	s.m.Update(tick(s.now))
	s.hasNot("撤销 1")
	s.press("u")
	s.has("没有可撤销的操作")
	if n := s.logged("undo"); n != 2 {
		t.Fatalf("the desk was asked to undo %d times", n)
	}
}

func TestNothingIsShownAsDoneBeforeItIs(t *testing.T) {
	s := newStage(t, text.ZH, 120, 40)
	s.update(scene())
	_, cmd := s.m.Update(keyOf("y"))
	s.has("疑点 3", "⋯写入中")
	s.hasNot("已立案")
	s.run(cmd)
	s.has("疑点 2", "已立案")
	s.hasNot("写入中")
}

func TestFailureIsSaidInWords(t *testing.T) {
	for _, c := range []struct {
		err  error
		want string
	}{
		{moderation.ErrConflict, "别人刚刚改过它"},
		{&moderation.Refusal{Code: moderation.CodeDecided, Args: map[string]string{"row": "flag #12", "state": "dismissed", "by": "小林\x1b[2J"}}, "疑点#12已由小林␛[2J判为不成立"},
		{&moderation.Refusal{Code: moderation.CodeNotAllowed, Args: map[string]string{"role": "agent", "command": "confirm-flag"}}, "客服不能判定属实"},
		{&moderation.Refusal{Code: moderation.CodeUndoOver, Args: map[string]string{"command": "undo", "until": "2026-11-20T20:01:02+08:00"}}, "撤销已不能撤销，20:01:02 已过时限"},
		{&moderation.Refusal{Code: moderation.CodeBadMove, Args: map[string]string{"row": "case #7", "from": "open", "to": "owner x"}}, "案件#7不能从“待处理”改到“owner x”"},
		{moderation.ErrNotFound, "记录里已经找不到它"},
		{errors.New("disk full\x1b[2J"), "disk full␛[2J"},
	} {
		s := newStage(t, text.ZH, 120, 40)
		s.update(scene())
		s.desk.fail = c.err
		s.press("y")
		s.has("✗ 判定属实没有完成", "疑点12", c.want, "疑点 3")
		s.hasNot("撤销 1")
	}
}

func TestHeldKeyDecidesOnce(t *testing.T) {
	s := newStage(t, text.ZH, 120, 40)
	s.update(scene())
	for range 40 {
		s.now = s.now.Add(33 * time.Millisecond)
		s.send(keyOf("y"))
	}
	if n := s.logged("confirm-flag"); n != 1 {
		t.Fatalf("a held key decided %d flags", n)
	}
}

// TestADecisionOnItsWayIsNotSelectedAgain: whoever decides the only flag has the next
// one before them as soon as it comes, however long the record takes.
func TestADecisionOnItsWayIsNotSelectedAgain(t *testing.T) {
	for _, refused := range []bool{false, true} {
		s := newStage(t, text.ZH, 120, 40)
		u := scene()
		first, next := u.Flags[:1], u.Flags[1:2]
		u.Flags = first
		s.update(u)
		s.now = s.now.Add(time.Second)
		_, decision := s.m.Update(keyOf("y"))
		s.update(moderation.Update{}) // the feed runs on meanwhile
		if refused {
			s.desk.fail = errors.New("no disk")
		}
		want := next[0].ID
		if refused {
			want = first[0].ID
		}
		s.m.Update(decision().(done)) // its answer may be here before what the desk tells all
		s.update(s.desk.out)
		s.update(moderation.Update{Flags: next})
		if f := s.m.flagHere(); f == nil || f.ID != want {
			t.Errorf("refused %t: selected is %+v, want flag %d\n%s", refused, f, want, s.plain())
		}
	}
}

func TestSelectionStaysWhileTheFeedRuns(t *testing.T) {
	s := newStage(t, text.ZH, 120, 40)
	u := scene()
	s.update(u)
	s.press("j")
	s.has("▌△中 20:01:45 价格")
	row := rowOf(s.plain(), "▌△中")
	sc := &script{room: "r1", n: 100}
	more := moderation.Update{}
	for i := range 20 {
		e := sc.add(600+i, feed.KindTranscript, "晚晴", "全网第一 假一赔十")
		more.Flags = append(more.Flags, sc.flag(int64(100+i), e, claims.SeverityHigh, claims.Finding{SKU: "D01", Category: claims.CategoryAbsolute, Said: "全网第一"}))
	}
	more.Events = sc.evs
	s.update(more)
	s.has("疑点 23", "↓20 新")
	if got := rowOf(s.plain(), "▌△中"); got != row && got < row {
		t.Fatalf("the selected flag moved from row %d to %d", row, got)
	}
	s.press("x")
	if s.desk.flags[13].Status != moderation.FlagDismissed {
		t.Fatal("the key hit another flag than the selected one")
	}
}

func rowOf(view, s string) int {
	for i, row := range strings.Split(view, "\n") {
		if strings.Contains(row, s) {
			return i
		}
	}
	return -1
}

func TestAnotherPersonDecidesTheSelectedFlag(t *testing.T) {
	s := newStage(t, text.ZH, 120, 40)
	u := scene()
	s.update(u)
	f := u.Flags[0]
	f.Status, f.DecidedBy, f.Version = moderation.FlagDismissed, "小林", 2
	s.update(moderation.Update{Flags: []moderation.Flag{f}})
	s.has("▌▲高", "✗不成立·小林", "疑点 2")
	s.press("y")
	s.has("这条已经判过了")
	if len(s.desk.log) != 0 {
		t.Fatalf("the desk was asked for %v", s.desk.log)
	}
	s.press("j")
	s.hasNot("✗不成立·小林")
}

func TestMomentLinksThePanes(t *testing.T) {
	s := newStage(t, text.ZH, 120, 40)
	s.update(scene())
	sc := &script{room: "r1", n: 100}
	for i := range 200 {
		sc.add(300+i, feed.KindChat, "观众", "第"+grouped(int64(i))+"句")
		sc.add(300+i, feed.KindTranscript, "晚晴", "说了第"+grouped(int64(i))+"句")
	}
	s.update(moderation.Update{Events: sc.evs})
	s.has("说了第199句")
	s.press("j")
	s.has("┄┄ 停在 20:01:45", "△20:01:45 原价三百九十九", "20:01:50 138****5678: 什么时候发货")
	s.hasNot("说了第199句")
	more := &script{room: "r1", n: 1000}
	more.add(601, feed.KindChat, "观众", "新的一句")
	s.update(moderation.Update{Events: more.evs})
	s.has("↓", "△20:01:45 原价三百九十九")
	s.press("g")
	s.has("说了第199句", "新的一句")
	s.hasNot("停在")
}

func TestMomentFromTheRecord(t *testing.T) {
	s := newStage(t, text.ZH, 120, 40)
	u := scene()
	s.desk.events = u.Events
	s.update(u)
	sc := &script{room: "r1", n: 100}
	for i := range 2*feedCap + 10 {
		sc.add(700+i/20, feed.KindChat, "观众", "刷屏")
	}
	s.update(moderation.Update{Events: sc.evs})
	s.hasNot("真的是纯羊毛吗")
	s.press("j", "k")
	s.has("真的是纯羊毛吗", "取自记录", "停在 20:01:34")
	s.press("g")
	s.hasNot("真的是纯羊毛吗", "取自记录")
}

func TestCorrectionIsEditedAndKept(t *testing.T) {
	s := newStage(t, text.ZH, 120, 40)
	s.update(scene())
	s.press("c")
	s.has("请主播更正：疑点12", "› 更正一下，这条是羊毛六成五")
	if s.m.caret.Load() == 0 {
		t.Fatal("the hardware cursor is not in the input")
	}
	s.press("text: 谢谢q", "esc")
	s.has("草稿已保留")
	if len(s.desk.log) != 0 {
		t.Fatalf("esc sent %v", s.desk.log)
	}
	s.press("q")
	s.has("现在退出？", "1 份草稿还没有写入")
	s.press("esc", "c")
	s.has("谢谢q")
	s.press("backspace", "enter")
	if want := "correct-host {Flag:12 Text:更正一下，这条是羊毛六成五、聚酯纤维三成五。 谢谢}"; s.desk.log[0] != want {
		t.Fatalf("the desk was asked for %q", s.desk.log[0])
	}
	s.has("↺将请更正", "撤销 15s [u] 将请主播更正")
	s.press("q")
	s.has("一件要发出的事（更正、禁言、回复……）15 秒后才发出")
	s.press("enter")
	if s.m.quitting {
		t.Fatal("enter alone left")
	}
	s.press("ctrl+c", "ctrl+c")
	if !s.m.quitting {
		t.Fatal("ctrl+c twice did not leave")
	}
}

func TestDismissWithReason(t *testing.T) {
	s := newStage(t, text.EN, 120, 40)
	s.update(scene())
	s.press("X")
	s.has("1  heard wrong by the recogniser", "w  in other words")
	s.press("w", "text:heard wrong", "enter")
	if f := s.desk.flags[12]; f.Status != moderation.FlagDismissed || f.Reason != "heard wrong" {
		t.Fatalf("the flag is %s for %q", f.Status, f.Reason)
	}
	s.has("▌△med")
}

func TestTypedLettersAreNoCommands(t *testing.T) {
	s := newStage(t, text.ZH, 120, 40)
	s.update(scene())
	s.press("/", "text:yxzq原价")
	if len(s.desk.log) != 0 || s.m.quitting {
		t.Fatal("a letter typed into the filter acted")
	}
	s.has("/疑点 yxzq原价", "没有符合筛选的内容")
	s.press("ctrl+u", "text:原价", "enter")
	s.has("/原价", "价格     D01", "疑点 3")
	s.hasNot("材质     D01")
	s.press("esc")
	s.has("▲高 20:01:34 材质     D01")
}

func TestPastedTextIsNoCommand(t *testing.T) {
	s := newStage(t, text.ZH, 120, 40)
	s.update(scene())
	s.send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("yyyxq"), Paste: true})
	if len(s.desk.log) != 0 || s.m.dialog != nil {
		t.Fatal("pasted text acted")
	}
}

// TestKeysThatComeTogether: over a slow line what opens an input arrives in one piece
// with the text that is typed into it.
func TestKeysThatComeTogether(t *testing.T) {
	for _, tt := range []struct{ keys, shows string }{
		{"Xw没有问过买家", "› 没有问过买家"},
		{"/百分之百", "/疑点 百分之百"},
		{"：直播间", ": 直播间"},
		{"jkXw好", "› 好"},
	} {
		s := newStage(t, text.ZH, 120, 40)
		s.update(scene())
		s.now = s.now.Add(time.Second)
		s.send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(tt.keys)})
		s.has(tt.shows)
		if len(s.desk.log) != 0 {
			t.Errorf("%s did %v", tt.keys, s.desk.log)
		}
	}
}

func TestFullWidthKeys(t *testing.T) {
	s := newStage(t, text.ZH, 120, 40)
	s.update(scene())
	s.press("？")
	s.has("按键", "属实：疑点立案")
	s.press("esc", "：")
	s.has("命令、直播间、商品、案件、人、视图")
	s.hasNot("y 属实立案")
	s.press("esc", "ｘ")
	if s.desk.flags[12].Status != moderation.FlagDismissed {
		t.Fatal("a full-width x did not dismiss")
	}
	s.press("、")
	s.has("/疑点")
}

func TestPaletteFindsByPinyinInitials(t *testing.T) {
	s := newStage(t, text.ZH, 120, 40)
	sc := &script{room: "r1"}
	p := sc.add(1, feed.KindProduct, "", "")
	p.Product = &feed.Product{ID: "D09", Title: "羊绒衫", Stock: -1}
	s.update(scene())
	sc.evs[0].Index = 50
	s.update(moderation.Update{Events: sc.evs})
	s.press("ctrl+k", "text:yrs")
	s.has("▌商品", "D09 羊绒衫")
	s.press("enter")
	if s.m.focused() != paneSpeech || s.m.here().lists[paneSpeech].selected() != 50 {
		t.Fatal("the palette did not go to the product")
	}
	s.press(":", "text:bcl")
	s.has("疑点不成立")
	s.press("enter")
	if s.logged("dismiss-flag") != 1 {
		t.Fatalf("the palette did not dismiss: %v", s.desk.log)
	}
}

func TestRooms(t *testing.T) {
	s := newStage(t, text.ZH, 120, 40)
	s.press("]")
	s.has("只有一个直播间")
	s.update(scene())
	sc := &script{room: "r2"}
	e := sc.add(5, feed.KindTranscript, "阿南", "治百病")
	s.update(moderation.Update{
		Rooms: []moderation.Room{{ID: "r2", Name: "北巷好物", StartedAt: start}}, Events: sc.evs,
		Flags: []moderation.Flag{sc.flag(50, e, claims.SeverityHigh, claims.Finding{Category: claims.CategoryMedical, Said: "治百病"})},
	})
	s.has("1/2 南枝小院", "北巷好物 △1")
	s.press("j", "]")
	s.has("2/2 北巷好物", "治百病")
	s.press("[")
	s.has("1/2 南枝小院", "▌△中 20:01:45 价格")
	// n goes on to the other room when no flag waits here, then to the case whose
	// time is nearly up.
	s.press("x", "x", "x", "n")
	s.has("2/2 北巷好物", "▌▲高")
	s.press("x", "n")
	s.has("1/2 南枝小院", "▌⧗11分     #1041")
}

func TestBanners(t *testing.T) {
	s := newStage(t, text.ZH, 120, 40)
	s.update(scene())
	s.update(moderation.Update{Health: &moderation.Health{Since: at(590), Err: "no space left on device"}})
	s.has("! 记录从 20:09:50 起写不进去，数据源已停读", "\n   no space left on device\n", "记录 ✗ 写不进去")
	s.update(moderation.Update{Health: &moderation.Health{OK: true}, Sources: []feed.Status{
		{Room: "r1", Source: "chat", State: feed.StateWaiting, Since: at(580), Reconnects: 3, Err: errors.New("refused")},
	}})
	s.has("! 数据源 chat 从 20:09:40 起中断，正在重连（第 3 次）。若一直连不上，请检查网络和地址\n   refused\n", "▲ 信号中断")
	s.hasNot("写不进去")
	s.update(moderation.Update{Health: &moderation.Health{OK: true, Warnings: []moderation.Warning{
		{Topic: "facts", Since: at(585), Text: "facts.csv:3: \x1b[2J"}, {Topic: "rule", Text: "shop.dear: division by zero"},
	}}})
	s.has("! 从 20:09:45 起 · 仍按上一个正确的版本检查，请改正文件：\n   facts.csv:3: ␛[2J\n", "! 有规则的条件无法计算，因此没有触发：\n   shop.dear: division by zero\n")
	s.update(moderation.Update{Health: &moderation.Health{OK: true, Warnings: []moderation.Warning{
		{Topic: "clock", Text: "-1h0m0s: 2026-11-20 21:00:00 → 2026-11-20 20:00:00"}, {Topic: "notice", Text: "客服群: dingtalk answered with status 503"},
	}}})
	s.has("! 本机时钟跳变。", "\n   -1h0m0s: 2026-11-20 21:00:00 → 2026-11-20 20:00:00\n", "! 群通知没有送达，会再试：\n   客服群: dingtalk answered with status 503\n")
	s.update(moderation.Update{Health: &moderation.Health{OK: true, Warnings: []moderation.Warning{
		{Topic: "sheet_age", Since: at(1), Text: "facts.csv, 2026-10-01 09:00:00"}, {Topic: moderation.TopicStore, Since: at(570), Text: "420 ms"},
	}}})
	s.has("! 从 20:00:01 起 · 商品表很久没有改动", "\n   facts.csv, 2026-10-01 09:00:00\n", "! 从 20:09:30 起 · 记录写得很慢", "\n   420 ms\n")
	s.update(moderation.Update{Health: &moderation.Health{OK: true}})
	s.hasNot("仍按上一个", "时钟跳变", "写得很慢")
	s.update(moderation.Update{Sources: []feed.Status{{Room: "r1", Source: "chat", State: feed.StateLive}}, Skipped: map[string]int64{"r1": 1204}})
	s.has("! 从 20:09:59 起来得太快，屏幕略过了 1,204 条", "已跳显 1,204", "● 直播中")
	s.narrow()
	s.now = s.now.Add(time.Minute)
	s.hasNot("屏幕略过了")
	s.send(updated{err: errors.New("the desk is closed")})
	s.has("界面收不到更新。", "\n   the desk is closed\n")
}

// A clock that is about to run out is said once, the worst first; what a chat
// group did not take is no correction.
func TestClocksAreTold(t *testing.T) {
	s := newStage(t, text.ZH, 120, 40)
	s.update(scene())
	s.update(moderation.Update{Notices: []moderation.NoticeItem{
		{Case: 3, Kind: policy.NoticeAtRisk, Text: "72 小时内出结果：还剩 4 小时 0 分"},
		{Case: 2, Kind: policy.NoticeBreached, Text: "48 小时内审核：已超时 0 小时 0 分\x1b[2J"},
	}, Effects: []moderation.Effect{{Room: "r1", Kind: moderation.EffectNotice, Status: moderation.EffectFailed, Result: "503"}}})
	s.has("✗ 案件 #2 · 48 小时内审核：已超时 0 小时 0 分␛[2J（另有 1 个）")
	s.hasNot("更正没有发出")
	s.now = s.now.Add(time.Minute)
	s.m.expire()
	s.hasNot("48 小时内审核")
}

func TestRetractedAndPartial(t *testing.T) {
	s := newStage(t, text.ZH, 120, 40)
	s.update(scene())
	sc := &script{room: "r1", n: 100}
	part := sc.add(610, feed.KindTranscript, "晚晴", "今天这个")
	part.Speech = &feed.Speech{Utterance: "u1", Partial: true}
	gone := sc.add(611, feed.KindSystem, "", "消息已撤回")
	gone.Retracts = "e6"
	s.update(moderation.Update{Events: sc.evs})
	s.has("今天这个", "[已撤回] 小鹿: 真的是纯羊毛吗")
	sc.evs = nil
	final := sc.add(612, feed.KindTranscript, "晚晴", "今天这个价格只有一次")
	final.Speech = &feed.Speech{Utterance: "u1"}
	s.update(moderation.Update{Events: sc.evs})
	s.has("20:10:12 今天这个价格只有一次")
	s.hasNot("20:10:10")
}

func TestQuitAsksOnlyForALoss(t *testing.T) {
	s := newStage(t, text.ZH, 120, 40)
	s.update(scene())
	s.press("q")
	if !s.m.quitting {
		t.Fatal("q asked although nothing would be lost")
	}
}

func TestTooSmall(t *testing.T) {
	s := newStage(t, text.ZH, 20, 5)
	s.update(scene())
	s.has("窗口太小")
	s.narrow()
}

func TestUnseenFlagIsNotDecided(t *testing.T) {
	s := newStage(t, text.ZH, 80, 24)
	s.update(scene())
	for s.m.focused() != paneProduct {
		s.press("tab")
	}
	s.press("y")
	s.has("选中的疑点不在屏幕上", "─ 口播")
	if len(s.desk.log) != 0 {
		t.Fatalf("an unseen flag was decided: %v", s.desk.log)
	}
	s.press("n", "y")
	if s.logged("confirm-flag") != 1 {
		t.Fatal("y after n did not decide")
	}
}

// TestWhatBecameOfACorrection holds the screen to what happened: a correction
// that is only asked for, or that failed, has corrected nothing.
func TestWhatBecameOfACorrection(t *testing.T) {
	s := newStage(t, text.ZH, 120, 60)
	s.update(scene())
	for _, c := range []struct {
		status moderation.EffectStatus
		want   string
	}{
		{moderation.EffectPending, "↺将请更正"}, {moderation.EffectBegun, "↺将请更正"}, {moderation.EffectFailed, "✗更正没发出"},
	} {
		s.update(moderation.Update{Effects: []moderation.Effect{{ID: 3, Room: "r1", Flag: 12, Status: c.status, Result: "no way out configured"}}})
		s.has(c.want, "至今")
		s.hasNot("告知主播 11-20", "到 20:03:20 告知主播", "↺已告知主播")
	}
	s.has("没发出   没有通往主播的通道", "✗ 更正没有发出，疑点12")
	f := s.desk.flags[12]
	f.Corrected, f.Version = at(200), 2
	s.update(moderation.Update{
		Flags:   []moderation.Flag{f},
		Effects: []moderation.Effect{{ID: 4, Room: "r1", Flag: 12, Status: moderation.EffectSent, Text: "羊毛六成五"}},
	})
	s.has("↺已告知主播", "告知主播 11-20 20:03:20  “羊毛六成五”", "到 20:03:20 告知主播")
	s.hasNot("至今", "没发出   ")
}

// TestARoomWithoutAWayToTheHost says so before anything is typed.
func TestARoomWithoutAWayToTheHost(t *testing.T) {
	s := newStage(t, text.EN, 120, 40)
	s.update(scene())
	s.desk.noWay = true
	s.press("c")
	s.has("Tell the host: flag 12", "This room has no way to reach the host: tell them yourself, then mark it as told.", "enter marks as told")
	s.press("ctrl+u", "text:said it in her ear", "enter")
	if s.logged("correct-host") != 0 || s.logged("tell-host") != 1 {
		t.Fatalf("the desk was asked for %v", s.desk.log)
	}
	s.has("↺host told", "noted that you told the host: “said it in her ear”", "“said it in her ear”", "undo 15s")
	s.press("q")
	if !s.m.quitting {
		t.Fatal("leaving asked although nothing goes out")
	}
}

// TestCountdownInThePersonsSeconds runs the desk's clock at four times life: the
// window is the person's all the same.
func TestCountdownInThePersonsSeconds(t *testing.T) {
	s := newStage(t, text.ZH, 120, 40)
	wall := s.now
	s.m.opt.Wall = func() time.Time { return wall }
	s.update(scene())
	for range 3 {
		wall, s.now = wall.Add(time.Second), s.now.Add(4*time.Second)
		s.m.Update(tick(wall))
	}
	s.desk.wall = func() time.Time { return wall }
	s.send(keyOf("y"))
	s.has("撤销 15s [u]")
	wall, s.now = wall.Add(11*time.Second), s.now.Add(44*time.Second)
	s.m.Update(tick(wall))
	s.has("撤销 4s [u]")
}

// TestWalkingPastIsNotLooking tabs through the panes of a small screen: a pane
// that was only passed does not stay on top of its slot.
func TestWalkingPastIsNotLooking(t *testing.T) {
	s := newStage(t, text.ZH, 80, 24)
	s.update(scene())
	for s.m.focused() != paneChat {
		s.press("tab")
	}
	s.has("▌▲高 20:01:34", "━ 口播 · 弹幕", "小鹿")
	s.press("k")
	for s.m.focused() != paneFlags {
		s.press("tab")
	}
	s.has("小鹿")
	s.press("y")
	if s.logged("confirm-flag") != 1 {
		t.Fatal("the flag in view was not decided")
	}
}

// TestProductOfTheMoment selects a flag about a product that is off air again.
func TestProductOfTheMoment(t *testing.T) {
	s := newStage(t, text.ZH, 120, 40)
	u := scene()
	sc := &script{room: "r1", n: 50}
	sc.add(400, feed.KindProduct, "", "").Product = &feed.Product{ID: "D02", Title: "霜野羽绒服", PriceFen: 69900, Stock: -1}
	u.Events = append(u.Events, sc.evs...)
	u.Rooms[0].OnAir, u.Rooms[0].OnAirFen, u.Rooms[0].OnAirAt = "D02", 65900, at(400)
	s.update(u)
	s.has("─ 在播 ─", "D02 ¥659.00  20:06:40 上架", "霜野羽绒服")
	s.press("j")
	s.has("─ 当时在播 ─", "D01 ¥129.00  库存 500  20:00:55 上架", "待判 3  属实 0")
	s.press("g")
	s.has("─ 在播 ─", "霜野羽绒服")
}

// TestOpenedInTheMiddle opens the screen when the desk tells only the newest
// events: the timeline comes from the record.
func TestOpenedInTheMiddle(t *testing.T) {
	s := newStage(t, text.ZH, 120, 40)
	u := scene()
	s.desk.events = u.Events
	u.Events = u.Events[len(u.Events)-3:]
	s.update(u)
	s.hasNot("▸D01")
	s.run(s.m.readTurns())
	s.hasNot("▸D01") // it is asked for once, with the first update
	s.m.here().asked = false
	s.run(s.m.readTurns())
	s.has("▸D01", "▒▒▒")
	if n := len(s.m.here().onAir); n != 1 {
		t.Fatalf("%d turns on the timeline", n)
	}
}

func TestStatesOfSomebodysOwn(t *testing.T) {
	s := newStage(t, text.ZH, 120, 40)
	u := scene()
	u.Flags[0].Finding.Category, u.Flags[0].Finding.Severity, u.Flags[0].Finding.Verdict = "house\x1b[2J", "odd", "doubtful"
	u.Cases[0].State, u.Orders[0].Status = "parked", "lost"
	s.update(u)
	s.has("▌△中", "▵odd 20:01:34 house␛[2J", "状态不明")
	s.press("2", "home")
	s.has("#1041 parked")
}

// TestMomentOnANarrowScreen needs more words than there is room for.
func TestMomentOnANarrowScreen(t *testing.T) {
	s := newStage(t, text.EN, minWidth, 24)
	s.update(scene())
	s.press("j")
	s.m.setFocus(paneSpeech)
	s.has("┄┄ you are at 20:01:45")
	s.narrow()
}
