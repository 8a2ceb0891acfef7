package main

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// TestTheExampleNamesEveryKey: the example is the reference of the config, so
// it loads as it stands, holds the defaults, and leaves no key out.
func TestTheExampleNamesEveryKey(t *testing.T) {
	const path = "../../config.example.toml"
	c, err := loadConfig(path)
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	keys, _ := configKeys()
	for _, key := range keys {
		if !strings.Contains(string(b), "\n"+key+" = ") && !strings.Contains(string(b), "["+key) && !strings.Contains(string(b), "."+key+"]") {
			t.Errorf("config.example.toml does not name %q", key)
		}
	}
	d := defaultConfig()
	if !slices.Equal(c.Policies.Shipped, d.Policies.Shipped) || !slices.Equal(c.Policies.Files, d.Policies.Files) {
		t.Errorf("the example's policies are %v, the default is %v", c.Policies, d.Policies)
	}
	if c.Screen != d.Screen {
		t.Errorf("the example says %+v, the default is %+v", c.Screen, d.Screen)
	}
	if c.Record != d.Record || c.Desk != d.Desk || c.Facts != d.Facts || c.Ledger != d.Ledger {
		t.Errorf("the example says %+v %+v %+v %+v, the defaults are %+v %+v %+v %+v", c.Record, c.Desk, c.Facts, c.Ledger, d.Record, d.Desk, d.Facts, d.Ledger)
	}
}

func TestSecretsDoNotPrint(t *testing.T) {
	s := Secret{value: "hunter2", literal: true}
	for _, text := range []string{s.String(), s.GoString(), s.LogValue().String()} {
		if strings.Contains(text, "hunter2") {
			t.Errorf("a secret prints as %q", text)
		}
	}
	if b, err := s.MarshalText(); err != nil || strings.Contains(string(b), "hunter2") {
		t.Errorf("a secret marshals as %q, %v", b, err)
	}
}

func TestNearest(t *testing.T) {
	for word, want := range map[string]string{
		"record.fiel": "file", "policies.file": "files", "desk.undo_windw": "undo_window", "desk.Role": "role", "desk.zzzzzzzz": "",
		"record.undo_window": "desk.undo_window",
	} {
		if got := nearestKey(strings.Split(word, ".")); got != want {
			t.Errorf("nearest to %q is %q, want %q", word, got, want)
		}
	}
}

// TestSourcesAskForWhatTheirProtocolNeeds: a source that could never connect is
// refused with what it lacks.
func TestSourcesAskForWhatTheirProtocolNeeds(t *testing.T) {
	token := Secret{value: "x"}
	for _, c := range []struct {
		s    SourceConfig
		want string
	}{
		{SourceConfig{Protocol: "tmc", AppKey: "1"}, "app_key"},
		{SourceConfig{Protocol: "tmc", Token: token}, "app_key"},
		{SourceConfig{Protocol: "tmc", AppKey: "1", Token: token}, ""},
		{SourceConfig{Protocol: "eventsub", Channel: "shop"}, "access token"},
		{SourceConfig{Protocol: "eventsub", Channel: "shop", Token: token}, ""},
		{SourceConfig{Protocol: "kuaishou", Token: token}, "liveStreamId"},
		{SourceConfig{Protocol: "kuaishou", Channel: "l", Token: token}, "undocumented = true"},
		{SourceConfig{Protocol: "kuaishou", Channel: "l", Token: token, Undocumented: true}, ""},
		{SourceConfig{Protocol: "bilibili", RoomID: 6, Token: token}, "undocumented = true"},
		{SourceConfig{Protocol: "bilibili", RoomID: 6, Token: token, Undocumented: true}, ""},
		{SourceConfig{Protocol: "bilibili"}, "code and room_id"},
		{SourceConfig{Protocol: "bilibili", Code: token, Token: token, AppKey: "k", AppID: 1, RoomID: 6}, "take the url away"},
		{SourceConfig{Protocol: "stripe"}, "restricted key"},
		{SourceConfig{Protocol: "stripe", Token: token}, ""},
		{SourceConfig{Protocol: "asr"}, "cannot be dialled"},
		{SourceConfig{Protocol: "asr", Format: "vosk", Audio: []string{"ffmpeg"}}, ""},
		{SourceConfig{Protocol: "asr", Format: "nls", Audio: []string{"ffmpeg"}}, "cannot be sent sound"},
		{SourceConfig{Protocol: "cloudevent", Audio: []string{"ffmpeg"}}, "would be asr"},
		{SourceConfig{Protocol: "webhook"}, "cannot be dialled"},
		{SourceConfig{Protocol: "webhook", Replay: true}, "like ws://127.0.0.1:7788/"},
		{SourceConfig{Protocol: "webhook", Replay: true, URL: "ws://127.0.0.1:7788/"}, ""},
		{SourceConfig{Protocol: "webhook", Replay: true, URL: "ws://shop.example/"}, "on this machine"},
		{SourceConfig{Protocol: "webhook", Replay: true, URL: "ws://127.0.0.1:7788/", Platform: "tmall"}, "is not known"},
		{SourceConfig{Protocol: "webhook", Replay: true, URL: "ws://127.0.0.1:7788/", Door: "shop"}, "keep one"},
		{SourceConfig{Protocol: "asr", Replay: true, URL: "ws://[::1]:7788/", Format: "nls"}, ""},
		{SourceConfig{Protocol: "asr", Replay: true, Audio: []string{"ffmpeg"}}, "keep one"},
		{SourceConfig{Protocol: "twitch", Channel: "c", Replay: true}, "take replay away"},
	} {
		if c.s.URL == "" {
			c.s.URL = "wss://127.0.0.1/"
		}
		err := c.s.check()
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q", c.s.Protocol, err, c.want)
		}
		if _, err := newProtocol(c.s, "r"); err != nil && c.want == "" {
			t.Errorf("%s: %v", c.s.Protocol, err)
		}
	}
}
