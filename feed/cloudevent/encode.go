package cloudevent

import (
	"fmt"
	"time"

	"liveroom/feed"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Encode writes e as one message, so that Decode gives e again. It fails for
// events without id or source and for text that is not UTF-8.
func Encode(e feed.Event) ([]byte, error) {
	if e.ID == "" || e.Source == "" {
		return nil, fmt.Errorf("cloudevent: encode %s event: id or source is missing", e.Kind)
	}
	typ, data, err := dataOf(e)
	if err != nil {
		return nil, err
	}
	value, err := json.Marshal(data)
	if err != nil {
		return nil, fmt.Errorf("cloudevent: encode %s event %s: %w", e.Kind, e.ID, err)
	}
	env := envelope{
		SpecVersion: "1.0", ID: e.ID, Source: e.Source, Type: typ, Subject: e.Room,
		DataContentType: "application/json", Epoch: e.Epoch, Data: jsontext.Value(value),
	}
	if !e.At.IsZero() {
		env.Time = e.At.Format(time.RFC3339Nano)
	}
	if e.Epoch != "" {
		env.Offset = &e.Offset
	}
	b, err := json.Marshal(env)
	if err != nil {
		return nil, fmt.Errorf("cloudevent: encode %s event %s: %w", e.Kind, e.ID, err)
	}
	return b, nil
}

func dataOf(e feed.Event) (typ string, data any, err error) {
	user := User{ID: ID(e.User.ID), Name: e.User.Name, Role: e.User.Role}
	product := productOf(e.Product)
	switch e.Kind {
	case feed.KindChat:
		return TypeChat, Chat{User: user, Text: e.Text, Product: product}, nil
	case feed.KindTranscript:
		return TypeTranscript, transcriptOf(e, user), nil
	case feed.KindProduct:
		if product == nil {
			return "", nil, fmt.Errorf("cloudevent: encode product event %s: it has no product", e.ID)
		}
		return TypeProduct, ProductOnAir{Text: e.Text, Product: *product}, nil
	case feed.KindOrder, feed.KindRefund:
		return TypeOrder, orderOf(e, user, product), nil
	case feed.KindComplaint:
		d := Complaint{User: user, Text: e.Text, Channel: e.Channel, Product: product}
		if e.OrderID != "" {
			d.Order = &ComplaintInfo{ID: ID(e.OrderID)}
		}
		return TypeComplaint, d, nil
	case feed.KindGift:
		return TypeGift, Gift{User: user, Text: e.Text, Gift: GiftInfo{Count: e.Count, AmountFen: e.AmountFen}}, nil
	case feed.KindEnter:
		return TypeSystem, System{Code: codeEnter, User: user, Text: e.Text}, nil
	case feed.KindSystem, feed.KindGap:
		d := System{
			Code: e.Code, Text: e.Text, Severity: e.Severity, By: e.Channel, User: user, Product: product,
			Retracts: ID(e.Retracts), Clears: e.Clears,
		}
		if g := e.Gap; g != nil {
			d.Gap = &Gap{From: g.From, To: g.To, Reason: g.Reason}
			if g.Lost >= 0 {
				d.Gap.Lost = &g.Lost
			}
		}
		return TypeSystem, d, nil
	}
	return "", nil, fmt.Errorf("cloudevent: encode: kind %q is not supported", e.Kind)
}

func transcriptOf(e feed.Event, user User) Transcript {
	d := Transcript{User: user, Text: e.Text}
	if s := e.Speech; s != nil {
		d.Utterance, d.Partial, d.StartedAt = ID(s.Utterance), s.Partial, s.StartAt
		d.Confidence, d.StartMS, d.EndMS = float64(s.Confidence)/1000, s.StartMS, s.EndMS
	}
	return d
}

func orderOf(e feed.Event, user User, product *Product) Order {
	d := Order{User: user, Text: e.Text, Product: product, Order: OrderInfo{ID: ID(e.OrderID)}}
	if o := e.Order; o != nil {
		d.Order.Qty, d.Order.PaidFen, d.Order.AddressHash, d.Order.Device = o.Qty, o.PaidFen, o.AddressHash, ID(o.Device)
		d.Order.CreatedAt, d.Order.PaidAt, d.Order.ShippedAt = o.CreatedAt, o.PaidAt, o.ShippedAt
	}
	if e.Kind == feed.KindRefund {
		d.Refund = &Refund{AmountFen: e.AmountFen, Status: e.Status}
	} else {
		d.Order.AmountFen, d.Order.Status = e.AmountFen, e.Status
	}
	return d
}

func productOf(p *feed.Product) *Product {
	if p == nil {
		return nil
	}
	d := &Product{ID: ID(p.ID), Title: p.Title, PriceFen: p.PriceFen}
	if p.Stock >= 0 {
		d.Stock = &p.Stock
	}
	return d
}
