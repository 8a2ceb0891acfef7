package claims

import (
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
