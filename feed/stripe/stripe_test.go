package stripe

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"liveroom/feed"
	"liveroom/feed/feedtest"
	"liveroom/feed/stripe/stripetest"
)

var recv = time.Date(2026, 9, 21, 14, 13, 21, 0, time.UTC)

func open(secret string) feed.Session {
	p := New(Options{})
	p.secret = secret
	return p.NewSession(feed.Position{})
}

func about(kind, object string) string {
	return fmt.Sprintf(`{"id":"evt_1","created":1790000000,"type":%q,"data":{"object":%s}}`, kind, object)
}

func TestProtocolNeedsASessionAndAKey(t *testing.T) {
	p := New(Options{Key: "sk_verysecret"})
	if _, err := p.Request(feed.Position{}); err == nil || p.Name() != "stripe" {
		t.Errorf("error %v, name %s", err, p.Name())
	}
	if s := fmt.Sprintf("%v %+v %#v %s", p, p, p, p); strings.Contains(s, "verysecret") {
		t.Errorf("prints as %s", s)
	}
	if _, err := New(Options{}).Open(t.Context(), feed.Position{}); err == nil || !strings.Contains(err.Error(), "token") {
		t.Errorf("error %v", err)
	}
	s := open("")
	if every, _ := s.Heartbeat(); every != 0 || len(s.Hello()) != 0 {
		t.Error("nothing is to be said")
	}
}

func TestEvents(t *testing.T) {
	const paid = `{"id":"cs_1","amount_total":2990,"currency":"cny","payment_intent":"pi_1","payment_status":"paid","client_reference_id":"room-1","customer":"cus_1"}`
	for _, c := range []struct {
		kind, object string
		want         feed.Event
	}{
		{"checkout.session.completed", paid, feed.Event{Kind: feed.KindOrder, Status: feed.StatusPaid, OrderID: "pi_1", AmountFen: 2990, Channel: "room-1"}},
		{"checkout.session.completed", `{"id":"cs_1","amount_total":2990,"currency":"cny","payment_status":"unpaid"}`, feed.Event{Kind: feed.KindOrder, Status: feed.StatusCreated, OrderID: "cs_1", AmountFen: 2990}},
		{"checkout.session.completed", `{"id":"cs_1","amount_total":2990,"currency":"usd","payment_status":"paid"}`, feed.Event{Kind: feed.KindOrder, Status: feed.StatusPaid, OrderID: "cs_1", Text: "2990 USD"}},
		{"checkout.session.async_payment_succeeded", paid, feed.Event{Kind: feed.KindOrder, Status: feed.StatusPaid, OrderID: "pi_1", AmountFen: 2990, Channel: "room-1"}},
		{"checkout.session.async_payment_failed", paid, feed.Event{Kind: feed.KindOrder, Status: feed.StatusClosed, OrderID: "pi_1", AmountFen: 2990, Channel: "room-1"}},
		{"checkout.session.expired", paid, feed.Event{Kind: feed.KindOrder, Status: feed.StatusClosed, OrderID: "pi_1", AmountFen: 2990, Channel: "room-1"}},
		{"charge.refunded", `{"id":"ch_1","amount":2990,"amount_refunded":1000,"currency":"cny","payment_intent":"pi_1"}`, feed.Event{Kind: feed.KindRefund, Status: feed.StatusRefunded, OrderID: "pi_1", AmountFen: 1000}},
		{"charge.refunded", `{"id":"ch_1","amount_refunded":1000,"currency":"CNY"}`, feed.Event{Kind: feed.KindRefund, Status: feed.StatusRefunded, OrderID: "ch_1", AmountFen: 1000}},
		{"refund.created", `{"id":"re_1","amount":5,"currency":"cny","charge":"ch_1","status":"pending"}`, feed.Event{Kind: feed.KindRefund, Status: feed.StatusRequested, OrderID: "ch_1", AmountFen: 5}},
		{"refund.created", `{"charge":"ch_1","status":"succeeded"}`, feed.Event{Kind: feed.KindRefund, Status: feed.StatusRefunded, OrderID: "ch_1"}},
		{"refund.created", `{"charge":"ch_1","status":"failed"}`, feed.Event{Kind: feed.KindRefund, Status: feed.StatusRequested, OrderID: "ch_1"}},
		{"refund.updated", `{"charge":"ch_1","status":"canceled"}`, feed.Event{Kind: feed.KindRefund, Status: feed.StatusClosed, OrderID: "ch_1"}},
		{"refund.updated", `{"charge":"ch_1","status":"new"}`, feed.Event{Kind: feed.KindRefund, Status: feed.StatusUnknown, OrderID: "ch_1"}},
		{"charge.dispute.created", `{"id":"dp_1","amount":2990,"currency":"cny","charge":"ch_1","payment_intent":"pi_1","reason":"product_not_received"}`, feed.Event{Kind: feed.KindComplaint, Status: "disputed", OrderID: "pi_1", AmountFen: 2990, Text: "拒付争议 product_not_received"}},
		{"charge.dispute.closed", `{"id":"dp_1","charge":"ch_1","status":"lost"}`, feed.Event{Kind: feed.KindSystem, Code: "dispute_closed", OrderID: "ch_1", Text: "lost"}},
	} {
		t.Run(c.kind+"/"+c.want.Status, func(t *testing.T) {
			f := feed.Frame{Data: stripetest.Message("s", "evt_1", about(c.kind, c.object))}
			d := open("s").Decode(f, recv)
			if len(d.Events) != 1 || len(d.Refused)+len(d.Reply) != 0 {
				t.Fatalf("came to %+v", d)
			}
			e, want := d.Events[0], c.want
			if e.Kind != want.Kind || e.Status != want.Status || e.OrderID != want.OrderID || e.AmountFen != want.AmountFen || e.Text != want.Text || e.Channel != want.Channel || e.Code != want.Code {
				t.Errorf("got  %+v\nwant %+v", e, want)
			}
			if e.ID != "evt_1" || !e.At.Equal(time.Unix(1790000000, 0)) || !e.Recv.Equal(recv) || string(e.Raw) != string(f.Data) {
				t.Errorf("id %s, at %s", e.ID, e.At)
			}
			if o := e.Order; o != nil && (o.PaidFen != 0) != (e.Status == feed.StatusPaid && e.AmountFen != 0) {
				t.Errorf("order %+v", o)
			}
		})
	}
}

// TestATypeThatIsNewIsCounted: Stripe adds types, and their objects may be anything.
func TestATypeThatIsNewIsCounted(t *testing.T) {
	d := open("").Decode(feed.Frame{Data: stripetest.Message("", "evt_1", about("hologram.created", `{"id":"h"}`))}, recv)
	if len(d.Events) != 1 || d.Events[0].Code != feed.CodeUnknown || d.Events[0].Text != "hologram.created" {
		t.Errorf("came to %+v", d)
	}
}

func TestAcknowledgedWhenOnDiskOrOfNoInterest(t *testing.T) {
	s := open("").(*session)
	const ack = `{"type":"event_ack","webhook_conversation_id":"wc_evt_1","event_id":"evt_1","webhook_id":"wh"}`
	for _, quiet := range []string{"payment_intent.succeeded", "checkout.session.later"} {
		d := s.Decode(feed.Frame{Data: stripetest.Message("", "evt_1", about(quiet, `{}`))}, recv)
		if len(d.Events)+len(d.Refused) != 0 || len(d.Reply) != 1 || string(d.Reply[0].Data) != ack {
			t.Errorf("%s came to %+v", quiet, d)
		}
	}
	d := s.Decode(feed.Frame{Data: stripetest.Message("", "evt_1", about("checkout.session.expired", `{"id":"cs"}`))}, recv)
	if len(d.Reply) != 0 {
		t.Error("acknowledged before it is on disk")
	}
	if frames := s.Committed([]feed.Event{{ID: "gap"}, {ID: "evt_1"}}); len(frames) != 1 || string(frames[0].Data) != ack {
		t.Errorf("acknowledged with %+v", frames)
	}
	if len(s.waiting) != 0 || len(s.Committed([]feed.Event{{ID: "evt_1"}})) != 0 {
		t.Error("what is acknowledged waits no more")
	}
}

// TestEachDeliveryIsAcknowledgedByItself: an event comes once for each version of
// the API, and may come again before the first is on disk.
func TestEachDeliveryIsAcknowledgedByItself(t *testing.T) {
	s := New(Options{}).NewSession(feed.Position{}).(*session)
	message := string(stripetest.Message("", "evt_1", about("checkout.session.expired", `{"id":"cs"}`)))
	for _, conversation := range []string{"wc_a", "wc_b", "wc_c"} {
		s.Decode(feed.Frame{Data: []byte(strings.Replace(message, "wc_evt_1", conversation, 1))}, recv)
	}
	event := []feed.Event{{ID: "evt_1"}}
	var acked []string
	for range 4 {
		for _, f := range s.Committed(event) {
			acked = append(acked, string(f.Data))
		}
	}
	for i, conversation := range []string{"wc_a", "wc_b", "wc_c"} {
		if len(acked) != 3 || !strings.Contains(acked[i], conversation) {
			t.Fatalf("acknowledged %q", acked)
		}
	}
}

func TestRefused(t *testing.T) {
	good := string(stripetest.Message("s", "evt_1", about("charge.refunded", `{}`)))
	for text, want := range map[string]string{
		``: "no JSON", `[]`: "no JSON", `{}`: "names no type", `{"type":"v2_event\u001b"}`: `"v2_event\x1b" is not known`,
		strings.Replace(good, "charge.refunded", "charge.refunde_", 1):                "not signed",
		strings.Replace(good, "Stripe-Signature", "Other", 1):                         "not signed",
		strings.Replace(good, "v1=", "v1=zz", 1):                                      "not signed",
		string(stripetest.Message("other", "e", "{}")):                                "not signed",
		string(stripetest.Message("s", "e", about("charge.refunded", `{}`))):          "no payment and no number",
		string(stripetest.Message("s", "e", about("checkout.session.expired", `{}`))): "no payment and no number",
		string(stripetest.Message("s", "e", "[]")):                                    "no JSON event",
		string(stripetest.Message("s", "e", `{"id":"e"}`)):                            "no id or no type",
		string(stripetest.Message("s", "e", `{"type":"charge.refunded","id":{}}`)):    "no id or no type",
	} {
		d := open("s").Decode(feed.Frame{Data: []byte(text)}, recv)
		if len(d.Events)+len(d.Reply) != 0 || len(d.Refused) != 1 || !strings.Contains(d.Refused[0].Error(), want) {
			t.Errorf("%s came to %+v, want %q", text, d, want)
		}
	}
	if d := open("s").Decode(feed.Frame{Data: []byte(`{"type":"request_log_event"}`)}, recv); len(d.Events)+len(d.Refused) != 0 {
		t.Errorf("a log came to %+v", d)
	}
}

func TestFixtures(t *testing.T) {
	s := open("whsec_example").(*session)
	feedtest.Incoming(t, "stripe-cli", func(f feed.Frame) feed.Decoded { return s.Decode(f, recv) })
	acks := s.Committed([]feed.Event{{ID: "evt_1"}})
	for _, f := range feedtest.Fixtures(t, "stripe-cli") {
		if f.Name == "ack" && (len(acks) != 1 || string(acks[0].Data) != string(f.Data)) {
			t.Errorf("we acknowledge with %+v, the fixture is %s", acks, f.Data)
		}
	}
}

func BenchmarkDecode(b *testing.B) {
	s := open("s")
	frame := feed.Frame{Data: stripetest.Message("s", "evt_1", about("checkout.session.completed", `{"id":"cs_1","amount_total":2990,"currency":"cny","payment_intent":"pi_1","payment_status":"paid"}`))}
	b.ReportAllocs()
	for b.Loop() {
		if d := s.Decode(frame, recv); len(d.Events) != 1 {
			b.Fatal(d.Refused)
		}
	}
}
