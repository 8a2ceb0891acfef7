package main

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"
)

// sources asks every source for a handshake, all at once, and compares clocks.
func (p *preflight) sources(ctx context.Context) {
	type asked struct {
		room, name, address string
		reached
	}
	var all []asked
	for _, r := range p.config.Rooms {
		for i, s := range r.Sources {
			if s.Door != "" {
				p.add("source", levelNote, r.ID, sourceName(r.ID, i, s), "由门 %s 进来，没法先试", "comes by the door %s, which cannot be tried beforehand", s.Door)
				continue
			}
			all = append(all, asked{room: r.ID, name: sourceName(r.ID, i, s), address: s.address()})
		}
		if len(r.Sources) == 0 {
			p.add("source", levelProblem, r.ID, r.ID, "没有数据源", "no source is configured")
		}
	}
	var work sync.WaitGroup
	for i := range all {
		work.Go(func() {
			ctx, stop := context.WithTimeout(ctx, p.opt.timeout)
			defer stop()
			all[i].reached = reach(ctx, all[i].address, askWhether)
		})
	}
	began, mono := time.Now().Round(0), time.Now()
	work.Wait()
	var widest *asked
	for i := range all {
		a := &all[i]
		p.answered(a.room, a.name, a.reached)
		if a.dated && (widest == nil || a.skew.Abs() > widest.skew.Abs()) {
			widest = a
		}
	}
	if widest == nil {
		p.clock(began, mono, nil)
	} else {
		p.clock(began, mono, &widest.reached)
	}
}

func (p *preflight) answered(room, name string, a reached) {
	switch {
	case a.err != nil:
		p.add("source", levelProblem, room, name, "%s 连不上：%v", "%s does not answer: %v", a.host, a.err)
	case a.status == http.StatusSwitchingProtocols:
		p.add("source", levelOK, room, name, "%s 有应答", "%s answers", a.host)
	case a.status == http.StatusUnauthorized, a.status == http.StatusForbidden, a.status == http.StatusBadRequest:
		p.add("source", levelOK, room, name, "%s 有应答（HTTP %d，没有试令牌）", "%s answers (HTTP %d; the token was not tried)", a.host, a.status)
	case a.status >= 300 && a.status < 400:
		p.add("source", levelProblem, room, name, "%s 转向别处（HTTP %d）：请在配置里写最终地址", "%s redirects elsewhere (HTTP %d): put the final address in the config", a.host, a.status)
	case !a.socket && a.status < 500: // what a platform's API says to who asks for nothing
		p.add("source", levelOK, room, name, "%s 有应答（HTTP %d，没有试密钥）", "%s answers (HTTP %d; the key was not tried)", a.host, a.status)
	case a.status == http.StatusNotFound || a.status >= 500:
		p.add("source", levelProblem, room, name, "%s 应答 HTTP %d：请检查地址", "%s answers HTTP %d: check the address", a.host, a.status)
	default:
		p.add("source", levelNote, room, name, "%s 应答 HTTP %d，不是 WebSocket 握手", "%s answers HTTP %d, which is no websocket handshake", a.host, a.status)
	}
}

// clock looks at this machine's clock: against a source's, against its own
// monotonic one, and which zone it is set to.
func (p *preflight) clock(began, mono time.Time, source *reached) {
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
