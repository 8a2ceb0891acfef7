package asr

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"liveroom/feed"
	"liveroom/feed/internal/wire"
)

// isFault tells bare words of FunASR's from JSON.
func isFault(data []byte) bool { return bytes.HasPrefix(data, []byte("ERROR")) }

// A funasrMessage is every answer. stamp_sents and timestamp are of several
// types, by version and language of the server.
type funasrMessage struct {
	Mode       string         `json:"mode"`
	WavName    wire.Scalar    `json:"wav_name"`
	Text       wire.Scalar    `json:"text"`
	Final      wire.Scalar    `json:"is_final"`
	Timestamp  jsontext.Value `json:"timestamp"`
	StampSents jsontext.Value `json:"stamp_sents"`
	StartTime  wire.Scalar    `json:"start_time"`
	EndTime    wire.Scalar    `json:"end_time"`
}

// funasr reads one message. An online result is a piece to append, an offline one
// the sentence that replaces the pieces: the mode tells, is_final does not, but
// where there is no second pass.
func (s *session) funasr(d *feed.Decoded, data []byte, recv time.Time) error {
	if isFault(data) {
		s.tell(d, recv, CodeError, strings.ToValidUTF8(string(data), "\uFFFD"))
		return nil
	}
	var m funasrMessage
	if err := read(data, &m); err != nil {
		return err
	}
	r := result{text: string(m.Text)}
	r.start, r.end, r.timed = m.span()
	st := s.current(recv, r.end)
	r.utterance = fmt.Sprintf("%s/%s/%d", m.WavName, st.key, st.sentence)
	switch m.Mode {
	case "2pass-online", "online":
		st.pieces += r.text
		r.text, r.partial = st.pieces, true
		if len(st.pieces) > maxPieces {
			st.pieces = ""
		}
		r.timed = false // of the piece alone
		r.partial = m.Mode != "online" || m.Final != "1"
	case "2pass-offline", "offline":
	default:
		return feed.Unknown("mode "+m.Mode, fmt.Errorf("mode %s is not known", wire.Quote(m.Mode)))
	}
	s.hear(d, recv, r)
	if !r.partial {
		st.pieces = ""
		if strings.TrimSpace(r.text) != "" {
			st.sentence++
		}
	}
	return nil
}

// maxPieces is far above what is said in one breath.
const maxPieces = 64 << 10

// span is when the sentence was said. Newer servers tell it, older ones tell it
// of its parts or of its words.
func (m funasrMessage) span() (start, end int64, timed bool) {
	if m.EndTime != "" {
		return m.StartTime.Int(), m.EndTime.Int(), true
	}
	var parts []struct {
		Start wire.Scalar `json:"start"`
		End   wire.Scalar `json:"end"`
	}
	if m.StampSents.Kind() == '[' && json.Unmarshal(m.StampSents, &parts, wire.Options) == nil && len(parts) > 0 {
		return parts[0].Start.Int(), parts[len(parts)-1].End.Int(), true
	}
	var words [][]wire.Scalar
	if m.Timestamp.Kind() != '"' || json.Unmarshal([]byte(wire.Text(m.Timestamp)), &words) != nil || len(words) == 0 {
		return 0, 0, false
	}
	first, last := words[0], words[len(words)-1]
	if len(first) == 0 || len(last) < 2 {
		return 0, 0, false
	}
	return first[0].Int(), last[1].Int(), true
}
