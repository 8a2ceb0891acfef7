package claims_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"liveroom/claims"
	"liveroom/claims/sheet"
)

// loadFile reads a fact sheet.
func loadFile(name string) (*sheet.Sheet, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return sheet.Load(filepath.Base(name), f)
}

// checkerOver checks against a fact sheet in a file.
func checkerOver(tb testing.TB, facts string) *claims.Checker {
	tb.Helper()
	s, err := loadFile(facts)
	if err != nil {
		tb.Fatal(err)
	}
	return claims.New(s)
}

// checkerOf checks against a fact sheet written here.
func checkerOf(tb testing.TB, csv string, options ...claims.Option) *claims.Checker {
	tb.Helper()
	s, err := sheet.Load("facts.csv", strings.NewReader(csv))
	if err != nil {
		tb.Fatal(err)
	}
	return claims.New(s, options...)
}

// ownChecker checks against the goods that most lines of ours are about.
func ownChecker(tb testing.TB) *claims.Checker {
	tb.Helper()
	return checkerOver(tb, "testdata/facts.csv")
}

// host is what the host says of a product.
func host(sku, text string) claims.Utterance {
	return claims.Utterance{ID: "x", SKU: sku, Speaker: claims.SpeakerHost, Text: text}
}

// eachRow yields the rows of a table of lines, cut into their columns; a line
// that begins with # tells of those below it. A table of fewer rows than least
// has lost what it was to prove.
func eachRow(tb testing.TB, name string, columns, least int, yield func(col []string)) {
	tb.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		tb.Fatal(err)
	}
	rows := 0
	for line := range strings.Lines(string(data)) {
		line = strings.TrimRight(line, "\n")
		if strings.HasPrefix(line, "#") || line == "" {
			continue
		}
		col := strings.Split(line, "\t")
		if len(col) != columns {
			tb.Fatalf("%s: %d columns, not %d: %q", name, len(col), columns, line)
		}
		rows++
		yield(col)
	}
	if rows < least {
		tb.Errorf("%s: only %d rows", name, rows)
	}
}

// A spoken line with the labels it may get, "-" for none.
type spoken struct{ sku, want, text string }

// checkLines checks lines that the host says, each against its labels.
func checkLines(t *testing.T, c *claims.Checker, lines []spoken) {
	t.Helper()
	for _, x := range lines {
		if problem := compare(x.want, c.Check(host(x.sku, x.text), nil)); problem != "" {
			t.Errorf("%s %s: %s", x.sku, x.text, problem)
		}
	}
}

// checkSpoken is checkLines against a fact sheet written here.
func checkSpoken(t *testing.T, facts string, lines []spoken) {
	t.Helper()
	checkLines(t, checkerOf(t, facts), lines)
}

// checkTable is checkLines for a table of product, labels and line.
func checkTable(t *testing.T, c *claims.Checker, name string, least int) {
	t.Helper()
	var lines []spoken
	eachRow(t, name, 3, least, func(col []string) { lines = append(lines, spoken{col[0], col[1], col[2]}) })
	checkLines(t, c, lines)
}
