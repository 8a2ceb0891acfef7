package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"liveroom/claims"
	"liveroom/claims/script"
	"liveroom/claims/sheet"
	"liveroom/feed"
	"liveroom/tui/text"
)

// contextLines is how many utterances before a line the checker is shown: a
// question and its answer, or a correction, stand within that.
const contextLines = 8

func newCheck() *cobra.Command {
	var facts, sku, format string
	var exempted bool
	var ruleFiles []string
	cmd := &cobra.Command{
		Use:   "check [--facts SHEET] [--rules RULES] [--sku SKU] [--exempted] [FILE…]",
		Short: "Check a script, subtitles or utterances against the fact sheet",
		Long: "Check what is or will be said against the fact sheet. FILE is a script (.txt), subtitles\n" +
			"(.srt, .vtt) or utterances (.jsonl); standard input is read without FILE, as utterances\n" +
			"where it begins with {, else as a script. Exits with 1 when something was found.",
		RunE: func(cmd *cobra.Command, files []string) error {
			lang, err := language(cmd)
			if err != nil {
				return err
			}
			s, err := loadSheet(facts)
			if err != nil {
				return err
			}
			if sku != "" {
				if s.Product(sku) == nil {
					return fmt.Errorf("--sku %q is not on the sheet %s", sku, facts)
				}
			}
			set, err := loadRules(ruleFiles)
			if err != nil {
				return err
			}
			out := bufio.NewWriter(cmd.OutOrStdout())
			print, finish, err := findingPrinter(out, format, lang)
			if err != nil {
				return err
			}
			tally := newTally()
			show := raisedOnly(print, cmd.ErrOrStderr())
			if exempted {
				show = tally.with(print, show)
			}
			found, err := checkFiles(cmd.InOrStdin(), files, checking{newChecker(s, set), exempted}, sku, show)
			if err == nil {
				err = finish()
			}
			if err == nil && exempted && format == "text" {
				err = tally.print(out, text.For(lang))
			}
			if ferr := out.Flush(); err == nil && ferr != nil {
				err = fmt.Errorf("write findings: %w", ferr)
			}
			if err == nil && found {
				return errFound
			}
			return err
		},
	}
	cmd.Flags().StringVar(&facts, "facts", "", "fact sheet (CSV, XLSX or TOML); without one only what is forbidden whatever the facts is found")
	cmd.Flags().StringSliceVar(&ruleFiles, "rules", nil, "rule files of your own (docs/rules.md); rules in shadow raise nothing")
	cmd.Flags().StringVar(&sku, "sku", "", "the product spoken of, where the file does not say")
	cmd.Flags().BoolVar(&exempted, "exempted", false, "list also what an exemption spared, with the reason, and count what each spared")
	cmd.Flags().StringVar(&format, "format", "text", "text, jsonl or sarif")
	return cmd
}

// loadSheet reads a fact sheet; no name gives none.
func loadSheet(name string) (*sheet.Sheet, error) {
	if name == "" {
		return nil, nil
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("open fact sheet: %w", err)
	}
	defer f.Close()
	return sheet.Load(name, f)
}

type printFinding func(file string, line script.Line, f claims.Finding) error

// raisedOnly prints what is raised, and tells of rules that could not tell.
func raisedOnly(print printFinding, errOut io.Writer) printFinding {
	return func(file string, l script.Line, f claims.Finding) error {
		switch f.Aside {
		case "":
			return print(file, l, f)
		case claims.AsideFailed:
			printError(errOut, fmt.Errorf("%s:%d: the condition of rule %s cannot be evaluated and it does not fire: %s", file, l.Number, f.Rule, f.Value))
		}
		return nil
	}
}

// checkFiles checks every line of every file, or of in when there is none, and
// says whether anything was found.
func checkFiles(in io.Reader, files []string, c checking, sku string, print printFinding) (bool, error) {
	if len(files) == 0 {
		return checkOne("standard input", stdinFormat(&in), in, c, sku, print)
	}
	found := false
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			return found, fmt.Errorf("open script: %w", err)
		}
		one, err := checkOne(name, script.FormatOf(name), f, c, sku, print)
		f.Close()
		if err != nil {
			return found, err
		}
		found = found || one
	}
	return found, nil
}

// stdinFormat looks at the first byte: utterances begin with a brace.
func stdinFormat(in *io.Reader) script.Format {
	b := bufio.NewReader(*in)
	*in = b
	if first, err := b.Peek(1); err == nil && first[0] == '{' {
		return script.JSONL
	}
	return script.Text
}

// checking is how lines are checked: with what exemptions spared or without.
type checking struct {
	*claims.Checker
	exempted bool
}

func (c checking) check(u claims.Utterance, before []claims.Utterance) []claims.Finding {
	found := c.Check(u, before)
	if !c.exempted {
		return found
	}
	found = slices.DeleteFunc(found, func(f claims.Finding) bool { return f.Aside == claims.AsideExempt })
	return append(found, c.Exempted(u, before)...)
}

func checkOne(name string, format script.Format, r io.Reader, c checking, sku string, print printFinding) (bool, error) {
	lines, err := script.Read(name, format, r)
	if err != nil {
		return false, err
	}
	found := false
	var before []claims.Utterance
	for _, l := range lines {
		if l.SKU == "" {
			l.SKU = sku
		}
		if len(before) > 0 && !format.Follows(before[len(before)-1], l.Utterance) {
			before = nil
		}
		for _, f := range c.check(l.Utterance, before) {
			found = found || f.Aside == ""
			if err := print(name, l, f); err != nil {
				return found, err
			}
		}
		before = append(before, l.Utterance)
		before = before[max(0, len(before)-contextLines):]
	}
	return found, nil
}

// findingPrinter gives what prints each finding, and what ends the output.
func findingPrinter(w io.Writer, format string, lang text.Lang) (printFinding, func() error, error) {
	nothing := func() error { return nil }
	switch format {
	case "jsonl":
		return jsonPrinter(w), nothing, nil
	case "text":
		return textPrinter(w, lang), nothing, nil
	case "sarif":
		p := newSARIF(w, lang)
		return p.print, p.close, nil
	default:
		return nil, nil, fmt.Errorf("--format %q is not supported: use text, jsonl or sarif", format)
	}
}

func jsonPrinter(w io.Writer) printFinding {
	return func(_ string, l script.Line, f claims.Finding) error {
		return writeJSON(w, findingJSON(l.ID, f))
	}
}

// reasonIn is the finding's reason in a language.
func reasonIn(lang text.Lang, f claims.Finding) string {
	if lang == text.ZH || f.WhyEN == "" {
		return f.Why
	}
	return f.WhyEN
}

// jsonFinding is a finding as `check` and the listings print it.
type jsonFinding struct {
	ID           string          `json:"id"`
	SKU          string          `json:"sku"`
	Category     claims.Category `json:"category"`
	Verdict      claims.Verdict  `json:"verdict"`
	Severity     claims.Severity `json:"severity"`
	Said         string          `json:"said"`
	Start        int             `json:"start"`
	End          int             `json:"end"`
	Value        string          `json:"value,omitzero"`
	Fact         string          `json:"fact"`
	FactID       string          `json:"fact_id"`
	Arithmetic   string          `json:"arithmetic,omitzero"`
	ArithmeticEN string          `json:"arithmetic_en,omitzero"`
	Rule         string          `json:"rule"`
	Law          string          `json:"law"`
	Why          string          `json:"why"`
	WhyEN        string          `json:"why_en,omitzero"`
	Suggest      string          `json:"suggest"`
	ListenFirst  bool            `json:"listen_first,omitzero"`
	Exempted     []jsonExemption `json:"exempted"`
	Sheet        string          `json:"sheet,omitzero"`
	Rules        string          `json:"rules,omitzero"`
	Answers      string          `json:"answers,omitzero"`
	Aside        claims.Aside    `json:"aside,omitzero"`
}

// jsonExemption is an exemption that was tried.
type jsonExemption struct {
	ID       string `json:"id"`
	Held     bool   `json:"held"`
	Reason   string `json:"reason"`
	ReasonEN string `json:"reason_en,omitzero"`
	Source   string `json:"source"`
	Ask      bool   `json:"ask,omitzero"`
	Shadow   bool   `json:"shadow,omitzero"`
	Trap     bool   `json:"trap,omitzero"`
}

func findingJSON(id string, f claims.Finding) jsonFinding {
	exempted := make([]jsonExemption, 0, len(f.Exempted))
	for _, e := range f.Exempted {
		exempted = append(exempted, jsonExemption(e))
	}
	return jsonFinding{
		ID: id, SKU: f.SKU, Category: f.Category, Verdict: f.Verdict, Severity: f.Severity,
		Said: f.Said, Start: f.Start, End: f.End, Value: f.Value, Fact: f.Fact, FactID: f.FactID,
		Arithmetic: f.Arithmetic, ArithmeticEN: f.ArithmeticEN, Rule: f.Rule, Law: f.Law, Why: f.Why, WhyEN: f.WhyEN,
		Suggest: f.Suggest, ListenFirst: f.ListenFirst, Exempted: exempted, Sheet: f.Sheet, Rules: f.Rules, Answers: f.Answers, Aside: f.Aside,
	}
}

// textPrinter writes a finding for a person: the line with the words
// underlined, and the fact beside them.
func textPrinter(w io.Writer, lang text.Lang) printFinding {
	words := text.For(lang)
	return func(file string, l script.Line, f claims.Finding) error {
		shown := feed.Sanitise(l.Text)
		from, to := feed.Columns(l.Text, f.Start, f.End)
		err := errors.Join(
			printf(w, "%s:%d: %s %s\n", feed.Sanitise(file), l.Number, headIn(words, f), feed.Sanitise(f.SKU)),
			printf(w, "  %s\n  %*s%s\n", shown, from, "", underline(to-from)),
		)
		rows := []struct{ label, text string }{
			{words.T("check.fact"), joinFact(words, f)}, {words.T("check.why"), reasonIn(lang, f)}, {words.T("check.law"), f.Law}, {words.T("check.suggest"), f.Suggest},
		}
		if f.Aside == claims.AsideExempt {
			rows = rows[:0]
			for _, e := range f.Exempted {
				if e.Held {
					rows = append(rows, struct{ label, text string }{words.T("check.exempt"), heldIn(words, e)}, struct{ label, text string }{words.T("check.law"), e.Source})
				}
			}
		}
		for _, row := range rows {
			if row.text != "" {
				err = errors.Join(err, printf(w, "  %s %s\n", row.label, feed.Sanitise(row.text)))
			}
		}
		return errors.Join(err, printf(w, "\n"))
	}
}

// headIn names a finding's weight, kind and verdict. In English these are the
// codes that every other output has.
func headIn(words *text.Catalogue, f claims.Finding) string {
	head := categoryIn(words, f)
	if f.Aside == claims.AsideExempt {
		return words.T("check.exempted", head)
	}
	return head
}

func categoryIn(words *text.Catalogue, f claims.Finding) string {
	if words.Lang != text.ZH {
		return fmt.Sprintf("%s %s %s", f.Severity, f.Category, f.Verdict)
	}
	return fmt.Sprintf("%s %s %s", words.T("severity."+string(f.Severity)), words.T("category."+string(f.Category)), words.T("verdict."+string(f.Verdict)))
}

// arithmeticIn is the finding's arithmetic in a language.
func arithmeticIn(lang text.Lang, f claims.Finding) string {
	if lang == text.ZH || f.ArithmeticEN == "" {
		return f.Arithmetic
	}
	return f.ArithmeticEN
}

// factIDIn names the fact by the sheet's column in a language: D01·材质.
func factIDIn(lang text.Lang, id string) string {
	sku, column, ok := strings.Cut(id, "·")
	field, known := sheet.FieldOf(column)
	if lang != text.ZH || !ok || !known {
		return id
	}
	return sku + "·" + field.Chinese()
}

// joinFact tells what the sheet holds, the arithmetic and where it stands; of a
// sheet that is silent it says so.
func joinFact(words *text.Catalogue, f claims.Finding) string {
	told := f.Fact
	if told == "" && f.FactID != "" {
		told = words.T("check.silent")
	}
	if a := arithmeticIn(words.Lang, f); a != "" {
		told += "  (" + a + ")"
	}
	if f.FactID != "" {
		told += "  [" + factIDIn(words.Lang, f.FactID) + "]"
	}
	return told
}

func underline(n int) string {
	b := make([]byte, max(n, 1))
	for i := range b {
		b[i] = '^'
	}
	return string(b)
}

func printf(w io.Writer, format string, args ...any) error {
	_, err := fmt.Fprintf(w, format, args...)
	return err
}
