package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/moderation/query"
	"liveroom/moderation/sqlite"
	"liveroom/moderation/surge"
)

// The record of a long broadcast: LIVEROOM_HISTORY=5000000 measures the promise,
// LIVEROOM_HISTORY_DB keeps the record, which takes minutes to fill.
const (
	historyEnv   = "LIVEROOM_HISTORY"
	historyDBEnv = "LIVEROOM_HISTORY_DB"
	historyRoom  = "history"
	// historySize is enough to see in every build that nothing grows with it.
	historySize = 50_000
	// promised is what the first event and a search may take, 95 times of a hundred.
	promised = 100 * time.Millisecond
	// promisedMemory is what the console may hold, however long the record is.
	promisedMemory = 150 << 20
)

// history is the path of a record of so many events.
func history(t *testing.T) (path string, size int64) {
	t.Helper()
	size = historySize
	if s := os.Getenv(historyEnv); s != "" {
		n, err := strconv.ParseInt(s, 10, 64)
		if err != nil || n < 1000 {
			t.Fatalf("%s=%q: want a number of events, from 1000 on", historyEnv, s)
		}
		size = n
	}
	path = os.Getenv(historyDBEnv)
	if path == "" {
		path = filepath.Join(t.TempDir(), "history.db")
	}
	if _, err := os.Stat(path); err != nil {
		fillHistory(t, path, size)
	}
	// One that was kept may be of an older schema, which only a writer brings on.
	store, err := sqlite.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	return path, size
}

// fillHistory makes the record through a desk that somebody watches, as in a
// console, and tells what memory that takes on the way.
func fillHistory(t *testing.T, path string, size int64) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	store, err := sqlite.Open(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	checker, err := surge.Checker()
	if err != nil {
		t.Fatal(err)
	}
	now := func() time.Time { return surge.TalkFrom.Add(time.Duration(size) * surge.TalkEvery) }
	desk, err := moderation.NewDesk(ctx, moderation.Config{
		Store: store, Checker: checker, Clock: now, Rooms: []moderation.Room{{ID: historyRoom, Name: "长夜"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	watching := desk.Subscribe()
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		for {
			if _, err := watching.Next(ctx); err != nil {
				return
			}
		}
	}()
	began := time.Now()
	err = surge.FillTalk(ctx, desk, historyRoom, size, func(done int64) {
		if done/500_000 > (done-surge.TalkTold)/500_000 {
			t.Logf("%d events in %v, this process holds %d MB", done, time.Since(began).Round(time.Second), memory(t, os.Getpid())>>20)
		}
	})
	watching.Close()
	<-watched
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestALongRecordIsAtHand reads the ends of the record, places between and words
// as the console does, and then as a person does who presses the keys.
func TestALongRecordIsAtHand(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED by -short: how fast a long record is read is NOT measured")
	}
	if !measurable {
		t.Skip("NOT RUN: processes are measured on Linux only")
	}
	path, size := history(t)
	air := time.Duration(3) // for a machine that does other things too
	if os.Getenv(historyEnv) != "" {
		air = 1
	}
	var rows []timed
	defer func() { printHistory(os.Stderr, size, rows) }()
	store, err := sqlite.OpenReadOnly(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	rows = append(rows, readHistory(t, store, size)...)
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	rows = append(rows, walkHistory(t, path, size)...)
	for _, a := range rows {
		if got := a.quantile(95); got > promised*air {
			t.Errorf("%s took %v at the 95th percentile, %v is promised", a.what, got, promised)
		}
	}
}

// timed is how long something took, each time.
type timed struct {
	what string
	took []time.Duration
}

func (a timed) quantile(percent int) time.Duration {
	sorted := slices.Sorted(slices.Values(a.took))
	return sorted[(len(sorted)-1)*percent/100]
}

func printHistory(w io.Writer, size int64, rows []timed) {
	fmt.Fprintf(w, "| of %d events | times | p50 | p95 | worst |\n|---|---|---|---|---|\n", size)
	for _, a := range rows {
		fmt.Fprintf(w, "| %s | %d | %s | %s | %s |\n", a.what, len(a.took), ms(a.quantile(50)), ms(a.quantile(95)), ms(a.quantile(100)))
	}
}

// rounds is how often each thing is timed.
const rounds = 40

// readHistory asks the record as the console does.
func readHistory(t *testing.T, r moderation.Reader, size int64) []timed {
	t.Helper()
	ctx := t.Context()
	random := rand.New(rand.NewPCG(3, 3))
	chat := []feed.Kind{feed.KindChat, feed.KindGift, feed.KindComplaint, feed.KindSystem, feed.KindGap}
	speech := []feed.Kind{feed.KindTranscript, feed.KindProduct, feed.KindGap}
	const page = 500
	measure := func(what string, do func() (found int, err error)) timed {
		a := timed{what: what}
		for range rounds {
			began := time.Now()
			found, err := do()
			if err != nil || found == 0 {
				t.Fatalf("%s: %d found, %v", what, found, err)
			}
			a.took = append(a.took, time.Since(began))
		}
		return a
	}
	events := func(kinds []feed.Kind, after int64) (int, error) {
		got, err := r.Events(ctx, moderation.Page{Room: historyRoom, Kinds: kinds, After: after, Limit: page})
		return len(got), err
	}
	out := []timed{
		measure("first page of the chat", func() (int, error) { return events(chat, 0) }),
		measure("first page of the speech", func() (int, error) { return events(speech, 0) }),
		measure("any page of the chat", func() (int, error) { return events(chat, random.Int64N(size-page)) }),
		measure("the lines around any moment", func() (int, error) {
			at := surge.TalkFrom.Add(time.Duration(random.Int64N(size)) * surge.TalkEvery)
			got, err := r.EventsAround(ctx, historyRoom, chat, at, 2*page)
			return len(got), err
		}),
	}
	for _, words := range []string{surge.Often, surge.Seldom, surge.Once, "颜色 机洗", "毛", "没有黑色 谢谢", "kind:transcript 桐乡"} {
		out = append(out, measure("search "+words, func() (int, error) {
			q, err := query.Parse(moderation.ListEvents, words)
			if err != nil {
				return 0, err
			}
			_, err = query.Find[moderation.Recorded](ctx, r, q.Bind(query.Env{Now: time.Now()}), moderation.Page{Room: historyRoom, Before: math.MaxInt64, Limit: 100})
			return 1, err
		}))
	}
	return out
}

// walkHistory opens the console on the record while another room talks, and goes
// to the first event and back.
func walkHistory(t *testing.T, path string, size int64) []timed {
	t.Helper()
	feed := talk(t, 1000)
	config := filepath.Join(t.TempDir(), "liveroom.toml")
	text := fmt.Sprintf("[record]\nfile = %q\n[[room]]\nid = %q\n[[room]]\nid = \"talking\"\n[[room.source]]\nprotocol = \"cloudevent\"\nurl = %q\n",
		path, historyRoom, feed.url(fmt.Sprint("now", time.Now().UnixNano())))
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	bin := built(t)
	began := time.Now()
	w := watch(t, 160, 50, 0, bin, "console", "--config", config, "--lang", "zh-CN")
	opened := timed{"console opened, the first lines seen", []time.Duration{w.shows(60*time.Second, "the chat", func(*grid) bool { return strings.Contains(w.picture(), "观众") }).Sub(began)}}
	t.Logf("%s: %v", opened.what, opened.took[0])
	for range 12 {
		if onChat(w) {
			break
		}
		w.key("\t")
		time.Sleep(300 * time.Millisecond)
	}
	first := surge.Talk(historyRoom, 1, surge.TalkFrom)
	begin := first.User.Name + ": " + strings.Fields(first.Text)[0]
	there := func(g *grid) string { return fmt.Sprint(strings.Contains(w.picture(), begin)) }
	home := timed{what: "key to the first event, through the terminal"}
	for range rounds {
		home.took = append(home.took, w.answered("\x1b[H", there))
		w.answered("G", there)
		time.Sleep(100 * time.Millisecond)
	}
	line := surge.Talk(historyRoom, surge.TalkOnce, surge.TalkFrom).Text
	found := func(g *grid) string { return fmt.Sprint(strings.Contains(w.picture(), line)) }
	search := timed{what: "last key of a word to the line found, through the terminal"}
	for range rounds {
		w.key("F")
		time.Sleep(100 * time.Millisecond)
		search.took = append(search.took, w.answered(surge.Once, found))
		w.answered("\x1b", found)
		time.Sleep(100 * time.Millisecond)
	}
	held := memory(t, w.cmd.Process.Pid)
	t.Logf("the console holds %d MB with %d events in the record and 1,000 more a second", held>>20, size)
	if held > promisedMemory {
		t.Errorf("the console holds %d MB, %d are promised", held>>20, promisedMemory>>20)
	}
	w.leave()
	return []timed{home, search}
}

// onChat tells whether the chat has the keys.
func onChat(w *onPty) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return strings.Contains(w.picture(), "━ 弹幕")
}
