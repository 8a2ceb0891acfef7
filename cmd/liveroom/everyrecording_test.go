package main

import (
	"bufio"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/gorilla/websocket"

	"liveroom/feed/conformance"
)

// TestEverySourceIsRecordedAndPlayedAgain plays every protocol's server against
// `liveroom record`: those that are dialled, tools and shops that come by the door, and
// recognisers that are sent sound. It says things, ends the connection, says more, and
// the program is told to end. What `liveroom decode` reads in the file is what was said,
// once each and with its times; so is what it reads of the frames that `liveroom replay`
// plays of it.
func TestEverySourceIsRecordedAndPlayedAgain(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED by -short: no protocol is played against the built program")
	}
	for _, s := range conformance.Subjects() {
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			r := &recordedRoom{playedRoom: openPlayed(t, s)}
			r.protocol = regexp.MustCompile(`protocol = "(\w+)"`).FindStringSubmatch(sourceConfig(t, s.Name))[1]
			r.file = filepath.Join(filepath.Dir(r.config), "room.jsonl")
			r.play()
		})
	}
}

// A recordedRoom is a source before the recorder.
type recordedRoom struct {
	*playedRoom
	protocol, file string
}

func (r *recordedRoom) play() {
	t := r.t
	r.program = start(t, "record", "--config", r.config, "--room", "r", "-o", r.file)
	r.joined()
	r.say(2)
	r.recorded(2)
	if r.subject.Can(conformance.IDs) { // said again, it is one event
		r.must(r.room.Say(r.said[1]))
	}
	r.must(r.room.(conformance.Kicker).Kick())
	r.joined()
	r.say(1)
	r.recorded(3)
	r.program.leaves()
	r.fileIsPrivate()

	want := []string{"1", "2", "3"}
	events := output(t, built(t), "decode", r.protocol, r.file)
	if got := r.storyOf(events, true); !slices.Equal(got, want) {
		t.Errorf("the recording tells %v, want %v\n%s", got, want, events)
	}
	again := output(t, built(t), "decode", r.protocol, r.replayed())
	if got := r.storyOf(again, false); !slices.Equal(got, want) {
		t.Errorf("its replay tells %v, want %v\n%s", got, want, again)
	}
	if slices.Contains(comingOnly, r.protocol) {
		r.watched(want)
	}
}

// watched: a console that dials the replay of what came to us has it in its record.
func (r *recordedRoom) watched(want []string) {
	t := r.t
	t.Helper()
	player, url := r.plays()
	dir := t.TempDir()
	config := filepath.Join(dir, "liveroom.toml")
	r.db = filepath.Join(dir, "liveroom.db")
	text := fmt.Sprintf("[[room]]\nid = \"r\"\n[[room.source]]\nprotocol = %q\nreplay = true\nurl = %q\n", r.protocol, url)
	r.must(os.WriteFile(config, []byte(text), 0o600))
	r.program = start(t, "collect", "--once", "--config", config)
	r.program.ends(playPatience, exitDone)
	player.leaves()
	if got := slices.DeleteFunc(r.story(), isGap); !slices.Equal(got, want) {
		t.Errorf("the record of its replay tells %v, want %v\n%s", got, want, r.program.said)
	}
}

// fileIsPrivate: what is recorded is for who recorded it, and no secret is in it.
func (r *recordedRoom) fileIsPrivate() {
	r.t.Helper()
	info, err := os.Stat(r.file)
	if err != nil {
		r.t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 {
		r.t.Errorf("the recording is open to others: %v", info.Mode())
	}
	text, err := os.ReadFile(r.file)
	if err != nil {
		r.t.Fatal(err)
	}
	for _, secret := range r.subject.Secrets {
		if strings.Contains(string(text), secret) {
			r.t.Errorf("%q is in the recording", secret)
		}
	}
}

// recorded waits until so many messages are in the file.
func (r *recordedRoom) recorded(n int) {
	r.t.Helper()
	var story []string
	for end := time.Now().Add(playPatience); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		text, err := os.ReadFile(r.file)
		if err != nil {
			continue
		}
		whole := string(text[:strings.LastIndexByte(string(text), '\n')+1])
		events, _, _ := decoded(r.t, whole, r.protocol)
		if story = r.storyOf(events, true); len(story) >= n {
			return
		}
	}
	r.t.Fatalf("%d messages should be in the recording: %v\n%s", n, story, r.program.said)
}

// storyOf tells which messages decoded events are, by their numbers, and whatever
// nobody said. A replay tells no times but those in the messages.
func (r *recordedRoom) storyOf(events string, timed bool) []string {
	r.t.Helper()
	kind := r.subject.Expected(conformance.Message{ID: "1"}).Kind
	var out []string
	for text := range strings.Lines(events) {
		var row recordedRow
		if err := json.Unmarshal([]byte(text), &row); err != nil {
			r.t.Fatalf("%v: %s", err, text)
		}
		if row.Partial || row.Kind != kind {
			continue
		}
		if timed && (row.At.IsZero() || time.Since(row.At) > time.Hour) {
			r.t.Errorf("it came at %s: %s", row.At, text)
		}
		out = append(out, r.messageOf(row))
	}
	return out
}

// messageOf tells which message a decoded event is.
func (r *recordedRoom) messageOf(row recordedRow) string {
	why := "nobody said anything"
	for i, m := range r.said {
		if why = r.differsFrom(row, m, r.subject.Expected(m)); why == "" {
			return strconv.Itoa(i + 1)
		}
		if row.Text == m.Text {
			break
		}
	}
	return fmt.Sprintf("%+v (%s)", row, why)
}

// replayed is a file of the frames that `liveroom replay` plays of the recording.
func (r *recordedRoom) replayed() string {
	t := r.t
	t.Helper()
	player, url := r.plays()
	conn, resp, err := (&websocket.Dialer{Subprotocols: []string{"cloudevents.json"}}).DialContext(t.Context(), url, http.Header{})
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	defer func() { _ = conn.Close() }()
	path := filepath.Join(filepath.Dir(r.file), "replayed.jsonl")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines := bufio.NewWriter(f)
	for {
		_ = conn.SetReadDeadline(time.Now().Add(playPatience))
		kind, data, err := conn.ReadMessage()
		if err != nil {
			var closed *websocket.CloseError
			if !errors.As(err, &closed) || closed.Code != websocket.CloseNormalClosure {
				t.Fatalf("the replay ends with %v", err)
			}
			break
		}
		op := map[int]string{websocket.TextMessage: "text", websocket.BinaryMessage: "binary"}[kind]
		line, err := json.Marshal(map[string]any{"dir": "in", "op": op, "b64": data})
		if err != nil {
			t.Fatal(err)
		}
		_, _ = lines.Write(append(line, '\n'))
	}
	r.must(lines.Flush())
	player.leaves()
	return path
}

// plays starts `liveroom replay` of the recording.
func (r *recordedRoom) plays() (p *process, url string) {
	r.t.Helper()
	p = start(r.t, "replay", r.file, "--listen", "127.0.0.1:0", "--speed", "max")
	p.says(playPatience, " at ws://")
	p.says(playPatience, "\n")
	return p, regexp.MustCompile(`at (ws://\S+)`).FindStringSubmatch(p.said.String())[1]
}

// leaves tells the program to end, which is no error.
func (p *process) leaves() {
	p.t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		p.t.Fatal(err)
	}
	p.ends(playPatience, exitDone)
}
