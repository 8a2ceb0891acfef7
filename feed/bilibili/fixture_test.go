package bilibili

import (
	"bufio"
	"bytes"
	"net/http"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"liveroom/feed"
	"liveroom/feed/feedtest"
)

var recv = time.Date(2026, 9, 21, 14, 0, 0, 0, time.UTC)

func TestFixturesComeToWhatTheyExpect(t *testing.T) {
	for _, dir := range []string{"bilibili-web", "bilibili-open"} {
		t.Run(dir, func(t *testing.T) {
			s := newSession(t, Options{})
			feedtest.Incoming(t, dir, func(f feed.Frame) feed.Decoded { return s.Decode(f, recv) })
		})
	}
}

func TestOutgoingFixturesAreWhatWeSend(t *testing.T) {
	for _, f := range feedtest.Fixtures(t, "bilibili-web") {
		if f.Dir != "out" {
			continue
		}
		s := newSession(t, Options{URL: "wss://example.invalid/sub", RoomID: 1000001, Token: "EXAMPLE-TOKEN", Buvid: "EXAMPLE0-0000-0000-0000-000000000000infoc"})
		_, beat := s.Heartbeat()
		sent := map[string]feed.Frame{"auth": s.Hello()[0], "heartbeat": beat}[f.Name]
		if !sent.Binary || !bytes.Equal(sent.Data, f.Data) {
			t.Errorf("%s: we send\n%q, want\n%q", f.Name, sent.Data, f.Data)
		}
	}
}

// What the recorded commands that carry a time, a user or a text come to.
var recorded = map[string]struct {
	at         int64 // seconds
	user, text string
	kind       feed.Kind
}{
	"ACTIVITY_BANNER_CHANGE_V2":   {1651982404, "", "宅家快乐燃脂", feed.KindSystem},
	"AREA_RANK_CHANGED":           {1673762370, "11128639", "网游航海", feed.KindSystem},
	"COMMON_NOTICE_DANMAKU":       {recv.Unix(), "", "大肚罐罐子在元气赏中五连抽！送出了好多礼物！", feed.KindSystem},
	"LIVE":                        {1652355679, "", "live started", feed.KindSystem},
	"LOG_IN_NOTICE":               {recv.Unix(), "", "为保护用户隐私，未注册登录用户将无法查看他人昵称", feed.KindSystem},
	"POPULARITY_RED_POCKET_NEW":   {1652008665, "2584367147", "送出红包", feed.KindSystem},
	"POPULARITY_RED_POCKET_START": {1652008432, "2584367147", "老板大气！点点红包抽礼物！", feed.KindSystem},
	"POPULAR_RANK_CHANGED":        {1672662980, "14177", "", feed.KindSystem},
	"PREPARING":                   {recv.Unix(), "", "live ended", feed.KindSystem},
	"SEND_GIFT":                   {1623602183, "360710004", "吃瓜 x1", feed.KindGift},
	"USER_TOAST_MSG":              {1623612866, "42152195", "舰长 x1月", feed.KindGift},
	"VIDEO_CONNECTION_JOIN_END":   {1651982364, "", "主播结束了与帅soserious的连线.", feed.KindSystem},
	"VIDEO_CONNECTION_JOIN_START": {1651980743, "65775524", "", feed.KindSystem},
	"VIDEO_CONNECTION_MSG":        {1651982364, "", "主播结束了视频连线", feed.KindSystem},
	"VOICE_JOIN_LIST":             {recv.Unix(), "", "", feed.KindSystem},
	"VOICE_JOIN_ROOM_COUNT_INFO":  {recv.Unix(), "", "", feed.KindSystem},
	"VOICE_JOIN_STATUS":           {1621702198, "", "", feed.KindSystem},
	"VTR_GIFT_LOTTERY":            {recv.Unix(), "", "恭喜和铜肆年赠送银色闪耀魔盒触发银色闪耀魔盒！+活动积分100分！", feed.KindSystem},
	"WARNING":                     {recv.Unix(), "", "虚拟形象不适宜，请立即调整", feed.KindSystem},
	"INTERACT_WORD_V2":            {0, "", "", feed.KindEnter},
}

func TestRecordedCommandsGiveTimeUserAndText(t *testing.T) {
	s := newSession(t, Options{})
	lines := bufio.NewScanner(bytes.NewReader(feedtest.Shared(t, "bilibili-web", "recorded-messages.jsonl")))
	lines.Buffer(nil, 1<<20)
	read := 0
	for lines.Scan() {
		var c struct {
			Cmd string `json:"cmd"`
		}
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		read++
		d := s.Decode(feed.Frame{Data: lines.Bytes()}, recv)
		if len(d.Refused) != 0 {
			t.Errorf("%s: refused %v", c.Cmd, d.Refused)
		}
		want, told := recorded[c.Cmd]
		if !told {
			if len(d.Events) != 0 || !ignored[c.Cmd] {
				t.Errorf("%s: %d events; it is told by another command and must come to nothing", c.Cmd, len(d.Events))
			}
			continue
		}
		if len(d.Events) != 1 {
			t.Errorf("%s: %d events, want 1", c.Cmd, len(d.Events))
			continue
		}
		e := d.Events[0]
		if c.Cmd == "INTERACT_WORD_V2" {
			if e.Kind != feed.KindEnter || e.User.ID == "" || e.User.Name == "" || e.At.Year() != 2025 {
				t.Errorf("%s: %+v", c.Cmd, e)
			}
			continue
		}
		if e.Kind != want.kind || e.At.Unix() != want.at || e.User.ID != want.user || e.Text != want.text {
			t.Errorf("%s: kind %s at %d user %q text %q, want %+v", c.Cmd, e.Kind, e.At.Unix(), e.User.ID, e.Text, want)
		}
	}
	if read != 23 {
		t.Errorf("%d commands read, want 23", read)
	}
}

func newSession(t testing.TB, o Options) *session {
	t.Helper()
	p, err := New(o)
	if err != nil {
		t.Fatalf("New: %v", err)
	}
	return p.NewSession(feed.Position{}).(*session)
}

// TestMessagesAreSignedAsThePlatformDoes recomputes the worked example.
func TestMessagesAreSignedAsThePlatformDoes(t *testing.T) {
	for line := range bytes.Lines(feedtest.Shared(t, "bilibili-open", "wire-constructed.jsonl")) {
		var f struct {
			Name    string            `json:"name"`
			Body    string            `json:"body"`
			Headers map[string]string `json:"headers"`
		}
		if err := json.Unmarshal(line, &f); err != nil {
			t.Fatal(err)
		}
		if f.Name != "app-start-signature" {
			continue
		}
		h := http.Header{}
		signOpen(h, []byte(f.Body), "EXAMPLEKEY", "EXAMPLESECRET", f.Headers["x-bili-signature-nonce"], time.Unix(1790000000, 0))
		for name, want := range f.Headers {
			if got := h.Get(name); got != want {
				t.Errorf("%s: %s, want %s", name, got, want)
			}
		}
		return
	}
	t.Error("the fixtures hold no signed message")
}
