package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"

	"modernc.org/sqlite"

	"liveroom/moderation"
)

// Reading a row through database/sql costs more than SQLite's own work on it:
// two locks and a boxed value a column. Rows that are read by thousands are
// taken where they stand instead, by an aggregate function that SQLite calls
// with each of them, which is less than half the time.

// gatherFunction is what the function is called in queries; its first argument
// is the number of the gathering.
const gatherFunction = "liveroom_gather"

func init() {
	// Text and blobs are given as they stand in SQLite's memory, which is
	// written over with the next row: gathered.Scan copies.
	sqlite.MustRegisterFunction(gatherFunction, &sqlite.FunctionImpl{
		NArgs: -1, VolatileArgs: true,
		MakeAggregate: func(sqlite.FunctionContext) (sqlite.AggregateFunction, error) { return &gatherStep{}, nil },
	})
}

// gatherings are those under way, by number.
var gatherings struct {
	sync.Map
	last atomic.Int64
}

// A gathering is what becomes of the rows of one query.
type gathering struct {
	take func(scanner) error
	err  error
}

// gatherStep is the function's state in SQLite.
type gatherStep struct{ of *gathering }

func (s *gatherStep) Step(_ *sqlite.FunctionContext, args []driver.Value) error {
	if s.of == nil {
		of, ok := gatherings.Load(args[0])
		if !ok {
			return fmt.Errorf("%s is not for queries of others", gatherFunction)
		}
		s.of = of.(*gathering)
	}
	if s.of.err == nil {
		s.of.err = s.of.take(gathered(args[1:]))
	}
	return s.of.err
}

// The rest of sqlite.AggregateFunction: the query's own result is nothing.
func (*gatherStep) WindowInverse(*sqlite.FunctionContext, []driver.Value) error { return nil }
func (*gatherStep) WindowValue(*sqlite.FunctionContext) (driver.Value, error)   { return nil, nil }
func (*gatherStep) Final(*sqlite.FunctionContext)                               {}

// gather reads all rows of SELECT columns rest. Their order is SQLite's own,
// whatever rest says.
func gather[T any](ctx context.Context, r *reader, scan func(scanner) (T, error), columns, rest string, args ...any) ([]T, error) {
	var out []T
	g := &gathering{take: func(row scanner) error {
		v, err := scan(row)
		if err == nil {
			out = append(out, v)
		}
		return err
	}}
	number := gatherings.last.Add(1)
	gatherings.Store(number, g)
	defer gatherings.Delete(number)
	var none any
	err := r.row(ctx, "SELECT "+gatherFunction+"(?, "+columns+") "+rest, append([]any{number}, args...), &none)
	if g.err != nil {
		return nil, fmt.Errorf("%s: %w: %w", r.path, moderation.ErrDamaged, g.err)
	}
	return out, err
}

// gatherInOrder reads all rows of a query with so many columns in the order that
// it gives them. The rows are copied once more on the way.
func gatherInOrder[T any](ctx context.Context, r *reader, scan func(scanner) (T, error), columns int, query string, args ...any) ([]T, error) {
	var names strings.Builder
	for i := range columns {
		fmt.Fprintf(&names, ", c%d", i)
	}
	return gather(ctx, r, scan, names.String()[2:], fmt.Sprintf("FROM (WITH listed (%s) AS (%s) SELECT * FROM listed)", names.String()[2:], query), args...)
}

// width is how many columns a list of them names.
func width(columns string) int {
	n, depth := 1, 0
	for _, c := range columns {
		switch {
		case c == '(':
			depth++
		case c == ')':
			depth--
		case c == ',' && depth == 0:
			n++
		}
	}
	return n
}

// gathered is a row as SQLite hands it over.
type gathered []driver.Value

// Scan implements scanner for the types that rows here are read into.
func (g gathered) Scan(into ...any) error {
	if len(into) != len(g) {
		return fmt.Errorf("a row has %d columns, %d expected", len(g), len(into))
	}
	for i, to := range into {
		if !put(to, g[i]) {
			return fmt.Errorf("column %d is %T and cannot be read into %T", i, g[i], to)
		}
	}
	return nil
}

// put reports whether it could fill in a value.
func put(into any, from driver.Value) bool {
	switch v := from.(type) {
	case int64:
		switch into := into.(type) {
		case *int64:
			*into = v
		case *bool:
			*into = v != 0
		case *int:
			*into = int(v)
		default:
			return false
		}
	case string:
		switch into := into.(type) {
		case *string:
			*into = strings.Clone(v)
		case *[]byte:
			*into = []byte(v)
		default:
			named := reflect.ValueOf(into).Elem()
			if named.Kind() != reflect.String {
				return false
			}
			named.SetString(strings.Clone(v))
		}
	case []byte:
		switch into := into.(type) {
		case *sql.RawBytes:
			*into = v
		case *[]byte:
			*into = append([]byte{}, v...)
		default:
			return false
		}
	case nil:
		switch into := into.(type) {
		case *sql.RawBytes:
			*into = nil
		case *[]byte:
			*into = nil
		default:
			return false
		}
	default:
		return false
	}
	return true
}
