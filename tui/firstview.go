package tui

import (
	"strconv"
	"strings"

	"liveroom/feed"
)

// firstWidth is how wide the first screen is at most: what is wider is harder to
// read.
const firstWidth = 100

// View implements tea.Model.
func (f *firstRun) View() string {
	m := f.m
	m.caret.Store(0)
	if m.w == 0 || m.h == 0 {
		return ""
	}
	if m.w < minWidth || m.h < minHeight {
		return m.tooSmall(screen{W: max(m.w-1, 1), H: m.h})
	}
	d := &doc{m: m, w: min(m.w-1, firstWidth)}
	d.rows = append(d.rows, newRow(d.w, style{}).gap(1).own(m.th.strong, "liveroom").gap(2).own(m.th.dim, m.t.T("first.title")).done(), spaces(d.w))
	switch f.page {
	case pageMenu:
		f.menuRows(d)
	case pageAsk:
		f.askRows(d)
	case pageLook:
		f.lookRows(d)
	case pageOpen:
		f.openRows(d)
	}
	if f.wrong != "" {
		f.say(d, m.th.wrong, "✗ ", f.wrong)
	}
	rows := d.rows[:min(len(d.rows), m.h)]
	for len(rows) < m.h {
		rows = append(rows, "")
	}
	for i := range rows {
		rows[i] = eraseLine + rows[i]
	}
	return strings.Join(rows, "\n")
}

// say writes a text of several lines behind a mark.
func (f *firstRun) say(d *doc, st style, mark, s string) {
	for line := range strings.SplitSeq(s, "\n") {
		d.line(strings.TrimSpace(mark), st, "", st, feed.Sanitise(line))
	}
}

// tell writes a text.
func (f *firstRun) tell(d *doc, st style, s string) {
	for _, line := range feed.Sanitise(s).Wrap(d.w - 2) {
		d.rows = append(d.rows, newRow(d.w, style{}).gap(1).show(st, line).done())
	}
}

// option writes a line that can be chosen.
func (f *firstRun) option(d *doc, chosen bool, key, name, note string) {
	base, mark := style{}, " "
	if chosen {
		base, mark = f.m.th.pick, "▌"
	}
	row := newRow(d.w, base).own(f.m.th.focus, mark).own(f.m.th.key, key).gap(2).own(f.m.th.strong, name).gap(2)
	d.rows = append(d.rows, row.to(34).own(f.m.th.dim, note).done())
}

func (f *firstRun) hint(d *doc, s string) {
	d.rows = append(d.rows, spaces(d.w))
	f.tell(d, f.m.th.dim, s)
}

func (f *firstRun) menuRows(d *doc) {
	t := f.m.t
	f.tell(d, f.m.th.plain, t.T("first.welcome", feed.Sanitise(f.opt.File).String()))
	d.rows = append(d.rows, spaces(d.w))
	for i, way := range waysIn {
		note := ""
		if key := "waynote." + way.id; t.Has(key) {
			note = t.T(key)
		}
		f.option(d, i == f.at, way.key, t.T("way."+way.id), note)
	}
	f.hint(d, t.T("first.menu_hint"))
}

// questionKeys are the names of the questions in the catalogue.
var questionKeys = [questions]string{"source", "address", "room", "facts", "record"}

// askRows draws what was answered, the question, and the line for the answer.
func (f *firstRun) askRows(d *doc) {
	t := f.m.t
	for q := range f.q {
		f.answered(d, q)
	}
	key := questionKeys[f.q]
	if f.q == AskAddress && f.opt.Sources[f.source].Channel {
		key = "channel"
	}
	d.rows = append(d.rows, newRow(d.w, style{}).gap(1).own(f.m.th.key, strconv.Itoa(int(f.q)+1)+"/"+strconv.Itoa(int(questions))).gap(1).own(f.m.th.strong, t.T("question."+key)).done())
	f.tell(d, f.m.th.dim, t.T("about."+key))
	if f.q == AskSource {
		for i, s := range f.opt.Sources {
			f.option(d, i == f.source, strconv.Itoa(i+1), t.T("watch."+s.ID), s.Address)
		}
		f.tell(d, f.m.th.dim, t.T("first.others"))
		f.hint(d, t.T("first.source_hint"))
		return
	}
	f.lineRows(d)
	hint := "first.ask_hint"
	if f.q == AskFacts || f.q == AskRecord {
		hint = "first.path_hint"
	}
	f.hint(d, t.T(hint))
}

// lineRows draws the line being typed, and what a path could go on with.
func (f *firstRun) lineRows(d *doc) {
	row := newRow(d.w, style{}).gap(1).own(f.m.th.key, "› ")
	shown, col := f.line.view(max(row.left()-2, 8))
	f.m.setCaret(row.used+col, len(d.rows))
	f.line.put(f.m.th, row, shown, col)
	d.rows = append(d.rows, row.done())
	if f.busy {
		f.tell(d, f.m.th.dim, f.m.t.T("first.looking"))
	}
	if len(f.hits) > 0 {
		f.tell(d, f.m.th.dim, strings.Join(f.hits, "  "))
	}
}

// answered writes an answer in one line.
func (f *firstRun) answered(d *doc, q Question) {
	value := feed.Sanitise(f.answers[q])
	if q == AskSource {
		value = feed.Sanitise(f.m.t.T("watch." + f.opt.Sources[f.source].ID))
	}
	st := f.m.th.plain
	if value.Empty() {
		value, st = feed.Sanitise(f.m.t.T("ungiven."+questionKeys[q])), f.m.th.dim
	}
	row := newRow(d.w, style{}).gap(1).own(f.m.th.dim, strconv.Itoa(int(q)+1)+" ").own(f.m.th.dim, f.m.t.T("given."+questionKeys[q])).gap(1)
	d.rows = append(d.rows, row.to(18).show(st, value).done())
}

// lookRows draws all answers and what became of trying the address.
func (f *firstRun) lookRows(d *doc) {
	t := f.m.t
	d.rows = append(d.rows, newRow(d.w, style{}).gap(1).own(f.m.th.strong, t.T("first.look", feed.Sanitise(f.opt.File).String())).done())
	for q := range questions {
		f.answered(d, q)
	}
	d.rows = append(d.rows, spaces(d.w))
	switch {
	case f.trying:
		f.say(d, f.m.th.dim, "…", t.T("first.trying"))
	case f.reached != nil:
		f.say(d, f.m.th.need, "▲", t.T("first.not_reached", feed.Sanitise(f.reached.Error()).String()))
	default:
		f.say(d, f.m.th.fine, "✓", t.T("first.reached"))
	}
	f.hint(d, t.T("first.look_hint"))
}

func (f *firstRun) openRows(d *doc) {
	t := f.m.t
	d.rows = append(d.rows, newRow(d.w, style{}).gap(1).own(f.m.th.strong, t.T("first.which_config")).done())
	f.lineRows(d)
	f.hint(d, t.T("first.open_hint"))
}
