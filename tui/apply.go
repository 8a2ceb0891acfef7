package tui

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"liveroom/claims"
	"liveroom/feed"
	"liveroom/moderation"
)

// world is everything the screen knows, in the newest state it was told.
type world struct {
	rooms  map[string]*room
	order  []string // in the order they became known
	health *moderation.Health
	looks  map[int64]moderation.Look // of the desk's other consoles
}

func (w *world) room(id string) *room {
	r := w.rooms[id]
	if r == nil {
		if w.rooms == nil {
			w.rooms = map[string]*room{}
		}
		r = newRoom(id)
		w.rooms[id] = r
		w.order = append(w.order, id)
	}
	return r
}

// apply takes an update in. now is the desk's time it came at, wall the person's.
func (w *world) apply(u *moderation.Update, now, wall time.Time) {
	for _, info := range u.Rooms {
		w.setRoom(info)
	}
	w.keepHeld(u)
	for i := range u.Events {
		ev := &u.Events[i]
		w.room(ev.Room).addEvent(*ev, now)
	}
	for _, r := range w.rooms {
		r.strike()
	}
	for _, f := range u.Flags {
		w.room(f.Room).setFlag(f)
	}
	for _, c := range u.Complaints {
		w.room(c.Room).setComplaint(c)
	}
	for _, p := range u.Problems {
		w.room(p.Room).problems[p.ID] = p
	}
	for _, q := range u.Questions {
		w.room(q.Room).setQuestion(q)
	}
	for _, o := range u.Orders {
		w.room(o.Room).setOrder(o)
	}
	for _, c := range u.Cases {
		w.room(c.Room).cases.put(c.ID, c)
	}
	for _, e := range u.Effects {
		w.room(e.Room).setEffect(e)
	}
	for _, s := range u.Sources {
		w.room(s.Room).sources[s.Source] = s
	}
	for id, n := range u.Skipped {
		r := w.room(id)
		if r.skippedAt.Add(noticeFor).Before(wall) {
			r.skippedFrom = r.now(now)
		}
		r.skipped += n
		r.skippedAt = wall
		r.speech.older, r.chat.older = true, true
	}
	w.setLooks(u.Looks)
	if u.Health != nil {
		w.health = u.Health
	}
}

func (w *world) setRoom(info moderation.Room) {
	r := w.room(info.ID)
	r.info = info
	if info.TimeZone == "" {
		return
	}
	if zone, err := time.LoadLocation(info.TimeZone); err == nil {
		r.zone = zone
	}
}

// addEvent puts an event where it is shown. Enter events only say that
// somebody is there, and refunds show on their order.
func (r *room) addEvent(ev moderation.Recorded, now time.Time) {
	if ev.At.After(r.lastAt) {
		r.lastAt, r.lastSeen = ev.At, now
	}
	ev.Raw = nil // evidence is read from the record, never from the screen
	e := &entry{ev: ev, name: maskName(ev.User.Name)}
	e.retracted = r.withdrawn.Of(&ev) != nil
	if e.ev.Shown.Width() == 0 && ev.Text != "" {
		e.ev.Shown = feed.Sanitise(ev.Text)
	}
	switch ev.Kind {
	case feed.KindTranscript:
		r.addSpeech(e)
	case feed.KindProduct:
		r.putOnAir(ev)
		r.speech.put(e)
	case feed.KindChat:
		r.chatRate.add(ev.At, 1)
		r.pulse.add(ev.At, 1)
		r.chat.put(e)
	case feed.KindGift, feed.KindComplaint:
		r.chat.put(e)
	case feed.KindSystem:
		if ev.Code == feed.CodeUnknown {
			name, n := feed.UnknownOf(&ev.Event)
			r.unknown, r.unknownKind = r.unknown+n, feed.Sanitise(name)
		}
		r.noteWithdrawn(&ev)
		r.chat.put(e)
	case feed.KindGap:
		r.putGap(ev)
		r.chat.put(e)
		r.speech.put(&entry{ev: ev, name: e.name})
	case feed.KindOrder:
		if ev.Status == feed.StatusPaid {
			r.orderRate.add(ev.At, 1)
		}
	case feed.KindEnter, feed.KindRefund:
	}
}

// addSpeech adds a transcript; a later result of the same utterance takes the
// place of a partial one.
func (r *room) addSpeech(e *entry) {
	if sp := e.ev.Speech; sp != nil && sp.Utterance != "" {
		final := false
		r.speech.removeIf(partialDepth, func(old *entry) bool {
			same := old.ev.Speech != nil && old.ev.Speech.Utterance == sp.Utterance && old.ev.Source == e.ev.Source
			final = final || same && !old.ev.Speech.Partial
			return same && old.ev.Speech.Partial
		})
		if final && sp.Partial {
			return
		}
	}
	for _, f := range r.flags.by {
		if f.v.Event == e.ev.Index {
			e.flags = append(e.flags, f.id)
		}
	}
	r.speech.put(e)
}

// partialDepth is how far back a partial result is looked for: recognisers
// correct the sentence being spoken, never an old one.
const partialDepth = 16

// withdrawnCap bounds how many events that withdraw others a room remembers, for what
// they withdraw and comes late. What is read from the record knows its own.
const withdrawnCap = 30_000

// noteWithdrawn takes in an event that may tell of what was withdrawn. What is too much
// pushes out all before it.
func (r *room) noteWithdrawn(ev *moderation.Recorded) {
	if !ev.Withdraws() {
		return
	}
	if r.withdrawn.Len() >= withdrawnCap {
		r.withdrawn = moderation.Withdrawals{}
	}
	r.withdrawn.Note(ev)
	r.strikes = true
}

// strike marks what the platform withdrew since it was done last: once for all events
// of an update, for moderators ban by the hundred. The texts stay readable, because a
// person may have to judge just those.
func (r *room) strike() {
	if !r.strikes {
		return
	}
	r.strikes = false
	for _, g := range []*ring{&r.chat, r.past[paneChat]} { // an entry may stand in both
		if g != nil {
			strikeOut(g.live(), &r.withdrawn)
		}
	}
}

func strikeOut(entries []*entry, w *moderation.Withdrawals) {
	for _, e := range entries {
		if !e.retracted && w.Of(&e.ev) != nil {
			e.retracted = true
			e.version++
		}
	}
}

func (r *room) setFlag(f moderation.Flag) {
	if f.Shown.Width() == 0 {
		f.Shown = feed.Sanitise(f.Text)
	}
	if old := r.flags.get(f.ID); old != nil && waiting(&old.v) && !waiting(&f) && r.lists[paneFlags].selected() == f.ID {
		r.pinned = f.ID
	}
	r.flags.put(f.ID, f)
	for _, ring := range []*ring{&r.speech, r.past[paneSpeech]} {
		if ring == nil {
			continue
		}
		if e := ring.byIndex(f.Event); e != nil {
			e.addFlag(f.ID)
		}
	}
}

func (e *entry) addFlag(id int64) {
	e.version++
	for _, have := range e.flags {
		if have == id {
			return
		}
	}
	e.flags = append(e.flags, id)
}

func (r *room) setComplaint(c moderation.Complaint) {
	if c.Shown.Width() == 0 {
		c.Shown = feed.Sanitise(c.Text)
	}
	if r.complaints.get(c.ID) == nil {
		r.complaintRate.add(c.At, 1)
	}
	r.complaints.put(c.ID, c)
	r.grieved[c.Event] = true
	if e := r.chat.byIndex(c.Event); e != nil {
		e.version++
	}
}

func (r *room) setOrder(o moderation.Order) {
	r.orderIDs[o.ID] = o.Number
	r.orders.put(o.Number, o)
}

// spans are the suspicious runs of a sentence, in runes.
func (r *room) spans(e *entry) []mark {
	var marks []mark
	for _, id := range e.flags {
		f := r.flags.get(id)
		if f == nil || f.v.Status == moderation.FlagDismissed {
			continue
		}
		from, to := feed.Columns(e.ev.Text, f.v.Finding.Start, f.v.Finding.End)
		marks = append(marks, mark{from, to, f.v.Finding.Severity})
	}
	return marks
}

// mark is a run of cells to point at.
type mark struct {
	from, to int
	severity claims.Severity
}

// mergeMarks sorts marks and joins those that overlap, so that a row can be
// drawn from left to right.
func mergeMarks(marks []mark) []mark {
	if len(marks) < 2 {
		return marks
	}
	sortMarks(marks)
	out := marks[:1]
	for _, m := range marks[1:] {
		last := &out[len(out)-1]
		if m.from >= last.to {
			out = append(out, m)
			continue
		}
		last.to = max(last.to, m.to)
		if rankOf(m.severity) < rankOf(last.severity) {
			last.severity = m.severity
		}
	}
	return out
}

// shortID is the end of a long id, which is what people compare.
func shortID(id string) string {
	runes := []rune(strings.TrimSpace(id))
	if len(runes) <= 6 {
		return string(runes)
	}
	return "…" + string(runes[len(runes)-4:])
}

func sortMarks(marks []mark) {
	slices.SortFunc(marks, func(a, b mark) int { return cmp.Compare(a.from, b.from) })
}

// words are what a flag is about. Of a message that a platform holds they stand in its
// event alone, which can be erased.
func (r *room) words(f *moderation.Flag) feed.Display {
	if !f.Held() {
		return f.Shown
	}
	if e := r.message(f.Event); e != nil {
		return e.ev.Shown
	}
	return f.Shown
}
