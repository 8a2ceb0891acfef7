package tui

import (
	"regexp"
	"strings"
	"testing"

	"github.com/muesli/termenv"

	"liveroom/claims"
	"liveroom/tui/text"
)

// underlined lists the stretches of a view that are underlined, whatever else
// they are.
func underlined(view string) []string {
	var out []string
	for _, part := range regexp.MustCompile(`((?:\x1b\[[0-9;]*m)*)([^\x1b]*)`).FindAllStringSubmatch(view, -1) {
		if strings.Contains(part[1], "\x1b[4m") {
			out = append(out, part[2])
		}
	}
	return out
}

func hasEach(list []string, want ...string) bool {
	all := "\n" + strings.Join(list, "\n") + "\n"
	for _, w := range want {
		if !strings.Contains(all, "\n"+w+"\n") {
			return false
		}
	}
	return true
}

// TestWhatDiffersIsUnderlined: in every theme, beside the fact, in the queue, the
// detail and the case; nothing is where nothing is held against anything.
func TestWhatDiffersIsUnderlined(t *testing.T) {
	for _, c := range []struct {
		profile termenv.Profile
		dark    bool
	}{{termenv.Ascii, true}, {termenv.ANSI, true}, {termenv.ANSI256, false}, {termenv.TrueColor, true}} {
		s := newStage(t, text.ZH, 120, 40)
		s.m.th = newTheme(c.profile, c.dark)
		s.update(scene())
		if got := underlined(s.m.View()); !hasEach(got, "百分之百纯", "一点化纤都没有", "65%", "聚酯纤维35%") {
			t.Errorf("profile %v: in the queue %q is underlined", c.profile, got)
		}
		s.press("j", "j") // a banned term has no fact to differ from
		if got := underlined(s.m.View()); hasEach(got, "全网最好的围巾") && hasEach(got, "表中无") {
			t.Errorf("profile %v: of a banned term %q is underlined", c.profile, got)
		}
		s.press("2", "down") // the case of the list price
		if got := underlined(s.m.View()); !hasEach(got, "三百九十九", "199") {
			t.Errorf("profile %v: in the case %q is underlined", c.profile, got)
		}
	}
}

// TestMarksSurviveWrapping: what is marked is marked on every line it takes.
func TestMarksSurviveWrapping(t *testing.T) {
	d := unmarked("一二三四五六七八九十")
	d.mark("一二三四五六七八九十", []claims.Stretch{{From: 1, To: 2}, {From: 3, To: 8}})
	th := newTheme(termenv.Ascii, true)
	var got []string
	for _, line := range d.wrap(10) {
		got = append(got, strings.Join(underlined(newRow(12, style{}).marked(th, th.wrong, line).done()), "|"))
	}
	if want := "二|四五/六七八"; strings.Join(got, "/") != want {
		t.Errorf("underlined %q, want %q", strings.Join(got, "/"), want)
	}
	if row := newRow(6, style{}).marked(th, th.fine, d).done(); cells(ansiCodes.ReplaceAllString(row, "")) != 6 {
		t.Errorf("a row of 6 is %q", row)
	}
}

// TestTheTraceIsWhatTheCheckerKept: each exemption that was tried with its own
// reason and sign, the question that was answered, and nothing that was not tried.
func TestTheTraceIsWhatTheCheckerKept(t *testing.T) {
	for _, c := range []struct {
		lang text.Lang
		want []string
	}{
		{text.ZH, []string{"试过的豁免 4 条", "✗ 否定  没有否定的话", "△ 问句  像问句，其实不是", "◌ house.toml:7 （试运行：成立，但还不算）  证书在册", "✗ house.sale  没有说到", "回答的是 是纯羊毛吗", "规则版本 r9"}},
		{text.EN, []string{"exemptions tried: 4", "✗ denied  nothing is denied", "△ asked  a question it is not", "◌ house.toml:7 (on trial: it holds, and does not count)  证书在册", "answers    是纯羊毛吗", "rules      r9"}},
	} {
		s := newStage(t, c.lang, 120, 60)
		u := scene()
		f := &u.Flags[0].Finding
		f.Answers, f.Rules = "是纯羊毛吗", "r9"
		f.Exempted = []claims.Exemption{
			{ID: exemptionCalled(t, "否定"), Reason: "没有否定的话", ReasonEN: "nothing is denied"},
			{ID: exemptionCalled(t, "问句"), Trap: true, Reason: "像问句，其实不是", ReasonEN: "a question it is not"},
			{ID: "house.toml:7", Shadow: true, Reason: "证书在册", Source: "小周"},
			{ID: "house.sale", Reason: "没有说到"},
		}
		s.update(u)
		s.m.setFocus(paneDetail)
		s.press("f")
		s.has(c.want...)
		s.hasNot("转述")
	}
}

// exemptionCalled is the id of a built-in exemption.
func exemptionCalled(t *testing.T, title string) string {
	t.Helper()
	for _, f := range claims.New(nil).Check(claims.Utterance{Speaker: claims.SpeakerHost, Text: "这是国家级的手艺"}, nil) {
		for _, x := range f.Exempted {
			if zh, _ := x.Title(); zh == title {
				return x.ID
			}
		}
	}
	t.Fatalf("no exemption %s was tried", title)
	return ""
}
