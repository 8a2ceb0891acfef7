package record

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"liveroom/feed"
)

// spoken is a protocol that logs in, answers, and talks.
type spoken struct{}

func (spoken) Name() string                                  { return "spoken" }
func (spoken) Request(feed.Position) (feed.Request, error)   { return feed.Request{}, nil }
func (spoken) NewSession(feed.Position) feed.Session         { return spokenSession{} }
func (spokenSession) Heartbeat() (time.Duration, feed.Frame) { return 0, feed.Frame{} }

type spokenSession struct{}

func (spokenSession) Hello() []feed.Frame {
	return []feed.Frame{
		{Data: []byte("PASS oauth:hunter2\r\n")},
		{Data: []byte("NICK mod\r\n")},
		{Binary: true, Data: []byte("\x02\x00sign\x20\x00\x00\x000123456789ABCDEF0123456789ABCDEF\x00\x00")},
	}
}

func (spokenSession) Decode(f feed.Frame, _ time.Time) feed.Decoded {
	if string(f.Data) == "move" {
		return feed.Decoded{Move: &feed.Move{Session: spokenSession{}}}
	}
	return feed.Decoded{Reply: []feed.Frame{{Data: append([]byte("heard hunter2 "), f.Data...)}}}
}

func (spokenSession) Talk(_ context.Context, say func(feed.Frame) error) error {
	for _, f := range []feed.Frame{{Binary: true, Data: make([]byte, 3200)}, {Binary: true, Data: make([]byte, 3200)}, {Binary: true, Data: []byte("END_OF_AUDIO")}, {Data: []byte(`{"eof" : 1}`)}} {
		if err := say(f); err != nil {
			return err
		}
	}
	return nil
}

// TestBothDirectionsAreKeptWithoutSecrets: what comes stays byte for byte, binary too;
// what is said keeps its shape and length and loses what it proves.
func TestBothDirectionsAreKeptWithoutSecrets(t *testing.T) {
	start := time.Date(2026, 11, 20, 20, 0, 0, 0, time.UTC)
	var file bytes.Buffer
	w, err := NewWriter(&file, Header{Protocol: "spoken", Start: start})
	if err != nil {
		t.Fatal(err)
	}
	s := Tap(spoken{}, w, func() time.Time { return start }, "oauth:hunter2", "").NewSession(feed.Position{})
	hello := s.Hello()
	if string(hello[0].Data) != "PASS oauth:hunter2\r\n" {
		t.Errorf("the peer is told %q", hello[0].Data)
	}
	came := []byte("\x00\xff\x1bhunter2")
	s.Decode(feed.Frame{Binary: true, Data: came}, start.Add(1500*time.Millisecond))
	var sent int
	if err := s.(feed.Talker).Talk(t.Context(), func(f feed.Frame) error { sent += len(f.Data); return nil }); err != nil || sent != 2*3200+12+11 {
		t.Errorf("%d bytes talked, %v", sent, err)
	}
	moved := s.Decode(feed.Frame{Data: []byte("move")}, start.Add(2*time.Second)).Move.Session
	moved.Decode(feed.Frame{Data: []byte("there")}, start.Add(2*time.Second))
	if strings.Contains(file.String(), "oauth:hunter2") || strings.Contains(file.String(), "0123456789ABCDEF") {
		t.Errorf("a secret is in the recording:\n%s", file.String())
	}
	rec, err := Read("x", &file)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range rec.Frames {
		dir := "in "
		if f.Out {
			dir = "out "
		}
		got = append(got, dir+string(f.Data))
	}
	want := []string{
		"out PASS oauth:*******\r\n", "out NICK mod\r\n", "out \x02\x00sign\x20\x00\x00\x00" + strings.Repeat("*", 32) + "\x00\x00",
		"in " + string(came), "out heard ******* \x00\xff\x1b*******", "out ", "out END_OF_AUDIO", `out {"eof" : 1}`, "in move",
		"in there", "out heard ******* there",
	}
	if strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("recorded %q\nwant %q", got, want)
	}
	for i, f := range rec.Frames {
		if want := i / (len(want) - 2); f.Conn != want { // the last two came over the second
			t.Errorf("frame %d is of connection %d, want %d", i, f.Conn, want)
		}
		if f.Sound != (len(f.Data) == 0) || f.Sound && (!f.Out || !f.At.Equal(start)) {
			t.Errorf("frame %d: %+v", i, f)
		}
	}
	if rec.Frames[3].T != 1500*time.Millisecond || !rec.Frames[3].Binary {
		t.Errorf("frame %+v", rec.Frames[3])
	}
}
