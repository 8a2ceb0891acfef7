package risk

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"sync"
	"time"

	"liveroom/claims/tomldoc"
)

// Kind is what a rule counts.
type Kind string

// The kinds of rule.
const (
	KindOrders     Kind = "orders"      // orders of one buyer
	KindBurst      Kind = "burst"       // the same, within minutes
	KindPieces     Kind = "pieces"      // pieces of one product to one buyer
	KindUnpaid     Kind = "unpaid"      // orders of one buyer that were closed unpaid
	KindRefunds    Kind = "refunds"     // orders of one buyer that were asked back
	KindRefundRate Kind = "refund_rate" // their share of the paid ones
	KindAddress    Kind = "address"     // accounts that order to one address
	KindDevice     Kind = "device"      // accounts that order from one device
)

var kinds = []Kind{KindOrders, KindBurst, KindPieces, KindUnpaid, KindRefunds, KindRefundRate, KindAddress, KindDevice}

const (
	maxCount  = 100_000
	maxPoints = 100
)

// A Rule says from which number on something counts, and how much.
type Rule struct {
	ID      string
	Kind    Kind
	Off     bool
	Count   int64 // from how many on
	Percent int64 // of a rate: from which share on
	Least   int64 // of a rate: of how many paid orders at least
	Within  time.Duration
	Points  int
	Source  string
	Checked string
}

// Rules are all thresholds and cues in force.
type Rules struct {
	queue   int
	rules   []Rule
	cues    []Cue
	finder  *finder
	version string
}

// Queue is how many points put something into the review queue.
func (r *Rules) Queue() int { return r.queue }

// List lists the rules in force.
func (r *Rules) List() []Rule { return slices.Clone(r.rules) }

// Cues lists the cues in force.
func (r *Rules) Cues() []Cue { return slices.Clone(r.cues) }

// Version is the hash of all files the rules were read from.
func (r *Rules) Version() string { return r.version }

//go:embed shipped/*.toml
var shipped embed.FS

// Shipped are the rules that come with the program.
var Shipped = sync.OnceValues(func() (*Rules, error) {
	entries, err := shipped.ReadDir("shipped")
	if err != nil {
		return nil, fmt.Errorf("shipped risk rules: %w", err)
	}
	var files []tomldoc.File
	for _, e := range entries {
		text, err := shipped.ReadFile(path.Join("shipped", e.Name()))
		if err != nil {
			return nil, fmt.Errorf("shipped risk rules: %w", err)
		}
		files = append(files, tomldoc.File{Name: e.Name(), Text: text})
	}
	return Load(nil, files...)
})

// Load reads files over the base, which may be nil: a rule or cue of an id that
// the base has takes its place. An error is a tomldoc.Errors with every mistake
// of all files.
func Load(base *Rules, files ...tomldoc.File) (*Rules, error) {
	l := &loader{Rules: Rules{queue: maxPoints}}
	sum := sha256.New()
	if base != nil {
		l.Rules = Rules{queue: base.queue, rules: slices.Clone(base.rules), cues: slices.Clone(base.cues)}
		fmt.Fprintln(sum, base.version)
	}
	var errs tomldoc.Errors
	for _, f := range files {
		seen := make(map[string]int)
		errs = append(errs, tomldoc.Read(f, func(root *tomldoc.Table) { l.read(root, seen) })...)
		fmt.Fprintf(sum, "%d ", len(f.Text))
		sum.Write(f.Text)
	}
	if len(errs) > 0 {
		return nil, errs
	}
	l.rules = slices.DeleteFunc(l.rules, func(r Rule) bool { return r.Off })
	l.cues = slices.DeleteFunc(l.cues, func(c Cue) bool { return c.Off })
	l.finder = newFinder(l.cues)
	l.version = hex.EncodeToString(sum.Sum(nil)[:8])
	return &l.Rules, nil
}

type loader struct{ Rules }

func (l *loader) read(root *tomldoc.Table, seen map[string]int) {
	if root.Has("queue") {
		l.queue = int(root.Int("queue", 1, 10*maxPoints))
	}
	for _, t := range root.Tables("rule") {
		r := readRule(t, seen)
		if i := slices.IndexFunc(l.rules, func(o Rule) bool { return o.ID == r.ID }); i >= 0 {
			l.rules[i] = r
		} else {
			l.rules = append(l.rules, r)
		}
	}
	for _, t := range root.Tables("cue") {
		c := readCue(t, seen)
		if i := slices.IndexFunc(l.cues, func(o Cue) bool { return o.ID == c.ID }); i >= 0 {
			l.cues[i] = c
		} else {
			l.cues = append(l.cues, c)
		}
	}
}

var idForm = regexp.MustCompile(`^[a-z][a-z0-9._-]{0,39}$`)

func readID(t *tomldoc.Table, seen map[string]int) string {
	id := t.Need("id", "the name that signals give")
	if id != "" && !idForm.MatchString(id) {
		t.Failf("id", "%q: small letters, digits, dots and dashes are expected, such as address-3", id)
	}
	if at, twice := seen[id]; twice && id != "" {
		t.Failf("id", "%q stands in line %d already", id, at)
	}
	seen[id] = t.Line
	return id
}

// readOrigin takes who says so and when that was last looked at; a rule or cue
// that is off needs neither.
func readOrigin(t *tomldoc.Table, off bool) (source, checked string) {
	source, checked = t.Text("source"), t.Day("checked")
	if source == "" && !off {
		t.Failf("", "source is missing: who says so; house default, where nobody does")
	}
	if checked == "" && !t.Has("checked") && !off {
		t.Failf("", "checked is missing: the day somebody last looked at it, such as 2026-11-22")
	}
	return source, checked
}

func readRule(t *tomldoc.Table, seen map[string]int) Rule {
	r := Rule{ID: readID(t, seen), Off: t.Bool("off")}
	r.Source, r.Checked = readOrigin(t, r.Off)
	if r.Off {
		t.Know("kind", "count", "percent", "least", "within", "points")
		return r
	}
	r.Kind = tomldoc.OneOf(t, "kind", "", kinds...)
	r.Points = int(needInt(t, "points", 1, maxPoints, "how much it counts; the queue begins at queue points"))
	r.Within = readSpan(t)
	if r.Kind == KindRefundRate {
		r.Percent = needInt(t, "percent", 1, 100, "from which share of the paid orders on")
		r.Least = needInt(t, "least", 1, MaxOrders, "of how many paid orders at least")
		t.Know("count")
		return r
	}
	most := int64(MaxOrders)
	if r.Kind == KindPieces {
		most = maxCount
	}
	r.Count = needInt(t, "count", 2, most, "from how many on")
	return r
}

func needInt(t *tomldoc.Table, key string, least, most int64, what string) int64 {
	if !t.Has(key) {
		t.Know(key)
		t.Failf("", "%s is missing: %s", key, what)
		return least
	}
	return t.Int(key, least, most)
}

var spanForm = regexp.MustCompile(`^([1-9][0-9]{0,3})(m|h|d)$`)

func readSpan(t *tomldoc.Table) time.Duration {
	text := t.Need("within", `a span of time, such as "2m", "24h" or "30d"`)
	if text == "" {
		return 0
	}
	m := spanForm.FindStringSubmatch(text)
	if m == nil {
		t.Failf("within", `%q: a span of minutes, hours or days is expected, such as "2m", "24h" or "30d"`, text)
		return 0
	}
	n, err := strconv.Atoi(m[1])
	if err != nil {
		t.Failf("within", "%q: %v", text, err)
	}
	return time.Duration(n) * map[string]time.Duration{"m": time.Minute, "h": time.Hour, "d": 24 * time.Hour}[m[2]]
}
