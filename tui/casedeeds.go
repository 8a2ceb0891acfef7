package tui

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/moderation/policy"
	"liveroom/tui/text"
)

type answers = []string

var reason = question{name: "reason"}

// deeds is the menu, in its order.
var deeds []deed

func init() {
	for _, list := range [][]deed{workDeeds, evidenceDeeds, paymentDeeds, holdDeeds, rulingDeeds} {
		deeds = append(deeds, list...)
	}
}

var workDeeds = []deed{
	{
		does: moderation.EscalateCase{}, fits: func(c *moderation.Case) bool { return !c.State.Over() && c.Escalated.IsZero() }, run: (*Model).askEscalate,
	},
	{
		does: moderation.SkipCase{}, fits: open, asks: []question{reason},
		make: func(_ *Model, c *moderation.Case, a answers) (moderation.Command, string) {
			return moderation.SkipCase{Case: c.ID, Reason: a[0], Version: c.Version}, ""
		},
	},
	{
		does: moderation.ReleaseCase{}, fits: func(c *moderation.Case) bool { return c.Owner != "" && !c.State.Over() },
		make: func(_ *Model, c *moderation.Case, _ answers) (moderation.Command, string) {
			return moderation.ReleaseCase{Case: c.ID, Version: c.Version}, ""
		},
	},
	{does: moderation.SnoozeCase{}, fits: open, asks: []question{{name: "span"}, reason}, make: snoozeCase},
	{
		does: moderation.AssignCase{}, fits: open, run: (*Model).askAssign,
	},
	{
		does: moderation.WatchCase{},
		make: func(m *Model, c *moderation.Case, _ answers) (moderation.Command, string) {
			off := false
			for _, w := range c.Watchers {
				off = off || w == m.opt.Actor.Name
			}
			return moderation.WatchCase{Case: c.ID, Off: off}, ""
		},
	},
	{
		does: moderation.RelateCases{}, asks: []question{{name: "case"}},
		make: func(_ *Model, c *moderation.Case, a answers) (moderation.Command, string) {
			return moderation.RelateCases{Case: c.ID, Other: number(a[0])}, ""
		},
	},
	{
		does: moderation.MeetClock{}, asks: []question{{name: "clock", choose: runningClocks}},
		make: func(_ *Model, c *moderation.Case, a answers) (moderation.Command, string) {
			return moderation.MeetClock{Case: c.ID, Clock: a[0], Version: c.Version}, ""
		},
	},
	{
		does: moderation.OpenCase{}, fits: func(c *moderation.Case) bool { return c.State.Over() && c.Kind != moderation.CaseAppeal },
		asks: []question{{name: "appeal"}},
		make: func(_ *Model, c *moderation.Case, a answers) (moderation.Command, string) {
			return moderation.OpenCase{Room: c.Room, Kind: moderation.CaseAppeal, Title: a[0], SKU: c.SKU, AppealOf: c.ID}, ""
		},
	},
}

func open(c *moderation.Case) bool { return !c.State.Over() }

func snoozeCase(m *Model, c *moderation.Case, a answers) (moderation.Command, string) {
	span, err := time.ParseDuration(strings.TrimSpace(a[0]))
	if err != nil || span <= 0 {
		return nil, m.t.T("why.bad_span", a[0])
	}
	return moderation.SnoozeCase{Case: c.ID, Until: m.opt.Clock().Add(span), Reason: a[1], Version: c.Version}, ""
}

func runningClocks(m *Model, c *moderation.Case) []answer {
	var out []answer
	for i := range c.Clocks {
		if k := &c.Clocks[i]; k.MetAt.IsZero() {
			out = append(out, answer{k.Name, feed.Sanitise(cmp.Or(m.inBoth(k.Text, k.TextEN), k.Name)).Truncate(40).String()})
		}
	}
	return out
}

var evidenceDeeds = []deed{
	{does: moderation.ReplyBuyer{}, fits: func(c *moderation.Case) bool { return open(c) && len(c.Complaints) > 0 }, run: (*Model).openAnswer},
	{
		does: moderation.AttachEvidence{},
		asks: []question{{name: "evidence", choose: oneOf("evidence", moderation.EvidenceKinds...)}, {name: "ref"}, {name: "note", empty: true}},
		make: func(_ *Model, c *moderation.Case, a answers) (moderation.Command, string) {
			return moderation.AttachEvidence{Case: c.ID, Kind: moderation.EvidenceKind(a[0]), Ref: a[1], Text: a[2], Version: c.Version}, ""
		},
	},
	{
		does: moderation.GiveFact{}, asks: []question{{name: "order", choose: oneOrder}, {name: "fact"}, {name: "value"}, {name: "note", empty: true}},
		make: giveFact,
	},
}

func giveFact(m *Model, c *moderation.Case, a answers) (moderation.Command, string) {
	v, err := policy.Fact(strings.TrimSpace(a[1])).Parse(a[2], m.zone())
	if err != nil {
		return nil, m.t.T("why.bad_value", err.Error())
	}
	return moderation.GiveFact{Case: c.ID, Order: a[0], Fact: policy.Fact(a[1]), Value: v, Note: a[3], Version: c.Version}, ""
}

var paymentDeeds = []deed{
	{
		does: moderation.ProposePayment{}, asks: []question{{name: "order", choose: oneOrder}, {name: "policy", choose: payingPolicies}},
		make: func(_ *Model, c *moderation.Case, a answers) (moderation.Command, string) {
			return moderation.ProposePayment{Case: c.ID, Order: a[0], Policy: a[1], Version: c.Version}, ""
		},
	},
	{
		does: moderation.ApprovePayment{}, asks: []question{{name: "payment", choose: paymentsIn(moderation.PaymentProposed)}},
		make: func(_ *Model, c *moderation.Case, a answers) (moderation.Command, string) {
			return moderation.ApprovePayment{Case: c.ID, Payment: int(number(a[0])), Version: c.Version}, ""
		},
	},
	{
		does: moderation.RefusePayment{}, asks: []question{{name: "payment", choose: paymentsIn(moderation.PaymentProposed)}, reason},
		make: func(_ *Model, c *moderation.Case, a answers) (moderation.Command, string) {
			return moderation.RefusePayment{Case: c.ID, Payment: int(number(a[0])), Reason: a[1], Version: c.Version}, ""
		},
	},
	{
		does: moderation.WithdrawPayment{}, asks: []question{{name: "payment", choose: paymentsIn(moderation.PaymentProposed)}, {name: "reason", empty: true}},
		make: func(_ *Model, c *moderation.Case, a answers) (moderation.Command, string) {
			return moderation.WithdrawPayment{Case: c.ID, Payment: int(number(a[0])), Reason: a[1], Version: c.Version}, ""
		},
	},
	{
		does: moderation.ReversePayment{}, asks: []question{{name: "payment", choose: paymentsIn(moderation.PaymentApproved)}, reason},
		make: func(_ *Model, c *moderation.Case, a answers) (moderation.Command, string) {
			return moderation.ReversePayment{Case: c.ID, Payment: int(number(a[0])), Reason: a[1], Version: c.Version}, ""
		},
	},
}

// payingPolicies are the policies in force on which something can be proposed: a
// scenario of the law is only shown.
func payingPolicies(m *Model, _ *moderation.Case) []answer {
	set := m.opt.Desk.Policies()
	if set == nil {
		return nil
	}
	var out []answer
	for _, p := range set.Policies() {
		switch p.Kind {
		case policy.Compensation, policy.Return, policy.PriceProtection:
			out = append(out, answer{p.ID, m.inBoth(p.Title.ZH, p.Title.EN)})
		}
	}
	return out
}

var holdDeeds = []deed{
	{
		does: moderation.FreezeOrders{}, fits: open, asks: []question{{name: "order", choose: orderAnswers(func(c *moderation.Case, o string) bool { h := c.Hold(o); return h == nil || !h.Held() })}, reason},
		make: func(_ *Model, c *moderation.Case, a answers) (moderation.Command, string) {
			return moderation.FreezeOrders{Case: c.ID, Orders: strings.Split(a[0], "\n"), Reason: a[1], Version: c.Version}, ""
		},
	},
	{
		does: moderation.ReleaseOrders{}, asks: []question{{name: "order", choose: orderAnswers(heldBack)}, reason},
		make: func(_ *Model, c *moderation.Case, a answers) (moderation.Command, string) {
			return moderation.ReleaseOrders{Case: c.ID, Orders: strings.Split(a[0], "\n"), Reason: a[1], Version: c.Version}, ""
		},
	},
	{
		does: moderation.HearMerchant{}, asks: []question{{name: "order", choose: orderAnswers(heldBack)}, {name: "merchant", choose: oneOf("merchant", moderation.VerdictGenuine, moderation.VerdictBadFaith)}, {name: "text"}},
		make: func(_ *Model, c *moderation.Case, a answers) (moderation.Command, string) {
			return moderation.HearMerchant{Case: c.ID, Orders: strings.Split(a[0], "\n"), Verdict: moderation.Verdict(a[1]), Text: a[2], Version: c.Version}, ""
		},
	},
}

func heldBack(c *moderation.Case, o string) bool { h := c.Hold(o); return h != nil && h.Held() }

var rulingDeeds = []deed{
	{
		does: moderation.ImposePenalty{}, fits: func(c *moderation.Case) bool {
			return c.Outcome == moderation.OutcomeUpheld || c.Outcome == moderation.OutcomeCorrected
		}, asks: []question{{name: "offence", choose: oneOf("offence", "false_advertising", "counterfeit", "price_fraud", "off_platform", "conduct", "malicious_claim", "malicious_review", "fake_order")}, {name: "gravity", choose: oneOf("gravity", "low", "medium", "high")}},
		make: func(_ *Model, c *moderation.Case, a answers) (moderation.Command, string) {
			return moderation.ImposePenalty{Case: c.ID, Offence: moderation.Offence{Kind: a[0], Gravity: a[1]}, Version: c.Version}, ""
		},
	},
	{
		does: moderation.LiftPenalty{}, asks: []question{{name: "penalty", choose: standingPenalties}, reason},
		make: func(_ *Model, c *moderation.Case, a answers) (moderation.Command, string) {
			return moderation.LiftPenalty{Case: c.ID, Penalty: int(number(a[0])), Reason: a[1], Version: c.Version}, ""
		},
	},
	{
		does: moderation.ReviewSample{}, asks: []question{{name: "flag", choose: unreviewed}, {name: "review", choose: oneOf("flagstate", moderation.FlagConfirmed, moderation.FlagDismissed)}, {name: "reason", empty: true}},
		make: func(_ *Model, c *moderation.Case, a answers) (moderation.Command, string) {
			return moderation.ReviewSample{Case: c.ID, Flag: number(a[0]), Verdict: moderation.FlagStatus(a[1]), Reason: a[2]}, ""
		},
	},
	{
		does: moderation.PlanSpotCheck{}, asks: []question{{name: "plan", choose: oneOf("sample", moderation.SampleRandom, moderation.SampleHost, moderation.SampleRule, moderation.SampleModerator)}, {name: "size"}, {name: "title"}},
		make: planSpotCheck,
	},
	{does: moderation.EraseBuyer{}, fits: func(c *moderation.Case) bool { return c.State == moderation.CaseStateClosed && len(c.Buyers) > 0 }, run: (*Model).askErase},
}

func standingPenalties(m *Model, c *moderation.Case) []answer {
	var out []answer
	for i := range c.Penalties {
		p := &c.Penalties[i]
		if p.State != moderation.PenaltyImposed {
			continue
		}
		var what []string
		for _, s := range p.Measures {
			what = append(what, m.named("measure", string(s)))
		}
		out = append(out, answer{strconv.Itoa(i + 1), "#" + strconv.Itoa(i+1) + " " + strings.Join(what, " ")})
	}
	return out
}

func unreviewed(m *Model, c *moderation.Case) []answer {
	var out []answer
	r := m.rooms[c.Room]
	for i := range c.Sample {
		s := &c.Sample[i]
		if s.Reviewed() {
			continue
		}
		words := "#" + strconv.FormatInt(s.Flag, 10)
		if r != nil {
			if f := r.flags.get(s.Flag); f != nil {
				words += " " + f.v.Shown.Truncate(40).String()
			}
		}
		out = append(out, answer{strconv.FormatInt(s.Flag, 10), words})
	}
	return out
}

func planSpotCheck(m *Model, c *moderation.Case, a answers) (moderation.Command, string) {
	n, err := strconv.Atoi(strings.TrimSpace(a[1]))
	if err != nil || n <= 0 {
		return nil, m.t.T("why.bad_count", a[1])
	}
	return moderation.PlanSpotCheck{Room: c.Room, Title: a[2], Plan: moderation.SamplePlan{By: moderation.SampleBy(a[0]), Size: n}}, ""
}

// inBoth picks the words in the person's language.
func (m *Model) inBoth(zh, en string) string {
	if m.t.Lang == text.ZH {
		return zh
	}
	return en
}
