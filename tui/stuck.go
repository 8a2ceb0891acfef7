package tui

import (
	"cmp"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"liveroom/feed"
	"liveroom/moderation"
)

// The rules of what failed. What somebody asked for and nobody did, or perhaps did,
// stands in the status line until a person asks once more or lets it be: of all rooms,
// since a person looks at one at a time. What may have been done already says so
// before it is asked for again.

// stuckEffect is one of them, with its room.
type stuckEffect struct {
	r *room
	e moderation.Effect
}

// allStuck are those of all rooms, the newest first.
func (m *Model) allStuck() []stuckEffect {
	var out []stuckEffect
	for _, r := range m.rooms {
		for _, e := range r.stuck {
			out = append(out, stuckEffect{r, e})
		}
	}
	slices.SortFunc(out, func(a, b stuckEffect) int { return cmp.Compare(b.e.ID, a.e.ID) })
	return out
}

// stuckWords is the status line's part on them; nothing while none waits.
func (m *Model) stuckWords() words {
	n := 0
	for _, r := range m.rooms {
		n += len(r.stuck)
	}
	if n == 0 {
		return nil
	}
	return words{{m.th.wrong, "✗ " + m.t.T("status.stuck", n) + " "}, {m.th.key, m.keymap.label("stuck")}}
}

func noStuck(m *Model) string {
	if m.stuckWords() == nil {
		return "why.nothing_stuck"
	}
	return ""
}

// openStuck lists what failed.
func (m *Model) openStuck() tea.Cmd {
	x := &index{}
	for _, s := range m.allStuck() {
		name := m.actWords(&s.e) + " · " + m.about(s) + " · " + m.effectReason(s.e.Result)
		if len(m.rooms) > 1 {
			name = s.r.name().Truncate(12).String() + " · " + name
		}
		x.add(paletteEntry{name: feed.Sanitise(name), note: m.named("effect", string(s.e.Status)), do: func(m *Model) tea.Cmd { return m.openOneStuck(s) }}, s.e.Kind)
	}
	m.dialog = newPick(m.t.T("stuck.title"), x)
	return nil
}

// about names what an effect is about.
func (m *Model) about(s stuckEffect) string {
	if f := s.r.flags.get(s.e.Flag); f != nil {
		return m.flagName(&f.v)
	}
	if e := s.r.message(s.e.Event); e != nil {
		return m.messageName(e)
	}
	return m.hide(s.e.Target).Truncate(40).String()
}

// openOneStuck tells all of one that failed, and what can be done about it.
func (m *Model) openOneStuck(s stuckEffect) tea.Cmd {
	a := &ask{title: m.t.T("stuck.one", m.actWords(&s.e), m.about(s))}
	a.lines = append(a.lines, m.named("effect", string(s.e.Status))+": "+m.effectReason(s.e.Result))
	remedy := "stuck.failed"
	if s.e.Status == moderation.EffectPerhaps {
		remedy = "stuck.perhaps"
	}
	a.lines = append(a.lines, m.t.T(remedy))
	name := m.actWords(&s.e) + " " + m.about(s)
	may := m.opt.Actor.Role.MayAsk(s.e.Kind)
	if e := s.r.message(s.e.Event); e != nil {
		a.options = append(a.options, option{"g", m.t.T("stuck.go"), func(m *Model) tea.Cmd { return m.toMessage(s.r, e.ev.Index) }})
	}
	if may {
		a.options = append(
			a.options,
			option{"r", m.named("do", moderation.RetryEffect{}.Name()), func(m *Model) tea.Cmd {
				return m.act(moderation.RetryEffect{Effect: s.e.ID}, name)
			}},
			option{"x", m.named("do", moderation.LeaveEffect{}.Name()), func(m *Model) tea.Cmd { return m.askLeave(s, name) }},
		)
	} else {
		a.lines = append(a.lines, m.t.T("why.role"))
	}
	a.options = append(a.options, option{"n", m.t.T("stuck.later"), func(*Model) tea.Cmd { return nil }})
	m.dialog = a
	return nil
}

// askLeave asks how a matter ended otherwise.
func (m *Model) askLeave(s stuckEffect, name string) tea.Cmd {
	m.dialog = &form{
		title: m.t.T("stuck.leave", name), hint: m.t.T("stuck.leave_hint"), line: newInput(""),
		send: func(m *Model, said string) tea.Cmd {
			return m.act(moderation.LeaveEffect{Effect: s.e.ID, Reason: said}, name)
		},
	}
	return nil
}

// toMessage goes to a message of the chat.
func (m *Model) toMessage(r *room, index int64) tea.Cmd {
	e := r.message(index)
	if e == nil {
		return nil
	}
	enter := m.enterRoom(r.info.ID)
	return tea.Batch(enter, m.showLine(r, paneChat, index, e.ev.At))
}

// tellAct says what became of something that was asked for about a message.
func (m *Model) tellAct(e *moderation.Effect) {
	s := stuckEffect{m.room(e.Room), *e}
	what := m.actWords(e) + " " + m.about(s)
	switch e.Status {
	case moderation.EffectSent:
		m.say(strings.TrimSuffix(m.t.T("say.act_sent", what, m.effectReason(e.Result)), " · "))
	case moderation.EffectSettled:
		m.say(m.t.T("say.act_settled", what, m.effectReason(e.Result)))
	case moderation.EffectFailed:
		m.complain(m.t.T("say.act_failed", what, m.effectReason(e.Result)))
	case moderation.EffectPerhaps:
		m.complain(m.t.T("say.act_perhaps", what, m.effectReason(e.Result)))
	}
}
