package notify

import (
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"slices"

	"liveroom/feed"
)

// Platform is whose robot it is.
type Platform string

// The platforms.
const (
	DingTalk Platform = "dingtalk"
	Feishu   Platform = "feishu"
	WeCom    Platform = "wecom"
	// Webhook is no chat group but any program of the house that takes JSON.
	Webhook Platform = "webhook"
)

// A Robot is one group's robot.
type Robot struct {
	platform Platform
	host     string
	// reveal holds what must not be printed: a function prints as an address,
	// wherever the robot ends up.
	reveal func() (address *url.URL, secret string)
}

// NewRobot makes a robot of the address that its platform gave it. The secret is
// that of its signature, "" without one.
func NewRobot(p Platform, address, secret string) (*Robot, error) {
	if !slices.Contains([]Platform{DingTalk, Feishu, WeCom, Webhook}, p) {
		return nil, fmt.Errorf("robot: platform %q is not known: use dingtalk, feishu, wecom or webhook", p)
	}
	u, err := feed.CheckHTTP(address)
	if err != nil {
		return nil, fmt.Errorf("robot of %s: %w; copy the whole webhook address", p, err)
	}
	if p == WeCom && secret != "" {
		return nil, errors.New("robot of wecom: it has no signature; leave the secret out")
	}
	return &Robot{p, u.Hostname(), func() (*url.URL, string) { c := *u; return &c, secret }}, nil
}

// Platform is whose robot it is.
func (r *Robot) Platform() Platform { return r.platform }

// String names the robot without its secrets.
func (r *Robot) String() string { return fmt.Sprintf("robot of %s at %s", r.platform, r.host) }

// GoString implements fmt.GoStringer.
func (r *Robot) GoString() string { return r.String() }

// MarshalText keeps the secrets out of every encoder.
func (r *Robot) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// LogValue implements slog.LogValuer.
func (r *Robot) LogValue() slog.Value { return slog.StringValue(r.String()) }
