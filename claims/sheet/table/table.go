// Package table reads the rows of tables that people keep in spreadsheets: CSV in
// UTF-8 or GB18030, and the first worksheet of a workbook. It is pure: what it is
// given is all it reads.
//
// A cell is what a person sees in it, but for those that must be exact: a format
// may round an amount, and long numbers are shown as 6.9E+12. Rows without any
// text are left out. Faults name the row of the file, so that a person finds it.
package table

import (
	"bytes"
	"encoding/csv"
	"errors"
	"path/filepath"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// A Row is a line of a table with its number in the file, from 1.
type Row struct {
	N     int
	Cells []string
}

// Columns is what is known beforehand of a table's columns, by their headers. A
// nil func knows none.
type Columns struct {
	// Exact tells that a column's cells count as they are kept, not as shown.
	Exact func(header string) bool
	// Name is what faults call a column; "" : by its number.
	Name func(header string) string
}

func (c Columns) exact(header string) bool { return c.Exact != nil && c.Exact(header) }

func (c Columns) name(header string, i int) string {
	if c.Name != nil {
		if name := c.Name(header); name != "" {
			return name
		}
	}
	return strconv.Itoa(i + 1)
}

// Read reads the rows of a file, its header first; its name tells the format:
// .xlsx, else CSV. It may return rows and faults in some of their cells.
func Read(name string, data []byte, columns Columns) ([]Row, Errors) {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".xlsx":
		return workbook(name, data, columns)
	case ".xls", ".et", ".ods", ".numbers":
		return nil, Errors{{File: name, Want: "a table in CSV or XLSX; save it as one of them"}}
	}
	return text(name, data)
}

func text(name string, data []byte) ([]Row, Errors) {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(data) {
		decoded, err := simplifiedchinese.GB18030.NewDecoder().Bytes(data)
		if err != nil || bytes.ContainsRune(decoded, utf8.RuneError) {
			return nil, Errors{{File: name, Want: "text in UTF-8 or GB18030; save the sheet again in one of them"}}
		}
		data = decoded
	}
	cr := csv.NewReader(bytes.NewReader(data))
	cr.FieldsPerRecord = -1
	cr.LazyQuotes = false
	rows := []Row{}
	for {
		cells, err := cr.Read()
		if err != nil {
			var pe *csv.ParseError
			switch {
			case errors.As(err, &pe):
				return nil, Errors{{File: name, Row: pe.Line, Want: "well-formed CSV: " + err.Error()}}
			case len(rows) == 0:
				return nil, nil
			}
			return rows, nil
		}
		line, _ := cr.FieldPos(0)
		if !Blank(cells) {
			rows = append(rows, Row{N: line, Cells: cells})
		}
	}
}

// Blank tells whether there is nothing in any of the cells.
func Blank(cells []string) bool {
	for _, c := range cells {
		if strings.TrimSpace(c) != "" {
			return false
		}
	}
	return true
}

// Fen reads an amount of yuan that is not below zero: 89.9, ¥1,299.00, 12元.
func Fen(cell string) (int64, bool) {
	plain := strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(strings.TrimSpace(cell), "¥"), "￥"), "元")
	return Scaled(strings.ReplaceAll(strings.TrimSpace(plain), ",", ""), 2)
}

// Scaled reads a plain decimal as an integer with that many decimal places.
func Scaled(s string, places int) (int64, bool) {
	whole, frac, _ := strings.Cut(s, ".")
	if len(whole) > 12 || whole == "" {
		return 0, false
	}
	for len(frac) > places {
		if frac[len(frac)-1] != '0' {
			return 0, false
		}
		frac = frac[:len(frac)-1]
	}
	frac += strings.Repeat("0", places-len(frac))
	for _, c := range whole + frac {
		if c < '0' || c > '9' {
			return 0, false
		}
	}
	n, err := strconv.ParseInt(whole+frac, 10, 64)
	return n, err == nil
}
