package moderation_test

import (
	"slices"
	"testing"

	"liveroom/feed"
)

// TestTheSpeechWindowIsAboutTheProduct: greetings before anything is on air
// are nobody's claim about the scarf; where a source never tells what is on
// air, everything said may be.
func TestTheSpeechWindowIsAboutTheProduct(t *testing.T) {
	said := func(d *desk, order string) []string {
		var out []string
		for _, s := range must(d.SpeechWindow(t.Context(), order)) {
			out = append(out, s.Event.Text)
		}
		return out
	}
	d := newDesk(t)
	d.commit(says(1, "晚上好"), onAir(2, "D01", 100), says(3, "这条很软"), onAir(4, "D02", 200), says(5, "这件很厚"),
		trade(6, "LR1", feed.StatusPaid, "D01", 100))
	if got := said(d, "LR1"); !slices.Equal(got, []string{"这条很软"}) {
		t.Errorf("before the order of D01 was said %q", got)
	}
	untold := newDesk(t)
	untold.commit(says(1, "晚上好"), says(2, "这条很软"), trade(3, "LR1", feed.StatusPaid, "D01", 100))
	if got := said(untold, "LR1"); !slices.Equal(got, []string{"晚上好", "这条很软"}) {
		t.Errorf("where nothing tells what is on air was said %q", got)
	}
}
