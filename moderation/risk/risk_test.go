package risk_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"liveroom/claims/tomldoc"
	"liveroom/moderation/risk"
)

var start = time.Date(2026, 11, 20, 20, 0, 0, 0, time.UTC)

func rules(t testing.TB) *risk.Rules {
	t.Helper()
	r, err := risk.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// of is n orders of one buyer, a step apart, the oldest first.
func of(n int, step time.Duration, set func(i int, o *risk.Order)) []risk.Order {
	var out []risk.Order
	for i := range n {
		o := risk.Order{ID: fmt.Sprint("o", 100+i), Buyer: "b1", Address: "a1", Device: "d1", SKU: "D01", Qty: 1, At: start.Add(time.Duration(i) * step), Paid: true}
		if set != nil {
			set(i, &o)
		}
		out = append(out, o)
	}
	return out
}

func refunded(every int) func(int, *risk.Order) {
	return func(i int, o *risk.Order) { o.Refunded = i%every == 0 }
}

func unpaid(_ int, o *risk.Order) { o.Paid, o.Closed = false, true }

func account(i int, o *risk.Order) { o.Buyer = fmt.Sprint("b", i) }

// TestLines holds every rule to its line: one below it nothing is told, on it
// the number, the line and the orders behind are.
func TestLines(t *testing.T) {
	hour := time.Hour
	for _, tt := range []struct {
		rule   string
		orders []risk.Order
		about  string
		value  int64
		behind int
	}{
		{"orders", of(9, hour, nil), "b1", 0, 0},
		{"orders", of(10, hour, nil), "b1", 10, 10},
		{"orders", of(10, 3*hour, nil), "b1", 0, 0}, // spread over 27 hours
		{"burst", of(4, time.Second, nil), "b1", 0, 0},
		{"burst", of(5, 30*time.Second, nil), "b1", 5, 5}, // exactly two minutes
		{"burst", of(5, 31*time.Second, nil), "b1", 0, 0},
		{"pieces", of(1, hour, func(_ int, o *risk.Order) { o.Qty = 29 }), "b1", 0, 0},
		{"pieces", of(2, hour, func(_ int, o *risk.Order) { o.Qty = 15 }), "b1", 30, 2},
		{"pieces", of(2, hour, func(i int, o *risk.Order) { o.Qty, o.SKU = 15, fmt.Sprint(i) }), "b1", 0, 0},
		{"unpaid", of(4, hour, unpaid), "b1", 0, 0},
		{"unpaid", of(5, hour, unpaid), "b1", 5, 5},
		{"unpaid", of(5, hour, func(_ int, o *risk.Order) { o.Closed = true }), "b1", 0, 0}, // paid, then closed
		{"refunds", of(3, hour, refunded(1)), "b1", 0, 0},
		{"refunds", of(4, hour, refunded(1)), "b1", 4, 4},
		{"refund-rate", of(4, 48*hour, refunded(1)), "b1", 0, 0}, // all of four are not enough of them
		{"refund-rate", of(5, 48*hour, refunded(2)), "b1", 60, 3},
		{"refund-rate", of(6, 48*hour, refunded(2)), "b1", 0, 0}, // half
		{"address", of(2, hour, account), "a1", 0, 0},
		{"address", of(3, hour, account), "a1", 3, 3},
		{"address", of(9, hour, nil), "a1", 0, 0}, // of one account
		{"device", of(2, hour, account), "d1", 0, 0},
		{"device", of(3, hour, account), "d1", 3, 3},
		{"device", of(3, 12*time.Hour, account), "d1", 3, 3}, // exactly a day
		{"device", of(3, 13*time.Hour, account), "d1", 0, 0},
		{"device", of(9, hour, nil), "d1", 0, 0}, // of one account
	} {
		beside := map[string]risk.Beside{"b1": {OfBuyer: tt.orders}, "a1": {ToAddress: tt.orders}, "d1": {FromDevice: tt.orders}}[tt.about]
		var got risk.Signal
		for _, s := range rules(t).Orders(beside) {
			if s.Rule == tt.rule {
				got = s
			}
		}
		if got.Value != tt.value || len(got.Orders) != tt.behind {
			t.Errorf("%s of %d orders: %+v; want the number %d behind which are %d orders", tt.rule, len(tt.orders), got, tt.value, tt.behind)
		}
		if tt.value == 0 {
			continue
		}
		number := fmt.Sprint(tt.value)
		if !strings.Contains(got.Why.ZH, number) || !strings.Contains(got.Why.EN, number) || strings.Contains(got.Why.ZH+got.Why.EN, "%!") {
			t.Errorf("%s explains itself with %+v", tt.rule, got.Why)
		}
		if got.Buyer+got.Address+got.Device != tt.about || got.Points == 0 || got.Line == 0 {
			t.Errorf("%s is about %+v", tt.rule, got)
		}
	}
}

// TestOrdersComeInAnyOrder: a shop's export is sorted as it likes.
func TestOrdersComeInAnyOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		orders := of(rapid.IntRange(1, 30).Draw(t, "n"), time.Duration(rapid.IntRange(0, 7200).Draw(t, "step"))*time.Second, func(i int, o *risk.Order) {
			o.Refunded, o.Paid, o.Closed = rapid.Bool().Draw(t, "refunded"), rapid.Bool().Draw(t, "paid"), rapid.Bool().Draw(t, "closed")
			o.Buyer = rapid.SampledFrom([]string{"b1", "b2", "b3", ""}).Draw(t, "buyer")
			o.Qty = rapid.Int64().Draw(t, "qty")
		})
		want := fmt.Sprint(shipped.Orders(risk.Beside{OfBuyer: orders, ToAddress: orders, FromDevice: orders}))
		mixed := rapid.Permutation(orders).Draw(t, "mixed")
		before := slices.Clone(mixed)
		if got := fmt.Sprint(shipped.Orders(risk.Beside{OfBuyer: mixed, ToAddress: mixed, FromDevice: mixed})); got != want {
			t.Fatalf("in another order %s, want %s", got, want)
		}
		if !slices.Equal(mixed, before) {
			t.Fatal("weighing changed the orders")
		}
	})
}

var shipped = func() *risk.Rules {
	r, err := risk.Shipped()
	if err != nil {
		panic(err)
	}
	return r
}()

// TestOneRuleCountsOnce: ten orders in a burst are many orders and a burst, and
// each of the two counts its points once.
func TestOneRuleCountsOnce(t *testing.T) {
	signals := rules(t).Orders(risk.Beside{OfBuyer: of(12, time.Second, nil)})
	if got := risk.Points(append(signals, signals...)); got != 30+50 {
		t.Errorf("points = %d of %+v", got, signals)
	}
}

// TestCues runs the examples of every shipped cue, and sees that a cue finds
// none of another's lines that it should leave alone.
func TestCues(t *testing.T) {
	r := rules(t)
	if len(r.Cues()) < 8 || len(r.List()) != 8 {
		t.Fatalf("%d cues and %d rules are shipped", len(r.Cues()), len(r.List()))
	}
	for _, f := range r.Test() {
		t.Error(f)
	}
	for _, quiet := range []string{
		"", "主播声音好小", "已拍三单 快发货", "给我妈也拍一单", "退货要自己出邮费吗", "这家店是不是刷单的", "又来薅羊毛啦", "别家都标错价",
		"新人有优惠吗", "我和闺蜜一人两单", "can i get a refund", "\x1b[2J", strings.Repeat("薅", 5000),
	} {
		if h := r.Chat(quiet); len(h) > 0 {
			t.Errorf("%q: %s in %q", quiet, h[0].Cue.ID, h[0].Quote)
		}
	}
}

// TestChatQuotes: what a person reads is what was written, tricks included.
func TestChatQuotes(t *testing.T) {
	h := rules(t).Chat("看这里 長期收 抖 音 号 要的来")
	if len(h) != 1 || h[0].Cue.ID != "account-trade" || h[0].Quote != "長期收 抖 音 号" {
		t.Errorf("heard %+v", h)
	}
}

// TestOwnRules lays a user's file over the shipped rules.
func TestOwnRules(t *testing.T) {
	own, err := risk.Load(rules(t), tomldoc.File{Name: "own.toml", Text: []byte(`
queue = 30
[[rule]]
id = "orders"
kind = "orders"
count = 2
within = "1h"
points = 40
source = "our shop"
checked = 2026-11-22
[[rule]]
id = "burst"
off = true
`)})
	if err != nil {
		t.Fatal(err)
	}
	got := own.Orders(risk.Beside{OfBuyer: of(5, time.Second, nil)})
	if len(got) != 1 || got[0].Rule != "orders" || got[0].Line != 2 || got[0].Points != 40 || own.Queue() != 30 {
		t.Errorf("signals %+v, queue from %d", got, own.Queue())
	}
	if own.Version() == rules(t).Version() || rules(t).Queue() != 50 {
		t.Error("the shipped rules changed, or the user's are called the same")
	}
}

// TestMistakes: each is told with its line and what to write.
func TestMistakes(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"queue = 0", "own.toml:1: queue: a whole number from 1"},
		{"[[rule]]\nid = \"x\"", "own.toml:1: [rule]: source is missing"},
		{"[[rule]]\nid = \"X y\"\noff = true", `own.toml:2: id: "X y": small letters`},
		{rule("within = \"2w\""), "own.toml:4: within: \"2w\": a span of minutes"},
		{rule("within = \"2m\"\ncount = 101"), "count: a whole number from 2 to 100"},
		{rule("within = \"2m\""), "count is missing: from how many on"},
		{rule("within = \"2m\"\ncount = 5\npoint = 3"), "did you mean \"points\"?"},
		{"[[rule]]\nid = \"a\"\noff = true\n[[rule]]\nid = \"a\"\noff = true", `own.toml:5: id: "a" stands in line 1 already`},
		{"[[cue]]\nid = \"c\"\nsource = \"s\"\nchecked = 2026-11-22\nall = []", "1 to 4 groups of words are expected"},
		{"[[cue]]\nid = \"c\"\nsource = \"s\"\nchecked = 2026-11-22\nall = [\"卖\"]\nhit = [\"卖号\"]", "hit and miss want two lines each"},
	} {
		_, err := risk.Load(nil, tomldoc.File{Name: "own.toml", Text: []byte(tt.text)})
		var errs tomldoc.Errors
		if !errors.As(err, &errs) || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%q: err = %v, want %q", tt.text, err, tt.want)
		}
	}
}

func rule(lines string) string {
	return "[[rule]]\nid = \"r\"\nkind = \"orders\"\n" + lines + "\nsource = \"s\"\nchecked = 2026-11-22\n"
}

func FuzzLoad(f *testing.F) {
	f.Add("queue = 3\n[[rule]]\nid = \"a\"\nkind = \"burst\"\ncount = 2\nwithin = \"2m\"\npoints = 3\nsource = \"s\"\nchecked = 2026-11-22", "卖实名号")
	f.Add("[[cue]]\nid = \"c\"\nall = [\"卖\", \"号\"]\npoints = 3\n", "卖 号")
	f.Fuzz(func(t *testing.T, text, line string) {
		shipped.Chat(line)
		r, err := risk.Load(shipped, tomldoc.File{Name: "f.toml", Text: []byte(text)})
		if err != nil {
			return
		}
		r.Chat(line)
		r.Orders(risk.Beside{OfBuyer: of(3, time.Second, nil)})
		r.Test()
	})
}

func BenchmarkChat(b *testing.B) {
	r := rules(b)
	for b.Loop() {
		r.Chat("主播这个围巾还有货吗 想给我妈也拍一条")
	}
}

func BenchmarkOrders(b *testing.B) {
	r := rules(b)
	orders := of(risk.MaxOrders, time.Second, refunded(3))
	for b.Loop() {
		r.Orders(risk.Beside{OfBuyer: orders, ToAddress: orders, FromDevice: orders})
	}
}
