package webhook

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"liveroom/feed"
	"liveroom/feed/internal/wire"
)

// TikTokShop reads a post of TikTok Shop, whose Authorization is a signature over
// the app's key and the body. The secret is "KEY:SECRET", the app's both.
func TikTokShop(header http.Header, body []byte, secret string) ([]feed.Event, Reply, error) {
	key, secret, err := tiktokApp(secret)
	if err != nil {
		return nil, Reply{}, err
	}
	mac := hmac.New(sha256.New, []byte(secret))
	_, _ = mac.Write([]byte(key))
	_, _ = mac.Write(body)
	if err := checkHex(header.Get("Authorization"), mac.Sum(nil)); err != nil {
		return nil, Reply{}, err
	}
	e, err := tiktokShop(body)
	if err != nil {
		return nil, Reply{}, err
	}
	return []feed.Event{e}, Reply{Status: http.StatusOK}, nil
}

// tiktokApp takes a secret apart: the app's key, and its secret.
func tiktokApp(secret string) (key, own string, err error) {
	key, own, _ = strings.Cut(secret, ":")
	if key == "" || own == "" {
		return "", "", fmt.Errorf("%w: write it KEY:SECRET, the app's both", ErrSecret)
	}
	return key, own, nil
}

// A tiktokData is the data of every type; each fills in a part.
type tiktokData struct {
	OrderID      wire.Scalar `json:"order_id"`
	OrderStatus  wire.Scalar `json:"order_status"`
	CancelID     wire.Scalar `json:"cancel_id"`
	CancelStatus wire.Scalar `json:"cancel_status"`
	ReturnID     wire.Scalar `json:"return_id"`
	ReturnStatus wire.Scalar `json:"return_status"`
	ProductID    wire.Scalar `json:"product_id"`
	Status       wire.Scalar `json:"status"`
	Message      wire.Scalar `json:"message"`
	Update       wire.Scalar `json:"update_time"`
	Packages     []struct {
		ID     wire.Scalar   `json:"package_id"`
		Orders []wire.Scalar `json:"order_id_list"`
	} `json:"package_list"`
}

var tiktokOrders = map[wire.Scalar]string{
	"UNPAID": feed.StatusCreated, "ON_HOLD": feed.StatusPaid, "AWAITING_SHIPMENT": feed.StatusPaid, "AWAITING_COLLECTION": feed.StatusPaid,
	"PARTIALLY_SHIPPING": feed.StatusShipped, "IN_TRANSIT": feed.StatusShipped, "DELIVERED": feed.StatusShipped,
	"COMPLETED": feed.StatusCompleted, "CANCELLED": feed.StatusClosed,
}

// tiktokShop reads one message.
func tiktokShop(body []byte) (feed.Event, error) {
	var m struct {
		Type   wire.Scalar `json:"type"`
		ID     wire.Scalar `json:"tts_notification_id"`
		ShopID wire.Scalar `json:"shop_id"`
		Time   wire.Scalar `json:"timestamp"`
		Data   tiktokData  `json:"data"`
	}
	if err := read(body, &m); err != nil {
		return feed.Event{}, err
	}
	d := m.Data
	var e feed.Event
	needsOrder := false
	switch m.Type {
	case "":
		return e, errors.New("the message names no type")
	case "1":
		e.Kind, e.Status, needsOrder = feed.KindOrder, tiktokOrders[d.OrderStatus], true
		if e.Status == "" {
			e.Status, e.Text = feed.StatusUnknown, string(d.OrderStatus)
		}
		e.Order = &feed.Order{}
	case "3":
		e = system("order_detail", "address changed")
	case "4":
		e = system("order_detail", "packages changed")
		if len(d.Packages) == 1 && len(d.Packages[0].Orders) == 1 {
			d.OrderID = d.Packages[0].Orders[0]
		}
	case "5", "15", "16":
		e = system("product_changed", strings.TrimSpace("product changed "+string(d.Status)))
		e.Product = wire.Product(d.ProductID, "")
	case "6", "7":
		e = system("authorisation", string(d.Message))
		e.Severity = "high"
	case "11", "12":
		e.Kind, needsOrder = feed.KindRefund, true
		e.Text = string(wire.First(d.CancelStatus, d.ReturnStatus))
		e.Status = tiktokRefund(e.Text)
	default:
		e = unknown("type " + string(m.Type))
	}
	if e.OrderID = wire.FirstID(d.OrderID); needsOrder && e.OrderID == "" {
		return e, fmt.Errorf("type %s: the message names no order_id", m.Type)
	}
	e.At = wire.FirstTime(wire.Seconds(d.Update), wire.Seconds(m.Time))
	if e.ID = wire.FirstID(m.ID); e.ID == "" {
		e.ID = wire.ContentID("tiktok-"+string(m.Type), wire.FirstID(d.ReturnID, d.CancelID, d.OrderID, d.ProductID), string(m.Time), string(body))
	}
	e.Raw = bytes.Clone(body)
	return e, nil
}

// tiktokRefund is how far a cancellation or return is, by the words of its state.
func tiktokRefund(state string) string {
	switch {
	case strings.HasSuffix(state, "REQUEST_PENDING"):
		return feed.StatusRequested
	case strings.Contains(state, "REJECT"):
		return feed.StatusRefused
	case strings.HasSuffix(state, "_COMPLETE"):
		return feed.StatusRefunded
	case strings.HasSuffix(state, "_SUCCESS"):
		return feed.StatusAgreed
	case strings.HasSuffix(state, "_CANCEL"), strings.HasSuffix(state, "_CANCELLED"):
		return feed.StatusClosed
	}
	return feed.StatusUnknown
}
