package claims

import (
	"strings"

	"liveroom/claims/fold"
)

// TellsNoReturn reports whether words tell buyers that something cannot be sent
// back within seven days: goods that are excluded from it must be told of so.
func TellsNoReturn(text string) bool {
	folded := fold.String(text)
	for _, w := range listed("announce.no_return") {
		if strings.Contains(folded, w) {
			return true
		}
	}
	return false
}
