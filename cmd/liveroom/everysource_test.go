package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"liveroom/feed"
	"liveroom/feed/asr"
	"liveroom/feed/conformance"
	"liveroom/feed/webhook/webhooktest"
	"liveroom/moderation"
	"liveroom/moderation/privacy"
)

// sourceConfigs are what a user writes into the config to read the rooms that the
// conformance suite's servers play, without the addresses, which follow.
var sourceConfigs = map[string]string{
	"twitch":                               "protocol = \"twitch\"\nchannel = \"nanzhi\"\nnick = \"watcher\"\ntoken = \"sup3rs3cret\"",
	"twitch behind a service that repeats": "protocol = \"twitch\"\nchannel = \"nanzhi\"\nnick = \"watcher\"\ntoken = \"sup3rs3cret\"",
	"eventsub":                             "protocol = \"eventsub\"\nchannel = \"nanzhi\"\ntoken = \"sup3rs3cret\"",
	"bilibili open-live":                   "protocol = \"bilibili\"\napp_key = \"key\"\ntoken = \"biliS3cretOfTheProject\"\napp_id = 7\ncode = \"anchorC0de\"\nroom_id = 1000001",
	"bilibili web":                         "protocol = \"bilibili\"\nroom_id = 1000001\nbuvid = \"b\"\nundocumented = true\ntoken = \"biliT0kenOfThePage\"",
	"tmc":                                  "protocol = \"tmc\"\napp_key = \"12345678\"\ngroup = \"console\"\ntoken = \"EXAMPLESECRET\"",
	"cloudevents":                          "protocol = \"cloudevent\"\ntoken = \"a producer's token\"",
	"cloudevents without numbers":          "protocol = \"cloudevent\"\ntoken = \"a producer's token\"",
	"cloudevents at the door":              "protocol = \"cloudevent\"" + atTheDoor,
	"dycast":                               "protocol = \"barrage\"\norigins = [\"http://localhost:5173\"]" + atTheDoor,
	"kuaishou web":                         "protocol = \"kuaishou\"\nchannel = \"xK2dLive\"\nundocumented = true\ntoken = \"ku4ish0uT0ken\"",
	"kuaishou web without ids":             "protocol = \"kuaishou\"\nchannel = \"xK2dLive\"\nundocumented = true\ntoken = \"ku4ish0uT0ken\"",
	"barragegrab, dialect A":               "protocol = \"barrage\"",
	"barragegrab, dialect B":               "protocol = \"barrage\"",
	"webcast":                              "protocol = \"barrage\"",
	"webcast shopping":                     "protocol = \"barrage\"",
	"douyinlive":                           "protocol = \"douyinlive\"\ntoken = \"r3layK3y\"",
	"oba-live-tool":                        "protocol = \"oba\"",
	"oba-live-tool orders":                 "protocol = \"oba\"",
	"tikfinity":                            "protocol = \"tikfinity\"",
	"stripe":                               "protocol = \"stripe\"\ntoken = \"sk_test_4eC39H\"",
}

const atTheDoor = "\ndoor = \"tool\"\ntoken = \"a token of the tests' door\""

// sourceConfig is what a user writes to read what a subject plays.
func sourceConfig(t *testing.T, name string) string {
	t.Helper()
	if config, known := sourceConfigs[name]; known {
		return config
	}
	if format, is := strings.CutSuffix(name, " at the door"); is && slices.Contains(asr.Formats, format) {
		return fmt.Sprintf("protocol = \"asr\"\nformat = %q", format) + atTheDoor
	}
	if format, is := strings.CutSuffix(name, " that is sent sound"); is {
		return fmt.Sprintf("protocol = \"asr\"\nformat = %q\naudio = [\"sh\", \"-c\", \"while :; do head -c 9600 /dev/zero; sleep 0.3; done\"]", format)
	}
	if slices.Contains(webhooktest.Platforms(), name) {
		return fmt.Sprintf("protocol = \"webhook\"\nplatform = %q\ndoor = \"shop\"\ntoken = %q", name, webhooktest.Secret(name))
	}
	t.Fatalf("sourceConfigs says nothing of %s: what does a user write to read it?", name)
	return ""
}

// A playedRoom is one source before the built program.
type playedRoom struct {
	t          *testing.T
	subject    conformance.Subject
	room       conformance.Room
	config, db string
	program    *process
	joins      int
	said       []conformance.Message
}

// TestEverySourceByTheProgram plays every protocol's server against the built
// program: it logs in, is told things, some of them twice, is kicked, is killed and
// started again, and told to end. What its own commands then tell of the record is
// what the server said, and a gap where the protocol does not say again what was
// missed. What was acknowledged is in the record.
func TestEverySourceByTheProgram(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED by -short: no protocol is played against the built program")
	}
	for _, s := range conformance.Subjects() {
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			openPlayed(t, s).play()
		})
	}
}

func openPlayed(t *testing.T, s conformance.Subject) *playedRoom {
	t.Helper()
	config := sourceConfig(t, s.Name)
	gate := conformance.NewGate()
	p := &playedRoom{t: t, subject: s, room: s.Open(t, conformance.Stage{Gate: gate})}
	t.Cleanup(func() { gate.Shut(); p.room.Close(); gate.Close() })
	dir := t.TempDir()
	p.config, p.db = filepath.Join(dir, "liveroom.toml"), filepath.Join(dir, "liveroom.db")
	text := "[[room]]\nid = \"r\"\n[[room.source]]\n" + config + "\n"
	if s.Way == "" {
		text += addressesOf(p.room)
	} else {
		addr := free(t)
		text = fmt.Sprintf("[door]\nlisten = %q\n", addr) + text
		p.room.(interface{ At(addr string) }).At(addr)
	}
	if err := os.WriteFile(p.config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return p
}

// addressesOf are where a room's server listens: the room itself, and the
// platform's API.
func addressesOf(r conformance.Room) string {
	var text string
	if api, ok := r.(interface{ API() string }); ok {
		text = fmt.Sprintf("api = %q\n", api.API())
	}
	if at, ok := r.(interface{ URL() string }); ok && at.URL() != "" { // else the platform tells where to connect
		text += fmt.Sprintf("url = %q\n", at.URL())
	}
	return text
}

const playPatience = time.Minute

func (p *playedRoom) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatalf("%v\n%s", err, p.program.said)
	}
}

// starts starts the program, which joins the room.
func (p *playedRoom) starts() {
	p.t.Helper()
	p.program = start(p.t, "collect", "--config", p.config)
	p.joined()
}

func (p *playedRoom) joined() {
	p.t.Helper()
	p.joins++
	p.must(p.room.WaitJoined(p.joins, playPatience))
}

// say says so many new messages.
func (p *playedRoom) say(n int) {
	p.t.Helper()
	for range n {
		i := len(p.said) + 1
		m := conformance.Message{
			ID: strconv.Itoa(1<<53 + i), Author: strconv.Itoa(1<<53 + 1000 + i%3), Name: "用户" + strconv.Itoa(i%3),
			Role: feed.RoleViewer, At: time.Now().Truncate(time.Second), Text: line(int64(i)),
		}
		p.said = append(p.said, m)
		p.must(p.room.Say(m))
	}
}

// listed waits until the record holds so many messages.
func (p *playedRoom) listed(n int) {
	p.t.Helper()
	var story []string
	for end := time.Now().Add(playPatience); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		if _, err := os.Stat(p.db); err != nil {
			continue
		}
		story = p.story()
		if len(slices.DeleteFunc(slices.Clone(story), isGap)) >= n {
			return
		}
	}
	p.t.Fatalf("%d messages should be in the record: %v\n%s", n, story, p.program.said)
}

func isGap(s string) bool { return s == "gap" }

// story is what the program's own command tells of the room: messages by their
// number, gaps, and whatever nobody said.
func (p *playedRoom) story() []string {
	p.t.Helper()
	kind := p.subject.Expected(conformance.Message{ID: "1"}).Kind
	var out []string
	for _, r := range recordOf(p.t, p.db, "--room", "r") {
		switch {
		case r.Gap != nil:
			out = append(out, "gap")
		case r.Partial || r.Kind != kind:
		default:
			out = append(out, p.numberOf(r))
		}
	}
	return out
}

// numberOf tells which message a row is.
func (p *playedRoom) numberOf(r recordedRow) string {
	why := "nobody said anything"
	for i, m := range p.said {
		if why = p.differs(r, m); why == "" {
			return strconv.Itoa(i + 1)
		}
		if r.Text == m.Text {
			break
		}
	}
	return fmt.Sprintf("%+v (%s)", r, why)
}

// differs tells in what a row is not the message as it is shown to who may not see
// personal data.
func (p *playedRoom) differs(r recordedRow, m conformance.Message) string {
	return p.differsFrom(r, m, moderation.Veil(nil).Event(p.subject.Expected(m)))
}

// differsFrom tells in what a row is not want, which m should come to.
func (p *playedRoom) differsFrom(r recordedRow, m conformance.Message, want feed.Event) string {
	if !p.subject.Can(conformance.IDs) {
		want.ID = ""
	}
	switch {
	case r.Kind != want.Kind:
		return fmt.Sprintf("kind %s", want.Kind)
	case want.OrderID != "" && r.OrderID != want.OrderID:
		return fmt.Sprintf("order %s", want.OrderID)
	case r.Text != want.Text:
		return fmt.Sprintf("text %q", want.Text)
	case want.ID != "" && r.ID != want.ID && r.ID != strings.Replace(want.ID, m.ID, privacy.Order(m.ID), 1): // an order's number
		return fmt.Sprintf("id %s", want.ID)
	case p.subject.Can(conformance.Times) && !r.At.Equal(want.At):
		return fmt.Sprintf("at %s", want.At)
	case r.User.ID != want.User.ID || r.User.Name != want.User.Name:
		return fmt.Sprintf("user %+v", want.User)
	}
	return ""
}

func (p *playedRoom) play() {
	t, s := p.t, &p.subject
	p.starts()
	p.say(2)
	p.listed(2)
	want := []string{"1", "2"}
	if s.Can(conformance.IDs) { // said again, it is one event
		p.must(p.room.Say(p.said[1]))
	}
	p.must(p.room.(conformance.Kicker).Kick())
	p.joined()
	p.say(1)
	p.listed(3)
	if !s.Can(conformance.HandsOff) && !s.Can(conformance.Resumes) {
		want = append(want, "gap")
	}
	want = append(want, "3")

	if err := p.program.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	<-p.program.done
	p.acknowledgedIsListed()
	p.say(1) // nobody listens
	p.starts()
	p.say(1)
	switch {
	case s.Can(conformance.Resumes):
		want = append(want, "4", "5")
	case s.Repeats: // the last it said, which may not be all that was missed
		want = append(want, "gap", "4", "5")
	default:
		want = append(want, "gap", "5")
	}
	p.listed(len(slices.DeleteFunc(slices.Clone(want), isGap)))
	if err := p.program.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	p.program.ends(playPatience, exitDone)
	p.acknowledgedIsListed()
	if got := p.story(); !slices.Equal(got, want) {
		t.Errorf("the record tells %v, want %v\n%s", got, want, p.program.said)
	}
	output(t, built(t), "verify", "--db", p.db)
}

// acknowledgedIsListed: what the peer was told is safe is in the record.
func (p *playedRoom) acknowledgedIsListed() {
	p.t.Helper()
	told, ok := p.room.(conformance.Acknowledged)
	if !ok {
		return
	}
	story := p.story()
	for _, id := range told.Acked() {
		i := slices.IndexFunc(p.said, func(m conformance.Message) bool { return m.ID == id })
		if i < 0 || !slices.Contains(story, strconv.Itoa(i+1)) {
			p.t.Errorf("%s was acknowledged and is not in the record: %v", id, story)
		}
	}
}
