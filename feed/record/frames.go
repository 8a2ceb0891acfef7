package record

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"path/filepath"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"liveroom/feed"
)

// Frames reads the messages that came in, out of a file of any of these kinds,
// told apart by name and content:
//
//   - lines {"dir","op","text"|"b64"}, as in a recording, whose header is passed over;
//     a line whose op is http is a message as it stands
//   - one message a line
//   - .json: one JSON value, over as many lines as it likes, is one message
//   - .irc: one message a line, whatever it looks like
//
// Of a recording each message comes with its time and connection, of other files
// without; and where sound was sent, a message of ours without bytes says when it began.
// An error names the line and is the last thing that comes.
func Frames(name string, r io.Reader) iter.Seq2[Frame, error] {
	ext := strings.ToLower(filepath.Ext(name))
	return func(yield func(Frame, error) bool) {
		if ext == ".json" {
			b, err := io.ReadAll(io.LimitReader(r, maxLine+1))
			if err == nil && len(b) > maxLine {
				err = fmt.Errorf("longer than %d MiB", maxLine>>20)
			}
			if err != nil {
				yield(Frame{}, fmt.Errorf("%s: %w", name, err))
				return
			}
			r = bytes.NewReader(b)
			b = bytes.TrimSpace(bytes.TrimPrefix(b, []byte("\xEF\xBB\xBF")))
			if bytes.IndexByte(b, '\n') > 0 && jsontext.Value(b).IsValid() {
				yield(Frame{Frame: feed.Frame{Data: b}}, nil)
				return
			}
		}
		rd := &Reader{name: name, lines: scan(r)}
		for {
			b, err := rd.next()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				yield(Frame{}, err)
				return
			}
			f, in, err := rd.handWritten(b, ext == ".irc")
			if in && !yield(f, err) || err != nil {
				return
			}
		}
	}
}

// handWritten reads a line of a file of frames; in is false for a line that
// holds nothing to be read.
func (r *Reader) handWritten(b []byte, irc bool) (f Frame, in bool, err error) {
	plain := Frame{Frame: feed.Frame{Data: bytes.Clone(bytes.TrimSuffix(b, []byte("\r")))}}
	if irc {
		return plain, true, nil
	}
	var shape struct {
		line
		Version *int `json:"liveroom_record"`
	}
	fits := json.Unmarshal(b, &shape, jsontext.AllowDuplicateNames(true)) == nil
	switch {
	case !fits || shape.Version == nil && (shape.Dir == "" || shape.Op == ""):
		return plain, true, nil
	case shape.Version != nil:
		var h headerLine
		if json.Unmarshal(b, &h) == nil {
			r.Start = h.Start
		}
		return f, false, nil
	case shape.Dir == "out" && shape.Sound:
		f.Out, f.Sound = true, true
	case shape.Dir == "out":
		return f, false, nil
	case shape.Op == opHTTP:
		f = plain
	default:
		if f.Frame, err = shape.frame(); err != nil {
			return f, true, r.fail(err)
		}
	}
	f.At, f.Conn = r.when(shape.line), shape.Conn
	return f, true, nil
}

// when tells when the message of l came; of a file that is no recording nobody knows.
func (r *Reader) when(l line) time.Time {
	if l.At.IsZero() && !r.Start.IsZero() && l.T >= 0 && l.T <= maxT {
		return r.Start.Add(time.Duration(l.T) * time.Millisecond)
	}
	return l.At
}
