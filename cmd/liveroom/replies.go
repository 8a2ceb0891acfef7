package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"liveroom/claims/sheet"
	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/moderation/reply"
	"liveroom/moderation/sqlite"
	"liveroom/tui/text"
)

type replyOptions struct {
	db, facts, format string
	complaint         int64
	files             []string
}

// newReplies makes the command that shows what buyers are answered.
func newReplies() *cobra.Command {
	var o replyOptions
	cmd := &cobra.Command{
		Use:   "replies [--complaint N --db FILE] [--replies FILE…]",
		Short: "Read the answers that staff give buyers, filled in for a complaint",
		Long: "Read the templates of answers, or, with --complaint, those that fit it, filled in with what the\n" +
			"record, the sheet and the policies say. What nobody knows stays in braces and is listed. Nothing\n" +
			"is sent: the console sends what a person chose.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			lang, err := language(cmd)
			if err != nil {
				return err
			}
			drafts, err := o.drafts(cmd, lang)
			if err != nil {
				return err
			}
			return writeDrafts(cmd.OutOrStdout(), drafts, o.format, lang)
		},
	}
	cmd.Flags().StringVar(&o.db, "db", "liveroom.db", "database file of the record")
	cmd.Flags().Int64Var(&o.complaint, "complaint", 0, "number of the complaint to answer")
	cmd.Flags().StringVar(&o.facts, "facts", "", "fact sheet (CSV, XLSX or TOML), for the product's name and its promises")
	cmd.Flags().StringSliceVar(&o.files, "replies", nil, "template files of yours, laid over the shipped ones")
	cmd.Flags().StringVar(&o.format, "format", "text", "text or jsonl")
	return cmd
}

func (o *replyOptions) drafts(cmd *cobra.Command, lang text.Lang) ([]moderation.Draft, error) {
	set, err := loadReplies(o.files)
	if err != nil {
		return nil, err
	}
	if o.complaint == 0 {
		var out []moderation.Draft
		for _, t := range set.All() {
			out = append(out, moderation.Draft{Template: t, Text: t.Text.In(string(lang))})
		}
		return out, nil
	}
	facts, err := loadSheet(o.facts)
	if err != nil {
		return nil, err
	}
	policies, err := loadPolicies(nil)
	if err != nil {
		return nil, err
	}
	store, err := sqlite.OpenReadOnly(cmd.Context(), o.db)
	if err != nil {
		return nil, err
	}
	defer store.Close()
	q := moderation.Inquiry{Record: store, Policies: policies, Product: func(sku string) *sheet.Product {
		if facts == nil {
			return nil
		}
		return facts.Product(sku)
	}}
	return q.Drafts(cmd.Context(), o.complaint, set, string(lang), time.Now())
}

func loadReplies(names []string) (*reply.Set, error) {
	var files []reply.File
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("open reply file: %w", err)
		}
		files = append(files, reply.File{Name: name, Text: text})
	}
	return reply.Load(files...)
}

// replies are the answers of a config.
func (c *Config) replies() (*reply.Set, error) {
	var names []string
	for _, name := range c.Replies.Files {
		names = append(names, c.beside(name))
	}
	set, err := loadReplies(names)
	if err != nil {
		return nil, fmt.Errorf("[replies] %w", err)
	}
	return set, nil
}

// draftRow is an answer in JSON lines.
type draftRow struct {
	ID      string   `json:"id"`
	Types   []string `json:"types"`
	Title   string   `json:"title"`
	Text    string   `json:"text"`
	Missing []string `json:"missing"`
	Then    *thenRow `json:"then,omitempty"`
}

// thenRow is what is done to the case behind the answer.
type thenRow struct {
	State    string `json:"state,omitzero"`
	Why      string `json:"why,omitzero"`
	Note     string `json:"note,omitzero"`
	Assign   string `json:"assign,omitzero"`
	Escalate string `json:"escalate,omitzero"`
}

func writeDrafts(out io.Writer, drafts []moderation.Draft, format string, lang text.Lang) error {
	w := bufio.NewWriter(out)
	for _, d := range drafts {
		row := draftRow{ID: d.Template.ID, Title: d.Template.Title.In(string(lang)), Text: d.Text, Missing: d.Missing, Types: []string{}}
		for _, t := range d.Template.Types {
			row.Types = append(row.Types, string(t))
		}
		if row.Missing == nil {
			row.Missing = []string{}
		}
		if t := d.Template.Then; t != (reply.Then{}) {
			row.Then = &thenRow{t.State, t.Why.In(string(lang)), t.Note.In(string(lang)), t.Assign, t.Escalate.In(string(lang))}
		}
		switch format {
		case "jsonl":
			if err := writeJSON(w, row); err != nil {
				return err
			}
		case "text":
			fmt.Fprintf(w, "%s  %s\n  %s\n", feed.Sanitise(row.ID), feed.Sanitise(row.Title), feed.Sanitise(row.Text))
			if len(row.Missing) > 0 {
				fmt.Fprintf(w, "  ? {%s}\n", feed.Sanitise(strings.Join(row.Missing, "} {")))
			}
			fmt.Fprintln(w)
		default:
			return fmt.Errorf("--format %q is not supported: use text or jsonl", format)
		}
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("write answers: %w", err)
	}
	return nil
}
