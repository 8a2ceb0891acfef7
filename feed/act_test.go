package feed

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// A doing is a session whose peer can be asked.
type doing struct {
	lineSession
	err error
}

func (d doing) Ask(a Act) (Frame, error) { return Frame{Data: []byte(a.ID)}, d.err }

// asked is a source with a connection by which acts go, which nobody writes to.
func asked(s Session) (*Source, *link) {
	l := &link{session: s, out: make(chan Frame, 8), gone: make(chan struct{})}
	src := &Source{asking: newAsking()}
	src.asking.by(l)
	return src, l
}

// TestWhatBecomesOfAnAct: done, refused, or an error that says whether the peer may
// have done it.
func TestWhatBecomesOfAnAct(t *testing.T) {
	answers := func(more ...Answer) func(*Source, *link) {
		return func(s *Source, l *link) {
			<-l.out
			for _, a := range more {
				s.asking.answered(a)
			}
		}
	}
	for _, c := range []struct {
		name    string
		session Session
		peer    func(*Source, *link)
		want    string // the result or error
		after   time.Duration
		perhaps bool
	}{
		{"done, and said twice", doing{}, answers(Answer{ID: "other"}, Answer{ID: "a", Done: true, Result: "shown"}, Answer{ID: "a"}), "shown", 0, false},
		{"refused", doing{}, answers(Answer{ID: "a", Refusal: "nobody is on air"}), "the peer refused: nobody is on air", 0, false},
		{"settled before", doing{}, answers(Answer{ID: "a", Refusal: "it was decided on the platform", Settled: true}), "it was decided on the platform", 0, false},
		{"a source that only reads", lineSession{}, nil, "only reads", 0, false},
		{"an act that cannot be written", doing{err: errors.New("no text")}, nil, "ask for reply: no text, tried 3 times", 0, false},
		{"no answer", doing{}, answers(), "did not answer, asked 3 times", askTimes * askEvery, true},
		{"never connected", doing{}, func(s *Source, _ *link) { s.asking.by(nil) }, "not connected, tried 3 times", askTimes * askEvery, false},
		{"a connection that goes as it is asked", doing{}, func(s *Source, l *link) {
			synctest.Wait() // until it is being asked
			s.asking.by(nil)
			close(l.gone)
		}, "not connected, tried 3 times", (askTimes - 1) * askEvery, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, l := asked(c.session)
				if c.name == "a connection that goes as it is asked" {
					l.out = nil // the writer has left
				}
				if c.name == "never connected" {
					c.peer(s, l)
				} else if c.peer != nil {
					go c.peer(s, l)
				}
				began := time.Now()
				result, err := s.Act(t.Context(), Act{ID: "a", Kind: ActReply})
				if err != nil {
					result = err.Error()
				}
				if !strings.Contains(result, c.want) || time.Since(began) != c.after || errors.Is(err, ErrPerhaps) != c.perhaps {
					t.Errorf("%q after %s (perhaps %t), want %q after %s", result, time.Since(began), errors.Is(err, ErrPerhaps), c.want, c.after)
				}
			})
		})
	}
}

func TestAnActIsAskedForOnceAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, _ := asked(doing{})
		ctx, cancel := context.WithCancel(t.Context())
		first := make(chan error, 1)
		go func() {
			_, err := s.Act(ctx, Act{ID: "a"})
			first <- err
		}()
		synctest.Wait()
		if _, err := s.Act(t.Context(), Act{ID: "a"}); err == nil || !strings.Contains(err.Error(), "already") {
			t.Errorf("asked for at the same time: %v", err)
		}
		cancel()
		if err := <-first; !errors.Is(err, context.Canceled) {
			t.Errorf("left: %v", err)
		}
	})
}

func TestHowLongAMuteLasts(t *testing.T) {
	for text, d := range map[string]time.Duration{"": 0, "10m": 10 * time.Minute, "2h": 2 * time.Hour, "1h30m": 90 * time.Minute, "30s": 30 * time.Second} {
		if got := MuteText(d); got != text {
			t.Errorf("%s is written %q", d, got)
		}
		if got, err := MuteTime(text); err != nil || got != d {
			t.Errorf("%q is read as %s, %v", text, got, err)
		}
	}
}
