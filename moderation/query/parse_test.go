package query_test

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"liveroom/moderation"
	"liveroom/moderation/query"
)

func parse(t testing.TB, l moderation.List, text string) *query.Query {
	t.Helper()
	q, err := query.Parse(l, text)
	if err != nil {
		t.Fatalf("%s, %q: %v", l, text, err)
	}
	return q
}

// What people write, and what it is taken for.
func TestParse(t *testing.T) {
	events, orders, cases, flags := moderation.ListEvents, moderation.ListOrders, moderation.ListCases, moderation.ListFlags
	tests := []struct {
		list moderation.List
		text string
		want string
	}{
		{events, "", ""},
		{events, "   ", ""},
		{events, "围巾", "围巾"},
		{events, "  围巾   掉毛 ", "围巾 掉毛"},
		{events, "围巾 AND 掉毛", "围巾 掉毛"},
		{events, "围巾 OR 掉毛 发货", "围巾 or 掉毛 发货"},
		{events, "围巾 或 掉毛", "围巾 or 掉毛"},
		{events, "(围巾 or 掉毛) 发货", "(围巾 or 掉毛) 发货"},
		{events, "（围巾 or 掉毛）发货", "(围巾 or 掉毛) 发货"},
		{events, "((围巾))", "围巾"},
		{events, "发货 (围巾 掉毛)", "发货 围巾 掉毛"},
		{events, "(发货 or 围巾) or 掉毛", "发货 or 围巾 or 掉毛"},
		{events, "-围巾", "-围巾"},
		{events, "not 围巾", "-围巾"},
		{events, "－（围巾 掉毛）", "-(围巾 掉毛)"},
		{events, "A-001", "A-001"},
		{events, "orange android", "orange android"},
		{events, `"or"`, `"or"`},
		{events, "“百分之百 纯羊毛”", `"百分之百 纯羊毛"`},
		{events, `"说\"纯\\羊毛\""`, `"说\"纯\\羊毛\""`},
		{events, "/第[0-9]+名/", "/第[0-9]+名/"},
		{events, `/a\/b c/`, `/a\/b c/`},
		{events, "user:小鹿", "user:小鹿"},
		{events, "用户：小鹿", "user:小鹿"},
		{events, `user:"小 鹿"`, `user:"小 鹿"`},
		{events, "KIND:Chat,弹幕,gap", "kind:chat,chat,gap"},
		{events, "20:14", "20:14"},
		{events, "since:10m until:20:14 at:2026-11-20", "since:10m until:20:14 at:2026-11-20"},
		{events, "since:1小时30分钟", "since:1小时30分钟"},
		{orders, "amount>100", "amount>100"},
		{orders, "金额＞＝100", "amount>=100"},
		{orders, "amount:¥99.50..200", "amount:¥99.50..200"},
		{orders, "amount=99.5", "amount:99.5"},
		{orders, "status:已付 -is:refunded", "status:paid -is:refunded"},
		{cases, "is:overdue owner:me", "is:overdue owner:me"},
		{cases, "case:#1043", "case:#1043"},
		{flags, "category:材质 severity:high status:open,snoozed", "category:material severity:high status:open,snoozed"},
	}
	for _, tt := range tests {
		if got := parse(t, tt.list, tt.text).String(); got != tt.want {
			t.Errorf("%s, %q: %q, want %q", tt.list, tt.text, got, tt.want)
		}
	}
}

// A mistake is told with its place and with what to write instead.
func TestMistakes(t *testing.T) {
	events, orders, cases, flags := moderation.ListEvents, moderation.ListOrders, moderation.ListCases, moderation.ListFlags
	tests := []struct {
		list     moderation.List
		text     string
		code     query.Code
		from, to int
		says     string
	}{
		{events, "围巾 usre:小鹿", query.ErrNearField, 3, 7, "did you mean user:?"},
		{events, "http://x", query.ErrUnknownField, 0, 4, `put the words into "quotes"`},
		{events, "category:price", query.ErrNoSuchField, 0, 8, "category: makes no sense for events, which have user, kind, product"},
		{flags, "amount>100", query.ErrNoSuchField, 0, 6, "makes no sense for flags"},
		{flags, "category:pirce", query.ErrNearValue, 9, 14, "did you mean price?"},
		{flags, "severity:x", query.ErrUnknownValue, 9, 10, "write one of high, medium, low"},
		{cases, "is:overdew", query.ErrNearValue, 3, 10, "did you mean overdue?"},
		{cases, "owner:", query.ErrNoValue, 6, 6, "owner: needs a value"},
		{cases, "owner: me", query.ErrNoValue, 6, 6, "right behind it"},
		{cases, "status:open,", query.ErrNoValue, 12, 12, ""},
		{cases, "kind>appeal", query.ErrNotOrdered, 0, 5, `write it with ":"`},
		{orders, "amount>abc", query.ErrMoney, 7, 10, "needs yuan like 100"},
		{orders, "amount:1.234", query.ErrMoney, 7, 12, ""},
		{orders, "amount:200..100", query.ErrMoney, 7, 15, ""},
		{orders, "qty>1.5", query.ErrNumber, 4, 7, "whole number"},
		{orders, "qty>99999999999999999999", query.ErrNumber, 4, 24, ""},
		{events, "since:soon", query.ErrTime, 6, 10, "a span like 10m"},
		{events, "since:25:00", query.ErrTime, 6, 11, ""},
		{events, "since:2026-13-01", query.ErrTime, 6, 16, ""},
		{events, "at:10m", query.ErrSpanAt, 3, 6, "for the last 10m write since:"},
		{events, `"围巾`, query.ErrQuote, 0, 1, `close it with "`},
		{events, "(围巾", query.ErrParen, 0, 1, "add )"},
		{events, "(", query.ErrParen, 0, 1, ""},
		{events, "围巾)", query.ErrStrayParen, 2, 3, ""},
		{events, "()", query.ErrNothingBefore, 1, 2, ""},
		{events, "/围巾", query.ErrNoRegexEnd, 0, 1, "close it with /"},
		{events, "/[/", query.ErrRegex, 0, 3, "missing closing ]"},
		{events, "//", query.ErrRegex, 0, 2, "empty"},
		{events, "围巾 or", query.ErrNothingAfter, 3, 5, "behind or"},
		{events, "or 围巾", query.ErrNothingBefore, 0, 2, "before or"},
		{events, "围巾 or or 掉毛", query.ErrNothingAfter, 3, 5, ""},
		{events, "围巾 -", query.ErrNothingAfter, 3, 4, ""},
		{events, "？！", query.ErrNoLetters, 0, 2, "/[!?]/"},
		{events, `""`, query.ErrNoLetters, 0, 2, ""},
		{events, strings.Repeat("长", 2001), query.ErrTooLong, 2000, 2001, "2000 characters"},
		{events, strings.Repeat("(", 60), query.ErrTooDeep, 50, 51, ""},
		{events, strings.Repeat("-", 60) + "x", query.ErrTooDeep, 0, 0, ""},
	}
	for _, tt := range tests {
		_, err := query.Parse(tt.list, tt.text)
		var e *query.Error
		if !errors.As(err, &e) {
			t.Errorf("%s, %q: no error but %v", tt.list, tt.text, err)
			continue
		}
		if tt.code == query.ErrTooDeep && tt.to == 0 {
			tt.from, tt.to = e.From, e.To
		}
		if e.Code != tt.code || e.From != tt.from || e.To != tt.to || !strings.Contains(e.Error(), tt.says) {
			t.Errorf("%s, %q: %s at %d to %d: %s; want %s at %d to %d with %q", tt.list, tt.text, e.Code, e.From, e.To, e, tt.code, tt.from, tt.to, tt.says)
		}
		if strings.Contains(e.Error(), "%!") {
			t.Errorf("%q: %s", tt.text, e)
		}
	}
	seen := map[query.Code]bool{}
	for _, tt := range tests {
		seen[tt.code] = true
	}
	for _, c := range query.Codes() {
		if !seen[c] {
			t.Errorf("no case shows %s", c)
		}
	}
}

// The mark below a query stands under the mistake, whatever is wide or hidden
// before it.
func TestPointed(t *testing.T) {
	for _, tt := range []struct{ text, line, mark string }{
		{"围巾 usre:小鹿", "围巾 usre:小鹿", "     ^^^^"},
		{"a\x1bb usre:x", "a␛b usre:x", "    ^^^^"},
		{"围巾 or", "围巾 or", "     ^^"},
		{"user:", "user:", "     ^"},
	} {
		_, err := query.Parse(moderation.ListEvents, tt.text)
		var e *query.Error
		if !errors.As(err, &e) {
			t.Fatalf("%q: %v", tt.text, err)
		}
		if line, mark := e.Pointed(); line != tt.line || mark != tt.mark {
			t.Errorf("%q:\n%s\n%s\nwant\n%s\n%s", tt.text, line, mark, tt.line, tt.mark)
		}
	}
}

// Every field of every list has a name in both languages, and no two share one.
func TestFields(t *testing.T) {
	for _, l := range query.Lists() {
		seen := map[string]bool{}
		for _, f := range query.Fields(l) {
			for _, name := range []string{string(f), f.Alias()} {
				if name == "" || seen[name] {
					t.Errorf("%s: the name %q of %s is empty or taken", l, name, f)
				}
				seen[name] = true
			}
		}
	}
}

// FuzzParse holds the parser to its word: no panic, places inside the text, and
// what it writes reads as the same.
func FuzzParse(f *testing.F) {
	for _, s := range []string{
		`user:小鹿 -"纯 羊毛" (a or /x+\/y/) since:10m`, "amount>=99.50 status:已付,closed", "((", "“", "－－x", "或", "a：b", "is:overdue owner:me case:#12",
		"\x1b[31m\u202e/\x00/", "at:2026-11-20T20:14:05+08:00 until:昨天", strings.Repeat("(", 80), `"\`, "%!", "a (b c) ((d or e) or f)", "金额＞１００",
	} {
		for i := range query.Lists() {
			f.Add(byte(i), s)
		}
	}
	f.Fuzz(func(t *testing.T, list byte, text string) {
		lists := query.Lists()
		l := lists[int(list)%len(lists)]
		q, err := query.Parse(l, text)
		if err != nil {
			var e *query.Error
			if !errors.As(err, &e) {
				t.Fatalf("%q: %v", text, err)
			}
			if n := len([]rune(text)); e.From < 0 || e.To < e.From || e.To > n || strings.Contains(e.Error(), "%!") && !strings.Contains(text, "%!") {
				t.Fatalf("%q: %s at %d to %d of %d", text, e, e.From, e.To, n)
			}
			e.Pointed()
			return
		}
		again, err := query.Parse(l, q.String())
		if err != nil {
			t.Fatalf("%q is written %q, which is wrong: %v", text, q, err)
		}
		if again.String() != q.String() || !reflect.DeepEqual(shape(again.Root), shape(q.Root)) {
			t.Fatalf("%q is written %q, which reads %q", text, q, again)
		}
		// Nothing that can be asked may break on an empty row.
		filter := q.Bind(query.Env{Now: time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)})
		filter.Sieve()
		for _, row := range []any{
			&moderation.Recorded{}, &moderation.Flag{}, &moderation.Complaint{}, &moderation.Problem{},
			&moderation.Question{}, &moderation.Order{}, &moderation.Case{},
		} {
			filter.Match(row, nil)
		}
		for cursor := range len([]rune(text)) + 1 {
			c := query.Complete(l, text, cursor, query.Names{})
			if c.From < 0 || c.To < c.From || c.To > len([]rune(text)) {
				t.Fatalf("%q at %d completes %d to %d", text, cursor, c.From, c.To)
			}
		}
	})
}

// shape is a tree without its places.
func shape(n query.Node) any {
	switch n := n.(type) {
	case *query.And:
		return []any{"and", shapes(n.Of)}
	case *query.Or:
		return []any{"or", shapes(n.Of)}
	case *query.Not:
		return []any{"not", shape(n.Of)}
	case *query.Word:
		return "word " + n.Text
	case *query.Phrase:
		return "phrase " + n.Text
	case *query.Regex:
		return "regex " + n.Source
	case *query.Term:
		var values []string
		for _, v := range n.Values {
			values = append(values, v.Text)
		}
		return []any{n.Field, n.Op, values}
	}
	return nil
}

func shapes(of []query.Node) []any {
	var out []any
	for _, n := range of {
		out = append(out, shape(n))
	}
	return slices.Clip(out)
}
