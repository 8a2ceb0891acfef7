package asr

import (
	"strings"
	"testing"

	"liveroom/feed"
	"liveroom/feed/feedtest/corpus"
	"liveroom/feed/feedtest/fuzzed"
)

// FuzzDecode asks of every answer, told apart by what it says or read as one named
// format: nothing said later than it was heard, no words that say nothing, and
// nothing said twice over when the recogniser sends it again.
func FuzzDecode(f *testing.F) {
	for _, m := range []string{
		`{"mode":"2pass-offline","text":"a","wav_name":"w","timestamp":"[[1,2]]","stamp_sents":[{"start":1}]}`, `{"mode":"2pass-online","text":"a","is_final":true}`,
		`{"mode":"online","text":"a","is_final":true,"start_time":1,"end_time":"9"}`, `{"mode":"x"}`, "ERROR. no\x1b",
		`{"partial":"a b"}`, `{"result":[{"conf":1,"start":0.1,"end":0.2},{"conf":"x","end":1e9}],"text":"你 好 a b"}`, `{"alternatives":[{"confidence":2,"text":"a"}]}`,
		`{"uid":"u","segments":[{"start":"0.0","end":"1","text":"x","completed":true},{"start":"1.0","end":"2.5","text":"y"}]}`,
		`{"uid":"u","message":"SERVER_READY","backend":"b"}`, `{"uid":"u","message":"DISCONNECT"}`, `{"uid":"u","status":"WAIT","message":3.5}`, `{"uid":"u","status":"ERROR","message":"m"}`,
		nlsMessage("TranscriptionStarted", `{}`), nlsMessage("SentenceBegin", `{"index":1,"time":9}`), nlsMessage("TranscriptionResultChanged", `{"index":1,"time":9,"result":"x"}`),
		nlsMessage("SentenceEnd", `{"index":1,"time":9,"begin_time":1,"result":"x","confidence":0.9}`), nlsMessage("TranscriptionCompleted", `{}`), nlsMessage("TaskFailed", `{}`), nlsMessage("X\x1b", `{}`),
		dashscopeMessage(`"begin_time":1,"text":"x"`), dashscopeMessage(`"begin_time":1,"end_time":5,"text":"x","sentence_end":true`), dashscopeMessage(`"heartbeat":true`),
		`{"header":{"task_id":"t","event":"task-started"}}`, `{"header":{"event":"task-failed","error_code":"E","error_message":"m"}}`, `{"header":{"event":"task-finished"}}`, `{"header":{"event":"x"}}`,
		tencentMessage(1, "x"), tencentMessage(2, "x"), `{"code":4008,"message":"m"}`, `{"code":0,"voice_id":"v","final":1}`, `{"code":0,"voice_id":"v"}`,
	} {
		f.Add([]byte(m), false, 0)
	}
	for _, flags := range []byte{0, 1, 2, 3} {
		f.Add(volc(volcResult, flags, true, `{"result":{"text":"t","utterances":[{"definite":true,"start_time":1,"end_time":2,"text":"x"},{"text":"y","start_time":3}]}}`), true, 7)
	}
	f.Add(volc(volcResult, 2, false, `{"result":{"text":"t"}}`), true, 0)
	f.Add(volc(volcError, 0, false, "no\x1b"), true, 0)
	f.Add(volc(volcAck, 0, false, ""), true, 0)
	corpus.Add(f)
	f.Fuzz(func(t *testing.T, data []byte, binary bool, format int) {
		o := Options{}
		if n := format % (len(Formats) + 1); n > 0 {
			o.Format = Formats[n-1]
		}
		frame := feed.Frame{Binary: binary, Data: data}
		d := fuzzed.Decode(t, func() feed.Session { return open(t, o) }, frame, recv, fuzzed.Bounds{Events: maxResults, Inflates: maxInflated})
		for _, e := range d.Events {
			if e.ID == "" || e.At.After(recv) || string(e.Raw) != string(data) || e.Speech != nil && strings.TrimSpace(e.Text) == "" {
				t.Fatalf("event %+v", e)
			}
		}
		s := open(t, o)
		s.Decode(frame, recv)
		for _, e := range s.Decode(frame, recv).Events {
			if e.Speech == nil || e.Speech.Partial {
				continue
			}
			// FunASR and Vosk number their sentences only by order; the others name them.
			for _, first := range d.Events {
				if first.Speech != nil && !first.Speech.Partial && first.ID == e.ID && first.Text != e.Text {
					t.Fatalf("%q and %q are one utterance", first.Text, e.Text)
				}
			}
		}
	})
}
