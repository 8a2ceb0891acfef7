package feed

import (
	"strings"
	"unicode/utf8"
)

// Cell makes untrusted text fit for a cell of a table file that a spreadsheet
// opens: as Sanitise does, and so that none takes it for a formula. They look at
// the first character, some also behind spaces, and take full-width signs for
// plain ones; what stands behind a ' is text. Quoting is the writer's business.
func Cell(text string) string {
	shown := Sanitise(text).String()
	first, _ := utf8.DecodeRuneInString(strings.TrimLeft(shown, " \u3000'"))
	if strings.ContainsRune("=+-@|%＝＋－＠｜％", first) {
		return "'" + shown
	}
	return shown
}
