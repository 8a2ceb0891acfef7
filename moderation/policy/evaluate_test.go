package policy_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"pgregory.net/rapid"

	"liveroom/moderation/policy"
)

// scarf is a matter that the honesty guarantee pays.
func scarf(t testing.TB) policy.Facts {
	return policy.Facts{
		"order.paid_at": policy.Moment(at(t, "2026-03-02 20:15:00")), "order.paid_fen": policy.Number(29900),
		"order.shipped_at": policy.Moment(at(t, "2026-03-03 10:00:00")), "order.applications_before": policy.Number(0),
		"claim.category": policy.Word("material"), "claim.confirmed": policy.Bool(true), "claim.applied_at": policy.Moment(at(t, "2026-03-10 09:30:00")),
		"claim.by_buyer": policy.Bool(true), "claim.from_order": policy.Bool(true), "claim.reason_given": policy.Bool(true),
		"evidence.proof_images": policy.Number(2), "goods.traits": policy.Words(), "product.category": policy.Word("apparel"),
		"buyer.has_wallet": policy.Bool(true), "host.enrolled_at": policy.Moment(at(t, "2026-02-01 12:00:00")),
		"broadcast.started_at": policy.Moment(at(t, "2026-03-02 19:00:00")), "merchant.at_fault": policy.Bool(false),
	}
}

func ask(t testing.TB, set *policy.Set, f policy.Facts, asOf, id string) policy.Result {
	t.Helper()
	out, err := set.Evaluate(policy.Matter{Facts: f}, at(t, asOf), id)
	if err != nil {
		t.Fatal(err)
	}
	return out[0]
}

func clauseOf(t testing.TB, r policy.Result, id string) policy.ClauseResult {
	t.Helper()
	for _, c := range r.Clauses {
		if c.ID == id {
			return c
		}
	}
	t.Fatalf("%s has no clause %s", r.Policy, id)
	return policy.ClauseResult{}
}

// TestTheContradictionIsShown: the guarantee covers a wrong weight (1.3) and
// does not pay for it (1.13). Both clauses are told, with which one decided.
func TestTheContradictionIsShown(t *testing.T) {
	set := shipped(t)
	f := scarf(t)
	f["claim.category"] = policy.Word("weight")
	r := ask(t, set, f, "2026-03-11 12:00:00", "kuaishou.honesty")
	covers, pays := clauseOf(t, r, "1.3"), clauseOf(t, r, "1.13.category")
	if covers.State != policy.Holds || covers.Counts || covers.Decided || pays.State != policy.Holds || !pays.Counts || !pays.Decided {
		t.Errorf("1.3 %+v\n1.13 %+v", covers, pays)
	}
	if r.Standing != policy.Refused || r.GrantedFen != 0 || r.Summary.EN != "refused by clause 1.13.category" || r.Amount.Fen != 29900 {
		t.Errorf("%s %d %s", r.Standing, r.GrantedFen, r.Summary.EN)
	}
	if pays.Why.EN != "what the claim is about: weight" || pays.Why.ZH != "说法的类别：weight" {
		t.Error(pays.Why)
	}
	for _, p := range set.Policies() {
		if p.ID != r.Policy {
			continue
		}
		set, err := load(set, strings.Replace(p.Content, `use = "1.13"`, `use = "1.3"`, 1))
		if err != nil {
			t.Fatal(err)
		}
		r = ask(t, set, f, "2026-03-11 12:00:00", p.ID)
		if r.Standing != policy.Granted || r.GrantedFen != 29900 || clauseOf(t, r, "1.13.category").Counts || r.Version == p.Version {
			t.Errorf("under 1.3: %s %d", r.Standing, r.GrantedFen)
		}
	}
}

// TestWhatIsMissingIsNamed: a fact that nobody told is neither yes nor no.
func TestWhatIsMissingIsNamed(t *testing.T) {
	f := scarf(t)
	delete(f, "evidence.proof_images")
	delete(f, "merchant.at_fault")
	r := ask(t, shipped(t), f, "2026-03-11 12:00:00", "kuaishou.honesty")
	if r.Standing != policy.Open || fmt.Sprint(r.Missing) != "[evidence.proof_images merchant.at_fault]" || fmt.Sprint(r.DecidedBy) != "[1.5.merchant 1.7.proof]" {
		t.Errorf("%s %v %v", r.Standing, r.Missing, r.DecidedBy)
	}
	if r.Summary.EN != "open, missing: proof images; whether the merchant is at fault" || r.Summary.ZH != "待定，还缺：举证图片数量、商家是否有责" {
		t.Error(r.Summary)
	}
	if c := clauseOf(t, r, "1.14"); c.State != policy.Fails || !c.Presumed || !strings.Contains(c.Why.EN, "presumed") {
		t.Errorf("what the policy presumes does not say so: %+v", c)
	}
}

// TestTheAnswerOfADayIsThatDaysAnswer: what happened later was not known, and
// the same question gives the same bytes however often it is asked.
func TestTheAnswerOfADayIsThatDaysAnswer(t *testing.T) {
	set, f := shipped(t), scarf(t)
	f["decision.reviewed_at"] = policy.Moment(at(t, "2026-03-12 09:30:01"))
	before := ask(t, set, f, "2026-03-09 12:00:00", "kuaishou.honesty")
	if c := clauseOf(t, before, "1.6"); c.State != policy.Holds || !strings.HasPrefix(c.Why.EN, "now, 2026-03-09 12:00:00, is within the time: 30 days from 2026-03-03") {
		t.Errorf("a day before the application: %s", c.Why.EN)
	}
	states := func(asOf string) (out []policy.DeadlineState) {
		for _, d := range ask(t, set, f, asOf, "kuaishou.honesty").Deadlines {
			out = append(out, d.State)
		}
		return out
	}
	for asOf, want := range map[string]string{
		"2026-03-09 12:00:00": "[running waiting waiting waiting]",
		"2026-03-12 09:30:00": "[met running running waiting]",
		"2026-03-12 09:30:01": "[met missed running waiting]", // reviewed a second late
		"2026-03-13 09:30:01": "[met missed missed waiting]",
	} {
		if got := fmt.Sprint(states(asOf)); got != want {
			t.Errorf("as of %s: %s, want %s", asOf, got, want)
		}
	}
	first, err := json.Marshal(before)
	if err != nil {
		t.Fatal(err)
	}
	written, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	var read policy.Facts
	if err := json.Unmarshal(written, &read); err != nil {
		t.Fatal(err)
	}
	for range 20 {
		again, err := json.Marshal(ask(t, set, read, "2026-03-09 12:00:00", "kuaishou.honesty"))
		if err != nil || string(again) != string(first) {
			t.Fatalf("the same question, another answer: %v\n%s\n%s", err, first, again)
		}
	}
	// Asked again from what a record keeps.
	contents := set.Calendar().Contents()
	for _, p := range set.Policies() {
		if p.ID == before.Policy && p.Version == before.Version {
			contents = append(contents, p.Content)
		}
	}
	rebuilt, err := load(nil, contents...)
	if err != nil {
		t.Fatal(err)
	}
	again, err := json.Marshal(ask(t, rebuilt, read, "2026-03-09 12:00:00", "kuaishou.honesty"))
	if err != nil || string(again) != string(first) {
		t.Errorf("from the record: %v\n%s\n%s", err, first, again)
	}
}

// TestTheVersionOfTheTimeCounts: an order is judged by what was in force when it
// was paid, however late it is asked.
func TestTheVersionOfTheTimeCounts(t *testing.T) {
	governed := strings.Replace(small, "checked = 2026-11-20", "checked = 2026-11-20\ngoverns = \"order.paid_at\"", 1)
	early := strings.Replace(governed, "checked", "effective_to = 2025-12-31\nchecked", 1)
	late := strings.Replace(strings.Replace(governed, "checked", "effective_from = 2026-01-01\nchecked", 1), `percent = "12.5"`, `percent = 50`, 1)
	set, err := load(nil, late, early)
	if err != nil {
		t.Fatal(err)
	}
	for paid, want := range map[string]int64{"2025-12-31 23:59:59": 1250, "2026-01-01 00:00:00": 5000} {
		r := ask(t, set, policy.Facts{"claim.confirmed": policy.Bool(true), "order.paid_fen": policy.Number(10000), "order.paid_at": policy.Moment(at(t, paid))}, "2026-06-01 00:00:00", "house.gift")
		if r.GrantedFen != want {
			t.Errorf("paid %s: %d, want %d", paid, r.GrantedFen, want)
		}
	}
}

func TestFactsThatAreNone(t *testing.T) {
	for _, c := range []struct {
		f    policy.Facts
		want string
	}{
		{policy.Facts{"order.payd_at": policy.Bool(true)}, `"order.payd_at" is no fact; did you mean "order.paid_at"?`},
		{policy.Facts{"order.paid_fen": policy.Word("all")}, "order.paid_fen: fen is expected, not all"},
		{policy.Facts{"order.paid_fen": policy.Number(-1)}, "a number from 0 to 10000000000000 is expected, not -1"},
		{policy.Facts{"order.paid_fen": policy.Number(math.MaxInt64)}, "a number from 0"},
		{policy.Facts{"claim.category": policy.Word("wool")}, `"wool" is not known; one of material, brand`},
		{policy.Facts{"goods.traits": policy.Words("luxury", "cheap")}, `"cheap" is not known`},
	} {
		if _, err := shipped(t).Evaluate(policy.Matter{Facts: c.f}, time.Now()); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v: %v, want %s", c.f, err, c.want)
		}
	}
	if _, err := shipped(t).Evaluate(policy.Matter{}, time.Now(), "no.such"); err == nil || !strings.Contains(err.Error(), `"no.such" is no policy; known: [douyin.appeal`) {
		t.Error(err)
	}
	var f policy.Facts
	if err := json.Unmarshal([]byte(`{"order.paid_fen":"29900"}`), &f); err == nil {
		t.Error("an amount in quotes was read")
	}
}

// anyFacts draws a matter: each fact is left out now and then.
func anyFacts(t *rapid.T) policy.Facts {
	f := policy.Facts{}
	for _, info := range policy.Known() {
		if rapid.IntRange(0, 9).Draw(t, "known "+string(info.Name)) == 0 {
			continue
		}
		switch info.Kind {
		case policy.KindBool:
			f[info.Name] = policy.Bool(rapid.Bool().Draw(t, string(info.Name)))
		case policy.KindNumber:
			f[info.Name] = policy.Number(rapid.Int64Range(0, 300).Draw(t, string(info.Name)))
		case policy.KindFen:
			f[info.Name] = policy.Number(rapid.OneOf(rapid.Int64Range(0, 300_000), rapid.Int64Range(0, 10_000_000_000_000)).Draw(t, string(info.Name)))
		case policy.KindWord:
			f[info.Name] = policy.Word(rapid.SampledFrom(info.Words).Draw(t, string(info.Name)))
		case policy.KindWords:
			f[info.Name] = policy.Words(rapid.SliceOfN(rapid.SampledFrom(info.Words), 0, 1).Draw(t, string(info.Name))...)
		case policy.KindMoment:
			f[info.Name] = policy.Moment(anyMoment(t))
		}
	}
	return f
}

// eligible is a matter that the guarantee pays, with whatever order amount.
func eligible(t *rapid.T, base policy.Facts) policy.Facts {
	f := policy.Facts{}
	for k, v := range base {
		f[k] = v
	}
	f["order.paid_fen"] = policy.Number(rapid.Int64Range(0, 300_000).Draw(t, "paid"))
	return f
}

// TestAmountsKeepTheirBounds: whatever the facts, a compensation is never above
// what was paid nor its cap, a scenario grants nothing, a refusal names its
// clause, and an open question names what is missing.
func TestAmountsKeepTheirBounds(t *testing.T) {
	set, base := shipped(t), scarf(t)
	rapid.Check(t, func(t *rapid.T) {
		f := anyFacts(t)
		if rapid.Bool().Draw(t, "eligible") {
			f = eligible(t, base)
		}
		results, err := set.Evaluate(policy.Matter{Facts: f}, time.Date(2029, 1, 1, 0, 0, 0, 0, time.UTC))
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range results {
			paid, cap := amountOf(f, "order.paid_fen"), int64(100_000)
			if r.Policy == "kuaishou.honesty" && (r.GrantedFen > paid || r.GrantedFen > cap || r.Standing == policy.Granted && r.GrantedFen != min(paid, cap)) {
				t.Errorf("%s grants %d of %d", r.Policy, r.GrantedFen, paid)
			}
			if (r.Kind == policy.Compensation || r.Kind == policy.PriceProtection) && r.GrantedFen > paid {
				t.Errorf("%s grants %d of %d", r.Policy, r.GrantedFen, paid)
			}
			if r.GrantedFen < 0 || r.ShownOnly && r.GrantedFen != 0 || r.Standing != policy.Granted && r.GrantedFen != 0 {
				t.Errorf("%s, %s, grants %d", r.Policy, r.Standing, r.GrantedFen)
			}
			if r.Standing == policy.Refused && len(r.DecidedBy) == 0 || r.Standing == policy.Open && len(r.Missing) == 0 {
				t.Errorf("%s is %s by %v for want of %v", r.Policy, r.Standing, r.DecidedBy, r.Missing)
			}
			for _, name := range r.Missing {
				if _, known := f[name]; known && !afterAsOf(f, name) {
					t.Errorf("%s misses %s, which is known", r.Policy, name)
				}
			}
		}
	})
}

func amountOf(f policy.Facts, name policy.Fact) int64 {
	b, _ := json.Marshal(f[name])
	var n int64
	_ = json.Unmarshal(b, &n)
	return n
}

// afterAsOf: the moments drawn may lie after the one that is asked about.
func afterAsOf(f policy.Facts, name policy.Fact) bool {
	b, _ := json.Marshal(f[name])
	var at time.Time
	return json.Unmarshal(b, &at) == nil && at.After(time.Date(2029, 1, 1, 0, 0, 0, 0, time.UTC))
}

// TestMoreFactsNeverUndecide: telling what was missing never turns a refusal or
// a grant back into an open question.
func TestMoreFactsNeverUndecide(t *testing.T) {
	set := shipped(t)
	rapid.Check(t, func(t *rapid.T) {
		f := anyFacts(t)
		var names []policy.Fact
		for name := range f {
			names = append(names, name)
		}
		slices.Sort(names)
		less := policy.Facts{}
		for _, name := range names {
			if rapid.Bool().Draw(t, "drop "+string(name)) {
				less[name] = f[name]
			}
		}
		asOf := time.Date(2029, 1, 1, 0, 0, 0, 0, time.UTC)
		few, err := set.Evaluate(policy.Matter{Facts: less}, asOf, "kuaishou.honesty", "return.no-reason", "law.food-safety-148")
		if err != nil {
			t.Fatal(err)
		}
		all, err := set.Evaluate(policy.Matter{Facts: f}, asOf, "kuaishou.honesty", "return.no-reason", "law.food-safety-148")
		if err != nil {
			t.Fatal(err)
		}
		for i := range few {
			for j, c := range few[i].Clauses {
				now := all[i].Clauses[j]
				if few[i].Standing != policy.NotInForce && all[i].Standing != policy.NotInForce && c.Due == nil && now.Due == nil && !c.Presumed && c.State != policy.Unknown && now.State != c.State {
					t.Errorf("%s %s was %s and is %s with more facts", few[i].Policy, c.ID, c.State, now.State)
				}
			}
		}
	})
}

func TestAmountsAsPeopleWriteThem(t *testing.T) {
	for fen, want := range map[int64]string{0: "0.00", 5: "0.05", 100: "1.00", 99999: "999.99", 100000: "1,000.00", 123456789: "1,234,567.89", -250: "-2.50"} {
		if got := policy.Yuan(fen); got != want {
			t.Errorf("%d: %s", fen, got)
		}
	}
}

// TestWhatCannotBeEvaluatedGrantsNothing: a division by zero leaves its clause
// unknown, an amount unknown, and both say why.
func TestWhatCannotBeEvaluatedGrantsNothing(t *testing.T) {
	fails := strings.Replace(small, `when = "claim.confirmed"`, `when = "order.paid_fen / (evidence.proof_images - 2) < 100000 && claim.confirmed"`, 1)
	fails = strings.Replace(fails, "holds = [{ claim.confirmed = true }]", "holds = [{ claim.confirmed = true, order.paid_fen = 1, evidence.proof_images = 3 }]", 1)
	set, err := load(nil, fails)
	if err != nil {
		t.Fatal(err)
	}
	f := policy.Facts{"claim.confirmed": policy.Bool(true), "order.paid_fen": policy.Number(100), "evidence.proof_images": policy.Number(2)}
	r := ask(t, set, f, "2026-03-01 00:00:00", "house.gift")
	if c := r.Clauses[0]; c.State != policy.Unknown || c.Why.EN != "the condition cannot be evaluated: division by zero" || r.Standing != policy.Open || r.GrantedFen != 0 ||
		r.Summary.EN != "open: clause 2.1 cannot be decided" {
		t.Errorf("%s: %+v, %s", r.Standing, c, r.Summary.EN)
	}
	set, err = load(nil, strings.Replace(small, `percent = "12.5"`, `when = "100 / (evidence.proof_images - 2) > 0"`, 1))
	if err != nil {
		t.Fatal(err)
	}
	r = ask(t, set, f, "2026-03-01 00:00:00", "house.gift")
	if r.Standing != policy.Granted || r.Amount.Known || r.GrantedFen != 0 || r.Amount.Text.EN != "it cannot be computed: division by zero" {
		t.Errorf("%+v, granted %d", r.Amount, r.GrantedFen)
	}
}

// TestPartsOfAnAmount: parts under a condition, shares of differences, and the
// bounds that a formula names.
func TestPartsOfAnAmount(t *testing.T) {
	const parts = `[amount]
combine = "sum"
least_fen = 100
cap_fen = 9000
[[amount.part]]
text = "差价"
text_en = "difference"
of = "order.paid_fen"
less = "price.now_fen"
percent = 150
times = 2
[[amount.part]]
text = "运费"
text_en = "freight"
of = "returns.freight_fen"
when = "claim.quality_fault"
[[example]]`
	text := strings.Replace(small[:strings.Index(small, "[amount]")]+parts+small[strings.Index(small, "[[example]]")+len("[[example]]"):], `kind = "compensation"`, `kind = "return"`, 1)
	for _, c := range []struct {
		kind              string
		paid, now         int64
		more              policy.Facts
		fen               int64
		known, atLeast    bool
		arithmetic, lacks string
	}{
		{"return", 2000, 1000, policy.Facts{"claim.quality_fault": policy.Bool(false)}, 3000, true, false, "difference: 2 × 150 % of (20.00 − 10.00) = 30.00, at least 1.00, cap 90.00", "[]"},
		{"return", 2000, 1000, nil, 3000, true, true, "difference: 2 × 150 % of (20.00 − 10.00) = 30.00, at least 1.00, cap 90.00", "[claim.quality_fault]"},
		{"return", 2000, 1000, policy.Facts{"claim.quality_fault": policy.Bool(true)}, 3000, true, true, "difference: 2 × 150 % of (20.00 − 10.00) = 30.00, at least 1.00, cap 90.00", "[returns.freight_fen]"},
		{"return", 9000, 1000, nil, 9000, true, false, "difference: 2 × 150 % of (90.00 − 10.00) = 240.00, at least 1.00, capped at 90.00", "[claim.quality_fault]"},
		{"return", 1000, 2000, nil, 100, true, true, "difference: 2 × 150 % of (10.00 − 20.00) = 0.00, raised to the least, 1.00, cap 90.00", "[claim.quality_fault]"},
		{"compensation", 2000, 500, nil, 2000, true, false, "difference: 2 × 150 % of (20.00 − 5.00) = 45.00, at least 1.00, never above the amount actually paid, 20.00, cap 90.00", "[claim.quality_fault]"},
	} {
		set, err := load(nil, strings.Replace(text, `kind = "return"`, `kind = "`+c.kind+`"`, 1))
		if err != nil {
			t.Fatal(err)
		}
		f := policy.Facts{"claim.confirmed": policy.Bool(true), "order.paid_fen": policy.Number(c.paid), "price.now_fen": policy.Number(c.now)}
		for k, v := range c.more {
			f[k] = v
		}
		a := ask(t, set, f, "2026-03-01 00:00:00", "house.gift").Amount
		if a.Fen != c.fen || a.Known != c.known || a.AtLeast != c.atLeast || a.Text.EN != c.arithmetic || fmt.Sprint(a.Missing) != c.lacks {
			t.Errorf("%s of %d against %d: %+v\nwant %+v", c.kind, c.paid, c.now, a, c)
		}
	}
}

func TestHowAPolicyComputes(t *testing.T) {
	want := map[string]string{
		"kuaishou.honesty":     "100 % of the amount actually paid, never above the amount actually paid, cap 1,000.00",
		"return.quality-fault": "100 % of the amount actually paid + the freight of the return",
		"price.protection":     "(the amount actually paid − what the same goods and quantity cost now), never above the amount actually paid",
		"law.food-safety-148":  "the highest of 10 × the amount actually paid, 3 × the buyer's loss, at least 1,000.00",
		"law.consumer-55":      "3 × the amount actually paid, at least 500.00",
		"return.no-reason":     "100 % of the amount actually paid",
	}
	for _, p := range shipped(t).Policies() {
		if got := p.Amount().EN; got != want[p.ID] {
			t.Errorf("%s: %s", p.ID, got)
		}
	}
}

// TestWindowsAreMonotone: who applied in time would have been in time any moment
// earlier, and shipping later never ends a window earlier.
func TestWindowsAreMonotone(t *testing.T) {
	set := shipped(t)
	for _, c := range []struct {
		policy, clause string
		from, at       policy.Fact
	}{
		{"kuaishou.honesty", "1.6", "order.shipped_at", "claim.applied_at"},
		{"return.no-reason", "4.2.window", "order.received_at", "returns.requested_at"},
		{"douyin.appeal", "5.9.window", "ruling.at", "appeal.raised_at"},
	} {
		rapid.Check(t, func(t *rapid.T) {
			from := anyMoment(t)
			applied := from.Add(time.Duration(rapid.Int64Range(0, 60*86400).Draw(t, "applied")) * time.Second)
			earlier := applied.Add(-time.Duration(rapid.Int64Range(0, 30*86400).Draw(t, "earlier")) * time.Second)
			later := from.Add(time.Duration(rapid.Int64Range(0, 30*86400).Draw(t, "later")) * time.Second)
			result := func(from, at time.Time) policy.ClauseResult {
				out, err := set.Evaluate(policy.Matter{Facts: policy.Facts{c.from: policy.Moment(from), c.at: policy.Moment(at)}}, from.Add(10_000*time.Hour), c.policy)
				if err != nil {
					t.Fatal(err)
				}
				for _, r := range out[0].Clauses {
					if r.ID == c.clause {
						return r
					}
				}
				t.Fatalf("%s has no clause %s", c.policy, c.clause)
				return policy.ClauseResult{}
			}
			now, before, moved := result(from, applied), result(from, earlier), result(later, applied)
			if now.State == policy.Holds && before.State != policy.Holds || now.State == policy.Holds && moved.State != policy.Holds || moved.Due.At.Before(now.Due.At) {
				t.Errorf("%s %s: from %s at %s %s; at %s %s; from %s %s", c.policy, c.clause, from, applied, now.State, earlier, before.State, later, moved.State)
			}
		})
	}
}

func BenchmarkEvaluate(b *testing.B) {
	set, m := shipped(b), policy.Matter{Facts: scarf(b)}
	asOf := at(b, "2026-03-11 12:00:00")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := set.Evaluate(m, asOf); err != nil {
			b.Fatal(err)
		}
	}
}
