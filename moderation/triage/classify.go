package triage

import (
	"bytes"
	"cmp"
	"math"
	"slices"
	"sync"
)

// What kind of message a customer wrote, how urgent it is, and why.
//
// A message is read as cues: words of families (lexicon.tsv), one family after
// another, amounts and what they count, neighbouring characters. Every cue has
// a learned weight for every type (weights.tsv); the type with the greatest sum
// is reported with the words that weighed most. `go generate` learns the
// weights from the messages in corpus, all written for this purpose. Urgency
// follows from rules over the same cues.

// A Message is a chat line or a ticket as a customer wrote it.
type Message struct {
	ID      string
	Channel string // "chat" or "ticket"; "": not told
	Text    string
}

// A Result says what a message is.
type Result struct {
	Type     Type
	Priority Priority
	Score    float64 // from 0 to 1: how sure the type is
	Why      string  // the words and the rule that decided, for a person, in Chinese
	WhyEN    string  // the same in English
}

// Classify says what kind of message m is and how urgent. It depends on
// nothing but m: what it sums are integers, so every machine gets the same
// result. It takes time linear in the text and is safe for concurrent use.
func Classify(m Message) Result {
	w := pool.Get().(*weigher)
	defer pool.Put(w)
	w.weigh(m.Text)
	kind := w.best()
	t := Types[kind]
	p, rule := w.priority(t)
	r := Result{Type: t, Priority: p, Score: w.share(t)}
	r.Why, r.WhyEN = w.explain(kind, rule)
	return r
}

// classified is the type that Classify gives, without its reasons.
func classified(m Message) Type {
	w := pool.Get().(*weigher)
	defer pool.Put(w)
	w.weigh(m.Text)
	return Types[w.best()]
}

// A weigher sums what a message's cues say.
type weigher struct {
	scratch
	*model
	sum  [kinds]int32
	felt []felt
	seen []uint32 // by cue: the round in which it was counted
	n    uint32
}

// felt is a cue of the message that has weights.
type felt struct {
	cue      int32
	from, to int
	clear    clarity
}

// A clarity says how well a cue reads when it is quoted.
type clarity int

const (
	gramClear clarity = iota
	frameClear
	wordClear
)

func clarityOf(name []byte) clarity {
	switch {
	case name[0] != familyCue:
		return gramClear
	case bytes.IndexByte(name, '>') >= 0:
		return frameClear
	}
	return wordClear
}

var pool = sync.Pool{New: func() any {
	m := learned()
	return &weigher{scratch: scratch{lexicon: words()}, model: m, seen: make([]uint32, len(m.weights))}
}}

func (w *weigher) weigh(text string) {
	if w.n == math.MaxUint32 {
		clear(w.seen)
		w.n = 0
	}
	w.n++
	w.sum, w.felt = w.bias, w.felt[:0]
	w.cues(text, func(name []byte, from, to int) {
		c, ok := w.index[string(name)]
		if !ok || w.seen[c] == w.n {
			return
		}
		w.seen[c] = w.n
		w.felt = append(w.felt, felt{c, from, to, clarityOf(name)})
		for k, v := range w.weights[c] {
			w.sum[k] += v
		}
	})
}

// best is the place of the type with the greatest sum.
func (w *weigher) best() int {
	best := 0
	for k, v := range w.sum {
		if v > w.sum[best] {
			best = k
		}
	}
	return best
}

// reasons is how many of the words that decided are named.
const reasons = 3

// explain names the words that set the type apart from the next likely one,
// and the rule of the priority.
func (w *weigher) explain(kind int, rule rule) (zh, en string) {
	next := -1
	for k, v := range w.sum {
		if k != kind && (next < 0 || v > w.sum[next]) {
			next = k
		}
	}
	zh, en = typeNames[kind].zh, typeNames[kind].en
	for i, said := range w.decisive(kind, next) {
		if i == 0 {
			zh, en = zh+"：", en+": "
		} else {
			zh, en = zh+"、", en+", "
		}
		zh, en = zh+"“"+said+"”", en+"“"+said+"”"
	}
	if rule != 0 {
		zh, en = zh+"；急："+rules[rule].zh, en+"; urgent: "+rules[rule].en
	}
	return zh, en
}

// decisive quotes the words that weighed most for the one type against the
// other: words of families first, because bare neighbouring characters read
// badly, and none of them twice.
func (w *weigher) decisive(kind, next int) []string {
	weight := func(f felt) int32 {
		v := &w.weights[f.cue]
		return 2*v[kind] - v[next]
	}
	slices.SortStableFunc(w.felt, func(a, b felt) int {
		return cmp.Or(cmp.Compare(b.clear, a.clear), cmp.Compare(weight(b), weight(a)))
	})
	var out []string
	var quoted []felt
	for _, f := range w.felt {
		if len(out) == reasons || len(out) > 0 && f.clear < wordClear {
			break
		}
		if weight(f) <= 0 || f.to == 0 || slices.ContainsFunc(quoted, func(g felt) bool { return f.from < g.to && g.from < f.to }) {
			continue
		}
		quoted = append(quoted, f)
		out = append(out, w.line.quote(f.from, f.to))
	}
	return out
}

var typeNames = [kinds]struct{ zh, en string }{
	{"恶意或广告", "abuse or spam"},
	{"申诉", "contests a decision"},
	{"疑为假货", "not genuine"},
	{"到货破损", "damaged on arrival"},
	{"主播虚假宣传", "the host promised what is not so"},
	{"发货或送达迟", "late shipment"},
	{"少件或缺赠品", "something is missing"},
	{"无诉求", "no grievance"},
	{"与描述不符", "not as described"},
	{"价保退差", "price protection"},
	{"质量问题", "quality"},
	{"咨询", "a question"},
	{"拒绝退款退货", "refund refused"},
	{"人身或使用安全", "safety or health"},
	{"服务态度与响应", "service"},
}
