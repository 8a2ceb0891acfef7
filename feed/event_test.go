package feed

import "testing"

func TestWithdrawnIsAskedByIDAndByThePlatformsOtherNumber(t *testing.T) {
	said := Event{Source: "a", ID: "1", Code: "message_id 987"}
	for _, c := range []struct {
		by   Event
		want bool
	}{
		{Event{Source: "a", Retracts: "1"}, true},
		{Event{Source: "a", Retracts: "message_id 987"}, true},
		{Event{Source: "a", Retracts: "2"}, false},
		{Event{Source: "b", Retracts: "1"}, false},
		{Event{Source: "a"}, false},
	} {
		if got := said.Withdrawn(c.by); got != c.want {
			t.Errorf("withdrawn by %+v: %v", c.by, got)
		}
	}
}
