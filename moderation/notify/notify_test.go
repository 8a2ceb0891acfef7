package notify_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
	"unicode/utf8"

	"liveroom/moderation/notify"
)

const (
	token  = "tok-5d41402abc4b2a76"
	secret = "SECfd1c7ea0b3"
)

var now = time.UnixMilli(1793500000123)

// A group is a platform's server: it notes what it gets and answers in turn.
type group struct {
	*httptest.Server
	mu      sync.Mutex
	got     []request
	answers []answer
}

type request struct {
	path   string
	query  map[string][]string
	header http.Header
	body   map[string]any
}

type answer struct {
	status int
	header string // Retry-After
	body   string
}

func newGroup(t *testing.T, answers ...answer) *group {
	g := &group{answers: answers}
	g.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		body := map[string]any{}
		if err := json.Unmarshal(b, &body); err != nil || r.Method != http.MethodPost {
			t.Errorf("%s %q: %v", r.Method, b, err)
		}
		g.mu.Lock()
		defer g.mu.Unlock()
		a := g.answers[min(len(g.got), len(g.answers)-1)]
		g.got = append(g.got, request{r.URL.Path, r.URL.Query(), r.Header, body})
		if a.header != "" {
			w.Header().Set("Retry-After", a.header)
		}
		w.WriteHeader(a.status)
		fmt.Fprint(w, a.body)
	}))
	t.Cleanup(g.Close)
	return g
}

func (g *group) robot(t *testing.T, p notify.Platform) *notify.Robot {
	t.Helper()
	path, key := map[notify.Platform]string{
		notify.DingTalk: "/robot/send?access_token=" + token, notify.Feishu: "/open-apis/bot/v2/hook/" + token, notify.WeCom: "/cgi-bin/webhook/send?key=" + token,
	}[p], secret
	if p == notify.WeCom {
		key = ""
	}
	r, err := notify.NewRobot(p, g.URL+path, key)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// sender pauses for no time, and notes how long it would have.
func sender(pauses *[]time.Duration) *notify.Sender {
	return notify.NewSender(notify.Options{
		Now: func() time.Time { return now }, Jitter: func() float64 { return 0.5 },
		Sleep: func(ctx context.Context, d time.Duration) error {
			if pauses != nil {
				*pauses = append(*pauses, d)
			}
			return ctx.Err()
		},
	})
}

const taken = `{"errcode":0,"errmsg":"ok","code":0,"msg":"success"}`

func ok() answer { return answer{http.StatusOK, "", taken} }

var message = notify.Message{Key: "case:17/breached", Title: "案件 17 已超时", Lines: []string{"48 小时内审核", "late by 2 h 00 min"}, All: true}

// TestShapesAndSignatures: each platform gets what its document asks for. The
// two signatures were computed by another program.
func TestShapesAndSignatures(t *testing.T) {
	for _, c := range []struct {
		platform    notify.Platform
		path, query string
		body        string
	}{
		{
			notify.DingTalk, "/robot/send", "access_token=[" + token + "] sign=[SJDyhWXwYGuOLkre3xZkgGoX+Wba09SroS1Ko1LeyVQ=] timestamp=[1793500000123]",
			`{"at":{"isAtAll":true},"msgtype":"text","text":{"content":"案件 17 已超时\n48 小时内审核\nlate by 2 h 00 min"}}`,
		},
		{
			notify.Feishu, "/open-apis/bot/v2/hook/" + token, "",
			`{"content":{"text":"<at user_id=\"all\">所有人</at> 案件 17 已超时\n48 小时内审核\nlate by 2 h 00 min"},"msg_type":"text","sign":"SIGN","timestamp":"1793500000"}`,
		},
		{
			notify.WeCom, "/cgi-bin/webhook/send", "key=[" + token + "]",
			`{"msgtype":"text","text":{"content":"案件 17 已超时\n48 小时内审核\nlate by 2 h 00 min","mentioned_list":["@all"]}}`,
		},
	} {
		g := newGroup(t, ok())
		if err := sender(nil).Send(t.Context(), g.robot(t, c.platform), message); err != nil {
			t.Fatal(err)
		}
		r := g.got[0]
		var query []string
		for _, k := range []string{"access_token", "key", "sign", "timestamp"} {
			if v, there := r.query[k]; there {
				query = append(query, fmt.Sprint(k, "=", v))
			}
		}
		if sign, _ := r.body["sign"].(string); c.platform == notify.Feishu {
			mac := hmac.New(sha256.New, []byte("1793500000\n"+secret))
			if want := base64.StdEncoding.EncodeToString(mac.Sum(nil)); sign != want || sign != "8K0VSrYcKOa4n8798yDswyw/4qnfRJ9O4nt3MaJEDA8=" {
				t.Errorf("feishu signs %s, want %s", sign, want)
			}
			r.body["sign"] = "SIGN"
		}
		var body strings.Builder
		enc := json.NewEncoder(&body)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(r.body); err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(query, " "); r.path != c.path || got != c.query || strings.TrimSpace(body.String()) != c.body {
			t.Errorf("%s:\n got  %s %s\n      %s\n want %s %s\n      %s", c.platform, r.path, got, body.String(), c.path, c.query, c.body)
		}
		if ct := r.header.Get("Content-Type"); ct != "application/json; charset=utf-8" {
			t.Error(ct)
		}
	}
}

// TestAWebhookOfTheHouse: the key lets it tell a message that came twice, the
// signature who sent it and when. The signature was computed by another program.
func TestAWebhookOfTheHouse(t *testing.T) {
	g := newGroup(t, answer{http.StatusNoContent, "", ""})
	r, err := notify.NewRobot(notify.Webhook, g.URL+"/in/"+token, secret)
	if err != nil {
		t.Fatal(err)
	}
	m := message
	m.Data = map[string]any{"case": 17}
	if err := sender(nil).Send(t.Context(), r, m); err != nil {
		t.Fatal(err)
	}
	got := g.got[0]
	want := map[string]any{"key": m.Key, "title": m.Title, "lines": []any{m.Lines[0], m.Lines[1]}, "data": map[string]any{"case": 17.0}}
	if !reflect.DeepEqual(got.body, want) || got.header.Get("Idempotency-Key") != "case:17%2Fbreached" || got.header.Get("X-Liveroom-Timestamp") != "1793500000" ||
		got.header.Get("X-Liveroom-Signature") != "sha256=ef9e39de5b729ff45f00f8a899d932c2246e5591501024f8c33b508f96930f14" {
		t.Errorf("%v %v", got.header, got.body)
	}
	strange := m
	strange.Key, strange.Data = "case:18/breached", map[string]any{"title": "围巾\xff", "at": now.UTC(), "none": []string(nil)}
	if err := sender(nil).Send(t.Context(), r, strange); err != nil {
		t.Fatal(err)
	}
	if told := g.got[1].body["data"]; !reflect.DeepEqual(told, map[string]any{"title": "围巾\uFFFD", "at": "2026-11-01T02:26:40.123Z", "none": []any{}}) {
		t.Errorf("told %v", told)
	}
	for _, a := range []answer{{http.StatusForbidden, "", "no " + token}, {http.StatusFound, "", ""}} {
		g := newGroup(t, a)
		if r, err = notify.NewRobot(notify.Webhook, g.URL+"/in/"+token, ""); err != nil {
			t.Fatal(err)
		}
		if err := sender(nil).Send(t.Context(), r, m); err == nil || !strings.Contains(err.Error(), fmt.Sprint("webhook answered with status ", a.status)) || len(g.got) != 1 {
			t.Errorf("%d: %v, %d tries", a.status, err, len(g.got))
		}
		if g.got[0].header.Get("X-Liveroom-Signature") != "" {
			t.Error("signed without a secret")
		}
	}
}

// TestTextMentionsNobodyAndIsShort: what a viewer wrote is text and nothing
// else, whatever a platform would read in it.
func TestTextMentionsNobodyAndIsShort(t *testing.T) {
	evil := notify.Message{Key: "k", Title: "<at user_id=\"all\">x</at> <@all>", Lines: []string{"\x1b[2J\u202Eabc\nline\x00", strings.Repeat("长", 3000)}}
	for p, most := range map[notify.Platform]int{notify.DingTalk: 4000, notify.Feishu: 4000, notify.WeCom: 2048} {
		g := newGroup(t, ok())
		if err := sender(nil).Send(t.Context(), g.robot(t, p), evil); err != nil {
			t.Fatal(err)
		}
		inner, _ := g.got[0].body["text"].(map[string]any)
		text, _ := inner["content"].(string)
		if p == notify.Feishu {
			inner, _ = g.got[0].body["content"].(map[string]any)
			text, _ = inner["text"].(string)
		}
		if len(text) > most || len(text) < most-3 || !utf8.ValidString(text) || !strings.HasSuffix(text, "…") {
			t.Errorf("%s: %d bytes", p, len(text))
		}
		if !strings.HasPrefix(text, "＜at user_id=\"all\">x＜/at> ＜@all>\n␛[2Jabc␊line␀\n长") || strings.ContainsAny(text, "<\x1b\u202E\x00") {
			t.Errorf("%s: %.60q", p, text)
		}
	}
}

// TestWhatMayPassIsTriedAgain: a limited number of times, as long as the
// platform asks; what is refused for good is not.
func TestWhatMayPassIsTriedAgain(t *testing.T) {
	for _, c := range []struct {
		name     string
		platform notify.Platform
		answers  []answer
		tries    int
		want     string // in the error; "" : none
		pauses   string
	}{
		{"busy once", notify.DingTalk, []answer{{200, "", `{"errcode":130101,"errmsg":"send too fast"}`}, ok()}, 2, "", "[125ms]"},
		{"busy once", notify.Feishu, []answer{{200, "", `{"code":11232,"msg":"frequency limited"}`}, ok()}, 2, "", "[125ms]"},
		{"busy once", notify.WeCom, []answer{{200, "", `{"errcode":45009,"errmsg":"api freq out of limit"}`}, ok()}, 2, "", "[125ms]"},
		{"asked to wait", notify.WeCom, []answer{{429, "7", ""}, ok()}, 2, "", "[10.5s]"},
		{"down for good", notify.WeCom, []answer{{503, "", "sorry"}}, 4, "given up after 4 attempts: wecom answered with status 503", "[125ms 250ms 500ms]"},
		{"a wrong signature", notify.DingTalk, []answer{{200, "", `{"errcode":310000,"errmsg":"sign not match"}`}}, 1, "dingtalk refused the message: code 310000: sign not match", "[]"},
		{"a wrong signature", notify.Feishu, []answer{{200, "", `{"code":19021,"msg":"sign match fail"}`}}, 1, "feishu refused the message: code 19021: sign match fail", "[]"},
		{"not found", notify.WeCom, []answer{{404, "", "<html>"}}, 1, "wecom answered with status 404", "[]"},
		{"a redirect", notify.WeCom, []answer{{302, "", ""}}, 1, "wecom answered with status 302", "[]"},
		{"no JSON", notify.WeCom, []answer{{200, "", "<html>\x1b[31m"}}, 1, "wecom gave an answer that cannot be read: <html>␛[31m", "[]"},
		{"no code", notify.Feishu, []answer{{200, "", `{"errcode":0}`}}, 1, "feishu gave an answer that cannot be read", "[]"},
		{"an answer that is no UTF-8", notify.WeCom, []answer{{200, "", "{\"errcode\":40001,\"errmsg\":\"bad \xff\"}"}}, 1, "wecom refused the message: code 40001: bad ", "[]"},
		{"an answer of two minds", notify.DingTalk, []answer{{200, "", `{"errcode":0,"errcode":310000}`}}, 1, "dingtalk gave an answer that cannot be read", "[]"},
		{"an endless answer", notify.WeCom, []answer{{200, "", `{"errmsg":"` + strings.Repeat("x", 1<<20)}}, 1, "cannot be read", "[]"},
	} {
		g := newGroup(t, c.answers...)
		pauses := []time.Duration{}
		err := sender(&pauses).Send(t.Context(), g.robot(t, c.platform), message)
		if len(g.got) != c.tries || fmt.Sprint(pauses) != c.pauses || (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s, %s: %d tries with %v, %v; want %d with %s, %s", c.platform, c.name, len(g.got), pauses, err, c.tries, c.pauses, c.want)
		}
	}
}

// TestAKeyIsSentOnce: to each robot, whoever asks, and again after a failure.
func TestAKeyIsSentOnce(t *testing.T) {
	g, other := newGroup(t, ok()), newGroup(t, ok())
	s := sender(nil)
	var wait sync.WaitGroup
	for range 20 {
		wait.Go(func() {
			if err := s.Send(t.Context(), g.robot(t, notify.WeCom), message); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if err := s.Send(t.Context(), other.robot(t, notify.WeCom), message); err != nil {
		t.Error(err)
	}
	second := message
	second.Key = "case:18/breached"
	if err := s.Send(t.Context(), g.robot(t, notify.WeCom), second); err != nil {
		t.Error(err)
	}
	if len(g.got) != 2 || len(other.got) != 1 {
		t.Errorf("one group was told %d times, the other %d", len(g.got), len(other.got))
	}
	down := newGroup(t, answer{404, "", ""}, ok())
	if err := s.Send(t.Context(), down.robot(t, notify.WeCom), message); err == nil {
		t.Error("a failure was not told")
	}
	if err := s.Send(t.Context(), down.robot(t, notify.WeCom), message); err != nil || len(down.got) != 2 {
		t.Errorf("after a failure: %v, %d tries", err, len(down.got))
	}
	if err := s.Send(t.Context(), g.robot(t, notify.WeCom), notify.Message{Title: "x"}); !errors.Is(err, notify.ErrNoKey) {
		t.Error(err)
	}
}

// TestASilentGroupEndsWithItsCaller: nothing hangs on a server that never
// answers.
func TestASilentGroupEndsWithItsCaller(t *testing.T) {
	free := make(chan struct{})
	silent := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-free }))
	t.Cleanup(func() { close(free); silent.Close() })
	r, err := notify.NewRobot(notify.WeCom, silent.URL+"/cgi-bin/webhook/send?key="+token, "")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	begun := time.Now()
	err = sender(nil).Send(ctx, r, message)
	if !errors.Is(err, context.DeadlineExceeded) || time.Since(begun) > 5*time.Second || strings.Contains(err.Error(), token) {
		t.Errorf("after %s: %v", time.Since(begun), err)
	}
}

// hijacked is a server that reads a request and then does what it likes with the
// connection.
func hijacked(t *testing.T, with func(net.Conn)) (robot *notify.Robot, requests *atomic.Int32) {
	t.Helper()
	requests = new(atomic.Int32)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		requests.Add(1)
		c, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer c.Close()
		with(c)
	}))
	t.Cleanup(s.Close)
	robot, err := notify.NewRobot(notify.WeCom, s.URL+"/cgi-bin/webhook/send?key="+token, "")
	if err != nil {
		t.Fatal(err)
	}
	return robot, requests
}

// TestWhatMayHaveArrivedIsNotSentAgain: the request got out, and no answer says
// what became of it. Neither this call nor a later one of the key sends it again.
func TestWhatMayHaveArrivedIsNotSentAgain(t *testing.T) {
	says := func(answer string) func(net.Conn) {
		return func(c net.Conn) { _, _ = io.WriteString(c, answer) }
	}
	for name, with := range map[string]func(net.Conn){
		"the connection is closed":    func(net.Conn) {},
		"the connection is reset":     func(c net.Conn) { _ = c.(*net.TCPConn).SetLinger(0) },
		"nothing is said":             func(net.Conn) { time.Sleep(300 * time.Millisecond) },
		"half a head":                 says("HTTP/1.1 200 OK\r\nContent-Le"),
		"half an answer":              says("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{\"errcode\":"),
		"an answer of something else": says("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>"),
		"no content":                  says("HTTP/1.1 204 No Content\r\n\r\n"),
		"the server broke off":        says("HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n"),
		"a gateway gave up":           says("HTTP/1.1 504 Gateway Timeout\r\nContent-Length: 0\r\n\r\n"),
	} {
		t.Run(name, func(t *testing.T) {
			robot, requests := hijacked(t, with)
			s := sender(nil)
			for range 3 {
				ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
				err := s.Send(ctx, robot, message)
				cancel()
				if !errors.Is(err, notify.ErrPerhaps) || strings.Contains(err.Error(), token) {
					t.Errorf("err = %v", err)
				}
			}
			if n := requests.Load(); n != 1 {
				t.Errorf("%d requests", n)
			}
		})
	}
}

// TestWhatDidNotGetOutIsTriedAgain: a refused port, a name that nobody knows, a
// handshake that fails. Once there is somebody the same key is taken.
func TestWhatDidNotGetOutIsTriedAgain(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	robot := func(base string) *notify.Robot {
		r, err := notify.NewRobot(notify.WeCom, base+"/cgi-bin/webhook/send?key="+token, "")
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	refused := robot("http://" + address)
	pauses := []time.Duration{}
	s := sender(&pauses)
	if err := s.Send(t.Context(), refused, message); err == nil || errors.Is(err, notify.ErrPerhaps) || len(pauses) != 3 {
		t.Errorf("a refused port: %v after pauses %v", err, pauses)
	}
	if l, err = net.Listen("tcp", address); err != nil {
		t.Fatal(err)
	}
	g := newGroup(t, ok())
	late := &http.Server{Handler: g.Config.Handler, ReadHeaderTimeout: time.Minute}
	go func() { _ = late.Serve(l) }()
	t.Cleanup(func() { _ = late.Close() })
	if err := s.Send(t.Context(), refused, message); err != nil || len(g.got) != 1 {
		t.Errorf("once somebody listens: %v, %d requests", err, len(g.got))
	}

	plain := newGroup(t, ok())
	pauses = nil
	if err := s.Send(t.Context(), robot(strings.Replace(plain.URL, "http:", "https:", 1)), message); err == nil || errors.Is(err, notify.ErrPerhaps) || len(pauses) != 3 || len(plain.got) != 0 {
		t.Errorf("no TLS there: %v after pauses %v, %d requests", err, pauses, len(plain.got))
	}
	nobody := notify.NewSender(notify.Options{
		Sleep: func(context.Context, time.Duration) error { return nil },
		Transport: &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
			return nil, &net.DNSError{Err: "no such host", Name: "nobody.example", IsNotFound: true}
		}},
	})
	if err := nobody.Send(t.Context(), robot("https://nobody.example"), message); err == nil || errors.Is(err, notify.ErrPerhaps) || !strings.Contains(err.Error(), "given up after 4 attempts") {
		t.Errorf("an unknown name: %v", err)
	}
	unknown := notify.NewSender(notify.Options{Transport: lost{}})
	if err := unknown.Send(t.Context(), refused, message); !errors.Is(err, notify.ErrPerhaps) {
		t.Errorf("a transport that tells nothing of its way: %v", err)
	}
}

// lost is a transport of which nobody knows how far a request came.
type lost struct{}

func (lost) RoundTrip(*http.Request) (*http.Response, error) { return nil, errors.New("lost") }

// TestSecretsDoNotPrint: neither by themselves, nor inside something else, nor in
// an error of the network, nor sent back by a peer.
func TestSecretsDoNotPrint(t *testing.T) {
	echo := newGroup(t, answer{200, "", `{"errcode":1,"errmsg":"bad ` + token + ` or ` + secret + `"}`})
	r := echo.robot(t, notify.DingTalk)
	holder := struct {
		R     *notify.Robot
		inner *notify.Robot
		by    notify.Robot
	}{r, r, *r}
	marshalled, err := json.Marshal(holder)
	if err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "robot", r, "holder", holder)
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	dead, err := notify.NewRobot(notify.DingTalk, gone.URL+"/robot/send?access_token="+token, secret)
	if err != nil {
		t.Fatal(err)
	}
	_, badAddress := notify.NewRobot(notify.DingTalk, "http://example.com/"+token, secret)
	_, noAddress := notify.NewRobot(notify.DingTalk, "%zz"+token, secret)
	for _, text := range []string{
		fmt.Sprint(r), fmt.Sprintf("%v %+v %#v %s %q", holder, holder, holder, r, r), string(marshalled), log.String(),
		fmt.Sprint(sender(nil).Send(t.Context(), r, message)), fmt.Sprint(sender(nil).Send(t.Context(), dead, message)), fmt.Sprint(badAddress), fmt.Sprint(noAddress),
	} {
		if strings.Contains(text, token) || strings.Contains(text, secret) {
			t.Errorf("a secret prints: %s", text)
		}
	}
	if err := sender(nil).Send(t.Context(), r, message); err == nil || !strings.Contains(err.Error(), "bad *** or ***") {
		t.Error(err)
	}
	if badAddress == nil || noAddress == nil || !strings.Contains(badAddress.Error(), "must begin with https://") {
		t.Error(badAddress, noAddress)
	}
}

func TestRobotsThatAreNone(t *testing.T) {
	for _, c := range []struct{ platform, address, secret, want string }{
		{"slack", "https://example.com/x", "", "use dingtalk, feishu, wecom or webhook"},
		{"wecom", "https://example.com/x", "s", "it has no signature"},
		{"feishu", "", "", "copy the whole webhook address"},
		{"feishu", "ftp://example.com/x", "", "must begin with https://"},
	} {
		if _, err := notify.NewRobot(notify.Platform(c.platform), c.address, c.secret); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v: %v", c, err)
		}
	}
}
