package storetest

import (
	"cmp"
	"slices"
	"testing"
	"time"

	"liveroom/claims"
	"liveroom/moderation"
)

// testWaiting: what ranks the cases is what stands in them, and those that
// somebody may be given are those that the case itself says are free.
func testWaiting(t *testing.T, h *harness) {
	now, lease := at(time.Hour), at(2*time.Hour)
	var all []moderation.Case
	put := func(change func(c *moderation.Case)) moderation.Case {
		c := moderation.Case{Room: "A", Kind: moderation.CaseComplaint, State: moderation.CaseStateOpen}
		change(&c)
		h.update(func(tx moderation.Tx) error { return tx.PutCase(&c) })
		all = append(all, c)
		return c
	}
	heavy := put(func(c *moderation.Case) {
		c.Urgent, c.Earlier, c.StakeFen, c.DueAt, c.Escalated = 3, 5, 1<<39, at(time.Minute), at(0)
	})
	put(func(c *moderation.Case) { c.Room, c.StakeFen = "B", 1 })
	for _, state := range []moderation.CaseState{
		moderation.CaseStateReview, moderation.CaseStateWaiting, moderation.CaseStateResolved, moderation.CaseStateClosed, moderation.CaseStateWithdrawn,
	} {
		put(func(c *moderation.Case) { c.State = state })
	}
	put(func(c *moderation.Case) { c.Kind = moderation.CaseSpotCheck })
	put(func(c *moderation.Case) { c.Owner = "阿岚" })
	put(func(c *moderation.Case) { c.Owner, c.LeaseUntil = "阿岚", lease.Add(1) })
	put(func(c *moderation.Case) { c.Owner, c.LeaseUntil = "阿岚", lease })
	put(func(c *moderation.Case) { c.SnoozedTo = now.Add(1) })
	put(func(c *moderation.Case) { c.SnoozedTo = now })

	kinds := []moderation.CaseKind{moderation.CaseComplaint, moderation.CaseAppeal}
	for _, room := range []string{"", "A"} {
		var open, free []int64
		for _, c := range all {
			if c.State.Over() || room != "" && c.Room != room {
				continue
			}
			open = append(open, c.ID)
			given := c.State == moderation.CaseStateOpen || c.State == moderation.CaseStateReview
			if given && c.Holder(lease) == "" && !now.Before(c.SnoozedTo) && slices.Contains(kinds, c.Kind) {
				free = append(free, c.ID)
			}
		}
		same(t, "cases of room "+room+" that are not over", ids(must[[]moderation.Waiting](t)(h.Waiting(t.Context(), moderation.WaitingFor{Room: room}))), open)
		of := moderation.WaitingFor{Room: room, Free: true, Kinds: kinds, Lease: lease, Now: now}
		same(t, "cases of room "+room+" that are free", ids(must[[]moderation.Waiting](t)(h.Waiting(t.Context(), of))), free)
	}
	waiting := must[[]moderation.Waiting](t)(h.Waiting(t.Context(), moderation.WaitingFor{Room: "A"}))
	i := slices.IndexFunc(waiting, func(w moderation.Waiting) bool { return w.ID == heavy.ID })
	same(t, "what makes it urgent", waiting[i], moderation.Waiting{
		ID: heavy.ID, DueAt: heavy.DueAt, Escalated: true, Urgent: 3, StakeFen: 1 << 39, Earlier: 5,
	})
}

func ids(waiting []moderation.Waiting) []int64 {
	var out []int64
	for _, w := range waiting {
		out = append(out, w.ID)
	}
	slices.SortFunc(out, cmp.Compare[int64])
	return out
}

// testAlike: a case is as alike others as the largest problem of its complaints.
func testAlike(t *testing.T, h *harness) {
	index := h.add(chat("A", 1))[0]
	problems := make([]moderation.Problem, 2)
	for i := range problems {
		h.update(func(tx moderation.Tx) error { problems[i].Room = "A"; return tx.PutProblem(&problems[i]) })
	}
	c := moderation.Case{Room: "A", State: moderation.CaseStateOpen}
	h.update(func(tx moderation.Tx) error { return tx.PutCase(&c) })
	for i, in := range []struct{ problem, incident int64 }{{problems[0].ID, c.ID}, {problems[1].ID, c.ID}, {problems[1].ID, 0}, {problems[1].ID, 99}, {0, c.ID}} {
		m := moderation.Complaint{Room: "A", Event: index, Problem: in.problem, Case: in.incident, Score: i}
		h.update(func(tx moderation.Tx) error { return tx.PutComplaint(&m) })
	}
	waiting := must[[]moderation.Waiting](t)(h.Waiting(t.Context(), moderation.WaitingFor{}))
	same(t, "what waits", waiting, []moderation.Waiting{{ID: c.ID, Alike: 3}})
}

// testCaseAbout finds the oldest case of the same matter that is not over.
func testCaseAbout(t *testing.T, h *harness) {
	about := func() (moderation.Case, error) {
		return h.CaseAbout(t.Context(), "A", moderation.CaseFalseAdvertising, "D01", claims.CategoryMaterial)
	}
	put := func(change func(c *moderation.Case)) moderation.Case {
		c := moderation.Case{Room: "A", Kind: moderation.CaseFalseAdvertising, State: moderation.CaseStateOpen, SKU: "D01", Category: claims.CategoryMaterial}
		change(&c)
		h.update(func(tx moderation.Tx) error { return tx.PutCase(&c) })
		return c
	}
	put(func(c *moderation.Case) { c.Room = "B" })
	put(func(c *moderation.Case) { c.Kind = moderation.CaseComplaint })
	put(func(c *moderation.Case) { c.SKU = "D02" })
	put(func(c *moderation.Case) { c.Category = claims.CategoryPrice })
	for _, over := range []moderation.CaseState{moderation.CaseStateResolved, moderation.CaseStateClosed, moderation.CaseStateWithdrawn} {
		put(func(c *moderation.Case) { c.State = over })
	}
	_, err := about()
	wantErr(t, "no case about it", err, moderation.ErrNotFound)
	first := put(func(c *moderation.Case) { c.State = moderation.CaseStateWaiting })
	put(func(*moderation.Case) {})
	same(t, "the case about it", must[moderation.Case](t)(about()), first)
}
