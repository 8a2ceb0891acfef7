package main

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"time"

	"liveroom/feed"
)

// The rules of reaching a peer that is only looked at. It is reached as the program
// would reach it, by the proxy of the environment where there is one. No token is shown, no redirect followed, and of an address, which may
// hold a secret, nothing but its host is told.

// clockSkew is how far this machine's clock may be from a source's: both stand
// beside each other in evidence, and a Date has only seconds.
const clockSkew = 5 * time.Second

// A reached is what reaching a peer came to.
type reached struct {
	host   string
	proxy  string        // by which it is reached; empty: straight
	took   time.Duration // until it was connected
	until  time.Time     // of its certificate; zero: it shows none
	socket bool          // its address is a websocket's
	status int           // of HTTP; 0: nothing was asked, or nothing answered
	skew   time.Duration // how far its clock is ahead of ours
	dated  bool          // it told its clock
	err    error
}

// A question is what a peer is asked.
type question int

const (
	// askNothing connects, shakes hands where TLS is spoken, and says nothing.
	askNothing question = iota
	// askWhether asks a websocket's address for a handshake, one of HTTP for its head.
	askWhether
	// askClock asks the host for its clock, and nothing about the address.
	askClock
)

// reach connects to the host of an address and asks it.
func reach(ctx context.Context, address string, q question) reached {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return reached{host: "?", err: errors.New("the address cannot be read")}
	}
	r := reached{host: u.Host, socket: isSocket(u)}
	way, err := feed.WayTo(u, nil)
	if err != nil {
		r.err = plainly(err)
		return r
	}
	r.proxy = way.Proxy()
	transport := transportOn(way, r.socket)
	req := q.about(*u)
	began, connected := time.Now(), false
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(got httptrace.GotConnInfo) {
		connected, r.took = true, time.Since(began)
		if secure, ok := got.Conn.(*tls.Conn); ok {
			if shown := secure.ConnectionState().PeerCertificates; len(shown) > 0 {
				r.until = shown[0].NotAfter
			}
		}
		if q == askNothing {
			_ = got.Conn.Close() // before the request is written to it
		}
	}})
	client := &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(req.WithContext(ctx))
	if err != nil {
		if q != askNothing || !connected {
			r.err = plainly(err)
		}
		if proxy := (*feed.ProxyError)(nil); errors.As(r.err, &proxy) && proxy.Proxy == "" {
			proxy.Proxy = r.proxy
		}
		return r
	}
	_ = resp.Body.Close()
	r.status = resp.StatusCode
	if at, err := http.ParseTime(resp.Header.Get("Date")); err == nil {
		// The second that a Date names may be over but for its last moment.
		r.skew, r.dated = time.Until(at.Add(time.Second/2)), true
	}
	return r
}

// transportOn goes a way. A websocket's is led to its host also where HTTP would have
// the proxy ask for it.
func transportOn(way feed.Way, socket bool) *http.Transport {
	transport := &http.Transport{
		Proxy: http.ProxyFromEnvironment, TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12},
		DisableKeepAlives: true, MaxResponseHeaderBytes: 64 << 10,
		OnProxyConnectResponse: func(_ context.Context, _ *url.URL, _ *http.Request, resp *http.Response) error {
			if resp.StatusCode != http.StatusOK {
				return &feed.ProxyError{Proxy: way.Proxy(), Variable: httpsProxy, Status: resp.StatusCode, Err: fmt.Errorf("HTTP %d", resp.StatusCode)}
			}
			return nil
		},
	}
	if socket {
		transport.Proxy = nil
		transport.DialContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
			return way.Dial(ctx, (&net.Dialer{}).DialContext, transport.TLSClientConfig, network, addr)
		}
	}
	return transport
}

// httpsProxy names the proxy of what goes by TLS.
const httpsProxy = "HTTPS_PROXY"

// about is the request that a question comes to.
func (q question) about(u url.URL) *http.Request {
	req := &http.Request{Method: http.MethodHead, URL: &u, Header: http.Header{}, Host: u.Host}
	if q == askClock {
		req.URL = &url.URL{Scheme: u.Scheme, Host: u.Host, Path: "/"}
	}
	req.URL.User = nil
	if !isSocket(&u) {
		return req
	}
	if q == askWhether {
		key := make([]byte, 16)
		_, _ = rand.Read(key) // it never fails
		req.Method = http.MethodGet
		req.Header = http.Header{
			"Connection": {"Upgrade"}, "Upgrade": {"websocket"}, "Sec-Websocket-Version": {"13"}, "Sec-Websocket-Key": {base64.StdEncoding.EncodeToString(key)},
		}
	}
	req.URL.Scheme = "http" + strings.TrimPrefix(u.Scheme, "ws")
	return req
}

func isSocket(u *url.URL) bool { return u.Scheme == "ws" || u.Scheme == "wss" }

// plainly is the cause without the address, which may hold a secret.
func plainly(err error) error {
	var op *net.OpError
	var of *url.Error
	var proxy *feed.ProxyError
	switch {
	case errors.As(err, &proxy):
		return proxy
	case errors.Is(err, context.DeadlineExceeded):
		return errors.New("no answer in time")
	case errors.As(err, &op) && op.Op == "proxyconnect":
		return &feed.ProxyError{Variable: httpsProxy, Err: plainly(op.Err)}
	case errors.As(err, &op):
		return op.Err
	case errors.As(err, &of):
		return of.Err
	}
	return err
}
