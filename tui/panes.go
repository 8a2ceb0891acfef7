package tui

import (
	"slices"

	"liveroom/moderation"
)

// textPanes tell about the subject; what is in them is scrolled, not selected.
var textPanes = []pane{paneDetail, paneProduct, paneEvidence, paneWindow, panePolicy, paneReply, paneRules, panePeople}

func isText(p pane) bool { return slices.Contains(textPanes, p) }

// list is the pane whose rows a subject is one of: several panes may list the
// same things.
func (s subject) list() pane {
	switch s.pane {
	case paneSegments:
		return paneFlags
	case paneChecks, paneAppeals:
		return paneCases
	}
	return s.pane
}

// caseLists are the panes that list cases.
var caseLists = []pane{paneCases, paneChecks, paneAppeals}

// caseSubject is the case that the room's detail tells about, if it is one.
func (r *room) caseSubject() *moderation.Case {
	if r.subject.list() != paneCases {
		return nil
	}
	if c := r.cases.get(r.subject.id); c != nil {
		return &c.v
	}
	return nil
}

// sharesRecords lets other panes list what the flags and the cases are made of:
// a record is kept once.
func (r *room) sharesRecords() {
	r.flags.by = map[int64]*record[moderation.Flag]{}
	r.cases.by = map[int64]*record[moderation.Case]{}
	r.segments = table[moderation.Flag]{by: r.flags.by, less: segmentOrder}
	r.checks = table[moderation.Case]{by: r.cases.by, less: caseOrder, keep: caseIs(moderation.CaseSpotCheck)}
	r.appeals = table[moderation.Case]{by: r.cases.by, less: caseOrder, keep: caseIs(moderation.CaseAppeal)}
	r.flags.also = []*table[moderation.Flag]{&r.segments}
	r.cases.also = []*table[moderation.Case]{&r.checks, &r.appeals}
}

func caseIs(k moderation.CaseKind) func(*record[moderation.Case]) bool {
	return func(c *record[moderation.Case]) bool {
		return c.v.Kind == k && c.v.State != moderation.CaseStateWithdrawn
	}
}

// casesIn is the table behind a pane that lists cases.
func (r *room) casesIn(p pane) *table[moderation.Case] {
	switch p {
	case paneChecks:
		return &r.checks
	case paneAppeals:
		return &r.appeals
	}
	return &r.cases
}
