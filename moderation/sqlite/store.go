package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"liveroom/moderation"
)

// readers is how many reads run at once: more than a screen, a desk and an
// export ask for together.
const readers = 4

// errReadOnly and errClosed are what Update says when it cannot begin.
var (
	errReadOnly = errors.New("the record was opened for reading only")
	errClosed   = errors.New("the record is closed")
)

// Store is a moderation.Store in one file.
type Store struct {
	reader
	path string
	pool *sql.DB
	lock *os.File

	writer    *sql.DB
	log       *checkpointer
	groupTime time.Duration
	awaited   chan *update // goes before queue
	queue     chan *update
	closing   chan struct{}
	stopped   chan struct{}
	close     sync.Once
	closed    error
}

var _ moderation.Store = (*Store)(nil)

// Open opens the record at path for reading and writing, makes it when it is
// not there, and brings an older one to the newest schema.
func Open(ctx context.Context, path string) (_ *Store, err error) {
	path, err = prepareFile(path)
	if err != nil {
		return nil, err
	}
	lock, err := takeLock(path)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			_ = lock.Close()
		}
	}()
	writer, err := sql.Open("sqlite", dsn(path, "rw"))
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	defer func() {
		if err != nil {
			_ = writer.Close()
		}
	}()
	// One connection: what the writer prepared and its transaction live on it.
	writer.SetMaxOpenConns(1)
	if err := migrate(ctx, writer, path); err != nil {
		return nil, err
	}
	s, err := newStore(path)
	if err != nil {
		return nil, err
	}
	if s.secrets, err = readSecrets(ctx, &s.reader); err != nil {
		_ = s.pool.Close()
		return nil, err
	}
	if s.log, err = newCheckpointer(path); err != nil {
		_ = s.pool.Close()
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	s.lock, s.writer = lock, writer
	s.queue, s.awaited, s.groupTime = make(chan *update, maxGroup), make(chan *update, maxGroup), groupTime
	s.closing = make(chan struct{})
	s.stopped = make(chan struct{})
	go s.write()
	return s, nil
}

// OpenReadOnly opens the record at path for reading, also while another process
// writes it. Update fails.
func OpenReadOnly(ctx context.Context, path string) (*Store, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	if _, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("open the record: %w", err)
	}
	s, err := newStore(path)
	if err != nil {
		return nil, err
	}
	version, err := identify(ctx, s.pool, path)
	if err == nil && version < len(migrations) {
		err = fmt.Errorf("%s has the older schema version %d: open it once with the console, which brings it to version %d", path, version, len(migrations))
	}
	if err == nil {
		s.secrets, err = readSecrets(ctx, &s.reader)
	}
	if err != nil {
		_ = s.pool.Close()
		return nil, err
	}
	return s, nil
}

func newStore(path string) (*Store, error) {
	pool, err := sql.Open("sqlite", dsn(path, "ro"))
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	pool.SetMaxOpenConns(readers)
	pool.SetMaxIdleConns(readers)
	s := &Store{path: path, pool: pool}
	s.reader = reader{stmts: newStatements(pool.PrepareContext), path: path}
	return s, nil
}

// prepareFile makes the file, readable by its owner alone as it will hold
// buyers' words, and returns its real path: two names of one file must meet in
// one lock.
func prepareFile(path string) (string, error) {
	if path == "" {
		return "", errors.New("no database given: name a file with --db")
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", fmt.Errorf("open %s: %w", path, err)
	}
	if _, err := os.Stat(filepath.Dir(abs)); err != nil {
		return "", fmt.Errorf("open %s: its folder cannot be used, make it first: %w", path, err)
	}
	if info, err := os.Stat(abs); err == nil && info.IsDir() {
		return "", fmt.Errorf("open %s: it is a folder: give a file to --db", path)
	}
	f, err := os.OpenFile(abs, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return "", fmt.Errorf("open %s for writing: %w", path, err)
	}
	if err := f.Close(); err != nil {
		return "", fmt.Errorf("open %s: %w", path, err)
	}
	resolved, err := filepath.EvalSymlinks(abs)
	if err != nil {
		return "", fmt.Errorf("open %s: %w", path, err)
	}
	return resolved, nil
}

// dsn names the file as a URI, so that no character of its name is taken for a
// parameter. The pragmas hold for every connection that is ever opened.
func dsn(path, mode string) string {
	p := filepath.ToSlash(path)
	if !strings.HasPrefix(p, "/") {
		p = "/" + p
	}
	q := url.Values{"mode": {mode}, "_pragma": {
		"busy_timeout(5000)",
		"synchronous(FULL)",
		"fullfsync(1)",
		"checkpoint_fullfsync(1)",
		"foreign_keys(1)",
		"temp_store(MEMORY)",
		"secure_delete(FAST)",
		"trusted_schema(0)",
	}}
	if mode == "rw" {
		// What is written lies together; memory holds each page of SQLite's twice
		// over, which the pages of modernc's allocator round it up to.
		q["_pragma"] = append(q["_pragma"], "journal_mode(WAL)", "wal_autocheckpoint(16000)", "cache_size(-8192)")
	} else {
		// A claim's orders lie all over the file: with SQLite's 2 MB each of
		// thousands is read from the disk's cache anew.
		q["_pragma"] = append(q["_pragma"], "query_only(1)", "cache_size(-16384)")
	}
	u := url.URL{Scheme: "file", Path: p, RawQuery: q.Encode()}
	return u.String()
}

// Snapshot implements moderation.Store. While fn runs the file cannot be
// compacted: it grows by what is written meanwhile.
func (s *Store) Snapshot(ctx context.Context, fn func(moderation.Record) error) error {
	conn, err := s.pool.Conn(ctx)
	if err != nil {
		return explain(s.path, err)
	}
	defer func() { _ = conn.Close() }()
	if _, err := conn.ExecContext(ctx, "BEGIN"); err != nil {
		return explain(s.path, err)
	}
	r := &reader{stmts: newStatements(conn.PrepareContext), path: s.path, secrets: s.secrets}
	// Statements and transaction end whatever became of ctx: the connection is
	// used again.
	defer func() {
		_ = r.stmts.close()
		_, _ = conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK")
	}()
	// The moment is that of the first read.
	if _, err := r.Rooms(ctx); err != nil {
		return err
	}
	return fn(r)
}

// Path is the file the record is in.
func (s *Store) Path() string { return s.path }

// Close finishes the updates that were begun and closes the file. Calls after
// the first return what the first did.
func (s *Store) Close() error {
	s.close.Do(func() {
		var errs []error
		if s.queue != nil {
			close(s.closing)
			<-s.stopped
			errs = append(errs, s.log.close())
		}
		errs = append(errs, s.stmts.close(), s.pool.Close())
		if s.writer != nil {
			// A copy of the file alone must be the whole record, and only a
			// connection that may write can bring it there. Where that fails, on
			// a full disk, nothing is lost: the next one to open the file does it.
			_, _ = s.writer.Exec("PRAGMA wal_checkpoint(TRUNCATE)")
			errs = append(errs, s.writer.Close(), s.lock.Close())
		}
		if err := errors.Join(errs...); err != nil {
			s.closed = fmt.Errorf("close %s: %w", s.path, err)
		}
	})
	return s.closed
}
