package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"liveroom/feed/conformance"
)

// A beat is how a protocol keeps its connections. seen returns when the peer has seen
// it from a program that is told nothing.
type beat struct {
	what string
	seen func(*keptRoom) error
	ends bool // seen has the peer fall silent, so that the program gives it up
}

// beats are the heartbeats of the protocols that have one, by subject. Any other says
// in conformance.Subject.Cannot why it has none; of it the websocket's own pings are
// seen.
var beats = map[string]beat{
	"bilibili open-live":                   {what: "a heartbeat packet (operation 2) each 30 s", seen: counted},
	"bilibili web":                         {what: "a heartbeat packet (operation 2) each 30 s", seen: counted},
	"kuaishou web":                         {what: "CS_HEARTBEAT each 20 s", seen: counted},
	"kuaishou web without ids":             {what: "CS_HEARTBEAT each 20 s", seen: counted},
	"tmc":                                  {what: "a PullRequest each 30 s", seen: counted},
	"douyinlive":                           {what: "the text ping each 30 s", seen: counted},
	"twitch":                               {what: "the server's PING is answered; a PING of ours comes after 4 minutes, which nobody waits for here", seen: ponged},
	"twitch behind a service that repeats": {what: "the same", seen: ponged},
	"eventsub":                             {what: "keepalives of the server's alone: while they come nothing is said, and when they end there is a new connection", seen: missed, ends: true},
}

// keptFor is longer than EventSub is borne without a keepalive.
const keptFor = 17 * time.Second

// beatPatience is longer than the longest beat that is waited for, on a busy machine.
const beatPatience = time.Minute

func counted(r *keptRoom) error { return r.room.(conformance.Beater).WaitBeats(1, beatPatience) }

func ponged(r *keptRoom) error {
	twitch := r.room.(interface {
		Ping()
		WaitPongs(n int, patience time.Duration) error
	})
	twitch.Ping()
	return twitch.WaitPongs(1, beatPatience)
}

func missed(r *keptRoom) error {
	time.Sleep(keptFor)
	twitch := r.room.(interface {
		Hush()
		Said() int
	})
	if err := r.stayed(); err != nil {
		return err
	}
	if dialler, _ := r.wire.pinged(); dialler+twitch.Said() > 0 {
		return fmt.Errorf("%d pings and %d messages were sent to a peer that wants none", dialler, twitch.Said())
	}
	twitch.Hush()
	return r.room.WaitJoined(2, beatPatience)
}

// pinged is the websocket's own ping, by whichever side the program is.
func pinged(r *keptRoom) error {
	for end := time.Now().Add(beatPatience); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		dialler, target := r.wire.pinged()
		if r.subject.Way == conformance.DialsIn && target > 0 || r.subject.Way == "" && dialler > 0 {
			return nil
		}
	}
	return errors.New("no ping was seen")
}

// A keptRoom is a room in which nobody says anything.
type keptRoom struct {
	subject conformance.Subject
	room    conformance.Room
	wire    *wire
	id      string
	err     error // of listen
}

// beat is how the room is kept.
func (r *keptRoom) beat() beat {
	if b, has := beats[r.subject.Name]; has {
		return b
	}
	return beat{what: "none: " + r.subject.Cannot[conformance.Beats], seen: pinged}
}

// listen asks the room whether it was kept by its beat, and by nothing else.
func (r *keptRoom) listen() {
	b := r.beat()
	if r.err = b.seen(r); r.err == nil && !b.ends {
		r.err = r.stayed()
	}
}

// stayed tells whether the first connection is the only one.
func (r *keptRoom) stayed() error {
	if r.room.WaitJoined(2, 0) == nil {
		return errors.New("there was a second connection")
	}
	return nil
}

var loopback = regexp.MustCompile(`127\.0\.0\.1:\d+`)

// A silence is a collector and the quiet rooms that it watches.
type silence struct {
	t       *testing.T
	rooms   []*keptRoom
	program *process
	config  string // what a user writes
	db      string
}

// roomsMost is how many rooms one collector watches.
const roomsMost = 8

// silences are the collectors that the subjects need: each tool that dials in has a
// door of its own, as all of them know the same path.
func silences(t *testing.T) []*silence {
	t.Helper()
	var all []*silence
	dialling := &silence{t: t}
	doors := map[string]bool{} // of the protocols that have one
	for _, s := range conformance.Subjects() {
		protocol, _, _ := strings.Cut(sourceConfig(t, s.Name), "\n")
		switch {
		case s.Way == conformance.Posts:
			t.Logf("%s: none: %s", s.Name, s.Cannot[conformance.Beats])
		case s.Way == conformance.DialsIn && doors[protocol]:
			t.Logf("%s: as the other tools of its protocol", s.Name)
		case s.Way == conformance.DialsIn:
			doors[protocol] = true
			at := &silence{t: t}
			at.open(s)
			all = append(all, at)
		default:
			if len(dialling.rooms) == 0 || len(dialling.rooms) == roomsMost {
				dialling = &silence{t: t}
				all = append(all, dialling)
			}
			dialling.open(s)
		}
	}
	return all
}

// open starts a subject's server behind a wire.
func (s *silence) open(subject conformance.Subject) {
	s.t.Helper()
	gate := conformance.NewGate()
	r := &keptRoom{subject: subject, room: subject.Open(s.t, conformance.Stage{Gate: gate}), id: strconv.Itoa(len(s.rooms))}
	s.t.Cleanup(func() { gate.Shut(); r.room.Close(); gate.Close() })
	s.rooms = append(s.rooms, r)
	var addresses string
	if subject.Way == conformance.DialsIn {
		door := free(s.t)
		s.config = fmt.Sprintf("[door]\nlisten = %q\n", door)
		r.wire = newWire(s.t, door)
		r.room.(interface{ At(addr string) }).At(r.wire.addr)
	} else {
		addresses = addressesOf(r.room)
		r.wire = newWire(s.t, loopback.FindString(addresses))
		addresses = strings.ReplaceAll(addresses, r.wire.target, r.wire.addr)
	}
	s.config += fmt.Sprintf("[[room]]\nid = %q\n[[room.source]]\n%s\n%s", r.id, sourceConfig(s.t, subject.Name), addresses)
}

// start starts the collector.
func (s *silence) start() {
	s.t.Helper()
	dir := s.t.TempDir()
	s.db = filepath.Join(dir, "liveroom.db")
	config := filepath.Join(dir, "liveroom.toml")
	if err := os.WriteFile(config, []byte(s.config), 0o600); err != nil {
		s.t.Fatal(err)
	}
	s.program = start(s.t, "collect", "--config", config)
}

// joined returns when every room was joined.
func (s *silence) joined() {
	s.t.Helper()
	for _, r := range s.rooms {
		if err := r.room.WaitJoined(1, playPatience); err != nil {
			s.t.Fatalf("%s: %v\n%s", r.subject.Name, err, s.program.said)
		}
	}
}

// judge tells of each room how it was kept. Only a connection that had to be given up
// leaves a gap.
func (s *silence) judge() {
	s.t.Helper()
	var given []string
	for _, r := range s.rooms {
		if r.err != nil {
			s.t.Errorf("%s (%s): %v\n%s", r.subject.Name, r.beat().what, r.err, s.program.said)
		}
		s.t.Logf("%s: %s", r.subject.Name, r.beat().what)
		if r.beat().ends {
			given = append(given, r.id)
		}
	}
	// The peer sees the new connection before the record has its gap.
	told := s.gaps()
	for end := time.Now().Add(beatPatience); len(told) < len(given) && time.Now().Before(end); told = s.gaps() {
		time.Sleep(100 * time.Millisecond)
	}
	if !slices.Equal(told, given) {
		s.t.Errorf("gaps in the rooms %q, want them in %q\n%s", told, given, s.program.said)
	}
}

// gaps are the rooms of the recorded gaps.
func (s *silence) gaps() []string {
	s.t.Helper()
	var rooms []string
	for _, e := range recordOf(s.t, s.db) {
		if e.Gap != nil {
			rooms = append(rooms, e.Room)
		}
	}
	return rooms
}

// TestEverySourceIsKeptAlive: the built program, in rooms where nobody says anything,
// sends the heartbeats that each protocol asks for, as the peer itself sees them, and
// none where they are not wanted; where a protocol knows none, the websocket's pings.
func TestEverySourceIsKeptAlive(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED by -short: no heartbeat of the built program is waited for")
	}
	t.Parallel()
	for _, s := range conformance.Subjects() {
		if _, beats := beats[s.Name]; beats != s.Can(conformance.Beats) {
			t.Errorf("%s: that it has a heartbeat of its own is said here: %v; that it has none, in Cannot: %q", s.Name, beats, s.Cannot[conformance.Beats])
		}
	}
	all := silences(t)
	for _, s := range all {
		s.start()
	}
	for _, s := range all {
		s.joined()
	}
	var asked sync.WaitGroup
	for _, s := range all {
		for _, r := range s.rooms {
			asked.Go(r.listen)
		}
	}
	asked.Wait()
	for _, s := range all {
		s.judge()
	}
}
