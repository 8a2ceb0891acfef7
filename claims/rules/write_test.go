package rules_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"liveroom/claims"
	"liveroom/claims/rules"
)

var day = time.Date(2026, 11, 20, 23, 59, 0, 0, time.FixedZone("CST", 8*3600))

func TestADraftStandsInTheFileAsItWasAskedFor(t *testing.T) {
	quiet := rules.Quieting{
		Rule: "absolute.term", Phrase: "国家级", Scope: rules.Scope{SKUs: []string{"S1"}, Rooms: []string{"r1"}, Hosts: []string{"晚晴"}, Categories: []string{"cosmetics"}},
		Reason: `证书"在册"`, By: "小周", Day: day,
	}
	want := `[[exempt]]
state = "shadow"
rule = "absolute.term"
phrase = "国家级"
scope = { categories = ["cosmetics"], rooms = ["r1"], hosts = ["晚晴"], skus = ["S1"] }
reason = "证书\"在册\""
by = "小周"
date = 2026-11-20
`
	if got := quiet.TOML(); got != want {
		t.Errorf("got\n%s", got)
	}
	watch := rules.Watching{
		ID: "watch.1", Category: claims.CategoryEffect, Verdict: claims.VerdictUnsupported, Severity: claims.SeverityHigh, Terms: []string{"逆天", "换头"},
		Why: "夸大", By: "小周", Day: day, Hit: []string{"这款效果逆天", "换头"}, Miss: []string{"大家好"}, Viewer: []string{"这款效果逆天"},
	}
	set := load(t, watch.TOML())
	for _, f := range set.Test() {
		t.Errorf("example %q: %s", f.Text, f.Why)
	}
	if r := set.Rules(); len(r) != 1 || r[0].State != rules.StateShadow || set.Examples() != 4 {
		t.Errorf("rules %+v, %d examples", r, set.Examples())
	}
}

// TestAnExemptionInShadowSparesNothing: it is told of, and counts in the set
// that asks what would be if it did.
func TestAnExemptionInShadowSparesNothing(t *testing.T) {
	q := rules.Quieting{Category: claims.CategoryAbsolute, Phrase: "国家级工匠", Scope: rules.Scope{Hosts: []string{"晚晴"}}, Reason: "证书在册", By: "小周", Day: day}
	set := load(t, q.TOML())
	u := claims.Utterance{SKU: "S1", Host: "晚晴", Speaker: claims.SpeakerHost, Text: "这是国家级工匠的手艺"}
	if got := report(over(t, set), u); got != "absolute.term medium  国家级" {
		t.Errorf("in shadow: %q", got)
	}
	f := over(t, set).Check(u, nil)[0]
	e := f.Exempted[len(f.Exempted)-1]
	if e.Held || !e.Shadow || e.Reason != "证书在册" || e.Source != "小周 2026-11-20" {
		t.Errorf("exemption %+v", e)
	}
	if got := report(over(t, set.Counting()), u); got != "absolute.term medium exempt 国家级" {
		t.Errorf("counting: %q", got)
	}
	u.Host = "小柚"
	if got := report(over(t, set.Counting()), u); got != "absolute.term medium  国家级" {
		t.Errorf("another host: %q", got)
	}
	off := load(t, strings.Replace(q.TOML(), `"shadow"`, `"off"`, 1))
	u.Host = "晚晴"
	if f := over(t, off.Counting()).Check(u, nil)[0]; f.Aside != "" || f.Exempted[len(f.Exempted)-1].Shadow {
		t.Errorf("off: %+v", f.Exempted)
	}
}

func TestABlockComesBehindWhatStandsThere(t *testing.T) {
	for _, x := range []struct{ file, block, want string }{
		{"", "a\nb\n", "a\nb\n"},
		{"# mine", "a\n", "# mine\n\na\n"},
		{"# mine\r\nx = 1\r\n", "a\nb\n", "# mine\r\nx = 1\r\n\r\na\r\nb\r\n"},
	} {
		got := string(rules.Append([]byte(x.file), x.block))
		if got != x.want {
			t.Errorf("%q + %q: %q", x.file, x.block, got)
		}
		if !rules.Holds([]byte(got), x.block) || rules.Holds([]byte(x.file), x.block) {
			t.Errorf("%q: held wrongly", got)
		}
	}
}

// TestADraftOfAnyTextIsOneDraft: whatever is written into it, it is read back as
// one exemption, or refused for what the words are, never for how they are
// written.
func TestADraftOfAnyTextIsOneDraft(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"\"]\n[[rule]]", "\\", "'''", "\x00\x1b\x7f", "\xff", "= 1 # 国家级"}))
		q := rules.Quieting{Category: claims.CategoryAbsolute, Phrase: "国家级" + text.Draw(t, "phrase"), Reason: "r" + text.Draw(t, "reason"), By: "b" + text.Draw(t, "by"), Day: day}
		set, err := loadAll(q.TOML())
		if err != nil {
			t.Fatalf("%s\n%v", q.TOML(), err)
		}
		if len(set.Rules()) != 0 {
			t.Fatalf("%s: rules %+v", q.TOML(), set.Rules())
		}
	})
}
