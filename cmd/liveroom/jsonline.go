package main

import (
	"fmt"
	"io"

	"github.com/go-json-experiment/json"

	"liveroom/feed"
)

// writeJSON writes v as one line. Whoever reads it without a program reads it on a
// terminal.
func writeJSON(w io.Writer, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("encode a line: %w", err)
	}
	if _, err := w.Write(append(feed.PlainJSON(b), '\n')); err != nil {
		return fmt.Errorf("write a line: %w", err)
	}
	return nil
}
