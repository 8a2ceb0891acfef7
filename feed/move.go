package feed

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/gorilla/websocket"
)

const (
	// moveTimeout is how long a peer gets from the wish that we move to the
	// first message of the new connection; Twitch closes the old one after as
	// long.
	moveTimeout = 30 * time.Second
	// moveDrain is how long what is still on the way over the old connection may
	// take after that.
	moveDrain = 500 * time.Millisecond
)

// A Move is where the peer asks a connection to go on. The old connection is
// read until the first message has come over the new one, to which nothing is
// said before; then Session goes on, and there is no gap between the two.
type Move struct {
	Request Request
	Session Session
}

var errMoved = errors.New("the connection goes on at another address")

// moving is a new connection being opened while the old one is read.
type moving struct {
	cancel context.CancelFunc
	done   chan struct{}
	link   *link // nil when it failed, err then says why
	err    error
}

// move starts to open the connection that m asks for.
func (r *run) move(ctx context.Context, old *link, m Move) {
	if r.moving != nil { // it said so twice
		return
	}
	ctx, cancel := context.WithTimeout(ctx, r.cfg.Pace.of(moveTimeout))
	next := &moving{cancel: cancel, done: make(chan struct{})}
	r.moving = next
	go func() {
		defer close(next.done)
		defer cancel()
		conn, err := r.dial(ctx, m.Request)
		if err != nil {
			next.err = err
			return
		}
		l := newLink(conn, m.Session, &r.cfg)
		if l.first, err = firstFrame(ctx, conn); err != nil {
			_ = conn.Close()
			next.err = err
			return
		}
		next.link = l
		old.leave(moveDrain)
	}()
}

// firstFrame waits for the first message of a connection.
func firstFrame(ctx context.Context, conn *websocket.Conn) (*Frame, error) {
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	kind, r, err := conn.NextReader()
	if err != nil {
		return nil, readError(err)
	}
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, readError(err)
	}
	return &Frame{Binary: kind == websocket.BinaryMessage, Data: data}, nil
}

// follow runs l and every connection that the peer moves it to, or has renewed. It
// returns the last of them and why that ended.
func (r *run) follow(ctx context.Context, l *link) (*link, error) {
	for {
		r.asking.by(l)
		renewal := r.renew(ctx, l)
		err := l.run(ctx, func(f Frame) error { return r.message(ctx, l, f) })
		r.asking.by(nil)
		next := r.moving
		r.moving = nil
		var fatal *fatalError
		over := errors.As(err, &fatal) || errors.Is(err, errEnded) || ctx.Err() != nil
		if conn := renewal.over(!over && next == nil); conn != nil {
			l = newLink(conn, r.protocol.NewSession(r.tracker.pos), &r.cfg)
			continue
		}
		if next == nil {
			return l, err
		}
		if over {
			next.cancel()
		}
		<-next.done
		switch {
		case next.link == nil:
			return l, fmt.Errorf("%w; where it asked to go on: %w", err, next.err)
		case over || ctx.Err() != nil:
			_ = next.link.conn.Close()
			return l, err
		}
		l = next.link
	}
}
