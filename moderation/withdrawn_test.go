package moderation_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"liveroom/feed"
	"liveroom/moderation"
)

// withdrawals are what the events tell of.
func withdrawals(told ...moderation.Recorded) *moderation.Withdrawals {
	w := &moderation.Withdrawals{}
	for i := range told {
		w.Note(&told[i])
	}
	return w
}

// TestAMessageIsWithdrawnByItsSource, by its id or by the other name that the platform
// withdraws it by.
func TestAMessageIsWithdrawnByItsSource(t *testing.T) {
	said := &moderation.Recorded{Event: feed.Event{Source: "a", ID: "1", Code: "message_id 987"}}
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
		w := withdrawals(moderation.Recorded{Index: 7, Event: c.by})
		if by := w.Of(said); (by != nil) != c.want || by != nil && by.Index != 7 {
			t.Errorf("withdrawn by %+v: %+v", c.by, by)
		}
	}
}

// A line is one of a chat: told by its own time, or with none.
func line(index int64, source, room, user string, sec int, told bool) moderation.Recorded {
	e := moderation.Recorded{Index: index, Event: feed.Event{
		ID: fmt.Sprint("e", index), Source: source, Room: room, Kind: feed.KindChat, User: feed.User{ID: user}, At: start.Add(time.Duration(sec) * time.Second),
	}}
	if !told {
		e.Recv = e.At
	}
	return e
}

// clears makes an event of the line that clears what its author wrote, or the chat.
func clears(e moderation.Recorded, what string) moderation.Recorded {
	e.Kind, e.Clears = feed.KindSystem, what
	if what == feed.ClearsChat {
		e.User = feed.User{}
	}
	return e
}

// TestAClearingTakesWhatWasSaidBefore by that person, or by anybody, in that source's
// chat in that room, and nothing else.
func TestAClearingTakesWhatWasSaidBefore(t *testing.T) {
	bad := clears(line(10, "a", "A", "mei", 60, true), feed.ClearsPerson)
	late := clears(line(10, "a", "A", "mei", 60, false), feed.ClearsPerson)
	all := clears(line(10, "a", "A", "", 60, true), feed.ClearsChat)
	gift, host := line(5, "a", "A", "mei", 50, true), line(5, "a", "A", "h", 50, true)
	gift.Kind, host.User.Role = feed.KindGift, feed.RoleHost
	for _, c := range []struct {
		name string
		said moderation.Recorded
		by   moderation.Recorded
		want bool
	}{
		{"before", line(5, "a", "A", "mei", 50, true), bad, true},
		{"afterwards", line(11, "a", "A", "mei", 61, true), bad, false},
		{"in the same second, before it", line(9, "a", "A", "mei", 60, true), bad, true},
		{"in the same second, behind it", line(11, "a", "A", "mei", 60, true), bad, false},
		{"before, and come late", line(12, "a", "A", "mei", 50, true), bad, true},
		{"afterwards, and come early", line(9, "a", "A", "mei", 61, true), bad, false},
		{"without a time, before", line(9, "a", "A", "mei", 70, false), bad, true},
		{"without a time, afterwards", line(11, "a", "A", "mei", 50, false), bad, false},
		{"cleared without a time, before", line(9, "a", "A", "mei", 70, true), late, true},
		{"cleared without a time, afterwards", line(11, "a", "A", "mei", 50, true), late, false},
		{"by somebody else", line(5, "a", "A", "lan", 50, true), bad, false},
		{"by nobody known", line(5, "a", "A", "", 50, true), bad, false},
		{"from another source", line(5, "b", "A", "mei", 50, true), bad, false},
		{"in another room", line(5, "a", "B", "mei", 50, true), bad, false},
		{"a gift, which is no talk", gift, bad, false},
		{"the chat, by anybody", line(5, "a", "A", "lan", 50, true), all, true},
		{"the chat, by nobody known", line(5, "a", "A", "", 50, true), all, true},
		{"the chat, by the host", host, all, true},
		{"the chat, afterwards", line(11, "a", "A", "lan", 61, true), all, false},
		{"the chat of another source", line(5, "b", "A", "lan", 50, true), all, false},
		{"somebody, of whom nobody told who", line(5, "a", "A", "", 50, true), clears(line(10, "a", "A", "", 60, true), feed.ClearsPerson), false},
	} {
		if by := withdrawals(c.by).Of(&c.said); (by != nil) != c.want || by != nil && by.Index != 10 {
			t.Errorf("%s: withdrawn by %+v, want it %v", c.name, by, c.want)
		}
	}
}

// takes is what a clearing is: it takes what was said before, by the sources' times
// where both tell one.
func takes(by, said *moderation.Recorded) bool {
	if by.User.ID != "" && by.User.ID != said.User.ID {
		return false
	}
	bothTell := !by.At.Equal(by.Recv) && !said.At.Equal(said.Recv)
	if bothTell && !by.At.Equal(said.At) {
		return said.At.Before(by.At)
	}
	return said.Index < by.Index
}

// TestManyClearings says of every line what asking each clearing in turn says, in
// whatever order they are noted.
func TestManyClearings(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var lines, told []moderation.Recorded
		index := int64(0)
		for _, n := range rapid.SliceOfN(rapid.IntRange(0, 1<<10-1), 0, 40).Draw(t, "events") {
			index++
			e := line(index, "a", "A", []string{"mei", "lan"}[n&1], n>>4, n&2 != 0)
			switch n >> 2 & 3 {
			case 0:
				told = append(told, clears(e, feed.ClearsPerson))
			case 1:
				told = append(told, clears(e, feed.ClearsChat))
			default:
				lines = append(lines, e)
			}
		}
		w := withdrawals(rapid.Permutation(told).Draw(t, "noted")...)
		for i := range lines {
			said := &lines[i]
			by := w.Of(said)
			taken := slices.ContainsFunc(told, func(by moderation.Recorded) bool { return takes(&by, said) })
			if taken != (by != nil) || by != nil && !takes(by, said) {
				t.Fatalf("line %+v: withdrawn by %+v, of %+v", said, by, told)
			}
		}
	})
}

// TestAClearedPersonInTheRecord: who is banned has their lines of before struck out and
// those of afterwards not, whatever was restarted in between. Nothing of what was
// recorded changes by it, and the ledger holds.
func TestAClearedPersonInTheRecord(t *testing.T) {
	d := newDesk(t)
	said := func(n int, user string) feed.Event {
		at := start.Add(time.Duration(n) * time.Second)
		return feed.Event{
			ID: fmt.Sprint("m", n), Source: "ws", Room: "A", Kind: feed.KindChat, At: at, Recv: at.Add(time.Millisecond),
			User: feed.User{ID: user, Name: user, Role: feed.RoleViewer}, Text: fmt.Sprint("加微信 ", n), Raw: fmt.Appendf(nil, `{"n":%d}`, n),
		}
	}
	banned := said(5, "mei")
	banned.Kind, banned.ID, banned.Code, banned.Clears, banned.Text = feed.KindSystem, "ban", "user_banned", feed.ClearsPerson, "mei was banned"
	d.commit(said(1, "mei"), said(2, "lan"), said(3, "mei"))
	before := must(d.store.Events(t.Context(), moderation.Page{}))
	d.commit(banned, said(6, "mei"), said(4, "mei")) // of which the last is late
	d.commit(banned)                                 // and told again
	d.restart()
	struck := func(room string) (out []string) {
		w := must(moderation.ReadWithdrawals(t.Context(), d.store, room))
		for _, e := range must(d.store.Events(t.Context(), moderation.Page{})) {
			if by := w.Of(&e); by != nil {
				if by.ID != "ban" || by.Raw != nil {
					t.Errorf("%s is withdrawn by %+v", e.ID, by)
				}
				out = append(out, e.ID)
			}
		}
		return out
	}
	for _, room := range []string{"A", ""} {
		if got, want := struck(room), []string{"m1", "m3", "m4"}; !slices.Equal(got, want) {
			t.Errorf("struck out %v, want %v", got, want)
		}
	}
	if got := struck("B"); got != nil {
		t.Errorf("in another room %v", got)
	}
	for i, e := range must(d.store.Events(t.Context(), moderation.Page{Limit: len(before)})) {
		if was := before[i]; e.Text != was.Text || string(e.Raw) != string(was.Raw) || e.Seal != was.Seal || e.RawSHA256 != was.RawSHA256 {
			t.Errorf("event %d became %+v", e.Index, e)
		}
	}
	d.verify()
	for _, change := range []string{"UPDATE withdrawals SET room = 'B'", "DELETE FROM withdrawals"} {
		if a := d.tampered(change); len(a.Faults) != 1 || a.Faults[0].Ref != "4" || !strings.Contains(a.Faults[0].What, "is not listed among those that do") {
			t.Errorf("%s: %v", change, a.Faults)
		}
	}
}
