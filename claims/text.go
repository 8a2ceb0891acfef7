package claims

import (
	"slices"
	"strings"

	"liveroom/claims/lexicon"
)

func contains(s, sub string) bool { return sub != "" && strings.Contains(s, sub) }

func containsAny(s string, subs ...string) bool {
	for _, sub := range subs {
		if contains(s, sub) {
			return true
		}
	}
	return false
}

// listed are the words of a list of the lexicon, looked up when they are needed.
func listed(name string) []string { return lexicon.ListOf(name) }

// isListed reports whether a list of the lexicon has a word.
func isListed(list, word string) bool { return slices.Contains(listed(list), word) }
