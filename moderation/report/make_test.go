package report_test

import (
	"errors"
	"flag"
	"fmt"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"liveroom/demo"
	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/moderation/report"
)

// TestFigures reads the story's figures, which can be counted by hand in it.
func TestFigures(t *testing.T) {
	_, r := storyReport(t)
	same(t, "totals", r.Totals, report.Totals{
		Raised: 5, Confirmed: 2, Dismissed: 1, Open: 2, Corrected: 1,
		Orders: 29, Paid: 28, PaidFen: 24*12900 + 4*4990, Exposed: 11 + 4, ExposedFen: 11*12900 + 4*4990,
		Complaints: 7, Urgent: r.Totals.Urgent, Problems: 1,
		ClocksMet: r.Totals.ClocksMet, ClocksMissed: r.Totals.ClocksMissed, ClocksRunning: r.Totals.ClocksRunning,
	})
	same(t, "the period", r.Period, report.Period{From: begin.Add(2 * sec), End: begin.Add(8 * minute), Ended: true})
	same(t, "turns", r.Turns, []report.Turn{
		{SKU: "D01", From: begin.Add(30 * sec), To: begin.Add(5 * minute)},
		{SKU: "D05", From: begin.Add(5 * minute), To: begin.Add(8 * minute)},
	})
	same(t, "gaps", r.Gaps, []feed.Gap{{From: begin.Add(3*minute + 30*sec), To: begin.Add(4 * minute), Lost: 7, Reason: "线路断开"}})
	same(t, "sheets", r.Sheets, []string{"873dcdd8230c6125"})

	scarf, oranges := r.Products[0], r.Products[1]
	same(t, "the scarf's buyers under the claim", scarf.Exposed, report.Buyers{Orders: 11, Refunds: 3, PaidFen: 11 * 12900})
	same(t, "and the others", scarf.Others, report.Buyers{Orders: 13, Refunds: 1, PaidFen: 13 * 12900})
	same(t, "made and paid", []int{scarf.Made, scarf.Paid, scarf.Refunds, scarf.Refunded, scarf.Complaints}, []int{25, 24, 4, 1, 5})
	same(t, "paid back", scarf.RefundFen, int64(12900))
	same(t, "on air", scarf.OnAir, 4*minute+30*sec)
	same(t, "oranges", []int{oranges.Made, oranges.Paid, oranges.Exposed.Orders, oranges.Complaints}, []int{4, 4, 4, 2})

	wool := r.Flags[0]
	same(t, "the quote", []string{wool.Before, wool.Said, wool.After}, []string{"这款是百分之百", "纯羊毛", ""})
	same(t, "until the host was told", []any{wool.Reach.Until, wool.Reach.End, wool.Exposed}, []any{begin.Add(3 * minute), moderation.ReachTold, 11})
	same(t, "outcome of its case", wool.Outcome, moderation.OutcomeUpheld)
	pounds := r.Flags[2]
	same(t, "until the broadcast ended, and a little longer", []any{pounds.Reach.Until, pounds.Reach.End, pounds.Exposed},
		[]any{begin.Add(18 * minute), moderation.ReachEnded, 4})

	same(t, "precision", fmt.Sprint(r.Rule[0], r.Rule[1], r.Rule[2]),
		"{absolute.superlative 1 0 1 0} {material.pure 1 1 0 0} {weight.other 1 1 0 0}")
	same(t, "one problem, its sentence and its flag", []any{len(r.Problems), r.Problems[0].N, r.Problems[0].Sentence, r.Problems[0].Flag},
		[]any{1, 5, "这款是百分之百纯羊毛", wool.ID})
	same(t, "complaints of no problem", r.Alone, 2)
	same(t, "questions", []any{r.Answered.Asked, r.Answered.Answered, r.Answered.Wait, len(r.Answered.Waiting), r.Answered.Waiting[0].Times},
		[]any{2, 1, 5 * sec, 1, int64(2)})
}

// TestWork: what was undone counts as undone and as nothing else; decisions are
// timed from what was said.
func TestWork(t *testing.T) {
	_, r := storyReport(t)
	by := map[string]report.Person{}
	for _, p := range r.People {
		by[p.Name] = p
	}
	l, b, y := by[lan.Name], by[bing.Name], by[you.Name]
	same(t, "阿岚", []any{l.Confirmed, l.Dismissed, l.Undone, l.Decided, l.Median}, []any{1, 1, 1, 2, 8 * sec})
	same(t, "秉文", []any{b.Confirmed, b.Snoozed, b.Opened, b.Resolved, b.Median}, []any{1, 1, 1, 1, 40 * sec})
	same(t, "小柚", []any{y.Confirmed, y.Decided, y.Opened, y.Resolved}, []any{0, 0, 1, 1})
}

// TestClocks holds the sums of the clocks against the cases' own clocks.
func TestClocks(t *testing.T) {
	h, r := storyReport(t)
	met, missed, done := map[string]int{}, map[string]int{}, map[string][]time.Duration{}
	cases, err := h.store.Cases(t.Context(), moderation.Page{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		for _, k := range c.Clocks {
			switch k.State(h.now) {
			case moderation.ClockMet:
				met[k.Name]++
			case moderation.ClockMissed:
				missed[k.Name]++
			}
			if !k.MetAt.IsZero() {
				done[k.Name] = append(done[k.Name], k.MetAt.Sub(k.Started))
			}
		}
	}
	if len(r.Clocks) == 0 || len(met) == 0 || len(missed) == 0 {
		t.Fatalf("the story meets %v and misses %v: it must do both", met, missed)
	}
	for _, c := range r.Clocks {
		var worst time.Duration
		for _, d := range done[c.Name] {
			worst = max(worst, d)
		}
		same(t, c.Name, []any{c.Met, c.Missed, c.Done, c.Worst}, []any{met[c.Name], missed[c.Name], len(done[c.Name]), worst})
	}
}

// TestNothingIsMadeUp: a broadcast of which nothing is known but that it began
// has a report that says so, in both languages.
func TestNothingIsMadeUp(t *testing.T) {
	h := newHouse(t, storyWords)
	s := &tale{room: "A"}
	s.chat(0, "有人吗")
	h.commit(s.events...)
	r := h.make(report.Options{Room: "A", Now: begin.Add(hour)})
	same(t, "totals", r.Totals, report.Totals{})
	for lang, want := range map[report.Lang][]string{
		report.ZH: {"没有疑点", "没有人投诉", "没有案件，也就没有时限", "没有判定属实的说法，因此没有订单算在其间", "没有开始计时", "生成本报告时没有核对", "没有发现提到商品表"},
		report.EN: {"Nothing was flagged", "Nobody complained", "No case, so no clock", "No claim was confirmed, so no order counts", "no clock was started", "Not checked when this report was made"},
	} {
		page := html(t, r, lang)
		for _, w := range want {
			if !strings.Contains(page, w) {
				t.Errorf("%s: the page does not say %q", lang, w)
			}
		}
		_, body, _ := strings.Cut(page, "</style>")
		for _, made := range []string{"0%", "NaN", "Inf", "0001-01-01", "9223372036"} {
			if strings.Contains(body, made) {
				t.Errorf("%s: the page says %q of nothing", lang, made)
			}
		}
	}
	if h.make(report.Options{Room: "A", Now: begin}).Period.Ended {
		t.Error("a broadcast that nobody ended counts as ended")
	}
}

// TestPeriods: a room holds many broadcasts; a report is about one.
func TestPeriods(t *testing.T) {
	h := newHouse(t, storyWords, moderation.Room{ID: "A", TimeZone: "Asia/Shanghai"})
	const day = 24 * hour
	s := &tale{room: "A"}
	for i, d := range []time.Duration{0, day} {
		s.onAir(d, fmt.Sprintf("D0%d", i+1), "围巾")
		s.say(d+10*sec, "这是纯羊毛")
		s.order(d+20*sec, fmt.Sprintf("LR1%05d", i), fmt.Sprintf("D0%d", i+1), 100, true)
		s.end(d + hour)
	}
	s.complain(day+2*hour, "LR100000", "D01", "昨天买的不是纯羊毛")
	s.complain(day+2*hour, "LR100001", "D02", "今天买的不是纯羊毛")
	s.complain(day+2*hour, "", "", "客服在吗，不是纯羊毛")
	h.commit(s.events...)
	// Opened after both, and about a complaint of the first.
	h.now = begin.Add(day + 3*hour)
	h.do(you, moderation.OpenCase{Room: "A", Kind: moderation.CaseComplaint, Title: "昨天的", Complaints: []int64{1}})
	tests := []struct {
		name         string
		since, until time.Duration
		from, end    time.Duration
		orders       int
		complaints   int
		cases        int
		skus         []string
	}{
		{"the last broadcast", 0, 0, day, day + hour, 1, 2, 0, []string{"D02"}},
		{"the first, bounded", -1, 20 * hour, 0, hour, 1, 1, 1, []string{"D01"}},
		{"both", -1, 5 * day, 0, day + hour, 2, 3, 1, []string{"D01", "D02"}},
		{"from within the first", 30 * minute, 20 * hour, 30 * minute, hour, 0, 0, 0, []string{"D01"}},
	}
	for _, tt := range tests {
		o := report.Options{Room: "A", Now: begin.Add(3 * day)}
		if tt.since != 0 {
			o.Since = begin.Add(max(tt.since, 0))
		}
		if tt.until != 0 {
			o.Until = begin.Add(tt.until)
		}
		r := h.make(o)
		var skus []string
		for _, turn := range r.Turns {
			skus = append(skus, turn.SKU)
		}
		same(t, tt.name, []any{r.Period.From, r.Period.End, r.Totals.Orders, r.Totals.Complaints, len(r.Cases), skus},
			[]any{begin.Add(tt.from), begin.Add(tt.end), tt.orders, tt.complaints, tt.cases, tt.skus})
	}
}

func TestRefusals(t *testing.T) {
	h := newHouse(t, storyWords, moderation.Room{ID: "quiet", TimeZone: "Asia/Shanghai"})
	_, err := report.Make(t.Context(), h.store, report.Options{Room: "A\x1b[2J", Now: begin})
	if !errors.Is(err, report.ErrNoRoom) || !strings.Contains(err.Error(), "quiet") || strings.Contains(err.Error(), "\x1b") {
		t.Errorf("an unknown room: %v", err)
	}
	if _, err := report.Make(t.Context(), h.store, report.Options{Room: "quiet", Now: begin}); err == nil || !strings.Contains(err.Error(), "no broadcast") {
		t.Errorf("a room that nothing came from: %v", err)
	}
}

var keep = flag.String("keep", "", "folder to keep the demonstration's pages in, to look at them")

// TestTheDemoHasAReport tells the whole of the demonstration's story: forty-seven
// bought pure wool before the host took it back.
func TestTheDemoHasAReport(t *testing.T) {
	h := worked(t)
	r := h.make(report.Options{Room: demo.Room, Now: h.now, Tool: "liveroom (test)", Listening: moderation.Listening{Claimer: demoChecker(t)}})
	same(t, "orders and complaints", []int{r.Totals.Orders, r.Totals.Complaints, len(r.Turns), len(r.Gaps)}, []int{239, 190, 6, 1})
	wool := r.Flags[0]
	same(t, "the scarf", []any{wool.Said, wool.Exposed, wool.Reach.End}, []any{"纯羊毛", 47, moderation.ReachCorrected})
	told := h.make(report.Options{Room: demo.Room, Now: h.now}).Flags[0]
	same(t, "without a sheet nobody hears a correction", []any{told.Exposed > 47, told.Reach.End}, []any{true, moderation.ReachOffAir})
	var err error
	if r.Audit, err = moderation.Verify(t.Context(), h.store); err != nil {
		t.Fatal(err)
	}
	if *keep != "" {
		for _, l := range report.Langs {
			if err := r.Save(filepath.Join(*keep, "report-"+string(l)+".html"), report.HTML, l); err != nil {
				t.Fatal(err)
			}
		}
	}
	page := html(t, r, report.ZH)
	for _, want := range []string{"<mark>纯羊毛</mark>", "羊毛65%;聚酯纤维35%", "阿岚 于 11-20 20:01:43 判定", "138****8000", "栖岫羊毛混纺大围巾", "没有答复"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if strings.Contains(page, "13800138000") {
		t.Error("the page shows a number that a moderator wrote down")
	}
}

func html(t testing.TB, r *report.Report, lang report.Lang) string {
	t.Helper()
	var b strings.Builder
	if err := r.WriteHTML(&b, lang); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func same(t testing.TB, what string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s:\n got %+v\nwant %+v", what, got, want)
	}
}
