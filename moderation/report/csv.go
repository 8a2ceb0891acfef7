package report

import (
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"liveroom/feed"
	"liveroom/moderation/wholefile"
)

// WriteCSV writes a table with a heading. It begins with a byte order mark,
// without which the usual spreadsheet reads Chinese as something else.
func (r *Report) WriteCSV(w io.Writer, t *Table, lang Lang) error {
	s := speak(lang, r.Zone)
	if _, err := io.WriteString(w, "\uFEFF"); err != nil {
		return fmt.Errorf("write %s: %w", t.Name, err)
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true // RFC 4180
	row := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		row[i] = s.heading(c)
	}
	if err := out.Write(row); err != nil {
		return fmt.Errorf("write %s: %w", t.Name, err)
	}
	for _, cells := range t.Rows {
		for i, c := range cells {
			row[i] = s.csvCell(c)
		}
		if err := out.Write(row); err != nil {
			return fmt.Errorf("write %s: %w", t.Name, err)
		}
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("write %s: %w", t.Name, err)
	}
	return nil
}

// WriteFolder writes the tables into a folder, each as a CSV file called by its
// name. It makes the folder where there is none.
func (r *Report) WriteFolder(dir string, lang Lang) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	for _, t := range r.Tables() {
		if err := wholefile.Write(filepath.Join(dir, t.Name+".csv"), 0o600, func(w io.Writer) error { return r.WriteCSV(w, t, lang) }); err != nil {
			return err
		}
	}
	return nil
}

// heading is a column's, with the unit of its numbers.
func (s speaker) heading(c Column) string {
	name := s.T("column." + c.ID)
	switch c.Kind {
	case Money:
		return name + " (" + s.T("unit.fen") + ")"
	case Spans:
		return name + " (" + s.T("unit.seconds") + ")"
	}
	return name
}

// csvCell writes a cell that a program can count with, and that no spreadsheet
// takes for a formula.
func (s speaker) csvCell(c Cell) string {
	switch c := c.(type) {
	case Count:
		return strconv.FormatInt(int64(c), 10)
	case Fen:
		return decimal(int64(c))
	case Span:
		return strconv.FormatFloat(time.Duration(c).Seconds(), 'f', -1, 64)
	}
	return feed.Cell(s.cell(c))
}

// decimal writes fen as yuan without commas, exactly.
func decimal(fen int64) string {
	sign := ""
	if fen < 0 {
		sign, fen = "-", -fen
	}
	return fmt.Sprintf("%s%d.%02d", sign, fen/100, fen%100)
}

// Save writes the report to a file, or for CSV to a folder.
func (r *Report) Save(path string, f Format, lang Lang) error {
	if f == CSV {
		return r.WriteFolder(path, lang)
	}
	return wholefile.Write(path, 0o600, func(w io.Writer) error { return r.Write(w, f, lang) })
}

// Write writes the report in a format that is one file.
func (r *Report) Write(w io.Writer, f Format, lang Lang) error {
	switch f {
	case HTML:
		return r.WriteHTML(w, lang)
	case XLSX:
		return r.WriteXLSX(w, lang)
	case JSONL:
		return r.WriteJSONL(w)
	}
	return fmt.Errorf("%s is no format of one file: name a folder", f)
}
