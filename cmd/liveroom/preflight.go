package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"liveroom/claims/sheet"
	"liveroom/feed"
	"liveroom/moderation/qualification"
	"liveroom/tui/text"
)

// preflightOptions are what a preflight takes as enough.
type preflightOptions struct {
	config, format string
	timeout        time.Duration
	freeMB         int64
}

func newPreflight() *cobra.Command {
	var o preflightOptions
	cmd := &cobra.Command{
		Use:   "preflight --config FILE",
		Short: "Before going on air: stock, qualifications, scripts, sources, disk, clock",
		Long: "Looks whether a set-up is ready: stock and qualifications of every product, what the scripts of the\n" +
			"rooms say against the facts, whether the sources answer (no token is sent), the disk beside the\n" +
			"record, this machine's clock against the sources', the signing key. Nothing is recorded.\n" +
			"Exits with 0 when all is fine, 1 when something was found, 2 when it could not look.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			lang, err := language(cmd)
			if err != nil {
				return err
			}
			if err := textOrJSON(o.format); err != nil {
				return err
			}
			c, err := loadConfig(o.config)
			if err != nil {
				return err
			}
			return runPreflight(cmd.Context(), cmd.OutOrStdout(), c, o, lang)
		},
	}
	cmd.Flags().StringVar(&o.config, "config", "liveroom.toml", "config file")
	cmd.Flags().StringVar(&o.format, "format", "text", "text or jsonl")
	cmd.Flags().DurationVar(&o.timeout, "timeout", 5*time.Second, "how long a source may take to answer")
	cmd.Flags().Int64Var(&o.freeMB, "free", 1024, "how many MB must be free beside the record")
	return cmd
}

// level is how bad something is that a preflight looked at.
type level string

const (
	levelOK      level = "ok"
	levelNote    level = "note"    // a person should know
	levelProblem level = "problem" // do not go on air so
)

// finding is one thing that a preflight looked at.
type preflightRow struct {
	Check string `json:"check"` // facts, stock, qualification, script, source, disk, clock, record, key
	Level level  `json:"level"`
	Room  string `json:"room,omitzero"`
	What  string `json:"what"` // the product, the file, the source
	Why   string `json:"why"`
	WhyEN string `json:"why_en"`
}

// A preflight gathers what it finds.
type preflight struct {
	config Config
	opt    preflightOptions
	lang   text.Lang
	now    func() time.Time
	ground *ground // nil: the sheet or the rules cannot be read
	rows   []preflightRow
}

func (p *preflight) add(check string, l level, room, what, zh, en string, args ...any) {
	p.rows = append(p.rows, preflightRow{check, l, room, what, fmt.Sprintf(zh, args...), fmt.Sprintf(en, args...)})
}

// failed adds a problem whose words are an error's.
func (p *preflight) failed(check, room, what string, err error) {
	p.rows = append(p.rows, preflightRow{check, levelProblem, room, what, firstMistake(err), firstMistake(err)})
}

func runPreflight(ctx context.Context, out io.Writer, c Config, o preflightOptions, lang text.Lang) error {
	p := &preflight{config: c, opt: o, lang: lang, now: time.Now}
	p.facts()
	p.scripts()
	p.sources(ctx)
	p.disk()
	p.record(ctx)
	p.key()
	if err := ctx.Err(); err != nil {
		return err
	}
	return p.print(out)
}

// facts looks at the sheet, the rules, and what every product has and lacks.
func (p *preflight) facts() {
	c := &p.config
	var ruleFiles []string
	for _, name := range c.Rules.Files {
		ruleFiles = append(ruleFiles, c.beside(name))
	}
	g, err := openGround(c.beside(c.Facts.File), ruleFiles)
	if err != nil {
		p.failed("facts", "", firstSet(c.Facts.File, "rules"), err)
		return
	}
	p.ground = g
	if _, err := c.riskRules(); err != nil {
		p.failed("facts", "", "risk", err)
	}
	if c.Facts.File == "" {
		p.add("facts", levelProblem, "", "[facts] file", "没有商品事实表：库存和资质无从检查，讲解只按禁用语检查", "there is no fact sheet: neither stock nor qualifications can be looked at, and speech is only held against what is forbidden anyway")
		return
	}
	s, err := c.goods(g).stock(g.sheet.Load(), c.zone())
	if err != nil {
		p.failed("qualification", "", firstSet(c.Goods.Qualifications, "needs"), err)
		return
	}
	before := len(p.rows)
	for _, product := range s.sheet.Products {
		p.product(s, product)
	}
	if len(p.rows) == before {
		p.add("stock", levelOK, "", c.Facts.File, "%d 个商品，库存和资质齐全", "%d products have stock and their qualifications", len(s.sheet.Products))
	}
}

func (p *preflight) product(s stock, product *sheet.Product) {
	for _, l := range s.shelf.Lacks(product.SKU, -1, p.now().In(s.zone)) {
		check, how := "qualification", levelNote
		switch l.Kind {
		case qualification.LackNoStock, qualification.LackLowStock, qualification.LackStockSilent:
			check = "stock"
		}
		if l.Kind.Grave() || l.Kind == qualification.LackLowStock || l.Kind == qualification.LackExpiring {
			how = levelProblem
		}
		source := ""
		if l.Source != "" {
			source = " [" + l.Source + "]"
		}
		p.rows = append(p.rows, preflightRow{check, how, "", product.SKU + " " + product.Name, l.Why.ZH + source, l.Why.EN + source})
	}
}

var preflightLabels = map[text.Lang]struct {
	sum   string
	check map[string]string
}{
	text.EN: {"%d problems, %d to know", map[string]string{}},
	text.ZH: {"%d 个问题，%d 条提示", map[string]string{
		"facts": "事实", "stock": "库存", "qualification": "资质", "script": "脚本", "source": "数据源", "disk": "磁盘", "clock": "时钟", "record": "记录", "key": "签名",
	}},
}

var levelMarks = map[level]string{levelOK: "✓", levelNote: "·", levelProblem: "✗"}

func (p *preflight) print(out io.Writer) error {
	w := bufio.NewWriter(out)
	count := make(map[level]int)
	l := preflightLabels[p.lang]
	for _, row := range p.rows {
		count[row.Level]++
		if p.opt.format == "jsonl" {
			if err := writeRows(w, []any{row}); err != nil {
				return err
			}
			continue
		}
		what := firstSet(l.check[row.Check], row.Check)
		if row.Room != "" {
			what += " " + row.Room
		}
		if err := printf(w, "%s %s\n", levelMarks[row.Level], feed.Sanitise(what+" "+row.What+": "+in(p.lang, row.Why, row.WhyEN))); err != nil {
			return err
		}
	}
	if p.opt.format == "text" {
		if err := printf(w, l.sum+"\n", count[levelProblem], count[levelNote]); err != nil {
			return err
		}
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("write what was found: %w", err)
	}
	if count[levelProblem] > 0 {
		return errFound
	}
	return nil
}
