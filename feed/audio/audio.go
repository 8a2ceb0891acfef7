// Package audio is the program as a speech recogniser's client. Recognisers answer
// only on the connection that carries the sound, so somebody has to send it: any
// command that prints it, 16 kHz, 16 bits, little endian, one channel (ffmpeg, say),
// to FunASR, Vosk or WhisperLive. What they hear is read by package asr.
//
// Delivery: partial results, each replaced by its final one, as asr promises. The
// time of what was said counts from the first sound that was sent. The command runs
// as long as the connection: when either ends, both begin anew, and what was said
// between is a gap.
//
// Ordering: as said.
//
// Dropping: sound is not dropped. When the recogniser does not keep up, the command
// is read no faster, and what is heard comes late.
//
// Locking: a Protocol may be shared; a Session belongs to one connection.
package audio

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"liveroom/feed"
	"liveroom/feed/asr"
)

// SampleRate is how many samples a second the command must print.
const SampleRate = 16000

// sampleBytes is the length of one sample.
const sampleBytes = 2

// Formats are the recognisers that sound can be sent to.
var Formats = []string{"funasr", "vosk", "whisperlive"}

// Options say who is asked, and what is sent.
type Options struct {
	Format  string   // one of Formats
	URL     string   // of the recogniser
	Command []string // prints the sound; run again for every connection
	// Sound is sent in the place of what a command prints, once, to try a recogniser:
	// it comes no faster than it is to be heard, and its end is no mistake.
	Sound io.Reader
	// Name tells this room's sound from others at the recogniser.
	Name     string
	Language string           // whisperlive: "" is zh
	Model    string           // whisperlive: "" is small
	Clock    func() time.Time // nil: time.Now
}

// A Protocol is one recogniser and the command that feeds it.
type Protocol struct {
	o   Options
	asr *asr.Protocol
}

// New checks the options. Its errors name the option and what is expected.
func New(o Options) (*Protocol, error) {
	if !slices.Contains(Formats, o.Format) {
		return nil, fmt.Errorf("format %q cannot be sent sound: use one of %s", feed.Sanitise(o.Format), strings.Join(Formats, ", "))
	}
	if o.Sound == nil && (len(o.Command) == 0 || o.Command[0] == "") {
		return nil, errors.New(`audio names no command: give one that prints 16 kHz PCM, like ["ffmpeg", "-i", "URL", "-f", "s16le", "-ar", "16000", "-ac", "1", "-"]`)
	}
	if o.Language == "" {
		o.Language = "zh"
	}
	if o.Model == "" {
		o.Model = "small"
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	heard, err := asr.New(asr.Options{Format: o.Format})
	if err != nil {
		return nil, err
	}
	return &Protocol{o: o, asr: heard}, nil
}

// Name is "asr".
func (p *Protocol) Name() string { return "asr" }

// Request is where the recogniser listens; it knows of no place to go on from.
func (p *Protocol) Request(feed.Position) (feed.Request, error) {
	return feed.Request{URL: p.o.URL}, nil
}

// NewSession starts one connection: one run of the command.
func (p *Protocol) NewSession(pos feed.Position) feed.Session {
	s := &session{Session: p.asr.NewSession(pos), o: p.o, ready: make(chan struct{}), silent: silent}
	if p.o.Format != "whisperlive" { // the others take sound at once
		s.open = true
		close(s.ready)
	}
	return s
}

// dialect is how one recogniser wants the sound.
type dialect struct {
	hello func(o Options) any // the first message, as JSON; nil: none
	sound func(pcm []byte) []byte
	end   feed.Frame
}

var dialects = map[string]dialect{
	"funasr": {
		hello: func(o Options) any {
			return map[string]any{
				"mode": "2pass", "wav_name": o.Name, "wav_format": "pcm", "is_speaking": true, "audio_fs": SampleRate,
				"chunk_size": []int{5, 10, 5}, "chunk_interval": 10, "itn": true,
			}
		},
		sound: asSent,
		end:   feed.Frame{Data: []byte(`{"is_speaking":false}`)},
	},
	"vosk": {
		hello: func(Options) any {
			return map[string]any{"config": map[string]any{"sample_rate": SampleRate, "words": 1}}
		},
		sound: asSent,
		end:   feed.Frame{Data: []byte(`{"eof" : 1}`)}, // compared to the byte
	},
	"whisperlive": {
		hello: func(o Options) any {
			return map[string]any{"uid": o.Name, "language": o.Language, "task": "transcribe", "model": o.Model, "use_vad": true}
		},
		sound: asFloats,
		end:   feed.Frame{Binary: true, Data: []byte("END_OF_AUDIO")},
	},
}

func asSent(pcm []byte) []byte { return slices.Clone(pcm) }

// asFloats writes samples as numbers from −1 to 1, of 32 bits.
func asFloats(pcm []byte) []byte {
	out := make([]byte, 0, 2*len(pcm))
	for ; len(pcm) >= sampleBytes; pcm = pcm[sampleBytes:] {
		v := float32(int16(binary.LittleEndian.Uint16(pcm))) / (math.MaxInt16 + 1)
		out = binary.LittleEndian.AppendUint32(out, math.Float32bits(v))
	}
	return out
}

// Hello says what the sound will be.
func (s *session) Hello() []feed.Frame {
	b, err := json.Marshal(dialects[s.o.Format].hello(s.o), json.Deterministic(true))
	if err != nil { // of numbers and texts there is none
		return nil
	}
	return []feed.Frame{{Data: b}}
}
