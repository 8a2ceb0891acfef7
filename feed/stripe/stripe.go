// Package stripe reads the payments, refunds and disputes of a Stripe account
// through a session as `stripe listen` opens one. Stripe means it for
// development; it is the only way to its events that needs no public address.
//
// Delivery: a Stripe event about a checkout, a refund or a dispute becomes one
// event; the many others that tell of the same payment from other sides come to
// nothing on purpose. Stripe sends an event at least once, and once per version
// of its API: a second one has the same ID. What is signed wrongly or cannot be
// read stands in Decoded.Refused. An event is acknowledged when it is on disk.
//
// Ordering: none is promised by Stripe. The states of an order may come in any.
//
// Money: amounts are of yuan alone. What was paid in another currency stands in
// the text, in that currency's smallest unit.
//
// Replay: each time that Stripe wants it to be (reconnect_delay), a session's connection
// is opened anew, and the old one is read to its end: nothing is missed between the two.
// Where a connection is lost a new session is opened, and what happened between the two
// is a gap.
//
// Locking: a Protocol may be shared; a Session belongs to one goroutine.
package stripe

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/go-json-experiment/json"

	"liveroom/feed"
	"liveroom/feed/internal/wire"
)

// DefaultAPI is where sessions are opened.
const DefaultAPI = "https://api.stripe.com"

// subprotocol is what the websocket speaks.
const subprotocol = "stripecli-devproxy-v1"

const (
	openWithin = 20 * time.Second
	maxAnswer  = 1 << 20
	// renewEvery is how often a session's connection is opened anew where Stripe names
	// no other time, as its own tool has it.
	renewEvery = time.Minute
	// Stripe may not have us dial without pause, nor never.
	leastRenew = 15 * time.Second
	mostRenew  = time.Hour
)

// Options say whose events are read. None is needed to read recorded frames.
type Options struct {
	Key    string // a secret or restricted key of the account
	Device string // what Stripe shows the session as; empty means "liveroom"
	API    string // empty means DefaultAPI
	Client *http.Client
}

// A Protocol reads one account.
type Protocol struct {
	o      Options
	client http.Client

	mu     sync.Mutex
	secret string // signs the events of the newest session; "" checks nothing
}

// New makes the protocol of the account that o names. It follows no redirect,
// since that would take the key elsewhere.
func New(o Options) *Protocol {
	p := &Protocol{o: o}
	if p.o.API == "" {
		p.o.API = DefaultAPI
	}
	if p.o.Device == "" {
		p.o.Device = "liveroom"
	}
	if o.Client != nil {
		p.client = *o.Client
	}
	p.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return p
}

// Name is "stripe".
func (p *Protocol) Name() string { return "stripe" }

// String never shows the key.
func (p *Protocol) String() string { return "stripe as " + p.o.Device }

// GoString never shows the key.
func (p *Protocol) GoString() string { return p.String() }

// Request refuses: each connection needs a session, see Open.
func (p *Protocol) Request(feed.Position) (feed.Request, error) {
	return feed.Request{}, errors.New("stripe: a connection needs a session of its own: open one")
}

// Open asks Stripe for a session.
func (p *Protocol) Open(ctx context.Context, _ feed.Position) (feed.Request, error) {
	if p.o.Key == "" {
		return feed.Request{}, &feed.DeniedError{Reason: "stripe: set token to a secret or restricted key of the account"}
	}
	ctx, cancel := context.WithTimeout(ctx, openWithin)
	defer cancel()
	var s struct {
		URL     string      `json:"websocket_url"`
		ID      string      `json:"websocket_id"`
		Feature string      `json:"websocket_authorized_feature"`
		Secret  string      `json:"secret"`
		Delay   wire.Scalar `json:"reconnect_delay"`
	}
	if err := p.post(ctx, &s); err != nil {
		return feed.Request{}, fmt.Errorf("open a stripe session: %w", err)
	}
	u, err := url.Parse(s.URL)
	if err != nil || s.URL == "" || s.ID == "" {
		return feed.Request{}, errors.New("open a stripe session: the answer names no websocket")
	}
	if s.Secret == "" { // without it events would be taken from anybody
		return feed.Request{}, errors.New("open a stripe session: the answer names no secret that signs its events")
	}
	q := u.Query()
	q.Set("websocket_feature", s.Feature)
	u.RawQuery = q.Encode()
	p.mu.Lock()
	p.secret = s.Secret
	p.mu.Unlock()
	header := http.Header{"Accept-Encoding": {"identity"}, "Websocket-Id": {s.ID}}
	return feed.Request{URL: u.String(), Header: header, Subprotocols: []string{subprotocol}, Renew: renew(string(s.Delay))}, nil
}

// renew is after how long a connection is opened anew, where Stripe says so many
// seconds.
func renew(delay string) time.Duration {
	seconds, err := strconv.ParseInt(delay, 10, 64)
	switch {
	case err != nil && !errors.Is(err, strconv.ErrRange), seconds == 0:
		return renewEvery
	case seconds > int64(mostRenew/time.Second):
		return mostRenew
	}
	return max(leastRenew, time.Duration(max(seconds, 0))*time.Second)
}

// post opens the session and reads the answer into v.
func (p *Protocol) post(ctx context.Context, v any) error {
	form := url.Values{"device_name": {p.o.Device}, "websocket_features[]": {"webhooks"}}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, p.o.API+"/v1/stripecli/sessions", strings.NewReader(form.Encode()))
	if err != nil {
		return wire.Clean(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Authorization", "Bearer "+p.o.Key)
	resp, err := p.client.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return err
	}
	switch code := resp.StatusCode; {
	case code == http.StatusUnauthorized || code == http.StatusForbidden:
		return &feed.DeniedError{Reason: fmt.Sprintf("stripe refused the key (HTTP %d): make one that may listen, and set it in token", code)}
	case code/100 != 2:
		return fmt.Errorf("stripe answered HTTP %d", code)
	}
	if err := json.Unmarshal(answer, v, wire.Options); err != nil {
		return fmt.Errorf("the answer is no JSON: %w", wire.Clean(err))
	}
	return nil
}

// NewSession starts one connection's decoder.
func (p *Protocol) NewSession(feed.Position) feed.Session {
	p.mu.Lock()
	defer p.mu.Unlock()
	return &session{secret: p.secret, waiting: map[string][]feed.Frame{}}
}
