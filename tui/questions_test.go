package tui

import (
	"testing"
	"time"

	"liveroom/moderation"
	"liveroom/tui/text"
)

// TestQuestionsThatNobodyAnsweredSurface: one that waits too long is counted with
// how long, one that was just asked is not, and one that was answered goes away.
func TestQuestionsThatNobodyAnsweredSurface(t *testing.T) {
	s := newStage(t, text.ZH, 160, 50)
	u := scene()
	u.Questions = []moderation.Question{
		{ID: 1, Room: "r1", At: at(200), Text: "什么时候发货\x1b[31m", Times: 4, SKU: "D01"},
		{ID: 2, Room: "r1", At: at(590), Text: "有黑色吗", SKU: "D01"},
		{ID: 3, Room: "r1", At: at(100), Text: "多长", AnsweredAt: at(130)},
		{ID: 4, Room: "r1", At: start.Add(-24 * time.Hour), Text: "上一场问的"},
	}
	s.update(u)
	s.has("未答 1 问，最久 6 分钟")
	s.hasNot("有黑色吗 ×")

	s.press("i")
	s.has("没人答复的提问", "什么时候发货␛[31m ×4")
	s.hasNot("上一场问的", "多长")
	s.press("enter", "text:口播说了48小时", "enter")
	if n := len(s.desk.log); n == 0 || s.desk.log[n-1] != "answer-question {Question:1 Text:口播说了48小时}" {
		t.Fatalf("the desk was asked for %q", s.desk.log)
	}
	if r := s.m.here(); !r.at.Equal(at(200)) {
		t.Errorf("the panes stand at %s, the question was asked at %s", r.at, at(200))
	}
	s.update(moderation.Update{Questions: []moderation.Question{{ID: 1, Room: "r1", At: at(200), Text: "什么时候发货", AnsweredAt: s.now, Version: 2}}})
	s.hasNot("未答")
	s.press("i")
	s.has("没有等了太久的提问")
}

// TestHowLongAQuestionMayWaitIsConfigured, and the words are there in English too.
func TestHowLongAQuestionMayWaitIsConfigured(t *testing.T) {
	s := newStage(t, text.EN, 200, 60)
	s.m.opt.AnswerWithin = 20 * time.Second
	u := scene()
	u.Questions = []moderation.Question{{ID: 2, Room: "r1", At: at(570), Text: "有黑色吗", SKU: "D01"}}
	s.update(u)
	s.has("Unanswered 1, longest")
}

// TestQuestionsDoNotPileUp: however long a broadcast nobody answers in, the screen
// keeps the newest.
func TestQuestionsDoNotPileUp(t *testing.T) {
	r := newRoom("r1")
	for n := range 5 * questionCap {
		r.setQuestion(moderation.Question{ID: int64(n + 1), At: at(n)})
	}
	if n := len(r.questions); n != questionCap || !r.questions[0].At.Equal(at(4*questionCap)) {
		t.Errorf("%d kept, the oldest of %s", n, r.questions[0].At)
	}
	r.setQuestion(moderation.Question{ID: 5 * questionCap, At: at(5*questionCap - 1), AnsweredAt: at(1)})
	if n := len(r.questions); n != questionCap-1 {
		t.Errorf("%d kept after an answer", n)
	}
}
