package tikfinity

import (
	"testing"

	"liveroom/feed"
	"liveroom/feed/feedtest/corpus"
	"liveroom/feed/feedtest/fuzzed"
)

// FuzzDecode asks of every frame: one event or one refusal at most, and nothing
// when what has an id is told again.
func FuzzDecode(f *testing.F) {
	const who = `"msgId":"7390000000000000001","createTime":"1790000000000","userId":"9","nickname":"N","uniqueId":"n","isModerator":true`
	for _, s := range []string{
		`{"event":"gift","data":{"giftType":1,"repeatCount":"5","repeatEnd":1,"userId":9}}`,
		`{"event":"gift","data":{` + who + `,"giftType":1,"repeatEnd":false}}`,
		`{"event":"gift","data":{` + who + `,"giftId":5655,"giftName":"Rose","repeatCount":99999999999999999999}}`,
		`{"event":"chat","data":{"comment":{},"createTime":[]}}`, `{"event":"chat","data":{` + who + `,"comment":"好"}}`,
		`{"event":"questionNew","data":{` + who + `,"questionText":"?"}}`, `{"event":"member","data":{` + who + `}}`,
		`{"event":"like","data":{` + who + `,"likeCount":15}}`, `{"event":"social","data":{` + who + `,"displayType":"pm_mt_follow"}}`,
		`{"event":"social","data":{"displayType":"pm_share"}}`, `{"event":"social","data":{}}`, `{"event":"follow","data":{` + who + `}}`, `{"event":"share","data":{}}`,
		`{"event":"emote","data":{}}`, `{"event":"subscribe","data":{"subMonth":3}}`, `{"event":"envelope","data":{"coins":20}}`,
		`{"event":"liveIntro","data":{"description":"d"}}`, `{"event":"linkMicBattle","data":{}}`, `{"event":"streamEnd","data":{"action":3}}`,
		`{"event":"roomUser","data":{"viewerCount":1}}`, `{"event":"\u001b","data":null}`, `{"event":"chat","data":[]}`, `{}`, `[1]`,
	} {
		f.Add([]byte(s))
	}
	corpus.Add(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		d := fuzzed.Decode(t, open, feed.Frame{Data: data}, recv, fuzzed.Bounds{})
		if len(d.Events)+len(d.Refused) > 1 {
			t.Fatalf("%d events, %d refused", len(d.Events), len(d.Refused))
		}
		s := open()
		first, second := s.Decode(feed.Frame{Data: data}, recv), s.Decode(feed.Frame{Data: data}, recv)
		for _, e := range second.Events {
			if e.ID == first.Events[0].ID {
				t.Fatalf("event %s is told twice", e.ID)
			}
		}
	})
}
