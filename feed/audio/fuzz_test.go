package audio

import (
	"testing"
	"time"

	"liveroom/feed"
	"liveroom/feed/asr"
	"liveroom/feed/feedtest/corpus"
	"liveroom/feed/feedtest/fuzzed"
)

// FuzzAnswers asks of whatever a recogniser may answer to the sound, twice over: it
// is ready once and stays so, and only its own end makes us dial again.
func FuzzAnswers(f *testing.F) {
	for i, s := range []string{
		`{"mode":"2pass-online","text":"a","wav_name":"w"}`, `{"mode":"2pass-offline","text":"a","timestamp":"[[1,2]]"}`, "ERROR. no", `{"partial":"a"}`,
		`{"result":[{"conf":1,"start":0.1,"end":0.2}],"text":"a"}`, `{"uid":"u","message":"SERVER_READY","backend":"b"}`, `{"uid":"u","message":"DISCONNECT"}`,
		`{"uid":"u","status":"WAIT","message":3}`, `{"uid":"u","segments":[{"start":"0.0","end":"1.5","text":"x","completed":true},{"start":"1.5","end":"2","text":"y"}]}`,
	} {
		f.Add(i, []byte(s), false, i%2 == 0)
	}
	corpus.Add(f)
	f.Fuzz(func(t *testing.T, format int, data []byte, binary, sounding bool) {
		recv := time.Date(2026, 11, 20, 20, 5, 0, 0, time.UTC)
		p, err := New(Options{Format: Formats[uint(format)%uint(len(Formats))], Command: []string{"none"}, URL: "ws://127.0.0.1/", Clock: func() time.Time { return recv }})
		if err != nil {
			t.Fatal(err)
		}
		open := func() feed.Session {
			s := p.NewSession(feed.Position{}).(*session)
			if sounding {
				s.began.Store(recv.Add(-time.Minute).UnixNano())
			}
			return s
		}
		frame := feed.Frame{Binary: binary, Data: data}
		fuzzed.Decode(t, open, frame, recv, fuzzed.Bounds{Events: 4096, Inflates: 16 << 20})
		s := open().(*session)
		for range 2 {
			d := s.Decode(frame, recv)
			ended := false
			for _, e := range d.Events {
				ended = ended || e.Code == asr.CodeEnded
				if e.At.After(recv) {
					t.Fatalf("heard before it was said: %+v", e)
				}
			}
			if d.Redial != ended {
				t.Fatalf("ended %t, dial again %t", ended, d.Redial)
			}
		}
	})
}

// FuzzSound asks of any sound: as many numbers as samples, each between −1 and 1.
func FuzzSound(f *testing.F) {
	f.Add([]byte{0, 0, 0xff, 0x7f, 0, 0x80, 1})
	corpus.Add(f)
	f.Fuzz(func(t *testing.T, pcm []byte) {
		if got := asFloats(pcm); len(got) != len(pcm)/sampleBytes*4 {
			t.Fatalf("%d bytes of sound became %d", len(pcm), len(got))
		}
		if got := asSent(pcm); string(got) != string(pcm) {
			t.Fatal("sound is changed")
		}
	})
}
