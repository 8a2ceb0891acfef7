package tui

import (
	"strings"
	"unicode/utf8"

	tea "github.com/charmbracelet/bubbletea"

	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/moderation/query"
	"liveroom/tui/text"
)

// The rules of queries that are being typed. What can be read takes effect with
// each key; what cannot leaves all as it was, and is pointed at. tab completes, and
// with several to choose from opens a menu that tab, ↑ and ↓ go through and enter
// takes from; without it ↑ and ↓ bring back what was asked before.

// A queryLine is a query being typed.
type queryLine struct {
	input
	list  moderation.List
	asked *query.Query // what could be read last; nil: everything
	wrong *query.Error // what cannot be read of what is typed
	menu  menu
	past  []string // what was asked before, the newest first
	back  int      // how far back the line stands in it
	typed string   // the line before it went back
}

// menu is what could stand at the cursor.
type menu struct {
	query.Completion
	open bool
	at   int
}

func newQueryLine(l moderation.List, was string, past []string) queryLine {
	line := queryLine{input: newInput(was), list: l, past: past}
	line.read()
	return line
}

// read parses what is typed. It tells whether that can be read.
func (q *queryLine) read() bool {
	asked, err := query.Parse(q.list, q.value())
	q.wrong, _ = err.(*query.Error) //nolint:errorlint // Parse gives no other
	if err == nil {
		q.asked = asked
	}
	return err == nil
}

// cursor is where the cursor stands, in runes.
func (q *queryLine) cursor() int { return utf8.RuneCountInString(strings.Join(q.before, "")) }

func (q *queryLine) complete(n query.Names) {
	q.menu.Completion = query.Complete(q.list, q.value(), q.cursor(), n)
	q.menu.at = max(0, min(q.menu.at, len(q.menu.Candidates)-1))
}

// take puts a candidate into the line. Behind a field it offers the values.
func (q *queryLine) take(c query.Candidate, names func() query.Names) {
	runes := []rune(q.value())
	tail := strings.TrimLeft(string(runes[q.menu.To:]), " ")
	q.before = clusters(string(runes[:q.menu.From]) + c.Insert)
	q.after = clusters(tail)
	q.menu = menu{}
	if c.Field != "" && !c.Value {
		q.complete(names())
		q.menu.open = len(q.menu.Candidates) > 0
	}
}

// key edits the line. changed tells that there is another text to read; a key that
// was of no use to the line is left to who asked.
func (q *queryLine) key(msg tea.KeyMsg, names func() query.Names) (changed, used bool) {
	switch msg.Type {
	case tea.KeyTab, tea.KeyShiftTab:
		return q.tab(msg.Type == tea.KeyShiftTab, names), true
	case tea.KeyUp, tea.KeyCtrlP:
		if q.menu.open {
			q.menu.at = max(q.menu.at-1, 0)
			return false, true
		}
		return q.goBack(1), true
	case tea.KeyDown, tea.KeyCtrlN:
		if q.menu.open {
			q.menu.at = max(min(q.menu.at+1, len(q.menu.Candidates)-1), 0)
			return false, true
		}
		return q.goBack(-1), true
	case tea.KeyEnter:
		if q.menu.open && len(q.menu.Candidates) > 0 {
			q.take(q.menu.Candidates[q.menu.at], names)
			return q.read(), true
		}
		return false, false
	case tea.KeyEsc:
		open := q.menu.open
		q.menu = menu{}
		return false, open
	}
	if !q.input.key(msg) {
		return false, false
	}
	q.back = 0
	if q.menu.open {
		q.complete(names())
		q.menu.open = len(q.menu.Candidates) > 0
	}
	return q.read(), true
}

func (q *queryLine) tab(up bool, names func() query.Names) (changed bool) {
	if n := len(q.menu.Candidates); q.menu.open && n > 0 {
		step := 1
		if up {
			step = -1
		}
		q.menu.at = (q.menu.at + step + n) % n
		return false
	}
	q.menu = menu{open: true}
	q.complete(names())
	if len(q.menu.Candidates) != 1 {
		return false
	}
	q.take(q.menu.Candidates[0], names)
	return q.read()
}

// goBack brings an older query back, or with a negative n a newer one.
func (q *queryLine) goBack(n int) (changed bool) {
	to := max(0, min(q.back+n, len(q.past)))
	if to == q.back {
		return false
	}
	if q.back == 0 {
		q.typed = q.value()
	}
	if q.back = to; to == 0 {
		q.input = newInput(q.typed)
	} else {
		q.input = newInput(q.past[to-1])
	}
	return q.read()
}

// put draws the line into what is left of a row less spare cells, and gives the
// cursor's column and that of the mistake.
func (q *queryLine) put(m *Model, row *rowBuf, spare int) (cursor, mistake int) {
	start := row.used
	shown, col := q.view(max(row.left()-spare, 10))
	q.input.put(m.th, row, shown, col)
	if q.wrong != nil {
		at, _ := feed.Columns(q.value(), q.wrong.From, q.wrong.To)
		hidden := feed.Sanitise(strings.Join(q.before, "")).Width() - col
		mistake = start + max(at-hidden, 0)
	}
	return start + col, mistake
}

// mistakeRow points at a mistake in the row beside it, and says what it is. fill is
// what else the row is made of.
func (m *Model) mistakeRow(w, at int, e *query.Error, point, fill string) string {
	said := feed.Sanitise(m.mistake(e))
	row := newRow(w, style{})
	if before := at - said.Width() - 2; before >= 0 && at+said.Width()+3 > w {
		return row.own(m.th.rule, strings.Repeat(fill, before)).gap(1).show(m.th.wrong, said).gap(1).own(m.th.wrong, point).done()
	}
	at = min(at, w-1)
	return row.own(m.th.rule, strings.Repeat(fill, at)).own(m.th.wrong, point+" ").show(m.th.wrong, said).done()
}

// mistake says what is wrong with a query.
func (m *Model) mistake(e *query.Error) string {
	return m.t.T("query_error."+string(e.Code), e.Args...)
}

// menuRows bounds how much of the body a menu hides.
const menuRows = 8

// rows draws the menu: as many candidates as there are rows, each with what it
// means.
func (k *menu) rows(m *Model, w, h int) []string {
	if !k.open {
		return nil
	}
	if len(k.Candidates) == 0 {
		return []string{newRow(w, style{}).gap(2).own(m.th.dim, m.t.T("filter.no_offer")).done()}
	}
	n := min(menuRows, h, len(k.Candidates))
	first := max(0, min(k.at-n/2, len(k.Candidates)-n))
	var rows []string
	for i := first; i < first+n; i++ {
		base, mark := style{}, " "
		if i == k.at {
			base, mark = m.th.pick, "▌"
		}
		c := &k.Candidates[i]
		row := newRow(w, base).own(m.th.focus, mark).show(m.th.key, feed.Sanitise(c.Text).Truncate(24)).gap(1).to(18)
		rows = append(rows, row.show(m.th.dim, feed.Sanitise(m.meaning(c))).done())
	}
	return rows
}

// meaning says what a candidate would ask for.
func (m *Model) meaning(c *query.Candidate) string {
	switch {
	case c.Field == "":
		return m.t.T("query_field.or")
	case !c.Value:
		return m.t.T("query_field." + string(c.Field))
	}
	if key := "query_is." + c.Text; m.t.Has(key) && (c.Field == query.FieldIs || c.Field == query.FieldOwner || c.Field == query.FieldBy) {
		return m.t.T(key)
	}
	if c.Alias != "" && m.t.Lang == text.ZH {
		return c.Alias
	}
	return c.Title
}
