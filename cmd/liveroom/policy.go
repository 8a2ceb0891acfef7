package main

import (
	"bufio"
	"fmt"
	"io"
	"slices"

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

// wordsOrJSON is the language of a command that writes text or JSON lines.
func wordsOrJSON(cmd *cobra.Command, as string) (text.Lang, error) {
	lang, err := language(cmd)
	if err != nil {
		return lang, err
	}
	return lang, textOrJSON(as)
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
			if err := writeJSON(w, jsonPolicyFailure(f)); err != nil {
				return err
			}
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
			lang, err := wordsOrJSON(cmd, o.as)
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
