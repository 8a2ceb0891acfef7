package conformance

import (
	"fmt"
	"os"
	"os/exec"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"liveroom/feed"
)

// flawEnv makes the test binary play one scene twice: with a source that is sound,
// and with one that is flawed, in which it must fail.
const flawEnv = "LIVEROOM_TEST_FLAW"

// A flaw is something that goes wrong in a source, with the scene that has to see it
// and what the scene then says.
type flaw struct {
	scene string
	seen  string         // names the flaw in the failure
	of    func() Subject // nil: Twitch

	// What is spoilt; nil: it is as it should be.
	config  func(*feed.Config)
	reader  func(feed.Protocol) feed.Protocol
	session func(feed.Session) feed.Session
	decoded func(*feed.Decoded)
	record  func(feed.Sink) feed.Sink
}

// subject is what the scene is played with.
func (f *flaw) subject() Subject {
	if f.of == nil {
		return Twitch()
	}
	return f.of()
}

// spoil is what Subject.spoil wants.
func (f *flaw) spoil(cfg *feed.Config, p feed.Protocol, s feed.Sink) (feed.Protocol, feed.Sink) {
	if f.config != nil {
		f.config(cfg)
	}
	p = flawedProtocol{p, f}
	if f.reader != nil {
		p = f.reader(p)
	}
	if f.record != nil {
		s = f.record(s)
	}
	return p, s
}

type flawedProtocol struct {
	feed.Protocol
	flaw *flaw
}

func (p flawedProtocol) NewSession(pos feed.Position) feed.Session {
	s := p.Protocol.NewSession(pos)
	if p.flaw.session != nil {
		s = p.flaw.session(s)
	}
	return flawedSession{s, p.flaw}
}

func (p flawedProtocol) Unwrap() feed.Protocol { return p.Protocol }

type flawedSession struct {
	feed.Session
	flaw *flaw
}

func (s flawedSession) Decode(f feed.Frame, recv time.Time) feed.Decoded {
	d := s.Session.Decode(f, recv)
	if s.flaw.decoded != nil {
		s.flaw.decoded(&d)
	}
	return d
}

func (s flawedSession) Unwrap() feed.Session { return s.Session }

// playOf is what s is played in c, and whether it is a moment of leaving.
func playOf(name string, s *Subject) (play func(*play), leaves bool) {
	for _, c := range slices.Concat(scenes, leaving) {
		if c.name != name {
			continue
		}
		leaves = slices.ContainsFunc(leaving, func(l scene) bool { return l.name == name })
		if c.needs != "" && !s.can(c.needs) {
			return c.instead, leaves
		}
		return c.play, leaves
	}
	return nil, false
}

const (
	sound  = "sound"
	spoilt = "flawed"
	// flawPatience is how long a scene waits for what a flawed source never does:
	// longer than any of these scenes takes with a sound one.
	flawPatience = 10 * time.Second
)

// TestAFlawedSource plays a scene as flawEnv says.
func TestAFlawedSource(t *testing.T) {
	name := os.Getenv(flawEnv)
	if name == "" {
		t.Skip("is played by TestTheSuiteSeesEveryFlaw")
	}
	f := flaws[name]
	check := Check
	s := f.subject()
	if _, leaves := playOf(f.scene, &s); leaves {
		check = Leave
	}
	t.Run(sound, func(t *testing.T) { check(t, s, nil) })
	patience, s.spoil = flawPatience, f.spoil
	t.Run(spoilt, func(t *testing.T) { check(t, s, nil) })
}

// TestTheSuiteSeesEveryFlaw shows that scenes can fail, and that it is the flaw they
// fail for: with the same source unspoilt each passes, and what it says of the
// spoilt one tells what is wrong.
func TestTheSuiteSeesEveryFlaw(t *testing.T) {
	t.Parallel()
	for name, f := range flaws {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			scene := strings.ReplaceAll(f.scene, " ", "_")
			only := fmt.Sprintf("^TestAFlawedSource$/^(%s|%s)$/^%s$", sound, spoilt, strings.ReplaceAll(scene, "^", `\^`))
			play := exec.CommandContext(t.Context(), os.Args[0], "-test.run="+only, "-test.v")
			play.Env = append(os.Environ(), flawEnv+"="+name)
			out, err := play.CombinedOutput()
			told := string(out)
			began := strings.LastIndex(told, "=== RUN   TestAFlawedSource/"+spoilt+"\n")
			switch {
			case err == nil || began < 0:
				t.Fatalf("the scene %q: %v\n%s", f.scene, err, told)
			case !strings.Contains(told, "--- PASS: TestAFlawedSource/"+sound+"/"+scene):
				t.Errorf("the scene %q does not pass with a source that is sound:\n%s", f.scene, told)
			case !strings.Contains(told, "--- FAIL: TestAFlawedSource/"+spoilt+"/"+scene):
				t.Errorf("the scene %q does not see the flaw:\n%s", f.scene, told)
			case !strings.Contains(told[began:], f.seen):
				t.Errorf("the scene %q fails and does not say %q:\n%s", f.scene, f.seen, told[began:])
			}
		})
	}
}

// TestEveryPlayHasAFlaw: what no flaw is known for may not be able to fail.
func TestEveryPlayHasAFlaw(t *testing.T) {
	seen := map[uintptr]bool{}
	for name, f := range flaws {
		s := f.subject()
		play, _ := playOf(f.scene, &s)
		if play == nil {
			t.Errorf("%s: there is no scene %q", name, f.scene)
			continue
		}
		seen[reflect.ValueOf(play).Pointer()] = true
	}
	for _, c := range slices.Concat(scenes, leaving) {
		if !seen[reflect.ValueOf(c.play).Pointer()] {
			t.Errorf("the scene %q has no flaw that it must see", c.name)
		}
		if c.instead != nil && !seen[reflect.ValueOf(c.instead).Pointer()] {
			t.Errorf("what is played instead of %q has no flaw that it must see", c.name)
		}
	}
}
