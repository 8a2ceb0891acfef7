package moderation_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/moderation/risk"
)

// weighing is a desk that weighs orders by the shipped rules.
func weighing(t testing.TB) *desk {
	return newDesk(t, func(c *moderation.Config) { c.Risk = must(risk.Shipped()) })
}

// buys is an order that somebody paid, n seconds into the broadcast.
func buys(n int, order, buyer, address string) feed.Event {
	e := trade(n, order, feed.StatusPaid, "D06", 16800)
	e.User = feed.User{ID: buyer, Name: "用户" + buyer, Role: feed.RoleViewer}
	e.Order.Buyer, e.Order.AddressHash, e.Order.PaidFen = buyer, address, 16800
	return e
}

func asksBack(n int, order string) feed.Event {
	e := event(feed.KindRefund, n, "")
	e.OrderID, e.Status, e.AmountFen = order, feed.StatusRequested, 16800
	return e
}

func chats(n int, buyer, text string) feed.Event {
	e := asks(n, text)
	e.User = feed.User{ID: buyer, Name: "用户" + buyer, Role: feed.RoleViewer}
	return e
}

func (d *desk) cases() []moderation.Case {
	d.t.Helper()
	return must(d.store.Cases(context.Background(), moderation.Page{}))
}

func rulesOf(c moderation.Case) (out []string) {
	for _, s := range c.Signals {
		out = append(out, s.Rule)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// TestARaidIsPutBeforeAPerson plays the demo's raid: four accounts agree in the
// chat to order to one address and to call it a fake. One case holds the plan,
// the address and all orders, and nobody was blocked.
func TestARaidIsPutBeforeAPerson(t *testing.T) {
	d := weighing(t)
	d.commit(
		chats(1, "u1", "页面写赔三他说十倍 有空子可以钻"),
		chats(2, "u3", "地址都写一个 换个名字 我来收"),
		chats(3, "u9", "这手串好看"),
	)
	if c := d.cases(); len(c) != 0 {
		t.Fatalf("weak words alone opened %+v", c)
	}
	var orders []string
	buy := func(n int, buyer string) {
		id := fmt.Sprintf("LR%d", n)
		orders = append(orders, id)
		d.commit(buys(n, id, buyer, "7f3c"))
	}
	buy(10, "u1")
	d.commit(buys(11, "LR-mine", "u9", "0001"))
	buy(12, "u2")
	if c := d.cases(); len(c) != 0 {
		t.Fatalf("two accounts at one address opened %+v", c)
	}
	for i := range 10 {
		buy(13+i, []string{"u3", "u4", "u1", "u2"}[i%4])
	}
	all := d.cases()
	if len(all) != 1 {
		t.Fatalf("%d cases, want the one of the raid: %+v", len(all), all)
	}
	c := all[0]
	if c.Kind != moderation.CaseOrderRisk || c.State != moderation.CaseStateOpen || c.OpenedBy != moderation.Program || c.Owner != "" || c.SKU != "D06" {
		t.Errorf("case %+v", c)
	}
	if got := rulesOf(c); !slices.Equal(got, []string{"address", "one-address", "price-gap"}) {
		t.Errorf("signals of %v", got)
	}
	for _, s := range c.Signals {
		if s.Rule == "address" && (s.Address != "7f3c" || s.Value != 4 || s.Line != 3 || len(s.Orders) != 12 || !strings.Contains(s.Why, "4 个账号")) {
			t.Errorf("address signal %+v", s)
		}
		if s.Rule == "price-gap" && (s.Buyer != "u1" || !slices.Equal(s.Events, []int64{1}) || !strings.Contains(s.Why, "有空子")) {
			t.Errorf("chat signal %+v", s)
		}
	}
	if slices.Contains(c.Buyers, "u9") || slices.Contains(c.Orders, "LR-mine") || len(c.Orders) != 12 {
		t.Errorf("buyers %v, orders %v", c.Buyers, c.Orders)
	}
	for _, id := range c.Orders {
		if o := must(d.store.Order(t.Context(), id)); o.Case != c.ID {
			t.Errorf("order %s is in case %d", id, o.Case)
		}
	}
	if e := must(d.store.Effects(t.Context(), time.Time{})); len(e) != 0 {
		t.Errorf("a score alone asked for %+v", e)
	}
	if a := must(d.store.Actions(t.Context(), moderation.Page{})); len(a) != 0 {
		t.Errorf("the program's case is somebody's deed: %+v", a)
	}
	if len(c.Clocks) == 0 || c.DueAt.IsZero() || c.StakeFen == 0 {
		t.Errorf("clocks %+v, stake %d", c.Clocks, c.StakeFen)
	}
	d.verify()
}

// TestAccountsOnOneDevice: who orders from one device under three names, to three
// addresses, is put before a person, and who only shares an address is not.
func TestAccountsOnOneDevice(t *testing.T) {
	d := weighing(t)
	for i, buyer := range []string{"u1", "u2", "u3", "u4"} {
		e := buys(60*i, fmt.Sprint("LR", i), buyer, fmt.Sprint("a", i))
		if e.Order.Device = "phone-5501"; buyer == "u4" {
			e.Order.Device = "phone-9"
		}
		if d.commit(e); i < 2 && len(d.cases()) != 0 {
			t.Fatalf("%d accounts on a device opened %+v", i+1, d.cases())
		}
	}
	all := d.cases()
	if len(all) != 1 || len(all[0].Signals) != 1 {
		t.Fatalf("cases %+v, want one with one signal", all)
	}
	c, s := all[0], all[0].Signals[0]
	if s.Rule != "device" || s.Device != "phone-5501" || s.Address != "" || s.Value != 3 || s.Line != 3 || s.Why != "同一设备 24 小时内有 3 个账号下单（界线 3 个）" {
		t.Errorf("signal %+v", s)
	}
	if !slices.Equal(c.Buyers, []string{"u1", "u2", "u3"}) || !slices.Equal(c.Orders, []string{"LR0", "LR1", "LR2"}) {
		t.Errorf("buyers %v, orders %v", c.Buyers, c.Orders)
	}
	// A fourth account on it, a day later, joins by the device.
	e := buys(80_000, "LR9", "u9", "a9")
	e.Order.Device = "phone-5501"
	d.commit(e)
	if all = d.cases(); len(all) != 1 || all[0].Signals[0].Value != 4 || !slices.Contains(all[0].Buyers, "u9") {
		t.Errorf("cases %+v, want the one with four accounts", all)
	}
	d.verify()
}

// TestTheSameBuyerJoins: a buyer who goes on is added to the case that people
// work on; the same is told once, and a case that is over is not opened again
// for what it has looked at.
func TestTheSameBuyerJoins(t *testing.T) {
	d := weighing(t)
	n := 0
	buy := func() {
		n++
		d.commit(buys(n, fmt.Sprint("LR", n), "u1", "a1"))
	}
	for range 5 {
		buy()
	}
	c := d.cases()[0]
	if c.Signals[0].Rule != "burst" || c.Signals[0].Value != 5 {
		t.Fatalf("signals %+v", c.Signals)
	}
	for range 7 {
		buy()
	}
	if all := d.cases(); len(all) != 1 || len(all[0].Orders) != 12 {
		t.Fatalf("cases %+v, want one with twelve orders", all)
	}
	// Under the hands of who works on it a case changes for news only.
	c = d.cases()[0]
	version := d.do(you, moderation.TakeCase{Case: c.ID, Version: c.Version}).Case.Version
	buy()
	if got := d.cases()[0].Version; got != version {
		t.Errorf("one more order changed the case from version %d to %d", version, got)
	}
	d.commit(chats(20, "u1", "大家收到就说假货 赔多少分多少"))
	c = d.cases()[0]
	if got := rulesOf(c); !slices.Equal(got, []string{"burst", "orders", "raid-claim"}) {
		t.Errorf("signals of %v", got)
	}

	d.do(you, moderation.MoveCase{Case: c.ID, Version: c.Version, To: moderation.CaseStateResolved, Outcome: moderation.OutcomeUnfounded})
	n = 30
	buy()
	if all := d.cases(); len(all) != 1 {
		t.Fatalf("what was found unfounded was opened again: %+v", all[1:])
	}
	for range 4 {
		buy()
	}
	all := d.cases()
	if len(all) != 2 || all[1].Signals[0].Value != 5 {
		t.Fatalf("five more in a burst are news: %+v", all)
	}
	if h := must(moderation.CaseHistory(t.Context(), d.store, all[1].ID)); len(h) == 0 {
		t.Error("the second case does not know of the first")
	}
	d.verify()
}

// TestRefundsAndOrdersLeftUnpaid: what happens to orders later counts as well.
func TestRefundsAndOrdersLeftUnpaid(t *testing.T) {
	d := weighing(t)
	for i := range 4 {
		d.commit(buys(1000*i, fmt.Sprint("LR", i), "u1", ""))
	}
	for i := range 4 {
		d.commit(asksBack(5000+i, fmt.Sprint("LR", i)))
	}
	for i := range 5 {
		o := buys(6000+1000*i, fmt.Sprint("LX", i), "u2", "")
		o.Status, o.Order.PaidFen = feed.StatusCreated, 0
		d.commit(o)
		o.ID, o.Status = o.ID+"c", feed.StatusClosed
		d.commit(o)
	}
	all := d.cases()
	if len(all) != 2 || !slices.Contains(rulesOf(all[0]), "refunds") || !slices.Equal(rulesOf(all[1]), []string{"unpaid"}) {
		t.Fatalf("cases %+v", all)
	}
	if !slices.Equal(all[0].Buyers, []string{"u1"}) || !slices.Equal(all[1].Buyers, []string{"u2"}) {
		t.Errorf("buyers %v and %v", all[0].Buyers, all[1].Buyers)
	}
}

// TestACallInTheChat opens a case for who called, and counts on when they go on.
func TestACallInTheChat(t *testing.T) {
	d := weighing(t)
	d.commit(chats(1, "u1", "老铁们都去占库存 别付钱"))
	for i := range 20 {
		d.commit(chats(2+i, "u1", "老铁们都去占库存 别付钱"))
	}
	host := says(30, "大家不要一起去占库存拍下不付款")
	nobody := chats(31, "", "集体拒收")
	nobody.User = feed.User{}
	d.commit(host, nobody)
	all := d.cases()
	if len(all) != 1 || !slices.Equal(all[0].Buyers, []string{"u1"}) || len(all[0].Signals) != 1 {
		t.Fatalf("cases %+v", all)
	}
	if s := all[0].Signals[0]; s.Value != 5 || len(s.Events) != 5 || s.Rule != "raid-stock" {
		t.Errorf("signal %+v", s)
	}
	if all[0].Version > 6 {
		t.Errorf("21 lines changed the case %d times", all[0].Version)
	}
}

// TestWeighingSurvivesACrash: the same orders make the same cases, whatever
// batches they come in and however often the program is restarted.
func TestWeighingSurvivesACrash(t *testing.T) {
	var events []feed.Event
	for i := range 40 {
		events = append(events, buys(i, fmt.Sprint("LR", i), fmt.Sprint("u", i%5), fmt.Sprint("a", i%3)))
	}
	plain := func(cases []moderation.Case) (out []string) {
		for _, c := range cases {
			out = append(out, fmt.Sprint(c.ID, c.Title, c.Orders, c.Buyers, c.Signals, c.StakeFen))
		}
		return out
	}
	whole := weighing(t)
	whole.commit(events...)
	want := plain(whole.cases())
	if len(want) == 0 {
		t.Fatal("nothing was noticed")
	}
	for _, n := range []int{1, 3, 7, 39} {
		d := weighing(t)
		for some := range slices.Chunk(events, n) {
			d.commit(some...)
			d.commit(some...) // sent again
			if n > 1 {
				d.restart()
			}
		}
		if got := plain(d.cases()); !slices.Equal(got, want) {
			t.Fatalf("in batches of %d: cases\n%v\nwant\n%v", n, got, want)
		}
	}
}

// BenchmarkWeigh is what weighing costs an order: in a surge of buyers with an
// order or two, and where one buyer makes them all.
func BenchmarkWeigh(b *testing.B) {
	for _, bb := range []struct {
		name   string
		rules  *risk.Rules
		buyers int
	}{
		{"unweighed", nil, 40_000},
		{"surge", must(risk.Shipped()), 40_000},
		{"one-buyer", must(risk.Shipped()), 1},
	} {
		b.Run(bb.name, func(b *testing.B) {
			d := newDesk(b, func(c *moderation.Config) { c.Risk = bb.rules })
			n := 0
			for b.Loop() {
				events := make([]feed.Event, 256)
				for i := range events {
					n++
					events[i] = buys(n, fmt.Sprint("LR", n), fmt.Sprint("u", n*7919%bb.buyers), fmt.Sprint("a", n*104729%bb.buyers))
				}
				d.commit(events...)
			}
			b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "orders/s")
		})
	}
}
