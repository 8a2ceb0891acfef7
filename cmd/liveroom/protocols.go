package main

import (
	"fmt"
	"slices"
	"strings"

	"liveroom/claims/tomldoc"
	"liveroom/feed"
	"liveroom/feed/asr"
	"liveroom/feed/audio"
	"liveroom/feed/barrage"
	"liveroom/feed/bilibili"
	"liveroom/feed/cloudevent"
	"liveroom/feed/eventsub"
	"liveroom/feed/kuaishou"
	"liveroom/feed/oba"
	"liveroom/feed/stripe"
	"liveroom/feed/tikfinity"
	"liveroom/feed/tmc"
	"liveroom/feed/twitch"
	"liveroom/feed/webhook"
)

// protocols makes the decoder of each protocol that a source or `decode` may
// name.
var protocols = map[string]func(s SourceConfig, room string) (feed.Protocol, error){
	"cloudevent": func(s SourceConfig, room string) (feed.Protocol, error) {
		return cloudevent.New(cloudevent.Config{URL: s.URL, Token: s.Token.Reveal(), Room: room})
	},
	"twitch": func(s SourceConfig, _ string) (feed.Protocol, error) {
		token := s.Token.Reveal()
		if s.Nick == "" && len(s.Actions) > 0 { // it is for the actions; the chat is read anonymously
			token = ""
		}
		return twitch.New(twitch.Options{URL: s.URL, Channel: s.Channel, Login: s.Nick, Token: token})
	},
	"eventsub": func(s SourceConfig, _ string) (feed.Protocol, error) {
		o := eventsub.Options{URL: s.URL, Channel: s.Channel}
		if s.Token != (Secret{}) { // recorded frames are read without
			api, err := s.helix(true)
			if err != nil {
				return nil, err
			}
			o.Subscriber = eventsub.Through(api)
		}
		return eventsub.New(o), nil
	},
	"bilibili": func(s SourceConfig, _ string) (feed.Protocol, error) {
		if s.Code != (Secret{}) {
			return bilibili.NewOpenLive(s.openLive())
		}
		return bilibili.New(bilibili.Options{
			URL: s.URL, RoomID: s.RoomID, UID: s.UID, Token: s.Token.Reveal(), Buvid: s.Buvid, AuthBody: s.AuthBody.Reveal(),
		})
	},
	"oba": func(s SourceConfig, _ string) (feed.Protocol, error) {
		return oba.New(oba.Options{URL: s.URL}), nil
	},
	"barrage": func(s SourceConfig, _ string) (feed.Protocol, error) {
		return barrage.New(s.URL), nil
	},
	"douyinlive": func(s SourceConfig, _ string) (feed.Protocol, error) {
		return barrage.NewDouyinLive(s.URL, "", s.Token.Reveal())
	},
	"tikfinity": func(s SourceConfig, _ string) (feed.Protocol, error) {
		return tikfinity.New(tikfinity.Options{URL: s.URL}), nil
	},
	"kuaishou": func(s SourceConfig, _ string) (feed.Protocol, error) {
		return kuaishou.New(kuaishou.Options{URL: s.URL, Token: s.Token.Reveal(), LiveStreamID: s.Channel}), nil
	},
	"asr": func(s SourceConfig, room string) (feed.Protocol, error) {
		if len(s.Audio) > 0 {
			return audio.New(s.sound(room))
		}
		return asr.New(asr.Options{Format: s.Format})
	},
	"stripe": func(s SourceConfig, _ string) (feed.Protocol, error) {
		return stripe.New(s.stripe()), nil
	},
	"webhook": func(s SourceConfig, _ string) (feed.Protocol, error) {
		return webhook.New(webhook.Options{Shop: s.Platform})
	},
	"tmc": func(s SourceConfig, _ string) (feed.Protocol, error) {
		return tmc.New(tmc.Options{URL: s.URL, AppKey: s.AppKey, Secret: s.Token.Reveal(), Group: s.Group}), nil
	},
}

// comingOnly are the protocols whose peers cannot be dialled: a recogniser
// answers only who sends it the audio, and a shop posts to us.
var comingOnly = []string{"asr", "webhook"}

// comingToo are the protocols whose peers may come through the door: those, any
// producer of our own events, and the page of dycast.
var comingToo = append([]string{"barrage", "cloudevent"}, comingOnly...)

func protocolNames() []string {
	names := make([]string, 0, len(protocols))
	for n := range protocols {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}

// knownProtocol says which protocol was meant when there is none of that name.
func knownProtocol(name string) error {
	if _, ok := protocols[name]; ok {
		return nil
	}
	hint := ""
	if near := tomldoc.Nearest(name, protocolNames()); near != "" {
		hint = fmt.Sprintf(", did you mean %q?", near)
	}
	return fmt.Errorf("protocol %q is not supported%s (supported: %s)", name, hint, strings.Join(protocolNames(), ", "))
}

func newProtocol(s SourceConfig, room string) (feed.Protocol, error) {
	if err := knownProtocol(s.Protocol); err != nil {
		return nil, err
	}
	p, err := protocols[s.Protocol](s, room)
	if err != nil || !s.Replay {
		return p, err
	}
	return replayed{p, s.URL}, nil
}

// A replayed protocol is one whose peers come to us, of which a recording is dialled.
type replayed struct {
	feed.Protocol
	url string
}

// Request is where the recording is played.
func (r replayed) Request(feed.Position) (feed.Request, error) { return feed.Request{URL: r.url}, nil }

// Unwrap lets what the protocol can do count.
func (r replayed) Unwrap() feed.Protocol { return r.Protocol }
