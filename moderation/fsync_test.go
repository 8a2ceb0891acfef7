package moderation_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/moderation/sqlite"
)

// The script that is cut off at each fsync: in every round a batch of events
// comes in, its flag is confirmed, and the host is told.
const (
	scriptEnv   = "LIVEROOM_TEST_SCRIPT" // directory of the record and of what reached the world
	scriptFrom  = "LIVEROOM_TEST_FROM"   // first step
	roundEvents = 6
	rounds      = 20
	steps       = 3 * rounds
)

// world is who is told: it keeps what it was asked, by the key of the asking.
type world struct{ file string }

func (w world) Carry(_ context.Context, e moderation.Effect) (string, error) {
	f, err := os.OpenFile(w.file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return "", err
	}
	_, err = fmt.Fprintf(f, "%s %d\n", e.Key, e.Flag)
	return "told", errors.Join(err, f.Close())
}

// runScript performs the steps from the given one on and says which are done.
func runScript(dir string, from int) error {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	store, err := sqlite.Open(ctx, filepath.Join(dir, "room.db"))
	if err != nil {
		return err
	}
	// The record is written by one goroutine. Held to one thread, its fsyncs are
	// counted as one sequence.
	if err := store.Update(ctx, func(moderation.Tx) error { runtime.LockOSThread(); return nil }); err != nil {
		return err
	}
	d, err := moderation.NewDesk(ctx, moderation.Config{
		Store: store, Checker: words{}, Effector: world{filepath.Join(dir, "world")},
		Clock: func() time.Time { return start }, Wall: time.Now, UndoWindow: time.Millisecond,
	})
	if err != nil {
		return err
	}
	go d.Run(ctx)
	for n := from; n < steps; n++ {
		if err := step(ctx, d, n); err != nil {
			return fmt.Errorf("step %d: %w", n, err)
		}
		fmt.Println("step", n)
	}
	for {
		effects, err := store.Effects(ctx, time.Time{})
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(effects, func(e moderation.Effect) bool { return e.Status != moderation.EffectSent }) {
			fmt.Println("step", steps)
			return nil
		}
		time.Sleep(5 * time.Millisecond)
	}
}

func step(ctx context.Context, d *moderation.Desk, n int) error {
	round := n / 3
	flag := int64(round + 1)
	var c moderation.Command
	switch n % 3 {
	case 0:
		var events []feed.Event
		for i := range roundEvents {
			events = append(events, crashEvent(round*roundEvents+i+1))
		}
		return d.Commit(ctx, batch(events...))
	case 1:
		c = moderation.ConfirmFlag{Flag: flag, OpenCase: true}
	case 2:
		c = moderation.CorrectHost{Flag: flag, Text: "更正一下"}
	}
	_, err := d.Do(ctx, lan, moderation.Once{Key: strconv.Itoa(n), Command: c})
	return err
}

// script runs the steps in a process of its own, with strace's arguments before
// it where there are any. It tells the last step that was acknowledged, -1 for
// none, and whether the process ended by itself.
func script(t *testing.T, dir string, from int, strace ...string) (last int, whole bool) {
	t.Helper()
	args := append(slices.Clone(strace), os.Args[0])
	child := exec.CommandContext(t.Context(), args[0], args[1:]...)
	child.Env = append(os.Environ(), scriptEnv+"="+dir, scriptFrom+"="+strconv.Itoa(from))
	var out, complaint bytes.Buffer
	child.Stdout, child.Stderr = &out, &complaint
	err := child.Run()
	last = -1
	for lines := bufio.NewScanner(&out); lines.Scan(); {
		if n, err := strconv.Atoi(strings.TrimPrefix(lines.Text(), "step ")); err == nil {
			last = n
		}
	}
	var exit *exec.ExitError
	if err != nil && (!errors.As(err, &exit) || exit.ExitCode() == 1 || len(strace) == 0) {
		t.Fatalf("from step %d: %v: %s", from, err, complaint.String())
	}
	return last, err == nil
}

// Killed at every single fsync, the record loses nothing that was acknowledged;
// who does not know whether a step arrived sends it again, and nothing happens
// twice.
func TestKilledAtEachFsync(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT RUN: killing at each fsync takes a minute; run without -short")
	}
	if _, err := exec.LookPath("strace"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("strace is missing: install it")
		}
		t.Skip("NOT RUN: strace, which kills at an fsync, is not installed")
	}
	uncut := t.TempDir()
	if last, whole := script(t, uncut, 0); last != steps || !whole {
		t.Fatalf("uncut, the script came to step %d", last)
	}
	want := outcome(t, uncut)
	for n := 1; ; n++ {
		dir := t.TempDir()
		last, whole := script(t, dir, 0, "strace", "-f", "-qq", "-o", os.DevNull,
			"-e", "trace=fsync,fdatasync", "-e", "inject=fsync,fdatasync:signal=KILL:when="+strconv.Itoa(n))
		if whole {
			if n <= steps {
				t.Fatalf("only %d fsyncs for %d steps: not every step is on disk when it is acknowledged", n-1, steps)
			}
			t.Logf("killed at each of %d fsyncs", n-1)
			return
		}
		if acknowledged := reached(t, dir); acknowledged < last {
			t.Errorf("fsync %d: step %d was acknowledged, the record has come to %d", n, last, acknowledged)
		}
		// The last acknowledged step is sent once more too.
		if last, whole := script(t, dir, max(last, 0)); last != steps || !whole {
			t.Fatalf("fsync %d: taken up again, the script came to step %d", n, last)
		}
		if got := outcome(t, dir); got != want {
			t.Errorf("fsync %d:\n got %s\nwant %s", n, got, want)
		}
	}
}

// reached is the last step that the record holds, -1 for none.
func reached(t *testing.T, dir string) int {
	t.Helper()
	store := must(sqlite.Open(t.Context(), filepath.Join(dir, "room.db")))
	defer store.Close()
	last := int(must(store.Counts(t.Context())).Events)/roundEvents*3 - 3
	for _, a := range must(store.Actions(t.Context(), moderation.Page{})) {
		last = max(last, must(strconv.Atoi(a.Key)))
	}
	return max(last, -1)
}

// outcome is what the script came to, in the record and in the world.
func outcome(t *testing.T, dir string) string {
	t.Helper()
	store := must(sqlite.Open(t.Context(), filepath.Join(dir, "room.db")))
	defer store.Close()
	if err := must(moderation.Verify(t.Context(), store)).Err(); err != nil {
		t.Errorf("the record does not verify: %v", err)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%+v", must(store.Counts(t.Context())))
	for _, a := range must(store.Actions(t.Context(), moderation.Page{})) {
		fmt.Fprintf(&b, "; %s %s", a.Key, a.Command)
	}
	told := map[string]bool{}
	for line := range strings.Lines(string(must(os.ReadFile(filepath.Join(dir, "world"))))) {
		told[strings.TrimSpace(line)] = true
	}
	fmt.Fprintf(&b, "; told %d times", len(told))
	for _, e := range must(store.Effects(t.Context(), time.Time{})) {
		if !told[fmt.Sprintf("%s %d", e.Key, e.Flag)] {
			t.Errorf("the world never heard of %s", e.Key)
		}
		fmt.Fprintf(&b, "; %s %d", e.Status, e.Flag)
	}
	return b.String()
}
