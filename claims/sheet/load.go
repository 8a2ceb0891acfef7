package sheet

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"liveroom/claims/sheet/table"
)

// Limits on a sheet: beyond them it is surely no sheet.
const (
	maxBytes = 64 << 20
	maxCell  = 20_000 // bytes
)

// A Sheet holds the facts of all products. It never changes.
type Sheet struct {
	Products []*Product
	bySKU    map[string]*Product
	version  string
}

// Product returns the product with that sku, nil where there is none.
func (s *Sheet) Product(sku string) *Product {
	if s == nil {
		return nil
	}
	return s.bySKU[sku]
}

// Version is the hash of the sheet's content: equal for equal files.
func (s *Sheet) Version() string {
	if s == nil {
		return ""
	}
	return s.version
}

// Load reads a sheet. The name is used in errors and its ending tells the
// format: .xlsx, .toml, else CSV in UTF-8 or GB18030. An error that is about
// the content is an Errors, with every fault of the file.
func Load(name string, r io.Reader) (*Sheet, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read sheet %s: %w", name, err)
	}
	if len(data) > maxBytes {
		return nil, Errors{{File: name, Want: fmt.Sprintf("a sheet of at most %d MB", maxBytes>>20)}}
	}
	s, errs := parse(name, data)
	if errs != nil {
		return nil, errs
	}
	sum := sha256.Sum256(data)
	s.version = hex.EncodeToString(sum[:8])
	return s, nil
}

func parse(name string, data []byte) (*Sheet, Errors) {
	var rows []row
	var errs Errors
	switch strings.ToLower(filepath.Ext(name)) {
	case ".toml":
		return tomlSheet(name, data)
	case ".xls", ".et", ".ods", ".numbers":
		return nil, Errors{{File: name, Want: "a sheet in CSV, XLSX or TOML; save it as one of them"}}
	default:
		rows, errs = tableRows(name, data)
	}
	if rows == nil && errs != nil {
		return nil, errs
	}
	s, more := build(name, rows)
	if errs = append(errs, more...); len(errs) > 0 {
		return nil, errs
	}
	return s, nil
}

// Error is one thing wrong with a sheet, with its place.
type Error = table.Error

// Errors is everything wrong with a sheet.
type Errors = table.Errors //nolint:errname // all of them, as callers know it

// A row is a line of the sheet with its place in the file. lines has the line
// of each cell where they stand on several.
type row struct {
	n     int
	cells []string
	lines []int
}

// tableRows reads the rows of a table. Amounts and the stock count exactly.
func tableRows(name string, data []byte) ([]row, Errors) {
	read, errs := table.Read(name, data, table.Columns{
		Exact: func(header string) bool {
			switch f, _ := fieldOf(header); f {
			case FieldPrice, FieldListPrice, FieldLowest30D, FieldStock:
				return true
			}
			return false
		},
		Name: func(header string) string {
			f, ok := fieldOf(header)
			if !ok {
				return ""
			}
			return f.String()
		},
	})
	var rows []row
	for _, r := range read {
		rows = append(rows, row{n: r.N, cells: r.Cells})
	}
	return rows, errs
}

// build makes products of rows, the first of which is the header.
func build(name string, rows []row) (*Sheet, Errors) {
	if len(rows) == 0 {
		return nil, Errors{{File: name, Want: "a header row and one row a product"}}
	}
	columns, errs := header(name, rows[0])
	if errs != nil {
		return nil, errs
	}
	return products(name, columns, rows[1:])
}

// products makes a product of each row.
func products(name string, columns []Field, rows []row) (*Sheet, Errors) {
	var errs Errors
	s := &Sheet{bySKU: make(map[string]*Product, len(rows))}
	firstRow := make(map[string]int, len(rows))
	for _, r := range rows {
		d := decoder{file: name, row: r.n, lines: r.lines}
		p := d.product(columns, r.cells)
		if at, twice := firstRow[p.SKU]; twice && p.SKU != "" {
			d.fail(FieldSKU, p.SKU, fmt.Sprintf("a sku of its own; row %d has the same", at))
		}
		errs = append(errs, d.errs...)
		firstRow[p.SKU] = r.n
		s.bySKU[p.SKU] = p
		s.Products = append(s.Products, p)
	}
	if len(errs) > 0 {
		return nil, errs
	}
	return s, nil
}

func header(name string, r row) ([]Field, Errors) {
	var errs Errors
	columns := make([]Field, len(r.cells))
	seen := map[Field]bool{}
	for i, cell := range r.cells {
		f, ok := fieldOf(cell)
		switch {
		case !ok:
			errs = append(errs, Error{File: name, Row: r.n, Column: fmt.Sprint(i + 1), Value: cell, Want: "a column name such as sku, name, material, price (or 商品编码, 品名, 材质, 售价)"})
		case seen[f]:
			errs = append(errs, Error{File: name, Row: r.n, Column: fmt.Sprint(i + 1), Value: cell, Want: "each column once"})
		}
		columns[i] = f
		seen[f] = true
	}
	for _, f := range []Field{FieldSKU, FieldName, FieldCategory} {
		if !seen[f] && errs == nil {
			errs = append(errs, Error{File: name, Row: r.n, Want: fmt.Sprintf("a column %s (%s)", f, f.Chinese())})
		}
	}
	return columns, errs
}
