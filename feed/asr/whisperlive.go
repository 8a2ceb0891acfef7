package asr

import (
	"fmt"
	"time"

	"liveroom/feed"
	"liveroom/feed/internal/wire"
)

// whisperlive reads one message. The last segments are sent again and again: one
// is told once when it is complete.
func (s *session) whisperlive(d *feed.Decoded, data []byte, recv time.Time) error {
	var m struct {
		UID      wire.Scalar `json:"uid"`
		Status   wire.Scalar `json:"status"`
		Message  wire.Scalar `json:"message"`
		Segments []struct {
			Start    wire.Scalar `json:"start"`
			End      wire.Scalar `json:"end"`
			Text     wire.Scalar `json:"text"`
			Complete wire.Scalar `json:"completed"`
		} `json:"segments"`
	}
	if err := read(data, &m); err != nil {
		return err
	}
	switch {
	case m.Status == "WAIT":
		s.tell(d, recv, CodeWait, fmt.Sprintf("the recogniser is busy for %s minutes", m.Message))
	case m.Status != "":
		s.tell(d, recv, CodeError, fmt.Sprintf("%s: %s", m.Status, m.Message))
	case m.Message == "SERVER_READY":
		s.begin(recv)
		s.tell(d, recv, CodeReady, "the recogniser is ready")
	case m.Message == "DISCONNECT":
		// It comes every ten minutes, in the middle of what is being said, and nothing
		// finishes that: it is as final as it gets. What comes after counts from 0.
		if st := s.stream; st != nil {
			st.open.partial = false
			s.hear(d, recv, st.open)
		}
		s.stream = nil
		s.tell(d, recv, CodeEnded, "the recogniser ended the connection")
	case m.Message != "":
		return feed.Unknown(string(m.Message), fmt.Errorf("message %s is not known", wire.Quote(string(m.Message))))
	}
	for _, seg := range m.Segments {
		start, end := seconds(seg.Start), seconds(seg.End)
		st := s.current(recv, end)
		if start <= st.done {
			continue
		}
		complete := seg.Complete == "1"
		r := result{
			utterance: fmt.Sprintf("%s/%s/%d", m.UID, st.key, start), text: string(seg.Text),
			partial: !complete, start: start, end: end, timed: true,
		}
		s.hear(d, recv, r)
		st.open = r
		if complete {
			st.done, st.open = start, result{}
		}
	}
	return nil
}
