package moderation

import (
	"cmp"
	"maps"
	"slices"

	"liveroom/feed"
)

// A mailbox merges updates until someone takes them: rows by their key, newest
// state wins, events in a bounded run for each room.
type mailbox struct {
	rooms      map[string]Room
	events     map[string][]Recorded
	flags      map[int64]Flag
	complaints map[int64]Complaint
	problems   map[int64]Problem
	questions  map[int64]Question
	orders     map[string]Order
	cases      map[int64]Case
	effects    map[int64]Effect
	notices    []NoticeItem
	sources    map[string]feed.Status
	looks      map[int64]Look
	skipped    map[string]int64
	health     *Health
}

// keptNotices is how many notices can wait: nobody reads more at once, and each
// stands in its case.
const keptNotices = 200

func (m *mailbox) reset() {
	*m = mailbox{
		rooms: make(map[string]Room), events: make(map[string][]Recorded), flags: make(map[int64]Flag),
		complaints: make(map[int64]Complaint), problems: make(map[int64]Problem), questions: make(map[int64]Question), orders: make(map[string]Order),
		cases: make(map[int64]Case), effects: make(map[int64]Effect), sources: make(map[string]feed.Status), looks: make(map[int64]Look),
		skipped: make(map[string]int64),
	}
}

// merge takes over what u holds. Two commits may be published in the other
// order than they were made, so a row with an older version changes nothing.
// Rooms and effects have one writer each and need no version.
func (m *mailbox) merge(u *Update) {
	for _, r := range u.Rooms {
		m.rooms[r.ID] = r
	}
	for _, e := range u.Events {
		m.addEvent(e)
	}
	newest(m.flags, u.Flags, func(f Flag) (int64, int64) { return f.ID, f.Version })
	newest(m.complaints, u.Complaints, func(c Complaint) (int64, int64) { return c.ID, c.Version })
	newest(m.problems, u.Problems, func(p Problem) (int64, int64) { return p.ID, p.Version })
	newest(m.questions, u.Questions, func(q Question) (int64, int64) { return q.ID, q.Version })
	newest(m.orders, u.Orders, func(o Order) (string, int64) { return o.ID, o.Version })
	newest(m.cases, u.Cases, func(c Case) (int64, int64) { return c.ID, c.Version })
	for _, e := range u.Effects {
		m.effects[e.ID] = e
	}
	m.notices = append(m.notices, u.Notices...)
	m.notices = m.notices[max(0, len(m.notices)-keptNotices):]
	for _, s := range u.Sources {
		m.sources[s.Source] = s
	}
	for _, l := range u.Looks {
		m.looks[l.Console] = l
	}
	for room, n := range u.Skipped {
		m.skipped[room] += n
	}
	if u.Health != nil {
		m.health = u.Health
	}
}

// addEvent keeps a room's run bounded. Dropping half a run at a time keeps the
// cost of dropping off each single event.
func (m *mailbox) addEvent(e Recorded) {
	run := append(m.events[e.Room], e)
	if len(run) >= 2*KeptEvents {
		run = m.trim(e.Room, run)
	}
	m.events[e.Room] = run
}

// keptWithdrawing is how many events that withdraw others wait beside the newest ones.
const keptWithdrawing = KeptEvents / 2

// trim leaves the newest events of a room's run, and of those before them what withdraws
// others: that may stand on the screen, and a crowd that pushes out the word of its ban
// is just when people look.
func (m *mailbox) trim(room string, run []Recorded) []Recorded {
	extra := len(run) - KeptEvents
	if extra <= 0 {
		return run
	}
	var kept []Recorded
	for i := range run[:extra] {
		if run[i].Withdraws() {
			kept = append(kept, run[i])
		}
	}
	kept = kept[max(0, len(kept)-keptWithdrawing):]
	m.skipped[room] += int64(extra - len(kept))
	return append(kept[:len(kept):len(kept)], run[extra:]...)
}

func newest[K comparable, R any](into map[K]R, rows []R, id func(R) (K, int64)) {
	for _, r := range rows {
		key, version := id(r)
		if old, ok := into[key]; ok {
			if _, v := id(old); v > version {
				continue
			}
		}
		into[key] = r
	}
}

// take empties the mailbox into one update, events in record order, rows by key.
func (m *mailbox) take() Update {
	u := Update{
		Rooms: sorted(m.rooms), Flags: sorted(m.flags), Complaints: sorted(m.complaints), Problems: sorted(m.problems), Questions: sorted(m.questions),
		Orders: sorted(m.orders), Cases: sorted(m.cases), Effects: sorted(m.effects), Notices: m.notices, Sources: sorted(m.sources), Looks: sorted(m.looks), Health: m.health,
	}
	for room, run := range m.events {
		slices.SortStableFunc(run, func(a, b Recorded) int { return cmp.Compare(a.Index, b.Index) })
		run = slices.CompactFunc(run, func(a, b Recorded) bool { return a.Index == b.Index })
		u.Events = append(u.Events, m.trim(room, run)...)
	}
	slices.SortFunc(u.Events, func(a, b Recorded) int { return cmp.Compare(a.Index, b.Index) })
	if len(m.skipped) > 0 {
		u.Skipped = m.skipped
	}
	m.reset()
	return u
}

func sorted[K cmp.Ordered, R any](m map[K]R) []R {
	var out []R
	for _, k := range slices.Sorted(maps.Keys(m)) {
		out = append(out, m[k])
	}
	return out
}
