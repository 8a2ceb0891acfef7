package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"liveroom/moderation/policy"
	"liveroom/tui/text"
)

// moment is the moment that is asked about.
func (o *policyOptions) moment() (time.Time, error) {
	if o.asOf == "" {
		return time.Now(), nil
	}
	at, err := time.Parse(time.RFC3339, o.asOf)
	if err != nil {
		return at, fmt.Errorf("--as-of %q: write a time such as 2026-03-10T09:30:00+08:00", o.asOf)
	}
	return at, nil
}

func newPolicyAsk() *cobra.Command {
	var o policyOptions
	var r recordInquiry
	cmd := &cobra.Command{
		Use:   "ask [--db FILE] [--case N] [--order ID] [--facts FILE] [--as-of TIME] [ID…]",
		Short: "Ask the policies about a matter, or about a case or an order of a record",
		Long: "Ask the policies what they say of a matter, as it stood at a moment (--as-of, RFC 3339; else\n" +
			"now). With --case or --order it is what the record and the fact sheet know of them, and what\n" +
			"people added: each fact is printed with where it is from, and what is missing is named. Else it\n" +
			"is JSON: {\"facts\": {\"order.paid_fen\": 29900, …}, \"strikes\": [{\"id\", \"at\", \"gravity\"}],\n" +
			"\"zone\": \"Asia/Shanghai\"}, from --facts or standard input. Nothing is changed, and nothing is paid.",
		RunE: func(cmd *cobra.Command, ids []string) error {
			lang, err := wordsOrJSON(cmd, o.as)
			if err != nil {
				return err
			}
			if r.incident != 0 || r.order != "" {
				return r.ask(cmd, ids, o, lang)
			}
			return askPolicies(cmd, ids, o, lang)
		},
	}
	cmd.Flags().StringSliceVar(&o.dirs, "policies", nil, "policy files or folders of yours")
	cmd.Flags().StringVar(&o.as, "format", "text", "text or jsonl")
	cmd.Flags().StringVar(&o.asOf, "as-of", "", "the moment that is asked about")
	cmd.Flags().StringVar(&o.file, "facts", "", "file of the matter (default: standard input)")
	r.flags(cmd.Flags())
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
	asOf, err := o.moment()
	if err != nil {
		return err
	}
	results, err := set.Evaluate(m, asOf, ids...)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(cmd.OutOrStdout())
	for i := range results {
		if o.as == "jsonl" {
			err = errors.Join(err, writeJSON(w, results[i]))
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
