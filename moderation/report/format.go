package report

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// A Format is how a report is written.
type Format string

// The formats.
const (
	HTML  Format = "html"
	CSV   Format = "csv" // a folder with one file a section
	XLSX  Format = "xlsx"
	JSONL Format = "jsonl"
)

// Formats lists every format there is.
var Formats = []Format{HTML, CSV, XLSX, JSONL}

// FormatOf is the format that a file's name asks for. A folder, there already or
// named with a slash at its end, asks for CSV.
func FormatOf(path string) (Format, error) {
	if info, err := os.Stat(path); strings.HasSuffix(path, "/") || strings.HasSuffix(path, string(filepath.Separator)) || err == nil && info.IsDir() {
		return CSV, nil
	}
	switch ext := strings.ToLower(filepath.Ext(path)); ext {
	case ".html", ".htm":
		return HTML, nil
	case ".xlsx":
		return XLSX, nil
	case ".jsonl", ".ndjson":
		return JSONL, nil
	case ".csv":
		return "", fmt.Errorf("a report is several tables, and CSV holds one a file: name a folder, as in -o %s/", strings.TrimSuffix(path, ext))
	}
	return "", fmt.Errorf("what format %s asks for is not known: end it in .html, .xlsx, .jsonl or / (a folder of CSV files), or name one with --format", path)
}

// ParseFormat is the format of that name.
func ParseFormat(name string) (Format, error) {
	if f := Format(name); slices.Contains(Formats, f) {
		return f, nil
	}
	return "", fmt.Errorf("format %q is not known: use html, csv, xlsx or jsonl", name)
}
