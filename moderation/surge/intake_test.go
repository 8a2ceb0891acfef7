package surge_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"liveroom/feed"
	"liveroom/feed/cloudevent"
	"liveroom/moderation"
	"liveroom/moderation/query"
	"liveroom/moderation/risk"
	"liveroom/moderation/sqlite"
	"liveroom/moderation/surge"
)

// What is promised of the way in, of a machine that does nothing else.
const (
	promisedIntake = 20_000 // events a second
	promisedFlag   = 30 * time.Millisecond
	flagRate       = 5_000       // events a second at which a flag is that quick
	promisedSearch = time.Second // once they are in: the index has kept up
)

// leastIntake is what every build must show, of events for each second of processor
// time: how much of that it gets, on a machine that does something else, tells
// nothing.
const leastIntake = 5_000

func full() bool { return os.Getenv("LIVEROOM_INTAKE") == "full" }

// lasting is for how long is measured; LIVEROOM_INTAKE=full measures the promise.
func lasting(t *testing.T) time.Duration {
	t.Helper()
	if testing.Short() {
		t.Skip("SKIPPED by -short: how fast events come in is NOT measured; run without it")
	}
	if full() {
		return 30 * time.Second
	}
	last, err := time.ParseDuration(os.Getenv("LIVEROOM_INTAKE"))
	if err != nil {
		return 2 * time.Second
	}
	return last
}

// TestEventsComeInFast: from a loopback websocket through decoding, cleaning, known
// events and checks into a committed record that is whole and can be searched.
func TestEventsComeInFast(t *testing.T) {
	last := lasting(t)
	for _, rooms := range []int{1, 8} {
		t.Run(fmt.Sprint("rooms ", rooms), func(t *testing.T) {
			bare := bareReader(t, crowd{rooms, 0, min(last, 5*time.Second)})
			got := takeIn(t, crowd{rooms, 0, last})
			got.log(t)
			t.Logf("a bare reader with encoding/json takes %.0f a second; the ratio is %.3f", bare, got.perSecond/bare)
			if full() && got.perSecond < promisedIntake {
				t.Errorf("%.0f events a second were recorded, %d are promised", got.perSecond, promisedIntake)
			}
			if full() && got.searched > promisedSearch {
				t.Errorf("a search took %v behind %d events: the index did not keep up", got.searched, got.events)
			}
			if each := float64(got.events) / got.self.Seconds(); got.self > 0 && each < leastIntake {
				t.Errorf("%.0f events were recorded in a second of processor time, at least %d are expected", each, leastIntake)
			}
		})
	}
}

// TestAFlagIsCommittedAtOnce: what the host says that is not so stands in the record
// soon after its frame came, however many talk.
func TestAFlagIsCommittedAtOnce(t *testing.T) {
	last := lasting(t)
	for _, rooms := range []int{1, 8} {
		t.Run(fmt.Sprint("rooms ", rooms), func(t *testing.T) {
			got := takeIn(t, crowd{rooms, flagRate, last})
			got.log(t)
			p99 := at(got.flags, 99)
			t.Logf("%d flags committed after their frames came: %v at the median, %v at the 99th percentile, %v at most; after they were sent: %v, %v, %v",
				len(got.flags), at(got.flags, 50), p99, at(got.flags, 100), at(got.sentFlags, 50), at(got.sentFlags, 99), at(got.sentFlags, 100))
			if len(got.flags) == 0 || full() && p99 > promisedFlag {
				t.Errorf("of %d flags the 99th percentile took %v, %v is promised", len(got.flags), p99, promisedFlag)
			}
		})
	}
}

// taken is what taking in came to.
type taken struct {
	events           int64
	took             time.Duration
	perSecond        float64
	self, sender     time.Duration // processor time
	waits            []time.Duration
	flags, sentFlags []time.Duration
	batches          int
	held             int64 // most memory
	size             int64 // of the record
	searched         time.Duration
	allocated        uint64
}

func (of taken) log(t *testing.T) {
	t.Helper()
	core := func(d time.Duration) float64 { return 100 * d.Seconds() / of.took.Seconds() }
	n := float64(of.events)
	t.Logf("%d events in %.1f s, %.0f a second, in batches of %.0f, committed %v after they came at the median, %v at the 99th percentile",
		of.events, of.took.Seconds(), of.perSecond, n/float64(of.batches), at(of.waits, 50), at(of.waits, 99))
	t.Logf("%.1f µs of processor time an event, %.0f %% of a core (the sender %.0f %%); %.1f kB allocated and %.0f bytes of file an event; %d MB held at most; searched in %v",
		float64(of.self.Microseconds())/n, core(of.self), core(of.sender), float64(of.allocated)/n/1000, float64(of.size)/n, of.held>>20, of.searched.Round(time.Millisecond/10))
}

func at(times []time.Duration, percent int) time.Duration {
	if len(times) == 0 {
		return 0
	}
	slices.Sort(times)
	return times[min(len(times)-1, len(times)*percent/100)].Round(time.Millisecond / 10)
}

// A timing sink notes when what was handed to it is committed.
type timing struct {
	feed.Sink
	mu    sync.Mutex
	taken taken
	first time.Time
	last  time.Time
}

func (s *timing) Commit(ctx context.Context, b feed.Batch) error {
	err := s.Sink.Commit(ctx, b)
	now := time.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.first.IsZero() || b.Events[0].Recv.Before(s.first) {
		s.first = b.Events[0].Recv
	}
	s.last = now
	s.taken.batches++
	s.taken.waits = append(s.taken.waits, now.Sub(b.Events[0].Recv))
	for i := range b.Events {
		if e := &b.Events[i]; e.Kind == feed.KindTranscript && surge.False(e.Text) {
			s.taken.flags = append(s.taken.flags, now.Sub(e.Recv))
			s.taken.sentFlags = append(s.taken.sentFlags, now.Sub(e.At))
		}
	}
	return err
}

// intakeDesk is a desk as the console opens it, on a record in a file.
func intakeDesk(tb testing.TB, file string) (*moderation.Desk, *sqlite.Store) {
	tb.Helper()
	store, err := sqlite.Open(tb.Context(), file)
	if err != nil {
		tb.Fatal(err)
	}
	checker, err := surge.Checker()
	if err != nil {
		tb.Fatal(err)
	}
	rules, err := risk.Shipped()
	if err != nil {
		tb.Fatal(err)
	}
	desk, err := moderation.NewDesk(tb.Context(), moderation.Config{Store: store, Checker: checker, Risk: rules})
	if err != nil {
		tb.Fatal(err)
	}
	return desk, store
}

// takeIn records what a crowd says, and holds the record against what was sent.
func takeIn(t *testing.T, c crowd) taken {
	t.Helper()
	file := filepath.Join(t.TempDir(), "intake.db")
	desk, store := intakeDesk(t, file)
	defer store.Close()
	watcher := desk.Subscribe() // somebody watches
	defer watcher.Close()
	ctx, stop := context.WithCancel(t.Context())
	var watching sync.WaitGroup
	watching.Go(func() {
		for {
			if _, err := watcher.Next(ctx); err != nil {
				return
			}
		}
	})
	defer watching.Wait()
	defer stop()
	from := startSender(t, c)
	sink := &timing{Sink: desk}
	profile(t, fmt.Sprintf("%d-%d", c.rooms, c.rate))
	user, system := processorTime()
	before := user + system
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	allocated := memory.TotalAlloc
	var running sync.WaitGroup
	for i := range c.rooms {
		running.Go(func() {
			if err := crowdSource(t, from, i).Run(t.Context(), sink); err != nil {
				t.Error(err)
			}
		})
	}
	running.Wait()
	user, system = processorTime()
	profileEnd()
	runtime.ReadMemStats(&memory)
	got := sink.taken
	got.self, got.held, got.allocated = user+system-before, mostHeld(), memory.TotalAlloc-allocated
	got.took = sink.last.Sub(sink.first)
	sent, busy := from.end(t)
	got.events, got.sender, got.perSecond = sent, busy, float64(sent)/got.took.Seconds()
	began := time.Now()
	holdsAll(t, store, c, sent, len(got.flags))
	got.searched = time.Since(began)
	if info, err := os.Stat(file); err == nil {
		got.size = info.Size()
	}
	return got
}

// crowdSource is a source that listens to one room of the sender.
func crowdSource(tb testing.TB, from *sender, room int) *feed.Source {
	protocol, err := cloudevent.New(cloudevent.Config{URL: from.url + "/" + roomName(room)})
	if err != nil {
		tb.Fatal(err)
	}
	source, err := feed.NewSource(feed.Config{
		Source: roomName(room), Room: roomName(room), Refused: func(err error) { tb.Error(err) }, Dial: dialShort,
	}, protocol)
	if err != nil {
		tb.Fatal(err)
	}
	return source
}

// dialShort dials with short buffers: what has been sent and not read is worked off
// when the sender has ended, and should not be seconds of work.
func dialShort(ctx context.Context, network, addr string) (net.Conn, error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, network, addr)
	if err == nil {
		err = conn.(*net.TCPConn).SetReadBuffer(1 << 18)
	}
	return conn, err
}

// holdsAll checks that the record is what was sent, can be searched, and has a flag
// for each false sentence.
func holdsAll(t *testing.T, store *sqlite.Store, c crowd, sent int64, flags int) {
	t.Helper()
	ctx := context.Background()
	for i := range c.rooms {
		pos, err := store.Position(ctx, roomName(i))
		if err != nil {
			t.Fatal(err)
		}
		of := pos.Offset - firstSent + 1 // each source's offsets go on without a hole
		want := (of - 1 - 11 + 10_007) / 10_007
		if found := searched(t, store, roomName(i)); found != want {
			t.Errorf("%s: %d lines hold %s, %d were sent", roomName(i), found, surge.Seldom, want)
		}
		sent -= of
	}
	if sent != 0 {
		t.Errorf("%d events more were sent than the sources came to", sent)
	}
	counts, err := store.Counts(ctx)
	if err != nil {
		t.Fatal(err)
	}
	all := int64(0)
	for i := range c.rooms {
		pos, _ := store.Position(ctx, roomName(i))
		all += pos.Offset - firstSent + 1
	}
	if counts.Events != all || counts.Gaps != 0 || counts.Duplicated != 0 || counts.Flags != int64(flags) {
		t.Errorf("the record holds %+v; %d events were sent, of which %d raise a flag", counts, all, flags)
	}
}

// searched is how many lines of a room hold the word that is seldom there.
func searched(t *testing.T, store *sqlite.Store, room string) (n int64) {
	t.Helper()
	q, err := query.Parse(moderation.ListEvents, surge.Seldom)
	if err != nil {
		t.Fatal(err)
	}
	filter := q.Bind(query.Env{Now: time.Now()})
	for page := (moderation.Page{Room: room, Before: math.MaxInt64}); ; {
		found, err := query.Find[moderation.Recorded](context.Background(), store, filter, page)
		if err != nil {
			t.Fatal(err)
		}
		n += int64(len(found.Rows))
		if !found.More {
			return n
		}
		page.Before = found.Next
	}
}

// bareReader is how many of the same frames a second a reader takes that does
// nothing but read and unmarshal, a goroutine a room.
func bareReader(t *testing.T, c crowd) float64 {
	t.Helper()
	from := startSender(t, c)
	var reading sync.WaitGroup
	began := time.Now()
	for i := range c.rooms {
		conn, resp, err := websocket.DefaultDialer.Dial(from.url+"/"+roomName(i), nil)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		reading.Go(func() {
			defer conn.Close()
			for {
				_, data, err := conn.ReadMessage()
				if err != nil {
					return
				}
				var e bareEvent
				if err := json.Unmarshal(data, &e); err != nil {
					t.Error(err)
				}
			}
		})
	}
	reading.Wait()
	took := time.Since(began)
	sent, _ := from.end(t)
	return float64(sent) / took.Seconds()
}

// A bareEvent is the frames as the simplest program would read them.
type bareEvent struct {
	SpecVersion, ID, Source, Type, Subject, Time, Epoch string
	Offset                                              int64
	Data                                                struct {
		User struct{ ID, Name, Role string }
		Text string
	}
}

// profile writes a CPU profile into the folder that LIVEROOM_INTAKE_PROFILE names.
func profile(tb testing.TB, name string) {
	dir := os.Getenv("LIVEROOM_INTAKE_PROFILE")
	if dir == "" {
		return
	}
	f, err := os.Create(filepath.Join(dir, strings.ReplaceAll(tb.Name(), "/", "-")+"-"+name+".cpu"))
	if err == nil {
		err = pprof.StartCPUProfile(f)
	}
	if err != nil {
		tb.Fatal(err)
	}
}

func profileEnd() { pprof.StopCPUProfile() }
