package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"sync/atomic"
	"time"

	"liveroom/moderation"
	"liveroom/moderation/ledger"
)

// maxGroup bounds how many updates share a commit, and groupTime for how long they
// may have worked when another joins them: a flush takes a millisecond, and nobody
// should wait for more than a few dozen others' work, or for a crowd's. After one
// with a new flag no other joins: somebody is to see it.
const (
	maxGroup  = 64
	groupTime = 8 * time.Millisecond
)

// indexIdle is how long nothing must have been written for the rest of the
// search index to be.
const indexIdle = 500 * time.Millisecond

// An update is one call of Update on its way through the writer.
type update struct {
	fn    func(moderation.Tx) error
	err   error       // fn's own
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
	u, queue := &update{fn: fn, done: make(chan error, 1)}, s.queue
	if moderation.IsAwaited(ctx) {
		queue = s.awaited
	}
	select {
	case <-s.closing:
		return fmt.Errorf("%s: %w", s.path, errClosed)
	case <-ctx.Done():
		return ctx.Err()
	case queue <- u:
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
	idle := time.NewTimer(0) // a file may come with events that are not indexed
	defer idle.Stop()
	for {
		u := s.waiting()
		if u == nil {
			select {
			case <-s.closing:
				return
			case <-idle.C:
				w.catchUp(idle)
				continue
			case u = <-s.awaited:
			case u = <-s.queue:
			}
		}
		w.commit(u)
		for w.tx != nil && w.tx.behind >= s.indexDue() {
			if !w.bringIndexOn() {
				break
			}
		}
		w.writeBack()
		idle.Reset(indexIdle)
	}
}

// indexDue is how far the index may be behind: a little further while somebody waits.
func (s *Store) indexDue() int {
	if len(s.awaited) > 0 {
		return indexAt + 2*indexChunk
	}
	return indexAt
}

// waiting is the update that comes next, one that somebody waits for first; nil where
// none waits, or the store is being closed.
func (s *Store) waiting() *update {
	select {
	case <-s.closing:
		return nil
	default:
	}
	select {
	case u := <-s.awaited:
		return u
	default:
	}
	select {
	case u := <-s.queue:
		return u
	default:
		return nil
	}
}

// catchUp does a piece of what was put off while nothing is to be written.
func (w *session) catchUp(idle *time.Timer) {
	if w.tx != nil && w.tx.erased {
		w.scrub()
		idle.Reset(indexIdle)
	}
	if w.bringIndexOn() {
		idle.Reset(0)
	}
	w.writeBack()
}

// writeBack writes the end of a long log back, so that it begins anew.
func (w *session) writeBack() {
	w.store.log.note()
	if w.conn != nil && w.store.log.long.CompareAndSwap(true, false) {
		checkpoint(w.conn, "PASSIVE")
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
	t := newTx(reader{stmts: newStatements(conn.PrepareContext), path: w.store.path, inTx: true, secrets: w.store.secrets})
	t.log, err = t.tree(ctx)
	if err == nil {
		err = t.row(ctx, "SELECT coalesce(max(idx), 0) FROM events", nil, &t.last)
	}
	if err != nil {
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

// commit runs an update, and those that wait behind it, in one transaction and
// answers each.
func (w *session) commit(first *update) {
	group := []*update{}
	err := w.run(first, &group)
	if err != nil {
		w.drop()
		err = explain(w.store.path, err)
	}
	for _, u := range group {
		u.done <- cmp.Or(u.err, err)
	}
}

// next is another update that waits and may share the group's commit.
func (w *session) next(group []*update, began time.Time) *update {
	if len(group) >= maxGroup || time.Since(began) > w.store.groupTime || w.tx != nil && w.tx.flagged {
		return nil
	}
	return w.store.waiting()
}

// run returns an error when nothing of the group is on disk. It fills in the group.
func (w *session) run(u *update, group *[]*update) error {
	began, done := time.Now(), 0
	for ; u != nil; u = w.next(*group, began) {
		if !u.taken.CompareAndSwap(false, true) {
			continue
		}
		*group = append(*group, u)
		part := w.alone
		if done > 0 {
			part = w.part
		}
		ok, err := part(u.fn)
		if !ok {
			return err
		}
		if u.err = err; err == nil {
			done++
		}
	}
	if done == 0 {
		return nil
	}
	if err := w.exec("COMMIT"); err != nil {
		return err
	}
	w.scrub()
	return nil
}

// alone begins a transaction and runs the first fn of it, whose error, with ok, ends
// it again: a savepoint would keep every page that the fn changes.
func (w *session) alone(fn func(moderation.Tx) error) (ok bool, err error) {
	if err := w.open(); err != nil {
		return false, err
	}
	before := w.tx.edge
	w.tx.flagged = false
	if err := w.exec("BEGIN IMMEDIATE"); err != nil {
		return false, err
	}
	err = w.tx.run(fn)
	if w.tx.failed != nil {
		return false, w.tx.failed
	}
	if err != nil {
		w.tx.undo(before)
		if err := w.exec("ROLLBACK"); err != nil {
			return false, err
		}
	}
	return true, err
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

// part runs another fn. An error with ok is fn's own and undid only fn's part.
func (w *session) part(fn func(moderation.Tx) error) (ok bool, err error) {
	before := w.tx.edge
	if err := w.exec("SAVEPOINT part"); err != nil {
		return false, err
	}
	err = w.tx.run(fn)
	if w.tx.failed != nil {
		return false, w.tx.failed
	}
	if err != nil {
		if err := w.undo(before); err != nil {
			return false, err
		}
		if rerr := w.exec("RELEASE part"); rerr != nil {
			return false, rerr
		}
		return true, err
	}
	return true, w.exec("RELEASE part")
}

// undo undoes the part that began at the edge.
func (w *session) undo(to edge) error {
	w.tx.undo(to)
	return w.exec("ROLLBACK TO part")
}

// tree reads the growing edge of the ledger.
func (r *reader) tree(ctx context.Context) (ledger.Tree, error) {
	var size int64
	if err := r.row(ctx, "SELECT coalesce(max(idx), 0) FROM leaves", nil, &size); err != nil {
		return ledger.Tree{}, err
	}
	return ledger.Resume(size, r.hashes(ctx))
}
