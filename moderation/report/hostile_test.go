package report_test

import (
	"bytes"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/xuri/excelize/v2"

	"liveroom/feed"
	"liveroom/feed/feedtest"
	"liveroom/moderation/report"
)

// hostile are texts that try to be more than text: to the page, to a
// spreadsheet, to a reader.
var hostile = []string{
	`</style></title></blockquote><script>alert(1)</script>`,
	`"><img src=x onerror=alert(1)>`, `' onmouseover='alert(1)`, `{{.}}{{template "table"}}`, `--><svg onload=alert(1)>`,
	"=HYPERLINK(\"x\",\"退款\")", "+86 138", "-1+1|cmd", "@SUM(A1)", "\t=1+1", " =1+1", "＝1+1", "\r\n=1+1", "'=1+1", "%0A=1", "|cmd' /C calc'!A0",
	"\x1b[31m红\x1b[0m", "\x00\x07\x7f\u0085\u009b2J", "a\u202egnp.exe", "\u2066x\u2069", "z\u200b\u200d\ufeffw", "e\u0301\u0301\u0301\u0301\u0301\u0301\u0301",
	"第一行\n第二行\r\n第三行\u2028第四行", "\xff\xfe坏字节", "<![CDATA[x]]>", "&lt;b&gt; &amp;amp;", "]]>&#x0;", strings.Repeat("长", 300), "a,b\"c;d", "javascript:alert(1)",
	"#flag-1\" onclick=\"x", "url(javascript:x)", "\u0000", "", " ",
}

// fill sets every text of a report, down to the last, and nothing else.
func fill(v reflect.Value, text string) {
	switch v.Kind() {
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() || v.Type() == reflect.TypeFor[feed.Display]() {
			return
		}
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				fill(v.Field(i), text)
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			fill(v.Index(i), text)
		}
	case reflect.Pointer:
		if !v.IsNil() && v.Type() != reflect.TypeFor[*time.Location]() {
			fill(v.Elem(), text)
		}
	case reflect.String:
		if v.Type() == reflect.TypeFor[string]() {
			v.SetString(text)
		}
	}
}

var (
	tag       = regexp.MustCompile(`<[/!]?[a-zA-Z][^>]*>`)
	attribute = regexp.MustCompile(`\s([a-zA-Z-]+)="`)
)

// skeleton is the page without any text: its tags with the names of their
// attributes.
func skeleton(page string) string {
	var b strings.Builder
	for _, m := range tag.FindAllString(page, -1) {
		name, _, _ := strings.Cut(strings.Trim(m, "</>"), " ")
		b.WriteString(name)
		for _, a := range attribute.FindAllStringSubmatch(m, -1) {
			b.WriteString(" " + a[1])
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// unseen are characters that no reader sees and that change what is read.
func unseen(r rune) bool {
	return r < ' ' && r != '\n' && r != '\t' || r == 0x7f || r >= 0x80 && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 ||
		r == 0x200b || r == 0xfeff || r == 0x2028 || r == 0x2029
}

// TestHostileTexts puts each text into every place that a text has in a report.
// The page keeps its skeleton, the workbook holds no formula, no cell of CSV
// begins like one, and nothing unseen is written.
func TestHostileTexts(t *testing.T) {
	_, r := storyReport(t)
	texts := append(slices.Clone(hostile), feedtest.HostileTexts(t, 200)...)
	fill(reflect.ValueOf(r).Elem(), "平常的话")
	plain := skeleton(html(t, r, report.ZH))
	for i, text := range texts {
		fill(reflect.ValueOf(r).Elem(), text)
		page := html(t, r, report.ZH)
		if feed.Sanitise(text).String() != "" && skeleton(page) != plain {
			t.Errorf("%q changes the page", text)
		}
		if k := strings.IndexFunc(page, unseen); k >= 0 {
			t.Errorf("%q: the page holds %q", text, page[k:min(k+20, len(page))])
		}
		checkCSV(t, r, text)
		if i < len(hostile) && !testing.Short() { // a workbook takes longer, and has one way for all texts
			checkWorkbook(t, r, text)
		}
		var b bytes.Buffer
		if err := r.WriteJSONL(&b); err != nil {
			t.Fatal(err)
		}
		for line := range bytes.Lines(b.Bytes()) {
			var row map[string]any
			if err := json.Unmarshal(line, &row); err != nil {
				t.Fatalf("%q breaks a line: %v", text, err)
			}
		}
	}
}

func checkCSV(t *testing.T, r *report.Report, text string) {
	t.Helper()
	for _, table := range r.Tables() {
		var b bytes.Buffer
		if err := r.WriteCSV(&b, table, report.ZH); err != nil {
			t.Fatal(err)
		}
		rows := parseCSV(t, b.Bytes())
		if len(rows) != len(table.Rows)+1 {
			t.Fatalf("%q: %s has %d rows, not %d", text, table.Name, len(rows), len(table.Rows)+1)
		}
		for n, row := range rows[1:] {
			for i, cell := range row {
				_, isText := table.Rows[n][i].(report.Text)
				if isText && formula.MatchString(cell) {
					t.Errorf("%q: %s begins a cell with %q", text, table.Name, cell)
				}
				if k := strings.IndexFunc(cell, unseen); k >= 0 || strings.ContainsAny(cell, "\n\t") {
					t.Errorf("%q: %s holds %q", text, table.Name, cell)
				}
			}
		}
	}
}

var formula = regexp.MustCompile(`^[ \x{3000}]*[=+\-@|%＝＋－＠]`)

func checkWorkbook(t *testing.T, r *report.Report, text string) {
	t.Helper()
	f := workbook(t, r)
	for _, sheet := range f.GetSheetList() {
		rows, err := f.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		for n, row := range rows {
			for i, value := range row {
				at, _ := excelize.CoordinatesToCellName(i+1, n+1)
				if got, err := f.GetCellFormula(sheet, at); got != "" || err != nil {
					t.Errorf("%q is a formula in %s %s: %s %v", text, sheet, at, got, err)
				}
				if formula.MatchString(value) {
					if kind, _ := f.GetCellType(sheet, at); kind != excelize.CellTypeInlineString && kind != excelize.CellTypeSharedString {
						t.Errorf("%q in %s %s is no text but %v", text, sheet, at, kind)
					}
				}
			}
		}
	}
}

// TestALongText: a spreadsheet's cell holds only so much, and more of it makes the
// whole file unreadable.
func TestALongText(t *testing.T) {
	_, r := storyReport(t)
	r.Flags[0].Reason = strings.Repeat("长", 40_000)
	f := workbook(t, r)
	got, err := f.GetCellValue(f.GetSheetList()[6], "Q2")
	if n := len([]rune(got)); err != nil || n != 32767 || !strings.HasSuffix(got, "…") {
		t.Errorf("a cell of %d characters that ends in %q, %v", n, got[max(0, len(got)-9):], err)
	}
}

// TestHostileRecord lets hostile texts come in as sources send them, through the
// record and all that is made of it.
func TestHostileRecord(t *testing.T) {
	h := newHouse(t, storyWords)
	s := &tale{room: "A"}
	for i, text := range hostile {
		if len(text) > 4000 {
			text = text[:3999]
		}
		at := time.Duration(i) * 10 * sec
		s.onAir(at, "D"+fmt.Sprint(i), text)
		s.say(at+sec, text+"纯羊毛"+text)
		s.chat(at+2*sec, text+"会起球吗")
		s.gap(at+3*sec, at+4*sec, -1, text)
		s.order(at+5*sec, orderID(i)+text, "D"+fmt.Sprint(i), 100, true)
		s.complain(hour+at, orderID(i)+text, "D"+fmt.Sprint(i), "不是纯羊毛 "+text)
	}
	h.commit(s.events...)
	r := h.make(report.Options{Room: "A", Now: begin.Add(5 * hour)})
	same(t, "flags", r.Totals.Raised, len(hostile))
	for _, l := range report.Langs {
		page := html(t, r, l)
		if strings.Contains(page, "<script") || handler.MatchString(page) || strings.IndexFunc(page, unseen) >= 0 {
			t.Errorf("%s: something got through", l)
		}
	}
	checkCSV(t, r, "the record")
	checkWorkbook(t, r, "the record")
}

// TestNoPersonalData: what the record knows of people is in no format.
func TestNoPersonalData(t *testing.T) {
	h, r := storyReport(t)
	if c, err := h.store.Complaint(t.Context(), 1); err != nil || !strings.Contains(c.Text, "13812345670") || c.OrderID != "LR2026112000013" {
		t.Fatalf("the record has nothing to hide: %+v, %v", c, err)
	}
	whole := html(t, r, report.ZH) + html(t, r, report.EN)
	var b bytes.Buffer
	if err := r.WriteJSONL(&b); err != nil {
		t.Fatal(err)
	}
	whole += b.String()
	for _, table := range r.Tables() {
		b.Reset()
		if err := r.WriteCSV(&b, table, report.ZH); err != nil {
			t.Fatal(err)
		}
		whole += b.String()
	}
	for _, canary := range []string{"1381234567", "13800138000", "王小明", "小明", "LR20261120", "观众甲", "2026112000013"} {
		if strings.Contains(whole, canary) {
			t.Errorf("%q is in the report", canary)
		}
	}
	for _, there := range []string{"138****8000", "联系人王**", "阿岚"} {
		if !strings.Contains(whole, there) {
			t.Errorf("%q is not in the report", there)
		}
	}
}
