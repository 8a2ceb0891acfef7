package main

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"liveroom/feed"
	"liveroom/feed/audio"
	"liveroom/feed/bilibili"
	"liveroom/feed/helix"
	"liveroom/feed/stripe"
)

// SourceConfig is one connection of a room.
type SourceConfig struct {
	Protocol      string `toml:"protocol"`
	URL           string `toml:"url"`
	Token         Secret `toml:"token"`
	AllowInsecure bool   `toml:"allow_insecure"`
	ReadLimit     int64  `toml:"read_limit"`
	Channel       string `toml:"channel"`
	Nick          string `toml:"nick"`
	RoomID        int64  `toml:"room_id"`
	UID           int64  `toml:"uid"`
	Buvid         string `toml:"buvid"`
	AuthBody      Secret `toml:"auth_body"`
	AppKey        string `toml:"app_key"`
	Group         string `toml:"group"`
	AppID         int64  `toml:"app_id"`
	Code          Secret `toml:"code"`
	// Undocumented allows a socket that its platform does not document.
	Undocumented bool `toml:"undocumented"`
	// Actions are what the peer can be asked to do.
	Actions []string `toml:"actions"`
	// API answers in the place of the platform's own HTTP API.
	API string `toml:"api"`
	// Door names the way in of a peer that comes to us, instead of a url.
	Door    string   `toml:"door"`
	Origins []string `toml:"origins"`
	// Replay says that url is where a recording of what came to us is played.
	Replay bool   `toml:"replay"`
	Format string `toml:"format"`
	// Audio is a command that prints sound, which is sent to the recogniser at URL.
	Audio    []string `toml:"audio"`
	Language string   `toml:"language"`
	Model    string   `toml:"model"`
	Platform string   `toml:"platform"`
}

func (s *SourceConfig) check() error {
	if err := knownProtocol(s.Protocol); err != nil {
		return err
	}
	if err := errors.Join(s.checkAPI(), s.checkActs()); err != nil {
		return err
	}
	if s.Replay {
		return s.checkReplay()
	}
	if s.Door != "" {
		return s.checkDoor()
	}
	if slices.Contains(comingOnly, s.Protocol) && len(s.Audio) == 0 {
		return fmt.Errorf("%s cannot be dialled: give it a door, by which it comes to us, or set replay = true where its url is that of liveroom replay", s.Protocol)
	}
	u, err := url.Parse(s.URL)
	if !s.asksWhere() && (err != nil || (u.Scheme != "ws" && u.Scheme != "wss") || u.Host == "") {
		return fmt.Errorf("url %q is no websocket address: write ws://HOST:PORT/PATH or wss://…", s.URL)
	}
	switch {
	case len(s.Audio) > 0 && s.Protocol != "asr":
		return fmt.Errorf("audio is sent to speech recognisers alone: the protocol would be asr and not %s", s.Protocol)
	case s.Protocol == "asr":
		_, err := audio.New(s.sound(""))
		return err
	case s.Protocol == "twitch" && s.Channel == "":
		return errors.New("channel is missing: name the broadcaster's login")
	case s.Protocol == "eventsub" && (s.Channel == "" || s.Token == (Secret{})):
		return errors.New("eventsub needs channel, the broadcaster's login, and in token a user's access token")
	case s.Protocol == "bilibili" && s.Code != (Secret{}):
		return s.checkOpenLive()
	case s.Protocol == "bilibili" && s.Token == (Secret{}) && s.AuthBody == (Secret{}):
		return errors.New("bilibili needs app_key, token, app_id, code and room_id (open platform), or token (web)")
	case s.Protocol == "kuaishou" && (s.Channel == "" || s.Token == (Secret{})):
		return errors.New("kuaishou needs token, and in channel the liveStreamId, as the room's page was given them")
	case !s.Undocumented && (s.Protocol == "kuaishou" || s.Protocol == "bilibili" && s.Token != (Secret{})):
		return fmt.Errorf("%s's web socket is documented by nobody, and the platform may not want it read: prefer its open platform or a relay, or set undocumented = true and answer for it yourself", s.Protocol)
	case s.Protocol == "stripe" && s.Token == (Secret{}):
		return errors.New("stripe needs in token a secret or restricted key of the account")
	case s.Protocol == "tmc" && (s.AppKey == "" || s.Token == (Secret{})):
		return errors.New("tmc needs app_key and, in token, the secret of the app")
	}
	if s.ReadLimit < 0 {
		return fmt.Errorf("read_limit %d is negative: give a number of bytes", s.ReadLimit)
	}
	return nil
}

// checkReplay checks a source that is read from a recording. What shops posted is not
// asked for its signature again, so nobody on the network may say it.
func (s *SourceConfig) checkReplay() error {
	u, err := url.Parse(s.URL)
	switch {
	case !slices.Contains(comingOnly, s.Protocol):
		return fmt.Errorf("replay is of %s alone: a recording of %s is dialled as its peer is, take replay away", strings.Join(comingOnly, " and "), s.Protocol)
	case s.Door != "" || len(s.Audio) > 0:
		return errors.New("replay reads a recording at a url, and neither a door nor audio: keep one")
	case err != nil || u.Scheme != "ws" || !feed.Loopback(u.Hostname()):
		return fmt.Errorf("url %q is not that of liveroom replay on this machine: write it like ws://127.0.0.1:7788/", s.URL)
	}
	_, err = newProtocol(*s, "")
	return err
}

// checkAPI checks what answers in the place of a platform.
func (s *SourceConfig) checkAPI() error {
	if s.API == "" {
		return nil
	}
	if !slices.Contains(byTwitch, s.Protocol) && !s.asksWhere() {
		return fmt.Errorf("api is of %s, stripe and bilibili's open platform alone: take it away", strings.Join(byTwitch, ", "))
	}
	if _, err := feed.CheckHTTP(s.API); err != nil {
		return fmt.Errorf("api: %w", err)
	}
	s.API = strings.TrimSuffix(s.API, "/")
	return nil
}

// asksWhere tells that it is the platform which says where to connect.
func (s *SourceConfig) asksWhere() bool {
	return s.Protocol == "stripe" || s.Protocol == "bilibili" && s.Code != (Secret{})
}

// address is where the source is reached first, of which only the host is ever told: of
// a platform that says where to connect, its API.
func (s *SourceConfig) address() string {
	switch {
	case !s.asksWhere():
		return s.URL
	case s.Protocol == "stripe":
		return cmp.Or(s.API, stripe.DefaultAPI)
	}
	return cmp.Or(s.API, bilibili.DefaultAPI)
}

// checkOpenLive checks a source of Bilibili's open platform.
func (s *SourceConfig) checkOpenLive() error {
	if s.URL != "" {
		return errors.New("bilibili with code asks the platform where to connect: take the url away")
	}
	_, err := bilibili.NewOpenLive(s.openLive())
	return err
}

// sound is what a recogniser that is dialled gets to hear.
func (s *SourceConfig) sound(room string) audio.Options {
	return audio.Options{Format: s.Format, URL: s.URL, Command: s.Audio, Name: room, Language: s.Language, Model: s.Model}
}

func (s *SourceConfig) openLive() bilibili.OpenOptions {
	return bilibili.OpenOptions{Key: s.AppKey, Secret: s.Token.Reveal(), AppID: s.AppID, Code: s.Code.Reveal(), RoomID: s.RoomID, API: s.API}
}

func (s *SourceConfig) stripe() stripe.Options {
	return stripe.Options{Key: s.Token.Reveal(), API: s.API}
}

// helix asks Twitch's API, as the user whose token it is; keep is for who subscribes.
func (s *SourceConfig) helix(keep bool) (*helix.API, error) {
	return helix.New(helix.Options{Channel: s.Channel, Token: s.Token.Reveal(), Host: s.API, Keep: keep})
}
