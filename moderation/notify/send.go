package notify

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"path"
	"strings"
	"sync"
	"time"

	"github.com/go-json-experiment/json"

	"liveroom/feed"
)

const (
	// attemptWithin is how long one attempt may take: a group's robot answers
	// within a second or not at all.
	attemptWithin = 10 * time.Second
	// maxAttempts bounds how often a message is tried: the fourth follows after
	// some seconds, and a platform that is down for longer is for people to see.
	maxAttempts = 4
	// maxAnswer is how much of an answer is read.
	maxAnswer = 64 << 10
	// maxKeys is how many keys a sender remembers.
	maxKeys = 10_000
)

// A Sender posts messages. The zero value is not usable; make one with
// NewSender. Any number of goroutines may use it.
type Sender struct {
	client *http.Client
	now    func() time.Time
	sleep  func(context.Context, time.Duration) error
	jitter func() float64

	mu   sync.Mutex
	sent map[[32]byte]*delivery
	keys [][32]byte // of sent, oldest first
}

// Options are what a sender takes from outside; zero fields mean the real thing.
type Options struct {
	Transport http.RoundTripper
	Now       func() time.Time
	Sleep     func(context.Context, time.Duration) error
	Jitter    func() float64
}

// A delivery is a key that is sent, or perhaps was, or is being sent until done is
// closed.
type delivery struct {
	done chan struct{}
	err  error
}

// NewSender makes a sender.
func NewSender(o Options) *Sender {
	s := &Sender{now: o.Now, sleep: o.Sleep, jitter: o.Jitter, sent: map[[32]byte]*delivery{}}
	if o.Transport == nil {
		o.Transport = &http.Transport{
			Proxy: http.ProxyFromEnvironment, TLSHandshakeTimeout: attemptWithin, TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12},
			// On a connection that was used before, the transport may send a request
			// once more by itself.
			DisableKeepAlives: true,
		}
	}
	s.client = &http.Client{
		Transport: o.Transport, Timeout: attemptWithin,
		// A redirect would hand the message and the signature to another host.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	if s.now == nil {
		s.now = time.Now
	}
	if s.sleep == nil {
		s.sleep = wait
	}
	if s.jitter == nil {
		s.jitter = rand.Float64
	}
	return s
}

func wait(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// A RefusedError is a platform's refusal.
type RefusedError struct {
	Platform Platform
	Status   int   // of HTTP
	Code     int64 // of the platform; 0: it gave none
	Message  feed.Display
	again    bool
	after    time.Duration
}

// Error implements error.
func (e *RefusedError) Error() string {
	switch {
	case e.Code != 0:
		return fmt.Sprintf("%s refused the message: code %d: %s", e.Platform, e.Code, e.Message)
	case e.Status != http.StatusOK || e.Platform == Webhook:
		return fmt.Sprintf("%s answered with status %d", e.Platform, e.Status)
	}
	return fmt.Sprintf("%s gave an answer that cannot be read: %s", e.Platform, e.Message)
}

// ErrNoKey is a message without a key: nobody could tell whether it was sent.
var ErrNoKey = errors.New("a message needs a key")

// ErrPerhaps is for a message that may have arrived: its request had a connection
// to go out on, and then no answer came that says what became of it. It is not
// sent again, neither by Send itself nor when it is called with the key once more.
var ErrPerhaps = errors.New("it may have arrived")

// Send posts the message, unless this sender has sent its key to the robot. It
// returns when the platform has taken it, when it is refused for good, when the
// attempts are used up, when it may have arrived (ErrPerhaps), or when ctx ends.
// A message that failed with another error was not delivered and may be sent
// again.
func (s *Sender) Send(ctx context.Context, r *Robot, m Message) error {
	if m.Key == "" {
		return fmt.Errorf("notify by %s: %w", r, ErrNoKey)
	}
	key := r.key(m.Key)
	for {
		d, mine := s.begin(key)
		if !mine {
			select {
			case <-d.done:
			case <-ctx.Done():
				return fmt.Errorf("notify by %s: %w", r, ctx.Err())
			}
			if d.err == nil || errors.Is(d.err, ErrPerhaps) {
				return d.err
			}
			continue // it failed for whoever sent it: try ourselves
		}
		err := s.try(ctx, r, m)
		if err != nil {
			err = fmt.Errorf("notify by %s: %w", r, err)
		}
		s.end(key, d, err)
		return err
	}
}

// key is a message's for one robot; it says nothing of the robot's address.
func (r *Robot) key(message string) [32]byte {
	u, _ := r.reveal()
	return sha256.Sum256([]byte(u.String() + "\x00" + message))
}

// begin takes the key, or gives who has it.
func (s *Sender) begin(key [32]byte) (d *delivery, mine bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if d := s.sent[key]; d != nil {
		return d, false
	}
	d = &delivery{done: make(chan struct{})}
	s.sent[key] = d
	return d, true
}

func (s *Sender) end(key [32]byte, d *delivery, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	d.err = err
	close(d.done)
	if err != nil && !errors.Is(err, ErrPerhaps) {
		delete(s.sent, key)
		return
	}
	s.keys = append(s.keys, key)
	if len(s.keys) > maxKeys {
		delete(s.sent, s.keys[0])
		s.keys = s.keys[1:]
	}
}

func (s *Sender) try(ctx context.Context, r *Robot, m Message) error {
	b := feed.Backoff{Jitter: s.jitter}
	for attempt := 1; ; attempt++ {
		err := s.post(ctx, r, m)
		if err == nil || errors.Is(err, ErrPerhaps) {
			return err
		}
		var refused *RefusedError
		isRefused := errors.As(err, &refused)
		if isRefused && !refused.again || ctx.Err() != nil {
			return err
		}
		if attempt == maxAttempts {
			return fmt.Errorf("given up after %d attempts: %w", attempt, err)
		}
		var asked time.Duration
		if isRefused {
			asked = refused.after
		}
		if stop := s.sleep(ctx, b.Next(asked)); stop != nil {
			return fmt.Errorf("%w; the last attempt: %w", stop, err)
		}
	}
}

// post makes one attempt. It is signed anew: a signature holds for an hour.
func (s *Sender) post(ctx context.Context, r *Robot, m Message) error {
	address, header, body, err := r.shape(m, s.now())
	if err != nil {
		return err
	}
	var way feed.Sent
	req, err := http.NewRequestWithContext(way.Watch(ctx), http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return errors.New("the robot's address makes no request")
	}
	req.Header = header
	resp, err := s.client.Do(req)
	if err != nil {
		// The error of the client quotes the address, which is a secret.
		var with *url.Error
		if errors.As(err, &with) {
			err = with.Err
		}
		if err = fmt.Errorf("post: %w", err); way.Perhaps() {
			err = fmt.Errorf("%w: %w", err, ErrPerhaps)
		}
		return err
	}
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	// Of an answer that was cut the status is known.
	if err = errors.Join(err, resp.Body.Close()); err != nil && resp.StatusCode/100 == 2 {
		return fmt.Errorf("read answer: %w: %w", err, ErrPerhaps)
	}
	return r.judge(resp, answer, s.now())
}

// busy are the codes with which a platform asks for patience.
var busy = map[Platform]int64{DingTalk: 130101, Feishu: 11232, WeCom: 45009}

// judge reads an answer. The platforms answer with status 200 and a code. What
// says neither that the message was taken nor that it was not may have arrived:
// an answer that cannot be read, a status of a gateway, a server that broke off.
func (r *Robot) judge(resp *http.Response, answer []byte, now time.Time) error {
	e := &RefusedError{
		Platform: r.platform, Status: resp.StatusCode, Message: r.redact(string(answer)),
		after: feed.RetryAfter(resp.Header.Get("Retry-After"), now),
	}
	if r.platform == Webhook && resp.StatusCode/100 == 2 {
		return nil
	}
	switch code := resp.StatusCode; {
	case code == http.StatusOK && r.platform != Webhook:
	case code == http.StatusTooManyRequests, code == http.StatusServiceUnavailable:
		e.again = true
		return e
	case code/100 == 2, code >= 500:
		return e.perhaps()
	default:
		return e
	}
	var a struct {
		ErrCode *int64 `json:"errcode"` // DingTalk, WeCom
		ErrMsg  string `json:"errmsg"`
		Code    *int64 `json:"code"` // Feishu
		Msg     string `json:"msg"`
	}
	if err := json.Unmarshal(answer, &a, anyText); err != nil {
		return e.perhaps()
	}
	code, message := a.ErrCode, a.ErrMsg
	if r.platform == Feishu {
		code, message = a.Code, a.Msg
	}
	if code == nil {
		return e.perhaps()
	}
	if *code == 0 {
		return nil
	}
	e.Code, e.Message, e.again = *code, r.redact(message), *code == busy[r.platform]
	return e
}

func (e *RefusedError) perhaps() error { return fmt.Errorf("%w: %w", e, ErrPerhaps) }

// redact makes what a peer says fit to print: a peer may send back what it was
// sent.
func (r *Robot) redact(text string) feed.Display {
	u, secret := r.reveal()
	hide := []string{secret, path.Base(u.Path)}
	for _, values := range u.Query() {
		hide = append(hide, values...)
	}
	for _, h := range hide {
		if len(h) >= leastSecret {
			text = strings.ReplaceAll(text, h, "***")
		}
	}
	return feed.Sanitise(text).Truncate(200)
}

// leastSecret is how long a part of an address is that may be a secret: "send"
// and "hook" are none.
const leastSecret = 8
