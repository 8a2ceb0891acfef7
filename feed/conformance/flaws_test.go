package conformance

import (
	"context"
	"errors"
	"math"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"

	"liveroom/feed"
)

// flaws are what goes wrong in sources. Each play of the suite has one at least.
var flaws = map[string]flaw{
	"loses the last message of a frame": {scene: "a burst stays in order", seen: "missing [9007199254741292]", decoded: func(d *feed.Decoded) {
		d.Events = d.Events[:max(0, len(d.Events)-1)]
	}},
	"turns a frame round": {scene: "late and out of order", seen: "in another order", decoded: func(d *feed.Decoded) { slices.Reverse(d.Events) }},
	"reads ids as floats": {scene: "numbers beyond 2^53 stay apart", seen: "missing [9007199254740993 ", decoded: each(func(e *feed.Event) {
		if n, err := strconv.ParseFloat(e.ID, 64); err == nil {
			e.ID = strconv.FormatFloat(math.Round(n), 'f', 0, 64)
		}
	})},
	"numbers what it reads itself": {scene: "what is said again is one event", seen: "not wanted [9007199254740993:", decoded: each(numbers)},
	"numbers what has no number":   {scene: "what is said again is one event", seen: ", want 2", of: KuaishouUnnumbered, decoded: each(numbers)},
	"dates everything itself":      {scene: "late and out of order", seen: " came to time ", decoded: each(func(e *feed.Event) { e.At = time.Time{} })},
	"dates what has no time": {scene: "late and out of order", seen: " came to time ", of: Dycast, record: altered(func(e *feed.Event) {
		e.At = e.At.Add(-time.Minute)
	})},
	"does not tell that a clock is wrong": {scene: "a clock that is wrong", seen: "told 0 times that the peer's clock is wrong, want 1", record: without(func(e feed.Event) bool {
		return e.Code == feed.CodeSkew
	})},
	"believes a clock that is wrong": {scene: "a clock that is wrong", seen: "a message of the future is at", decoded: each(func(e *feed.Event) {
		e.Epoch = "a recording"
	})},
	"knows no roles":      {scene: "roles", seen: `role "viewer", want "host"`, decoded: each(func(e *feed.Event) { e.User.Role = feed.RoleViewer })},
	"makes up roles":      {scene: "roles", seen: `role "host", want "viewer"`, of: TMC, decoded: each(func(e *feed.Event) { e.User.Role = feed.RoleHost })},
	"forgets to withdraw": {scene: "withdrawn", seen: "what was withdrawn is not struck out", decoded: each(func(e *feed.Event) { e.Retracts = "" })},
	"withdraws what stands": {scene: "withdrawn", seen: "withdrawn: [", of: TMC, decoded: each(func(e *feed.Event) {
		e.Retracts = "1"
	})},
	"forgets to clear":     {scene: "cleared", seen: "what was cleared is not struck out: person", decoded: each(func(e *feed.Event) { e.Clears = "" })},
	"clears for everybody": {scene: "cleared", seen: "what was cleared is not struck out: person", decoded: each(func(e *feed.Event) { e.User.ID = "" })},
	"clears in words alone": {scene: "cleared", seen: "what was cleared is not struck out: chat", of: EventSub, decoded: each(func(e *feed.Event) {
		if e.Clears == feed.ClearsChat {
			e.Clears = ""
		}
	})},
	"clears before it was said": {scene: "cleared", seen: "is cleared", decoded: each(func(e *feed.Event) {
		if e.Clears != "" {
			e.At = e.At.Add(-time.Minute)
		}
	})},
	"clears what stands": {scene: "cleared", seen: "cleared: [", of: TMC, decoded: each(func(e *feed.Event) { e.Clears = feed.ClearsChat })},
	"strips what it fears": {scene: "hostile text", seen: ` came to text "`, decoded: each(func(e *feed.Event) {
		e.Text = strings.ReplaceAll(e.Text, "\x1b", "")
	})},
	"passes over what it does not know": {scene: "a command of next year's", seen: "a command that nobody knows was dropped silently", decoded: func(d *feed.Decoded) {
		d.Refused = nil
		d.Events = slices.DeleteFunc(d.Events, func(e feed.Event) bool { return e.Code == "unknown" })
	}},
	"loses what is plain": {scene: "a command of next year's", seen: "missing [orchid-2000/9007199254740997]", of: recogniserWithoutCommands, record: without(func(e feed.Event) bool {
		return strings.HasPrefix(e.Text, "第4句")
	})},
	"passes over what it cannot read": {scene: "a broken frame", seen: "a frame that cannot be read was dropped silently", decoded: func(d *feed.Decoded) { d.Refused = nil }},
	"goes on when it is not let in":   {scene: "login refused", seen: "the program has not given up", decoded: func(d *feed.Decoded) { d.Fatal = nil }},
	"tells its token": {scene: "login refused", seen: "a secret was told", decoded: func(d *feed.Decoded) {
		if d.Fatal != nil {
			d.Fatal = errors.New("make a new token: oauth:stale is not good")
		}
	}},
	"tries again after hours": {scene: "nobody is there yet", seen: "1 dials after", config: func(c *feed.Config) {
		c.Jitter = func() float64 { return 1e6 }
	}},
	"goes at every word": {scene: "heartbeats keep the connection", seen: "not wanted [gap]", of: BilibiliWeb, decoded: func(d *feed.Decoded) {
		d.Redial = d.Redial || slices.ContainsFunc(d.Events, func(e feed.Event) bool { return e.Kind == feed.KindChat })
	}},
	"sends no heartbeats":                  {scene: "heartbeats keep the connection", seen: "0 heartbeats after", of: BilibiliWeb, session: func(s feed.Session) feed.Session { return mute{s} }},
	"never leaves who stands still":        {scene: "a peer that stands still is left", seen: "1 joins after", config: slow},
	"never leaves who does not answer":     {scene: "a peer that stands still while it is dialled", seen: "2 dials after", config: slow},
	"stays when it is asked to come again": {scene: "kicked", seen: "1 joins after", decoded: func(d *feed.Decoded) { d.Redial = false }},
	"does not listen while it moves": {scene: "kicked", seen: "gap", of: EventSub, decoded: func(d *feed.Decoded) {
		d.Move, d.Redial = nil, d.Redial || d.Move != nil
	}},
	"leaves no gap":                  {scene: "cut", seen: "missing [gap]", record: without(func(e feed.Event) bool { return e.Kind == feed.KindGap })},
	"takes half a frame for a whole": {scene: "cut in the middle of a frame", seen: "refused what the peer may say", config: paddingConns},
	"forgets its place":              {scene: "started again", seen: "missing [9007199254740996 9007199254740997]", of: Events, reader: func(p feed.Protocol) feed.Protocol { return forgetful{p} }},
	"forgets that it was there":      {scene: "started again", seen: "missing [gap]", record: func(s feed.Sink) feed.Sink { return blank{s} }},
	"acknowledges what is not on disk": {scene: "a record that cannot be written", seen: "before it was on disk", of: TMC, session: func(s feed.Session) feed.Session {
		return hasty{s, s.(feed.Acker)}
	}},

	"leaves something behind":           {scene: "leave while connected", seen: "found unexpected goroutines", decoded: func(*feed.Decoded) { stay() }},
	"leaves something of the beginning": {scene: "leave before anything was said", seen: "found unexpected goroutines", session: func(s feed.Session) feed.Session { stay(); return s }},
	"leaves something of a dialling":    {scene: "leave while dialling", seen: "found unexpected goroutines", reader: func(p feed.Protocol) feed.Protocol { return staying{p} }},
	"leaves something of many diallings": {
		scene: "leave while backing off", seen: "found unexpected goroutines", reader: func(p feed.Protocol) feed.Protocol { return staying{p} },
	},
	"waits for who stands still":       {scene: "leave a peer that stands still", seen: "the program has not left", config: conns(func(c net.Conn) net.Conn { return lingering{c} })},
	"leaves something of half a frame": {scene: "leave in the middle of a frame", seen: "found unexpected goroutines", decoded: func(*feed.Decoded) { stay() }},
	"takes for recorded what was refused": {scene: "leave while the record cannot be written", seen: "missing [9007199254740993]", record: func(s feed.Sink) feed.Sink {
		return careless{s}
	}},
}

func each(spoil func(*feed.Event)) func(*feed.Decoded) {
	return func(d *feed.Decoded) {
		for i := range d.Events {
			spoil(&d.Events[i])
		}
	}
}

func numbers(e *feed.Event) {
	if e.Kind == feed.KindChat {
		e.ID += ":" + strconv.FormatInt(time.Now().UnixNano(), 10)
	}
}

func recogniserWithoutCommands() Subject { return DoorSpeech("tencent") }

// slow has all the time in the world for a peer.
func slow(c *feed.Config) { c.Pace = 0.5 }

// stay is what nobody waits for.
func stay() { go time.Sleep(time.Minute) }

// A staying protocol stays at each dialling.
type staying struct{ feed.Protocol }

func (p staying) Request(pos feed.Position) (feed.Request, error) {
	stay()
	return p.Protocol.Request(pos)
}

func (p staying) Unwrap() feed.Protocol { return p.Protocol }

// A forgetful protocol asks for nothing that was missed.
type forgetful struct{ feed.Protocol }

func (p forgetful) Request(pos feed.Position) (feed.Request, error) {
	return p.Protocol.Request(feed.Position{Source: pos.Source})
}

func (p forgetful) Unwrap() feed.Protocol { return p.Protocol }

// A mute session has no heartbeat.
type mute struct{ feed.Session }

func (s mute) Heartbeat() (time.Duration, feed.Frame) { return 0, feed.Frame{} }

func (s mute) Unwrap() feed.Session { return s.Session }

// A hasty session acknowledges what it has read.
type hasty struct {
	feed.Session
	acker feed.Acker
}

func (s hasty) Decode(f feed.Frame, recv time.Time) feed.Decoded {
	d := s.Session.Decode(f, recv)
	d.Reply = append(d.Reply, s.acker.Committed(d.Events)...)
	return d
}

func (s hasty) Unwrap() feed.Session { return s.Session }

// A losing sink loses some events.
type losing struct {
	feed.Sink
	loses func(feed.Event) bool
}

func without(loses func(feed.Event) bool) func(feed.Sink) feed.Sink {
	return func(s feed.Sink) feed.Sink { return losing{s, loses} }
}

func (s losing) Commit(ctx context.Context, b feed.Batch) error {
	if b.Events = slices.DeleteFunc(slices.Clone(b.Events), s.loses); len(b.Events) == 0 {
		return nil
	}
	return s.Sink.Commit(ctx, b)
}

// An altering sink changes each event.
type altering struct {
	feed.Sink
	alter func(*feed.Event)
}

func altered(alter func(*feed.Event)) func(feed.Sink) feed.Sink {
	return func(s feed.Sink) feed.Sink { return altering{s, alter} }
}

func (s altering) Commit(ctx context.Context, b feed.Batch) error {
	b.Events = slices.Clone(b.Events)
	for i := range b.Events {
		s.alter(&b.Events[i])
	}
	return s.Sink.Commit(ctx, b)
}

// A careless sink never fails.
type careless struct{ feed.Sink }

func (s careless) Commit(ctx context.Context, b feed.Batch) error {
	_ = s.Sink.Commit(ctx, b)
	return nil
}

// A blank sink knows no place.
type blank struct{ feed.Sink }

func (s blank) Position(_ context.Context, source string) (feed.Position, error) {
	return feed.Position{Source: source}, nil
}

// conns spoils every connection.
func conns(spoil func(net.Conn) net.Conn) func(*feed.Config) {
	return func(c *feed.Config) {
		dial := c.Dial
		c.Dial = func(ctx context.Context, network, addr string) (net.Conn, error) {
			conn, err := dial(ctx, network, addr)
			if err != nil {
				return nil, err
			}
			return spoil(conn), nil
		}
	}
}

// A lingering connection takes long to close.
type lingering struct{ net.Conn }

func (c lingering) Close() error {
	time.Sleep(stopsIn + 2*time.Second)
	return c.Conn.Close()
}

// paddingConns go on with blanks where they ended, so that what was cut is filled up.
func paddingConns(c *feed.Config) { conns(func(c net.Conn) net.Conn { return padding{c} })(c) }

type padding struct{ net.Conn }

func (c padding) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if n > 0 || err == nil {
		return n, err
	}
	for i := range b {
		b[i] = ' '
	}
	return len(b), nil
}
