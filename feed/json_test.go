package feed

import (
	"testing"

	"github.com/go-json-experiment/json"

	"liveroom/feed/feedtest/corpus"
)

func TestPlainJSON(t *testing.T) {
	for in, want := range map[string]string{
		`{"text":"纯羊毛 100%"}`:                       `{"text":"纯羊毛 100%"}`,
		"{\n \"a\": [1]\n}":                         "{\n \"a\": [1]\n}",
		"\"\u009b2J\x7f\"":                          `"\u009b2J\u007f"`,
		"\"\u202e反\u2066\u200b\u2028\ufeff\"":       `"\u202e反\u2066\u200b\u2028\ufeff"`,
		"\"\U000E0041\"":                            `"\udb40\udc41"`,
		"\"e\u0301\u0301\u0301\u0301\u0301\u0301\"": "\"e\u0301\u0301\u0301\u0301" + `\u0301\u0301"`,
		`"🇨🇳"`:                                      `"🇨🇳"`,
		`"👍🏽"`:                                      `"👍\ud83c\udffd"`,
		`"\u001b[2J"`:                               `"\u001b[2J"`,
		`"𠮷野家"`:                                     `"𠮷野家"`,
	} {
		if got := string(PlainJSON([]byte(in))); got != want {
			t.Errorf("PlainJSON(%+q) = %+q, want %+q", in, got, want)
		}
	}
}

func FuzzPlainJSON(f *testing.F) {
	for _, s := range []string{"纯羊毛", "\u009b2J", "\u202e", "e\u0301\u0301\u0301\u0301\u0301", "🇨🇳🇨", "\u1100\u1100", "👨‍👩", "\u0301"} {
		f.Add(s)
	}
	corpus.Add(f)
	f.Fuzz(func(t *testing.T, s string) {
		raw, err := json.Marshal(s)
		if err != nil {
			return // not UTF-8
		}
		b := PlainJSON(raw)
		var back string
		if err := json.Unmarshal(b, &back); err != nil || back != s {
			t.Errorf("%+q became %+q, which says %+q, %v", s, b, back, err)
		}
		if d := Sanitise(string(b)); d.String() != string(b) || d.Hidden() > 0 {
			t.Errorf("%+q is not fit for a terminal", b)
		}
	})
}
