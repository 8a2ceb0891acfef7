package main

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/moderation/policy"
	"liveroom/moderation/sqlite"
)

const paidOrder = "LR2026112000771107"

// paidRecord is a record with a payment for an order proposed by 阿岚 and
// approved by 秉文, in case 1, which is about another order too.
func paidRecord(t *testing.T) *ruledRecord {
	t.Helper()
	r := &ruledRecord{t: t, db: filepath.Join(t.TempDir(), "paid.db")}
	store, err := sqlite.Open(t.Context(), r.db)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	start := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	now := start
	if r.Desk, err = moderation.NewDesk(t.Context(), moderation.Config{Store: store, Checker: alarm{}, Clock: func() time.Time { return now }}); err != nil {
		t.Fatal(err)
	}
	event := func(kind feed.Kind, id string, minute int) feed.Event {
		at := start.Add(time.Duration(minute) * time.Minute)
		return feed.Event{ID: id, Source: "ws", Room: "A", Kind: kind, At: at, Recv: at, User: feed.User{ID: "buyer-1", Name: "欧阳小鹿"}, Raw: []byte(id)}
	}
	said := event(feed.KindTranscript, "t1", 1)
	said.Text, said.User = "百分之百羊毛", feed.User{ID: "h1", Name: "晚晴", Role: feed.RoleHost}
	order := func(id, status string, minute int) feed.Event {
		e := event(feed.KindOrder, id+status, minute)
		e.OrderID, e.Status, e.Order = id, status, &feed.Order{SKU: "D01", Qty: 1, PaidFen: 29900}
		return e
	}
	told := event(feed.KindComplaint, "c1", 60)
	told.Text, told.OrderID = "不是羊毛", paidOrder
	if err := r.Commit(t.Context(), feed.Batch{Room: "A", Source: "ws", Events: []feed.Event{
		said, order(paidOrder, feed.StatusPaid, 2), order("LR2", feed.StatusPaid, 3), order(paidOrder, feed.StatusShipped, 20), told,
	}}); err != nil {
		t.Fatal(err)
	}
	now = start.Add(2 * time.Hour)
	r.does("阿岚", moderation.ConfirmFlag{Flag: 1})
	c := *r.does("阿岚", moderation.OpenCase{Room: "A", Kind: moderation.CaseFalseAdvertising, Title: "羊毛", SKU: "D01", Flags: []int64{1}, Complaints: []int64{1}, Orders: []string{"LR2"}}).Case
	for fact, v := range map[policy.Fact]policy.Value{
		"evidence.proof_images": policy.Number(2), "goods.traits": policy.Words(), "merchant.at_fault": policy.Bool(false),
		"host.enrolled_at": policy.Moment(start.AddDate(0, -1, 0)), "product.category": policy.Word("apparel"),
	} {
		c = *r.does("阿岚", moderation.GiveFact{Case: c.ID, Version: c.Version, Order: paidOrder, Fact: fact, Value: v, Note: "打13912345678核对"}).Case
	}
	c = *r.does("阿岚", moderation.ProposePayment{Case: c.ID, Version: c.Version, Order: paidOrder, Policy: "kuaishou.honesty"}).Case
	r.does("秉文", moderation.ApprovePayment{Case: c.ID, Version: c.Version, Payment: 1})
	return r
}

func TestPaymentsAreListed(t *testing.T) {
	r := paidRecord(t)
	text := r.says("payments", "--check")
	for _, want := range []string{
		"#1.1  approved  order ****1107  299.00  Host's honesty guarantee  (100 % of 299.00 = 299.00, cap 1,000.00)  proposed 2026-11-20 22:00 by 阿岚, approved by 秉文",
		"approved: 1, 299.00 yuan", "this program moves no money",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the list does not say %q:\n%s", want, text)
		}
	}
	rows := rowsFrom[paymentRow](t, r.says("payments", "--format", "jsonl", "--check"))
	if len(rows) != 1 || rows[0].Order != "****1107" || rows[0].AmountFen != 29900 || rows[0].State != moderation.PaymentApproved || rows[0].Differs != "" ||
		len(rows[0].Payers) != 2 || rows[0].Version == "" {
		t.Errorf("rows %+v", rows)
	}
	if got := r.says("payments", "--state", "proposed"); strings.Contains(got, "#1.1") {
		t.Errorf("an approved one among the proposed:\n%s", got)
	}
	cases := r.says("cases")
	for _, want := range []string{`"payments":[{"case":1,"number":1,`, `"fact":"evidence.proof_images","order":"****1107","value":2`, "139****5678"} {
		if !strings.Contains(cases, want) {
			t.Errorf("the cases do not say %s:\n%s", want, cases)
		}
	}
	for _, leak := range []string{paidOrder, "13912345678", "欧阳小鹿"} {
		if strings.Contains(cases+text, leak) {
			t.Errorf("the listings show %s", leak)
		}
	}
}

// TestAskingARecord: the policies are asked about what stands in it, order by
// order, and every fact says where it is from.
func TestAskingARecord(t *testing.T) {
	r := paidRecord(t)
	text := r.says("policy", "ask", "--case", "1", "--as-of", "2026-11-20T22:00:00+08:00", "kuaishou.honesty")
	for _, want := range []string{
		"case 1, order ****2, as of 2026-11-20 22:00:00 Asia/Shanghai; what is known:",
		"case 1, order ****1107, as of",
		"  the amount actually paid: 299.00  (order ****1107)",
		"  whether a person confirmed that the claim was wrong: yes  (flag 1)",
		"  proof images: 2  (added by 阿岚)",
		"  granted: 100 % of 299.00 = 299.00, cap 1,000.00",
		"  open, missing: ",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the answer does not say %q:\n%s", want, text)
		}
	}
	if strings.Contains(text, paidOrder) {
		t.Error("the answer shows the order's number")
	}
	rows := rowsFrom[map[string]any](t, r.says("policy", "ask", "--order", paidOrder, "--case", "1", "--as-of", "2026-11-20T21:00:00+08:00", "--format", "jsonl", "kuaishou.honesty"))
	if len(rows) != 1 || rows[0]["order"] != "****1107" || rows[0]["as_of"] != "2026-11-20T21:00:00+08:00" {
		t.Fatalf("rows %v", rows)
	}
	result := rows[0]["results"].([]any)[0].(map[string]any)
	if result["standing"] != "open" || result["granted_fen"] != 0.0 {
		t.Errorf("before anybody told of it: %v", result["summary"])
	}
	for _, tt := range []struct {
		args []string
		want string
	}{
		{[]string{"--case", "9"}, "case 9 is not in the record: `liveroom cases` lists them"},
		{[]string{"--order", "LR9"}, "order LR9 does not exist"},
		{[]string{"--case", "1", "--facts", "x.json"}, "--facts is another matter than --case or --order"},
		{[]string{"--case", "1", "no.such"}, `"no.such" is no policy`},
		{[]string{"--case", "1", "--as-of", "noon"}, `--as-of "noon": write a time`},
	} {
		var out, errOut bytes.Buffer
		args := append([]string{"--lang", "en", "policy", "ask", "--db", r.db}, tt.args...)
		if code := run(args, strings.NewReader(""), &out, &errOut); code != exitError || !strings.Contains(errOut.String(), tt.want) {
			t.Errorf("%v: exit %d, %q, want %q", tt.args, code, errOut.String(), tt.want)
		}
	}
}
