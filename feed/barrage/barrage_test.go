package barrage

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"liveroom/feed"
	"liveroom/feed/feedtest"
)

var recv = time.Date(2026, 9, 21, 14, 0, 0, 0, time.UTC)

func decode(s feed.Session, text string) feed.Decoded {
	return s.Decode(feed.Frame{Data: []byte(text)}, recv)
}

func open() feed.Session { return New("").NewSession(feed.Position{}) }

func TestProtocols(t *testing.T) {
	p := New("")
	r, err := p.Request(feed.Position{})
	if err != nil || r.URL != DefaultURL || p.Name() != "barrage" || len(r.Header) != 0 {
		t.Errorf("request %+v, %v, name %s", r, err, p.Name())
	}
	every, _ := open().Heartbeat()
	if len(open().Hello()) != 0 || every != 0 {
		t.Error("BarrageGrab obeys what it is sent: it must not be written to")
	}
	d, err := NewDouyinLive("", "36739544414", "verysecret")
	if err != nil {
		t.Fatal(err)
	}
	r, err = d.Request(feed.Position{})
	if err != nil || r.URL != DefaultDouyinLiveURL+"36739544414" || r.Header.Get("Authorization") != "Bearer verysecret" || d.Name() != "douyinlive" {
		t.Errorf("request %+v, %v, name %s", r, err, d.Name())
	}
	every, ping := d.NewSession(feed.Position{}).Heartbeat()
	if every != pingEvery || ping.Binary || string(ping.Data) != "ping" {
		t.Errorf("heartbeat %+v every %s", ping, every)
	}
	if s := fmt.Sprintf("%v %+v %#v", d, d, d); strings.Contains(s, "verysecret") {
		t.Errorf("the key is printed: %s", s)
	}
	for _, c := range []struct{ url, id, key, want string }{
		{"", "", "", "live.douyin.com"}, {"", "a/../b", "", "live.douyin.com"}, {"", "1", "a\r\nb", "without blanks"},
	} {
		if _, err := NewDouyinLive(c.url, c.id, c.key); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: error %v", c, err)
		}
	}
	if _, err := NewDouyinLive("ws://127.0.0.1:1088/ws/x", "", ""); err != nil {
		t.Error(err)
	}
}

// dialects writes the same Data as both BarrageGrab tools do.
func grabA(number int, data string) string {
	return fmt.Sprintf(`{"Type":%d,"ProcessName":"直播伴侣","Data":%s}`, number, strconv.Quote(data))
}

func grabB(number int, data string) string { return fmt.Sprintf(`{"Type":%d,"Data":%s}`, number, data) }

func TestBarrageGrabDialectsNumberDifferently(t *testing.T) {
	const data = `{"MsgId":7390000000000000001,"User":{"Id":88000000001,"Nickname":"甲","NickName":"甲"},"Content":"内容","RoomId":7389000000000000001,"GiftCount":2,"GiftName":"小心心","Count":5}`
	for _, c := range []struct {
		a, b  int
		kind  feed.Kind
		code  string
		text  string
		count int64
	}{
		{1, 3, feed.KindChat, "", "内容", 0},
		{2, 4, feed.KindSystem, "like", "内容", 5},
		{3, 1, feed.KindEnter, "", "内容", 0},
		{4, 2, feed.KindSystem, "follow", "内容", 0},
		{5, 5, feed.KindGift, "", "小心心 x2", 2},
		{6, 7, "", "", "", 0},
		{6, 10, "", "", "", 0},
		{7, 9, feed.KindSystem, "fansclub", "内容", 0},
		{8, 6, feed.KindSystem, "share", "内容", 0},
	} {
		for dialect, text := range map[string]string{"A": grabA(c.a, data), "B": grabB(c.b, data)} {
			d := decode(open(), text)
			if c.kind == "" {
				if len(d.Events)+len(d.Refused) != 0 {
					t.Errorf("%s %d: counters came to %+v", dialect, c.a, d)
				}
				continue
			}
			if len(d.Events) != 1 {
				t.Errorf("%s %d: refused %v", dialect, c.a, d.Refused)
				continue
			}
			e := d.Events[0]
			if e.Kind != c.kind || e.Code != c.code || e.Text != c.text || e.Count != c.count {
				t.Errorf("%s %d: %+v, want %+v", dialect, c.a, e, c)
			}
			want := feed.User{ID: "88000000001", Name: "甲", Role: feed.RoleViewer}
			if e.ID != "7390000000000000001" || e.Room != "7389000000000000001" || e.User != want || !e.At.Equal(recv) || string(e.Raw) != text {
				t.Errorf("%s %d: %+v", dialect, c.a, e)
			}
		}
	}
	end := decode(open(), grabA(9, `{"MsgId":1,"User":null,"Content":"直播已结束"}`))
	control := decode(open(), grabB(8, `{"MsgId":1,"User":null,"Content":"暂停"}`))
	if end.Events[0].Code != feed.CodeStreamEnd || control.Events[0].Code != "control" || end.Events[0].User != (feed.User{}) {
		t.Errorf("end %+v, control %+v", end.Events, control.Events)
	}
}

func TestRolesAndRooms(t *testing.T) {
	for data, want := range map[string]feed.Event{
		`{"MsgId":1,"User":{"Id":1,"Nickname":"播","IsAnchor":true,"IsAdmin":true},"WebRoomId":123}`: {Room: "123", User: feed.User{ID: "1", Name: "播", Role: feed.RoleHost}},
		`{"MsgId":1,"User":{"Id":1,"Nickname":"场控","IsAdmin":true},"WebRoomId":"123"}`:              {Room: "123", User: feed.User{ID: "1", Name: "场控", Role: feed.RoleModerator}},
		`{"MsgId":1,"User":{"Id":0,"SecUid":"MS4","Nickname":"甲"},"RoomId":"9","WebRoomId":"123"}`:  {Room: "9", User: feed.User{ID: "MS4", Name: "甲", Role: feed.RoleViewer}},
	} {
		if e := decode(open(), grabA(1, data)).Events[0]; e.Room != want.Room || e.User != want.User {
			t.Errorf("%s: room %s, user %+v", data, e.Room, e.User)
		}
	}
}

func TestDycast(t *testing.T) {
	s := open()
	room := decode(s, `{"roomNum":"123","roomId":"738","nickname":"主播","title":"专场","status":2}`)
	if e := room.Events[0]; e.Kind != feed.KindSystem || e.Code != "room_info" || e.Text != "专场" || e.Room != "738" {
		t.Errorf("first frame %+v", e)
	}
	element := func(id, method, rest string) string {
		return `{"id":"` + id + `","method":"Webcast` + method + `","user":{"id":"MS4","name":"甲"}` + rest + `}`
	}
	d := decode(s, "["+strings.Join([]string{
		element("1", "ChatMessage", `,"content":"多少钱"`),
		element("2", "EmojiChatMessage", `,"content":"[赞]"`),
		element("3", "MemberMessage", `,"content":"来了"`),
		element("4", "GiftMessage", `,"gift":{"id":"463","name":"小心心","count":"3","repeatEnd":0}`),
		element("5", "GiftMessage", `,"gift":{"id":"463","name":"小心心","count":3,"repeatEnd":1}`),
		element("6", "LikeMessage", ""), element("7", "SocialMessage", ""), element("8", "FansclubMessage", ""), element("9", "CustomMessage", ""),
		element("10", "ControlMessage", `,"room":{"status":4}`),
		element("11", "ControlMessage", `,"room":{"status":9}`),
		element("12", "RoomStatsMessage", ""),
		element("1", "ChatMessage", `,"content":"多少钱"`),
		element("13", "NewMessage", ""), `7`,
	}, ",")+"]")
	var got []string
	for _, e := range d.Events {
		got = append(got, fmt.Sprintf("%s %s %s %s %d", e.ID, e.Kind, e.Code, e.Text, e.Count))
		if e.Room != "738" || e.User.ID != "MS4" || !e.At.Equal(recv) {
			t.Errorf("%+v", e)
		}
	}
	want := []string{
		"1 chat  多少钱 0", "2 chat  [赞] 0", "3 enter  来了 0", "4 gift  小心心 x3 3", "6 system like  0", "7 system follow  0",
		"8 system fansclub  0", "9 system custom  0", "10 system stream_end live ended 0", "11 system control room status 9 0",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if len(d.Refused) != 2 || !strings.Contains(d.Refused[0].Error(), "message 14: unknown method") || !strings.Contains(d.Refused[1].Error(), "message 15") {
		t.Errorf("refused %v", d.Refused)
	}
	if e := decode(s, `[`+element("", "ChatMessage", `,"content":"x"`)+`]`).Events[0]; e.ID == "" {
		t.Error("a message without an id needs one of its own")
	}
}

func webcast(method, id, rest string) string {
	return `{"common":{"method":"Webcast` + method + `","msgId":"` + id + `","roomId":"738","createTime":"1790000000123"},"user":{"id":"88","nickname":"甲","secUid":"MS4"}` + rest + `}`
}

func TestWebcastMessages(t *testing.T) {
	for _, c := range []struct {
		method, rest string
		want         string
	}{
		{"ChatMessage", `,"content":"多少钱"`, "chat  多少钱 0"},
		{"EmojiChatMessage", `,"defaultContent":"[赞]"`, "chat  [赞] 0"},
		{"MemberMessage", ``, "enter   0"},
		{"GiftMessage", `,"giftId":"3242","gift":{"name":"入团卡"},"repeatCount":"2","groupId":"17"`, "gift  入团卡 x2 2"},
		{"GiftMessage", `,"giftId":"3242"`, "gift  gift 3242 x1 1"},
		{"ProductChangeMessage", `,"total":"198"`, "system bag_changed  198"},
		{"ControlMessage", `,"action":"3"`, "system stream_end live ended 0"},
		{"ControlMessage", `,"action":"1"`, "system control  0"},
		{"SocialMessage", `,"action":"1"`, "system follow  0"},
		{"SocialMessage", `,"action":"3"`, "system share  0"},
		{"LikeMessage", `,"count":"5","total":"100"`, "system like  5"},
		{"FansclubMessage", `,"content":"加入了粉丝团"`, "system fansclub 加入了粉丝团 0"},
	} {
		d := decode(open(), webcast(c.method, "m1", c.rest))
		if len(d.Events) != 1 {
			t.Errorf("%s: refused %v", c.method, d.Refused)
			continue
		}
		e := d.Events[0]
		if got := fmt.Sprintf("%s %s %s %d", e.Kind, e.Code, e.Text, e.Count); got != c.want {
			t.Errorf("%s came to %q, want %q", c.method, got, c.want)
		}
		if e.ID != "m1" || e.Room != "738" || e.User.ID != "88" || !e.At.Equal(time.UnixMilli(1790000000123)) {
			t.Errorf("%s: %+v", c.method, e)
		}
	}
	if d := decode(open(), webcast("RoomUserSeqMessage", "m1", "")); len(d.Events)+len(d.Refused) != 0 {
		t.Errorf("counters came to %+v", d)
	}
	outer := decode(open(), `{"common":{"msgId":"1"},"method":"WebcastChatMessage","user":{"id":"1","nickname":"甲","userAttr":{"isAdmin":true}},"content":"x"}`)
	if e := outer.Events[0]; e.Kind != feed.KindChat || e.User.Role != feed.RoleModerator || !e.At.Equal(recv) {
		t.Errorf("method outside, no time: %+v", e)
	}
}

func TestGiftCombosCountOnce(t *testing.T) {
	s := open()
	n := 0
	send := func(user, group, total string) int64 {
		n++
		d := decode(s, `{"common":{"method":"WebcastGiftMessage","msgId":"`+strconv.Itoa(n)+`"},"user":{"id":"`+user+`"},"giftId":"1","groupId":"`+group+`","repeatCount":"`+total+`"}`)
		if len(d.Events) == 0 {
			return 0
		}
		return d.Events[0].Count
	}
	got := []int64{send("a", "g", "1"), send("a", "g", "3"), send("b", "g", "2"), send("a", "g", "3"), send("a", "g", "2"), send("a", "g", "5"), send("a", "h", "1")}
	if !slices.Equal(got, []int64{1, 2, 2, 0, 0, 2, 1}) {
		t.Errorf("a combo's gifts add up as %v", got)
	}
	var c combos
	c.added("mine", 7)
	for i := range 3 * maxCombos {
		c.added(strconv.Itoa(i), 1)
		if i%maxCombos == 0 && c.added("mine", 7) != 0 {
			t.Fatal("a combo that goes on was forgotten")
		}
	}
	if len(c.young)+len(c.old) > 2*maxCombos {
		t.Errorf("%d combos kept", len(c.young)+len(c.old))
	}
}

func TestShopping(t *testing.T) {
	const snake = `,"updated_product_ids":["3607009049079634959","3607009049079634960"],"updated_product_info":{"title":"隔离乳"}`
	d := decode(open(), webcast("LiveShoppingMessage", "m1", snake))
	if len(d.Events) != 2 {
		t.Fatalf("%d events, refused %v", len(d.Events), d.Refused)
	}
	if e := d.Events[0]; e.Kind != feed.KindProduct || e.ID != "m1" || *e.Product != (feed.Product{ID: "3607009049079634959", Title: "隔离乳", Stock: -1}) {
		t.Errorf("first product %+v %+v", e, e.Product)
	}
	if e := d.Events[1]; e.ID != "m1.3607009049079634960" || *e.Product != (feed.Product{ID: "3607009049079634960", Stock: -1}) {
		t.Errorf("second product %+v %+v", e, e.Product)
	}
	d = decode(open(), webcast("LiveShoppingMessage", "m2", `,"soldOut":true,"updatedProductIds":["36"],"updatedProductInfo":{"title":"隔离乳"}`))
	if e := d.Events[0]; e.Kind != feed.KindSystem || e.Code != feed.CodeStockOut || e.Text != "隔离乳" || *e.Product != (feed.Product{ID: "36", Title: "隔离乳"}) {
		t.Errorf("sold out %+v %+v", e, e.Product)
	}
}

func TestDouyinLiveStatus(t *testing.T) {
	for code, want := range map[string]string{
		"ROOM_OFFLINE": "room_offline", "ACCOUNT_OFFLINE_NO_ROOM": "account_offline_no_room", "ROOM_ONLINE": "stream_start",
		"ROOM_ENDED": feed.CodeStreamEnd, "ROOM_STATUS_UNKNOWN": "room_status_unknown", "ROOM_NOT_FOUND": "room_not_found",
	} {
		d := decode(open(), `{"type":"system","event":"live_status","code":"`+code+`","room_id":"738","live":null,"message":"说明"}`)
		if len(d.Events) != 1 || d.Events[0].Code != want || d.Events[0].Text != "说明" || d.Events[0].Room != "738" {
			t.Errorf("%s came to %+v, refused %v", code, d.Events, d.Refused)
		}
		if (d.Fatal != nil) != (code == "ROOM_NOT_FOUND") || d.Redial {
			t.Errorf("%s: fatal %v; offline is no reason to give up", code, d.Fatal)
		}
	}
	for _, word := range []string{"pong", "ping", " pong\n"} {
		if d := decode(open(), word); len(d.Events)+len(d.Refused) != 0 {
			t.Errorf("%q came to %+v", word, d)
		}
	}
}

func TestFramesMayBeBinaryAndBeginWithAMark(t *testing.T) {
	frame := []byte("\xef\xbb\xbf" + webcast("ChatMessage", "m1", `,"content":"x"`))
	d := open().Decode(feed.Frame{Binary: true, Data: frame}, recv)
	clear(frame)
	if len(d.Events) != 1 || d.Events[0].Text != "x" || !strings.Contains(string(d.Events[0].Raw), `"x"`) {
		t.Errorf("%+v, refused %v", d.Events, d.Refused)
	}
}

func TestToldTwiceIsGivenOnce(t *testing.T) {
	s := open()
	text := grabA(1, `{"MsgId":1,"Content":"x"}`)
	if a, b := decode(s, text), decode(s, text); len(a.Events) != 1 || len(b.Events)+len(b.Refused) != 0 {
		t.Errorf("%+v, then %+v", a, b)
	}
}

func TestRefused(t *testing.T) {
	for text, want := range map[string]string{
		``: "no JSON", `ERROR something`: "no JSON", `[1`: "no JSON", `{}`: "no relay known", `"x"`: "no JSON",
		grabA(1, `not json`):                                   "no JSON message in Data",
		grabA(1, `[1]`):                                        "no JSON message in Data",
		grabA(77, `{}`):                                        "unknown Type",
		grabB(5, `{"GiftName":"x"}`):                           "without GiftCount",
		`{"Type":"\u001b[2J","Data":{}}`:                       "unknown Type",
		`{"event":"live_status","code":"NEW"}`:                 "unknown live_status",
		`{"event":"live_status","code":7}`:                     "live_status",
		`{"method":"WebcastChatMessage","livename":"x"}`:       "without id and content",
		`{"method":"WebcastChatMessage","user":7}`:             "user",
		`{"method":"\u001b"}`:                                  "unknown method",
		`{"common":{"method":"WebcastNewMessage"}}`:            "unknown method",
		`{"common":{"method":"WebcastChatMessage"},"user":[]}`: "no Webcast message",
		`{"common":{"method":"WebcastLiveShoppingMessage"}}`:   "without a product",
		`{"common":{"method":"WebcastLiveShoppingMessage"},"updated_product_ids":["",{}]}`:                                      "without a product",
		`{"common":{"method":"WebcastLiveShoppingMessage"},"updated_product_ids":[` + strings.Repeat("1,", maxMessages) + `1]}`: "more than",
		`[` + strings.Repeat("[],", 1) + `{}]`: "message 1",
		`{"roomNum":1,"roomNum":2}`:            "duplicate",
	} {
		d := decode(open(), text)
		if len(d.Events) != 0 || len(d.Refused) == 0 || !strings.Contains(d.Refused[0].Error(), want) {
			t.Errorf("%.80s: %d events, refused %v; want %q", text, len(d.Events), d.Refused, want)
		}
	}
	d := decode(open(), "["+strings.Repeat("7,", maxMessages)+"7]")
	if len(d.Refused) != maxMessages+1 || !strings.Contains(d.Refused[maxMessages].Error(), "more than") {
		t.Errorf("%d refused", len(d.Refused))
	}
}

func TestFixtures(t *testing.T) {
	for _, dir := range []string{"douyin-barragegrab", "douyin-dycast", "douyin-douyinlive"} {
		t.Run(dir, func(t *testing.T) {
			s := open()
			feedtest.Incoming(t, dir, func(f feed.Frame) feed.Decoded { return s.Decode(f, recv) })
		})
	}
}

func TestDocumentedStatus(t *testing.T) {
	s := open()
	fatal := 0
	for line := range bytes.Lines(feedtest.Shared(t, "douyin-douyinlive", "status.doc.jsonl")) {
		d := s.Decode(feed.Frame{Data: line}, recv)
		if d.Fatal != nil {
			fatal++
		}
		var told struct {
			Type string `json:"type"`
		}
		if err := json.Unmarshal(line, &told); err != nil {
			t.Fatal(err)
		}
		if told.Type == "system" && (len(d.Events) != 1 || d.Events[0].Text == "") {
			t.Errorf("%s came to %+v, refused %v", line, d.Events, d.Refused)
		}
	}
	if fatal != 1 {
		t.Errorf("%d of the states are final, want 1", fatal)
	}
}

func TestRecordedWebcastMessages(t *testing.T) {
	for name, want := range map[string]string{
		"WebcastGiftMessage":            "gift  1 2024",
		"WebcastLiveShoppingMessage":    "system stock_out 0 2024",
		"WebcastProductChangeMessage":   "system bag_changed 198 2026",
		"WebcastSocialMessage":          "system follow 0 2026",
		"WebcastRoomUserSeqMessage":     "",
		"WebcastStatsMessage":           "",
		"WebcastUpdateFanTicketMessage": "",
	} {
		d := open().Decode(feed.Frame{Data: feedtest.Shared(t, "douyin-webcast", name+".json")}, recv)
		if len(d.Refused) != 0 {
			t.Errorf("%s: refused %v", name, d.Refused)
		}
		got := ""
		if len(d.Events) == 1 {
			e := d.Events[0]
			got = fmt.Sprintf("%s %s %d %d", e.Kind, e.Code, e.Count, e.At.Year())
			if e.ID == "" || e.Room == "" || e.Kind == feed.KindGift && e.User.Name == "" {
				t.Errorf("%s: %+v", name, e)
			}
		}
		if got != want {
			t.Errorf("%s came to %q (%d events), want %q", name, got, len(d.Events), want)
		}
	}
}

func BenchmarkDecode(b *testing.B) {
	s := open()
	frame := feed.Frame{Data: []byte(grabA(1, `{"User":{"Id":88000000001,"Nickname":"甲用户"},"Content":"这个多少钱？","RoomId":"7389000000000000001"}`))}
	b.ReportAllocs()
	for b.Loop() {
		if d := s.Decode(frame, recv); len(d.Events) != 1 {
			b.Fatal(d.Refused)
		}
	}
}
