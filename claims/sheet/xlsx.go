package sheet

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// maxUnzipped bounds what a workbook may grow to: a small file can unpack to
// any size.
const maxUnzipped = 256 << 20

// xlsxRows reads the first worksheet, whose first row is the header. A cell is
// taken as a person sees it, but for amounts and the stock: a format may round
// those.
func xlsxRows(name string, data []byte) ([]row, Errors) {
	book, err := openBook(data)
	if err != nil {
		return nil, Errors{{File: name, Want: fmt.Sprintf("a workbook that opens (%v); save the sheet again as .xlsx or CSV", err)}}
	}
	defer func() { _ = book.Close() }()
	first := book.GetSheetName(0)
	shown, err := allRows(book, first, false)
	if err != nil {
		return nil, Errors{{File: name, Want: fmt.Sprintf("a first worksheet that can be read (%v)", err)}}
	}
	exact, err := allRows(book, first, true)
	if err != nil {
		return nil, Errors{{File: name, Want: fmt.Sprintf("a first worksheet that can be read (%v)", err)}}
	}
	var rows []row
	var errs Errors
	var columns []Field
	for i, cells := range shown {
		if blank(cells) {
			continue
		}
		if columns == nil {
			columns = knownColumns(cells)
		}
		for c, v := range cells {
			if excelErrors[v] {
				errs = append(errs, Error{name, i + 1, columnName(columns, c), v, "a value; the formula in this cell failed"})
			}
			if i < len(exact) && c < len(exact[i]) && c < len(columns) && takeExact(columns[c], v) {
				cells[c] = decimal(exact[i][c])
			}
		}
		rows = append(rows, row{n: i + 1, cells: cells})
	}
	return rows, errs
}

// openBook turns a panic of the library on a damaged file into an error.
func openBook(data []byte) (book *excelize.File, err error) {
	defer func() {
		if p := recover(); p != nil {
			book, err = nil, fmt.Errorf("damaged: %v", p)
		}
	}()
	return excelize.OpenReader(bytes.NewReader(data), excelize.Options{UnzipSizeLimit: maxUnzipped, UnzipXMLSizeLimit: maxUnzipped})
}

func allRows(book *excelize.File, sheet string, exact bool) (rows [][]string, err error) {
	defer func() {
		if p := recover(); p != nil {
			rows, err = nil, fmt.Errorf("damaged: %v", p)
		}
	}()
	return book.GetRows(sheet, excelize.Options{RawCellValue: exact})
}

// noField marks a header cell that names no column.
const noField = numFields

func knownColumns(header []string) []Field {
	columns := make([]Field, len(header))
	for i, h := range header {
		f, ok := fieldOf(h)
		if columns[i] = f; !ok {
			columns[i] = noField
		}
	}
	return columns
}

func columnName(columns []Field, i int) string {
	if i < len(columns) && columns[i] != noField {
		return columns[i].String()
	}
	return fmt.Sprint(i + 1)
}

// takeExact: amounts count exactly; long numbers such as barcodes are shown as
// 6.9E+12.
func takeExact(f Field, shown string) bool {
	switch f {
	case FieldPrice, FieldListPrice, FieldLowest30D, FieldStock:
		return true
	}
	return strings.Contains(shown, "E+")
}

// decimal undoes the 17 digits that spreadsheets write for 89.9.
func decimal(v string) string {
	f, err := strconv.ParseFloat(v, 64)
	if err != nil {
		return v
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}

var excelErrors = map[string]bool{
	"#N/A": true, "#REF!": true, "#VALUE!": true, "#DIV/0!": true, "#NAME?": true, "#NULL!": true, "#NUM!": true,
}
