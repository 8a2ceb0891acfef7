package main

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"liveroom/feed"
	"liveroom/feed/door"
	"liveroom/feed/feedtest"
	"liveroom/feed/record"
	"liveroom/feed/webhook"
	"liveroom/feed/webhook/webhooktest"
)

// TestRecordedPostsComeToTheEventsOfTheDoor: whatever a shop posts, one that the door
// does not understand and one whose clock is wrong too, the record of a console and a
// recording of the same posts have the same events, to the last field. Nobody has to say
// whose they are, of which topic, or how they are decrypted.
func TestRecordedPostsComeToTheEventsOfTheDoor(t *testing.T) {
	at := time.Date(2026, 11, 20, 20, 0, 0, 0, time.UTC)
	for _, platform := range webhooktest.Platforms() {
		t.Run(platform, func(t *testing.T) {
			buys := func(n int, at time.Time) webhooktest.Order {
				return webhooktest.Order{ID: fmt.Sprint(9007199254740993 + n), Order: fmt.Sprint(9007199254741993 + n), Buyer: "7", At: at}
			}
			posts := []webhooktest.Message{
				webhooktest.Paid(platform, buys(1, at)), webhooktest.Paid(platform, buys(1, at)), webhooktest.Ended(platform, buys(2, at), "不想要了"),
				webhooktest.Unknown(platform, "3"), webhooktest.Paid(platform, buys(4, at.AddDate(1, 0, 0))),
				{ID: "5", Topic: "orders/paid", Body: "{}"},
			}
			live, file := postedAndRecorded(t, platform, at, posts)
			if len(live) < 5 { // two orders, what nobody knows, and an order with what is told of its clock
				t.Fatalf("the door came to %+v", live)
			}
			protocol, err := webhook.New(webhook.Options{})
			if err != nil {
				t.Fatal(err)
			}
			session := protocol.NewSession(feed.Position{})
			var read []feed.Event
			refused, frames := 0, 0
			seen := map[string]bool{}
			for f, err := range record.Frames("room.jsonl", strings.NewReader(file)) {
				if err != nil {
					t.Fatal(err)
				}
				frames++
				d := session.Decode(f.Frame, f.At)
				refused += len(d.Refused)
				for _, e := range d.Events {
					if !seen[e.ID] {
						seen[e.ID] = true
						read = append(read, e)
					}
				}
			}
			for i := range live { // whose they are says the config and not the post
				live[i].Source, live[i].Room = "", ""
			}
			for i := range min(len(live), len(read)) {
				if !reflect.DeepEqual(live[i], read[i]) {
					t.Errorf("event %d was\n%+v\nthe recording tells\n%+v", i, live[i], read[i])
				}
			}
			if len(live) != len(read) || frames != len(posts) || refused != 1 {
				t.Errorf("%d events, the recording tells %d in %d posts, %d refused:\n%s", len(live), len(read), frames, refused, file)
			}
		})
	}
}

// postedAndRecorded lets a shop post to a door at a moment: what the record then has,
// and the recording beside it.
func postedAndRecorded(t *testing.T, platform string, at time.Time, posts []webhooktest.Message) ([]feed.Event, string) {
	t.Helper()
	sink := feedtest.NewSink()
	var file bytes.Buffer
	w, err := record.NewWriter(&file, record.Header{Protocol: "webhook", Room: "r", Start: at})
	if err != nil {
		t.Fatal(err)
	}
	way, err := door.New(door.Config{Addr: "127.0.0.1:0", Clock: func() time.Time { return at }})
	if err != nil {
		t.Fatal(err)
	}
	err = way.Hook(door.Hook{
		Name: "shop", Platform: platform, Secret: webhooktest.Secret(platform), Source: "r/1/webhook", Room: "r", Sink: sink,
		Keep: func(p door.Post) error { return writePost(w, p) },
	})
	if err != nil {
		t.Fatal(err)
	}
	addr, err := way.Listen(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- way.Serve(t.Context()) }()
	shop := webhooktest.Shop{Platform: platform, Secret: webhooktest.Secret(platform), URL: "http://" + addr.String() + "/hook/shop", AnswerIn: playPatience}
	for _, m := range posts {
		if _, err := shop.Post(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() {
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
	return sink.Events(nil), file.String()
}

// TestNoSecretIsRecordedOfPosts: whatever comes to the door beside honest posts, in
// addresses, headers and bodies that nobody signed, is not in the file; it is told why,
// without it. The signature, which proves the body, stays.
func TestNoSecretIsRecordedOfPosts(t *testing.T) {
	const canary = "c4nary-of-a-secret"
	platform := "shopify"
	shop := webhooktest.Secret(platform)
	addr := free(t)
	p := newPatient(t, fmt.Sprintf("[door]\nlisten = %q\n[[room]]\nid = \"r\"\n[[room.source]]\nprotocol = \"webhook\"\nplatform = %q\ndoor = \"shop\"\ntoken = %q\n", addr, platform, shop))
	file := filepath.Join(p.dir, "out.jsonl")
	program := start(t, "record", "--config", p.opt.config, "--room", "r", "-o", file)
	header, body := webhooktest.Sign(platform, shop, webhooktest.Paid(platform, webhooktest.Order{ID: "1", Order: "2", Buyer: "3", At: time.Now()}))
	for _, name := range []string{"Authorization", "Cookie", "Proxy-Authorization", "X-Api-Key", "X-Shopify-Access-Token", "User-Agent"} {
		header.Set(name, canary)
	}
	header.Set("X-Shopify-Shop-Domain", "example "+shop)
	honest := header.Clone()
	forged := header.Clone()
	forged.Set("X-Shopify-Hmac-Sha256", "c4nary-of-a-signature")
	for i, c := range []struct {
		header http.Header
		body   string
		want   int
	}{{honest, body, 200}, {forged, body, 401}, {honest, `{"note":"` + canary + `"}`, 401}, {honest, body, 200}} {
		if got := postUntilHeard(t, "http://"+addr+"/hook/shop?token="+canary, c.header, c.body); got != c.want {
			t.Errorf("post %d: HTTP %d, want %d", i+1, got, c.want)
		}
	}
	program.says(playPatience, "the signature does not fit")
	if err := program.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	program.ends(playPatience, exitDone)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"c4nary", shop} {
		if strings.Contains(string(text), secret) || strings.Contains(program.said.String(), secret) {
			t.Errorf("%q is told:\n%s%s", secret, text, program.said)
		}
	}
	rec, err := record.Read(file, bytes.NewReader(text))
	if err != nil || len(rec.Frames) != 4 {
		t.Fatalf("%v: want two posts and two answers:\n%s", err, text)
	}
	for i, f := range rec.Frames {
		if f.Out != (i%2 == 1) || !f.Out && (string(f.Post.Body) != body || f.Post.Path != "/hook/shop" || f.Post.Headers["X-Shopify-Hmac-Sha256"] != header.Get("X-Shopify-Hmac-Sha256")) || f.Out && f.Post.Status != http.StatusOK {
			t.Errorf("frame %d: %+v", i+1, f.Post)
		}
	}
}

// postUntilHeard posts to a door that may not be open yet.
func postUntilHeard(t *testing.T, url string, header http.Header, body string) int {
	t.Helper()
	for end := time.Now().Add(playPatience); ; time.Sleep(50 * time.Millisecond) {
		post, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		post.Header = header.Clone()
		resp, err := http.DefaultClient.Do(post)
		if err == nil {
			_ = resp.Body.Close()
			return resp.StatusCode
		}
		if time.Now().After(end) {
			t.Fatal(err)
		}
	}
}

// fullAfter is a disk with room for some bytes.
type fullAfter struct {
	mu   sync.Mutex
	left int
}

func (d *fullAfter) Write(p []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.left -= len(p); d.left < 0 {
		return 0, errors.New("no space left")
	}
	return len(p), nil
}

// TestARecordingThatCannotBeWrittenEndsWithTheReason: the shop is told to post again.
func TestARecordingThatCannotBeWrittenEndsWithTheReason(t *testing.T) {
	platform, addr := "doudian", free(t)
	shop := webhooktest.Secret(platform)
	p := newPatient(t, fmt.Sprintf("[door]\nlisten = %q\n[[room]]\nid = \"r\"\n[[room.source]]\nprotocol = \"webhook\"\nplatform = %q\ndoor = \"shop\"\ntoken = %q\n", addr, platform, shop))
	c, err := loadConfig(p.opt.config)
	if err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	ended := make(chan error, 1)
	go func() {
		ended <- recordSource(t.Context(), &fullAfter{left: 200}, &said, c, c.Rooms[0].Sources[0], "r")
	}()
	header, body := webhooktest.Sign(platform, shop, webhooktest.Paid(platform, webhooktest.Order{ID: "1", Order: "2", Buyer: "3", At: time.Now()}))
	if got := postUntilHeard(t, "http://"+addr+"/hook/shop", header, body); got != http.StatusServiceUnavailable {
		t.Errorf("answered with HTTP %d", got)
	}
	if err := <-ended; err == nil || !strings.Contains(err.Error(), "write recording: no space left: free the disk or choose another file") {
		t.Errorf("ended with %v", err)
	}
}

func TestAnAddressIsRecordedWithoutItsSecrets(t *testing.T) {
	for address, want := range map[string]string{
		"wss://chat.example/room?token=x":     "wss://chat.example/room",
		"wss://me:pass@chat.example/#s3cret":  "wss://chat.example/",
		"ws://127.0.0.1:8888":                 "ws://127.0.0.1:8888",
		"":                                    "",
		"ws://chat.example/%zz?token=s3cret%": "",
	} {
		if got := withoutSecrets(address); got != want {
			t.Errorf("%s is recorded as %q, want %q", address, got, want)
		}
	}
}
