package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"liveroom/claims"
	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/moderation/sqlite"
)

// TestExposedOrders: whoever bought under a claim is counted, with the money and
// the policies, and goes into one case with one command; order numbers stay
// hidden.
func TestExposedOrders(t *testing.T) {
	r := paidRecord(t)
	text := r.says("exposed", "1")
	for _, want := range []string{
		"flag #1, product D01: ", "  #1 2026-11-20 20:01:00 to – (nothing has ended it)",
		"2 orders exposed, 598.00 yuan paid, of which 0.00 went back or was promised to; 0 unpaid, 1 in cases already",
		"Host's honesty guarantee: granted 0, 0.00 yuan; open 1, 299.00 yuan; refused 1", "open for want of: ", "  ****1107  2026-11-20 20:02:00  299.00",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("it does not say %q:\n%s", want, text)
		}
	}
	if zh := prints(t, "exposed", "1", "--db", r.db, "--lang", "zh-CN"); !strings.Contains(zh, "受影响订单 2 单，实付 598.00 元") {
		t.Errorf("in Chinese it says\n%s", zh)
	}
	rows := r.says("exposed", "1", "--format", "jsonl")
	for _, want := range []string{`{"kind":"exposure","flag":1,`, `"orders":2,"paid_fen":59800,`, `{"kind":"reach","flag":1,`, `{"kind":"stake","policy":"kuaishou.honesty"`, `{"kind":"order","id":"****1107","flag":1,`} {
		if !strings.Contains(rows, want) {
			t.Errorf("the rows do not say %s:\n%s", want, rows)
		}
	}
	if strings.Contains(text+rows, paidOrder) {
		t.Errorf("the order's number is shown:\n%s%s", text, rows)
	}
	if strings.Contains(text, "case #1: ") {
		t.Errorf("a case was opened that nobody asked for:\n%s", text)
	}
}

func prints(t *testing.T, args ...string) string {
	t.Helper()
	var out, errOut bytes.Buffer
	if code := run(args, nil, &out, &errOut); code != exitDone {
		t.Fatalf("%q: %d, %s", args, code, errOut.String())
	}
	return out.String()
}

// TestOpeningACaseForTheExposed does it once, by name, and says what it came to;
// the sheet hears the host put it right.
func TestOpeningACaseForTheExposed(t *testing.T) {
	db, facts := filepath.Join(t.TempDir(), "live.db"), filepath.Join(t.TempDir(), "facts.csv")
	const sheet = "sku,name,category,material,price\nD01,青禾围巾,apparel,羊毛80%;锦纶20%,239\n"
	if err := os.WriteFile(facts, []byte(sheet), 0o600); err != nil {
		t.Fatal(err)
	}
	liveRecord(t, db, facts)
	args := []string{"exposed", "1", "--db", db, "--facts", facts, "--open", "--by", "秉文", "--lang", "en"}
	text := prints(t, args...)
	for _, want := range []string{"the sheet: 羊毛80%;锦纶20%", "(corrected on air)", "1 orders exposed, 239.00 yuan paid", "case #1: 1 orders put in, 0 were in it, 0 are in other cases, 0 cases newly related"} {
		if !strings.Contains(text, want) {
			t.Errorf("it does not say %q:\n%s", want, text)
		}
	}
	if again := prints(t, args...); !strings.Contains(again, "case #1: 0 orders put in, 1 were in it") {
		t.Errorf("done again it says\n%s", again)
	}
	if rows := prints(t, append(args, "--format", "jsonl")...); !strings.Contains(rows, `"case":1,"attached":{"orders":0,"kept":1,"elsewhere":0,"related_cases":0}`) {
		t.Errorf("as rows it says\n%s", rows)
	}
	if verified := prints(t, "verify", "--db", db); !strings.Contains(verified, "0 problems") {
		t.Errorf("afterwards verify says\n%s", verified)
	}
}

// liveRecord is a record in which the host calls a scarf pure wool, puts it right,
// and one buyer pays before that and one after; 秉文 has confirmed the flag.
func liveRecord(t *testing.T, db, facts string) {
	t.Helper()
	sheet, err := loadSheet(facts)
	if err != nil {
		t.Fatal(err)
	}
	store, err := sqlite.Open(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	}()
	desk, err := moderation.NewDesk(t.Context(), moderation.Config{Store: store, Checker: claims.New(sheet)})
	if err != nil {
		t.Fatal(err)
	}
	start := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	event := func(kind feed.Kind, n int) feed.Event {
		at := start.Add(time.Duration(n) * time.Minute)
		return feed.Event{ID: fmt.Sprint(kind, n), Source: "ws", Room: "A", Kind: kind, At: at, Recv: at, Raw: []byte{byte(n)}}
	}
	says := func(n int, text string) feed.Event {
		e := event(feed.KindTranscript, n)
		e.Text, e.User = text, feed.User{ID: "h1", Role: feed.RoleHost}
		return e
	}
	pays := func(n int) feed.Event {
		e := event(feed.KindOrder, n)
		e.OrderID, e.Status, e.Order = fmt.Sprint("LR20261120000", n), feed.StatusPaid, &feed.Order{SKU: "D01", Qty: 1, PaidFen: 23900}
		return e
	}
	shown := event(feed.KindProduct, 0)
	shown.Product = &feed.Product{ID: "D01", PriceFen: 23900, Stock: -1}
	if err := desk.Commit(t.Context(), feed.Batch{Room: "A", Source: "ws", Events: []feed.Event{
		shown, says(1, "百分之百纯羊毛"), pays(2), says(3, "刚才说错了，羊毛是百分之八十的"), pays(4),
	}}); err != nil {
		t.Fatal(err)
	}
	if _, err := desk.Do(t.Context(), moderation.Actor{Name: "秉文", Role: moderation.RoleSupervisor}, moderation.ConfirmFlag{Flag: 1}); err != nil {
		t.Fatal(err)
	}
}

func TestExposedIsRefused(t *testing.T) {
	r := paidRecord(t)
	for args, want := range map[string]string{
		"none": `"none" is no number of a flag`, "99": "flag #99 does not exist", "1 --format csv": `--format "csv" is not supported`,
		"1 --window -5m": "--window -5m0s", "1 --facts none.csv": "none.csv",
	} {
		var out, errOut bytes.Buffer
		if code := run(append(strings.Fields("exposed "+args), "--db", r.db), nil, &out, &errOut); code != exitError || !strings.Contains(errOut.String(), want) {
			t.Errorf("exposed %s: %d, %s", args, code, errOut.String())
		}
	}
}
