package sqlite

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"liveroom/moderation"
)

// A sifted list is walked by its key. Where the sieve asks for words the walk
// goes along the search index and sees none of the other events; where it asks
// for kinds of event in a room, along those. What a walk looks at is bounded
// by rows of the index, before any condition is tried: a condition that nothing
// meets costs no more than one that all meet.

// A siftable is a list as a sieve sees it.
type siftable struct {
	table, key, since, open string
	columns                 map[moderation.Column]string
}

func siftableOf[T any](t table[T], columns map[moderation.Column]string) siftable {
	return siftable{t.name, t.key, t.since, t.open, columns}
}

var siftables = map[moderation.List]siftable{
	moderation.ListEvents: siftableOf(events, map[moderation.Column]string{
		moderation.ColumnRoom: "room", moderation.ColumnKind: "kind", moderation.ColumnAt: "at", moderation.ColumnSpoken: "spoken",
	}),
	moderation.ListFlags: siftableOf(flags, map[moderation.Column]string{
		moderation.ColumnRoom: "room", moderation.ColumnAt: "at", moderation.ColumnStatus: "status", moderation.ColumnCase: "case_id",
		moderation.ColumnSent: "corrected", moderation.ColumnSKU: ofFinding("SKU"), moderation.ColumnCategory: ofFinding("Category"),
		moderation.ColumnVerdict: ofFinding("Verdict"), moderation.ColumnSeverity: ofFinding("Severity"), moderation.ColumnRule: ofFinding("Rule"),
	}),
	moderation.ListComplaints: siftableOf(complaints, map[moderation.Column]string{
		moderation.ColumnRoom: "room", moderation.ColumnAt: "at", moderation.ColumnSKU: "sku", moderation.ColumnKind: "type", moderation.ColumnPriority: "priority",
		moderation.ColumnChannel: "channel", moderation.ColumnProblem: "problem", moderation.ColumnCase: "case_id",
	}),
	moderation.ListProblems: siftableOf(problems, map[moderation.Column]string{
		moderation.ColumnRoom: "room", moderation.ColumnAt: "said_at", moderation.ColumnSKU: "sku",
	}),
	moderation.ListQuestions: siftableOf(questions, map[moderation.Column]string{
		moderation.ColumnRoom: "room", moderation.ColumnAt: "at", moderation.ColumnSKU: "sku", moderation.ColumnAnswered: "answered_at", moderation.ColumnTimes: "times",
	}),
	moderation.ListOrders: siftableOf(orders, map[moderation.Column]string{
		moderation.ColumnRoom: "room", moderation.ColumnAt: "coalesce(nullif(paid_at, 0), created_at)", moderation.ColumnSKU: "sku", moderation.ColumnStatus: "status",
		moderation.ColumnRefund: "refund", moderation.ColumnAmount: "iif(paid_fen > 0, paid_fen, amount_fen)", moderation.ColumnQty: "qty",
		moderation.ColumnPaidAt: "paid_at", moderation.ColumnCase: "case_id",
	}),
	moderation.ListCases: siftableOf(cases, map[moderation.Column]string{
		moderation.ColumnRoom: "room", moderation.ColumnAt: "opened_at", moderation.ColumnSKU: "sku", moderation.ColumnStatus: "state", moderation.ColumnKind: "kind",
		moderation.ColumnCategory: "category", moderation.ColumnOutcome: "outcome", moderation.ColumnOwner: "owner", moderation.ColumnDue: "due_at",
		moderation.ColumnSnoozed: "snoozed_to", moderation.ColumnRaised: "escalated", moderation.ColumnID: "id",
	}),
}

// ofFinding is a member of a flag's finding; what is not told is left out there.
func ofFinding(member string) string {
	return fmt.Sprintf("coalesce(CASE WHEN json_valid(finding) THEN finding ->> '%s' END, '')", member)
}

// Sift implements moderation.Reader.
func (r *reader) Sift(ctx context.Context, l moderation.List, s moderation.Sieve, p moderation.Page) (moderation.Sifted, error) {
	of, ok := siftables[l]
	if !ok {
		return moderation.Sifted{}, fmt.Errorf("sift %s: there is no such list", l)
	}
	w := &sifting{ctx: ctx, r: r, of: of, page: p}
	if w.cond, w.args, _ = of.condition(s); w.cond != "" {
		w.cond = "(" + w.cond + ")"
	}
	if !p.Since.IsZero() && of.since != "" {
		w.also(of.since+" >= ?", moderation.Stamp(p.Since))
	}
	if p.Open && of.open != "" {
		w.also(of.open)
	}
	if l == moderation.ListEvents {
		w.match = r.matchExpression(s)
	}
	if err := w.walk(l, s); err != nil {
		return moderation.Sifted{}, fmt.Errorf("sift %s: %w", l, err)
	}
	return w.out, nil
}

// A sifting is one walk.
type sifting struct {
	ctx   context.Context
	r     *reader
	of    siftable
	page  moderation.Page
	match string // what the search index is asked for; "" : it does not help
	cond  string // "" : every row is let through
	args  []any
	out   moderation.Sifted
}

func (w *sifting) also(cond string, args ...any) {
	if w.cond != "" {
		w.cond += " AND "
	}
	w.cond += cond
	w.args = append(slices.Clip(w.args), args...)
}

func (w *sifting) back() bool { return w.page.Before != 0 }

func (w *sifting) walk(l moderation.List, s moderation.Sieve) error {
	if w.match != "" {
		return w.byWords()
	}
	if kinds := kindsOf(s); l == moderation.ListEvents && w.page.Room != "" && len(kinds) > 0 {
		return w.byKinds(kinds)
	}
	return w.byKey(0, math.MaxInt64)
}

// bounds is the stretch of keys that the page and a walk's own end leave, both
// included.
func (w *sifting) bounds(low, high int64) (from, to int64) {
	if w.back() {
		return low, min(high, w.page.Before-1)
	}
	return max(low, w.page.After+1), high
}

func (w *sifting) order() string {
	if w.back() {
		return " DESC"
	}
	return ""
}

// byKey walks over the rows of the keys in [low, high].
func (w *sifting) byKey(low, high int64) error {
	from, to := w.bounds(low, high)
	where, args := w.of.key+" BETWEEN ? AND ?", []any{from, to}
	if w.page.Room != "" {
		where += " AND room = ?"
		args = append(args, w.page.Room)
	}
	n, end, err := w.reach("SELECT "+w.of.key+" AS key FROM "+w.of.table+" WHERE "+where+" ORDER BY "+w.of.key+w.order()+limited(w.page.Limit), args)
	if err != nil || n == 0 {
		return err
	}
	if w.back() {
		args[0] = end
	} else {
		args[1] = end
	}
	if w.cond != "" {
		where += " AND " + w.cond
	}
	return w.take("SELECT "+w.of.key+" FROM "+w.of.table+" WHERE "+where+" ORDER BY "+w.of.key+w.order(), append(args, w.args...))
}

// reach tells how many rows a walk looks at and where it ends with them. A walk
// that stops before its limit is at the end.
func (w *sifting) reach(rows string, args []any) (n int, end int64, err error) {
	last := "max"
	if w.back() {
		last = "min"
	}
	reached, err := once(w.ctx, w.r, func(s scanner) (v [2]int64, err error) { return v, s.Scan(&v[0], &v[1]) },
		fmt.Sprintf("SELECT count(*), coalesce(%s(key), 0) FROM (%s)", last, rows), args...)
	if err != nil {
		return 0, 0, err
	}
	n, end = int(reached[0][0]), reached[0][1]
	if n > 0 {
		w.out.At = end
	}
	w.out.End = w.page.Limit <= 0 || n < w.page.Limit
	return n, end, nil
}

func (w *sifting) take(query string, args []any) error {
	keys, err := once(w.ctx, w.r, func(s scanner) (k int64, err error) { return k, s.Scan(&k) }, query, args...)
	w.out.Keys = append(w.out.Keys, keys...)
	return err
}

// byWords walks along the search index, and over the events that it does not
// know yet.
func (w *sifting) byWords() error {
	var indexed, last int64
	if err := w.r.row(w.ctx, "SELECT indexed, (SELECT coalesce(max(idx), 0) FROM events) FROM search_state", nil, &indexed, &last); err != nil {
		return err
	}
	tail := func() error { return w.byKey(indexed+1, math.MaxInt64) }
	index := func() error { return w.byIndex(indexed) }
	first, then := index, tail
	if w.back() {
		first, then = tail, index
	}
	if err := first(); err != nil || !w.out.End {
		return err
	}
	return then()
}

func (w *sifting) byIndex(indexed int64) error {
	from, to := w.bounds(0, indexed)
	if w.page.Room != "" {
		var err error
		if from, to, err = w.ofRoom(from, to); err != nil {
			return err
		}
	}
	// One walk only: of words that begin alike FTS5 gathers all before the first.
	keys, err := once(w.ctx, w.r, func(s scanner) (k int64, err error) { return k, s.Scan(&k) },
		"SELECT rowid FROM event_words WHERE event_words MATCH ? AND rowid BETWEEN ? AND ? ORDER BY rowid"+w.order()+limited(w.page.Limit), w.match, from, to)
	if err != nil {
		return err
	}
	w.out.End = w.page.Limit <= 0 || len(keys) < w.page.Limit
	if len(keys) == 0 {
		return nil
	}
	w.out.At = keys[len(keys)-1]
	if w.cond == "" && w.page.Room == "" {
		w.out.Keys = append(w.out.Keys, keys...)
		return nil
	}
	cond, args := w.cond, w.args
	if w.page.Room != "" {
		cond, args = strings.TrimPrefix(cond+" AND room = ?", " AND "), append(slices.Clip(args), w.page.Room)
	}
	in, err := toJSON(keys)
	if err != nil {
		return err
	}
	return w.take("SELECT idx FROM events WHERE idx IN (SELECT value FROM json_each(?)) AND "+cond+" ORDER BY idx"+w.order(), append([]any{in}, args...))
}

// ofRoom brings the end of a stretch that a walk begins at to the room's first event
// there: since a broadcast was over others may have talked for days.
func (w *sifting) ofRoom(from, to int64) (int64, int64, error) {
	begin, end := "coalesce(min(idx), ?3 + 1)", "?3"
	if w.back() {
		begin, end = "?2", "coalesce(max(idx), ?2 - 1)"
	}
	err := w.r.row(w.ctx, "SELECT "+begin+", "+end+" FROM events INDEXED BY events_room WHERE room = ?1 AND idx BETWEEN ?2 AND ?3", []any{w.page.Room, from, to}, &from, &to)
	return from, to, err
}

// byKinds walks over the room's events of some kinds, each in the index on its
// own.
func (w *sifting) byKinds(kinds []string) error {
	kinds = slices.Compact(slices.Sorted(slices.Values(kinds)))
	from, to := w.bounds(0, math.MaxInt64)
	var walks []string
	var args []any
	for _, k := range kinds {
		walks = append(walks, "SELECT idx FROM (SELECT idx FROM events INDEXED BY events_feed WHERE room = ? AND kind = ? AND idx BETWEEN ? AND ? ORDER BY idx"+
			w.order()+limited(w.page.Limit)+")")
		args = append(args, w.page.Room, k, from, to)
	}
	n, end, err := w.reach("SELECT idx AS key FROM ("+strings.Join(walks, " UNION ALL ")+") ORDER BY idx"+w.order()+limited(w.page.Limit), args)
	if err != nil || n == 0 {
		return err
	}
	if w.back() {
		from = end
	} else {
		to = end
	}
	in, err := toJSON(kinds)
	if err != nil {
		return err
	}
	where := "room = ? AND kind IN (SELECT value FROM json_each(?)) AND idx BETWEEN ? AND ?"
	if w.cond != "" {
		where += " AND " + w.cond
	}
	return w.take("SELECT idx FROM events INDEXED BY events_feed WHERE "+where+" ORDER BY idx"+w.order(), append([]any{w.page.Room, in, from, to}, w.args...))
}

// kindsOf are the kinds of event that a sieve lets through, nil for any.
func kindsOf(s moderation.Sieve) []string {
	switch s := s.(type) {
	case moderation.AllOf:
		for _, c := range s {
			if kinds := kindsOf(c); kinds != nil {
				return kinds
			}
		}
	case moderation.AnyOf:
		var all []string
		for _, c := range s {
			kinds := kindsOf(c)
			if kinds == nil {
				return nil
			}
			all = append(all, kinds...)
		}
		return all
	case moderation.HasText:
		if s.Column == moderation.ColumnKind {
			return s.In
		}
	}
	return nil
}

// condition is a sieve in the words of SQL, "" where it lets through everything;
// exact tells that it lets through nothing else.
func (of siftable) condition(s moderation.Sieve) (cond string, args []any, exact bool) {
	switch s := s.(type) {
	case nil:
		return "", nil, true
	case moderation.AllOf:
		return of.joined(s, " AND ")
	case moderation.AnyOf:
		if len(s) == 0 {
			return "false", nil, true
		}
		return of.joined(s, " OR ")
	case moderation.Not:
		cond, args, exact := of.condition(s.Of)
		if !exact {
			return "", nil, false
		}
		return "NOT (" + cmp.Or(cond, "true") + ")", args, true
	case moderation.HasText:
		column, ok := of.columns[s.Column]
		if !ok {
			return "", nil, false
		}
		for _, t := range s.In {
			args = append(args, t)
		}
		return fmt.Sprintf("lower(%s) IN (%s)", column, strings.TrimPrefix(strings.Repeat(", lower(?)", len(s.In)), ", ")), args, true
	case moderation.HasNumber:
		column, ok := of.columns[s.Column]
		if !ok {
			return "", nil, false
		}
		return column + " BETWEEN ? AND ?", []any{s.From, s.To}, true
	}
	return "", nil, false
}

func (of siftable) joined(all []moderation.Sieve, by string) (cond string, args []any, exact bool) {
	var parts []string
	exact = true
	for _, c := range all {
		cond, more, same := of.condition(c)
		exact = exact && same
		if cond == "" {
			if by == " OR " {
				return "", nil, same
			}
			continue
		}
		parts = append(parts, "("+cond+")")
		args = append(args, more...)
	}
	return strings.Join(parts, by), args, exact
}

// matchExpression is what of a sieve the search index is asked, in the words of
// FTS5: tokens as the index has them, quoted. "" asks nothing of it.
func (r *reader) matchExpression(s moderation.Sieve) string {
	var parts []string
	switch s := s.(type) {
	case moderation.AllOf:
		for _, c := range s {
			if m := r.matchExpression(c); m != "" {
				parts = append(parts, m)
			}
		}
	case moderation.AnyOf:
		for _, c := range s {
			m := r.matchExpression(c)
			if m == "" {
				return ""
			}
			parts = append(parts, m)
		}
		return grouped(parts, " OR ")
	case moderation.HasWords:
		for _, w := range s {
			tokens, prefix := w.Tokens()
			for _, t := range tokens {
				t = `"` + string(r.words.Append(nil, t)) + `"`
				if prefix {
					t += "*"
				}
				parts = append(parts, t)
			}
		}
	}
	return grouped(parts, " AND ")
}

func grouped(parts []string, by string) string {
	if len(parts) < 2 {
		return strings.Join(parts, by)
	}
	return "(" + strings.Join(parts, by) + ")"
}
