package claims

import (
	"slices"
	"strings"
	"unicode/utf8"

	"liveroom/claims/fold"
	"liveroom/claims/sheet"
)

// letterSizes in order, with the ways they are said.
var letterSizes = []struct {
	name  string
	forms []string
}{
	{"xs", []string{"xs码", "xs"}},
	{"s", []string{"s码", "小码"}},
	{"m", []string{"m码", "中码"}},
	{"l", []string{"l码", "大码"}},
	{"xl", []string{"xl码", "xl", "加大码"}},
	{"2xl", []string{"2xl", "xxl", "两个加", "两个xl", "二个加", "两个x", "double xl", "2x"}},
	{"3xl", []string{"3xl", "xxxl", "三个xl", "三个加", "三个x", "triple xl", "3x"}},
	{"4xl", []string{"4xl", "xxxxl", "四个加", "四个xl"}},
	{"5xl", []string{"5xl", "五个加"}},
	{"6xl", []string{"6xl", "六个加"}},
}

// letters checks letter sizes said to be there against those on the sheet.
func (l *line) letters() {
	if !l.holds(0, len(l.t.R), "size.letter") && !l.any(0, len(l.t.R), "码", "个x") && !l.latin {
		return
	}
	text := strings.ToLower(l.p.sizeText)
	have := map[string]bool{}
	for _, f := range strings.Fields(text) {
		have[f] = true
		for _, s := range letterSizes {
			if slices.Contains(s.forms, f) {
				have[s.name] = true // XXL is 2XL
			}
		}
	}
	any := false
	for _, s := range letterSizes {
		any = any || have[s.name]
	}
	if !any {
		return
	}
	for k := len(letterSizes) - 1; k >= 0; k-- {
		s := letterSizes[k]
		if have[s.name] {
			continue
		}
		for _, form := range s.forms {
			at := l.findWord(form)
			if at < 0 || l.stanceOf(at, at+1) != asserted || l.elsewhere(at) || l.behind(at, "最") || l.ahead(at+len([]rune(form)), "子", "的人", "宝宝") {
				continue
			}
			f := l.factOf(sheet.FieldSize)
			f.Value = s.name
			l.wrong(CategorySize, VerdictContradicted, at, at+len([]rune(form)), "size.letter", f)
			return
		}
	}
}

// findWord finds s where no letter or digit touches it.
func (l *line) findWord(s string) int {
	n := utf8.RuneCountInString(s)
	for i := l.find(0, len(l.t.R), s); i >= 0 && i+n <= len(l.t.R); i++ {
		if !l.has(i, s) {
			continue
		}
		if i > 0 && (fold.Letter(l.t.R[i-1]) || fold.Digit(l.t.R[i-1])) && fold.Letter(rune(s[0])) {
			continue
		}
		if i+n < len(l.t.R) && fold.Letter(l.t.R[i+n]) && fold.Letter(rune(s[len(s)-1])) {
			continue
		}
		return i
	}
	return -1
}
