package moderation

import (
	"maps"
	"slices"
)

// withdraws notes an event that withdraws others.
func (a *auditor) withdraws(e *Recorded) {
	if !e.Withdraws() {
		return
	}
	if a.withdrawing == nil {
		a.withdrawing = make(map[string]map[int64]bool)
	}
	if a.withdrawing[e.Room] == nil {
		a.withdrawing[e.Room] = make(map[int64]bool)
	}
	a.withdrawing[e.Room][e.Index] = true
}

// withdrawals names the events that withdraw others and are not listed as such: what
// they took back would be shown as if it stood.
func (a *auditor) withdrawals() error {
	for _, room := range slices.Sorted(maps.Keys(a.withdrawing)) {
		left := a.withdrawing[room]
		for last := int64(0); ; {
			a.reads.Lock()
			told, err := a.store.Withdrawing(a.ctx, room, last, auditPage)
			a.reads.Unlock()
			if err != nil {
				return a.damaged(LeafEvent, err)
			}
			for i := range told {
				last = told[i].Index
				delete(left, last)
			}
			if len(told) < auditPage {
				break
			}
		}
		for _, index := range slices.Sorted(maps.Keys(left)) {
			a.fault(LeafEvent, number(index), "withdraws others, and is not listed among those that do")
		}
	}
	return nil
}
