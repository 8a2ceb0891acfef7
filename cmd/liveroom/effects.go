package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/spf13/cobra"

	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/tui/text"
)

// An effectRow is something that was asked for outside, and what became of it.
type effectRow struct {
	Effect int64                   `json:"effect"`
	Room   string                  `json:"room"`
	Kind   string                  `json:"kind"`
	Source string                  `json:"source,omitzero"`
	Event  int64                   `json:"event_index,omitzero"`
	Flag   int64                   `json:"flag,omitzero"`
	Target string                  `json:"target,omitzero"`
	Text   string                  `json:"text,omitzero"`
	At     time.Time               `json:"at"`
	Status moderation.EffectStatus `json:"status"`
	Result string                  `json:"result,omitzero"`
}

func newEffects() *cobra.Command {
	var o recordOptions
	var stuck bool
	cmd := &cobra.Command{
		Use:   "effects [--db FILE] [--room ROOM] [--since TIME] [--failed]",
		Short: "What was asked for outside (mutes, answers, corrections, freezes …), and what became of it",
		Long: "Each thing that was asked of a platform, a producer or a merchant's system, with what that called\n" +
			"the result, or why it was not done. --failed leaves what failed or was perhaps done and waits for\n" +
			"somebody; liveroom effects retry asks for it once more, as the console does by !. Messages to chat\n" +
			"groups are told by liveroom clocks. Personal data is hidden.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			lang, err := wordsOrJSON(cmd, o.as)
			if err != nil {
				return err
			}
			return runEffects(cmd.Context(), cmd.OutOrStdout(), o, stuck, lang)
		},
	}
	o.flags(cmd, "text", "text or jsonl")
	cmd.Flags().BoolVar(&stuck, "failed", false, "only what failed, or was perhaps done, and waits for somebody")
	cmd.AddCommand(newEffectsRetry())
	return cmd
}

func runEffects(ctx context.Context, w io.Writer, o recordOptions, stuck bool, lang text.Lang) error {
	since, err := parseSince(o.since, time.Now())
	if err != nil {
		return err
	}
	store, err := o.open(ctx)
	if err != nil {
		return err
	}
	defer store.Close()
	all, err := store.Effects(ctx, time.Time{})
	if err != nil {
		return fmt.Errorf("read effects: %w", err)
	}
	out, t := bufio.NewWriter(w), text.For(lang)
	for i := range all {
		e := &all[i]
		if e.Kind == moderation.EffectNotice || o.room != "" && e.Room != o.room || e.NotBefore.Before(since) || stuck && !e.Stuck() {
			continue
		}
		if o.as != "jsonl" {
			_, _ = fmt.Fprintln(out, effectLine(e, t))
			continue
		}
		if err := writeJSON(out, showEffect(e)); err != nil {
			return err
		}
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write effects: %w", err)
	}
	return nil
}

func showEffect(e *moderation.Effect) effectRow {
	var v moderation.Veil
	row := effectRow{
		Effect: e.ID, Room: e.Room, Kind: e.Kind, Source: e.Source, Event: e.Event, Flag: e.Flag, Target: e.Target, Text: v.Text(e.Text),
		At: e.NotBefore, Status: e.Status, Result: v.Text(e.Result),
	}
	switch e.Kind {
	case moderation.EffectMute:
		row.Target = v.Account(e.Target)
	case moderation.EffectFreeze, moderation.EffectRelease:
		row.Target = v.Order(e.Target)
	case moderation.EffectPenalty:
		row.Target = v.Account(e.Target)
		row.Text = penaltyOn(e.Text, row.Target)
	}
	return row
}

// penaltyOn is what tells outside of a penalty, on somebody whose name is hidden.
func penaltyOn(told, subject string) string {
	var penalty map[string]jsontext.Value
	if err := json.Unmarshal([]byte(told), &penalty); err != nil {
		return ""
	}
	penalty["subject"], _ = jsontext.AppendQuote(nil, subject)
	hidden, err := json.Marshal(penalty, json.Deterministic(true))
	if err != nil {
		return ""
	}
	return string(hidden)
}

// effectLine is one effect for people.
func effectLine(e *moderation.Effect, t *text.Catalogue) string {
	row := showEffect(e)
	line := fmt.Sprintf("#%d %s %s · %s · %s", row.Effect, row.At.Format("2006-01-02 15:04:05"), feed.Sanitise(row.Room), worded(t, "act."+row.Kind, row.Kind), worded(t, "effect."+string(row.Status), string(row.Status)))
	for _, more := range []string{row.Source, row.Target, row.Text, row.Result} {
		if more != "" {
			line += " · " + feed.Sanitise(more).String()
		}
	}
	return line
}

// worded is a word of the catalogue, or what it has no word for.
func worded(t *text.Catalogue, key, value string) string {
	if t.Has(key) {
		return t.T(key)
	}
	return feed.Sanitise(value).String()
}
