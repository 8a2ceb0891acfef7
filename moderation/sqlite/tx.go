package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"

	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/moderation/ledger"
)

// A tx is the writer's transaction. Its reader reads through the same
// connection and so sees what was written.
type tx struct {
	reader
	edge
	unindexed []line                  // the last events, which the search index lacks
	hashes    []ledger.Hash           // reused
	args      []any                   // reused
	failed    error                   // the file failed: nothing of the group can stand
	flagged   bool                    // a flag was raised, which nobody should wait for
	behind    int                     // events added since the search index was brought on
	keys      recent[string, heldKey] // by holder
	erased    bool                    // something that the log still holds
	pieces    bool                    // something that stood in the clear, of which pages may keep pieces
}

func newTx(r reader) *tx {
	return &tx{reader: r, keys: recent[string, heldKey]{most: keptHolders}}
}

// An edge is where the record ends.
type edge struct {
	log  ledger.Tree
	last int64 // the last event's index
}

// undo forgets what was added since the record ended there.
func (t *tx) undo(to edge) {
	t.edge = to
	t.forgetKeys()
	n := len(t.unindexed)
	for n > 0 && t.unindexed[n-1].index > to.last {
		n--
	}
	clear(t.unindexed[n:])
	t.unindexed = t.unindexed[:n]
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
		if !isConstraint(err) {
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

// addOne adds an event that may be known.
func (t *tx) addOne(r *moderation.Recorded, c *eventRow) (bool, error) {
	res, err := t.exec(`INSERT INTO events (source, id, room, kind, at, recv, spoken, text, detail, raw, raw_sha256, holder)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (source, id) DO NOTHING`, appendEvent(nil, r, c)...)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	if err != nil {
		return false, err
	}
	if n == 1 {
		r.Index, err = res.LastInsertId()
		t.last = r.Index
		return true, err
	}
	err = t.row(context.Background(), "SELECT idx FROM events WHERE source = ? AND id = ?", []any{r.Source, c.id}, &r.Index)
	return false, err
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

// Append implements moderation.Tx.
func (t *tx) Append(l *moderation.Leaf) error {
	one := []moderation.Leaf{*l}
	err := t.AppendAll(one)
	*l = one[0]
	return err
}
