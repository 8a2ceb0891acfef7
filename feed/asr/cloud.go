package asr

import (
	"fmt"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"liveroom/feed"
	"liveroom/feed/internal/wire"
)

// nlsOK is the status of everything that went well.
const nlsOK = "20000000"

// nls reads one message of Aliyun's.
func (s *session) nls(d *feed.Decoded, data []byte, recv time.Time) error {
	var m struct {
		Header struct {
			Name       string      `json:"name"`
			Status     wire.Scalar `json:"status"`
			StatusText wire.Scalar `json:"status_text"`
			TaskID     wire.Scalar `json:"task_id"`
		} `json:"header"`
		Payload struct {
			Index      wire.Scalar `json:"index"`
			Time       wire.Scalar `json:"time"`
			Begin      wire.Scalar `json:"begin_time"`
			Result     wire.Scalar `json:"result"`
			Confidence wire.Scalar `json:"confidence"`
		} `json:"payload"`
	}
	if err := read(data, &m); err != nil {
		return err
	}
	h, p := m.Header, m.Payload
	if h.Name == "TaskFailed" || h.Status != nlsOK {
		s.tell(d, recv, CodeError, fmt.Sprintf("%s %s", h.Status, h.StatusText))
		return nil
	}
	r := result{
		utterance: string(h.TaskID) + "/" + string(p.Index), text: string(p.Result),
		end: p.Time.Int(), timed: true, confidence: confidence([]voskWord{{Conf: p.Confidence}}),
	}
	switch h.Name {
	case "TranscriptionStarted":
		s.begin(recv)
	case "SentenceBegin":
		s.current(recv, r.end).started = r.end
	case "TranscriptionResultChanged":
		r.partial, r.start = true, s.current(recv, r.end).started
		s.hear(d, recv, r)
	case "SentenceEnd":
		r.start = p.Begin.Int()
		s.hear(d, recv, r)
	case "TranscriptionCompleted":
		s.stream = nil
	default:
		return feed.Unknown(h.Name, fmt.Errorf("message %s is not known", wire.Quote(h.Name)))
	}
	return nil
}

// dashscope reads one message of Alibaba's model studio. Older models do not say
// that a sentence ended, but only then when.
func (s *session) dashscope(d *feed.Decoded, data []byte, recv time.Time) error {
	var m struct {
		Header struct {
			TaskID  wire.Scalar `json:"task_id"`
			Event   string      `json:"event"`
			Code    wire.Scalar `json:"error_code"`
			Message wire.Scalar `json:"error_message"`
		} `json:"header"`
		Payload struct {
			Output struct {
				Sentence struct {
					Begin     wire.Scalar    `json:"begin_time"`
					End       wire.Scalar    `json:"end_time"`
					Text      wire.Scalar    `json:"text"`
					Ended     jsontext.Value `json:"sentence_end"`
					Heartbeat wire.Scalar    `json:"heartbeat"`
				} `json:"sentence"`
			} `json:"output"`
		} `json:"payload"`
	}
	if err := read(data, &m); err != nil {
		return err
	}
	switch m.Header.Event {
	case "task-started":
		s.begin(recv)
	case "task-finished":
		s.stream = nil
	case "task-failed":
		s.tell(d, recv, CodeError, fmt.Sprintf("%s %s", m.Header.Code, m.Header.Message))
	case "result-generated":
		sentence := m.Payload.Output.Sentence
		if sentence.Heartbeat == "1" {
			return nil
		}
		final := wire.Text(sentence.Ended) == "1" || sentence.Ended == nil && sentence.End != ""
		s.hear(d, recv, result{
			utterance: string(m.Header.TaskID) + "/" + string(sentence.Begin), text: string(sentence.Text),
			partial: !final, start: sentence.Begin.Int(), end: max(sentence.End.Int(), sentence.Begin.Int()), timed: true,
		})
	default:
		return feed.Unknown(m.Header.Event, fmt.Errorf("event %s is not known", wire.Quote(m.Header.Event)))
	}
	return nil
}

// sliceFinal is the slice_type of a sentence that will not change any more.
const sliceFinal = "2"

// tencent reads one message of Tencent Cloud's.
func (s *session) tencent(d *feed.Decoded, data []byte, recv time.Time) error {
	var m struct {
		Code    wire.Scalar `json:"code"`
		Message wire.Scalar `json:"message"`
		VoiceID wire.Scalar `json:"voice_id"`
		Final   wire.Scalar `json:"final"`
		Result  *struct {
			Slice wire.Scalar `json:"slice_type"`
			Index wire.Scalar `json:"index"`
			Start wire.Scalar `json:"start_time"`
			End   wire.Scalar `json:"end_time"`
			Text  wire.Scalar `json:"voice_text_str"`
		} `json:"result"`
	}
	if err := read(data, &m); err != nil {
		return err
	}
	switch {
	case m.Code != "0":
		s.tell(d, recv, CodeError, fmt.Sprintf("%s %s", m.Code, m.Message))
	case m.Result != nil:
		s.hear(d, recv, result{
			utterance: string(m.VoiceID) + "/" + string(m.Result.Index), text: string(m.Result.Text),
			partial: m.Result.Slice != sliceFinal, start: m.Result.Start.Int(), end: m.Result.End.Int(), timed: true,
		})
	case m.Final == "1":
		s.stream = nil
	default:
		s.begin(recv)
	}
	return nil
}
