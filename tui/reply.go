package tui

import (
	"slices"

	"liveroom/feed"
	"liveroom/moderation"
)

// complaintInHand is the complaint that an answer would go to: the selected one,
// or of a case the first that nobody answered.
func (r *room) complaintInHand() *moderation.Complaint {
	if r.subject.list() == paneComplaints {
		if c := r.complaints.get(r.subject.id); c != nil {
			return &c.v
		}
	}
	c := r.caseSubject()
	if c == nil {
		return nil
	}
	var first *moderation.Complaint
	for _, id := range c.Complaints {
		x := r.complaints.get(id)
		if x == nil {
			continue
		}
		if first == nil {
			first = &x.v
		}
		if !slices.ContainsFunc(c.Replies, func(a moderation.Reply) bool { return a.Complaint == id }) {
			return &x.v
		}
	}
	return first
}

// replyRows draws the words that want an answer, what was answered, and what is
// being written.
func (m *Model) replyRows(r *room, w, h int) []string {
	x := r.complaintInHand()
	if x == nil {
		return m.emptyRows(r, paneReply, w, h)
	}
	d := &doc{m: m, w: w}
	d.line("⚑", m.th.need, r.clock(x.At)+" ", m.th.plain, m.wordsOf(x.Text, x.Case))
	if c := r.cases.get(x.Case); c != nil {
		for _, a := range c.v.Replies {
			if a.Complaint == x.ID {
				d.line("↩", m.th.fine, r.clock(a.At)+" "+m.by(a.By)+" ", m.th.plain, feed.Sanitise(a.Text))
			}
		}
		if text := m.drafts[draftKey(moderation.ReplyBuyer{Case: x.Case, Complaint: x.ID})]; text != "" {
			d.line("✎", m.th.need, m.t.T("reply.draft")+" ", m.th.strong, feed.Sanitise(text))
		}
	} else {
		d.own("reply.none", m.th.dim, m.t.T("reply.case_first"))
	}
	return m.window(r, paneReply, d.rows, w, h)
}
