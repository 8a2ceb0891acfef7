package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"liveroom/feed/bilibili/bilibilitest"
	"liveroom/feed/cloudevent/cloudeventtest"
	"liveroom/feed/kuaishou/kuaishoutest"
	"liveroom/feed/tmc/tmctest"
	"liveroom/feed/twitch/twitchtest"
)

// roomsEnv set to full runs the rooms for ten minutes; otherwise for some seconds,
// with every kind of harm.
const roomsEnv = "LIVEROOM_ROOMS"

const doorToken = "a token of the tests"

// A watchedRoom is one room with who speaks in it and what lies between.
type watchedRoom struct {
	speaker
	*wire
	account
	rate   int // events a second
	config string

	mu sync.Mutex // held while something is said or noted
}

// tell says the next event.
func (w *watchedRoom) tell() {
	w.mu.Lock()
	w.said = append(w.said, time.Now())
	n := int64(len(w.said))
	w.mu.Unlock()
	w.say(n)
}

// harm notes that events may be missed from now on, until healed is called.
func (w *watchedRoom) harm() (healed func()) {
	from := time.Now()
	return func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.harmed = append(w.harmed, span{from, time.Now()})
	}
}

func (w *watchedRoom) count() int64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	return int64(len(w.said))
}

// eightRooms are of eight protocols: four are dialled and give no history, one
// gives it by offsets, one keeps what was not confirmed, two come by the door.
func eightRooms(t *testing.T, doorAddr string) []*watchedRoom {
	t.Helper()
	dialled := func(room string, rate int, s speaker, url, config string) *watchedRoom {
		w := newWire(t, hostOf(url))
		return &watchedRoom{
			speaker: s, wire: w, rate: rate, account: account{room: room, back: redialled},
			config: fmt.Sprintf("url = %q\n%s", strings.Replace(url, hostOf(url), w.addr, 1), config),
		}
	}
	events := cloudeventtest.New(cloudeventtest.Options{Numbered: true})
	twitch := twitchtest.New(twitchtest.Options{Channel: "shop"})
	bilibili := bilibilitest.New(bilibilitest.Options{Token: doorToken})
	kuaishou := kuaishoutest.New(kuaishoutest.Options{Token: doorToken, LiveStreamID: "live-1"})
	taobao := tmctest.New(tmctest.Options{AppKey: "12345678", Secret: doorToken, Group: "moderation"})
	for _, s := range []interface{ Close() }{events, twitch, bilibili, kuaishou, taobao} {
		t.Cleanup(s.Close)
	}
	rooms := []*watchedRoom{
		dialled("events", 100, producer{events}, events.URL(), `protocol = "cloudevent"`),
		dialled("twitch", 60, twitchRoom{twitch}, twitch.URL()+"/", "protocol = \"twitch\"\nchannel = \"shop\""),
		dialled("bilibili", 40, bilibiliRoom{bilibili}, bilibili.URL(), "protocol = \"bilibili\"\nroom_id = 7\nbuvid = \"b\"\nundocumented = true\ntoken = \"${ROOMS_TOKEN}\""),
		dialled("kuaishou", 40, kuaishouRoom{kuaishou}, kuaishou.URL(), "protocol = \"kuaishou\"\nchannel = \"live-1\"\nundocumented = true\ntoken = \"${ROOMS_TOKEN}\""),
		dialled("taobao", 20, taobaoShop{taobao}, taobao.URL(), "protocol = \"tmc\"\napp_key = \"12345678\"\ngroup = \"moderation\"\ntoken = \"${ROOMS_TOKEN}\""),
	}
	rooms[4].keeps, rooms[4].orders = true, true
	coming := func(room string, rate int, config string, speak func(url string) speaker) *watchedRoom {
		w := newWire(t, doorAddr)
		return &watchedRoom{
			speaker: speak(w.addr), wire: w, rate: rate, account: account{room: room, back: startsIn + callEvery},
			config: "token = \"${ROOMS_TOKEN}\"\n" + config,
		}
	}
	rooms = append(rooms,
		coming("tool", 60, "protocol = \"cloudevent\"\ndoor = \"tool\"", func(addr string) speaker {
			return newCaller(t, "ws://"+addr+"/in/tool", 20, toolFrames)
		}),
		coming("speech", 10, "protocol = \"asr\"\nformat = \"vosk\"\ndoor = \"speech\"", func(addr string) speaker {
			return newCaller(t, "ws://"+addr+"/in/speech", 0, voskFrames)
		}),
		coming("shop", 20, "protocol = \"webhook\"\nplatform = \"shopify\"\ndoor = \"shop\"", func(addr string) speaker {
			return newPoster(t, "http://"+addr+"/hook/shop")
		}))
	rooms[5].counted = true
	rooms[7].keeps, rooms[7].orders = true, true
	return rooms
}

// A broadcast is the eight rooms and the collector that watches them.
type broadcast struct {
	t          *testing.T
	rooms      []*watchedRoom
	config, db string
	collector  *process
	random     *rand.Rand
	log        []string // what was done
	done       map[string]int
	dealtRooms deck
	dealtHarms deck
}

func newBroadcast(t *testing.T, seed uint64) *broadcast {
	t.Helper()
	t.Setenv("ROOMS_TOKEN", doorToken)
	dir, addr := t.TempDir(), free(t)
	b := &broadcast{
		t: t, rooms: eightRooms(t, addr), config: filepath.Join(dir, "liveroom.toml"), db: filepath.Join(dir, "liveroom.db"),
		random: rand.New(rand.NewPCG(seed, 0)), done: map[string]int{},
	}
	var text strings.Builder
	fmt.Fprintf(&text, "[door]\nlisten = %q\n", addr)
	for _, w := range b.rooms {
		fmt.Fprintf(&text, "[[room]]\nid = %q\n[[room.source]]\n%s\n", w.room, w.config)
	}
	if err := os.WriteFile(b.config, []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return b
}

func (b *broadcast) collect() { b.collector = start(b.t, "collect", "--config", b.config) }

// note keeps what was done, for when the record does not fit.
func (b *broadcast) note(format string, args ...any) {
	b.log = append(b.log, time.Now().Format("15:04:05.000 ")+fmt.Sprintf(format, args...))
}

// speak lets every room speak until stop is closed.
func (b *broadcast) speak(stop <-chan struct{}) (done func()) {
	var speaking sync.WaitGroup
	for _, w := range b.rooms {
		speaking.Go(func() {
			tick := time.NewTicker(time.Second / time.Duration(w.rate))
			defer tick.Stop()
			for {
				select {
				case <-tick.C:
					w.tell()
				case <-stop:
					return
				}
			}
		})
	}
	return speaking.Wait
}

// A harm is one thing that happens to a room.
type harm struct {
	name string
	do   func(b *broadcast, w *watchedRoom)
}

var harms = []harm{
	{"cut within a frame", func(b *broadcast, w *watchedRoom) { w.breakAfter(1+b.random.IntN(400), b.random.IntN(2) == 0) }},
	{"reset", func(_ *broadcast, w *watchedRoom) { w.breakAll(true) }},
	{"polite end", func(_ *broadcast, w *watchedRoom) { w.goodbye() }},
	{"stuck, then going on", func(b *broadcast, w *watchedRoom) { w.stick(b.some(300*time.Millisecond, 1500*time.Millisecond)) }},
	{"stuck, then reset", func(b *broadcast, w *watchedRoom) {
		w.stick(time.Minute)
		time.Sleep(b.some(200*time.Millisecond, time.Second))
		w.breakAll(true)
	}},
	{"restart with its history", func(b *broadcast, w *watchedRoom) {
		w.shut()
		time.Sleep(b.some(200*time.Millisecond, time.Second))
		w.open()
	}},
	{"restart without its history", func(b *broadcast, w *watchedRoom) {
		w.shut()
		w.forget()
		time.Sleep(b.some(200*time.Millisecond, time.Second))
		w.open()
	}},
}

// some is a time between two.
func (b *broadcast) some(from, to time.Duration) time.Duration {
	return from + time.Duration(b.random.Int64N(int64(to-from)))
}

// A deck deals numbers in no order, each once before any comes again.
type deck []int

func (d *deck) deal(random *rand.Rand, of int) int {
	if len(*d) == 0 {
		*d = random.Perm(of)
	}
	n := (*d)[0]
	*d = (*d)[1:]
	return n
}

// harmRooms harms a room every now and then, so many times: no kind of harm and no
// room is spared for long.
func (b *broadcast) harmRooms(times int, every time.Duration) {
	for range times {
		time.Sleep(b.some(every/2, every))
		w, h := b.rooms[b.dealtRooms.deal(b.random, len(b.rooms))], harms[b.dealtHarms.deal(b.random, len(harms))]
		b.note("%s: %s", w.room, h.name)
		b.done[h.name]++
		healed := w.harm()
		h.do(b, w)
		healed()
	}
}

// stopAndGo ends the collector and starts it again: killed, or told to end.
func (b *broadcast) stopAndGo(kill bool) {
	b.t.Helper()
	for _, w := range b.rooms {
		defer w.harm()()
	}
	b.note("the collector is stopped, killed: %v", kill)
	if kill {
		_ = b.collector.cmd.Process.Kill()
		<-b.collector.done
		b.acknowledgedIsRecorded()
	} else {
		if err := b.collector.cmd.Process.Signal(syscall.SIGTERM); err != nil {
			b.t.Fatal(err)
		}
		b.collector.ends(2*time.Minute, exitDone)
	}
	time.Sleep(b.some(100*time.Millisecond, time.Second))
	b.collect()
}

// acknowledgedIsRecorded looks, after a kill, whether what a shop was told is safe
// is in the record.
func (b *broadcast) acknowledgedIsRecorded() {
	b.t.Helper()
	for _, w := range b.rooms {
		told, ok := w.speaker.(interface{ acknowledged() []int64 })
		if !ok {
			continue
		}
		acknowledged := told.acknowledged()
		recorded := map[int64]bool{}
		for _, r := range recordOf(b.t, b.db, "--room", w.room) {
			if n, is := w.eventOf(r); is {
				recorded[n] = true
			}
		}
		for _, n := range acknowledged {
			if !recorded[n] {
				b.t.Errorf("%s: %d was acknowledged and is not in the record", w.room, n)
			}
		}
		b.note("%s: %d acknowledged, %d recorded", w.room, len(acknowledged), len(recorded))
	}
}

// settle returns when the last event of each room is recorded. In a room that is
// not connected yet nobody hears it: then one more is said.
func (b *broadcast) settle(limit time.Duration) {
	b.t.Helper()
	end := time.Now().Add(limit)
	for _, w := range b.rooms {
		for try := 0; !b.heardLast(w); try++ {
			if time.Now().After(end) {
				b.t.Fatalf("%s: event %d is not recorded\n%s", w.room, w.count(), b.collector.said)
			}
			time.Sleep(300 * time.Millisecond)
			if !w.keeps && try%5 == 4 {
				w.tell()
			}
		}
	}
}

func (b *broadcast) heardLast(w *watchedRoom) bool {
	last := w.count()
	return slices.ContainsFunc(recordOf(b.t, b.db, "--room", w.room, "--since", "2m"), func(r recordedRow) bool {
		n, is := w.eventOf(r)
		return is && n == last
	})
}

// seedOf is the seed of this run: a new one, or the one that is to be repeated.
func seedOf(t *testing.T) uint64 {
	seed := uint64(time.Now().UnixNano())
	if s := os.Getenv("LIVEROOM_SEED"); s != "" {
		var err error
		if seed, err = strconv.ParseUint(s, 10, 64); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("seed %d: LIVEROOM_SEED=%d repeats it", seed, seed)
	return seed
}

// TestEightRooms: eight rooms of eight protocols at once, whose connections are cut
// in every way, whose servers are restarted with and without what they knew, under
// a collector that is killed, and told to end, and started again. The record equals
// what was said, plus gaps where nobody could say it again.
func TestEightRooms(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED by -short: eight rooms at once are NOT tested")
	}
	times, every, stops := 5, 900*time.Millisecond, 2 // some 20 s
	if os.Getenv(roomsEnv) == "full" {
		times, every, stops = 15, 6*time.Second, 8
	}
	b := newBroadcast(t, seedOf(t))
	b.collect()
	stop := make(chan struct{})
	b.begin()
	done := b.speak(stop)
	began := time.Now()
	for i := range stops {
		b.harmRooms(times, every)
		b.stopAndGo(i%2 == 0)
	}
	b.harmRooms(times, every)
	close(stop)
	done()
	b.settle(90 * time.Second)
	if err := b.collector.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	b.collector.ends(2*time.Minute, exitDone)
	t.Logf("spoke for %v", time.Since(began).Round(time.Second))
	b.judge()
}

// begin returns when every room is heard: what was said before a source was ever
// connected is nobody's loss.
func (b *broadcast) begin() {
	b.t.Helper()
	end := time.Now().Add(time.Minute)
	for _, err := os.Stat(b.db); err != nil && time.Now().Before(end); _, err = os.Stat(b.db) {
		time.Sleep(100 * time.Millisecond)
	}
	for _, w := range b.rooms {
		for heard := false; !heard; heard = b.heardLast(w) {
			if time.Now().After(end) {
				b.t.Fatalf("%s is not heard\n%s", w.room, b.collector.said)
			}
			w.tell()
			time.Sleep(300 * time.Millisecond)
		}
		w.opened = w.count()
	}
}

// judge holds the record against what was said.
func (b *broadcast) judge() {
	b.t.Helper()
	rows := map[string][]recordedRow{}
	for _, r := range recordOf(b.t, b.db) {
		rows[r.Room] = append(rows[r.Room], r)
	}
	failed := false
	for _, w := range b.rooms {
		v := w.judge(rows[w.room])
		b.t.Logf("%-8s %s, %d connections", w.room, v, w.connections())
		for _, f := range v.faults {
			failed = true
			b.t.Errorf("%s: %s", w.room, f)
		}
	}
	audit, _, _ := strings.Cut(output(b.t, built(b.t), "verify", "--db", b.db), "\n")
	b.t.Log(audit, b.done)
	if len(b.done) < len(harms) {
		b.t.Errorf("only %d of %d kinds of harm were done: this tests too little", len(b.done), len(harms))
	}
	if failed {
		b.t.Logf("what was done:\n%s", strings.Join(b.log, "\n"))
	}
}
