// Package asr reads what speech recognisers answer: FunASR, Vosk, WhisperLive,
// Aliyun NLS, DashScope, Tencent Cloud and Volcengine.
//
// Delivery: each result becomes one transcript event: partial while the words may
// still change, then one final with the same utterance. A partial replaces the
// one before it, so it always holds the whole utterance so far. Repeated results
// and empty ones come to nothing; what a recogniser says of itself becomes a
// system event. What cannot be read stands in Decoded.Refused.
//
// Ordering: as sent, which is as said.
//
// Time: recognisers count from the audio's beginning. It is the time in Options,
// else that of the message that says the recogniser started, else it is reckoned
// back from the first result; StartAt and At follow from it. StartMS and EndMS
// are the recogniser's own.
//
// Replay: none. A recogniser answers only on the connection that carries the
// audio, so there is nothing to dial here: frames are copied by who sends it.
//
// Limits: one message may inflate to 16 MiB and hold 4,096 results.
//
// Locking: a Protocol may be shared; a Session belongs to one goroutine.
package asr

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"liveroom/feed"
	"liveroom/feed/internal/wire"
)

// Formats are the names that Options.Format may have.
var Formats = []string{"funasr", "vosk", "whisperlive", "nls", "dashscope", "tencent", "volcengine"}

// Options say whose results are read.
type Options struct {
	Format string    // one of Formats; empty tells them apart by what they say
	Began  time.Time // when the first of the audio was sent; zero: not known
}

// A Protocol reads one recogniser.
type Protocol struct{ o Options }

// New checks the options. Its error names the formats.
func New(o Options) (*Protocol, error) {
	if o.Format != "" && !slices.Contains(Formats, o.Format) {
		return nil, fmt.Errorf("asr format %q is not known: use one of %s, or none to tell them apart", o.Format, strings.Join(Formats, ", "))
	}
	return &Protocol{o: o}, nil
}

// Name is "asr".
func (p *Protocol) Name() string { return "asr" }

// Request refuses: only who sends the audio gets results.
func (p *Protocol) Request(feed.Position) (feed.Request, error) {
	return feed.Request{}, errors.New("asr: dialling a recogniser is not supported: it answers only on the connection that carries the audio")
}

// NewSession starts one connection's decoder.
func (p *Protocol) NewSession(feed.Position) feed.Session { return &session{o: p.o} }

// A session is one connection. A recogniser may begin anew on it.
type session struct {
	o       Options
	streams int
	stream  *stream
	told    int // what the recogniser said of itself
}

// Hello is nothing: the audio is another's to send.
func (s *session) Hello() []feed.Frame { return nil }

// Heartbeat is nothing.
func (s *session) Heartbeat() (time.Duration, feed.Frame) { return 0, feed.Frame{} }

// Began tells when the first of the audio was sent, where that is known only after
// the session was made. It counts for the run of results that is on.
func (s *session) Began(at time.Time) {
	s.o.Began = at
	if s.stream != nil {
		s.stream.began, s.stream.reckoned = at, false
	}
}

// begin starts a new run of results, whose offsets count from recv.
func (s *session) begin(recv time.Time) *stream {
	s.streams++
	s.stream = &stream{key: fmt.Sprintf("%d-%d", recv.UnixMilli(), s.streams), done: -1}
	if s.stream.began = s.o.Began; s.streams > 1 || s.o.Began.IsZero() {
		s.stream.began = recv
	}
	return s.stream
}

// current is the run of results that one belongs to which ended endMS into the
// audio; 0 where that is not told. Without a beginning, it was said just now.
func (s *session) current(recv time.Time, endMS int64) *stream {
	if s.stream == nil {
		s.begin(recv).reckoned = s.o.Began.IsZero() || s.streams > 1
	}
	s.stream.reckon(recv, endMS)
	return s.stream
}

// reckon moves a beginning that nobody told back to where it must have been at
// the latest, when what ended endMS into the audio is heard at recv.
func (st *stream) reckon(recv time.Time, endMS int64) {
	at := recv.Add(-time.Duration(min(max(endMS, 0), maxOffset)) * time.Millisecond)
	if st.reckoned && at.Before(st.began) {
		st.began = at
	}
}

// A stream is one run of results: between a recogniser's beginning and its end.
// The last fields are for formats that need them.
type stream struct {
	key      string // tells apart runs of recognisers that give no ids
	began    time.Time
	reckoned bool   // nobody told when it began
	seq      int    // of partial results
	last     string // what the last partial said

	sentence int    // how many were final
	pieces   string // of the sentence not yet final
	done     int64  // the latest beginning of a final result
	started  int64  // the beginning of the sentence not yet final
	open     result // the last one, while it is partial
}

// A result is what a recogniser says to have heard.
type result struct {
	utterance  string
	text       string
	partial    bool
	start, end int64 // milliseconds into the audio
	timed      bool  // start and end are told
	confidence int
}

// maxOffset keeps a hostile offset from becoming a time that cannot be written:
// a year of audio.
const maxOffset = int64(365 * 24 * time.Hour / time.Millisecond)

// hear adds a result, unless it says nothing new.
func (s *session) hear(d *feed.Decoded, recv time.Time, r result) {
	r.start, r.end = min(max(r.start, 0), maxOffset), min(max(r.end, 0), maxOffset)
	if r.text = strings.TrimSpace(r.text); r.text == "" || len(d.Events) == maxResults {
		return
	}
	st := s.current(recv, r.end)
	e := feed.Event{
		ID: r.utterance, Kind: feed.KindTranscript, Text: r.text, At: recv, Recv: recv,
		Speech: &feed.Speech{Utterance: r.utterance, Partial: r.partial, Confidence: r.confidence, StartMS: r.start, EndMS: r.end},
	}
	if r.timed {
		e.Speech.StartAt = st.began.Add(time.Duration(r.start) * time.Millisecond)
		if said := st.began.Add(time.Duration(r.end) * time.Millisecond); said.Before(recv) {
			e.At = said
		}
	}
	if r.partial {
		said := r.utterance + " " + r.text
		if said == st.last {
			return
		}
		st.last = said
		st.seq++
		e.ID = fmt.Sprintf("%s#%d", r.utterance, st.seq)
	}
	d.Events = append(d.Events, e)
}

// tell adds what a recogniser says of itself.
func (s *session) tell(d *feed.Decoded, recv time.Time, code, text string) {
	s.told++
	d.Events = append(d.Events, feed.Event{
		ID: fmt.Sprintf("%s:%d:%d", code, recv.UnixNano(), s.told), Kind: feed.KindSystem, Code: code, Text: text, At: recv, Recv: recv,
	})
}

// Codes of what a recogniser says of itself.
const (
	CodeReady = "asr_ready"
	CodeWait  = "asr_wait"
	CodeEnded = "asr_ended"
	CodeError = "asr_error"
)

// A reader reads one message of a format.
type reader func(s *session, d *feed.Decoded, data []byte, recv time.Time) error

var readers = map[string]reader{
	"funasr": (*session).funasr, "vosk": (*session).vosk, "whisperlive": (*session).whisperlive,
	"nls": (*session).nls, "dashscope": (*session).dashscope, "tencent": (*session).tencent, "volcengine": (*session).volcengine,
}

// Decode reads one message.
func (s *session) Decode(f feed.Frame, recv time.Time) feed.Decoded {
	var d feed.Decoded
	format, err := s.o.Format, error(nil)
	if format == "" {
		format, err = recognise(f)
	}
	if err == nil {
		if err = readers[format](s, &d, f.Data, recv); err != nil {
			err = fmt.Errorf("%s: %w", format, err)
		}
	}
	if err != nil {
		d.Events = nil
		d.Refused = append(d.Refused, fmt.Errorf("asr: %w", err))
	}
	if len(d.Events) > 0 {
		raw := bytes.Clone(f.Data)
		for i := range d.Events {
			d.Events[i].Raw = raw
		}
	}
	return d
}

// recognise tells whose message it is by what only that recogniser says.
func recognise(f feed.Frame) (string, error) {
	if f.Binary {
		return "volcengine", nil
	}
	if isFault(f.Data) {
		return "funasr", nil
	}
	var m struct {
		Header struct {
			Namespace wire.Scalar `json:"namespace"`
			Event     wire.Scalar `json:"event"`
		} `json:"header"`
		VoiceID      wire.Scalar    `json:"voice_id"`
		Code         wire.Scalar    `json:"code"`
		UID          wire.Scalar    `json:"uid"`
		Mode         wire.Scalar    `json:"mode"`
		Partial      jsontext.Value `json:"partial"`
		Text         jsontext.Value `json:"text"`
		Alternatives jsontext.Value `json:"alternatives"`
	}
	if err := json.Unmarshal(f.Data, &m, wire.Options); err != nil {
		return "", fmt.Errorf("no JSON message: %w", wire.Clean(err))
	}
	switch {
	case m.Header.Namespace != "":
		return "nls", nil
	case m.Header.Event != "":
		return "dashscope", nil
	case m.VoiceID != "" || m.Code != "":
		return "tencent", nil
	case m.UID != "":
		return "whisperlive", nil
	case m.Mode != "":
		return "funasr", nil
	case m.Partial != nil || m.Text != nil || m.Alternatives != nil:
		return "vosk", nil
	}
	return "", errors.New("no recogniser that is known here says this")
}

// read reads a message that must be a JSON object.
func read(data []byte, v any) error {
	if err := json.Unmarshal(data, v, wire.Options); err != nil {
		return fmt.Errorf("no JSON message: %w", wire.Clean(err))
	}
	return nil
}
