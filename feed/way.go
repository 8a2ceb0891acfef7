package feed

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	"golang.org/x/net/proxy"
)

// The rules of the way to a peer. The environment names the proxies (HTTPS_PROXY,
// HTTP_PROXY, NO_PROXY), read as net/http reads them, so that a websocket goes the way
// that the program's HTTP goes; this machine is never asked for by one. A proxy is as
// untrusted as a peer: what it says is bounded, in size and by the time of the whole
// dial, and it is not followed elsewhere. Of its address, which may hold a password,
// only the host is told.
//
// The websocket library speaks to HTTP proxies too, but an answer without a reason
// phrase ends the program there.

// proxyBytes is how much a proxy may say before it leads on.
const proxyBytes = 16 << 10

// A Way is how the host of an address is reached: straight, or by a proxy.
type Way struct {
	proxy    *url.URL // nil: straight
	variable string   // of the environment, that names the proxy
}

// WayTo is the way to an address. find finds the proxy of a request; nil asks the
// environment, which is read once.
func WayTo(address *url.URL, find func(*http.Request) (*url.URL, error)) (Way, error) {
	if find == nil {
		find = http.ProxyFromEnvironment
	}
	w := Way{variable: "HTTP_PROXY"}
	about := url.URL{Scheme: "http", Host: address.Host}
	if address.Scheme == "wss" || address.Scheme == "https" {
		about.Scheme, w.variable = "https", "HTTPS_PROXY"
	}
	by, err := find(&http.Request{Method: http.MethodGet, URL: &about, Host: about.Host})
	if err != nil {
		return Way{}, &ProxyError{Variable: w.variable, Err: shortError{err}, permanent: true}
	}
	if by == nil {
		return Way{}, nil
	}
	w.proxy = by
	if proxyPorts[by.Scheme] == "" {
		no := w.fails(fmt.Errorf("proxies of %s are not supported: use http://, https:// or socks5://", Sanitise(by.Scheme)))
		no.permanent = true
		return Way{}, no
	}
	return w, nil
}

// proxyPorts are where proxies listen, unless their address says it.
var proxyPorts = map[string]string{"http": "80", "https": "443", "socks5": "1080", "socks5h": "1080"}

// Proxy is the host of the proxy on the way, and its port; empty where there is none.
func (w Way) Proxy() string {
	if w.proxy == nil {
		return ""
	}
	return Sanitise(w.proxy.Host).String()
}

// A ProxyError is why the proxy on the way did not lead to a peer.
type ProxyError struct {
	Proxy    string // its host and port; empty where only that there is one is known
	Variable string // of the environment, that names it
	Status   int    // of HTTP, which it refused by; 0: it did not
	Err      error  // why, without what to do

	permanent  bool // the environment is read once: asking again changes nothing
	retryAfter time.Duration
}

// Error names the proxy, and says what to do.
func (e *ProxyError) Error() string {
	by := "the proxy"
	if e.Proxy != "" {
		by += " " + e.Proxy
	}
	return fmt.Sprintf("%s (%s): %v: %s", by, e.Variable, e.Err, e.remedy())
}

func (e *ProxyError) Unwrap() error { return e.Err }

func (e *ProxyError) remedy() string {
	switch {
	case e.Status == http.StatusProxyAuthRequired:
		return "put the name and password that it takes into " + e.Variable + ", like http://NAME:PASSWORD@HOST:PORT, and start again"
	case e.Status != 0:
		return "have it let this host through, or name the host in NO_PROXY"
	}
	return "check " + e.Variable + " and NO_PROXY in the environment, and whether the proxy runs"
}

// fails tells why the proxy did not lead on.
func (w Way) fails(err error) *ProxyError {
	var op *net.OpError
	if errors.As(err, &op) && (op.Op == "dial" || op.Op == "socks connect") {
		err = op.Err // the address stands in ours
	}
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		err = fmt.Errorf("it hung up before it answered (%w)", err)
	case errors.Is(err, context.DeadlineExceeded):
		err = fmt.Errorf("it does not answer in time (%w)", err)
	}
	return &ProxyError{Proxy: w.Proxy(), Variable: w.variable, Err: shortError{err}}
}

// A DialFunc connects to an address of the network.
type DialFunc func(ctx context.Context, network, addr string) (net.Conn, error)

// Dial connects to addr on this way. Its errors that are a proxy's are a *ProxyError.
// trust is whom a proxy that is spoken to by TLS is trusted by.
func (w Way) Dial(ctx context.Context, dial DialFunc, trust *tls.Config, network, addr string) (net.Conn, error) {
	if w.proxy == nil {
		return dial(ctx, network, addr)
	}
	conn, err := dial(ctx, network, w.at())
	if err != nil {
		return nil, w.fails(err)
	}
	// Whatever it waits for, it waits no longer than ctx.
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })
	led, err := w.lead(ctx, conn, trust, addr)
	if !stop() {
		err = w.fails(ctx.Err())
	}
	if err != nil {
		_ = conn.Close()
		return nil, err
	}
	return led, nil
}

// at is where the proxy listens.
func (w Way) at() string {
	if w.proxy.Port() != "" {
		return w.proxy.Host
	}
	return net.JoinHostPort(w.proxy.Hostname(), proxyPorts[w.proxy.Scheme])
}

// lead has the proxy at the other end of conn lead to addr.
func (w Way) lead(ctx context.Context, conn net.Conn, trust *tls.Config, addr string) (net.Conn, error) {
	switch w.proxy.Scheme {
	case "https":
		if trust = trust.Clone(); trust == nil {
			trust = &tls.Config{}
		}
		trust.ServerName, trust.NextProtos = w.proxy.Hostname(), nil
		trust.MinVersion = max(trust.MinVersion, tls.VersionTLS12)
		secure := tls.Client(conn, trust)
		if err := secure.HandshakeContext(ctx); err != nil {
			return nil, w.fails(err)
		}
		conn = secure
	case "socks5", "socks5h":
		led, err := w.socks(ctx, conn, addr)
		if err != nil {
			return nil, w.fails(err)
		}
		return led, nil
	}
	if err := w.connect(conn, addr); err != nil {
		var refused *ProxyError
		if errors.As(err, &refused) {
			return nil, refused
		}
		return nil, w.fails(err)
	}
	return conn, nil
}

// socks asks a SOCKS 5 proxy to lead to addr.
func (w Way) socks(ctx context.Context, conn net.Conn, addr string) (net.Conn, error) {
	var who *proxy.Auth
	if user := w.proxy.User; user != nil {
		password, _ := user.Password()
		who = &proxy.Auth{User: user.Username(), Password: password}
	}
	d, err := proxy.SOCKS5("tcp", w.at(), who, dialled{conn})
	if err != nil {
		return nil, err
	}
	return d.(proxy.ContextDialer).DialContext(ctx, "tcp", addr)
}

// dialled is a connection for who wants to dial it.
type dialled struct{ conn net.Conn }

func (d dialled) Dial(_, _ string) (net.Conn, error) { return d.conn, nil }

func (d dialled) DialContext(context.Context, string, string) (net.Conn, error) { return d.conn, nil }

// connect asks an HTTP proxy to lead to addr.
func (w Way) connect(conn net.Conn, addr string) error {
	req := &http.Request{Method: http.MethodConnect, URL: &url.URL{Opaque: addr}, Host: addr, Header: http.Header{}}
	if user := w.proxy.User; user != nil {
		password, _ := user.Password()
		req.Header.Set("Proxy-Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(user.Username()+":"+password)))
	}
	if err := req.Write(conn); err != nil {
		return err
	}
	bounded := &io.LimitedReader{R: conn, N: proxyBytes}
	in := bufio.NewReader(bounded)
	resp, err := http.ReadResponse(in, req) //nolint:bodyclose // which would read to its end what a hostile proxy says
	switch {
	case err != nil && bounded.N <= 0:
		return fmt.Errorf("its answer is longer than %d bytes", proxyBytes)
	case err != nil:
		return err
	}
	if resp.StatusCode/100 != 2 {
		refused := w.fails(fmt.Errorf("HTTP %d", resp.StatusCode))
		refused.Status = resp.StatusCode
		refused.permanent = resp.StatusCode == http.StatusProxyAuthRequired
		refused.retryAfter = RetryAfter(resp.Header.Get("Retry-After"), time.Now())
		return refused
	}
	if in.Buffered() > 0 { // a websocket's server says nothing before it is asked
		return errors.New("it says more than that it leads on")
	}
	return nil
}
