package webhook

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"liveroom/feed"
	"liveroom/feed/internal/wire"
)

// Options tell of recorded posts what does not stand in them.
type Options struct {
	Shop  string // one of Platforms; "": each post tells whose it is
	Topic string // of Shopify's posts that were kept without their headers
}

// A Protocol reads recorded posts. They were let in when they were recorded, so
// their signatures are not asked for again; nothing that listens may use it.
type Protocol struct{ o Options }

// New checks the options. Its error names the shops.
func New(o Options) (*Protocol, error) {
	if o.Shop != "" && Platforms[o.Shop] == nil {
		return nil, fmt.Errorf("shop %s is not known: %s", wire.Quote(o.Shop), choices())
	}
	return &Protocol{o: o}, nil
}

// choices says which shops may be named.
func choices() string {
	return "name one of " + strings.Join(Names(), ", ") + ", or none to tell them apart by what they post"
}

// Name is "webhook".
func (p *Protocol) Name() string { return "webhook" }

// Request refuses: shops post to us, there is nothing to dial.
func (p *Protocol) Request(feed.Position) (feed.Request, error) {
	return feed.Request{}, errors.New("webhook: dialling a shop is not supported: it posts to us")
}

// NewSession starts the decoder of one recording.
func (p *Protocol) NewSession(feed.Position) feed.Session {
	return session{o: p.o, skew: new(feed.Skew)}
}

type session struct {
	o    Options
	skew *feed.Skew // of the clock of who posted by the door
}

// Hello is nothing: there is nobody to talk to.
func (session) Hello() []feed.Frame { return nil }

// Heartbeat is nothing.
func (session) Heartbeat() (time.Duration, feed.Frame) { return 0, feed.Frame{} }

// A post is one line of a recording: {"headers":{…},"body":"…"}, with "proto"
// where neither says whose it is, "b64" in the place of a body that is no text, and
// for a Kuaishou shop "key_b64", its signKey, or "plain", what the body decrypts to; or
// the body alone, as what Kuaishou's decrypts to. One whose "op" is http, with the
// "path" that it was posted to, came by the door, and comes to the events that it came
// to there.
type post struct {
	Op      wire.Scalar            `json:"op"`
	Proto   string                 `json:"proto"`
	Path    wire.Scalar            `json:"path"`
	Headers map[string]wire.Scalar `json:"headers"`
	Body    *wire.Scalar           `json:"body"`
	B64     wire.Scalar            `json:"b64"`
	Key     string                 `json:"key_b64"`
	Plain   wire.Scalar            `json:"plain"`
}

// Decode reads one recorded post, or one body alone.
func (s session) Decode(f feed.Frame, recv time.Time) feed.Decoded {
	events, err := s.decode(bytes.Clone(f.Data), recv)
	if err != nil {
		return feed.Decoded{Refused: []error{fmt.Errorf("webhook: %w", err)}}
	}
	for i := range events {
		e := &events[i]
		if e.Recv = recv; e.At.IsZero() {
			e.At = recv
		}
	}
	return feed.Decoded{Events: events}
}

func (s session) decode(data []byte, recv time.Time) ([]feed.Event, error) {
	var p post
	if jsontext.Value(data).Kind() == '{' {
		if err := json.Unmarshal(data, &p, wire.Options); err != nil {
			return nil, fmt.Errorf("no JSON: %w", wire.Clean(err))
		}
	}
	body := data
	switch {
	case p.Body != nil:
		body = []byte(*p.Body)
	case p.Op == "http" && p.B64 != "":
		b, err := base64.StdEncoding.DecodeString(string(p.B64))
		if err != nil {
			return nil, fmt.Errorf("b64: %w", err)
		}
		body = b
	}
	header := http.Header{}
	for name, v := range p.Headers {
		header.Set(name, string(v))
	}
	platform, err := s.recognise(p, header, body)
	if err != nil {
		return nil, err
	}
	if platform == "shopify" && s.o.Topic != "" && header.Get("X-Shopify-Topic") == "" {
		header.Set("X-Shopify-Topic", s.o.Topic)
	}
	events, err := p.read(platform, header, body)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", platform, err)
	}
	if p.Op != "http" || p.Path == "" {
		return events, nil
	}
	skew := s.skew
	if skew == nil {
		skew = new(feed.Skew)
	}
	return Complete(platform, events, body, "", "", recv, skew), nil
}

// read reads the body of a post whose platform is known.
func (p post) read(platform string, header http.Header, body []byte) ([]feed.Event, error) {
	var e feed.Event
	var err error
	switch platform {
	case "doudian":
		return doudian(body)
	case "kuaishou-shop":
		if body, err = p.opened(body); err == nil {
			e, err = kuaishouShop(body)
		}
	case "tiktok-shop":
		e, err = tiktokShop(body)
	case "shopify":
		e, err = shopify(header, body)
	default:
		e, err = douyinLife(header, body)
	}
	if err != nil {
		return nil, err
	}
	return []feed.Event{e}, nil
}

// opened is what a Kuaishou shop's body says.
func (p post) opened(body []byte) ([]byte, error) {
	switch {
	case jsontext.Value(body).Kind() == '{':
		return body, nil
	case p.Key != "":
		return decrypt(body, p.Key)
	case p.Plain != "":
		return []byte(p.Plain), nil
	}
	return nil, errors.New("the post is encrypted and no key_b64 stands beside it, nor plain")
}

// recognise tells whose post it is: by its name, the option's, its headers, or what only
// that platform writes.
func (s session) recognise(p post, header http.Header, body []byte) (string, error) {
	switch {
	case p.Proto != "" && Platforms[p.Proto] == nil:
		return "", fmt.Errorf("proto %s is not known: %s", wire.Quote(p.Proto), choices())
	case p.Proto != "":
		return p.Proto, nil
	case s.o.Shop != "":
		return s.o.Shop, nil
	case header.Get("Event-Sign") != "":
		return "doudian", nil
	case header.Get("X-Shopify-Topic") != "":
		return "shopify", nil
	case header.Get("X-Douyin-Signature") != "":
		return "douyin-life", nil
	case p.Key != "":
		return "kuaishou-shop", nil
	}
	return byContent(body)
}

// byContent tells a post by its body alone.
func byContent(body []byte) (string, error) {
	if jsontext.Value(body).Kind() == '[' {
		return "doudian", nil
	}
	var m struct {
		Tag    jsontext.Value `json:"tag"`
		Type   jsontext.Value `json:"type"`
		ShopID jsontext.Value `json:"shop_id"`
		Event  wire.Scalar    `json:"event"`
		Client jsontext.Value `json:"client_key"`
		Global wire.Scalar    `json:"admin_graphql_api_id"`
	}
	_ = json.Unmarshal(body, &m, wire.Options)
	event := string(m.Event)
	switch {
	case m.Tag != nil:
		return "doudian", nil
	case m.Type != nil && m.ShopID != nil:
		return "tiktok-shop", nil
	case strings.HasPrefix(event, "kwaishop_"):
		return "kuaishou-shop", nil
	case strings.HasPrefix(event, "life_"), event != "" && m.Client != nil:
		return "douyin-life", nil
	case strings.HasPrefix(string(m.Global), "gid://shopify/"):
		return "shopify", nil
	}
	return "", fmt.Errorf("no shop that is known here posts this: %s", choices())
}
