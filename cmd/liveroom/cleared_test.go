package main

import (
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"liveroom/feed"
	"liveroom/feed/conformance"
)

// TestAClearedChatByTheProgram: whoever is banned at a source of which one can tell so
// has what they wrote before struck out in what the program lists and finds, and nothing
// of what they write afterwards; so has everybody whose chat is emptied. What was said
// stays, and the record verifies.
func TestAClearedChatByTheProgram(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED by -short: no chat is cleared before the built program")
	}
	for _, s := range conformance.Subjects() {
		if !s.Can(conformance.Clears) {
			continue
		}
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			p := openPlayed(t, s)
			p.starts()
			p.say(4) // of three people: the first and the last are one
			p.clear(p.said[0])
			p.say(3)
			p.listed(7)
			p.struck("user_", []int{1, 4})
			p.clear(conformance.Message{})
			p.say(1)
			p.listed(8)
			p.struck("user_", []int{1, 4})
			p.struck(feed.CodeChatCleared, []int{2, 3, 5, 6, 7})
			if err := p.program.cmd.Process.Signal(syscall.SIGTERM); err != nil {
				t.Fatal(err)
			}
			p.program.ends(playPatience, exitDone)
			if got := p.story(); !slices.Equal(got, []string{"1", "2", "3", "4", "5", "6", "7", "8"}) {
				t.Errorf("the record tells %v\n%s", got, p.program.said)
			}
			output(t, built(t), "verify", "--db", p.db)
		})
	}
}

func (p *playedRoom) clear(of conformance.Message) {
	p.t.Helper()
	p.must(p.room.(conformance.Clearer).Clear(of, time.Now().Truncate(time.Second)))
}

// struck asks which messages the listings tell were withdrawn by an event whose code
// begins so, all of them or those that a query finds.
func (p *playedRoom) struck(code string, want []int) {
	p.t.Helper()
	codes := map[int64]string{}
	for _, r := range recordOf(p.t, p.db, "--room", "r") {
		codes[r.Index] = r.Code
	}
	for _, args := range [][]string{{"--room", "r"}, {"--query", "kind:chat"}, {"--query", line(1) + " or " + line(4) + " or kind:chat", "--room", "r"}} {
		var got []int
		for _, r := range recordOf(p.t, p.db, args...) {
			if !strings.HasPrefix(codes[r.WithdrawnBy], code) {
				continue
			}
			n, err := strconv.Atoi(p.numberOf(r))
			if err != nil || r.WithdrawnAt.Before(r.At) {
				p.t.Errorf("withdrawn at %s: %v", r.WithdrawnAt, p.numberOf(r))
			}
			got = append(got, n)
		}
		if !slices.Equal(got, want) {
			p.t.Errorf("%v: by %s are withdrawn %v, want %v\n%s", args, code, got, want, p.program.said)
		}
	}
}
