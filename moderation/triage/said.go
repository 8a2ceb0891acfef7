package triage

// A Said is a sentence of the host that complaints may be about though nothing
// was found against it.
type Said struct {
	Event int64
	SKU   string // the product that was on air; "" : not told
	words pairs
}

// NewSaid reads a sentence.
func NewSaid(event int64, sku, words string) Said {
	return Said{Event: event, SKU: sku, words: newText(words).pairs}
}

const (
	// ownPairs is how many character pairs of a sentence complaints must repeat
	// to be about it: three pairs are four characters in a row, or two words.
	ownPairs = 3
	// oftenSaid is in how many sentences a pair may stand, of a hundred, to be a
	// sentence's own.
	oftenSaid = 3
)

// Sentence is the event of the sentence whose own words the complaints repeat,
// 0 where there is none: at least two of them, and a quarter, repeat each word.
// Of equals the first said wins.
func (g *Group) Sentence(all []Said) int64 {
	repeated := g.repeated()
	if len(repeated) == 0 {
		return 0
	}
	often := make(map[uint64]int)
	for _, s := range all {
		for _, p := range s.words {
			if repeated[p] {
				often[p]++
			}
		}
	}
	limit := max(oftenSaid, len(all)*oftenSaid/100)
	var best int64
	most := ownPairs - 1
	for _, s := range all {
		if s.SKU == "" || !g.of(s.SKU) {
			continue
		}
		n := 0
		for _, p := range s.words {
			if repeated[p] && often[p] <= limit {
				n++
			}
		}
		if n > most {
			best, most = s.Event, n
		}
	}
	return best
}

// repeated are the pairs that enough members write.
func (g *Group) repeated() map[uint64]bool {
	texts := g.texts[:min(len(g.texts), comparedTexts)]
	count := make(map[uint64]int)
	for _, t := range texts {
		for _, p := range t {
			count[p]++
		}
	}
	enough := max(2, len(texts)/4)
	out := make(map[uint64]bool)
	for p, n := range count {
		if n >= enough {
			out[p] = true
		}
	}
	return out
}

// Due tells whether it is time to look for the group's sentence: each time the
// group has doubled, because looking takes milliseconds.
func (g *Group) Due() bool {
	n := len(g.Members)
	return n >= 2 && n&(n-1) == 0
}
