package main

import (
	"context"
	"slices"
	"strings"
	"time"

	"liveroom/feed"
	"liveroom/feed/helix"
)

// A tokenCheck stands in for what subscribes: it only asks what the token is good for.
type tokenCheck struct {
	api   *helix.API
	grant helix.Grant
	err   error
}

// Subscribe implements eventsub.Subscriber.
func (c *tokenCheck) Subscribe(ctx context.Context, _ string) (refused []error, err error) {
	c.grant, c.err = c.api.Check(ctx)
	return nil, c.err
}

// acting asks what the token is good for of a source that is read without it.
func (t trial) acting(ctx context.Context) []doctorRow {
	api, err := t.cfg.helix(false)
	if err != nil {
		return []doctorRow{t.problem(quoted(err), told{})}
	}
	g, err := api.Check(ctx)
	if err != nil {
		return []doctorRow{t.problem(say("Twitch 的接口：", "Twitch's API: ").with(plainWords(err)), remedy(err))}
	}
	return t.scopes(g)
}

// heldScopes are what the program asks EventSub for, each with what is missing
// without it.
var heldScopes = []struct {
	scope string
	told
}{
	{"user:read:chat", told{"弹幕", "the chat"}},
	{"moderator:manage:automod", told{"AutoMod 拦下的消息", "what AutoMod holds"}},
}

// scopes tells what a token lacks for what is asked of it, and when it ends.
func (t trial) scopes(g helix.Grant) (rows []doctorRow) {
	var need []string
	var lacks []told
	if t.cfg.Protocol == "eventsub" {
		for _, w := range heldScopes {
			need = append(need, w.scope)
			if len(g.Lacks(w.scope)) > 0 {
				lacks = append(lacks, told{"令牌没有 " + w.scope + "：收不到" + w.zh, "the token lacks " + w.scope + ": " + w.en + " is not sent"})
			}
		}
		need = append(need, "moderator:read:*")
	}
	for _, act := range t.cfg.Actions {
		scope := helix.Scopes[feed.ActKind(act)]
		if !slices.Contains(need, scope) {
			need = append(need, scope)
		}
		if len(g.Lacks(scope)) > 0 {
			lacks = append(lacks, say("令牌没有 %[1]s：%[2]s 会被拒", "the token lacks %[1]s: %[2]s is refused", scope, act))
		}
	}
	again := say("用这些权限重新生成令牌：%s", "make the token anew with the scopes %s", strings.Join(need, " "))
	for _, why := range lacks {
		rows = append(rows, t.row(levelProblem, why, again))
	}
	if e := g.Expires; e > 0 && e < 7*24*time.Hour {
		rows = append(rows, t.row(levelNote, say("令牌 %s 后到期", "the token ends in %s", ago(e)), again))
	}
	return rows
}
