package moderation_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"go.uber.org/goleak"

	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/moderation/sqlite"
)

const (
	crashEnv    = "LIVEROOM_TEST_CRASH"
	crashRounds = 100
)

// TestMain lets the test binary be the process that is killed.
func TestMain(m *testing.M) {
	if path := os.Getenv(crashEnv); path != "" {
		if err := writeUntilKilled(path); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	if dir := os.Getenv(scriptEnv); dir != "" {
		from, err := strconv.Atoi(os.Getenv(scriptFrom))
		if err == nil {
			err = runScript(dir, from)
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	goleak.VerifyTestMain(m)
}

// crashEvent is the n-th event of an endless broadcast.
func crashEvent(n int) feed.Event {
	switch n % 6 {
	case 0:
		return says(n, "百分之百纯羊毛")
	case 1:
		return trade(n, fmt.Sprint("LR", n/12), []string{feed.StatusCreated, feed.StatusPaid}[n/6%2], "D01", 100)
	case 2:
		return complains(n, "不是纯羊毛", "D01", "")
	case 3:
		return onAir(n, "D01", int64(n))
	}
	return event(feed.KindChat, n, "哈哈")
}

// writeUntilKilled goes on from the record's position, offers some of the old
// events again, decides flags in between, and says what was acknowledged.
func writeUntilKilled(path string) error {
	ctx := context.Background()
	store, err := sqlite.Open(ctx, path)
	if err != nil {
		return err
	}
	d, err := moderation.NewDesk(ctx, moderation.Config{Store: store, Checker: words{}, Clock: func() time.Time { return start }})
	if err != nil {
		return err
	}
	pos, err := d.Position(ctx, "ws")
	if err != nil {
		return err
	}
	next := int(pos.Offset) + 1
	for {
		var events []feed.Event
		for n := max(1, next-5); n < next+20; n++ {
			events = append(events, crashEvent(n))
		}
		next += 20
		if err := d.Commit(ctx, batch(events...)); err != nil {
			return err
		}
		fmt.Println("events", next-1)
		open, err := store.Flags(ctx, moderation.Page{Open: true, Limit: 1})
		if err != nil {
			return err
		}
		for _, f := range open {
			r, err := d.Do(ctx, lan, moderation.ConfirmFlag{Flag: f.ID, OpenCase: true})
			if err != nil {
				return err
			}
			fmt.Println("action", r.Action)
		}
	}
}

// killOnce runs the writer, kills it some time after it began to write, and
// returns what it said was done.
func killOnce(t *testing.T, path string, after time.Duration) (events, action int64) {
	t.Helper()
	child := exec.CommandContext(t.Context(), os.Args[0])
	child.Env = append(os.Environ(), crashEnv+"="+path)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for begun := false; lines.Scan(); {
		if !begun {
			begun = true
			time.AfterFunc(after, func() { _ = child.Process.Kill() })
		}
		var what, number string
		if n, _ := fmt.Sscan(lines.Text(), &what, &number); n < 2 {
			continue // cut off in the middle of a line
		}
		v, err := strconv.ParseInt(number, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		if what == "events" {
			events = v
		} else {
			action = v
		}
	}
	if err := child.Wait(); err == nil {
		t.Fatal("the writer ended by itself")
	}
	if events == 0 {
		t.Fatal("the writer wrote nothing")
	}
	return events, action
}

// A killed process loses nothing it acknowledged, doubles nothing, and leaves a
// record that verifies.
func TestKilledAtAnyMoment(t *testing.T) {
	path := filepath.Join(t.TempDir(), "room.db")
	rng := rand.New(rand.NewPCG(7, 7))
	times := crashRounds
	if testing.Short() {
		times /= 5
	}
	for round := range times {
		events, action := killOnce(t, path, time.Duration(rng.IntN(40_000))*time.Microsecond)
		store, err := sqlite.Open(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		counts := must(store.Counts(t.Context()))
		pos := must(store.Position(t.Context(), "ws"))
		if counts.Events < events || counts.Events != pos.Offset || counts.Duplicated != 0 {
			t.Errorf("round %d: %d events recorded, position %d, %d doubled; %d were acknowledged",
				round, counts.Events, pos.Offset, counts.Duplicated, events)
		}
		for i, e := range must(store.Events(t.Context(), moderation.Page{})) {
			if want := crashEvent(i + 1); e.Index != int64(i+1) || e.ID != want.ID || string(e.Raw) != string(want.Raw) {
				t.Fatalf("round %d: event %d is %s", round, e.Index, e.ID)
			}
		}
		if want := counts.Events / 6; counts.Flags != want {
			t.Errorf("round %d: %d flags, want %d", round, counts.Flags, want)
		}
		if actions := must(store.Actions(t.Context(), moderation.Page{})); int64(len(actions)) < action {
			t.Errorf("round %d: %d actions recorded, %d were acknowledged", round, len(actions), action)
		}
		if err := must(moderation.Verify(t.Context(), store)).Err(); err != nil {
			t.Errorf("round %d: %v", round, err)
		}
		if err := store.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
