package audio

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"liveroom/feed"
	"liveroom/feed/asr"
)

const (
	// chunk is a tenth of a second of sound: what recognisers like to be sent.
	chunk = SampleRate / 10 * sampleBytes
	// silent is how long a command may print nothing before it counts as hung.
	silent = 30 * time.Second
	// readyWithin is how long a recogniser may load its model.
	readyWithin = 2 * time.Minute
	// lastWords is how long the recogniser gets for what it has not said yet when
	// the sound is over.
	lastWords = 3 * time.Second
	// complaintBytes is how much of what the command complained about is told.
	complaintBytes = 300
)

// A session is one connection and one run of the command.
type session struct {
	feed.Session
	o     Options
	ready chan struct{} // closed when the recogniser takes sound
	open  bool          // ready is closed
	began atomic.Int64  // when the first sound was there, in ns; 0: not yet
	told  bool          // the decoder knows
	// silent is how long the command may print nothing.
	silent time.Duration
}

// Unwrap is the decoder beneath.
func (s *session) Unwrap() feed.Session { return s.Session }

// FirstSound is when the first sound was there, from which all times count; zero: there
// is none yet.
func (s *session) FirstSound() time.Time {
	if at := s.began.Load(); at != 0 {
		return time.Unix(0, at)
	}
	return time.Time{}
}

// Decode reads what the recogniser heard.
func (s *session) Decode(f feed.Frame, recv time.Time) feed.Decoded {
	if at := s.FirstSound(); !at.IsZero() && !s.told {
		s.told = true
		if decoder, ok := s.Session.(interface{ Began(time.Time) }); ok {
			decoder.Began(at)
		}
	}
	d := s.Session.Decode(f, recv)
	for _, e := range d.Events {
		if e.Code == asr.CodeReady && !s.open {
			s.open = true
			close(s.ready)
		}
		if e.Code == asr.CodeEnded {
			d.Redial = true
		}
	}
	return d
}

// Talk runs the command and says what it prints.
func (s *session) Talk(ctx context.Context, say func(feed.Frame) error) error {
	wait := time.NewTimer(readyWithin)
	defer wait.Stop()
	select {
	case <-s.ready:
	case <-wait.C:
		return fmt.Errorf("the recogniser was not ready after %s", readyWithin)
	case <-ctx.Done():
		return ctx.Err()
	}
	err := s.play(ctx, say)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if said := say(dialects[s.o.Format].end); said != nil {
		return said
	}
	select { // for what was said last
	case <-time.After(lastWords):
	case <-ctx.Done():
	}
	return err
}

// play says the command's sound until it ends, which is an error: a broadcast's
// sound does not end by itself.
func (s *session) play(ctx context.Context, say func(feed.Frame) error) error {
	if s.o.Sound != nil {
		return s.send(s.o.Sound, say, func() {})
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	cmd := exec.CommandContext(ctx, s.o.Command[0], s.o.Command[1:]...)
	cmd.WaitDelay = time.Second
	complaints := &tail{}
	cmd.Stderr = complaints
	sound, err := cmd.StdoutPipe()
	if err != nil {
		return fmt.Errorf("run the audio command: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("run the audio command %s: %w: install it, or name another in audio", feed.Sanitise(s.o.Command[0]), err)
	}
	hung := time.AfterFunc(s.silent, func() { stop(errHung) })
	defer hung.Stop()
	failed := s.send(sound, say, func() { hung.Reset(s.silent) })
	stop(nil)
	ended := cmd.Wait()
	switch {
	case errors.Is(context.Cause(ctx), errHung):
		return errHung
	case failed != nil:
		return failed
	}
	why := "it ended"
	if ended != nil {
		why = ended.Error()
	}
	if last := complaints.last(); last != "" {
		why += ": " + last
	}
	return fmt.Errorf("the audio command prints no more sound: %s", why)
}

var errHung = fmt.Errorf("the audio command printed no sound for %s: see whether the broadcast is on", silent)

// send says sound in chunks of a tenth of a second, whole samples each. heard is
// called after each. It ends without an error at the end of the sound.
func (s *session) send(sound io.Reader, say func(feed.Frame) error, heard func()) error {
	buf := make([]byte, chunk)
	for {
		n, err := io.ReadFull(sound, buf)
		if n -= n % sampleBytes; n > 0 {
			length := time.Duration(n/sampleBytes) * time.Second / SampleRate
			s.began.CompareAndSwap(0, s.o.Clock().Add(-length).UnixNano())
			if err := say(feed.Frame{Binary: true, Data: dialects[s.o.Format].sound(buf[:n])}); err != nil {
				return err
			}
			heard()
		}
		if err != nil {
			return nil //nolint:nilerr // the command's end tells why
		}
	}
}

// tail keeps the end of what is written.
type tail struct {
	mu sync.Mutex
	b  []byte
}

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.b = append(t.b, p...)
	if over := len(t.b) - complaintBytes; over > 0 {
		t.b = append(t.b[:0], t.b[over:]...)
	}
	return len(p), nil
}

// last is the last line, fit to be shown.
func (t *tail) last() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	text := strings.TrimSpace(strings.ToValidUTF8(string(t.b), ""))
	return feed.Sanitise(HideQueries(strings.TrimSpace(text[strings.LastIndexByte(text, '\n')+1:]))).String()
}
