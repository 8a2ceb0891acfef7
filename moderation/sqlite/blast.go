package sqlite

import (
	"context"
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
	query := `SELECT id, address_hash, device, ` + sealColumns("orders") + `, number, created_at, paid_at, shipped_at, paid_fen, refund, refund_fen, case_id,
		EXISTS (SELECT 1 FROM case_links WHERE kind = 'order' AND value = orders.id)
		FROM orders WHERE room = ? AND sku = ? AND coalesce(nullif(paid_at, 0), created_at) `
	scan := func(s scanner) (moderation.Bought, error) {
		var b moderation.Bought
		var created, paid, shipped int64
		var kept keptOrder
		var number int64
		var of moderation.Seal
		var sealed, secret []byte
		err := s.Scan(&kept.name, &kept.address, &kept.device, &of.Holder, &sealed, &secret, &number, &created, &paid, &shipped, &b.PaidFen, &b.Refund, &b.RefundFen, &b.Case, &b.Applied)
		b.CreatedAt, b.PaidAt, b.ShippedAt = moderation.Unstamp(created), moderation.Unstamp(paid), moderation.Unstamp(shipped)
		if err != nil {
			return b, err
		}
		var rest [3]string
		erased, err := kept.unseal(&of, sealed, secret, &b.ID, &rest[0], &rest[1], &rest[2])
		if erased {
			b.ID = moderation.ErasedOrder(number)
		}
		return b, err
	}
	out, err := collect(ctx, r, scan, query+"BETWEEN ? AND ?", room, sku, moderation.Stamp(from), moderation.Stamp(to))
	if err != nil {
		return nil, fmt.Errorf("orders of %s: %w", sku, err)
	}
	if moderation.Stamp(from) > 0 || moderation.Stamp(to) < 0 {
		untimed, err := collect(ctx, r, scan, query+"= 0", room, sku)
		if err != nil {
			return nil, fmt.Errorf("orders of %s: %w", sku, err)
		}
		out = append(out, untimed...)
	}
	return out, nil
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
