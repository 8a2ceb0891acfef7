package report

import (
	"strings"
	"testing"
	"time"

	"liveroom/moderation"
)

// TestQuote: the claim is marked where it stands, also beside hidden data, which
// changes how long the text is; where hidden data runs into it, nothing is marked.
func TestQuote(t *testing.T) {
	tests := []struct {
		name, text, claim, want string
	}{
		{"nothing hidden", "这是纯羊毛的", "纯羊毛", "这是[纯羊毛]的"},
		{"a number behind it", "纯羊毛 打13912345678", "纯羊毛", "[纯羊毛] 打139****5678"},
		{"a number before it", "打110101199003071239 纯羊毛的", "纯羊毛", "打110****1239 [纯羊毛]的"},
		{"numbers on both sides", "打13912345678 纯羊毛 打13812345678", "纯羊毛", "打139****5678 纯羊毛 打138****5678"},
		{"the claim is hidden itself", "打13912345678", "3912345678", "打139****5678"},
		{"at the end", "这是纯羊毛", "纯羊毛", "这是[纯羊毛]"},
	}
	for _, tt := range tests {
		from := len([]rune(tt.text[:strings.Index(tt.text, tt.claim)]))
		before, said, after := quote(nil, tt.text, from, from+len([]rune(tt.claim)))
		got := before
		if said != "" {
			got += "[" + said + "]" + after
		}
		if got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
	for _, at := range [][2]int{{-3, 2}, {5, 99}, {4, 1}, {99, 100}} {
		before, said, after := quote(moderation.Veil{}, "这是纯羊毛", at[0], at[1])
		if before+said+after != "这是纯羊毛" {
			t.Errorf("a claim at %v: %q %q %q", at, before, said, after)
		}
	}
}

func TestSpans(t *testing.T) {
	zh, en := speak(ZH, time.UTC), speak(EN, time.UTC)
	for d, want := range map[time.Duration][2]string{
		0:                          {"0.0 秒", "0.0 s"},
		4200 * time.Millisecond:    {"4.2 秒", "4.2 s"},
		59 * time.Second:           {"59 秒", "59 s"},
		125 * time.Second:          {"2 分 05 秒", "2 min 05 s"},
		25 * time.Hour:             {"1 天 1 小时", "1 d 1 h"},
		90 * time.Minute:           {"1 小时 30 分", "1 h 30 min"},
		-90 * time.Minute:          {"-1 小时 30 分", "-1 h 30 min"},
		9960 * time.Millisecond:    {"10.0 秒", "10.0 s"},
		3599600 * time.Millisecond: {"1 小时 00 分", "1 h 00 min"},
	} {
		if got := [2]string{zh.span(d), en.span(d)}; got != want {
			t.Errorf("%s: %v, want %v", d, got, want)
		}
	}
}

func TestMedian(t *testing.T) {
	for _, tt := range []struct{ of, want []time.Duration }{
		{nil, []time.Duration{0}},
		{[]time.Duration{7}, []time.Duration{7}},
		{[]time.Duration{9, 1, 5}, []time.Duration{5}},
		{[]time.Duration{9, 1, 5, 7}, []time.Duration{5}},
	} {
		if got := median(tt.of); got != tt.want[0] {
			t.Errorf("the median of %v is %d", tt.of, got)
		}
	}
}
