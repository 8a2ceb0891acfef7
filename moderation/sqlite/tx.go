package sqlite

import (
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/moderation/ledger"
)

// A tx is the writer's transaction. Its reader reads through the same
// connection and so sees what was written.
type tx struct {
	reader
	tree   ledger.Tree
	hashes []ledger.Hash // reused
	failed error         // the file failed: nothing of the group can stand
	behind int           // events added since the search index was brought on
	keys   map[string]heldKey
	erased bool // something that the log still holds
	pieces bool // something that stood in the clear, of which pages may keep pieces
}

func (t *tx) run(fn func(moderation.Tx) error) error { return fn(t) }

// exec runs one statement. SQLite undoes the whole transaction on some errors
// and leaves it open on others; only a broken constraint surely leaves the rest
// of it standing.
func (t *tx) exec(query string, args ...any) (sql.Result, error) {
	stmt, err := t.stmts.get(query)
	var res sql.Result
	if err == nil {
		res, err = stmt.ExecContext(context.Background(), args...)
	}
	if err != nil {
		var e *sqlite.Error
		if !errors.As(err, &e) || e.Code()&0xff != sqlite3.SQLITE_CONSTRAINT {
			t.failed = err
		}
		return nil, explain(t.path, err)
	}
	return res, nil
}

// insert adds a row and returns its key.
func (t *tx) insert(query string, args ...any) (int64, error) {
	res, err := t.exec(query, args...)
	if err != nil {
		return 0, err
	}
	return res.LastInsertId()
}

// insertNew adds a row whose key no other has; the statement does nothing then.
func (t *tx) insertNew(query string, args ...any) (int64, error) {
	res, err := t.exec(query, args...)
	if err != nil {
		return 0, err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return 0, cmp.Or(err, moderation.ErrConflict)
	}
	return res.LastInsertId()
}

// update changes the one row that the statement names; none is missing.
func (t *tx) update(missing error, query string, args ...any) error {
	res, err := t.exec(query, args...)
	if err != nil {
		return err
	}
	n, err := res.RowsAffected()
	if err != nil {
		return err
	}
	if n == 0 {
		return missing
	}
	return nil
}

// versioned is what it means that no row of the table had the expected version.
func (t *tx) versioned(err error, table, column string, id any) error {
	if !errors.Is(err, moderation.ErrConflict) {
		return err
	}
	var n int
	if err := t.row(context.Background(), fmt.Sprintf("SELECT count(*) FROM %s WHERE %s = ?", table, column), []any{id}, &n); err != nil {
		return err
	}
	if n == 0 {
		return moderation.ErrNotFound
	}
	return moderation.ErrConflict
}

func (t *tx) PutRoom(r moderation.Room) error {
	heard, err := toJSON(r.Heard)
	if err != nil {
		return err
	}
	_, err = t.exec(`INSERT INTO rooms (id, name, time_zone, on_air, on_air_fen, on_air_at, started_at, ended_at, heard)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET
		name = excluded.name, time_zone = excluded.time_zone, on_air = excluded.on_air, on_air_fen = excluded.on_air_fen,
		on_air_at = excluded.on_air_at, started_at = excluded.started_at, ended_at = excluded.ended_at, heard = excluded.heard`,
		r.ID, r.Name, r.TimeZone, r.OnAir, r.OnAirFen, moderation.Stamp(r.OnAirAt), moderation.Stamp(r.StartedAt), moderation.Stamp(r.EndedAt), heard)
	if err != nil {
		return fmt.Errorf("put room %s: %w", r.ID, err)
	}
	return nil
}

func (t *tx) AddEvent(e feed.Event) (moderation.Recorded, bool, error) {
	r := moderation.Recorded{Event: e, RawSHA256: sha256.Sum256(e.Raw)}
	if e.Source == "" || e.ID == "" {
		return r, false, errors.New("add event: it lacks its source or its id: both are needed to know it again")
	}
	added, err := t.addEvent(&r)
	if err != nil {
		return r, false, fmt.Errorf("add event of %s: %w", e.Source, err)
	}
	return r, added, nil
}

func (t *tx) addEvent(r *moderation.Recorded) (bool, error) {
	c, err := t.eventRow(r)
	if err != nil {
		return false, err
	}
	res, err := t.exec(`INSERT INTO events (source, id, room, kind, at, recv, spoken, text, detail, raw, raw_sha256, holder)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (source, id) DO NOTHING`,
		r.Source, c.id, r.Room, string(r.Kind), moderation.Stamp(r.At), moderation.Stamp(r.Recv),
		moderation.IsUtterance(&r.Event), c.text, c.detail, c.raw, c.sum, r.Seal.Holder)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	if err != nil {
		return false, err
	}
	if n == 1 {
		t.behind++
		r.Index, err = res.LastInsertId()
		return true, err
	}
	err = t.row(context.Background(), "SELECT idx FROM events WHERE source = ? AND id = ?", []any{r.Source, c.id}, &r.Index)
	return false, err
}

// An eventRow is an event's columns that depend on whose it is.
type eventRow struct {
	id, text, detail string
	raw, sum         []byte
}

func (t *tx) eventRow(r *moderation.Recorded) (eventRow, error) {
	detail, err := moderation.EventDetail(&r.Event)
	if err != nil {
		return eventRow{}, err
	}
	holder := moderation.EventHolder(&r.Event)
	if holder == nil {
		raw := r.Raw
		if raw == nil {
			raw = []byte{}
		}
		return eventRow{r.ID, r.Text, string(detail), raw, r.RawSHA256[:]}, nil
	}
	kept, id := moderation.KeptEventID(&r.Event, t.namer), ""
	if kept != r.ID {
		id = r.ID
	}
	raw, err := t.seal(&r.Seal, holder, sealedAs(eventPart, kept), id, r.Text, string(detail), string(r.Raw))
	return eventRow{id: kept, detail: "{}", raw: raw, sum: []byte{}}, err
}

func (t *tx) SetPosition(p feed.Position) error {
	_, err := t.exec(`INSERT INTO positions (source, epoch, offset, id, at) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (source) DO UPDATE SET epoch = excluded.epoch, offset = excluded.offset, id = excluded.id, at = excluded.at`,
		p.Source, p.Epoch, p.Offset, p.ID, moderation.Stamp(p.At))
	if err != nil {
		return fmt.Errorf("set position of %s: %w", p.Source, err)
	}
	return nil
}

func (t *tx) Append(l *moderation.Leaf) error {
	record, err := ledger.Record(l.Kind, l.Ref, l.Data)
	if err != nil {
		return fmt.Errorf("append to the ledger: %w", err)
	}
	before := t.tree
	t.hashes = t.tree.Append(t.hashes[:0], record)
	b := make([]byte, 0, len(t.hashes)*tlog.HashSize)
	for _, h := range t.hashes {
		b = append(b, h[:]...)
	}
	index := t.tree.Size()
	if _, err := t.exec("INSERT INTO leaves (idx, kind, ref, data, hashes) VALUES (?, ?, ?, ?, ?)",
		index, l.Kind, l.Ref, string(l.Data), b); err != nil {
		t.tree = before
		return fmt.Errorf("append leaf %d to the ledger: %w", index, err)
	}
	l.Index = index
	return nil
}
