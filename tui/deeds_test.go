package tui

import (
	"strings"
	"testing"

	"liveroom/moderation"
	"liveroom/moderation/policy"
	"liveroom/tui/text"
)

// TestDeedsAskForWhatTheyNeed: one menu, one answer after another, nothing done
// before the last, and nothing at all after esc.
func TestDeedsAskForWhatTheyNeed(t *testing.T) {
	s := newStage(t, text.ZH, 120, 40)
	s.update(scene())
	s.press("2", "e")
	s.has("处理 案件#1041", "上报案件", "附上证据")
	s.hasNot("批准付款", "作出处罚", "解除处罚")
	n := len(s.desk.log)
	s.press("2", "text:金额大", "esc")
	if len(s.desk.log) != n {
		t.Fatalf("esc left %q", s.desk.log[n:])
	}
	s.press("e", "1", "w", "text:金额大", "enter")
	if want := "escalate-case {Case:1041 Reason:金额大 Version:1}"; s.desk.log[n] != want {
		t.Errorf("the desk was asked for %q, want %q", s.desk.log[n], want)
	}
	s.press("e", "2", "text:soon", "enter", "text:等", "enter")
	s.has("“soon”不是时长")
}

// TestTheCaseShowsWhatWasDone: everything that the menu does is seen in the case,
// untrusted words as pictures.
func TestTheCaseShowsWhatWasDone(t *testing.T) {
	s := newStage(t, text.EN, 120, 60)
	s.update(scene())
	c := s.desk.cases[1041]
	c.Orders = []string{"LR9"}
	c.Evidence = []moderation.Evidence{{Kind: moderation.EvidencePacking, Ref: "a\x1b.jpg", By: "小林"}}
	c.Replies = []moderation.Reply{{Complaint: 1, Text: "sorry", By: "小林"}}
	c.Payments = []moderation.Payment{{ID: 1, Order: "LR9", State: moderation.PaymentProposed, AmountFen: 29900, Title: policy.Text{ZH: "实在宝", EN: "Honest host"}, By: "小林"}}
	c.Penalties = []moderation.Penalty{{State: moderation.PenaltyImposed, Measures: []policy.Measure{policy.MeasureFine}, ImposedBy: "秉文"}}
	c.Holds = []moderation.Hold{{Order: "LR9", By: "小林", Reason: "eight at once"}}
	c.Signals = []moderation.Signal{{Rule: "burst", Why: "十分钟八单", WhyEN: "eight in ten minutes"}}
	c.Sample = []moderation.Sampled{{Flag: 1}, {Flag: 2, Verdict: moderation.FlagConfirmed}}
	s.desk.cases[1041] = c
	s.update(moderation.Update{Cases: []moderation.Case{c}})
	s.press("2", "enter", "f")
	s.has("packing photo a␛.jpg", "sorry", "¥299.00", "Honest host", "to be approved", "the program pays nothing",
		"fine", "held back LR9", "eight in ten minutes", "1 of 2 reviewed")
}

// Every deed can be told and asked for in both languages, and only by whom the
// roles allow.
func TestDeedsAreWhole(t *testing.T) {
	for _, lang := range []text.Lang{text.ZH, text.EN} {
		cat := text.For(lang)
		for _, d := range deeds {
			if !cat.Has("do." + d.does.Name()) {
				t.Errorf("%s: %s has no name", lang, d.does.Name())
			}
			for _, q := range d.asks {
				if !cat.Has("ask_for." + q.name) {
					t.Errorf("%s: %s asks for %s without words", lang, d.does.Name(), q.name)
				}
			}
			if !moderation.RoleSupervisor.May(d.does.Name()) {
				t.Errorf("%s: nobody may", d.does.Name())
			}
		}
	}
	if len(deeds) > len(optionKeys) {
		t.Errorf("%d deeds, %d keys", len(deeds), len(optionKeys))
	}
	if strings.Contains(optionKeys, " ") {
		t.Error("a key is a space")
	}
}
