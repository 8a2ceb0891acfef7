package report

import (
	"fmt"
	"io"
	"time"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// The formats of cells, as spreadsheets number them.
const (
	sheetCount = 3  // 1,234
	sheetMoney = 4  // 1,234.50
	sheetTime  = 22 // date and time
	// maxCell is how many characters a cell holds.
	maxCell = 32767
)

// WriteXLSX writes one sheet a table. Texts are written as texts: no cell of the
// workbook is a formula.
func (r *Report) WriteXLSX(w io.Writer, lang Lang) (err error) {
	s := speak(lang, r.Zone)
	f := excelize.NewFile()
	defer func() {
		if closed := f.Close(); err == nil && closed != nil {
			err = fmt.Errorf("write the workbook: %w", closed)
		}
	}()
	style, err := newSheetStyle(f)
	if err != nil {
		return fmt.Errorf("write the workbook: %w", err)
	}
	for i, t := range r.Tables() {
		name := s.T("sheet." + t.Name)
		if i == 0 {
			err = f.SetSheetName("Sheet1", name)
		} else {
			_, err = f.NewSheet(name)
		}
		if err == nil {
			err = s.writeSheet(f, name, t, style)
		}
		if err != nil {
			return fmt.Errorf("write sheet %s: %w", t.Name, err)
		}
	}
	if err := f.Write(w); err != nil {
		return fmt.Errorf("write the workbook: %w", err)
	}
	return nil
}

type sheetStyle struct{ head, count, money, time, text int }

func newSheetStyle(f *excelize.File) (st sheetStyle, err error) {
	for _, s := range []struct {
		id    *int
		style excelize.Style
	}{
		{&st.head, excelize.Style{Font: &excelize.Font{Bold: true}}},
		{&st.count, excelize.Style{NumFmt: sheetCount}},
		{&st.money, excelize.Style{NumFmt: sheetMoney}},
		{&st.time, excelize.Style{NumFmt: sheetTime}},
		{&st.text, excelize.Style{NumFmt: 49, Alignment: &excelize.Alignment{Vertical: "top"}}},
	} {
		if *s.id, err = f.NewStyle(&s.style); err != nil {
			return st, err
		}
	}
	return st, nil
}

func (s speaker) writeSheet(f *excelize.File, name string, t *Table, st sheetStyle) error {
	out, err := f.NewStreamWriter(name)
	if err != nil {
		return err
	}
	for i, c := range t.Columns {
		if err := out.SetColWidth(i+1, i+1, columnWidth(c.Kind)); err != nil {
			return err
		}
	}
	if err := out.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	row := make([]any, len(t.Columns))
	for i, c := range t.Columns {
		row[i] = excelize.Cell{StyleID: st.head, Value: s.heading(c)}
	}
	if err := out.SetRow("A1", row); err != nil {
		return err
	}
	for n, cells := range t.Rows {
		for i, c := range cells {
			row[i] = s.sheetCell(c, st)
		}
		at, err := excelize.CoordinatesToCellName(1, n+2)
		if err != nil {
			return err
		}
		if err := out.SetRow(at, row); err != nil {
			return err
		}
	}
	return out.Flush()
}

func columnWidth(k Kind) float64 {
	switch k {
	case Texts, Shares, Agreements:
		return 30
	case Moments:
		return 19
	}
	return 13
}

// sheetCell is a cell with its type; one without data is left empty.
func (s speaker) sheetCell(c Cell, st sheetStyle) any {
	switch c := c.(type) {
	case None:
		return nil
	case Count:
		return excelize.Cell{StyleID: st.count, Value: int64(c)}
	case Fen:
		return excelize.Cell{StyleID: st.money, Value: float64(c) / 100}
	case Span:
		return excelize.Cell{StyleID: st.count, Value: time.Duration(c).Seconds()}
	case Moment:
		// A spreadsheet's time has no zone: it is the room's, as the heading says.
		at := time.Time(c).In(s.zone)
		wall := time.Date(at.Year(), at.Month(), at.Day(), at.Hour(), at.Minute(), at.Second(), 0, time.UTC)
		return excelize.Cell{StyleID: st.time, Value: wall}
	}
	text := show(s.cell(c))
	if utf8.RuneCountInString(text) > maxCell {
		text = string([]rune(text)[:maxCell-1]) + "…"
	}
	return excelize.Cell{StyleID: st.text, Value: text}
}
