package triage

import (
	"strings"
	"testing"
)

func TestWhatAViewerAsks(t *testing.T) {
	for _, text := range []string{"能机洗吗", "170穿什么码", "多少钱呀", "包邮吗主播", "孕妇可以用吗", "can you ship to Singapore?", "can i use the coupon here", "什么时候发货呀，周五前能到吗"} {
		if _, ok := Ask(Message{Channel: "chat", Text: text}); !ok {
			t.Errorf("%q asks nothing", text)
		}
	}
	for _, text := range []string{"", "666", "？？？", "主播好漂亮", "已拍三件", "冲冲冲", "\x1b[2J？"} {
		if _, ok := Ask(Message{Channel: "chat", Text: text}); ok {
			t.Errorf("%q is taken for a question that wants an answer", text)
		}
	}
}

func TestWhatAnswersAQuestion(t *testing.T) {
	tests := []struct {
		asked, said string
		want        bool
	}{
		{"能机洗吗", "可以机洗的，套个洗衣袋", true},
		{"能机洗吗", "这条围巾特别暖和", false},
		{"多少钱呀", "今天到手一百二十九块", true},
		{"多少钱呀", "这个料子摸着很软", false},
		{"包邮吗", "全部包邮哈", true},
		{"170穿什么码", "一米七的姐妹170拍L码", true},
		{"170穿什么码", "有没有宝宝要170的码吗", false},
		{"什么时候发货", "四十八小时发出去", true},
		{"会起球吗", "有人问会不会起球，不起球的", true},
		{"会起球吗", "会不会起球呢？", false},
		{"支持退货吗", "七天无理由，放心退", true},
		{"是纯棉的吗", "羊毛六十五，聚酯三十五", true},
		{"送不送收纳袋", "这款羊毛六十五", false},
		{"can it be washed?", "yes you can wash it", true},
	}
	for _, tt := range tests {
		if got := NewLine(tt.said).Answers(NewAsking(tt.asked)); got != tt.want {
			t.Errorf("%q answered by %q: %v, want %v", tt.asked, tt.said, got, tt.want)
		}
	}
	line := NewLine("小鹿这个可以的")
	if !line.Names("小鹿") || line.Names("鹿") || line.Names("") || NewLine("小鹿要哪个呢").Names("小鹿") || NewLine("谢谢小鹿的小心心").Names("小鹿") {
		t.Error("whom a line speaks to is read wrongly")
	}
}

func TestTheSameQuestion(t *testing.T) {
	tests := []struct {
		a, b string
		want bool
	}{
		{"包邮吗", "请问包邮吗", true},
		{"能机洗吗", "可以机洗吗主播", true},
		{"多少钱", "怎么卖", true},
		{"能机洗吗", "包邮吗", false},
		{"170穿什么码", "155穿什么码", false},
	}
	for _, tt := range tests {
		if got := NewAsking(tt.a).Like(NewAsking(tt.b)); got != tt.want {
			t.Errorf("%q and %q are one question: %v, want %v", tt.a, tt.b, got, tt.want)
		}
	}
}

func TestTheListOfAnswersIsSound(t *testing.T) {
	seen := map[string]bool{}
	for _, topic := range asked() {
		if seen[topic.name] {
			t.Errorf("topic %q stands twice", topic.name)
		}
		seen[topic.name] = true
		for _, w := range append(append([]string{}, topic.asked...), topic.answered...) {
			if w == "" || strings.ToLower(w) != w {
				t.Errorf("%s: word %q is empty or not folded", topic.name, w)
			}
		}
	}
}

func FuzzQuestion(f *testing.F) {
	f.Add("能机洗吗", "可以机洗")
	f.Add("\xff?", "\x00")
	f.Fuzz(func(t *testing.T, a, b string) {
		q, ok := Ask(Message{Text: a})
		if again, twice := Ask(Message{Text: a}); ok != twice || ok && !q.Like(again) {
			t.Fatalf("%q is not the same question as itself", a)
		}
		if NewLine(b + "?").Answers(q) {
			t.Fatalf("%q? asks and answers %q", b, a)
		}
	})
}

func BenchmarkAsk(b *testing.B) {
	for b.Loop() {
		Ask(Message{Text: "主播这个羽绒服170能穿吗"})
	}
}
