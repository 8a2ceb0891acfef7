package bilibili

import (
	"bytes"
	"compress/zlib"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/andybalholm/brotli"

	"liveroom/feed"
	"liveroom/feed/internal/wire"
)

// pack writes a packet the way the server does.
func pack(ver uint16, op uint32, body []byte) []byte {
	b := packet(op, body).Data
	binary.BigEndian.PutUint16(b[6:], ver)
	return b
}

func msg(json string) []byte { return pack(verJSON, opMessage, []byte(json)) }

func deflate(t testing.TB, b []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := zlib.NewWriterLevel(&out, zlib.BestSpeed)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func brotlied(t testing.TB, b []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w := brotli.NewWriterLevel(&out, 1)
	if _, err := w.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func chat(n int) string {
	return fmt.Sprintf(`{"cmd":"DANMU_MSG:4:0","info":[[0,1,25,1,%d,1,0,"",0,0,0,"",0,"{}","{}",{"extra":"{\"id_str\":\"d%d\"}"}],"第%d条",[20%d,"观众%d",0]]}`,
		1790000000000+n, n, n, n, n)
}

func join(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

func decode(t testing.TB, data []byte) feed.Decoded {
	t.Helper()
	return newSession(t, Options{RoomID: 1000001, Token: "x"}).Decode(feed.Frame{Binary: true, Data: data}, recv)
}

func ids(d feed.Decoded) string {
	var out []string
	for _, e := range d.Events {
		out = append(out, e.ID)
	}
	return strings.Join(out, " ")
}

func TestPacketsOfOneMessage(t *testing.T) {
	three := join(msg(chat(1)), msg(chat(2)), msg(chat(3)))
	broken := deflate(t, three)
	broken[len(broken)-1] ^= 1 // the checksum at the end
	cut := brotlied(t, three)
	cut = cut[:len(cut)-3]
	nest := func(times int) []byte {
		b := three
		for range times {
			b = pack(verZlib, opMessage, deflate(t, b))
		}
		return b
	}
	length := func(n uint32) []byte {
		b := msg(chat(1))
		binary.BigEndian.PutUint32(b, n)
		return b
	}
	headerLength := func(n uint16) []byte {
		b := msg(chat(1))
		binary.BigEndian.PutUint16(b[4:], n)
		return b
	}
	beat := append(pack(verPlain, opHeartbeatReply, []byte{0, 0, 9, 0xa2}), heartbeatBody...)
	for _, c := range []struct {
		name    string
		data    []byte
		ids     string
		refused string // what the one refusal says; "" for none
	}{
		{"plain", msg(chat(1)), "d1", ""},
		{"version 1", pack(verPlain, opMessage, []byte(chat(1))), "d1", ""},
		{"several in a row", three, "d1 d2 d3", ""},
		{"zlib", pack(verZlib, opMessage, deflate(t, three)), "d1 d2 d3", ""},
		{"brotli", pack(verBrotli, opMessage, brotlied(t, three)), "d1 d2 d3", ""},
		{"zlib between plain ones", join(msg(chat(7)), pack(verZlib, opMessage, deflate(t, three)), msg(chat(8))), "d7 d1 d2 d3 d8", ""},
		{"both, twice each", join(pack(verZlib, opMessage, deflate(t, msg(chat(1)))), pack(verBrotli, opMessage, brotlied(t, msg(chat(2)))), pack(verZlib, opMessage, deflate(t, msg(chat(3)))), pack(verBrotli, opMessage, brotlied(t, msg(chat(4))))), "d1 d2 d3 d4", ""},
		{"nested twice", nest(2), "d1 d2 d3", ""},
		{"nested three times", nest(3), "", "more than twice"},
		{"heartbeat reply with our own bytes after its end", beat, "", ""},
		{"heartbeat reply after a message", join(msg(chat(1)), beat), "d1", ""},
		{"the same twice", join(msg(chat(1)), msg(chat(1))), "d1", ""},
		{"empty message", nil, "", ""},
		{"shorter than a header", []byte{0, 0, 0, 20}, "", "packet header"},
		{"body cut off", msg(chat(1))[:100], "", "only 100 bytes are left"},
		{"good one, then a body cut off", join(msg(chat(1)), msg(chat(2))[:100]), "d1", "are left"},
		{"length 0", length(0), "", "packet length 0"},
		{"length below the header's", length(15), "", "packet length 15"},
		{"length of 4 GiB", length(1<<32 - 1), "", "packet length 4294967295"},
		{"header length lies", headerLength(0xffff), "", "header length 65535"},
		{"header length 0", headerLength(0), "", "header length 0"},
		{"zlib checksum wrong", pack(verZlib, opMessage, broken), "", "checksum"},
		{"zlib ends early", pack(verZlib, opMessage, deflate(t, three)[:60]), "", "unexpected EOF"},
		{"no zlib at all", pack(verZlib, opMessage, []byte("hello")), "", "zlib"},
		{"brotli ends early", pack(verBrotli, opMessage, cut), "", "version 3"},
		{"packet inside ends early", pack(verZlib, opMessage, deflate(t, three[:len(three)-4])), "", "EOF"},
		{"good one before a broken part", join(msg(chat(9)), pack(verZlib, opMessage, broken)), "d9", "checksum"},
		{"unknown version", pack(9, opMessage, []byte(chat(1))), "", "version 9"},
		{"unknown operation", pack(verPlain, 99, nil), "", "operation 99"},
		{"no JSON", msg("DANMU"), "", "no JSON"},
		{"an array where an object belongs", msg(`[1]`), "", "no JSON"},
		{"no cmd", msg(`{"a":1}`), "", "no cmd"},
		{"unknown cmd", msg(`{"cmd":"SOME_NEW_THING","data":{}}`), "", `unknown cmd "SOME_NEW_THING"`},
		{"part of a known word", msg(`{"cmd":"X_DANMU_MSG"}`), "", "unknown cmd"},
		{"a counter's name with more in it", msg(`{"cmd":"ONLINE_RANK_\u001b[2J"}`), "", "unknown cmd"},
		{"unknown cmd, then a good one", join(msg(`{"cmd":"\u001b[2J"}`), msg(chat(1))), "d1", `unknown cmd "\x1b[2J"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := decode(t, c.data)
			if ids(d) != c.ids {
				t.Errorf("events %q, want %q", ids(d), c.ids)
			}
			switch {
			case c.refused == "" && len(d.Refused) != 0:
				t.Errorf("refused %v", d.Refused)
			case c.refused != "" && (len(d.Refused) != 1 || !strings.Contains(d.Refused[0].Error(), c.refused)):
				t.Errorf("refused %v, want one that says %q", d.Refused, c.refused)
			}
		})
	}
}

func TestBombsAreRefused(t *testing.T) {
	zeroes := make([]byte, 17<<20)
	large := packet(opMessage, []byte(`{"cmd":"NOTICE_MSG","x":"`+strings.Repeat("a", 9<<20)+`"}`)).Data
	small := msg(`{}`)
	for _, c := range []struct {
		name, want string
		data       []byte
	}{
		{"zeroes by zlib", "header length 0", pack(verZlib, opMessage, deflate(t, zeroes))},
		{"zeroes by brotli", "header length 0", pack(verBrotli, opMessage, brotlied(t, zeroes))},
		{"one packet past the limit", "are left", pack(verZlib, opMessage, deflate(t, packet(opMessage, zeroes).Data))},
		{"packets that sum up past the limit", "are left", pack(verZlib, opMessage, deflate(t, join(large, large)))},
		{"two compressed parts that sum up past the limit", "are left", join(pack(verZlib, opMessage, deflate(t, large)), pack(verZlib, opMessage, deflate(t, large)))},
		{"many packets", "4096 packets", pack(verZlib, opMessage, deflate(t, bytes.Repeat(small, maxPackets)))},
		{"many plain packets", "4096 packets", bytes.Repeat(pack(verPlain, opHeartbeat, nil), maxPackets+1)},
		{"many events of one command", "4096 packets", msg(`{"cmd":"SUPER_CHAT_MESSAGE_DELETE","data":{"ids":[` + numbers(maxPackets+1) + `]}}`)},
		{"many gifts of one command", "4096 packets", msg(`{"cmd":"SEND_GIFT_V2","data":{"pb":"` + base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{10<<3 | 2, 0}, maxPackets+1)) + `"}}`)},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := decode(t, c.data)
			if len(d.Events) > maxPackets || len(d.Refused) == 0 || len(d.Refused) > maxPackets+1 {
				t.Fatalf("%d events, %d refused", len(d.Events), len(d.Refused))
			}
			if last := d.Refused[len(d.Refused)-1].Error(); !strings.Contains(last, c.want) {
				t.Fatalf("refused with %q, want %q", last, c.want)
			}
		})
	}
	t.Run("the stream itself past the limit", func(t *testing.T) {
		left := int64(8)
		b := &budgetReader{r: strings.NewReader("123456789"), left: &left}
		got := make([]byte, 20)
		n, err := b.Read(got)
		if n != 8 || err != nil {
			t.Fatalf("read %d, %v", n, err)
		}
		if _, err := b.Read(got); !errors.Is(err, errInflated) {
			t.Fatalf("then %v, want errInflated", err)
		}
	})
}

func numbers(n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(strconv.Itoa(i))
	}
	return b.String()
}

// varint, str and tag write protobuf fields.
func varint(num int, v uint64) []byte {
	return binary.AppendUvarint(binary.AppendUvarint(nil, uint64(num)<<3), v)
}

func str(num int, s string) []byte {
	b := binary.AppendUvarint(binary.AppendUvarint(nil, uint64(num)<<3|2), uint64(len(s)))
	return append(b, s...)
}

func pb(cmd string, parts ...[]byte) string {
	return fmt.Sprintf(`{"cmd":%q,"data":{"pb":%q}}`, cmd, base64.StdEncoding.EncodeToString(join(parts...)))
}

func TestCommands(t *testing.T) {
	sec := func(n int64) time.Time { return time.Unix(n, 0) }
	gift := func(id, name string, n, coins uint64, coin string) []byte {
		return str(10, string(join(varint(1, 31036), str(2, name), varint(3, n), varint(7, coins), str(8, coin), str(9, id), varint(10, 1790000005))))
	}
	pbUser := str(22, string(join(varint(1, 77), str(2, string(str(1, "里层名"))))))
	for _, c := range []struct {
		name, json string
		want       feed.Event
	}{
		{
			"chat without the inner id", `{"cmd":"DANMU_MSG","info":[[0,1,25,1,1790000000137],"有货吗",[2001,"甲",1]]}`,
			feed.Event{Kind: feed.KindChat, ID: wire.ContentID("dm", "2001", "1790000000137", "甲", "有货吗"), Text: "有货吗", At: time.UnixMilli(1790000000137), User: feed.User{ID: "2001", Name: "甲", Role: feed.RoleModerator}},
		},
		{
			"chat of a guest's socket, name masked", `{"cmd":"DANMU_MSG","info":[[0,1,25,1,1790000000137,0,0,"",0,0,0,"",0,"{}","{}",{"extra":"{\"id_str\":\"abc\"}","user":{"uid":9007199254740993,"base":{"name":"张***"}}}],"x",[0,"",0]]}`,
			feed.Event{Kind: feed.KindChat, ID: "abc", Text: "x", At: time.UnixMilli(1790000000137), User: feed.User{ID: "9007199254740993", Name: "张***", Role: feed.RoleViewer}},
		},
		{
			"chat whose inner part is broken", `{"cmd":"DANMU_MSG","info":[[0,1,25,1,"1790000000137",0,0,"",0,0,0,"",0,"{}","{}",{"extra":7}],"x",["12","甲",false]]}`,
			feed.Event{Kind: feed.KindChat, ID: wire.ContentID("dm", "12", "1790000000137", "甲", "x"), Text: "x", At: time.UnixMilli(1790000000137), User: feed.User{ID: "12", Name: "甲", Role: feed.RoleViewer}},
		},
		{
			"chat from a linked room", `{"cmd":"DANMU_MSG_MIRROR","info":[[0,1,25,1,1790000000137],"x",[1,"甲",0]]}`,
			feed.Event{Kind: feed.KindChat, ID: wire.ContentID("dm", "1", "1790000000137", "甲", "x"), Text: "x", Code: "mirror", At: time.UnixMilli(1790000000137), User: feed.User{ID: "1", Name: "甲", Role: feed.RoleViewer}},
		},
		{
			"paid message with jiao and fen", `{"cmd":"SUPER_CHAT_MESSAGE","data":{"id":"5","uid":"8","price":30.5,"message":"退款","ts":1790000002,"user_info":{"uname":"丁","manager":1}}}`,
			feed.Event{Kind: feed.KindChat, ID: "sc:5", Text: "退款", AmountFen: 3050, At: sec(1790000002), User: feed.User{ID: "8", Name: "丁", Role: feed.RoleModerator}},
		},
		{
			"paid message withdrawn", `{"cmd":"SUPER_CHAT_MESSAGE_DELETE","data":{"ids":["5"]}}`,
			feed.Event{Kind: feed.KindSystem, ID: "retract:sc:5", Retracts: "sc:5", Code: feed.CodeRetracted, At: recv},
		},
		{
			"gift for gold", `{"cmd":"SEND_GIFT","data":{"uid":3,"uname":"丙","giftName":"小花","num":5,"total_coin":500,"coin_type":"gold","tid":"17","timestamp":1790000000}}`,
			feed.Event{Kind: feed.KindGift, ID: "17", Text: "小花 x5", Count: 5, AmountFen: 50, At: sec(1790000000), User: feed.User{ID: "3", Name: "丙", Role: feed.RoleViewer}},
		},
		{
			"gift for silver is free", `{"cmd":"SEND_GIFT","data":{"uid":"3","uname":"丙","giftName":"辣条","num":"2","total_coin":200,"coin_type":"silver","tid":18,"timestamp":"1790000000"}}`,
			feed.Event{Kind: feed.KindGift, ID: "18", Text: "辣条 x2", Count: 2, At: sec(1790000000), User: feed.User{ID: "3", Name: "丙", Role: feed.RoleViewer}},
		},
		{
			"gift in protobuf", pb("SEND_GIFT_V2", varint(1, 6), str(2, "戊"), gift("19", "灯牌", 10, 1000, "gold")),
			feed.Event{Kind: feed.KindGift, ID: "19", Text: "灯牌 x10", Count: 10, AmountFen: 100, At: sec(1790000005), User: feed.User{ID: "6", Name: "戊", Role: feed.RoleViewer}},
		},
		{
			"gift in protobuf, sender inside", pb("SEND_GIFT_V2", gift("20", "灯牌", 1, 9, "silver"), str(15, string(join(varint(1, 7), str(2, string(str(1, "己"))))))),
			feed.Event{Kind: feed.KindGift, ID: "20", Text: "灯牌 x1", Count: 1, At: sec(1790000005), User: feed.User{ID: "7", Name: "己", Role: feed.RoleViewer}},
		},
		{
			"guard", `{"cmd":"USER_TOAST_MSG","data":{"guard_level":3,"num":2,"price":276000,"payflow_id":"p1","role_name":"舰长","start_time":1790000000,"uid":8,"unit":"月","username":"庚"}}`,
			feed.Event{Kind: feed.KindGift, ID: "p1", Text: "舰长 x2月", Code: "guard", Count: 2, AmountFen: 27600, At: sec(1790000000), User: feed.User{ID: "8", Name: "庚", Role: feed.RoleViewer}},
		},
		{
			"guard, later form, same id", `{"cmd":"USER_TOAST_MSG_V2","data":{"guard_info":{"guard_level":2,"start_time":1790000000},"pay_info":{"num":1,"payflow_id":"p1","price":1998000,"unit":"月"},"sender_uinfo":{"uid":8,"base":{"name":"庚"}}}}`,
			feed.Event{Kind: feed.KindGift, ID: "p1", Text: "提督 x1月", Code: "guard", Count: 1, AmountFen: 199800, At: sec(1790000000), User: feed.User{ID: "8", Name: "庚", Role: feed.RoleViewer}},
		},
		{
			"guard without its payment's id", `{"cmd":"USER_TOAST_MSG","data":{"guard_level":3,"num":1,"price":0,"start_time":1790000000,"uid":8,"username":"庚"}}`,
			feed.Event{Kind: feed.KindGift, ID: wire.ContentID("guard", "8", "1790000000", "3"), Text: "舰长 x1", Code: "guard", Count: 1, At: sec(1790000000), User: feed.User{ID: "8", Name: "庚", Role: feed.RoleViewer}},
		},
		{
			"enter", `{"cmd":"INTERACT_WORD","data":{"uid":7,"uname":"己","msg_type":1,"timestamp":1790000006,"trigger_time":1790000006250000000}}`,
			feed.Event{Kind: feed.KindEnter, ID: wire.ContentID("interact", "7", "1790000006250000000", "己", "1"), At: sec(1790000006), User: feed.User{ID: "7", Name: "己", Role: feed.RoleViewer}},
		},
		{
			"share", `{"cmd":"INTERACT_WORD","data":{"uid":7,"uname":"己","msg_type":3,"timestamp":1790000006}}`,
			feed.Event{Kind: feed.KindSystem, ID: wire.ContentID("interact", "7", "1790000006", "己", "3"), Text: "share", Code: "share", At: sec(1790000006), User: feed.User{ID: "7", Name: "己", Role: feed.RoleViewer}},
		},
		{
			"enter in protobuf, to the millisecond", pb("INTERACT_WORD_V2", varint(1, 7), str(2, "己"), varint(5, 1), varint(7, 1790000006), varint(8, 1790000006250), varint(15, 1790000006250000001)),
			feed.Event{Kind: feed.KindEnter, ID: wire.ContentID("interact", "7", "1790000006250000001", "己", "1"), At: time.UnixMilli(1790000006250), User: feed.User{ID: "7", Name: "己", Role: feed.RoleViewer}},
		},
		{
			"enter in protobuf, where field 8 is no time", pb("INTERACT_WORD_V2", pbUser, varint(5, 1), varint(7, 1790000006), varint(8, 1890000006250)),
			feed.Event{Kind: feed.KindEnter, ID: wire.ContentID("interact", "77", "1890000006250", "里层名", "1"), At: sec(1790000006), User: feed.User{ID: "77", Name: "里层名", Role: feed.RoleViewer}},
		},
		{
			"special follow in protobuf", pb("INTERACT_WORD_V2", varint(1, 7), str(2, "己"), varint(5, 4), varint(7, 1790000006), varint(15, 5)),
			feed.Event{Kind: feed.KindSystem, ID: wire.ContentID("interact", "7", "5", "己", "4"), Text: "special follow", Code: "special_follow", At: sec(1790000006), User: feed.User{ID: "7", Name: "己", Role: feed.RoleViewer}},
		},
		{
			"an interaction of tomorrow", `{"cmd":"INTERACT_WORD","data":{"uid":7,"uname":"己","msg_type":9,"timestamp":1790000006}}`,
			feed.Event{Kind: feed.KindSystem, ID: wire.ContentID("interact", "7", "1790000006", "己", "9"), Text: "interaction 9", Code: "interaction_9", At: sec(1790000006), User: feed.User{ID: "7", Name: "己", Role: feed.RoleViewer}},
		},
		{
			"live", `{"cmd":"LIVE","live_key":"5","live_time":1790000000,"roomid":1000001}`,
			feed.Event{Kind: feed.KindSystem, ID: "live:5", Text: "live started", Code: "stream_start", At: sec(1790000000)},
		},
		{
			"preparing, with the number of the message", `{"cmd":"PREPARING","roomid":"1000001","msg_id":"1:2","send_time":1790000002913}`,
			feed.Event{Kind: feed.KindSystem, ID: "PREPARING:1:2", Text: "live ended", Code: feed.CodeStreamEnd, At: time.UnixMilli(1790000002913)},
		},
		{
			"warning", `{"cmd":"WARNING","msg":"请立即调整","roomid":1,"msg_id":"1"}`,
			feed.Event{Kind: feed.KindSystem, ID: "WARNING:1", Text: "请立即调整", Code: "platform_warning", Severity: "platform-warning", At: recv},
		},
		{
			"cut off", `{"cmd":"CUT_OFF","msg":"禁播","msg_id":"1"}`,
			feed.Event{Kind: feed.KindSystem, ID: "CUT_OFF:1", Text: "禁播", Code: "platform_cut_off", Severity: "platform-cut-off", At: recv},
		},
		{
			"cut off, later form", `{"cmd":"CUT_OFF_V2","data":{"reason":"禁播"},"msg_id":"1"}`,
			feed.Event{Kind: feed.KindSystem, ID: "CUT_OFF_V2:1", Text: "禁播", Code: "platform_cut_off", Severity: "platform-cut-off", At: recv},
		},
		{
			"room locked", `{"cmd":"ROOM_LOCK","expire":"2026-10-01 00:00:00","msg_id":"1"}`,
			feed.Event{Kind: feed.KindSystem, ID: "ROOM_LOCK:1", Text: "locked until 2026-10-01 00:00:00", Code: "platform_room_lock", Severity: "platform-room-lock", At: recv},
		},
		{
			"muted by the host", `{"cmd":"ROOM_BLOCK_MSG","data":{"uid":9,"uname":"辛","operator":2},"msg_id":"1"}`,
			feed.Event{Kind: feed.KindSystem, ID: "ROOM_BLOCK_MSG:1", Text: "muted by the host", Code: "user_muted", At: recv, User: feed.User{ID: "9", Name: "辛", Role: feed.RoleViewer}},
		},
		{
			"muted, told at the root", `{"cmd":"ROOM_BLOCK_MSG","uid":"9","uname":"辛","msg_id":"1"}`,
			feed.Event{Kind: feed.KindSystem, ID: "ROOM_BLOCK_MSG:1", Text: "muted", Code: "user_muted", At: recv, User: feed.User{ID: "9", Name: "辛", Role: feed.RoleViewer}},
		},
		{
			"recall", `{"cmd":"RECALL_DANMU_MSG","data":{"recall_type":1,"target_id":4455667788},"msg_id":"1"}`,
			feed.Event{Kind: feed.KindSystem, ID: "RECALL_DANMU_MSG:1", Text: "messages withdrawn: type 1, target 4455667788", Code: feed.CodeRetracted, Retracts: "4455667788", At: recv},
		},
		{
			"somebody goes to buy", `{"cmd":"GOTO_BUY_FLOW","data":{"text":"壬**正在去买"},"msg_id":"1"}`,
			feed.Event{Kind: feed.KindSystem, ID: "GOTO_BUY_FLOW:1", Text: "壬**正在去买", Code: "goto_buy", At: recv},
		},
		{
			"silence for all", `{"cmd":"ROOM_SILENT_ON","data":{"type":"member","level":1,"second":-1},"msg_id":"1"}`,
			feed.Event{Kind: feed.KindSystem, ID: "ROOM_SILENT_ON:1", Code: "room_silent_on", At: recv},
		},
		{
			"moderators named", `{"cmd":"ROOM_ADMINS","uids":[1,2],"msg_id":"1"}`,
			feed.Event{Kind: feed.KindSystem, ID: "ROOM_ADMINS:1", Code: "room_admins", At: recv},
		},
		{
			"words in pieces", `{"cmd":"COMMON_NOTICE_DANMAKU","data":{"content_segments":[{"text":"甲"},{"text":"乙"}]},"msg_id":"1"}`,
			feed.Event{Kind: feed.KindSystem, ID: "COMMON_NOTICE_DANMAKU:1", Text: "甲乙", Code: "notice", At: recv},
		},
		{
			"open-live chat", `{"cmd":"LIVE_OPEN_PLATFORM_DM","data":{"room_id":1000001,"uid":0,"open_id":"ab","uname":"甲","timestamp":1790000000,"msg":"多少钱","msg_id":"m1","is_admin":1}}`,
			feed.Event{Kind: feed.KindChat, ID: "m1", Text: "多少钱", At: sec(1790000000), User: feed.User{ID: "ab", Name: "甲", Role: feed.RoleModerator}},
		},
		{
			"open-live chat from a linked room", `{"cmd":"LIVE_OPEN_PLATFORM_DM_MIRROR","data":{"open_id":"ab","uname":"甲","timestamp":1790000000,"msg":"x","msg_id":"m1"}}`,
			feed.Event{Kind: feed.KindChat, ID: "m1", Text: "x", Code: "mirror", At: sec(1790000000), User: feed.User{ID: "ab", Name: "甲", Role: feed.RoleViewer}},
		},
		{
			"open-live gift", `{"cmd":"LIVE_OPEN_PLATFORM_SEND_GIFT","data":{"open_id":"ab","uname":"甲","timestamp":1790000000,"gift_name":"小花","gift_num":5,"price":100,"paid":true,"msg_id":"m1"}}`,
			feed.Event{Kind: feed.KindGift, ID: "m1", Text: "小花 x5", Count: 5, AmountFen: 50, At: sec(1790000000), User: feed.User{ID: "ab", Name: "甲", Role: feed.RoleViewer}},
		},
		{
			"open-live gift, free although it has a price", `{"cmd":"LIVE_OPEN_PLATFORM_SEND_GIFT","data":{"open_id":"ab","uname":"甲","timestamp":1790000000,"gift_name":"小花","gift_num":5,"price":100,"paid":false,"msg_id":"m1"}}`,
			feed.Event{Kind: feed.KindGift, ID: "m1", Text: "小花 x5", Count: 5, At: sec(1790000000), User: feed.User{ID: "ab", Name: "甲", Role: feed.RoleViewer}},
		},
		{
			"open-live guard", `{"cmd":"LIVE_OPEN_PLATFORM_GUARD","data":{"user_info":{"open_id":"ab","uname":"甲"},"guard_level":1,"guard_num":1,"guard_unit":"月","price":19998000,"timestamp":1790000000,"msg_id":"m1"}}`,
			feed.Event{Kind: feed.KindGift, ID: "m1", Text: "总督 x1月", Code: "guard", Count: 1, AmountFen: 1999800, At: sec(1790000000), User: feed.User{ID: "ab", Name: "甲", Role: feed.RoleViewer}},
		},
		{
			"open-live paid message", `{"cmd":"LIVE_OPEN_PLATFORM_SUPER_CHAT","data":{"open_id":"ab","uname":"甲","message_id":987,"message":"退款","rmb":30,"start_time":1790000000,"msg_id":"m1"}}`,
			feed.Event{Kind: feed.KindChat, ID: "m1", Text: "退款", Code: "message_id 987", AmountFen: 3000, At: sec(1790000000), User: feed.User{ID: "ab", Name: "甲", Role: feed.RoleViewer}},
		},
		{
			"open-live paid message withdrawn", `{"cmd":"LIVE_OPEN_PLATFORM_SUPER_CHAT_DEL","data":{"message_ids":[987],"msg_id":"m1"}}`,
			feed.Event{Kind: feed.KindSystem, ID: "retract:message_id 987", Retracts: "message_id 987", Code: feed.CodeRetracted, At: recv},
		},
		{
			"open-live like", `{"cmd":"LIVE_OPEN_PLATFORM_LIKE","data":{"open_id":"ab","uname":"甲","timestamp":1790000000,"like_text":"点赞了","like_count":12,"msg_id":"m1"}}`,
			feed.Event{Kind: feed.KindSystem, ID: "m1", Text: "点赞了", Code: "like", Count: 12, At: sec(1790000000), User: feed.User{ID: "ab", Name: "甲", Role: feed.RoleViewer}},
		},
		{
			"open-live enter without msg_id", `{"cmd":"LIVE_OPEN_PLATFORM_LIVE_ROOM_ENTER","data":{"open_id":"ab","uname":"甲","timestamp":1790000000}}`,
			feed.Event{Kind: feed.KindEnter, ID: wire.ContentID("enter", "ab", "1790000000", "甲"), At: sec(1790000000), User: feed.User{ID: "ab", Name: "甲", Role: feed.RoleViewer}},
		},
		{
			"open-live start", `{"cmd":"LIVE_OPEN_PLATFORM_LIVE_START","data":{"room_id":1,"open_id":"h","timestamp":1790000000,"area_name":"购物","title":"专场","msg_id":"m1"}}`,
			feed.Event{Kind: feed.KindSystem, ID: "m1", Text: "live started", Code: "stream_start", At: sec(1790000000), User: feed.User{ID: "h", Role: feed.RoleViewer}},
		},
		{
			"open-live end", `{"cmd":"LIVE_OPEN_PLATFORM_LIVE_END","data":{"timestamp":1790000000,"msg_id":"m2"}}`,
			feed.Event{Kind: feed.KindSystem, ID: "m2", Text: "live ended", Code: feed.CodeStreamEnd, At: sec(1790000000)},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := decode(t, msg(c.json))
			if len(d.Events) != 1 || len(d.Refused) != 0 {
				t.Fatalf("%d events, refused %v", len(d.Events), d.Refused)
			}
			e, want := d.Events[0], c.want
			if e.Kind != want.Kind || e.ID != want.ID || e.Text != want.Text || e.Code != want.Code || e.Severity != want.Severity ||
				e.Retracts != want.Retracts || e.Count != want.Count || e.AmountFen != want.AmountFen || e.User != want.User || !e.At.Equal(want.At) {
				t.Errorf("got  %+v\nwant %+v", e, want)
			}
			if e.Source != "bilibili:1000001" || e.Room != "1000001" || !e.Recv.Equal(recv) || string(e.Raw) != c.json {
				t.Errorf("source %s, room %s, recv %s, raw %q", e.Source, e.Room, e.Recv, e.Raw)
			}
		})
	}
}

func TestProductIDsAreExact(t *testing.T) {
	for _, id := range []string{`"1817875296579985408"`, `1817875296579985409`} {
		d := decode(t, msg(`{"cmd":"HOT_BUY_NUM","data":{"num":81,"goods_id":`+id+`}}`))
		if len(d.Events) != 1 {
			t.Fatalf("refused %v", d.Refused)
		}
		e := d.Events[0]
		if e.Kind != feed.KindProduct || e.Product.ID != strings.Trim(id, `"`) || e.Product.Stock != -1 || e.Count != 81 {
			t.Errorf("%+v, product %+v", e, e.Product)
		}
	}
}

func TestSeveralGiftsOfOneCommand(t *testing.T) {
	g := func(id string) []byte { return str(10, string(join(str(2, "花"), varint(3, 1), str(9, id)))) }
	if d := decode(t, msg(pb("SEND_GIFT_V2", varint(1, 6), g("a"), g("b"), g("a")))); ids(d) != "a b" {
		t.Errorf("gifts %q, want each once; refused %v", ids(d), d.Refused)
	}
}

func TestOnePurchaseCountsOnce(t *testing.T) {
	d := decode(t, join(
		msg(`{"cmd":"GUARD_BUY","data":{"uid":8,"price":198000,"gift_name":"舰长"}}`),
		msg(`{"cmd":"USER_TOAST_MSG","data":{"payflow_id":"p1","price":138000,"num":1,"uid":8}}`),
		msg(`{"cmd":"USER_TOAST_MSG_V2","data":{"pay_info":{"payflow_id":"p1","price":138000,"num":1},"sender_uinfo":{"uid":8}}}`),
	))
	if len(d.Events) != 1 || d.Events[0].AmountFen != 13800 || len(d.Refused) != 0 {
		t.Fatalf("%+v, refused %v", d.Events, d.Refused)
	}
}

func TestWhatAnotherCommandTellsComesToNothing(t *testing.T) {
	for cmd := range ignored {
		if d := decode(t, msg(`{"cmd":"`+cmd+`","data":{"uid":1}}`)); len(d.Events)+len(d.Refused) != 0 {
			t.Errorf("%s came to %+v", cmd, d)
		}
	}
}

func TestCountersPassOnceInAWhile(t *testing.T) {
	s := newSession(t, Options{RoomID: 1, Token: "x"})
	at := func(d time.Duration, json string) int {
		return len(s.Decode(feed.Frame{Data: []byte(json)}, recv.Add(d)).Events)
	}
	const watched, rank = `{"cmd":"WATCHED_CHANGE","data":{"num":120,"text_large":"120人看过"}}`, `{"cmd":"ONLINE_RANK_COUNT","data":{"count":7}}`
	if at(0, watched) != 1 || at(time.Second, watched) != 0 || at(time.Second, rank) != 1 || at(counterEvery, watched) != 1 || at(counterEvery, rank) != 0 {
		t.Error("a counter must pass once in ten seconds, each kind by itself")
	}
	d := s.Decode(feed.Frame{Data: []byte(watched)}, recv.Add(time.Hour))
	if e := d.Events[0]; e.Count != 120 || e.Text != "120人看过" || e.Code != "watched_change" {
		t.Errorf("counter %+v", e)
	}
}

func TestMalformedCommandsAreRefused(t *testing.T) {
	for _, c := range []struct{ json, want string }{
		{`{"cmd":"DANMU_MSG"}`, "no text and sender"},
		{`{"cmd":"DANMU_MSG","info":{"a":1}}`, "no text and sender"},
		{`{"cmd":"DANMU_MSG","info":[[],7,[]]}`, "no text and sender"},
		{`{"cmd":"SEND_GIFT"}`, "no data"},
		{`{"cmd":"SEND_GIFT","data":[1,2]}`, "SEND_GIFT"},
		{`{"cmd":"SUPER_CHAT_MESSAGE","data":"x"}`, "SUPER_CHAT_MESSAGE"},
		{`{"cmd":"SUPER_CHAT_MESSAGE_DELETE","data":{"ids":7}}`, "SUPER_CHAT_MESSAGE_DELETE"},
		{`{"cmd":"SUPER_CHAT_MESSAGE_DELETE","data":{"ids":[]}}`, "names no message"},
		{`{"cmd":"USER_TOAST_MSG","data":7}`, "USER_TOAST_MSG"},
		{`{"cmd":"USER_TOAST_MSG_V2","data":7}`, "USER_TOAST_MSG_V2"},
		{`{"cmd":"INTERACT_WORD","data":7}`, "INTERACT_WORD"},
		{`{"cmd":"INTERACT_WORD_V2","data":7}`, "INTERACT_WORD_V2"},
		{`{"cmd":"INTERACT_WORD_V2","data":{"pb":""}}`, "missing or empty"},
		{`{"cmd":"SEND_GIFT_V2","data":{}}`, "missing or empty"},
		{`{"cmd":"SEND_GIFT_V2","data":{"pb":"!"}}`, "no base64"},
		{`{"cmd":"SEND_GIFT_V2","data":{"pb":"CAE="}}`, "no gift"},
		{pb("SEND_GIFT_V2", str(10, "\x12\x7f")), "ends within"},
		{pb("SEND_GIFT_V2", str(15, "\x12\x7f")), "ends within"},
		{pb("INTERACT_WORD_V2", []byte{0x80}), "ends within"},
		{pb("INTERACT_WORD_V2", []byte{0x08}), "ends within"},
		{pb("INTERACT_WORD_V2", []byte{0x09, 1}), "ends within"},
		{pb("INTERACT_WORD_V2", []byte{0x0d, 1}), "ends within"},
		{pb("INTERACT_WORD_V2", []byte{0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1}), "ends within"},
		{pb("INTERACT_WORD_V2", []byte{0x00, 1}), "field 0"},
		{pb("INTERACT_WORD_V2", []byte{0x0b}), "wire type 3"},
		{`{"cmd":"WARNING","data":{"msg":"x"`, "no JSON"},
		{`{"cmd":"HOT_BUY_NUM","data":{"num":81}}`, "no goods_id"},
		{`{"cmd":"HOT_BUY_NUM","data":7}`, "HOT_BUY_NUM"},
		{`{"cmd":"RECALL_DANMU_MSG","data":7}`, "RECALL_DANMU_MSG"},
		{`{"cmd":"LOG_IN_NOTICE","data":7}`, "LOG_IN_NOTICE"},
		{`{"cmd":"WATCHED_CHANGE","data":7}`, "WATCHED_CHANGE"},
		{`{"cmd":"LIVE_OPEN_PLATFORM_SEND_GIFT","data":{"price":9007199254740993,"gift_num":9007199254740993,"paid":true}}`, "no amount of money"},
		{`{"cmd":"SEND_GIFT","cmd":"DANMU_MSG"}`, "duplicate"},
	} {
		d := decode(t, msg(c.json))
		if len(d.Events) != 0 || len(d.Refused) != 1 || !strings.Contains(d.Refused[0].Error(), c.want) {
			t.Errorf("%s: %d events, refused %v; want one that says %q", c.json, len(d.Events), d.Refused, c.want)
		}
	}
	for cmd := range handlers {
		if strings.HasPrefix(cmd, "LIVE_OPEN_PLATFORM_") {
			if d := decode(t, msg(`{"cmd":"`+cmd+`","data":[]}`)); len(d.Events) != 0 || len(d.Refused) != 1 {
				t.Errorf("%s with an array for data: %+v", cmd, d)
			}
		}
	}
}

func TestTextThatIsNoUTF8IsKept(t *testing.T) {
	d := decode(t, msg("{\"cmd\":\"DANMU_MSG\",\"info\":[[0,1,25,1,1790000000137],\"a\xffb\",[1,\"\xfe\",0]]}"))
	if len(d.Events) != 1 || d.Events[0].Text != "a\uFFFDb" || !utf8.ValidString(d.Events[0].User.Name) {
		t.Fatalf("%+v, refused %v", d.Events, d.Refused)
	}
}

func TestLoginReply(t *testing.T) {
	web := Options{URL: "wss://h/sub", RoomID: 5, Token: "secrettoken"}
	open := Options{URL: "wss://h/sub", AuthBody: `{"roomid":6,"key":"secretkey"}`}
	reply := func(s *session, body string) feed.Decoded {
		return s.Decode(feed.Frame{Binary: true, Data: pack(verPlain, opAuthReply, []byte(body))}, recv)
	}
	if d := reply(newSession(t, web), `{"code":0}`); len(d.Events)+len(d.Refused) != 0 || d.Fatal != nil {
		t.Errorf("accepted login came to %+v", d)
	}
	for _, c := range []struct {
		o      Options
		remedy string
	}{{web, "get a new token"}, {open, "new auth_body"}} {
		d := reply(newSession(t, c.o), `{"code":-101}`)
		if d.Fatal == nil || !strings.Contains(d.Fatal.Error(), c.remedy) || strings.Contains(d.Fatal.Error(), "secret") {
			t.Errorf("fatal %v, want the remedy %q", d.Fatal, c.remedy)
		}
		if len(d.Events) != 1 || d.Events[0].Text != "auth failed -101" || d.Events[0].Code != feed.CodeAuthFailed {
			t.Errorf("events %+v", d.Events)
		}
	}
	for _, body := range []string{``, `x`, `{}`, `[0]`} {
		if d := reply(newSession(t, web), body); len(d.Refused) != 1 || d.Fatal != nil {
			t.Errorf("login reply %q came to %+v", body, d)
		}
	}
}

func TestOpenLiveSessionEnded(t *testing.T) {
	d := decode(t, msg(`{"cmd":"LIVE_OPEN_PLATFORM_INTERACTION_END","data":{"game_id":"g-1","timestamp":1790000000}}`))
	if len(d.Events) != 1 || d.Fatal == nil || !strings.Contains(d.Fatal.Error(), "auth_body") {
		t.Fatalf("came to %+v", d)
	}
}

func TestOptions(t *testing.T) {
	for _, c := range []struct {
		o    Options
		want string
	}{
		{Options{RoomID: 5, Token: "a", AuthBody: "{}"}, "one of them"},
		{Options{RoomID: -1}, "above 0"},
		{Options{Token: "a"}, "needs room_id"},
		{Options{AuthBody: "secretkey"}, "unchanged"},
		{Options{AuthBody: `{"key":"secretkey"}`}, "set room_id too"},
	} {
		_, err := New(c.o)
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%+v: error %v, want %q", c.o, err, c.want)
		}
	}
	for _, c := range []struct {
		o    Options
		want string
	}{
		{Options{RoomID: 5, Token: "a"}, "no url"},
		{Options{URL: "wss://h/sub", RoomID: 5}, "token"},
	} {
		p, err := New(c.o)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.Request(feed.Position{}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: request error %v, want %q", c.o, err, c.want)
		}
	}
	for o, want := range map[Options]string{
		{URL: "wss://h/sub", RoomID: 5, Token: "secret"}:                           "bilibili:5",
		{URL: "wss://h/sub", AuthBody: `{"roomid":6,"key":"secret"}`}:              "bilibili:6",
		{URL: "wss://h/sub", RoomID: 7, AuthBody: `{"key":"secret","protover":2}`}: "bilibili:7",
	} {
		p, err := New(o)
		if err != nil {
			t.Fatal(err)
		}
		r, err := p.Request(feed.Position{})
		if err != nil || r.URL != o.URL || p.Source() != want || p.Name() != "bilibili" {
			t.Errorf("request %+v, %v, source %s, name %s", r, err, p.Source(), p.Name())
		}
		if s := fmt.Sprintf("%v %+v %#v", p, p, p); strings.Contains(s, "secret") {
			t.Errorf("a secret is printed: %s", s)
		}
		hello := p.NewSession(feed.Position{}).Hello()
		if o.AuthBody != "" && string(hello[0].Data[headerLen:]) != o.AuthBody {
			t.Errorf("auth_body is sent as %q, want it unchanged", hello[0].Data)
		}
	}
	s := newSession(t, Options{})
	if len(s.Hello()) != 0 {
		t.Error("without a token there is nothing to send")
	}
	if every, f := s.Heartbeat(); every != 30*time.Second || !f.Binary || binary.BigEndian.Uint32(f.Data[8:]) != opHeartbeat {
		t.Errorf("heartbeat %+v every %s", f, every)
	}
}

func TestFrameIsNotKept(t *testing.T) {
	for _, f := range []feed.Frame{{Binary: true, Data: msg(chat(1))}, {Data: []byte(chat(1))}} {
		d := newSession(t, Options{}).Decode(f, recv)
		clear(f.Data)
		if e := d.Events[0]; e.Text != "第1条" || string(e.Raw) != chat(1) {
			t.Errorf("text %q, raw %q after the buffer was used again", e.Text, e.Raw)
		}
	}
}

func TestCoinsAreThousandToTheYuan(t *testing.T) {
	if coinsToFen(138000) != 13800 || coinsToFen(-10) != 0 {
		t.Error("1000 coins are 100 fen, and less than nothing is nothing")
	}
}

func BenchmarkDecode(b *testing.B) {
	var run []byte
	for n := range 20 {
		run = append(run, msg(chat(n))...)
	}
	for name, data := range map[string][]byte{
		"plain":  msg(chat(1)),
		"zlib":   pack(verZlib, opMessage, deflate(b, run)),
		"brotli": pack(verBrotli, opMessage, brotlied(b, run)),
	} {
		b.Run(name, func(b *testing.B) {
			s := newSession(b, Options{RoomID: 1, Token: "x"})
			b.ReportAllocs()
			events := 0
			for b.Loop() {
				events += len(s.Decode(feed.Frame{Binary: true, Data: data}, recv).Events)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(events), "ns/event")
		})
	}
}
