package tui

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"liveroom/claims"
	"liveroom/claims/rules"
	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/moderation/backtest"
	"liveroom/moderation/rulebook"
	"liveroom/tui/text"
)

// fakeRules gives what a test prepared, and notes what it was asked to try.
type fakeRules struct {
	asked  []rules.Draft
	rooms  []string
	from   time.Time
	report backtest.Report
	err    error
}

func (f *fakeRules) File() string { return "rules/house.toml" }

func (f *fakeRules) Try(_ context.Context, d rules.Draft, room string, from, _ time.Time) (rulebook.Trial, error) {
	f.asked, f.rooms, f.from = append(f.asked, d), append(f.rooms, room), from
	return rulebook.Trial{Text: d.TOML(), Report: f.report}, f.err
}

// last is the draft that was tried last.
func (f *fakeRules) last(t *testing.T) string {
	t.Helper()
	if len(f.asked) == 0 {
		t.Fatal("nothing was tried")
	}
	return f.asked[len(f.asked)-1].TOML()
}

func change(text string, j backtest.Judgement) backtest.Change {
	return backtest.Change{Utterance: backtest.Utterance{Utterance: claims.Utterance{Text: text}, At: at(94)}, Judged: j}
}

// ruleStage is a screen with a rule file and one dismissed flag.
func ruleStage(t *testing.T, lang text.Lang, w, h int) (*stage, *fakeRules) {
	s := newStage(t, lang, w, h)
	book := &fakeRules{report: backtest.Report{Utterances: 412}}
	s.m.opt.Rules = book
	s.update(scene())
	return s, book
}

// TestQuietAsksWhatItWouldHideBeforeItIsWritten: from a dismissed flag; what
// people confirmed comes first, and nothing is written before the result is there.
func TestQuietAsksWhatItWouldHideBeforeItIsWritten(t *testing.T) {
	s, book := ruleStage(t, text.ZH, 120, 40)
	book.report.Lost = []backtest.Change{change("纯羊毛的围巾", backtest.Wrong), change("百分之百纯羊毛", backtest.Right), change("都是羊毛", backtest.Unknown)}
	s.press("Q")
	s.has("只有判为不成立的疑点才能静默")
	s.press("x", "a", "home")
	for range 3 { // the decided flag stands behind those that wait
		if f := s.m.flagHere(); f != nil && f.ID == 12 {
			break
		}
		s.press("j")
	}
	s.press("Q")
	s.has("静默（试运行）：", "百分之百纯羊毛 一点化纤都没有", "‹ 规则 composition ›", "‹ 商品 D01 栖岫羊毛混纺大围巾 ›",
		"从 11-20 00:00 起的 412 句话：", "! 少报 3 处；其中人判属实 1，不成立 1，没判 1", "✓属实 20:01:34 百分之百纯羊毛", "✗不成立 20:01:34 纯羊毛的围巾")
	want := "[[exempt]]\nstate = \"shadow\"\nrule = \"composition\"\nphrase = \"百分之百纯羊毛 一点化纤都没有\"\nscope = { skus = [\"D01\"] }\nreason = \"小周 判为不成立\"\nby = \"小周\"\ndate = 2026-11-20\n"
	if got := book.last(t); got != want || book.rooms[0] != "" {
		t.Errorf("tried in %q\n%s", book.rooms[0], got)
	}

	// Every change is tried again; enter before that writes nothing.
	s.press("tab", "right", "tab", "right", "right", "right")
	s.has("‹ 整个类别：材质 ›", "‹ 直播间 南枝小院 · 冬日专场 ›")
	if got := book.last(t); !strings.Contains(got, "category = \"material\"\nphrase") || !strings.Contains(got, `scope = { rooms = ["r1"] }`) || book.rooms[len(book.rooms)-1] != "r1" {
		t.Errorf("tried in %q\n%s", book.rooms[len(book.rooms)-1], got)
	}
	s.press("tab", "ctrl+u")
	n := len(s.desk.log)
	s.m.Update(keyOf("证")) // what comes of it is not there yet
	s.has("⋯ 正在用今天说过的话试算")
	_, cmd := s.m.Update(keyOf("enter"))
	if cmd != nil || len(s.desk.log) != n {
		t.Error("it was written before it was tried")
	}
	s.has("等出了结果再写入")
	s.press("text:书在册", "enter")
	if len(s.desk.log) != n+1 {
		t.Fatalf("the desk was asked for %q", s.desk.log[n:])
	}
	if got := s.desk.log[n]; !strings.HasPrefix(got, "record-rule {Room:r1 Flag:12 Event:0 Text:[[exempt]]") || !strings.Contains(got, `reason = "证书在册"`) {
		t.Errorf("the desk was asked for %s", got)
	}
	s.has("撤销 15s [u] 撤销时间过后写入规则文件，试运行：")
	s.update(moderation.Update{Effects: []moderation.Effect{{ID: 9, Room: "r1", Kind: moderation.EffectRule, Target: "rules/house.toml", Status: moderation.EffectSent}}})
	s.has("规则已写进 rules/house.toml，试运行")
	s.update(moderation.Update{Effects: []moderation.Effect{{ID: 9, Room: "r1", Kind: moderation.EffectRule, Target: "rules/house.toml", Status: moderation.EffectFailed, Result: "no space\x1b[2J"}}})
	s.has("规则没有写进 rules/house.toml：no space␛[2J")
}

// TestWatchTakesTheLineAsItsExample: from a line of the broadcasters; the rule
// that comes of it loads, and its examples come out right.
func TestWatchTakesTheLineAsItsExample(t *testing.T) {
	s, book := ruleStage(t, text.ZH, 120, 40)
	s.m.setFocus(paneChat)
	s.press("end", "W")
	s.has("先选中一句话")
	s.press("k", "W")
	s.has("观众的话不算宣传")
	s.m.setFocus(paneSpeech)
	s.press("end", "k", "k", "k", "k")
	book.report.New = []backtest.Change{change("围巾家人们再摸一下", backtest.Unknown)}
	s.press("W")
	s.has("盯住（试运行）：", "多报 1 处；其中人判属实 0，不成立 0，没判 1", "·没判 20:01:34 围巾家人们再摸一下", "小周 要盯住的说法")
	got := book.last(t)
	set, err := rules.Load(rules.File{Name: "w.toml", Text: []byte(got)})
	if err != nil {
		t.Fatalf("%v\n%s", err, got)
	}
	if set.Rules()[0].State != rules.StateShadow || set.Examples() < 4 {
		t.Errorf("rule %+v of %d examples", set.Rules()[0], set.Examples())
	}
	for _, f := range set.Test() {
		t.Errorf("example %q: %s\n%s", f.Text, f.Why, got)
	}
	if !strings.Contains(got, `id = "watch.20261120.`) || !strings.Contains(got, `scope = { rooms = ["r1"] }`) {
		t.Errorf("tried\n%s", got)
	}

	// Words of one's own, and what cannot stand says why.
	book.err = errors.New("draft:3: terms: nothing that could be said\x1b[2J")
	s.press("ctrl+u", "text:摸一下、手感", "down", "left")
	s.has("‹ 尺寸 ›", "✗ 不能这样写：draft:3: terms: nothing that could be said␛[2J")
	if got := book.last(t); !strings.Contains(got, `terms = ["摸一下", "手感"]`) || !strings.Contains(got, `category = "size"`) {
		t.Errorf("tried\n%s", got)
	}
	n := len(s.desk.log)
	s.press("enter")
	if len(s.desk.log) != n {
		t.Error("what cannot stand was written")
	}
	s.press("esc")
	if s.m.dialog != nil || len(s.desk.log) != n {
		t.Error("esc did something")
	}
}

func TestWithoutARuleFileItSaysHowToGetOne(t *testing.T) {
	for _, lang := range text.Langs {
		s := newStage(t, lang, 80, 24)
		s.update(scene())
		s.m.setFocus(paneSpeech)
		s.press("end", "k", "W")
		s.has(`["rules.toml"]`, "files =", "docs/rules.md", "[rules]")
		s.press("enter")
		if s.m.dialog != nil {
			t.Error("it stays")
		}
	}
}

// TestExamplesOfAWatch: two lines that it finds and two that it leaves alone,
// whatever the line is.
func TestExamplesOfAWatch(t *testing.T) {
	for _, x := range []struct {
		line, words string
		before      []string
		hit, miss   int
	}{
		{"这款用了皮肤状态逆天，真的", "逆天", []string{"大家好", "来了来了", "晚上好"}, 2, 3},
		{"逆天", "逆天", nil, 2, 2},
		{"用完皮肤逆天", "逆天", []string{"逆天的来了", "大家好"}, 2, 2},
		{"It is a miracle cream", "miracle", []string{"MIRACLE again"}, 2, 2},
	} {
		w := rules.Watching{ID: "watch.1", Category: claims.CategoryEffect, Verdict: claims.VerdictUnsupported, Severity: claims.SeverityMedium, Terms: termsOf(x.words), Why: "w", By: "b", Day: start}
		examples(&w, x.line, x.before)
		set, err := rules.Load(rules.File{Name: "w.toml", Text: []byte(w.TOML())})
		if err != nil {
			t.Fatalf("%s: %v\n%s", x.line, err, w.TOML())
		}
		if len(w.Hit) != x.hit || len(w.Miss)+len(w.Viewer) != x.miss {
			t.Errorf("%s: hit %q, miss %q, viewers' %q", x.line, w.Hit, w.Miss, w.Viewer)
		}
		for _, f := range set.Test() {
			t.Errorf("%s: example %q: %s", x.line, f.Text, f.Why)
		}
	}
	for line, want := range map[string]string{"": "", "一 二三，四": "二三", "好": "好"} {
		if got := stretch(line, strings.Index(line, "二")); line == "一 二三，四" && got != want {
			t.Errorf("stretch of %q is %q", line, got)
		}
	}
}

// TestARuleSheetHoldsAnyText: nothing that is said or tried moves a row.
func TestARuleSheetHoldsAnyText(t *testing.T) {
	for _, h := range ownHostile {
		s, book := ruleStage(t, text.ZH, 80, 24)
		u := hostileScene(h)
		u.Events[3].Kind, u.Events[3].User = feed.KindTranscript, feed.User{ID: "h", Role: feed.RoleHost}
		s.update(u)
		book.report.New, book.err = []backtest.Change{change(h, backtest.Right)}, nil
		s.m.setFocus(paneSpeech)
		s.press("end", "W")
		s.narrow()
		book.err = errors.New(h)
		s.press("text:x")
		s.narrow()
	}
	var _ tea.Model = (*Model)(nil)
}
