package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"liveroom/claims/sheet"
	"liveroom/moderation"
	"liveroom/moderation/policy"
	"liveroom/tui/text"
)

// A recordInquiry asks the policies about a case or an order of a record.
type recordInquiry struct {
	recordOptions
	order, sheet string
	revealOptions
}

func (r *recordInquiry) flags(f *pflag.FlagSet) {
	f.StringVar(&r.db, "db", "liveroom.db", "database file of the record")
	f.Int64Var(&r.incident, "case", 0, "the case that is asked about")
	f.StringVar(&r.order, "order", "", "the order that is asked about, with the case it is in")
	f.StringVar(&r.sheet, "sheet", "", "fact sheet (default: the config's)")
	r.bundleFlags(f)
}

func (r *recordInquiry) ask(cmd *cobra.Command, ids []string, o policyOptions, lang text.Lang) error {
	if o.file != "" {
		return errors.New("--facts is another matter than --case or --order: ask about one of them")
	}
	asOf, err := o.moment()
	if err != nil {
		return err
	}
	q, err := r.inquiry(o)
	if err != nil {
		return err
	}
	if err := r.revealOptions.ask(cmd.Context(), r.db); err != nil {
		return err
	}
	store, err := r.open(cmd.Context())
	if err != nil {
		return err
	}
	defer store.Close()
	q.Record = store
	orders, err := r.orders(cmd.Context(), store)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(cmd.OutOrStdout())
	for _, order := range orders {
		s, err := q.Ask(cmd.Context(), r.incident, order, asOf, ids...)
		if err != nil {
			return err
		}
		if err := writeScenario(w, s, r.fieldsAsked(), o.as, lang); err != nil {
			return err
		}
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("write answer: %w", err)
	}
	return nil
}

// inquiry is the policies and the fact sheet that count: those of the config,
// and what the flags name over them.
func (r *recordInquiry) inquiry(o policyOptions) (moderation.Inquiry, error) {
	files := &policyFiles{paths: o.dirs}
	facts := r.sheet
	q := moderation.Inquiry{}
	var err error
	if r.config != "" {
		c, err := loadConfig(r.config)
		if err != nil {
			return moderation.Inquiry{}, err
		}
		if files, err = c.policyFiles(); err != nil {
			return moderation.Inquiry{}, err
		}
		files.paths = append(files.paths, o.dirs...)
		facts = firstSet(facts, c.beside(c.Facts.File))
		if q.Hosts, err = c.hostFacts(); err != nil {
			return q, err
		}
	} else if files.base, err = policy.Shipped(); err != nil {
		return moderation.Inquiry{}, err
	}
	if q.Policies, err = files.load(); err != nil {
		return q, err
	}
	s, err := loadSheet(facts)
	if err == nil && s != nil {
		q.Product = func(sku string) *sheet.Product { return s.Product(sku) }
	}
	return q, err
}

// orders are those that are asked about: each of the case's, where none is named.
func (r *recordInquiry) orders(ctx context.Context, store moderation.Record) ([]string, error) {
	if r.order != "" {
		return []string{r.order}, nil
	}
	c, err := store.Case(ctx, r.incident)
	if errors.Is(err, moderation.ErrNotFound) {
		return nil, fmt.Errorf("case %d is not in the record: `liveroom cases` lists them", r.incident)
	}
	if err != nil {
		return nil, err
	}
	orders, err := moderation.CaseOrders(ctx, store, c)
	if len(orders) == 0 {
		orders = []string{""}
	}
	return orders, err
}

// knownRow is a fact with where it is from.
type knownRow struct {
	Fact  policy.Fact           `json:"fact"`
	Value policy.Value          `json:"value"`
	From  moderation.FactSource `json:"from"`
	Ref   string                `json:"ref,omitzero"`
	At    time.Time             `json:"at,omitzero"`
}

// scenarioRow is what policies say of an order and its case.
type scenarioRow struct {
	Case    int64           `json:"case,omitzero"`
	Order   string          `json:"order,omitzero"`
	AsOf    time.Time       `json:"as_of"`
	Zone    string          `json:"zone"`
	Facts   []knownRow      `json:"facts"`
	Results []policy.Result `json:"results"`
}

func knownRows(facts []moderation.KnownFact, v moderation.Veil) []knownRow {
	var out []knownRow
	for _, k := range facts {
		if k.From == moderation.FromOrder {
			k.Ref = v.Order(k.Ref)
		}
		out = append(out, knownRow(k))
	}
	return out
}

func writeScenario(w *bufio.Writer, s moderation.Scenario, v moderation.Veil, as string, lang text.Lang) error {
	known := knownRows(s.Facts, v)
	order := ""
	if s.Order != "" {
		order = v.Order(s.Order)
	}
	if as == "jsonl" {
		row := scenarioRow{Case: s.Case, Order: order, AsOf: s.AsOf.In(s.Zone), Zone: s.Zone.String(), Facts: known, Results: s.Results}
		return writeJSON(w, &row)
	}
	l, label := lines{w}, policyLabels[lang]
	l.put(label.asked, s.Case, firstSet(order, "–"), s.AsOf.In(s.Zone).Format(time.DateTime), s.Zone)
	for _, k := range known {
		l.put("  %s: %s  (%s %s)", textIn(k.Fact.Info().Text, lang), textIn(k.Fact.Show(k.Value, s.Zone), lang), label.from[k.From], k.Ref)
	}
	l.put("")
	for i := range s.Results {
		writeResult(w, &s.Results[i], lang)
	}
	return nil
}
