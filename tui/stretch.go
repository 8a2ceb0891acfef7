package tui

import (
	"math"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"liveroom/feed"
	"liveroom/moderation"
)

// The rules of reading back. The speech and chat panes show all of the record, of
// which the screen holds one stretch at a time, at most feedCap events long: the
// newest, which runs on by itself, or one that was read. Near its end the next page
// is read before a person gets there, and what is furthest off is let go, so that
// paging goes on without a seam from the first event to the last. What a person
// holds stays where it is while the feed runs, however fast: before it falls off
// the stretch is kept as it stands.

const (
	// readPage is how many events are read at a time.
	readPage = 500
	// readAhead is from how near an end of the stretch the next page is read: more
	// rows than a held page-up key goes over while it is.
	readAhead = 200
	// fillBelow is how few entries a pane opens with before more are read: after
	// some seconds of a busy chat no sentence is left in the snapshot.
	fillBelow = 100
)

// stretched are the panes that reach back over all of the record, with the kinds
// of event that each shows.
var stretched = map[pane][]feed.Kind{
	paneSpeech: {feed.KindTranscript, feed.KindProduct, feed.KindGap},
	paneChat:   {feed.KindChat, feed.KindGift, feed.KindComplaint, feed.KindSystem, feed.KindGap},
}

// reading is where a page is being read from.
type reading int

const (
	readingNothing reading = iota
	readingOlder
	readingNewer
	readingFirst
	readingAround
	readingFill
)

// stretchRead is a page of the record.
type stretchRead struct {
	room   string
	pane   pane
	what   reading
	edge   int64     // the entry at the end that was read from
	at     time.Time // the moment that was read around
	events []moderation.Recorded
	// withdrawn is all that the record tells was withdrawn in the room.
	withdrawn moderation.Withdrawals
	err       error
}

// read asks the record for a page.
func (m *Model) read(r *room, p pane, msg stretchRead, page moderation.Page) tea.Cmd {
	if r.reading[p] == msg.what {
		return nil
	}
	r.reading[p] = msg.what
	reader, ctx := m.opt.Desk.Reader(), m.ctx
	msg.room, msg.pane = r.info.ID, p
	page.Room, page.Kinds, page.Limit = r.info.ID, stretched[p], readPage
	return func() tea.Msg {
		if msg.what == readingAround {
			msg.events, msg.err = reader.EventsAround(ctx, page.Room, page.Kinds, msg.at, 2*page.Limit)
		} else {
			msg.events, msg.err = reader.Events(ctx, page)
		}
		if len(msg.events) > 0 && msg.err == nil && msg.pane == paneChat {
			msg.withdrawn, msg.err = moderation.ReadWithdrawals(ctx, reader, page.Room)
		}
		return msg
	}
}

// recordHolds tells whether the record holds older events than the pane.
func (m *Model) recordHolds(r *room, p pane) bool {
	return stretched[p] != nil && r.ring(p).older && r.filters[p] == ""
}

// readFirst goes to the first event of all.
func (m *Model) readFirst(r *room, p pane) tea.Cmd {
	return m.read(r, p, stretchRead{what: readingFirst}, moderation.Page{})
}

// readOn reads the next page when the selection has come near the end that it
// moves to.
func (m *Model) readOn(r *room, p pane, n int) tea.Cmd {
	if stretched[p] == nil || r.at.IsZero() {
		return nil
	}
	g := r.ring(p)
	i, _ := entryItems{entries: g.shown()}.Find(r.lists[p].held)
	live := g.live()
	switch {
	case len(live) == 0:
		return nil
	case n < 0 && g.older && i < readAhead:
		edge := live[0].ev.Index
		return m.read(r, p, stretchRead{what: readingOlder, edge: edge}, moderation.Page{Before: edge})
	case n > 0 && g.newer && i >= len(g.shown())-readAhead:
		if m.rejoin(r, p) {
			return nil
		}
		edge := live[len(live)-1].ev.Index
		return m.read(r, p, stretchRead{what: readingNewer, edge: edge}, moderation.Page{After: edge})
	}
	return nil
}

// rejoin goes on in what runs by itself, once that holds what the person holds.
func (m *Model) rejoin(r *room, p pane) bool {
	held := r.lists[p].held
	if r.past[p] == nil || r.running(p).byIndex(held) == nil {
		return false
	}
	delete(r.past, p)
	return true
}

// reach sees to it that a pane holds a moment.
func (m *Model) reach(r *room, p pane, at time.Time) tea.Cmd {
	if past := r.past[p]; past != nil && past.reaches(at) {
		return nil
	}
	if r.running(p).reaches(at) {
		delete(r.past, p)
		delete(r.reading, p)
		return nil
	}
	delete(r.reading, p) // of another moment
	return m.read(r, p, stretchRead{what: readingAround, at: at}, moderation.Page{})
}

// reaches tells whether what the record holds of a moment is in the ring.
func (g *ring) reaches(at time.Time) bool {
	live := g.live()
	if len(live) == 0 {
		return !g.older
	}
	return (!g.older || !live[0].ev.At.After(at)) && (!g.newer || !live[len(live)-1].ev.At.Before(at))
}

// setStretch takes in what was read, if the person still stands there.
func (m *Model) setStretch(msg stretchRead) tea.Cmd {
	r, p := m.room(msg.room), msg.pane
	if r.reading[p] != msg.what || msg.what == readingAround && !r.at.Equal(msg.at) {
		return nil
	}
	delete(r.reading, p)
	if msg.err != nil {
		m.complain(m.t.T("say.past_failed", m.refusal(msg.err)))
		return nil
	}
	entries := r.entriesOf(p, msg.events, msg.withdrawn)
	full := len(msg.events) == readPage
	switch msg.what {
	case readingOlder:
		g := r.standing(p)
		if len(g.live()) > 0 && g.live()[0].ev.Index == msg.edge {
			g.lead(entries, full)
		}
	case readingNewer:
		g := r.standing(p)
		if n := len(g.live()); n > 0 && g.live()[n-1].ev.Index == msg.edge {
			g.trail(entries)
			m.rejoin(r, p)
		}
	case readingFill:
		r.running(p).lead(entries, full)
	case readingFirst:
		r.past[p] = &ring{all: entries, newer: true}
		return m.holdFirst(r, p)
	case readingAround:
		g := &ring{all: entries, older: true, newer: true, filter: r.ring(p).filter}
		g.refilter()
		r.past[p] = g
		m.holdMoment(r, p)
		return m.chooseWanted(r, p)
	}
	return nil
}

// holdFirst selects the first entry of a stretch that was read.
func (m *Model) holdFirst(r *room, p pane) tea.Cmd {
	first := r.past[p].live()
	if len(first) == 0 {
		delete(r.past, p)
		return nil
	}
	r.at = first[0].ev.At
	l := &r.lists[p]
	l.pick(m.itemsOf(r, p), 0, 0)
	return m.selected(r, p)
}

// fillFeeds notes of which rooms the snapshot could not hold all, and reads more
// where it holds next to nothing.
func (m *Model) fillFeeds(u *moderation.Update) tea.Cmd {
	count := map[string]int{}
	for i := range u.Events {
		count[u.Events[i].Room]++
	}
	var cmds []tea.Cmd
	for id, n := range count {
		if n < moderation.KeptEvents {
			continue
		}
		r := m.room(id)
		for p := range stretched {
			g := r.running(p)
			g.older = true
			if live := g.live(); len(live) < fillBelow {
				edge := int64(math.MaxInt64)
				if len(live) > 0 {
					edge = live[0].ev.Index
				}
				cmds = append(cmds, m.read(r, p, stretchRead{what: readingFill, edge: edge}, moderation.Page{Before: edge}))
			}
		}
	}
	return tea.Batch(cmds...)
}

// running is the ring of a pane that runs by itself.
func (r *room) running(p pane) *ring {
	if p == paneSpeech {
		return &r.speech
	}
	return &r.chat
}

// standing is the stretch that a pane stands in, kept as it is if it was running.
func (r *room) standing(p pane) *ring {
	if r.past[p] == nil {
		g := r.running(p)
		r.past[p] = &ring{all: append([]*entry(nil), g.live()...), filter: g.filter, older: g.older, newer: true}
		r.past[p].refilter()
	}
	return r.past[p]
}

// entriesOf makes entries of events from the record, with what was withdrawn until
// they were read, and since.
func (r *room) entriesOf(p pane, events []moderation.Recorded, withdrawn moderation.Withdrawals) []*entry {
	read := newRoom(r.info.ID)
	read.flags.by = r.flags.by
	for i := range events {
		read.addEvent(events[i], r.lastSeen)
	}
	entries := read.running(p).live()
	strikeOut(entries, &withdrawn)
	strikeOut(entries, &r.withdrawn)
	return entries
}

// keepHeld keeps the stretch that a person stands in before the events of an
// update push what they hold off its end.
func (w *world) keepHeld(u *moderation.Update) {
	if len(u.Events) == 0 {
		return
	}
	for _, r := range w.rooms {
		if r.at.IsZero() {
			continue
		}
		for p := range stretched {
			g, held := r.running(p), r.lists[p].held
			if r.past[p] != nil || held == 0 {
				continue
			}
			if i, _ := find(g.live(), held); len(g.live())+len(u.Events) > feedCap && i <= len(u.Events)+readAhead {
				r.standing(p)
			}
		}
	}
}

// lead puts older entries before the ring's. older tells whether there are more.
func (g *ring) lead(entries []*entry, older bool) {
	if live := g.live(); len(live) > 0 {
		n, _ := find(entries, live[0].ev.Index)
		entries = entries[:n]
	}
	g.all, g.off, g.older = append(entries[:len(entries):len(entries)], g.live()...), 0, older
	if len(g.all) > feedCap {
		g.all, g.newer = append([]*entry(nil), g.all[:feedCap]...), true
	}
	g.refilter()
}

// trail puts newer entries behind the ring's.
func (g *ring) trail(entries []*entry) {
	g.all, g.off = append(g.live(), entries...), 0
	if n := len(g.all) - feedCap; n > 0 {
		g.all, g.older = append([]*entry(nil), g.all[n:]...), true
	}
	g.refilter()
}
