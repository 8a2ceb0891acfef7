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
		Long: "Sort messages by type and priority, and number the problems that alike ones make. FILE holds\n" +
			"one message a line: JSON objects with id, channel, text and, where it is known, sku where a\n" +
			"line begins with {, else the text alone, whose line number is its id. Standard input is read\n" +
			"without FILE.",
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
			problems := problemsOf(msgs)
			for i, m := range msgs {
				if err := print(m, triage.Classify(m.Message), problems[i]); err != nil {
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

// message is a message to triage, with the product it is about where that is told.
type message struct {
	triage.Message
	sku string
}

// problemsOf numbers the problems of the messages as the desk would make them of
// complaints that come in that order: those that are alike, from two on, in the
// order of their first.
func problemsOf(all []message) []int {
	index := triage.NewIndex()
	groups := make([]*triage.Group, len(all))
	for i, m := range all {
		c := triage.Complaint{ID: int64(i + 1), SKU: m.sku, Text: m.Text}
		groups[i] = index.Join(index.Place(c, nil), c, 0)
	}
	numbers, numbered := make([]int, len(all)), map[*triage.Group]int{}
	for i, g := range groups {
		if g == nil || len(g.Members) < 2 {
			continue
		}
		if numbered[g] == 0 {
			numbered[g] = len(numbered) + 1
		}
		numbers[i] = numbered[g]
	}
	return numbers
}

// readMessages reads the messages of every file, or of in when there is none.
func readMessages(in io.Reader, files []string) ([]message, error) {
	if len(files) == 0 {
		return readMessageLines("standard input", in)
	}
	var all []message
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

func readMessageLines(name string, r io.Reader) ([]message, error) {
	var out []message
	s := bufio.NewScanner(r)
	s.Buffer(nil, longestMessage)
	for n := 1; s.Scan(); n++ {
		l := strings.TrimSpace(strings.TrimPrefix(s.Text(), "\ufeff"))
		if l == "" {
			continue
		}
		m := message{Message: triage.Message{ID: strconv.Itoa(n), Text: l}}
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

func decodeMessage(line string) (message, error) {
	var m struct {
		ID      string  `json:"id"`
		Channel string  `json:"channel"`
		Text    *string `json:"text"`
		SKU     string  `json:"sku"`
	}
	if err := json.Unmarshal([]byte(line), &m); err != nil {
		return message{}, fmt.Errorf("not a JSON object with id, channel and text: %w", err)
	}
	if m.ID == "" || m.Text == nil {
		return message{}, errors.New(`a message needs "id" and "text"`)
	}
	return message{triage.Message{ID: m.ID, Channel: m.Channel, Text: *m.Text}, m.SKU}, nil
}

type printTriage func(m message, r triage.Result, problem int) error

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
	Problem  int             `json:"problem"` // number of the problem, from 1; 0: alike with no other message
	Why      string          `json:"why"`
	WhyEN    string          `json:"why_en"`
}

func triageJSON(w io.Writer) printTriage {
	return func(m message, r triage.Result, problem int) error {
		return writeJSON(w, jsonTriage{
			ID: m.ID, Type: r.Type, Priority: r.Priority, Score: r.Score, Problem: problem, Why: r.Why, WhyEN: r.WhyEN,
		})
	}
}

func triageText(w io.Writer, lang text.Lang) printTriage {
	return func(m message, r triage.Result, problem int) error {
		why := r.WhyEN
		if lang == text.ZH {
			why = r.Why
		}
		of := ""
		if problem != 0 {
			of = fmt.Sprintf(" #%d", problem)
		}
		return printf(w, "%s: %s %s%s\n  %s\n  %s\n\n",
			feed.Sanitise(m.ID), r.Priority, r.Type, of, feed.Sanitise(m.Text), feed.Sanitise(why))
	}
}
