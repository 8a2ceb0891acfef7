package sqlite

import (
	"bytes"
	"context"
	"database/sql"
	_ "embed"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/moderation/storetest"
)

var (
	//go:embed testdata/version2.sql
	version2 string
	//go:embed testdata/version3.sql
	version3 string
	//go:embed testdata/version5.sql
	version5 string
)

// olderFile is a record as the program wrote it at an older schema version.
func olderFile(t *testing.T, version int, rows string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "older.db")
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	script := strings.Join(migrations[:version], ";") +
		fmt.Sprintf("; PRAGMA application_id=%d; PRAGMA user_version=%d;", applicationID, version) + rows
	if _, err := db.ExecContext(t.Context(), script); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// A record of an older version keeps what it holds and its ledger, and goes on
// as one of this version.
func TestAnOlderRecordGoesOn(t *testing.T) {
	for _, tt := range []struct {
		version int
		rows    string
	}{{2, version2}, {3, version3}} {
		t.Run(fmt.Sprint("version ", tt.version), func(t *testing.T) { goOn(t, olderFile(t, tt.version, tt.rows)) })
	}
}

func goOn(t *testing.T, path string) {
	ctx := t.Context()
	s := open(t, path)
	defer func() { _ = s.Close() }()
	whole(t, s)
	before, err := s.Counts(ctx)
	if err != nil {
		t.Fatal(err)
	}
	desk, err := moderation.NewDesk(ctx, moderation.Config{Store: s})
	if err != nil {
		t.Fatal(err)
	}
	whole(t, s)
	if after, err := s.Counts(ctx); err != nil || after != before || after.Complaints != 3 || after.Cases != 2 {
		t.Errorf("it holds %+v, %v; before %+v", after, err, before)
	}
	complaints, err := s.Complaints(ctx, moderation.Page{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range complaints {
		if c.Type == "" || c.Priority == "" || c.Score == 0 {
			t.Errorf("complaint %d %q was not triaged: %+v", c.ID, c.Text, c)
		}
	}
	cases, err := s.Cases(ctx, moderation.Page{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		if len(c.Clocks) != 1 || !c.Clocks[0].Due.Equal(c.DueAt) || c.Owner != "" && c.LeaseUntil.IsZero() {
			t.Errorf("case %d has clocks %+v, due at %v, and is %s's until %v", c.ID, c.Clocks, c.DueAt, c.Owner, c.LeaseUntil)
		}
	}
	if earlier, err := s.CasesOf(ctx, moderation.Link{Kind: moderation.LinkProduct, Value: "D01"}, 9, 9); err != nil || len(earlier) != 2 {
		t.Errorf("cases of the product: %v, %v", earlier, err)
	}
	boss := moderation.Actor{Name: "秉文", Role: moderation.RoleSupervisor}
	do := func(c moderation.Command) {
		t.Helper()
		if _, err := desk.Do(ctx, boss, c); err != nil {
			t.Errorf("%s: %v", c.Name(), err)
		}
	}
	do(moderation.SplitProblem{Problem: 1, Complaints: []int64{2}})
	c, err := s.Case(ctx, 1)
	if err != nil {
		t.Fatal(err)
	}
	do(moderation.NoteCase{Case: 1, Version: c.Version, Text: "接着办"})
	do(moderation.NextCase{})
	whole(t, s)
	head, err := s.Head(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := moderation.NewDesk(ctx, moderation.Config{Store: s}); err != nil {
		t.Fatal(err)
	}
	if again, err := s.Head(ctx); err != nil || again != head {
		t.Errorf("opened again the ledger grew from %d to %d leaves, %v", head.Size, again.Size, err)
	}
}

// whole fails unless the record is as its ledger says.
func whole(t *testing.T, s *Store) {
	t.Helper()
	a, err := moderation.Verify(context.Background(), s)
	if err == nil {
		err = a.Err()
	}
	if err != nil {
		t.Errorf("%v", err)
	}
}

// What an older program was told of withdrawals is found when a newer one opens its
// record, whether it was sealed or not.
func TestAnOlderRecordKeepsItsWithdrawals(t *testing.T) {
	path := filepath.Join(t.TempDir(), "older.db")
	s := open(t, path)
	event := func(id, retracts, user string) feed.Event {
		return feed.Event{ID: id, Source: "ws", Room: "A", Kind: feed.KindSystem, Code: feed.CodeRetracted, Retracts: retracts, User: feed.User{ID: user}}
	}
	err := s.Update(t.Context(), func(tx moderation.Tx) error {
		said := event("c1", "", "u1")
		said.Kind, said.Code = feed.KindChat, ""
		_, _, err := tx.AddEvents([]feed.Event{said, event("r1", "c1", "u1"), event("r2", "c2", ""), event("n", "", "")})
		return err
	})
	if err == nil {
		err = s.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", path)
	if err == nil {
		_, err = db.ExecContext(t.Context(), "DROP TABLE withdrawals;"+migrations[withdrawalsSince-1])
	}
	if err == nil {
		err = db.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	s = open(t, path)
	defer func() { _ = s.Close() }()
	got, err := s.Withdrawing(t.Context(), "A", 0, 0)
	if err != nil || len(got) != 2 || got[0].Retracts != "c1" || got[1].Retracts != "c2" {
		t.Errorf("%+v, %v", got, err)
	}
}

// withdrawalsSince is the schema version that lists what withdraws.
const withdrawalsSince = 12

// personal is what the older record holds of its buyers.
var personal = []string{"13912345678", "小鹿", "阿力", "老客", "这个颜色好看", "能机洗吗", "聚酯纤维"}

// inFile are those of the words that can be read in the bytes of the record.
func inFile(t *testing.T, path string, words []string) []string {
	t.Helper()
	var all []byte
	for _, end := range []string{"", "-wal", "-shm"} {
		b, err := os.ReadFile(path + end)
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		all = append(all, b...)
	}
	var out []string
	for _, w := range words {
		if bytes.Contains(all, []byte(w)) {
			out = append(out, w)
		}
	}
	return out
}

// What stood in the clear is sealed when a newer program opens the record: it
// reads as before, its leaves hold, and nothing of it is in the file any more.
func TestAnOlderRecordIsSealed(t *testing.T) {
	ctx := t.Context()
	path := olderFile(t, 5, version5)
	if got := inFile(t, path, personal); len(got) != len(personal) {
		t.Fatalf("the older file shows only %q: it proves nothing", got)
	}
	s := open(t, path)
	defer func() { _ = s.Close() }()
	whole(t, s)
	check := func() {
		t.Helper()
		events, err := s.Events(ctx, moderation.Page{})
		if err != nil || len(events) != 8 || events[3].Text != "我是老客 电话13912345678 还有货吗" || events[3].User.Name != "小鹿" || events[2].OrderID != "LR1" {
			t.Errorf("events %+v, %v", events, err)
		}
		o, err := s.Order(ctx, "LR1")
		if err != nil || o.Buyer.ID != "u1" || o.Case != 2 {
			t.Errorf("order %+v, %v", o, err)
		}
		c, err := s.Case(ctx, 2)
		if err != nil || c.Title != "小鹿的投诉" || len(c.Notes) != 1 || c.Orders[0] != "LR1" || c.Buyers[0] != "u1" {
			t.Errorf("case %+v, %v", c, err)
		}
		if of, err := s.CasesOf(ctx, moderation.Link{Kind: moderation.LinkBuyer, Value: "u1"}, 9, 9); err != nil || len(of) != 1 {
			t.Errorf("cases of the buyer: %v, %v", of, err)
		}
		if of, err := s.OrdersOf(ctx, moderation.Link{Kind: moderation.LinkBuyer, Value: "u1"}, 9); err != nil || len(of) != 1 {
			t.Errorf("orders of the buyer: %v, %v", of, err)
		}
		if found := storetest.Search(t, s, "139", moderation.Page{}); len(found) != 2 {
			t.Errorf("found %v", found)
		}
	}
	check()
	// The source offers again what it sent before.
	err := s.Update(ctx, func(tx moderation.Tx) error {
		r, fresh, err := storetest.AddEvent(tx, feed.Event{Source: "ws", ID: "order-5", Room: "A", Kind: feed.KindOrder, OrderID: "LR1", User: feed.User{ID: "u1", Name: "小鹿"}})
		if fresh || r.Index != 3 {
			t.Errorf("an older event again: fresh %v, index %d", fresh, r.Index)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	desk, err := moderation.NewDesk(ctx, moderation.Config{Store: s})
	if err != nil {
		t.Fatal(err)
	}
	c, err := s.Case(ctx, 2)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := desk.Do(ctx, moderation.Actor{Name: "秉文", Role: moderation.RoleSupervisor}, moderation.SplitProblem{Problem: 1, Complaints: []int64{2}}); err != nil {
		t.Error(err)
	}
	if c.Version == 0 {
		t.Error("the case has no version")
	}
	whole(t, s)
	for range 100 { // until all is indexed
		if err := s.row(ctx, "SELECT 1 FROM search_state WHERE indexed = 8", nil, new(int)); err == nil {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	check()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if got := inFile(t, path, personal); len(got) > 0 {
		t.Errorf("the sealed file shows %q", got)
	}
}
