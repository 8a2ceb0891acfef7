package learn_test

import (
	"testing"

	"liveroom/claims/learn"
)

func TestPairsTellHowAlikeTextsAre(t *testing.T) {
	for _, c := range []struct {
		story         string
		a, b          string
		chars, sounds int
	}{
		{"the same", "大牌的厂", "大牌的厂", 100, 100},
		{"heard with other characters", "家我维信", "加我微信", 0, 100},
		{"half of it", "大牌一个", "大牌两个", 33, 33},
		{"nothing in common", "大牌", "豆腐", 0, 0},
		{"a pause parts", "大,牌", "大牌", 0, 0},
		{"nothing at all", "", "", 0, 0},
	} {
		if got := learn.PairsOf(c.a).Shared(learn.PairsOf(c.b)); got != c.chars {
			t.Errorf("%s: %d%% of the characters, want %d%%", c.story, got, c.chars)
		}
		if got := learn.SoundsOf(c.a).Shared(learn.SoundsOf(c.b)); got != c.sounds {
			t.Errorf("%s: %d%% of the sounds, want %d%%", c.story, got, c.sounds)
		}
	}
}
