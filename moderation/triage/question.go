package triage

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
	"unicode"

	"liveroom/claims/fold"
)

// What a viewer wants to know, and whether a line of the host answers it.
//
// A line answers a question when it is no question itself and repeats at least
// half of what the question is about (能机洗吗: 可以机洗的), or when it tells what
// the question asks for (answers.tsv) and repeats at least some of it. What is
// answered without a word of the question, by a nod or a gesture, nobody can
// read: a person marks it.

// answersTSV is what viewers ask for and how it is answered.
//
//go:embed answers.tsv
var answersTSV string

const (
	// repeatsEnough is how much of a question's own words a line must repeat to
	// answer it, in percent.
	repeatsEnough = 50
	// repeatsSome is how much of them it must repeat beside telling what is
	// asked for.
	repeatsSome = 20
	// alikeQuestion is how alike the words of two questions must be to be one.
	alikeQuestion = 60
)

// askingRunes stand in nearly every question that is written in Chinese: most
// chat has none of them and need not be classified.
const askingRunes = "?？吗嗎嘛么麼呢不没沒几幾多哪啥谁誰怎什如何请請求咨能可"

// askingStarts begin nearly every question in English that has no question mark.
var askingStarts = []string{
	"can", "could", "do", "does", "is", "are", "will", "would", "how", "what", "when", "where", "which", "who", "any", "anyone", "may",
}

// Asking is what a viewer wants to know.
type Asking struct {
	topics []string // of answers.tsv
	words  pairs    // what it is about, without the words of asking
	rest   pairs    // and without those that name its topics
}

// Ask reads a chat message as a question. It reports false for one that asks
// nothing, or nothing that could be answered.
func Ask(m Message) (Asking, bool) {
	if !mayAsk(m.Text) || classified(m) != Question {
		return Asking{}, false
	}
	q := NewAsking(m.Text)
	return q, len(q.topics) > 0 || len(q.words) > 0
}

// mayAsk tells cheaply whether a message may be a question.
func mayAsk(text string) bool {
	if strings.ContainsAny(text, askingRunes) {
		return true
	}
	first, _, _ := strings.Cut(strings.TrimSpace(text), " ")
	return slices.Contains(askingStarts, strings.ToLower(first))
}

// NewAsking reads what a message asks that is known to be a question.
func NewAsking(text string) Asking {
	folded := fold.String(text)
	q := Asking{}
	for _, t := range asked() {
		if slices.ContainsFunc(t.asked, func(w string) bool { return strings.Contains(folded, w) }) {
			q.topics = append(q.topics, t.name)
		}
	}
	q.words = pairsOf(without(folded, askingWords))
	for _, t := range asked() {
		if slices.Contains(q.topics, t.name) {
			folded = without(folded, t.asked)
		}
	}
	q.rest = pairsOf(without(folded, askingWords))
	return q
}

func without(text string, words []string) string {
	for _, w := range words {
		text = strings.ReplaceAll(text, w, " ")
	}
	return text
}

// askingWords are how things are asked and who is asked, longest first where
// one holds another.
var askingWords = []string{
	"请问一下", "请问", "想问一下", "想问", "问一下", "问下", "有没有", "能不能", "可不可以", "会不会", "是不是", "要不要", "行不行", "好不好",
	"什么时候", "多少", "什么", "怎么样", "怎么", "多久", "哪里", "哪家", "主播", "老师", "姐姐", "宝宝们", "家人们", "支持", "这个", "这款", "这件", "这条", "那个",
	"可以", "能", "会", "有", "是", "吗", "嘛", "呢", "呀", "啊", "哈", "么", "不", "没", "了", "的", "啥", "吧",
	"does", "can i", "can you", "is it", "is the", "do you", "please", "how", "what", "when",
}

// Like tells whether two questions ask for the same.
func (q Asking) Like(o Asking) bool {
	if !slices.Equal(q.topics, o.topics) {
		return false
	}
	if len(q.words)+len(o.words) == 0 {
		return len(q.topics) > 0
	}
	return q.words.Shared(o.words) >= alikeQuestion
}

// A Line is what a host or an assistant said, as questions are held against it.
type Line struct {
	folded string
	tells  []string // topics of answers.tsv
	words  pairs
	asks   bool
}

// NewLine reads a line.
func NewLine(text string) Line {
	l := Line{folded: fold.String(text)}
	l.words = pairsOf(l.folded)
	numbers := digits(l.folded)
	for _, t := range asked() {
		if slices.ContainsFunc(t.answered, func(w string) bool { return strings.Contains(l.folded, w) || strings.Contains(numbers, w) }) {
			l.tells = append(l.tells, t.name)
		}
	}
	end := strings.TrimRightFunc(l.folded, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("。.!！~～,，", r) })
	l.asks = slices.ContainsFunc([]string{"?", "吗", "嘛", "呢", "么"}, func(w string) bool { return strings.HasSuffix(end, w) })
	return l
}

// digits writes each number of a text as one #.
func digits(folded string) string {
	var b strings.Builder
	number := false
	for _, r := range folded {
		is := unicode.IsDigit(r) || strings.ContainsRune("零一二两三四五六七八九十百千万半", r)
		if is && !number {
			b.WriteByte('#')
		}
		if !is {
			b.WriteRune(r)
		}
		number = is
	}
	return b.String()
}

// Answers tells whether the line answers the question.
func (l Line) Answers(q Asking) bool {
	if l.asks {
		return false
	}
	if len(q.words) > 0 && q.words.In(l.words)*100 >= len(q.words)*repeatsEnough {
		return true
	}
	told := slices.ContainsFunc(q.topics, func(t string) bool { return slices.Contains(l.tells, t) })
	return told && q.rest.In(l.words)*100 >= len(q.rest)*repeatsSome
}

// Names tells whether the line speaks to someone of that name, and is neither a
// question back nor thanks for a gift. Names of one character stand in too many
// words.
func (l Line) Names(name string) bool {
	name = fold.String(strings.TrimSpace(name))
	thanks := strings.Contains(l.folded, "谢") || strings.Contains(l.folded, "thank")
	return !l.asks && !thanks && len([]rune(name)) > 1 && strings.Contains(l.folded, name)
}

// askTopic is a row of answers.tsv.
type askTopic struct {
	name            string
	asked, answered []string
}

var asked = sync.OnceValue(func() []askTopic {
	var out []askTopic
	for line := range strings.Lines(answersTSV) {
		line = strings.TrimRight(line, "\n")
		if line == "" || line[0] == '#' {
			continue
		}
		f := strings.Split(line, "\t")
		words := func(s string) []string { return strings.Split(strings.ReplaceAll(s, "_", "\x00"), " ") }
		t := askTopic{name: f[0], asked: words(f[1]), answered: words(f[2])}
		for _, list := range [][]string{t.asked, t.answered} {
			for i, w := range list {
				list[i] = strings.ReplaceAll(w, "\x00", " ")
			}
		}
		out = append(out, t)
	}
	return out
})
