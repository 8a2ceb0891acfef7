package main

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"liveroom/feed"
	"liveroom/feed/bilibili/bilibilitest"
	"liveroom/feed/cloudevent"
	"liveroom/feed/kuaishou/kuaishoutest"
	"liveroom/feed/tmc/tmctest"
	"liveroom/feed/twitch/twitchtest"
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

// A producer of our own events is dialled, numbers what it says and says again
// what is asked for.
type producer struct {
	*httptest.Server
	mu      sync.Mutex
	more    *sync.Cond
	epoch   int
	said    []feed.Event
	clients map[*websocket.Conn]bool
}

func newProducer(t *testing.T) *producer {
	t.Helper()
	p := &producer{epoch: 1, clients: map[*websocket.Conn]bool{}}
	p.more = sync.NewCond(&p.mu)
	p.Server = httptest.NewServer(http.HandlerFunc(p.serve))
	t.Cleanup(func() { p.goodbye(); p.Close() })
	return p
}

func (p *producer) serve(w http.ResponseWriter, r *http.Request) {
	up := websocket.Upgrader{Subprotocols: []string{cloudevent.Subprotocol}}
	conn, err := up.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	defer func() { _ = conn.Close() }()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clients[conn] = true
	go func() { // pings are answered by reading
		for {
			if _, _, err := conn.NextReader(); err != nil {
				p.mu.Lock()
				delete(p.clients, conn)
				p.mu.Unlock()
				p.more.Broadcast()
				return
			}
		}
	}()
	next, epoch := 0, p.epoch
	if after, err := strconv.Atoi(r.FormValue("after")); err == nil && r.FormValue("epoch") == p.name() {
		next = after
	}
	for p.clients[conn] && epoch == p.epoch {
		if next == len(p.said) {
			p.more.Wait()
			continue
		}
		e := p.said[next]
		next++
		p.mu.Unlock()
		b, err := cloudevent.Encode(e)
		if err == nil {
			err = conn.WriteMessage(websocket.TextMessage, b)
		}
		p.mu.Lock()
		if err != nil {
			return
		}
	}
}

// name is the epoch's. p.mu is held.
func (p *producer) name() string { return fmt.Sprintf("run-%d", p.epoch) }

func (p *producer) say(n int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.said = append(p.said, numbered(n, p.name(), int64(len(p.said)+1)))
	p.more.Broadcast()
}

func numbered(n int64, epoch string, offset int64) feed.Event {
	return feed.Event{
		ID: fmt.Sprintf("%s-%d", epoch, offset), Source: "/producer", Kind: feed.KindChat, At: time.Now(), Text: line(n),
		User: feed.User{ID: strconv.FormatInt(n%97, 10), Name: "小鹿"}, Epoch: epoch, Offset: offset,
	}
}

func (p *producer) goodbye() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for conn := range p.clients {
		_ = conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseGoingAway, "restart"), time.Now().Add(time.Second))
		_ = conn.Close()
		delete(p.clients, conn)
	}
	p.more.Broadcast()
}

func (p *producer) forget() {
	p.goodbye()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.epoch++
	p.said = nil
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
	b, err := cloudevent.Encode(numbered(n, "tool", n))
	if err != nil {
		return nil
	}
	return [][]byte{b}
}

// voskFrames are a partial result and the final one that replaces it.
func voskFrames(n int64) [][]byte {
	end := float64(n) / 10
	return [][]byte{
		[]byte(fmt.Sprintf(`{"partial":%q}`, "第"+strconv.FormatInt(n, 10))),
		[]byte(fmt.Sprintf(`{"result":[{"conf":0.9,"start":%.2f,"end":%.2f,"word":"x"}],"text":%q}`, end-0.1, end, line(n))),
	}
}

// A poster is a shop that posts each order until that is answered well. An order's
// amount is its number, in fen.
type poster struct {
	url    string
	ctx    context.Context
	orders chan int64

	mu       sync.Mutex
	answered []int64
}

func newPoster(t *testing.T, url string) *poster {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	p := &poster{url: url, ctx: ctx, orders: make(chan int64, 1<<16)}
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
			at := time.Now()
			for !p.post(n, at) && p.ctx.Err() == nil {
				time.Sleep(100 * time.Millisecond)
			}
			if n%9 == 0 { // the answer was lost
				_ = p.post(n, at)
			}
		}
	}
}

// post posts event n, which is of the given time however often it is posted.
func (p *poster) post(n int64, at time.Time) (well bool) {
	body := fmt.Sprintf(`{"id":56789%09d,"financial_status":"paid","total_price":"%d.%02d","currency":"CNY","updated_at":%q}`, n, n/100, n%100, at.Format(time.RFC3339))
	mac := hmac.New(sha256.New, []byte(doorToken))
	_, _ = mac.Write([]byte(body))
	ctx, cancel := context.WithTimeout(p.ctx, 5*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, p.url, bytes.NewReader([]byte(body)))
	if err != nil {
		return false
	}
	req.Header = http.Header{
		"X-Shopify-Hmac-Sha256": {base64.StdEncoding.EncodeToString(mac.Sum(nil))},
		"X-Shopify-Event-Id":    {fmt.Sprintf("e%d", n)}, "X-Shopify-Topic": {"orders/paid"},
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return false
	}
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.answered = append(p.answered, n)
	return true
}

func (p *poster) acknowledged() []int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]int64(nil), p.answered...)
}

func (p *poster) goodbye() { http.DefaultClient.CloseIdleConnections() }
func (p *poster) forget()  { http.DefaultClient.CloseIdleConnections() }
