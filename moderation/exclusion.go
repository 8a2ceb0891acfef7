package moderation

import (
	"fmt"
	"slices"

	"liveroom/claims"
	"liveroom/claims/sheet"
	"liveroom/feed"
)

// RuleExclusion is the signal of goods that cannot be sent back within seven
// days, of which nobody told the room so.
const RuleExclusion = "exclusion_unsaid"

// excluded looks, when goods leave the air that the sheet excludes from the
// return within seven days, whether a broadcaster said so while they were on.
// Where nothing at all was heard nobody can know.
func (in *intake) excluded(before *Room, index int64, e *feed.Event) error {
	gone := e.Kind == feed.KindSystem && e.Code == feed.CodeStreamEnd && before.EndedAt.IsZero() ||
		e.Kind == feed.KindProduct && e.Product != nil && e.Product.ID != "" && e.Product.ID != before.OnAir
	if !gone || before.OnAir == "" || in.desk.product == nil {
		return nil
	}
	p := in.desk.product(before.OnAir)
	if p == nil || p.Returns7D != sheet.No {
		return nil
	}
	said, err := in.soFar(in.tx.Utterances(in.ctx, e.Room, before.OnAirAt, e.At))
	if err != nil || len(said) == 0 || slices.ContainsFunc(said, func(u Recorded) bool { return claims.TellsNoReturn(u.Text) }) {
		return err
	}
	known, err := in.shelved(e.Room, before.OnAir)
	if err != nil {
		return err
	}
	for _, c := range known {
		if slices.ContainsFunc(c.Signals, func(s Signal) bool { return s.Rule == RuleExclusion && !s.At.Before(before.StartedAt) }) {
			return nil // this broadcast knows
		}
	}
	return in.raise(e.Room, before.OnAir, []Signal{{
		Rule: RuleExclusion, At: e.At, Events: []int64{index},
		Why:   fmt.Sprintf("%s 不支持七天无理由，播出时没有说明（消费者权益保护法第二十五条要求告知）", p.Name),
		WhyEN: fmt.Sprintf("%s cannot be sent back within seven days, and nobody said so on air (Consumer Protection Law, art. 25)", p.Name),
	}}, known)
}
