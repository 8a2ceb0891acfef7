// Package triage tells which complaints are one problem, and which claim of the
// host a problem goes back to.
//
// Complaints are one problem when they are about one product and say the same:
// the same topic by its words, or, where no topic fits, nearly the same text. A
// complaint that names no product joins the product whose complaints talk like
// it, if one clearly does. What is no grievance (thanks, questions) is in no
// problem.
//
// Everything is decided when a complaint arrives, from those before it, and is
// the same whenever the same complaints come in the same order: an index can be
// built again from the record. An Index is used by one goroutine at a time.
package triage

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"liveroom/claims"
)

// alikeText is how alike two texts without a topic must be to be one problem:
// of their character pairs, in percent, those they share. Below half, Chinese
// complaints about different things share enough common words to meet.
const alikeText = 50

// comparedTexts is how many of a group's texts, the first, are looked into: a
// problem can have thousands, and the first hundred say what it is about.
const comparedTexts = 100

// A Complaint is what one buyer wrote.
type Complaint struct {
	ID   int64
	SKU  string // "" : not told
	Text string
}

// A Group is complaints that are one problem, from its first complaint on.
type Group struct {
	SKU     string
	Members []int64 // ids, in the order they came
	Problem int64   // the caller's name of it; 0: none yet

	topics map[string]int  // of the members; more than one where people put them together
	skus   map[string]bool // besides SKU, where people put them together
	texts  []pairs         // of the members
	words  map[string]int  // topic words, by how many members use them
	first  string          // text of the first member
}

func newGroup(sku string, t text) *Group {
	return &Group{SKU: sku, topics: map[string]int{t.topic: 0}, skus: make(map[string]bool), words: make(map[string]int)}
}

// add takes a complaint about sku in.
func (g *Group) add(id int64, sku string, t text) {
	if len(g.Members) == 0 {
		g.first = t.folded
	}
	g.Members = append(g.Members, id)
	g.texts = append(g.texts, t.pairs)
	g.topics[t.topic]++
	if sku != "" && sku != g.SKU {
		g.skus[sku] = true
	}
	for _, w := range t.words {
		g.words[w]++
	}
}

// topic is what most members are about, "" where none says a topic.
func (g *Group) topic() string {
	best, most := "", -1
	for _, topic := range slices.Sorted(maps.Keys(g.topics)) {
		if n := g.topics[topic]; topic != "" && n > most {
			best, most = topic, n
		}
	}
	return best
}

// topical tells whether any member says a topic.
func (g *Group) topical() bool {
	for topic := range g.topics {
		if topic != "" {
			return true
		}
	}
	return false
}

// about tells whether members say the topic.
func (g *Group) about(topic string) bool {
	_, ok := g.topics[topic]
	return ok
}

// of tells whether members are about the product.
func (g *Group) of(sku string) bool { return g.SKU == sku || g.skus[sku] }

// NewGroup is the group of complaints that a person says are one problem.
func NewGroup(sku string, all []Complaint) *Group {
	g := newGroup(sku, text{})
	for _, c := range all {
		t := newText(c.Text)
		g.add(c.ID, cmp.Or(c.SKU, sku), t)
	}
	return g
}

// An Index holds the groups of one room.
type Index struct {
	groups []*Group
	names  products
}

// NewIndex is an index of no complaints.
func NewIndex() *Index { return &Index{names: newProducts()} }

// A Place is where a complaint belongs. It is good until the next Join.
type Place struct {
	group *Group // nil: in no problem
	sku   string // told or guessed
	text  text
}

// Group is where the complaint belongs: one without members while it is the
// first, nil for none.
func (p Place) Group() *Group { return p.group }

// Place tells where a complaint belongs, given the claims of the room that a
// person has not dismissed. Nothing changes until Join.
func (x *Index) Place(c Complaint, known []Cause) Place {
	p := Place{text: newText(c.Text)}
	if p.text.topic == "" && (p.text.idle || len(p.text.pairs) == 0) {
		return p
	}
	sku := cmp.Or(c.SKU, x.names.guess(p.text))
	if p.text.topic != "" {
		p.group = x.ofTopic(sku, p.text)
	} else if p.group = x.alike(sku, p.text); p.group == nil {
		p.group = x.quoting(sku, p.text, known)
	}
	if p.group == nil {
		p.group = newGroup(sku, p.text)
	}
	p.sku = sku
	return p
}

// ofTopic is the group of the product with t's topic; of several, which only
// people make, the one whose texts are most like t. Without a product it is the
// topic's only group of weight.
func (x *Index) ofTopic(sku string, t text) *Group {
	var found, largest *Group
	all, most := 0, -1
	for _, g := range x.groups {
		if !g.about(t.topic) {
			continue
		}
		if g.of(sku) {
			if s := g.like(t); s > most {
				found, most = g, s
			}
		}
		if g.SKU != "" {
			all += len(g.Members)
			if largest == nil || len(g.Members) > len(largest.Members) {
				largest = g
			}
		}
	}
	if sku == "" && largest != nil && len(largest.Members) >= 3 && len(largest.Members)*5 >= all*4 {
		return largest
	}
	return found
}

// like is how much a text shares with the member that is most like it.
func (g *Group) like(t text) int {
	most := 0
	for _, other := range g.texts[:min(len(g.texts), comparedTexts)] {
		most = max(most, t.pairs.Shared(other))
	}
	return most
}

// alike is the group whose text is most like t.
func (x *Index) alike(sku string, t text) *Group {
	var best *Group
	most := alikeText - 1
	for _, g := range x.groups {
		if !g.of(sku) || g.topical() {
			continue
		}
		if s := g.like(t); s > most {
			best, most = g, s
		}
	}
	return best
}

// quotedPairs is how many character pairs of a claim a complaint without a
// topic must repeat to be about that claim: one is any two-character word.
const quotedPairs = 2

// quoting is the group that goes back to the claim whose words t repeats.
func (x *Index) quoting(sku string, t text, known []Cause) *Group {
	var best *Cause
	most := quotedPairs - 1
	for i, c := range known {
		if c.SKU != sku || sku == "" {
			continue
		}
		if n := c.said.In(t.pairs); n > most {
			best, most = &known[i], n
		}
	}
	if best == nil {
		return nil
	}
	for _, g := range x.groups {
		if g.Cause(known) == best.Flag {
			return g
		}
	}
	return nil
}

// Join adds the complaint where it was placed, or, with problem, where the
// caller knows it belongs. It returns the group, nil for none.
func (x *Index) Join(p Place, c Complaint, problem int64) *Group {
	g := p.group
	if problem != 0 && (g == nil || g.Problem != problem) {
		i := slices.IndexFunc(x.groups, func(g *Group) bool { return g.Problem == problem })
		switch {
		case i >= 0:
			g = x.groups[i]
		case g == nil || g.Problem != 0:
			g = newGroup(c.SKU, p.text)
		}
		g.Problem = problem
	}
	x.names.learn(c.SKU, p.text)
	if g == nil {
		return nil
	}
	if len(g.Members) == 0 {
		x.groups = append(x.groups, g)
	}
	g.add(c.ID, p.sku, p.text)
	return g
}

// Title is the problem's name: its topic and the words that most complaints
// say it with, or the first text where there is no topic.
func (g *Group) Title() string {
	topic := g.topic()
	if topic == "" {
		return shorten(g.first, 24)
	}
	words := slices.SortedFunc(maps.Keys(g.words), func(a, b string) int {
		return cmp.Or(cmp.Compare(g.words[b], g.words[a]), cmp.Compare(a, b))
	})
	name := topicNames[topic]
	if len(words) == 0 {
		return name
	}
	return name + "：" + strings.Join(words[:min(2, len(words))], "、")
}

func shorten(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n-1]) + "…"
}

// A Cause is a claim of the host that complaints may go back to.
type Cause struct {
	Flag     int64
	SKU      string
	Category claims.Category
	said     pairs // every complaint is held against it
}

// NewCause makes a cause of what was said.
func NewCause(flag int64, sku string, category claims.Category, said string) Cause {
	return Cause{flag, sku, category, newText(said).pairs}
}

// Cause is the flag of the claim that the group goes back to, 0 where none
// fits. A claim fits that is about the product and about what the topic can
// come of, or whose very words the complaints repeat. The one whose words they
// repeat most wins; of equals the first.
func (g *Group) Cause(all []Cause) int64 {
	var best int64
	most := 0
	for _, c := range all {
		if c.SKU == "" || !g.of(c.SKU) {
			continue
		}
		score := g.repeats(c.said)
		if g.comesOf(c.Category) {
			score += 100
		} else if score < quoted {
			continue
		}
		if score > most {
			best, most = c.Flag, score
		}
	}
	return best
}

// comesOf tells whether a topic of the group can come of such a claim.
func (g *Group) comesOf(c claims.Category) bool {
	for topic := range g.topics {
		if slices.Contains(causes[topic], c) {
			return true
		}
	}
	return false
}

// quoted is from when on complaints repeat the very words of a claim that their
// topic does not lead to: a third of the claim in each, on average.
const quoted = 34

// repeats is how much of the claim's words a complaint has on average, percent.
func (g *Group) repeats(claim pairs) int {
	if len(claim) == 0 || len(g.texts) == 0 {
		return 0
	}
	sum, texts := 0, g.texts[:min(len(g.texts), comparedTexts)]
	for _, t := range texts {
		sum += claim.In(t) * 100 / len(claim)
	}
	return sum / len(texts)
}
