package moderation_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"liveroom/claims/sheet"
	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/moderation/policy"
)

const guarantee = "kuaishou.honesty"

// goods are what the sheet says of the products of these tests.
func goods(sku string) *sheet.Product {
	return map[string]*sheet.Product{
		"D01": {SKU: "D01", Category: sheet.Apparel, Returns7D: sheet.Yes, ShipsHours: 48},
		"D02": {SKU: "D02", Category: sheet.Food},
	}[sku]
}

// bought is an order event with what was paid.
func bought(n int, order, sku string, fen int64) feed.Event {
	e := trade(n, order, feed.StatusPaid, sku, fen)
	e.Order.PaidFen = fen
	return e
}

func refund(n int, order, status string, fen int64) feed.Event {
	e := event(feed.KindRefund, n, "")
	e.OrderID, e.Status, e.AmountFen = order, status, fen
	return e
}

// misled is a desk where a host sold D01 as pure wool, LR1 and LR2 were bought
// and shipped, and the buyer of LR1 complained: flag 1 and complaint 1.
func misled(t testing.TB, set ...func(*moderation.Config)) *desk {
	t.Helper()
	d := newDesk(t, append([]func(*moderation.Config){func(c *moderation.Config) { c.Product = goods }}, set...)...)
	d.commit(misledEvents()...)
	d.clock.pass(2 * time.Hour)
	return d
}

func misledEvents() []feed.Event {
	return []feed.Event{
		onAir(1, "D01", 29900), says(2, "百分之百纯羊毛"), bought(3, "LR1", "D01", 29900), bought(4, "LR2", "D01", 29900),
		trade(600, "LR1", feed.StatusShipped, "D01", 29900), trade(601, "LR2", feed.StatusShipped, "D01", 29900),
		complains(3600, "不是纯羊毛", "D01", "LR1"),
	}
}

// matter opens the case of flag 1 with complaint 1 and order LR2.
func (d *desk) matter() moderation.Case {
	d.t.Helper()
	d.do(lan, moderation.ConfirmFlag{Flag: 1})
	return *d.do(lan, moderation.OpenCase{
		Room: "A", Kind: moderation.CaseFalseAdvertising, Title: "纯羊毛", SKU: "D01", Flags: []int64{1}, Complaints: []int64{1}, Orders: []string{"LR2"},
	}).Case
}

// give tells a case facts.
func (d *desk) give(by moderation.Actor, c moderation.Case, order string, facts policy.Facts) moderation.Case {
	d.t.Helper()
	for _, info := range policy.Known() {
		if v, ok := facts[info.Name]; ok {
			c = *d.do(by, moderation.GiveFact{Case: c.ID, Version: c.Version, Order: order, Fact: info.Name, Value: v, Note: "客服核对"}).Case
		}
	}
	return c
}

// enough is what people add until the guarantee grants.
func enough() policy.Facts {
	return policy.Facts{
		"evidence.proof_images": policy.Number(2), "goods.traits": policy.Words(), "merchant.at_fault": policy.Bool(false),
		"host.enrolled_at": policy.Moment(start.AddDate(0, -1, 0)),
	}
}

func (d *desk) asks(caseID int64, order, id string) (moderation.Scenario, policy.Result) {
	d.t.Helper()
	s := must(d.Scenarios(d.t.Context(), caseID, order, d.clock.Now(), id))
	return s, s.Results[0]
}

// told writes facts as "fact=value from source ref".
func told(s moderation.Scenario) []string {
	var out []string
	for _, k := range s.Facts {
		out = append(out, fmt.Sprintf("%s=%s %s %s", k.Fact, k.Fact.Show(k.Value, s.Zone).EN, k.From, k.Ref))
	}
	return out
}

func TestTheRecordTellsThePoliciesWhatItKnows(t *testing.T) {
	d := misled(t)
	c := d.matter()
	s, _ := d.asks(c.ID, "LR1", guarantee)
	want := []string{
		"order.paid_at=2026-11-20 20:00:03 order LR1", "order.paid_fen=299.00 order LR1", "order.shipped_at=2026-11-20 20:10:00 order LR1",
		"order.applications_before=0 payments ", "claim.category=material flag 1", "claim.verdict=contradicted flag 1", "claim.confirmed=yes flag 1",
		"claim.applied_at=2026-11-20 21:00:00 complaint 1", "claim.by_buyer=yes complaint 1", "claim.from_order=yes complaint 1", "claim.reason_given=yes complaint 1",
		"product.category=apparel sheet D01", "product.returns_7d=yes sheet D01", "product.ships_hours=48 sheet D01", "price.now_fen=299.00 room A",
		"broadcast.started_at=2026-11-20 20:00:01 room A", "case.opened_at=2026-11-20 22:00:00 case 1", "case.kind=false_advertising case 1",
	}
	got := told(s)
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("told\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if s.Case != c.ID || s.Order != "LR1" || s.Zone.String() != "Asia/Shanghai" || !s.AsOf.Equal(d.clock.Now()) {
		t.Errorf("scenario %+v", s)
	}
}

// TestPeopleAddWhatTheRecordDoesNotKnow: until then the answer is open and names
// it; what a person said counts from when they said it, and can be taken back.
func TestPeopleAddWhatTheRecordDoesNotKnow(t *testing.T) {
	d := misled(t)
	c := d.matter()
	_, a := d.asks(c.ID, "LR1", guarantee)
	missing := []policy.Fact{"evidence.proof_images", "goods.traits", "host.enrolled_at", "merchant.at_fault"}
	if a.Standing != policy.Open || !slices.Equal(a.Missing, missing) || a.GrantedFen != 0 {
		t.Fatalf("before: %s, missing %v", a.Standing, a.Missing)
	}
	before := d.clock.Now()
	d.clock.pass(time.Minute)
	c = d.give(lan, c, "", enough())
	s, a := d.asks(c.ID, "LR1", guarantee)
	if a.Standing != policy.Granted || a.GrantedFen != 29900 || a.Amount.Text.EN != "100 % of 299.00 = 299.00, cap 1,000.00" {
		t.Errorf("after: %s, %d, %s", a.Standing, a.GrantedFen, a.Summary.EN)
	}
	if got := told(s); !slices.Contains(got, "evidence.proof_images=2 person 阿岚") {
		t.Errorf("told %v", got)
	}
	if len(a.Deadlines) == 0 || a.Deadlines[0].ID != "1.6" || a.Deadlines[0].State != policy.Met {
		t.Errorf("deadlines %+v", a.Deadlines)
	}
	if old := must(d.Scenarios(t.Context(), c.ID, "LR1", before, guarantee)); old.Results[0].Standing != policy.Open {
		t.Errorf("as of before they were told: %s", old.Results[0].Standing)
	}
	// One order's fact is not the other's, and one that is taken back is unknown.
	c = d.give(lan, c, "LR2", policy.Facts{"evidence.proof_images": policy.Number(0)})
	if _, a := d.asks(c.ID, "LR1", guarantee); a.Standing != policy.Granted {
		t.Errorf("LR1: %s", a.Summary.EN)
	}
	if _, a := d.asks(c.ID, "LR2", guarantee); a.Standing != policy.Refused || !slices.Contains(a.DecidedBy, "1.7.proof") {
		t.Errorf("LR2: %s", a.Summary.EN)
	}
	d.do(lan, moderation.GiveFact{Case: c.ID, Version: c.Version, Fact: "merchant.at_fault"})
	if _, a := d.asks(c.ID, "LR1", guarantee); a.Standing != policy.Open || !slices.Equal(a.Missing, []policy.Fact{"merchant.at_fault"}) {
		t.Errorf("taken back: %s", a.Summary.EN)
	}
	d.do(lan, moderation.Undo{})
	if _, a := d.asks(c.ID, "LR1", guarantee); a.Standing != policy.Granted {
		t.Errorf("undone: %s", a.Summary.EN)
	}
	d.verify()
}

func TestFactsThatNobodyGives(t *testing.T) {
	d := misled(t)
	c := d.matter()
	for _, tt := range []struct {
		name string
		give moderation.GiveFact
		code moderation.Code
		says string
	}{
		{"no such fact", moderation.GiveFact{Fact: "order.payd_fen", Value: policy.Number(1)}, moderation.CodeBadFact, "order.payd_fen: there is no such fact"},
		{"another kind", moderation.GiveFact{Fact: "evidence.proof_images", Value: policy.Bool(true)}, moderation.CodeBadFact, "number is expected"},
		{"no such word", moderation.GiveFact{Fact: "buyer.risk", Value: policy.Word("odd")}, moderation.CodeBadFact, `"odd" is not known`},
		{"what was paid", moderation.GiveFact{Order: "LR1", Fact: "order.paid_fen", Value: policy.Number(9990000)}, moderation.CodeToldByRecord, "told by the record (order)"},
		{"when the case opened", moderation.GiveFact{Fact: "case.opened_at", Value: policy.Moment(start)}, moderation.CodeToldByRecord, "told by the record (case)"},
		{"another case's order", moderation.GiveFact{Order: "LR9", Fact: "evidence.proof_images", Value: policy.Number(1)}, moderation.CodeNotFound, "LR9"},
	} {
		tt.give.Case, tt.give.Version = c.ID, c.Version
		if r := d.refused(tt.code, lan, tt.give); !strings.Contains(r.Error(), tt.says) {
			t.Errorf("%s: %q does not say %q", tt.name, r.Error(), tt.says)
		}
	}
	// What the record does not know, people may say: LR1 was never said to be received.
	d.give(lan, c, "LR1", policy.Facts{"order.received_at": policy.Moment(at(7000))})
}

// TestWhatIsAskedAbout: an order is asked with its case, a case with its one
// order; which of several nobody guesses.
func TestWhatIsAskedAbout(t *testing.T) {
	d := misled(t)
	c := d.matter()
	other := d.opens(lan, moderation.CaseComplaint, "别的")
	for _, tt := range []struct {
		name     string
		caseID   int64
		order    string
		code     moderation.Code
		wantCase int64
		wantOf   string
	}{
		{"an order in a case", 0, "LR2", "", c.ID, "LR2"},
		{"an order that only a complaint names", 0, "LR1", "", 0, "LR1"},
		{"an order of the case", c.ID, "LR1", "", c.ID, "LR1"},
		{"a case of two orders", c.ID, "", moderation.CodeWhichOrder, 0, ""},
		{"a case of none", other.ID, "", "", other.ID, ""},
		{"an order of another case", other.ID, "LR1", moderation.CodeNotInCase, 0, ""},
		{"no such order", 0, "LR9", moderation.CodeNotFound, 0, ""},
		{"no such case", 9, "", moderation.CodeNotFound, 0, ""},
	} {
		s, err := d.Scenarios(t.Context(), tt.caseID, tt.order, d.clock.Now())
		var no *moderation.Refusal
		switch {
		case tt.code != "" && (!asRefusal(err, &no) || no.Code != tt.code):
			t.Errorf("%s: %v, want %s", tt.name, err, tt.code)
		case tt.code == "" && (err != nil || s.Case != tt.wantCase || s.Order != tt.wantOf || len(s.Results) != len(must(policy.Shipped()).Policies())):
			t.Errorf("%s: case %d, order %q, %d answers, %v", tt.name, s.Case, s.Order, len(s.Results), err)
		}
	}
}

// TestARefundInFullIsACompensation: what the shop gave back in full is not paid
// again, and a refund that was only asked for changes nothing.
func TestARefundInFullIsACompensation(t *testing.T) {
	for _, tt := range []struct {
		name string
		e    feed.Event
		want policy.Standing
	}{
		{"asked for", refund(5000, "LR1", feed.StatusRequested, 29900), policy.Granted},
		{"refused", refund(5000, "LR1", feed.StatusRefused, 29900), policy.Granted},
		{"a fen less than all", refund(5000, "LR1", feed.StatusRefunded, 29899), policy.Granted},
		{"all", refund(5000, "LR1", feed.StatusRefunded, 29900), policy.Refused},
		{"agreed to, nobody told how much", refund(5000, "LR1", feed.StatusAgreed, 0), policy.Refused},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := misled(t)
			d.commit(tt.e)
			c := d.give(lan, d.matter(), "", enough())
			if _, a := d.asks(c.ID, "LR1", guarantee); a.Standing != tt.want {
				t.Errorf("%s: %s", a.Standing, a.Summary.EN)
			}
		})
	}
}
