package tui

import (
	"strings"
	"testing"
	"time"

	"liveroom/claims"
	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/tui/text"
)

// A person asks in the language of queries, in every list.
func TestListsTakeQueries(t *testing.T) {
	tests := []struct {
		pane   pane
		asked  string
		shows  []string
		hides  []string
		inDesk bool
	}{
		{paneFlags, "category:价格 or severity:low", []string{"原价三百九十九", "全网最好的围巾"}, []string{"材质     D01"}, false},
		{paneFlags, "product:围巾 -is:unsure", []string{"材质     D01", "价格     D01"}, []string{"绝对化"}, false},
		{paneChat, "user:小鹿", []string{"真的是纯羊毛吗"}, []string{"晚上好晚上好", "什么时候发货"}, false},
		{paneChat, "/[0-9]{3}/ or 发货", []string{"666", "什么时候发货"}, []string{"真的是纯羊毛吗"}, false},
		{paneChat, "until:20:01", []string{"晚上好晚上好", "什么时候发货"}, []string{"上次买的掉毛"}, false},
		{paneSpeech, "纯羊毛", []string{"百分之百纯羊毛"}, []string{"这条围巾家人们摸一下"}, false},
		{paneOrders, "amount>200", []string{"0177"}, []string{"0176"}, false},
		{paneComplaints, "静电", []string{"静电很大"}, []string{"水洗标写着"}, false},
		{paneCases, "is:soon", []string{"掉毛起球"}, []string{"原价与划线价不符"}, true},
		{paneCases, "owner:小林", []string{"原价与划线价不符"}, []string{"掉毛起球"}, true},
	}
	for _, tt := range tests {
		t.Run(paneKeys[tt.pane]+" "+tt.asked, func(t *testing.T) {
			s := newStage(t, text.ZH, 160, 50)
			s.update(scene())
			if tt.inDesk {
				s.press("2")
			}
			s.m.setFocus(tt.pane)
			s.m.zoom = true
			s.has(tt.shows...)
			s.has(tt.hides...)
			s.press("/", "text:"+tt.asked)
			s.has("/"+s.m.t.T("pane."+paneKeys[tt.pane])+" "+tt.asked, tt.shows[0])
			s.press("enter")
			s.narrow()
			s.has(tt.shows...)
			s.hasNot(tt.hides...)
			s.press("esc", "esc")
		})
	}
}

// What cannot be read yet leaves the list as it is, and is pointed at.
func TestMistakeIsPointedAtAndNothingIsLost(t *testing.T) {
	for _, lang := range text.Langs {
		s := newStage(t, lang, 120, 40)
		s.update(scene())
		s.m.zoom = true
		s.press("/", "text:原价", "text: severty:high")
		view := strings.Split(s.plain(), "\n")
		line, above := view[s.m.h-1], view[s.m.h-2]
		if at := strings.Index(line, "severty"); cells(line[:at]) != cells(above[:strings.Index(above, "▼")]) {
			t.Errorf("%s: the mark is not above the mistake:\n%s\n%s", lang, above, line)
		}
		s.has("severity:", "原价三百九十九")
		s.hasNot("百分之百纯羊毛 一点化纤都没有 ")
		s.press("enter") // it cannot be kept
		if s.m.filterAt < 0 {
			t.Error("a query with a mistake was kept")
		}
		s.narrow()
		s.press("esc")
		if s.m.filterAt >= 0 || s.m.here().filters[paneFlags] != "" {
			t.Errorf("esc left the filter %q", s.m.here().filters[paneFlags])
		}
	}
}

// esc brings back the filter that was there before.
func TestEscRestoresTheFilter(t *testing.T) {
	s := newStage(t, text.ZH, 120, 40)
	s.update(scene())
	s.press("/", "text:原价", "enter", "/", "text:x", "esc")
	if got := s.m.here().filters[paneFlags]; got != "原价" {
		t.Errorf("the filter is %q, want the one before", got)
	}
	s.has("原价三百九十九")
}

// tab completes what can only be one thing, and offers what can be several.
func TestCompletion(t *testing.T) {
	s := newStage(t, text.ZH, 120, 40)
	s.update(scene())
	s.press("/", "text:cat", "tab")
	s.has("/疑点 category:", "▌material") // and at once what it can be
	s.press("tab")
	s.has("material", "材质", "price", "价格")
	s.press("text:pri", "enter")
	s.has("/疑点 category:price")
	s.press("text:-is:", "tab", "down", "tab")
	s.has("▌corrected", "已告知主播")
	s.press("esc")
	s.has("/疑点 category:price -is:")
	s.hasNot("▌corrected")
	s.press("ctrl+u", "text:product:围", "tab")
	s.has("/疑点 product:D01")
	s.press("ctrl+u", "text:zzz", "tab")
	s.has("这里没有可补全的")
	s.narrow()
}

// A phone number that is masked on the screen is not spelled out in a menu.
func TestCompletionSpellsNoMaskedName(t *testing.T) {
	s := newStage(t, text.ZH, 120, 40)
	s.update(scene())
	s.m.setFocus(paneChat)
	s.press("/", "text:user:1", "tab")
	s.hasNot("13812345678")
	s.press("backspace", "tab")
	s.has("香菜万岁")
}

// What was asked comes back with ↑, and in the next session too.
func TestQueriesAreRemembered(t *testing.T) {
	s := newStage(t, text.ZH, 120, 40)
	s.update(scene())
	s.press("/", "text:原价", "enter", "/", "ctrl+u", "text:severity:low", "enter", "/", "ctrl+u", "text:半", "up", "up")
	s.has("/疑点 原价")
	s.press("up", "down")
	s.has("/疑点 severity:low")
	s.press("down")
	s.has("/疑点 半")
	if got := s.m.kept.clone().Queries[string(moderation.ListFlags)]; len(got) != 2 || got[0] != "severity:low" {
		t.Errorf("remembered: %q", got)
	}
}

// A filter that asks for time is asked again as time goes by.
func TestFilterMovesWithTime(t *testing.T) {
	s := newStage(t, text.ZH, 160, 50)
	s.update(scene())
	s.press("2")
	s.m.zoom = true
	s.press("/", "text:is:overdue", "enter")
	s.hasNot("掉毛起球")
	s.now = s.now.Add(13 * time.Minute)
	s.m.Update(tick(s.now))
	s.has("掉毛起球")
}

// A product that comes on air later is found by its name too.
func TestFilterLearnsProducts(t *testing.T) {
	s := newStage(t, text.ZH, 120, 40)
	s.update(scene())
	s.press("/", "text:product:手链", "enter")
	s.has("没有符合筛选的内容")
	sc := &script{room: "r1", n: 100}
	p := sc.add(620, feed.KindProduct, "", "")
	p.Product = &feed.Product{ID: "D09", Title: "银手链", Stock: -1}
	said := sc.add(630, feed.KindTranscript, "晚晴", "这是纯金的")
	f := sc.flag(77, said, claims.SeverityHigh, claims.Finding{SKU: "D09", Category: claims.CategoryMaterial, Said: "纯金"})
	s.update(moderation.Update{Events: sc.evs, Flags: []moderation.Flag{f}})
	s.m.Update(tick(s.now))
	s.has("说    纯金")
}
