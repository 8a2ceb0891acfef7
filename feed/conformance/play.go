package conformance

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"liveroom/feed"
	"liveroom/feed/feedtest"
)

// patience is for what happens at once on a quiet machine.
var patience = time.Minute

const (
	// stopsIn is how long the program may take to leave, whatever its peer does.
	stopsIn = 8 * time.Second
	// firstID is beyond 2^53, and odd: a float would make its neighbour of it.
	firstID    = 1<<53 + 1
	sourceName = "conformance/source"
	roomName   = "南枝小院"
	// hurried makes a minute of a peer's silence 3 s: long enough for a busy machine to
	// answer, short enough to wait for.
	hurried = 20
	// usualBeats of 30 s each are longer than silence is borne.
	usualBeats = 3
)

// A play is one case: a room, a program that reads it, and what it wrote down.
type play struct {
	t       *testing.T
	subject Subject
	gate    *Gate
	room    Room
	sink    *strict
	pace    feed.Pace

	joined  int // how often the room should have been joined so far
	said    int
	ids     map[string]bool // keys of events that messages should come to
	odd     int             // how much that cannot be read or known was said
	program *program        // nil: not running
}

// open starts the room's server.
func open(t *testing.T, s Subject, sink Sink, pace feed.Pace, denied bool) *play {
	t.Helper()
	p := &play{pace: pace, t: t, subject: s, gate: NewGate(), sink: &strict{Sink: sink, t: t}, ids: map[string]bool{}}
	p.room = s.Open(t, Stage{Gate: p.gate, Denied: denied})
	t.Cleanup(p.close)
	return p
}

// close ends everything, the program first.
func (p *play) close() {
	if p.program != nil {
		p.stop()
	}
	if p.room != nil {
		p.gate.Shut()
		p.room.Close()
		p.gate.Close()
		p.room = nil
	}
}

// must ends the case when something did not happen in time.
func (p *play) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatalf("%v\nstates: %s\nrecord: %v", err, p.program.history(), p.record())
	}
}

// A program is one start of the program, reading the room.
type program struct {
	cancel context.CancelFunc
	done   chan struct{}
	err    error // after done

	news     feedtest.News
	statuses []feed.Status
	refused  []error
	source   *feed.Source // nil: a Runner's
}

// start starts the program. With joins it waits until the room was joined.
func (p *play) start(joins bool) {
	p.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	run := &program{cancel: cancel, done: make(chan struct{})}
	p.program = run
	cfg := feed.Config{
		Source: sourceName, Room: roomName, Pace: p.pace, Dial: p.gate.Dial,
		Jitter: func() float64 { return 0.01 },
		Status: func(s feed.Status) {
			run.news.Lock()
			defer run.news.Unlock()
			run.statuses = append(run.statuses, s)
			run.news.Changed()
		},
		Refused: func(err error) {
			run.news.Lock()
			defer run.news.Unlock()
			run.refused = append(run.refused, err)
			run.news.Changed()
		},
	}
	read, err := p.reader(&cfg)
	if err != nil {
		p.t.Fatal(err)
	}
	go func() {
		defer close(run.done)
		run.err = read(ctx)
	}()
	if joins {
		p.joins()
	}
}

// reader makes what reads the room, as cfg says.
func (p *play) reader(cfg *feed.Config) (func(context.Context) error, error) {
	protocol, err := p.room.Source(cfg)
	if err != nil {
		return nil, err
	}
	// As the program names its sources.
	if named, ok := protocol.(interface{ Source() string }); ok {
		cfg.Source = named.Source()
	}
	sink := feed.Sink(p.sink)
	if p.subject.spoil != nil {
		protocol, sink = p.subject.spoil(cfg, protocol, sink)
	}
	if r, ok := p.room.(interface{ reads(feed.Protocol) }); ok {
		r.reads(protocol)
	}
	if runner, ok := p.room.(Runner); ok {
		return func(ctx context.Context) error { return runner.Run(ctx, *cfg, sink) }, nil
	}
	src, err := feed.NewSource(*cfg, protocol)
	if err != nil {
		return nil, err
	}
	p.program.source = src
	return func(ctx context.Context) error { return src.Run(ctx, sink) }, nil
}

// joins waits until the room was joined once more.
func (p *play) joins() {
	p.t.Helper()
	p.joined++
	p.must(p.room.WaitJoined(p.joined, patience))
}

// stop ends the program as a person does, and looks at what it left.
func (p *play) stop() {
	p.t.Helper()
	run := p.program
	run.cancel()
	select {
	case <-run.done:
	case <-time.After(stopsIn):
		p.t.Errorf("the program has not left %s after it was told to; states: %s", stopsIn, run.history())
		<-run.done
	}
	p.program = nil
	if run.err != nil {
		p.t.Errorf("the program ended with: %v", run.err)
	}
	p.look(run)
}

// look asks what a program told, of what it must not and what it had to.
func (p *play) look(run *program) {
	p.t.Helper()
	run.news.Lock()
	defer run.news.Unlock()
	told := slices.Clone(run.refused)
	for _, s := range run.statuses {
		told = append(told, s.Err)
	}
	for _, err := range append(told, run.err) {
		for _, secret := range p.subject.Secrets {
			if err != nil && strings.Contains(err.Error(), secret) {
				p.t.Errorf("a secret was told: %v", err)
			}
		}
	}
	torn := func(err error) bool { // a post that a cut left half read is told, and comes again
		return p.subject.Way == Posts && strings.Contains(err.Error(), "was not read")
	}
	if refused := slices.DeleteFunc(slices.Clone(run.refused), torn); p.odd == 0 && len(refused) > 0 {
		p.t.Errorf("refused what the peer may say: %v", refused)
	}
}

// waitState waits until the program told of state.
func (run *program) waitState(state feed.State) error {
	return run.news.Wait("times "+string(state), 1, patience, func() int {
		n := 0
		for _, s := range run.statuses {
			if s.State == state {
				n++
			}
		}
		return n
	})
}

// told finds the first status of a state.
func (run *program) told(state feed.State) (feed.Status, bool) {
	run.news.Lock()
	defer run.news.Unlock()
	i := slices.IndexFunc(run.statuses, func(s feed.Status) bool { return s.State == state })
	if i < 0 {
		return feed.Status{}, false
	}
	return run.statuses[i], true
}

// history is what the program told of itself.
func (run *program) history() string {
	if run == nil {
		return "not running"
	}
	run.news.Lock()
	defer run.news.Unlock()
	var b strings.Builder
	for _, s := range run.statuses {
		fmt.Fprintf(&b, "%s", s.State)
		if s.Err != nil {
			fmt.Fprintf(&b, " (%v)", s.Err)
		}
		b.WriteString("; ")
	}
	fmt.Fprintf(&b, "refused %v", run.refused)
	return b.String()
}

// message makes the next message, which no other is like.
func (p *play) message() Message {
	n := p.said
	p.said++
	m := Message{
		ID: strconv.Itoa(firstID + n), Author: strconv.Itoa(firstID + 1000 + n%3), Name: "用户" + strconv.Itoa(n%3),
		Role: feed.RoleViewer, At: time.Now().Truncate(time.Second), Text: "第" + strconv.Itoa(n) + "句：这个还有货吗？",
	}
	p.ids[p.key(m)] = true
	return m
}

func (p *play) messages(n int) []Message {
	all := make([]Message, n)
	for i := range all {
		all[i] = p.message()
	}
	return all
}

// say says messages that were made.
func (p *play) say(messages ...Message) {
	p.t.Helper()
	for _, m := range messages {
		p.ids[p.key(m)] = true
	}
	p.must(p.room.Say(messages...))
}

// keep tells of an event whether it belongs to the story: what people said, even
// what nobody said, and what was not heard. What a protocol tells of itself does not.
func (p *play) keep(e feed.Event) bool {
	key := p.subject.key(e)
	return e.Kind == feed.KindGap || p.ids[key] || key != "" && e.Kind == p.subject.expected(Message{ID: "1"}).Kind
}

// key is that of the event that m should come to.
func (p *play) key(m Message) string { return p.subject.key(p.subject.expected(m)) }

const gap = "gap"

// record is the story as it was written down: keys, and gaps.
func (p *play) record() []string {
	return p.shown(p.sink.Events(p.keep))
}

func (p *play) shown(events []feed.Event) []string {
	var all []string
	for _, e := range events {
		if e.Kind == feed.KindGap {
			all = append(all, gap)
		} else {
			all = append(all, p.subject.key(e))
		}
	}
	return all
}

// story is a record as it should be. Parts are messages, lists of them, and gap.
func (p *play) story(parts ...any) []string {
	var all []string
	for _, part := range parts {
		switch part := part.(type) {
		case Message:
			all = append(all, p.key(part))
		case []Message:
			for _, m := range part {
				all = append(all, p.key(m))
			}
		case string:
			all = append(all, part)
		default:
			p.t.Fatalf("%T is no part of a story", part)
		}
	}
	return all
}

// recorded waits for a story, and asks that it is the whole record. To see that
// nothing is doubled, the story's end must have been said after everything else.
func (p *play) recorded(parts ...any) {
	p.t.Helper()
	want := p.story(parts...)
	late := p.sink.Wait(len(want), p.keep, patience)
	if got := p.record(); late != nil || !slices.Equal(got, want) {
		p.t.Fatalf("the record is not what was said: %s (late: %v)\nrecorded %v\nwant     %v\nstates: %s", contrast(got, want), late, got, want, p.program.history())
	}
	for _, e := range p.sink.Events(func(e feed.Event) bool { return e.Kind == feed.KindGap }) {
		g := e.Gap
		if g == nil || g.From.IsZero() || g.To.Before(g.From) || g.Reason == "" || e.Room != roomName {
			p.t.Errorf("a gap that tells nothing: %+v of room %q", g, e.Room)
		}
	}
}

// contrast says in what a record is not what it should be.
func contrast(got, want []string) string {
	missing, unwanted := beyond(want, got), beyond(got, want)
	switch {
	case len(missing)+len(unwanted) > 0:
		return fmt.Sprintf("missing %v, not wanted %v", missing, unwanted)
	case !slices.Equal(got, want):
		return "in another order"
	}
	return "the same"
}

// beyond is what of a is not in b as often.
func beyond(a, b []string) []string {
	left := slices.Clone(b)
	var more []string
	for _, s := range a {
		if i := slices.Index(left, s); i >= 0 {
			left = slices.Delete(left, i, i+1)
		} else {
			more = append(more, s)
		}
	}
	return more
}

// find is the event that m came to.
func (p *play) find(m Message) feed.Event {
	p.t.Helper()
	key := p.key(m)
	all := p.sink.Events(func(e feed.Event) bool { return p.subject.key(e) == key })
	if len(all) != 1 {
		p.t.Fatalf("%d events %s, want one", len(all), key)
	}
	return all[0]
}

// same asks that m came to what it should.
func (p *play) same(m Message) {
	p.t.Helper()
	got, want := p.find(m), p.subject.expected(m)
	var wrong []string
	differ := func(what string, differs bool, got, want any) {
		if differs {
			wrong = append(wrong, fmt.Sprintf("%s %q, want %q", what, got, want))
		}
	}
	differ("kind", got.Kind != want.Kind, got.Kind, want.Kind)
	differ("text", got.Text != want.Text, got.Text, want.Text)
	differ("user", got.User.ID != want.User.ID, got.User.ID, want.User.ID)
	differ("name", got.User.Name != want.User.Name, got.User.Name, want.User.Name)
	differ("role", got.User.Role != want.User.Role, got.User.Role, want.User.Role)
	differ("room", got.Room != roomName, got.Room, roomName)
	at := want.At
	if !p.subject.can(Times) && !at.IsZero() {
		at = got.Recv
	}
	differ("time", !at.IsZero() && !got.At.Equal(at), got.At, at) // Expect may leave it open
	if len(wrong) > 0 {
		p.t.Errorf("message %s came to %s", m.ID, strings.Join(wrong, "; "))
	}
}

var errEnded = errors.New("the program ended")

// ended waits until the program gave up by itself, and returns why.
func (p *play) ended() error {
	p.t.Helper()
	select {
	case <-p.program.done:
	case <-time.After(patience):
		p.t.Fatalf("the program has not given up; states: %s", p.program.history())
	}
	run := p.program
	p.program = nil
	run.cancel()
	p.look(run)
	if run.err == nil {
		return errEnded
	}
	return run.err
}
