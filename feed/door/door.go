// Package door is where others come to us: tools dial in over websockets, and
// shops post webhooks. It is closed unless it is opened by a config.
//
// Delivery: what came over a socket goes the way of every source. A post is
// answered within three seconds, and well only when all its messages are
// committed; else the platform is told to post again. What was posted before is
// known again by what is signed of it, which headers that name a delivery are not.
//
// Keeping: who records posts gets those that were signed, before they are answered.
//
// Ordering: one connection at a time for each socket, the newest: a tool that was
// started again takes the place of one that hangs, after what that one had brought. Posts of one hook are taken in
// one after another.
//
// Dropping: a peer without the token, from a page that is not named, or too
// often wrong, is refused before anything of it is read. A post is read up to
// 1 MiB and 10 seconds. No other machine gets more than 64 of the 256 connections.
// Behind a proxy on this machine a peer is whom the proxy names last in
// X-Forwarded-For.
//
// Locking: everything may be called from any goroutine; all sockets and hooks are
// made before Listen.
package door

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"crypto/tls"
	"errors"
	"fmt"
	"log"
	"net"
	"net/http"
	"path"
	"strings"
	"time"

	"liveroom/feed"
)

// Limits of what one who has not shown a token can cost.
const (
	headerTimeout = 5 * time.Second
	headerBytes   = 16 << 10
	// maxConns bounds the connections open at once, each of which costs a
	// goroutine and some buffers.
	maxConns = 256
	// hostConns bounds those of one other machine, or it could keep all others out by
	// opening connections and saying nothing.
	hostConns = 64
	// writeTimeout bounds a request from its header to the end of our answer, which
	// a peer may not read.
	writeTimeout = bodyTimeout + answerIn + 5*time.Second
	// offencesAllowed wrong tokens or signatures within offenceWindow shut a
	// machine out for the rest of it: a person mistypes some times, a guesser
	// needs millions.
	offencesAllowed = 10
	offenceWindow   = time.Minute
)

// answerTimeout is what answers that were decided may take to leave.
const answerTimeout = 500 * time.Millisecond

// Config says where the door is and who may hear of what goes wrong.
type Config struct {
	Addr string // host:port
	// TLS has the certificate that is shown; nil: plain, which is refused beyond
	// this machine unless AllowPlain.
	TLS        *tls.Config
	AllowPlain bool
	Clock      func() time.Time // nil: time.Now
}

// A Door listens at one address.
type Door struct {
	cfg      Config
	mux      *http.ServeMux
	names    map[string]bool
	sockets  []*socket
	listener net.Listener // nil before Listen
	offences *counter     // by machine
	posts    gate         // passed by posts on their way into the record
	within   within
}

// within is how long a stranger may take; tests have less patience.
type within struct {
	header, body time.Duration
	all          time.Duration // from the header to the end of our answer
}

// New checks the config; it does not listen yet.
func New(cfg Config) (*Door, error) {
	host, _, err := net.SplitHostPort(cfg.Addr)
	if err != nil {
		return nil, fmt.Errorf("the door's address %q is no HOST:PORT: write it like 127.0.0.1:7790", feed.Sanitise(cfg.Addr))
	}
	if cfg.TLS == nil && !cfg.AllowPlain && !feed.Loopback(host) {
		return nil, fmt.Errorf("the door at %s would show tokens to the network: give it tls_cert and tls_key, or let it listen on 127.0.0.1 behind a proxy, or set allow_insecure", feed.Sanitise(cfg.Addr))
	}
	if cfg.Clock == nil {
		cfg.Clock = time.Now
	}
	return &Door{
		cfg: cfg, mux: http.NewServeMux(), names: map[string]bool{},
		offences: newCounter(cfg.Clock, offencesAllowed, offenceWindow),
		within:   within{header: headerTimeout, body: bodyTimeout, all: writeTimeout},
	}, nil
}

// claim takes a name for one way in.
func (d *Door) claim(name string) error {
	if name == "" || strings.ContainsFunc(name, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' && r != '_'
	}) {
		return fmt.Errorf("door name %q: use small letters, digits, - and _; it stands in the address", feed.Sanitise(name))
	}
	if d.names[name] {
		return fmt.Errorf("door name %q stands twice: each way in has its own", name)
	}
	d.names[name] = true
	return nil
}

// Listen takes the address, and tells which one where the config left the port to
// the system. Serve must follow, or Close.
func (d *Door) Listen(ctx context.Context) (net.Addr, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", d.cfg.Addr)
	if err != nil {
		return nil, fmt.Errorf("open the door: %w", err)
	}
	l = bounded(l, maxConns, hostConns)
	if d.cfg.TLS != nil {
		c := d.cfg.TLS.Clone()
		c.MinVersion = max(c.MinVersion, tls.VersionTLS12)
		c.NextProtos = []string{"http/1.1"} // a websocket is opened from HTTP/1.1
		l = tls.NewListener(l, c)
	}
	d.listener = l
	return l.Addr(), nil
}

// Close gives the address back; before Listen and after Serve it does nothing.
func (d *Door) Close() error {
	if d.listener == nil {
		return nil
	}
	if err := d.listener.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
		return fmt.Errorf("close the door: %w", err)
	}
	return nil
}

// Serve lets peers in until ctx ends, which is no error. Posts that are being
// recorded are answered first; connections that nobody took are closed. When it
// returns no sink is called any more.
func (d *Door) Serve(ctx context.Context) error {
	server := &http.Server{
		Handler: http.HandlerFunc(d.enter), ReadHeaderTimeout: d.within.header, ReadTimeout: d.within.body, WriteTimeout: d.within.all,
		MaxHeaderBytes: headerBytes, IdleTimeout: d.within.header,
		// What strangers send is no news; the hooks and sources tell what matters.
		ErrorLog: log.New(nobody{}, "", 0),
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(d.listener) }()
	defer d.closeSockets()
	select {
	case err := <-served:
		return fmt.Errorf("keep the door open: %w", err)
	case <-ctx.Done():
	}
	_ = d.listener.Close()
	d.posts.close()
	answered, cancel := context.WithTimeout(context.WithoutCancel(ctx), answerTimeout)
	defer cancel()
	if server.Shutdown(answered) != nil { // somebody has not said yet what he wants
		_ = server.Close()
	}
	if err := <-served; !errors.Is(err, http.ErrServerClosed) && !errors.Is(err, net.ErrClosed) {
		return fmt.Errorf("close the door: %w", err)
	}
	return nil
}

// enter hands a request to its way in. A path that is not written plainly is none:
// the mux would answer with a redirect that repeats it.
func (d *Door) enter(w http.ResponseWriter, r *http.Request) {
	if path.Clean(r.URL.Path) != r.URL.Path {
		refuse(w, http.StatusNotFound, "There is nothing here.")
		return
	}
	d.mux.ServeHTTP(w, r)
}

type nobody struct{}

func (nobody) Write(p []byte) (int, error) { return len(p), nil }

// sameSecret compares in a time that tells nothing, not even the length.
func sameSecret(got, want string) bool {
	a, b := sha256.Sum256([]byte(got)), sha256.Sum256([]byte(want))
	return subtle.ConstantTimeCompare(a[:], b[:]) == 1
}

// peer is the machine a request came from, of IPv6 its network, which has addresses
// without number. A proxy before us is on this machine, and adds to X-Forwarded-For
// whom it speaks for; nobody else is believed about that.
func peer(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	ip := net.ParseIP(host)
	if ip.IsLoopback() {
		if last := r.Header.Values("X-Forwarded-For"); len(last) > 0 {
			named := last[len(last)-1]
			if told := net.ParseIP(strings.TrimSpace(named[strings.LastIndexByte(named, ',')+1:])); told != nil {
				ip = told
			}
		}
	}
	return network(ip, host)
}

// network is what one who may choose an address cannot choose.
func network(ip net.IP, host string) string {
	switch {
	case ip == nil:
		return host
	case ip.To4() == nil:
		return ip.Mask(net.CIDRMask(64, 128)).String()
	}
	return ip.String()
}

// refuse answers with a status and a text of ours; nothing of the request is
// repeated in it.
func refuse(w http.ResponseWriter, status int, why string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(why + "\n"))
}
