package tui

import (
	"slices"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"liveroom/feed"
	"liveroom/moderation"
)

// The rules of messages. What can be done about a message of the chat, or about who
// wrote it, hangs on the source that it came by: only what somebody can do there is
// offered, and of the rest the reason stands beside. What destroys is not what enter
// does first; nothing leaves before its undo window is over.

// messageHere is the message that the keys act on: the selected one, or the one
// that the selected flag was raised in.
func (m *Model) messageHere() *entry {
	r := m.here()
	if r == nil {
		return nil
	}
	at := subject{m.focused(), r.lists[m.focused()].selected()}
	if at.pane == paneDetail {
		at = r.subject
	}
	switch at.list() {
	case paneChat:
		return r.ring(paneChat).byIndex(at.id)
	case paneFlags:
		if f := r.flags.get(at.id); f != nil {
			return r.message(f.v.Event)
		}
	}
	return nil
}

// message is a message of the chat that the screen holds, by its place in the record.
func (r *room) message(index int64) *entry {
	for _, g := range []*ring{&r.chat, r.past[paneChat]} {
		if g == nil {
			continue
		}
		if e := g.byIndex(index); e != nil {
			return e
		}
	}
	return nil
}

// sourceOf is the source that a message came by; "" where the screen does not hold
// it any more.
func (r *room) sourceOf(event int64) string {
	if e := r.message(event); e != nil {
		return e.ev.Source
	}
	return ""
}

// messageDeeds are what can be done about a message, what does least first.
var messageDeeds = []struct {
	key, kind string
	does      moderation.Command
}{
	{"r", moderation.EffectReply, moderation.ReplyMessage{}},
	{"m", moderation.EffectMute, moderation.MuteAuthor{}},
	{"u", moderation.EffectUnmute, moderation.UnmuteAuthor{}},
	{"p", moderation.EffectPin, moderation.PinMessage{}},
	{"n", moderation.EffectUnpin, moderation.UnpinMessage{}},
	{"d", moderation.EffectDelete, moderation.DeleteMessage{}},
}

// cannot tells why something cannot be done about a message, as a key of the
// catalogue.
func (m *Model) cannot(r *room, e *entry, kind string, does moderation.Command) string {
	house := e.ev.User.Role != feed.RoleViewer && e.ev.User.Role != ""
	switch {
	case !m.opt.Actor.Role.May(does.Name()):
		return "why.role"
	case !m.opt.Desk.WayOut(r.info.ID, e.ev.Source, kind):
		if m.readsOnly(r, e.ev.Source) {
			return "why.reads_only"
		}
		return "why.not_by_source"
	case moderation.OnAuthor(kind) && house:
		return "why.of_the_house"
	case moderation.OnAuthor(kind) && e.ev.User.ID == "":
		return "why.no_account"
	case !moderation.OnAuthor(kind) && e.ev.Kind != feed.KindChat:
		return "why.not_chat"
	case !moderation.OnAuthor(kind) && e.retracted:
		return "why.retracted"
	case m.onItsWay(r, e, kind):
		return "why.on_its_way"
	}
	return ""
}

// readsOnly tells whether nothing at all can be done about what a source brings.
func (m *Model) readsOnly(r *room, source string) bool {
	return !slices.ContainsFunc(moderation.ActsOnMessages, func(kind string) bool { return m.opt.Desk.WayOut(r.info.ID, source, kind) })
}

func (m *Model) onItsWay(r *room, e *entry, kind string) bool {
	return kind != moderation.EffectReply && slices.ContainsFunc(r.acts[e.ev.Index], func(x moderation.Effect) bool {
		return x.Kind == kind && (x.Status == moderation.EffectPending || x.Status == moderation.EffectBegun)
	})
}

// noDeed tells why nothing can be done with what is in hand.
func noDeed(m *Model) string {
	r, p := m.here(), m.focused()
	if r == nil || p != paneChat && p != paneFlags && (p != paneDetail || r.caseSubject() != nil) {
		return noCaseDeed(m)
	}
	e := m.messageHere()
	if e == nil || e.ev.Kind == feed.KindGap {
		if p == paneChat {
			return "why.nothing_selected"
		}
		return "why.no_message"
	}
	first := ""
	for _, d := range messageDeeds {
		why := m.cannot(r, e, d.kind, d.does)
		if why == "" {
			return ""
		}
		if first == "" || first == "why.role" || why == "why.reads_only" {
			first = why
		}
	}
	return first
}

// openWork shows what can be done with the message or the case in hand.
func (m *Model) openWork() tea.Cmd {
	if e := m.messageHere(); e != nil {
		return m.openMessage(m.here(), *e)
	}
	return m.openDeeds()
}

// messageName names a message by who wrote it and how it begins.
func (m *Model) messageName(e *entry) string {
	return m.t.T("name.message", m.hide(e.name.String()).Truncate(16).String(), m.hide(e.ev.Text).Truncate(24).String())
}

func (m *Model) openMessage(r *room, e entry) tea.Cmd {
	a := &ask{title: m.t.T("ask.message", m.messageName(&e))}
	cannot := map[string][]string{} // by the reason
	var reasons []string
	for _, d := range messageDeeds {
		words := m.named("do", d.does.Name())
		if why := m.cannot(r, &e, d.kind, d.does); why != "" {
			if cannot[why] == nil {
				reasons = append(reasons, why)
			}
			cannot[why] = append(cannot[why], words)
			continue
		}
		a.options = append(a.options, option{d.key, words, func(m *Model) tea.Cmd { return m.onMessage(e, d.kind) }})
	}
	for _, why := range reasons {
		a.lines = append(a.lines, m.t.T("ask.cannot", strings.Join(cannot[why], m.t.T("word.and")), m.t.T(why)))
	}
	m.dialog = a
	return nil
}

// muteTimes are how long somebody may be muted for; 0 is for good.
var muteTimes = []time.Duration{10 * time.Minute, time.Hour, 24 * time.Hour, 7 * 24 * time.Hour, 0}

// onMessage asks for what is missing, then for the deed.
func (m *Model) onMessage(e entry, kind string) tea.Cmd {
	index, name := e.ev.Index, m.messageName(&e)
	switch kind {
	case moderation.EffectPin:
		return m.act(moderation.PinMessage{Event: index}, name)
	case moderation.EffectUnpin:
		return m.act(moderation.UnpinMessage{Event: index}, name)
	case moderation.EffectUnmute:
		return m.act(moderation.UnmuteAuthor{Event: index}, name)
	case moderation.EffectDelete:
		return m.act(moderation.DeleteMessage{Event: index}, name)
	case moderation.EffectMute:
		a := &ask{title: m.t.T("ask.mute", name)}
		for _, d := range muteTimes {
			a.add(m.muteWords(feed.MuteText(d)), func(m *Model) tea.Cmd {
				return m.act(moderation.MuteAuthor{Event: index, For: d}, name)
			})
		}
		m.dialog = a
		return nil
	}
	key := draftKey(moderation.ReplyMessage{Event: index})
	m.dialog = &form{
		title: m.t.T("form.reply", name), hint: m.t.T("form.reply_hint"), needed: true, line: m.draft(key, ""),
		send: func(m *Model, s string) tea.Cmd {
			return m.act(moderation.ReplyMessage{Event: index, Text: s}, name)
		},
		leave: func(m *Model, s string) {
			if strings.TrimSpace(s) != "" {
				m.drafts[key] = s
				m.say(m.t.T("say.reply_kept"))
			}
		},
	}
	return nil
}

// asked says what will be done outside, or is asked for once more, or no more; ""
// for what is done here.
func (m *Model) asked(d done) string {
	switch c := d.cmd.(type) {
	case moderation.MuteAuthor, moderation.UnmuteAuthor, moderation.DeleteMessage, moderation.PinMessage, moderation.UnpinMessage, moderation.ReplyMessage:
		return m.t.T("say.will_act", m.named("do", c.Name()), d.target)
	case moderation.RetryEffect:
		return m.t.T("say.retried", d.target)
	case moderation.LeaveEffect:
		return m.t.T("say.left", d.target)
	}
	return ""
}

// muteWords is how long a mute lasts.
func (m *Model) muteWords(text string) string {
	d, err := feed.MuteTime(text)
	switch {
	case err != nil:
		return feed.Sanitise(text).Truncate(16).String()
	case d == 0:
		return m.t.T("mute.for_good")
	case d%(24*time.Hour) == 0:
		return m.t.T("mute.days", int(d/(24*time.Hour)))
	}
	return m.span(d)
}

// setEffect takes in what was asked for, and what became of it.
func (r *room) setEffect(e moderation.Effect) {
	if e.Flag != 0 && r.effects[e.Flag].ID <= e.ID {
		r.effects[e.Flag] = e
	}
	if e.Stuck() {
		r.stuck[e.ID] = e
	} else {
		delete(r.stuck, e.ID)
	}
	if e.Event == 0 {
		return
	}
	acts := r.acts[e.Event]
	i, known := slices.BinarySearchFunc(acts, e.ID, func(x moderation.Effect, id int64) int { return int(x.ID - id) })
	if known {
		acts[i] = e
	} else {
		r.acts[e.Event] = slices.Insert(acts, i, e)
	}
	for _, g := range []*ring{&r.chat, r.past[paneChat]} { // an entry may stand in both
		if g == nil {
			continue
		}
		if x := g.byIndex(e.Event); x != nil {
			x.version++
		}
	}
}

// actMark is the mark of a message that something was asked for about: the newest
// that is not done stands for all.
func (m *Model) actMark(r *room, e *entry) (string, style) {
	mark, st := "", m.th.plain
	for _, x := range r.acts[e.ev.Index] {
		switch {
		case x.Stuck():
			mark, st = "✗", m.th.wrong
		case x.Status == moderation.EffectPending, x.Status == moderation.EffectBegun:
			mark, st = "↺", m.th.need
		case x.Status == moderation.EffectSent && x.Kind == moderation.EffectMute && mark == "":
			mark, st = "⊘", m.th.dim
		case x.Status == moderation.EffectSent && x.Kind == moderation.EffectUnmute && mark == "⊘":
			mark, st = "", m.th.plain
		}
	}
	return mark, st
}

// actRows tell of a message what can be done about it, and what was done.
func (m *Model) actRows(r *room, d *doc, e *entry) {
	for _, x := range slices.Backward(r.acts[e.ev.Index]) {
		m.askedRow(d, &x)
	}
	if e.ev.Kind == feed.KindChat {
		d.own("detail.can", m.th.dim, m.canWords(r, e.ev.Source))
	}
}

// askedRow tells what was asked for, and what came of it.
func (m *Model) askedRow(d *doc, e *moderation.Effect) {
	st := m.th.dim
	switch {
	case e.Stuck():
		st = m.th.wrong
	case e.Status == moderation.EffectSent:
		st = m.th.fine
	case e.Status == moderation.EffectPending, e.Status == moderation.EffectBegun:
		st = m.th.need
	}
	words := m.actWords(e) + " · " + m.named("effect", string(e.Status))
	if e.Result != "" {
		words += " · " + m.effectReason(e.Result)
	}
	d.own("detail.asked", st, words)
}

// actWords says what was asked for.
func (m *Model) actWords(x *moderation.Effect) string {
	words := m.named("act", x.Kind)
	switch x.Kind {
	case moderation.EffectMute:
		return words + " " + m.muteWords(x.Text)
	case moderation.EffectReply, moderation.CorrectHost{}.Name():
		return words + " “" + m.hide(x.Text).Truncate(30).String() + "”"
	}
	return words
}

// canWords lists what can be done about what a source brings, or that it only reads.
func (m *Model) canWords(r *room, source string) string {
	var can []string
	for _, d := range messageDeeds {
		if m.opt.Desk.WayOut(r.info.ID, source, d.kind) {
			can = append(can, m.named("act", d.kind))
		}
	}
	if len(can) == 0 {
		return m.t.T("source.reads_only")
	}
	return strings.Join(can, " ")
}
