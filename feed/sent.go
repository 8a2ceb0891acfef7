package feed

import (
	"context"
	"net/http/httptrace"
	"sync/atomic"
)

// A Sent tells how far one HTTP request came, for who must not send it twice.
type Sent struct{ asked, got atomic.Bool }

// Watch is the context to make the request with.
func (s *Sent) Watch(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn: func(string) { s.asked.Store(true) },
		GotConn: func(httptrace.GotConnInfo) { s.got.Store(true) },
	})
}

// Perhaps tells whether the request may have gone out: it had a connection, after
// name, dialling and handshake, or nobody knows whether it had.
func (s *Sent) Perhaps() bool { return s.got.Load() || !s.asked.Load() }
