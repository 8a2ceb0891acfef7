package report

import (
	"crypto/sha256"
	_ "embed" // the page and its style
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"
	"time"

	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/moderation/agreement"
	"liveroom/moderation/backtest"
	"liveroom/moderation/policy"
)

var (
	//go:embed page.html
	pageSource string
	//go:embed page.css
	pageStyle string

	pageTemplate = template.Must(template.New("page").Parse(pageSource))
)

// policy lets a browser load nothing and run nothing: the page's own style is
// known by its hash.
func contentPolicy() string {
	sum := sha256.Sum256([]byte(pageStyle))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action 'none'"
}

// A page is what the template writes: text fit to be shown, in one language.
type page struct {
	Lang, Policy, Title, Room, RoomID string
	Style                             template.CSS
	Lines                             [][2]string
	Notes                             []string
	Tiles                             []tile
	Air, After                        *chart
	Legend                            []chartMark
	Flags                             []flagCard
	FlagsMore                         string
	Tables                            map[string]*tableView
	Order                             []string
	Contents                          []contentLine
	Held                              []string
	Ledger                            ledgerView
	T                                 func(string, ...any) string
}

type contentLine struct{ ID, Title string }

type tile struct{ Name, Value, Note, Tone string }

type ledgerView struct {
	Size, Root, State string
	Faulty            bool
	Faults            []string
}

// WriteHTML writes the report as one page that needs nothing else.
func (r *Report) WriteHTML(w io.Writer, lang Lang) error {
	s := speak(lang, r.Zone)
	p := &page{
		Lang: s.T("page.lang"), Policy: contentPolicy(), Style: template.CSS(pageStyle), T: s.T, //nolint:gosec // our own style
		Title: s.T("page.title"), Room: show(firstOf(r.Room.Name, r.Room.ID)), RoomID: show(r.Room.ID),
		Tiles: r.tiles(s), Ledger: r.ledgerView(s), Tables: map[string]*tableView{},
	}
	p.Lines, p.Notes = r.headLines(s)
	for _, h := range r.Held {
		if h.N > 0 {
			p.Held = append(p.Held, s.T("kind."+string(h.Kind))+" "+grouped(h.N))
		}
	}
	if len(r.Rates.Orders) > 0 {
		c := r.airChart(s)
		p.Air = &c
	}
	if len(r.After.Orders) > 0 {
		c := r.afterChart(s)
		p.After = &c
	}
	for _, status := range []moderation.FlagStatus{moderation.FlagConfirmed, moderation.FlagDismissed, moderation.FlagOpen, moderation.FlagSnoozed} {
		p.Legend = append(p.Legend, chartMark{Status: string(status), Title: s.T("status." + string(status)), Shape: markShape(status, 7, 7)})
	}
	shown := r.Flags[:min(len(r.Flags), shownFlags)]
	for i := range shown {
		p.Flags = append(p.Flags, shown[i].card(s, r.Grace))
	}
	if more := len(r.Flags) - len(shown); more > 0 {
		p.FlagsMore = s.T("page.more", more)
	}
	for _, t := range r.Tables() {
		if columns := pageColumns[t.Name]; columns != nil {
			p.Tables[t.Name] = s.view(t, columns)
		}
	}
	if e := p.Tables["exposure"]; e.Lead != "" {
		e.Lead = s.T("lead.exposure", s.step(r.Grace))
	}
	p.Tables["problems"].Notes = r.problemNotes(s)
	if a := r.Answered; a.Asked > 0 {
		p.Tables["questions"].Before = r.answeredLine(s)
	}
	if r.Second.Checks > 0 {
		p.Tables["agreement"].Before = r.spotCheckLine(s)
		if r.Second.Reviewed == 0 {
			p.Tables["agreement"].Empty = s.T("kappa.nothing_judged")
		}
	}
	if r.erased() > 0 {
		p.Tables["erased"].Before = r.erasedLine(s)
	}
	p.Order = tableOrder
	for _, name := range contents {
		p.Contents = append(p.Contents, contentLine{name, s.T("section." + name)})
	}
	if err := pageTemplate.Execute(w, p); err != nil {
		return fmt.Errorf("write the page: %w", err)
	}
	return nil
}

var (
	// tableOrder are the page's tables in their order, contents all its sections.
	tableOrder = []string{"rules", "types", "problems", "clocks", "people", "products", "exposure", "cases", "payments", "penalties", "holds", "agreement", "questions", "gaps", "erased"}
	contents   = slices.Concat([]string{"air", "flags"}, tableOrder, []string{"ledger"})
)

func show(s string) string { return feed.Sanitise(s).String() }

func (r *Report) headLines(s speaker) (lines [][2]string, notes []string) {
	period := s.T("page.period", s.at(r.Period.From, layoutTime), s.at(r.Period.End, layoutTime))
	if !r.Period.Ended {
		period = s.T("page.on_until", s.at(r.Period.From, layoutTime), s.at(r.Period.End, layoutTime))
	}
	sheets, sets := s.T("page.no_sheet"), s.T("page.no_rules")
	if len(r.Sheets) > 0 {
		sheets = show(strings.Join(r.Sheets, ", "))
	}
	if len(r.Rules) > 0 {
		sets = show(strings.Join(r.Rules, ", "))
	}
	if n := r.erased(); n > 0 {
		notes = append(notes, s.T("page.erased", n))
	}
	lines = [][2]string{
		{s.T("page.when"), period},
		{s.T("page.sheet"), sheets},
		{s.T("page.rules"), sets},
		{s.T("section.ledger"), s.T("ledger.state", grouped(r.Ledger.Size)) + " " + fmt.Sprintf("%x", r.Ledger.Root)},
		{s.T("column.made"), s.T("page.made", s.at(r.Made, layoutTime), show(r.Tool))},
	}
	if !r.Period.Until.IsZero() {
		notes = append(notes, s.T("page.counted_until", s.at(r.Period.Until, layoutTime)))
	}
	return lines, append(notes, s.T("page.zone", show(r.Zone.String())), s.T("page.masked"), s.T("page.percent_note", backtest.Few))
}

func (r *Report) tiles(s speaker) []tile {
	t := r.Totals
	of := func(key string, numbers ...int) string {
		args := make([]any, len(numbers))
		for i, n := range numbers {
			args[i] = grouped(int64(n))
		}
		return s.T(key, args...)
	}
	number := func(n int) string { return grouped(int64(n)) }
	exposed := tile{s.T("tile.exposed"), number(t.Exposed), s.T("tile.exposed_none"), ""}
	if t.Confirmed > 0 {
		exposed.Note, exposed.Tone = s.T("tile.exposed_of", policy.Money(t.ExposedFen), policy.Money(t.PaidFen)), tone(t.Exposed > 0, "bad")
	}
	due := t.ClocksMet + t.ClocksMissed
	clocks := tile{s.T("tile.clocks"), "–", of("tile.clocks_of", t.ClocksMissed, t.ClocksRunning), tone(t.ClocksMissed > 0, "bad")}
	switch {
	case due > 0:
		clocks.Value = number(t.ClocksMet) + "/" + number(due)
	case t.ClocksRunning == 0:
		clocks.Note = s.T("tile.clocks_none")
	}
	a := r.Answered
	questions := tile{s.T("tile.questions"), number(a.Answered) + "/" + number(a.Asked), of("tile.questions_of", a.Asked-a.Answered), ""}
	if a.Asked == 0 {
		questions.Value, questions.Note = "–", s.T("tile.questions_none")
	}
	return []tile{
		{s.T("tile.flags"), number(t.Raised), of("tile.flags_of", t.Confirmed, t.Dismissed, t.Open), tone(t.Open > 0, "wait")},
		{s.T("tile.orders"), number(t.Paid), s.T("tile.orders_of", policy.Money(t.PaidFen), number(t.Orders)), ""},
		exposed,
		{s.T("tile.complaints"), number(t.Complaints), of("tile.complaints_of", t.Urgent, t.Problems), ""},
		clocks, questions, r.gapTile(s),
	}
}

func tone(on bool, name string) string {
	if on {
		return name
	}
	return ""
}

func (r *Report) gapTile(s speaker) tile {
	t := tile{s.T("tile.gaps"), grouped(int64(len(r.Gaps))), s.T("tile.gaps_none"), tone(len(r.Gaps) > 0, "wait")}
	var sum time.Duration
	open := false
	for _, g := range r.Gaps {
		open = open || g.From.IsZero() || g.To.IsZero()
		sum += g.To.Sub(g.From)
	}
	switch {
	case open:
		t.Note = s.T("tile.gaps_open")
	case len(r.Gaps) > 0:
		t.Note = s.T("tile.gaps_of", s.span(sum))
	}
	return t
}

func (r *Report) ledgerView(s speaker) ledgerView {
	v := ledgerView{Size: grouped(r.Ledger.Size), Root: fmt.Sprintf("%x", r.Ledger.Root), State: s.T("ledger.not_checked")}
	a := r.Audit
	if a == nil {
		return v
	}
	if len(a.Faults) == 0 {
		v.State = s.T("ledger.fine", grouped(a.Head.Size))
		return v
	}
	v.Faulty, v.State = true, s.T("ledger.faulty", int64(len(a.Faults))+a.More)
	for _, f := range a.Faults[:min(len(a.Faults), maxFaults)] {
		v.Faults = append(v.Faults, show(f.String()))
	}
	if more := int64(len(a.Faults)) + a.More - int64(len(v.Faults)); more > 0 {
		v.Faults = append(v.Faults, s.T("ledger.more", more))
	}
	return v
}

// answeredLine says how many questions were answered, and how fast.
func (r *Report) answeredLine(s speaker) string {
	wait := s.T("word.none")
	if r.Answered.Answered > 0 {
		wait = s.span(r.Answered.Wait)
	}
	return s.T("tile.answered", s.rate(r.Answered.Share()), wait)
}

// problemNotes say what the table of problems does not hold.
func (r *Report) problemNotes(s speaker) (notes []string) {
	if left := r.Problems[min(len(r.Problems), shownProblems):]; len(left) > 0 {
		n := 0
		for _, p := range left {
			n += p.N
		}
		notes = append(notes, s.T("empty.left", len(left), n))
	}
	if r.Alone > 0 {
		notes = append(notes, s.T("empty.alone", r.Alone))
	}
	return notes
}

// A pageColumn is a column of a page's table: one of the table's, and below it in
// small a second.
type pageColumn struct{ id, below string }

// pageColumns are the tables of the page and what of them it shows: what fits on
// paper.
var pageColumns = map[string][]pageColumn{
	"rules": {{"rule", ""}, {"raised", ""}, {"confirmed", ""}, {"dismissed", ""}, {"open", ""}, {"precision", ""}},
	"types": {{"type", ""}, {"complaints", ""}, {"urgent", ""}, {"in_case", ""}, {"ended_cases", ""}},
	"problems": {
		{"title", "sku"}, {"complaints", ""}, {"urgent", ""}, {"first", "last"}, {"sentence", "said_at"}, {"flag", "flag_status"},
	},
	"clocks": {
		{"clock", "policy"}, {"met", ""}, {"missed", ""}, {"running", ""}, {"paused", ""}, {"median_seconds", ""}, {"worst_seconds", ""}, {"latest_seconds", ""},
	},
	"people": {
		{"person", "role"}, {"confirmed", ""}, {"dismissed", ""}, {"snoozed", ""}, {"median_seconds", ""}, {"opened", ""}, {"resolved", ""}, {"other", ""}, {"undone", ""},
	},
	"products": {
		{"product", "sku"}, {"on_air_seconds", ""}, {"confirmed", "raised"}, {"paid", ""}, {"paid_fen", ""}, {"complaints", ""}, {"refund_share", ""}, {"refunded_fen", "refunded"},
	},
	"exposure": {
		{"product", "sku"}, {"claims", ""}, {"exposed_orders", "exposed_fen"}, {"exposed_share", ""}, {"other_orders", ""}, {"other_share", ""},
	},
	"cases": {
		{"case", ""},
		{"title", "case_kind"},
		{"sku", "category"},
		{"state", "owner"},
		{"outcome", "resolved_by"},
		{"flags", ""},
		{"complaints", ""},
		{"orders", ""},
		{"stake_fen", ""},
		{"opened_at", "opened_by"},
		{"due_at", ""},
	},
	"payments": {
		{"case", ""}, {"order", ""}, {"policy_title", "policy"}, {"amount_fen", ""}, {"payers", ""}, {"payment_state", ""}, {"proposed_at", "proposed_by"}, {"decided_at", "decided_by"}, {"reason", ""},
	},
	"penalties": {
		{"case", ""}, {"subject", "offender"}, {"offence", "gravity"}, {"measures", "points"}, {"fine_fen", ""}, {"penalty_state", ""}, {"imposed_at", "imposed_by"}, {"ended_at", "ended_by"}, {"reason", ""},
	},
	"holds": {{"case", ""}, {"order", ""}, {"held_at", "held_by"}, {"reason", ""}, {"frozen_at", ""}, {"merchant_says", ""}, {"released_at", "released_by"}},
	"agreement": {
		{"agreement_of", "name"}, {"judged", ""}, {"alike_share", ""}, {"kappa", ""}, {"confirmed_then_dismissed", ""}, {"dismissed_then_confirmed", ""},
	},
	"erased":    {{"erasable", ""}, {"rows", ""}, {"erased", ""}},
	"questions": {{"question", ""}, {"times", ""}, {"first", ""}, {"product", ""}},
	"gaps":      {{"from", ""}, {"to", ""}, {"length_seconds", ""}, {"lost", ""}, {"reason", ""}},
}

// A tableView is a table as the page shows it.
type tableView struct {
	Name, Title, Lead, Before, Empty, More string
	Notes                                  []string
	Heads                                  []headView
	Rows                                   [][]cellView
}

type headView struct{ Name, Below, Class string }

// A cellView is a cell as the page shows it. A rate has the place of its share
// and of its interval, of a hundred.
type cellView struct {
	Class, Text, Below string
	Rate, None         bool
	Low, High, Dot     px
	Link               string
}

func (s speaker) view(t *Table, columns []pageColumn) *tableView {
	v := &tableView{Name: t.Name, Title: s.T("section." + t.Name)}
	if len(t.Rows) == 0 {
		v.Empty = s.T("empty." + t.Name)
		return v
	}
	v.Lead = s.T("lead." + t.Name)
	at := func(id string) int { return slices.IndexFunc(t.Columns, func(c Column) bool { return c.ID == id }) }
	for _, c := range columns {
		h := headView{Name: s.T("column." + c.id), Class: class(t.Columns[at(c.id)])}
		if c.below != "" {
			h.Below = s.T("column." + c.below)
		}
		v.Heads = append(v.Heads, h)
	}
	rows := t.Rows
	if t.Shown > 0 && len(rows) > t.Shown {
		if t.Name != "problems" {
			v.More = s.T("page.more", len(rows)-t.Shown)
		}
		rows = rows[:t.Shown]
	}
	for _, row := range rows {
		var cells []cellView
		for _, c := range columns {
			cell := s.pageCell(row[at(c.id)], t.Columns[at(c.id)])
			cell.Class = class(t.Columns[at(c.id)])
			if c.id == "flag" && !cell.None {
				cell.Link = "#flag-" + cell.Text
			}
			if below := at(c.below); c.below != "" {
				if b := s.pageCell(row[below], t.Columns[below]); !b.None {
					cell.Below = b.Text
				}
			}
			if cell.None {
				cell.Class += " none"
			}
			cells = append(cells, cell)
		}
		v.Rows = append(v.Rows, cells)
	}
	return v
}

// class is how a column is set.
func class(c Column) string {
	switch {
	case c.Kind.numeric():
		return "num"
	case c.Kind == Shares:
		return "rate"
	case c.Kind == Moments:
		return "time"
	case c.Kind == Words:
		return "word"
	case c.ID == "reason" || c.ID == "sentence" || c.ID == "question" || c.ID == "title":
		return "wide"
	}
	return ""
}

// pageCell writes a cell for the page.
func (s speaker) pageCell(c Cell, of Column) cellView {
	switch c := c.(type) {
	case None:
		if of.Kind == Texts || of.Kind == Words || of.ID == "flag" || of.Kind == Moments {
			return cellView{Text: "–", None: true} // there is none, which is no lack of data
		}
		return cellView{Text: s.T("word.none"), None: true}
	case Moment:
		return cellView{Text: s.at(time.Time(c), layoutShort)}
	case Kappa:
		figure, note := s.kappa(agreement.Figure(c))
		return cellView{Text: figure, Below: note}
	case Rate:
		share := backtest.Share(c)
		if !share.Known() {
			return cellView{Text: s.rate(share)}
		}
		low, high := share.Interval()
		return cellView{
			Rate: true, Text: fmt.Sprintf("%d%%", share.Percent()), Below: fmt.Sprintf("%d–%d%% · %d/%d", low, high, share.K, share.N),
			Low: px(low), High: px(high - low), Dot: min(max(px(share.Percent())-1.3, 0), 97.4),
		}
	}
	return cellView{Text: show(s.cell(c))}
}
