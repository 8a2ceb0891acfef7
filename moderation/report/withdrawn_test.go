package report_test

import (
	"strings"
	"testing"
	"time"

	"liveroom/feed"
	"liveroom/moderation/report"
)

// TestWordsThatWereTakenOutAreMarked, one by one or with a whole chat, and those that
// were spoken or written afterwards are not.
func TestWordsThatWereTakenOutAreMarked(t *testing.T) {
	h := newHouse(t, storyWords)
	s := &tale{room: "A"}
	s.onAir(0, "D01", "羊毛混纺围巾")
	wrote := func(at time.Duration, text string) {
		s.add(feed.KindChat, at, func(e *feed.Event) {
			e.Text, e.User = text, feed.User{ID: "h1", Name: "晚晴", Role: feed.RoleHost}
		})
	}
	told := func(at time.Duration, set func(*feed.Event)) {
		s.add(feed.KindSystem, at, func(e *feed.Event) { e.User = feed.User{}; set(e) })
	}
	wrote(time.Minute, "纯羊毛的，放心")
	told(2*time.Minute, func(e *feed.Event) { e.Code, e.Retracts = feed.CodeRetracted, "2" })
	s.say(3*time.Minute, "真的是最好的围巾")
	wrote(4*time.Minute, "治咳嗽的橙子也有")
	told(5*time.Minute, func(e *feed.Event) { e.Code, e.Clears = feed.CodeChatCleared, feed.ClearsChat })
	wrote(6*time.Minute, "十斤装还剩三箱")
	h.commit(s.events...)
	r := h.make(report.Options{Room: "A", Now: begin.Add(hour)})
	want := map[string]time.Time{"纯羊毛": begin.Add(2 * time.Minute), "最好的": {}, "治咳嗽": begin.Add(5 * time.Minute), "十斤": {}}
	for _, f := range r.Flags {
		if at, ok := want[f.Finding.Said]; !ok || !f.Withdrawn.Equal(at) {
			t.Errorf("%s was withdrawn at %s, want %s", f.Finding.Said, f.Withdrawn, at)
		}
		delete(want, f.Finding.Said)
	}
	if len(want) > 0 {
		t.Errorf("not flagged: %v", want)
	}
	if page := html(t, r, report.EN); strings.Count(page, "⌫ withdrawn by the platform") != 2 {
		t.Errorf("the page marks %d", strings.Count(page, "⌫ withdrawn by the platform"))
	}
}
