package report_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"liveroom/claims"
	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/moderation/report"
)

// A word is one that the story's checker finds.
type word struct {
	said, rule, fact string
	category         claims.Category
	verdict          claims.Verdict
	severity         claims.Severity
}

// words finds by plain words, so that the story stays as it is however the real
// checks grow.
type words []word

var storyWords = words{
	{"纯羊毛", "material.pure", "羊毛65%;聚酯纤维35%", claims.CategoryMaterial, claims.VerdictContradicted, claims.SeverityHigh},
	{"最好的", "absolute.superlative", "", claims.CategoryAbsolute, claims.VerdictBanned, claims.SeverityMedium},
	{"十斤", "weight.other", "4.5kg", claims.CategoryWeight, claims.VerdictContradicted, claims.SeverityHigh},
	{"治咳嗽", "medical.disease", "", claims.CategoryMedical, claims.VerdictBanned, claims.SeverityHigh},
	{"包甜", "effect.outcome", "", claims.CategoryEffect, claims.VerdictUnsupported, claims.SeverityLow},
}

func (w words) Check(u claims.Utterance, _ []claims.Utterance) []claims.Finding {
	var out []claims.Finding
	for _, k := range w {
		i := strings.Index(u.Text, k.said)
		if i < 0 {
			continue
		}
		start := len([]rune(u.Text[:i]))
		out = append(out, claims.Finding{
			Utterance: u.ID, SKU: u.SKU, Category: k.category, Verdict: k.verdict, Severity: k.severity,
			Said: k.said, Start: start, End: start + len([]rune(k.said)), Value: k.said, Fact: k.fact, FactID: u.SKU + "·" + string(k.category),
			Rule: k.rule, Law: "广告法（2021修正）第二十八条", Why: "说的是“" + k.said + "”", WhyEN: "said “" + k.said + "”",
			Sheet: "873dcdd8230c6125", ListenFirst: k.said == "包甜",
		})
	}
	return out
}

var begin = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// tale is events of one room, written one after the other.
type tale struct {
	room   string
	events []feed.Event
}

func (s *tale) add(kind feed.Kind, at time.Duration, set func(*feed.Event)) {
	n := int64(len(s.events) + 1)
	e := feed.Event{
		ID: fmt.Sprint(n), Source: "test", Room: s.room, Kind: kind, At: begin.Add(at), Recv: begin.Add(at), Offset: n, Raw: fmt.Appendf(nil, `{"n":%d}`, n),
		User: feed.User{ID: fmt.Sprintf("u%d", n), Name: "观众甲", Role: feed.RoleViewer},
	}
	set(&e)
	s.events = append(s.events, e)
}

func (s *tale) onAir(at time.Duration, sku, title string) {
	s.add(feed.KindProduct, at, func(e *feed.Event) { e.Product = &feed.Product{ID: sku, Title: title, PriceFen: 12900, Stock: -1} })
}

func (s *tale) say(at time.Duration, text string) {
	s.add(feed.KindTranscript, at, func(e *feed.Event) {
		e.Text, e.User = text, feed.User{ID: "h1", Name: "晚晴", Role: feed.RoleHost}
	})
}

func (s *tale) chat(at time.Duration, text string) {
	s.add(feed.KindChat, at, func(e *feed.Event) { e.Text = text })
}

func (s *tale) order(at time.Duration, id, sku string, fen int64, paid bool) {
	s.add(feed.KindOrder, at, func(e *feed.Event) {
		e.OrderID, e.Status, e.AmountFen = id, feed.StatusCreated, fen
		e.Order = &feed.Order{Buyer: e.User.ID, SKU: sku, Qty: 1, CreatedAt: e.At}
		if paid {
			e.Status, e.Order.PaidFen, e.Order.PaidAt = feed.StatusPaid, fen, e.At.Add(3*time.Second)
		}
	})
}

func (s *tale) refund(at time.Duration, id, status string, fen int64) {
	s.add(feed.KindRefund, at, func(e *feed.Event) { e.OrderID, e.Status, e.AmountFen = id, status, fen })
}

func (s *tale) complain(at time.Duration, order, sku, text string) {
	s.add(feed.KindComplaint, at, func(e *feed.Event) {
		e.OrderID, e.Text, e.Channel = order, text, "ticket"
		e.Product = &feed.Product{ID: sku, Stock: -1}
	})
}

func (s *tale) end(at time.Duration) {
	s.add(feed.KindSystem, at, func(e *feed.Event) { e.Code = feed.CodeStreamEnd })
}

func (s *tale) gap(from, to time.Duration, lost int64, reason string) {
	s.add(feed.KindGap, to, func(e *feed.Event) {
		e.Code, e.Gap = feed.CodeGap, &feed.Gap{From: begin.Add(from), To: begin.Add(to), Lost: lost, Reason: reason}
	})
}

const sec, minute, hour = time.Second, time.Minute, time.Hour

// orderID is the number of the story's n-th order.
func orderID(n int) string { return fmt.Sprintf("LR20261120%05d", n) }

// story is a short broadcast of two products: a scarf that is not pure wool, of
// which the host is told after two minutes, and oranges of which nobody tells
// him anything.
func story(t testing.TB) *house {
	t.Helper()
	s := &tale{room: "A"}
	s.chat(2*sec, "晚上好")
	s.onAir(30*sec, "D01", "羊毛混纺围巾")
	for i := range 12 { // before the claim
		s.order(40*sec+time.Duration(i)*sec, orderID(i), "D01", 12900, true)
	}
	s.say(60*sec, "这款是百分之百纯羊毛")
	for i := 12; i < 24; i++ { // while it stood
		s.order(65*sec+time.Duration(i)*sec, orderID(i), "D01", 12900, i != 23)
	}
	s.chat(90*sec, "会起球吗")
	s.say(95*sec, "起球很少的")
	s.say(100*sec, "全网最好的围巾")
	s.order(3*minute+10*sec, orderID(24), "D01", 12900, true) // after the host was told
	s.gap(3*minute+30*sec, 4*minute, 7, "线路断开")
	s.onAir(5*minute, "D05", "秭归脐橙")
	s.say(5*minute+20*sec, "一箱足足十斤，吃了治咳嗽，包甜")
	s.chat(5*minute+30*sec, "几天能到新疆啊")
	s.chat(5*minute+50*sec, "几天能到新疆啊")
	for i := 25; i < 29; i++ {
		s.order(5*minute+time.Duration(i)*sec, orderID(i), "D05", 4990, true)
	}
	s.end(8 * minute)
	for i, n := range []int{13, 14, 15, 16, 17} {
		s.complain(time.Duration(i+3)*hour, orderID(n), "D01", fmt.Sprintf("说好的纯羊毛，吊牌写羊毛65%%，电话1381234567%d", i))
	}
	s.complain(9*hour, orderID(26), "D05", "一箱只有九斤，少了一斤")
	s.complain(10*hour, orderID(27), "D05", "还没发货，都5天了")
	for _, n := range []int{2, 13, 14, 15} {
		s.refund(20*hour, orderID(n), feed.StatusRequested, 12900)
	}
	s.refund(30*hour, orderID(13), feed.StatusRefunded, 12900)

	h := newHouse(t, storyWords, moderation.Room{ID: "A", Name: "东篱优选", TimeZone: "Asia/Shanghai"})
	h.commit(s.events...)
	flag := map[string]int64{}
	flags, err := h.store.Flags(t.Context(), moderation.Page{})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range flags {
		flag[f.Finding.Said] = f.ID
	}
	h.after(68*sec, lan, moderation.ConfirmFlag{Flag: flag["纯羊毛"], OpenCase: true})
	h.after(3*minute, lan, moderation.TellHost{Flag: flag["纯羊毛"], Text: "更正一下，羊毛65%"})
	h.after(110*sec, lan, moderation.ConfirmFlag{Flag: flag["最好的"]})
	h.after(114*sec, lan, moderation.Undo{})
	h.after(2*minute, lan, moderation.DismissFlag{Flag: flag["最好的"], Reason: "客户13800138000说的，不是主播"})
	h.after(6*minute, bing, moderation.ConfirmFlag{Flag: flag["十斤"], OpenCase: true})
	h.after(6*minute+10*sec, bing, moderation.SnoozeFlag{Flag: flag["治咳嗽"]})
	h.resolve(20*hour, bing, 1, moderation.OutcomeUpheld, true)
	opened := h.after(11*hour, you, moderation.OpenCase{
		Room: "A", Kind: moderation.CaseComplaint, Title: "赔付，联系人王小明", SKU: "D01", Complaints: []int64{1, 2},
	})
	h.resolve(70*hour, you, opened.Case.ID, moderation.OutcomeUpheld, false)
	h.now = begin.Add(100 * hour)
	return h
}

func storyReport(t testing.TB) (*house, *report.Report) {
	h := story(t)
	r := h.make(report.Options{Room: "A", Now: h.now, Tool: "liveroom (test)"})
	var err error
	if r.Audit, err = moderation.Verify(t.Context(), h.store); err != nil {
		t.Fatal(err)
	}
	return h, r
}
