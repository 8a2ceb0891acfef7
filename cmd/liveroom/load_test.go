package main

import (
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"liveroom/moderation/sqlite"
	"liveroom/moderation/surge"
)

// loadEnv set to full measures what is promised, for minutes and on a machine with
// nothing else to do; otherwise a few seconds show that nothing is far off.
const loadEnv = "LIVEROOM_LOAD"

func full() bool { return os.Getenv(loadEnv) == "full" }

// A load is what arrives and how it is watched.
type load struct {
	name  string
	rooms int
	rate  int // events a second and room
	line  int // bytes a second that the terminal takes; 0: all
	// What is promised, at full length.
	core     float64 // of one core
	p50, p95 time.Duration
	p99      time.Duration
	times    float64 // bytes to the terminal, of those by hand
}

var loads = []load{
	{name: "1 room at 1,000 a second", rooms: 1, rate: 1000, core: 0.25, p50: 10 * time.Millisecond, p99: 30 * time.Millisecond, times: 1.2},
	{name: "8 rooms at 200 a second each", rooms: 8, rate: 200, core: 0.40, p50: 10 * time.Millisecond, p99: 30 * time.Millisecond, times: 1.2},
	{name: "1 room at 20 a second on a line of 256 kB/s", rooms: 1, rate: 20, line: 256_000, p95: 120 * time.Millisecond},
	{name: "1 room at 1,000 a second on a line of 256 kB/s", rooms: 1, rate: 1000, line: 256_000},
}

// measured is what came of a load.
type measured struct {
	load
	console, collect float64 // of one core
	keys             []time.Duration
	perSecond        int // bytes to the terminal
	times            float64
	frames           float64 // a second
	memory           int64
	behind           int64 // events sent and not recorded a second later
}

func (m measured) quantile(percent int) time.Duration { return m.keys[(len(m.keys)-1)*percent/100] }

// TestTheScreenUnderLoad runs the built program on a terminal of 160×50 while
// rooms talk over real websockets; it records, checks and shows. make bench-screen
// prints the figures.
func TestTheScreenUnderLoad(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED by -short: how fast the screen is under load is NOT measured")
	}
	if !measurable {
		t.Skip("NOT RUN: processes are measured on Linux only")
	}
	rest, keys := time.Second, 20
	if full() {
		rest, keys = 15*time.Second, 200
	}
	bin := built(t)
	var rows []measured
	defer func() { printLoads(os.Stderr, rows) }()
	for _, l := range loads {
		if !full() && l.line > 0 && l.p95 == 0 {
			continue
		}
		m := l.measure(t, bin, rest, keys)
		rows = append(rows, m)
		l.judge(t, m)
	}
}

// judge holds what was measured to what is promised; a machine that does other
// things too gets six times as much time.
func (l load) judge(t *testing.T, m measured) {
	t.Helper()
	air := 6.0
	if full() {
		air = 1
	}
	for _, q := range []struct {
		percent  int
		promised time.Duration
	}{{50, l.p50}, {95, l.p95}, {99, l.p99}} {
		if got := m.quantile(q.percent); q.promised > 0 && float64(got) > air*float64(q.promised) {
			t.Errorf("%s: %d %% of the keys were answered within %v, %v is promised", l.name, q.percent, got, q.promised)
		}
	}
	if l.core > 0 && m.console > l.core*min(air, 3) {
		t.Errorf("%s: the program took %.0f %% of a core, %.0f %% are promised", l.name, 100*m.console, 100*l.core)
	}
	if l.times > 0 && m.times > l.times {
		t.Errorf("%s: %.2f times the bytes of a row diff were written, %.1f are promised", l.name, m.times, l.times)
	}
	if m.behind > int64(l.rate*l.rooms) {
		t.Errorf("%s: %d events were not recorded a second after they were sent", l.name, m.behind)
	}
}

func printLoads(w io.Writer, rows []measured) {
	fmt.Fprintln(w, "| load | core, all | core, `collect` alone | key p50 | p95 | p99 | kB/s | of a row diff | frames/s | memory |")
	fmt.Fprintln(w, "|---|---|---|---|---|---|---|---|---|---|")
	for _, m := range rows {
		alone := "not measured"
		if m.collect > 0 {
			alone = fmt.Sprintf("%.1f %%", 100*m.collect)
		}
		fmt.Fprintf(w, "| %s | %.1f %% | %s | %s | %s | %s | %d | %.2f | %.1f | %d MB |\n", m.name, 100*m.console, alone,
			ms(m.quantile(50)), ms(m.quantile(95)), ms(m.quantile(99)), m.perSecond/1000, m.times, m.frames, m.memory>>20)
	}
}

func ms(d time.Duration) string { return fmt.Sprintf("%.1f ms", float64(d.Microseconds())/1000) }

// station writes a config for the rooms of a talking server.
func (l load) station(t *testing.T, s *talking) (config, db string) {
	t.Helper()
	dir := t.TempDir()
	var toml strings.Builder
	toml.WriteString("[facts]\nfile = \"facts.csv\"\n")
	for i := range l.rooms {
		fmt.Fprintf(&toml, "[[room]]\nid = \"r%d\"\nname = \"直播间%d\"\n[[room.source]]\nprotocol = \"cloudevent\"\nurl = %q\n", i, i, s.url(fmt.Sprint("r", i)))
	}
	for name, text := range map[string]string{"liveroom.toml": toml.String(), "facts.csv": surge.Facts()} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(dir, "liveroom.toml"), filepath.Join(dir, "liveroom.db")
}

// share is how much of a core a process takes meanwhile.
func share(t *testing.T, pid int, d time.Duration) float64 {
	t.Helper()
	was, began := busy(t, pid), time.Now()
	time.Sleep(d)
	return (busy(t, pid) - was).Seconds() / time.Since(began).Seconds()
}

func (l load) measure(t *testing.T, bin string, rest time.Duration, keys int) measured {
	t.Helper()
	m := measured{load: l}
	if full() {
		m.collect = l.recordAlone(t, rest)
	}
	feed := talk(t, l.rate)
	config, db := l.station(t, feed)
	w := watch(t, 160, 50, l.line, bin, "console", "--config", config, "--lang", "zh-CN")
	w.shows(patience, "flags and chat", func(g *grid) bool { return strings.Contains(w.picture(), "羊毛") && len(bars(g)) > 0 })
	time.Sleep(min(rest, 5*time.Second)) // past the start

	written, byHand, frames := w.traffic()
	began := time.Now()
	m.console = share(t, w.cmd.Process.Pid, rest)
	writtenNow, byHandNow, framesNow := w.traffic()
	took := time.Since(began).Seconds()
	m.perSecond = int(float64(writtenNow-written) / took)
	m.times = float64(writtenNow-written) / float64(max(byHandNow-byHand, 1))
	m.frames = float64(framesNow-frames) / took

	random := rand.New(rand.NewPCG(1, 1))
	for i := range keys { // to the column beside, and back
		m.keys = append(m.keys, w.answered([]string{"h", "l"}[i%2], focus))
		time.Sleep(time.Duration(20+random.IntN(100)) * time.Millisecond)
	}
	slices.Sort(m.keys)
	m.memory = memory(t, w.cmd.Process.Pid)
	sent := feed.sent.Load()
	time.Sleep(time.Second)
	m.behind = sent - recorded(t, db)
	w.leave()
	return m
}

// recordAlone is what the same feed takes where nobody watches: received, checked
// and recorded.
func (l load) recordAlone(t *testing.T, rest time.Duration) float64 {
	t.Helper()
	config, _ := l.station(t, talk(t, l.rate))
	p := start(t, "collect", "--config", config)
	p.says(10*time.Second, "live")
	time.Sleep(min(rest, 3*time.Second))
	alone := share(t, p.cmd.Process.Pid, rest)
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	<-p.done
	return alone
}

func recorded(t *testing.T, db string) int64 {
	t.Helper()
	store, err := sqlite.OpenReadOnly(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	c, err := store.Counts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return c.Events
}

// focus tells which pane has the keys: the title of that one begins with a heavy
// line.
func focus(g *grid) string {
	var at []string
	for y, row := range g.rows {
		for x := range row[:len(row)-1] {
			if row[x].text == "━" && row[x+1].text == " " && (x == 0 || row[x-1].text != "━") {
				at = append(at, fmt.Sprint(x, ",", y))
			}
		}
	}
	return strings.Join(at, " ")
}

// bars tells where the mark of a selection stands.
func bars(g *grid) string {
	var at []string
	for y, row := range g.rows {
		for x := range row {
			if row[x].text == "▌" {
				at = append(at, fmt.Sprint(x, ",", y))
			}
		}
	}
	return strings.Join(at, " ")
}
