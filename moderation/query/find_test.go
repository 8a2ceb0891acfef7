package query_test

import (
	"context"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"liveroom/claims"
	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/moderation/query"
	"liveroom/moderation/sqlite"
	"liveroom/moderation/storetest"
	"liveroom/moderation/triage"
)

// now is when the tests ask: an hour into a broadcast.
var now = time.Date(2026, 11, 20, 21, 0, 0, 0, time.FixedZone("CST", 8*3600))

// pick is the n-th of a list, round and round.
func pick[T any](n int, of ...T) T { return of[n%len(of)] }

// rooms and words are few, so that what is looked for is often there.
var (
	rooms   = []string{"A", "B"}
	skus    = []string{"D01", "d02", "围巾三号", ""}
	people  = []feed.User{{ID: "u1", Name: "小鹿"}, {ID: "u2", Name: "橙子 橙"}, {Name: "13812345678"}, {ID: "u4", Name: "MoMo"}, {}}
	said    = []string{"这条围巾真的是纯羊毛吗", "圍巾掉毛 wool scarf", "什么时候发货", "Woollen 100% 羊毛", "围 巾", "", "六六六！？", "掉毛，围巾掉毛", "\x1b[31m羊毛\x1b[0m"}
	orderOf = []string{"LR2611210176", "LR2611218812", ""}
)

// fill puts rows of every list into a record, n of each and four times as many
// events.
func fill(t testing.TB, s moderation.Store, from, n int) {
	t.Helper()
	err := s.Update(t.Context(), func(tx moderation.Tx) error {
		for i := from; i < from+4*n; i++ {
			if err := fillEvent(tx, i); err != nil {
				return err
			}
		}
		for i := from; i < from+n; i++ {
			if err := fillRows(tx, i); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func moment(i int) time.Time {
	if i%13 == 0 {
		return time.Time{}
	}
	return now.Add(-time.Duration(i*97%5400) * time.Second)
}

func fillEvent(tx moderation.Tx, i int) error {
	e := feed.Event{
		ID: "e" + strconv.Itoa(i), Source: "s", Room: pick(i/3, rooms...), At: moment(i), Recv: now, Text: pick(i, said...), User: pick(i/2, people...),
		Kind: pick(i/5, feed.KindChat, feed.KindChat, feed.KindTranscript, feed.KindOrder, feed.KindGap, feed.KindProduct),
	}
	switch e.Kind {
	case feed.KindOrder:
		e.Order = &feed.Order{SKU: pick(i, skus...), Buyer: "u" + strconv.Itoa(i%5)}
		e.OrderID, e.Status, e.AmountFen = pick(i/7, orderOf...), pick(i, feed.StatusPaid, feed.StatusCreated), int64(i%7)*5000
	case feed.KindProduct:
		e.Product = &feed.Product{ID: pick(i, skus...), Title: "围巾"}
	case feed.KindTranscript:
		e.User.Role = pick(i, feed.RoleHost, feed.RoleViewer, "")
	}
	_, _, err := storetest.AddEvent(tx, e)
	return err
}

func fillRows(tx moderation.Tx, i int) error {
	flag := moderation.Flag{
		Room: pick(i, rooms...), Event: int64(i%40 + 1), At: moment(i), Text: pick(i, said...), DecidedBy: pick(i, "小林", "阿岚", ""), Case: int64(i % 3),
		Status:  pick(i/2, moderation.FlagOpen, moderation.FlagSnoozed, moderation.FlagConfirmed, moderation.FlagDismissed),
		Finding: claims.Finding{SKU: pick(i, skus...), Category: pick(i/3, claims.CategoryMaterial, claims.CategoryPrice), Verdict: pick(i, claims.VerdictBanned, claims.VerdictContradicted), Severity: pick(i, claims.SeverityHigh, claims.SeverityLow), Rule: pick(i, "composition", "absolute.term"), Fact: "羊毛65%", ListenFirst: i%4 == 0},
	}
	if i%5 == 0 {
		flag.Corrected = now
	}
	complaint := moderation.Complaint{
		Room: pick(i, rooms...), Event: int64(i%40 + 1), At: moment(i), Channel: pick(i, "ticket", "call"), Buyer: pick(i, people...), SKU: pick(i/2, skus...), OrderID: pick(i, orderOf...),
		Text: pick(i/2, said...), Type: pick(i, triage.Quality, triage.FalseAd), Priority: pick(i/3, triage.High, triage.Low), Problem: int64(i % 2), Case: int64(i % 3),
	}
	problem := moderation.Problem{Room: pick(i, rooms...), SKU: pick(i, skus...), Title: pick(i, said...), Flag: int64(i % 2), SaidAt: moment(i), Into: int64(i % 4)}
	question := moderation.Question{Room: pick(i, rooms...), Event: 1, At: moment(i), Asker: pick(i, people...), SKU: pick(i, skus...), Text: pick(i, said...), Times: int64(i % 6)}
	if i%2 == 0 {
		question.AnsweredAt, question.AnsweredBy = now, pick(i/2, "小林", "")
	}
	order := moderation.Order{
		ID: "LR26112" + strconv.Itoa(10000+i), Room: pick(i, rooms...), Buyer: pick(i, people...), SKU: pick(i, skus...), Qty: int64(i%4 + 1), AmountFen: int64(i%9) * 5000, PaidFen: int64(i%2*(i%9)) * 5000,
		Status: pick(i, feed.StatusPaid, feed.StatusCreated, feed.StatusShipped), Refund: pick(i, "", feed.StatusRequested, feed.StatusRefunded), CreatedAt: moment(i), Case: int64(i % 3), Event: 1,
	}
	if i%2 == 1 {
		order.PaidAt = moment(i + 1)
	}
	for _, put := range []error{tx.PutFlag(&flag), tx.PutComplaint(&complaint), tx.PutProblem(&problem), tx.PutQuestion(&question), tx.PutOrder(&order)} {
		if put != nil {
			return put
		}
	}
	return fillCase(tx, i)
}

func fillCase(tx moderation.Tx, i int) error {
	c := moderation.Case{
		Room: pick(i, rooms...), Kind: pick(i, moderation.CaseComplaint, moderation.CaseAppeal), Title: pick(i, said...), SKU: pick(i, skus...), Category: pick(i, claims.CategoryMaterial, ""),
		State: pick(i/2, moderation.CaseStateOpen, moderation.CaseStateReview, moderation.CaseStateClosed, moderation.CaseStateResolved), Owner: pick(i, "小林", "阿岚", ""),
		Outcome: pick(i, moderation.OutcomeUpheld, ""), Complaints: slices.Repeat([]int64{1}, i%4), Orders: []string{pick(i, orderOf...)}, Buyers: []string{pick(i, people...).ID},
		Notes: []moderation.Note{{By: "小林", At: now, Text: pick(i/2, said...)}}, StakeFen: int64(i%9) * 10000, OpenedAt: moment(i),
	}
	if i%3 > 0 {
		c.DueAt, c.LeaseUntil = now.Add(time.Duration(i%7-3)*30*time.Minute), now.Add(time.Duration(i%5-2)*time.Hour)
	}
	if i%4 == 0 {
		c.Escalated, c.SnoozedTo = now.Add(-time.Hour), now.Add(time.Duration(i%3-1)*time.Hour)
	}
	return tx.PutCase(&c)
}

// record is a record of every list, half of whose events the search index knows.
func record(t testing.TB) moderation.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "x.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	fill(t, s, 0, 20)
	time.Sleep(time.Second) // the index is made when nothing else is written
	fill(t, s, 80, 20)
	return s
}

// everyTerm is what queries about a list are put together from: each field with
// values that some rows have and some have not, and words.
func everyTerm(l moderation.List) []string {
	terms := []string{"围巾", "掉毛", "羊毛", "wool", "woo", "毛", "d01", "1", `"wool scarf"`, `"羊毛"`, `"条围巾真的"`, "/掉毛$/", "/^围/", "/w.o/", "小林", "圍巾"}
	for _, f := range query.Fields(l) {
		values := query.Values(l, f)
		switch f {
		case query.FieldProduct:
			values = []string{"D01", "D02", "围巾三号", `""`, "无"}[:3]
		case query.FieldUser:
			values = []string{"u1", "小鹿", "橙", `"橙子 橙"`, "momo", "U1", "138", `"138"`}
		case query.FieldOwner, query.FieldBy:
			values = []string{"me", "none", "阿岚", `"me"`}
		case query.FieldOrder:
			values = []string{"8812", "LR2611210176", "12", "0059"}
		case query.FieldRoom:
			values = []string{"A", "b", "C"}
		case query.FieldRule:
			values = []string{"composition", "other"}
		case query.FieldChannel:
			values = []string{"Ticket"}
		case query.FieldSince, query.FieldUntil:
			values = []string{"10m", "20:30", "2026-11-20", "1h", "2026-11-20T20:45:30", "yesterday"}
		case query.FieldAt:
			values = []string{"20:30", "today", "2026-11-20T20:45"}
		case query.FieldAmount, query.FieldQty, query.FieldTimes, query.FieldCase, query.FieldProblem, query.FieldComplaints:
			for _, op := range []string{":", ">", "<=", "<", ">="} {
				terms = append(terms, string(f)+op+"2", string(f)+op+"100")
			}
			values = []string{"1..3", "50..200", "0"}
		}
		for i, v := range values {
			terms = append(terms, string(f)+":"+v)
			if i > 0 {
				terms = append(terms, string(f)+":"+values[i-1]+","+v)
			}
		}
	}
	return terms
}

// asked draws a query.
func asked(terms []string) *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		return draw(t, terms, rapid.IntRange(0, 3).Draw(t, "depth"))
	})
}

func draw(t *rapid.T, terms []string, depth int) string {
	if depth == 0 {
		return rapid.SampledFrom(terms).Draw(t, "term")
	}
	n := rapid.IntRange(1, 3).Draw(t, "terms")
	parts := make([]string, n)
	for i := range parts {
		parts[i] = draw(t, terms, depth-1)
		if rapid.IntRange(0, 3).Draw(t, "not") == 0 {
			parts[i] = "-(" + parts[i] + ")"
		}
	}
	return "(" + strings.Join(parts, rapid.SampledFrom([]string{" ", " or "}).Draw(t, "join")) + ")"
}

// all finds everything from one end of the record to the other.
func all[T query.Row](t rapid.TB, r moderation.Reader, f *query.Filter, p moderation.Page, key func(*T) int64) []int64 {
	var out []int64
	for range 1000 {
		found, err := query.Find[T](context.Background(), r, f, p)
		if err != nil {
			t.Fatal(err)
		}
		for i := range found.Rows {
			out = append(out, key(&found.Rows[i]))
		}
		if !found.More {
			return out
		}
		if p.Before != 0 {
			p.Before = found.Next
		} else {
			p.After = found.Next
		}
	}
	t.Fatalf("a search for %q does not end: %+v, %v", f.Query(), p, out[:min(len(out), 40)])
	return nil
}

// agrees holds what a store finds against what the matcher lets through of all
// rows, forwards and backwards, over rooms and in one.
func agrees[T query.Row](t *testing.T, s moderation.Store, l moderation.List, rows []T, err error, key func(*T) int64, room func(*T) string) {
	t.Helper()
	if err != nil || len(rows) == 0 {
		t.Fatalf("%d %s, %v", len(rows), l, err)
	}
	// Times of the zone's broadcast, and products by name.
	env := query.Env{Now: now, Me: "小林", Named: func(name string) []string {
		if strings.Contains("羊毛围巾", name) {
			return []string{"D01"}
		}
		return nil
	}}
	terms, hits := everyTerm(l), 0
	check := func(t rapid.TB, text string) {
		q, err := query.Parse(l, text)
		if err != nil {
			t.Fatal(err)
		}
		f := q.Bind(env)
		for _, p := range []moderation.Page{{Limit: 9}, {Room: "A", Before: math.MaxInt64, Limit: 7}} {
			var want []int64
			for i := range rows {
				if f.Match(&rows[i], nil) && (p.Room == "" || room(&rows[i]) == p.Room) {
					want = append(want, key(&rows[i]))
				}
			}
			if p.Before != 0 {
				slices.Reverse(want)
			}
			hits += len(want)
			if got := all(t, s, f, p, key); !slices.Equal(got, want) {
				t.Fatalf("%s, %q, %+v:\nthe store finds  %v\nthe matcher has %v", l, text, p, got, want)
			}
		}
	}
	for _, term := range terms {
		check(t, term)
		check(t, "-"+term)
	}
	if !testing.Short() {
		rapid.Check(t, func(t *rapid.T) { check(t, asked(terms).Draw(t, "query")) })
	}
	if hits < 1000 {
		t.Errorf("%s: all queries together found %d rows: they prove little", l, hits)
	}
}

// What a store finds is what the matcher lets through, for any query on the same
// record.
func TestStoreAgreesWithMatcher(t *testing.T) {
	s := record(t)
	ctx, p := t.Context(), moderation.Page{}
	t.Run("events", func(t *testing.T) {
		rows, err := s.Events(ctx, p)
		agrees(t, s, moderation.ListEvents, rows, err, func(e *moderation.Recorded) int64 { return e.Index }, func(e *moderation.Recorded) string { return e.Room })
	})
	t.Run("flags", func(t *testing.T) {
		rows, err := s.Flags(ctx, p)
		agrees(t, s, moderation.ListFlags, rows, err, func(f *moderation.Flag) int64 { return f.ID }, func(f *moderation.Flag) string { return f.Room })
	})
	t.Run("complaints", func(t *testing.T) {
		rows, err := s.Complaints(ctx, p)
		agrees(t, s, moderation.ListComplaints, rows, err, func(c *moderation.Complaint) int64 { return c.ID }, func(c *moderation.Complaint) string { return c.Room })
	})
	t.Run("problems", func(t *testing.T) {
		rows, err := s.Problems(ctx, p)
		agrees(t, s, moderation.ListProblems, rows, err, func(p *moderation.Problem) int64 { return p.ID }, func(p *moderation.Problem) string { return p.Room })
	})
	t.Run("questions", func(t *testing.T) {
		rows, err := s.Questions(ctx, p)
		agrees(t, s, moderation.ListQuestions, rows, err, func(q *moderation.Question) int64 { return q.ID }, func(q *moderation.Question) string { return q.Room })
	})
	t.Run("orders", func(t *testing.T) {
		rows, err := s.Orders(ctx, p)
		agrees(t, s, moderation.ListOrders, rows, err, func(o *moderation.Order) int64 { return o.Number }, func(o *moderation.Order) string { return o.Room })
	})
	t.Run("cases", func(t *testing.T) {
		rows, err := s.Cases(ctx, p)
		agrees(t, s, moderation.ListCases, rows, err, func(c *moderation.Case) int64 { return c.ID }, func(c *moderation.Case) string { return c.Room })
	})
}
