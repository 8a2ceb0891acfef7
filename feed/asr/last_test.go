package asr

import (
	"testing"
	"time"
)

// TestWhatIsBeingSaidWhenTheConnectionsTimeIsOver: WhisperLive ends a connection after
// some minutes, whoever is speaking. What it had heard by then is checked like all.
func TestWhatIsBeingSaidWhenTheConnectionsTimeIsOver(t *testing.T) {
	s := open(t, Options{Format: "whisperlive"})
	text(s, `{"uid":"u","message":"SERVER_READY"}`, recv)
	text(s, `{"uid":"u","segments":[{"start":"0.0","end":"1.0","text":"大家好","completed":true}]}`, recv.Add(time.Second))
	half := text(s, `{"uid":"u","segments":[{"start":"0.0","end":"1.0","text":"大家好","completed":true},{"start":"1.0","end":"2.5","text":"百分之百纯羊绒","completed":false}]}`, recv.Add(2*time.Second))
	last := text(s, `{"uid":"u","message":"DISCONNECT"}`, recv.Add(3*time.Second))
	if len(half.Events) != 1 || len(last.Events) != 2 || last.Events[1].Code != CodeEnded {
		t.Fatalf("came to %+v, then %+v", half.Events, last.Events)
	}
	partial, final := half.Events[0], last.Events[0]
	if !partial.Speech.Partial || final.Speech.Partial || final.Text != "百分之百纯羊绒" || final.ID != partial.Speech.Utterance || final.ID != final.Speech.Utterance {
		t.Errorf("partial %+v, final %+v", partial, final)
	}
	// Nothing was open: the next connection ends without saying anything again.
	text(s, `{"uid":"u","segments":[{"start":"0.0","end":"1.0","text":"三号链接","completed":true}]}`, recv.Add(4*time.Second))
	if d := text(s, `{"uid":"u","message":"DISCONNECT"}`, recv.Add(5*time.Second)); len(d.Events) != 1 {
		t.Errorf("said again: %+v", d.Events)
	}
}
