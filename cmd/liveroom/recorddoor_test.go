package main

import (
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"liveroom/feed/record"
)

// TestWhatComesByTheDoorIsRecorded: a tool that dials in is let in for a recording as
// for a console, and its token is not in the file.
func TestWhatComesByTheDoorIsRecorded(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	p := newPatient(t, "[door]\nlisten = \""+addr+"\"\n[[room]]\nid = \"r\"\n[[room.source]]\nprotocol = \"asr\"\ndoor = \"speech\"\ntoken = \"0123456789abcdef\"\n")
	c, err := loadConfig(p.opt.config)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(p.dir, "out.jsonl")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- recordSource(ctx, f, io.Discard, c, c.Rooms[0].Sources[0], "r") }()
	var conn *websocket.Conn
	for end := time.Now().Add(20 * time.Second); conn == nil; time.Sleep(20 * time.Millisecond) {
		conn, _, err = websocket.DefaultDialer.Dial("ws://"+addr+"/in/speech", http.Header{"Authorization": {"Bearer 0123456789abcdef"}})
		if err != nil && time.Now().After(end) {
			t.Fatal(err)
		}
	}
	defer func() { _ = conn.Close() }()
	said := `{"mode":"2pass-offline","text":"纯羊毛","wav_name":"w"}`
	if err := conn.WriteMessage(websocket.TextMessage, []byte(said)); err != nil {
		t.Fatal(err)
	}
	var rec *record.Recording
	for end := time.Now().Add(20 * time.Second); rec == nil || len(rec.Frames) == 0; time.Sleep(20 * time.Millisecond) {
		b, err := os.Open(path)
		if err != nil || time.Now().After(end) {
			t.Fatalf("nothing was recorded (%v)", err)
		}
		rec, _ = record.Read(path, b)
		_ = b.Close()
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if got := rec.Frames[0]; string(got.Data) != said || got.Out || rec.Protocol != "asr" {
		t.Errorf("recorded %+v", rec)
	}
}
