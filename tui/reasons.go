package tui

import (
	"strconv"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"liveroom/feed"
	"liveroom/moderation"
)

// The rules of reasons. The reasons that people give most have a number, so that
// giving one costs no more than giving none; `w` takes any other words. What is
// written is the sentence, in the language of who chose it.

// usual is how many reasons of each kind have a number.
var usual = map[string]int{"dismiss": 5, "escalate": 4, "snooze": 3}

func (m *Model) usualReason(kind string, n int) string {
	return m.t.T("usual." + kind + "_" + strconv.Itoa(n))
}

// askText asks what must be said with something: a usual reason, a person, or a
// text, by the question's name.
func (m *Model) askText(name, title string, do func(m *Model, said string) tea.Cmd) tea.Cmd {
	switch {
	case name == "person":
		return m.askPerson(title, do)
	case usual[name] > 0:
		return m.askReason(name, title, m.t.T("ask_for.reason"), newInput(""), do)
	}
	m.dialog = &form{title: title + " · " + m.t.T("ask_for."+name), hint: m.t.T("form.deed_hint"), needed: true, line: newInput(""), send: do}
	return nil
}

// askReason offers the usual reasons of a kind, and other words. begun is what was
// typed before and not written.
func (m *Model) askReason(kind, title, other string, begun input, do func(m *Model, said string) tea.Cmd) tea.Cmd {
	own := &form{title: title + " · " + other, hint: m.t.T("form.deed_hint"), needed: true, line: begun, send: do}
	if begun.value() != "" {
		m.dialog = own
		return nil
	}
	a := &ask{title: title}
	for i := range usual[kind] {
		said := m.usualReason(kind, i+1)
		a.add(said, func(m *Model) tea.Cmd { return do(m, said) })
	}
	a.options = append(a.options, option{"w", m.t.T("usual.other"), func(m *Model) tea.Cmd {
		m.dialog = own
		return nil
	}})
	m.dialog = a
	return nil
}

func (m *Model) askDismiss() tea.Cmd {
	f := *m.flagHere()
	begun := m.draft(draftKey(moderation.DismissFlag{Flag: f.ID}), "")
	return m.askReason("dismiss", m.t.T("form.dismiss", m.flagName(&f)), m.t.T("ask_for.reason"), begun, func(m *Model, said string) tea.Cmd {
		cmd := m.act(judges(&f, moderation.FlagDismissed, said), m.flagName(&f))
		return tea.Batch(cmd, m.advance(f.ID))
	})
}

func (m *Model) askEscalate() tea.Cmd {
	c := *m.caseHere()
	title := m.t.T("form.escalate", m.caseName(&c))
	return m.askReason("escalate", title, m.t.T("ask_for.reason"), newInput(""), func(m *Model, said string) tea.Cmd {
		return m.act(moderation.EscalateCase{Case: c.ID, Reason: said, Version: c.Version}, m.caseName(&c))
	})
}

func noEscalate(m *Model) string {
	if why := noOpenCase(m); why != "" {
		return why
	}
	if !m.caseHere().Escalated.IsZero() {
		return "why.escalated"
	}
	return ""
}

// noOpenCase also holds where the case is over.
func noOpenCase(m *Model) string {
	if why := noCase(m); why != "" {
		return why
	}
	if m.caseHere().State.Over() {
		return "why.closed"
	}
	return ""
}

func (m *Model) askAssign() tea.Cmd {
	c := *m.caseHere()
	return m.askPerson(m.t.T("form.assign", m.caseName(&c)), func(m *Model, name string) tea.Cmd {
		return m.act(moderation.AssignCase{Case: c.ID, To: name, Version: c.Version}, m.caseName(&c))
	})
}

// snoozeCaseFor asks until when nobody is given the case: the usual spans come with
// the reason people have for them.
func (m *Model) askSnoozeCase() tea.Cmd {
	c := *m.caseHere()
	now := m.opt.Clock().In(m.zone())
	until := []time.Time{now.Add(30 * time.Minute), now.Add(2 * time.Hour), nextMorning(now)}
	a := &ask{title: m.t.T("form.snooze", m.caseName(&c))}
	put := func(m *Model, until time.Time, said string) tea.Cmd {
		return m.act(moderation.SnoozeCase{Case: c.ID, Until: until, Reason: said, Version: c.Version}, m.caseName(&c))
	}
	for i := range usual["snooze"] {
		said := m.usualReason("snooze", i+1)
		a.add(until[i].Format("01-02 15:04")+"  "+said, func(m *Model) tea.Cmd { return put(m, until[i], said) })
	}
	a.options = append(a.options, option{"w", m.t.T("usual.other_time"), func(m *Model) tea.Cmd {
		for i := range deeds {
			if deeds[i].does.Name() == (moderation.SnoozeCase{}).Name() {
				return m.goOn(&deeds[i], c, nil)
			}
		}
		return nil
	}})
	m.dialog = a
	return nil
}

// nextMorning is nine o'clock of the next day.
func nextMorning(now time.Time) time.Time {
	y, mo, d := now.Date()
	return time.Date(y, mo, d+1, 9, 0, 0, 0, now.Location())
}

// isCaseHere tells whether a key acts on a case, where the pane is one that can
// tell about a flag as well.
func (m *Model) isCaseHere() bool {
	r := m.here()
	return r != nil && (subject{pane: m.focused()}.list() == paneCases || isText(m.focused()) && r.caseSubject() != nil)
}

// snooze puts off what is selected: a flag, or a case.
func (m *Model) snooze() tea.Cmd {
	if m.isCaseHere() {
		return m.askSnoozeCase()
	}
	return m.snoozeFlag()
}

func noSnooze(m *Model) string {
	if m.isCaseHere() {
		return noOpenCase(m)
	}
	return noOpenFlag(m)
}

// sayYes says yes to what is selected: a flag is right, a payment may be made.
func (m *Model) sayYes() tea.Cmd {
	if m.isCaseHere() {
		return m.askApprove(true)
	}
	return m.confirmFlag()
}

// sayNo says no to it.
func (m *Model) sayNo() tea.Cmd {
	if m.isCaseHere() {
		return m.askApprove(false)
	}
	return m.dismissFlag()
}

func noYes(m *Model) string {
	if m.isCaseHere() {
		return noProposal(m)
	}
	return noVerdict(m)
}

func noProposal(m *Model) string {
	if why := noCase(m); why != "" {
		return why
	}
	if m.proposal(m.caseHere()) == nil {
		return "why.no_proposal"
	}
	return ""
}

// askApprove names the payment before it is approved, and asks why where it is
// refused.
func (m *Model) askApprove(yes bool) tea.Cmd {
	c := *m.caseHere()
	p := *m.proposal(&c)
	name := m.t.T("ask.payment", p.ID, money(p.AmountFen), p.Order, m.inBoth(p.Title.ZH, p.Title.EN))
	if !yes {
		m.dialog = &form{title: m.t.T("form.refuse", name), hint: m.t.T("form.deed_hint"), needed: true, line: newInput(""), send: func(m *Model, said string) tea.Cmd {
			return m.act(moderation.RefusePayment{Case: c.ID, Payment: p.ID, Reason: said, Version: c.Version}, name)
		}}
		return nil
	}
	m.dialog = &ask{
		title: m.t.T("ask.approve", m.caseName(&c)),
		lines: []string{name, feed.Sanitise(m.inBoth(p.Working.ZH, p.Working.EN)).String(), m.t.T("ask.approve_by", m.by(p.By)), m.t.T("case.only_proposed")},
		options: []option{
			{"n", m.t.T("ask.not_now"), func(*Model) tea.Cmd { return nil }},
			{"y", m.t.T("ask.approve_yes", money(p.AmountFen), p.Order), func(m *Model) tea.Cmd {
				return m.act(moderation.ApprovePayment{Case: c.ID, Payment: p.ID, Version: c.Version}, name)
			}},
		},
	}
	return nil
}
