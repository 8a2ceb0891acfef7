package triage

import (
	"math"
	"slices"
)

// Priority is how urgent a message is.
type Priority string

// The priorities. High: health and safety, counterfeits, law and press, more
// than 1,000 yuan at stake, a complaint made repeatedly and not answered. Low:
// no grievance at all.
const (
	High   Priority = "high"
	Normal Priority = "normal"
	Low    Priority = "low"
)

// largeMilli is the sum in thousandths of a yuan above which a grievance is urgent.
const largeMilli = 1000 * 1000

// A rule makes a message urgent; 0: none does.
type rule int

const (
	ruleSafety rule = iota + 1
	ruleCounterfeit
	ruleLaw
	ruleSum
	ruleRepeated
)

var rules = [...]struct{ zh, en string }{
	ruleSafety:      {"涉及安全或健康", "safety or health"},
	ruleCounterfeit: {"涉及假货", "counterfeit goods"},
	ruleLaw:         {"提到法律、主管部门或媒体", "law, an authority or the press is named"},
	ruleSum:         {"金额超过1000元", "more than 1,000 yuan"},
	ruleRepeated:    {"多次反映无人处理", "complained repeatedly without an answer"},
}

func (w *weigher) priority(t Type) (Priority, rule) {
	switch t {
	case None:
		return Low, 0
	case Question:
		return Normal, 0
	case Safety:
		return High, ruleSafety
	case Counterfeit:
		return High, ruleCounterfeit
	}
	switch {
	case w.share(Safety) >= likely:
		return High, ruleSafety
	case w.share(Counterfeit) >= likely:
		return High, ruleCounterfeit
	case w.shows("law"):
		return High, ruleLaw
	case w.largeSum():
		return High, ruleSum
	case w.repeated():
		return High, ruleRepeated
	}
	return Normal, 0
}

// likely is how probable a danger or a counterfeit must be to be urgent where
// the message is mostly about something else.
const likely = 0.3

// share is how probable a type is.
func (w *weigher) share(t Type) float64 {
	at := w.sum[slices.Index(Types, t)]
	odds := 0.0
	for _, v := range w.sum {
		odds += math.Exp(float64(v-at) / unit)
	}
	return 1 / odds
}

// shows reports whether a word of the family stands in the message.
func (w *weigher) shows(family string) bool {
	return slices.ContainsFunc(w.hits, func(h hit) bool { return w.names[h.family] == family })
}

// repeated reports whether the message counts at least three attempts, or says
// there were many, and that nobody answered.
func (w *weigher) repeated() bool {
	if !w.shows("noanswer") {
		return false
	}
	if w.shows("repeat") {
		return true
	}
	return slices.ContainsFunc(w.nums, func(n number) bool { return n.what == times && n.milli >= 3000 })
}

// largeSum reports whether an amount above the limit stands in the message:
// with a unit of money, or bare after a word of paying.
func (w *weigher) largeSum() bool {
	t := w.line.R
	for _, n := range w.nums {
		if n.milli < largeMilli || n.milli == largeMilli && !more(t, n) {
			continue
		}
		if n.what == money || n.what == plain && w.paid(n) {
			return true
		}
	}
	return false
}

// more reports whether a number is said to be exceeded: 一千多.
func more(t []rune, n number) bool {
	for i := n.from; i <= n.to && i < len(t); i++ {
		if t[i] == '多' || t[i] == '余' {
			return true
		}
	}
	return false
}

// payReach is how many runes a word of paying may stand from a bare number.
const payReach = 4

// longestPaying is more runes than any word of paying has.
const longestPaying = 8

// paid reports whether a bare number is money by the word before or after it.
func (w *weigher) paid(n number) bool {
	at, _ := slices.BinarySearchFunc(w.hits, n.from-payReach-longestPaying, func(h hit, from int) int { return h.from - from })
	for _, h := range w.hits[at:] {
		if h.from > n.to+1 {
			return false
		}
		switch w.names[h.family] {
		case "paying":
			if h.to <= n.from && n.from-h.to <= payReach {
				return true
			}
		case "paidfor":
			if h.from >= n.to {
				return true
			}
		}
	}
	return false
}
