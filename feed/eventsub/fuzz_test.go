package eventsub

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"liveroom/feed"
	"liveroom/feed/feedtest/corpus"
	"liveroom/feed/feedtest/fuzzed"
	"liveroom/feed/helix"
)

// FuzzDecode asks of every frame: one event at most, of Twitch's source and a room;
// a chat message keeps the id that it has on IRC.
func FuzzDecode(f *testing.F) {
	const person = `"broadcaster_user_id":"1","broadcaster_user_login":"shop","user_id":"7","user_name":"A","chatter_user_id":"7","chatter_user_login":"a","target_user_id":"8","target_user_name":"B","message_id":"m"`
	for subject, event := range map[string]string{
		"channel.chat.message":              `{` + person + `,"message":{"text":"\u0001ACTION x\u0001"},"badges":[{"set_id":"moderator"},{"set_id":"broadcaster"}],"cheer":{"bits":1},"source_broadcaster_user_id":"2"}`,
		"channel.chat.notification":         `{` + person + `,"notice_type":"raid","raid":{"viewer_count":5},"system_message":"s","message":{"text":"t"}}`,
		"channel.chat.message_delete":       `{` + person + `}`,
		"channel.chat.clear_user_messages":  `{` + person + `}`,
		"channel.chat.clear":                `{` + person + `}`,
		"automod.message.hold":              `{` + person + `,"message":"x","held_at":"9999-12-31T23:59:59-23:59","reason":"automod","automod":{"level":3}}`,
		"automod.message.update":            `{` + person + `,"message":{"text":"x"},"status":"Approved"}`,
		"channel.moderate":                  `{` + person + `,"action":"timeout","timeout":{"user_name":"m","expires_at":"2026-09-21T14:20:00Z","reason":"r"}}`,
		"channel.ban":                       `{` + person + `,"reason":"r","ends_at":"2026-09-21T14:20:00Z","is_permanent":true}`,
		"channel.unban":                     `{` + person + `}`,
		"channel.suspicious_user.message":   `{` + person + `,"message":{"text":"x"}}`,
		"channel.suspicious_user.update":    `{` + person + `,"low_trust_status":"restricted"}`,
		"stream.online":                     `{}`,
		"stream.offline":                    `{}`,
		"channel.update":                    `{"title":"t"}`,
		"channel.points":                    `{}`,
		"channel.chat.notification\u001b[m": `{"notice_type":"shared_chat_community_sub_gift","shared_chat_community_sub_gift":{"total":9},"message_id":"n"}`,
	} {
		f.Add([]byte(notify(subject, event)))
	}
	for _, s := range []string{
		welcome,
		notify("channel.moderate", `{"action":"delete","delete":{"message_id":"x","message_body":"y"}}`),
		notify("channel.moderate", `{"action":"delete","delete":{"user_name":"m"}}`),
		notify("channel.moderate", `{"action":"shared_chat_ban","shared_chat_ban":{}}`),
		`{"metadata":{"message_type":"session_keepalive"}}`,
		`{"metadata":{"message_type":"session_reconnect"},"payload":{"session":{"id":"S","reconnect_url":"wss://h/ws"}}}`,
		`{"metadata":{"message_type":"session_reconnect"},"payload":{}}`,
		`{"metadata":{"message_type":"revocation"},"payload":{"subscription":{"type":"channel.ban","status":"user_removed"}}}`,
		`{"metadata":{"message_type":"x\u001b"}}`, `{}`, `[]`,
	} {
		f.Add([]byte(s))
	}
	corpus.Add(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, channel := range []string{"", "shop"} {
			d := fuzzed.Decode(t, func() feed.Session { return open(Options{Channel: channel}) }, feed.Frame{Data: data}, recv, fuzzed.Bounds{})
			for _, e := range d.Events {
				if !strings.HasPrefix(e.Source, "twitch:") || channel != "" && (e.Source != "twitch:#shop" || e.Room != "#shop") {
					t.Fatalf("event %+v", e)
				}
			}
			if d.Move != nil && d.Move.Request.URL == "" {
				t.Fatal("a move to nowhere")
			}
		}
	})
}

// answers is an HTTP peer that always says the same.
type answers struct {
	status int
	body   string
}

func (a answers) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: a.status, Header: http.Header{"Location": {"http://elsewhere/"}}, Body: io.NopCloser(strings.NewReader(a.body)), Request: r}, nil
}

// FuzzAnswer asks of whatever Twitch's API may answer: an error that can be shown
// and names no token, and no subscription that counts as made without the chat's.
func FuzzAnswer(f *testing.F) {
	f.Add(200, `{"client_id":"c","user_id":"7","login":"me","data":[{"id":"1"}]}`)
	f.Add(200, `{"data":[]}`)
	f.Add(401, `{"message":"invalid\u001b[31m token"}`)
	f.Add(403, `{"message":"missing scope"}`)
	f.Add(500, "\x1b[2J")
	f.Add(302, "")
	corpus.Add(f)
	f.Fuzz(func(t *testing.T, status int, body string) {
		const token = "verysecret"
		api, err := helix.New(helix.Options{Channel: "shop", Token: token, Host: "http://127.0.0.1:1", Client: &http.Client{Transport: answers{status, body}}})
		if err != nil {
			t.Fatal(err)
		}
		refused, err := Through(api).Subscribe(t.Context(), "S")
		fuzzed.Error(t, err)
		for _, r := range append(refused, err) {
			fuzzed.Error(t, r)
			if r != nil && strings.Contains(r.Error(), token) && !strings.Contains(body, token) {
				t.Fatalf("the token is told: %v", r)
			}
		}
		var denied *feed.DeniedError
		switch {
		case errors.As(err, &denied) != (status == http.StatusUnauthorized || status == http.StatusForbidden) && !(status/100 == 2 && errors.As(err, &denied)):
			t.Fatalf("HTTP %d came to %v", status, err)
		case err == nil && status/100 != 2:
			t.Fatalf("HTTP %d counts as done", status)
		}
	})
}
