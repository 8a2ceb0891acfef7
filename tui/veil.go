package tui

import (
	"slices"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/moderation/privacy"
)

// The rules of the veil. Who bought and who complained, the number of an order and
// what looks like a person's in a ticket are hidden on the screen, as they are
// wherever they leave the record. One key shows one of these, for one case: it
// asks why, and the desk keeps who asked for what. What is shown says so with its
// seconds, and is hidden again by itself.

// revealedFor is how long something revealed is in sight: long enough to dial a
// number, and too short to be left lying open.
const revealedFor = time.Minute

// A sight is a field of a case that the person may see.
type sight struct {
	field   moderation.PersonalField
	allowed time.Time // until when the desk's answer holds
	shown   time.Time // until when it is in sight
}

// veil is what of a case is in sight now; of no case nothing is.
func (m *Model) veil(incident int64) moderation.Veil {
	var v moderation.Veil
	for _, s := range m.sights[incident] {
		if s.shown.After(m.opt.Wall()) {
			v = append(v, s.field)
		}
	}
	return v
}

// sightOf is the field of a case as it was revealed, nil where it was not, or not
// of late.
func (m *Model) sightOf(incident int64, f moderation.PersonalField) *sight {
	list := m.sights[incident]
	i := slices.IndexFunc(list, func(s sight) bool { return s.field == f && s.allowed.After(m.opt.Wall()) })
	if i < 0 {
		return nil
	}
	return &list[i]
}

// setSight shows what the desk revealed.
func (m *Model) setSight(c moderation.Reveal, until time.Time) {
	if m.sights == nil {
		m.sights = map[int64][]sight{}
	}
	list := slices.DeleteFunc(m.sights[c.Case], func(s sight) bool { return s.field == c.Field })
	m.sights[c.Case] = append(list, sight{c.Field, until, m.opt.Wall().Add(revealedFor)})
}

// hide is a text without what looks like a person's.
func (m *Model) hide(s string) feed.Display {
	if d, ok := m.hidden[s]; ok {
		return d
	}
	if m.hidden == nil || len(m.hidden) > hiddenKept {
		m.hidden = map[string]feed.Display{}
	}
	d := feed.Sanitise(privacy.Text(s))
	m.hidden[s] = d
	return d
}

// hiddenKept is how many texts are kept hidden: looking for what to hide takes
// longer than all else that is done to a row, and rows are drawn again and again.
const hiddenKept = 1000

// wordsOf is what a buyer wrote, about a case.
func (m *Model) wordsOf(text string, incident int64) feed.Display {
	if m.veil(incident).Lifts(moderation.FieldText) {
		return feed.Sanitise(text)
	}
	return m.hide(text)
}

// buyer is who bought or complained, about a case.
func (m *Model) buyer(u feed.User, incident int64) feed.Display {
	switch {
	case m.veil(incident).Lifts(moderation.FieldBuyer):
		return feed.Sanitise(strings.TrimSpace(u.Name + "  " + u.ID))
	case phone.MatchString(u.Name):
		return maskName(u.Name)
	}
	return feed.Sanitise(privacy.Name(u.Name))
}

// orderNumber is an order's number, about a case: what people compare is its end.
func (m *Model) orderNumber(id string, incident int64) string {
	if m.veil(incident).Lifts(moderation.FieldOrder) {
		return id
	}
	return shortID(id)
}

// inSight says what of a case is in sight, and for how long.
func (m *Model) inSight(incident int64) string {
	var out []string
	for _, s := range m.sights[incident] {
		if left := s.shown.Sub(m.opt.Wall()); left > 0 {
			out = append(out, m.t.T("veil.left", m.named("field", string(s.field)), seconds(left)))
		}
	}
	return strings.Join(out, "  ")
}

// caseOfSubject is the case that the selected thing is in, 0 for none.
func (m *Model) caseOfSubject() int64 {
	if c := m.caseHere(); c != nil && slices.Contains(caseLists, m.focused()) {
		return c.ID
	}
	r := m.here()
	if r == nil {
		return 0
	}
	switch r.subject.list() {
	case paneCases:
		return r.subject.id
	case paneOrders:
		if o := r.orders.get(r.subject.id); o != nil {
			return o.v.Case
		}
	case paneComplaints:
		if c := r.complaints.get(r.subject.id); c != nil {
			return c.v.Case
		}
	}
	return 0
}

// revealable are the fields that the person's role may see on a screen: it has no
// place for frames as they arrived.
func (m *Model) revealable() []moderation.PersonalField {
	var out []moderation.PersonalField
	for _, f := range moderation.PersonalFields {
		if f != moderation.FieldRaw && m.opt.Actor.Role.MayReveal(f) {
			out = append(out, f)
		}
	}
	return out
}

func nothingHidden(m *Model) string {
	switch {
	case m.caseOfSubject() == 0:
		return "why.reveal_needs_case"
	case len(m.revealable()) == 0:
		return "why.role"
	}
	return ""
}

// askReveal offers what can be revealed of the case, and to hide it again.
func (m *Model) askReveal() tea.Cmd {
	id := m.caseOfSubject()
	a := &ask{title: m.t.T("veil.ask", caseNumber(id)), lines: []string{m.t.T("veil.kept")}}
	if len(m.veil(id)) > 0 {
		a.add(m.t.T("veil.hide"), func(m *Model) tea.Cmd {
			for i := range m.sights[id] {
				m.sights[id][i].shown = time.Time{}
			}
			return nil
		})
	}
	for _, f := range m.revealable() {
		name := m.named("field", string(f))
		if s := m.sightOf(id, f); s != nil {
			a.add(m.t.T("veil.again", name, m.span(s.allowed.Sub(m.opt.Wall()))), func(m *Model) tea.Cmd {
				if s := m.sightOf(id, f); s != nil {
					s.shown = earlier(s.allowed, m.opt.Wall().Add(revealedFor))
				}
				return nil
			})
			continue
		}
		a.add(name, func(m *Model) tea.Cmd {
			m.dialog = m.reasonToReveal(id, f)
			return nil
		})
	}
	m.dialog = a
	return nil
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

func (m *Model) reasonToReveal(incident int64, field moderation.PersonalField) *form {
	c := moderation.Reveal{Case: incident, Field: field}
	return &form{
		title:  m.t.T("veil.why", m.named("field", string(field)), caseNumber(incident)),
		hint:   m.t.T("veil.hint"),
		line:   m.draft(draftKey(c), ""),
		needed: true,
		send: func(m *Model, s string) tea.Cmd {
			c.Reason = s
			return m.act(c, m.named("field", string(field))+" "+caseNumber(incident))
		},
	}
}
