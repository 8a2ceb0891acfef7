package table

import (
	"fmt"
	"strings"
)

// Error is one thing wrong with a table, with the place and what is expected
// there. Row counts from 1 with the header as row 1; 0 means the whole file.
type Error struct {
	File   string
	Row    int
	Column string
	Value  string
	Want   string
}

// Error implements error in one line.
func (e Error) Error() string {
	var b strings.Builder
	b.WriteString(e.File)
	if e.Row > 0 {
		fmt.Fprintf(&b, ":%d", e.Row)
	}
	if e.Column != "" {
		fmt.Fprintf(&b, ": column %s", e.Column)
	}
	if e.Value != "" {
		fmt.Fprintf(&b, ": %q", shorten(e.Value))
	}
	b.WriteString(": ")
	b.WriteString(e.Want)
	return b.String()
}

// Errors is everything wrong with a table, in file order, one line each.
type Errors []Error

// Error implements error.
func (es Errors) Error() string {
	lines := make([]string, len(es))
	for i, e := range es {
		lines[i] = e.Error()
	}
	return strings.Join(lines, "\n")
}

func shorten(s string) string {
	const most = 60
	r := []rune(s)
	if len(r) <= most {
		return s
	}
	return string(r[:most]) + "…"
}
