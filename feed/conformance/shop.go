package conformance

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptrace"
	"slices"
	"sync"
	"testing"
	"time"

	"liveroom/feed"
	"liveroom/feed/door"
	"liveroom/feed/feedtest"
	"liveroom/feed/webhook"
	"liveroom/feed/webhook/webhooktest"
)

const (
	// shopAnswerIn is how long the shops of the suite wait for an answer, which takes
	// microseconds on a machine that does nothing else.
	shopAnswerIn = 2 * time.Second
	// shopAgain is after how long they post again, instead of minutes and hours.
	shopAgain = 5 * time.Millisecond
)

// Shop is a shop that posts to the door. What people say is why they cancel an
// order, where the platform tells.
func Shop(platform string) Subject {
	return Subject{
		Name: platform, Way: Posts,
		Open: func(_ testing.TB, s Stage) Room { return newShop(s, platform) },
		Cannot: map[Ability]string{
			Roles:    "a shop's messages are about buyers alone",
			Retracts: "what was ordered is not unsaid, it is closed",
			Clears:   "what was ordered is not unsaid, it is closed",
			Logins:   "it is the shop that signs, and the door's tests refuse it",
			Beats:    "between two posts there is no connection that anybody counts on",
			HandsOff: "a shop posts to the address that it was told",
		},
		Expect:  func(m Message, e *feed.Event) { *e = ordered(platform, m) },
		Key:     func(e feed.Event) string { return e.OrderID },
		Secrets: []string{webhooktest.Secret(platform)},
	}
}

// ordered is what m comes to at a platform.
func ordered(platform string, m Message) feed.Event {
	e := feed.Event{Kind: feed.KindOrder, OrderID: m.ID, At: m.At}
	switch platform {
	case "doudian":
		e.Text = m.Text
	case "shopify":
		e.Kind, e.Text = feed.KindRefund, m.Text
	case "kuaishou-shop", "douyin-life":
		e.User = feed.User{ID: m.Author, Role: feed.RoleViewer}
	}
	return e
}

// A shopRoom is a shop with a queue of messages, which it posts one after another
// until each was answered well, and a connection that it keeps for them.
type shopRoom struct {
	shop *webhooktest.Shop
	gate *Gate
	stop context.CancelFunc
	wg   sync.WaitGroup

	news   feedtest.News
	addr   string   // of the door; "": closed
	conn   net.Conn // kept; nil: none
	joined int
	queue  []webhooktest.Message
	acked  []string
}

func newShop(s Stage, platform string) Room {
	s.Gate.PeerDials()
	ctx, stop := context.WithCancel(context.Background())
	r := &shopRoom{gate: s.Gate, stop: stop}
	r.shop = &webhooktest.Shop{
		Platform: platform, Secret: webhooktest.Secret(platform), URL: "http://door.example/hook/shop", AnswerIn: shopAnswerIn,
		Client: &http.Client{Transport: &http.Transport{DialContext: r.dial, MaxConnsPerHost: 1}},
		Wait: func(ctx context.Context, _ time.Duration) error {
			select {
			case <-time.After(shopAgain):
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		},
	}
	r.wg.Go(func() { r.keep(ctx) })
	r.wg.Go(func() { r.post(ctx) })
	return r
}

var errNoDoor = errors.New("nobody opened the door")

// dial goes to wherever the door is.
func (r *shopRoom) dial(ctx context.Context, network, _ string) (net.Conn, error) {
	r.news.Lock()
	addr := r.addr
	r.news.Unlock()
	if addr == "" {
		return nil, errNoDoor
	}
	c, err := r.gate.Dial(ctx, network, addr)
	if err != nil {
		return nil, err
	}
	return &keptConn{Conn: c, room: r}, nil
}

// A keptConn tells when it ends.
type keptConn struct {
	net.Conn
	room *shopRoom
}

func (c *keptConn) Close() error {
	r := c.room
	r.news.Lock()
	if r.conn == net.Conn(c) {
		r.conn = nil
		r.news.Changed()
	}
	r.news.Unlock()
	return c.Conn.Close()
}

// keep asks the door for a sign of life whenever there is no connection, as
// platforms do with an address that they were told.
func (r *shopRoom) keep(ctx context.Context) {
	for ctx.Err() == nil {
		r.news.Lock()
		connected := r.conn != nil
		r.news.Unlock()
		if !connected {
			r.probe(ctx)
		}
		_ = r.shop.Wait(ctx, 0)
	}
}

// probe asks for nothing, which is answered in any case.
func (r *shopRoom) probe(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, shopAnswerIn)
	defer cancel()
	var used net.Conn
	trace := withConn(ctx, func(c net.Conn) { used = c })
	req, err := http.NewRequestWithContext(trace, http.MethodHead, r.shop.URL, nil)
	if err != nil {
		return
	}
	resp, err := r.shop.Client.Do(req)
	if err != nil {
		return
	}
	_ = resp.Body.Close()
	r.news.Lock()
	defer r.news.Unlock()
	r.conn = used
	r.joined++
	r.news.Changed()
}

// post delivers what is in the queue, in order.
func (r *shopRoom) post(ctx context.Context) {
	for ctx.Err() == nil {
		r.news.Lock()
		var next *webhooktest.Message
		if len(r.queue) > 0 {
			m := r.queue[0]
			next = &m
		}
		r.news.Unlock()
		if next == nil {
			_ = r.shop.Wait(ctx, 0)
			continue
		}
		// When the platform would give up, hours have passed; the test has not.
		if _, err := r.shop.Deliver(ctx, *next); err != nil {
			continue
		}
		r.news.Lock()
		r.queue, r.acked = r.queue[1:], append(r.acked, next.ID)
		r.news.Changed()
		r.news.Unlock()
	}
}

// Source is what reads recorded posts; those of the room are read by the door.
func (r *shopRoom) Source(*feed.Config) (feed.Protocol, error) { return webhook.New(webhook.Options{}) }

// Run opens a door to the shop, as the program does.
func (r *shopRoom) Run(ctx context.Context, cfg feed.Config, sink feed.Sink) error {
	d, err := door.New(door.Config{Addr: "127.0.0.1:0"})
	if err != nil {
		return err
	}
	err = d.Hook(door.Hook{
		Name: "shop", Platform: r.shop.Platform, Secret: r.shop.Secret, Source: cfg.Source, Room: cfg.Room,
		Sink: sink, Status: cfg.Status, Refused: cfg.Refused,
	})
	if err != nil {
		return err
	}
	at, err := d.Listen(ctx)
	if err != nil {
		return err
	}
	r.at(at.String())
	defer r.at("")
	return d.Serve(ctx)
}

func (r *shopRoom) at(addr string) {
	r.news.Lock()
	defer r.news.Unlock()
	r.addr = addr
}

// WaitJoined counts the connections on which the door answered.
func (r *shopRoom) WaitJoined(n int, patience time.Duration) error {
	return r.news.Wait("connections", n, patience, func() int { return r.joined })
}

// Say puts messages into the queue.
func (r *shopRoom) Say(messages ...Message) error {
	r.news.Lock()
	defer r.news.Unlock()
	for _, m := range messages {
		r.queue = append(r.queue, webhooktest.Ended(r.shop.Platform, webhooktest.Order{ID: m.ID, Order: m.ID, Buyer: m.Author, At: m.At}, m.Text))
	}
	return nil
}

// Kick is the platform's closing the connection that it kept.
func (r *shopRoom) Kick() error {
	r.shop.Client.CloseIdleConnections()
	return nil
}

// Odd is a message of a kind that nobody knows.
func (r *shopRoom) Odd() error {
	r.news.Lock()
	defer r.news.Unlock()
	r.queue = append(r.queue, webhooktest.Unknown(r.shop.Platform, "9901"))
	return nil
}

// Break is a signed post that cannot be read. The platform gives it up.
func (r *shopRoom) Break() error {
	_, err := r.shop.Post(context.Background(), webhooktest.Broken("9902"))
	return err
}

// WaitAcked waits until messages were answered well.
func (r *shopRoom) WaitAcked(ids []string, patience time.Duration) error {
	return waitFor(ids, patience, r.Acked)
}

// Acked are the messages that were answered well.
func (r *shopRoom) Acked() []string {
	r.news.Lock()
	defer r.news.Unlock()
	return slices.Clone(r.acked)
}

// Close ends the shop.
func (r *shopRoom) Close() {
	r.stop()
	r.wg.Wait()
	r.shop.Client.CloseIdleConnections()
}

// withConn tells on which connection a request goes.
func withConn(ctx context.Context, got func(net.Conn)) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(info httptrace.GotConnInfo) { got(info.Conn) }})
}
