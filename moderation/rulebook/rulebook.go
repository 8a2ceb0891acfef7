package rulebook

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"liveroom/claims"
	"liveroom/claims/rules"
	"liveroom/claims/sheet"
	"liveroom/claims/tomldoc"
	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/moderation/backtest"
	"liveroom/moderation/wholefile"
)

// draftName is what errors call a text that stands in no file yet.
const draftName = "draft"

// A Book is the users' rule files.
type Book struct {
	files []string
	sheet func() *sheet.Sheet
	mu    sync.Mutex // holds the file from reading to writing
}

var _ moderation.Rulebook = (*Book)(nil)

// New makes a book of files, at least one, of which the first is written to.
// facts is the fact sheet in force, nil for none.
func New(files []string, facts func() *sheet.Sheet) *Book {
	return &Book{files: slices.Clone(files), sheet: facts}
}

// File implements moderation.Rulebook.
func (b *Book) File() string { return b.files[0] }

// read reads the files in force.
func (b *Book) read() ([]rules.File, error) {
	out := make([]rules.File, len(b.files))
	for i, name := range b.files {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("open rule file: %w", err)
		}
		out[i] = rules.File{Name: name, Text: text}
	}
	return out, nil
}

// with loads the files and a text beside them.
func with(files []rules.File, text string) (*rules.Set, error) {
	draft := rules.File{Name: draftName, Text: []byte(text)}
	set, err := rules.Load(append(slices.Clone(files), draft)...)
	if err != nil {
		return nil, err
	}
	for _, f := range set.Test() {
		if f.File == draftName {
			return nil, tomldoc.Error{File: draftName, Line: f.Line, Text: fmt.Sprintf("example %q: %s", f.Text, f.Why)}
		}
	}
	return set, nil
}

// Fit implements moderation.Rulebook.
func (b *Book) Fit(text string) error {
	if err := rules.OnTrial(rules.File{Name: draftName, Text: []byte(text)}); err != nil {
		return err
	}
	files, err := b.read()
	if err != nil {
		return err
	}
	_, err = with(files, text)
	return err
}

// Carry implements moderation.Effector: it puts the effect's text into the file.
func (b *Book) Carry(_ context.Context, e moderation.Effect) (string, error) {
	if e.Target != b.File() {
		return "", fmt.Errorf("write a rule: the config names %s now, and no longer %s", feed.Sanitise(b.File()), feed.Sanitise(e.Target))
	}
	if err := rules.OnTrial(rules.File{Name: draftName, Text: []byte(e.Text)}); err != nil {
		return "", err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	files, err := b.read()
	if err != nil {
		return "", err
	}
	if rules.Holds(files[0].Text, e.Text) {
		return "it stood in the file already", nil
	}
	files[0].Text = rules.Append(files[0].Text, e.Text)
	set, err := rules.Load(files...)
	if err != nil {
		return "", err
	}
	err = wholefile.Write(b.File(), 0o600, func(w io.Writer) error {
		_, err := w.Write(files[0].Text)
		return err
	})
	if err != nil {
		return "", err
	}
	return "rules " + set.Version(), nil
}

// A Trial is what a draft would have changed.
type Trial struct {
	Text string // as it will stand in the file
	backtest.Report
}

// Try holds the files in force with a draft, as if it were on, against the files
// alone, over what was said in a room, or with "" in all, in [from, to]. Other
// rules in shadow stay there: the question is what this one does.
func (b *Book) Try(ctx context.Context, record moderation.Record, d rules.Draft, room string, from, to time.Time) (Trial, error) {
	t := Trial{Text: d.TOML()}
	files, err := b.read()
	if err != nil {
		return t, err
	}
	now, err := rules.Load(files...)
	if err != nil {
		return t, err
	}
	next, err := with(files, rules.Counting(d))
	if err != nil {
		return t, err
	}
	facts := b.sheet()
	run := backtest.NewRun(claims.New(facts, claims.WithRules(now)), claims.New(facts, claims.WithRules(next)), nil)
	rooms := []string{room}
	if room == "" {
		all, err := record.Rooms(ctx)
		if err != nil {
			return t, err
		}
		rooms = rooms[:0]
		for _, r := range all {
			rooms = append(rooms, r.ID)
		}
	}
	for _, id := range rooms {
		err := moderation.RehearFrom(ctx, record, id, from, to, func(h moderation.Hearing) error {
			run.Add(backtest.FromRecord(h))
			return ctx.Err()
		})
		if err != nil {
			return t, err
		}
	}
	t.Report = run.Report()
	return t, nil
}

// Reason is why a draft cannot stand, without where: the person has it before
// them.
func Reason(err error) string {
	var all tomldoc.Errors
	var one tomldoc.Error
	switch {
	case errors.As(err, &all) && len(all) > 0:
		return all[0].Text
	case errors.As(err, &one):
		return one.Text
	}
	first, _, _ := strings.Cut(err.Error(), "\n")
	return first
}
