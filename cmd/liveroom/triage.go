package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/spf13/cobra"

	"liveroom/feed"
	"liveroom/moderation/triage"
	"liveroom/tui/text"
)

func newTriage() *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:   "triage [FILE…]",
		Short: "Sort complaints by what they are about and how urgent they are",
		Long: "Sort messages by type and priority. FILE holds one message a line: JSON objects with id,\n" +
			"channel and text where a line begins with {, else the text alone, whose line number is\n" +
			"its id. Standard input is read without FILE.",
		RunE: func(cmd *cobra.Command, files []string) error {
			lang, err := language(cmd)
			if err != nil {
				return err
			}
			msgs, err := readMessages(cmd.InOrStdin(), files)
			if err != nil {
				return err
			}
			out := bufio.NewWriter(cmd.OutOrStdout())
			print, err := triagePrinter(out, format, lang)
			if err != nil {
				return err
			}
			for _, m := range msgs {
				if err := print(m, triage.Classify(m)); err != nil {
					return fmt.Errorf("write triage: %w", err)
				}
			}
			if err := out.Flush(); err != nil {
				return fmt.Errorf("write triage: %w", err)
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&format, "format", "text", "text or jsonl")
	return cmd
}

// readMessages reads the messages of every file, or of in when there is none.
func readMessages(in io.Reader, files []string) ([]triage.Message, error) {
	if len(files) == 0 {
		return readMessageLines("standard input", in)
	}
	var all []triage.Message
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			return nil, fmt.Errorf("open messages: %w", err)
		}
		msgs, err := readMessageLines(name, f)
		f.Close()
		if err != nil {
			return nil, err
		}
		all = append(all, msgs...)
	}
	return all, nil
}

// longestMessage bounds a line of messages, in bytes.
const longestMessage = 1 << 20

func readMessageLines(name string, r io.Reader) ([]triage.Message, error) {
	var out []triage.Message
	s := bufio.NewScanner(r)
	s.Buffer(nil, longestMessage)
	for n := 1; s.Scan(); n++ {
		l := strings.TrimSpace(strings.TrimPrefix(s.Text(), "\ufeff"))
		if l == "" {
			continue
		}
		m := triage.Message{ID: strconv.Itoa(n), Text: l}
		if l[0] == '{' {
			var err error
			if m, err = decodeMessage(l); err != nil {
				return nil, fmt.Errorf("%s:%d: %w", name, n, err)
			}
		}
		out = append(out, m)
	}
	if errors.Is(s.Err(), bufio.ErrTooLong) {
		return nil, fmt.Errorf("%s: a line is longer than %d bytes: give one message a line", name, longestMessage)
	}
	if err := s.Err(); err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	return out, nil
}

func decodeMessage(line string) (triage.Message, error) {
	var m struct {
		ID      string  `json:"id"`
		Channel string  `json:"channel"`
		Text    *string `json:"text"`
	}
	if err := json.Unmarshal([]byte(line), &m); err != nil {
		return triage.Message{}, fmt.Errorf("not a JSON object with id, channel and text: %w", err)
	}
	if m.ID == "" || m.Text == nil {
		return triage.Message{}, errors.New(`a message needs "id" and "text"`)
	}
	return triage.Message{ID: m.ID, Channel: m.Channel, Text: *m.Text}, nil
}

type printTriage func(triage.Message, triage.Result) error

func triagePrinter(w io.Writer, format string, lang text.Lang) (printTriage, error) {
	switch format {
	case "jsonl":
		return triageJSON(w), nil
	case "text":
		return triageText(w, lang), nil
	default:
		return nil, fmt.Errorf("--format %q is not supported: use text or jsonl", format)
	}
}

// jsonTriage is a message's triage as the command prints it.
type jsonTriage struct {
	ID       string          `json:"id"`
	Type     triage.Type     `json:"type"`
	Priority triage.Priority `json:"priority"`
	Score    float64         `json:"score"`
	Problem  int             `json:"problem"` // 0: alike with no other message
	Why      string          `json:"why"`
	WhyEN    string          `json:"why_en"`
}

func triageJSON(w io.Writer) printTriage {
	return func(m triage.Message, r triage.Result) error {
		b, err := json.Marshal(jsonTriage{
			ID: m.ID, Type: r.Type, Priority: r.Priority, Score: r.Score, Why: r.Why, WhyEN: r.WhyEN,
		})
		if err != nil {
			return err
		}
		_, err = w.Write(append(b, '\n'))
		return err
	}
}

func triageText(w io.Writer, lang text.Lang) printTriage {
	return func(m triage.Message, r triage.Result) error {
		why := r.WhyEN
		if lang == text.ZH {
			why = r.Why
		}
		return printf(w, "%s: %s %s\n  %s\n  %s\n\n",
			feed.Sanitise(m.ID), r.Priority, r.Type, feed.Sanitise(m.Text), feed.Sanitise(why))
	}
}
