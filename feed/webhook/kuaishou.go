package webhook

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"liveroom/feed"
	"liveroom/feed/internal/wire"
)

// errCipher says the same whatever is wrong: a post is encrypted and not signed,
// and whoever guesses must not learn how far he came.
var errCipher = fmt.Errorf("the body cannot be decrypted: %w", ErrSignature)

// KuaishouShop reads a post of 快手小店: a message encrypted with the shop's
// signKey, in base64, which is the secret.
func KuaishouShop(_ http.Header, body []byte, secret string) ([]feed.Event, Reply, error) {
	if secret == "" {
		return nil, Reply{}, errSecret
	}
	plain, err := decrypt(body, secret)
	if err != nil {
		return nil, Reply{}, err
	}
	e, err := kuaishouShop(plain)
	if err != nil {
		return nil, Reply{}, err
	}
	return []feed.Event{e}, jsonReply(`{"result":1}`), nil
}

// signKey is what a secret encrypts with.
func signKey(secret string) (cipher.Block, error) {
	key, err := base64.StdEncoding.DecodeString(strings.TrimSpace(secret))
	if err != nil {
		return nil, fmt.Errorf("%w: its signKey is no base64: copy it as the platform shows it", ErrSecret)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("%w: its signKey is no AES key: copy it as the platform shows it", ErrSecret)
	}
	return block, nil
}

// decrypt undoes base64, AES-CBC from an initial vector of zeroes, and PKCS #7.
func decrypt(body []byte, secret string) ([]byte, error) {
	block, err := signKey(secret)
	if err != nil {
		return nil, err
	}
	data, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(body)))
	if err != nil || len(data) == 0 || len(data)%aes.BlockSize != 0 {
		return nil, errCipher
	}
	cipher.NewCBCDecrypter(block, make([]byte, aes.BlockSize)).CryptBlocks(data, data)
	n := int(data[len(data)-1])
	if n == 0 || n > aes.BlockSize {
		return nil, errCipher
	}
	for _, b := range data[len(data)-n:] {
		if int(b) != n {
			return nil, errCipher
		}
	}
	plain := data[:len(data)-n]
	// A block that was changed on the way comes out as 16 random bytes, which are no
	// UTF-8: all that tells a forgery from a message.
	if !jsontext.Value(plain).IsValid(jsontext.AllowDuplicateNames(true)) {
		return nil, errCipher
	}
	return plain, nil
}

// A kuaishouInfo is what a message is about; each event fills in a part.
type kuaishouInfo struct {
	OrderID  wire.Scalar `json:"oid"`
	Order    wire.Scalar `json:"orderId"`
	RefundID wire.Scalar `json:"refundId"`
	Buyer    wire.Scalar `json:"buyerOpenId"`
	Status   wire.Scalar `json:"status"`
	Create   wire.Scalar `json:"createTime"`
	Pay      wire.Scalar `json:"payTime"`
	Update   wire.Scalar `json:"updateTime"`
}

var kuaishouOrders = map[string]string{
	"kwaishop_order_addOrder": feed.StatusCreated, "kwaishop_order_paySuccess": feed.StatusPaid, "kwaishop_order_delivering": feed.StatusShipped,
	"kwaishop_order_orderSuccess": feed.StatusCompleted, "kwaishop_order_orderFail": feed.StatusClosed,
}

// kuaishouShop reads one message. The status beside the event is that of the
// push, and that of a refund is told in numbers that nobody documents.
func kuaishouShop(plain []byte) (feed.Event, error) {
	var m struct {
		MsgID   wire.Scalar    `json:"msgId"`
		Event   string         `json:"event"`
		Info    jsontext.Value `json:"info"`
		Test    wire.Scalar    `json:"test"`
		Created wire.Scalar    `json:"createTime"`
	}
	if err := read(plain, &m); err != nil {
		return feed.Event{}, err
	}
	if m.Event == "" {
		return feed.Event{}, errors.New("the message names no event")
	}
	var info kuaishouInfo
	if err := inner(m.Info, &info); err != nil {
		return feed.Event{}, fmt.Errorf("%s: %w", wire.Quote(m.Event), err)
	}
	var e feed.Event
	switch {
	case m.Test == "1":
		e = system("test", "test of "+m.Event)
	case kuaishouOrders[m.Event] != "":
		e.Kind, e.Status = feed.KindOrder, kuaishouOrders[m.Event]
		e.Order = &feed.Order{Buyer: string(info.Buyer), PaidAt: wire.Millis(info.Pay)}
		if e.Status == feed.StatusCreated {
			e.Order.CreatedAt = wire.Millis(info.Create)
		}
	case m.Event == "kwaishop_aftersales_addRefund":
		e.Kind, e.Status = feed.KindRefund, feed.StatusRequested
	case m.Event == "kwaishop_aftersales_updateRefund":
		e.Kind, e.Status, e.Text = feed.KindRefund, feed.StatusUnknown, "status "+string(info.Status)
	case strings.HasPrefix(m.Event, "kwaishop_order_"):
		e = system("order_detail", strings.TrimPrefix(m.Event, "kwaishop_order_"))
	default:
		e = unknown(m.Event)
	}
	e.ID, e.OrderID, e.User = string(m.MsgID), wire.FirstID(info.OrderID, info.Order), wire.Viewer(wire.FirstID(info.Buyer), "")
	e.At = wire.FirstTime(wire.Millis(info.Pay), wire.Millis(info.Update), wire.Millis(info.Create), wire.Millis(m.Created))
	e.Raw = plain
	if e.Kind != feed.KindSystem && e.OrderID == "" {
		return e, fmt.Errorf("%s: the message names no order", wire.Quote(m.Event))
	}
	return e, nil
}
