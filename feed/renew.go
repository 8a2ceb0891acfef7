package feed

import (
	"context"
	"fmt"

	"github.com/gorilla/websocket"
)

// A renewal opens a connection anew when the peer wants it to be, while the old one is
// read. The new one takes over as soon as it is there, and what is still on the way over
// the old one is read first: a peer that renews says nothing by itself that could be
// waited for. What cannot be opened leaves the old connection as it is.
type renewal struct {
	end  context.CancelFunc // of waiting
	drop context.CancelFunc // of dialling too
	done chan struct{}
	conn *websocket.Conn // nil: nothing takes over
}

// renew begins to renew l, by the request that it was opened by.
func (r *run) renew(ctx context.Context, l *link) *renewal {
	n := &renewal{done: make(chan struct{})}
	dialling, drop := context.WithCancel(ctx)
	waiting, end := context.WithCancel(dialling)
	n.end, n.drop = end, drop
	go func() {
		defer close(n.done)
		for r.asked.Renew > 0 && sleep(waiting, r.asked.Renew) {
			conn, err := r.again(dialling)
			if err == nil {
				n.conn = conn
				l.leave(moveDrain)
				return
			}
			if dialling.Err() == nil {
				r.refused(fmt.Errorf("open the connection anew, as the peer asked: %w", err))
			}
		}
	}()
	return n
}

func (r *run) again(ctx context.Context) (*websocket.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, r.cfg.Pace.of(moveTimeout))
	defer cancel()
	return r.dial(ctx, r.asked)
}

// over is what takes over from the old connection, which has ended; nil: nothing. Where
// it ended while the new one was being opened, which may have been why, that is waited
// for, but not where no connection is wanted any more.
func (n *renewal) over(wanted bool) *websocket.Conn {
	n.end()
	if !wanted {
		n.drop()
	}
	<-n.done
	n.drop()
	if n.conn != nil && !wanted {
		_ = n.conn.Close()
		return nil
	}
	return n.conn
}
