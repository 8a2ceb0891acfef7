package triage

// products learns which words go with which product, to know the product of a
// complaint that does not name it.
type products struct {
	seen map[uint64]map[string]int // pair: by product, in how many complaints
}

func newProducts() products { return products{seen: make(map[uint64]map[string]int)} }

func (p products) learn(sku string, t text) {
	if sku == "" {
		return
	}
	for _, pair := range t.pairs {
		if p.seen[pair] == nil {
			p.seen[pair] = make(map[string]int)
		}
		p.seen[pair][sku]++
	}
}

const (
	// knownFrom is in how many complaints of a product a pair must stand to be
	// one of its words.
	knownFrom = 3
	// knownShare is what share of all uses of the pair must be the product's,
	// in percent.
	knownShare = 90
)

// guess is the product whose words stand in the text, "" where none does or two
// do.
func (p products) guess(t text) string {
	found := ""
	for _, pair := range t.pairs {
		for sku, n := range p.seen[pair] {
			all := 0
			for _, m := range p.seen[pair] {
				all += m
			}
			if n < knownFrom || n*100 < all*knownShare {
				continue
			}
			if found != "" && found != sku {
				return ""
			}
			found = sku
		}
	}
	return found
}
