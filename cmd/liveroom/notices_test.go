package main

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"liveroom/moderation"
	"liveroom/moderation/sqlite"
)

// TestAKilledProgramTellsNobodyTwice kills the program between its request to a
// group and the answer. Started again it does not tell that group once more and
// says that it was perhaps told; the group that refused the connection is told.
func TestAKilledProgramTellsNobodyTwice(t *testing.T) {
	if testing.Short() {
		t.Skip("it waits for over a minute")
	}
	t.Parallel()
	asked, free := make(chan string, 9), make(chan struct{})
	hangs := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		asked <- string(b)
		<-free
	}))
	t.Cleanup(func() { close(free); hangs.Close() })
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	config, db := configFor(t, fmt.Sprintf("protocol = \"cloudevent\"\nurl = %q", peer(t, func(c *websocket.Conn) {
		_ = c.WriteMessage(websocket.TextMessage, []byte(goodEvent))
		_, _, _ = c.ReadMessage()
	})))
	text, err := os.ReadFile(config)
	if err != nil {
		t.Fatal(err)
	}
	for name, url := range map[string]string{"客服群": hangs.URL, "夜班": "http://" + closed} {
		text = fmt.Appendf(text, "[[notify]]\nname = %q\nkind = \"wecom\"\nurl = \"%s/cgi-bin/webhook/send?key=k-5d41402abc\"\nbefore = \"1h\"\n", name, url)
	}
	if err := os.WriteFile(config, text, 0o600); err != nil {
		t.Fatal(err)
	}
	openedEarlier(t, db, 47*time.Hour+30*time.Minute)

	first := start(t, "collect", "--config", config)
	select {
	case <-asked:
	case <-time.After(60 * time.Second):
		t.Fatalf("nobody was told:\n%s", first.said.String())
	}
	effectsUntil(t, db, 40*time.Second, "begun", "failed", "pending")
	if err := first.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	<-first.done

	took := make(chan string, 9)
	if l, err = net.Listen("tcp", closed); err != nil {
		t.Fatal(err)
	}
	opens := &http.Server{ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		took <- string(b)
		fmt.Fprint(w, `{"errcode":0}`)
	})}
	go func() { _ = opens.Serve(l) }()
	t.Cleanup(func() { _ = opens.Close() })
	second := start(t, "collect", "--config", config)
	effectsUntil(t, db, 3*time.Minute, "perhaps", "failed", "sent")
	if err := second.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	<-second.done
	if len(asked) != 0 || len(took) != 1 {
		t.Errorf("the group that hung was asked %d times more, the other %d times", len(asked), len(took))
	}
	if said := output(t, built(t), "clocks", "--db", db, "--lang", "en"); !strings.Contains(said, "perhaps told 客服群") || !strings.Contains(said, "cut off while it was sent") {
		t.Errorf("clocks says\n%s", said)
	}
	output(t, built(t), "verify", "--db", db)
}

// openedEarlier makes a record with a case that was opened so long ago.
func openedEarlier(t *testing.T, db string, ago time.Duration) {
	t.Helper()
	store, err := sqlite.Open(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	desk, err := moderation.NewDesk(t.Context(), moderation.Config{
		Store: store, Clock: func() time.Time { return time.Now().Add(-ago) }, Rooms: []moderation.Room{{ID: "r1", Name: "r1"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	boss := moderation.Actor{Name: "秉文", Role: moderation.RoleSupervisor}
	if _, err := desk.Do(t.Context(), boss, moderation.OpenCase{Room: "r1", Kind: moderation.CaseComplaint, Title: "围巾掉毛"}); err != nil {
		t.Fatal(err)
	}
}

// effectsUntil waits until the effects of the record stand so, in any order.
func effectsUntil(t *testing.T, db string, limit time.Duration, want ...string) {
	t.Helper()
	slices.Sort(want)
	for end := time.Now().Add(limit); ; time.Sleep(200 * time.Millisecond) {
		store, err := sqlite.OpenReadOnly(t.Context(), db)
		if err != nil {
			t.Fatal(err)
		}
		effects, err := store.Effects(t.Context(), time.Time{})
		if err := errors.Join(err, store.Close()); err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, e := range effects {
			got = append(got, string(e.Status))
		}
		if slices.Sort(got); slices.Equal(got, want) {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("the effects are %+v, want %v", effects, want)
		}
	}
}
