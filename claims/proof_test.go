package claims_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"liveroom/claims"
	"liveroom/claims/fold"
	"liveroom/claims/sheet"
)

// columnsOf are those of the sheet that a claim of a category can be held
// against.
var columnsOf = map[claims.Category][]sheet.Field{
	claims.CategoryMaterial:   {sheet.FieldMaterial, sheet.FieldMetrics, sheet.FieldIngredients, sheet.FieldVariety},
	claims.CategoryBrand:      {sheet.FieldBrand},
	claims.CategoryWeight:     {sheet.FieldNetWeight, sheet.FieldMetrics, sheet.FieldSize, sheet.FieldQuantity},
	claims.CategoryQuantity:   {sheet.FieldQuantity, sheet.FieldStock, sheet.FieldNetWeight, sheet.FieldMetrics},
	claims.CategorySize:       {sheet.FieldSize, sheet.FieldMetrics},
	claims.CategoryOrigin:     {sheet.FieldOrigin, sheet.FieldVariety},
	claims.CategoryIngredient: {sheet.FieldIngredients, sheet.FieldMaterial, sheet.FieldMetrics},
	claims.CategoryPrice:      {sheet.FieldPrice, sheet.FieldListPrice, sheet.FieldLowest30D},
	claims.CategoryCredential: {sheet.FieldPatents, sheet.FieldHonours, sheet.FieldSales, sheet.FieldDeveloper, sheet.FieldLicences, sheet.FieldMetrics},
	claims.CategoryEfficacy:   {sheet.FieldEfficacy, sheet.FieldLicences},
	claims.CategoryEffect:     {sheet.FieldEfficacy, sheet.FieldMetrics},
	claims.CategoryAbsolute:   {sheet.FieldSales, sheet.FieldHonours},
	claims.CategoryPromise:    {sheet.FieldPromises, sheet.FieldReturns7D, sheet.FieldShipsWithin, sheet.FieldShelfLife},
}

// proves says what a finding lacks to prove itself.
func proves(s *sheet.Sheet, text string, f claims.Finding) (lacks []string) {
	r := []rune(text)
	if f.Start < 0 || f.Start >= f.End || f.End > len(r) || string(r[f.Start:f.End]) != f.Said {
		lacks = append(lacks, fmt.Sprintf("a span that quotes the text: %d-%d %q", f.Start, f.End, f.Said))
	}
	if !slices.Contains(claims.RuleIDs(), f.Rule) {
		lacks = append(lacks, "a rule: "+f.Rule)
	}
	if f.Law == "" || f.Why == "" || f.WhyEN == "" || f.Suggest == "" || f.Severity == "" {
		lacks = append(lacks, "law, reason, suggestion or weight")
	}
	if f.FactID == "" {
		if f.Verdict == claims.VerdictContradicted {
			lacks = append(lacks, "the fact that contradicts it")
		}
		return lacks
	}
	sku, column, _ := strings.Cut(f.FactID, "·")
	field, known := sheet.FieldOf(column)
	p := s.Product(sku)
	switch {
	case p == nil || !known || sku != f.SKU:
		lacks = append(lacks, fmt.Sprintf("a cell of its product: %s, of %s", f.FactID, f.SKU))
	case !slices.Contains(columnsOf[f.Category], field):
		lacks = append(lacks, fmt.Sprintf("a column of its category: %s for %s", column, f.Category))
	case f.Fact != "" && !holdsFact(p.Raw(field), f.Fact):
		lacks = append(lacks, fmt.Sprintf("the cell's words: %q is not in %q", f.Fact, p.Raw(field)))
	case f.Fact == "" && f.Verdict == claims.VerdictContradicted && p.Raw(field) != "":
		lacks = append(lacks, "the fact: "+f.FactID)
	}
	return lacks
}

// holdsFact reports whether every entry of a fact stands in the cell.
func holdsFact(cell, fact string) bool {
	for entry := range strings.SplitSeq(fact, ";") {
		if !strings.Contains(cell, strings.TrimSpace(entry)) {
			return false
		}
	}
	return true
}

func TestEveryFindingProvesItself(t *testing.T) {
	n := 0
	for _, set := range []string{"bench/dev", "bench/real-dev"} {
		checker, lines := loadSet(t, set)
		s, err := sheet.Load("facts.csv", openShared(t, set+"/facts.csv"))
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range lines {
			for _, f := range checker.Check(utterance(l), nil) {
				n++
				for _, lack := range proves(s, l.Text, f) {
					t.Errorf("%s %s %s/%s lacks %s", l.ID, f.Rule, f.Category, f.Verdict, lack)
				}
			}
		}
	}
	if n < 400 {
		t.Errorf("only %d findings", n)
	}
}

// A disguise writes a text another way that folds to the same, and tells where
// each rune of the text went.
type disguise struct {
	name string
	do   func(r []rune) (text string, at []int)
}

// among writes each rune with what is said before and after it.
func among(write func(r []rune, i int) string) func([]rune) (string, []int) {
	return func(r []rune) (string, []int) {
		var b strings.Builder
		at := make([]int, 0, len(r)+1)
		n := 0
		for i := range r {
			s := write(r, i)
			skip := 0
			for _, c := range s {
				if fold.String(string(c)) == fold.String(string(r[i])) {
					break
				}
				skip++
			}
			at = append(at, n+skip)
			b.WriteString(s)
			n += utf8.RuneCountInString(s)
		}
		return b.String(), append(at, n)
	}
}

func disguises(t *testing.T) []disguise {
	traditional := traditionalForms(t)
	return []disguise{
		{"full width", among(func(r []rune, i int) string {
			if r[i] > ' ' && r[i] < 0x7f {
				return string(r[i] + 0xfee0)
			}
			return string(r[i])
		})},
		{"traditional", among(func(r []rune, i int) string {
			if c, ok := traditional[r[i]]; ok {
				return string(c)
			}
			return string(r[i])
		})},
		{"invisible", among(func(r []rune, i int) string { return "\u200b" + string(r[i]) + "\u2060" })},
		{"marks", among(func(r []rune, i int) string { return string(r[i]) + "\u0301\ufe0f" })},
		{"dots", among(func(r []rune, i int) string {
			if i+1 < len(r) && fold.Han(r[i]) && fold.Han(r[i+1]) {
				return string(r[i]) + "·"
			}
			return string(r[i])
		})},
		{"emoji that vanish", among(func(r []rune, i int) string { return string(r[i]) + "\U000e0020\u200d" })},
		{"spaces", among(func(r []rune, i int) string {
			if i+1 < len(r) && fold.Han(r[i]) && fold.Han(r[i+1]) {
				return string(r[i]) + " "
			}
			return string(r[i])
		})},
		{"bidi", among(func(r []rune, i int) string { return "\u202e" + string(r[i]) })},
	}
}

// traditionalForms gives one traditional form for each simplified character.
func traditionalForms(t *testing.T) map[rune]rune {
	t.Helper()
	data, err := os.ReadFile("fold/traditional.txt")
	if err != nil {
		t.Fatal(err)
	}
	forms := map[rune]rune{}
	for line := range strings.Lines(string(data)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		r := []rune(strings.TrimSpace(line))
		for i := 0; i+1 < len(r); i += 2 {
			forms[r[i+1]] = r[i]
		}
	}
	return forms
}

// TestDisguisesAreSeenThrough: whatever way a line is written, the same is
// found over the same words of the raw text.
func TestDisguisesAreSeenThrough(t *testing.T) {
	checker, lines := loadSet(t, "bench/dev")
	for _, d := range disguises(t) {
		tried, skipped := 0, 0
		for _, l := range lines {
			plain := checker.Check(utterance(l), nil)
			if len(plain) == 0 {
				continue
			}
			text, at := d.do([]rune(l.Text))
			if fold.String(text) != fold.String(l.Text) {
				skipped++ // a character with two simplified forms, a dot that parts words
				continue
			}
			tried++
			u := utterance(l)
			u.Text = text
			found := checker.Check(u, nil)
			if len(found) != len(plain) {
				t.Errorf("%s %s: %d findings, %d without it", l.ID, d.name, len(found), len(plain))
				continue
			}
			for i, f := range found {
				p := plain[i]
				if f.Rule != p.Rule || f.FactID != p.FactID || f.Start != at[p.Start] || f.End != at[p.End-1]+1 {
					t.Errorf("%s %s: %s over %d-%d, want %s over %d-%d", l.ID, d.name, f.Rule, f.Start, f.End, p.Rule, at[p.Start], at[p.End-1]+1)
				}
				if r := []rune(text); string(r[f.Start:f.End]) != f.Said {
					t.Errorf("%s %s: %q is not at %d-%d", l.ID, d.name, f.Said, f.Start, f.End)
				}
			}
		}
		t.Logf("%s: %d lines, %d that it would change", d.name, tried, skipped)
		if tried < 250 && d.name != "spaces" || tried < 30 { // spaces between figures part them
			t.Errorf("%s: only %d lines", d.name, tried)
		}
	}
}
