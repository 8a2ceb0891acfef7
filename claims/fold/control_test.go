package fold_test

import (
	"testing"

	"liveroom/claims/fold"
)

func TestTerminalCommandsAreNoText(t *testing.T) {
	for in, want := range map[string]string{
		"长\x1b[31m两米\x1b[0m": "长两米",
		"长\u009b1;31m两米":     "长两米",
		"\x1b]0;百分百纯棉\a":     "]0;百分百纯棉", // drawn on the screen: nobody hides words in a title
		"\x1b(B纯\x1b7棉":      "纯棉",
		"\x00\x07纯\x7f棉":     "纯棉",
		"\x1b]加微信":           "]加微信", // never ended: words
		"\x1b[加微信":           "[加微信",
		"纯棉\x1b":             "纯棉",
	} {
		if got := fold.String(in); got != want {
			t.Errorf("%q folds to %q, want %q", in, got, want)
		}
	}
}

func TestPositionsSkipTerminalCommands(t *testing.T) {
	var text fold.Text
	text.Fold("长\x1b[31m两米")
	if from, to := text.Raw(1, 3); from != 6 || to != 8 {
		t.Errorf("两米 stands at [%d, %d), want [6, 8)", from, to)
	}
}
