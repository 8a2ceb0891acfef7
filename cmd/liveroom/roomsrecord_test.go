package main

import (
	"bufio"
	"bytes"
	"fmt"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"liveroom/feed"
)

// A recordedRow is what a listing of events tells of one.
type recordedRow struct {
	Index     int64        `json:"index"`
	Kind      feed.Kind    `json:"kind"`
	ID        string       `json:"id"`
	Room      string       `json:"room"`
	At        time.Time    `json:"at"`
	Text      string       `json:"text"`
	Partial   bool         `json:"partial"`
	OrderID   string       `json:"order_id"`
	AmountFen int64        `json:"amount_fen"`
	Code      string       `json:"code"`
	Gap       *recordedGap `json:"gap"`

	WithdrawnAt time.Time `json:"withdrawn_at"`
	WithdrawnBy int64     `json:"withdrawn_by"`

	User struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	} `json:"user"`
}

type recordedGap struct {
	From   time.Time `json:"from"`
	To     time.Time `json:"to"`
	Lost   int64     `json:"lost"`
	Reason string    `json:"reason"`
}

// recordOf reads the record as a user would, in its own order.
func recordOf(t *testing.T, db string, args ...string) []recordedRow {
	t.Helper()
	cmd := exec.Command(built(t), append([]string{"events", "--db", db}, args...)...)
	var errOut bytes.Buffer
	cmd.Stderr = &errOut
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var rows []recordedRow
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		var r recordedRow
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			t.Fatalf("%v: %s", err, lines.Text())
		}
		rows = append(rows, r)
	}
	if err := cmd.Wait(); err != nil {
		t.Fatalf("events %s: %v\n%s", strings.Join(args, " "), err, errOut.String())
	}
	return rows
}

// An account is what a room said, and when things were done to it.
type account struct {
	room string
	// keeps: what was not acknowledged comes again, so nothing may be missing.
	keeps bool
	// orders: an event is known by its amount, not by its text.
	orders bool
	// counted: what is said has numbers, so that gaps tell how much is missing.
	counted bool
	opened  int64       // events said until the first was heard
	said    []time.Time // of event n at n-1
	harmed  []span      // what may have cost events, and restarts of the program
	// back is the longest that the two need to be together again after a harm.
	back time.Duration
}

// A span is from when until when something was done to a room.
type span struct{ from, to time.Time }

// A verdict is how a record compares to what was said.
type verdict struct {
	said, recorded, missed, gaps int
	lost                         int64 // as the gaps tell
	faults                       []string
	early, late                  time.Duration // how far a missed event lay outside its gap at most
	away                         time.Duration // how far a gap outlasted the last harm in it at most
}

func (v *verdict) fault(format string, args ...any) {
	if len(v.faults) < 20 {
		v.faults = append(v.faults, fmt.Sprintf(format, args...))
	}
}

func (v verdict) String() string {
	return fmt.Sprintf("said %d, recorded %d, missed %d in %d gaps (at most %v before and %v after), which outlast what was done by at most %v",
		v.said, v.recorded, v.missed, v.gaps, v.early, v.late, v.away.Round(time.Millisecond))
}

// eventOf tells which event a row is; of partial results none.
func (a account) eventOf(r recordedRow) (n int64, is bool) {
	switch {
	case a.orders:
		return r.AmountFen, r.Kind == feed.KindOrder
	case r.Kind == feed.KindChat, r.Kind == feed.KindTranscript:
		n, is = numberOf(r.Text)
		return n, is && !r.Partial
	}
	return 0, false
}

// judge compares the rows of one room, in the record's order, with what was said:
// each event stands once and as it was said; what is missing lies in a gap, by its
// place and by its time; and a gap is no longer than what was done to the room and
// the way back explain.
func (a account) judge(rows []recordedRow) verdict {
	v := verdict{said: len(a.said)}
	seen := map[int64]bool{}
	last := int64(0)
	var between []recordedRow // the gaps since the last event
	for _, r := range rows {
		if r.Gap != nil {
			v.gaps++
			v.lost += r.Gap.Lost
			between = append(between, r)
			a.gapIsDue(&v, r)
			continue
		}
		n, is := a.eventOf(r)
		switch {
		case !is && (r.Kind == feed.KindSystem || r.Partial):
			continue
		case !is || n < 1 || n > int64(len(a.said)):
			v.fault("nobody said %s %q (%s)", r.Kind, r.Text, r.ID)
			continue
		case seen[n]:
			v.fault("event %d stands twice", n)
			continue
		}
		seen[n] = true
		v.recorded++
		if a.keeps {
			continue
		}
		if n < last {
			v.fault("event %d stands after %d", n, last)
		}
		if last == 0 {
			last = min(n-1, a.opened)
		}
		for m := last + 1; m < n; m++ {
			v.missed++
			a.inGap(&v, m, between)
		}
		last, between = n, nil
	}
	if a.counted && v.lost != int64(v.missed) {
		v.fault("the gaps tell of %d missing events, and %d are", v.lost, v.missed)
	}
	if a.keeps {
		v.missed = len(a.said) - v.recorded
		if v.missed > 0 || v.gaps > 0 {
			v.fault("%d events are missing and there are %d gaps, but this protocol sends again what was not acknowledged", v.missed, v.gaps)
		}
	} else if last != int64(len(a.said)) {
		v.fault("the last event is %d, %d were said", last, len(a.said))
	}
	return v
}

// slack is what the clocks of two busy processes may lie apart when one says
// something and the other notes when it came.
const slack = 2 * time.Second

// inGap holds a missed event against the gaps at its place.
func (a account) inGap(v *verdict, m int64, gaps []recordedRow) {
	if len(gaps) == 0 {
		v.fault("event %d is missing and there is no gap at its place", m)
		return
	}
	at := a.said[m-1]
	early, late := gaps[0].Gap.From.Sub(at), at.Sub(gaps[len(gaps)-1].Gap.To)
	v.early, v.late = max(v.early, early), max(v.late, late)
	if early > slack || late > slack {
		v.fault("event %d, said %s, is missing outside of the gap at its place, %s to %s", m, at.Format(time.StampMilli),
			gaps[0].Gap.From.Format(time.StampMilli), gaps[len(gaps)-1].Gap.To.Format(time.StampMilli))
	}
}

const (
	// redialled is the longest that a source waits between two attempts, which is the
	// bound of feed.Backoff: after a harm it waits once more at most.
	redialled = 30 * time.Second
	// startsIn is how long the built program takes on a busy machine until its door is
	// open.
	startsIn = 5 * time.Second
	// lingers is how long a harm goes on after it was done: what is stuck goes on after
	// a second and a half, and what is cut after so many bytes has said them before.
	lingers = 2 * time.Second
	// killedIn: a source that was killed counts the whole second of its last event as
	// not known.
	killedIn = time.Second
)

// gapIsDue holds a gap against what was done: something was done while it lasted, and
// each moment of it lies where a harm reaches.
func (a account) gapIsDue(v *verdict, r recordedRow) {
	from, to := r.Gap.From, r.Gap.To
	told := fmt.Sprintf("a gap from %s to %s (%s)", from.Format(time.StampMilli), to.Format(time.StampMilli), r.Gap.Reason)
	var last time.Time // done while it lasted
	for _, h := range a.harmed {
		for _, at := range []time.Time{h.from, h.to} {
			if !at.Before(from.Add(-slack)) && !at.After(to.Add(slack)) {
				last = at
			}
		}
	}
	if last.IsZero() {
		v.fault("%s where nothing was done to the room", told)
		return
	}
	v.away = max(v.away, to.Sub(last))
	explained := from
	for _, h := range a.harmed { // in the order in which they were done
		if reach := h.to.Add(lingers + a.back + slack); !h.from.Add(-killedIn-slack).After(explained) && reach.After(explained) {
			explained = reach
		}
	}
	if explained.Before(to) {
		v.fault("%s of which nothing that was done explains what is after %s: the room was to be back %v after each harm", told, explained.Format(time.StampMilli), a.back)
	}
}
