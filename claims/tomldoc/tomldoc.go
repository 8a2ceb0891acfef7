// Package tomldoc reads TOML files that people write and reports every mistake
// in them with its line.
//
// A caller opens a file, takes the values it knows from its tables, and closes
// with Err: whatever was not taken is a mistake, as is a value of another kind
// than asked for. All mistakes of a file are reported, in the order of their
// lines. Nothing here panics, whatever the file holds; nothing is kept between
// calls.
package tomldoc

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/BurntSushi/toml"
)

// An Error is one thing wrong with a file, at a line counted from 1.
type Error struct {
	File string
	Line int
	Text string
}

// Error implements error in one line.
func (m Error) Error() string { return fmt.Sprintf("%s:%d: %s", m.File, m.Line, m.Text) }

// A Doc is a file being read.
type Doc struct {
	file     string
	root     *Table
	mistakes []Error
	tables   []*Table
}

// Open parses a file. The name is used in errors.
func Open(file string, text []byte) (*Doc, error) {
	if !utf8.Valid(text) {
		return nil, Error{file, 1, "text in UTF-8 is expected; save the file again in it"}
	}
	values := map[string]any{}
	if _, err := toml.Decode(string(text), &values); err != nil {
		var parse toml.ParseError
		if errors.As(err, &parse) {
			return nil, Error{file, max(parse.Position.Line, 1), parse.Message}
		}
		return nil, Error{file, 1, err.Error()}
	}
	d := &Doc{file: file}
	d.root = d.table("", values, survey(string(text)), 1)
	return d, nil
}

// Root is the table around all others.
func (d *Doc) Root() *Table { return d.root }

// File is the name that errors give.
func (d *Doc) File() string { return d.file }

func (d *Doc) table(name string, values map[string]any, at *place, line int) *Table {
	if at != nil && at.line > 0 {
		line = at.line
	}
	t := &Table{doc: d, name: name, values: values, at: at, Line: line, known: map[string]bool{}}
	d.tables = append(d.tables, t)
	return t
}

// Failf notes a mistake at a line.
func (d *Doc) Failf(line int, format string, args ...any) {
	d.mistakes = append(d.mistakes, Error{d.file, line, fmt.Sprintf(format, args...)})
}

// Mistakes closes the reading: it lists all mistakes, those of keys that
// nobody asked for too.
func (d *Doc) Mistakes() []Error {
	for _, t := range d.tables {
		t.unknown()
	}
	d.tables = nil
	slices.SortStableFunc(d.mistakes, func(a, b Error) int { return a.Line - b.Line })
	return d.mistakes
}

// A Table is a table of the file. Its methods take a value: a key that is
// missing gives the zero value, a value of another kind is a mistake.
type Table struct {
	Line int

	doc    *Doc
	name   string
	values map[string]any
	at     *place
	known  map[string]bool
}

// Failf notes a mistake at a key's line, or at the table's without one.
func (t *Table) Failf(key, format string, args ...any) {
	where := "[" + t.name + "]"
	if key != "" {
		where = key
	}
	t.doc.Failf(t.LineOf(key), "%s: %s", where, fmt.Sprintf(format, args...))
}

// LineOf is the line of a key, the table's where it has none.
func (t *Table) LineOf(key string) int {
	if p := t.at.kid(key); p != nil && p.line > 0 {
		return p.line
	}
	return t.Line
}

// Has tells whether the key is there.
func (t *Table) Has(key string) bool {
	_, ok := t.values[key]
	return ok
}

// Keys lists the keys there are, sorted.
func (t *Table) Keys() []string {
	keys := make([]string, 0, len(t.values))
	for k := range t.values {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// Value takes a value of any kind.
func (t *Table) Value(key string) any {
	t.known[key] = true
	return t.values[key]
}

// Know makes keys known, so that a wrong one near to them is told.
func (t *Table) Know(keys ...string) {
	for _, k := range keys {
		t.known[k] = true
	}
}

// Text takes a string.
func (t *Table) Text(key string) string {
	v := t.Value(key)
	if v == nil {
		return ""
	}
	s, ok := v.(string)
	if !ok {
		t.Failf(key, `text in quotes, "…", is expected, not %s`, kindOf(v))
	}
	return strings.TrimSpace(s)
}

// Need takes a string that must be there; what says which.
func (t *Table) Need(key, what string) string {
	v := t.Text(key)
	if v == "" {
		t.Failf("", "%s is missing: %s", key, what)
	}
	return v
}

// OneOf takes a word out of a few. A missing one is the default; without a
// default it is a mistake.
func OneOf[T ~string](t *Table, key string, absent T, known ...T) T {
	if !t.Has(key) && absent != "" {
		t.Know(key)
		return absent
	}
	names := make([]string, len(known))
	for i, k := range known {
		names[i] = string(k)
	}
	v := t.Text(key)
	if slices.Contains(names, v) {
		return T(v)
	}
	if v == "" {
		t.Failf("", "%s is missing: one of %s", key, strings.Join(names, ", "))
		return absent
	}
	hint := ""
	if near := Nearest(v, names); near != "" {
		hint = fmt.Sprintf(", did you mean %q?", near)
	}
	t.Failf(key, "%q is not known%s; one of %s", v, hint, strings.Join(names, ", "))
	return absent
}

// Int takes a whole number between two bounds, the lower one where there is
// none.
func (t *Table) Int(key string, least, most int64) int64 {
	v := t.Value(key)
	if v == nil {
		return least
	}
	if n, ok := v.(int64); ok && n >= least && n <= most {
		return n
	}
	t.Failf(key, "a whole number from %d to %d is expected", least, most)
	return least
}

// Bool takes true or false.
func (t *Table) Bool(key string) bool {
	v := t.Value(key)
	b, ok := v.(bool)
	if !ok && v != nil {
		t.Failf(key, "true or false is expected, not %s", kindOf(v))
	}
	return b
}

// Day takes a date, written as 2026-11-20 with or without quotes.
func (t *Table) Day(key string) string {
	switch v := t.Value(key).(type) {
	case nil:
		return ""
	case time.Time:
		return v.Format(time.DateOnly)
	case string:
		if day, err := time.Parse(time.DateOnly, v); err == nil {
			return day.Format(time.DateOnly)
		}
	}
	t.Failf(key, "a day such as 2026-11-20 is expected")
	return ""
}

// A Line is a text with the line it stands on.
type Line struct {
	Text string
	Line int
}

// Texts takes an array of strings, none of them empty.
func (t *Table) Texts(key string) []Line {
	var out []Line
	for i, v := range t.array(key) {
		line := t.lineOfItem(key, i)
		s, ok := v.(string)
		if !ok || strings.TrimSpace(s) == "" {
			t.doc.Failf(line, `%s: text in quotes is expected, not %s`, key, kindOf(v))
			continue
		}
		out = append(out, Line{strings.TrimSpace(s), line})
	}
	return out
}

func (t *Table) array(key string) []any {
	switch v := t.Value(key).(type) {
	case nil:
	case []any:
		return v
	case []map[string]any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = v[i]
		}
		return out
	default:
		t.Failf(key, `a list in brackets, ["…", "…"], is expected, not %s`, kindOf(v))
	}
	return nil
}

func (t *Table) lineOfItem(key string, i int) int {
	if p := t.at.kid(key).item(i); p != nil && p.line > 0 {
		return p.line
	}
	return t.LineOf(key)
}

// Items takes an array whose elements are texts or tables.
func (t *Table) Items(key string) []Item {
	var out []Item
	for i, v := range t.array(key) {
		item := Item{Line: t.lineOfItem(key, i)}
		switch v := v.(type) {
		case string:
			item.Text = strings.TrimSpace(v)
		case map[string]any:
			item.Table = t.doc.table(key, v, t.at.kid(key).item(i), item.Line)
		default:
			t.doc.Failf(item.Line, "%s: text in quotes or a table in braces is expected, not %s", key, kindOf(v))
			continue
		}
		out = append(out, item)
	}
	return out
}

// An Item is an element of an array: a table, or else a text.
type Item struct {
	Line  int
	Text  string
	Table *Table
}

// Tables takes an array of tables, [[key]].
func (t *Table) Tables(key string) []*Table {
	var out []*Table
	if v := t.values[key]; v != nil {
		if _, ok := v.(map[string]any); ok {
			t.Value(key)
			t.Failf(key, "write [[%s]] with two brackets: there can be several", key)
			return nil
		}
	}
	for i, v := range t.array(key) {
		values, ok := v.(map[string]any)
		if !ok {
			t.doc.Failf(t.lineOfItem(key, i), "%s: a table is expected, not %s", key, kindOf(v))
			continue
		}
		out = append(out, t.doc.table(key, values, t.at.kid(key).item(i), t.lineOfItem(key, i)))
	}
	return out
}

// Table takes a table, nil where there is none.
func (t *Table) Table(key string) *Table {
	v := t.Value(key)
	if v == nil {
		return nil
	}
	values, ok := v.(map[string]any)
	if !ok {
		t.Failf(key, "a table, { … }, is expected, not %s", kindOf(v))
		return nil
	}
	return t.doc.table(key, values, t.at.kid(key), t.LineOf(key))
}

func (t *Table) unknown() {
	for _, k := range t.Keys() {
		if t.known[k] {
			continue
		}
		known := make([]string, 0, len(t.known))
		for name := range t.known {
			known = append(known, name)
		}
		slices.Sort(known)
		hint := "known here: " + strings.Join(known, ", ")
		if near := Nearest(k, known); near != "" {
			hint = fmt.Sprintf("did you mean %q?", near)
		}
		t.doc.Failf(t.LineOf(k), "unknown key %q; %s", k, hint)
	}
}

func kindOf(v any) string {
	switch v := v.(type) {
	case string:
		if strings.TrimSpace(v) == "" {
			return "empty text"
		}
		return "text"
	case int64, float64:
		return "a number"
	case bool:
		return "true or false"
	case time.Time:
		return "a date"
	case []any, []map[string]any:
		return "a list"
	case map[string]any:
		return "a table"
	}
	return "this"
}

// Nearest is the known word that a word was most likely meant to be, "" when
// none is near.
func Nearest(word string, known []string) string {
	best, bestAt := "", len([]rune(word))/3+2
	for _, k := range known {
		if d := distance([]rune(strings.ToLower(word)), []rune(strings.ToLower(k))); d < bestAt {
			best, bestAt = k, d
		}
	}
	return best
}

// distance counts the runes to insert, delete or change to get from a to b.
func distance(a, b []rune) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		diagonal := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := diagonal
			if a[i-1] != b[j-1] {
				cost++
			}
			diagonal = row[j]
			row[j] = min(cost, row[j]+1, row[j-1]+1)
		}
	}
	return row[len(b)]
}
