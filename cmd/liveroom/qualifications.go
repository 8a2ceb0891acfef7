package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"liveroom/claims/sheet"
	"liveroom/feed"
	"liveroom/moderation/qualification"
	"liveroom/tui/text"
)

type qualificationsOptions struct {
	config, facts, file, was, format string
	needs                            []string
}

func newQualifications() *cobra.Command {
	var o qualificationsOptions
	cmd := &cobra.Command{
		Use:   "qualifications [--config FILE | --facts SHEET --file BOOK] [--was OLD]",
		Short: "List the shop's qualifications, the products of each, and what products lack",
		Long: "Lists each qualification with how far it is, when it ends and which products it is of, and then\n" +
			"what each product lacks. With --was, an older version of the file, it tells first what was\n" +
			"changed, which products each change touches, and what was approved and must be reviewed again.\n" +
			"Exits with 1 when a product lacks something it should not be shown without.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			lang, err := language(cmd)
			if err != nil {
				return err
			}
			return runQualifications(cmd.OutOrStdout(), o, lang)
		},
	}
	cmd.Flags().StringVar(&o.config, "config", "", "config that names the fact sheet and the file of qualifications")
	cmd.Flags().StringVar(&o.facts, "facts", "", "fact sheet (CSV, XLSX or TOML)")
	cmd.Flags().StringVar(&o.file, "file", "", "file of qualifications (TOML)")
	cmd.Flags().StringSliceVar(&o.needs, "needs", nil, "files of your own that say which goods need what")
	cmd.Flags().StringVar(&o.was, "was", "", "an older version of the file, to tell what was changed")
	cmd.Flags().StringVar(&o.format, "format", "text", "text or jsonl")
	return cmd
}

// stock is a set-up's goods with what they need and have.
type stock struct {
	sheet *sheet.Sheet
	needs *qualification.Needs
	book  *qualification.Book
	shelf *qualification.Shelf
	zone  *time.Location
}

// settle puts the flags over the config and reads the files.
func (o qualificationsOptions) settle() (stock, error) {
	c := defaultConfig()
	if o.config != "" {
		var err error
		if c, err = loadConfig(o.config); err != nil {
			return stock{}, err
		}
	}
	if o.config == "" && o.facts == "" {
		return stock{}, errors.New("which goods? name a fact sheet with --facts, or a config with --config")
	}
	facts, book, needs := c.beside(c.Facts.File), c.beside(c.Goods.Qualifications), []string{}
	for _, name := range c.Goods.Needs {
		needs = append(needs, c.beside(name))
	}
	g, err := openGround(firstSet(o.facts, facts), nil)
	if err != nil {
		return stock{}, err
	}
	f := c.goods(g)
	f.book, f.needs = firstSet(o.file, book), append(needs, o.needs...)
	return f.stock(g.sheet.Load(), c.zone())
}

// stock reads the files.
func (f *goodsFiles) stock(s *sheet.Sheet, zone *time.Location) (stock, error) {
	needs, book, err := f.read()
	if err != nil {
		return stock{}, err
	}
	if s == nil {
		s = sheet.Of()
	}
	return stock{s, needs, book, qualification.NewShelf(needs, book, s.Product, f.terms), zone}, nil
}

// zone is the time zone that days are counted in: the first room's.
func (c *Config) zone() *time.Location {
	name := "Asia/Shanghai"
	if len(c.Rooms) > 0 {
		name = firstSet(c.Rooms[0].TimeZone, name)
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return time.UTC // check has refused such a name
	}
	return zone
}

func runQualifications(out io.Writer, o qualificationsOptions, lang text.Lang) error {
	if err := textOrJSON(o.format); err != nil {
		return err
	}
	s, err := o.settle()
	if err != nil {
		return err
	}
	w := bufio.NewWriter(out)
	p := goodsPrinter{w: w, jsonl: o.format == "jsonl", lang: lang, stock: s, now: time.Now().In(s.zone)}
	if o.was != "" {
		old, err := loadBook(s.needs, o.was)
		if err != nil {
			return err
		}
		for _, c := range s.book.Changes(old) {
			if err := p.change(c); err != nil {
				return err
			}
		}
	}
	for _, q := range s.book.All() {
		if err := p.qualification(&q); err != nil {
			return err
		}
	}
	grave, err := p.lacks()
	if ferr := w.Flush(); err == nil && ferr != nil {
		err = fmt.Errorf("write the list: %w", ferr)
	}
	if err == nil && grave {
		return errFound
	}
	return err
}

// A goodsPrinter writes what is known of goods.
type goodsPrinter struct {
	w     io.Writer
	jsonl bool
	lang  text.Lang
	stock
	now time.Time
}

type qualificationRow struct {
	Kind     string            `json:"kind"` // qualification
	ID       string            `json:"id"`
	Class    string            `json:"class"`
	Name     string            `json:"name"`
	Status   string            `json:"status"`
	Expiry   string            `json:"expiry,omitzero"`
	Products []string          `json:"products"` // of the sheet
	Files    []string          `json:"files,omitempty"`
	Fields   map[string]string `json:"fields,omitempty"`
	Note     string            `json:"note,omitzero"`
}

type lackRow struct {
	Kind   string `json:"kind"` // lack
	SKU    string `json:"sku"`
	Lack   string `json:"lack"`
	Grave  bool   `json:"grave"`
	Class  string `json:"class,omitzero"`
	Of     string `json:"of,omitzero"`
	Name   string `json:"name,omitzero"`
	Status string `json:"status,omitzero"`
	Expiry string `json:"expiry,omitzero"`
	Why    string `json:"why"`
	WhyEN  string `json:"why_en"`
	Source string `json:"source,omitzero"`
}

type changeRow struct {
	Kind     string   `json:"kind"` // change
	ID       string   `json:"id"`
	Change   string   `json:"change"` // added, removed, changed
	Parts    []string `json:"parts,omitempty"`
	Products []string `json:"products"` // of the sheet, before or after
	Review   bool     `json:"review,omitzero"`
}

var goodsLabels = map[text.Lang]struct {
	change, review, none, of string
	kinds                    map[string]string
}{
	text.EN: {
		"%s %s; touches %s", "it was approved and was changed: have it reviewed again", "no product of the sheet", "%s  %s  %s  %s  %s",
		map[string]string{"added": "added", "removed": "removed", "changed": "changed"},
	},
	text.ZH: {
		"%s %s；涉及 %s", "已通过的资质改了内容，须重新审核", "表中没有商品", "%s  %s  %s  %s  %s",
		map[string]string{"added": "新增", "removed": "删除", "changed": "修改"},
	},
}

// productsOf are the products of the sheet that qualifications are of.
func (p *goodsPrinter) productsOf(list ...*qualification.Qualification) []string {
	var out []string
	for _, product := range p.sheet.Products {
		for _, q := range list {
			if q != nil && q.Covers(product) {
				out = append(out, product.SKU)
				break
			}
		}
	}
	return out
}

func (p *goodsPrinter) named(skus []string) string {
	var out []string
	for _, sku := range skus {
		out = append(out, sku+" "+p.sheet.Product(sku).Name)
	}
	return firstSet(strings.Join(out, ", "), goodsLabels[p.lang].none)
}

func (p *goodsPrinter) line(row any, words string) error {
	if p.jsonl {
		return writeRows(p.w, []any{row})
	}
	return printf(p.w, "%s\n", feed.Sanitise(words))
}

func (p *goodsPrinter) change(c qualification.Change) error {
	row := changeRow{Kind: "change", Change: "changed", Parts: c.Fields, Products: p.productsOf(c.Old, c.New), Review: c.Reviewed}
	switch {
	case c.Old == nil:
		row.ID, row.Change = c.New.ID, "added"
	case c.New == nil:
		row.ID, row.Change = c.Old.ID, "removed"
	default:
		row.ID = c.New.ID
	}
	l := goodsLabels[p.lang]
	what := row.ID
	if len(c.Fields) > 0 {
		what += ": " + strings.Join(c.Fields, ", ")
	}
	words := fmt.Sprintf(l.change, l.kinds[row.Change], what, p.named(row.Products))
	if c.Reviewed {
		words += " (" + l.review + ")"
	}
	return p.line(row, words)
}

func (p *goodsPrinter) qualification(q *qualification.Qualification) error {
	on := q.On(p.now)
	row := qualificationRow{Kind: "qualification", ID: q.ID, Class: q.Class, Name: q.Name, Status: string(on), Products: p.productsOf(q), Files: q.Files, Note: q.Note}
	if !q.Expiry.IsZero() {
		row.Expiry = q.Expiry.Format(time.DateOnly)
	}
	for _, f := range q.Fields {
		if row.Fields == nil {
			row.Fields = make(map[string]string)
		}
		row.Fields[f.Name] = f.Value
	}
	status := inWords(p.lang, on.Words())
	words := fmt.Sprintf(goodsLabels[p.lang].of, q.ID, inWords(p.lang, p.needs.Class(q.Class).Title), q.Name, strings.TrimSpace(status+" "+row.Expiry), p.named(row.Products))
	return p.line(row, words)
}

func inWords(lang text.Lang, t qualification.Text) string { return in(lang, t.ZH, t.EN) }

// lacks writes what the products lack, and tells whether anything is grave.
func (p *goodsPrinter) lacks() (grave bool, err error) {
	for _, product := range p.sheet.Products {
		for _, l := range p.shelf.Lacks(product.SKU, -1, p.now) {
			grave = grave || l.Kind.Grave()
			row := lackRow{
				Kind: "lack", SKU: l.SKU, Lack: string(l.Kind), Grave: l.Kind.Grave(), Class: l.Class, Of: l.Of, Name: l.Name, Status: string(l.Status),
				Why: l.Why.ZH, WhyEN: l.Why.EN, Source: l.Source,
			}
			if !l.Expiry.IsZero() {
				row.Expiry = l.Expiry.Format(time.DateOnly)
			}
			if err := p.line(row, lackWords(p.lang, l, product)); err != nil {
				return grave, err
			}
		}
	}
	return grave, nil
}

// lackWords say what a product lacks, and by which rule.
func lackWords(lang text.Lang, l qualification.Lack, p *sheet.Product) string {
	mark := "·"
	if l.Kind.Grave() {
		mark = "✗"
	}
	words := mark + " " + l.SKU + " " + p.Name + ": " + inWords(lang, l.Why)
	if l.Source != "" {
		words += " [" + l.Source + "]"
	}
	return words
}
