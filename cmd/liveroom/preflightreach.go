package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// clockSkew is how far this machine's clock may be from a source's: both stand
// beside each other in evidence, and a Date has only seconds.
const clockSkew = 5 * time.Second

// answer is what a source said to a handshake without a token.
type answer struct {
	host   string
	status int // of HTTP; 0: none
	err    error
	skew   time.Duration // how far its clock is ahead of ours
	dated  bool
}

// sources asks every source for a handshake, all at once, and compares clocks.
func (p *preflight) sources(ctx context.Context) {
	type asked struct {
		room string
		name string
		answer
	}
	var all []asked
	for _, r := range p.config.Rooms {
		for i, s := range r.Sources {
			if s.Door != "" {
				p.add("source", levelNote, r.ID, sourceName(r.ID, i, s), "由门 %s 进来，没法先试", "comes by the door %s, which cannot be tried beforehand", s.Door)
				continue
			}
			all = append(all, asked{room: r.ID, name: sourceName(r.ID, i, s), answer: answer{host: s.URL}})
			if s.asksWhere() {
				all[len(all)-1].host = s.platformAPI()
			}
		}
		if len(r.Sources) == 0 {
			p.add("source", levelProblem, r.ID, r.ID, "没有数据源", "no source is configured")
		}
	}
	var work sync.WaitGroup
	for i := range all {
		work.Go(func() { all[i].answer = reach(ctx, all[i].host, p.opt.timeout) })
	}
	began, mono := time.Now().Round(0), time.Now()
	work.Wait()
	var widest *asked
	for i := range all {
		a := &all[i]
		p.reached(a.room, a.name, a.answer)
		if a.dated && (widest == nil || a.skew.Abs() > widest.skew.Abs()) {
			widest = a
		}
	}
	if widest == nil {
		p.clock(began, mono, nil)
	} else {
		p.clock(began, mono, &widest.answer)
	}
}

func (p *preflight) reached(room, name string, a answer) {
	switch {
	case a.err != nil:
		p.add("source", levelProblem, room, name, "%s 连不上：%v", "%s does not answer: %v", a.host, a.err)
	case a.status == http.StatusSwitchingProtocols:
		p.add("source", levelOK, room, name, "%s 有应答", "%s answers", a.host)
	case a.status == http.StatusUnauthorized, a.status == http.StatusForbidden, a.status == http.StatusBadRequest:
		p.add("source", levelOK, room, name, "%s 有应答（HTTP %d，没有试令牌）", "%s answers (HTTP %d; the token was not tried)", a.host, a.status)
	case a.status >= 300 && a.status < 400:
		p.add("source", levelProblem, room, name, "%s 转向别处（HTTP %d）：请在配置里写最终地址", "%s redirects elsewhere (HTTP %d): put the final address in the config", a.host, a.status)
	case a.status == http.StatusNotFound || a.status >= 500:
		p.add("source", levelProblem, room, name, "%s 应答 HTTP %d：请检查地址", "%s answers HTTP %d: check the address", a.host, a.status)
	default:
		p.add("source", levelNote, room, name, "%s 应答 HTTP %d，不是 WebSocket 握手", "%s answers HTTP %d, which is no websocket handshake", a.host, a.status)
	}
}

// clock looks at this machine's clock: against a source's, against its own
// monotonic one, and which zone it is set to.
func (p *preflight) clock(began, mono time.Time, source *answer) {
	zone := time.Now().Location().String()
	if name, offset := time.Now().Zone(); zone == "Local" {
		zone = fmt.Sprintf("%s (UTC%+d)", name, offset/3600)
	}
	wall, passed := time.Now().Round(0).Sub(began), time.Since(mono)
	switch drift := wall - passed; {
	case drift.Abs() > time.Second:
		p.add("clock", levelProblem, "", zone, "本机时钟在检查时跳了 %s：请查校时服务", "this machine's clock jumped by %s while it was looked at: see to what sets it", drift.Round(time.Millisecond))
	case source == nil:
		p.add("clock", levelNote, "", zone, "没有数据源报时，没有比对", "no source told its time, so it was not compared")
	case source.skew.Abs() > clockSkew:
		zh, en := "快", "ahead of"
		if source.skew > 0 {
			zh, en = "慢", "behind"
		}
		p.add("clock", levelProblem, "", zone, "本机时钟比 %[1]s %[2]s %[4]s：证据里的时间会对不上，请先校时",
			"this machine's clock is %[4]s %[3]s that of %[1]s: times in evidence will not agree, set it first", source.host, zh, en, source.skew.Abs().Round(time.Second))
	default:
		p.add("clock", levelOK, "", zone, "与 %s 相差不到 %d 秒", "within %[2]d s of %[1]s", source.host, int(clockSkew/time.Second))
	}
}

// reach asks for a handshake. What it is asked at may hold a secret: only the
// host is ever told.
func reach(ctx context.Context, address string, timeout time.Duration) answer {
	u, err := url.Parse(address)
	if err != nil {
		return answer{err: errors.New("the address cannot be read")}
	}
	a := answer{host: u.Host}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	ask := handshake
	if u.Scheme == "https" {
		ask = head
	}
	var date string
	if a.status, date, err = ask(ctx, address); a.status == 0 {
		a.err = plainly(err)
		return a
	}
	if at, err := http.ParseTime(date); err == nil {
		// The second that a Date names may be over but for its last moment.
		a.skew, a.dated = time.Until(at.Add(time.Second/2)), true
	}
	return a
}

// handshake asks for a websocket and gives the status and the Date that came; a
// status of 0 is none.
func handshake(ctx context.Context, address string) (status int, date string, err error) {
	d := websocket.Dialer{TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12}}
	conn, resp, err := d.DialContext(ctx, address, nil)
	if err == nil {
		_ = conn.Close()
	}
	if resp == nil {
		return 0, "", err
	}
	if resp.Body != nil {
		_ = resp.Body.Close()
	}
	return resp.StatusCode, resp.Header.Get("Date"), err
}

func head(ctx context.Context, address string) (status int, date string, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodHead, address, nil)
	if err != nil {
		return 0, "", err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, "", err
	}
	return resp.StatusCode, resp.Header.Get("Date"), resp.Body.Close()
}

// plainly is the cause without the address, which may hold a secret.
func plainly(err error) error {
	var op *net.OpError
	var of *url.Error
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return errors.New("no answer in time")
	case errors.As(err, &op):
		return op.Err
	case errors.As(err, &of):
		return of.Err
	}
	return err
}
