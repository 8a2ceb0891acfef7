package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"sync/atomic"
	"time"

	"liveroom/moderation"
	"liveroom/moderation/ledger"
)

// maxGroup bounds how many updates share a commit: a flush takes milliseconds,
// and nobody should wait for more than a few dozen others' work.
const maxGroup = 64

// indexIdle is how long nothing must have been written for the rest of the
// search index to be.
const indexIdle = 500 * time.Millisecond

// An update is one call of Update on its way through the writer.
type update struct {
	fn    func(moderation.Tx) error
	taken atomic.Bool // by the writer, or by a caller who gave up
	done  chan error
}

// Update implements moderation.Store. When ctx ends before the writer came to
// fn, fn is not run; afterwards Update waits for the outcome.
func (s *Store) Update(ctx context.Context, fn func(moderation.Tx) error) error {
	if s.queue == nil {
		return fmt.Errorf("%s: %w", s.path, errReadOnly)
	}
	if err := ctx.Err(); err != nil {
		return err // the queue may have room too, and a select would toss a coin
	}
	u := &update{fn: fn, done: make(chan error, 1)}
	select {
	case <-s.closing:
		return fmt.Errorf("%s: %w", s.path, errClosed)
	case <-ctx.Done():
		return ctx.Err()
	case s.queue <- u:
	}
	select {
	case err := <-u.done:
		return err
	case <-ctx.Done():
		if u.taken.CompareAndSwap(false, true) {
			return ctx.Err()
		}
	case <-s.stopped:
		if u.taken.CompareAndSwap(false, true) {
			return fmt.Errorf("%s: %w", s.path, errClosed)
		}
	}
	return <-u.done
}

// write is the writer's goroutine.
func (s *Store) write() {
	defer close(s.stopped)
	w := &session{store: s}
	defer w.drop()
	group := make([]*update, 0, maxGroup)
	idle := time.NewTimer(0) // a file may come with events that are not indexed
	defer idle.Stop()
	for {
		select {
		case <-s.closing:
			return
		case <-idle.C:
			if w.tx != nil && w.tx.erased {
				w.scrub()
				idle.Reset(indexIdle)
			}
			if w.bringIndexOn() {
				idle.Reset(0)
			}
			continue
		case u := <-s.queue:
			group = append(group[:0], u)
		}
	waiting:
		for len(group) < maxGroup {
			select {
			case u := <-s.queue:
				group = append(group, u)
			default:
				break waiting
			}
		}
		w.commit(group)
		if w.tx != nil && w.tx.behind >= indexAt {
			w.bringIndexOn()
		}
		idle.Reset(indexIdle)
	}
}

// bringIndexOn brings the search index on by a chunk and tells whether there is
// more to do.
func (w *session) bringIndexOn() bool {
	left, err := w.index()
	if err != nil {
		w.drop()
		return false
	}
	w.tx.behind = int(left)
	return left > 0
}

// A session is the writer's connection with what is known of the file's end.
// After any failure of the file itself it is dropped and opened anew, so that
// no state of a broken transaction outlives it.
type session struct {
	store *Store
	conn  *sql.Conn
	tx    *tx
}

func (w *session) drop() {
	if w.conn == nil {
		return
	}
	_ = w.tx.stmts.close()
	// A bad connection is closed for good, where a closed one is used again.
	_ = w.conn.Raw(func(any) error { return driver.ErrBadConn })
	_ = w.conn.Close()
	w.conn, w.tx = nil, nil
}

func (w *session) open() error {
	if w.conn != nil {
		return nil
	}
	ctx := context.Background()
	conn, err := w.store.writer.Conn(ctx)
	if err != nil {
		return err
	}
	t := &tx{reader: reader{stmts: newStatements(conn.PrepareContext), path: w.store.path, inTx: true, secrets: w.store.secrets}}
	if t.tree, err = t.reader.tree(ctx); err != nil {
		_ = t.stmts.close()
		_ = conn.Close()
		return err
	}
	w.conn, w.tx = conn, t
	return nil
}

func (w *session) exec(query string) error {
	_, err := w.conn.ExecContext(context.Background(), query)
	return err
}

// commit runs the group in one transaction and answers each of it.
func (w *session) commit(group []*update) {
	errs := make([]error, len(group))
	mine := make([]bool, len(group))
	for i, u := range group {
		mine[i] = u.taken.CompareAndSwap(false, true)
	}
	if err := w.run(group, mine, errs); err != nil {
		w.drop()
		err = explain(w.store.path, err)
		for i := range errs {
			if errs[i] == nil {
				errs[i] = err
			}
		}
	}
	for i, u := range group {
		if mine[i] {
			u.done <- errs[i]
		}
	}
}

// run returns an error when nothing of the group is on disk.
func (w *session) run(group []*update, mine []bool, errs []error) error {
	if err := w.open(); err != nil {
		return err
	}
	before := w.tx.tree
	if err := w.exec("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	done := 0
	for i, u := range group {
		if !mine[i] {
			continue
		}
		ok, err := w.part(u.fn)
		if !ok {
			return err
		}
		if errs[i] = err; err == nil {
			done++
		}
	}
	if done == 0 {
		w.tx.tree = before
		w.tx.forgetKeys()
		return w.exec("ROLLBACK")
	}
	if err := w.exec("COMMIT"); err != nil {
		return err
	}
	w.scrub()
	return nil
}

// scrub brings what was erased out of the log too, as soon as nobody reads the
// record as it was before; until then it is tried again.
func (w *session) scrub() {
	if !w.tx.erased {
		return
	}
	loaded.forget()
	w.tx.forgetKeys()
	if w.tx.pieces && w.exec("VACUUM") == nil {
		w.tx.pieces = false
	}
	var busy, log, done int
	row := w.conn.QueryRowContext(context.Background(), "PRAGMA wal_checkpoint(TRUNCATE)")
	if err := row.Scan(&busy, &log, &done); err == nil && busy == 0 {
		w.tx.erased = w.tx.pieces
	}
}

// part runs one fn. An error with ok is fn's own and undid only fn's part.
func (w *session) part(fn func(moderation.Tx) error) (ok bool, err error) {
	before := w.tx.tree
	if err := w.exec("SAVEPOINT part"); err != nil {
		return false, err
	}
	err = w.tx.run(fn)
	if w.tx.failed != nil {
		return false, w.tx.failed
	}
	if err != nil {
		w.tx.tree = before
		w.tx.forgetKeys()
		if err := w.exec("ROLLBACK TO part"); err != nil {
			return false, err
		}
		if rerr := w.exec("RELEASE part"); rerr != nil {
			return false, rerr
		}
		return true, err
	}
	return true, w.exec("RELEASE part")
}

// tree reads the growing edge of the ledger.
func (r *reader) tree(ctx context.Context) (ledger.Tree, error) {
	var size int64
	if err := r.row(ctx, "SELECT coalesce(max(idx), 0) FROM leaves", nil, &size); err != nil {
		return ledger.Tree{}, err
	}
	return ledger.Resume(size, r.hashes(ctx))
}
