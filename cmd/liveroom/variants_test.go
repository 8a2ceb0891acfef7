package main

import (
	"bytes"
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"liveroom/feed"
	"liveroom/feed/record"
	"liveroom/feed/tmc/tmctest"
)

// TestDecodeTellsVariantsApart: each protocol's name reads all the shapes that its
// platforms send, by what stands in them; a recogniser's also by --format.
func TestDecodeTellsVariantsApart(t *testing.T) {
	type line struct{ args, frames, want string }
	text := func(s string) string { return s + "\n" }
	paid := tmctest.Message{ID: 7, Topic: "taobao_trade_TradeBuyerPay", Content: `{"tid":1,"oid":1,"payment":"1.00"}`}
	tmcPaid := base64.StdEncoding.EncodeToString(tmctest.Data("", paid))
	for name, c := range map[string]line{
		"cloudevent":      {"cloudevent", text(`{"specversion":"1.0","id":"1","source":"s","subject":"r","type":"liveroom.chat.v1","data":{"text":"多少钱"}}`), `"kind":"chat"`},
		"twitch irc":      {"twitch", text("@id=1;display-name=a :a!a@a PRIVMSG #shop :多少钱"), `"text":"多少钱"`},
		"twitch eventsub": {"twitch", text(eventsubOf("channel.chat.message", `{"message_id":"m","message":{"text":"多少钱"}}`)), `"id":"m"`},
		"eventsub":        {"eventsub", text(eventsubOf("automod.message.hold", `{"message_id":"m","message":{"text":"x"}}`)), `"automod_hold"`},
		"bilibili web":    {"bilibili", text(`{"cmd":"SUPER_CHAT_MESSAGE_DELETE:1","data":{"ids":[7]}}`), `"retracts":"sc:7"`},
		"bilibili open":   {"bilibili", text(`{"cmd":"LIVE_OPEN_PLATFORM_DM","data":{"msg":"多少钱","msg_id":"m","open_id":"o"}}`), `"text":"多少钱"`},
		"dialect A":       {"barrage", text(`{"Type":1,"Data":"{\"MsgId\":1,\"Content\":\"多少钱\"}"}`), `"kind":"chat"`},
		"dialect B":       {"barrage", text(`{"Type":3,"Data":{"MsgId":1,"Content":"多少钱"}}`), `"kind":"chat"`},
		"dycast":          {"barrage", text(`[{"id":"1","method":"WebcastChatMessage","content":"多少钱"}]`), `"kind":"chat"`},
		"douyinLive":      {"barrage", text(`{"common":{"method":"WebcastChatMessage","msgId":"1"},"content":"多少钱"}`), `"kind":"chat"`},
		"oba":             {"oba", text(`{"msg_type":"live_order","msg_id":"7#3","order_status":"已付款"}`), `"status":"paid"`},
		"tikfinity":       {"tikfinity", text(`{"event":"chat","data":{"msgId":"1","comment":"hi"}}`), `"text":"hi"`},
		"kuaishou":        {"kuaishou", text(`{"dir":"in","op":"binary","b64":"CK0CEAEaAA=="}`), `"stream_pause"`},
		"tmc":             {"tmc", text(`{"dir":"in","op":"binary","b64":"` + tmcPaid + `"}`), `"status":"paid"`},
		"funasr":          {"asr", text(`{"mode":"2pass-offline","text":"纯羊毛","wav_name":"w"}`), `"纯羊毛"`},
		"vosk":            {"asr", text(`{"text":"纯 羊毛"}`), `"纯羊毛"`},
		"by a flag":       {"asr --format vosk", text(`{"text":"纯 羊毛","mode":"2pass"}`), `"纯羊毛"`},
		"whisperlive":     {"asr", text(`{"uid":"u","segments":[{"start":"0","end":"1","text":"纯羊毛","completed":true}]}`), `"纯羊毛"`},
		"tencent":         {"asr", text(`{"code":0,"voice_id":"v","result":{"slice_type":2,"index":0,"voice_text_str":"纯羊毛"}}`), `"纯羊毛"`},
		"doudian":         {"webhook", text(`[{"tag":"101","msg_id":"1","data":{"p_id":"7"}}]`), `"status":"paid"`},
		"tiktok shop":     {"webhook", text(`{"type":1,"shop_id":"1","data":{"order_id":"7","order_status":"CANCELLED"}}`), `"order_id":"7"`},
		"shopify":         {"webhook", text(`{"dir":"in","op":"http","headers":{"X-Shopify-Topic":"orders/paid"},"body":"{\"id\":7}"}`), `"status":"paid"`},
		"stripe":          {"stripe", text(`{"type":"webhook_event","event_payload":"{\"id\":\"e\",\"type\":\"charge.refunded\",\"data\":{\"object\":{\"id\":\"c\"}}}"}`), `"refunded"`},
	} {
		t.Run(name, func(t *testing.T) {
			var out, errs bytes.Buffer
			if code := run(append([]string{"decode"}, strings.Fields(c.args)...), strings.NewReader(c.frames), &out, &errs); code != exitDone || !strings.Contains(out.String(), c.want) {
				t.Errorf("exit %d, %s%s\nwant %s", code, out.String(), errs.String(), c.want)
			}
		})
	}
}

// TestARecordingIsDecodedAsItCame: what a source sent in binary is decoded from its
// recording to the same events, and what was said to it is passed over.
func TestARecordingIsDecodedAsItCame(t *testing.T) {
	path := filepath.Join(t.TempDir(), "room.jsonl")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 11, 20, 20, 0, 0, 0, time.UTC)
	w, err := record.NewWriter(f, record.Header{Protocol: "bilibili", Room: "r", Start: at})
	if err != nil {
		t.Fatal(err)
	}
	for i, data := range []string{string(biliPacket(7, `{"key":"***"}`)), string(biliPacket(5, `{"cmd":"LIVE_OPEN_PLATFORM_DM","data":{"msg":"多少钱","msg_id":"m","open_id":"o"}}`))} {
		if err := w.Write(record.Frame{Frame: feed.Frame{Binary: true, Data: []byte(data)}, T: time.Duration(i) * time.Second, Out: i == 0}); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	if code := run([]string{"decode", "bilibili", path}, strings.NewReader(""), &out, &errs); code != exitDone || strings.Count(out.String(), "\n") != 1 || !strings.Contains(out.String(), "多少钱") {
		t.Errorf("exit %d, %s%s", code, out.String(), errs.String())
	}
}
