package moderation_test

import (
	"strings"
	"testing"

	"liveroom/claims"
	"liveroom/moderation"
)

// stumbling is a checker that panics on one sentence.
type stumbling struct{ words }

func (s stumbling) Check(u claims.Utterance, before []claims.Utterance) []claims.Finding {
	if strings.Contains(u.Text, "绊倒") {
		panic("no such clause")
	}
	return s.words.Check(u, before)
}

// TestACheckerThatPanicsKeepsNothingFromTheRecord: the sentence is recorded,
// people are told that nobody checked it, and the next one is checked.
func TestACheckerThatPanicsKeepsNothingFromTheRecord(t *testing.T) {
	d := newDesk(t, func(c *moderation.Config) { c.Checker = stumbling{} })
	watching := d.Subscribe()
	defer watching.Close()
	d.commit(onAir(1, "D01", 100), says(2, "绊倒 百分之百纯羊毛"), says(3, "百分之百纯羊毛"))
	if n := must(d.store.Counts(t.Context())); n.Events != 3 || n.Flags != 1 {
		t.Errorf("the record holds %+v", n)
	}
	u := must(watching.Next(t.Context()))
	if u.Health == nil || len(u.Health.Warnings) != 1 || u.Health.Warnings[0].Topic != "checker" {
		t.Errorf("nobody was told: %+v", u.Health)
	}
}
