package backtest_test

import (
	"reflect"
	"strings"
	"testing"

	"liveroom/claims"
	"liveroom/claims/rules"
	"liveroom/moderation"
	"liveroom/moderation/backtest"
)

func TestShares(t *testing.T) {
	// The intervals are those of Wilson's 1927 formula for 95 %, computed apart.
	for _, c := range []struct {
		share     backtest.Share
		percent   int
		low, high int
		known     bool
	}{
		{backtest.Share{K: 0, N: 0}, 0, 0, 100, false},
		{backtest.Share{K: 5, N: 5}, 100, 56, 100, false},
		{backtest.Share{K: 0, N: 10}, 0, 0, 28, true},
		{backtest.Share{K: 10, N: 10}, 100, 72, 100, true},
		{backtest.Share{K: 81, N: 263}, 31, 25, 37, true},
		{backtest.Share{K: 50, N: 100}, 50, 40, 60, true},
	} {
		low, high := c.share.Interval()
		if c.share.Percent() != c.percent || low != c.low || high != c.high || c.share.Known() != c.known {
			t.Errorf("%+v: %d %% (%d–%d), known %v", c.share, c.share.Percent(), low, high, c.share.Known())
		}
	}
}

const labels = `{"id":"a","text":"加我微信下单","expect":[{"category":"offplatform","verdict":"banned"}]}
{"id":"b","text":"效果逆天","expect":[{"any_of":[{"category":"effect","verdict":"unsupported"},{"category":"effect","verdict":"banned"}]}]}

{"id":"c","text":"价格逆天","expect":[]}
{"id":"d","text":"逆天逆天","expect":[],"also_ok":[{"category":"effect","verdict":"unsupported"}]}
{"id":"e","speaker":"viewer","text":"逆天","expect":[]}
{"id":"f","text":"大家好","expect":[{"category":"price","verdict":"contradicted"}]}
`

const miracle = `
[[rule]]
id = "shop.miracle"
category = "effect"
verdict = "unsupported"
terms = ["逆天"]
source = "house rules"
checked = 2026-11-01
why = "夸大效果"
hit = ["效果逆天", "真逆天"]
miss = ["大家好", "这不是逆天"]
`

func set(t *testing.T, text string) *rules.Set {
	t.Helper()
	s, err := rules.Load(rules.File{Name: "r.toml", Text: []byte(text)})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestABacktestOnLabels(t *testing.T) {
	said, err := backtest.ReadLabelled("labels.jsonl", strings.NewReader(labels))
	if err != nil {
		t.Fatal(err)
	}
	s := set(t, miracle+"[[exempt]]\ncategory = \"offplatform\"\nphrase = \"加我微信\"\nreason = \"测试\"\nby = \"x\"\ndate = 2026-11-20\n")
	run := backtest.NewRun(claims.New(nil), claims.New(nil, claims.WithRules(s.Counting())), []string{"shop.miracle", "shop.idle"})
	for _, u := range said {
		run.Add(u)
	}
	r := run.Report()
	if r.Utterances != 6 {
		t.Errorf("%d utterances", r.Utterances)
	}
	if want := (backtest.Score{Findings: 1, Right: 1, Missed: 2}); r.Current != want {
		t.Errorf("current %+v, want %+v", r.Current, want)
	}
	if want := (backtest.Score{Findings: 3, Right: 1, Wrong: 1, Unknown: 1, Missed: 2}); r.Next != want {
		t.Errorf("next %+v, want %+v", r.Next, want)
	}
	if len(r.New) != 3 || r.New[0].Utterance.ID != "b" || r.New[0].Judged != backtest.Right || r.New[1].Judged != backtest.Wrong || r.New[2].Judged != backtest.Unknown {
		t.Errorf("new %+v", r.New)
	}
	if len(r.Lost) != 1 || r.Lost[0].Utterance.ID != "a" || r.Lost[0].Judged != backtest.Right {
		t.Errorf("lost %+v", r.Lost)
	}
	want := []backtest.RuleScore{
		{Rule: "shop.miracle", Own: true, Score: backtest.Score{Findings: 3, Right: 1, Wrong: 1, Unknown: 1}},
		{Rule: "shop.idle", Own: true},
		{Rule: "offplatform", Before: 1},
	}
	if !reflect.DeepEqual(r.Rules, want) {
		t.Errorf("rules %+v", r.Rules)
	}
	if !reflect.DeepEqual(r.Saved, []backtest.Saving{{ID: "r.toml:12", Reason: "测试", Findings: 1}}) {
		t.Errorf("saved %+v", r.Saved)
	}
}

func TestABacktestOnDecisions(t *testing.T) {
	flag := func(c claims.Category, start, end int, s moderation.FlagStatus) moderation.Flag {
		return moderation.Flag{Finding: claims.Finding{Category: c, Start: start, End: end}, Status: s}
	}
	say := func(text string, flags ...moderation.Flag) backtest.Utterance {
		return backtest.Utterance{Utterance: claims.Utterance{ID: text, Speaker: claims.SpeakerHost, Text: text}, Flags: flags}
	}
	run := backtest.NewRun(claims.New(nil), claims.New(nil, claims.WithRules(set(t, miracle).Counting())), nil)
	for _, u := range []backtest.Utterance{
		say("加我微信下单", flag(claims.CategoryOffplatform, 0, 4, moderation.FlagConfirmed)),
		say("效果逆天", flag(claims.CategoryEffect, 2, 4, moderation.FlagConfirmed)),
		say("价格逆天", flag(claims.CategoryEffect, 2, 4, moderation.FlagDismissed)),
		say("逆天，真逆天", flag(claims.CategoryEffect, 4, 6, moderation.FlagConfirmed)), // two findings, one flag
		say("皮肤逆天", flag(claims.CategoryEffect, 2, 4, moderation.FlagOpen)),
		say("效果好极了，逆天", flag(claims.CategoryEffect, 0, 4, moderation.FlagDismissed)), // other words
		say("大家好", flag(claims.CategoryPrice, 0, 2, moderation.FlagConfirmed)),
	} {
		run.Add(u)
	}
	r := run.Report()
	if want := (backtest.Score{Findings: 1, Right: 1, Missed: 3}); r.Current != want {
		t.Errorf("current %+v, want %+v", r.Current, want)
	}
	if want := (backtest.Score{Findings: 6, Right: 3, Wrong: 1, Unknown: 2, Missed: 1}); r.Next != want {
		t.Errorf("next %+v, want %+v", r.Next, want)
	}
	if s := r.Rules[0]; s.Rule != "shop.miracle" || s.Findings != 6 || s.Right != 2 || s.Wrong != 1 || s.Unknown != 3 {
		t.Errorf("rule %+v", s)
	}
}

func TestAFailingConditionIsReported(t *testing.T) {
	run := backtest.NewRun(claims.New(nil), claims.New(nil, claims.WithRules(set(t, miracle+"when = '1 / (product.price_fen * 0) > 0'\n").Counting())), nil)
	for range 2 {
		run.Add(backtest.Utterance{Utterance: claims.Utterance{Speaker: claims.SpeakerHost, Text: "效果逆天"}})
	}
	if s := run.Report().Rules[0]; s.Findings != 0 || s.Failures != 2 || !strings.Contains(s.Failure, "zero") {
		t.Errorf("rule %+v", s)
	}
}

func TestLabelsThatCannotBeRead(t *testing.T) {
	for text, want := range map[string]string{
		"":                                     "l: holds no utterance",
		"{":                                    "l:1: no labelled utterance",
		"\n{\"text\":\"x\"}":                   `l:2: the line has no "expect"`,
		`{"text":"x","expect":[],"speaker":1}`: "l:1: no labelled",
		`{"text":"x","expect":[],"speaker":"boss"}`: `speaker "boss" is not known`,
	} {
		if _, err := backtest.ReadLabelled("l", strings.NewReader(text)); err == nil || !strings.Contains(strings.Replace(err.Error(), "l holds", "l: holds", 1), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}
