package report_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/xuri/excelize/v2"

	"liveroom/moderation/report"
)

var update = flag.Bool("update", false, "write the goldens again; look at the difference")

// ledgerRoot is the only hash of its length in a report. Each record has its own,
// as people's parts are sealed with keys of its own.
var ledgerRoot = regexp.MustCompile(`\b[0-9a-f]{64}\b`)

// TestGoldens holds every byte of the story's pages but the ledger's root.
func TestGoldens(t *testing.T) {
	_, r := storyReport(t)
	files := map[string]string{}
	for _, l := range report.Langs {
		files["story-"+string(l)+".html"] = html(t, r, l)
	}
	var lines strings.Builder
	if err := r.WriteJSONL(&lines); err != nil {
		t.Fatal(err)
	}
	files["story.jsonl"] = lines.String()
	for name, got := range files {
		got = ledgerRoot.ReplaceAllString(got, strings.Repeat("0", 64))
		path := filepath.Join("testdata", name)
		if *update {
			if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s differs %s\nif it should, run go test ./moderation/report -run Goldens -update and look at the difference", name, firstDifference(got, string(want)))
		}
	}
}

func firstDifference(got, want string) string {
	a, b := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return "in line " + a[i] + "\nwhich was " + b[i]
		}
	}
	return "in length"
}

// TestFormatsSayTheSame: every table is in the workbook, in the folder and in the
// JSON lines, with as many rows and the same numbers.
func TestFormatsSayTheSame(t *testing.T) {
	_, r := storyReport(t)
	dir := filepath.Join(t.TempDir(), "tables")
	if err := r.Save(dir, report.CSV, report.ZH); err != nil {
		t.Fatal(err)
	}
	inJSON := jsonRows(t, r)
	book := workbook(t, r)
	sheets := book.GetSheetList()
	for i, table := range r.Tables() {
		rows := readCSV(t, filepath.Join(dir, table.Name+".csv"))
		same(t, table.Name+": rows of CSV and JSON", []int{len(rows) - 1, len(inJSON[table.Name])}, []int{len(table.Rows), len(table.Rows)})
		cells, err := book.GetRows(sheets[i], excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		same(t, table.Name+": rows of XLSX", len(cells), len(table.Rows)+1)
		for _, line := range inJSON[table.Name] {
			same(t, table.Name+": members", len(line), len(table.Columns)+1)
		}
	}
	products := readCSV(t, filepath.Join(dir, "products.csv"))
	same(t, "money in CSV", products[1][8], "3096.00")
	same(t, "money in JSON", inJSON["products"][0]["paid_fen"], any(309600.0))
	sheet := sheets[12]
	if got, _ := book.GetCellValue(sheet, "I2", excelize.Options{RawCellValue: true}); got != "3096" {
		t.Errorf("money in the workbook: %s in %s", got, sheet)
	}
	same(t, "a time in CSV", readCSV(t, filepath.Join(dir, "flags.csv"))[1][1], "2026-11-20 20:01:00")
	same(t, "a time in JSON", inJSON["flags"][0]["at"], any("2026-11-20T20:01:00+08:00"))
	same(t, "no data in JSON", inJSON["flags"][1]["exposed_orders"], nil)
	same(t, "of too few no percentage", inJSON["rules"][1]["precision"], any(map[string]any{"k": 0.0, "n": 1.0, "percent": nil, "low": nil, "high": nil}))
}

func jsonRows(t *testing.T, r *report.Report) map[string][]map[string]any {
	t.Helper()
	var b bytes.Buffer
	if err := r.Write(&b, report.JSONL, report.ZH); err != nil {
		t.Fatal(err)
	}
	out := map[string][]map[string]any{}
	for line := range strings.Lines(b.String()) {
		var row map[string]any
		if err := json.Unmarshal([]byte(line), &row); err != nil {
			t.Fatalf("%v in %s", err, line)
		}
		name, _ := row["section"].(string)
		out[name] = append(out[name], row)
	}
	return out
}

func readCSV(t *testing.T, path string) [][]string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return parseCSV(t, b)
}

func parseCSV(t *testing.T, b []byte) [][]string {
	t.Helper()
	rest, ok := bytes.CutPrefix(b, []byte("\uFEFF"))
	if !ok {
		t.Error("the usual spreadsheet would not know that it is UTF-8")
	}
	rows, err := csv.NewReader(bytes.NewReader(rest)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func workbook(t *testing.T, r *report.Report) *excelize.File {
	t.Helper()
	var b bytes.Buffer
	if err := r.Write(&b, report.XLSX, report.ZH); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func TestFormatOf(t *testing.T) {
	dir := t.TempDir()
	for path, want := range map[string]report.Format{
		"a.html": report.HTML, "a.HTM": report.HTML, "b.xlsx": report.XLSX, "c.jsonl": report.JSONL, "d/": report.CSV, dir: report.CSV,
	} {
		if got, err := report.FormatOf(path); got != want || err != nil {
			t.Errorf("%s: %s, %v; want %s", path, got, err, want)
		}
	}
	for path, want := range map[string]string{"a.csv": "name a folder, as in -o a/", "a": ".html, .xlsx, .jsonl or /", "a.pdf": "--format"} {
		if _, err := report.FormatOf(path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", path, err, want)
		}
	}
	for _, f := range report.Formats {
		if got, err := report.ParseFormat(string(f)); got != f || err != nil {
			t.Errorf("%s is %s, %v", f, got, err)
		}
	}
}

// TestSaveLeavesNothingHalf: a report that cannot be written leaves what was
// there, and nothing else.
func TestSaveLeavesNothingHalf(t *testing.T) {
	_, r := storyReport(t)
	dir := t.TempDir()
	path := filepath.Join(dir, "out.html")
	if err := os.WriteFile(path, []byte("the last one"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := r.Save(path, "pdf", report.ZH); err == nil {
		t.Error("an unknown format: no error")
	}
	b, err := os.ReadFile(path)
	same(t, "what was there", []any{string(b), err}, []any{"the last one", error(nil)})
	left, err := os.ReadDir(dir)
	same(t, "files left", []any{len(left), err}, []any{1, error(nil)})
	if err := r.Save(filepath.Join(dir, "no", "out.html"), report.HTML, report.ZH); err == nil {
		t.Error("a folder that is not there: no error")
	}
	for _, f := range []report.Format{report.HTML, report.XLSX, report.JSONL} {
		if err := r.Write(full{}, f, report.ZH); err == nil {
			t.Errorf("%s on a full disk: no error", f)
		}
	}
	if err := r.Write(io.Discard, report.CSV, report.ZH); err == nil {
		t.Error("CSV in one file: no error")
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

// TestThePageNeedsNothingElse: no script, no address of anything elsewhere, and a
// policy that would let none be loaded.
func TestThePageNeedsNothingElse(t *testing.T) {
	_, r := storyReport(t)
	for _, l := range report.Langs {
		page := html(t, r, l)
		for _, not := range []string{"<script", "http:", "https:", "//", "@import", "javascript:", " on", "<link", "<img", "<iframe", "style="} {
			if i := strings.Index(page, not); i >= 0 && !(not == " on" && !handler.MatchString(page)) {
				t.Errorf("%s: the page holds %q: …%s", l, not, page[i:min(i+60, len(page))])
			}
		}
	}
}

var handler = regexp.MustCompile(`<[^>]* on[a-z]+\s*=`)
