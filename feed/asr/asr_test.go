package asr

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"
	"time"

	"liveroom/feed"
	"liveroom/feed/feedtest"
)

var recv = time.Date(2026, 9, 21, 14, 13, 21, 0, time.UTC)

func open(t testing.TB, o Options) *session {
	t.Helper()
	p, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return p.NewSession(feed.Position{}).(*session)
}

func text(s feed.Session, text string, at time.Time) feed.Decoded {
	return s.Decode(feed.Frame{Data: []byte(text)}, at)
}

// line is what a test compares of an event.
func line(e feed.Event) string {
	if e.Speech == nil {
		return string(e.Kind) + " " + e.Code + " " + e.Text
	}
	kind := "final"
	if e.Speech.Partial {
		kind = "partial"
	}
	return fmt.Sprintf("%s %s %d-%d %d %s", kind, e.Text, e.Speech.StartMS, e.Speech.EndMS, e.Speech.Confidence, e.Speech.Utterance)
}

func TestProtocolDialsNobody(t *testing.T) {
	if _, err := New(Options{Format: "iflytek"}); err == nil || !strings.Contains(err.Error(), "whisperlive") {
		t.Errorf("error %v, want the formats", err)
	}
	p, err := New(Options{Format: "nls"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Request(feed.Position{}); err == nil || !strings.Contains(err.Error(), "not supported") || p.Name() != "asr" {
		t.Errorf("error %v, name %s", err, p.Name())
	}
	s := p.NewSession(feed.Position{})
	if every, _ := s.Heartbeat(); every != 0 || len(s.Hello()) != 0 {
		t.Error("nothing is to be said")
	}
	for _, format := range Formats {
		if readers[format] == nil {
			t.Errorf("%s is not read", format)
		}
	}
}

// TestConversations plays what each recogniser answers, three a second, and asks
// what it comes to; the key of a stream stands as KEY.
func TestConversations(t *testing.T) {
	for _, c := range []struct {
		name     string
		messages []string
		want     []string
	}{
		{
			"funasr, two passes",
			[]string{
				`{"mode":"2pass-online","text":"大家好","wav_name":"r1","is_final":false}`,
				`{"mode":"2pass-online","text":"今天","wav_name":"r1","is_final":false}`,
				`{"mode":"2pass-online","text":"","wav_name":"r1","is_final":false}`,
				`{"mode":"2pass-offline","text":"大家好，今天。","wav_name":"r1","is_final":false,"timestamp":"[[100,200],[300,500]]","stamp_sents":[]}`,
				`{"mode":"2pass-offline","text":"","wav_name":"r1","stamp_sents":""}`,
				`{"mode":"2pass-online","text":"三号","wav_name":"r1"}`,
				`{"mode":"2pass-offline","text":"三号链接。","wav_name":"r1","timestamp":1790000003456,"start_time":3400,"end_time":5200}`,
				`{"mode":"2pass-offline","text":"上车。","wav_name":"r1","stamp_sents":[{"start":6000,"end":6500},{"start":6500,"end":7000}]}`,
				`{"mode":"2pass","wav_name":"r1","is_final":true,"is_end":true}`,
			},
			[]string{
				"partial 大家好 0-0 0 r1/KEY/0", "partial 大家好今天 0-0 0 r1/KEY/0", "final 大家好，今天。 100-500 0 r1/KEY/0",
				"partial 三号 0-0 0 r1/KEY/1", "final 三号链接。 3400-5200 0 r1/KEY/1", "final 上车。 6000-7000 0 r1/KEY/2",
				`refused asr: funasr: mode "2pass" is not known`,
			},
		},
		{
			"funasr, online only",
			[]string{
				`{"mode":"online","text":"大家","wav_name":"r1","is_final":false}`,
				`{"mode":"online","text":"好","wav_name":"r1","is_final":true}`,
				`{"mode":"online","text":"嗯","wav_name":"r1","is_final":false}`,
				`ERROR. PCM only` + "\xff",
			},
			[]string{"partial 大家 0-0 0 r1/KEY/0", "final 大家好 0-0 0 r1/KEY/0", "partial 嗯 0-0 0 r1/KEY/1", "system asr_error ERROR. PCM only\uFFFD"},
		},
		{
			"funasr, timestamps that are none",
			[]string{
				`{"mode":"offline","text":"a","wav_name":"r1","timestamp":"[[1]]"}`, `{"mode":"offline","text":"b","wav_name":"r1","timestamp":"x"}`,
				`{"mode":"offline","text":"c","wav_name":"r1","timestamp":"[[],[1,2]]"}`,
			},
			[]string{"final a 0-0 0 r1/KEY/0", "final b 0-0 0 r1/KEY/1", "final c 0-0 0 r1/KEY/2"},
		},
		{
			"vosk",
			[]string{
				"{\n  \"partial\" : \"\"\n}", "{\n  \"partial\" : \"今天 这款\"\n}", "{\n  \"partial\" : \"今天 这款\"\n}",
				`{"result":[{"conf":0.98,"start":0.6,"end":1.02,"word":"今天"},{"conf":0.9,"start":1.02,"end":1.5,"word":"这款"}],"text":"今天 这款"}`,
				`{"text":""}`, `{"alternatives":[{"confidence":210.1,"text":"a red 裙 子 ok"},{"text":"b"}]}`,
				`{"result":[{"start":-1,"end":"x"}],"text":"c"}`,
			},
			[]string{
				"partial 今天这款 0-0 0 vosk/KEY/0", "final 今天这款 600-1500 940 vosk/KEY/0", "final a red裙子ok 0-0 0 vosk/KEY/1", "final c 0-0 0 vosk/KEY/2",
			},
		},
		{
			"whisperlive",
			[]string{
				`{"uid":"u","status":"WAIT","message":2.5}`, `{"uid":"u","message":"SERVER_READY","backend":"x"}`, `{"uid":"u","language":"zh","language_prob":0.9}`,
				`{"uid":"u","segments":[{"start":"0.000","end":"2.400","text":" 大家好","completed":false}]}`,
				`{"uid":"u","segments":[{"start":"0.000","end":"3.100","text":" 大家好，","completed":true},{"start":"3.100","end":"4.000","text":" 精华","completed":false}]}`,
				`{"uid":"u","segments":[{"start":"0.000","end":"3.100","text":" 大家好，","completed":true},{"start":"3.100","end":"5.2","text":" 精华液","completed":true}]}`,
				`{"uid":"u","status":"ERROR","message":"no model"}`, `{"uid":"u","message":"DISCONNECT"}`,
				`{"uid":"u","segments":[{"start":"0.000","end":"1.000","text":"又来","completed":true}]}`,
			},
			[]string{
				"system asr_wait the recogniser is busy for 2.5 minutes", "system asr_ready the recogniser is ready",
				"partial 大家好 0-2400 0 u/KEY/0", "final 大家好， 0-3100 0 u/KEY/0", "partial 精华 3100-4000 0 u/KEY/3100", "final 精华液 3100-5200 0 u/KEY/3100",
				"system asr_error ERROR: no model", "system asr_ended the recogniser ended the connection", "final 又来 0-1000 0 u/KEY/0",
			},
		},
		{
			"nls",
			[]string{
				nlsMessage("TranscriptionStarted", `{}`), nlsMessage("SentenceBegin", `{"index":1,"time":320}`),
				nlsMessage("TranscriptionResultChanged", `{"index":1,"time":1800,"result":"今天"}`),
				nlsMessage("SentenceEnd", `{"index":1,"time":2620,"begin_time":940,"result":"今天。","confidence":0.858}`),
				nlsMessage("TranscriptionCompleted", `{}`), nlsMessage("TaskFailed", `{}`), nlsMessage("Later", `{}`),
				`{"header":{"namespace":"SpeechTranscriber","name":"x","status":40000004,"status_text":"IDLE"}}`,
			},
			[]string{
				"partial 今天 320-1800 0 task/1", "final 今天。 940-2620 858 task/1", "system asr_error 20000000 OK",
				`refused asr: nls: message "Later" is not known`, "system asr_error 40000004 IDLE",
			},
		},
		{
			"dashscope",
			[]string{
				`{"header":{"task_id":"t","event":"task-started"},"payload":{}}`,
				dashscopeMessage(`"begin_time":170,"end_time":null,"text":"今天","sentence_end":false`), dashscopeMessage(`"begin_time":170,"end_time":null,"text":"","heartbeat":true`),
				dashscopeMessage(`"begin_time":170,"end_time":2620,"text":"今天。","sentence_end":true`), dashscopeMessage(`"begin_time":3000,"end_time":4000,"text":"旧版。"`),
				`{"header":{"task_id":"t","event":"task-failed","error_code":"X","error_message":"no audio"},"payload":{}}`,
				`{"header":{"task_id":"t","event":"task-finished"},"payload":{}}`, `{"header":{"task_id":"t","event":"later"}}`,
			},
			[]string{
				"partial 今天 170-170 0 t/170", "final 今天。 170-2620 0 t/170", "final 旧版。 3000-4000 0 t/3000", "system asr_error X no audio",
				`refused asr: dashscope: event "later" is not known`,
			},
		},
		{
			"tencent",
			[]string{
				`{"code":0,"message":"success","voice_id":"v"}`, tencentMessage(0, ""), tencentMessage(1, "今天"), tencentMessage(2, "今天。"),
				`{"code":0,"message":"success","voice_id":"v","message_id":"v_3","final":1}`, `{"code":4008,"message":"等待超时","voice_id":"v"}`,
			},
			[]string{"partial 今天 0-1240 0 v/0", "final 今天。 0-1240 0 v/0", "system asr_error 4008 等待超时"},
		},
		{
			"what is none",
			[]string{`{}`, `[]`, `pong`, `{"header":"x"}`},
			[]string{"refused asr: no recogniser", "refused asr: no JSON", "refused asr: no JSON", "refused asr: no JSON"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := open(t, Options{})
			var got []string
			ids := map[string]bool{}
			for i, m := range c.messages {
				d := text(s, m, recv.Add(time.Duration(i/3)*time.Second))
				for _, e := range d.Events {
					got = append(got, line(e))
					if e.ID == "" || ids[e.ID] || string(e.Raw) != m || e.At.IsZero() {
						t.Errorf("event %+v", e)
					}
					ids[e.ID] = true
				}
				for _, err := range d.Refused {
					got = append(got, "refused "+err.Error())
				}
			}
			if len(got) != len(c.want) {
				t.Fatalf("came to\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(c.want, "\n"))
			}
			for i, want := range c.want {
				head, tail, keyed := strings.Cut(want, "KEY")
				if !strings.HasPrefix(got[i], head) || keyed && !strings.HasSuffix(got[i], tail) {
					t.Errorf("%d came to %s, want %s", i, got[i], want)
				}
			}
		})
	}
}

func nlsMessage(name, payload string) string {
	return `{"header":{"namespace":"SpeechTranscriber","name":"` + name + `","status":20000000,"task_id":"task","status_text":"OK"},"payload":` + payload + `}`
}

func dashscopeMessage(sentence string) string {
	return `{"header":{"task_id":"t","event":"result-generated"},"payload":{"output":{"sentence":{` + sentence + `}}}}`
}

func tencentMessage(slice int, said string) string {
	return fmt.Sprintf(`{"code":0,"message":"success","voice_id":"v","message_id":"m","result":{"slice_type":%d,"index":0,"start_time":0,"end_time":1240,"voice_text_str":%q}}`, slice, said)
}

// TestTimesCountFromTheAudiosBeginning: as the caller knows it, as the recogniser
// tells it, or as late as the results allow.
func TestTimesCountFromTheAudiosBeginning(t *testing.T) {
	final := func(ms int) string {
		return fmt.Sprintf(`{"mode":"2pass-offline","text":"%d","wav_name":"r","start_time":%d,"end_time":%d}`, ms, ms-500, ms)
	}
	check := func(name string, e feed.Event, started, said time.Time) {
		t.Helper()
		if !e.Speech.StartAt.Equal(started) || !e.At.Equal(said) {
			t.Errorf("%s: began %s, said %s; want %s and %s", name, e.Speech.StartAt, e.At, started, said)
		}
	}
	began := recv.Add(-time.Minute)
	known := open(t, Options{Format: "funasr", Began: began})
	check("known", text(known, final(4000), recv).Events[0], began.Add(3500*time.Millisecond), began.Add(4*time.Second))

	told := open(t, Options{})
	text(told, `{"uid":"u","message":"SERVER_READY"}`, recv)
	d := text(told, `{"uid":"u","segments":[{"start":"1.000","end":"2.000","text":"x","completed":true}]}`, recv.Add(5*time.Second))
	check("told", d.Events[0], recv.Add(time.Second), recv.Add(2*time.Second))

	reckoned := open(t, Options{})
	text(reckoned, `{"mode":"2pass-online","text":"x","wav_name":"r"}`, recv)
	e := text(reckoned, final(2000), recv.Add(time.Second)).Events[0]
	check("reckoned", e, recv.Add(500*time.Millisecond), recv.Add(time.Second))
	e = text(reckoned, final(3000), recv.Add(10*time.Second)).Events[0]
	check("reckoned, and late", e, recv.Add(1500*time.Millisecond), recv.Add(2*time.Second))

	e = text(open(t, Options{Began: recv}), final(1<<62), recv).Events[0]
	if e.At.After(recv) || e.Speech.EndMS != maxOffset {
		t.Errorf("a wild offset gives %s, %d ms", e.At, e.Speech.EndMS)
	}
}

func TestPiecesOfASentenceHaveABound(t *testing.T) {
	s := open(t, Options{})
	for range 100 {
		text(s, `{"mode":"2pass-online","wav_name":"r","text":"`+strings.Repeat("a", 4096)+`"}`, recv)
	}
	if n := len(s.stream.pieces); n > maxPieces {
		t.Errorf("%d bytes are kept", n)
	}
}

func volc(kind, flags byte, zip bool, payload string) []byte {
	b := []byte{0x11, kind<<4 | flags, 0x10, 0}
	if zip {
		var z bytes.Buffer
		w := gzip.NewWriter(&z)
		_, _ = w.Write([]byte(payload))
		_ = w.Close()
		payload, b[2] = z.String(), 0x11
	}
	if kind == volcError {
		b = binary.BigEndian.AppendUint32(b, 45000001)
	} else if flags&volcSequence != 0 {
		b = binary.BigEndian.AppendUint32(b, 2)
	}
	return append(binary.BigEndian.AppendUint32(b, uint32(len(payload))), payload...)
}

func TestVolcengine(t *testing.T) {
	s := open(t, Options{})
	decode := func(b []byte) feed.Decoded { return s.Decode(feed.Frame{Binary: true, Data: b}, recv) }
	const first = `{"result":{"text":"今天","utterances":[{"definite":false,"start_time":0,"end_time":900,"text":"今天"}]}}`
	const second = `{"result":{"text":"今天。精","utterances":[{"definite":true,"start_time":0,"end_time":1700,"text":"今天。"},{"definite":false,"start_time":1800,"end_time":2000,"text":"精"}]}}`
	var got []string
	for _, b := range [][]byte{
		volc(volcResult, 1, true, first), volc(volcResult, 1, true, first), volc(volcResult, 0, false, second), volc(volcAck, 0, false, "x"),
		volc(volcResult, 1, true, `{"result":{"text":"整段"}}`), volc(volcResult, 3, true, second), volc(volcResult, 2, false, second), volc(volcError, 0, false, "bad\xff"),
		volc(volcResult, 0, false, second), volc(volcError, 0, false, "late"), volc(volcResult, 0, false, second), // begun anew
	} {
		d := decode(b)
		if len(d.Refused) != 0 {
			t.Fatal(d.Refused)
		}
		for _, e := range d.Events {
			got = append(got, line(e))
		}
	}
	want := []string{
		"partial 今天 0-900", "final 今天。 0-1700", "partial 精 1800-2000", "partial 整段 0-0", "partial 精 1800-2000",
		"final 今天。 0-1700", "partial 精 1800-2000", "system asr_error 45000001 bad\uFFFD",
		"final 今天。 0-1700", "partial 精 1800-2000", "system asr_error 45000001 late", "final 今天。 0-1700", "partial 精 1800-2000",
	}
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) || !strings.HasPrefix(got[i], want[i]) {
			t.Fatalf("came to\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
}

func TestVolcengineRefused(t *testing.T) {
	cut := volc(volcResult, 1, true, "{}")
	for _, c := range []struct {
		name, want string
		data       []byte
	}{
		{"empty", "ends within its header", nil},
		{"header longer than the message", "ends within its header", []byte{0x1f, 0x90, 0, 0}},
		{"header of nothing", "ends within its header", []byte{0x10, 0x90, 0, 0}},
		{"no sequence", "ends within its header", []byte{0x11, 0x91, 0, 0, 1}},
		{"no size", "ends within its header", []byte{0x11, 0x90, 0, 0}},
		{"size past the end", "only 1 are left", []byte{0x11, 0x90, 0x10, 0, 0, 0, 0, 9, 1}},
		{"no gzip", "no gzip", []byte{0x11, 0x90, 0x11, 0, 0, 0, 0, 1, 1}},
		{"broken gzip", "broken gzip", append(append([]byte{0x11, 0x90, 0x11, 0}, 0, 0, 0, 12), cut[12:24]...)},
		{"bomb", "more than 16 MiB", volc(volcResult, 0, true, strings.Repeat(" ", maxInflated+1))},
		{"no JSON", "no JSON", volc(volcResult, 0, false, "x")},
		{"a client's", "not one that a server sends", volc(1, 0, false, "{}")},
	} {
		d := open(t, Options{}).Decode(feed.Frame{Binary: true, Data: c.data}, recv)
		if len(d.Events) != 0 || len(d.Refused) != 1 || !strings.Contains(d.Refused[0].Error(), c.want) {
			t.Errorf("%s: %d events, refused %v; want %q", c.name, len(d.Events), d.Refused, c.want)
		}
	}
	for _, format := range Formats {
		if d := text(open(t, Options{Format: format}), `{"cut`, recv); len(d.Refused) != 1 {
			t.Errorf("%s reads what is cut off: %+v", format, d)
		}
	}
}

func TestOneMessageMakesABoundedNumberOfEvents(t *testing.T) {
	var b strings.Builder
	for i := range maxResults + 10 {
		fmt.Fprintf(&b, `,{"start":"%d.0","end":"1","text":"x","completed":true}`, i)
	}
	if d := text(open(t, Options{}), `{"uid":"u","segments":[`+b.String()[1:]+`]}`, recv); len(d.Events) != maxResults {
		t.Errorf("%d events", len(d.Events))
	}
}

func TestFixtures(t *testing.T) {
	for _, dir := range []string{"asr-funasr", "asr-vosk", "asr-whisperlive", "asr-cloud"} {
		t.Run(dir, func(t *testing.T) {
			s := open(t, Options{})
			feedtest.Incoming(t, dir, func(f feed.Frame) feed.Decoded { return s.Decode(f, recv) })
		})
	}
}

func BenchmarkDecode(b *testing.B) {
	s := open(b, Options{})
	frame := feed.Frame{Data: []byte(`{"mode":"2pass-offline","text":"大家好，今天这款精华全网最低价。","wav_name":"r1","start_time":3400,"end_time":5200}`)}
	b.ReportAllocs()
	for b.Loop() {
		if d := s.Decode(frame, recv); len(d.Events) != 1 {
			b.Fatal(d.Refused)
		}
	}
}
