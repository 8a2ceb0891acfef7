package main

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"liveroom/feed"
	"liveroom/feed/helix/helixtest"
	"liveroom/feed/twitch/twitchtest"
	"liveroom/moderation"
)

// A refuser is a producer of our own events that says one message and holds another,
// refuses the first action and does all later ones, each once.
type refuser struct {
	*httptest.Server
	mu    sync.Mutex
	asked []string
}

func newRefuser() *refuser {
	p := &refuser{}
	up := websocket.Upgrader{Subprotocols: []string{"cloudevents.json"}}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, err := up.Upgrade(w, r, nil)
		if err != nil {
			return
		}
		defer conn.Close()
		_ = conn.WriteMessage(websocket.TextMessage, []byte(`{"specversion":"1.0","id":"p1","source":"tool","type":"liveroom.chat.v1","subject":"r","data":{"user":{"id":"u7","name":"黑粉"},"text":"骗子"}}`))
		_ = conn.WriteMessage(websocket.TextMessage, []byte(`{"specversion":"1.0","id":"automod_hold:h9","source":"tool","type":"liveroom.system.v1","subject":"r","data":{"code":"automod_hold","by":"insults","user":{"id":"u7","name":"黑粉"},"text":"都是骗子"}}`))
		for {
			_, data, err := conn.ReadMessage()
			if err != nil {
				return
			}
			p.mu.Lock()
			p.asked = append(p.asked, string(data))
			answer := `"ok":true,"result":"已办"`
			if strings.Contains(string(data), `"action":"mute"`) {
				answer = `"ok":true,"result":"已禁言"`
			}
			if len(p.asked) == 1 {
				answer = `"ok":false,"reason":"nobody is on air"`
			}
			p.mu.Unlock()
			id := between(string(data), `"id":"`, `"`)
			_ = conn.WriteMessage(websocket.TextMessage, []byte(`{"specversion":"1.0","id":"a-`+id+`","source":"tool","type":"liveroom.ack.v1","data":{"action":"`+id+`",`+answer+`}}`))
		}
	}))
	return p
}

// TestWhatIsDoneAboutTheChatReachesItsPlatform: each message's own source is asked, by
// Twitch's API or our own protocol; what each called the result is kept, a refusal
// waits for a person who asks once more, and a server that is unplugged is told of.
func TestWhatIsDoneAboutTheChatReachesItsPlatform(t *testing.T) {
	chat := twitchtest.New(twitchtest.Options{Channel: "shop"})
	defer chat.Close()
	api := helixtest.New(helixtest.Options{Channel: "shop", Tokens: map[string]helixtest.Token{"good": {User: "9", Scopes: helixtest.Everything, Moderates: true}}})
	defer api.Close()
	api.Say("m-1", "m-2")
	tool := newRefuser()
	defer tool.Close()
	t.Setenv("TWITCH_TOKEN", "good")
	path := filepath.Join(t.TempDir(), "liveroom.toml")
	config := fmt.Sprintf("[record]\nfile = \"acts.db\"\n[desk]\nundo_window = \"1s\"\n[[room]]\nid = \"r\"\n"+
		"[[room.source]]\nprotocol = \"twitch\"\nurl = %q\nchannel = \"shop\"\ntoken = \"${TWITCH_TOKEN}\"\napi = %q\nactions = [\"mute\", \"unmute\", \"delete\", \"pin\", \"unpin\", \"reply\"]\n"+
		"[[room.source]]\nprotocol = \"cloudevent\"\nurl = \"ws%s\"\nactions = [\"mute\", \"unmute\", \"unpin\", \"deny\"]\n", chat.URL(), api.URL(), strings.TrimPrefix(tool.URL, "http"))
	if err := os.WriteFile(path, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := loadConfig(path)
	if err != nil {
		t.Fatal(err)
	}
	s, err := openConfigured(t.Context(), c, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	ctx, leave := context.WithTimeout(t.Context(), 2*time.Minute)
	defer leave()
	done := make(chan error, 1)
	go func() { done <- s.open(ctx, s.receive) }()
	defer func() { leave(); <-done }()
	if err := chat.WaitJoins(1, 20*time.Second); err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"m-1", "m-2"} {
		chat.Say(fmt.Sprintf("@display-name=mei;id=%s;user-id=42;tmi-sent-ts=%d;room-id=7 :mei!mei@mei.tmi.twitch.tv PRIVMSG #shop :hi", id, time.Now().UnixMilli()))
	}
	messages := map[string]int64{}
	waits(t, "the messages", func() bool {
		all, err := s.desk.Reader().Events(ctx, moderation.Page{Room: "r", Kinds: []feed.Kind{feed.KindChat}})
		for _, e := range all {
			messages[e.ID] = e.Index
		}
		return err == nil && len(messages) == 3
	})
	who := moderation.Actor{Name: "阿岚", Role: moderation.RoleModerator}
	do := func(c moderation.Command) {
		t.Helper()
		if _, err := s.desk.Do(ctx, who, c); err != nil {
			t.Fatal(err)
		}
	}
	told := func(id int64) (string, moderation.Effect) {
		all, err := s.desk.Reader().Effects(ctx, time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(all, func(e moderation.Effect) bool { return e.ID == id })
		if i < 0 {
			return "", moderation.Effect{}
		}
		return string(all[i].Status) + " " + all[i].Result, all[i]
	}
	until := func(id int64, want string) {
		t.Helper()
		waits(t, want, func() bool { got, _ := told(id); return strings.HasPrefix(got, want) })
	}
	do(moderation.MuteAuthor{Event: messages["m-1"], For: 10 * time.Minute})
	do(moderation.DeleteMessage{Event: messages["m-1"]})
	do(moderation.PinMessage{Event: messages["m-2"]})
	do(moderation.ReplyMessage{Event: messages["m-2"], Text: "七天无理由"})
	do(moderation.MuteAuthor{Event: messages["p1"]})
	if _, err := s.desk.Do(ctx, who, moderation.PinMessage{Event: messages["p1"]}); err == nil || !strings.Contains(err.Error(), "nobody does pin-message") {
		t.Errorf("a pin that its source cannot do: %v", err)
	}
	until(1, "sent muted until ")
	until(2, "sent deleted")
	until(3, "sent pinned until the stream ends")
	until(4, "sent sent as reply-1")
	until(5, "failed the peer refused: nobody is on air")
	if d, is := api.Muted("42"); !is || d != 10*time.Minute || api.There("m-1") || api.Pinned() != "m-2" || len(api.Replies()) != 1 {
		t.Errorf("on Twitch: muted %s %t, there %t, pinned %s, answers %v", d, is, api.There("m-1"), api.Pinned(), api.Replies())
	}
	do(moderation.RetryEffect{Effect: 5})
	until(5, "sent 已禁言")

	// A mute and a pin are undone by whom they were made.
	do(moderation.UnmuteAuthor{Event: messages["m-2"]}) // the same person
	do(moderation.UnpinMessage{Event: messages["m-2"]})
	do(moderation.UnpinMessage{Event: messages["m-1"]})
	do(moderation.UnmuteAuthor{Event: messages["p1"]})
	do(moderation.UnpinMessage{Event: messages["p1"]})
	until(6, "sent may speak again")
	until(7, "sent unpinned")
	until(8, "sent was not pinned any more")
	until(9, "sent 已办")
	until(10, "sent 已办")

	// What a producer of our own events holds is denied by it, where it can.
	waits(t, "the flag of what is held", func() bool { f, err := s.desk.Reader().Flag(ctx, 1); return err == nil && f.Held() })
	do(moderation.ConfirmFlag{Flag: 1})
	until(11, "sent 已办")
	if _, is := api.Muted("42"); is || api.Pinned() != "" {
		t.Errorf("on Twitch: muted %t, pinned %q", is, api.Pinned())
	}
	tool.mu.Lock()
	if n := len(tool.asked); n != 5 || tool.asked[0] == tool.asked[1] || !strings.Contains(tool.asked[1], `"action":"mute","target":"u7"`) ||
		!strings.Contains(tool.asked[2], `"action":"unmute","target":"u7"`) || !strings.Contains(tool.asked[3], `"action":"unpin","target":"p1"`) ||
		!strings.Contains(tool.asked[4], `"action":"deny","target":"h9","origin":"tool"`) {
		t.Errorf("the producer was asked %q", tool.asked)
	}
	tool.mu.Unlock()

	// An answer that got lost is perhaps in the chat, and is not sent again.
	api.Spoil(helixtest.Fault{Path: "/helix/chat/messages", Done: true})
	do(moderation.ReplyMessage{Event: messages["m-2"], Text: "可以机洗"})
	until(12, "perhaps ")
	if n := len(api.Replies()); n != 2 {
		t.Errorf("%d answers in the chat", n)
	}
	// An unplugged server is told of.
	api.Close()
	do(moderation.DeleteMessage{Event: messages["m-2"]})
	until(13, "failed ask twitch: ")
	if got, _ := told(13); !strings.Contains(got, "tried 3 times") || strings.Contains(got, "good") {
		t.Errorf("it failed as %q", got)
	}
	var out bytes.Buffer
	if err := runEffects(ctx, &out, recordOptions{db: c.beside(c.Record.File), as: "text"}, true, "zh"); err != nil {
		t.Fatal(err)
	}
	if list := out.String(); strings.Count(list, "\n") != 2 || !strings.Contains(list, "回复 · 可能已办 · twitch:#shop") || !strings.Contains(list, "删除 · 没办成") {
		t.Errorf("listed as\n%s", list)
	}
}

// TestAPenaltyIsListedWithoutWhom: what tells outside of a penalty is listed as it was
// told, to the digit, but for the name; what is no penalty is not listed at all.
func TestAPenaltyIsListedWithoutWhom(t *testing.T) {
	for told, want := range map[string]string{
		`{"case":9007199254740993,"subject":"buyer-77","fine_fen":123456,"type":"liveroom.penalty.v1"}`: `{"case":9007199254740993,"fine_fen":123456,"subject":"账号-1","type":"liveroom.penalty.v1"}`,
		`{"subject":{"id":"buyer-77"}}`: `{"subject":"账号-1"}`,
		`buyer-77`:                      ``,
		`{"subject":"a","subject":"b"}`: ``,
	} {
		if got := penaltyOn(told, "账号-1"); got != want {
			t.Errorf("%s is listed as %s, want %s", told, got, want)
		}
	}
}
