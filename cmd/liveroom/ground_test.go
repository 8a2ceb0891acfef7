package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"liveroom/claims"
)

const houseRule = `
[[rule]]
id = "shop.miracle"
state = "on"
category = "effect"
verdict = "unsupported"
terms = ["逆天"]
source = "house rules"
checked = 2026-11-01
why = "夸大效果"
hit = ["效果逆天", "真逆天"]
miss = ["大家好", "这不是逆天"]
`

// watched is a ground on files of a folder, with what it did.
type watched struct {
	*testing.T
	*ground
	facts, rules string
	checker      *claims.Checker
	used         int
	warnings     map[string]string
	day          time.Time
}

func (w *watched) write(path, text string) {
	w.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		w.Fatal(err)
	}
	w.day = w.day.Add(time.Second) // file systems tell times coarsely
	if err := os.Chtimes(path, w.day, w.day); err != nil {
		w.Fatal(err)
	}
}

func (w *watched) look() {
	w.ground.look(func(c *claims.Checker) { w.checker, w.used = c, w.used+1 }, func(topic, text string) { w.warnings[topic] = text })
}

func (w *watched) finds(text string) int {
	return len(w.checker.Check(claims.Utterance{SKU: "S1", Speaker: claims.SpeakerHost, Text: text}, nil))
}

func newWatched(t *testing.T) *watched {
	dir := t.TempDir()
	w := &watched{T: t, facts: filepath.Join(dir, "facts.csv"), rules: filepath.Join(dir, "rules.toml"), warnings: map[string]string{}, day: time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)}
	w.write(w.facts, "sku,name,category,material\nS1,暖巷围巾,apparel,羊毛60%;腈纶40%\n")
	w.write(w.rules, houseRule)
	g, err := openGround(w.facts, []string{w.rules})
	if err != nil {
		t.Fatal(err)
	}
	w.ground, w.checker = g, g.checker()
	return w
}

func TestAChangedSheetAndRulesCountAtOnce(t *testing.T) {
	w := newWatched(t)
	if w.look(); w.used != 0 {
		t.Error("files that did not change were read again")
	}
	if w.finds("百分之百纯羊毛") != 1 || w.finds("效果逆天") != 1 {
		t.Fatal("the first version does not count")
	}
	w.write(w.facts, "sku,name,category,material\nS1,暖巷围巾,apparel,羊毛100%\n")
	if w.look(); w.used != 1 || w.finds("百分之百纯羊毛") != 0 || w.finds("效果逆天") != 1 {
		t.Errorf("used %d, the new sheet does not count", w.used)
	}
	if w.sheet.Load().Product("S1").Material[0].Share != 1_000_000 {
		t.Error("the screen still sees the old sheet")
	}
	w.write(w.rules, strings.Replace(houseRule, `"逆天"`, `"无敌好"`, 1))
	if w.look(); w.used != 2 || w.finds("效果逆天") != 0 || w.finds("效果无敌好") == 0 {
		t.Errorf("used %d, the new rules do not count", w.used)
	}
}

func TestAMistakeLeavesTheLastGoodVersion(t *testing.T) {
	w := newWatched(t)
	w.write(w.facts, "sku,name,category,price\nS1,暖巷围巾,apparel,cheap\nS2,暖巷手套,apparel,dear\n")
	w.write(w.rules, houseRule+"oops = 1\n")
	w.look()
	if w.used != 0 || w.finds("百分之百纯羊毛") != 1 || w.finds("效果逆天") != 1 {
		t.Error("a mistake took the last good version away")
	}
	if got := w.warnings["facts"]; !strings.Contains(got, "facts.csv:2: column price") || !strings.HasSuffix(got, "(+1)") {
		t.Errorf("facts warning %q", got)
	}
	if got := w.warnings["rules"]; !strings.Contains(got, `rules.toml:13: unknown key "oops"`) {
		t.Errorf("rules warning %q", got)
	}
	if err := os.Remove(w.rules); err != nil {
		t.Fatal(err)
	}
	if w.look(); !strings.Contains(w.warnings["rules"], "open rule file") || w.finds("效果逆天") != 1 {
		t.Errorf("a file that is gone: %q", w.warnings["rules"])
	}
	w.write(w.rules, houseRule)
	w.write(w.facts, "sku,name,category,material\nS1,暖巷围巾,apparel,羊毛60%\n")
	if w.look(); w.warnings["rules"] != "" || w.warnings["facts"] != "" || w.used != 1 {
		t.Errorf("mended, but %q", w.warnings)
	}
}

func TestFilesAreLookedAtOnEveryTick(t *testing.T) {
	w := newWatched(t)
	// The first look may see the change already, while nobody reads yet.
	ticks, used := make(chan time.Time), make(chan *claims.Checker, 2)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		onEvery(ctx, ticks, func() { w.ground.look(func(c *claims.Checker) { used <- c }, func(string, string) {}) })
	}()
	ticks <- w.day
	w.write(w.rules, houseRule+"# changed\n")
	ticks <- w.day
	if c := <-used; c.RulesVersion() == w.checker.RulesVersion() {
		t.Error("the rules' version did not change")
	}
	stop()
	<-done
}

// TestAnOldSheetIsToldUntilItIsSavedAgain: a price of last month may not hold.
func TestAnOldSheetIsToldUntilItIsSavedAgain(t *testing.T) {
	w := newWatched(t)
	w.staleAfter = 30 * day
	changed := time.Now().Add(-31 * day)
	if err := os.Chtimes(w.facts, changed, changed); err != nil {
		t.Fatal(err)
	}
	w.look()
	if got, want := w.warnings["sheet_age"], "facts.csv, "+changed.Format(time.DateTime); got != want {
		t.Errorf("an old sheet is told as %q, want %q", got, want)
	}
	if w.finds("百分之百纯羊毛") != 1 {
		t.Error("an old sheet does not count any more")
	}
	saved := time.Now().Add(-29 * day)
	if err := os.Chtimes(w.facts, saved, saved); err != nil {
		t.Fatal(err)
	}
	if w.look(); w.warnings["sheet_age"] != "" {
		t.Errorf("saved again, and still told: %q", w.warnings["sheet_age"])
	}
	w.staleAfter = 0
	if err := os.Chtimes(w.facts, changed, changed); err != nil {
		t.Fatal(err)
	}
	if w.look(); w.warnings["sheet_age"] != "" {
		t.Error("who wants no reminder gets one")
	}
}
