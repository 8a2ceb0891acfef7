package moderation

import (
	"context"
	"slices"
	"strings"
)

// row compares a row with its newest leaf.
func (a *auditor) row(k kept) {
	kind, ref, _ := k.leaf()
	a.Rows++
	want, ok := a.take(leafKey{kind, ref})
	if o, is := k.(Order); is && o.Seal.Holder != 0 {
		// It was called by the shop's number before there were seals.
		if older, was := a.take(leafKey{kind, o.ID}); !ok {
			want, ok = older, was
		}
	}
	blank, blanked := a.blank[leafKey{kind, ref}]
	erased := k.sealed().Erased()
	if erased {
		a.Erased++
	}
	switch {
	case blanked && !erased:
		a.fault(kind, ref, "leaf %d was erased and the row was not", blank)
	case !ok && !blanked:
		a.fault(kind, ref, "stands in the record without a leaf")
	case erased && want.Row != "" && !a.gone.covers(k.sealed().Holder, noTime):
		a.fault(kind, ref, "%v", errUntold)
	case ok:
		a.compareRow(k, want)
	}
}

// take is the newest leaf of a row, which is then accounted for.
func (a *auditor) take(key leafKey) (rowSums, bool) {
	l, ok := a.newest[key]
	delete(a.newest, key)
	return l, ok
}

func (a *auditor) compareRow(k kept, want rowSums) {
	kind, ref, got := k.leaf()
	var err error
	if want.V == 0 {
		got.Row, err = rowSum(k.content())
	} else {
		err = got.commit(k)
	}
	if err == nil && k.sealed().Erased() {
		if want.V == 0 {
			a.fault(kind, ref, "was erased, and its leaf still tells of it")
			return
		}
		got.Row = want.Row
	}
	switch {
	case err != nil:
		a.fault(kind, ref, "%v", err)
	case got.Row != want.Row || got.Open != want.Open || got.Holder != want.Holder:
		a.fault(kind, ref, "is not as its newest leaf says: hash %.16s, recorded %.16s", got.Row+got.Open, want.Row+want.Open)
	}
}

// missing names the rows that have leaves and are gone.
func (a *auditor) missing() {
	keys := make([]leafKey, 0, len(a.newest))
	for k := range a.newest {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(x, y leafKey) int {
		return strings.Compare(x.kind+" "+x.ref, y.kind+" "+y.ref)
	})
	for _, k := range keys {
		a.fault(k.kind, k.ref, "is gone from the record, the ledger holds its hash")
	}
}

// auditRows compares all rows of one kind.
func auditRows[T kept](a *auditor, list func(context.Context, Page) ([]T, error), key func(*T) int64) error {
	pages := readAhead(&a.reads, func(after int64) ([]T, error) { return list(a.ctx, Page{After: after, Limit: auditPage}) }, key)
	defer pages.stop()
	for {
		rows, err := pages.page()
		if err != nil {
			var none T
			kind, _, _ := none.leaf()
			return a.damaged(kind, err)
		}
		if len(rows) == 0 {
			return nil
		}
		for _, r := range rows {
			a.row(r)
		}
	}
}

func (a *auditor) flags() error {
	return auditRows(a, a.store.Flags, func(f *Flag) int64 { return f.ID })
}

func (a *auditor) complaints() error {
	return auditRows(a, a.store.Complaints, func(c *Complaint) int64 { return c.ID })
}

func (a *auditor) problems() error {
	return auditRows(a, a.store.Problems, func(p *Problem) int64 { return p.ID })
}

func (a *auditor) questions() error {
	return auditRows(a, a.store.Questions, func(q *Question) int64 { return q.ID })
}

func (a *auditor) orders() error {
	return auditRows(a, a.store.Orders, func(o *Order) int64 { return o.Number })
}

func (a *auditor) cases() error {
	return auditRows(a, a.store.Cases, func(c *Case) int64 { return c.ID })
}

func (a *auditor) actions() error {
	return auditRows(a, a.store.Actions, func(x *Action) int64 { return x.ID })
}

func (a *auditor) effects() error {
	all, err := a.store.Effects(a.ctx, noTime)
	if err != nil {
		return a.damaged(LeafEffect, err)
	}
	for _, e := range all {
		a.row(e)
	}
	return nil
}
