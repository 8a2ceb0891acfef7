package feed_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"liveroom/feed"
	"liveroom/feed/feedtest/corpus"
)

func TestACellIsNoFormula(t *testing.T) {
	for in, want := range map[string]string{
		"":                     "",
		"羊毛围巾":                 "羊毛围巾",
		"8-10 天":               "8-10 天",
		"=1+1":                 "'=1+1",
		"+86":                  "'+86",
		"-1":                   "'-1",
		"@SUM(A1)":             "'@SUM(A1)",
		"|calc":                "'|calc",
		"%0A":                  "'%0A",
		"  =1+1":               "'  =1+1",
		"\u3000＝1":             "'\u3000＝1",
		"＋＠":                   "'＋＠",
		"'=1":                  "''=1",
		"\t=1":                 "␉=1",
		"\u202e=1":             "'=1",
		"a\r\nb":               "a␍␊b",
		"=HYPERLINK(\"x\",\"y": "'=HYPERLINK(\"x\",\"y",
	} {
		if got := feed.Cell(in); got != want {
			t.Errorf("Cell(%q) = %q, want %q", in, got, want)
		}
	}
}

func FuzzCell(f *testing.F) {
	for _, s := range []string{"=1", " \u3000＝", "'@", "\x00=", "\u200b=1", "\ufeff+1"} {
		f.Add(s)
	}
	corpus.Add(f)
	f.Fuzz(func(t *testing.T, s string) {
		got := feed.Cell(s)
		first, _ := utf8.DecodeRuneInString(got)
		if strings.ContainsRune("=+-@|%＝＋－＠｜％\t\r\n", first) || strings.ContainsAny(got, "\x00\t\r\n\x1b") || !utf8.ValidString(got) {
			t.Errorf("Cell(%q) = %q", s, got)
		}
	})
}
