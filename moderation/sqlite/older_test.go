package sqlite

import (
	"context"
	"database/sql"
	_ "embed"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"liveroom/moderation"
)

var (
	//go:embed testdata/version2.sql
	version2 string
	//go:embed testdata/version3.sql
	version3 string
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
