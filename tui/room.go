package tui

import (
	"cmp"
	"regexp"
	"strconv"
	"strings"
	"time"

	"liveroom/claims"
	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/moderation/policy"
	"liveroom/moderation/query"
)

// Bounds of what a screen keeps of one room beside its feeds.
const (
	orderCap     = 5000
	complaintCap = 5000
	flagCap      = 3000
	caseCap      = 3000
)

// defaultZone is where the rooms of a config without a zone are.
var defaultZone = time.FixedZone("CST", 8*3600)

// subject is what the detail pane tells about.
type subject struct {
	pane pane // paneFlags, paneOrders, paneComplaints, paneCases, paneSpeech or paneChat
	id   int64
}

// room is what the screen knows of one broadcast, and how a person looks at
// it. Switching rooms and back finds everything as it was left.
type room struct {
	info moderation.Room
	zone *time.Location

	speech, chat ring
	past         map[pane]*ring // stretches of the record, where the panes do not stand live
	reading      map[pane]reading
	flags        table[moderation.Flag]
	orders       table[moderation.Order]
	complaints   table[moderation.Complaint]
	cases        table[moderation.Case]
	segments     table[moderation.Flag] // the flags again, all of them
	checks       table[moderation.Case] // the cases again, by kind
	appeals      table[moderation.Case]
	tallied      tally
	scenario     scenario // what policies say of the matter in hand
	judged       judged
	aimed        aimed
	problems     map[int64]moderation.Problem
	questions    []moderation.Question         // not answered, as they were asked
	effects      map[int64]moderation.Effect   // the newest correction asked for, by flag
	acts         map[int64][]moderation.Effect // what was asked for about messages, by their index, oldest first
	stuck        map[int64]moderation.Effect   // what failed and waits for a person
	grieved      map[int64]bool                // indices of events that are complaints
	orderIDs     map[string]int64
	spoken       map[string]spoken // speech windows, by order
	sources      map[string]feed.Status
	titles       map[string]string // of products, by number
	onAir        []onAir
	gaps         []hole
	asked        bool // the record was asked for the timeline

	lists   [paneCount]list
	filters [paneCount]string        // as they were asked for
	sieves  [paneCount]*query.Filter // nil: everything
	scroll  [paneCount]int           // of panes that tell about the subject
	marks   [paneCount]map[int64]bool
	subject subject
	wanted  int64                     // index of an event to be chosen once it was read; 0: none
	at      time.Time                 // the moment that the panes stand at; zero: live
	decided bool                      // the flags pane shows decided flags too
	shown   [paneCount]map[int64]bool // what has been on the screen, of the queues that tell what is new
	news    [paneCount]news
	pinned  int64 // flag that was decided while a person had it selected

	chatRate, orderRate, complaintRate rate
	pulse                              pulse // of chat, over all of the broadcast
	track                              track
	about                              aboutSKU
	sold                               map[sale]sold
	lastAt                             time.Time // newest event, by the source's clock
	lastSeen                           time.Time // when it came, by ours
	skipped                            int64     // events left out of this screen
	skippedAt                          time.Time
	withdrawn                          moderation.Withdrawals
	strikes                            bool      // something was withdrawn since entries were marked
	skippedFrom                        time.Time // by the room's time, when it began
	unknown                            int64     // messages of kinds that no decoder here knows
	unknownKind                        feed.Display
}

// spoken is a speech window as far as it has been asked for.
type spoken struct {
	loading bool
	lines   []moderation.Spoken
	err     error
	version int64
}

func newRoom(id string) *room {
	r := &room{
		info:     moderation.Room{ID: id},
		zone:     defaultZone,
		past:     map[pane]*ring{},
		reading:  map[pane]reading{},
		problems: map[int64]moderation.Problem{},
		effects:  map[int64]moderation.Effect{},
		acts:     map[int64][]moderation.Effect{},
		stuck:    map[int64]moderation.Effect{},
		titles:   map[string]string{},
		grieved:  map[int64]bool{},
		orderIDs: map[string]int64{},
		spoken:   map[string]spoken{},
		sold:     map[sale]sold{},
		sources:  map[string]feed.Status{},
		tallied:  tally{top: claims.SeverityLow},
	}
	r.flags = table[moderation.Flag]{
		limit: flagCap,
		spare: func(f *moderation.Flag) bool {
			return !waiting(f)
		},
	}
	r.flags.keep, r.flags.less = r.keepsFlag, r.flagOrder
	r.orders = table[moderation.Order]{less: orderOrder, limit: orderCap, steady: true}
	r.complaints = table[moderation.Complaint]{less: byID[moderation.Complaint], limit: complaintCap, steady: true}
	r.cases = table[moderation.Case]{
		less: caseOrder, limit: caseCap,
		spare: func(c *moderation.Case) bool {
			return c.State == moderation.CaseStateClosed || c.State == moderation.CaseStateWithdrawn
		},
	}
	r.sharesRecords()
	for _, p := range newsPanes {
		r.shown[p] = map[int64]bool{}
	}
	for _, p := range []pane{paneFlags, paneCases, paneSegments, paneChecks, paneAppeals} {
		r.lists[p].top = true
	}
	return r
}

func (r *room) name() feed.Display {
	if r.info.Name != "" {
		return feed.Sanitise(r.info.Name)
	}
	return feed.Sanitise(r.info.ID)
}

// keepsFlag leaves decided flags out, but for the one a person has selected: it
// must not vanish under a key because somebody else decided it.
func (r *room) keepsFlag(f *record[moderation.Flag]) bool {
	return r.decided || waiting(&f.v) || f.v.Review != 0 || f.id == r.lists[paneFlags].selected()
}

// waiting tells whether a flag is still to be decided. One that a person has to
// review looks undecided to them, and was decided.
func waiting(f *moderation.Flag) bool {
	return f.Review == 0 && (f.Status == moderation.FlagOpen || f.Status == moderation.FlagSnoozed)
}

func byID[T any](a, b *record[T]) int { return cmp.Compare(a.id, b.id) }

// orderOrder puts orders by the time that their rows show.
func orderOrder(a, b *record[moderation.Order]) int {
	return cmp.Or(orderTime(&a.v).Compare(orderTime(&b.v)), cmp.Compare(a.id, b.id))
}

// Ranks in the queue of flags.
const (
	highRank = iota
	mediumRank
	lowRank
	snoozedRank
	decidedRank
)

func rankOf(s claims.Severity) int {
	switch s {
	case claims.SeverityHigh:
		return highRank
	case claims.SeverityMedium:
		return mediumRank
	}
	return lowRank
}

// flagOrder puts high before low, old before new, snoozed after open, decided
// last. A new flag lands below its equals, so that the queue stays calm; one
// that was decided by somebody else under a person's eyes keeps its place.
func (r *room) flagOrder(a, b *record[moderation.Flag]) int {
	if c := cmp.Compare(r.flagRank(a), r.flagRank(b)); c != 0 {
		return c
	}
	if c := a.v.At.Compare(b.v.At); c != 0 {
		return c
	}
	return cmp.Compare(a.id, b.id)
}

func (r *room) flagRank(f *record[moderation.Flag]) int {
	switch {
	case f.v.Review != 0:
	case f.v.Status == moderation.FlagOpen, f.id == r.pinned:
		return rankOf(f.v.Finding.Severity)
	case f.v.Status == moderation.FlagSnoozed:
		return snoozedRank
	}
	return decidedRank
}

// caseOrder puts what is about to be late first, then what no clock runs for,
// and what is over last.
func caseOrder(a, b *record[moderation.Case]) int {
	rank := func(c *moderation.Case) int {
		switch {
		case c.State == moderation.CaseStateClosed || c.State == moderation.CaseStateWithdrawn:
			return 3
		case c.State == moderation.CaseStateResolved:
			return 2
		case c.DueAt.IsZero():
			return 1
		}
		return 0
	}
	if c := cmp.Compare(rank(&a.v), rank(&b.v)); c != 0 {
		return c
	}
	if c := a.v.DueAt.Compare(b.v.DueAt); c != 0 {
		return c
	}
	return cmp.Compare(a.id, b.id)
}

// ring is the ring a feed pane shows now.
func (r *room) ring(p pane) *ring {
	if past := r.past[p]; past != nil && !r.at.IsZero() {
		return past
	}
	return r.running(p)
}

// now is the room's own time: the newest event's, moved on by what has passed
// since it came.
func (r *room) now(clock time.Time) time.Time {
	if r.lastAt.IsZero() {
		return clock
	}
	if !r.info.EndedAt.IsZero() {
		return r.lastAt
	}
	return r.lastAt.Add(max(clock.Sub(r.lastSeen), 0))
}

// until is how far the broadcast has come: to now, or to its end. What arrives
// after the end, complaints above all, is no part of it.
func (r *room) until(now time.Time) time.Time {
	if !r.info.EndedAt.IsZero() && r.info.EndedAt.After(r.info.StartedAt) {
		return r.info.EndedAt
	}
	return now
}

// undecided counts the flags that wait for a person.
func (r *room) undecided() (n int, top claims.Severity) {
	if r.tallied.flagChanges != r.flags.changes {
		r.tallyFlags(&r.tallied)
	}
	return r.tallied.waits, r.tallied.top
}

// caseCounts counts the cases that are not over, and those due within soon.
func (r *room) caseCounts(clock time.Time) (open, late int) {
	t := r.tally(clock)
	return t.open, t.late
}

// over tells whether a case's clock no longer runs.
func over(s moderation.CaseState) bool {
	return s == moderation.CaseStateResolved || s == moderation.CaseStateClosed || s == moderation.CaseStateWithdrawn
}

// dueSoon is when a case's clock turns into a warning.
const dueSoon = time.Hour

// phone matches a mainland mobile number, the most common personal datum that
// people use as a name.
var phone = regexp.MustCompile(`(^|[^0-9])(1[3-9][0-9])[0-9]{4}([0-9]{4})($|[^0-9])`)

// maskName hides the middle of phone numbers and makes a name fit to show.
func maskName(name string) feed.Display {
	return feed.Sanitise(phone.ReplaceAllString(name, "${1}${2}****${3}${4}"))
}

// money writes fen as yuan: 1106300 is ¥11,063.00.
func money(fen int64) string { return policy.Money(fen) }

// grouped writes a count with commas.
func grouped(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// rate counts events over the last two minutes of a room's time.
type rate struct {
	sec   [128]int64
	count [128]int32
}

func (r *rate) add(at time.Time, n int32) {
	s := at.Unix()
	i := s & 127
	if r.sec[i] != s {
		if r.sec[i] > s {
			return
		}
		r.sec[i], r.count[i] = s, 0
	}
	r.count[i] += n
}

// sum counts the events in the n seconds before now.
func (r *rate) sum(now time.Time, n int64) int64 {
	end, total := now.Unix(), int64(0)
	for i, s := range r.sec {
		if s > end-n && s <= end {
			total += int64(r.count[i])
		}
	}
	return total
}

// bars are the signs of a sparkline, from little to much.
const bars = "▁▂▃▄▅▆▇█"

// spark draws the last n steps of sec seconds.
func (r *rate) spark(now time.Time, n int, sec int64) string {
	steps := make([]int64, n)
	most := int64(1)
	for i := range steps {
		back := int64(n-1-i) * sec
		steps[i] = r.sum(now.Add(-time.Duration(back)*time.Second), sec)
		most = max(most, steps[i])
	}
	var b strings.Builder
	for _, s := range steps {
		b.WriteRune([]rune(bars)[s*7/most])
	}
	return b.String()
}
