package claims_test

import (
	"testing"

	"liveroom/claims"
)

func TestTellsNoReturn(t *testing.T) {
	for text, want := range map[string]bool{
		"这款是生鲜，不支持七天无理由，坏果包赔":                  true,
		"定制的，拆封不退，想好再拍":                        true,
		"這款不支持七天無理由，量好再拍":                      true,
		"Fresh fruit, so no seven day returns": true,
		"七天无理由，不喜欢退回来":                         false,
		"这款卖得好，还剩五十单":                          false,
		"":                                     false,
	} {
		if got := claims.TellsNoReturn(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}
