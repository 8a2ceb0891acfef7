package imports

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"liveroom/claims/sheet/table"
	"liveroom/feed"
)

// maxRows bounds a file: it is taken in as one transaction, while which nothing
// else is written.
const maxRows = 100_000

// Options say how a file is read.
type Options struct {
	Room string
	Zone *time.Location // of times without one
	Now  time.Time      // when the file is read
	Maps []Map          // to choose from
}

// A File is an export that was read.
type File struct {
	Map    Map
	Rows   int      // without the header
	Twice  int      // rows that stand in it twice
	Unread []string // headers that the map does not know
	Events []feed.Event
}

// Read reads a file whose name tells its format. An error that is about its
// content is a table.Errors, with every fault.
func Read(name string, data []byte, o Options) (File, error) {
	rows, errs := table.Read(name, data, table.Columns{Exact: exact(o.Maps)})
	switch {
	case len(errs) > 0:
		return File{}, errs
	case len(rows) == 0:
		return File{}, table.Errors{{File: name, Want: "a header row and one row a complaint or an order"}}
	case len(rows)-1 > maxRows:
		return File{}, table.Errors{{File: name, Want: fmt.Sprintf("at most %d rows; split it", maxRows)}}
	}
	header := rows[0]
	m, ok := choose(header.Cells, o.Maps)
	if !ok {
		return File{}, noMap(name, header, o.Maps)
	}
	r := &reader{file: name, options: o, source: "import/" + m.Name, seen: make(map[string]seenRow)}
	f := File{Map: m, Rows: len(rows) - 1}
	r.columns, f.Unread = r.place(header, m)
	for _, row := range rows[1:] {
		r.row(m.Kind, row)
	}
	if len(r.errs) > 0 {
		return File{}, r.errs
	}
	f.Events, f.Twice = r.events, r.twice
	return f, nil
}

// exact tells of columns with amounts, by the headers of any map.
func exact(maps []Map) func(string) bool {
	return func(header string) bool {
		for _, m := range maps {
			switch m.known([]string{header})[header] {
			case FieldAmount, FieldPaid, FieldRefundFen, FieldQty:
				return true
			}
		}
		return false
	}
}

// noMap says what a header lacks for the map that comes nearest to it.
func noMap(name string, header table.Row, maps []Map) table.Errors {
	var near Map
	most := -1
	for _, m := range maps {
		if n := len(m.known(header.Cells)); n > most {
			near, most = m, n
		}
	}
	want := "a header that a column map knows"
	if most >= 0 {
		lacks := near.lacks(near.known(header.Cells))
		var headers []string
		for _, h := range sortedHeaders(near.Columns) {
			if strings.Contains(" or "+lacks+" or ", " or "+string(near.Columns[h])+" or ") {
				headers = append(headers, h)
			}
		}
		want = fmt.Sprintf("a column for %s (%s), as the map %s reads it; write an [import.NAME] of your own where yours is called otherwise",
			lacks, strings.Join(headers, ", "), near.Name)
	}
	return table.Errors{{File: name, Row: header.N, Want: want}}
}

// A reader turns rows into events and collects what is wrong with them.
type reader struct {
	file    string
	options Options
	source  string
	columns []column
	seen    map[string]seenRow // by the event's id
	twice   int
	events  []feed.Event
	errs    table.Errors
}

type column struct {
	header string
	field  Field // "" : not read
	rank   int   // among those of the field
}

type seenRow struct {
	n   int
	sum [32]byte
}

// place tells what each column holds. A field that several columns hold is read
// from the first that is not empty, by the map's order or else the file's.
func (r *reader) place(header table.Row, m Map) (columns []column, unread []string) {
	known := m.known(header.Cells)
	for _, h := range header.Cells {
		f := known[h]
		columns = append(columns, column{strings.TrimSpace(h), f, m.rank[foldHeader(h)]})
		if f == "" && strings.TrimSpace(h) != "" {
			unread = append(unread, strings.TrimSpace(h))
		}
	}
	return columns, unread
}

// A cell is a value with the column it stands in.
type cell struct {
	value, header string
}

// row makes the events of one row.
func (r *reader) row(k Kind, row table.Row) {
	cells, rank := make(map[Field]cell), make(map[Field]int)
	for i, v := range row.Cells {
		v = plain(v)
		if i >= len(r.columns) {
			if v != "" {
				r.fail(row.N, fmt.Sprint(i+1), v, "no more cells than the header has columns; quote a cell that holds a comma")
			}
			continue
		}
		c := r.columns[i]
		if old := cells[c.field].value; c.field != "" && (old == "" || v != "" && c.rank < rank[c.field]) {
			cells[c.field], rank[c.field] = cell{v, c.header}, c.rank
		}
	}
	raw, err := rawOf(r.columns, row.Cells)
	if err != nil {
		r.fail(row.N, "", "", err.Error())
		return
	}
	d := decoder{reader: r, n: row.N, cells: cells}
	base := feed.Event{Source: r.source, Room: r.options.Room, Recv: r.options.Now, Raw: raw, User: feed.User{Role: feed.RoleViewer}}
	if k == Complaints {
		d.complaint(base)
	} else {
		d.order(base)
	}
}

// plain is a cell's value without what spreadsheets put around it to keep a long
// number from being rounded.
func plain(v string) string {
	v = strings.Trim(v, " \t\r\n\u00a0\u3000")
	if inner, ok := strings.CutPrefix(v, `="`); ok {
		v = strings.TrimSuffix(inner, `"`)
	}
	return strings.TrimSpace(strings.TrimPrefix(strings.ToValidUTF8(v, "\uFFFD"), "'"))
}

// rawOf is the row as evidence keeps it: what a map reads of it.
func rawOf(columns []column, cells []string) ([]byte, error) {
	kept := make(map[string]string)
	for i, c := range columns {
		if c.field != "" && i < len(cells) {
			kept[c.header] = strings.ToValidUTF8(cells[i], "\uFFFD")
		}
	}
	return json.Marshal(kept, json.Deterministic(true))
}

func (r *reader) fail(row int, column, value, want string) {
	r.errs = append(r.errs, table.Error{File: r.file, Row: row, Column: column, Value: value, Want: want})
}

// add adds an event, unless the row stands in the file already.
func (r *reader) add(n int, column string, e feed.Event) {
	sum := sha256.Sum256(e.Raw)
	if old, ok := r.seen[e.ID]; ok {
		if old.sum != sum {
			r.fail(n, column, e.ID[strings.LastIndexByte(e.ID, '/')+1:], fmt.Sprintf("a number of its own; row %d has the same and says something else", old.n))
			return
		}
		r.twice++
		return
	}
	r.seen[e.ID] = seenRow{n, sum}
	e.Shown, e.User.Shown = feed.Sanitise(e.Text), feed.Sanitise(e.User.Name)
	r.events = append(r.events, e)
}

// hashID is a number for a complaint that has none: the same for the same words
// of the same buyer at the same time.
func hashID(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:8])
}
