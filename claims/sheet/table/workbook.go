package table

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

// workbook reads the first worksheet, whose first row is the header.
func workbook(name string, data []byte, columns Columns) ([]Row, Errors) {
	book, err := openBook(data)
	if err != nil {
		return nil, Errors{{File: name, Want: fmt.Sprintf("a workbook that opens (%v); save the sheet again as .xlsx or CSV", err)}}
	}
	defer func() { _ = book.Close() }()
	first := book.GetSheetName(0)
	shown, err := allRows(book, first, false)
	var exact [][]string
	if err == nil {
		exact, err = allRows(book, first, true)
	}
	if err != nil {
		return nil, Errors{{File: name, Want: fmt.Sprintf("a first worksheet that can be read (%v)", err)}}
	}
	var rows []Row
	var errs Errors
	var header []string
	for i, cells := range shown {
		if Blank(cells) {
			continue
		}
		if header == nil {
			header = cells
		}
		for c, v := range cells {
			of := ""
			if c < len(header) {
				of = header[c]
			}
			if excelErrors[v] {
				errs = append(errs, Error{name, i + 1, columns.name(of, c), v, "a value; the formula in this cell failed"})
			}
			// Long numbers such as barcodes are shown as 6.9E+12.
			if i < len(exact) && c < len(exact[i]) && c < len(header) && (columns.exact(of) || strings.Contains(v, "E+")) {
				cells[c] = decimal(exact[i][c])
			}
		}
		rows = append(rows, Row{N: i + 1, Cells: cells})
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
