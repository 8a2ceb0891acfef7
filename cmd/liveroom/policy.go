package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/spf13/cobra"

	"liveroom/claims/tomldoc"
	"liveroom/feed"
	"liveroom/moderation/policy"
	"liveroom/tui/text"
)

func newPolicy() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "policy",
		Short: "Read, try and ask the policies: what rules grant or refuse, and by when",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newPolicyTest(), newPolicyShow(), newPolicyFacts(), newPolicyAsk())
	return cmd
}

// loadPolicies lays policy files, and the .toml files of folders, over the
// shipped set.
func loadPolicies(paths []string) (*policy.Set, error) {
	shipped, err := policy.Shipped()
	if err != nil {
		return nil, err
	}
	return (&policyFiles{base: shipped, paths: paths}).load()
}

func newPolicyTest() *cobra.Command {
	var as string
	cmd := &cobra.Command{
		Use:   "test [FILE|FOLDER…]",
		Short: "Run the examples of every clause and policy",
		Long: "Run the examples that stand in the policy files: those of each clause by itself, and whole\n" +
			"matters. Files and folders are laid over the shipped policies. Prints each example that comes\n" +
			"to something else, and exits with 1 when there is one.",
		RunE: func(cmd *cobra.Command, paths []string) error {
			lang, err := language(cmd)
			if err != nil {
				return err
			}
			if err := textOrJSON(as); err != nil {
				return err
			}
			set, err := loadPolicies(paths)
			if err != nil {
				return err
			}
			return testPolicies(cmd.OutOrStdout(), set, as, policyLabels[lang])
		},
	}
	cmd.Flags().StringVar(&as, "format", "text", "text or jsonl")
	return cmd
}

func textOrJSON(as string) error {
	if as != "text" && as != "jsonl" {
		return fmt.Errorf("--format %q is not supported: use text or jsonl", as)
	}
	return nil
}

type jsonPolicyFailure struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Policy  string `json:"policy"`
	Clause  string `json:"clause,omitzero"`
	Example string `json:"example"`
	Want    string `json:"want"`
	Got     string `json:"got"`
}

func testPolicies(out io.Writer, set *policy.Set, as string, label policyLabel) error {
	w := bufio.NewWriter(out)
	failures := set.Test()
	for _, f := range failures {
		if as == "jsonl" {
			if err := json.MarshalWrite(w, jsonPolicyFailure(f)); err != nil {
				return fmt.Errorf("write report: %w", err)
			}
			fmt.Fprintln(w)
			continue
		}
		where := f.Policy
		if f.Clause != "" {
			where += " " + f.Clause
		}
		fmt.Fprintf(w, "%s:%d: %s: %s\n  %s\n", feed.Sanitise(f.File), f.Line, feed.Sanitise(where), feed.Sanitise(fmt.Sprintf(label.failure, f.Want, f.Got)), feed.Sanitise(f.Example))
	}
	if as == "text" {
		fmt.Fprintf(w, label.sum+"\n", len(set.Policies()), set.Examples(), len(failures))
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	if len(failures) > 0 {
		return errFound
	}
	return nil
}

func newPolicyFacts() *cobra.Command {
	return &cobra.Command{
		Use:   "facts",
		Short: "List the facts that a policy may ask for",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			lang, err := language(cmd)
			if err != nil {
				return err
			}
			w := bufio.NewWriter(cmd.OutOrStdout())
			for _, f := range policy.Known() {
				fmt.Fprintf(w, "%-28s %-14s %s", f.Name, f.Kind, textIn(f.Text, lang))
				for i, word := range f.Words {
					fmt.Fprint(w, map[bool]string{true: ": ", false: " "}[i == 0], word)
				}
				fmt.Fprintln(w)
			}
			return w.Flush()
		},
	}
}

// textIn is a text in the language of the interface.
func textIn(t policy.Text, lang text.Lang) string { return in(lang, t.ZH, t.EN) }

// policyOptions are the flags of show and ask.
type policyOptions struct {
	dirs           []string
	as, asOf, file string
	source         bool
}

func newPolicyShow() *cobra.Command {
	var o policyOptions
	cmd := &cobra.Command{
		Use:   "show [--policies FILE|FOLDER…] [ID…]",
		Short: "Read the policies that count",
		Long: "Read the policies that count: the shipped ones, with the files of --policies laid over them.\n" +
			"--source prints the file of a policy, to copy and change; a file with the same id replaces it.",
		RunE: func(cmd *cobra.Command, ids []string) error {
			lang, err := language(cmd)
			if err == nil {
				err = textOrJSON(o.as)
			}
			if err != nil {
				return err
			}
			set, err := loadPolicies(o.dirs)
			if err != nil {
				return err
			}
			return showPolicies(cmd.OutOrStdout(), set, ids, o, lang)
		},
	}
	cmd.Flags().StringSliceVar(&o.dirs, "policies", nil, "policy files or folders of yours")
	cmd.Flags().StringVar(&o.as, "format", "text", "text or jsonl")
	cmd.Flags().BoolVar(&o.source, "source", false, "print the files themselves")
	return cmd
}

func newPolicyAsk() *cobra.Command {
	var o policyOptions
	cmd := &cobra.Command{
		Use:   "ask [--facts FILE] [--as-of TIME] [ID…]",
		Short: "Ask the policies about a matter",
		Long: "Ask the policies what they say of a matter, as it stood at a moment (--as-of, RFC 3339; else\n" +
			"now). The matter is JSON: {\"facts\": {\"order.paid_fen\": 29900, …}, \"strikes\": [{\"id\", \"at\",\n" +
			"\"gravity\"}], \"zone\": \"Asia/Shanghai\"}, from --facts or standard input. Nothing is changed, and\n" +
			"nothing is paid.",
		RunE: func(cmd *cobra.Command, ids []string) error {
			lang, err := language(cmd)
			if err == nil {
				err = textOrJSON(o.as)
			}
			if err != nil {
				return err
			}
			return askPolicies(cmd, ids, o, lang)
		},
	}
	cmd.Flags().StringSliceVar(&o.dirs, "policies", nil, "policy files or folders of yours")
	cmd.Flags().StringVar(&o.as, "format", "text", "text or jsonl")
	cmd.Flags().StringVar(&o.asOf, "as-of", "", "the moment that is asked about")
	cmd.Flags().StringVar(&o.file, "facts", "", "file of the matter (default: standard input)")
	return cmd
}

// maxMatter is how large a matter may be: its facts are some tens.
const maxMatter = 1 << 20

func askPolicies(cmd *cobra.Command, ids []string, o policyOptions, lang text.Lang) error {
	set, err := loadPolicies(o.dirs)
	if err != nil {
		return err
	}
	m, err := readMatter(cmd.InOrStdin(), o.file)
	if err != nil {
		return err
	}
	asOf := time.Now()
	if o.asOf != "" {
		if asOf, err = time.Parse(time.RFC3339, o.asOf); err != nil {
			return fmt.Errorf("--as-of %q: write a time such as 2026-03-10T09:30:00+08:00", o.asOf)
		}
	}
	results, err := set.Evaluate(m, asOf, ids...)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(cmd.OutOrStdout())
	for i := range results {
		if o.as == "jsonl" {
			err = errors.Join(err, json.MarshalWrite(w, results[i]))
			fmt.Fprintln(w)
		} else {
			writeResult(w, &results[i], lang)
		}
	}
	if err = errors.Join(err, w.Flush()); err != nil {
		return fmt.Errorf("write answer: %w", err)
	}
	return nil
}

func readMatter(in io.Reader, file string) (policy.Matter, error) {
	from := "standard input"
	if file != "" {
		from = file
		f, err := os.Open(file)
		if err != nil {
			return policy.Matter{}, fmt.Errorf("open matter: %w", err)
		}
		defer f.Close()
		in = f
	}
	data, err := io.ReadAll(io.LimitReader(in, maxMatter))
	switch {
	case err != nil:
		return policy.Matter{}, fmt.Errorf("read matter from %s: %w", from, err)
	case len(bytes.TrimSpace(data)) == 0:
		return policy.Matter{}, fmt.Errorf("read matter: %s is empty: give the facts as JSON there, or ask about a record with --db and --case or --order", from)
	}
	m, err := policy.DecodeMatter(data)
	if err != nil {
		return m, fmt.Errorf("%s: %w", from, err)
	}
	return m, nil
}

// chosen are the policies of the ids, or all of them.
func chosen(set *policy.Set, ids []string) ([]*policy.Policy, error) {
	var out []*policy.Policy
	var known []string
	for _, p := range set.Policies() {
		known = append(known, p.ID)
		if len(ids) == 0 || slices.Contains(ids, p.ID) {
			out = append(out, p)
		}
	}
	for _, id := range ids {
		if !slices.Contains(known, id) {
			hint := ""
			if near := tomldoc.Nearest(id, known); near != "" {
				hint = fmt.Sprintf("; did you mean %q?", near)
			}
			return nil, fmt.Errorf("%q is no policy%s", id, hint)
		}
	}
	return out, nil
}
