package imports

import (
	"strconv"
	"strings"
	"time"

	"liveroom/claims/sheet/table"
	"liveroom/feed"
)

// A decoder reads the cells of one row.
type decoder struct {
	*reader
	n     int
	cells map[Field]cell
}

func (d *decoder) value(f Field) string { return d.cells[f].value }

// column is what a person calls the column of a field.
func (d *decoder) column(f Field) string {
	if c, ok := d.cells[f]; ok {
		return c.header
	}
	return string(f)
}

func (d *decoder) bad(f Field, want string) { d.fail(d.n, d.column(f), d.value(f), want) }

// longest is how many characters a number or a name may have; more is surely
// another column.
const longest = 200

// maxText is how many characters a complaint may have.
const maxText = 20_000

func (d *decoder) complaint(e feed.Event) {
	e.Kind, e.Channel = feed.KindComplaint, "ticket"
	if c := d.short(FieldChannel); c != "" {
		e.Channel = c
	}
	e.Text = d.text()
	e.At = d.time(FieldTime, true)
	e.OrderID = d.short(FieldOrder)
	d.buyer(&e)
	if sku, title := d.short(FieldSKU), d.value(FieldProduct); sku != "" || title != "" {
		e.Product = &feed.Product{ID: sku, Title: title, Stock: -1}
	}
	id := d.short(FieldID)
	if id == "" {
		id = hashID(e.OrderID, e.User.ID, e.User.Name, e.At.UTC().Format(time.RFC3339), e.Text)
	}
	e.ID = "complaint/" + id
	d.add(d.n, d.column(FieldID), e)
}

// text is what the buyer wrote, behind what they chose from a list.
func (d *decoder) text() string {
	text, reason := d.value(FieldText), d.value(FieldReason)
	switch {
	case text == "" && reason == "":
		f := FieldText
		if _, ok := d.cells[f]; !ok {
			f = FieldReason
		}
		d.bad(f, "what the buyer complains about")
	case len([]rune(text)) > maxText:
		d.bad(FieldText, "at most "+strconv.Itoa(maxText)+" characters")
	case text == "":
		return reason
	case reason == "" || strings.Contains(text, reason):
		return text
	}
	return reason + "：" + text
}

func (d *decoder) buyer(e *feed.Event) {
	e.User.ID, e.User.Name = d.short(FieldBuyer), d.short(FieldBuyerName)
}

// short is a value that is a number or a name.
func (d *decoder) short(f Field) string {
	v := d.value(f)
	if len([]rune(v)) > longest {
		d.bad(f, "at most "+strconv.Itoa(longest)+" characters")
		return ""
	}
	return v
}

func (d *decoder) order(e feed.Event) {
	e.Kind = feed.KindOrder
	faults := len(d.errs)
	if e.OrderID = d.short(FieldOrder); e.OrderID == "" {
		d.bad(FieldOrder, "the order's number")
		return
	}
	d.buyer(&e)
	o := &feed.Order{
		Buyer: e.User.ID, Device: d.short(FieldDevice), SKU: d.short(FieldSKU), Qty: d.count(FieldQty), PaidFen: d.fen(FieldPaid),
		CreatedAt: d.time(FieldCreatedAt, false), PaidAt: d.time(FieldPaidAt, false), ShippedAt: d.time(FieldShippedAt, false),
	}
	e.Order, e.AmountFen = o, d.fen(FieldAmount)
	if title := d.value(FieldProduct); title != "" {
		e.Product = &feed.Product{ID: o.SKU, Title: title, Stock: -1}
	}
	if e.Status = d.state(FieldStatus, orderStates); e.Status == "" && d.value(FieldStatus) == "" {
		d.bad(FieldStatus, wantState(orderStates))
	}
	if e.At = when(e.Status, o); e.At.IsZero() && len(d.errs) == faults {
		d.bad(FieldCreatedAt, wantTime)
	}
	refund := d.state(FieldRefund, refundStates)
	e.ID = "order/" + e.OrderID + "/" + e.Status
	d.add(d.n, d.column(FieldOrder), e)
	if refund == "" || refund == noRefund {
		return
	}
	r := e
	r.Kind, r.Status, r.AmountFen = feed.KindRefund, refund, d.fen(FieldRefundFen)
	r.ID = "refund/" + e.OrderID + "/" + refund
	d.add(d.n, d.column(FieldOrder), r)
}

// when is the time of an order's newest state that its times tell.
func when(status string, o *feed.Order) time.Time {
	times := []time.Time{o.CreatedAt, o.PaidAt}
	if status == feed.StatusShipped || status == feed.StatusCompleted {
		times = append(times, o.ShippedAt)
	}
	var at time.Time
	for _, t := range times {
		if t.After(at) {
			at = t
		}
	}
	return at
}

// noRefund is a state that says there is no refund.
const noRefund = "none"

// A state is one of an order or a refund, with the words that shops use for it.
type state struct {
	name  string
	words []string
}

// The words of the states; of those that fit a cell the longest counts: 已发货
// stands in 部分已发货, 待发货 says the contrary of 发货.
var (
	orderStates = []state{
		{feed.StatusCreated, []string{"待支付", "待付款", "未支付", "未付款", "等待买家付款", "created", "pending"}},
		{feed.StatusPaid, []string{"待发货", "备货中", "已支付", "已付款", "待出库", "部分发货", "等待卖家发货", "paid"}},
		{feed.StatusShipped, []string{"已发货", "待收货", "运输中", "配送中", "已揽收", "等待买家确认", "shipped"}},
		{feed.StatusCompleted, []string{"已完成", "交易成功", "已签收", "已收货", "交易完成", "completed", "delivered"}},
		{feed.StatusClosed, []string{"已关闭", "已取消", "交易关闭", "交易取消", "closed", "cancelled", "canceled"}},
	}
	refundStates = []state{
		{noRefund, []string{"无售后", "无退款", "未申请", "无", "-", "—", "none", "售后关闭", "已撤销", "已取消"}},
		{feed.StatusRequested, []string{"退款中", "售后中", "待商家处理", "待处理", "待商家同意", "申请退款", "售后待处理", "处理中", "requested"}},
		{feed.StatusAgreed, []string{"商家同意", "已同意", "待买家退货", "待退货", "待商家收货", "同意退款", "agreed"}},
		{feed.StatusRefused, []string{"商家拒绝", "已拒绝", "拒绝退款", "售后失败", "退款失败", "refused", "rejected"}},
		{feed.StatusRefunded, []string{"退款成功", "已退款", "售后成功", "退款完成", "售后完成", "已全额退款", "部分退款", "refunded"}},
	}
)

func wantState(states []state) string {
	var words []string
	for _, s := range states {
		words = append(words, s.words[0])
	}
	return "a state such as " + strings.Join(words, ", ")
}

// state reads a cell as one of the states; "" where it is empty or none.
func (d *decoder) state(f Field, states []state) string {
	v := strings.ToLower(d.value(f))
	if v == "" {
		return ""
	}
	best, length := "", 0
	for _, s := range states {
		for _, w := range s.words {
			fits := v == w || len([]rune(w)) > 2 && strings.Contains(v, w)
			if fits && len(w) > length {
				best, length = s.name, len(w)
			}
		}
	}
	if best == "" {
		d.bad(f, wantState(states))
	}
	return best
}

func (d *decoder) fen(f Field) int64 {
	v := d.value(f)
	if v == "" || v == "-" {
		return 0
	}
	fen, ok := table.Fen(v)
	if !ok {
		d.bad(f, "an amount in yuan with at most two decimals, such as 89.9")
	}
	return fen
}

func (d *decoder) count(f Field) int64 {
	v := d.value(f)
	if v == "" {
		return 0
	}
	n, err := strconv.ParseInt(strings.TrimSuffix(v, ".0"), 10, 32)
	if err != nil || n < 1 {
		d.bad(f, "a whole number of pieces above 0, such as 2")
		return 0
	}
	return n
}

const wantTime = "a time such as 2026-11-20 20:01:02"

// timeForms are how exports write times, those without a zone in the room's.
var timeForms = []string{
	time.RFC3339, "2006-1-2 15:4:5", "2006-1-2 15:4", "2006/1/2 15:4:5", "2006/1/2 15:4", "2006.1.2 15:4:5", "2006.1.2 15:4",
	"2006年1月2日 15:4:5", "2006年1月2日 15:4", "2006-1-2T15:4:5", "20060102150405", "2006-1-2", "2006/1/2", "2006年1月2日",
}

func (d *decoder) time(f Field, must bool) time.Time {
	v := d.value(f)
	if v == "" || v == "-" {
		if must {
			d.bad(f, wantTime)
		}
		return time.Time{}
	}
	for _, form := range timeForms {
		t, err := time.ParseInLocation(form, v, d.options.Zone)
		if err == nil && t.Year() >= 2000 && t.Year() < 2100 {
			return t.UTC()
		}
	}
	d.bad(f, wantTime)
	return time.Time{}
}
