package feed

import (
	"context"
	"net"
	"testing"
	"testing/synctest"
	"time"
)

// TestSourceLeavesAPeerThatTakesNothing: a peer that lets us write into a full
// connection holds up the leaving no longer than one that does not say goodbye.
func TestSourceLeavesAPeerThatTakesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, server := net.Pipe()
		go func() {
			handshake(t, server)
			writeText(t, server, "quiet") // what we answer is never read
			writeText(t, server, "quiet")
		}()
		s := pipeSource(t, Config{}, client)
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- s.Run(ctx, newMemory()) }()
		synctest.Wait() // the writer is stuck
		begin := time.Now()
		cancel()
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		if took := time.Since(begin); took > 2*closeTimeout {
			t.Errorf("left after %s, want %s at most", took, 2*closeTimeout)
		}
		_ = server.Close()
	})
}

// TestPaceHurriesOnlyWhatItIsFor: times are divided, and never nothing.
func TestPaceHurriesOnlyWhatItIsFor(t *testing.T) {
	for _, c := range []struct {
		pace Pace
		of   time.Duration
		want time.Duration
	}{
		{0, time.Minute, time.Minute},
		{-1, time.Minute, time.Minute},
		{1, time.Minute, time.Minute},
		{20, time.Minute, 3 * time.Second},
		{1e9, time.Second, time.Millisecond},
	} {
		if got := c.pace.of(c.of); got != c.want {
			t.Errorf("%v of %s is %s, want %s", c.pace, c.of, got, c.want)
		}
	}
}
