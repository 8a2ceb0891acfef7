package moderation_test

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/moderation/sqlite"
)

// tampered opens the file as an intruder would.
func (d *desk) tampered(statements ...string) *moderation.Audit {
	d.t.Helper()
	if err := d.store.Close(); err != nil {
		d.t.Fatal(err)
	}
	db := must(sql.Open("sqlite", d.path+"?_pragma=busy_timeout(5000)"))
	for _, s := range statements {
		res, err := db.ExecContext(d.t.Context(), s)
		if err != nil {
			d.t.Fatalf("%s: %v", s, err)
		}
		if n := must(res.RowsAffected()); n == 0 {
			d.t.Fatalf("%s: changed nothing", s)
		}
	}
	if err := db.Close(); err != nil {
		d.t.Fatal(err)
	}
	d.store = must(sqlite.Open(d.t.Context(), d.path))
	return must(moderation.Verify(d.t.Context(), d.store))
}

// full is a desk with a row of every kind.
func full(t *testing.T) *desk {
	d := withFlags(t)
	d.do(lan, moderation.ConfirmFlag{Flag: 1, OpenCase: true})
	d.do(lan, moderation.CorrectHost{Flag: 1, Text: "更正"})
	d.do(you, moderation.NoteCase{Case: 1, Version: 1, Text: "属实"})
	d.verify()
	return d
}

func TestVerifyFindsWhatWasTamperedWith(t *testing.T) {
	tests := []struct {
		name, statement, fault string
	}{
		{"an event's text", "UPDATE events SET text = '羊毛混纺' WHERE idx = 2", "event 2: differs from what was recorded: its text, user or details"},
		{"an event's time", "UPDATE events SET at = at + 1 WHERE idx = 2", "event 2: differs from what was recorded: time"},
		{"an event's room", "UPDATE events SET room = 'B' WHERE idx = 2", `event 2: differs from what was recorded: room "B" was "A"`},
		{"an event's speaker", `UPDATE events SET detail = replace(detail, '"host"', '"viewer"') WHERE idx = 2`, "event 2: differs from what was recorded"},
		{"an event's details spoilt", `UPDATE events SET detail = '{' WHERE idx = 2`, "event 2"},
		{"an event's raw bytes", "UPDATE events SET raw = x'00' WHERE idx = 2", "event 2: its raw bytes hash to"},
		{"an event's raw bytes and their hash", "UPDATE events SET raw = x'', raw_sha256 = x'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855' WHERE idx = 2", "event 2: its raw bytes hash to"},
		{"the hash beside them", "UPDATE events SET raw_sha256 = zeroblob(32) WHERE idx = 2", "event 2: the hash kept beside its raw bytes"},
		{"an event deleted", "DELETE FROM events WHERE idx = 1", "event 1: is gone from the record"},
		{"the last event deleted", "DELETE FROM events WHERE idx = 7", "event 7: is gone from the record"},
		{"an event added", "INSERT INTO events SELECT 8, source, 'new', room, kind, at, recv, spoken, text, detail, raw, raw_sha256, holder FROM events WHERE idx = 1", "event 8: stands in the record without a leaf"},
		{"an event moved", "UPDATE events SET idx = 80 WHERE idx = 3", "event 3: is gone from the record"},
		{"two events exchanged", "UPDATE events SET text = CASE idx WHEN 2 THEN (SELECT text FROM events WHERE idx = 3) ELSE (SELECT text FROM events WHERE idx = 2) END WHERE idx IN (2, 3)", "event 2: differs from what was recorded"},
		{"a flag", "UPDATE flags SET status = 'dismissed' WHERE id = 1", "flag 1: is not as its newest leaf says"},
		{"a flag's finding", "UPDATE flags SET finding = replace(finding, '纯羊毛', '羊毛') WHERE id = 1", "flag 1: is not as its newest leaf says"},
		{"a flag deleted", "DELETE FROM flags WHERE id = 2", "flag 2: is gone from the record"},
		{"a flag added", "INSERT INTO flags SELECT 9, room, event, event_id, at, finding, text, status, decided_by, decided_at, reason, case_id, corrected, changed_by, version, settled, settled_by FROM flags WHERE id = 1", "flag 9: stands in the record without a leaf"},
		{"a complaint", "UPDATE complaints SET sku = 'D02' WHERE id = 1", "complaint 1: is not as its newest leaf says"},
		{"a complaint's text", "UPDATE complaints SET text = '很好' WHERE id = 1", "complaint 1: it holds in the clear"},
		{"a complaint's sealed part", "UPDATE complaints SET sealed = CAST(substr(sealed, 1, length(sealed) - 1) || CASE substr(sealed, -1) WHEN x'00' THEN x'01' ELSE x'00' END AS BLOB) WHERE id = 1", "complaint 1: sealed data is not what its key sealed"},
		{"a complaint's part taken out", "UPDATE complaints SET sealed = x'' WHERE id = 1", "complaint 1: its personal part is gone, and the ledger does not say"},
		{"a complaint another's", "UPDATE complaints SET holder = 99 WHERE id = 1", "holder 99 has no key"},
		{"a key deleted", "DELETE FROM buyer_keys WHERE number = 1", "holder 1 has no key"},
		{"a key erased by hand", "UPDATE buyer_keys SET secret = zeroblob(32) WHERE number = 1", "its personal part is gone, and the ledger does not say"},
		{"a key exchanged", "UPDATE buyer_keys SET secret = randomblob(32) WHERE number = 1", "sealed data is not what its key sealed"},
		{"an order", "UPDATE orders SET paid_fen = paid_fen + 1 WHERE number = 1", "order #1: is not as its newest leaf says"},
		{"an order renamed", "UPDATE orders SET id = 'LR2' WHERE number = 1", "order 1: sealed data is not what its key sealed"},
		{"a case", "UPDATE cases SET owner = '秉文' WHERE id = 1", "case 1: is not as its newest leaf says"},
		{"a case's notes", "UPDATE cases SET notes = '[{}]' WHERE id = 1", "case 1: it holds in the clear"},
		{"an action", "UPDATE actions SET actor = '秉文' WHERE id = 1", "action 1: is not as its newest leaf says"},
		{"an action deleted", "DELETE FROM actions WHERE id = 3", "action 3: is gone from the record"},
		{"an effect", "UPDATE effects SET status = 'sent' WHERE id = 1", "effect 1: is not as its newest leaf says"},
		{"a leaf", "UPDATE leaves SET data = replace(data, '\"A\"', '\"B\"') WHERE idx = 2", "ledger 2: its data hashes to"},
		{"a leaf's spaces", "UPDATE leaves SET data = data || ' ' WHERE idx = 2", "ledger 2: its data hashes to"},
		{"a leaf spoilt", "UPDATE leaves SET data = 'x' WHERE idx = 2", "ledger 2: its data hashes to"},
		{"a leaf's kind", "UPDATE leaves SET kind = 'case' WHERE idx = 2", "ledger 2: its data hashes to"},
		{"a leaf's hash", "UPDATE leaves SET hashes = zeroblob(length(hashes)) WHERE idx = 3", "ledger 3: its data hashes to"},
		{"a leaf's hash cut off", "UPDATE leaves SET hashes = x'' WHERE idx = 3", "leaf 3 has 0 bytes of hashes and not 32"},
		{"a leaf deleted", "DELETE FROM leaves WHERE idx = 4", "ledger 4: missing or out of order"},
		{"the last leaf deleted", "DELETE FROM leaves WHERE idx = (SELECT max(idx) FROM leaves)", "action 3: stands in the record without a leaf"},
		{"a leaf put at the end", "INSERT INTO leaves SELECT idx + 1, kind, ref, data, hashes FROM leaves ORDER BY idx DESC LIMIT 1", "bytes of hashes and not"},
		{"two leaves exchanged", "UPDATE leaves SET data = CASE idx WHEN 2 THEN (SELECT data FROM leaves WHERE idx = 3) ELSE (SELECT data FROM leaves WHERE idx = 2) END WHERE idx IN (2, 3)", "ledger 2: its data hashes to"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := full(t)
			a := d.tampered(tt.statement)
			if a.Err() == nil {
				t.Fatal("not found")
			}
			for _, f := range a.Faults {
				if strings.Contains(f.String(), tt.fault) {
					return
				}
			}
			t.Errorf("faults %v, want one that says %q", a.Faults, tt.fault)
		})
	}
}

// moving is a store that is written to before each of a snapshot's reads: what a
// busy writer may do, whatever the machine is busy with.
type moving struct {
	moderation.Store
	write func()
}

func (m moving) Snapshot(ctx context.Context, fn func(moderation.Record) error) error {
	return m.Store.Snapshot(ctx, func(r moderation.Record) error { return fn(movingRecord{r, m.write}) })
}

type movingRecord struct {
	moderation.Record
	write func()
}

func (m movingRecord) Head(ctx context.Context) (moderation.Head, error) {
	m.write()
	return m.Record.Head(ctx)
}

func (m movingRecord) Leaves(ctx context.Context, after int64, limit int) ([]moderation.Leaf, error) {
	m.write()
	return m.Record.Leaves(ctx, after, limit)
}

func (m movingRecord) LedgerHashes(ctx context.Context, indexes []int64) ([][32]byte, error) {
	m.write()
	return m.Record.LedgerHashes(ctx, indexes)
}

func (m movingRecord) Events(ctx context.Context, p moderation.Page) ([]moderation.Recorded, error) {
	m.write()
	return m.Record.Events(ctx, p)
}

func (m movingRecord) Orders(ctx context.Context, p moderation.Page) ([]moderation.Order, error) {
	m.write()
	return m.Record.Orders(ctx, p)
}

func (m movingRecord) Flags(ctx context.Context, p moderation.Page) ([]moderation.Flag, error) {
	m.write()
	return m.Record.Flags(ctx, p)
}

// A record that is being written verifies all the same, as it was at one moment:
// events, flags and orders come, and orders change, between all that Verify reads.
func TestVerifyWhileTheRecordMoves(t *testing.T) {
	d := newDesk(t)
	n := 0
	write := func() {
		if n > 4000 {
			return // who reads what is written meanwhile would read on without end
		}
		n += 2
		order := trade(n, fmt.Sprint("LR", n%7), []string{feed.StatusCreated, feed.StatusPaid}[n/2%2], "D01", int64(n))
		if err := d.Commit(context.WithoutCancel(t.Context()), batch(says(n-1, "纯羊毛"), order)); err != nil {
			t.Errorf("commit %d: %v", n, err)
		}
	}
	write()
	for range 8 {
		before, written := must(d.store.Head(t.Context())).Size, n
		a := must(moderation.Verify(t.Context(), moving{d.store, write}))
		if err := a.Err(); err != nil {
			t.Fatalf("%v\nall: %v", err, a.Faults)
		}
		after := must(d.store.Head(t.Context())).Size
		if a.Head.Size != before || after <= before || n-written < 2*6 {
			t.Fatalf("of %d leaves, then %d, it looked at %d; %d commits came meanwhile", before, after, a.Head.Size, (n-written)/2)
		}
	}
	if a := d.verify(); a.Events != int64(n) || a.Rows == 0 {
		t.Errorf("of %d events it looked at %+v", n, a)
	}
}

func TestVerifyNamesOnlyWhatIsWrong(t *testing.T) {
	d := full(t)
	a := d.tampered("UPDATE events SET text = 'x' WHERE idx = 3", "UPDATE flags SET reason = 'x' WHERE id = 4")
	if len(a.Faults) != 2 {
		t.Errorf("faults %v, want the event and the flag", a.Faults)
	}
	if a.Events != 7 || a.Rows != 4+1+1+1+1+3 {
		t.Errorf("%d events and %d rows looked at", a.Events, a.Rows)
	}
}

// Whatever value of whatever row is changed, it is found.
func TestVerifyFindsAnyChange(t *testing.T) {
	tables := map[string]string{
		"events": "idx", "leaves": "idx", "flags": "id", "complaints": "id", "orders": "number", "cases": "id", "effects": "id", "actions": "id",
	}
	rng := rand.New(rand.NewPCG(1, 2))
	for table, key := range tables {
		t.Run(table, func(t *testing.T) {
			d := full(t)
			db := must(sql.Open("sqlite", d.path+"?_pragma=busy_timeout(5000)"))
			rows := must(db.QueryContext(t.Context(), "SELECT * FROM "+table))
			columns := must(rows.Columns())
			_ = rows.Close()
			for _, c := range columns {
				if table == "events" && c == "spoken" {
					continue // follows from the rest
				}
				var id int64
				var text sql.NullString
				row := db.QueryRowContext(t.Context(), fmt.Sprintf("SELECT %s, hex(%s) FROM %s ORDER BY %s LIMIT 1 OFFSET %d", key, c, table, key, 0))
				if err := row.Scan(&id, &text); err != nil {
					t.Fatal(err)
				}
				var kind string
				if err := db.QueryRowContext(t.Context(), fmt.Sprintf("SELECT typeof(%s) FROM %s WHERE %s = %d", c, table, key, id)).Scan(&kind); err != nil {
					t.Fatal(err)
				}
				change := map[string]string{
					"integer": fmt.Sprintf("%s + %d", c, 1000+rng.IntN(1000)),
					"text":    c + " || '~'",
					"blob":    fmt.Sprintf("CAST(%s || x'00' AS BLOB)", c),
				}[kind]
				set := fmt.Sprintf("UPDATE %s SET %s = %s WHERE %s = %d", table, c, change, key, id)
				back := fmt.Sprintf("UPDATE %s SET %s = CAST(x'%s' AS %s) WHERE %s = %d", table, c, text.String, kind, key, id)
				if c == key {
					back = fmt.Sprintf("UPDATE %s SET %s = %d WHERE %s > 999", table, c, id, c)
				}
				insist(t, db, set)
				a := must(moderation.Verify(t.Context(), d.store))
				if a.Err() == nil {
					t.Errorf("%s: not found", set)
				}
				insist(t, db, back)
				if err := must(moderation.Verify(t.Context(), d.store)).Err(); err != nil {
					t.Fatalf("%s: %v", back, err)
				}
			}
			_ = db.Close()
		})
	}
}

// insist runs a statement beside the desk, whose own writing may be in the way.
func insist(t *testing.T, db *sql.DB, statement string) {
	t.Helper()
	var err error
	for range 100 {
		if _, err = db.ExecContext(t.Context(), statement); err == nil || !strings.Contains(err.Error(), "locked") {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	if err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}
