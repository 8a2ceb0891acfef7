package sqlite

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/moderation/storetest"
)

const holdEnv = "LIVEROOM_TEST_HOLD"

// TestMain lets the test binary be the other process that holds a record open.
func TestMain(m *testing.M) {
	if path := os.Getenv(holdEnv); path != "" {
		hold(path)
		return
	}
	flag.Parse()
	// Sources that are played into a record wait for the network most of the time.
	if err := flag.Set("test.parallel", "8"); err != nil {
		panic(err)
	}
	goleak.VerifyTestMain(m)
}

// hold opens the record, says so, and keeps it until standard input ends.
func hold(path string) {
	s, err := Open(context.Background(), path)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("open")
	_, _ = os.Stdin.Read(make([]byte, 1))
	_ = s.Close()
}

func open(t testing.TB, path string) *Store {
	t.Helper()
	s, err := Open(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestConformance(t *testing.T) {
	dir := t.TempDir()
	storetest.Run(t, func(t *testing.T, name string) moderation.Store {
		return open(t, filepath.Join(dir, name+".db"))
	})
}

func TestHistories(t *testing.T) {
	dir := t.TempDir()
	storetest.Histories(t, func(t *testing.T, name string) moderation.Store {
		return open(t, filepath.Join(dir, name+".db"))
	})
}

// SQLite before 3.51.3 can lose pages of a WAL that is reset while it is read.
func TestSQLiteIsNewEnough(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "x.db"))
	defer func() { _ = s.Close() }()
	var version string
	if err := s.row(t.Context(), "SELECT sqlite_version()", nil, &version); err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, part := range strings.Split(version, ".") {
		v, err := strconv.Atoi(part)
		if err != nil {
			t.Fatalf("version %q: %v", version, err)
		}
		n = n*1000 + v
	}
	if n < 3_051_003 {
		t.Errorf("SQLite %s, want 3.51.3 or newer", version)
	}
}

func TestEveryConnectionHasThePragmas(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "x.db"))
	defer func() { _ = s.Close() }()
	for pragma, want := range map[string]string{
		"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "5000", "trusted_schema": "0",
	} {
		for name, db := range map[string]*sql.DB{"writer": s.writer, "pool": s.pool} {
			if name == "writer" {
				// The only connection is the writer's own; ask through a second one like it.
				like, err := sql.Open("sqlite", dsn(s.path, "rw"))
				if err != nil {
					t.Fatal(err)
				}
				defer func() { _ = like.Close() }()
				db = like
			}
			var got string
			if err := db.QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&got); err != nil || got != want {
				t.Errorf("%s: %s = %q, %v; want %q", name, pragma, got, err, want)
			}
		}
	}
}

func TestReadersCannotWrite(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	s := open(t, path)
	defer func() { _ = s.Close() }()
	if _, err := s.pool.ExecContext(t.Context(), "DELETE FROM events"); err == nil {
		t.Error("a statement of the read pool wrote: no error")
	}
	ro, err := OpenReadOnly(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = ro.Close() }()
	if err := ro.Update(t.Context(), func(moderation.Tx) error { return nil }); !errors.Is(err, errReadOnly) {
		t.Errorf("update of a record opened for reading: %v", err)
	}
	if err := s.Update(t.Context(), func(tx moderation.Tx) error {
		_, _, err := storetest.AddEvent(tx, feed.Event{ID: "1", Source: "s", Room: "A", Kind: feed.KindChat})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if c, err := ro.Counts(t.Context()); err != nil || c.Events != 1 {
		t.Errorf("the other opener counts %d events, %v; want 1", c.Events, err)
	}
}

func TestOpenSaysWhatIsWrong(t *testing.T) {
	dir := t.TempDir()
	file := func(name, content string) string {
		p := filepath.Join(dir, name)
		if err := os.WriteFile(p, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return p
	}
	script := func(name, query string) string {
		p := filepath.Join(dir, name)
		db, err := sql.Open("sqlite", p)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = db.Close() }()
		if _, err := db.ExecContext(t.Context(), query); err != nil {
			t.Fatal(err)
		}
		return p
	}
	tests := []struct {
		name, path, want string
		is               error
	}{
		{"no name", "", "name a file with --db", nil},
		{"no folder", filepath.Join(dir, "none", "x.db"), "make it first", os.ErrNotExist},
		{"a folder", dir, "it is a folder", nil},
		{"a text", file("notes.txt", strings.Repeat("这不是数据库。", 100)), "it is not a database", nil},
		{"another program's", script("other.db", "CREATE TABLE t (x)"), "not one of liveroom's", nil},
		{
			"a newer one's", script("newer.db", fmt.Sprintf("PRAGMA application_id=%d; PRAGMA user_version=99; CREATE TABLE t (x)", applicationID)),
			fmt.Sprintf("has schema version 99 and this program knows %d", len(migrations)), moderation.ErrNewer,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, err := Open(t.Context(), tt.path)
			if err == nil {
				_ = s.Close()
				t.Fatal("no error")
			}
			if !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), tt.path) {
				t.Errorf("error %q does not say %q about %q", err, tt.want, tt.path)
			}
			if tt.is != nil && !errors.Is(err, tt.is) {
				t.Errorf("error %q is not %v", err, tt.is)
			}
		})
	}
	if _, err := OpenReadOnly(t.Context(), filepath.Join(dir, "absent.db")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("reading a record that is not there: %v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "absent.db")); err == nil {
		t.Error("reading made the file")
	}
}

func TestOddFileNames(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"a b.db", "50%.db", "what?.db", "#1.db", "a&mode=memory.db", "直播.db"} {
		p := filepath.Join(dir, name)
		s := open(t, p)
		if err := s.Update(t.Context(), func(tx moderation.Tx) error { return tx.PutRoom(moderation.Room{ID: name}) }); err != nil {
			t.Error(err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		info, err := os.Stat(p)
		if err != nil || info.Size() == 0 {
			t.Errorf("%s: %v, %v", name, info, err)
			continue
		}
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s: mode %v, others could read it", name, info.Mode())
		}
	}
}

func TestTwoWritersAreRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "room.db")
	link := path + ".link"
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	child := exec.CommandContext(t.Context(), os.Args[0])
	child.Env = append(os.Environ(), holdEnv+"="+path)
	in, err := child.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	ready := make(chan struct{})
	child.Stdout = writerFunc(func(p []byte) (int, error) {
		out.Write(p)
		close(ready)
		return len(p), nil
	})
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	<-ready
	if got := strings.TrimSpace(out.String()); got != "open" {
		t.Fatalf("the other process said %q", got)
	}
	for _, name := range []string{path, link} {
		_, err := Open(t.Context(), name)
		if err == nil || !strings.Contains(err.Error(), fmt.Sprintf("is being written by process %d on", child.Process.Pid)) {
			t.Errorf("open %s while another process has it: %v", name, err)
		}
	}
	ro, err := OpenReadOnly(t.Context(), path)
	if err != nil {
		t.Errorf("reading while another process writes: %v", err)
	} else {
		_ = ro.Close()
	}
	_ = in.Close()
	if err := child.Wait(); err != nil {
		t.Error(err)
	}
	s := open(t, path)
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

// fillUp lets the file grow no further, as a full disk would.
func fillUp(t *testing.T, mtx moderation.Tx) {
	t.Helper()
	if _, err := mtx.(*tx).stmts.get("SELECT 1"); err != nil {
		t.Fatal(err)
	}
	var pages int
	if err := mtx.(*tx).row(t.Context(), "PRAGMA max_page_count=1", nil, &pages); err != nil {
		t.Fatal(err)
	}
}

func bigEvent(id string) feed.Event {
	return feed.Event{ID: id, Source: "s", Room: "A", Kind: feed.KindChat, Raw: make([]byte, 1<<20)}
}

func TestAFullDiskFailsTheGroupAndPasses(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "x.db"))
	defer func() { _ = s.Close() }()
	err := s.Update(t.Context(), func(tx moderation.Tx) error {
		fillUp(t, tx)
		if _, _, err := storetest.AddEvent(tx, bigEvent("1")); err == nil {
			t.Error("a megabyte fitted into a full file")
		}
		return nil // an fn that overlooks it is not done all the same
	})
	if err == nil || !strings.Contains(err.Error(), "the disk is full") || !strings.Contains(err.Error(), s.path) {
		t.Errorf("update on a full disk: %v", err)
	}
	if c, err := s.Counts(t.Context()); err != nil || c.Events != 0 {
		t.Errorf("%d events, %v; want none", c.Events, err)
	}
	if err := s.Update(t.Context(), func(tx moderation.Tx) error {
		_, fresh, err := storetest.AddEvent(tx, bigEvent("1"))
		if !fresh {
			t.Error("the event that failed is there")
		}
		return err
	}); err != nil {
		t.Errorf("update once there is room again: %v", err)
	}
}

// Those who share a commit with one that broke the file are told the same.
func TestAFullDiskFailsAllWhoShareTheCommit(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "x.db"))
	defer func() { _ = s.Close() }()
	s.groupTime = time.Hour // however slow the machine is
	begun, finish := make(chan struct{}), make(chan struct{})
	errs := make(chan error, 4)
	go func() {
		errs <- s.Update(t.Context(), func(moderation.Tx) error {
			close(begun)
			<-finish
			return nil
		})
	}()
	<-begun
	for n := range 3 {
		go func() {
			errs <- s.Update(t.Context(), func(tx moderation.Tx) error {
				if n == 2 { // what comes behind it does not share its commit
					fillUp(t, tx)
					_, _, err := storetest.AddEvent(tx, bigEvent("1"))
					return err
				}
				return tx.PutRoom(moderation.Room{ID: strconv.Itoa(n)})
			})
		}()
		for len(s.queue) <= n {
			time.Sleep(time.Millisecond)
		}
	}
	close(finish)
	for range 4 {
		if err := <-errs; err == nil || !strings.Contains(err.Error(), "the disk is full") {
			t.Errorf("one who shared the commit: %v", err)
		}
	}
	if rooms, err := s.Rooms(t.Context()); err != nil || len(rooms) != 0 {
		t.Errorf("rooms %v, %v; want none", rooms, err)
	}
}

// A new flag is committed without those who wait behind it: people look for it.
func TestAFlagIsNotWaitedFor(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "x.db"))
	defer func() { _ = s.Close() }()
	s.groupTime = time.Hour // however slow the machine is
	begun, finish, finishLast := make(chan struct{}), make(chan struct{}), make(chan struct{})
	errs := make(chan error, 3)
	update := func(fn func(moderation.Tx) error) { errs <- s.Update(t.Context(), fn) }
	go update(func(tx moderation.Tx) error {
		close(begun)
		<-finish
		return tx.PutRoom(moderation.Room{ID: "A"})
	})
	<-begun
	go update(func(tx moderation.Tx) error {
		e, _, err := storetest.AddEvent(tx, bigEvent("1"))
		return errors.Join(err, tx.PutFlag(&moderation.Flag{Room: "A", Event: e.Index}))
	})
	for len(s.queue) < 1 {
		time.Sleep(time.Millisecond)
	}
	go update(func(moderation.Tx) error {
		<-finishLast
		return nil
	})
	for len(s.queue) < 2 {
		time.Sleep(time.Millisecond)
	}
	close(finish)
	for range 2 {
		select {
		case err := <-errs:
			if err != nil {
				t.Error(err)
			}
		case <-time.After(time.Minute):
			t.Fatal("the flag waits for who came after it")
		}
	}
	if flags, err := s.Flags(t.Context(), moderation.Page{}); err != nil || len(flags) != 1 {
		t.Errorf("%d flags, %v; want one", len(flags), err)
	}
	close(finishLast)
	if err := <-errs; err != nil {
		t.Error(err)
	}
}

// What somebody waits for goes before what came earlier.
func TestWhatIsAwaitedGoesFirst(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "x.db"))
	defer func() { _ = s.Close() }()
	begun, finish := make(chan struct{}), make(chan struct{})
	var order []string // by the writer alone
	var all sync.WaitGroup
	update := func(ctx context.Context, name string) {
		all.Go(func() {
			if err := s.Update(ctx, func(moderation.Tx) error { order = append(order, name); return nil }); err != nil {
				t.Error(err)
			}
		})
	}
	all.Go(func() {
		if err := s.Update(t.Context(), func(moderation.Tx) error { close(begun); <-finish; return nil }); err != nil {
			t.Error(err)
		}
	})
	<-begun
	for n := range 5 {
		update(t.Context(), "chat")
		for len(s.queue) <= n {
			time.Sleep(time.Millisecond)
		}
	}
	update(moderation.Awaited(t.Context()), "the host")
	for len(s.awaited) == 0 {
		time.Sleep(time.Millisecond)
	}
	close(finish)
	all.Wait()
	if len(order) != 6 || order[0] != "the host" {
		t.Errorf("recorded in the order %q", order)
	}
}

// indexed waits until the search index has caught up.
func indexed(t testing.TB, s *Store) {
	t.Helper()
	for range 2000 {
		var behind int64
		if err := s.row(t.Context(), "SELECT (SELECT coalesce(max(idx), 0) FROM events) - indexed FROM search_state", nil, &behind); err != nil {
			t.Fatal(err)
		}
		if behind == 0 {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("the search index did not catch up")
}

// A file of the first schema is brought on, and what it holds is found.
func TestAnOlderFileIsBroughtOn(t *testing.T) {
	path := filepath.Join(t.TempDir(), "old.db")
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(t.Context(), fmt.Sprintf("%s; PRAGMA application_id=%d; PRAGMA user_version=1;"+
		"INSERT INTO events VALUES (1, 's', '1', 'A', 'chat', 0, 0, 0, '围巾', '{}', x'', zeroblob(32))", migrations[0], applicationID)); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenReadOnly(t.Context(), path); err == nil || !strings.Contains(err.Error(), "has the older schema version 1") {
		t.Errorf("reading an older file: %v", err)
	}
	s := open(t, path)
	defer func() { _ = s.Close() }()
	indexed(t, s)
	if found := storetest.Search(t, s, "围巾", moderation.Page{}); len(found) != 1 {
		t.Errorf("found %v", found)
	}
}

func BenchmarkSearch(b *testing.B) {
	s := open(b, filepath.Join(b.TempDir(), "x.db"))
	defer func() { _ = s.Close() }()
	const total = 100_000
	for n := 0; n < total; {
		if err := s.Update(b.Context(), func(tx moderation.Tx) error {
			for range 1000 {
				n++
				text := []string{"这条围巾真的是纯羊毛吗", "什么时候发货", "主播好", "六六六"}[n%4] + strconv.Itoa(n)
				if n%10_000 == 0 {
					text = "手链发黄"
				}
				if _, _, err := storetest.AddEvent(tx, feed.Event{ID: strconv.Itoa(n), Source: "s", Room: "A", Kind: feed.KindChat, Text: text}); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			b.Fatal(err)
		}
	}
	indexed(b, s)
	for _, query := range []string{"手链", "羊毛", "羊毛 发货"} {
		b.Run(query, func(b *testing.B) {
			for b.Loop() {
				storetest.Search(b, s, query, moderation.Page{Before: 1 << 62, Limit: 100})
			}
		})
	}
}

func BenchmarkCommit256(b *testing.B) {
	s := open(b, filepath.Join(b.TempDir(), "x.db"))
	defer func() { _ = s.Close() }()
	n := 0
	raw := []byte(strings.Repeat("{\"type\":\"chat\"}", 20))
	data := []byte(`{"at":"2026-11-20T12:00:00Z","id":"c000001","kind":"chat","raw":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","room":"A","row":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","source":"chat"}`)
	when := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	for b.Loop() {
		if err := s.Update(b.Context(), func(tx moderation.Tx) error {
			for range 256 {
				n++
				e := feed.Event{
					ID: "c" + strconv.Itoa(n), Source: "wss://example.test/room/A", Room: "A", Kind: feed.KindChat, At: when, Recv: when,
					Text: "这条围巾真的是纯羊绒吗", User: feed.User{ID: "u1", Name: "小鹿", Role: feed.RoleViewer}, Raw: raw,
				}
				if _, _, err := storetest.AddEvent(tx, e); err != nil {
					return err
				}
				if err := tx.Append(&moderation.Leaf{Kind: "event", Ref: strconv.Itoa(n), Data: data}); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "events/s")
}
