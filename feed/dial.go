package feed

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/gorilla/websocket"
)

const (
	handshakeTimeout = 10 * time.Second
	// leastHandshake is what a hurried source leaves a peer: half a handshake that was
	// given up has been let in on the other side.
	leastHandshake = 2 * time.Second
	// The library reads any amount of response headers; certificates and
	// headers of honest peers stay far below this.
	handshakeBytes = 64 << 10
	// net/http quotes whole what it cannot read.
	dialErrorWidth = 200
)

// A dialError is why a connection was not opened.
type dialError struct {
	err        error
	permanent  bool
	refused    bool // the machine is there, beyond this one, and its server is not
	retryAfter time.Duration
}

func (e *dialError) Error() string { return e.err.Error() }
func (e *dialError) Unwrap() error { return e.err }

// checkURL refuses addresses that would send the token in the clear. Errors
// never repeat the address: its query may hold a secret.
func checkURL(raw string, allowPlain bool) (*url.URL, error) {
	u, err := url.Parse(raw)
	if err != nil {
		return nil, errors.New("the address is not a URL: write it like wss://host/path")
	}
	switch u.Scheme {
	case "wss":
	case "ws":
		if !allowPlain && !Loopback(u.Hostname()) {
			return nil, fmt.Errorf("ws://%s is not encrypted: use wss://, or allow plain ws for this source in the config", u.Host)
		}
	default:
		return nil, fmt.Errorf("the address starts with %q: it must start with wss:// or ws://", u.Scheme)
	}
	if u.Hostname() == "" {
		return nil, errors.New("the address names no host: write it like wss://host/path")
	}
	return u, nil
}

// Loopback tells whether a host is this machine, by its name or address.
func Loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// CheckHTTP checks an address that is asked over HTTP with a secret, or holds one:
// https://, or http:// on this machine. Errors tell no more of it than its host.
func CheckHTTP(raw string) (*url.URL, error) {
	u, err := url.Parse(raw)
	switch {
	case err != nil || u.Hostname() == "" || u.Scheme != "https" && u.Scheme != "http":
		return nil, errors.New("the address is no URL of HTTP: it must begin with https://, like https://host/path")
	case u.Scheme == "http" && !Loopback(u.Hostname()):
		return nil, fmt.Errorf("http://%s is not encrypted, and a secret would go there: the address must begin with https://", Sanitise(u.Host))
	}
	return u, nil
}

// dial opens a connection. No redirect is followed and no compression offered, nor
// taken from a peer that imposes it, which the library would do: a limit on what is
// read does not bound what it inflates to.
func (s *Source) dial(ctx context.Context, req Request) (*websocket.Conn, error) {
	u, err := checkURL(req.URL, s.cfg.AllowPlain)
	if err != nil {
		return nil, &dialError{err: err, permanent: true}
	}
	tlsConfig := s.cfg.TLS.Clone()
	if tlsConfig == nil {
		tlsConfig = &tls.Config{}
	}
	tlsConfig.MinVersion = max(tlsConfig.MinVersion, tls.VersionTLS12)
	way, err := WayTo(u, s.cfg.Proxy)
	if err != nil {
		return nil, explain(err, nil, u, way)
	}

	var raw *boundedConn
	dialer := websocket.Dialer{
		HandshakeTimeout: max(s.cfg.Pace.of(handshakeTimeout), leastHandshake),
		Subprotocols:     req.Subprotocols,
		TLSClientConfig:  tlsConfig,
	}
	bounded := func(dialling context.Context, network, addr string) (net.Conn, error) {
		c, err := s.cfg.Dial(dialling, network, addr)
		if err != nil {
			return nil, err
		}
		// The library waits for the answer until the deadline, though nobody wants it
		// any more.
		raw = &boundedConn{Conn: c, left: handshakeBytes, unwatch: context.AfterFunc(ctx, func() { _ = c.Close() })}
		return raw, nil
	}
	dialer.NetDialContext = func(dialling context.Context, network, addr string) (net.Conn, error) {
		return way.Dial(dialling, bounded, tlsConfig, network, addr)
	}
	conn, resp, err := dialer.DialContext(ctx, req.URL, req.Header)
	if resp != nil && resp.Body != nil {
		defer func() { _ = resp.Body.Close() }()
	}
	if raw != nil && !raw.unwatch() && err == nil {
		_ = conn.Close()
		err = ctx.Err()
	}
	if err == nil || resp != nil {
		if wrong := unasked(conn, resp, u, req); wrong != nil {
			return nil, wrong
		}
	}
	if err != nil {
		var proxy *ProxyError
		if resp == nil && raw != nil && raw.failed != nil && !errors.Is(err, context.DeadlineExceeded) && !errors.As(err, &proxy) {
			err = raw.failed // not what net/http made of half an answer
		}
		return nil, explain(err, resp, u, way)
	}
	raw.left = -1
	return conn, nil
}

// unasked ends a connection, if there is one, on which the peer does what nobody asked
// for.
func unasked(conn *websocket.Conn, resp *http.Response, u *url.URL, req Request) error {
	var why string
	switch {
	case resp.Header.Get("Sec-WebSocket-Extensions") != "":
		why = " imposes an extension that nobody offered: check that it is a websocket server"
	case conn != nil && len(req.Subprotocols) > 0 && !slices.Contains(req.Subprotocols, conn.Subprotocol()):
		why = " does not speak " + strings.Join(req.Subprotocols, " or ") + ": check the address and the protocol in the config"
	default:
		return nil
	}
	if conn != nil {
		_ = conn.Close()
	}
	return &dialError{err: errors.New(u.Host + why)}
}

func explain(err error, resp *http.Response, u *url.URL, way Way) *dialError {
	var proxy *ProxyError
	if errors.As(err, &proxy) {
		here := way.proxy == nil || Loopback(way.proxy.Hostname())
		return &dialError{err: fmt.Errorf("dial %s: %w", u.Host, proxy), permanent: proxy.permanent, refused: refused(err) && !here, retryAfter: proxy.retryAfter}
	}
	who := u.Host
	if by := way.Proxy(); by != "" {
		who += " (by the proxy " + by + ")"
	}
	if resp == nil || !errors.Is(err, websocket.ErrBadHandshake) {
		var op *net.OpError
		gone := refused(err) && !Loopback(u.Hostname())
		if errors.As(err, &op) && op.Op == "dial" {
			err = op.Err // the address stands in ours
		}
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return &dialError{err: fmt.Errorf("%s hung up before it answered (%w): check the address, and whether it is ws:// or wss://", who, err)}
		}
		return &dialError{err: fmt.Errorf("dial %s: %w", who, shortError{err}), refused: gone}
	}
	d := &dialError{retryAfter: RetryAfter(resp.Header.Get("Retry-After"), time.Now())}
	switch code := resp.StatusCode; {
	case code == http.StatusUnauthorized || code == http.StatusForbidden:
		d.permanent = true
		d.err = fmt.Errorf("%s refused the token (HTTP %d): check the token of this source in the config", who, code)
	case code >= 300 && code < 400:
		d.err = fmt.Errorf("%s redirects elsewhere (HTTP %d), which is not followed: put the final address in the config", who, code)
	case code == http.StatusSwitchingProtocols:
		d.err = fmt.Errorf("%s answered the handshake wrongly: check that it is a websocket server", who)
	default:
		d.err = fmt.Errorf("%s did not open a websocket (HTTP %d): check the address in the config", who, code)
	}
	return d
}

// refused tells of a dial that a machine answered with no.
func refused(err error) bool {
	const windows = syscall.Errno(10061) // which has a number of its own for it
	return errors.Is(err, syscall.ECONNREFUSED) || errors.Is(err, windows)
}

// A shortError tells of an error what fits a line.
type shortError struct{ err error }

func (e shortError) Error() string { return Sanitise(e.err.Error()).Truncate(dialErrorWidth).String() }
func (e shortError) Unwrap() error { return e.err }

// RetryAfter reads the header of that name: seconds or a date.
func RetryAfter(v string, now time.Time) time.Duration {
	if n, err := strconv.ParseInt(v, 10, 32); err == nil {
		return max(0, time.Duration(n)*time.Second)
	}
	if at, err := http.ParseTime(v); err == nil {
		return max(0, at.Sub(now))
	}
	return 0
}

// A boundedConn ends when more than left bytes are read; below 0 there is no
// bound. It is changed only between the handshake and the first read after it.
type boundedConn struct {
	net.Conn
	left    int
	failed  error       // why a read within the bound failed
	unwatch func() bool // false: it was closed, as who dialled has left
}

func (c *boundedConn) Read(p []byte) (int, error) {
	if c.left < 0 {
		return c.Conn.Read(p)
	}
	if c.left == 0 {
		c.failed = fmt.Errorf("the handshake is longer than %d bytes", handshakeBytes)
		return 0, c.failed
	}
	n, err := c.Conn.Read(p[:min(len(p), c.left)])
	c.left -= n
	c.failed = err
	return n, err
}
