package feed

import (
	"strconv"
	"time"
)

// Reasons that a gap gives.
const (
	// GapReconnect: the connection was away, and the peer cannot replay.
	GapReconnect = "reconnect"
	// GapSkipped: the peer's own numbering jumps.
	GapSkipped = "skipped"
	// GapEpoch: the peer started a new numbering and forgot the old one.
	GapEpoch = "epoch_changed"
)

// seenWindow is how many events back a duplicate is recognised here; the sink
// recognises older ones.
const seenWindow = 8192

// A tracker follows one source through its connections: it tells new events
// from old ones and finds the holes between them.
type tracker struct {
	source, room string
	pos          Position  // after the last event received
	heard        time.Time // when the last message of any kind came; zero: never
	since        time.Time // from when on nothing is known if nothing came after heard
	linkedAt     time.Time // when the present connection came up
	unsure       bool      // nothing has shown yet whether the connection resumed
	seen         map[string]struct{}
	recent       []string // the keys of seen, as a ring
	oldest       int
}

func newTracker(source, room string, pos Position) *tracker {
	t := &tracker{
		// What came in the second of the last event may have been waiting to be
		// recorded, or counted with others, when the program ended.
		source: source, room: room, pos: pos, heard: pos.At, since: pos.At.Truncate(time.Second),
		seen: make(map[string]struct{}),
	}
	if pos.ID != "" {
		t.remember(source + "\x00" + pos.ID)
	}
	return t
}

// linked starts a connection to a peer that keeps for so long what it could not
// deliver.
func (t *tracker) linked(at time.Time, kept time.Duration) {
	whole := kept > 0 && at.Sub(t.heard) < kept
	t.linkedAt, t.unsure = at, !t.heard.IsZero() && !whole
}

// unproven tells whether events that were received before would show that
// nothing is missing between the connections.
func (t *tracker) unproven() bool { return t.unsure && t.pos.Epoch == "" }

// resumed notes that nothing is missing before the present connection.
func (t *tracker) resumed() { t.unsure = false }

// known tells whether e was received before.
func (t *tracker) known(e *Event) bool {
	_, old := t.seen[eventKey(e)]
	return old
}

func eventKey(e *Event) string { return e.Source + "\x00" + e.ID }

// message notes that something arrived, and returns the gap before it where the
// peer has no numbering that could disprove one.
func (t *tracker) message(recv time.Time) (gap Event, found bool) {
	if t.unproven() {
		t.unsure = false
		gap, found = t.timeGap(recv), true
	}
	t.heard, t.since = recv, recv
	return gap, found
}

// event notes that e arrived. It reports a gap before it, and whether e itself
// was received before.
func (t *tracker) event(e *Event) (gap Event, found, duplicate bool) {
	duplicate = !t.remember(eventKey(e))
	switch {
	case t.pos.Epoch == "":
	case e.Epoch == t.pos.Epoch && e.Offset > t.pos.Offset+1:
		gap, found = t.offsetGap(e, e.Offset-t.pos.Offset-1, GapSkipped), true
	case e.Epoch != t.pos.Epoch && e.Epoch != "":
		gap, found = t.offsetGap(e, -1, GapEpoch), true
	case e.Epoch == "" && t.unsure:
		gap, found = t.timeGap(e.Recv), true
	}
	t.unsure = false
	// Where we lag behind, what came last happened before it came, and so did what
	// was still under way behind it.
	if lively(e.Kind) && e.At.Before(t.since) {
		t.since = e.At
	}
	t.pos, t.room = advance(t.pos, e), e.Room
	return gap, found, duplicate
}

// advance is the position after e. Within an epoch it never goes back.
func advance(p Position, e *Event) Position {
	switch {
	case e.Gap != nil && e.Source == p.Source && e.Epoch == "":
		// Else the next restart would give its gap the same beginning, and ID.
		p.At = e.Gap.To
	case e.Epoch == "":
		p.ID, p.At = e.ID, e.Recv
	case e.Epoch != p.Epoch || e.Offset > p.Offset:
		p.Epoch, p.Offset, p.ID, p.At = e.Epoch, e.Offset, e.ID, e.At
	}
	return p
}

// remember tells whether key is new.
func (t *tracker) remember(key string) bool {
	if _, old := t.seen[key]; old {
		return false
	}
	t.seen[key] = struct{}{}
	if len(t.recent) < seenWindow {
		t.recent = append(t.recent, key)
		return true
	}
	delete(t.seen, t.recent[t.oldest])
	t.recent[t.oldest] = key
	t.oldest = (t.oldest + 1) % seenWindow
	return true
}

func (t *tracker) timeGap(recv time.Time) Event {
	id := "gap:" + strconv.FormatInt(t.heard.UnixMilli(), 10)
	return t.gap(id, recv, Gap{From: t.since, To: t.linkedAt, Lost: -1, Reason: GapReconnect})
}

// offsetGap is the hole before e. Its ID is the same whenever the same events
// are missed, so that a restart does not record the hole twice.
func (t *tracker) offsetGap(e *Event, lost int64, reason string) Event {
	id := "gap:" + t.pos.Epoch + ":" + strconv.FormatInt(t.pos.Offset+1, 10)
	return t.gap(id, e.Recv, Gap{From: t.pos.At, To: e.At, Lost: lost, Reason: reason})
}

func (t *tracker) gap(id string, recv time.Time, g Gap) Event {
	if g.To.Before(g.From) {
		g.To = g.From
	}
	return Event{
		ID: id, Source: t.source, Room: t.room, Kind: KindGap, Code: CodeGap,
		At: g.To, Recv: recv, Gap: &g,
	}
}
