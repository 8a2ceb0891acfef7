package triage

import (
	_ "embed"
	"slices"
	"strings"

	"liveroom/claims"
	"liveroom/claims/fold"
	"liveroom/claims/learn"
)

//go:embed topics.tsv
var topicsTSV string

type term struct {
	topic  string
	weight int
	word   string
}

var (
	terms      []term
	topicOrder []string
	topicNames = make(map[string]string)
)

func init() {
	for line := range strings.Lines(topicsTSV) {
		line = strings.TrimRight(line, "\n")
		if line == "" || line[0] == '#' {
			continue
		}
		f := strings.Split(line, "\t")
		if topicNames[f[0]] == "" {
			topicNames[f[0]] = f[1]
			topicOrder = append(topicOrder, f[0])
		}
		for _, w := range strings.Split(f[3], " ") {
			terms = append(terms, term{topic: f[0], weight: int(f[2][0] - '0'), word: strings.ReplaceAll(w, "_", " ")})
		}
	}
}

// causes is what a topic's complaints can come of.
var causes = map[string][]claims.Category{
	"material": {claims.CategoryMaterial, claims.CategoryIngredient},
	"safety":   {claims.CategoryMedical, claims.CategoryEfficacy, claims.CategoryEffect, claims.CategoryIngredient},
	"short":    {claims.CategoryWeight, claims.CategoryQuantity},
	"origin":   {claims.CategoryOrigin},
	"missing":  {claims.CategoryQuantity, claims.CategoryPromise},
	"price":    {claims.CategoryPrice},
	"return":   {claims.CategoryPromise},
	"fake":     {claims.CategoryBrand},
	"effect":   {claims.CategoryEffect, claims.CategoryEfficacy, claims.CategoryMedical},
	"size":     {claims.CategorySize},
	"cheaper":  {claims.CategoryPrice, claims.CategoryAbsolute},
}

// enough is the weight of words from which on a text has a topic.
const enough = 2

// idleWords are how thanks and questions are said. Beside words that say a
// topic alone they do not count.
var idleWords = []string{
	"谢谢", "感谢", "点赞", "好评", "很好", "喜欢", "回购", "辛苦", "解决了", "到账", "赔了", "不退了", "挺暖和", "挺润", "又轻又暖",
	"请问", "可以", "能不能", "能开", "怎么收费", "多少钱", "吗", "想问", "问一下", "要不要", "thanks", "thank you", "could you",
}

// thanked are words after which nothing is complained of any more.
var thanked = []string{"点赞", "好评", "谢谢", "解决了", "不退了", "回购", "到账了", "就赔了", "thank you", "thanks"}

// A text is a complaint's text as it is compared.
type text struct {
	folded string
	topic  string
	words  []string // of the topic
	idle   bool     // no grievance, unless a topic says otherwise
	pairs  pairs
}

func newText(s string) text {
	t := text{folded: fold.String(s)}
	t.pairs = pairsOf(t.folded)
	has := func(list []string) bool {
		return slices.ContainsFunc(list, func(w string) bool { return strings.Contains(t.folded, w) })
	}
	t.idle = has(idleWords)
	if has(thanked) {
		t.idle = true
		return t
	}
	t.classify()
	return t
}

// classify gives the text the topic whose words weigh most.
func (t *text) classify() {
	weight := make(map[string]int)
	heaviest := make(map[string]int)
	words := make(map[string][]string)
	for _, w := range terms {
		if !strings.Contains(t.folded, w.word) {
			continue
		}
		// A word within a longer one of the topic says nothing more.
		if slices.ContainsFunc(words[w.topic], func(longer string) bool { return strings.Contains(longer, w.word) }) {
			continue
		}
		weight[w.topic] += w.weight
		heaviest[w.topic] = max(heaviest[w.topic], w.weight)
		words[w.topic] = append(words[w.topic], w.word)
	}
	best := ""
	last := len(topicOrder) - 1
	for i, topic := range topicOrder {
		if weight[topic] > weight[best] && (i < last || weight[best] < enough) {
			best = topic
		}
	}
	if weight[best] < enough || t.idle && heaviest[best] < 3 {
		return
	}
	t.topic, t.words = best, words[best]
}

// pairs are the different pairs of neighbouring characters of a text, sorted.
type pairs = learn.Pairs

func pairsOf(folded string) pairs { return learn.PairsOf(folded) }
