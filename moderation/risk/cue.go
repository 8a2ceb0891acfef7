package risk

import (
	"fmt"
	"slices"
	"strings"

	"liveroom/claims/fold"
	"liveroom/claims/lexicon"
	"liveroom/claims/tomldoc"
)

// A Cue is a way of speaking that offers or calls for bad faith: a word of each
// group, close to each other.
type Cue struct {
	ID      string
	Title   Text
	Off     bool
	Groups  [][]string // a word of each must stand there
	Not     []string   // and none of these
	Within  int        // in so many characters
	Points  int
	Source  string
	Checked string
	hit     []string // lines of our own that it must find
	miss    []string // and that it must not
}

// A Heard is a cue that was found in a line.
type Heard struct {
	Cue   *Cue
	Quote string // the words, as they were written
}

const (
	defaultWithin = 12
	maxGroups     = 4
	maxLine       = 6000 // bytes of a line that are read: nobody plans a raid in more
)

func readCue(t *tomldoc.Table, seen map[string]int) Cue {
	c := Cue{ID: readID(t, seen), Off: t.Bool("off"), Within: defaultWithin}
	c.Source, c.Checked = readOrigin(t, c.Off)
	if c.Off {
		t.Know("title", "title_en", "all", "not", "within", "points", "hit", "miss")
		return c
	}
	c.Title = Text{t.Need("title", "what it is called, in Chinese"), t.Need("title_en", "what it is called, in English")}
	c.Points = int(needInt(t, "points", 1, maxPoints, "how much it counts; the queue begins at queue points"))
	if t.Has("within") {
		c.Within = int(t.Int("within", 2, 60))
	}
	for _, group := range t.Texts("all") {
		if words := strings.Fields(group.Text); len(words) > 0 {
			c.Groups = append(c.Groups, words)
		}
	}
	if n := len(c.Groups); n < 1 || n > maxGroups {
		t.Failf("all", `1 to %d groups of words are expected, a text each: ["出 卖 收", "实名号 白号"]`, maxGroups)
	}
	c.Not = strings.Fields(t.Text("not"))
	for _, l := range t.Texts("hit") {
		c.hit = append(c.hit, l.Text)
	}
	for _, l := range t.Texts("miss") {
		c.miss = append(c.miss, l.Text)
	}
	if len(c.hit) < 2 || len(c.miss) < 2 {
		t.Failf("", "hit and miss want two lines each: what the cue must find, and what it must leave alone")
	}
	return c
}

// A finder finds cues in lines.
type finder struct {
	cues    []Cue
	matcher *lexicon.Matcher
}

const (
	// notGroup is the number of the words that keep a cue from holding.
	notGroup = maxGroups
	groupsOf = notGroup + 1
)

func newFinder(cues []Cue) *finder {
	f := &finder{cues: cues, matcher: lexicon.NewMatcher(nil)}
	for i := range cues {
		for g, words := range append(slices.Clone(cues[i].Groups), make([][]string, maxGroups-len(cues[i].Groups))...) {
			f.teach(i, g, words)
		}
		f.teach(i, notGroup, cues[i].Not)
	}
	return f
}

func (f *finder) teach(cue, group int, words []string) {
	t := &lexicon.Term{Name: f.cues[cue].ID, Class: lexicon.Frame, Index: cue*groupsOf + group}
	for _, w := range words {
		f.matcher.Add(strings.ReplaceAll(w, "_", " "), t)
	}
}

// Chat finds the cues in a line, the weightiest first. It keeps no word of it
// but those it quotes.
func (r *Rules) Chat(text string) []Heard {
	text = text[:min(len(text), maxLine)]
	var line fold.Text
	line.Fold(text)
	found := r.finder.matcher.Find(nil, line.R)
	if len(found) == 0 {
		return nil
	}
	groups := make([]uint8, len(r.finder.cues))
	for _, m := range found {
		groups[m.Term.Index/groupsOf] |= 1 << (m.Term.Index % groupsOf)
	}
	var out []Heard
	for i := range r.finder.cues {
		c := &r.finder.cues[i]
		if c.all()&^groups[i] != 0 {
			continue
		}
		own := slices.DeleteFunc(slices.Clone(found), func(m lexicon.Match) bool { return m.Term.Index/groupsOf != i })
		if from, to, ok := c.holds(own); ok {
			start, end := line.Raw(from, to)
			raw := []rune(text)
			out = append(out, Heard{c, string(raw[start:min(end, len(raw))])})
		}
	}
	slices.SortStableFunc(out, func(a, b Heard) int { return b.Cue.Points - a.Cue.Points })
	return out
}

// all has a bit for each group of the cue.
func (c *Cue) all() uint8 { return 1<<len(c.Groups) - 1 }

// holds finds the first place where a word of each group stands within reach,
// and none that keeps the cue from holding near it.
func (c *Cue) holds(words []lexicon.Match) (from, to int, ok bool) {
	for i, first := range words {
		from, to = first.Start, first.End
		have := uint8(0)
		for _, m := range words[i:] {
			group := m.Term.Index % groupsOf
			if m.Start-from > c.Within {
				break
			}
			if group != notGroup && have&(1<<group) == 0 {
				have |= 1 << group
				to = max(to, m.End)
			}
		}
		if have == c.all() && !c.kept(words, from, to) {
			return from, to, true
		}
	}
	return 0, 0, false
}

// kept tells whether a word near [from, to) keeps the cue from holding.
func (c *Cue) kept(words []lexicon.Match, from, to int) bool {
	return slices.ContainsFunc(words, func(m lexicon.Match) bool {
		return m.Term.Index%groupsOf == notGroup && m.End > from-c.Within && m.Start < to+c.Within
	})
}

// A Failure is an example that a cue does not read as its file says.
type Failure struct {
	Cue  string
	Line string
	Want bool
}

func (f Failure) String() string {
	if f.Want {
		return fmt.Sprintf("cue %s does not find %q", f.Cue, f.Line)
	}
	return fmt.Sprintf("cue %s finds %q", f.Cue, f.Line)
}

// Test runs the examples that stand with the cues.
func (r *Rules) Test() []Failure {
	var out []Failure
	for _, c := range r.cues {
		for want, lines := range map[bool][]string{true: c.hit, false: c.miss} {
			for _, l := range lines {
				got := slices.ContainsFunc(r.Chat(l), func(h Heard) bool { return h.Cue.ID == c.ID })
				if got != want {
					out = append(out, Failure{c.ID, l, want})
				}
			}
		}
	}
	slices.SortFunc(out, func(a, b Failure) int { return strings.Compare(a.Cue+a.Line, b.Cue+b.Line) })
	return out
}
