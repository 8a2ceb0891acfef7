package moderation_test

import (
	"testing"

	"liveroom/feed"
	"liveroom/moderation"
)

// TestAMessageIsWithdrawnByItsSource, by its id or by the other name that the platform
// withdraws it by.
func TestAMessageIsWithdrawnByItsSource(t *testing.T) {
	said := feed.Event{Source: "a", ID: "1", Code: "message_id 987"}
	for _, c := range []struct {
		by   feed.Event
		want bool
	}{
		{feed.Event{Source: "a", Retracts: "1"}, true},
		{feed.Event{Source: "a", Retracts: "message_id 987"}, true},
		{feed.Event{Source: "a", Retracts: "2"}, false},
		{feed.Event{Source: "b", Retracts: "1"}, false},
		{feed.Event{Source: "b", Retracts: "message_id 987"}, false},
		{feed.Event{Source: "a"}, false},
	} {
		w := moderation.Withdrawals{}
		w.Note(&moderation.Recorded{Index: 7, Event: c.by})
		if by := w.Of(&said); (by != nil) != c.want || by != nil && by.Index != 7 {
			t.Errorf("withdrawn by %+v: %+v", c.by, by)
		}
	}
}
