package feed

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

const (
	writeTimeout = 10 * time.Second
	pingEvery    = 25 * time.Second
	// Silence longer than two pings and a bit means that the peer is gone.
	silence = 60 * time.Second
	// How long the peer gets to answer our close.
	closeTimeout = time.Second
	outQueue     = 64
)

// CloseEnded is the reason of a normal close (1000) by which a peer says that
// the broadcast is over and nothing more will come.
const CloseEnded = "ended"

var (
	// errEnded: the peer closed for good.
	errEnded = errors.New("the peer ended the stream")
	// errRestarts: the peer closed for everybody at once.
	errRestarts = errors.New("the peer closed the connection to restart")
	errTooLong  = errors.New("the peer sent a message longer than read_limit: raise it in the config if that is right")
)

// An Acker is a Session that acknowledges. Committed is called after events of
// its connection are on disk, in order; the frames it returns are sent. Events
// that had been received before are passed too, since the peer still waits.
type Acker interface {
	Committed(events []Event) []Frame
}

// A Replayer is a Session of a peer that numbers nothing but may begin a
// connection by sending again, in order, the last of what it sent before. After
// each Decode, Replaying tells whether more of that may come. As soon as one of
// these events turns out to be known, nothing was missed; if none was when
// Replaying ends, there is a gap before them all.
type Replayer interface {
	Replaying() bool
}

// A Keeper is a Session of a peer that keeps for so long what was not
// acknowledged to it, and sends it again unasked. A connection that was away for
// less has missed nothing, whatever comes first.
type Keeper interface {
	Keeps() time.Duration
}

// A Joiner is a Session that is not in the room as soon as it is connected: it logs
// in, or asks for what it wants to hear. What happens in the room until a message
// is Decoded as Joined, or tells of it, is missed as if there were no connection.
// Joins is asked once, at the beginning.
type Joiner interface {
	Joins() bool
}

// A Listener is a Session of a peer to which nothing may be said unasked, not
// even a ping. Patience is how long it may be silent, as far as is known now.
type Listener interface {
	Patience() time.Duration
}

// A Talker is a Session that has more to say than answers. Talk runs beside the
// reader while the connection is up, and is waited for when it ends: ctx does then,
// and say fails. Its error ends the connection; nil only tells that all is said.
type Talker interface {
	Talk(ctx context.Context, say func(Frame) error) error
}

// as finds what a session, or one that it wraps, can do.
func as[T any](s Session) (able T, ok bool) {
	for {
		if able, ok = s.(T); ok {
			return able, true
		}
		wrapper, wraps := s.(interface{ Unwrap() Session })
		if !wraps {
			return able, false
		}
		s = wrapper.Unwrap()
	}
}

// A link is one connection: the goroutine that runs it reads, another writes.
type link struct {
	conn *websocket.Conn
	out  chan Frame
	gone chan struct{} // closed when the writer has stopped
	read chan struct{} // closed when the reader has stopped

	mu      sync.Mutex // held during each call of session
	session Session
	joined  bool // what happens in the room comes here

	pace     Pace
	first    *Frame     // was read while the connection was opened; nil: none
	deadline sync.Mutex // held while the read deadline is set
	leaving  bool       // the deadline stands: the connection goes on elsewhere
}

func newLink(conn *websocket.Conn, session Session, cfg *Config) *link {
	conn.SetReadLimit(cfg.ReadLimit)
	l := &link{
		conn: conn, session: session, pace: cfg.Pace,
		out: make(chan Frame, outQueue), gone: make(chan struct{}), read: make(chan struct{}),
	}
	joiner, joins := as[Joiner](session)
	l.joined = !joins || !joiner.Joins()
	conn.SetPongHandler(func(string) error { l.alive(); return nil })
	// A pong goes out at once: gorilla allows control frames beside the writer.
	conn.SetPingHandler(func(data string) error {
		l.alive()
		err := conn.WriteControl(websocket.PongMessage, []byte(data), l.pace.until(writeTimeout))
		if errors.Is(err, websocket.ErrCloseSent) {
			return nil
		}
		return err
	})
	return l
}

// alive notes that the peer gave a sign of life beside its messages. A Listener
// counts messages alone.
func (l *link) alive() {
	if _, listens := as[Listener](l.session); !listens {
		l.extend(silence)
	}
}

// extend gives the peer so long for its next sign.
func (l *link) extend(d time.Duration) {
	l.deadline.Lock()
	defer l.deadline.Unlock()
	if !l.leaving {
		_ = l.conn.SetReadDeadline(l.pace.until(d))
	}
}

// leave ends the connection in so long, whatever still comes.
func (l *link) leave(d time.Duration) {
	l.deadline.Lock()
	defer l.deadline.Unlock()
	l.leaving = true
	_ = l.conn.SetReadDeadline(l.pace.until(d))
}

func (l *link) left() bool {
	l.deadline.Lock()
	defer l.deadline.Unlock()
	return l.leaving
}

// patience is how long the peer may be silent.
func (l *link) patience() time.Duration {
	listener, ok := as[Listener](l.session)
	if !ok {
		return silence
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return listener.Patience()
}

// run reads until the connection or ctx ends. handle gets each message, which
// is valid until it returns. The connection is closed and its writer stopped
// when run returns.
func (l *link) run(ctx context.Context, handle func(Frame) error) error {
	go l.write(ctx)
	stop := context.AfterFunc(ctx, func() {
		// The peer may take nothing of what is just being written.
		_ = l.conn.NetConn().SetWriteDeadline(l.pace.until(closeTimeout))
	})
	defer func() {
		stop()
		close(l.read)
		// A writer stuck in a full connection must not hold up the end.
		_ = l.conn.NetConn().SetWriteDeadline(l.pace.until(closeTimeout))
		<-l.gone
	}()
	l.mu.Lock()
	hello := l.session.Hello()
	l.mu.Unlock()
	if err := l.send(hello); err != nil {
		return err
	}
	if l.first != nil {
		if err := handle(*l.first); err != nil {
			return err
		}
	}
	quiet := l.talk(ctx)
	err := l.readAll(ctx, handle)
	if failed := quiet(); failed != nil && ctx.Err() == nil {
		return failed
	}
	return err
}

// talk lets a Talker talk. What it returns makes it stop, and tells why the
// connection had to end because of it.
func (l *link) talk(ctx context.Context) (quiet func() error) {
	talker, ok := as[Talker](l.session)
	if !ok {
		return func() error { return nil }
	}
	ctx, stop := context.WithCancel(ctx)
	said := make(chan error, 1)
	go func() {
		err := talker.Talk(ctx, func(f Frame) error { return l.send([]Frame{f}) })
		if ctx.Err() != nil || errors.Is(err, errGone) {
			err = nil
		}
		if err != nil {
			_ = l.conn.Close() // wakes the reader
		}
		said <- err
	}()
	return func() error {
		stop()
		_ = l.conn.NetConn().SetWriteDeadline(l.pace.until(closeTimeout))
		return <-said
	}
}

// readAll hands on messages until the connection or ctx ends.
func (l *link) readAll(ctx context.Context, handle func(Frame) error) error {
	var buf bytes.Buffer
	for {
		// Counted from when we are ready to read, so that a blocked sink is not
		// taken for a silent peer.
		l.extend(l.patience())
		kind, r, err := l.conn.NextReader()
		if err != nil {
			return l.why(err)
		}
		buf.Reset()
		if _, err := io.Copy(&buf, r); err != nil {
			return l.why(err)
		}
		if ctx.Err() != nil {
			continue // until the peer has answered our close
		}
		if err := handle(Frame{Binary: kind == websocket.BinaryMessage, Data: buf.Bytes()}); err != nil {
			return err
		}
	}
}

// why tells why reading ended.
func (l *link) why(err error) error {
	if l.left() {
		return errMoved
	}
	return readError(err)
}

func readError(err error) error {
	var closed *websocket.CloseError
	switch {
	case errors.Is(err, websocket.ErrReadLimit):
		return errTooLong
	case errors.As(err, &closed) && closed.Code == websocket.CloseNormalClosure && closed.Text == CloseEnded:
		return errEnded
	case errors.As(err, &closed) && (closed.Code == websocket.CloseServiceRestart || closed.Code == websocket.CloseTryAgainLater):
		return fmt.Errorf("%w (code %d, %q)", errRestarts, closed.Code, Sanitise(closed.Text))
	case errors.As(err, &closed):
		return fmt.Errorf("the peer closed the connection (code %d, %q)", closed.Code, Sanitise(closed.Text))
	}
	return fmt.Errorf("read: %w", err)
}

// decode hands one message to the session.
func (l *link) decode(f Frame, recv time.Time) Decoded {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.session.Decode(f, recv)
}

// replaying tells whether the peer may still be sending again what was missed.
func (l *link) replaying() bool {
	replayer, ok := as[Replayer](l.session)
	if !ok {
		return false
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return replayer.Replaying()
}

// acks tells whether the peer waits to hear what is on disk.
func (l *link) acks() bool {
	_, ok := as[Acker](l.session)
	return ok
}

// committed tells the session what is on disk, if it wants to know.
func (l *link) committed(events []Event) {
	acker, ok := as[Acker](l.session)
	if !ok {
		return
	}
	l.mu.Lock()
	frames := acker.Committed(events)
	l.mu.Unlock()
	// A connection that is gone needs no acknowledgement: the peer will send
	// the events again, and they will be known.
	_ = l.send(frames)
}

var errGone = errors.New("the connection cannot be written")

// send queues frames for the writer, in order.
func (l *link) send(frames []Frame) error {
	for _, f := range frames {
		select {
		case l.out <- f:
		case <-l.gone:
			return errGone
		}
	}
	return nil
}

func (l *link) write(ctx context.Context) {
	defer close(l.gone)
	defer func() { _ = l.conn.Close() }() // wakes the reader
	l.mu.Lock()
	every, _ := l.session.Heartbeat()
	l.mu.Unlock()
	var beat <-chan time.Time
	if every > 0 {
		t := time.NewTicker(l.pace.of(every))
		defer t.Stop()
		beat = t.C
	}
	var pings <-chan time.Time
	if _, listens := as[Listener](l.session); !listens {
		t := time.NewTicker(l.pace.of(pingEvery))
		defer t.Stop()
		pings = t.C
	}
	for {
		var err error
		select {
		case f := <-l.out:
			err = l.writeFrame(f)
		case <-beat:
			l.mu.Lock()
			_, f := l.session.Heartbeat()
			l.mu.Unlock()
			err = l.writeFrame(f)
		case <-pings:
			err = l.conn.WriteControl(websocket.PingMessage, nil, l.pace.until(writeTimeout))
		case <-l.read:
			l.bye()
			return
		case <-ctx.Done():
			l.bye()
			return
		}
		if err != nil {
			return
		}
	}
}

func (l *link) writeFrame(f Frame) error {
	kind := websocket.TextMessage
	if f.Binary {
		kind = websocket.BinaryMessage
	}
	_ = l.conn.SetWriteDeadline(l.pace.until(writeTimeout))
	return l.conn.WriteMessage(kind, f.Data)
}

// bye closes and waits a moment for the peer's answer.
func (l *link) bye() {
	msg := websocket.FormatCloseMessage(websocket.CloseNormalClosure, "")
	if l.conn.WriteControl(websocket.CloseMessage, msg, l.pace.until(closeTimeout)) != nil {
		return
	}
	select {
	case <-l.read:
	case <-time.After(l.pace.of(closeTimeout)):
	}
}
