package moderation_test

import (
	"fmt"
	"strings"
	"testing"

	"liveroom/claims"
	"liveroom/claims/sheet"
	"liveroom/feed"
	"liveroom/moderation"
)

func wool(t *testing.T) *claims.Checker {
	t.Helper()
	s, err := sheet.Load("facts.csv", strings.NewReader("sku,name,category,material\nD01,青禾开衫,apparel,羊毛80%;锦纶20%\n"))
	if err != nil {
		t.Fatal(err)
	}
	return claims.New(s)
}

// TestAViewersQuestionIsAnsweredOnAir: the question comes from the chat, the
// answer from the recogniser, and a restart may lie between them.
func TestAViewersQuestionIsAnsweredOnAir(t *testing.T) {
	for _, restart := range []bool{false, true} {
		d := newDesk(t, func(c *moderation.Config) { c.Checker = wool(t) })
		d.commit(onAir(1, "D01", 12900), event(feed.KindChat, 2, "主播这个是纯羊毛的吗"), event(feed.KindChat, 3, "666"))
		if restart {
			d.restart()
		}
		d.commit(says(4, "是的，喜欢就拍"))
		flags := d.flags()
		if len(flags) != 1 || flags[0].EventID != "transcript-4" || flags[0].Finding.Said != "是的" || flags[0].Finding.Answers != "主播这个是纯羊毛的吗" {
			t.Errorf("restart %v: flags %+v", restart, flags)
		}
	}
}

func TestQuestionsThatAreNotAnsweredRaiseNothing(t *testing.T) {
	d := newDesk(t, func(c *moderation.Config) { c.Checker = wool(t) })
	d.commit(onAir(1, "D01", 12900), event(feed.KindChat, 2, "这个是纯羊毛的吗"), says(3, "不是，八成羊毛"), says(4, "是的，喜欢就拍"))
	if flags := d.flags(); len(flags) > 0 {
		t.Errorf("flags %+v", flags)
	}
}

// TestAFloodOfQuestionsLeavesRoomForWhatWasSaid: what a checker is shown has a
// bound, and questions do not push the hosts' lines out of it.
func TestAFloodOfQuestionsLeavesRoomForWhatWasSaid(t *testing.T) {
	var last []claims.Utterance
	d := newDesk(t, func(c *moderation.Config) { c.Checker = shown{&last} })
	for n := 1; n <= 8; n++ {
		d.commit(says(n, fmt.Sprintf("第 %d 句", n)))
	}
	for n := range 500 {
		d.commit(event(feed.KindChat, 100+n, "是纯羊毛的吗"))
	}
	d.commit(says(1000, "是的"))
	hosts, viewers := 0, 0
	for _, u := range last {
		if u.Speaker == claims.SpeakerViewer {
			viewers++
		} else {
			hosts++
		}
	}
	if hosts != 8 || viewers != 4 {
		t.Errorf("the checker saw %d of the hosts' lines and %d questions", hosts, viewers)
	}
	for n := 1001; n < 1005; n++ {
		d.commit(says(n, "家人们"))
	}
	for _, u := range last {
		if u.Speaker == claims.SpeakerViewer {
			t.Errorf("a question is still shown three lines later: %+v", last)
		}
	}
}

// shown keeps what a checker was shown last.
type shown struct{ before *[]claims.Utterance }

func (s shown) Check(_ claims.Utterance, before []claims.Utterance) []claims.Finding {
	*s.before = before
	return nil
}
