package stripe

import (
	"errors"
	"fmt"
	"strings"

	"github.com/go-json-experiment/json"

	"liveroom/feed"
	"liveroom/feed/internal/wire"
)

// An object is what a Stripe event is about; each type fills in a part.
type object struct {
	ID             wire.Scalar `json:"id"`
	Amount         wire.Scalar `json:"amount"`
	AmountTotal    wire.Scalar `json:"amount_total"`
	AmountRefunded wire.Scalar `json:"amount_refunded"`
	Currency       wire.Scalar `json:"currency"`
	Intent         wire.Scalar `json:"payment_intent"`
	PaymentStatus  wire.Scalar `json:"payment_status"`
	Status         wire.Scalar `json:"status"`
	Reason         wire.Scalar `json:"reason"`
	Reference      wire.Scalar `json:"client_reference_id"`
	Customer       wire.Scalar `json:"customer"`
	Charge         wire.Scalar `json:"charge"`
}

// refundStatuses are the states of a refund. Stripe takes one back without
// anybody having refused it.
var refundStatuses = map[wire.Scalar]string{
	"pending": feed.StatusRequested, "requires_action": feed.StatusRequested, "succeeded": feed.StatusRefunded,
	"failed": feed.StatusClosed, "canceled": feed.StatusClosed,
}

// passedOver are the families of events that tell of a payment from another side,
// or of the account's own doings.
var passedOver = map[string]bool{
	"account": true, "balance": true, "billing_portal": true, "capability": true, "charge": true, "coupon": true, "credit_note": true,
	"customer": true, "invoice": true, "invoice_payment": true, "invoiceitem": true, "mandate": true, "payment_intent": true,
	"payment_link": true, "payment_method": true, "payout": true, "person": true, "plan": true, "price": true, "product": true,
	"promotion_code": true, "quote": true, "review": true, "setup_intent": true, "source": true, "subscription_schedule": true,
	"tax_rate": true, "terminal": true, "test_helpers": true, "topup": true, "transfer": true,
}

// event says what one Stripe event means; told is false for one that comes to
// nothing.
func event(payload []byte) (e feed.Event, told bool, err error) {
	var m struct {
		ID      wire.Scalar `json:"id"`
		Created wire.Scalar `json:"created"`
		Type    string      `json:"type"`
		Data    struct {
			Object object `json:"object"`
		} `json:"data"`
	}
	if err := json.Unmarshal(payload, &m, wire.Options); err != nil {
		return e, false, fmt.Errorf("event_payload is no JSON event: %w", wire.Clean(err))
	}
	if m.ID == "" || m.Type == "" {
		return e, false, errors.New("event_payload names no id or no type")
	}
	o := m.Data.Object
	e = feed.Event{
		ID: string(m.ID), At: wire.Seconds(m.Created), OrderID: wire.FirstID(o.Intent, o.Charge),
		User: wire.Viewer(wire.FirstID(o.Customer), ""), Channel: string(o.Reference),
	}
	family, rest, _ := strings.Cut(m.Type, ".")
	switch {
	case strings.HasPrefix(m.Type, "checkout.session."):
		told = checkout(&e, o, strings.TrimPrefix(m.Type, "checkout.session."))
	case m.Type == "charge.refunded":
		e.Kind, e.Status, told = feed.KindRefund, feed.StatusRefunded, true
		e.OrderID = wire.FirstID(o.Intent, o.ID)
		pay(&e, o.AmountRefunded, o)
	case family == "refund":
		e.Kind, e.Status, told = feed.KindRefund, refundStatuses[o.Status], true
		if rest == "created" && e.Status != feed.StatusRefunded {
			e.Status = feed.StatusRequested
		}
		if e.Status == "" {
			e.Status = feed.StatusUnknown
		}
		pay(&e, o.Amount, o)
	case m.Type == "charge.dispute.created":
		e.Kind, e.Status, told = feed.KindComplaint, "disputed", true
		pay(&e, o.Amount, o)
		e.Text = strings.TrimSpace("拒付争议 " + string(o.Reason) + " " + e.Text)
	case m.Type == "charge.dispute.closed":
		e.Kind, e.Code, e.Text, told = feed.KindSystem, "dispute_closed", string(o.Status), true
	case !passedOver[family]:
		e.Kind, e.Code, e.Text, e.Channel, told = feed.KindSystem, feed.CodeUnknown, m.Type, "", true
	}
	if (e.Kind == feed.KindOrder || e.Kind == feed.KindRefund) && e.OrderID == "" && told {
		return e, false, fmt.Errorf("%s: the object names no payment and no number", wire.Quote(m.Type))
	}
	return e, told, nil
}

// checkout fills in an order. It is known by its payment, by which refunds and
// disputes know it too; before there is one, by the checkout.
func checkout(e *feed.Event, o object, what string) (told bool) {
	e.Kind, e.OrderID = feed.KindOrder, wire.FirstID(o.Intent, o.ID)
	switch {
	case what == "completed" && o.PaymentStatus == "unpaid":
		e.Status = feed.StatusCreated
	case what == "completed", what == "async_payment_succeeded":
		e.Status = feed.StatusPaid
	case what == "expired", what == "async_payment_failed":
		e.Status = feed.StatusClosed
	default:
		return false
	}
	pay(e, o.AmountTotal, o)
	e.Order = &feed.Order{Buyer: string(o.Customer)}
	if e.Status == feed.StatusPaid {
		e.Order.PaidFen, e.Order.PaidAt = e.AmountFen, e.At
	}
	return true
}

// pay notes an amount: as money where it is yuan, else in words.
func pay(e *feed.Event, amount wire.Scalar, o object) {
	switch {
	case strings.EqualFold(string(o.Currency), "cny"):
		e.AmountFen = amount.Count()
	case o.Currency != "" && amount != "":
		e.Text = fmt.Sprintf("%s %s", amount, strings.ToUpper(string(o.Currency)))
	}
}
