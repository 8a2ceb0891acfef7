package policy_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"liveroom/moderation/policy"
)

// A probe is a matter just at a figure and what must come of it. Facts are
// written as people do; "@" is the moment of asking, "!" a strike of a gravity
// at a time.
type probe struct{ facts, want string }

// figures are every figure of the shipped policies, each with what comes one
// below it, at it and one above. A figure is a clause, "clock:" with its id,
// "step:" with its points, "expires", "least" or "cap".
var figures = map[string][3]probe{
	"kuaishou.honesty 1.1.followers": {
		{"host.followers=999999", "fails"}, {"host.followers=1000000", "fails"}, {"host.followers=1000001", "holds"},
	},
	"kuaishou.honesty 1.1.score": {{"host.score_x100=449", "fails"}, {"host.score_x100=450", "fails"}, {"host.score_x100=451", "holds"}},
	"kuaishou.honesty 1.1.level": {{"host.level_halves=4", "fails"}, {"host.level_halves=5", "holds"}, {"host.level_halves=6", "holds"}},
	"kuaishou.honesty 1.2": {
		{"broadcast.started_at=2026-03-02 19:00 host.enrolled_at=2026-03-02 18:59:59", "holds"},
		{"broadcast.started_at=2026-03-02 19:00 host.enrolled_at=2026-03-02 19:00:00", "fails"},
		{"broadcast.started_at=2026-03-02 19:00 host.enrolled_at=2026-03-02 19:00:01", "fails"},
	},
	"kuaishou.honesty 1.6": {
		{"order.shipped_at=2026-03-03 10:00 claim.applied_at=2026-04-02 23:59:58", "holds"},
		{"order.shipped_at=2026-03-03 10:00 claim.applied_at=2026-04-02 23:59:59", "holds"},
		{"order.shipped_at=2026-03-03 10:00 claim.applied_at=2026-04-03", "fails"},
	},
	"kuaishou.honesty 1.7.proof": {{"evidence.proof_images=0", "fails"}, {"evidence.proof_images=1", "holds"}, {"evidence.proof_images=2", "holds"}},
	"kuaishou.honesty 1.11":      {{"order.applications_before=0", "fails"}, {"order.applications_before=1", "holds"}, {"order.applications_before=2", "holds"}},
	"kuaishou.honesty cap":       {{"order.paid_fen=999.99", "99999"}, {"order.paid_fen=1000.00", "100000"}, {"order.paid_fen=1000.01", "100000"}},
	"kuaishou.honesty clock:1.8.review": {
		{"claim.applied_at=2026-03-10 09:30 decision.reviewed_at=2026-03-12 09:29:59", "met"},
		{"claim.applied_at=2026-03-10 09:30 decision.reviewed_at=2026-03-12 09:30:00", "met"},
		{"claim.applied_at=2026-03-10 09:30 decision.reviewed_at=2026-03-12 09:30:01", "missed"},
	},
	"kuaishou.honesty clock:1.8.result": {
		{"claim.applied_at=2026-03-10 09:30 @=2026-03-13 09:29:59", "running"},
		{"claim.applied_at=2026-03-10 09:30 @=2026-03-13 09:30:00", "running"},
		{"claim.applied_at=2026-03-10 09:30 @=2026-03-13 09:30:01", "missed"},
	},
	// From Thursday over the weekend: Friday, Monday and Tuesday are worked.
	"kuaishou.honesty clock:1.10.payout": {
		{"buyer.has_wallet=no decision.decided_at=2026-03-12 10:00 decision.paid_at=2026-03-17 23:59:58", "met"},
		{"buyer.has_wallet=no decision.decided_at=2026-03-12 10:00 decision.paid_at=2026-03-17 23:59:59", "met"},
		{"buyer.has_wallet=no decision.decided_at=2026-03-12 10:00 decision.paid_at=2026-03-18", "missed"},
	},
	"kuaishou.honesty clock:1.17.appeal": {
		{"ruling.at=2026-03-02 10:00 appeal.raised_at=2026-03-09 23:59:58", "met"},
		{"ruling.at=2026-03-02 10:00 appeal.raised_at=2026-03-09 23:59:59", "met"},
		{"ruling.at=2026-03-02 10:00 appeal.raised_at=2026-03-10", "missed"},
	},
	"kuaishou.appeal 1.17.window": {
		{"ruling.at=2026-03-02 10:00 appeal.raised_at=2026-03-09 23:59:58", "holds"},
		{"ruling.at=2026-03-02 10:00 appeal.raised_at=2026-03-09 23:59:59", "holds"},
		{"ruling.at=2026-03-02 10:00 appeal.raised_at=2026-03-10", "fails"},
	},
	"douyin.appeal 5.9.window": {
		{"ruling.at=2026-09-28 10:00 appeal.raised_at=2026-10-05 23:59:58", "holds"},
		{"ruling.at=2026-09-28 10:00 appeal.raised_at=2026-10-05 23:59:59", "holds"},
		{"ruling.at=2026-09-28 10:00 appeal.raised_at=2026-10-06", "fails"},
	},
	"douyin.appeal 4.7.evidence": {{"appeal.evidence=0", "fails"}, {"appeal.evidence=1", "holds"}, {"appeal.evidence=2", "holds"}},
	// The five working days before and after National Day, a made-up Saturday among them.
	"douyin.appeal clock:5.9.decision": {
		{"appeal.raised_at=2026-09-30 10:00 appeal.decided_at=2026-10-13 23:59:58", "met"},
		{"appeal.raised_at=2026-09-30 10:00 appeal.decided_at=2026-10-13 23:59:59", "met"},
		{"appeal.raised_at=2026-09-30 10:00 appeal.decided_at=2026-10-14", "missed"},
	},
	"law.consumer-55 least":       {{"order.paid_fen=166.66", "50000"}, {"order.paid_fen=166.67", "50001"}, {"order.paid_fen=166.68", "50004"}},
	"law.food-safety-148 least":   {{"order.paid_fen=99.99 loss.fen=0", "100000"}, {"order.paid_fen=100.00 loss.fen=0", "100000"}, {"order.paid_fen=100.01 loss.fen=0", "100010"}},
	"law.food-safety-148 highest": {{"order.paid_fen=150 loss.fen=499.99", "150000"}, {"order.paid_fen=150 loss.fen=500", "150000"}, {"order.paid_fen=150 loss.fen=500.01", "150003"}},
	"price.protection 5.5.window": {
		{"promo.protected_until=2026-11-30 23:59:59 claim.applied_at=2026-11-30 23:59:58", "holds"},
		{"promo.protected_until=2026-11-30 23:59:59 claim.applied_at=2026-11-30 23:59:59", "holds"},
		{"promo.protected_until=2026-11-30 23:59:59 claim.applied_at=2026-12-01", "fails"},
	},
	"price.protection 5.5.fell": {
		{"order.paid_fen=299 price.now_fen=298.99", "holds"}, {"order.paid_fen=299 price.now_fen=299", "fails"}, {"order.paid_fen=299 price.now_fen=299.01", "fails"},
	},
	"return.no-reason 4.2.window": {
		{"order.received_at=2026-03-05 09:00 returns.requested_at=2026-03-12 23:59:58", "holds"},
		{"order.received_at=2026-03-05 09:00 returns.requested_at=2026-03-12 23:59:59", "holds"},
		{"order.received_at=2026-03-05 09:00 returns.requested_at=2026-03-13", "fails"},
	},
	"return.no-reason clock:4.2.refund": {
		{"returns.goods_back_at=2026-03-10 10:00 decision.paid_at=2026-03-17 23:59:58", "met"},
		{"returns.goods_back_at=2026-03-10 10:00 decision.paid_at=2026-03-17 23:59:59", "met"},
		{"returns.goods_back_at=2026-03-10 10:00 decision.paid_at=2026-03-18", "missed"},
	},
	"return.quality-fault 6.4.window": {
		{"order.received_at=2026-03-05 09:00 claim.applied_at=2026-03-12 23:59:58", "holds"},
		{"order.received_at=2026-03-05 09:00 claim.applied_at=2026-03-12 23:59:59", "holds"},
		{"order.received_at=2026-03-05 09:00 claim.applied_at=2026-03-13", "fails"},
	},
	"shipping.late 5.7.in-time": {
		{"order.paid_at=2026-03-02 20:15 product.ships_hours=48 order.shipped_at=2026-03-04 20:14:59", "holds"},
		{"order.paid_at=2026-03-02 20:15 product.ships_hours=48 order.shipped_at=2026-03-04 20:15:00", "holds"},
		{"order.paid_at=2026-03-02 20:15 product.ships_hours=48 order.shipped_at=2026-03-04 20:15:01", "fails"},
	},
	"service.clocks clock:review": {
		{"case.opened_at=2026-03-10 09:30 decision.reviewed_at=2026-03-12 09:29:59", "met"},
		{"case.opened_at=2026-03-10 09:30 decision.reviewed_at=2026-03-12 09:30:00", "met"},
		{"case.opened_at=2026-03-10 09:30 decision.reviewed_at=2026-03-12 09:30:01", "missed"},
	},
	"service.clocks clock:result": {
		{"case.kind=complaint case.opened_at=2026-03-10 09:30 decision.decided_at=2026-03-13 09:29:59", "met"},
		{"case.kind=complaint case.opened_at=2026-03-10 09:30 decision.decided_at=2026-03-13 09:30:00", "met"},
		{"case.kind=complaint case.opened_at=2026-03-10 09:30 decision.decided_at=2026-03-13 09:30:01", "missed"},
	},
	// Over the Spring Festival, whose make-up Saturdays are worked.
	"service.clocks clock:appeal-decision": {
		{"case.kind=appeal appeal.raised_at=2026-02-13 18:00 appeal.decided_at=2026-02-27 23:59:58", "met"},
		{"case.kind=appeal appeal.raised_at=2026-02-13 18:00 appeal.decided_at=2026-02-27 23:59:59", "met"},
		{"case.kind=appeal appeal.raised_at=2026-02-13 18:00 appeal.decided_at=2026-02-28", "missed"},
	},
	// The first step is reached by the slightest offence: nothing lies below.
	"penalty.buyer step:1":       {{"offence.gravity=low", "warning"}, {"offence.gravity=low", "warning"}, {"offence.gravity=medium", "warning"}},
	"penalty.buyer step:3":       {{"offence.gravity=medium", "warning"}, {"offence.gravity=medium !low=2026-03-01", "service_lost"}, {"offence.gravity=high", "service_lost"}},
	"penalty.buyer step:6":       {{"offence.gravity=high !low=2026-03-01", "service_lost"}, {"offence.gravity=high !medium=2026-03-01", "service_lost orders_refused"}, {"offence.gravity=high !medium=2026-03-01 !low=2026-03-02", "service_lost orders_refused"}},
	"penalty.buyer expires":      {{"offence.gravity=medium !low=2025-03-10 10:00 @=2026-03-10 23:59:58", "service_lost"}, {"offence.gravity=medium !low=2025-03-10 10:00 @=2026-03-10 23:59:59", "service_lost"}, {"offence.gravity=medium !low=2025-03-10 10:00 @=2026-03-11", "warning"}},
	"penalty.seller step:1":      {{"offence.gravity=low", "warning"}, {"offence.gravity=low", "warning"}, {"offence.gravity=medium", "warning"}},
	"penalty.seller step:3":      {{"offence.gravity=medium", "warning"}, {"offence.gravity=medium !low=2026-03-01", "fine score"}, {"offence.gravity=high", "fine score"}},
	"penalty.seller step:6":      {{"offence.gravity=high !low=2026-03-01", "fine score"}, {"offence.gravity=high !medium=2026-03-01", "fine score listing_down"}, {"offence.gravity=high !medium=2026-03-01 !low=2026-03-02", "fine score listing_down"}},
	"penalty.seller step:10":     {{"offence.gravity=high !high=2026-03-01 !low=2026-03-02", "fine score listing_down"}, {"offence.gravity=high !high=2026-03-01 !medium=2026-03-02", "ban"}, {"offence.gravity=high !high=2026-03-01 !medium=2026-03-02 !low=2026-03-03", "ban"}},
	"penalty.seller expires":     {{"offence.gravity=medium !low=2025-03-10 10:00 @=2026-03-10 23:59:58", "fine score"}, {"offence.gravity=medium !low=2025-03-10 10:00 @=2026-03-10 23:59:59", "fine score"}, {"offence.gravity=medium !low=2025-03-10 10:00 @=2026-03-11", "warning"}},
	"penalty.counterfeit step:1": {{"offence.gravity=low", all}, {"offence.gravity=low", all}, {"offence.gravity=high !high=2026-03-01", all}},
	// What happens at the first offence happens at every one, expired or not.
	"penalty.counterfeit expires": {{"offence.gravity=low !low=2012-07-02 10:00 @=2026-03-10 23:59:58", all}, {"offence.gravity=low !low=2012-07-02 10:00 @=2026-03-10 23:59:59", all}, {"offence.gravity=low !low=2012-07-02 10:00 @=2026-03-11", all}},
}

const all = "listing_down account_closed fine score cooperation_ended authorities_informed"

// offences are confirmed ones that each ladder is for.
var offences = map[string]string{
	"penalty.buyer":       "offence.confirmed=yes offence.by=buyer offence.kind=malicious_claim",
	"penalty.seller":      "offence.confirmed=yes offence.by=host offence.kind=conduct",
	"penalty.counterfeit": "offence.confirmed=yes offence.by=merchant offence.kind=counterfeit",
}

var factForm = regexp.MustCompile(`(\S+?)=(.*?)(?: ([!@a-z][a-z0-9._]*=.*)|$)`)

// read reads a probe's matter and moment.
func (p probe) read(t *testing.T, more string) (policy.Matter, string) {
	t.Helper()
	m, asOf := policy.Matter{Facts: policy.Facts{}}, "2026-12-31 00:00:00"
	for rest := strings.TrimSpace(p.facts + " " + more); rest != ""; {
		found := factForm.FindStringSubmatch(rest)
		if found == nil {
			t.Fatalf("%q is no probe", rest)
		}
		name, text := found[1], found[2]
		rest = found[3]
		switch {
		case name == "@":
			asOf = whole(text)
		case name[0] == '!':
			m.Strikes = append(m.Strikes, policy.Strike{ID: text, At: at(t, whole(text)), Gravity: name[1:]})
		default:
			v, err := policy.Fact(name).Parse(text, policy.DefaultZone)
			if err != nil {
				t.Fatal(err)
			}
			m.Facts[policy.Fact(name)] = v
		}
	}
	return m, asOf
}

// whole fills up a time that is written short.
func whole(text string) string { return text + "2026-01-01 00:00:00"[len(text):] }

// comes tells what comes of a figure.
func comes(r policy.Result, figure string) string {
	kind, id, _ := strings.Cut(figure, ":")
	switch {
	case kind == "clock":
		for _, d := range r.Deadlines {
			if d.ID == id {
				return string(d.State)
			}
		}
	case kind == "step", figure == "expires":
		if r.Recommendation != nil {
			return strings.Trim(fmt.Sprint(r.Recommendation.Step.Measures), "[]")
		}
	case figure == "cap", figure == "least", figure == "highest":
		if r.Amount != nil && r.Amount.Known {
			return fmt.Sprint(r.Amount.Fen)
		}
	default:
		for _, c := range r.Clauses {
			if c.ID == figure {
				return string(c.State)
			}
		}
	}
	return "nothing"
}

func TestEveryFigureBelowAtAndAbove(t *testing.T) {
	set := shipped(t)
	for name, probes := range figures {
		id, figure, _ := strings.Cut(name, " ")
		for i, p := range probes {
			m, asOf := p.read(t, offences[id])
			r, err := set.Evaluate(m, at(t, asOf), id)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if got := comes(r[0], figure); got != p.want {
				t.Errorf("%s, %s (%s): %s, want %s", name, [3]string{"one below", "at it", "one above"}[i], p.facts, got, p.want)
			}
		}
	}
}

// TestNoFigureIsForgotten: a policy that is shipped from now on shows its
// figures in the table above too.
func TestNoFigureIsForgotten(t *testing.T) {
	number := regexp.MustCompile(`[<>]=?`)
	for _, p := range shipped(t).Policies() {
		want := map[string]bool{}
		for _, c := range p.Clauses {
			if c.Window != "" || number.MatchString(c.Condition) {
				want[c.ID] = true
			}
		}
		for _, c := range p.Clocks {
			want["clock:"+c.ID] = true
		}
		if p.Ladder != nil {
			want["expires"] = true
			for _, s := range p.Ladder.Steps {
				want[fmt.Sprint("step:", s.At)] = true
			}
		}
		for word, figure := range map[string]string{"at least": "least", "cap ": "cap", "highest": "highest"} {
			if strings.Contains(p.Amount().EN, word) {
				want[figure] = true
			}
		}
		for figure := range want {
			if _, ok := figures[p.ID+" "+figure]; !ok {
				t.Errorf("%s %s is not shown below, at and above its figure", p.ID, figure)
			}
		}
	}
}
