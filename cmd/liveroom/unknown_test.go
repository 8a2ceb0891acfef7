package main

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"liveroom/feed"
	"liveroom/feed/asr"
	"liveroom/feed/tmc/tmctest"
	"liveroom/feed/webhook"
)

// biliPacket is one packet of Bilibili's around a body.
func biliPacket(op uint32, body string) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(16+len(body)))
	b = binary.BigEndian.AppendUint16(b, 16)
	b = binary.BigEndian.AppendUint16(b, 0)
	b = binary.BigEndian.AppendUint32(b, op)
	return append(binary.BigEndian.AppendUint32(b, 1), body...)
}

// kuaishouPost encrypts a post as the Kuaishou shop does, with the key beside it.
func kuaishouPost(t *testing.T, plain string) string {
	t.Helper()
	key := []byte("0123456789abcdef")
	n := aes.BlockSize - len(plain)%aes.BlockSize
	data := []byte(plain + strings.Repeat(string(rune(n)), n))
	block, err := aes.NewCipher(key)
	if err != nil {
		t.Fatal(err)
	}
	cipher.NewCBCEncrypter(block, make([]byte, aes.BlockSize)).CryptBlocks(data, data)
	return fmt.Sprintf(`{"proto":"kuaishou-shop","key_b64":%q,"body":%q}`,
		base64.StdEncoding.EncodeToString(key), base64.StdEncoding.EncodeToString(data))
}

func eventsubOf(subject, event string) string {
	return `{"metadata":{"message_id":"d","message_type":"notification","subscription_type":"` + subject + `"},"payload":{"event":` + event + `}}`
}

// TestEveryDecoderCountsWhatItDoesNotKnow: a command that a platform brings in
// tomorrow is counted by its name by every decoder, so that no room looks quiet
// because what is said there came to be called otherwise.
func TestEveryDecoderCountsWhatItDoesNotKnow(t *testing.T) {
	text := func(s string) feed.Frame { return feed.Frame{Data: []byte(s)} }
	binary := func(s string) feed.Frame { return feed.Frame{Binary: true, Data: []byte(s)} }
	message := tmctest.Message{ID: 7, Topic: "taobao_item_ItemAdd", Content: "{}", Time: time.Unix(1790000000, 0)}
	cases := []struct {
		protocol, format, kind string
		frame                  feed.Frame
		want                   string
	}{
		{"cloudevent", "", "ours", text(`{"specversion":"1.0","id":"1","source":"s","type":"liveroom.poll.v1","data":{}}`), "liveroom.poll.v1"},
		{"cloudevent", "", "another's", text(`{"specversion":"1.0","id":"1","source":"s","type":"com.example.poll","data":{}}`), "com.example.poll"},
		{"twitch", "", "command", text("@id=1 :a!a@a PARTY #shop :x\r\n"), "PARTY"},
		{"twitch", "", "notice", text("@id=1 :tmi.twitch.tv USERNOTICE #shop :x\r\n"), "USERNOTICE without msg-id"},
		{"eventsub", "", "type", text(eventsubOf("channel.shop.sold", `{}`)), "channel.shop.sold"},
		{"eventsub", "", "notice", text(eventsubOf("channel.chat.notification", `{"message_id":"m","notice_type":"party","system_message":"小美 gave a party"}`)), "notice party"},
		{"eventsub", "", "message", text(`{"metadata":{"message_type":"session_party"}}`), "session_party"},
		{"bilibili", "", "packet", binary(string(biliPacket(5, `{"cmd":"SEND_GIFT_V3:1:2","data":{}}`))), "SEND_GIFT_V3"},
		{"bilibili", "", "open platform", text(`{"cmd":"LIVE_OPEN_PLATFORM_PARTY","data":{}}`), "LIVE_OPEN_PLATFORM_PARTY"},
		{"bilibili", "", "operation", binary(string(biliPacket(77, `{}`))), "operation 77"},
		{"barrage", "", "dialect A", text(`{"Type":77,"Data":"{}"}`), "Type 77"},
		{"barrage", "", "dialect B", text(`{"Type":78,"Data":{}}`), "Type 78"},
		{"barrage", "", "dycast", text(`[{"id":"1","method":"WebcastPartyMessage"}]`), "WebcastPartyMessage"},
		{"douyinlive", "", "message", text(`{"common":{"method":"WebcastPartyMessage","msgId":"1"}}`), "WebcastPartyMessage"},
		{"douyinlive", "", "status", text(`{"type":"system","event":"live_status","code":"ROOM_PARTY"}`), "live_status ROOM_PARTY"},
		{"oba", "", "message", text(`{"msg_type":"room_party","msg_id":"1"}`), "room_party"},
		{"tikfinity", "", "event", text(`{"event":"party","data":{}}`), "party"},
		{"kuaishou", "", "payload", binary("\x08\x8f\x07\x10\x01\x1a\x00"), "payload 911"},
		{"kuaishou", "", "feed", binary("\x08\xb6\x02\x10\x01\x1a\x03\x7a\x01x"), "feed 15"},
		{"stripe", "", "message", text(`{"type":"party"}`), "party"},
		{"stripe", "", "event", text(`{"type":"webhook_event","event_payload":"{\"id\":\"evt_1\",\"type\":\"party.begun\",\"data\":{\"object\":{}}}"}`), "party.begun"},
		{"tmc", "", "topic", binary(string(tmctest.Data("", message))), "taobao_item_ItemAdd"},
		{"tmc", "", "message", binary("\x02\x07\x00\x00"), "message type 7 of kind 0"},
		{"asr", "funasr", "mode", text(`{"mode":"3pass","text":"x","wav_name":"w"}`), "mode 3pass"},
		{"asr", "vosk", "members", text(`{"speaker":"x"}`), "members speaker"},
		{"asr", "whisperlive", "message", text(`{"uid":"u","message":"PARTY"}`), "PARTY"},
		{"asr", "nls", "name", text(`{"header":{"namespace":"SpeechTranscriber","name":"Party","status":20000000}}`), "Party"},
		{"asr", "dashscope", "event", text(`{"header":{"event":"party","task_id":"t"}}`), "party"},
		{"asr", "volcengine", "type", binary("\x11\x50\x10\x00\x00\x00\x00\x00"), "message type 5"},
		{"webhook", "doudian", "tag", text(`{"proto":"doudian","body":"[{\"tag\":\"999\",\"msg_id\":\"1\",\"data\":{}}]"}`), "tag 999"},
		{"webhook", "tiktok-shop", "type", text(`{"proto":"tiktok-shop","body":"{\"type\":99,\"shop_id\":\"1\",\"data\":{}}"}`), "type 99"},
		{"webhook", "shopify", "topic", text(`{"headers":{"X-Shopify-Topic":"party/create"},"body":"{}"}`), "party/create"},
		{"webhook", "douyin-life", "event", text(`{"proto":"douyin-life","body":"{\"event\":\"life_party\",\"client_key\":\"k\",\"content\":\"{}\"}"}`), "life_party"},
		{"webhook", "kuaishou-shop", "event", text(kuaishouPost(t, `{"msgId":"1","event":"kwaishop_party","info":"{}"}`)), "kwaishop_party"},
	}
	tried := map[string]bool{}
	for _, c := range cases {
		t.Run(strings.TrimSpace(c.protocol+" "+c.format+" "+c.kind), func(t *testing.T) {
			tried[c.protocol], tried[c.format] = true, true
			s := SourceConfig{Protocol: c.protocol, URL: "ws://127.0.0.1/", Format: c.format}
			if c.protocol != "asr" {
				s.Format = ""
			}
			protocol, err := newProtocol(s, "r")
			if err != nil {
				t.Fatal(err)
			}
			d := protocol.NewSession(feed.Position{}).Decode(c.frame, time.Unix(1790000000, 0))
			names := d.Unknowns()
			for i := range d.Events {
				if e := &d.Events[i]; e.Code == feed.CodeUnknown {
					name, _ := feed.UnknownOf(e)
					names = append(names, name)
				}
			}
			if !slices.Equal(names, []string{c.want}) {
				t.Errorf("counted %q, want %q; came to %+v", names, c.want, d)
			}
		})
	}
	formats := slices.DeleteFunc(slices.Clone(asr.Formats), func(f string) bool { return f == "tencent" }) // it has one kind of message
	for _, name := range append(protocolNames(), formats...) {
		if !tried[name] {
			t.Errorf("nobody tried what %s does with what it does not know", name)
		}
	}
	for platform := range webhook.Platforms {
		if !tried[platform] {
			t.Errorf("nobody tried what %s does with what it does not know", platform)
		}
	}
}
