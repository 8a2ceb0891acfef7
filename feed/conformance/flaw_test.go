package conformance

import (
	"errors"
	"math"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"liveroom/feed"
)

// flawEnv makes the test binary play one scene with a flawed source, in which it
// must fail.
const flawEnv = "LIVEROOM_TEST_FLAW"

// flaws are what goes wrong in sources, each with the scene that has to see it.
var flaws = map[string]struct {
	scene string
	spoil func(*feed.Decoded)
}{
	"none": {"a burst stays in order", func(*feed.Decoded) {}},
	"loses the last message of a frame": {"a burst stays in order", func(d *feed.Decoded) {
		d.Events = d.Events[:max(0, len(d.Events)-1)]
	}},
	"turns a frame round": {"late and out of order", func(d *feed.Decoded) { slices.Reverse(d.Events) }},
	"reads ids as floats": {"numbers beyond 2^53 stay apart", each(func(e *feed.Event) {
		if n, err := strconv.ParseFloat(e.ID, 64); err == nil {
			e.ID = strconv.FormatFloat(math.Round(n), 'f', 0, 64)
		}
	})},
	"numbers what it reads itself": {"what is said again is one event", each(func(e *feed.Event) {
		if e.Kind == feed.KindChat {
			e.ID += ":" + strconv.FormatInt(time.Now().UnixNano(), 10)
		}
	})},
	"dates everything itself":  {"late and out of order", each(func(e *feed.Event) { e.At = time.Time{} })},
	"knows no roles":           {"roles", each(func(e *feed.Event) { e.User.Role = feed.RoleViewer })},
	"forgets what to withdraw": {"withdrawn", each(func(e *feed.Event) { e.Retracts = "" })},
	"strips what it fears": {"hostile text", each(func(e *feed.Event) {
		e.Text = strings.ReplaceAll(e.Text, "\x1b", "")
	})},
	"passes over what it does not know": {"a command of next year's", func(d *feed.Decoded) {
		d.Refused = nil
		d.Events = slices.DeleteFunc(d.Events, func(e feed.Event) bool { return e.Code == "unknown" })
	}},
	"passes over what it cannot read": {"a broken frame", func(d *feed.Decoded) { d.Refused = nil }},
	"goes on when it is not let in":   {"login refused", func(d *feed.Decoded) { d.Fatal = nil }},
	"tells its token": {"login refused", func(d *feed.Decoded) {
		if d.Fatal != nil {
			d.Fatal = errors.New("make a new token: oauth:stale is not good")
		}
	}},
	"stays when it is asked to come again": {"kicked", func(d *feed.Decoded) { d.Redial = false }},
	"leaves something behind": {"leave while connected", func(*feed.Decoded) {
		go time.Sleep(time.Minute)
	}},
	"goes at every word": {"heartbeats keep the connection", func(d *feed.Decoded) {
		d.Redial = d.Redial || slices.ContainsFunc(d.Events, func(e feed.Event) bool { return e.Kind == feed.KindChat })
	}},
}

func each(spoil func(*feed.Event)) func(*feed.Decoded) {
	return func(d *feed.Decoded) {
		for i := range d.Events {
			spoil(&d.Events[i])
		}
	}
}

// A flawedRoom is read by a flawed source.
type flawedRoom struct {
	*twitchRoom
	spoil func(*feed.Decoded)
}

func (r *flawedRoom) Source(cfg *feed.Config) (feed.Protocol, error) {
	p, err := r.twitchRoom.Source(cfg)
	return flawed{p, r.spoil}, err
}

type flawed struct {
	feed.Protocol
	spoil func(*feed.Decoded)
}

func (f flawed) NewSession(pos feed.Position) feed.Session {
	return flawedSession{f.Protocol.NewSession(pos), f.spoil}
}

func (f flawed) Unwrap() feed.Protocol { return f.Protocol }

type flawedSession struct {
	feed.Session
	spoil func(*feed.Decoded)
}

func (s flawedSession) Decode(f feed.Frame, recv time.Time) feed.Decoded {
	d := s.Session.Decode(f, recv)
	s.spoil(&d)
	return d
}

func (s flawedSession) Unwrap() feed.Session { return s.Session }

func TestAFlawedSource(t *testing.T) {
	name := os.Getenv(flawEnv)
	if name == "" {
		t.Skip("is played by TestTheSuiteSeesEveryFlaw")
	}
	patience = 3 * time.Second
	s := Twitch()
	s.Open = func(_ testing.TB, stage Stage) Room { return &flawedRoom{newTwitch(stage, 0), flaws[name].spoil} }
	if strings.HasPrefix(flaws[name].scene, "leave ") {
		Leave(t, s, nil)
	} else {
		Check(t, s, nil)
	}
}

// TestTheSuiteSeesEveryFlaw shows that scenes can fail.
func TestTheSuiteSeesEveryFlaw(t *testing.T) {
	for name, flaw := range flaws {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			scene := strings.NewReplacer(" ", "_", "^", `\^`).Replace(flaw.scene)
			play := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestAFlawedSource$/^"+scene+"$", "-test.v")
			play.Env = append(os.Environ(), flawEnv+"="+name)
			out, err := play.CombinedOutput()
			if !strings.Contains(string(out), "TestAFlawedSource/"+strings.ReplaceAll(flaw.scene, " ", "_")) {
				t.Fatalf("the scene was not played: %v\n%s", err, out)
			}
			if saw := err != nil; saw != (name != "none") {
				t.Errorf("the scene %q: %v\n%s", flaw.scene, err, out)
			}
		})
	}
}
