// Package webhook reads the orders, refunds and disputes that shops post: of
// Doudian, the Kuaishou shop, TikTok Shop, Shopify and Douyin life services.
//
// A Decoder is a pure function of one post: header, body and the shop's secret.
// It checks the signature, in constant time and before it reads anything, and
// says what to answer. Receiving posts is another's work.
//
// Delivery: every message of a post becomes one event; what carries no state of
// an order or refund is a system event, with the code "unknown" where its kind is
// not known here. A post that cannot be read comes to an error and no event.
// Platforms post again what is not answered well, so answer after the commit; the
// same message has the same ID. Two platforms name a message in a header that they
// do not sign: see Identity.
//
// Ordering: none is promised by any of them.
//
// Money: fen, where the platform tells fen or yuan. What was paid in another
// currency stands in the text.
//
// Privacy: names, addresses and telephone numbers are not taken from a message;
// they stand in Raw alone.
package webhook

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"liveroom/feed"
	"liveroom/feed/internal/wire"
)

// A Reply is what a platform wants to hear when its post is in the record.
type Reply struct {
	Status int
	Type   string // of the body
	Body   string
}

// A Decoder reads one post. Its error is ErrSignature or ErrSecret, or says what is
// wrong with a body that was signed.
type Decoder func(header http.Header, body []byte, secret string) ([]feed.Event, Reply, error)

// Platforms are the decoders by name.
var Platforms = map[string]Decoder{
	"doudian": Doudian, "kuaishou-shop": KuaishouShop, "tiktok-shop": TikTokShop, "shopify": Shopify, "douyin-life": DouyinLife,
}

// Names are the platforms' names, sorted.
func Names() []string { return slices.Sorted(maps.Keys(Platforms)) }

// unsigned are the platforms whose signature covers the body and not the header
// that names the message.
var unsigned = map[string]bool{"shopify": true, "douyin-life": true}

// Identity tells e, made from a post of a platform, from all others for good. Where
// the platform signs the ID that is it; else it is what was understood of the signed
// body, so that who got hold of a post cannot make another of it by naming it anew.
// Shopify moreover gives one name to all that one deed of a merchant's causes, such
// as an order made and paid at once.
func Identity(platform string, e feed.Event, body []byte) string {
	if !unsigned[platform] {
		return e.ID
	}
	sum := sha256.Sum256(body)
	return wire.ContentID(platform, e.OrderID, hex.EncodeToString(sum[:8]), string(e.Kind), e.Status)
}

// ErrSignature tells that a post was not sent by who knows the secret.
var ErrSignature = errors.New("the signature does not fit: check the secret of this shop, or somebody else has posted")

// ErrSecret tells that no signature was checked: with the secret nobody could.
var ErrSecret = errors.New("the secret of this shop cannot be used")

// errSecret keeps an empty secret from signing anything.
var errSecret = fmt.Errorf("%w: none is set: set it, posts are not read without", ErrSecret)

// CheckSecret tells whether a shop's secret is of the form that its platform gives:
// with another every post would be turned away.
func CheckSecret(platform, secret string) error {
	var err error
	switch {
	case secret == "":
		err = errSecret
	case platform == "tiktok-shop":
		_, _, err = tiktokApp(secret)
	case platform == "kuaishou-shop":
		_, err = signKey(secret)
	}
	return err
}

// maxEvents bounds what one post may come to; real ones hold some tens.
const maxEvents = 4096

// Statuses of these sources beyond those of package feed.
const (
	StatusIntervention  = "platform-intervention"
	StatusReturnShipped = "return_shipped"
	StatusDisputed      = "disputed"
)

func jsonReply(body string) Reply {
	return Reply{Status: http.StatusOK, Type: "application/json", Body: body}
}

// checkHex compares a signature in hexadecimal, of either case.
func checkHex(got string, want []byte) error {
	sum, err := hex.DecodeString(strings.TrimSpace(got))
	if err != nil || !hmac.Equal(sum, want) {
		return ErrSignature
	}
	return nil
}

// checkBase64 compares a signature in base64.
func checkBase64(got string, want []byte) error {
	sum, err := base64.StdEncoding.DecodeString(strings.TrimSpace(got))
	if err != nil || !hmac.Equal(sum, want) {
		return ErrSignature
	}
	return nil
}

// read reads a body that must be a JSON object.
func read(body []byte, v any) error {
	if err := json.Unmarshal(body, v, wire.Options); err != nil {
		return fmt.Errorf("the body is no JSON message: %w", wire.Clean(err))
	}
	return nil
}

// inner reads an object, or a string that holds one: platforms send both for the
// same member.
func inner(raw jsontext.Value, v any) error {
	switch raw.Kind() {
	case '"':
		raw = jsontext.Value(wire.Text(raw))
	case '{':
	default:
		return errors.New("the message holds no data")
	}
	if err := json.Unmarshal(raw, v, wire.Options); err != nil {
		return fmt.Errorf("data is no JSON object: %w", wire.Clean(err))
	}
	return nil
}

// system starts an event that tells no state.
func system(code, text string) feed.Event {
	return feed.Event{Kind: feed.KindSystem, Code: code, Text: text}
}

// unknown tells of a message whose kind no reader here knows.
func unknown(name string) feed.Event {
	return feed.Event{Kind: feed.KindSystem, Code: feed.CodeUnknown, Text: name}
}

// price notes an amount in a currency: as money where it is yuan, else in words.
func price(e *feed.Event, amount, currency wire.Scalar) {
	switch {
	case strings.EqualFold(string(currency), "cny"):
		e.AmountFen = wire.YuanToFen(amount)
	case amount != "":
		e.Text = strings.TrimSpace(string(amount) + " " + string(currency))
	}
}
