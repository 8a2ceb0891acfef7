package sqlite

import (
	"database/sql"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"liveroom/moderation"
)

func gatherable(t *testing.T) *Store {
	t.Helper()
	s, err := Open(t.Context(), filepath.Join(t.TempDir(), "gather.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

const threeRows = "FROM (SELECT 1 AS n, 'a' AS s, x'01' AS b UNION ALL SELECT 2, 'bb', x'' UNION ALL SELECT 3, '', NULL)"

// TestGatheredRowsStay: what is read does not change with the rows read after it,
// though SQLite hands all of them over in the same memory.
func TestGatheredRowsStay(t *testing.T) {
	type kind string
	type row struct {
		n    int64
		yes  bool
		text string
		kind kind
		blob string
	}
	scan := func(s scanner) (row, error) {
		var r row
		var b []byte
		err := s.Scan(&r.n, &r.yes, &r.text, &r.kind, &b)
		r.blob = string(b)
		return r, err
	}
	got, err := gather(t.Context(), &gatherable(t).reader, scan, "n, n > 1, s, s, b", threeRows)
	want := []row{{1, false, "a", "a", "\x01"}, {2, true, "bb", "bb", ""}, {3, true, "", "", ""}}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("gathered %+v, %v, want %+v", got, err, want)
	}
	none, err := gather(t.Context(), &gatherable(t).reader, scan, "n, n > 1, s, s, b", threeRows+" WHERE n > ?", 3)
	if err != nil || len(none) != 0 {
		t.Errorf("of no rows %+v, %v", none, err)
	}
}

// TestGatheringStopsAtABadRow: a row that cannot be read is damage to the record,
// and nothing is given in its place.
func TestGatheringStopsAtABadRow(t *testing.T) {
	r := &gatherable(t).reader
	bad := errors.New("bad row")
	for name, tt := range map[string]struct {
		columns string
		scan    func(scanner) (int64, error)
		want    string
	}{
		"what reads it says so": {"n", func(s scanner) (n int64, err error) {
			if err = s.Scan(&n); n == 2 {
				err = bad
			}
			return n, err
		}, "bad row"},
		"a text for a number":   {"s", func(s scanner) (n int64, err error) { return n, s.Scan(&n) }, "column 0 is string and cannot be read into *int64"},
		"a number for a text":   {"n", func(s scanner) (n int64, err error) { return n, s.Scan(new(string)) }, "column 0 is int64"},
		"a blob for a text":     {"b", func(s scanner) (n int64, err error) { return n, s.Scan(new(string)) }, "column 0 is []uint8"},
		"nothing for a text":    {"NULL", func(s scanner) (n int64, err error) { return n, s.Scan(new(string)) }, "column 0 is <nil>"},
		"a fraction for a text": {"1.5", func(s scanner) (n int64, err error) { return n, s.Scan(new(string)) }, "column 0 is float64"},
		"a text for raw bytes":  {"s", func(s scanner) (n int64, err error) { return n, s.Scan(new(sql.RawBytes)) }, "column 0 is string"},
		"too many columns":      {"n, s", func(s scanner) (n int64, err error) { return n, s.Scan(&n) }, "a row has 2 columns, 1 expected"},
	} {
		got, err := gather(t.Context(), r, tt.scan, tt.columns, threeRows)
		if !errors.Is(err, moderation.ErrDamaged) || !strings.Contains(err.Error(), tt.want) || got != nil {
			t.Errorf("%s: %v, %v, want ErrDamaged with %q", name, got, err, tt.want)
		}
	}
}

// TestOnlyGatherCallsItsFunction: in a query that nobody gathers it fails, and a
// gathering that is over is found by nobody.
func TestOnlyGatherCallsItsFunction(t *testing.T) {
	r := &gatherable(t).reader
	var none any
	err := r.row(t.Context(), "SELECT "+gatherFunction+"(?, n) "+threeRows, []any{int64(-1)}, &none)
	if err == nil || !strings.Contains(err.Error(), "not for queries of others") {
		t.Errorf("called by hand: %v", err)
	}
	if _, err := gather(t.Context(), r, func(s scanner) (n int64, err error) { return n, s.Scan(&n) }, "n", threeRows); err != nil {
		t.Fatal(err)
	}
	gatherings.Range(func(n, _ any) bool {
		t.Errorf("gathering %v is still known", n)
		return true
	})
}
