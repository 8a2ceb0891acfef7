package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"regexp"
	"strings"
	"syscall"
	"time"

	"liveroom/feed"
)

// certSoon is how long before its end a certificate is told of.
const certSoon = 14 * 24 * time.Hour

// words tell why a host was not reached.
func (r reached) words() told { return told{r.host + "：", r.host + ": "}.with(plainWords(r.err)) }

// certWords tell when a certificate ends.
func certWords(until, now time.Time) (l level, why told) {
	if until.IsZero() {
		return levelOK, told{}
	}
	left := until.Sub(now)
	if left < certSoon {
		return levelNote, say("证书 %s 后到期（%s）", "its certificate ends in %s (%s)", ago(left), until.Format(time.DateOnly))
	}
	return levelOK, say("证书到 %s", "certificate good until %s", until.Format(time.DateOnly))
}

// cert tells of a certificate that ends soon.
func (t trial) cert(r reached) []doctorRow {
	if l, why := certWords(r.until, t.d.now()); l != levelOK {
		return []doctorRow{t.row(l, say("%s：", "%s: ", r.host).with(why), say("请对方换证书", "have the peer renew it"))}
	}
	return nil
}

// with is what is said right after.
func (t told) with(more told) told { return told{t.zh + more.zh, t.en + more.en} }

// clock compares this machine's clock with the host's, where it tells its own.
func (t trial) clock(r reached) []doctorRow {
	if !r.dated || r.skew.Abs() <= clockSkew {
		return nil
	}
	zh, en := "慢", "behind"
	if r.skew < 0 {
		zh, en = "快", "ahead of"
	}
	return []doctorRow{t.problem(say("本机时钟比 %[1]s %[2]s %[4]s", "this machine's clock is %[4]s %[3]s that of %[1]s", r.host, zh, en, r.skew.Abs().Round(time.Second)),
		say("先校时：证据里的时间会对不上，签名也会被拒", "set the clock: times in evidence will not agree, and signatures are refused"))}
}

// plainWords is an error as a person reads it: what the system says in its own terms is
// said in theirs.
func plainWords(err error) told {
	var dns *net.DNSError
	var missing *fs.PathError
	var proxy *feed.ProxyError
	switch {
	case errors.As(err, &proxy):
		why := plainWords(proxy.Err)
		if proxy.Status != 0 { // which says nothing of the source's token
			why = quoted(proxy.Err)
		}
		by := strings.TrimSpace(proxy.Proxy + " (" + proxy.Variable + ")")
		return say("代理 %s：", "the proxy %s: ", by).with(why)
	case errors.Is(err, syscall.ECONNREFUSED):
		return told{"连接被拒绝", "the connection was refused"}
	case errors.As(err, &dns):
		return told{"查不到主机 " + dns.Name, "the host " + dns.Name + " is not known"}
	case errors.As(err, &missing) && errors.Is(err, fs.ErrNotExist):
		return told{"没有文件 " + missing.Path, "there is no file " + missing.Path}
	case errors.As(err, &missing) && errors.Is(err, fs.ErrPermission):
		return told{"没有权限读 " + missing.Path, "there is no permission to read " + missing.Path}
	case isTimeout(err):
		return told{"没有应答", "no answer"}
	}
	words := quoted(unnamed(err))
	if m := httpStatus.FindStringSubmatch(words.en); m != nil {
		words.zh = "对方应答 HTTP " + m[1]
		if m[1] == "401" || m[1] == "403" {
			words.zh = "令牌或密钥被拒（HTTP " + m[1] + "）"
		}
	}
	return words
}

var httpStatus = regexp.MustCompile(`HTTP (\d{3})`)

var silentHost = told{"没有应答：核对地址，看防火墙和代理，对方是否在运行", "no answer: check the address, firewall and proxy, and whether the peer runs"}

// remedy says what helps against an error of a connection; nothing where its own words
// do.
func remedy(err error) told {
	var dns *net.DNSError
	var unknown x509.UnknownAuthorityError
	var invalid x509.CertificateInvalidError
	var name x509.HostnameError
	var denied *feed.DeniedError
	var proxy *feed.ProxyError
	text := err.Error()
	switch {
	case errors.As(err, &proxy) && proxy.Status == http.StatusProxyAuthRequired:
		return told{
			"代理要用户名和密码，写成 http://用户名:密码@主机:端口：核对环境变量 " + proxy.Variable + " 和 NO_PROXY",
			"the proxy asks for a name and password, written http://NAME:PASSWORD@HOST:PORT: check " + proxy.Variable + " and NO_PROXY in the environment",
		}
	case errors.As(err, &proxy):
		return say("代理没有放行：核对环境变量 %s 和 NO_PROXY，看代理是否在运行", "the proxy lets nothing through: check %s and NO_PROXY in the environment, and whether the proxy runs", proxy.Variable)
	case errors.Is(err, syscall.ECONNREFUSED):
		return told{"那里没有程序在听：先启动它，再核对端口", "nothing listens there: start it, then check the port"}
	case errors.As(err, &dns):
		return told{"找不到这个主机名：核对拼写和网络", "there is no such host: check the spelling and the network"}
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return told{"证书过期（或本机时钟不对）：校时，或请对方换证书", "the certificate has ended, or this machine's clock is wrong: set the clock, or have the peer renew it"}
	case errors.As(err, &unknown), errors.As(err, &invalid), errors.As(err, &name):
		return told{"证书不可信或不是这台主机的：核对地址；自签证书要装进系统", "the certificate is not trusted, or another host's: check the address; a certificate of your own must be known to the system"}
	case errors.As(err, &denied), strings.Contains(text, "HTTP 401"), strings.Contains(text, "HTTP 403"), strings.Contains(text, "refused the login"):
		return told{"令牌或密钥被拒：重新生成，写进环境变量或 file: 指的文件", "the token or key was refused: make a new one and put it into the environment or the file: file"}
	case strings.Contains(text, "HTTP 404"):
		return told{"路径不对：核对 url", "the path is wrong: check url"}
	case isTimeout(err):
		return silentHost
	}
	return told{}
}

func isTimeout(err error) bool {
	var timeout net.Error
	return errors.Is(err, context.DeadlineExceeded) || errors.As(err, &timeout) && timeout.Timeout() || strings.Contains(err.Error(), "no answer in time")
}

// waysOut tries whether the systems that are asked to act can be reached.
func (d *doctor) waysOut() []func(context.Context) []doctorRow {
	var tasks []func(context.Context) []doctorRow
	for _, o := range d.config.Out {
		if o.URL.Reveal() == "" {
			continue
		}
		does := say("只连接，没有请求它做什么；可以做：%s", "connected and asked for nothing; can act: %s", strings.Join(o.Actions, ", "))
		tasks = append(tasks, d.reachable("out", o.Name, o.URL.Reveal(), does))
	}
	return tasks
}

// notices tries whether the chat groups' robots can be reached.
func (d *doctor) notices() []func(context.Context) []doctorRow {
	var tasks []func(context.Context) []doctorRow
	for _, n := range d.config.Notify {
		if n.URL.Reveal() == "" {
			continue
		}
		sent := say("只连接，没有发消息", "connected and sent nothing")
		tasks = append(tasks, d.reachable("notice", n.Name+" ("+n.Kind+")", n.URL.Reveal(), sent))
	}
	return tasks
}

// reachable tries a host that is to be left alone.
func (d *doctor) reachable(part, what, address string, does told) func(context.Context) []doctorRow {
	return func(ctx context.Context) []doctorRow {
		r := reach(ctx, address, askNothing)
		if r.err != nil {
			return []doctorRow{row(part, levelProblem, what, r.words(), remedy(r.err))}
		}
		l, cert := certWords(r.until, d.now())
		do := told{}
		if l != levelOK {
			do = say("请对方换证书", "have the peer renew it")
		}
		return []doctorRow{row(part, l, what, say("%s 有应答（%s）", "%s answers (%s)", r.host, brief(r.took)).and(does, byProxy(r.proxy), cert), do)}
	}
}

// door looks at what comes to us, and opens it for a moment.
func (d *doctor) door(ctx context.Context) []doctorRow {
	const part = "door"
	c := &d.config
	if c.Door.Listen == "" {
		return []doctorRow{fine(part, "[door]", say("关着：谁也连不进来", "closed: nobody can dial in"))}
	}
	way, err := c.openDoor()
	if err != nil {
		return []doctorRow{row(part, levelProblem, c.Door.Listen, quoted(err), told{})}
	}
	var rows []doctorRow
	s := &station{door: way}
	for _, r := range c.Rooms {
		for i, src := range r.Sources {
			if src.Door != "" {
				rows = append(rows, d.wayIn(s, r.ID, i, src))
			}
		}
	}
	if len(rows) == 0 {
		rows = append(rows, row(part, levelNote, c.Door.Listen, say("开着，却没有数据源从这里进来", "open, and no source comes by it"), say("给数据源写 door = \"名字\"，或去掉 [door] listen", "give a source door = \"NAME\", or take [door] listen away")))
	}
	if l, why := certWords(d.doorCert(), d.now()); why.zh != "" {
		do := told{}
		if l != levelOK {
			do = say("换 tls_cert 和 tls_key", "renew tls_cert and tls_key")
		}
		rows = append(rows, row(part, l, "tls_cert", why, do))
	}
	return append([]doctorRow{d.port(ctx, s)}, rows...)
}

func (d *doctor) doorCert() time.Time {
	c := &d.config
	if c.Door.TLSCert == "" {
		return time.Time{}
	}
	pair, err := tls.LoadX509KeyPair(c.beside(c.Door.TLSCert), c.beside(c.Door.TLSKey))
	if err != nil || pair.Leaf == nil {
		return time.Time{}
	}
	return pair.Leaf.NotAfter
}

// port tries whether the door can be opened.
func (d *doctor) port(ctx context.Context, s *station) doctorRow {
	const part = "door"
	where := d.config.Door.Listen
	_, err := s.door.Listen(ctx)
	if err == nil {
		err = s.door.Close()
	}
	switch {
	case err == nil:
		return fine(part, where, say("端口空着，可以打开", "the port is free and can be opened"))
	case errors.Is(err, syscall.EADDRINUSE) && d.holder != "":
		return fine(part, where, say("端口有人在用：正在写记录的那个控制台", "the port is taken, by the console that writes the record"))
	case errors.Is(err, syscall.EADDRINUSE):
		return row(part, levelProblem, where, say("端口被别的程序占了", "another program has the port"), say("关掉那个程序，或换 [door] listen 的端口", "close that program, or give [door] listen another port"))
	}
	return row(part, levelProblem, where, quoted(err), say("换 [door] listen 的地址", "give [door] listen another address"))
}

// wayIn looks at one way in by the door, as a console that opens it.
func (d *doctor) wayIn(s *station, room string, i int, src SourceConfig) doctorRow {
	const part = "door"
	name := sourceName(room, i, src)
	config := feed.Config{Source: name, Room: room}
	hook, err := s.letIn(src, &config)
	if err != nil {
		return row(part, levelProblem, name, quoted(err), told{})
	}
	scheme, path := "ws", "in"
	if hook {
		scheme, path = "http", "hook"
	}
	if d.config.Door.TLSCert != "" {
		scheme += "s"
	}
	why := say("%s，令牌已设", "%s, the token is set", fmt.Sprintf("%s://%s/%s/%s", scheme, d.config.Door.Listen, path, src.Door))
	switch {
	case hook:
		why = say("%s，密钥已设；平台要能从外面用 HTTPS 到这里", "%s, the secret is set; the platform must reach it over HTTPS from outside", fmt.Sprintf("%s://%s/%s/%s", scheme, d.config.Door.Listen, path, src.Door))
	case len(src.Origins) > 0:
		why = why.and(say("网页来源：%s", "pages of %s", strings.Join(src.Origins, ", ")))
	case src.Protocol == "barrage":
		return row(part, levelNote, name, why.and(say("没有网页来源：浏览器里的 dycast 进不来", "no origins: dycast in a browser is not let in")), say("写 origins = [\"http://localhost:5173\"]（网页的地址）", "write origins = [\"http://localhost:5173\"], the page's address"))
	}
	return fine(part, name, why)
}
