package record

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"liveroom/feed"
	"liveroom/feed/feedtest/corpus"
	"liveroom/feed/feedtest/fuzzed"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var start = time.Date(2026, 11, 20, 20, 0, 0, 0, time.FixedZone("", 8*3600))

func TestWhatIsWrittenIsReadAgain(t *testing.T) {
	frames := []Frame{
		{Frame: feed.Frame{Data: []byte("你好 \x1b[31m")}, T: 5 * time.Millisecond, At: start.Add(5 * time.Millisecond)},
		{Frame: feed.Frame{Data: []byte("PONG")}, T: 6 * time.Millisecond, At: start.Add(6 * time.Millisecond), Out: true},
		{Frame: feed.Frame{Data: []byte{0, 1, 0xff}, Binary: true}, T: time.Second, At: start.Add(72 * time.Hour)},
		{Frame: feed.Frame{Data: []byte("bad \xff")}, T: time.Second, At: start.Add(time.Second)},
		{Frame: feed.Frame{Data: []byte("")}, T: 2 * time.Second, At: start.Add(2 * time.Second), Conn: 1},
		{Frame: feed.Frame{Data: []byte(""), Binary: true}, T: 2 * time.Second, At: start.Add(1900 * time.Millisecond), Out: true, Sound: true},
	}
	var file bytes.Buffer
	head := Header{Protocol: "cloudevent", Room: "南枝小院", Source: "demo", Start: start, Epoch: "e1"}
	w, err := NewWriter(&file, head)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range frames {
		if err := w.Write(f); err != nil {
			t.Fatal(err)
		}
	}
	want := `{"liveroom_record":1,"protocol":"cloudevent","room":"南枝小院","source":"demo","start":"2026-11-20T20:00:00+08:00","epoch":"e1"}
{"t":5,"dir":"in","op":"text","text":"你好 \u001b[31m"}
{"t":6,"dir":"out","op":"text","text":"PONG"}
{"t":1000,"at":"2026-11-23T20:00:00+08:00","dir":"in","op":"binary","b64":"AAH/"}
{"t":1000,"dir":"in","op":"text","b64":"YmFkIP8="}
{"t":2000,"conn":1,"dir":"in","op":"text","text":""}
{"t":2000,"at":"2026-11-20T20:00:01.9+08:00","dir":"out","op":"binary","sound":true,"b64":""}
`
	if file.String() != want {
		t.Errorf("wrote\n%swant\n%s", file.String(), want)
	}
	rec, err := Read("r.jsonl", strings.NewReader(file.String()))
	if err != nil {
		t.Fatal(err)
	}
	if rec.Protocol != head.Protocol || rec.Room != head.Room || rec.Source != head.Source || !rec.Start.Equal(start) || rec.Epoch != "e1" {
		t.Errorf("header %+v", rec.Header)
	}
	if len(rec.Frames) != len(frames) {
		t.Fatalf("%d frames", len(rec.Frames))
	}
	for i, got := range rec.Frames {
		want := frames[i]
		if !bytes.Equal(got.Data, want.Data) || got.Binary != want.Binary || got.T != want.T || !got.At.Equal(want.At) || got.Out != want.Out || got.Conn != want.Conn || got.Sound != want.Sound {
			t.Errorf("frame %d: %+v, want %+v", i, got, want)
		}
	}
}

// TestPostsAreWrittenAndReadAgain: to the byte, with what was answered, and what is
// decoded of a post is its line.
func TestPostsAreWrittenAndReadAgain(t *testing.T) {
	at := start.Add(7 * time.Millisecond)
	frames := []Frame{
		{T: 7 * time.Millisecond, At: at, Post: &Post{Shop: "shopify", Method: "POST", Path: "/hook/shop", Headers: map[string]string{"X-Shopify-Topic": "orders/paid", "Content-Type": "application/json"}, Body: []byte("{\"id\":1}\n")}},
		{T: 9 * time.Millisecond, At: start.Add(9 * time.Millisecond), Out: true, Post: &Post{Status: 200, Body: []byte{}}},
		{T: 9 * time.Millisecond, At: at, Post: &Post{Shop: "kuaishou-shop", Body: []byte("\x00\xff"), Plain: `{"msgId":1}`}},
	}
	want := `{"liveroom_record":1,"protocol":"webhook","start":"2026-11-20T20:00:00+08:00"}
{"t":7,"dir":"in","op":"http","proto":"shopify","method":"POST","path":"/hook/shop","headers":{"Content-Type":"application/json","X-Shopify-Topic":"orders/paid"},"body":"{\"id\":1}\n"}
{"t":9,"dir":"out","op":"http","status":200,"body":""}
{"t":9,"at":"2026-11-20T20:00:00.007+08:00","dir":"in","op":"http","b64":"AP8=","proto":"kuaishou-shop","plain":"{\"msgId\":1}"}
`
	var file bytes.Buffer
	w, err := NewWriter(&file, Header{Protocol: "webhook", Start: start})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range frames {
		if err := w.Write(f); err != nil {
			t.Fatal(err)
		}
	}
	if file.String() != want {
		t.Errorf("wrote\n%swant\n%s", file.String(), want)
	}
	rec, err := Read("r.jsonl", strings.NewReader(want))
	if err != nil || len(rec.Frames) != len(frames) {
		t.Fatalf("%+v, %v", rec, err)
	}
	lines := strings.Split(want, "\n")[1:]
	for i, got := range rec.Frames {
		if w := frames[i]; !reflect.DeepEqual(got.Post, w.Post) || got.T != w.T || !got.At.Equal(w.At) || got.Out != w.Out || string(got.Data) != lines[i] {
			t.Errorf("post %d: %+v of %+v, want %+v", i, got, got.Post, w.Post)
		}
	}
	var told []string
	for f, err := range Frames("r.jsonl", strings.NewReader(want)) {
		if err != nil || !f.At.Equal(at) {
			t.Errorf("at %s, %v", f.At, err)
		}
		told = append(told, string(f.Data))
	}
	if !slices.Equal(told, []string{lines[0], lines[2]}) {
		t.Errorf("to be decoded: %q", told)
	}
}

// TestFramesTellWhenTheyCame: of a recording; of lines by hand nobody knows, nor of
// times that cannot be.
func TestFramesTellWhenTheyCame(t *testing.T) {
	const in = `"dir":"in","op":"text","text":"x"}` + "\n"
	lines := `{"t":5,` + in + `{"liveroom_record":1,"protocol":"p","start":"2026-11-20T20:00:00+08:00"}` + "\n" +
		`{"t":5,` + in + `{"t":6,"at":"2026-11-20T21:00:00+08:00",` + in + `{"t":9223372036854775807,` + in + `{"t":-1,` + in
	want := []time.Time{{}, start.Add(5 * time.Millisecond), start.Add(time.Hour), {}, {}}
	i := 0
	for f, err := range Frames("f.jsonl", strings.NewReader(lines)) {
		if err != nil || i == len(want) || !f.At.Equal(want[i]) {
			t.Errorf("frame %d came at %s, %v", i+1, f.At, err)
		}
		i++
	}
	if i != len(want) {
		t.Errorf("%d frames", i)
	}
}

func TestWriterKeepsTimeRising(t *testing.T) {
	var file bytes.Buffer
	w, err := NewWriter(&file, Header{Protocol: "p", Start: start})
	if err != nil {
		t.Fatal(err)
	}
	for _, at := range []time.Duration{time.Minute, 30 * time.Second} {
		if err := w.Write(Frame{T: at}); err != nil {
			t.Fatal(err)
		}
	}
	rec, err := Read("r", &file)
	if err != nil {
		t.Fatal(err)
	}
	if f := rec.Frames[1]; f.T != time.Minute || !f.At.Equal(start.Add(30*time.Second)) {
		t.Errorf("after the clock was set back: %+v", f)
	}
}

type brokenDisk struct{ left int }

func (d *brokenDisk) Write(p []byte) (int, error) {
	if d.left--; d.left < 0 {
		return 0, errors.New("no space left")
	}
	return len(p), nil
}

func TestWriterKeepsItsError(t *testing.T) {
	disk := &brokenDisk{left: 1}
	w, err := NewWriter(disk, Header{Protocol: "p", Start: start})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := w.Write(Frame{}); err == nil || err.Error() != "write recording: no space left" {
			t.Errorf("error %v", err)
		}
		disk.left = 10
	}
	if _, err := NewWriter(&brokenDisk{}, Header{Protocol: "p", Start: start}); err == nil {
		t.Error("a header that was not written is no error")
	}
	for _, h := range []Header{{Protocol: "p"}, {Start: start}} {
		if _, err := NewWriter(disk, h); err == nil {
			t.Errorf("header %+v was taken", h)
		}
	}
}

func TestReaderNamesTheLine(t *testing.T) {
	const head = `{"liveroom_record":1,"protocol":"p","start":"2026-11-20T20:00:00+08:00"}` + "\n"
	const ok = `{"t":10,"dir":"in","op":"text","text":"x"}` + "\n"
	const post = `{"t":10,"dir":"in","op":"http","headers":{},"body":"x"}` + "\n"
	tests := []struct{ name, file, want string }{
		{"empty", "", "f: empty: a recording starts with"},
		{"no header", ok, "f: line 1: not a recording"},
		{"not JSON", "x\n", "f: line 1: not a recording"},
		{"newer", strings.Replace(head, ":1,", ":2,", 1), "f: line 1: recording version 2, this program reads 1"},
		{"no protocol", `{"liveroom_record":1,"protocol":"","start":"2026-11-20T20:00:00Z"}`, "f: line 1: protocol is missing"},
		{"no start", `{"liveroom_record":1,"protocol":"p"}`, "f: line 1: start is missing"},
		{"time falls", head + ok + strings.Replace(ok, "10", "9", 1), "f: line 3: t is 9 after 10"},
		{"time below 0", head + strings.Replace(ok, "10", "-1", 1), "f: line 2: t is -1 after 0"},
		{"time beyond all", head + strings.Replace(ok, "10", "99999999999999", 1), "f: line 2: t is 99999999999999"},
		{"dir", head + strings.Replace(ok, `"in"`, `"up"`, 1), `f: line 2: dir is "up"`},
		{"op", head + "\n" + strings.Replace(ok, `"op":"text"`, `"op":"quic"`, 1), `f: line 3: op is "quic", want "text", "binary" or "http": if a newer liveroom wrote it, read it with that one`},
		{"post up", head + strings.Replace(post, `"in"`, `"up"`, 1), `f: line 2: dir is "up"`},
		{"post of nothing", head + `{"t":1,"dir":"in","op":"http"}`, "f: line 2: neither body nor b64"},
		{"post of two bodies", head + `{"t":1,"dir":"in","op":"http","body":"x","b64":"eA=="}`, "f: line 2: both body and b64"},
		{"post of no base64", head + `{"t":1,"dir":"in","op":"http","b64":"*"}`, "f: line 2: b64: illegal base64"},
		{"post of another shape", head + strings.Replace(post, `"headers":{}`, `"headers":[]`, 1), "f: line 2: not a post of a recording: "},
		{"b64", head + `{"t":1,"dir":"in","op":"binary","b64":"*"}`, "f: line 2: b64: illegal base64"},
		{"both", head + `{"t":1,"dir":"in","op":"text","text":"x","b64":"eA=="}`, "f: line 2: both text and b64"},
		{"neither", head + `{"t":1,"dir":"in","op":"text"}`, "f: line 2: neither text nor b64"},
		{"too long", head + strings.Repeat("x", maxLine+1), "f: line 2: longer than 24 MiB"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Read("f", strings.NewReader(tt.file))
			if err == nil || !strings.HasPrefix(err.Error(), tt.want) {
				t.Errorf("error %v, want %q", err, tt.want)
			}
		})
	}
	if rec, err := Read("f", strings.NewReader("\xEF\xBB\xBF\n"+head+"\n"+ok+"\n")); err != nil || len(rec.Frames) != 1 {
		t.Errorf("with a byte order mark and empty lines: %v", err)
	}
}

func TestFrames(t *testing.T) {
	tests := []struct{ name, file, content, want string }{
		{"recording", "r.jsonl", `{"liveroom_record":1,"protocol":"p","start":"2026-11-20T20:00:00Z"}
{"t":1,"dir":"in","op":"text","text":"a"}
{"t":2,"dir":"out","op":"text","text":"b"}
{"t":3,"dir":"in","op":"binary","b64":"/w=="}
{"t":4,"dir":"out","op":"binary","sound":true,"b64":""}`, `"a" bin"\xff" sound`},
		{"fixture", "f.jsonl", `{"name":"n","dir":"in","op":"text","text":"a","expect":[{"kind":"chat"}]}` + "\r\n", `"a"`},
		{"plain objects", "f.jsonl", `{"a":1}` + "\r\n\n" + `{"a":2}`, `"{\"a\":1}" "{\"a\":2}"`},
		{"plain words", "standard input", "pong\nERROR x\n", `"pong" "ERROR x"`},
		{"not UTF-8", "f.jsonl", "{\"a\":\"\xff\"}\n", `"{\"a\":\"\xff\"}"`},
		{"members twice", "f.jsonl", `{"a":1,"a":2}`, `"{\"a\":1,\"a\":2}"`},
		{"pretty object", "f.json", "\xEF\xBB\xBF{\n \"a\": 1\n}\n", `"{\n \"a\": 1\n}"`},
		{"lines in .json", "f.JSON", "{\"a\":1}\n{\"a\":2}\n", `"{\"a\":1}" "{\"a\":2}"`},
		{"irc", "f.irc", "PING :x\r\n{\"dir\":\"in\",\"op\":\"text\"}\r\n", `"PING :x" "{\"dir\":\"in\",\"op\":\"text\"}"`},
		{"bad base64", "f.jsonl", `{"a":1}` + "\n" + `{"dir":"in","op":"text","b64":"*"}` + "\nnever", `"{\"a\":1}" f.jsonl: line 2: b64: illegal base64 data at input byte 0`},
		{"http", "f.jsonl", `{"dir":"in","op":"http","body":"x"}` + "\n" + `{"dir":"out","op":"http"}`, `"{\"dir\":\"in\",\"op\":\"http\",\"body\":\"x\"}"`},
		{"no such op", "f.jsonl", `{"dir":"in","op":"ping"}`, `f.jsonl: line 1: op is "ping", want "text", "binary" or "http": if a newer liveroom wrote it, read it with that one`},
		{"long line", "f.jsonl", strings.Repeat("x", maxLine+1), "f.jsonl: line 1: longer than 24 MiB"},
		{"long file", "f.json", strings.Repeat("x", maxLine+1), "f.json: longer than 24 MiB"},
		{"empty", "f.jsonl", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for f, err := range Frames(tt.file, strings.NewReader(tt.content)) {
				switch {
				case err != nil:
					got = append(got, err.Error())
				case f.Sound:
					got = append(got, "sound")
				case f.Binary:
					got = append(got, fmt.Sprintf("bin%q", f.Data))
				default:
					got = append(got, fmt.Sprintf("%q", f.Data))
				}
			}
			if s := strings.Join(got, " "); s != tt.want {
				t.Errorf("got  %s\nwant %s", s, tt.want)
			}
		})
	}
	for range Frames("f", strings.NewReader("a\nb\n")) {
		break // leaving early must not go on reading
	}
}

func TestFramesReadEveryFixture(t *testing.T) {
	files, _ := filepath.Glob("../../../shared/fixtures/*/*.*")
	if len(files) == 0 {
		t.Skip("SKIPPED, fixtures are not on this machine")
	}
	read := 0
	for _, name := range files {
		if ext := filepath.Ext(name); ext != ".jsonl" && ext != ".irc" && ext != ".json" {
			continue
		}
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, err := range Frames(name, f) {
			if err != nil {
				t.Error(err)
			}
			read++
		}
		_ = f.Close()
	}
	if read < 1000 {
		t.Errorf("only %d frames read", read)
	}
}

func FuzzRead(f *testing.F) {
	const head = `{"liveroom_record":1,"protocol":"p","start":"2026-11-20T20:00:00+08:00"}` + "\n"
	f.Add([]byte(head + `{"t":10,"dir":"in","op":"text","text":"x"}`))
	f.Add([]byte(head + `{"t":10,"at":"2026-11-21T20:00:00+08:00","dir":"out","op":"binary","b64":"AAH/"}` + "\n\n"))
	f.Add([]byte(`{"dir":"in","op":"text","text":"x"}`))
	f.Add([]byte(head + `{"t":5,"dir":"in","op":"text","text":"x"}` + "\n" + `{"t":1,"dir":"in"`))
	f.Add([]byte(head + `{"t":5,"dir":"in","op":"http","proto":"shopify","method":"POST","path":"/hook/shop","headers":{"X-Shopify-Topic":"orders/paid"},"body":"{}"}` + "\n" + `{"t":6,"dir":"out","op":"http","status":200,"body":""}`))
	f.Add([]byte(head + `{"t":5,"at":"2026-11-20T20:00:00+08:00","conn":2,"dir":"out","op":"binary","sound":true,"b64":""}`))
	f.Add([]byte(head + `{"t":5,"dir":"in","op":"http","proto":"kuaishou-shop","b64":"AAH/","plain":"{}"}`))
	corpus.Add(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		rec, err := Read("f", bytes.NewReader(b))
		if err != nil {
			return
		}
		var out bytes.Buffer
		w, err := NewWriter(&out, rec.Header)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range rec.Frames {
			if err := w.Write(f); err != nil {
				t.Fatal(err)
			}
		}
		again, err := Read("f", &out)
		if err != nil || len(again.Frames) != len(rec.Frames) {
			t.Fatalf("%d frames, written and read again %v", len(rec.Frames), err)
		}
		for i, f := range again.Frames {
			g := rec.Frames[i]
			if g.Post != nil { // whose line may have said more
				g.Data, f.Data = nil, nil
			}
			if !reflect.DeepEqual(f.Post, g.Post) || !bytes.Equal(f.Data, g.Data) || f.T != g.T || !f.At.Equal(g.At) || f.Out != g.Out || f.Conn != g.Conn || f.Sound != g.Sound || f.Binary != g.Binary {
				t.Fatalf("frame %d was %+v, is %+v", i, g, f)
			}
		}
		newStory(rec).at(time.Second)
	})
}

// FuzzFrames asks of any file, by whatever name: the same frames each time, no more
// bytes of them than the file has, and one error at most, at the end.
func FuzzFrames(f *testing.F) {
	for _, s := range []string{
		`{"dir":"in","op":"text","text":"x"}` + "\n" + `{"dir":"out","op":"binary","b64":"AAH/"}` + "\n" + `{"dir":"in","op":"http","body":"{}"}`,
		"\xEF\xBB\xBF{\n\"a\": 1\n}\n", ":a!a@a PRIVMSG #c :x\r\n\r\nPING", `{"liveroom_record":1}` + "\n" + `{"dir":"in","op":"x"}`, `{"dir":"in","op":"text"}`,
	} {
		for i := range 3 {
			f.Add([]byte(s), i)
		}
	}
	corpus.Add(f)
	f.Fuzz(func(t *testing.T, b []byte, kind int) {
		name := []string{"f.jsonl", "f.json", "f.IRC"}[uint(kind)%3]
		var first []Frame
		for round := range 2 {
			size, n, failed := 0, 0, false
			for frame, err := range Frames(name, bytes.NewReader(b)) {
				if failed {
					t.Fatal("something comes after an error")
				}
				if failed = err != nil; failed {
					fuzzed.Error(t, err)
					continue
				}
				if round == 0 {
					first = append(first, frame)
				} else if n >= len(first) || !bytes.Equal(frame.Data, first[n].Data) || frame.Binary != first[n].Binary {
					t.Fatalf("frame %d differs when the file is read again", n)
				}
				n++
				size += len(frame.Data)
			}
			if size > 3*len(b) { // a byte that is no UTF-8 becomes three
				t.Fatalf("%d bytes of frames in %d", size, len(b))
			}
		}
	})
}

// TestARecordingThatBreaksOffIsReadUpToThere: whoever records may be killed.
func TestARecordingThatBreaksOffIsReadUpToThere(t *testing.T) {
	whole := `{"liveroom_record":1,"protocol":"twitch","start":"2026-11-20T12:00:00Z"}
{"t":1,"dir":"in","op":"text","text":"a"}
{"t":2,"dir":"in","op":"text","text":"b"}
`
	for cut, want := range map[int]int{0: 2, 1: 2, 2: 1, 20: 1, 40: 1} {
		rec, err := Read("f", strings.NewReader(whole[:len(whole)-cut]))
		if err != nil {
			t.Errorf("%d bytes short: %v", cut, err)
			continue
		}
		if len(rec.Frames) != want || rec.Cut != (want == 1) {
			t.Errorf("%d bytes short: %d messages, cut %v; want %d", cut, len(rec.Frames), rec.Cut, want)
		}
	}
	if _, err := Read("f", strings.NewReader(strings.Replace(whole, `"a"}`, `"a"`, 1))); err == nil {
		t.Error("a broken line in the middle was passed over")
	}
}
