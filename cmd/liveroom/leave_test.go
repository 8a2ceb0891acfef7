package main

import (
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"liveroom/feed/tmc/tmctest"
)

// keepBusy takes the record for itself, as a backup or a slow disk does, until
// what it returns is called.
func keepBusy(t *testing.T, db string) (letGo func()) {
	t.Helper()
	raw, err := sql.Open("sqlite", "file:"+db+"?_pragma=busy_timeout(10000)")
	if err != nil {
		t.Fatal(err)
	}
	raw.SetMaxOpenConns(1)
	if _, err := raw.Exec("BEGIN IMMEDIATE"); err != nil {
		t.Fatal(err)
	}
	return func() {
		if _, err := raw.Exec("ROLLBACK"); err != nil {
			t.Error(err)
		}
		if err := raw.Close(); err != nil {
			t.Error(err)
		}
	}
}

// A leavingRoom is a collector of a shop's messages that is told to end while its
// record is busy and some of them are not recorded.
type leavingRoom struct {
	shop       *tmctest.Server
	config, db string
	collector  *process
	letGo      func()
	sent       []int64
}

func openLeavingRoom(t *testing.T) *leavingRoom {
	t.Helper()
	shop := tmctest.New(tmctest.Options{AppKey: "12345678", Secret: "of the tests", Group: "moderation"})
	t.Cleanup(shop.Close)
	t.Setenv("TMC_SECRET", "of the tests")
	r := &leavingRoom{shop: shop}
	r.config, r.db = configFor(t, fmt.Sprintf("protocol = \"tmc\"\nurl = %q\napp_key = \"12345678\"\ntoken = \"${TMC_SECRET}\"\ngroup = \"moderation\"", shop.URL()))
	r.collector = start(t, "collect", "--config", r.config)
	if err := shop.WaitPulls(1, 20*time.Second); err != nil {
		t.Fatal(err, r.collector.said)
	}
	r.publish(5)
	if err := shop.WaitConfirmed(5, 20*time.Second); err != nil {
		t.Fatal(err, r.collector.said)
	}
	r.letGo = keepBusy(t, r.db)
	r.publish(500)
	r.collector.says(20*time.Second, "blocked")
	if err := r.collector.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	return r
}

func (r *leavingRoom) publish(n int) {
	for range n {
		id := int64(7_000_000_001 + len(r.sent))
		r.sent = append(r.sent, id)
		content := fmt.Sprintf(`{"tid":"%d","oid":"%d","payment":"9.90","buyer_nick":"t**"}`, id, id)
		r.shop.Publish(tmctest.Message{ID: id, Topic: "taobao_trade_TradeBuyerPay", Content: content, Time: time.Now()})
	}
}

// recorded is how many orders are in the record.
func (r *leavingRoom) recorded(t *testing.T) int {
	t.Helper()
	output(t, built(t), "verify", "--db", r.db)
	return strings.Count(output(t, built(t), "orders", "--db", r.db), "\n")
}

// goesOn starts the collector again: whatever was sent is recorded and confirmed.
func (r *leavingRoom) goesOn(t *testing.T) {
	t.Helper()
	p := start(t, "collect", "--config", r.config)
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		confirmed := r.shop.Confirmed()
		if !slices.ContainsFunc(r.sent, func(id int64) bool { return !slices.Contains(confirmed, id) }) {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("not all is confirmed after the next start\n%s", p.said)
		}
	}
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	p.ends(30*time.Second, exitDone)
	if n := r.recorded(t); n != len(r.sent) {
		t.Errorf("%d orders in the record in the end, %d were sent", n, len(r.sent))
	}
}

// TestLeavingWaitsForABusyRecord: what was received when the program is told to end
// is recorded first, although the record is busy for longer than SQLite itself
// waits; then it ends well.
func TestLeavingWaitsForABusyRecord(t *testing.T) {
	r := openLeavingRoom(t)
	time.Sleep(7 * time.Second)
	r.collector.says(0, "leaving: what was received is being recorded")
	if confirmed := r.shop.Confirmed(); len(confirmed) != 5 {
		t.Errorf("%d confirmed while the record could not be written", len(confirmed))
	}
	r.letGo()
	r.collector.ends(30*time.Second, exitDone)
	if n := r.recorded(t); n != len(r.sent) {
		t.Errorf("%d orders in the record, %d were received", n, len(r.sent))
	}
	r.goesOn(t)
}

// TestWhoLeavesTwiceDoesNotWait: the second time the program ends at once, says
// what that means, and nothing is lost by it.
func TestWhoLeavesTwiceDoesNotWait(t *testing.T) {
	r := openLeavingRoom(t)
	r.collector.says(10*time.Second, "once more leaves at once")
	if err := r.collector.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	r.collector.ends(5*time.Second, exitError)
	r.collector.says(0, "left at once")
	r.letGo()
	if n := r.recorded(t); n != 5 {
		t.Errorf("%d orders in the record, 5 were recorded", n)
	}
	r.goesOn(t)
}
