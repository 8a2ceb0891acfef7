package tui

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/moderation/policy"
	"liveroom/tui/text"
)

// The rules of work. Whatever may take as long as a disk runs in a command on
// a goroutine of its own and comes back as a message; it reads nothing of the
// model. Nothing is shown as done before its message is here.

// done is what an action came to.
type done struct {
	cmd    moderation.Command
	target string // what it was about, in words
	res    moderation.Result
	err    error
	then   func(*Model, moderation.Result) tea.Cmd // what follows once it is done; nil: nothing
}

// act performs an action of the person. target names what it is about.
func (m *Model) act(c moderation.Command, target string) tea.Cmd { return m.actThen(c, target, nil) }

// actThen is act with something that follows once it is done.
func (m *Model) actThen(c moderation.Command, target string, then func(*Model, moderation.Result) tea.Cmd) tea.Cmd {
	m.pending[target]++
	desk, actor, ctx := m.opt.Desk, m.opt.Actor, m.ctx
	return func() tea.Msg {
		res, err := desk.Do(ctx, actor, c)
		return done{c, target, res, err, then}
	}
}

// settleAction shows what an action came to.
func (m *Model) settleAction(d done) tea.Cmd {
	m.arrived(d.target)
	if d.err != nil {
		why := m.t.T("say.failed", m.named("do", d.cmd.Name()), d.target, m.refusal(d.err))
		if m.keepDraft(d.cmd) {
			why += m.t.T("say.text_kept")
		}
		m.complain(why)
		m.preselect() // the flag waits again
		return nil
	}
	m.takeIn(d.res)
	if c, ok := d.cmd.(moderation.Reveal); ok {
		m.setSight(c, d.res.Until)
	}
	what := m.outcome(d) + m.ofPlatform(d.res)
	m.say(what)
	if _, isUndo := d.cmd.(moderation.Undo); isUndo {
		if len(m.undo) > 0 {
			m.undo = m.undo[:len(m.undo)-1]
		}
		return m.detailCmd()
	}
	if d.res.UndoUntil.After(m.opt.Wall()) {
		m.undo = append(m.undo, undoable{what: what, until: d.res.UndoUntil, leaves: d.res.Leaves, actions: 1})
	}
	if next := m.afterInZen(d); next != nil {
		return tea.Batch(next, m.detailCmd())
	}
	if d.then != nil {
		return tea.Batch(d.then(m, d.res), m.detailCmd())
	}
	return m.detailCmd()
}

// takeIn shows the rows of a result even if the update with them is late.
func (m *Model) takeIn(res moderation.Result) {
	if f := res.Flag; f != nil {
		if old := m.room(f.Room).flags.get(f.ID); old == nil || old.v.Version <= f.Version {
			m.room(f.Room).setFlag(*f)
		}
	}
	if c := res.Case; c != nil {
		if old := m.room(c.Room).cases.get(c.ID); old == nil || old.v.Version <= c.Version {
			m.room(c.Room).cases.put(c.ID, *c)
		}
	}
}

// outcome says in words what was done.
func (m *Model) outcome(d done) string {
	number := ""
	if d.res.Case != nil {
		number = "#" + strconv.FormatInt(d.res.Case.ID, 10)
	} else if d.res.Flag != nil && d.res.Flag.Case != 0 {
		number = "#" + strconv.FormatInt(d.res.Flag.Case, 10)
	}
	if said := m.asked(d); said != "" {
		return said
	}
	switch c := d.cmd.(type) {
	case moderation.ConfirmFlag:
		if number == "" {
			return m.t.T("say.confirmed", d.target)
		}
		return m.t.T("say.opened", number, d.target)
	case moderation.DismissFlag:
		return m.t.T("say.dismissed", d.target)
	case moderation.SnoozeFlag:
		return m.t.T("say.snoozed", d.target)
	case moderation.CorrectHost:
		return m.t.T("say.correcting", feed.Sanitise(c.Text).Truncate(40).String())
	case moderation.TellHost:
		return m.t.T("say.told", feed.Sanitise(c.Text).Truncate(40).String())
	case moderation.OpenCase:
		return m.t.T("say.opened", number, d.target)
	case moderation.OpenExposed:
		if a := d.res.Attached; a != nil {
			return m.t.T("say.exposed", number, a.Orders, a.Kept, a.Elsewhere, a.Related)
		}
	case moderation.TakeCase:
		return m.t.T("say.taken", d.target)
	case moderation.MoveCase:
		return m.t.T("say.moved", d.target, m.named("state", string(c.To)))
	case moderation.NoteCase:
		return m.t.T("say.noted", d.target)
	case moderation.Reveal:
		return m.t.T("say.revealed", d.target, int(revealedFor/time.Second))
	case moderation.RecordRule:
		return m.t.T("say.rule", d.target)
	case moderation.ApprovePayment:
		return m.t.T("say.approved", d.target)
	case moderation.RefusePayment:
		return m.t.T("say.refused", d.target)
	case moderation.ReviewSample:
		return m.t.T("say.reviewed", d.target)
	case moderation.ReplyBuyer:
		return m.repliedTo(c)
	case moderation.NextCase:
		return m.t.T("say.taken", d.target)
	case moderation.AddToCase:
		return m.t.T("say.put_into", d.target)
	case moderation.AssignCase:
		return m.t.T("say.assigned", d.target, m.by(c.To))
	case moderation.EscalateCase:
		return m.t.T("say.escalated", d.target)
	case moderation.SnoozeCase:
		return m.t.T("say.snoozed_until", d.target, c.Until.In(m.zone()).Format("01-02 15:04"))
	case moderation.EraseBuyer:
		if e := d.res.Erased; e != nil {
			return m.t.T("say.erased", d.target, e.Events, e.Rows)
		}
	case moderation.Undo:
		if d.res.Undone == "" {
			return m.t.T("say.nothing_undone")
		}
		return m.t.T("say.undone", m.named("do", d.res.Undone))
	}
	return m.t.T("say.done", m.named("do", d.cmd.Name())+" · "+d.target)
}

// refusal turns an error of the desk into words with what to do. The desk's
// own text may hold untrusted text and is made fit before it is shown.
func (m *Model) refusal(err error) string {
	var no *moderation.Refusal
	switch {
	case errors.As(err, &no):
		return m.refusalWords(no)
	case errors.Is(err, moderation.ErrConflict):
		return m.t.T("err.conflict")
	case errors.Is(err, moderation.ErrNotFound):
		return m.t.T("err.not_found")
	case errors.Is(err, context.Canceled):
		return m.t.T("err.cancelled")
	case errors.Is(err, context.DeadlineExceeded):
		return m.t.T("err.deadline")
	}
	return feed.Sanitise(err.Error()).Truncate(200).String()
}

// refusalWords makes the sentence of a refusal in the person's language.
func (m *Model) refusalWords(no *moderation.Refusal) string {
	key := "refusal." + string(no.Code)
	if !m.t.Has(key) {
		return feed.Sanitise(no.Error()).Truncate(200).String()
	}
	var pairs []string
	for name, value := range no.Args {
		pairs = append(pairs, "{"+name+"}", m.argument(name, value))
	}
	return strings.NewReplacer(pairs...).Replace(m.t.T(key))
}

// missingFacts puts facts into words.
func (m *Model) missingFacts(facts []policy.Fact) string {
	names := make([]string, len(facts))
	for i, f := range facts {
		names[i] = string(f)
	}
	return m.factNames(strings.Join(names, ", "))
}

// factNames puts the facts that a policy misses into words.
func (m *Model) factNames(list string) string {
	var zh, en []string
	for name := range strings.SplitSeq(list, ", ") {
		words := policy.Fact(name).Info().Text
		zh, en = append(zh, words.ZH), append(en, words.EN)
	}
	if m.t.Lang == text.ZH {
		return strings.Join(zh, "、")
	}
	return strings.Join(en, "; ")
}

// argument puts one argument of a refusal into words; what is no known word is
// untrusted text.
func (m *Model) argument(name, value string) string {
	key := ""
	switch name {
	case "from", "to":
		key = "state." + value
	case "state":
		key = "flagstate." + value
	case "kind":
		key = "casekind." + value
	case "of":
		return m.argument("row", value)
	case "progress":
		key = "order." + value
	case "command":
		key = "do." + value
	case "effect":
		key = "effect." + value
	case "role":
		key = "role." + value
	case "row":
		what, id, _ := strings.Cut(value, " ")
		if key = "row." + what; m.t.Has(key) {
			return m.t.T(key, feed.Sanitise(id).Truncate(40).String())
		}
	case "why":
		return feed.Sanitise(value).Truncate(200).String()
	case "offender", "gravity":
		key = name + "." + value
	case "measures":
		return m.measures(value)
	case "facts":
		return feed.Sanitise(m.factNames(value)).Truncate(200).String()
	case "by":
		return m.by(value)
	case "at":
		if at, err := time.Parse(time.RFC3339, value); err == nil {
			return at.In(m.zone()).Format(time.DateTime)
		}
	case "until":
		if at, err := time.Parse(time.RFC3339, value); err == nil {
			return at.In(m.zone()).Format("15:04:05")
		}
	}
	if key != "" && m.t.Has(key) {
		return m.t.T(key)
	}
	return feed.Sanitise(value).Truncate(60).String()
}

// measures are the measures of a penalty in words.
func (m *Model) measures(list string) string {
	var out []string
	for name := range strings.SplitSeq(list, ", ") {
		words := policy.Measure(name).Text().EN
		if m.t.Lang == text.ZH {
			words = policy.Measure(name).Text().ZH
		}
		if words == "" {
			words = feed.Sanitise(name).Truncate(40).String()
		}
		out = append(out, words)
	}
	return strings.Join(out, ", ")
}

// windowRead is an order's speech window.
type windowRead struct {
	room, order string
	version     int64
	lines       []moderation.Spoken
	err         error
}

// detailCmd reads what the panes need beyond what is known, of what they tell
// about now.
func (m *Model) detailCmd() tea.Cmd {
	r := m.here()
	if r == nil {
		return nil
	}
	moving := m.moving
	m.moving = nil
	return tea.Batch(moving, m.windowCmd(r), m.scenarioCmd(r), m.judgeCmd(r))
}

// windowCmd reads the speech window of the order in hand.
func (m *Model) windowCmd(r *room) tea.Cmd {
	order, _ := r.orderInHand()
	if order == nil {
		return nil
	}
	have, asked := r.spoken[order.ID]
	if asked && (have.loading || have.version == order.Version && have.err == nil) {
		return nil
	}
	r.spoken[order.ID] = spoken{loading: true, lines: have.lines, version: order.Version}
	desk, ctx, id, roomID, version := m.opt.Desk, m.ctx, order.ID, r.info.ID, order.Version
	return func() tea.Msg {
		lines, err := desk.SpeechWindow(ctx, id)
		return windowRead{roomID, id, version, lines, err}
	}
}

// windowCap bounds the speech windows kept; they are cheap to read again.
const windowCap = 200

func (m *Model) setSpoken(msg windowRead) {
	r := m.room(msg.room)
	if len(r.spoken) > windowCap {
		clear(r.spoken)
	}
	r.spoken[msg.order] = spoken{lines: msg.lines, err: msg.err, version: msg.version}
}
