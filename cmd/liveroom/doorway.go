package main

import (
	"crypto/tls"
	"errors"
	"fmt"
	"slices"
	"strings"

	"liveroom/feed"
	"liveroom/feed/asr"
	"liveroom/feed/cloudevent"
	"liveroom/feed/door"
	"liveroom/feed/webhook"
)

// DoorConfig says where tools may dial in and shops may post. It is closed while
// Listen is empty.
type DoorConfig struct {
	Listen        string `toml:"listen"`
	TLSCert       string `toml:"tls_cert"`
	TLSKey        string `toml:"tls_key"`
	AllowInsecure bool   `toml:"allow_insecure"`
}

// checkDoor looks at what only the whole config can tell.
func (c *Config) checkDoor() error {
	for _, r := range c.Rooms {
		for i, s := range r.Sources {
			if s.Door != "" && c.Door.Listen == "" {
				return fmt.Errorf("[[room]] %q: source %d comes by the door %q, which is closed: set [door] listen, like 127.0.0.1:7790", r.ID, i+1, s.Door)
			}
		}
	}
	if (c.Door.TLSCert == "") != (c.Door.TLSKey == "") {
		return errors.New("[door] tls_cert and tls_key belong together: give both or none")
	}
	return nil
}

// checkDoor checks a source that comes to us.
func (s *SourceConfig) checkDoor() error {
	switch {
	case s.URL != "":
		return fmt.Errorf("it has both a url, which is dialled, and the door %q, by which it comes: keep one", s.Door)
	case len(s.Audio) > 0:
		return fmt.Errorf("it has both audio, which is sent to a recogniser at a url, and the door %q, by which results come: keep one", s.Door)
	case !slices.Contains(comingToo, s.Protocol):
		return fmt.Errorf("%s does not come to us, it is dialled: give it a url instead of a door (%s may come)", s.Protocol, strings.Join(comingToo, ", "))
	case s.Token == (Secret{}):
		return fmt.Errorf("door %q has no token: a tool shows it, and a shop signs with it", s.Door)
	case s.Protocol == "asr" && s.Format != "" && !slices.Contains(asr.Formats, s.Format):
		return fmt.Errorf("format %q is not known: use one of %s, or none to tell them apart", s.Format, strings.Join(asr.Formats, ", "))
	case s.Protocol == "webhook" && webhook.Platforms[s.Platform] == nil:
		return fmt.Errorf("platform %q is not known: use one of %s", s.Platform, strings.Join(webhook.Names(), ", "))
	}
	return nil
}

// openDoor makes the door of a config; nil where it stays closed.
func (c *Config) openDoor() (*door.Door, error) {
	if c.Door.Listen == "" {
		return nil, nil
	}
	config := door.Config{Addr: c.Door.Listen, AllowPlain: c.Door.AllowInsecure}
	if c.Door.TLSCert != "" {
		pair, err := tls.LoadX509KeyPair(c.beside(c.Door.TLSCert), c.beside(c.Door.TLSKey))
		if err != nil {
			return nil, fmt.Errorf("[door] the certificate cannot be used: %w", err)
		}
		config.TLS = &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}
	}
	d, err := door.New(config)
	if err != nil {
		return nil, fmt.Errorf("[door] %w", err)
	}
	return d, nil
}

// hook is the way in of a shop's posts.
func (s *SourceConfig) hook(config *feed.Config, sink feed.Sink) door.Hook {
	return door.Hook{
		Name: s.Door, Platform: s.Platform, Secret: s.Token.Reveal(), Source: config.Source, Room: config.Room,
		Sink: sink, Status: config.Status, Refused: config.Refused,
	}
}

// letIn opens the way in of a source: a hook, or what the source then accepts.
func (s *station) letIn(c SourceConfig, config *feed.Config) (hook bool, err error) {
	if c.Protocol == "webhook" {
		return true, s.door.Hook(c.hook(config, s.desk))
	}
	config.Accept, err = s.door.Socket(door.Socket{
		Name: c.Door, Token: c.Token.Reveal(), Origins: c.Origins, Subprotocols: []string{cloudevent.Subprotocol},
	})
	return false, err
}
