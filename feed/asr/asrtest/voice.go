// Package asrtest says what recognisers say, each in its own words: that it is
// ready, results that grow, the final ones that replace them, what it sends again
// with each, and why it ends.
//
// It is a second hand at the formats, so that a mistake of the decoder's is not
// repeated by what tests it.
package asrtest

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"liveroom/feed"
)

const (
	// breath is how long an utterance takes, in milliseconds of audio.
	breath = 1500
	// repeated is how many segments WhisperLive sends again, and how many utterances
	// of Volcengine's, which sends all, are played: more only cost time.
	repeated = 10
)

// A Voice is one recogniser on one connection. It belongs to one goroutine.
type Voice struct {
	format string
	id     string // of the task, the voice or the file
	at     int64  // milliseconds of audio heard
	spoken []string
	zip    *gzip.Writer
}

// NewVoice starts a recogniser of one of asr.Formats, which calls what it hears id.
func NewVoice(format, id string) *Voice { return &Voice{format: format, id: id} }

// Ready is what it says before it hears anything.
func (v *Voice) Ready() []feed.Frame {
	switch v.format {
	case "whisperlive":
		return texts(
			fmt.Sprintf(`{"uid":%s,"message":"SERVER_READY","backend":"faster_whisper"}`, quote(v.id)),
			fmt.Sprintf(`{"uid":%s,"language":"zh","language_prob":0.98}`, quote(v.id)))
	case "nls":
		return texts(v.nls("TranscriptionStarted", "20000000", `{"session_id":"s"}`))
	case "dashscope":
		return texts(v.dashscope("task-started", `{}`))
	case "tencent":
		return texts(fmt.Sprintf(`{"code":0,"message":"success","voice_id":%s}`, quote(v.id)))
	case "volcengine":
		return []feed.Frame{v.volcengine(0xb, 1, 1, `{}`)}
	}
	return nil
}

// Hear is what it says while somebody speaks: two results that grow, and the final
// one. number is its own of the utterance, where the recogniser gives one.
func (v *Voice) Hear(number, text string) []feed.Frame {
	from, to := v.at, v.at+breath
	v.at = to + 100
	half := 0
	for range utf8.RuneCountInString(text) / 2 {
		_, n := utf8.DecodeRuneInString(text[half:])
		half += n
	}
	first, rest := text[:half], text[half:]
	switch v.format {
	case "funasr":
		online := func(s string) string {
			return fmt.Sprintf(`{"mode":"2pass-online","text":%s,"wav_name":%s,"is_final":false}`, quote(s), quote(v.id))
		}
		return texts(online(first), online(rest), online(""),
			fmt.Sprintf(`{"mode":"2pass-offline","text":%s,"wav_name":%s,"is_final":false,"timestamp":"[[%d,%d],[%d,%d]]","stamp_sents":[]}`,
				quote(text), quote(v.id), from, from+breath/2, from+breath/2, to))
	case "vosk":
		return texts(`{"partial" : ""}`, fmt.Sprintf(`{"partial" : %s}`, quote(first)), fmt.Sprintf(`{"partial" : %s}`, quote(text)),
			fmt.Sprintf("{\n  \"result\" : [{\n      \"conf\" : 1.0,\n      \"end\" : %d.%03d,\n      \"start\" : %d.%03d,\n      \"word\" : \"w\"\n    }],\n  \"text\" : %s\n}",
				to/1000, to%1000, from/1000, from%1000, quote(text)), `{"text" : ""}`)
	case "whisperlive":
		return texts(v.segments(from, from+breath/2, first, false), v.segments(from, to, text, false), v.segments(from, to, text, true))
	case "nls":
		return texts(
			v.nls("SentenceBegin", "20000000", fmt.Sprintf(`{"index":%s,"time":%d}`, number, from)),
			v.nls("TranscriptionResultChanged", "20000000", fmt.Sprintf(`{"index":%s,"time":%d,"result":%s}`, number, from+breath/2, quote(first))),
			v.nls("SentenceEnd", "20000000", fmt.Sprintf(`{"index":%s,"time":%d,"begin_time":%d,"result":%s,"confidence":0.9,"words":[]}`, number, to, from, quote(text))))
	case "dashscope":
		sentence := func(end, text string, ended bool) string {
			return v.dashscope("result-generated", fmt.Sprintf(`{"output":{"sentence":{"begin_time":%d,"end_time":%s,"text":%s,"words":[],"sentence_end":%v,"heartbeat":false}}}`,
				from, end, quote(text), ended))
		}
		beat := v.dashscope("result-generated", `{"output":{"sentence":{"begin_time":0,"end_time":null,"text":"","heartbeat":true}}}`)
		return texts(beat, sentence("null", first, false), sentence(fmt.Sprint(to), text, true))
	case "tencent":
		slice := func(kind int, text string) string {
			return fmt.Sprintf(`{"code":0,"message":"success","voice_id":%s,"message_id":"m","result":{"slice_type":%d,"index":%s,"start_time":%d,"end_time":%d,"voice_text_str":%s,"word_list":[]}}`,
				quote(v.id), kind, number, from, to, quote(text))
		}
		return texts(slice(0, first), slice(1, text), slice(2, text))
	case "volcengine":
		return []feed.Frame{v.utterances(from, to, first, false), v.utterances(from, to, text, true)}
	}
	return nil
}

// Leave is why it ends; it closes then.
func (v *Voice) Leave() []feed.Frame {
	switch v.format {
	case "whisperlive": // the time of one connection is over
		return texts(fmt.Sprintf(`{"uid":%s,"message":"DISCONNECT"}`, quote(v.id)))
	case "nls":
		return texts(v.nls("TaskFailed", "40000004", `{}`))
	case "dashscope":
		return texts(fmt.Sprintf(`{"header":{"task_id":%s,"event":"task-failed","error_code":"CLIENT_ERROR","error_message":"request timeout after 23 seconds."},"payload":{}}`, quote(v.id)))
	case "tencent":
		return texts(fmt.Sprintf(`{"code":4008,"message":"client timeout","voice_id":%s}`, quote(v.id)))
	case "volcengine":
		return []feed.Frame{fault(45000081, "wait next packet timeout")}
	}
	return nil
}

// Odd is a message that the recogniser may say next year.
func (v *Voice) Odd() feed.Frame {
	switch v.format {
	case "funasr":
		return text(fmt.Sprintf(`{"mode":"3pass-thinking","text":"","wav_name":%s}`, quote(v.id)))
	case "whisperlive":
		return text(fmt.Sprintf(`{"uid":%s,"message":"THINKING"}`, quote(v.id)))
	case "nls":
		return text(v.nls("SentenceThought", "20000000", `{}`))
	case "dashscope":
		return text(v.dashscope("result-thought", `{}`))
	case "volcengine":
		return v.volcengine(0xc, 0, 0, `{}`)
	}
	return text(`{"thought":{"n":1}}`)
}

// Broken is a message that ends in its middle.
func (v *Voice) Broken() feed.Frame {
	if v.format == "volcengine" {
		f := v.volcengine(9, 1, 7, `{"result":{"text":"cut off here"}}`)
		return feed.Frame{Binary: true, Data: f.Data[:len(f.Data)-6]}
	}
	return text(`{"text":"cut off he`)
}

func (v *Voice) nls(name, status, payload string) string {
	return fmt.Sprintf(`{"header":{"namespace":"SpeechTranscriber","name":%q,"status":%s,"message_id":"m","task_id":%s,"status_text":"x"},"payload":%s}`,
		name, status, quote(v.id), payload)
}

func (v *Voice) dashscope(event, payload string) string {
	return fmt.Sprintf(`{"header":{"task_id":%s,"event":%q,"attributes":{}},"payload":%s}`, quote(v.id), event, payload)
}

// segments says the segments so far again, with one more behind them.
func (v *Voice) segments(from, to int64, text string, done bool) string {
	one := fmt.Sprintf(`{"start":"%d.%03d","end":"%d.%03d","text":%s,"completed":%v}`, from/1000, from%1000, to/1000, to%1000, quote(text), done)
	all := v.again(one, done)
	return fmt.Sprintf(`{"uid":%s,"segments":[%s]}`, quote(v.id), strings.Join(all, ","))
}

// again is what was said before, with one more behind it, which stays when it is
// done.
func (v *Voice) again(one string, done bool) []string {
	n := len(v.spoken)
	all := append(v.spoken[max(0, n-repeated):n:n], one)
	if done {
		v.spoken = append(v.spoken, one)
	}
	return all
}

// utterances says all utterances again, with one more behind them.
func (v *Voice) utterances(from, to int64, text string, done bool) feed.Frame {
	one := fmt.Sprintf(`{"definite":%v,"start_time":%d,"end_time":%d,"text":%s,"words":[]}`, done, from, to, quote(text))
	all := v.again(one, done)
	return v.volcengine(9, 1, int32(len(v.spoken)+1),
		fmt.Sprintf(`{"audio_info":{"duration":%d},"result":{"text":%s,"utterances":[%s]}}`, to, quote(text), strings.Join(all, ",")))
}

// volcengine wraps a payload, inflated, in the binary frame of a server.
func (v *Voice) volcengine(kind, flags byte, sequence int32, payload string) feed.Frame {
	var z bytes.Buffer
	if v.zip == nil { // half a megabyte each
		v.zip = gzip.NewWriter(&z)
	}
	v.zip.Reset(&z)
	_, _ = v.zip.Write([]byte(payload))
	_ = v.zip.Close()
	b := []byte{0x11, kind<<4 | flags, 0x11, 0}
	if flags&1 != 0 {
		b = binary.BigEndian.AppendUint32(b, uint32(sequence))
	}
	b = binary.BigEndian.AppendUint32(b, uint32(z.Len()))
	return feed.Frame{Binary: true, Data: append(b, z.Bytes()...)}
}

func fault(code uint32, why string) feed.Frame {
	b := binary.BigEndian.AppendUint32([]byte{0x11, 0xf0, 0x10, 0}, code)
	b = binary.BigEndian.AppendUint32(b, uint32(len(why)))
	return feed.Frame{Binary: true, Data: append(b, why...)}
}

func text(s string) feed.Frame { return feed.Frame{Data: []byte(s)} }

func texts(all ...string) []feed.Frame {
	out := make([]feed.Frame, len(all))
	for i, s := range all {
		out[i] = text(s)
	}
	return out
}

func quote(s string) string {
	b, err := json.Marshal(s, jsontext.AllowInvalidUTF8(true))
	if err != nil {
		return `""`
	}
	return string(b)
}
