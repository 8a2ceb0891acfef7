package moderation_test

import (
	"slices"
	"testing"
	"time"

	"liveroom/feed"
	"liveroom/moderation"
)

func questions(d *desk) []moderation.Question {
	d.t.Helper()
	return must(d.store.Questions(d.t.Context(), moderation.Page{}))
}

// waiting are the texts of the questions that surface now.
func waiting(d *desk) []string {
	d.t.Helper()
	var out []string
	for _, q := range must(d.Unanswered(d.t.Context(), "A")) {
		out = append(out, q.Text)
	}
	return out
}

func TestQuestionsThatNobodyAnswersSurface(t *testing.T) {
	d := newDesk(t)
	d.commit(onAir(1, "D01", 100), asks(2, "能机洗吗"), asks(3, "666"), asks(4, "包邮吗"), asks(5, "主播能机洗吗"), says(6, "今天这条围巾特别暖和"))
	all := questions(d)
	if len(all) != 2 || all[0].Text != "能机洗吗" || all[0].Times != 2 || !all[0].LastAt.Equal(at(5)) || all[0].SKU != "D01" || all[0].Asker.Name != "小鹿" {
		t.Fatalf("questions %+v", all)
	}
	d.clock.pass(2 * time.Minute)
	if got := waiting(d); len(got) != 0 {
		t.Errorf("%q surface too soon", got)
	}
	d.clock.pass(time.Minute + 4*time.Second)
	if got := waiting(d); !slices.Equal(got, []string{"能机洗吗", "包邮吗"}) {
		t.Errorf("%q surface, want both", got)
	}
	d.commit(says(200, "全部包邮哈"))
	if got := waiting(d); !slices.Equal(got, []string{"能机洗吗"}) {
		t.Errorf("%q surface, want the one that was not answered", got)
	}
	if q := questions(d)[1]; q.Answer != 7 || !q.AnsweredAt.Equal(at(200)) || q.AnsweredBy != "" {
		t.Errorf("answered as %+v, want by event 7", q)
	}
	d.do(lan, moderation.AnswerQuestion{Question: 1, Text: "评论里回了"})
	if q := questions(d)[0]; q.AnsweredBy != "阿岚" || q.Note != "评论里回了" || len(waiting(d)) != 0 {
		t.Errorf("marked as %+v", q)
	}
	d.refused(moderation.CodeUnchanged, you, moderation.AnswerQuestion{Question: 1})
	d.refused(moderation.CodeNotFound, you, moderation.AnswerQuestion{Question: 9})
	d.do(lan, moderation.Undo{})
	if got := waiting(d); !slices.Equal(got, []string{"能机洗吗"}) {
		t.Errorf("after the undo %q surface", got)
	}
	d.commit(says(210, "可以机洗的"))
	if got := waiting(d); len(got) != 0 {
		t.Errorf("%q surface after the answer", got)
	}
	d.verify()
}

func TestWhoAnswersWhom(t *testing.T) {
	assistant := event(feed.KindChat, 5, "小鹿 可以的")
	assistant.User.Role = feed.RoleAssistant
	late := says(2000, "可以机洗")
	tests := []struct {
		name   string
		events []feed.Event
		want   []string
	}{
		{"an assistant by name", []feed.Event{asks(2, "能用支付宝吗"), assistant}, nil},
		{"another viewer", []feed.Event{asks(2, "能机洗吗"), asks(3, "可以机洗的")}, []string{"能机洗吗"}},
		{"the host asks back", []feed.Event{asks(2, "能机洗吗"), says(3, "有没有问能机洗的，要不要机洗呢")}, []string{"能机洗吗"}},
		{"long afterwards", []feed.Event{asks(2, "能机洗吗"), late}, []string{"能机洗吗"}},
		{"of another product", []feed.Event{onAir(1, "D01", 1), asks(2, "能机洗吗"), onAir(3, "D02", 1), asks(4, "能机洗吗")}, []string{"能机洗吗", "能机洗吗"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			straight, broken := newDesk(t), newDesk(t)
			for _, e := range tt.events {
				straight.commit(e)
				broken.commit(e)
				broken.restart()
			}
			straight.clock.pass(time.Hour)
			if got := waiting(straight); !slices.Equal(got, tt.want) {
				t.Errorf("%q wait, want %q", got, tt.want)
			}
			sameLedger(t, "after restarts", broken, straight)
			straight.verify()
		})
	}
}

func TestHowLongAViewerMayWaitIsConfigured(t *testing.T) {
	d := newDesk(t, func(c *moderation.Config) { c.AnswerWithin = 30 * time.Second })
	d.commit(asks(2, "包邮吗"))
	d.clock.pass(32 * time.Second)
	if got := waiting(d); len(got) != 1 {
		t.Errorf("%q wait after 30 s", got)
	}
}
