package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// free is an address that nobody listens at.
func free(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// postPaid posts a paid order as a Shopify shop does.
func postPaid(t *testing.T, address, secret, order string) {
	t.Helper()
	mac := hmac.New(sha256.New, []byte(secret))
	_, _ = io.WriteString(mac, order)
	post, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, strings.NewReader(order))
	if err != nil {
		t.Fatal(err)
	}
	post.Header = http.Header{
		"X-Shopify-Hmac-Sha256": {base64.StdEncoding.EncodeToString(mac.Sum(nil))},
		"X-Shopify-Event-Id":    {"e1"}, "X-Shopify-Topic": {"orders/paid"},
	}
	resp, err := http.DefaultClient.Do(post)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("the shop's post: HTTP %d", resp.StatusCode)
	}
}

// TestWhoComesByTheDoor runs the built program: a producer of events, a
// recogniser and a shop come to it, and what they brought stands in the record.
func TestWhoComesByTheDoor(t *testing.T) {
	dir, addr := t.TempDir(), free(t)
	config := filepath.Join(dir, "liveroom.toml")
	t.Setenv("DOOR_TOKEN", "a token of the tests")
	write := `[record]
file = "door.db"
[door]
listen = "` + addr + `"
[[room]]
id = "r"
[[room.source]]
protocol = "cloudevent"
door = "tool"
token = "${DOOR_TOKEN}"
[[room.source]]
protocol = "asr"
door = "speech"
format = "vosk"
token = "${DOOR_TOKEN}"
[[room.source]]
protocol = "webhook"
platform = "shopify"
door = "shop"
token = "${DOOR_TOKEN}"
`
	if err := os.WriteFile(config, []byte(write), 0o600); err != nil {
		t.Fatal(err)
	}
	collector := exec.Command(built(t), "collect", "--config", config)
	var said strings.Builder
	collector.Stderr = &said
	if err := collector.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = collector.Process.Kill(); _ = collector.Wait() }()

	bearer := http.Header{"Authorization": {"Bearer a token of the tests"}}
	dial := func(path string) *websocket.Conn {
		var err error
		for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
			var conn *websocket.Conn
			var resp *http.Response
			if conn, resp, err = websocket.DefaultDialer.Dial("ws://"+addr+path, bearer); err == nil {
				t.Cleanup(func() { _ = conn.Close() })
				return conn
			} else if resp != nil {
				break
			}
		}
		t.Fatalf("dial %s: %v\n%s", path, err, said.String())
		return nil
	}
	for path, message := range map[string]string{
		"/in/tool":   `{"specversion":"1.0","id":"1","source":"tool","type":"liveroom.chat.v1","data":{"text":"真的是纯羊绒吗"}}`,
		"/in/speech": `{"text":"百 分 之 百 纯 羊 绒"}`,
	} {
		if err := dial(path).WriteMessage(websocket.TextMessage, []byte(message)); err != nil {
			t.Fatal(err)
		}
	}
	order := `{"id":5678901234567890123,"financial_status":"paid","total_price":"299.00","currency":"CNY","updated_at":"2026-11-20T20:05:00+08:00","line_items":[{"product_id":7,"title":"围巾","quantity":1,"price":"299.00"}]}`
	postPaid(t, "http://"+addr+"/hook/shop", "a token of the tests", order)
	db := filepath.Join(dir, "door.db")
	var events string
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		out, _ := exec.Command(built(t), "events", "--db", db, "--format", "jsonl").Output()
		if events = string(out); strings.Count(events, "\n") >= 3 {
			break
		}
	}
	for _, want := range []string{"真的是纯羊绒吗", "百分之百纯羊绒", "****0123"} {
		if !strings.Contains(events, want) {
			t.Errorf("the record has no %s:\n%s\n%s", want, events, said.String())
		}
	}
}

func TestADoorThatCannotBeOpened(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	dir := t.TempDir()
	config := filepath.Join(dir, "liveroom.toml")
	if err := os.WriteFile(config, []byte("[door]\nlisten = \""+l.Addr().String()+"\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(built(t), "collect", "--config", config).CombinedOutput()
	if err == nil || !strings.Contains(string(out), "open the door") {
		t.Errorf("%v: %s", err, out)
	}
}

// TestSourcesThatComeSayWhatTheyLack: a way in that nobody could use, or anybody,
// is refused with what it lacks.
func TestSourcesThatComeSayWhatTheyLack(t *testing.T) {
	token := Secret{value: "x"}
	for _, c := range []struct {
		s    SourceConfig
		want string
	}{
		{SourceConfig{Protocol: "cloudevent", Token: token}, ""},
		{SourceConfig{Protocol: "cloudevent"}, "no token"},
		{SourceConfig{Protocol: "cloudevent", Token: token, URL: "ws://127.0.0.1/"}, "both a url"},
		{SourceConfig{Protocol: "twitch", Token: token, Channel: "c"}, "it is dialled"},
		{SourceConfig{Protocol: "asr", Token: token}, ""},
		{SourceConfig{Protocol: "asr", Token: token, Format: "kaldi"}, `format "kaldi" is not known`},
		{SourceConfig{Protocol: "webhook", Token: token}, `platform "" is not known`},
		{SourceConfig{Protocol: "webhook", Token: token, Platform: "doudian"}, ""},
	} {
		c.s.Door = "way"
		err := c.s.check()
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: error %v, want %q", c.s, err, c.want)
		}
	}
	shut := Config{Rooms: []RoomConfig{{ID: "r", Sources: []SourceConfig{{Protocol: "asr", Door: "way"}}}}}
	if err := shut.checkDoor(); err == nil || !strings.Contains(err.Error(), "set [door] listen") {
		t.Errorf("a door that is closed: %v", err)
	}
	half := Config{Door: DoorConfig{Listen: "127.0.0.1:0", TLSCert: "a"}}
	if err := half.checkDoor(); err == nil || !strings.Contains(err.Error(), "belong together") {
		t.Errorf("half a certificate: %v", err)
	}
}
