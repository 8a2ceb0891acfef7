package oba

import (
	"testing"

	"liveroom/feed"
	"liveroom/feed/feedtest/corpus"
	"liveroom/feed/feedtest/fuzzed"
)

// FuzzDecode asks of every frame: exactly one event or one refusal, and nothing
// when the tool tells it again.
func FuzzDecode(f *testing.F) {
	for _, s := range []string{
		`{"msg_type":"live_order","msg_id":"1#0","order_status":"已付款","order_ts":1,"product_id":2,"product_title":"t","time":"3"}`,
		`{"msg_type":"live_order","msg_id":"#1","order_status":"未知状态"}`,
		`{"msg_type":"comment","nick_name":"甲","content":{},"time":[]}`,
		`{"msg_type":"comment","msg_id":"c","nick_name":"甲","content":"好","time":1790000000000}`,
		`{"msg_type":"wechat_channel_live_msg","msg_id":7390000000000000001,"user_id":"u","content":"x"}`,
		`{"msg_type":"xiaohongshu_comment","content":"x"}`, `{"msg_type":"taobao_comment","content":"x","time":1e99}`,
		`{"msg_type":"room_enter","user_id":0}`, `{"msg_type":"room_like"}`, `{"msg_type":"room_follow"}`,
		`{"msg_type":"subscribe_merchant_brand_vip","content":"x"}`, `{"msg_type":"ecom_fansclub_participate","content":"y"}`,
		`{"msg_type":"x","\u001b":1}`, `{}`, `[]`, "\xef\xbb\xbf{}",
	} {
		f.Add([]byte(s))
	}
	corpus.Add(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		d := fuzzed.Decode(t, open, feed.Frame{Data: data}, recv, fuzzed.Bounds{})
		if len(d.Events)+len(d.Refused) != 1 {
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
