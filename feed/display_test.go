package feed

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"

	"liveroom/feed/feedtest/corpus"
)

func TestSanitise(t *testing.T) {
	tests := []struct {
		name, in, want string
		width, hidden  int
	}{
		{"empty", "", "", 0, 0},
		{"ascii", "666 hello~", "666 hello~", 10, 0},
		{"han", "百分之百纯羊毛", "百分之百纯羊毛", 14, 0},
		{"colour sequence", "\x1b[31m红\x1b[0m", "␛[31m红␛[0m", 11, 0},
		{"newline forges a row", "好的\n[主管] 已批准", "好的␊[主管] 已批准", 18, 0},
		{"tab, return, nul, delete", "a\tb\rc\x00d\x7f", "a␉b␍c␀d␡", 8, 0},
		{"c1 as utf-8", "\u009b2J", "␛[2J", 4, 0},
		{"c1 next line", "a\u0085b", "a␛Eb", 4, 0},
		{"raw 8-bit control is not utf-8", "\x9b2J", "\uFFFD2J", 3, 0},
		{"each bad byte is shown", "a\xff\xfeb", "a\uFFFD\uFFFDb", 4, 0},
		{"cut inside a character", "退\xe6\xac", "退\uFFFD\uFFFD", 4, 0},
		{"bidi override", "退款 \u202e9999\u202c 元", "退款 9999 元", 12, 2},
		{"zero-width split", "加\u200b微\u200b信", "加微信", 6, 2},
		{"family of four", "👨\u200d👩\u200d👧\u200d👦|", "👨👩👧👦|", 9, 3},
		{"skin tone", "👍🏽", "👍", 2, 1},
		{"emoji presentation", "❤\ufe0f", "❤", 1, 1},
		{"keycap", "1\ufe0f\u20e3", "1\u20e3", 1, 1},
		{"flag", "🇨🇳", "🇨🇳", 2, 0},
		{"half a flag", "🇨🇳🇺|", "🇨🇳U|", 4, 0},
		{"blank nickname", "\u3164\u115f\u1160\uffa0", "", 0, 4},
		{"odd spaces", "a\u00a0b\u2003c\u2800d", "a b c d", 7, 0},
		{"wide space stays", "a\u3000b", "a\u3000b", 4, 0},
		{"line separator", "a\u2028b", "ab", 2, 1},
		{"hidden ascii", "正常\U000E0041\U000E0042", "正常", 4, 2},
		{"accent", "e\u0301", "e\u0301", 1, 0},
		{"five accents", "e\u0301\u0301\u0301\u0301\u0301z", "e\u0301\u0301\u0301\u0301z", 2, 1},
		{"leading accent gets a carrier", "\u0301开", "◌\u0301开", 3, 0},
		{"accent after a control", "\n\u0301", "␊\u0301", 1, 0},
		{"private use", "a\ue000\U000F0000", "a\ue000\U000F0000", 3, 0},
		{"noncharacter", "a\ufffe\uffff", "a\uFFFD\uFFFD", 3, 0},
		{"unassigned", "a\u0378", "a\uFFFD", 2, 0},
		{"ambiguous is narrow", "①…—“”α■", "①…—“”α■", 7, 0},
		{"half-width kana", "ﾊﾟ", "ﾊﾟ", 2, 0},
		{"full-width latin", "ＶＸ", "ＶＸ", 4, 0},
		{"hangul in parts", "\u1112\u1161\u11ab", "\u1112\u1161\u11ab", 2, 0},
		{"initials piled up", strings.Repeat("\u1100", 9), strings.Repeat("\u1100", 5), 10, 4},
		{"vowel on a syllable", "가\u11a8", "가\u11a8", 2, 0},
		{"devanagari conjunct", "क्षि", "क्षि", 3, 0},
		{"ideograph of plane 3", "\U00030000", "\U00030000", 2, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := Sanitise(tt.in)
			if d.String() != tt.want || d.Width() != tt.width || d.Hidden() != tt.hidden {
				t.Errorf("Sanitise(%+q) = %+q width %d hidden %d, want %+q width %d hidden %d",
					tt.in, d.String(), d.Width(), d.Hidden(), tt.want, tt.width, tt.hidden)
			}
			checkDisplay(t, tt.in, d)
		})
	}
}

// checkDisplay holds d against the rules, with another library's clusters.
func checkDisplay(t *testing.T, in string, d Display) {
	t.Helper()
	if !utf8.ValidString(d.String()) {
		t.Fatalf("%.80q: result is not UTF-8", in)
	}
	for _, r := range d.String() {
		if unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Variation_Selector) {
			t.Fatalf("%.80q: %U is left in", in, r)
		}
	}
	if again := Sanitise(d.String()); again != (Display{d.s, d.width, 0}) {
		t.Fatalf("%.80q: a second pass changes %q, width %d, into %q, width %d, hidden %d",
			in, d.s, d.width, again.s, again.width, again.hidden)
	}
	for g := uniseg.NewGraphemes(d.String()); g.Next(); {
		marks := 0
		for _, r := range g.Runes() {
			if unicode.Is(unicode.M, r) {
				marks++
			}
		}
		if marks > maxMarks || len(g.Str()) > maxClusterBytes {
			t.Fatalf("%.80q: cluster %+q has %d marks and %d bytes", in, g.Str(), marks, len(g.Str()))
		}
	}
	width := 0
	for rest := d.String(); rest != ""; {
		n, w := cluster(rest)
		rest, width = rest[n:], width+w
	}
	if width != d.Width() {
		t.Fatalf("%.80q: clusters are %d cells wide, the whole %d", in, width, d.Width())
	}
}

func TestDisplayCleanTextIsNotCopied(t *testing.T) {
	for _, s := range []string{"哈喽 晚上好家人们 666", "e\u0301 plain", "🇨🇳 👍"} {
		if n := testing.AllocsPerRun(10, func() { Sanitise(s) }); n != 0 {
			t.Errorf("Sanitise(%q) allocates %v times", s, n)
		}
	}
}

func TestDisplayEmpty(t *testing.T) {
	for in, want := range map[string]bool{
		"": true, " \u3000\u00a0": true, "\u200b\u3164": true, "\u2800": true,
		"a": false, "\n": false, "。": false,
	} {
		if got := Sanitise(in).Empty(); got != want {
			t.Errorf("Sanitise(%+q).Empty() = %v, want %v", in, got, want)
		}
	}
}

func TestTruncate(t *testing.T) {
	tests := []struct {
		in    string
		w     int
		want  string
		width int
	}{
		{"一二三", 6, "一二三", 6},
		{"一二三", 5, "一二…", 5},
		{"一二三", 4, "一…", 3},
		{"一二三", 3, "一…", 3},
		{"一二三", 2, "…", 1},
		{"一二三", 1, "…", 1},
		{"一二三", 0, "", 0},
		{"一二三", -1, "", 0},
		{"abc", 2, "a…", 2},
		{"e\u0301e\u0301e\u0301", 2, "e\u0301…", 2},
		{"👍👍👍", 5, "👍👍…", 5},
		{"👨\u200d👩\u200d👧", 4, "👨…", 3},
		{"🇨🇳🇨🇳", 3, "🇨🇳…", 3},
		{"", 0, "", 0},
	}
	for _, tt := range tests {
		d := Sanitise(tt.in).Truncate(tt.w)
		if d.String() != tt.want || d.Width() != tt.width {
			t.Errorf("%q cut to %d = %q, width %d; want %q, width %d",
				tt.in, tt.w, d.String(), d.Width(), tt.want, tt.width)
		}
		checkDisplay(t, tt.in, Display{s: d.s, width: d.width})
	}
	if d := Sanitise("加\u200b微信").Truncate(2); d.Hidden() != 1 {
		t.Errorf("truncated text forgot its hidden character: %d", d.Hidden())
	}
}

func TestCut(t *testing.T) {
	d := Sanitise("百分之百\u200b纯羊毛")
	for w := -1; w <= d.Width()+1; w++ {
		head, tail := d.Cut(w)
		if head.s+tail.s != d.s || head.width+tail.width != d.width || head.width > max(w, 0) {
			t.Errorf("Cut(%d) = %q %d, %q %d", w, head.s, head.width, tail.s, tail.width)
		}
		if head.Hidden()+tail.Hidden() != 1 {
			t.Errorf("Cut(%d): hidden %d and %d", w, head.Hidden(), tail.Hidden())
		}
	}
}

func TestWrap(t *testing.T) {
	tests := []struct {
		in   string
		w    int
		want []string
	}{
		{"", 5, []string{""}},
		{"一二三", 6, []string{"一二三"}},
		{"一二三", 5, []string{"一二", "三"}},
		{"一二三四", 4, []string{"一二", "三四"}},
		{"一二", 1, []string{"…", "…"}},
		{"ab 一", 1, []string{"a", "b", " ", "…"}},
		{"hello world", 8, []string{"hello ", "world"}},
		{"hello world", 3, []string{"hel", "lo ", "wor", "ld"}},
		{"价格 129.00元", 8, []string{"价格 ", "129.00元"}},
		{"e\u0301e\u0301e\u0301", 2, []string{"e\u0301e\u0301", "e\u0301"}},
		{"👍👍👍", 5, []string{"👍👍", "👍"}},
	}
	for _, tt := range tests {
		var got []string
		for _, line := range Sanitise(tt.in).Wrap(tt.w) {
			got = append(got, line.String())
			if line.Width() > tt.w {
				t.Errorf("%q in %d: line %q is %d wide", tt.in, tt.w, line, line.Width())
			}
			checkDisplay(t, tt.in, line)
		}
		if strings.Join(got, "|") != strings.Join(tt.want, "|") {
			t.Errorf("%q in %d = %q, want %q", tt.in, tt.w, got, tt.want)
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("Wrap(0) returned")
		}
	}()
	Display{}.Wrap(0)
}

func TestColumns(t *testing.T) {
	tests := []struct {
		name       string
		raw        string
		start, end int
		from, to   int
		marked     string
	}{
		{"han", "这条百分之百纯羊毛", 2, 9, 4, 18, "百分之百纯羊毛"},
		{"ascii", "only 65% wool", 5, 8, 5, 8, "65%"},
		{"after a control", "\x1b[31m红色", 5, 7, 5, 9, "红色"},
		{"after hidden runes", "加\u200b微\u200b信", 2, 3, 2, 4, "微"},
		{"hidden rune inside", "加\u200b微\u200b信", 0, 5, 0, 6, "加微信"},
		{"hidden rune alone", "加\u200b微", 1, 2, 2, 2, ""},
		{"hidden rune first", "加\u200b微", 1, 3, 2, 4, "微"},
		{"mark alone marks its cluster", "ae\u0301z", 2, 3, 1, 2, "e\u0301"},
		{"base without its mark", "ae\u0301z", 1, 2, 1, 2, "e\u0301"},
		{"half a flag pair", "a🇨🇳z", 2, 3, 1, 3, "🇨🇳"},
		{"c1 takes two cells", "a\u009bb", 1, 2, 1, 3, "␛["},
		{"whole text", "一二", 0, 2, 0, 4, "一二"},
		{"beyond the end", "一二", 1, 99, 2, 4, "二"},
		{"nothing", "一二", 1, 1, 2, 2, ""},
		{"turned round", "一二", 2, 1, 4, 4, ""},
		{"empty text", "", 0, 1, 0, 0, ""},
		{"bad bytes count one each", "\xff\xff一", 2, 3, 2, 4, "一"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			from, to := Columns(tt.raw, tt.start, tt.end)
			if from != tt.from || to != tt.to {
				t.Fatalf("Columns(%+q, %d, %d) = %d, %d, want %d, %d",
					tt.raw, tt.start, tt.end, from, to, tt.from, tt.to)
			}
			_, rest := Sanitise(tt.raw).Cut(from)
			if marked, _ := rest.Cut(to - from); marked.String() != tt.marked {
				t.Errorf("marks %q, want %q", marked, tt.marked)
			}
		})
	}
}

func FuzzSanitise(f *testing.F) {
	for _, s := range []string{
		"百分之百纯羊毛", "\x1b]0;x\x07", "👨\u200d👩 🇨🇳🇺", "a\u0301\u0489\u20dd", "क्षि\u1100\u1161",
		"\xff\xe6\xac", "\u0d4e\u0d4e\u0d15", "\u202e9999\u202c", "가\u11a8", "\u3164\u2800",
	} {
		f.Add(s, 3, 1, 4)
	}
	corpus.Add(f)
	f.Fuzz(func(t *testing.T, s string, w, start, end int) {
		d := Sanitise(s)
		checkDisplay(t, s, d)
		if got := d.Truncate(w); got.Width() > max(w, 0) {
			t.Errorf("Truncate(%d) is %d wide", w, got.Width())
		}
		w = 5 + (w&0xff+256)%256 // a cluster of ours is at most 2+4 cells, mostly far less
		width := 0
		for _, line := range d.Wrap(w) {
			if line.Width() > w {
				t.Errorf("Wrap(%d) gives a line of %d", w, line.Width())
			}
			width += line.Width()
		}
		if width > d.Width() {
			t.Errorf("wrapped lines are %d wide together, the text %d", width, d.Width())
		}
		if from, to := Columns(s, start, end); from < 0 || from > to || to > d.Width() {
			t.Errorf("Columns(%d, %d) = %d, %d of %d", start, end, from, to, d.Width())
		}
	})
}
