package sqlite

import (
	"context"
	"database/sql"
	"sync/atomic"
)

// What is committed stands in the log, and is written back into the file from time
// to time. SQLite has whoever commits do that, who waits for the disk meanwhile, and
// with him a flag that people wait for; a connection of its own does it beside him.

const (
	// backAt is how many pages of the log are written back together: those that are
	// written all the time then are copied once.
	backAt = 1000
	// longLog is how many pages the log has when it is to begin anew, which takes a
	// moment in which all of it is written back: the writer sees to that.
	longLog = 4000
	// fewPages are what the writer may be left with.
	fewPages = 100
	// passes is how often at most we go after a writer who is not left with few.
	passes = 3
)

// A checkpointer writes the log back, beside the writer.
type checkpointer struct {
	db        *sql.DB
	committed chan struct{} // closed at the end
	long      atomic.Bool   // the writer is to write the rest back
	done      chan struct{}
}

func newCheckpointer(path string) (*checkpointer, error) {
	db, err := sql.Open("sqlite", dsn(path, "rw"))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	c := &checkpointer{db: db, committed: make(chan struct{}, 1), done: make(chan struct{})}
	go c.run()
	return c, nil
}

// note tells that something was committed.
func (c *checkpointer) note() {
	select {
	case c.committed <- struct{}{}:
	default:
	}
}

func (c *checkpointer) run() {
	defer close(c.done)
	for range c.committed {
		for range passes {
			log, left := checkpoint(c.db, "NOOP")
			if left < backAt && (log < longLog || left <= fewPages) {
				break
			}
			checkpoint(c.db, "PASSIVE")
		}
		if log, _ := checkpoint(c.db, "NOOP"); log >= longLog {
			c.long.Store(true)
		}
	}
}

// close waits for what is being written back.
func (c *checkpointer) close() error {
	close(c.committed)
	<-c.done
	return c.db.Close()
}

// checkpoint has the log written back, and tells how many pages it has, and how many
// of them are not written back. A failure is no loss: they are read from the log, and
// it is tried again.
func checkpoint(db interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}, how string,
) (log, left int) {
	var busy, back int
	if err := db.QueryRowContext(context.Background(), "PRAGMA wal_checkpoint("+how+")").Scan(&busy, &log, &back); err != nil {
		return 0, 0
	}
	return log, log - back
}
