package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/gorilla/websocket"

	"liveroom/feed"
	"liveroom/feed/bilibili/bilibilitest"
	"liveroom/feed/eventsub/eventsubtest"
	"liveroom/feed/helix/helixtest"
	"liveroom/feed/kuaishou/kuaishoutest"
	"liveroom/feed/stripe/stripetest"
	"liveroom/feed/tmc/tmctest"
	"liveroom/feed/twitch/twitchtest"
	"liveroom/moderation"
	"liveroom/moderation/sqlite"
	"liveroom/tui/text"
)

// A patient is a set-up that the doctor looks at.
type patient struct {
	t   *testing.T
	dir string
	opt doctorOptions
}

func newPatient(t *testing.T, config string) *patient {
	t.Helper()
	p := &patient{t: t, dir: t.TempDir()}
	p.opt = doctorOptions{config: filepath.Join(p.dir, "liveroom.toml"), format: "jsonl", timeout: 5 * time.Second, wait: 300 * time.Millisecond, freeMB: 1}
	p.file("liveroom.toml", config)
	return p
}

func (p *patient) file(name, content string) {
	p.t.Helper()
	if err := os.WriteFile(filepath.Join(p.dir, name), []byte(content), 0o600); err != nil {
		p.t.Fatal(err)
	}
}

// see runs the doctor and gives its rows; sick tells what it exits with.
func (p *patient) see(sick bool) []doctorRow {
	p.t.Helper()
	var out bytes.Buffer
	d := newDoctorOf(&out, p.opt, text.EN)
	began := time.Now()
	err := d.run(p.t.Context())
	if errors.Is(err, errFound) != sick || err != nil && !sick {
		p.t.Errorf("the doctor says %v, want problems: %v\n%s", err, sick, out.String())
	}
	if took := time.Since(began); took > 30*time.Second {
		p.t.Errorf("it took %s", took)
	}
	for _, secret := range []string{"SECRET", "hunter2"} {
		if strings.Contains(out.String(), secret) {
			p.t.Errorf("a secret is printed:\n%s", out.String())
		}
	}
	var rows []doctorRow
	for line := range strings.Lines(out.String()) {
		var r doctorRow
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			p.t.Fatalf("%q: %v", line, err)
		}
		rows = append(rows, r)
	}
	return rows
}

// has wants a row of a part with a level whose words, and those of its remedy, hold
// all of these.
func (p *patient) has(rows []doctorRow, part string, l level, words ...string) {
	p.t.Helper()
	var all []string
	for _, r := range rows {
		if r.Part != part {
			continue
		}
		line := fmt.Sprintf("%s %s: %s → %s", r.Level, r.What, r.WhyEN, r.DoEN)
		all = append(all, line)
		fits := r.Level == l
		for _, w := range words {
			fits = fits && strings.Contains(line, w)
		}
		if fits {
			if r.Why == "" && r.What == "" || (r.Do == "") != (r.DoEN == "") {
				p.t.Errorf("said in one language only: %+v", r)
			}
			return
		}
	}
	p.t.Errorf("nothing of %s is %s and says %q:\n%s", part, l, words, strings.Join(all, "\n"))
}

func source(protocol, url string, more ...string) string {
	return fmt.Sprintf("[[room]]\nid = %q\n[[room.source]]\nprotocol = %q\nurl = %q\n%s\n", protocol, protocol, url, strings.Join(more, "\n"))
}

// answers names what answers in the place of a platform's API.
func answers(api string) string { return fmt.Sprintf("api = %q\n", api) }

// relay is a peer that tells everybody the same.
func relay(t *testing.T, say ...string) (url string, heard func() []string) {
	t.Helper()
	var mu sync.Mutex
	var got []string
	up := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }, Subprotocols: []string{"cloudevents.json"}}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, err := up.Upgrade(w, r, nil)
		if err != nil {
			return
		}
		defer func() { _ = conn.Close() }()
		for _, s := range say {
			_ = conn.WriteMessage(websocket.TextMessage, []byte(s))
		}
		for {
			_, b, err := conn.ReadMessage()
			if err != nil {
				return
			}
			mu.Lock()
			got = append(got, string(b))
			mu.Unlock()
		}
	}))
	t.Cleanup(srv.Close)
	return "ws" + strings.TrimPrefix(srv.URL, "http") + "/", func() []string { mu.Lock(); defer mu.Unlock(); return got }
}

// TestDoctorLogsInAndDisturbsNobody: each peer is tried with what the console would
// say to it, and none of them has lost anything by it: nothing is subscribed to,
// started, pulled, confirmed, acknowledged, or written to who obeys. A token goes to
// what answers in the place of its platform, where the config names that.
func TestDoctorLogsInAndDisturbsNobody(t *testing.T) {
	chat := twitchtest.New(twitchtest.Options{Channel: "shop", Token: "good"})
	defer chat.Close()
	events := eventsubtest.New(eventsubtest.Options{Channel: "shop", Token: "good", Denied: []string{"automod.message.hold"}})
	defer events.Close()
	app := tmctest.Options{AppKey: "12345678", Secret: "hunter2", Group: "console"}
	shop := tmctest.New(app)
	defer shop.Close()
	shop.Publish(tmctest.Message{ID: 7001, Topic: "taobao_trade_TradeBuyerPay", Content: `{"tid":1,"oid":1,"payment":"1.00"}`, Time: time.Unix(1790000000, 0)})
	pay := stripetest.New("sk_hunter2")
	defer pay.Close()
	open := bilibilitest.NewPlatform(bilibilitest.PlatformOptions{Key: "key", Secret: "hunter2", AppID: 5, Code: "CODE", RoomID: 7})
	defer open.Close()
	web := bilibilitest.New(bilibilitest.Options{Token: "hunter2"})
	defer web.Close()
	kuai := kuaishoutest.New(kuaishoutest.Options{Token: "hunter2", LiveStreamID: "L1"})
	defer kuai.Close()
	grab, told := relay(t, `{"Type":1,"Data":"{\"MsgId\":1,\"Content\":\"多少钱\",\"User\":{\"Nickname\":\"王小美\"}}"}`)
	quiet, _ := relay(t)
	p := newPatient(t, strings.Join([]string{
		source("twitch", chat.URL(), `channel = "shop"`, `nick = "mod"`, `token = "good"`),
		source("eventsub", events.URL(), `channel = "shop"`, `token = "good"`, answers(events.API())),
		source("tmc", shop.URL(), `app_key = "12345678"`, `token = "hunter2"`, `group = "console"`),
		"[[room]]\nid = \"stripe\"\n[[room.source]]\nprotocol = \"stripe\"\ntoken = \"sk_hunter2\"\n" + answers(pay.API()),
		"[[room]]\nid = \"open\"\n[[room.source]]\nprotocol = \"bilibili\"\napp_key = \"key\"\ntoken = \"hunter2\"\napp_id = 5\ncode = \"CODE\"\nroom_id = 7\n" + answers(open.URL()),
		source("bilibili", web.URL(), `room_id = 7`, `token = "hunter2"`, `undocumented = true`),
		source("kuaishou", kuai.URL(), `channel = "L1"`, `token = "hunter2"`, `undocumented = true`),
		source("barrage", grab),
	}, "\n"))
	rows := p.see(true)
	p.has(rows, "source", levelOK, "twitch/1/twitch", "logged in", "reads only")
	p.has(rows, "source", levelOK, "eventsub/1/eventsub", "logged in")
	p.has(rows, "source", levelProblem, "eventsub/1/eventsub", "lacks moderator:manage:automod", "make the token anew")
	p.has(rows, "source", levelOK, "tmc/1/tmc", "logged in")
	p.has(rows, "source", levelOK, "stripe/1/stripe", "connected")
	p.has(rows, "source", levelOK, "open/1/bilibili", "knows the key", "no session was started")
	p.has(rows, "source", levelOK, "bilibili/1/bilibili", "logged in")
	p.has(rows, "source", levelOK, "kuaishou/1/kuaishou", "logged in")
	p.has(rows, "source", levelOK, "barrage/1/barrage", "first message after")
	for _, r := range rows {
		if strings.Contains(r.Why+r.What, "小美") || strings.Contains(r.Why, "多少钱") {
			t.Errorf("what people wrote is printed: %+v", r)
		}
	}
	if got := shop.Confirmed(); len(got) != 0 || shop.WaitPulls(1, 50*time.Millisecond) == nil {
		t.Errorf("taobao: %v confirmed, or messages pulled", got)
	}
	if got := pay.Acked(); len(got) != 0 {
		t.Errorf("stripe: %v acknowledged", got)
	}
	if got := events.Subscribed(); len(got) != 0 || events.Said() != 0 {
		t.Errorf("eventsub: subscribed to %v", got)
	}
	if log := fmt.Sprint(open.Log()); strings.Contains(log, "start") || strings.Contains(log, "end") || open.Beats() != 0 {
		t.Errorf("bilibili: %s", log)
	}
	if got := told(); len(got) != 0 {
		t.Errorf("to who obeys was said %q", got)
	}
	p.file("liveroom.toml", source("oba", quiet))
	p.has(p.see(false), "source", levelOK, "oba/1/oba", "nothing came within 300ms")
}

// TestDoctorSaysWhatToDo: whatever is wrong has its remedy beside it.
func TestDoctorSaysWhatToDo(t *testing.T) {
	chat := twitchtest.New(twitchtest.Options{Channel: "shop", Token: "good"})
	defer chat.Close()
	app := tmctest.New(tmctest.Options{AppKey: "12345678", Secret: "right", Group: "default"})
	defer app.Close()
	pay := stripetest.New("right")
	defer pay.Close()
	open := bilibilitest.NewPlatform(bilibilitest.PlatformOptions{Key: "key", Secret: "right", AppID: 5, Code: "CODE", RoomID: 7})
	defer open.Close()
	events := eventsubtest.New(eventsubtest.Options{Channel: "shop", Token: "good"})
	defer events.Close()
	html, _ := relay(t, `<html>no feed</html>`)
	page := httptest.NewServer(http.NotFoundHandler())
	defer page.Close()
	hung := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	defer hung.Close()
	locked := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", http.StatusUnauthorized) }))
	defer locked.Close()
	ws := func(u string) string { return "ws" + strings.TrimPrefix(u, "http") + "/" }
	for _, c := range []struct {
		name, config string
		part         string
		words        []string
	}{
		{"nobody listens", source("oba", "ws://127.0.0.1:1/"), "source", []string{"127.0.0.1:1", "refused", "start it"}},
		{"no such host", source("oba", "wss://nowhere.invalid/"), "source", []string{"nowhere.invalid is not known", "spelling"}},
		{"wrong path", source("oba", ws(page.URL)), "source", []string{"HTTP 404", "check url"}},
		{"hangs", source("oba", ws(hung.URL)), "source", []string{"oba/1/oba", "firewall"}},
		{"no token", source("cloudevent", ws(locked.URL)), "source", []string{"HTTP 401", "no token is set in the config", "make a new one"}},
		{"another protocol", source("oba", html), "source", []string{"cannot be read", "check protocol and url"}},
		{"wrong twitch token", source("twitch", chat.URL(), `channel = "shop"`, `nick = "mod"`, `token = "SECRET"`), "source", []string{"refused the login", "make a new one"}},
		{"wrong eventsub token", source("eventsub", events.URL(), `channel = "shop"`, `token = "SECRET"`, answers(events.API())), "source", []string{"refused the token"}},
		{"wrong channel", source("eventsub", events.URL(), `channel = "other"`, `token = "good"`, answers(events.API())), "source", []string{"check channel"}},
		{"wrong tmc secret", source("tmc", app.URL(), `app_key = "12345678"`, `token = "SECRET"`), "source", []string{"app_key", "clock"}},
		{"wrong stripe key", "[[room]]\nid = \"s\"\n[[room.source]]\nprotocol = \"stripe\"\ntoken = \"SECRET\"\n" + answers(pay.API()), "source", []string{"refused the key"}},
		{"wrong bilibili secret", "[[room]]\nid = \"o\"\n[[room.source]]\nprotocol = \"bilibili\"\napp_key = \"key\"\ntoken = \"SECRET\"\napp_id = 5\ncode = \"CODE\"\nroom_id = 7\n" + answers(open.URL()), "source", []string{"4002", "app_key"}},
		{"no room", "", "config", []string{"no room", "[[room]]"}},
		{"no source", "[[room]]\nid = \"r\"\n", "source", []string{"no source", "docs/sources.md"}},
		{"no config", "\x00", "config", []string{"liveroom.toml:1"}},
		{"unknown key", "[record]\nfil = \"x\"\n", "config", []string{":2:", `"file"`}},
		{"table without its room", "[[source]]\nprotocol = \"oba\"\n", "config", []string{":1:", `"room.source"`}},
		{"no secret", source("stripe", "", `token = "${NOT_SET_IN_THIS_TEST}"`), "config", []string{"NOT_SET_IN_THIS_TEST", "set it"}},
		{"no sheet", "[facts]\nfile = \"goods.csv\"\n", "config", []string{"there is no file", "goods.csv", "beside the config"}},
		{"broken policy", "[policies]\nfiles = [\"p.toml\"]\n", "config", []string{"p.toml"}},
		{"no command", source("asr", "ws://127.0.0.1:1/", `format = "vosk"`, `audio = ["no-such-command-here"]`), "sound", []string{"no-such-command-here", "install it"}},
		{"no recogniser", source("asr", "ws://127.0.0.1:1/", `format = "vosk"`, `audio = ["no-such-command-here"]`), "sound", []string{"refused", "start it"}},
		{"no way out", "[[out]]\nname = \"shop\"\nurl = \"https://127.0.0.1:1/x?k=SECRET\"\nsecret = \"0123456789abcdef\"\nactions = [\"mute\"]\n", "out", []string{"shop: 127.0.0.1:1: the connection was refused"}},
		{"no group", "[[notify]]\nname = \"g\"\nkind = \"webhook\"\nurl = \"https://127.0.0.1:1/SECRET\"\n", "notice", []string{"g (webhook): 127.0.0.1:1"}},
		{"short token", "[door]\nlisten = \"127.0.0.1:0\"\n" + "[[room]]\nid = \"r\"\n[[room.source]]\nprotocol = \"cloudevent\"\ndoor = \"tool\"\ntoken = \"short\"\n", "door", []string{"fewer than 16"}},
		{"no shop's secret", "[door]\nlisten = \"127.0.0.1:0\"\n" + "[[room]]\nid = \"r\"\n[[room.source]]\nprotocol = \"webhook\"\nplatform = \"kuaishou-shop\"\ndoor = \"shop\"\ntoken = \"bm8ga2V5\"\n", "door", []string{"cannot be used", "copy it as the platform shows it"}},
		{"no certificate", "[door]\nlisten = \"127.0.0.1:0\"\ntls_cert = \"a.pem\"\ntls_key = \"b.pem\"\n", "door", []string{"certificate cannot be used"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newPatient(t, c.config)
			p.file("p.toml", "nonsense = 1\n")
			p.opt.timeout = time.Second
			p.has(p.see(true), c.part, levelProblem, c.words...)
		})
	}
}

// TestDoctorAsksWhatATokenMayDo of what answers in the place of Twitch's API: a chat is
// read without it, so a mute would only fail when somebody wants one.
func TestDoctorAsksWhatATokenMayDo(t *testing.T) {
	chat := twitchtest.New(twitchtest.Options{Channel: "shop"})
	defer chat.Close()
	api := helixtest.New(helixtest.Options{Channel: "shop", Tokens: map[string]helixtest.Token{
		"good":   {User: "9", Scopes: helixtest.Everything, Moderates: true},
		"narrow": {User: "9", Scopes: []string{"user:write:chat"}, Moderates: true},
	}})
	defer api.Close()
	with := func(token string) string {
		return source("twitch", chat.URL(), `channel = "shop"`, `actions = ["reply", "mute"]`, fmt.Sprintf("token = %q", token), answers(api.URL()))
	}
	p := newPatient(t, with("good"))
	rows := p.see(false)
	p.has(rows, "source", levelOK, "twitch/1/twitch", "logged in", "can act: reply, mute")
	p.has(rows, "source", levelNote, "the token ends in 1 h")
	p.file("liveroom.toml", with("narrow"))
	p.has(p.see(true), "source", levelProblem, "the token lacks moderator:manage:banned_users: mute is refused", "make the token anew with the scopes user:write:chat moderator:manage:banned_users")
	p.file("liveroom.toml", with("SECRET"))
	p.has(p.see(true), "source", levelProblem, "Twitch's API: check the token: twitch refused the token", "make a new one")
	for _, asked := range api.Asked() {
		if asked != "GET /oauth2/validate" && asked != "GET /helix/users" {
			t.Errorf("the doctor asked %s", asked)
		}
	}
}

// TestDoctorLeavesARunningConsoleAlone: while somebody writes the record, peers that
// may keep the newest connection only are not connected to; and the record is not
// written.
func TestDoctorLeavesARunningConsoleAlone(t *testing.T) {
	producer, _ := relay(t)
	shop := tmctest.New(tmctest.Options{AppKey: "12345678", Secret: "s", Group: "default"})
	defer shop.Close()
	p := newPatient(t, source("cloudevent", producer)+source("tmc", shop.URL(), `app_key = "12345678"`, `token = "s"`))
	db := filepath.Join(p.dir, "liveroom.db")
	store, err := sqlite.Open(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = store.Close() }()
	rows := p.see(false)
	p.has(rows, "record", levelOK, "liveroom.db", "is writing it")
	p.has(rows, "source", levelNote, "cloudevent/1/cloudevent", "not logged in", "--dial")
	p.has(rows, "source", levelNote, "tmc/1/tmc", "not logged in")
	if shop.WaitLogins(1, 50*time.Millisecond) == nil {
		t.Error("it logged in to Taobao beside a running console")
	}
	p.opt.dial = true
	p.has(p.see(false), "source", levelOK, "tmc/1/tmc", "logged in")
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	p.opt.dial = false
	before, err := os.ReadFile(db)
	if err != nil {
		t.Fatal(err)
	}
	p.has(p.see(false), "source", levelOK, "tmc/1/tmc", "logged in")
	if after, err := os.ReadFile(db); err != nil || !bytes.Equal(before, after) {
		t.Errorf("the record was changed (%v)", err)
	}
}

// TestDoctorTellsWhatWasNotKnown, by name and number, whichever process counted it.
func TestDoctorTellsWhatWasNotKnown(t *testing.T) {
	p := newPatient(t, "[[room]]\nid = \"r\"\n[[room.source]]\nprotocol = \"oba\"\nurl = \"ws://127.0.0.1:1/\"\n")
	at := time.Date(2026, 11, 20, 20, 0, 0, 0, time.UTC)
	for run := range 2 {
		store, err := sqlite.Open(t.Context(), filepath.Join(p.dir, "liveroom.db"))
		if err != nil {
			t.Fatal(err)
		}
		desk, err := moderation.NewDesk(t.Context(), moderation.Config{Store: store, Clock: func() time.Time { return at }})
		if err != nil {
			t.Fatal(err)
		}
		event := func(id, name string, n int64) feed.Event {
			return feed.Event{ID: fmt.Sprint(id, run), Source: "r/1/oba", Room: "r", Kind: feed.KindSystem, Code: feed.CodeUnknown, Channel: name, Count: n, At: at, Recv: at, Raw: []byte(name)}
		}
		b := feed.Batch{Room: "r", Source: "r/1/oba", Events: []feed.Event{event("a", "room_party", 1), event("b", "room_party", 600), event("c", "x\x1b[2J", 0)}}
		if err := errors.Join(desk.Commit(t.Context(), b), store.Close()); err != nil {
			t.Fatal(err)
		}
	}
	p.has(p.see(true), "unknown", levelNote, "r/1/oba", "room_party ×1202, x␛[2J ×2", "update liveroom")
}

// recogniser answers as FunASR does when it has heard all.
func recogniser(t *testing.T, says string) (url string, heard func() int) {
	t.Helper()
	var mu sync.Mutex
	n := 0
	up := websocket.Upgrader{}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, err := up.Upgrade(w, r, nil)
		if err != nil {
			return
		}
		defer func() { _ = conn.Close() }()
		for {
			kind, b, err := conn.ReadMessage()
			if err != nil {
				return
			}
			if kind == websocket.BinaryMessage {
				mu.Lock()
				n += len(b)
				mu.Unlock()
			} else if strings.Contains(string(b), `"is_speaking":false`) && says != "" {
				_ = conn.WriteMessage(websocket.TextMessage, fmt.Appendf(nil, `{"mode":"2pass-offline","text":%q,"wav_name":"w"}`, says))
			}
		}
	}))
	t.Cleanup(srv.Close)
	return "ws" + strings.TrimPrefix(srv.URL, "http") + "/", func() int { mu.Lock(); defer mu.Unlock(); return n }
}

// TestDoctorLetsARecogniserHear a short sound, and says what it made of it.
func TestDoctorLetsARecogniserHear(t *testing.T) {
	loud := 0
	for b := vowels(); len(b) > 1; b = b[2:] {
		if v := int16(binary.LittleEndian.Uint16(b)); v > 3000 || v < -3000 {
			loud++
		}
	}
	if loud < 1000 {
		t.Errorf("only %d samples of the built-in sound are loud: no recogniser would hear it", loud)
	}
	url, heard := recogniser(t, "这条围巾是羊毛的")
	config := source("asr", url, `format = "funasr"`, `audio = ["head", "-c", "100000", "/dev/zero"]`)
	p := newPatient(t, config)
	sound := filepath.Join(p.dir, "speech.wav")
	p.file("speech.wav", wav(vowels()[:16000]))
	pcm, err := readSound(sound)
	if err != nil || len(pcm) != 16000 {
		t.Fatalf("%d bytes, %v", len(pcm), err)
	}
	rows := p.see(false)
	p.has(rows, "sound", levelOK, "head prints sound after")
	p.has(rows, "sound", levelOK, "asr/1/asr funasr", "heard “这条围巾是羊毛的”", "after it was said")
	if n := heard(); n != len(vowels()) {
		t.Errorf("it heard %d bytes of %d", n, len(vowels()))
	}
	deaf, _ := recogniser(t, "")
	p.file("liveroom.toml", source("asr", deaf, `format = "funasr"`, `audio = ["false"]`))
	rows = p.see(true)
	p.has(rows, "sound", levelProblem, "false prints no sound", "is the broadcast on?")
	p.has(rows, "sound", levelNote, "three vowels", "--audio FILE.wav")
}

func wav(pcm []byte) string {
	b := append([]byte("RIFF"), binary.LittleEndian.AppendUint32(nil, uint32(36+len(pcm)))...)
	b = append(b, "WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00"...)
	b = binary.LittleEndian.AppendUint32(b, 16000)
	b = binary.LittleEndian.AppendUint32(b, 32000)
	b = append(b, "\x02\x00\x10\x00data"...)
	return string(append(binary.LittleEndian.AppendUint32(b, uint32(len(pcm))), pcm...))
}

// TestASoundThatCannotBeHeardIsRefused with how to make one that can.
func TestASoundThatCannotBeHeardIsRefused(t *testing.T) {
	dir := t.TempDir()
	for name, c := range map[string]struct{ content, want string }{
		"stereo":     {strings.Replace(wav(vowels()), "\x01\x00\x01\x00", "\x01\x00\x02\x00", 1), "2 channels"},
		"no wave":    {"RIFF____AVI ", "no WAV"},
		"no data":    {"RIFF____WAVE", "no sound"},
		"cut header": {"RIFF____WAVEfmt \x04\x00\x00\x00abcd", "cut off"},
		"early data": {"RIFF____WAVEdata\x02\x00\x00\x00ab", "before its header"},
		"empty":      {"", "no sound"},
		"too long":   {strings.Repeat("ab", 16000*61), "is enough"},
	} {
		path := filepath.Join(dir, "x.wav")
		if err := os.WriteFile(path, []byte(c.content), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := readSound(path); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
	if _, err := readSound(filepath.Join(dir, "none")); err == nil {
		t.Error("a file that is not there was heard")
	}
}

// TestDoctorReadsAsText: a heading a part, a remedy under what needs one, and at the
// end where to begin.
func TestDoctorReadsAsText(t *testing.T) {
	p := newPatient(t, source("oba", "ws://127.0.0.1:1/"))
	for lang, want := range map[text.Lang][]string{
		text.EN: {"Config\n  ✓ ", "Sources\n  ✗ oba/1/oba: 127.0.0.1:1: the connection was refused\n    → nothing listens there: start it, then check the port\n", "Problems: 1", "Begin with the first"},
		text.ZH: {"配置\n  ✓ ", "数据源\n  ✗ oba/1/oba：127.0.0.1:1：连接被拒绝\n    → 那里没有程序在听：先启动它，再核对端口\n", "1 个问题"},
	} {
		var out bytes.Buffer
		o := p.opt
		o.format = "text"
		if err := newDoctorOf(&out, o, lang).run(context.Background()); !errors.Is(err, errFound) {
			t.Error(err)
		}
		for _, w := range want {
			if !strings.Contains(out.String(), w) {
				t.Errorf("%s: %q is missing in\n%s", lang, w, out.String())
			}
		}
	}
}
