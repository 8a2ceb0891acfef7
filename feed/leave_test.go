package feed

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// leave starts a source whose peer says messages, with a pause after each, tells it
// to stop after a while, and returns how long that took and what Run said.
func leave(t *testing.T, p Protocol, sink Sink, pause, after time.Duration, messages ...string) (took time.Duration, err error) {
	t.Helper()
	client, server := net.Pipe()
	go func() {
		handshake(t, server)
		go func() { _, _ = io.Copy(io.Discard, server) }()
		for _, m := range messages {
			writeText(t, server, m)
			time.Sleep(pause)
		}
	}()
	s := pipeSourceOf(t, p, Config{}, client)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx, sink) }()
	time.Sleep(after)
	cancel()
	told := time.Now()
	err = <-done
	_ = server.Close()
	return time.Since(told), err
}

func someLines(n int) (messages, texts []string) {
	for i := range n {
		messages = append(messages, fmt.Sprintf("- 0 a%d a%d", i, i))
		texts = append(texts, fmt.Sprintf("a%d", i))
	}
	return messages, texts
}

// TestASlowRecordTakesAllBeforeTheSourceLeaves: a busy disk is no reason to let go
// of what was received, however long all of it takes.
func TestASlowRecordTakesAllBeforeTheSourceLeaves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		messages, want := someLines(batchEvents + 2*batchMost)
		sink := newMemory()
		sink.fail = func() error { time.Sleep(leaveStalled - time.Second); return nil }
		took, err := leave(t, lines{url: "ws://127.0.0.1/"}, sink, 0, time.Second, messages...)
		if err != nil {
			t.Fatal(err)
		}
		if got := sink.texts(); !slices.Equal(got, want) {
			t.Errorf("%d events committed, want %d in order", len(got), len(want))
		}
		if took < 2*leaveStalled {
			t.Errorf("it took %s: this shows nothing", took)
		}
	})
}

// TestARecordThatRecoversIsNoticedSoonByASourceThatLeaves: the pauses between two
// attempts may have grown long by then.
func TestARecordThatRecoversIsNoticedSoonByASourceThatLeaves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sink := newMemory()
		full := time.Now().Add(10*time.Minute + 5*time.Second)
		sink.fail = func() error {
			if time.Now().Before(full) {
				return errors.New("disk full")
			}
			return nil
		}
		took, err := leave(t, lines{url: "ws://127.0.0.1/"}, sink, 0, 10*time.Minute, "- 0 a1 a")
		if err != nil || took > 5*time.Second+2*leaveAgain+closeTimeout {
			t.Errorf("left after %s: %v", took, err)
		}
		if got := sink.texts(); !slices.Equal(got, []string{"a"}) {
			t.Errorf("committed %q", got)
		}
	})
}

func TestSourceSaysWhatAShutdownLost(t *testing.T) {
	plain := lines{url: "ws://127.0.0.1/"}
	acking := plain
	acking.acks = true
	for name, c := range map[string]struct {
		p        lines
		messages []string
		want     string
	}{
		"nobody sends again":  {plain, []string{"- 0 a1 a", "- 0 a2 b"}, "1 events received could not be recorded: disk full; nobody sends them again, the next start records a gap from 2000-01-01T"},
		"the first of all":    {plain, []string{"- 0 a2 b"}, "1 events received could not be recorded: disk full; they were the source's first"},
		"the peer keeps them": {acking, []string{"- 0 a1 a", "- 0 a2 b"}, "1 events received could not be recorded: disk full; their peer was not told"},
		"they are asked for":  {plain, []string{"e1 1 a1 a", "e1 2 a2 b"}, "1 events received could not be recorded: disk full; the next start asks for them again"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				sink := newMemory()
				took := 0
				sink.fail = func() error {
					if took++; took > len(c.messages)-1 {
						return errors.New("disk full")
					}
					return nil
				}
				// The pause makes each message a batch of its own.
				_, err := leave(t, c.p, sink, time.Second, 5*time.Second, c.messages...)
				if err == nil || !strings.Contains(err.Error(), c.want) {
					t.Errorf("Run = %v, want %s", err, c.want)
				}
				if got := sink.texts(); len(got) != len(c.messages)-1 {
					t.Errorf("committed %q", got)
				}
			})
		})
	}
}

// TestARecordThatHangsDoesNotHoldTheSourceForEver: a call that never comes back
// ends with its context.
func TestARecordThatHangsDoesNotHoldTheSourceForEver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		took, err := leave(t, lines{url: "ws://127.0.0.1/"}, hanging{}, 0, time.Second, "- 0 a1 a")
		if err == nil || !strings.Contains(err.Error(), "the record took nothing for "+leaveStalled.String()) {
			t.Errorf("Run = %v", err)
		}
		if took < leaveStalled || took > leaveStalled+2*closeTimeout {
			t.Errorf("left after %s, want %s", took, leaveStalled)
		}
	})
}

// hanging takes nothing.
type hanging struct{}

func (hanging) Commit(ctx context.Context, _ Batch) error { <-ctx.Done(); return ctx.Err() }

func (hanging) Position(context.Context, string) (Position, error) { return Position{}, nil }
