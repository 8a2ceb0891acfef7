package audio

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"liveroom/feed"
)

func talking(t *testing.T, o Options) *session {
	t.Helper()
	p, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return p.NewSession(feed.Position{}).(*session)
}

var errGone = errors.New("the connection is gone")

// TestARecogniserThatIsNeverReady is not waited for for ever, and a console that is
// left does not wait for it at all.
func TestARecogniserThatIsNeverReady(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := talking(t, Options{Format: "whisperlive", Command: []string{"none"}})
		began := time.Now()
		if err := s.Talk(t.Context(), nil); err == nil || !strings.Contains(err.Error(), "was not ready") || time.Since(began) != readyWithin {
			t.Errorf("after %s: %v", time.Since(began), err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := s.Talk(ctx, nil); !errors.Is(err, context.Canceled) {
			t.Errorf("left: %v", err)
		}
	})
}

func TestACommandThatPrintsNothingIsEnded(t *testing.T) {
	s := talking(t, Options{Format: "vosk", Command: sound(0, "stay")})
	s.silent = 50 * time.Millisecond
	if err := s.play(t.Context(), func(feed.Frame) error { return nil }); !errors.Is(err, errHung) {
		t.Errorf("error %v", err)
	}
}

// TestAConnectionThatTakesNoMore ends the command: what it prints would be lost.
func TestAConnectionThatTakesNoMore(t *testing.T) {
	s := talking(t, Options{Format: "vosk", Command: sound(SampleRate, "stay")})
	if err := s.play(t.Context(), func(feed.Frame) error { return errGone }); !errors.Is(err, errGone) {
		t.Errorf("error %v", err)
	}
	s = talking(t, Options{Format: "funasr", Command: sound(1, "")})
	if err := s.Talk(t.Context(), func(f feed.Frame) error {
		if f.Binary {
			return nil
		}
		return errGone // it takes the sound and not its end
	}); !errors.Is(err, errGone) {
		t.Errorf("error %v", err)
	}
}

func TestOnlyTheLastComplaintIsTold(t *testing.T) {
	var c tail
	for range 100 {
		if n, err := c.Write([]byte("one line of many\n")); n != 17 || err != nil {
			t.Fatalf("%d, %v", n, err)
		}
	}
	_, _ = c.Write([]byte("\x1b[31mno such stream\n\n"))
	if got := c.last(); got != "␛[31mno such stream" || len(c.b) > complaintBytes {
		t.Errorf("%q of %d bytes", got, len(c.b))
	}
}
