package main

import (
	"bytes"
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"liveroom/feed"
	"liveroom/feed/asr"
	"liveroom/feed/asr/asrtest"
	"liveroom/feed/record"
	"liveroom/feed/tmc/tmctest"
	"liveroom/feed/webhook/webhooktest"
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
		"by a flag":       {"asr --format vosk", text(`{"text":"纯 羊毛","mode":"2pass"}`), `"纯羊毛"`},
		"stripe":          {"stripe", text(`{"type":"webhook_event","event_payload":"{\"id\":\"e\",\"type\":\"charge.refunded\",\"data\":{\"object\":{\"id\":\"c\"}}}"}`), `"refunded"`},
	} {
		t.Run(name, func(t *testing.T) {
			if events, errs, code := decoded(t, c.frames, strings.Fields(c.args)...); code != exitDone || !strings.Contains(events, c.want) {
				t.Errorf("exit %d, %s%s\nwant %s", code, events, errs, c.want)
			}
		})
	}
}

// decoded is what `liveroom decode` makes of lines, what it says of those that it
// refuses, and what it exits with.
func decoded(t *testing.T, lines string, args ...string) (events, said string, code int) {
	t.Helper()
	var out, errs bytes.Buffer
	code = run(append([]string{"decode"}, args...), strings.NewReader(lines), &out, &errs)
	return out.String(), errs.String(), code
}

// TestDecodeHearsEveryRecogniser: what each says, which is played by a second hand, is
// told by its content, and comes to the same where the recogniser is named.
func TestDecodeHearsEveryRecogniser(t *testing.T) {
	const said = "这条围巾是纯羊毛的"
	for _, format := range asr.Formats {
		t.Run(format, func(t *testing.T) {
			voice, lines := asrtest.NewVoice(format, "v1"), ""
			for _, f := range append(voice.Ready(), voice.Hear("1", said)...) {
				op, key, text := "text", "text", any(string(f.Data))
				if f.Binary {
					op, key, text = "binary", "b64", f.Data // bytes are base64 in JSON
				}
				b, err := json.Marshal(map[string]any{"dir": "in", "op": op, key: text})
				if err != nil {
					t.Fatal(err)
				}
				lines += string(b) + "\n"
			}
			for _, args := range [][]string{{"asr"}, {"asr", "--format", format}} {
				events, errs, code := decoded(t, lines, args...)
				final := 0
				for line := range strings.Lines(events) {
					if strings.Contains(line, `"text":"`+said+`"`) && !strings.Contains(line, `"partial":true`) {
						final++
					}
				}
				if code != exitDone || errs != "" || final != 1 {
					t.Errorf("%s: exit %d, %d final results in\n%s%s", args, code, final, events, errs)
				}
			}
		})
	}
}

// TestDecodeKnowsEveryShop: a post with its headers as the door gets it, and its body
// alone, are told by their content; the shop, and Shopify's topic, can be named where
// that tells nothing, and must be where it cannot be told.
func TestDecodeKnowsEveryShop(t *testing.T) {
	order := webhooktest.Order{ID: "9007199254740993", Order: "6920000000000000001", Buyer: "77", At: time.Now().Truncate(time.Second)}
	for _, shop := range webhooktest.Platforms() {
		t.Run(shop, func(t *testing.T) {
			m := webhooktest.Paid(shop, order)
			header, body := webhooktest.Sign(shop, webhooktest.Secret(shop), m)
			post := map[string]any{"dir": "in", "op": "http", "body": body, "headers": map[string]string{}}
			for name := range header {
				post["headers"].(map[string]string)[name] = header.Get(name)
			}
			if shop == "kuaishou-shop" { // nothing else tells what is encrypted
				post["key_b64"] = webhooktest.Secret(shop)
			}
			line, err := json.Marshal(post)
			if err != nil {
				t.Fatal(err)
			}
			named := []string{"webhook", "--shop", shop}
			if shop == "shopify" {
				named = append(named, "--topic", m.Topic)
			}
			paid := func(name, lines string, args ...string) {
				t.Helper()
				events, errs, code := decoded(t, lines, args...)
				if code != exitDone || errs != "" || strings.Count(events, "\n") != 1 || !strings.Contains(events, `"status":"paid"`) || !strings.Contains(events, order.Order) {
					t.Errorf("%s: exit %d, %s%s", name, code, events, errs)
				}
			}
			paid("a post", string(line), "webhook")
			paid("a post of a shop that is named", string(line), "webhook", "--shop", shop)
			paid("a body of a shop that is named", m.Body, named...)
			if shop != "shopify" {
				paid("a body", m.Body, "webhook")
				return
			}
			_, errs, code := decoded(t, m.Body, "webhook")
			for _, want := range []string{"name one of doudian, douyin-life, kuaishou-shop, shopify, tiktok-shop", "or one to be named by --shop (doudian,"} {
				if code != exitError || !strings.Contains(errs, want) {
					t.Errorf("exit %d, %q, want %q", code, errs, want)
				}
			}
		})
	}
}

// TestWhatDecodeIsToldIsChecked: a flag that tells of another protocol would be passed
// over, and a name that nobody has is answered with those there are.
func TestWhatDecodeIsToldIsChecked(t *testing.T) {
	for want, args := range map[string]string{
		`shop "taobao" is not known: name one of doudian, douyin-life,`:           "webhook --shop taobao",
		"--shop tells of webhook and not of asr: take it away":                    "asr --shop doudian",
		"--topic tells of webhook and not of stripe":                              "stripe --topic orders/paid",
		"--format tells of asr and not of webhook":                                "webhook --format vosk",
		"--channel tells of twitch and eventsub and not of oba":                   "oba --channel shop",
		`asr format "kaldi" is not known: use one of funasr, vosk,`:               "asr --format kaldi",
		`protocol "webhok" is not supported, did you mean "webhook"?`:             "webhok --shop doudian",
		"none of the 1 frames is one of oba: is it another protocol?":             "oba",
		"one of asr: is it another protocol, or one to be named by --format (fun": "asr",
	} {
		if events, errs, code := decoded(t, "{\"a\"\n", strings.Fields(args)...); code != exitError || events != "" || !strings.Contains(errs, want) {
			t.Errorf("%s: exit %d, %s%s, want %q", args, code, events, errs, want)
		}
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
