package barrage

import (
	"testing"

	"liveroom/feed"
	"liveroom/feed/feedtest/corpus"
	"liveroom/feed/feedtest/fuzzed"
)

// FuzzDecode asks of every frame: no event twice, in it or when it is told again,
// and nothing ever said to the relay.
func FuzzDecode(f *testing.F) {
	const data = `{"MsgId":7390000000000000001,"User":{"Id":88000000001,"Nickname":"甲","NickName":"乙","IsAdmin":true},"Content":"内容","RoomId":7389000000000000001,"WebRoomId":"3","GiftCount":2,"GiftName":"小心心","Count":5}`
	for n := range 12 {
		f.Add([]byte(grabA(n, data)))
		f.Add([]byte(grabB(n, data)))
	}
	for method, rest := range map[string]string{
		"ChatMessage": `,"content":"x","user":{"id":"1","nickname":"n","userAttr":{"isAdmin":true}}`, "EmojiChatMessage": `,"defaultContent":"[x]"`, "MemberMessage": `,"user":{"secUid":"s"}`,
		"GiftMessage": `,"groupId":"1","repeatCount":"-2","gift":{"id":"1","name":"花"}`, "LiveShoppingMessage": `,"updated_product_ids":[1,"2",{}],"sold_out":true,"updated_product_info":{"title":"t"}`,
		"ProductChangeMessage": `,"total":"9"`, "ControlMessage": `,"status":"3"`, "SocialMessage": `,"action":"3"`, "LikeMessage": `,"count":"9"`, "FansclubMessage": ``, "RoomStatsMessage": ``, "NoSuchMessage": ``,
	} {
		f.Add([]byte(webcast(method, "7390000000000000002", rest)))
		f.Add([]byte(webcast(method, "", rest)))
		f.Add([]byte(`[{"id":"1","method":"Webcast` + method + `","user":{"id":"u","name":"n"},"content":"c","gift":{"id":1,"name":"g","count":2,"repeatEnd":0},"room":{"status":4}},{"id":"2","method":"Webcast` + method + `","gift":{"repeatEnd":1}}]`))
	}
	for _, code := range []string{"ROOM_ONLINE", "ROOM_ENDED", "ROOM_OFFLINE", "ROOM_NOT_FOUND", "ROOM_STATUS_UNKNOWN", "X"} {
		f.Add([]byte(`{"type":"system","event":"live_status","code":"` + code + `","room_id":"1","message":"m"}`))
	}
	f.Add([]byte(`{"roomNum":1,"roomId":"2","title":"t"}`))
	f.Add([]byte("\xef\xbb\xbfpong"))
	f.Add([]byte(`[[],{},null,"x"]`))
	corpus.Add(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		frame := feed.Frame{Data: data}
		d := fuzzed.Decode(t, open, frame, recv, fuzzed.Bounds{Events: maxMessages * 2, Refused: maxMessages + 1})
		if len(d.Reply) > 0 {
			t.Fatal("BarrageGrab obeys what it is sent")
		}
		s := open()
		s.Decode(frame, recv)
		seen := map[string]bool{}
		for _, e := range d.Events {
			if seen[e.ID] {
				t.Fatalf("event %s is told twice", e.ID)
			}
			seen[e.ID] = true
		}
		for _, e := range s.Decode(frame, recv).Events {
			if seen[e.ID] {
				t.Fatalf("event %s is told again", e.ID)
			}
		}
	})
}
