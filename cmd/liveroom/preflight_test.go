package main

import (
	"bytes"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"liveroom/tui/text"
)

// TestPreflightAsksTheSources: a source that wants a token answers, one that is
// somewhere else or silent does not, no token is sent, and its Date shows a
// clock that is wrong.
func TestPreflightAsksTheSources(t *testing.T) {
	var sent []string
	serve := func(status int, ahead time.Duration) string {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			sent = append(sent, r.Header.Get("Authorization"))
			w.Header().Set("Date", time.Now().Add(ahead).UTC().Format(http.TimeFormat))
			w.Header().Set("Location", "https://elsewhere.example/")
			w.WriteHeader(status)
		}))
		t.Cleanup(s.Close)
		return "ws" + strings.TrimPrefix(s.URL, "http") + "/?token=hunter2"
	}
	silent := "ws://127.0.0.1:1/?token=hunter2"
	for _, tt := range []struct {
		name, url string
		source    level
		says      string
		clock     level
		of        string
	}{
		{"wants a token", serve(http.StatusUnauthorized, 0), levelOK, "the token was not tried", levelOK, "within 5 s"},
		{"moved", serve(http.StatusFound, 0), levelProblem, "redirects elsewhere (HTTP 302)", levelOK, "within 5 s"},
		{"no such room", serve(http.StatusNotFound, 0), levelProblem, "HTTP 404", levelOK, "within 5 s"},
		{"a web page", serve(http.StatusOK, 0), levelNote, "no websocket handshake", levelOK, "within 5 s"},
		{"we are slow", serve(http.StatusUnauthorized, time.Minute), levelOK, "", levelProblem, "behind that of"},
		{"we are fast", serve(http.StatusUnauthorized, -time.Minute), levelOK, "", levelProblem, "ahead of that of"},
		{"nobody there", silent, levelProblem, "connection refused", levelNote, "not compared"},
	} {
		p := &preflight{now: time.Now, opt: preflightOptions{timeout: 5 * time.Second}, config: Config{Rooms: []RoomConfig{
			{ID: "r", Sources: []SourceConfig{{Protocol: "cloudevent", URL: tt.url, Token: Secret{value: "hunter2"}}}},
		}}}
		p.sources(t.Context())
		if len(p.rows) != 2 {
			t.Fatalf("%s: %+v", tt.name, p.rows)
		}
		if s := p.rows[0]; s.Level != tt.source || !strings.Contains(s.WhyEN, tt.says) {
			t.Errorf("%s: %+v, want %s %q", tt.name, s, tt.source, tt.says)
		}
		if c := p.rows[1]; c.Level != tt.clock || !strings.Contains(c.WhyEN, tt.of) {
			t.Errorf("%s: %+v, want %s %q", tt.name, c, tt.clock, tt.of)
		}
		for _, r := range p.rows {
			if strings.Contains(r.Why+r.WhyEN+r.What, "hunter2") || strings.Contains(r.Why+r.WhyEN, "%!") {
				t.Errorf("%s tells %+v", tt.name, r)
			}
		}
	}
	if got := strings.Join(sent, ""); got != "" {
		t.Errorf("a token was sent: %q", got)
	}
}

// TestPreflightLooksAtThePlace: a folder that cannot be written, a key that
// others may read, a clock behind the record.
func TestPreflightLooksAtThePlace(t *testing.T) {
	dir := t.TempDir()
	key := filepath.Join(dir, "liveroom.key")
	if err := os.WriteFile(key, []byte("x"), 0o644); err != nil {
		t.Fatal(err)
	}
	p := &preflight{now: time.Now, opt: preflightOptions{freeMB: 1 << 40}, config: Config{Record: RecordConfig{File: filepath.Join(dir, "no", "room.db")}}}
	p.disk()
	p.config.Record.File = filepath.Join(dir, "room.db")
	p.disk()
	p.key()
	var said []string
	for _, r := range p.rows {
		said = append(said, string(r.Level)+" "+r.Check+": "+r.WhyEN)
	}
	for _, want := range []string{"problem disk: the folder does not exist", "problem disk: ", "problem key: others may read the signing key: run chmod 600"} {
		if !strings.Contains(strings.Join(said, "\n"), want) {
			t.Errorf("%q is not told in %q", want, said)
		}
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
		t.Errorf("looking left %v behind, %v", left, err)
	}
}

// TestThisMachineIsBehindTheRecord: what is recorded was received later than now.
func TestThisMachineIsBehindTheRecord(t *testing.T) {
	db := filepath.Join(t.TempDir(), "demo.db")
	runDemo(t, built(t), db)
	p := &preflight{now: func() time.Time { return time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC) }, config: Config{Record: RecordConfig{File: db}}}
	p.record(t.Context())
	if len(p.rows) != 2 || p.rows[1].Check != "clock" || p.rows[1].Level != levelProblem {
		t.Errorf("rows %+v", p.rows)
	}
	var out bytes.Buffer
	p.lang, p.opt.format = text.ZH, "text"
	if err := p.print(&out); !errors.Is(err, errFound) || !strings.Contains(out.String(), "1 个问题") {
		t.Errorf("printed %q, %v", out.String(), err)
	}
}

// TestTheDemosRaidIsListed: the twelve orders of four accounts at one address,
// which they planned in the open chat, stand in one case of the review queue, and
// the expired certificate of the cooker in one of its own.
func TestTheDemosRaidIsListed(t *testing.T) {
	bin := built(t)
	db := filepath.Join(t.TempDir(), "demo.db")
	runDemo(t, bin, db)
	queue := rows[riskRow](t, output(t, bin, "risk", "--db", db, "--format", "jsonl"))
	if len(queue) == 0 || len(queue[0].Orders) != 12 || len(queue[0].Buyers) != 4 || queue[0].StakeFen != 201600 {
		t.Fatalf("queue %+v", queue)
	}
	heard := map[string]bool{}
	for _, s := range queue[0].Signals {
		for _, e := range s.Events {
			heard[e] = true
		}
	}
	for _, line := range []string{"c0927", "c0935", "c0940", "c0943", "c0948"} {
		if !heard[line] {
			t.Errorf("the plan's line %s is not in the case", line)
		}
	}
	shown := output(t, bin, "--lang", "zh", "risk", "--db", db)
	if !strings.Contains(shown, "同一地址 24 小时内有 4 个账号下单（界线 3 个）") || strings.Contains(shown, "LR2611212867") || strings.Contains(shown, "u171") {
		t.Errorf("the queue reads %q", shown)
	}
	qualified := 0
	for _, c := range rows[caseRow](t, output(t, bin, "cases", "--db", db)) {
		if c.Kind == "qualification" && c.SKU == "D04" && strings.Contains(c.Title, "CCC认证 已于 2026-09-30 过期") {
			qualified++
		}
	}
	if qualified != 1 {
		t.Errorf("%d cases about the cooker's certificate, want 1", qualified)
	}
}
