package feedtest

import (
	"encoding/hex"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
)

// A HostileString is text that tries to be more than text to a terminal, a
// spreadsheet, a page or a reader.
type HostileString struct {
	Class string
	Text  string
	Keep  []string // what of it a person must still be able to read
}

// OwnHostile has each class of hostile strings, in strings of our own.
func OwnHostile() []HostileString {
	own := func(class, text string, keep ...string) HostileString { return HostileString{class, text, keep} }
	return []HostileString{
		own("csi", "\x1b[31m红衣\x1b[0m", "红衣"),
		own("csi", "\x1b[2J\x1b[1;1H[系统] 已通过", "[系统] 已通过"),
		own("csi", "\x1b[1A\x1b[2K盖住上一行", "盖住上一行"),
		own("csi", "\x1b[?1049l\x1b[r\x1b[5;1r换屏", "换屏"),
		own("osc", "\x1b]0;假标题\x07", "假标题"),
		own("osc", "\x1b]52;c;aGk=\x07剪贴板", "剪贴板"),
		own("osc", "\x1b]8;;http://x.example\x1b\\点我\x1b]8;;\x1b\\", "点我"),
		own("dcs", "\x1bP$q\x1b\\查询", "查询"),
		own("apc", "\x1b_G\x1b\\\x1b^pm\x1b\\\x1bXsos\x1b\\图像", "图像"),
		own("esc", "\x1bc\x1b7\x1b8\x1b(0重置", "重置"),
		own("c1", "\u009b31m\u009d0;x\u0090y\u0085八位", "八位"),
		own("c1", "\x9b31m八位字节", "八位字节"),
		own("c0", "甲\r\n乙\n\n丙\t丁", "甲", "乙", "丙", "丁"),
		own("c0", "\x08\x08\x08\x7f\x00\x0e\x0f\x11退格", "退格"),
		own("bidi", "\u202e反过来\u202c \u2066里\u2069 \u200f", "反过来", "里"),
		own("inv", "加\u200b微\u200d信\ufeff \u00ad \u2060 \u3164", "加微信"),
		own("inv", "\U000e0041\U000e0042\ufe00\ufe0f标签", "标签"),
		own("inv", "第一行\u2028第二行\u2029第三行", "第一行", "第三行"),
		own("zalgo", strings.Repeat("\u0301", 200)+"高a"+strings.Repeat("\u0300", 200), "高"),
		own("zalgo", "e\u0489\u0489\u20dd圈", "圈"),
		own("width", strings.Repeat("界", 500), "界界界"),
		own("width", strings.Repeat("👨‍👩‍👧‍👦", 60)+"家", "家"),
		own("width", "ﷺ⸻‱🇨🇳🇨宽", "宽"),
		own("enc", "\xff\xfe\xc0\x80坏字节", "坏字节"),
		own("conf", "аррӏе Ｖ信 лink", "信"),
		own("sink", "=HYPERLINK(\"x\",\"退款\")", "退款"),
		own("sink", "+1+1|cmd' /C calc'!A0", "cmd"),
		own("sink", "-2+3 @SUM(A1)", "SUM"),
		own("sink", "@SUM(1+1)", "SUM"),
		own("sink", "</script><script>alert(1)</script>", "alert"),
		own("sink", "\"><img src=x onerror=alert(1)>", "onerror"),
		own("sink", "{\"a\":1}\\u001b[2J,\"", "[2J"),
		own("sink", "%s%d%!{{.}}$(id)`id`../../etc/passwd", "passwd"),
	}
}

// Whole leaves what a hostile string repeats as often as it does: up to a million
// times.
const Whole = math.MaxInt

// HostileStrings are our own, and behind them those of the shared list where it is
// beside the project, which is not ours to keep in it. What one of the list repeats
// stands in it at most that often, with what is before and behind it.
func HostileStrings(t testing.TB, most int) []HostileString {
	t.Helper()
	all := OwnHostile()
	raw, err := os.ReadFile(filepath.Join(root(t), "..", "shared", "data", "hostile-strings.json"))
	if err != nil {
		t.Logf("NOT TESTED with the shared list of hostile strings: %v", err)
		return all
	}
	var list struct {
		Strings []struct {
			Class  string   `json:"cls"`
			S      string   `json:"s"`
			Hex    string   `json:"hex"`
			Prefix string   `json:"prefix"`
			Repeat string   `json:"repeat"`
			Times  int      `json:"times"`
			Suffix string   `json:"suffix"`
			Keep   []string `json:"keep"`
		} `json:"strings"`
	}
	if err := json.Unmarshal(raw, &list); err != nil {
		t.Fatal(err)
	}
	if len(list.Strings) < 100 {
		t.Fatalf("only %d hostile strings were read", len(list.Strings))
	}
	for _, h := range list.Strings {
		b, err := hex.DecodeString(h.Hex)
		if err != nil {
			t.Fatal(err)
		}
		text := h.S + string(b) + h.Prefix + strings.Repeat(h.Repeat, min(h.Times, most)) + h.Suffix
		all = append(all, HostileString{h.Class, text, h.Keep})
	}
	return all
}

// HostileTexts are the texts of HostileStrings.
func HostileTexts(t testing.TB, most int) []string {
	t.Helper()
	var texts []string
	for _, h := range HostileStrings(t, most) {
		texts = append(texts, h.Text)
	}
	return texts
}
