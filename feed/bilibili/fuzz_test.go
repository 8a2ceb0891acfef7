package bilibili

import (
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"liveroom/feed"
	"liveroom/feed/feedtest/corpus"
	"liveroom/feed/feedtest/fuzzed"
)

// seeds are commands of every kind, with own words in the fields that are read.
func seeds() []string {
	list := []string{
		chat(1), `{"cmd":"DANMU_MSG_MIRROR","info":[[0,1,25,1,"x"],"t",[1,"n",1]]}`, `{"cmd":"DANMU_MSG","info":{}}`,
		`{"cmd":"SUPER_CHAT_MESSAGE","data":{"id":1,"uid":2,"price":"30.5","message":"m","ts":1790000000,"user_info":{"uname":"u","manager":1}}}`,
		`{"cmd":"SUPER_CHAT_MESSAGE_DELETE","data":{"ids":[1,"2",{}]}}`,
		`{"cmd":"SEND_GIFT","data":{"uid":1,"uname":"u","giftName":"花","num":2,"total_coin":900,"coin_type":"gold","tid":"t","timestamp":1790000000}}`,
		pb("SEND_GIFT_V2", varint(1, 6), str(2, "u"), str(10, string(join(str(2, "花"), varint(3, 1), varint(5, 9), str(8, "gold"), str(9, "a"), varint(10, 1790000000)))), str(15, "\x08\x01")),
		pb("INTERACT_WORD_V2", varint(1, 7), str(2, "n"), varint(5, 2), varint(7, 1790000006), varint(8, 1790000006250), str(22, string(join(varint(1, 8), str(2, string(str(1, "m"))))))),
		`{"cmd":"INTERACT_WORD","data":{"uid":1,"uname":"u","msg_type":1,"timestamp":1790000000,"trigger_time":1790000000123456789}}`,
		`{"cmd":"USER_TOAST_MSG","data":{"uid":1,"username":"u","guard_level":3,"role_name":"舰长","payflow_id":"p","price":138000,"num":1,"unit":"月"}}`,
		`{"cmd":"USER_TOAST_MSG_V2","data":{"pay_info":{"price":1},"guard_info":{"start_time":1,"guard_level":1},"sender_uinfo":{"uid":1,"base":{"name":"n"}}}}`,
		`{"cmd":"LIVE","live_key":"1","live_time":1790000000,"roomid":1}`, `{"cmd":"PREPARING","roomid":"1"}`, `{"cmd":"WARNING","msg":"x"}`, `{"cmd":"CUT_OFF","data":{"reason":"r"}}`,
		`{"cmd":"ROOM_LOCK","expire":"2026-12-01 00:00:00"}`, `{"cmd":"ROOM_BLOCK_MSG","data":{"uid":1,"uname":"u","operator":2}}`, `{"cmd":"RECALL_DANMU_MSG","data":{"recall_type":1,"target_id":2}}`, `{"cmd":"RECALL_DANMU_MSG","data":{"recall_type":2,"target_id":0}}`,
		`{"cmd":"HOT_BUY_NUM","data":{"goods_id":"g","num":3}}`, `{"cmd":"WATCHED_CHANGE","data":{"num":3,"text_large":"t"}}`, `{"cmd":"ONLINE_RANK_COUNT","data":{"count":7,"\u001b[2J":{}}}`,
		`{"cmd":"COMBO_SEND"}`, `{"cmd":"NO_SUCH\u001b"}`, `{"cmd":""}`, `[]`, `{"cmd":"COMMON_NOTICE_DANMAKU","data":{"content_segments":[{"text":"a"},{"text":"b"}]}}`,
		`{"cmd":"GOTO_BUY_FLOW","data":{"text":"x"},"msg_id":"m:1","send_time":1790000000000}`, `{"cmd":"ACTIVITY_BANNER_CHANGE_V2","data":{"list":[{"activity_title":"t"}]}}`,
	}
	const open = `"room_id":1,"open_id":"o","uname":"n","timestamp":1790000000,"msg_id":"m"`
	for cmd, rest := range map[string]string{
		"DM": `,"msg":"x","is_admin":1`, "DM_MIRROR": `,"msg":"x"`, "SEND_GIFT": `,"gift_name":"g","gift_num":1,"price":2,"paid":true`, "GUARD": `,"guard_level":3,"guard_num":1,"guard_unit":"月","price":9,"user_info":{"open_id":"o","uname":"n"}`,
		"SUPER_CHAT": `,"message_id":5,"message":"m","rmb":30,"start_time":1790000000`, "SUPER_CHAT_DEL": `,"message_ids":[5,6]`, "LIKE": `,"like_text":"t","like_count":9`, "LIVE_ROOM_ENTER": ``, "LIVE_START": ``, "LIVE_END": ``, "INTERACTION_END": `,"game_id":"g"`,
	} {
		list = append(list, `{"cmd":"LIVE_OPEN_PLATFORM_`+cmd+`","data":{`+open+rest+`}}`)
	}
	for cmd := range notices {
		list = append(list, `{"cmd":"`+cmd+`","data":{"uid":1,"uname":"u","text":"t","timestamp":1790000000}}`)
	}
	slices.Sort(list) // f.Add numbers them
	return list
}

// FuzzDecode asks of every message, packets plain or compressed or one command
// alone: no event twice in it, no more of them than one message may hold, and no
// error with what it cannot print.
func FuzzDecode(f *testing.F) {
	for _, s := range seeds() {
		f.Add(false, []byte(s))
	}
	three := join(msg(chat(1)), msg(chat(2)), msg(`{"cmd":"WARNING","msg":"x"}`))
	f.Add(true, three)
	f.Add(true, pack(verZlib, opMessage, deflate(f, three)))
	f.Add(true, pack(verZlib, opMessage, deflate(f, pack(verZlib, opMessage, deflate(f, three)))))
	f.Add(true, pack(verBrotli, opMessage, brotlied(f, three)))
	f.Add(true, pack(verPlain, opAuthReply, []byte(`{"code":-101}`)))
	f.Add(true, pack(verPlain, opAuthReply, []byte(`{"code":0}`)))
	f.Add(true, append(pack(verPlain, opHeartbeatReply, []byte{0, 0, 0, 1}), 'x'))
	f.Add(true, pack(9, opMessage, []byte("x")))
	f.Add(true, pack(verPlain, 9, nil))
	corpus.Add(f)
	f.Fuzz(func(t *testing.T, binary bool, data []byte) {
		bounds := fuzzed.Bounds{Events: maxPackets, Refused: maxPackets + 1}
		if binary {
			bounds.Inflates = maxInflated
		}
		d := fuzzed.Decode(t, func() feed.Session { return newSession(t, Options{}) }, feed.Frame{Binary: binary, Data: data}, recv, bounds)
		seen := map[string]bool{}
		for _, e := range d.Events {
			if seen[e.ID] || !strings.HasPrefix(e.Source, "bilibili:") {
				t.Fatalf("event %+v", e)
			}
			seen[e.ID] = true
		}
		for _, err := range d.Refused {
			if strings.ContainsRune(err.Error(), utf8.RuneError) {
				t.Fatalf("error %q is not fit to be shown", err)
			}
		}
	})
}

// answers is an HTTP peer that always says the same.
type answers struct {
	status int
	body   string
	asked  []string
}

func (a *answers) RoundTrip(r *http.Request) (*http.Response, error) {
	a.asked = append(a.asked, r.URL.Path)
	return &http.Response{StatusCode: a.status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(a.body)), Request: r}, nil
}

// FuzzAnswer asks of whatever the platform may answer to the wish for a session: an
// address to dial, or an error that can be shown and tells no secret; and whatever
// session it may have opened is closed again.
func FuzzAnswer(f *testing.F) {
	const ok = `{"code":0,"data":{"game_info":{"game_id":"g"},"websocket_info":{"auth_body":"{\"roomid\":1}","wss_link":["wss://h/sub","wss://i/sub"]},"anchor_info":{"room_id":1}}}`
	f.Add(200, ok)
	f.Add(200, strings.Replace(ok, `"room_id":1`, `"room_id":2`, 1))
	f.Add(200, strings.Replace(ok, `{\"roomid\":1}`, `[`, 1))
	f.Add(200, strings.Replace(ok, `"wss://h/sub","wss://i/sub"`, ``, 1))
	f.Add(200, `{"code":4002,"message":"sign\u001b"}`)
	f.Add(200, `{"code":7003}`)
	f.Add(200, `{"code":0,"data":[]}`)
	f.Add(502, "\x1b[2J")
	corpus.Add(f)
	f.Fuzz(func(t *testing.T, status int, body string) {
		peer := &answers{status: status, body: body}
		p, err := NewOpenLive(OpenOptions{Key: "k", Secret: "verysecret", AppID: 1, Code: "c", RoomID: 1, API: "http://api", Client: &http.Client{Transport: peer}})
		if err != nil {
			t.Fatal(err)
		}
		r, err := p.Open(t.Context(), feed.Position{})
		fuzzed.Error(t, err)
		var denied *feed.DeniedError
		if errors.As(err, &denied) {
			fuzzed.Error(t, denied)
		}
		if err == nil {
			if r.URL == "" || p.NewSession(feed.Position{}) == nil {
				t.Fatalf("%s came to %+v", body, r)
			}
		} else if strings.Contains(err.Error(), "verysecret") && !strings.Contains(body, "verysecret") {
			t.Fatalf("the secret is told: %v", err)
		}
		fuzzed.Error(t, p.Close(t.Context()))
	})
}
