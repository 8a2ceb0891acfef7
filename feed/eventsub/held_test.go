package eventsub

import (
	"testing"

	"liveroom/feed"
)

// TestWhatBecomesOfAHeldMessageIsKnownByIt: hold and update name one message, with
// AutoMod's reason and who decided.
func TestWhatBecomesOfAHeldMessageIsKnownByIt(t *testing.T) {
	for _, c := range []struct{ subject, event, channel, settled string }{
		{"automod.message.hold", `{"message_id":"m3","message":{"text":"x"},"reason":"automod","automod":{"category":"aggressive","level":2}}`, "AutoMod aggressive, level 2", ""},
		{"automod.message.hold", `{"message_id":"m3","message":{"text":"x"},"reason":"blocked_term","automod":null}`, "AutoMod blocked term", ""},
		{"automod.message.update", `{"message_id":"m3","moderator_user_name":"Mei","status":"Approved"}`, "Mei", feed.HeldApproved},
		{"automod.message.update", `{"message_id":"m3","moderator_user_login":"mei","status":"denied"}`, "mei", feed.HeldDenied},
		{"automod.message.update", `{"message_id":"m3","status":"Expired"}`, "", feed.HeldExpired},
	} {
		d := decode(open(Options{Channel: "shop"}), notify(c.subject, c.event))
		if len(d.Events) != 1 {
			t.Fatalf("%s came to %+v", c.event, d)
		}
		e := d.Events[0]
		if message, settled := feed.Held(&e); message != "m3" || settled != c.settled || e.Channel != c.channel {
			t.Errorf("%s: message %q, %q, %q", c.event, message, settled, e.Channel)
		}
	}
	for _, e := range []feed.Event{
		{ID: "automod_hold:m", Kind: feed.KindChat, Code: feed.CodeHeld},
		{ID: "x", Kind: feed.KindSystem, Code: feed.CodeHeld},
		{ID: "automod_flying:m", Kind: feed.KindSystem, Code: "automod_flying"},
		{ID: "automod_hold:m", Kind: feed.KindSystem, Code: "automod_approved"},
	} {
		if message, settled := feed.Held(&e); message != "" || settled != "" {
			t.Errorf("%+v tells of %q", e, message)
		}
	}
}
