package query_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"liveroom/moderation/query"
)

// The page that explains the language names every field of every list, and every
// thing a row can be.
func TestPageNamesEveryField(t *testing.T) {
	page, err := os.ReadFile("../../docs/query.md")
	if err != nil {
		t.Fatal(err)
	}
	common := []query.Field{query.FieldSince, query.FieldUntil, query.FieldAt, query.FieldRoom}
	for _, l := range query.Lists() {
		_, row, found := strings.Cut(string(page), "\n| "+string(l)+" | ")
		row, _, _ = strings.Cut(row, "\n")
		if !found {
			t.Errorf("the page has no row for %s", l)
		}
		for _, f := range query.Fields(l) {
			if !slices.Contains(common, f) && !strings.Contains(row, "`"+string(f)+":`") {
				t.Errorf("%s: the page does not name %s:", l, f)
			}
		}
		_, is, _ := strings.Cut(row, "`is:`")
		for _, flag := range query.Values(l, query.FieldIs) {
			if !strings.Contains(is, flag) {
				t.Errorf("%s: the page does not name is:%s", l, flag)
			}
		}
	}
}
