package moderation_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"liveroom/feed"
	"liveroom/moderation"
)

// sold is a desk where the scarf was called pure wool twice and put right on air
// once, with orders before, between and after.
func sold(t *testing.T) *desk {
	d := newDesk(t, func(c *moderation.Config) { c.Checker = scarf(t) })
	d.commit(
		onAir(1, "D01", 23900),
		paidFor(5, "early", "D01", 23900),
		says(10, "这条围巾是百分之百纯羊毛的"),
		paidFor(10, "at-once", "D01", 23900), paidFor(20, "both", "D01", 20000), paidFor(21, "other", "D02", 100),
		says(30, "再说一遍，百分之百纯羊毛"),
		paidFor(40, "twice", "D01", 23900),
		says(50, "刚才说错了，家人们"), says(52, "这条围巾羊毛是百分之八十的"),
		paidFor(52, "last", "D01", 100), paidFor(53, "late", "D01", 23900),
		onAir(60, "D02", 100),
		complains(100, "不是纯羊毛", "D01", "both"), complains(101, "根本不是纯羊毛的", "D01", "late"),
	)
	return d
}

func paidFor(n int, order, sku string, fen int64) feed.Event {
	e := trade(n, order, feed.StatusPaid, sku, fen)
	e.User = feed.User{ID: "buyer-of-" + order, Role: feed.RoleViewer}
	e.Order.PaidFen, e.Order.PaidAt = fen, at(n)
	return e
}

func exposedOf(x moderation.Exposure) string {
	var out []string
	for _, o := range x.Orders {
		out = append(out, fmt.Sprint(o.ID, ":", o.Flag))
	}
	return strings.Join(out, " ")
}

// TestBlastRadius: who bought between the claim and its correction on air was
// told something false, once, whatever was said twice.
func TestBlastRadius(t *testing.T) {
	d := sold(t)
	flags := d.flags()
	if len(flags) != 2 {
		t.Fatalf("flags %+v", flags)
	}
	first, second := flags[0].ID, flags[1].ID
	d.refusesRadius(moderation.CodeUnconfirmed, first)
	d.refusesRadius(moderation.CodeNotFound, 99)
	d.do(lan, moderation.ConfirmFlag{Flag: first})
	x := must(d.BlastRadius(t.Context(), first))
	if got, want := exposedOf(x), "at-once:1 both:1 twice:1 last:1"; got != want {
		t.Errorf("exposed are %s, want %s", got, want)
	}
	if len(x.Reaches) != 1 || x.Reaches[0].End != moderation.ReachCorrected || !x.Reaches[0].Until.Equal(at(52)) {
		t.Errorf("it reached %+v", x.Reaches)
	}
	if !slices.Equal(x.Undecided, []int64{second}) || x.PaidFen != 23900*2+20000+100 || x.More != 0 {
		t.Errorf("it comes to %+v", x)
	}
	i := slices.IndexFunc(x.Stakes, func(s moderation.Stake) bool { return s.Policy == "kuaishou.honesty" })
	if i < 0 || x.Stakes[i].Open != (moderation.Part{Orders: 4, Fen: 67900}) || !slices.Contains(x.Stakes[i].Missing, "evidence.proof_images") {
		t.Errorf("under the guarantee it comes to %+v", x.Stakes)
	}
	d.do(lan, moderation.ConfirmFlag{Flag: second})
	for _, f := range []int64{first, second} {
		if got, want := exposedOf(must(d.BlastRadius(t.Context(), f))), "at-once:1 both:1 twice:2 last:2"; got != want {
			t.Errorf("with both confirmed exposed are %s, want %s", got, want)
		}
	}
	d.do(bing, moderation.DismissFlag{Flag: first, Reason: "没听清"})
	if got := exposedOf(must(d.BlastRadius(t.Context(), second))); got != "twice:2 last:2" {
		t.Errorf("with the first dismissed exposed are %s", got)
	}
}

func (d *desk) refusesRadius(code moderation.Code, flag int64) {
	d.t.Helper()
	_, err := d.BlastRadius(d.t.Context(), flag)
	if refusal(err) != code {
		d.t.Errorf("blast radius of flag %d: %v, want the refusal %s", flag, err, code)
	}
}

// TestWithoutASheetTheHostWasTold: where nobody can hear a correction, it counts
// that the host was told, and else that the goods were gone, after a grace.
func TestWithoutASheetTheHostWasTold(t *testing.T) {
	d := sold(t)
	d.UseChecker(nil)
	flag := d.flags()[0].ID
	d.do(lan, moderation.ConfirmFlag{Flag: flag})
	if x := must(d.BlastRadius(t.Context(), flag)); exposedOf(x) != "at-once:1 both:1 twice:1 last:1 late:1" ||
		x.Reaches[0].End != moderation.ReachOffAir || !x.Reaches[0].Until.Equal(at(60).Add(moderation.DefaultSpeechWindow)) {
		t.Errorf("exposed are %s by %+v", exposedOf(x), x.Reaches)
	}
	d.clock.pass(at(25).Sub(d.clock.Now()))
	d.do(lan, moderation.TellHost{Flag: flag, Text: "请更正"})
	if x := must(d.BlastRadius(t.Context(), flag)); exposedOf(x) != "at-once:1 both:1" || x.Reaches[0].End != moderation.ReachTold {
		t.Errorf("exposed are %s by %+v", exposedOf(x), x.Reaches)
	}
}

// TestOpenExposed puts all of them into one case at once, relates the cases that
// are there already, does nothing the second time, and can be taken back.
func TestOpenExposed(t *testing.T) {
	d := sold(t)
	first, second := d.flags()[0].ID, d.flags()[1].ID
	complaint := *d.do(you, moderation.OpenCase{Room: "A", Kind: moderation.CaseComplaint, Title: "不是纯羊毛", Complaints: []int64{1}}).Case
	risk := *d.do(you, moderation.OpenCase{Room: "A", Kind: moderation.CaseOrderRisk, Title: "可疑", Orders: []string{"last"}}).Case
	open := moderation.OpenExposed{Flag: first}
	d.refused(moderation.CodeUnconfirmed, lan, open)
	d.do(lan, moderation.ConfirmFlag{Flag: first})
	d.do(lan, moderation.ConfirmFlag{Flag: second})

	r := d.do(lan, open)
	c := *r.Case
	if *r.Attached != (moderation.Attached{Orders: 3, Elsewhere: 1, Related: 2}) {
		t.Errorf("it came to %+v", r.Attached)
	}
	if !slices.Equal(c.Orders, []string{"at-once", "both", "twice"}) || !slices.Equal(c.Flags, []int64{first, second}) ||
		!slices.Equal(c.Related, []int64{risk.ID, complaint.ID}) || c.StakeFen != 67800 || len(c.Buyers) != 3 || c.Host != "h1" || len(c.Clocks) == 0 {
		t.Errorf("the case is %+v", c)
	}
	for id, in := range map[string]int64{"at-once": c.ID, "both": c.ID, "twice": c.ID, "last": risk.ID, "late": 0, "early": 0, "other": 0} {
		if o := must(d.store.Order(t.Context(), id)); o.Case != in {
			t.Errorf("order %s is in case %d, want %d", id, o.Case, in)
		}
	}
	if untouched := d.incident(complaint.ID); untouched.Version != complaint.Version {
		t.Errorf("the complaint's case changed under who works on it: %+v", untouched)
	}
	again := d.do(lan, open)
	if again.Action != 0 || again.Case.ID != c.ID || *again.Attached != (moderation.Attached{Kept: 3, Elsewhere: 1}) {
		t.Errorf("done again it came to %+v, %+v", again.Attached, again)
	}
	d.do(lan, moderation.Undo{})
	if o := must(d.store.Order(t.Context(), "both")); o.Case != 0 || d.flag(second).Case != 0 || d.incident(c.ID).State != moderation.CaseStateWithdrawn {
		t.Errorf("taken back, the order is in case %d, the flag in %d", o.Case, d.flag(second).Case)
	}
	d.verify()
}

// TestOpenExposedIntoTheFlagsCase takes the orders to the case that is there,
// where its holder lets it, and adds what came since.
func TestOpenExposedIntoTheFlagsCase(t *testing.T) {
	d := sold(t)
	first := d.flags()[0].ID
	own := *d.do(lan, moderation.ConfirmFlag{Flag: first, OpenCase: true}).Case
	d.do(lan, moderation.TakeCase{Case: own.ID, Version: own.Version})
	d.refused(moderation.CodeOwned, you, moderation.OpenExposed{Flag: first})
	r := d.do(lan, moderation.OpenExposed{Flag: first})
	if r.Case.ID != own.ID || r.Attached.Orders != 4 || r.Case.Owner != lan.Name {
		t.Errorf("it came to %+v in %+v", r.Attached, r.Case)
	}
	d.commit(paidFor(51, "tardy", "D01", 100))
	if r := d.do(lan, moderation.OpenExposed{Flag: first}); *r.Attached != (moderation.Attached{Orders: 1, Kept: 4}) {
		t.Errorf("what came since came to %+v", r.Attached)
	}
	d.do(lan, moderation.Undo{})
	if c := d.incident(own.ID); len(c.Orders) != 4 || c.State == moderation.CaseStateWithdrawn {
		t.Errorf("taken back, the case is %+v", c)
	}
	c := d.incident(own.ID)
	d.do(lan, moderation.MoveCase{Case: c.ID, Version: c.Version, To: moderation.CaseStateResolved, Outcome: moderation.OutcomeUpheld})
	d.refused(moderation.CodeOver, lan, moderation.OpenExposed{Flag: first})
	d.verify()
}

// TestAClaimThatNobodyBoughtUnder has no orders to open a case for.
func TestAClaimThatNobodyBoughtUnder(t *testing.T) {
	d := newDesk(t)
	d.commit(says(1, "最好的"), onAir(2, "D01", 100), says(3, "纯羊毛"))
	for _, f := range d.flags() {
		d.do(lan, moderation.ConfirmFlag{Flag: f.ID})
	}
	d.refusesRadius(moderation.CodeNoProduct, 1)
	d.refused(moderation.CodeNoneExposed, lan, moderation.OpenExposed{Flag: 2})
}

// refusal is why something was not done, "" where it was not the rules.
func refusal(err error) moderation.Code {
	var r *moderation.Refusal
	if errors.As(err, &r) {
		return r.Code
	}
	return ""
}
