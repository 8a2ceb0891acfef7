package bilibili

import (
	"bytes"
	"fmt"
	"time"

	"github.com/go-json-experiment/json"

	"liveroom/feed"
	"liveroom/feed/internal/wire"
)

// counterEvery is how often one kind of counter is let through: the platform
// sends each of them every second or so, and only the newest matters.
const counterEvery = 10 * time.Second

// A session is one connection.
type session struct {
	p         *Protocol
	seq       int64
	counted   map[string]time.Time
	inflaters [maxNesting]inflater
}

// Hello is the login, which must come within 5 s of connecting.
func (s *session) Hello() []feed.Frame {
	if s.p.auth == nil {
		return nil
	}
	return []feed.Frame{packet(opAuth, s.p.auth)}
}

// Heartbeat keeps the server from dropping the connection.
func (s *session) Heartbeat() (time.Duration, feed.Frame) {
	return heartbeatEvery, packet(opHeartbeat, []byte(heartbeatBody))
}

// Decode reads one message: packets in a binary frame, or one bare JSON command
// in a text frame, as recordings keep them.
func (s *session) Decode(f feed.Frame, recv time.Time) feed.Decoded {
	var d feed.Decoded
	m := &message{s: s, d: &d, recv: recv, left: maxInflated}
	var err error
	if f.Binary {
		r := bytes.NewReader(f.Data)
		err = m.run(r, func() int64 { return int64(r.Len()) }, 0)
	} else {
		err = m.command(bytes.Clone(f.Data))
	}
	if err != nil {
		m.refuse(err)
	}
	return d
}

func (m *message) refuse(err error) {
	m.d.Refused = append(m.d.Refused, fmt.Errorf("bilibili: %w", err))
}

// Joins is true: messages come once the login was answered.
func (s *session) Joins() bool { return true }

// authReply reads the answer to the login.
func (m *message) authReply(body []byte) {
	var reply struct {
		Code *wire.Scalar `json:"code"`
	}
	if err := json.Unmarshal(body, &reply); err != nil {
		m.refuse(fmt.Errorf("login reply: %w", wire.Clean(err)))
		return
	}
	if reply.Code == nil {
		m.refuse(fmt.Errorf("login reply: no code"))
		return
	}
	code := reply.Code.Int()
	if code == 0 {
		m.d.Joined = true
		return
	}
	remedy := "get a new token for this room and set it in token"
	if m.s.p.open {
		remedy = "start the open-live session again and set its new auth_body"
	}
	m.d.Fatal = fmt.Errorf("bilibili refused the login with code %d: %s", code, remedy)
	e := feed.Event{Kind: feed.KindSystem, Code: feed.CodeAuthFailed, Text: fmt.Sprintf("auth failed %d", code)}
	if err := m.add(e, &command{cmd: "AUTH_REPLY", raw: bytes.Clone(body)}); err != nil {
		m.refuse(err)
	}
}

// add completes an event and keeps it, unless it stands in this message already.
func (m *message) add(e feed.Event, c *command) error {
	if len(m.d.Events) == maxPackets {
		return errPackets
	}
	e.Source, e.Recv, e.Raw = m.s.p.source, m.recv, c.raw
	e.Room = m.s.p.room
	if e.Room == "" {
		e.Room = wire.FirstID(c.room, c.RoomID)
		e.Source = "bilibili:" + e.Room
	}
	if e.At.IsZero() {
		e.At = wire.FirstTime(wire.Millis(c.SendTime), m.recv)
	}
	if e.ID == "" {
		e.ID = m.s.id(c, m.recv)
	}
	if m.seen == nil {
		m.seen = map[string]bool{}
		for _, old := range m.d.Events {
			m.seen[old.ID] = true
		}
	}
	if m.seen[e.ID] {
		return nil
	}
	m.seen[e.ID] = true
	m.d.Events = append(m.d.Events, e)
	return nil
}

// id is for an event that names none itself: the platform's number of the
// message where there is one, else a number of our own.
func (s *session) id(c *command, recv time.Time) string {
	if c.MsgID != "" {
		return c.cmd + ":" + string(c.MsgID)
	}
	s.seq++
	return fmt.Sprintf("%s:%d:%d", c.cmd, recv.UnixNano(), s.seq)
}
