package tomldoc

import (
	"errors"
	"fmt"
	"strings"
)

// maxBytes is how large a file may be.
const maxBytes = 4 << 20

// A File is a file with its content. The name is used in errors.
type File struct {
	Name string
	Text []byte
}

// Errors is everything wrong with some files, one line each.
type Errors []Error

// Error implements error.
func (es Errors) Error() string {
	lines := make([]string, len(es))
	for i, e := range es {
		lines[i] = e.Error()
	}
	return strings.Join(lines, "\n")
}

// Read opens a file, lets take take its values, and returns every mistake in
// the order of the lines. A file that is no TOML is never taken from.
func Read(f File, take func(root *Table)) Errors {
	if len(f.Text) > maxBytes {
		return Errors{{f.Name, 1, fmt.Sprintf("a file of at most %d MB is expected: make several of it", maxBytes>>20)}}
	}
	doc, err := Open(f.Name, f.Text)
	if err != nil {
		var m Error
		if errors.As(err, &m) {
			return Errors{m}
		}
		return Errors{{f.Name, 1, err.Error()}}
	}
	take(doc.Root())
	return doc.Mistakes()
}
