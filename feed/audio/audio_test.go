package audio

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/gorilla/websocket"
	"go.uber.org/goleak"

	"liveroom/feed"
	"liveroom/feed/feedtest"
)

// TestMain also is the command that prints sound: so many samples, each its own
// number, then what else it was asked to do.
func TestMain(m *testing.M) {
	if len(os.Args) > 3 && os.Args[1] == "play" {
		play(os.Args[2], os.Args[3])
		return
	}
	goleak.VerifyTestMain(m)
}

func play(samples, then string) {
	n, _ := strconv.Atoi(samples)
	var b []byte
	for i := range n {
		b = binary.LittleEndian.AppendUint16(b, uint16(i))
	}
	_, _ = os.Stdout.Write(b)
	switch then {
	case "fail":
		fmt.Fprintln(os.Stderr, "first line\nthe stream \x1b[31mis gone")
		os.Exit(3)
	case "stay":
		time.Sleep(time.Minute)
	}
}

// sound is a command of samples.
func sound(samples int, then string) []string {
	return []string{os.Args[0], "play", strconv.Itoa(samples), then}
}

const patience = 20 * time.Second

// A recogniser is a server that says what it was told to when it has heard so many
// bytes, and notes what it heard.
type recogniser struct {
	t     *testing.T
	http  *httptest.Server
	ready []string // said at once
	after int      // bytes of sound
	say   []string // then

	mu    sync.Mutex
	hello []string
	heard [][]byte // of each connection
	ends  []string
}

func newRecogniser(t *testing.T) *recogniser {
	r := &recogniser{t: t}
	r.http = httptest.NewServer(http.HandlerFunc(r.serve))
	t.Cleanup(r.http.Close)
	return r
}

func (r *recogniser) url() string { return "ws" + strings.TrimPrefix(r.http.URL, "http") }

func (r *recogniser) serve(w http.ResponseWriter, req *http.Request) {
	up := websocket.Upgrader{}
	conn, err := up.Upgrade(w, req, nil)
	if err != nil {
		return
	}
	defer conn.Close()
	_, hello, err := conn.ReadMessage()
	if err != nil {
		return
	}
	r.mu.Lock()
	r.hello = append(r.hello, string(hello))
	n := len(r.heard)
	r.heard = append(r.heard, nil)
	r.mu.Unlock()
	write := func(texts []string) {
		for _, text := range texts {
			_ = conn.WriteMessage(websocket.TextMessage, []byte(text))
		}
	}
	write(r.ready)
	said := false
	for {
		kind, data, err := conn.ReadMessage()
		if err != nil {
			return
		}
		r.mu.Lock()
		if kind == websocket.TextMessage || string(data) == "END_OF_AUDIO" {
			r.ends = append(r.ends, string(data))
		} else {
			r.heard[n] = append(r.heard[n], data...)
		}
		enough := len(r.heard[n]) >= r.after
		r.mu.Unlock()
		if enough && !said {
			said = true
			write(r.say)
		}
	}
}

// listen runs the source until it is stopped.
func listen(t *testing.T, o Options) (*feedtest.Sink, *feed.Source, func()) {
	t.Helper()
	p, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	src, err := feed.NewSource(feed.Config{
		Source: "r/asr", Room: "r", Jitter: func() float64 { return 0.01 },
		Refused: func(err error) { t.Errorf("refused: %v", err) },
	}, p)
	if err != nil {
		t.Fatal(err)
	}
	sink := feedtest.NewSink()
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() {
		if err := src.Run(ctx, sink); err != nil {
			t.Error(err)
		}
	})
	stop := func() { cancel(); running.Wait() }
	t.Cleanup(stop)
	return sink, src, stop
}

func speech(e feed.Event) bool { return e.Kind == feed.KindTranscript }

// TestEachRecogniserIsSentSoundAsItWantsIt: the first message, the sound to the
// byte, and what was heard, at a time that counts from the first sound.
func TestEachRecogniserIsSentSoundAsItWantsIt(t *testing.T) {
	const samples = 2 * SampleRate
	pcm := make([]byte, 0, samples*sampleBytes)
	floats := make([]byte, 0, samples*4)
	for i := range samples {
		pcm = binary.LittleEndian.AppendUint16(pcm, uint16(i))
		floats = binary.LittleEndian.AppendUint32(floats, math.Float32bits(float32(int16(uint16(i)))/32768))
	}
	for _, c := range []struct {
		format     string
		hello      string
		ready, say []string
		heard      []byte
	}{
		{
			"funasr", `{"audio_fs":16000,"chunk_interval":10,"chunk_size":[5,10,5],"is_speaking":true,"itn":true,"mode":"2pass","wav_format":"pcm","wav_name":"东篱"}`,
			nil,
			[]string{`{"mode":"2pass-online","wav_name":"东篱","text":"百分之百"}`, `{"mode":"2pass-offline","wav_name":"东篱","text":"百分之百纯羊绒","timestamp":"[[500,900],[900,1500]]"}`},
			pcm,
		},
		{
			"vosk", `{"config":{"sample_rate":16000,"words":1}}`,
			nil,
			[]string{`{"partial":"百分之百"}`, `{"result":[{"conf":1.0,"start":0.5,"end":1.5,"word":"百分之百纯羊绒"}],"text":"百分之百 纯羊绒"}`},
			pcm,
		},
		{
			"whisperlive", `{"language":"zh","model":"small","task":"transcribe","uid":"东篱","use_vad":true}`,
			[]string{`{"uid":"东篱","status":"WAIT","message":0.1}`, `{"uid":"东篱","message":"SERVER_READY","backend":"faster_whisper"}`},
			[]string{
				`{"uid":"东篱","segments":[{"start":"0.500","end":"1.000","text":"百分之百","completed":false}]}`,
				`{"uid":"东篱","segments":[{"start":"0.500","end":"1.500","text":"百分之百纯羊绒","completed":true}]}`,
			},
			floats,
		},
	} {
		t.Run(c.format, func(t *testing.T) {
			r := newRecogniser(t)
			r.ready, r.say, r.after = c.ready, c.say, len(c.heard)
			before := time.Now()
			sink, _, stop := listen(t, Options{Format: c.format, URL: r.url(), Command: sound(samples, "stay"), Name: "东篱"})
			if err := sink.Wait(2, speech, patience); err != nil {
				t.Fatal(err)
			}
			stop()
			got := sink.Events(speech)
			last := got[len(got)-1]
			if !got[0].Speech.Partial || last.Speech.Partial || last.Text != "百分之百纯羊绒" || got[0].Speech.Utterance != last.Speech.Utterance {
				t.Errorf("heard %+v", got)
			}
			// The first sound came after before, and lasted a tenth of a second.
			from := before.Add(500*time.Millisecond - time.Second/10)
			if at := last.Speech.StartAt; at.Before(from) || at.After(time.Now().Add(500*time.Millisecond)) {
				t.Errorf("said at %s, want after %s", at, from)
			}
			r.mu.Lock()
			defer r.mu.Unlock()
			if r.hello[0] != c.hello {
				t.Errorf("began with\n%s, want\n%s", r.hello[0], c.hello)
			}
			if !bytes.Equal(r.heard[0], c.heard) {
				t.Errorf("%d bytes of sound arrived, want %d alike", len(r.heard[0]), len(c.heard))
			}
		})
	}
}

// TestSoundThatEndsBeginsAnewWithAGap: the recogniser is told that no more comes
// and may say its last words; why it ended stands in the source's state; what was
// said until it begins anew is a gap.
func TestSoundThatEndsBeginsAnewWithAGap(t *testing.T) {
	r := newRecogniser(t)
	r.after, r.say = 200, []string{`{"text":"来 了"}`}
	sink, src, stop := listen(t, Options{Format: "vosk", URL: r.url(), Command: sound(100, "fail")})
	for end := time.Now().Add(patience); src.Status().State != feed.StateWaiting; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the source does not say that the sound ended")
		}
	}
	if err := src.Status().Err; err == nil || !strings.Contains(err.Error(), "exit status 3: the stream ␛[31mis gone") {
		t.Errorf("error %v", err)
	}
	if err := sink.Wait(3, nil, patience); err != nil {
		t.Fatal(err)
	}
	stop()
	events := sink.Events(nil)
	if events[0].Text != "来了" || events[1].Gap == nil || events[2].Text != "来了" || events[0].Speech.Utterance == events[2].Speech.Utterance {
		t.Errorf("recorded %+v", events)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.ends) == 0 || r.ends[0] != `{"eof" : 1}` {
		t.Errorf("the recogniser was told %q at the end", r.ends)
	}
}

// TestARecogniserThatGoesAwayTakesTheCommandAlong: nothing of it is left running,
// which goleak and the command's pipe would show.
func TestARecogniserThatGoesAwayTakesTheCommandAlong(t *testing.T) {
	r := newRecogniser(t)
	r.ready = []string{`{"uid":"r","message":"SERVER_READY"}`}
	r.after, r.say = 1, []string{`{"uid":"r","message":"DISCONNECT"}`}
	_, src, stop := listen(t, Options{Format: "whisperlive", URL: r.url(), Command: sound(10*SampleRate, "stay"), Name: "r"})
	for end := time.Now().Add(patience); src.Status().Reconnects == 0; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the source does not begin anew")
		}
	}
	stop()
}

func TestOptionsAreChecked(t *testing.T) {
	for want, o := range map[string]Options{
		"cannot be sent sound": {Format: "nls", Command: []string{"ffmpeg"}},
		"names no command":     {Format: "vosk"},
	} {
		if _, err := New(o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want it to say %q", err, want)
		}
	}
	r := newRecogniser(t)
	_, src, _ := listen(t, Options{Format: "vosk", URL: r.url(), Command: []string{"no-such-command-here"}})
	for end := time.Now().Add(patience); ; time.Sleep(5 * time.Millisecond) {
		if err := src.Status().Err; err != nil && strings.Contains(err.Error(), "install it, or name another in audio") {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("status %+v", src.Status())
		}
	}
}

// TestFixturesOfWhatIsSent holds what opens and ends the sound against messages that
// recognisers are known to take: each member that both have is the same, but for the
// names that one gives oneself.
func TestFixturesOfWhatIsSent(t *testing.T) {
	hello := map[string]string{"start": "funasr", "config": "vosk", "hello": "whisperlive"}
	end := map[string]string{"stop": "funasr", "eof": "vosk"}
	found := 0
	for _, dir := range []string{"asr-funasr", "asr-vosk", "asr-whisperlive"} {
		for _, f := range feedtest.Fixtures(t, dir) {
			if format := end[f.Name]; format != "" && f.Dir == "out" {
				found++
				if got := dialects[format].end; got.Binary || string(got.Data) != string(f.Data) {
					t.Errorf("%s ends with %q, want %q", format, got.Data, f.Data)
				}
			}
			format := hello[f.Name]
			if format == "" || f.Dir != "out" {
				continue
			}
			found++
			p, err := New(Options{Format: format, Command: []string{"x"}, Name: "n"})
			if err != nil {
				t.Fatal(err)
			}
			var got, want map[string]any
			if err := json.Unmarshal(p.NewSession(feed.Position{}).Hello()[0].Data, &got); err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal(f.Data, &want); err != nil {
				t.Fatal(err)
			}
			for name, v := range got {
				if w, ok := want[name]; name != "wav_name" && name != "uid" && (!ok || fmt.Sprint(v) != fmt.Sprint(w)) {
					t.Errorf("%s is told %s %v, want %v", format, name, v, w)
				}
			}
		}
	}
	if found != len(hello)+len(end) {
		t.Errorf("%d of %d found", found, len(hello)+len(end))
	}
}
