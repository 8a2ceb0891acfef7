package moderation

import (
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// TestQuotesAreFound: in part, with other signs, in another script, and short
// ones between quotation marks; what is only alike stays.
func TestQuotesAreFound(t *testing.T) {
	for _, tt := range []struct{ said, note, want string }{
		{"老铁们都去占库存 别付钱", "他喊“都去占库存，别付钱”三遍", "他喊“〔已删除/erased〕”三遍"},
		{"大家收到就说假货", "買家寫：大家收到就說假貨！", "買家寫：〔已删除/erased〕！"},
		{"掉毛", "他说「掉毛」，又掉毛", "他说「〔已删除/erased〕」，又掉毛"},
		{"质量不好想退", "质量不错", "质量不错"},
		{"I never received the parcel", "says: never received the parcel, sorry", "says: 〔已删除/erased〕, sorry"},
		{"refund", `asks for a "refund" or a refund`, `asks for a "〔已删除/erased〕" or a refund`},
		{"", "没有", "没有"},
		{"好", "他说“好”", "他说“好”"}, // one character is everybody's
	} {
		q := newQuotes(nil)
		q.add(tt.said)
		if got := q.cut(tt.note); got != tt.want {
			t.Errorf("%q in %q: %q, want %q", tt.said, tt.note, got, tt.want)
		}
	}
	host := newQuotes(nil)
	host.add("说好的百分之百纯羊毛呢")
	host.spare("这条百分之百纯羊毛 放心")
	if got := host.cut("百分之百纯羊毛"); got != "百分之百纯羊毛" {
		t.Errorf("what the host said is cut: %q", got)
	}
}

// TestAskedQuotesAreTheSame: what is kept only where it is asked for cuts as what
// is kept whole.
func TestAskedQuotesAreTheSame(t *testing.T) {
	letters := rapid.SampledFrom([]rune("占库存别付钱掉毛 “”「」\"ab1，\u202e\U0001f600"))
	rapid.Check(t, func(t *rapid.T) {
		said := string(rapid.SliceOfN(letters, 0, 40).Draw(t, "said"))
		note := string(rapid.SliceOfN(letters, 0, 40).Draw(t, "note"))
		all, asked := newQuotes(nil), newQuotes(nil)
		asked.ask(note)
		some := newQuotes(asked)
		all.add(said)
		some.add(said)
		got := all.cut(note)
		if other := some.cut(note); other != got {
			t.Fatalf("%q in %q: %q, asked for %q", said, note, got, other)
		}
		if !utf8.ValidString(got) || all.cut(said+said) == said+said && lettersLong(said) {
			t.Fatalf("%q in %q: %q", said, note, got)
		}
	})
}

func lettersLong(s string) bool {
	l := lettersOf(s)
	long := false
	l.eachRun(func(string, int, int) { long = true })
	return long
}

func BenchmarkQuotes(b *testing.B) {
	q := newQuotes(nil)
	for b.Loop() {
		q.add("老铁们都去占库存 别付钱 拍下不付款 让他卖不成")
	}
}
