package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"liveroom/moderation"
	"liveroom/moderation/notify"
	"liveroom/moderation/sqlite"
)

// groupServer is a platform's server: it notes what it gets.
type groupServer struct {
	*httptest.Server
	mu     sync.Mutex
	status int
	hang   chan struct{} // the first request waits for it; nil: none does
	got    []string      // path, key and text of each
}

func newGroupServer(t *testing.T) *groupServer {
	g := &groupServer{status: http.StatusOK}
	g.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		var body struct {
			Text struct { // DingTalk, WeCom
				Content string `json:"content"`
			} `json:"text"`
			Content struct { // Feishu
				Text string `json:"text"`
			} `json:"content"`
			Title string   `json:"title"` // a webhook
			Lines []string `json:"lines"`
		}
		if err := json.Unmarshal(b, &body); err != nil {
			t.Errorf("%s: %v", b, err)
		}
		text := strings.Join(append([]string{body.Text.Content, body.Content.Text, body.Title}, body.Lines...), "\n")
		g.mu.Lock()
		g.got = append(g.got, strings.Join(strings.Fields(r.URL.Path+" "+r.Header.Get("Idempotency-Key")+" "+text), " "))
		hang, status := g.hang, g.status
		g.hang = nil
		g.mu.Unlock()
		if hang != nil {
			close(hang)
			<-r.Context().Done()
			return
		}
		w.WriteHeader(status)
		fmt.Fprint(w, `{"errcode":0,"code":0}`)
	}))
	t.Cleanup(g.Close)
	return g
}

func (g *groupServer) told() []string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.Clone(g.got)
}

// hall is a desk as a config makes it, with a clock that the test moves.
type hall struct {
	t    *testing.T
	db   string
	of   []NotifyConfig
	mu   sync.Mutex
	now  time.Time
	desk *moderation.Desk
	shut func()
}

func (h *hall) clock() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.now
}

func (h *hall) pass(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now = h.now.Add(d)
}

// open opens the record and runs the desk, until close.
func (h *hall) open() {
	h.t.Helper()
	ways, groups, err := newGroups(h.of, notify.Options{Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() }})
	if err != nil {
		h.t.Fatal(err)
	}
	store, err := sqlite.Open(h.t.Context(), h.db)
	if err != nil {
		h.t.Fatal(err)
	}
	h.desk, err = moderation.NewDesk(h.t.Context(), moderation.Config{
		Store: store, Clock: h.clock, Notify: ways, Notifier: groups, Rooms: []moderation.Room{{ID: "A", Name: "晚晴的直播间"}},
	})
	if err != nil {
		h.t.Fatal(err)
	}
	ctx, stop := context.WithCancel(h.t.Context())
	done := make(chan struct{})
	go func() { h.desk.Run(ctx); close(done) }()
	h.shut = func() {
		stop()
		<-done
		if err := store.Close(); err != nil {
			h.t.Error(err)
		}
	}
}

// until waits for a server to have been told so many times.
func (h *hall) until(g *groupServer, n int) []string {
	h.t.Helper()
	for end := time.Now().Add(20 * time.Second); len(g.told()) < n; {
		if time.Now().After(end) {
			h.t.Fatalf("told %q, want %d", g.told(), n)
		}
		time.Sleep(10 * time.Millisecond)
	}
	return g.told()
}

// TestGroupsAreToldOverHTTP: each platform in its shape, once, through a restart
// between the record of a notice and its sending; one that was cut off while it
// was sent is not sent again.
func TestGroupsAreToldOverHTTP(t *testing.T) {
	ding, feishu, wecom, house := newGroupServer(t), newGroupServer(t), newGroupServer(t), newGroupServer(t)
	dir := t.TempDir()
	config := filepath.Join(dir, "liveroom.toml")
	t.Setenv("DING_URL", ding.URL+"/robot/send?access_token=tok-5d41402abc4b")
	if err := os.WriteFile(filepath.Join(dir, "house.url"), []byte(house.URL+"/in\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	text := `
[[notify]]
name = "客服群"
kind = "dingtalk"
url = "${DING_URL}"
secret = "SECfd1c7ea0b3"
before = "1h"
mention_all = true
[[notify]]
name = "督导"
kind = "feishu"
url = "` + feishu.URL + `/open-apis/bot/v2/hook/x"
notices = ["breached"]
[[notify]]
name = "夜班"
kind = "wecom"
url = "` + wecom.URL + `/cgi-bin/webhook/send?key=x"
lang = "en"
before = "30m"
[[notify]]
name = "工单系统"
kind = "webhook"
url = "file:house.url"
rooms = ["B"]
[[room]]
id = "B"
`
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := loadConfig(config)
	if err != nil {
		t.Fatal(err)
	}
	h := &hall{t: t, db: filepath.Join(dir, "r.db"), of: c.Notify, now: time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)}
	h.open()
	opened, err := h.desk.Do(t.Context(), moderation.Actor{Name: "秉文", Role: moderation.RoleSupervisor}, moderation.OpenCase{Room: "A", Kind: moderation.CaseComplaint, Title: "13812345678 的围巾掉毛"})
	if err != nil {
		t.Fatal(err)
	}
	h.pass(47 * time.Hour)
	if got := h.until(ding, 1)[0]; got != "/robot/send 晚晴的直播间：1 个时限即将超时 #1 138****5678 的围巾掉毛 · 48 小时内审核：还剩 1 小时 0 分（应于 11-22 20:00:00 前）" {
		t.Errorf("dingtalk was told %s", got)
	}
	// WeCom's server hangs, and the program ends while it waits.
	hang := make(chan struct{})
	wecom.mu.Lock()
	wecom.hang = hang
	wecom.mu.Unlock()
	h.pass(30 * time.Minute)
	<-hang
	h.shut()
	h.open()
	h.pass(time.Minute) // what did not get out would be sent again by then
	told := h.until(wecom, 1)
	if !strings.HasPrefix(told[0], "/cgi-bin/webhook/send 晚晴的直播间: running out: 1 #1 138****5678 的围巾掉毛 · Reviewed within 48 hours: 0 h 30 min left") {
		t.Errorf("wecom was told %q", told)
	}
	h.pass(29*time.Minute + time.Second)
	if got := h.until(feishu, 1)[0]; !strings.Contains(got, "1 个时限已超时 #1 138****5678 的围巾掉毛 · 48 小时内审核：已超时 0 小时 0 分") {
		t.Errorf("feishu was told %s", got)
	}
	h.until(ding, 2)
	h.until(wecom, 2)
	// Met, and started again: there is nothing more to tell.
	h.shut()
	h.open()
	h.pass(time.Hour)
	time.Sleep(2500 * time.Millisecond) // longer than between two looks
	h.shut()
	if d, f, w, n := len(ding.told()), len(feishu.told()), len(wecom.told()), len(house.told()); d != 2 || f != 1 || w != 2 || n != 0 {
		t.Errorf("told %d, %d, %d and %d times", d, f, w, n)
	}
	if opened.Case == nil {
		t.Error("no case")
	}
}

// TestWhatANotifyNeeds: a way of telling that could tell nobody is refused with
// what it lacks, and no secret of it prints.
func TestWhatANotifyNeeds(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{`kind = "wecom"`, "number 1 has no name"},
		{"name = \"console\"\nkind = \"wecom\"", `name "console" is taken`},
		{"name = \"a\"\nkind = \"slack\"\nurl = \"https://hooks.example.com/secret-path-1\"", `"slack" is not known`},
		{"name = \"a\"\nkind = \"wecom\"\nurl = \"http://example.com/secret-path-1\"", "must begin with https://"},
		{"name = \"a\"\nkind = \"wecom\"\nurl = \"https://example.com/secret-path-1\"\nsecret = \"x\"", "it has no signature"},
		{"name = \"a\"\nkind = \"feishu\"\nsecret = \"secret-path-1\"", "a secret and no url"},
		{"name = \"a\"\nkind = \"feishu\"\nnotices = [\"late\"]", `"late" is not known: use at_risk and breached`},
		{"name = \"a\"\nkind = \"feishu\"\nrooms = [\"nowhere\"]", `"nowhere" is no [[room]]`},
		{"name = \"a\"\nkind = \"feishu\"\nlang = \"fr\"", "use zh-CN or en"},
		{"name = \"a\"\nkind = \"feishu\"\n[[notify]]\nname = \"a\"", "each needs one of its own"},
		{"name = \"a\"\nkind = \"feishu\"\nurl = \"\"", ""},
	} {
		path := filepath.Join(t.TempDir(), "c.toml")
		if err := os.WriteFile(path, []byte("[[notify]]\n"+c.text+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := loadConfig(path)
		if (err == nil) != (c.want == "") || err != nil && (!strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "secret-path-1")) {
			t.Errorf("%s: %v, want %s", c.text, err, c.want)
		}
	}
}

// clockedRecord has cases whose clocks stand differently on the eve of National
// Day.
func clockedRecord(t *testing.T) *ruledRecord {
	t.Helper()
	r := &ruledRecord{t: t, db: filepath.Join(t.TempDir(), "clocked.db")}
	store, err := sqlite.Open(t.Context(), r.db)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	now := time.Date(2026, 9, 28, 2, 0, 0, 0, time.UTC) // a Monday, 10:00 in Shanghai
	r.Desk, err = moderation.NewDesk(t.Context(), moderation.Config{Store: store, Clock: func() time.Time { return now }, Rooms: []moderation.Room{{ID: "A"}, {ID: "B"}}})
	if err != nil {
		t.Fatal(err)
	}
	open := func(room, title string) moderation.Case {
		return *r.does("秉文", moderation.OpenCase{Room: room, Kind: moderation.CaseComplaint, Title: title}).Case
	}
	c := open("A", "最早的")
	r.does("秉文", moderation.MoveCase{Case: c.ID, Version: c.Version, To: moderation.CaseStateReview})
	now = now.Add(40 * time.Hour)
	c = open("A", "张女士 13812345678 等照片")
	r.does("秉文", moderation.MoveCase{Case: c.ID, Version: c.Version, To: moderation.CaseStateWaiting, Reason: "等 13812345678 的照片"})
	c = *r.does("秉文", moderation.OpenCase{Room: "B", Kind: moderation.CaseComplaint, Title: "裁定"}).Case
	c = *r.does("秉文", moderation.MoveCase{Case: c.ID, Version: c.Version, To: moderation.CaseStateResolved, Outcome: moderation.OutcomeUnfounded}).Case
	r.does("秉文", moderation.OpenCase{Room: "B", Kind: moderation.CaseAppeal, Title: "不服", AppealOf: c.ID})
	return r
}

// TestClocksOverAHoliday: what runs out first stands first, and a clock of
// working days is shown over the holiday that lies before it.
func TestClocksOverAHoliday(t *testing.T) {
	r := clockedRecord(t)
	at := "2026-10-01T09:30:00+08:00"
	rows := rowsFrom[caseClockRow](t, r.says("clocks", "--format", "jsonl", "--at", at))
	var got []string
	for _, c := range rows {
		got = append(got, fmt.Sprintf("#%d %s %s %v %d", c.Case, c.Clock, c.State, c.AtRisk, len(c.Forecast)))
	}
	want := []string{"#1 result running true 0", "#4 review running false 3", "#4 appeal-decision running false 14", "#2 review paused false 4", "#2 result paused false 5"}
	if !slices.Equal(got, want) {
		t.Errorf("clocks\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	text := r.says("clocks", "--at", "2026-10-01T10:00:01+08:00")
	for _, line := range []string{
		"✗ #1  late by 0 h 00 min  Result within 72 hours\n    最早的\n    72 hours from 2026-09-28 10:00:00: until 2026-10-01 10:00:00\n",
		"· #4  ", "Appeals decided in 1–5 working days\n    不服\n    5 working days from 2026-09-30 02:00:00: until 2026-10-13 23:59:59; skips National Day 10-01–10-07; ",
		"      10-07 National Day, not counted: 5 working days left\n      10-08: 4 working days left\n", "10-10 is worked for National Day",
		"‖ #2  48 h 00 min left  Reviewed within 48 hours\n    张女士 138****5678 等照片\n", "    stands still: 等 138****5678 的照片\n",
		"5 clocks: 1 late, 0 at risk, 2 standing still\n",
	} {
		if !strings.Contains(text, line) {
			t.Errorf("the list does not say %q:\n%s", line, text)
		}
	}
	if strings.Contains(text, "13812345678") {
		t.Errorf("the list shows a telephone number:\n%s", text)
	}
	if got := r.says("clocks", "--room", "A", "--at", at, "--before", "10m"); !strings.Contains(got, "3 clocks: 0 late, 0 at risk, 2 standing still") || strings.Contains(got, "#4") {
		t.Errorf("room A: %s", got)
	}
	if got := r.says("clocks", "--room", "A", "--at", "2026-09-28T12:00:00+08:00", "--days"); !strings.Contains(got, "      09-29: ") {
		t.Errorf("--days: %s", got)
	}
}

// TestTheUrgentCasesFirst: the list can stand as the queue does, and says why.
func TestTheUrgentCasesFirst(t *testing.T) {
	r := clockedRecord(t)
	rows := rowsFrom[caseRow](t, r.says("cases", "--urgent", "--at", "2026-10-01T10:00:01+08:00"))
	var got []int64
	for _, c := range rows {
		got = append(got, c.ID)
	}
	// One is late, one will be within a day, and one stands still.
	if want := []int64{1, 4, 2}; !slices.Equal(got, want) || len(rows[0].Reasons) != 1 || rows[0].Reasons[0].Code != moderation.ReasonLate ||
		rows[0].Points != rows[0].Reasons[0].Points || rows[1].Reasons[0].Code != moderation.ReasonSoon || rows[2].Points != 0 {
		t.Errorf("cases %v: %+v", got, rows)
	}
	if got := rowsFrom[caseRow](t, r.says("cases")); len(got) != 4 || got[0].ID != 1 || got[0].Points != 0 {
		t.Errorf("by number: %+v", got)
	}
}
