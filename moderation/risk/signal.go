package risk

import (
	"fmt"
	"time"
)

// Text is words for people in both languages of the interface.
type Text struct {
	ZH string
	EN string
}

// An Order is what of an order tells about risk.
type Order struct {
	ID       string
	Buyer    string
	Address  string // the same for the same address; never the address itself
	Device   string // the same for the same device
	SKU      string
	Qty      int64
	At       time.Time // when it was made; zero: not told, and it counts at any time
	Paid     bool
	Closed   bool // ended without having been shipped
	Refunded bool // a refund was asked for, and was not refused
}

// A Signal is something that looks like bad faith, with what it was read from.
type Signal struct {
	Rule    string
	Buyer   string // whom it is about; "" : an address or a device
	Address string // which address it is about; "" : none
	Device  string // which device it is about; "" : none
	At      time.Time
	Value   int64 // the number
	Of      int64 // of how many, for a rate; else 0
	Line    int64 // from which number on it counts
	Points  int
	Orders  []string // behind it, in their order
	Why     Text
}

// span writes a span of time for people.
func span(d time.Duration) Text {
	switch {
	case d >= 48*time.Hour && d%(24*time.Hour) == 0:
		n := int64(d / (24 * time.Hour))
		return Text{fmt.Sprintf("%d 天", n), fmt.Sprintf("%d days", n)}
	case d%time.Hour == 0:
		n := int64(d / time.Hour)
		return Text{fmt.Sprintf("%d 小时", n), fmt.Sprintf("%d h", n)}
	}
	n := int64(d / time.Minute)
	return Text{fmt.Sprintf("%d 分钟", n), fmt.Sprintf("%d min", n)}
}

// reasons are what a signal says of itself: its number, the span, the line.
var reasons = map[Kind]Text{
	KindOrders:     {"同一买家 %[2]s内下了 %[1]d 单（界线 %[3]d 单）", "%[1]d orders of one buyer within %[2]s (line: %[3]d)"},
	KindBurst:      {"同一买家 %[2]s内连下 %[1]d 单（界线 %[3]d 单）", "%[1]d orders of one buyer in a burst of %[2]s (line: %[3]d)"},
	KindPieces:     {"同一买家 %[2]s内买同一商品 %[1]d 件（界线 %[3]d 件）", "%[1]d pieces of one product to one buyer within %[2]s (line: %[3]d)"},
	KindUnpaid:     {"同一买家 %[2]s内 %[1]d 单拍下未付款即关闭（界线 %[3]d 单）", "%[1]d orders of one buyer closed unpaid within %[2]s (line: %[3]d)"},
	KindRefunds:    {"同一买家 %[2]s内的订单有 %[1]d 单退款（界线 %[3]d 单）", "%[1]d refunds of one buyer on orders of %[2]s (line: %[3]d)"},
	KindRefundRate: {"同一买家 %[2]s内退款率 %[1]d%%（%[4]d 单中；界线 %[3]d%%）", "one buyer asks back %[1]d %% of %[4]d paid orders of %[2]s (line: %[3]d %%)"},
	KindAddress:    {"同一地址 %[2]s内有 %[1]d 个账号下单（界线 %[3]d 个）", "%[1]d accounts order to one address within %[2]s (line: %[3]d)"},
	KindDevice:     {"同一设备 %[2]s内有 %[1]d 个账号下单（界线 %[3]d 个）", "%[1]d accounts order from one device within %[2]s (line: %[3]d)"},
}

func (r *Rule) why(value, of int64) Text {
	within, reason := span(r.Within), reasons[r.Kind]
	line := r.line()
	say := func(format, span string) string {
		if r.Kind == KindRefundRate {
			return fmt.Sprintf(format, value, span, line, of)
		}
		return fmt.Sprintf(format, value, span, line)
	}
	return Text{say(reason.ZH, within.ZH), say(reason.EN, within.EN)}
}
