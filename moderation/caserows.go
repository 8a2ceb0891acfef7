package moderation

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// CaseRows is what a case is about, read from the record.
type CaseRows struct {
	Case       Case
	Flags      []Flag
	Complaints []Complaint
	Orders     []Order
}

// RowsOf reads a case with its flags, its complaints and its orders, those that
// its complaints name included.
func RowsOf(ctx context.Context, r Reader, id int64) (CaseRows, error) {
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
	return rows, nil
}
