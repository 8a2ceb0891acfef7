package sqlite

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/moderation/ledger"
	"liveroom/moderation/seal"
)

// Events and leaves come by the thousand, and a statement for each costs as much
// as what SQLite does with the row: those that come together are written by
// statements of many rows.

// rowsAtOnce is how many rows a statement writes, the most first: few sizes, so that
// few statements are kept.
var rowsAtOnce = [...]int{mostRows, 8, 1}

const mostRows = 32

// A bulk is how rows of one table are written, many by a statement.
type bulk struct {
	columns int
	queries [len(rowsAtOnce)]string
}

func newBulk(table, columns string) bulk {
	b := bulk{columns: width(columns)}
	row := "(?" + strings.Repeat(", ?", b.columns-1) + ")"
	for i, n := range rowsAtOnce {
		b.queries[i] = "INSERT INTO " + table + " (" + columns + ") VALUES " + row + strings.Repeat(", "+row, n-1)
	}
	return b
}

var (
	eventBulk = newBulk("events", "idx, source, id, room, kind, at, recv, spoken, text, detail, raw, raw_sha256, holder")
	leafBulk  = newBulk("leaves", "idx, kind, ref, data, hashes")
	keyBulk   = newBulk("buyer_keys", "name, secret")
)

// most is for how many of n rows that are left there is a statement.
func most(n int) (rows, query int) {
	for i, rows := range rowsAtOnce {
		if n >= rows {
			return rows, i
		}
	}
	return 0, 0
}

// insertAll writes the rows whose columns stand one after the other in args, which it
// empties.
func (t *tx) insertAll(b *bulk, args []any) error {
	defer func() {
		clear(args)
		t.args = args[:0]
	}()
	for left := args; len(left) > 0; {
		n, query := most(len(left) / b.columns)
		if _, err := t.exec(b.queries[query], left[:n*b.columns]...); err != nil {
			return err
		}
		left = left[n*b.columns:]
	}
	return nil
}

func isConstraint(err error) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && e.Code()&0xff == sqlite3.SQLITE_CONSTRAINT
}

// AddEvents implements moderation.Tx. The rows of the next events are made on another
// core while SQLite takes those before them.
func (t *tx) AddEvents(events []feed.Event) (out []moderation.Recorded, fresh []bool, err error) {
	out, fresh = make([]moderation.Recorded, len(events)), make([]bool, len(events))
	holders := make([]moderation.Holder, len(events))
	for i := range events {
		if events[i].Source == "" || events[i].ID == "" {
			return nil, nil, errors.New("add event: it lacks its source or its id: both are needed to know it again")
		}
		out[i].Event, holders[i] = events[i], moderation.EventHolder(&events[i])
	}
	keys, err := t.keysOf(holders)
	if err != nil {
		return nil, nil, fmt.Errorf("add events: %w", err)
	}
	rows := make([]eventRow, len(events))
	made := t.makeRows(out, keys, rows)
	for from := 0; from < len(events); {
		n, query := most(len(events) - from)
		err := <-made
		if err == nil {
			err = t.addMany(query, out[from:from+n], rows[from:from+n], fresh[from:])
		}
		if err != nil {
			return nil, nil, fmt.Errorf("add events of %s: %w", events[from].Source, err)
		}
		from += n
	}
	return out, fresh, nil
}

// makeRows makes the row of each event, and tells of so many together as one
// statement inserts.
func (t *tx) makeRows(events []moderation.Recorded, keys []heldKey, rows []eventRow) (made <-chan error) {
	done := make(chan error, len(events)) // nobody waits where it is not read to its end
	go func() {
		for from := 0; from < len(events); {
			n, _ := most(len(events) - from)
			var err error
			for i := from; i < from+n && err == nil; i++ {
				events[i].RawSHA256 = sha256.Sum256(events[i].Raw)
				rows[i], err = newEventRow(&events[i], keys[i], t.namer)
			}
			done <- err
			from += n
		}
	}()
	return done
}

// addMany adds events by one statement; where it is refused, as one of them is known,
// it asks for each.
func (t *tx) addMany(query int, events []moderation.Recorded, rows []eventRow, fresh []bool) (err error) {
	args := t.args[:0]
	for i := range events {
		r := &events[i]
		r.Index, fresh[i] = t.last+1+int64(i), true
		args = appendEvent(append(args, r.Index), r, &rows[i])
	}
	if len(events) > 1 {
		_, err = t.exec(eventBulk.queries[query], args...)
	}
	clear(args)
	t.args = args[:0]
	switch {
	case len(events) == 1, isConstraint(err):
		for i := range events {
			if fresh[i], err = t.addOne(&events[i], &rows[i]); err != nil {
				return err
			}
		}
	case err != nil:
		return err
	}
	for i := range events {
		if fresh[i] {
			t.last = events[i].Index
			t.keepLine(&events[i])
			if events[i].Withdraws() {
				if _, err = t.exec("INSERT INTO withdrawals (room, event) VALUES (?, ?)", events[i].Room, t.last); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// An eventRow is an event's columns that depend on whose it is.
type eventRow struct {
	id, text, detail string
	raw, sum         []byte
}

// newEventRow seals what of an event is somebody's; key is its holder's, if it has one.
func newEventRow(r *moderation.Recorded, key heldKey, namer seal.Namer) (eventRow, error) {
	detail, err := moderation.EventDetail(&r.Event)
	if err != nil {
		return eventRow{}, err
	}
	if key.number == 0 {
		raw := r.Raw
		if raw == nil {
			raw = []byte{}
		}
		return eventRow{r.ID, r.Text, string(detail), raw, r.RawSHA256[:]}, nil
	}
	kept, id := moderation.KeptEventID(&r.Event, namer), ""
	if kept != r.ID {
		id = r.ID
	}
	raw, err := key.seal(&r.Seal, sealedAs(eventPart, kept), id, r.Text, string(detail), string(r.Raw))
	return eventRow{id: kept, detail: "{}", raw: raw, sum: []byte{}}, err
}

// appendEvent appends an event's columns but the first.
func appendEvent(args []any, r *moderation.Recorded, c *eventRow) []any {
	return append(args, r.Source, c.id, r.Room, string(r.Kind), moderation.Stamp(r.At), moderation.Stamp(r.Recv),
		moderation.IsUtterance(&r.Event), c.text, c.detail, c.raw, c.sum, r.Seal.Holder)
}

// AppendAll implements moderation.Tx.
func (t *tx) AppendAll(leaves []moderation.Leaf) error {
	before, args := t.log, t.args[:0]
	for i := range leaves {
		l := &leaves[i]
		record, err := ledger.Record(l.Kind, l.Ref, l.Data)
		if err != nil {
			t.log = before
			return fmt.Errorf("append to the ledger: %w", err)
		}
		t.hashes = t.log.Append(t.hashes[:0], record)
		b := make([]byte, 0, len(t.hashes)*tlog.HashSize)
		for _, h := range t.hashes {
			b = append(b, h[:]...)
		}
		l.Index = t.log.Size()
		args = append(args, l.Index, l.Kind, l.Ref, string(l.Data), b)
	}
	if err := t.insertAll(&leafBulk, args); err != nil {
		t.log = before
		return fmt.Errorf("append %d leaves to the ledger: %w", len(leaves), err)
	}
	return nil
}
