package fold_test

import (
	"testing"

	"liveroom/claims/fold"
)

func TestCharactersThatSoundAlikeShareASyllable(t *testing.T) {
	for _, pair := range []string{"棉绵", "绒融", "丝司", "纯存", "兰澜", "磁瓷", "散伞", "料尿", "房航", "金京"} {
		r := []rune(pair)
		alike := false
		for _, a := range fold.Sounds(r[0]) {
			for _, b := range fold.Sounds(r[1]) {
				alike = alike || a == b
			}
		}
		if !alike {
			t.Errorf("%s: %v, %v", pair, fold.Sounds(r[0]), fold.Sounds(r[1]))
		}
	}
	if fold.Sounds('a') != nil || fold.Roman("青禾") != "qinghe" || fold.Roman("a") != "" {
		t.Errorf("%v %q %q", fold.Sounds('a'), fold.Roman("青禾"), fold.Roman("a"))
	}
}
