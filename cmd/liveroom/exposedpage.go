package main

import (
	"bufio"
	"time"

	"liveroom/claims"
	"liveroom/moderation"
	"liveroom/moderation/policy"
	"liveroom/tui/text"
)

// exposedPage writes what a claim reached.
type exposedPage struct {
	*bufio.Writer
	veil   *veil
	found  moderation.Exposure
	opened *moderation.Result // nil: nothing was opened
}

// The lines of exposed as JSON: one of the whole, then the sayings, the policies
// and the orders, told apart by kind. Money is in fen.
type (
	exposureRow struct {
		Kind      string           `json:"kind"` // exposure
		Flag      int64            `json:"flag"`
		Room      string           `json:"room"`
		SKU       string           `json:"sku"`
		Category  claims.Category  `json:"category"`
		Said      string           `json:"said"`
		Fact      string           `json:"fact,omitzero"`
		Orders    int              `json:"orders"`
		PaidFen   int64            `json:"paid_fen"`
		BackFen   int64            `json:"refunded_fen"`
		Unpaid    int              `json:"unpaid"`
		InCases   int              `json:"in_cases"`
		Untimed   int              `json:"untimed"`
		Undecided []int64          `json:"undecided_flags,omitempty"`
		More      int              `json:"more_if_confirmed"`
		Case      int64            `json:"case,omitzero"`
		Attached  *attachedExposed `json:"attached,omitempty"`
	}
	attachedExposed struct {
		Orders    int `json:"orders"`
		Kept      int `json:"kept"`
		Elsewhere int `json:"elsewhere"`
		Related   int `json:"related_cases"`
	}
	reachRow struct {
		Kind  string              `json:"kind"` // reach
		Flag  int64               `json:"flag"`
		From  time.Time           `json:"from"`
		Until time.Time           `json:"until,omitzero"`
		End   moderation.ReachEnd `json:"end,omitzero"`
		Event int64               `json:"end_event,omitzero"`
	}
	stakeRow struct {
		Kind       string        `json:"kind"` // stake
		Policy     string        `json:"policy"`
		Title      policy.Text   `json:"title"`
		ShownOnly  bool          `json:"shown_only,omitzero"`
		Granted    int           `json:"granted"`
		GrantedFen int64         `json:"granted_fen"`
		Open       int           `json:"open"`
		OpenFen    int64         `json:"open_fen"`
		Missing    []policy.Fact `json:"missing,omitempty"`
		Refused    int           `json:"refused"`
		NotInForce int           `json:"not_in_force"`
		Unknown    int           `json:"without_sum"`
	}
	exposedRow struct {
		Kind    string    `json:"kind"` // order
		ID      string    `json:"id"`
		Flag    int64     `json:"flag"`
		At      time.Time `json:"at"`
		PaidFen int64     `json:"paid_fen"`
		Case    int64     `json:"case,omitzero"`
	}
)

func (p *exposedPage) rows() error {
	x := &p.found
	head := exposureRow{
		Kind: "exposure", Flag: x.Flag.ID, Room: x.Flag.Room, SKU: x.Flag.Finding.SKU, Category: x.Flag.Finding.Category, Said: p.said(), Fact: x.Flag.Finding.Fact,
		Orders: len(x.Orders), PaidFen: x.PaidFen, BackFen: x.BackFen, Unpaid: x.Unpaid, InCases: x.InCases, Untimed: x.Untimed, Undecided: x.Undecided, More: x.More,
	}
	if p.opened != nil {
		head.Case, head.Attached = p.opened.Case.ID, new(attachedExposed(*p.opened.Attached))
	}
	out := []any{head}
	for _, r := range x.Reaches {
		out = append(out, reachRow{"reach", r.Flag, r.At, r.Until, r.End, r.By})
	}
	for _, s := range x.Stakes {
		out = append(out, stakeRow{
			"stake", s.Policy, s.Title, s.ShownOnly, s.Granted.Orders, s.Granted.Fen, s.Open.Orders, s.Open.Fen, s.Missing, s.Refused.Orders, s.NotInForce, s.Unknown,
		})
	}
	for _, o := range x.Orders {
		out = append(out, exposedRow{"order", p.veil.of(p.veil.orders[o.ID]).Order(o.ID), o.Flag, o.BoughtAt(), o.PaidFen, o.Case})
	}
	return writeRows(p, out)
}

func (p *exposedPage) said() string {
	return p.veil.of(p.veil.events[p.found.Flag.Event]).Text(p.found.Flag.Finding.Said)
}

// shownOrders is how many orders the text names; --format jsonl names all.
const shownOrders = 20

var exposedLabels = map[text.Lang]struct {
	head, fact, reach, orders, undecided, untimed, stake, missing, more, opened string
	ends                                                                        map[moderation.ReachEnd]string
}{
	text.ZH: {
		head: "标记 #%d 商品 %s：“%s”", fact: "  资料：%s", reach: "  #%d %s 至 %s（%s）",
		orders:    "受影响订单 %d 单，实付 %s 元，其中已退或已答应退 %s 元；未付款 %d 单，已在案件中 %d 单",
		undecided: "  还有 %d 条相同说法未判定，判定属实将再增加 %d 单", untimed: "  另有 %d 单没有时间，无法判断",
		stake: "  %s：支持 %d 单 %s 元；待定 %d 单 %s 元；不支持 %d 单", missing: "    待定取决于：%s", more: "  …… 还有 %d 单，--format jsonl 全部列出",
		opened: "案件 #%d：并入 %d 单，原已在内 %d 单，在其他案件 %d 单，新关联案件 %d 个",
		ends: map[moderation.ReachEnd]string{
			moderation.ReachCorrected: "直播中已更正", moderation.ReachTold: "已要求主播更正", moderation.ReachOffAir: "商品下架后", moderation.ReachEnded: "直播结束后", moderation.ReachOpen: "尚未结束",
		},
	},
	text.EN: {
		head: "flag #%d, product %s: “%s”", fact: "  the sheet: %s", reach: "  #%d %s to %s (%s)",
		orders:    "%d orders exposed, %s yuan paid, of which %s went back or was promised to; %d unpaid, %d in cases already",
		undecided: "  %d sayings of the same are undecided; confirmed they would add %d orders", untimed: "  %d orders more have no time, nobody can tell",
		stake: "  %s: granted %d, %s yuan; open %d, %s yuan; refused %d", missing: "    open for want of: %s", more: "  … and %d more; --format jsonl lists all",
		opened: "case #%d: %d orders put in, %d were in it, %d are in other cases, %d cases newly related",
		ends: map[moderation.ReachEnd]string{
			moderation.ReachCorrected: "corrected on air", moderation.ReachTold: "the host was told", moderation.ReachOffAir: "after it went off air", moderation.ReachEnded: "after the broadcast", moderation.ReachOpen: "nothing has ended it",
		},
	},
}

func (p *exposedPage) text(lang text.Lang) {
	x, l, w := &p.found, exposedLabels[lang], lines{p.Writer}
	w.put(l.head, x.Flag.ID, x.Flag.Finding.SKU, p.said())
	if x.Flag.Finding.Fact != "" {
		w.put(l.fact, x.Flag.Finding.Fact)
	}
	for _, r := range x.Reaches {
		until := "–"
		if !r.Until.IsZero() {
			until = r.Until.In(chinaTime()).Format(time.DateTime)
		}
		w.put(l.reach, r.Flag, r.At.In(chinaTime()).Format(time.DateTime), until, l.ends[r.End])
	}
	w.put(l.orders, len(x.Orders), policy.Yuan(x.PaidFen), policy.Yuan(x.BackFen), x.Unpaid, x.InCases)
	if len(x.Undecided) > 0 {
		w.put(l.undecided, len(x.Undecided), x.More)
	}
	if x.Untimed > 0 {
		w.put(l.untimed, x.Untimed)
	}
	p.stakes(lang)
	for i, o := range x.Orders {
		if i == shownOrders {
			w.put(l.more, len(x.Orders)-i)
			break
		}
		w.put("  %s  %s  %s", p.veil.of(p.veil.orders[o.ID]).Order(o.ID), o.BoughtAt().In(chinaTime()).Format(time.DateTime), policy.Yuan(o.PaidFen))
	}
	if p.opened != nil {
		a := p.opened.Attached
		w.put(l.opened, p.opened.Case.ID, a.Orders, a.Kept, a.Elsewhere, a.Related)
	}
}

// stakes writes what the policies make of the orders; those without a sum for
// any are left out.
func (p *exposedPage) stakes(lang text.Lang) {
	l, w := exposedLabels[lang], lines{p.Writer}
	for _, s := range p.found.Stakes {
		if s.Unknown+s.NotInForce >= len(p.found.Orders) {
			continue
		}
		w.put(l.stake, textIn(s.Title, lang), s.Granted.Orders, policy.Yuan(s.Granted.Fen), s.Open.Orders, policy.Yuan(s.Open.Fen), s.Refused.Orders)
		var missing string
		for i, f := range s.Missing {
			if i > 0 {
				missing += "; "
			}
			missing += textIn(f.Info().Text, lang)
		}
		if missing != "" {
			w.put(l.missing, missing)
		}
	}
}
