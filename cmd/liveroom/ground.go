package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"liveroom/claims"
	"liveroom/claims/rules"
	"liveroom/claims/sheet"
	"liveroom/moderation"
	"liveroom/moderation/rulebook"
)

// loadRules reads rule files; no names give none.
func loadRules(names []string) (*rules.Set, error) {
	if len(names) == 0 {
		return nil, nil
	}
	files := make([]rules.File, 0, len(names))
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("open rule file: %w", err)
		}
		files = append(files, rules.File{Name: name, Text: text})
	}
	return rules.Load(files...)
}

// newChecker makes a checker on a sheet and rules, either of which may be nil.
func newChecker(s *sheet.Sheet, r *rules.Set) *claims.Checker {
	if r == nil {
		return claims.New(s)
	}
	return claims.New(s, claims.WithRules(r))
}

// lookAgain is how often the files that utterances are checked on are looked
// at: a corrected fact must count while its product is still on air.
const lookAgain = 2 * time.Second

// A ground is the fact sheet and the rule files that utterances are checked on.
// It reads them again when they change; what has a mistake in it leaves the
// last good version in force.
type ground struct {
	facts string // path; "": none
	rules []string

	// staleAfter is how long after its last change a sheet counts as old; 0: never.
	staleAfter time.Duration

	sheet atomic.Pointer[sheet.Sheet] // in force
	set   *rules.Set
	seen  map[string]stamp
}

// A stamp tells a file from what it was.
type stamp struct {
	at   time.Time
	size int64
	gone bool
}

func stampOf(path string) stamp {
	info, err := os.Stat(path)
	if err != nil {
		return stamp{gone: true}
	}
	return stamp{at: info.ModTime(), size: info.Size()}
}

// openGround reads the files for the first time: then a mistake is an error.
func openGround(facts string, ruleFiles []string) (*ground, error) {
	g := &ground{facts: facts, rules: ruleFiles, seen: map[string]stamp{}}
	g.changed(facts)
	for _, name := range ruleFiles {
		g.changed(name)
	}
	s, err := loadSheet(facts)
	if err != nil {
		return nil, err
	}
	g.sheet.Store(s)
	if g.set, err = loadRules(ruleFiles); err != nil {
		return nil, err
	}
	return g, nil
}

// fixedGround is a sheet that no file can change.
func fixedGround(s *sheet.Sheet) *ground {
	g := &ground{seen: map[string]stamp{}}
	g.sheet.Store(s)
	return g
}

// changed tells whether a file is another than when it was last looked at.
func (g *ground) changed(path string) bool {
	if path == "" {
		return false
	}
	now := stampOf(path)
	before, known := g.seen[path]
	g.seen[path] = now
	return !known || now != before
}

// book keeps the rule files for who writes to them from the screen; both are nil
// where the config names none.
func (g *ground) book() (*rulebook.Book, moderation.Rulebook) {
	if len(g.rules) == 0 {
		return nil, nil
	}
	b := rulebook.New(g.rules, g.sheet.Load)
	return b, b
}

// product is what the sheet in force says of a product; nil where it is silent.
func (g *ground) product(sku string) *sheet.Product { return g.sheet.Load().Product(sku) }

func (g *ground) checker() *claims.Checker { return newChecker(g.sheet.Load(), g.set) }

// onEvery calls look on every tick until ctx is done.
func onEvery(ctx context.Context, ticks <-chan time.Time, look func()) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticks:
			look()
		}
	}
}

// look looks at the files. use is given the checker when something changed, warn
// is told of what has a mistake in it, and of nothing once it is mended.
func (g *ground) look(use func(*claims.Checker), warn func(topic, text string)) {
	fresh := false
	if g.changed(g.facts) {
		s, err := loadSheet(g.facts)
		if err == nil {
			g.sheet.Store(s)
			fresh = true
		}
		warn("facts", firstMistake(err))
	}
	warn("sheet_age", g.tooOld(time.Now()))
	changed := false
	for _, name := range g.rules {
		changed = g.changed(name) || changed
	}
	if changed {
		set, err := loadRules(g.rules)
		if err == nil {
			g.set, fresh = set, true
		}
		warn("rules", firstMistake(err))
	}
	if fresh {
		use(g.checker())
	}
}

// tooOld says which sheet nobody has touched for too long, and since when; "" for
// none.
func (g *ground) tooOld(now time.Time) string {
	last := g.seen[g.facts]
	if g.facts == "" || g.staleAfter == 0 || last.gone || now.Sub(last.at) < g.staleAfter {
		return ""
	}
	return filepath.Base(g.facts) + ", " + last.at.Format(time.DateTime)
}

// firstMistake is the first line of an error, with how many follow; "" for
// none.
func firstMistake(err error) string {
	if err == nil {
		return ""
	}
	first, rest, more := strings.Cut(err.Error(), "\n")
	if more {
		first += fmt.Sprintf(" (+%d)", strings.Count(rest, "\n")+1)
	}
	return first
}
