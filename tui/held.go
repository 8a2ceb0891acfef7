package tui

import (
	"slices"
	"strings"

	"liveroom/moderation"
)

// The rules of messages that a platform holds. A flag raised for one says before it is
// decided what the decision will do there, or that it is only recorded; after it, what
// was asked for, what came of it, and what the platform itself decided.

// heldActs are what a platform can be asked to do about a message that it holds, as
// dismissing and upholding the flag ask for it.
var heldActs = []string{moderation.EffectAllow, moderation.EffectDeny}

// heldRows tell of a flag on a held message how it stands on the platform.
func (m *Model) heldRows(r *room, d *doc, f *moderation.Flag) {
	e, asked := r.effects[f.ID]
	if asked {
		m.askedRow(d, &e)
	}
	switch {
	case f.Settled != "":
		d.own("detail.platform", m.th.plain, m.settlement(f))
	case undecided(f):
		d.own("detail.can", m.th.dim, m.heldCan(r, f))
	case !asked || e.Status == moderation.EffectCancelled:
		d.own("detail.platform", m.th.dim, m.t.T("held.only_recorded"))
	}
}

func undecided(f *moderation.Flag) bool {
	return f.Status == moderation.FlagOpen || f.Status == moderation.FlagSnoozed
}

// heldCan says what the source that told of a held message can be asked to do; ""
// where the screen does not know the source any more.
func (m *Model) heldCan(r *room, f *moderation.Flag) string {
	source := r.sourceOf(f.Event)
	if source == "" {
		return ""
	}
	can := slices.DeleteFunc(slices.Clone(heldActs), func(kind string) bool { return !m.opt.Desk.WayOut(f.Room, source, kind) })
	if len(can) == 0 {
		return m.t.T("held.reads_only")
	}
	for i := range can {
		can[i] = m.named("act", can[i])
	}
	return strings.Join(can, " ")
}

// settlement says what the platform decided, and who there.
func (m *Model) settlement(f *moderation.Flag) string {
	words := m.named("settled", f.Settled)
	if f.SettledBy != "" {
		words = m.t.T("held.settled_by", words, m.hide(f.SettledBy).Truncate(24).String())
	}
	return words
}

// heldState says behind who decided a held message's flag how it stands on the
// platform.
func (m *Model) heldState(r *room, f *moderation.Flag) string {
	e := r.effects[f.ID]
	switch {
	case !f.Held():
		return ""
	case f.Settled != "":
		return " · " + m.named("settled", f.Settled)
	case e.Stuck():
		return " · ✗" + m.actWords(&e)
	case e.Status == moderation.EffectPending, e.Status == moderation.EffectBegun:
		return " · ↺" + m.actWords(&e)
	}
	return ""
}

// ofPlatform says of a decision on a held message what it does on the platform.
func (m *Model) ofPlatform(res moderation.Result) string {
	f := res.Flag
	switch {
	case f == nil || !f.Held() || undecided(f) || f.Settled != "":
		return ""
	case !res.Leaves:
		return " · " + m.t.T("held.only_recorded")
	case f.Status == moderation.FlagConfirmed:
		return " · " + m.t.T("held.leaves", m.named("act", moderation.EffectDeny))
	}
	return " · " + m.t.T("held.leaves", m.named("act", moderation.EffectAllow))
}
