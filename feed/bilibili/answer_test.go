package bilibili

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"liveroom/feed"
)

// A platform answers each path with its own words; "" is no answer.
type platformSays map[string]string

func (p platformSays) RoundTrip(r *http.Request) (*http.Response, error) {
	body := p[r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]]
	if body == "" {
		return nil, io.ErrUnexpectedEOF
	}
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
}

// TestASessionEndsAsThePlatformSays: one that it ended by a heartbeat's answer is not
// ended again, one that wants no heartbeat has no end, and an end that fails is told.
func TestASessionEndsAsThePlatformSays(t *testing.T) {
	const started = `{"code":0,"data":{"game_info":{"game_id":"GAME"},"websocket_info":{"auth_body":"{\"roomid\":6}","wss_link":["wss://h/sub"]},"anchor_info":{"room_id":6}}}`
	for _, c := range []struct {
		name  string
		says  platformSays
		over  bool   // by the time it is closed
		close string // what the end comes to; "" for well
	}{
		{"ended by the platform", platformSays{"start": started, "heartbeat": `{"code":7003}`, "end": `{"code":7000}`}, true, ""},
		{"not known any more", platformSays{"start": started, "heartbeat": `{"code":7000}`, "end": `{"code":7000}`}, true, ""},
		{"a heartbeat that gets lost", platformSays{"start": started, "end": `{"code":0}`}, false, ""},
		{"without a heartbeat", platformSays{"start": strings.Replace(started, "GAME", "", 1)}, false, ""},
		{"an end that fails", platformSays{"start": started, "heartbeat": `{"code":0}`, "end": `{"code":5001,"message":"busy"}`}, false, "code 5001"},
		{"an end that is no JSON", platformSays{"start": started, "heartbeat": `{"code":0}`, "end": "gateway"}, false, "no JSON"},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p, err := NewOpenLive(OpenOptions{Key: "k", Secret: "s", AppID: 1, Code: "c", RoomID: 6, API: "http://api", Client: &http.Client{Transport: c.says}})
				if err != nil {
					t.Fatal(err)
				}
				if _, err := p.Open(t.Context(), feed.Position{}); err != nil {
					t.Fatal(err)
				}
				time.Sleep(2 * beatEvery)
				if over := p.show.ended(p); over != c.over {
					t.Errorf("over %t", over)
				}
				err = p.Close(context.Background())
				if c.close == "" && err != nil || c.close != "" && (err == nil || !strings.Contains(err.Error(), c.close)) {
					t.Errorf("closed with %v", err)
				}
			})
		})
	}
}
