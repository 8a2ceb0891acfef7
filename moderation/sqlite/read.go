package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"math/bits"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"liveroom/feed"
	"liveroom/moderation"
)

// maxSteps is how many counts a tally gives at most: a year by minutes.
const maxSteps = 366 * 24 * 60

// walkedSteps is up to how many steps of a tally are counted one by one in the
// index. SQLite sorts what it groups, which of five million lines takes half a
// gigabyte of memory.
const walkedSteps = 10_000

// A reader answers moderation.Reader from one set of connections.
type reader struct {
	stmts *statements
	path  string
	inTx  bool
	secrets
}

// context is ctx, but inside a transaction one that never ends: a read that is
// broken off there would take the whole group's transaction with it.
func (r *reader) context(ctx context.Context) context.Context {
	if r.inTx {
		return context.Background()
	}
	return ctx
}

// row reads one row; none is ErrNotFound.
func (r *reader) row(ctx context.Context, query string, args []any, into ...any) error {
	stmt, err := r.stmts.get(query)
	if err != nil {
		return explain(r.path, err)
	}
	err = stmt.QueryRowContext(r.context(ctx), args...).Scan(into...)
	if errors.Is(err, sql.ErrNoRows) {
		return moderation.ErrNotFound
	}
	return explain(r.path, err)
}

// collect reads all rows of a query.
func collect[T any](ctx context.Context, r *reader, scan func(scanner) (T, error), query string, args ...any) ([]T, error) {
	stmt, err := r.stmts.get(query)
	if err != nil {
		return nil, explain(r.path, err)
	}
	return rowsOf(ctx, r, stmt, scan, args...)
}

// once is collect for a query that is hardly asked twice: its statement is not
// kept.
func once[T any](ctx context.Context, r *reader, scan func(scanner) (T, error), query string, args ...any) ([]T, error) {
	stmt, err := r.stmts.prepare(r.context(ctx), query)
	if err != nil {
		return nil, explain(r.path, fmt.Errorf("prepare %q: %w", query, err))
	}
	defer func() { _ = stmt.Close() }()
	return rowsOf(ctx, r, stmt, scan, args...)
}

func rowsOf[T any](ctx context.Context, r *reader, stmt *sql.Stmt, scan func(scanner) (T, error), args ...any) ([]T, error) {
	rows, err := stmt.QueryContext(r.context(ctx), args...)
	if err != nil {
		return nil, explain(r.path, err)
	}
	defer func() { _ = rows.Close() }()
	var out []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, fmt.Errorf("%s: %w: %w", r.path, moderation.ErrDamaged, err)
		}
		out = append(out, v)
	}
	return out, explain(r.path, rows.Err())
}

// A scanner is a row to be read: *sql.Row or *sql.Rows.
type scanner interface {
	Scan(into ...any) error
}

// A table tells how one kind of row is listed.
type table[T any] struct {
	name, columns string
	key           string // the column pages go by
	since         string // the column Since is about; "" : none
	open          string // the condition Open stands for; "" : none
	scan          func(scanner) (T, error)
}

func list[T any](ctx context.Context, r *reader, t table[T], p moderation.Page) ([]T, error) {
	var where []string
	var args []any
	cond := func(on bool, c string, arg ...any) {
		if on {
			where = append(where, c)
			args = append(args, arg...)
		}
	}
	back := p.Before != 0
	cond(p.Room != "", "room = ?", p.Room)
	cond(back, t.key+" < ?", p.Before)
	cond(!back && p.After != 0, t.key+" > ?", p.After)
	cond(!p.Since.IsZero() && t.since != "", t.since+" >= ?", moderation.Stamp(p.Since))
	cond(p.Open && t.open != "", t.open)
	for i, k := range p.Kinds {
		cond(i == 0, "kind IN (?"+strings.Repeat(", ?", len(p.Kinds)-1)+")")
		args = append(args, string(k))
	}
	if p.Keys != nil {
		keys, err := toJSON(p.Keys)
		if err != nil {
			return nil, err
		}
		cond(true, t.key+" IN (SELECT value FROM json_each(?))", keys)
	}
	var q strings.Builder
	fmt.Fprintf(&q, "SELECT %s FROM %s", t.columns, t.name)
	if len(where) > 0 {
		q.WriteString(" WHERE " + strings.Join(where, " AND "))
	}
	q.WriteString(" ORDER BY " + t.key)
	if back {
		q.WriteString(" DESC")
	}
	q.WriteString(limited(p.Limit))
	out, err := gatherInOrder(ctx, r, t.scan, width(t.columns), q.String(), args...)
	if err != nil {
		return nil, fmt.Errorf("list %s: %w", t.name, err)
	}
	if back {
		slices.Reverse(out)
	}
	return out, nil
}

// one reads the row whose column is id.
func one[T any](ctx context.Context, r *reader, t table[T], column string, id any) (T, error) {
	out, err := collect(ctx, r, t.scan, fmt.Sprintf("SELECT %s FROM %s WHERE %s = ?", t.columns, t.name, column), id)
	if err == nil && len(out) == 0 {
		err = moderation.ErrNotFound
	}
	if err != nil {
		var none T
		return none, fmt.Errorf("%s %v: %w", strings.TrimSuffix(t.name, "s"), id, err)
	}
	return out[0], nil
}

func (r *reader) Rooms(ctx context.Context) ([]moderation.Room, error) {
	return collect(ctx, r, scanRoom, "SELECT id, name, time_zone, on_air, on_air_fen, on_air_at, started_at, ended_at, heard FROM rooms ORDER BY id")
}

func (r *reader) Position(ctx context.Context, source string) (feed.Position, error) {
	p := feed.Position{Source: source}
	var at int64
	err := r.row(ctx, "SELECT epoch, offset, id, at FROM positions WHERE source = ?", []any{source}, &p.Epoch, &p.Offset, &p.ID, &at)
	if errors.Is(err, moderation.ErrNotFound) {
		return feed.Position{Source: source}, nil
	}
	if err != nil {
		return feed.Position{}, fmt.Errorf("position of %s: %w", source, err)
	}
	p.At = moderation.Unstamp(at)
	return p, nil
}

func (r *reader) Events(ctx context.Context, p moderation.Page) ([]moderation.Recorded, error) {
	if len(p.Kinds) > 0 && p.Room != "" && p.Limit > 0 {
		return r.pageOfKinds(ctx, p)
	}
	return list(ctx, r, events, p)
}

func (r *reader) EventsOf(ctx context.Context, room string, kinds []feed.Kind, from, to time.Time, limit int) ([]moderation.Recorded, error) {
	if len(kinds) == 0 {
		return nil, nil
	}
	args := []any{room}
	for _, k := range kinds {
		args = append(args, string(k))
	}
	args = append(args, moderation.Stamp(from), moderation.Stamp(to))
	// The plus keeps SQLite from walking the whole room in record order to spare
	// the sorting of the few events that are asked for.
	q := fmt.Sprintf("SELECT %s FROM events WHERE room = ? AND kind IN (?%s) AND at BETWEEN ? AND ? ORDER BY +idx",
		events.columns, strings.Repeat(", ?", len(kinds)-1))
	if limit > 0 {
		q += limited(limit)
	}
	out, err := collect(ctx, r, scanEvent, q, args...)
	if err != nil {
		return nil, fmt.Errorf("events of %s: %w", room, err)
	}
	return out, nil
}

func (r *reader) Tally(ctx context.Context, room string, kinds []feed.Kind, from, to time.Time, step time.Duration) ([]int64, error) {
	first, last := moderation.Stamp(from), moderation.Stamp(to)
	if len(kinds) == 0 || last <= first {
		return nil, nil
	}
	span := uint64(last) - uint64(first) // an int64 would not hold the widest
	if step <= 0 || span > math.MaxInt64 || span/uint64(step) >= maxSteps {
		return nil, fmt.Errorf("tally of %s: %s to %s in steps of %s is more than %d counts or %s: count less or in longer steps",
			room, from, to, step, maxSteps, time.Duration(math.MaxInt64))
	}
	type count struct{ step, n int64 }
	steps := int64((span-1)/uint64(step)) + 1
	in := strings.Repeat(", ?", len(kinds)-1)
	q, args := "SELECT (at - ?) / ?, count(*) FROM events WHERE room = ? AND kind IN (?"+in+") AND at >= ? AND at < ? GROUP BY 1", []any{first, int64(step), room}
	if steps <= walkedSteps {
		q = `WITH RECURSIVE steps (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM steps WHERE i + 1 < ?1)
			SELECT i, (SELECT count(*) FROM events WHERE room = ?5 AND kind IN (?` + in + `) AND at BETWEEN ?2 + i * ?3 AND ?2 + min(i * ?3 + ?3 - 1, ?4)) FROM steps`
		args = []any{steps, first, int64(step), int64(span) - 1, room}
	}
	for _, k := range kinds {
		args = append(args, string(k))
	}
	if steps > walkedSteps {
		args = append(args, first, last)
	}
	counted, err := collect(ctx, r, func(s scanner) (c count, err error) { return c, s.Scan(&c.step, &c.n) }, q, args...)
	if err != nil {
		return nil, fmt.Errorf("tally of %s: %w", room, err)
	}
	out := make([]int64, steps)
	for _, c := range counted {
		out[c.step] += c.n
	}
	return out, nil
}

func (r *reader) Utterances(ctx context.Context, room string, from, to time.Time) ([]moderation.Recorded, error) {
	out, err := collect(ctx, r, scanEvent,
		"SELECT "+events.columns+" FROM events WHERE room = ? AND spoken AND at BETWEEN ? AND ? ORDER BY idx",
		room, moderation.Stamp(from), moderation.Stamp(to))
	if err != nil {
		return nil, fmt.Errorf("utterances of %s: %w", room, err)
	}
	return out, nil
}

func (r *reader) Flag(ctx context.Context, id int64) (moderation.Flag, error) {
	return one(ctx, r, flags, "id", id)
}

func (r *reader) Flags(ctx context.Context, p moderation.Page) ([]moderation.Flag, error) {
	return list(ctx, r, flags, p)
}

func (r *reader) FlagsOf(ctx context.Context, of []int64) ([]moderation.Flag, error) {
	ids, err := toJSON(of)
	if err != nil {
		return nil, err
	}
	out, err := collect(ctx, r, scanFlag,
		"SELECT "+flags.columns+" FROM flags WHERE event IN (SELECT value FROM json_each(?)) ORDER BY id", ids)
	if err != nil {
		return nil, fmt.Errorf("flags of events: %w", err)
	}
	return out, nil
}

func (r *reader) Complaint(ctx context.Context, id int64) (moderation.Complaint, error) {
	return one(ctx, r, complaints, "id", id)
}

func (r *reader) Complaints(ctx context.Context, p moderation.Page) ([]moderation.Complaint, error) {
	return list(ctx, r, complaints, p)
}

func (r *reader) Problem(ctx context.Context, id int64) (moderation.Problem, error) {
	return one(ctx, r, problems, "id", id)
}

func (r *reader) Problems(ctx context.Context, p moderation.Page) ([]moderation.Problem, error) {
	return list(ctx, r, problems, p)
}

func (r *reader) Question(ctx context.Context, id int64) (moderation.Question, error) {
	return one(ctx, r, questions, "id", id)
}

func (r *reader) Questions(ctx context.Context, p moderation.Page) ([]moderation.Question, error) {
	return list(ctx, r, questions, p)
}

func (r *reader) Order(ctx context.Context, id string) (moderation.Order, error) {
	o, err := one(ctx, r, orders, "id", r.orderName(id))
	if n, ok := moderation.ErasedOrderNumber(id); ok && errors.Is(err, moderation.ErrNotFound) {
		if o, err = one(ctx, r, orders, "number", n); err == nil && o.ID != id {
			return moderation.Order{}, fmt.Errorf("order %d: %w", n, moderation.ErrNotFound)
		}
	}
	return o, err
}

func (r *reader) Orders(ctx context.Context, p moderation.Page) ([]moderation.Order, error) {
	return list(ctx, r, orders, p)
}

func (r *reader) OrdersOf(ctx context.Context, l moderation.Link, limit int) ([]moderation.Order, error) {
	var where string
	var args []any
	switch {
	case l.Value == "":
		return nil, nil
	case l.Kind == moderation.LinkBuyer:
		where = "holder IN (SELECT number FROM buyer_keys WHERE name IN (?, ?))"
		for _, h := range moderation.BuyerHolders(l.Value) {
			args = append(args, r.namer.Name(h...))
		}
	case l.Kind == moderation.LinkAddress:
		where, args = "address_hash = ?", []any{r.addressName(l.Value)}
	case l.Kind == moderation.LinkDevice:
		// The index holds the orders that name a device alone.
		where, args = "device = ? AND device <> ''", []any{r.deviceName(l.Value)}
	default:
		return nil, fmt.Errorf("orders of a %s: only those of a buyer, an address or a device can be listed", l.Kind)
	}
	out, err := collect(ctx, r, scanOrder, "SELECT "+orders.columns+" FROM orders WHERE "+where+" ORDER BY number DESC"+limited(limit), args...)
	if err != nil {
		return nil, fmt.Errorf("orders of a %s: %w", l.Kind, err)
	}
	return out, nil
}

func (r *reader) Case(ctx context.Context, id int64) (moderation.Case, error) {
	return one(ctx, r, cases, "id", id)
}

func (r *reader) Cases(ctx context.Context, p moderation.Page) ([]moderation.Case, error) {
	return list(ctx, r, cases, p)
}

func (r *reader) Effects(ctx context.Context, due time.Time) ([]moderation.Effect, error) {
	if due.IsZero() {
		return list(ctx, r, effects, moderation.Page{})
	}
	return collect(ctx, r, scanEffect,
		"SELECT "+effects.columns+" FROM effects WHERE status IN ('pending', 'begun') AND not_before <= ? ORDER BY not_before, id", moderation.Stamp(due))
}

// Effect implements moderation.Tx.
func (r *reader) Effect(ctx context.Context, id int64) (moderation.Effect, error) {
	return one(ctx, r, effects, "id", id)
}

func (r *reader) Actions(ctx context.Context, p moderation.Page) ([]moderation.Action, error) {
	p.Room = "" // a deed belongs to its actor, not to a room
	return list(ctx, r, actions, p)
}

func (r *reader) LastAction(ctx context.Context, actor string) (moderation.Action, error) {
	out, err := collect(ctx, r, scanAction,
		"SELECT "+actions.columns+" FROM actions WHERE actor = ? AND NOT undone AND command <> 'undo' ORDER BY id DESC LIMIT 1", actor)
	if err == nil && len(out) == 0 {
		err = moderation.ErrNotFound
	}
	if err != nil {
		return moderation.Action{}, fmt.Errorf("last action of %s: %w", actor, err)
	}
	return out[0], nil
}

func (r *reader) ActionByKey(ctx context.Context, actor, key string) (moderation.Action, error) {
	out, err := collect(ctx, r, scanAction, "SELECT "+actions.columns+" FROM actions WHERE actor = ? AND key = ? AND key <> ''", actor, key)
	if err == nil && len(out) == 0 {
		err = moderation.ErrNotFound
	}
	if err != nil {
		return moderation.Action{}, fmt.Errorf("action of %s by key: %w", actor, err)
	}
	return out[0], nil
}

func (r *reader) Leaves(ctx context.Context, after int64, limit int) ([]moderation.Leaf, error) {
	return list(ctx, r, leaves, moderation.Page{After: after, Limit: limit})
}

func (r *reader) Head(ctx context.Context) (moderation.Head, error) {
	tree, err := r.tree(ctx)
	if err != nil {
		return moderation.Head{}, fmt.Errorf("head of the ledger: %w", err)
	}
	return moderation.Head{Size: tree.Size(), Root: tree.Root()}, nil
}

func (r *reader) Counts(ctx context.Context) (moderation.Counts, error) {
	var c moderation.Counts
	err := r.row(ctx, `SELECT
		(SELECT count(*) FROM events), (SELECT count(*) FROM flags), (SELECT count(*) FROM complaints),
		(SELECT count(*) FROM problems), (SELECT count(*) FROM questions), (SELECT count(*) FROM orders), (SELECT count(*) FROM cases),
		(SELECT count(*) FROM events WHERE kind = 'gap'),
		(SELECT count(*) FROM (SELECT 1 FROM events GROUP BY source, id HAVING count(*) > 1))`, nil,
		&c.Events, &c.Flags, &c.Complaints, &c.Problems, &c.Questions, &c.Orders, &c.Cases, &c.Gaps, &c.Duplicated)
	if err != nil {
		return moderation.Counts{}, fmt.Errorf("count the record: %w", err)
	}
	return c, nil
}

func (r *reader) LedgerHashes(ctx context.Context, indexes []int64) ([][32]byte, error) {
	got, err := r.hashes(ctx).ReadHashes(indexes)
	if err != nil {
		return nil, err
	}
	out := make([][32]byte, len(got))
	for i, h := range got {
		out[i] = h
	}
	return out, nil
}

// hashes reads stored hashes: each stands with the leaf that completed it, a
// leaf's own hash first.
func (r *reader) hashes(ctx context.Context) tlog.HashReader {
	return tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		byLeaf, err := r.leafHashes(ctx, indexes)
		if err != nil {
			return nil, fmt.Errorf("ledger hashes: %w", err)
		}
		out := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			leaf, level := leafOf(index)
			b := byLeaf[leaf]
			if want := bits.TrailingZeros64(uint64(leaf)) + 1; len(b) != want*tlog.HashSize {
				return nil, fmt.Errorf("%s: %w: leaf %d has %d bytes of hashes and not %d", r.path, moderation.ErrDamaged, leaf, len(b), want*tlog.HashSize)
			}
			copy(out[i][:], b[level*tlog.HashSize:])
		}
		return out, nil
	})
}

// leafOf tells which leaf's row (from 1) holds the stored hash, and where.
func leafOf(index int64) (leaf int64, level int) {
	level, n := tlog.SplitStoredHashIndex(index)
	return (n + 1) << level, level
}

func (r *reader) leafHashes(ctx context.Context, indexes []int64) (map[int64][]byte, error) {
	var want []int64
	for _, index := range indexes {
		leaf, _ := leafOf(index)
		want = append(want, leaf)
	}
	slices.Sort(want)
	want = slices.Compact(want)
	out := make(map[int64][]byte, len(want))
	if len(want) == 0 {
		return out, nil
	}
	// Checking a ledger asks for one leaf after the other.
	which, args := "BETWEEN ? AND ?", []any{want[0], want[len(want)-1]}
	if want[len(want)-1]-want[0] >= int64(len(want)) {
		ids, err := toJSON(want)
		if err != nil {
			return nil, err
		}
		which, args = "IN (SELECT value FROM json_each(?))", []any{ids}
	}
	type row struct {
		leaf   int64
		hashes []byte
	}
	rows, err := gather(ctx, r, func(s scanner) (v row, err error) { return v, s.Scan(&v.leaf, &v.hashes) },
		"idx, hashes", "FROM leaves WHERE idx "+which, args...)
	for _, v := range rows {
		out[v.leaf] = v.hashes
	}
	return out, err
}
