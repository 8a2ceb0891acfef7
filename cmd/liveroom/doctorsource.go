package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"liveroom/feed"
	"liveroom/feed/bilibili"
	"liveroom/feed/eventsub"
	"liveroom/feed/stripe"
)

// How each protocol is tried, so that no console loses anything by it:
//
//   - Relays on the merchant's machine (oba, barrage, douyinlive, tikfinity) and
//     Twitch's chat tell everybody the same: they are connected to as a console does.
//   - EventSub: the socket is opened and the token asked about; nothing is subscribed
//     to, since a token has three sockets. So is the token that acts in Twitch's chat.
//   - Bilibili's open platform: a signed message about a session that there is none of
//     tells whether key, secret and clock are right. A session that was opened here
//     would keep the room from the console.
//   - Of what a peer may keep the newest connection only (a producer of ours, Bilibili's
//     and Kuaishou's web sockets), or share its messages between all who read (Taobao,
//     Stripe), nothing is connected to while a console holds the record. Otherwise it
//     logs in; nothing is pulled, confirmed or acknowledged, so it comes again.
//   - Recognisers hear a short sound of ours.

// alone are the protocols whose peers a second reader may disturb.
var alone = []string{"cloudevent", "bilibili", "kuaishou", "tmc", "stripe"}

// hushed are those to which nothing but the login is said.
var hushed = []string{"tmc", "stripe"}

// A trial is one source being tried.
type trial struct {
	d    *doctor
	room string
	name string
	cfg  SourceConfig
}

// sources are the trials of all sources that are dialled and carry no sound.
func (d *doctor) sources() []func(context.Context) []doctorRow {
	var tasks []func(context.Context) []doctorRow
	for _, r := range d.config.Rooms {
		if len(r.Sources) == 0 {
			tasks = append(tasks, func(context.Context) []doctorRow {
				return []doctorRow{row("source", levelProblem, r.ID, say("这个直播间没有数据源", "the room has no source"), say("加一段 [[room.source]]，见 docs/sources.md", "add a [[room.source]], see docs/sources.md"))}
			})
		}
		for i, s := range r.Sources {
			t := trial{d: d, room: r.ID, name: sourceName(r.ID, i, s), cfg: s}
			if s.Door == "" && len(s.Audio) == 0 {
				tasks = append(tasks, t.run)
			}
		}
	}
	return tasks
}

// run tries one source.
func (t trial) run(ctx context.Context) []doctorRow {
	switch {
	case t.cfg.Protocol == "bilibili" && t.cfg.Code != (Secret{}):
		return t.openLive(ctx)
	case t.d.holder != "" && !t.d.opt.dial && slices.Contains(alone, t.cfg.Protocol):
		return t.reachOnly(ctx)
	}
	protocol, token, err := t.protocol()
	if err != nil {
		return []doctorRow{t.problem(quoted(err), told{})}
	}
	began := time.Now()
	s, err := t.watch(ctx, protocol)
	if token != nil && token.err != nil {
		err = token.err
	}
	rows := t.judge(s, err, began)
	switch {
	case rows[0].Level == levelProblem:
	case token != nil:
		rows = append(rows, t.scopes(token.grant)...)
	case slices.Contains(byTwitch, t.cfg.Protocol) && len(t.cfg.Actions) > 0:
		rows = append(rows, t.acting(ctx)...)
	}
	return append(rows, t.around(ctx)...)
}

func (t trial) row(l level, why, do told) doctorRow { return row("source", l, t.name, why, do) }

func (t trial) problem(why, do told) doctorRow { return t.row(levelProblem, why, do) }

// protocol is the source's, as far as it may be spoken. token is asked about, where
// that is all that may be done with it; nil: it is shown.
func (t trial) protocol() (p feed.Protocol, token *tokenCheck, err error) {
	switch t.cfg.Protocol {
	case "eventsub":
		api, err := t.cfg.helix(true)
		if err != nil {
			return nil, nil, err
		}
		token = &tokenCheck{api: api}
		return eventsub.New(eventsub.Options{URL: t.cfg.URL, Channel: t.cfg.Channel, Subscriber: token}), token, nil
	case "stripe":
		o := t.cfg.stripe()
		o.Device = "liveroom doctor"
		return stripe.New(o), nil, nil
	}
	p, err = newProtocol(t.cfg, t.room)
	return p, nil, err
}

// A sight is what was seen of a source.
type sight struct {
	mu      sync.Mutex
	live    time.Time
	in      bool // the login was answered
	firstAt time.Time
	frames  int
	kinds   map[feed.Kind]int
	refused error
	unknown []string
	err     error
	enough  chan struct{} // closed when there is no use in waiting
	closed  bool
}

func (s *sight) done() {
	if !s.closed {
		s.closed = true
		close(s.enough)
	}
}

// status is told by the source. The first failure is the last: what is tried again
// later fails the same way.
func (s *sight) status(st feed.Status) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch st.State {
	case feed.StateLive:
		s.live = time.Now()
	case feed.StateWaiting, feed.StateFailed:
		if s.err == nil {
			s.err = st.Err
		}
		s.done()
	}
}

// watch connects to the source as a console would, until something of it was seen or
// the wait is over.
func (t trial) watch(ctx context.Context, p feed.Protocol) (*sight, error) {
	s := &sight{kinds: map[feed.Kind]int{}, enough: make(chan struct{})}
	mute := slices.Contains(hushed, t.cfg.Protocol)
	src, err := feed.NewSource(feed.Config{
		Source: "doctor/" + t.name, Room: t.room, ReadLimit: t.cfg.ReadLimit, AllowPlain: t.cfg.AllowInsecure, Status: s.status,
	}, sighted{Protocol: p, s: s, mute: mute, logged: loggedIn[t.cfg.Protocol]})
	if err != nil {
		return s, err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- src.Run(ctx, forget{}) }()
	wait := time.NewTimer(t.d.opt.timeout)
	defer wait.Stop()
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	for quiet := false; !quiet; {
		select {
		case <-s.enough:
			quiet = true
		case <-wait.C:
			quiet = true
		case <-ctx.Done():
			quiet = true
		case err := <-ended:
			return s, err
		case <-look.C:
			quiet = s.silentFor(t.d.opt.wait)
		}
	}
	stop()
	return s, <-ended
}

// silentFor tells whether a source that is connected said nothing for so long.
func (s *sight) silentFor(d time.Duration) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return !s.live.IsZero() && time.Since(s.live) > d
}

// loggedIn tells of protocols with a login which message answers it.
var loggedIn = map[string]func(f feed.Frame, d *feed.Decoded) bool{
	"twitch":   func(f feed.Frame, _ *feed.Decoded) bool { return strings.Contains(string(f.Data), " 366 ") },
	"eventsub": func(_ feed.Frame, d *feed.Decoded) bool { return d.Then != nil },
	"bilibili": func(f feed.Frame, d *feed.Decoded) bool {
		return f.Binary && len(f.Data) > 11 && f.Data[11] == 8 && d.Fatal == nil
	},
	"tmc":      func(_ feed.Frame, d *feed.Decoded) bool { return len(d.Reply) > 0 },
	"kuaishou": func(_ feed.Frame, d *feed.Decoded) bool { return d.Fatal == nil && len(d.Refused) == 0 },
}

// sighted is a protocol whose messages are seen.
type sighted struct {
	feed.Protocol
	s      *sight
	mute   bool
	logged func(feed.Frame, *feed.Decoded) bool // nil: there is no login
}

// Unwrap lets what the protocol can do count.
func (p sighted) Unwrap() feed.Protocol { return p.Protocol }

func (p sighted) NewSession(pos feed.Position) feed.Session {
	inner := sightedSession{p.Protocol.NewSession(pos), p}
	if listener, ok := inner.Session.(feed.Listener); ok {
		return listening{inner, listener}
	}
	return inner
}

// A sightedSession hides what its session can do beside: nothing is acknowledged, and
// none moves elsewhere.
type sightedSession struct {
	feed.Session
	p sighted
}

type listening struct {
	sightedSession
	listener feed.Listener
}

// Patience is how long the peer may be silent.
func (l listening) Patience() time.Duration { return l.listener.Patience() }

// Heartbeat is nothing where it would pull messages.
func (s sightedSession) Heartbeat() (time.Duration, feed.Frame) {
	if s.p.mute {
		return 0, feed.Frame{}
	}
	return s.Session.Heartbeat()
}

// Decode sees what came, and lets nothing be said of it that counts at the peer.
func (s sightedSession) Decode(f feed.Frame, recv time.Time) feed.Decoded {
	d := s.Session.Decode(f, recv)
	s.p.see(f, &d)
	if s.p.mute {
		d.Reply = nil
	}
	d.Events, d.Move = nil, nil
	if then := d.Then; then != nil {
		d.Then = func(ctx context.Context) feed.Decoded {
			next := then(ctx)
			s.p.see(feed.Frame{}, &next)
			next.Events = nil
			s.p.s.mu.Lock()
			s.p.s.done()
			s.p.s.mu.Unlock()
			return next
		}
	}
	return d
}

func (p sighted) see(f feed.Frame, d *feed.Decoded) {
	s := p.s
	s.mu.Lock()
	defer s.mu.Unlock()
	if p.logged != nil && !s.in && p.logged(f, d) {
		s.in = true
	}
	if s.refused == nil && len(d.Refused) > 0 {
		s.refused = d.Refused[0]
	}
	s.unknown = append(s.unknown, d.Unknowns()...)
	for _, e := range d.Events {
		s.kinds[e.Kind]++
	}
	if f.Data != nil {
		if s.frames++; s.frames == 1 {
			s.firstAt = time.Now()
		}
	}
	if d.Fatal == nil && d.Then == nil && (p.logged == nil || s.in) {
		s.done()
	}
}

// judge puts what was seen into words.
func (t trial) judge(s *sight, err error, began time.Time) []doctorRow {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err == nil {
		err = s.err
	}
	switch {
	case err != nil:
		return []doctorRow{t.problem(t.failed(err), remedy(err))}
	case s.live.IsZero():
		return []doctorRow{t.problem(say("%s 内没有连上", "no connection within %s", t.d.opt.timeout).and(t.way()), silentHost)}
	}
	why := say("%s 连上", "connected in %s", brief(s.live.Sub(began))).and(t.way())
	switch {
	case loggedIn[t.cfg.Protocol] != nil && s.in:
		why = why.and(say("登录成功", "logged in"))
	case loggedIn[t.cfg.Protocol] != nil:
		return []doctorRow{t.problem(why.and(say("登录在 %s 内没有回音", "the login was not answered within %s", t.d.opt.wait)),
			say("核对频道或房间号、令牌", "check the channel or room, and the token"))}
	}
	l, do := levelOK, told{}
	events := 0
	for _, n := range s.kinds {
		events += n
	}
	switch {
	case s.frames > 0 && events == 0 && s.refused != nil && len(s.unknown) == 0:
		l, why = levelProblem, why.and(say("发来的读不懂：%v", "what it sends cannot be read: %v", s.refused))
		do = say("协议是不是 %s？核对 protocol 和 url", "is it %s at all? check protocol and url", t.cfg.Protocol)
	case loggedIn[t.cfg.Protocol] != nil: // its answer was the first message
	case s.frames > 0:
		why = why.and(say("%s 后收到第一条消息", "first message after %s", brief(s.firstAt.Sub(s.live))))
	default:
		why = why.and(say("%s 内没有消息（没开播时正常）", "nothing came within %s, which is right while nothing is on", t.d.opt.wait))
	}
	return []doctorRow{t.row(l, why.and(t.acts()), do)}
}

// failed is why a source cannot be read, with its host where only that failed.
func (t trial) failed(err error) told {
	words := plainWords(err)
	if t.cfg.Token == (Secret{}) && strings.Contains(err.Error(), "HTTP 401") {
		words = words.and(say("配置里没有写 token", "no token is set in the config"))
	}
	if u, bad := url.Parse(t.cfg.address()); bad == nil && u.Host != "" {
		if !strings.Contains(words.zh, u.Host) {
			words.zh = u.Host + "：" + words.zh
		}
		if !strings.Contains(words.en, u.Host) {
			words.en = u.Host + ": " + words.en
		}
	}
	return words
}

// acts tells what the source can be asked to do.
func (t trial) acts() told {
	if len(t.cfg.Actions) > 0 {
		names := strings.Join(t.cfg.Actions, ", ")
		return say("可以做：%s", "can act: %s", names)
	}
	return say("只读", "reads only")
}

// unnamed takes the source's name, which is ours, out of an error.
func unnamed(err error) error {
	text := err.Error()
	if rest, ok := strings.CutPrefix(text, "source doctor/"); ok {
		if _, rest, ok = strings.Cut(rest, ": "); ok {
			return errors.New(rest)
		}
	}
	return err
}

func brief(d time.Duration) string {
	if d < time.Second {
		return fmt.Sprintf("%d ms", max(d.Milliseconds(), 1))
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}

// reachOnly looks whether the host answers at all.
func (t trial) reachOnly(ctx context.Context) []doctorRow {
	r := reach(ctx, t.cfg.address(), askNothing)
	if r.err != nil {
		return []doctorRow{t.problem(r.words(), remedy(r.err))}
	}
	why := say("%s 有应答（%s）", "%s answers (%s)", r.host, brief(r.took)).and(byProxy(r.proxy),
		say("没有登录：控制台正在用，对方可能只留最新的连接", "not logged in: a console is using it, and the peer may keep the newest connection only"))
	rows := []doctorRow{t.row(levelNote, why, say("关掉控制台再试，或加 --dial", "close the console and try again, or say --dial"))}
	return append(rows, t.cert(r)...)
}

// around looks at what stands around the connection: the certificate and the clock.
func (t trial) around(ctx context.Context) []doctorRow {
	u, err := url.Parse(t.cfg.address())
	if err != nil || feed.Loopback(u.Hostname()) {
		return nil
	}
	r := reach(ctx, t.cfg.address(), askClock)
	return append(t.cert(r), t.clock(r)...)
}

// openLive asks Bilibili's open platform about the key without opening a session.
func (t trial) openLive(ctx context.Context) []doctorRow {
	p, err := bilibili.NewOpenLive(t.cfg.openLive())
	if err == nil {
		err = p.Check(ctx)
	}
	if err != nil {
		return append([]doctorRow{t.problem(t.failed(plainly(err)), remedy(err))}, t.around(ctx)...)
	}
	why := say("平台认得密钥，签名和时钟都对", "the platform knows the key, and signature and clock are right").and(
		say("没有开启场次：那会占住直播间；身份码要到控制台开启时才知道对不对", "no session was started, which would hold the room; whether code fits is known when the console starts one"), t.way(), t.acts())
	return append([]doctorRow{t.row(levelOK, why, told{})}, t.around(ctx)...)
}
