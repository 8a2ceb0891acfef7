package record

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/go-json-experiment/json"

	"liveroom/feed"
)

const (
	version = 1
	// A message of 16 MiB in base64, with what stands around it.
	maxLine = 24 << 20
)

// Header says what a recording is of.
type Header struct {
	Protocol string
	Room     string
	Source   string
	Start    time.Time
	Epoch    string // of the offsets in the messages; "" where there are none
}

// A Frame is one message and when it passed.
type Frame struct {
	feed.Frame
	T   time.Duration // since the start, on the playback clock; whole milliseconds
	At  time.Time     // in the story
	Out bool          // sent by us
	// Sound tells that what we sent is sound, of which the time of its beginning is kept.
	Sound bool
	Conn  int   // which connection it passed over: 0 is the first
	Post  *Post // what came over HTTP; the message is then its line. nil: a websocket's
}

// A Recording is a whole file. Cut says that its last line breaks off, as when
// the recorder was killed: what stands before it is whole.
type Recording struct {
	Header
	Frames []Frame
	Cut    bool
}

type headerLine struct {
	Version  *int      `json:"liveroom_record,omitzero"`
	Protocol string    `json:"protocol"`
	Room     string    `json:"room,omitzero"`
	Source   string    `json:"source,omitzero"`
	Start    time.Time `json:"start"`
	Epoch    string    `json:"epoch,omitzero"`
}

// line is a message in a recording, and in files of frames by hand.
type line struct {
	T     int64     `json:"t"`
	At    time.Time `json:"at,omitzero"`
	Conn  int       `json:"conn,omitzero"`
	Dir   string    `json:"dir"`
	Op    string    `json:"op"`
	Sound bool      `json:"sound,omitzero"`
	Text  *string   `json:"text,omitzero"`
	B64   *string   `json:"b64,omitzero"`
}

// frame takes the message out of the line.
func (l line) frame() (feed.Frame, error) {
	f := feed.Frame{Binary: l.Op == "binary"}
	switch {
	case l.Dir != "in" && l.Dir != "out":
		return f, errDir(l.Dir)
	case l.Op != "text" && l.Op != "binary":
		return f, fmt.Errorf(`op is %q, want "text", "binary" or "http": if a newer liveroom wrote it, read it with that one`, feed.Sanitise(l.Op).Truncate(20))
	case l.Text != nil && l.B64 != nil:
		return f, errors.New("both text and b64: give one")
	case l.Text != nil:
		f.Data = []byte(*l.Text)
	case l.B64 != nil:
		data, err := base64.StdEncoding.DecodeString(*l.B64)
		if err != nil {
			return f, fmt.Errorf("b64: %w", err)
		}
		f.Data = data
	default:
		return f, errors.New("neither text nor b64")
	}
	return f, nil
}

func errDir(dir string) error {
	return fmt.Errorf(`dir is %q, want "in" or "out"`, feed.Sanitise(dir).Truncate(20))
}

// A Reader reads a recording message by message.
type Reader struct {
	Header
	name  string
	lines *bufio.Scanner
	n     int
	last  int64
	ended bool // the line just read has its line end
}

// NewReader reads the header. Errors of a Reader start with name and the number
// of the line.
func NewReader(name string, r io.Reader) (*Reader, error) {
	rd := &Reader{name: name, lines: scan(r), ended: true}
	rd.lines.Split(func(data []byte, atEOF bool) (int, []byte, error) {
		advance, token, err := bufio.ScanLines(data, atEOF)
		if token != nil {
			rd.ended = advance > 0 && data[advance-1] == '\n'
		}
		return advance, token, err
	})
	b, err := rd.next()
	if errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: empty: a recording starts with a line {\"liveroom_record\":1,…}", name)
	}
	if err != nil {
		return nil, err
	}
	var h headerLine
	if err := json.Unmarshal(b, &h); err != nil || h.Version == nil {
		return nil, rd.fail(errors.New(`not a recording: the first line must be {"liveroom_record":1,"protocol":…,"start":…}`))
	}
	switch {
	case *h.Version != version:
		return nil, rd.fail(fmt.Errorf("recording version %d, this program reads %d: use a newer program", *h.Version, version))
	case h.Protocol == "":
		return nil, rd.fail(errors.New("protocol is missing"))
	case h.Start.IsZero():
		return nil, rd.fail(errors.New("start is missing: when the recording began, in RFC 3339"))
	}
	rd.Header = Header{Protocol: h.Protocol, Room: h.Room, Source: h.Source, Start: h.Start, Epoch: h.Epoch}
	return rd, nil
}

func scan(r io.Reader) *bufio.Scanner {
	s := bufio.NewScanner(r)
	s.Buffer(make([]byte, 0, 64<<10), maxLine)
	return s
}

// atEnd tells whether the line just read is the last and has no line end: every
// line is written with one, so this one broke off.
func (r *Reader) atEnd() bool { return !r.ended }

// next is the next line that is not empty, or io.EOF.
func (r *Reader) next() ([]byte, error) {
	for r.lines.Scan() {
		r.n++
		b := r.lines.Bytes()
		if r.n == 1 {
			b = bytes.TrimPrefix(b, []byte("\xEF\xBB\xBF"))
		}
		if len(bytes.TrimSpace(b)) > 0 {
			return b, nil
		}
	}
	r.n++
	switch err := r.lines.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		return nil, r.fail(fmt.Errorf("longer than %d MiB", maxLine>>20))
	case err != nil:
		return nil, r.fail(err)
	}
	return nil, io.EOF
}

func (r *Reader) fail(err error) error { return fmt.Errorf("%s: line %d: %w", r.name, r.n, err) }

// Next is the next message, or io.EOF after the last.
func (r *Reader) Next() (Frame, error) {
	b, err := r.next()
	if err != nil {
		return Frame{}, err
	}
	var l line
	if err := json.Unmarshal(b, &l); err != nil {
		return Frame{}, r.fail(fmt.Errorf("not a message of a recording: %w", err))
	}
	f := Frame{T: time.Duration(l.T) * time.Millisecond, At: l.At, Out: l.Dir == "out", Sound: l.Sound && l.Dir == "out", Conn: l.Conn}
	if l.Op == opHTTP {
		f.Data = bytes.Clone(b)
		f.Post, err = readPost(b)
	} else {
		f.Frame, err = l.frame()
	}
	if err != nil {
		return Frame{}, r.fail(err)
	}
	if l.T < r.last || l.T > maxT {
		return Frame{}, r.fail(fmt.Errorf("t is %d after %d: it must not fall and end within a year", l.T, r.last))
	}
	r.last = l.T
	if f.At.IsZero() {
		f.At = r.Start.Add(f.T)
	}
	return f, nil
}

// maxT keeps times within what a Duration holds, at any speed.
const maxT = 366 * 24 * 3600 * 1000

// Read reads a whole recording.
func Read(name string, r io.Reader) (*Recording, error) {
	rd, err := NewReader(name, r)
	if err != nil {
		return nil, err
	}
	rec := &Recording{Header: rd.Header}
	for {
		f, err := rd.Next()
		if errors.Is(err, io.EOF) {
			return rec, nil
		}
		if errors.Is(err, io.ErrUnexpectedEOF) && rd.atEnd() {
			rec.Cut = true
			return rec, nil
		}
		if err != nil {
			return nil, err
		}
		rec.Frames = append(rec.Frames, f)
	}
}

// A Writer writes a recording, one Write of the file for each message. After
// an error it writes nothing more and returns the same error.
type Writer struct {
	mu    sync.Mutex
	w     io.Writer
	start time.Time
	last  time.Duration
	err   error
}

// NewWriter writes the header.
func NewWriter(w io.Writer, h Header) (*Writer, error) {
	if h.Protocol == "" || h.Start.IsZero() {
		return nil, errors.New("record: a recording needs a protocol and a start")
	}
	wr := &Writer{w: w, start: h.Start}
	v := version
	wr.write(headerLine{
		Version: &v, Protocol: h.Protocol, Room: h.Room, Source: h.Source, Start: h.Start, Epoch: h.Epoch,
	})
	return wr, wr.err
}

// Write adds f. Where its T is before that of the frame before it, as after a
// clock was set back, T is raised and At tells the difference. A zero At means
// the start plus T.
func (w *Writer) Write(f Frame) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if f.At.IsZero() {
		f.At = w.start.Add(f.T)
	}
	f.T = max(f.T, w.last).Truncate(time.Millisecond)
	w.last = f.T
	l := line{T: f.T.Milliseconds(), Conn: f.Conn, Dir: "in", Op: "text", Sound: f.Sound}
	if f.Out {
		l.Dir = "out"
	}
	if !f.At.Equal(w.start.Add(f.T)) { // to the last digit: decoders name by it what has no other name
		l.At = f.At
	}
	if f.Post != nil {
		w.write(f.Post.line(l))
		return w.err
	}
	if f.Binary {
		l.Op, l.B64 = "binary", as64(f.Data)
	} else {
		l.Text, l.B64 = asText(f.Data)
	}
	w.write(l)
	return w.err
}

// WriteAt adds f, which passed at.
func (w *Writer) WriteAt(f Frame, at time.Time) error {
	f.T, f.At = at.Sub(w.start), at
	return w.Write(f)
}

// asText is b as the text that stands in a line, or else in base64.
func asText(b []byte) (text, b64 *string) {
	if !utf8.Valid(b) {
		return nil, as64(b)
	}
	s := string(b)
	return &s, nil
}

func as64(b []byte) *string {
	s := base64.StdEncoding.EncodeToString(b)
	return &s
}

func (w *Writer) write(v any) {
	if w.err != nil {
		return
	}
	b, err := json.Marshal(v, json.Deterministic(true))
	if err == nil {
		_, err = w.w.Write(append(b, '\n'))
	}
	if err != nil {
		w.err = fmt.Errorf("write recording: %w", err)
	}
}
