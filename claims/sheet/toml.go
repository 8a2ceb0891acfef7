package sheet

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"liveroom/claims/tomldoc"
)

// tomlSheet reads [[product]] tables whose keys are the columns' names. A list
// may be written as an array, an amount as a number, an answer as true or
// false.
func tomlSheet(name string, data []byte) (*Sheet, Errors) {
	doc, err := tomldoc.Open(name, data)
	if err != nil {
		var m tomldoc.Error
		if errors.As(err, &m) {
			return nil, Errors{{File: name, Row: m.Line, Want: m.Text}}
		}
		return nil, Errors{{File: name, Want: err.Error()}}
	}
	var rows []row
	var errs Errors
	tables := doc.Root().Tables("product")
	for _, t := range tables {
		r, wrong := tomlRow(name, t)
		rows, errs = append(rows, r), append(errs, wrong...)
	}
	for _, m := range doc.Mistakes() {
		errs = append(errs, Error{File: name, Row: m.Line, Want: m.Text})
	}
	if len(tables) == 0 && errs == nil {
		errs = Errors{{File: name, Want: "one [[product]] table a product, with sku, name and category"}}
	}
	columns := make([]Field, numFields)
	for f := range numFields {
		columns[f] = f
	}
	s, wrong := products(name, columns, rows)
	if errs = append(errs, wrong...); len(errs) > 0 {
		return nil, errs
	}
	return s, nil
}

func tomlRow(name string, t *tomldoc.Table) (row, Errors) {
	var errs Errors
	r := row{n: t.Line, cells: make([]string, numFields), lines: make([]int, numFields)}
	seen := map[Field]bool{}
	for f := range numFields {
		t.Know(fieldNames[f].en, fieldNames[f].zh)
	}
	for _, key := range t.Keys() {
		f, ok := fieldOf(key)
		if !ok {
			continue // the reader of the file tells of it, with the name that was meant
		}
		line := t.LineOf(key)
		value := t.Value(key)
		cell, ok := CellOf(value)
		switch {
		case seen[f]:
			errs = append(errs, Error{File: name, Row: line, Column: f.String(), Value: key, Want: "each column once"})
		case !ok:
			errs = append(errs, Error{File: name, Row: line, Column: f.String(), Value: fmt.Sprint(value), Want: "text, a number, true, false, or a list of texts without semicolons"})
		}
		seen[f] = true
		r.cells[f], r.lines[f] = cell, line
	}
	return r, errs
}

// CellOf writes a value of a TOML file the way a cell of CSV has it, false
// where no cell can hold it.
func CellOf(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case int64:
		return strconv.FormatInt(v, 10), true
	case float64:
		// The shortest decimal that reads back is the one that was written.
		return strconv.FormatFloat(v, 'f', -1, 64), !math.IsNaN(v) && !math.IsInf(v, 0)
	case bool:
		if v {
			return "yes", true
		}
		return "no", true
	case time.Time:
		return v.Format(time.DateOnly), true
	case []any:
		parts := make([]string, len(v))
		for i, e := range v {
			s, ok := e.(string)
			if !ok || strings.ContainsAny(s, ";；") {
				return "", false
			}
			parts[i] = s
		}
		return strings.Join(parts, ";"), true
	}
	return "", false
}

// One makes a product of cells by field, as a row of a sheet would. A sku, name
// or category that is missing is filled in: the product stands for one that is
// spoken of in an example.
func One(name string, line int, cells map[Field]string) (*Product, error) {
	r := row{n: line, cells: make([]string, numFields)}
	r.cells[FieldSKU], r.cells[FieldName], r.cells[FieldCategory] = "example", "example", string(Other)
	columns := make([]Field, numFields)
	for f := range numFields {
		columns[f] = f
		if v, ok := cells[f]; ok {
			r.cells[f] = v
		}
	}
	s, errs := products(name, columns, []row{r})
	if errs != nil {
		return nil, errs
	}
	return s.Products[0], nil
}

// Of is a sheet of products made elsewhere, each with a sku of its own. It has
// no version.
func Of(products ...*Product) *Sheet {
	s := &Sheet{Products: products, bySKU: make(map[string]*Product, len(products))}
	for _, p := range products {
		s.bySKU[p.SKU] = p
	}
	return s
}

// FieldOf finds the column that a header or key names, in English or Chinese.
func FieldOf(header string) (Field, bool) { return fieldOf(header) }

// CategoryOf finds the kind of goods that a word names, in English or Chinese.
func CategoryOf(word string) (Category, bool) {
	c, ok := categoryNames[strings.ToLower(strings.TrimSpace(word))]
	return c, ok
}
