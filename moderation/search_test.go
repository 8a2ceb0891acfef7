package moderation_test

import (
	"slices"
	"strings"
	"testing"

	"liveroom/moderation"
)

func TestSearchTokens(t *testing.T) {
	tests := []struct {
		text string
		want []string
	}{
		{"", nil},
		{"围巾", []string{"围巾", "巾"}},
		{"圍巾！掉毛", []string{"围巾", "巾", "掉毛", "毛"}},
		{"100%羊毛 Wool\x1b[31m", []string{"100", "羊毛", "毛", "wool"}},
		{"六六六", []string{"六六", "六"}},
	}
	for _, tt := range tests {
		slices.Sort(tt.want)
		if got := moderation.SearchTokens(tt.text); !slices.Equal(got, tt.want) {
			t.Errorf("tokens of %q: %q, want %q", tt.text, got, tt.want)
		}
	}
}

// Whatever matches is found by its tokens: the index may find too much, never
// too little. And a text holds its own words.
func FuzzSearch(f *testing.F) {
	f.Add("这条围巾100%羊毛", "围巾 羊毛")
	f.Add("\xff\x00 Wool", "wo")
	f.Fuzz(func(t *testing.T, text, query string) {
		tokens := moderation.SearchTokens(text)
		for _, tok := range tokens {
			if tok == "" || strings.ContainsAny(tok, "\" *") {
				t.Fatalf("token %q of %q", tok, text)
			}
		}
		words, runs := moderation.SearchRuns(query), moderation.SearchRuns(text)
		if moderation.HoldsWords(runs, words) {
			for _, w := range words {
				need, prefix := w.Tokens()
				for _, n := range need {
					if !slices.ContainsFunc(tokens, func(tok string) bool { return tok == n || prefix && strings.HasPrefix(tok, n) }) {
						t.Fatalf("%q matches %q, whose tokens %q lack %q", query, text, tokens, n)
					}
				}
			}
		}
		if len(runs) > 0 && !moderation.HoldsWords(runs, runs) {
			t.Fatalf("%q does not hold its own words %v", text, runs)
		}
	})
}
