package main

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"liveroom/feed/bilibili/bilibilitest"
	"liveroom/feed/cloudevent/cloudeventtest"
	"liveroom/feed/kuaishou/kuaishoutest"
	"liveroom/feed/tmc/tmctest"
	"liveroom/feed/twitch/twitchtest"
	"liveroom/feed/webhook/webhooktest"
)

// A speaker plays the other side of one room. Its events are numbered from 1.
type speaker interface {
	// say says event n to whoever is there.
	say(n int64)
	// goodbye ends what is connected as the protocol does it.
	goodbye()
	// forget is a restart after which nothing is known of what was said.
	forget()
}

// phrases are what is said; some of it is nothing a host may say.
var phrases = []string{"还有货吗", "真的是纯羊绒吗", "什么时候发货", "这是全国最好的围巾", "我要两条", "多少钱一条", "颜色真好看"}

// line is what event n says.
func line(n int64) string { return fmt.Sprintf("第%d句%s", n, phrases[n%int64(len(phrases))]) }

// numberOf tells which event said text.
func numberOf(text string) (n int64, ok bool) {
	digits, _, _ := strings.Cut(strings.TrimPrefix(text, "第"), "句")
	n, err := strconv.ParseInt(digits, 10, 64)
	return n, err == nil && text == line(n)
}

func hostOf(url string) string {
	_, rest, _ := strings.Cut(url, "://")
	host, _, _ := strings.Cut(rest, "/")
	return host
}

// A producer of our own events numbers what it says and says again what is asked
// for.
type producer struct{ *cloudeventtest.Server }

func (p producer) say(n int64) {
	p.Produce(strconv.FormatInt(n, 10), func(place string) []byte { return eventOf("/producer", n, place) })
}

func (p producer) goodbye() { p.Kick() }
func (p producer) forget()  { p.Forget() }

// eventOf is event n as a producer writes it; place is where it stands among others.
func eventOf(source string, n int64, place string) []byte {
	return fmt.Appendf(nil, `{"specversion":"1.0","id":"%d","source":%q,"type":"liveroom.chat.v1","time":%q,%s"data":{"user":{"id":"%d","name":"小鹿"},"text":%q}}`,
		n, source, time.Now().Format(time.RFC3339Nano), place, n%97, line(n))
}

// A twitchRoom is a channel's chat.
type twitchRoom struct{ *twitchtest.Server }

func (r twitchRoom) say(n int64) {
	r.Say(fmt.Sprintf("@display-name=mei;id=m-%d;user-id=%d;tmi-sent-ts=%d;room-id=1 :mei!mei@mei.tmi.twitch.tv PRIVMSG #shop :%s", n, n%97, time.Now().UnixMilli(), line(n)))
}

func (r twitchRoom) goodbye() { r.Reconnect() }
func (r twitchRoom) forget()  { r.Cut() }

// A bilibiliRoom sends in batches, as the platform does.
type bilibiliRoom struct{ *bilibilitest.Server }

func (r bilibiliRoom) say(n int64) {
	version := []uint16{bilibilitest.Plain, bilibilitest.Zlib, bilibilitest.Brotli}[n%3]
	_ = r.Say(version, fmt.Sprintf(`{"cmd":"DANMU_MSG","info":[[0,1,25,1,%d,1,0,"",0,0,0,"",0,"{}","{}",{"extra":"{\"id_str\":\"d%d\"}"}],%q,[20%d,"观众",0]]}`, time.Now().UnixMilli(), n, line(n), n%97))
}

func (r bilibiliRoom) goodbye() { r.Kick() }
func (r bilibiliRoom) forget()  { r.Kick() }

// A kuaishouRoom is read from its web socket.
type kuaishouRoom struct{ *kuaishoutest.Server }

func (r kuaishouRoom) say(n int64) {
	r.Push(kuaishoutest.Message(310, n%2 == 0, kuaishoutest.Text(5,
		kuaishoutest.Text(1, []byte(fmt.Sprintf("c%d", n))), kuaishoutest.Text(2, kuaishoutest.Text(1, []byte("3xA"))),
		kuaishoutest.Text(3, []byte(line(n))), kuaishoutest.Number(9, uint64(time.Now().UnixMilli())))))
}

func (r kuaishouRoom) goodbye() { r.Cut() }
func (r kuaishouRoom) forget()  { r.Cut() }

// A taobaoShop keeps each message until it is confirmed. An order's amount is its
// number, in fen.
type taobaoShop struct{ *tmctest.Server }

func (s taobaoShop) say(n int64) {
	s.Publish(tmctest.Message{
		ID: 7_000_000_000 + n, Topic: "taobao_trade_TradeBuyerPay", Time: time.Now(),
		Content: fmt.Sprintf(`{"tid":"9%09d","oid":"9%09d","payment":"%d.%02d","buyer_nick":"t**"}`, n, n, n/100, n%100),
	})
}

func (s taobaoShop) goodbye() { s.Redeliver() }
func (s taobaoShop) forget()  { s.Cut() }

// acknowledged are the events that the shop was told are safe.
func (s taobaoShop) acknowledged() []int64 {
	var out []int64
	for _, id := range s.Confirmed() {
		out = append(out, id-7_000_000_000)
	}
	return out
}

// A caller dials the door and comes again whenever it is thrown out. What it says
// meanwhile is said to nobody, unless it keeps some.
type caller struct {
	t      *testing.T
	url    string
	frames func(n int64) [][]byte
	keeps  int // how many of the last events it says again when it comes back

	ctx  context.Context
	mu   sync.Mutex
	conn *websocket.Conn // nil: not connected
	kept []int64
}

func newCaller(t *testing.T, url string, keeps int, frames func(n int64) [][]byte) *caller {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	c := &caller{t: t, url: url, frames: frames, keeps: keeps, ctx: ctx}
	done := make(chan struct{})
	go func() { defer close(done); c.keepCalling() }()
	t.Cleanup(func() { cancel(); c.goodbye(); <-done })
	return c
}

// callEvery is how often a caller tries: the door lets in twenty calls a minute.
const callEvery = 400 * time.Millisecond

func (c *caller) keepCalling() {
	header := http.Header{"Authorization": {"Bearer " + doorToken}}
	for c.ctx.Err() == nil {
		conn, resp, err := websocket.DefaultDialer.DialContext(c.ctx, c.url, header)
		if err == nil {
			c.talk(conn)
		} else if resp != nil {
			_ = resp.Body.Close()
		}
		select {
		case <-time.After(callEvery):
		case <-c.ctx.Done():
		}
	}
}

// talk says again what is kept and listens until the connection ends.
func (c *caller) talk(conn *websocket.Conn) {
	c.mu.Lock()
	c.conn = conn
	for _, n := range c.kept {
		c.write(n)
	}
	c.mu.Unlock()
	for {
		if _, _, err := conn.NextReader(); err != nil {
			break
		}
	}
	c.mu.Lock()
	c.conn = nil
	c.mu.Unlock()
	_ = conn.Close()
}

// write says one event. c.mu is held.
func (c *caller) write(n int64) {
	if c.conn == nil {
		return
	}
	for _, b := range c.frames(n) {
		_ = c.conn.SetWriteDeadline(time.Now().Add(5 * time.Second))
		_ = c.conn.WriteMessage(websocket.TextMessage, b)
	}
}

func (c *caller) say(n int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.kept = append(c.kept, n)
	c.kept = c.kept[max(0, len(c.kept)-c.keeps):]
	c.write(n)
}

func (c *caller) goodbye() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.conn != nil {
		_ = c.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseGoingAway, ""), time.Now().Add(time.Second))
		_ = c.conn.Close()
	}
}

func (c *caller) forget() {
	c.mu.Lock()
	c.kept = nil
	c.mu.Unlock()
	c.goodbye()
}

// toolFrames are those of a tool that numbers what it says.
func toolFrames(n int64) [][]byte {
	return [][]byte{eventOf("/tool", n, fmt.Sprintf(`"epoch":"tool","offset":%d,`, n))}
}

// voskFrames are a partial result and the final one that replaces it.
func voskFrames(n int64) [][]byte {
	end := float64(n) / 10
	return [][]byte{
		[]byte(fmt.Sprintf(`{"partial":%q}`, "第"+strconv.FormatInt(n, 10))),
		[]byte(fmt.Sprintf(`{"result":[{"conf":0.9,"start":%.2f,"end":%.2f,"word":"x"}],"text":%q}`, end-0.1, end, line(n))),
	}
}

// A poster is a shop that posts each order until that is answered well, and some
// that were once more. An order's amount is its number, in fen.
type poster struct {
	*webhooktest.Shop
	ctx    context.Context
	orders chan int64

	mu       sync.Mutex
	answered []int64
}

func newPoster(t *testing.T, url string) *poster {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	again := func(ctx context.Context, _ time.Duration) error {
		select {
		case <-time.After(100 * time.Millisecond): // what platforms do after minutes
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	p := &poster{
		Shop: &webhooktest.Shop{Platform: "shopify", Secret: doorToken, URL: url, Wait: again},
		ctx:  ctx, orders: make(chan int64, 1<<16),
	}
	done := make(chan struct{})
	go func() { defer close(done); p.postAll() }()
	t.Cleanup(func() { cancel(); <-done })
	return p
}

func (p *poster) say(n int64) { p.orders <- n }

func (p *poster) postAll() {
	for {
		select {
		case <-p.ctx.Done():
			return
		case n := <-p.orders:
			m := webhooktest.Message{
				ID: fmt.Sprintf("e%d", n), Topic: "orders/paid",
				Body: fmt.Sprintf(`{"id":56789%09d,"financial_status":"paid","total_price":"%d.%02d","currency":"CNY","updated_at":%q}`, n, n/100, n%100, time.Now().Format(time.RFC3339)),
			}
			p.deliver(n, m)
			if n%9 == 0 { // the answer was lost
				p.deliver(n, m)
			}
		}
	}
}

// deliver posts until the answer is good: when the platform would give up, hours
// have passed, and here a second.
func (p *poster) deliver(n int64, m webhooktest.Message) {
	for p.ctx.Err() == nil {
		if _, err := p.Deliver(p.ctx, m); err == nil {
			p.mu.Lock()
			p.answered = append(p.answered, n)
			p.mu.Unlock()
			return
		}
	}
}

func (p *poster) acknowledged() []int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]int64(nil), p.answered...)
}

func (p *poster) goodbye() { http.DefaultClient.CloseIdleConnections() }
func (p *poster) forget()  { http.DefaultClient.CloseIdleConnections() }
