package moderation

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/go-json-experiment/json"
)

// CaseRows is what a case is about, read from the record.
type CaseRows struct {
	Case       Case
	Flags      []Flag
	Complaints []Complaint
	Orders     []Order
	Actions    []Action // who did what with it, in order

	byLeaf map[leafKey]kept // each row by what its leaves call it
}

// RowsOf reads a case with its flags, its complaints and its orders, those that
// its complaints name included, and what was done with it.
func RowsOf(ctx context.Context, r Record, id int64) (CaseRows, error) {
	c, err := r.Case(ctx, id)
	if err != nil {
		return CaseRows{}, fmt.Errorf("rows of %s: %w", caseName(id), found(caseName(id), err))
	}
	rows := CaseRows{Case: c}
	for _, id := range c.Flags {
		f, err := r.Flag(ctx, id)
		if err != nil {
			return rows, fmt.Errorf("rows of %s: %s: %w", caseName(c.ID), flagName(id), err)
		}
		rows.Flags = append(rows.Flags, f)
	}
	orders := slices.Clone(c.Orders)
	for _, id := range c.Complaints {
		m, err := r.Complaint(ctx, id)
		if err != nil {
			return rows, fmt.Errorf("rows of %s: %s: %w", caseName(c.ID), complaintName(id), err)
		}
		rows.Complaints = append(rows.Complaints, m)
		if m.OrderID != "" {
			orders = append(orders, m.OrderID)
		}
	}
	for _, id := range unique(orders) {
		o, err := r.Order(ctx, id)
		if errors.Is(err, ErrNotFound) && !slices.Contains(c.Orders, id) {
			continue // a complaint may name an order that nobody told of
		}
		if err != nil {
			return rows, fmt.Errorf("rows of %s: %s: %w", caseName(c.ID), orderName(id), err)
		}
		rows.Orders = append(rows.Orders, o)
	}
	return rows, rows.readActions(ctx, r)
}

// Row is the content of one of the rows as its leaf's hash is made of it.
func (r *CaseRows) Row(kind, ref string) ([]byte, error) {
	k, err := r.row(kind, ref)
	if err != nil {
		return nil, err
	}
	return rowBytes(k.content())
}

// Erased tells whether a row's personal part is gone.
func (r *CaseRows) Erased(kind, ref string) bool {
	k, err := r.row(kind, ref)
	return err == nil && k.sealed().Erased()
}

func (r *CaseRows) row(kind, ref string) (kept, error) {
	if r.byLeaf == nil {
		r.byLeaf = make(map[leafKey]kept)
		note(r.byLeaf, []Case{r.Case})
		note(r.byLeaf, r.Flags)
		note(r.byLeaf, r.Complaints)
		note(r.byLeaf, r.Orders)
		note(r.byLeaf, r.Actions)
		for _, o := range r.Orders {
			r.byLeaf[leafKey{LeafOrder, o.ID}] = o // as the ledger called it before there were seals
		}
	}
	k := r.byLeaf[leafKey{kind, ref}]
	if k == nil {
		return nil, fmt.Errorf("%s %s: %w", kind, ref, ErrNotFound)
	}
	return k, nil
}

func note[T kept](by map[leafKey]kept, rows []T) {
	for _, r := range rows {
		kind, ref, _ := r.leaf()
		by[leafKey{kind, ref}] = r
	}
}

// Salt is what of the row is hashed before it, for the newest of its leaves;
// empty where the leaf is of the row alone.
func (r *CaseRows) Salt(kind, ref string, leaf []byte) ([]byte, error) {
	k, err := r.row(kind, ref)
	if err != nil {
		return nil, err
	}
	return saltOf(k.sealed(), leaf)
}

// EventSalt is Salt of an event.
func EventSalt(e *Recorded, leaf []byte) ([]byte, error) { return saltOf(e.Seal, leaf) }

func saltOf(s Seal, leaf []byte) ([]byte, error) {
	var l struct {
		V int `json:"v"`
	}
	if err := json.Unmarshal(leaf, &l); err != nil {
		return nil, fmt.Errorf("read a leaf: %w", err)
	}
	if l.V < sealedLeaf || s.Holder == 0 {
		return nil, nil
	}
	return s.Salt[:], nil
}

// A Change is what an action did to a row, as far as its state tells.
type Change struct {
	Kind     string // LeafCase or LeafFlag
	ID       int64
	From, To string
}

// Row is the row's name, as in "case #1".
func (c Change) Row() string {
	if c.Kind == LeafFlag {
		return flagName(c.ID)
	}
	return caseName(c.ID)
}

// Changes reads what an action did to cases and flags.
func (a Action) Changes() ([]Change, error) {
	before, after, err := a.rows()
	if err != nil {
		return nil, err
	}
	var out []Change
	was := make(map[int64]string)
	for _, c := range before.Cases {
		was[c.ID] = string(c.State)
	}
	for _, c := range after.Cases {
		out = append(out, Change{LeafCase, c.ID, was[c.ID], string(c.State)})
	}
	clear(was)
	for _, f := range before.Flags {
		was[f.ID] = string(f.Status)
	}
	for _, f := range after.Flags {
		out = append(out, Change{LeafFlag, f.ID, was[f.ID], string(f.Status)})
	}
	return out, nil
}

func (a Action) rows() (before, after rowSet, err error) {
	if err := errors.Join(json.Unmarshal(a.Before, &before), json.Unmarshal(a.After, &after)); err != nil {
		return before, after, fmt.Errorf("action %d: %w", a.ID, err)
	}
	return before, after, nil
}

// touches tells whether the action changed the case or one of its flags, or
// revealed something of it.
func (a Action) touches(c *Case) (bool, error) {
	_, after, err := a.rows()
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(after.Cases, func(o Case) bool { return o.ID == c.ID }) ||
		slices.ContainsFunc(after.Flags, func(f Flag) bool { return slices.Contains(c.Flags, f.ID) }) ||
		after.Reveal != nil && after.Reveal.Case == c.ID, nil
}

// readActions reads who did what with the case, a page at a time.
func (r *CaseRows) readActions(ctx context.Context, record Record) error {
	for page := (Page{Limit: auditPage}); ; {
		some, err := record.Actions(ctx, page)
		if err != nil {
			return fmt.Errorf("actions of %s: %w", caseName(r.Case.ID), err)
		}
		for _, a := range some {
			page.After = a.ID
			on, err := a.touches(&r.Case)
			if err != nil {
				return err
			}
			if on {
				r.Actions = append(r.Actions, a)
			}
		}
		if len(some) < auditPage {
			return nil
		}
	}
}
