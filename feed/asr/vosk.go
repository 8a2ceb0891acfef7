package asr

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"liveroom/feed"
	"liveroom/feed/internal/wire"
)

type voskWord struct {
	Conf  wire.Scalar `json:"conf"`
	Start wire.Scalar `json:"start"`
	End   wire.Scalar `json:"end"`
}

type voskResult struct {
	Text  wire.Scalar `json:"text"`
	Words []voskWord  `json:"result"`
}

// voskSays refuses a message that has none of the members by which Vosk says even
// that it heard nothing.
func voskSays(data []byte) error {
	var m map[string]jsontext.Value
	if err := read(data, &m); err != nil {
		return err
	}
	for _, name := range []string{"text", "partial", "result", "alternatives"} {
		if _, ok := m[name]; ok {
			return nil
		}
	}
	names := slices.Sorted(maps.Keys(m))
	name := strings.Join(names[:min(len(names), 3)], " ")
	return feed.Unknown("members "+name, fmt.Errorf("a message of members %s is not known", wire.Quote(name)))
}

// vosk reads one message: there is one for every chunk of audio, and most say
// nothing.
func (s *session) vosk(d *feed.Decoded, data []byte, recv time.Time) error {
	var m struct {
		voskResult
		Partial      wire.Scalar  `json:"partial"`
		Alternatives []voskResult `json:"alternatives"`
	}
	if err := read(data, &m); err != nil {
		return err
	}
	if m.Text == "" && m.Partial == "" && m.Words == nil && m.Alternatives == nil { // as most are, or none of its messages
		if err := voskSays(data); err != nil {
			return err
		}
	}
	best := m.voskResult
	if len(m.Alternatives) > 0 {
		best = m.Alternatives[0]
	}
	r := result{text: unspace(string(best.Text)), confidence: confidence(best.Words)}
	if n := len(best.Words); n > 0 {
		r.start, r.end, r.timed = seconds(best.Words[0].Start), seconds(best.Words[n-1].End), true
	}
	if m.Partial != "" {
		r.text, r.partial = unspace(string(m.Partial)), true
	}
	st := s.current(recv, r.end)
	r.utterance = fmt.Sprintf("vosk/%s/%d", st.key, st.sentence)
	s.hear(d, recv, r)
	if !r.partial && r.text != "" {
		st.sentence++
	}
	return nil
}

// seconds reads seconds with decimals as milliseconds; 0 for what is none.
func seconds(v wire.Scalar) int64 {
	whole, part, _ := strings.Cut(string(v), ".")
	s, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || s < 0 || s > maxOffset/1000 {
		return 0
	}
	ms, err := strconv.ParseInt((part + "000")[:3], 10, 64)
	if err != nil || ms < 0 {
		ms = 0
	}
	return s*1000 + ms
}

// confidence is the mean of the words', in thousandths; 0 where one tells none.
func confidence(words []voskWord) int {
	var sum int64
	for _, w := range words {
		c := seconds(w.Conf) // a decimal is read like one of time
		if c <= 0 || c > 1000 {
			return 0
		}
		sum += c
	}
	if sum == 0 {
		return 0
	}
	return int(sum / int64(len(words)))
}

// unspace joins words that are written without spaces: a space stays only
// between two words in letters of one byte.
func unspace(s string) string {
	var b strings.Builder
	for word := range strings.FieldsSeq(s) {
		if b.Len() > 0 && word[0] < utf8.RuneSelf && b.String()[b.Len()-1] < utf8.RuneSelf {
			b.WriteByte(' ')
		}
		b.WriteString(word)
	}
	return b.String()
}
