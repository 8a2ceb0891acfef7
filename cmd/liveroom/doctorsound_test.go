package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"liveroom/feed"
	"liveroom/feed/asr/asrtest"
	"liveroom/feed/audio"
)

// letHear runs `liveroom doctor --audio FILE` on a set-up with one recogniser, and gives
// what it says of it and what it exits with.
func letHear(t *testing.T, format, url, sound string) (said string, code int) {
	t.Helper()
	config := filepath.Join(t.TempDir(), "liveroom.toml")
	text := source("asr", url, fmt.Sprintf("format = %q", format), `audio = ["head", "-c", "100000", "/dev/zero"]`)
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	code = run([]string{"--lang", "en", "doctor", "--config", config, "--audio", sound, "--timeout", "2s", "--free", "1"}, strings.NewReader(""), &out, &errs)
	_, heard, _ := strings.Cut(out.String(), "Speech\n")
	heard, _, _ = strings.Cut(heard, "Messages not known")
	return heard + errs.String(), code
}

// TestDoctorLetsARecogniserHearAFile: the file reaches the recogniser whole, as it wants
// it, and what it understood is told with how long it took; what goes wrong is told with
// what helps.
func TestDoctorLetsARecogniserHearAFile(t *testing.T) {
	t.Setenv("TERM", "xterm")
	t.Setenv("LC_ALL", "C.UTF-8")
	file := filepath.Join(t.TempDir(), "speech.wav")
	pcm := vowels()[:audio.SampleRate] // half a second
	if err := os.WriteFile(file, []byte(wav(pcm)), 0o600); err != nil {
		t.Fatal(err)
	}
	hears := func(says string) func(v *asrtest.Voice) []feed.Frame {
		return func(v *asrtest.Voice) []feed.Frame { return v.Hear("1", says) }
	}
	for format, bytes := range map[string]int{"funasr": len(pcm), "vosk": len(pcm), "whisperlive": 2 * len(pcm)} {
		t.Run(format, func(t *testing.T) {
			t.Parallel()
			s := asrtest.NewServer(format)
			t.Cleanup(s.Close)
			s.Last(hears("这条围巾是羊毛的"))
			said, code := letHear(t, format, s.URL(), file)
			if code != exitDone || !strings.Contains(said, "asr/1/asr "+format+": connected in") || !strings.Contains(said, "heard “这条围巾是羊毛的”") || !strings.Contains(said, "after it was said") {
				t.Errorf("exit %d, %s", code, said)
			}
			if n := s.Sound(); n != bytes {
				t.Errorf("it heard %d bytes, want %d", n, bytes)
			}
		})
	}
	for name, c := range map[string]struct {
		format string
		server func(t *testing.T) string
		want   []string
	}{
		"nobody listens": {"funasr", func(*testing.T) string { return "ws://127.0.0.1:1/" }, []string{"127.0.0.1:1: the connection was refused", "start it"}},
		"no recogniser": {"funasr", func(t *testing.T) string {
			s := httptest.NewServer(http.NotFoundHandler())
			t.Cleanup(s.Close)
			return "ws" + strings.TrimPrefix(s.URL, "http") + "/"
		}, []string{"HTTP 404", "check url"}},
		"another recogniser": {"funasr", func(t *testing.T) string {
			s := asrtest.NewServer("vosk")
			t.Cleanup(s.Close)
			return s.URL()
		}, []string{"connected in", "is its format funasr?"}},
		"gone while it hears": {"vosk", func(t *testing.T) string {
			s := asrtest.NewServer("vosk")
			t.Cleanup(s.Close)
			go func() {
				if s.WaitHeard(1, 10*time.Second) == nil {
					s.Kick()
				}
			}()
			return s.URL()
		}, []string{"connected in", "log"}},
		"deaf": {"vosk", func(t *testing.T) string {
			s := asrtest.NewServer("vosk")
			t.Cleanup(s.Close)
			return s.URL()
		}, []string{"made no words of it", "is there speech in the file?"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			said, code := letHear(t, c.format, c.server(t), file)
			for _, w := range c.want {
				if code != exitFound || !strings.Contains(said, w) {
					t.Errorf("exit %d, want %q in\n%s", code, w, said)
				}
			}
		})
	}
	t.Run("a file of another kind", func(t *testing.T) {
		cd := filepath.Join(t.TempDir(), "cd.wav")
		b := []byte(wav(pcm))
		binary.LittleEndian.PutUint32(b[24:], 44100)
		if err := os.WriteFile(cd, b, 0o600); err != nil {
			t.Fatal(err)
		}
		s := asrtest.NewServer("vosk")
		t.Cleanup(s.Close)
		said, code := letHear(t, "vosk", s.URL(), cd)
		if code != exitError || !strings.Contains(said, "44100 Hz") || !strings.Contains(said, "-ar 16000") || s.Sound() != 0 {
			t.Errorf("exit %d, %s", code, said)
		}
	})
}
