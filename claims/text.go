package claims

import "strings"

func contains(s, sub string) bool { return sub != "" && strings.Contains(s, sub) }

func containsAny(s string, subs ...string) bool {
	for _, sub := range subs {
		if contains(s, sub) {
			return true
		}
	}
	return false
}
