package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"liveroom/claims"
	"liveroom/moderation"
)

// What a claim reached is asked of tens of thousands of orders. The conditions
// must be written as the indexes flags_about and orders_bought are.

func (r *reader) FlagsAbout(ctx context.Context, room, sku string, c claims.Category) ([]moderation.Flag, error) {
	out, err := collect(ctx, r, scanFlag, "SELECT "+flags.columns+` FROM flags WHERE room = ?
		AND CASE WHEN json_valid(finding) THEN finding ->> 'SKU' END = ?
		AND CASE WHEN json_valid(finding) THEN finding ->> 'Category' END = ? ORDER BY id`, room, sku, string(c))
	if err != nil {
		return nil, fmt.Errorf("flags about %s of %s: %w", c, sku, err)
	}
	return out, nil
}

func (r *reader) Bought(ctx context.Context, room, sku string, from, to time.Time) ([]moderation.Bought, error) {
	const bought = boughtFrom + " WHERE room = ? AND sku = ? AND coalesce(nullif(paid_at, 0), created_at) "
	scan := newBoughtScan()
	out, err := gather(ctx, r, scan, boughtColumns, bought+"BETWEEN ? AND ?", room, sku, moderation.Stamp(from), moderation.Stamp(to))
	if err != nil {
		return nil, fmt.Errorf("orders of %s: %w", sku, err)
	}
	if moderation.Stamp(from) > 0 || moderation.Stamp(to) < 0 {
		untimed, err := gather(ctx, r, scan, boughtColumns, bought+"= 0", room, sku)
		if err != nil {
			return nil, fmt.Errorf("orders of %s: %w", sku, err)
		}
		out = append(out, untimed...)
	}
	return out, nil
}

// A subquery in a column opens its table anew with every row. Keys are joined,
// and the few orders that a payment was proposed for are listed once.
const (
	boughtColumns = `id, address_hash, device, holder, sealed, buyer_keys.secret, orders.number, created_at, paid_at, shipped_at,
		paid_fen, refund, refund_fen, case_id, id IN (SELECT value FROM case_links WHERE kind = 'order')`
	boughtFrom = "FROM orders LEFT JOIN buyer_keys ON buyer_keys.number = holder"
)

// newBoughtScan reads one row after the other into the same place.
func newBoughtScan() func(scanner) (moderation.Bought, error) {
	var row struct {
		kept                           keptOrder
		sealed, secret                 sql.RawBytes
		of                             moderation.Seal
		number, created, paid, shipped int64
		b                              moderation.Bought
	}
	return func(s scanner) (moderation.Bought, error) {
		b := &row.b
		b.ID = ""
		if err := s.Scan(&row.kept.name, &row.kept.address, &row.kept.device, &row.of.Holder, &row.sealed, &row.secret, &row.number, &row.created, &row.paid, &row.shipped,
			&b.PaidFen, &b.Refund, &b.RefundFen, &b.Case, &b.Applied); err != nil {
			return *b, err
		}
		b.CreatedAt, b.PaidAt, b.ShippedAt = moderation.Unstamp(row.created), moderation.Unstamp(row.paid), moderation.Unstamp(row.shipped)
		erased, err := row.kept.unseal(&row.of, row.sealed, row.secret, &b.ID, nil, nil, nil)
		switch {
		case erased:
			b.ID = moderation.ErasedOrder(row.number)
		case row.of.Holder == 0:
			b.ID = row.kept.name
		}
		return *b, err
	}
}

func (r *reader) CasesNaming(ctx context.Context, orders []string) ([]int64, error) {
	names := make([]string, len(orders))
	for i, id := range orders {
		names[i] = r.orderName(id)
	}
	ids, err := toJSON(names)
	if err != nil {
		return nil, err
	}
	out, err := collect(ctx, r, func(s scanner) (id int64, err error) { return id, s.Scan(&id) },
		`SELECT DISTINCT case_id FROM complaints WHERE order_id IN (SELECT value FROM json_each(?)) AND order_id <> '' AND case_id <> 0 ORDER BY case_id`, ids)
	if err != nil {
		return nil, fmt.Errorf("cases that name orders: %w", err)
	}
	return out, nil
}
