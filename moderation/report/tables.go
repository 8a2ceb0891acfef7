package report

import (
	"fmt"
	"strings"
	"time"

	"liveroom/moderation"
)

const (
	// shownProblems and so on are how many rows a page shows of what can be
	// thousands.
	shownProblems  = 40
	shownFlags     = 300
	shownCases     = 200
	shownQuestions = 24
	shownFigures   = 40
)

// Tables are the sections of the report in their order.
func (r *Report) Tables() []*Table {
	return []*Table{
		r.headTable(), r.heldTable(), r.gapTable(), r.turnTable(), r.rateTable("rates", r.Rates), r.rateTable("after", r.After),
		r.flagTable(), r.ruleTable(), r.typeTable(), r.problemTable(), r.clockTable(), r.peopleTable(),
		r.productTable(), r.exposureTable(), r.caseTable(), r.paymentTable(), r.penaltyTable(), r.holdTable(),
		r.spotCheckTable(), r.agreementTable(), r.answeredTable(), r.questionTable(), r.erasedTable(), r.ledgerTable(),
	}
}

func (r *Report) headTable() *Table {
	t := &Table{Name: "head", Columns: []Column{
		{"room", Texts},
		{"room_name", Texts},
		{"from", Moments},
		{"end", Moments},
		{"ended", Words},
		{"until", Moments},
		{"sheets", Texts},
		{"rule_sets", Texts},
		{"made", Moments},
		{"tool", Texts},
	}}
	t.add(Text(r.Room.ID), Text(r.Room.Name), moment(r.Period.From), moment(r.Period.End), yes(r.Period.Ended), moment(r.Period.Until),
		words(strings.Join(r.Sheets, " ")), words(strings.Join(r.Rules, " ")), moment(r.Made), words(r.Tool))
	return t
}

func yes(b bool) Cell {
	if b {
		return Word("word.yes")
	}
	return Word("word.no")
}

func (r *Report) heldTable() *Table {
	t := &Table{Name: "held", Columns: []Column{{"kind", Words}, {"events", Counts}}}
	for _, h := range r.Held {
		t.add(word("kind", h.Kind), Count(h.N))
	}
	return t
}

func (r *Report) gapTable() *Table {
	t := &Table{Name: "gaps", Columns: []Column{{"from", Moments}, {"to", Moments}, {"length_seconds", Spans}, {"lost", Counts}, {"reason", Texts}}}
	for _, g := range r.Gaps {
		known := !g.From.IsZero() && !g.To.IsZero()
		t.add(moment(g.From), moment(g.To), orNone(known, Span(g.To.Sub(g.From))), orNone(g.Lost >= 0, Count(g.Lost)), words(g.Reason))
	}
	return t
}

func (r *Report) turnTable() *Table {
	t := &Table{Name: "turns", Columns: []Column{{"from", Moments}, {"to", Moments}, {"sku", Texts}, {"product", Texts}}}
	for _, turn := range r.Turns {
		t.add(moment(turn.From), moment(turn.To), Text(turn.SKU), words(r.title(turn.SKU)))
	}
	return t
}

// title is what a product is called; "" : nobody said.
func (r *Report) title(sku string) string {
	for i := range r.Products {
		if r.Products[i].SKU == sku {
			return r.Products[i].Title
		}
	}
	return ""
}

func (r *Report) rateTable(name string, s Rates) *Table {
	t := &Table{Name: name, Columns: []Column{
		{"from", Moments}, {"step_seconds", Spans}, {"chat", Counts}, {"orders", Counts}, {"complaints", Counts}, {"urgent", Counts}, {"refund_events", Counts},
	}}
	for i := range s.Orders {
		t.add(Moment(s.From.Add(s.Step*time.Duration(i))), Span(s.Step), Count(s.Chat[i]), Count(s.Orders[i]), Count(s.Complaints[i]),
			Count(s.Urgent[i]), Count(s.Refunds[i]))
	}
	return t
}

func (r *Report) flagTable() *Table {
	t := &Table{Name: "flags", Shown: shownFlags, Columns: []Column{
		{"flag", Counts},
		{"at", Moments},
		{"sku", Texts},
		{"product", Texts},
		{"category", Words},
		{"verdict", Words},
		{"severity", Words},
		{"said", Texts},
		{"text", Texts},
		{"fact", Texts},
		{"fact_id", Texts},
		{"rule", Texts},
		{"law", Texts},
		{"status", Words},
		{"decided_by", Texts},
		{"decided_at", Moments},
		{"reason", Texts},
		{"case", Counts},
		{"outcome", Words},
		{"corrected_at", Moments},
		{"withdrawn_at", Moments},
		{"exposed_until", Moments},
		{"exposed_by", Words},
		{"exposed_orders", Counts},
		{"exposed_fen", Money},
	}}
	for i := range r.Flags {
		f := &r.Flags[i]
		exposed := f.Reach.Flag != 0
		decided := !f.Waiting()
		t.add(Count(f.ID), Moment(f.At), words(f.SKU), words(f.Product), word("category", f.Finding.Category), word("verdict", f.Finding.Verdict),
			word("severity", f.Finding.Severity), words(f.Finding.Said), words(f.Before+f.Said+f.After), words(f.Finding.Fact), words(f.Finding.FactID),
			words(f.Finding.Rule), words(f.Finding.Law), word("status", f.Status), orNone(decided, Text(f.DecidedBy)), orNone(decided, Moment(f.DecidedAt)),
			words(f.Reason), orNone(f.Case != 0, Count(f.Case)), word("outcome", f.Outcome), moment(f.Corrected), moment(f.Withdrawn),
			orNone(exposed, moment(f.Reach.Until)), orNone(exposed, ending(f.Reach.End)), orNone(exposed, Count(f.Exposed)), orNone(exposed, Fen(f.ExposedFen)))
	}
	return t
}

// ending says what ended a claim's reach.
func ending(e moderation.ReachEnd) Word {
	if e == moderation.ReachOpen {
		return "ending.open"
	}
	return Word("ending." + string(e))
}

func (r *Report) ruleTable() *Table {
	t := &Table{Name: "rules", Columns: []Column{
		{"rule", Texts}, {"raised", Counts}, {"confirmed", Counts}, {"dismissed", Counts}, {"open", Counts}, {"precision", Shares},
	}}
	if len(r.Rule) == 0 {
		return t
	}
	row := func(name Cell, p Precision) {
		t.add(name, Count(p.Raised), Count(p.Confirmed), Count(p.Dismissed), Count(p.Open), Rate(p.Share()))
	}
	all := r.Totals
	row(Word("rule.all"), Precision{Raised: all.Raised, Confirmed: all.Confirmed, Dismissed: all.Dismissed, Open: all.Open})
	for _, p := range r.Rule {
		row(Text(p.Rule), p)
	}
	return t
}

func (r *Report) typeTable() *Table {
	t := &Table{Name: "types", Columns: []Column{{"type", Words}, {"complaints", Counts}, {"urgent", Counts}, {"in_case", Counts}, {"ended_cases", Counts}}}
	for _, c := range r.Types {
		name := Word("grievance." + string(c.Type))
		if c.Type == "" {
			name = "grievance.untriaged"
		}
		t.add(name, Count(c.N), Count(c.Urgent), Count(c.InCase), Count(c.Ended))
	}
	return t
}

func (r *Report) problemTable() *Table {
	t := &Table{Name: "problems", Shown: shownProblems, Columns: []Column{
		{"problem", Counts},
		{"title", Texts},
		{"sku", Texts},
		{"complaints", Counts},
		{"urgent", Counts},
		{"first", Moments},
		{"last", Moments},
		{"said_at", Moments},
		{"sentence", Texts},
		{"flag", Counts},
		{"flag_status", Words},
	}}
	for _, p := range r.Problems {
		t.add(Count(p.ID), words(p.Title), words(p.SKU), Count(p.N), Count(p.Urgent), moment(p.First), moment(p.Last),
			moment(p.SaidAt), words(p.Sentence), orNone(p.Flag != 0, Count(p.Flag)), word("status", p.FlagStatus))
	}
	return t
}

func (r *Report) clockTable() *Table {
	t := &Table{Name: "clocks", Columns: []Column{
		{"clock", Words},
		{"policy", Texts},
		{"met", Counts},
		{"missed", Counts},
		{"running", Counts},
		{"paused", Counts},
		{"done", Counts},
		{"median_seconds", Spans},
		{"worst_seconds", Spans},
		{"latest_seconds", Spans},
	}}
	for _, c := range r.Clocks {
		name := both(c.Text)
		if c.Text.ZH == "" {
			name = Word("clock." + c.Name)
		}
		t.add(name, words(c.Policy), Count(c.Met), Count(c.Missed), Count(c.Running), Count(c.Paused), Count(c.Done),
			orNone(c.Done > 0, Span(c.Median)), orNone(c.Done > 0, Span(c.Worst)), orNone(c.Missed > 0, Span(c.Latest)))
	}
	return t
}

func (r *Report) peopleTable() *Table {
	t := &Table{Name: "people", Columns: []Column{
		{"person", Texts},
		{"role", Words},
		{"confirmed", Counts},
		{"dismissed", Counts},
		{"snoozed", Counts},
		{"decided", Counts},
		{"median_seconds", Spans},
		{"opened", Counts},
		{"resolved", Counts},
		{"other", Counts},
		{"undone", Counts},
	}}
	for _, p := range r.People {
		t.add(Text(p.Name), word("role", p.Role), Count(p.Confirmed), Count(p.Dismissed), Count(p.Snoozed), Count(p.Decided),
			orNone(p.Decided > 0, Span(p.Median)), Count(p.Opened), Count(p.Resolved), Count(p.Other), Count(p.Undone))
	}
	return t
}

func (r *Report) productTable() *Table {
	t := &Table{Name: "products", Columns: []Column{
		{"sku", Texts},
		{"product", Texts},
		{"on_air_seconds", Spans},
		{"raised", Counts},
		{"confirmed", Counts},
		{"made_orders", Counts},
		{"paid_orders", Counts},
		{"paid", Shares},
		{"paid_fen", Money},
		{"complaints", Counts},
		{"refunds", Counts},
		{"refund_share", Shares},
		{"refunded", Counts},
		{"refunded_fen", Money},
	}}
	for i := range r.Products {
		p := &r.Products[i]
		t.add(words(p.SKU), words(p.Title), orNone(p.OnAir > 0, Span(p.OnAir)), Count(p.Raised), Count(p.Confirmed), Count(p.Made), Count(p.Paid), Rate(p.PaidShare()),
			Fen(p.PaidFen), Count(p.Complaints), Count(p.Refunds), Rate(p.RefundShare()), Count(p.Refunded), Fen(p.RefundFen))
	}
	return t
}

func (r *Report) exposureTable() *Table {
	t := &Table{Name: "exposure", Columns: []Column{
		{"sku", Texts},
		{"product", Texts},
		{"claims", Counts},
		{"exposed_orders", Counts},
		{"exposed_fen", Money},
		{"exposed_refunds", Counts},
		{"exposed_share", Shares},
		{"other_orders", Counts},
		{"other_refunds", Counts},
		{"other_share", Shares},
	}}
	for i := range r.Products {
		p := &r.Products[i]
		if p.Confirmed == 0 {
			continue
		}
		t.add(words(p.SKU), words(p.Title), Count(p.Confirmed), Count(p.Exposed.Orders), Fen(p.Exposed.PaidFen), Count(p.Exposed.Refunds), Rate(p.Exposed.Share()),
			Count(p.Others.Orders), Count(p.Others.Refunds), Rate(p.Others.Share()))
	}
	return t
}

func (r *Report) caseTable() *Table {
	t := &Table{Name: "cases", Shown: shownCases, Columns: []Column{
		{"case", Counts},
		{"case_kind", Words},
		{"title", Texts},
		{"sku", Texts},
		{"category", Words},
		{"state", Words},
		{"outcome", Words},
		{"resolved_by", Texts},
		{"flags", Counts},
		{"complaints", Counts},
		{"orders", Counts},
		{"stake_fen", Money},
		{"opened_by", Texts},
		{"opened_at", Moments},
		{"due_at", Moments},
		{"closed_at", Moments},
		{"owner", Texts},
	}}
	for _, c := range r.Cases {
		t.add(Count(c.ID), word("casekind", c.Kind), words(c.Title), words(c.SKU), word("category", c.Category), word("state", c.State), word("outcome", c.Outcome),
			words(c.ResolvedBy), Count(c.Flags), Count(c.Complaints), Count(c.Orders), Fen(c.StakeFen), words(c.OpenedBy), moment(c.OpenedAt),
			moment(c.DueAt), moment(c.ClosedAt), words(c.Owner))
	}
	return t
}

func (r *Report) answeredTable() *Table {
	a := r.Answered
	t := &Table{Name: "answered", Columns: []Column{{"asked", Counts}, {"answered", Counts}, {"answered_share", Shares}, {"wait_seconds", Spans}}}
	t.add(Count(a.Asked), Count(a.Answered), Rate(a.Share()), orNone(a.Answered > 0, Span(a.Wait)))
	return t
}

func (r *Report) questionTable() *Table {
	t := &Table{Name: "questions", Shown: shownQuestions, Columns: []Column{{"question", Texts}, {"times", Counts}, {"first", Moments}, {"last", Moments}, {"sku", Texts}, {"product", Texts}}}
	for _, q := range r.Answered.Waiting {
		t.add(words(q.Text), Count(q.Times), moment(q.At), moment(q.LastAt), words(q.SKU), words(q.Product))
	}
	return t
}

// maxFaults is how many faults the report lists; liveroom verify lists more.
const maxFaults = 20

func (r *Report) ledgerTable() *Table {
	t := &Table{Name: "ledger", Columns: []Column{{"leaves", Counts}, {"root", Texts}, {"checked", Words}, {"checked_leaves", Counts}, {"faults", Counts}, {"first_fault", Texts}, {"erased_people", Counts}, {"erased_rows", Counts}}}
	row := []Cell{Count(r.Ledger.Size), Text(fmt.Sprintf("%x", r.Ledger.Root)), yes(r.Audit != nil), None{}, None{}, None{}, None{}, None{}}
	if a := r.Audit; a != nil {
		row[3], row[4] = Count(a.Head.Size), Count(int64(len(a.Faults))+a.More)
		row[6], row[7] = Count(a.People), Count(a.Erased)
		if len(a.Faults) > 0 {
			row[5] = Text(a.Faults[0].String())
		}
	}
	t.add(row...)
	return t
}
