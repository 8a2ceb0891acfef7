package tui

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/tui/text"
)

// recordOf is a record of events alone.
type recordOf struct {
	moderation.Reader
	events []moderation.Recorded
}

func (r recordOf) Withdrawing(_ context.Context, _ string, after int64, limit int) (out []moderation.Recorded, _ error) {
	for _, e := range r.events {
		if e.Index > after && e.Withdraws() && len(out) < limit {
			out = append(out, e)
		}
	}
	return out, nil
}

// TestWithdrawnMessagesAreStruckOut, with a mark and a word that need no colour,
// whichever of the two came first, by whatever name the platform withdraws them, and
// where they are read from the record.
func TestWithdrawnMessagesAreStruckOut(t *testing.T) {
	at := start.Add(10 * time.Minute)
	event := func(index int64, kind feed.Kind, id, code, retracts, words string) moderation.Recorded {
		return moderation.Recorded{Index: index, Event: feed.Event{
			ID: id, Source: "s", Room: "A", Kind: kind, Code: code, Retracts: retracts, Text: words, Shown: feed.Sanitise(words), At: at.Add(time.Duration(index) * time.Second),
		}}
	}
	chat := func(index int64, id, code, words string) moderation.Recorded {
		return event(index, feed.KindChat, id, code, "", words)
	}
	gone := func(index int64, id string) moderation.Recorded {
		return event(index, feed.KindSystem, "gone"+id, feed.CodeRetracted, id, "")
	}
	struck := func(r *room, words string) bool {
		for _, e := range r.chat.live() {
			if e.ev.Text == words {
				return e.retracted
			}
		}
		t.Fatalf("%q is not in the chat", words)
		return false
	}
	s := newStage(t, text.EN, 160, 50)
	room := moderation.Room{ID: "A", Name: "A"}
	s.update(moderation.Update{Rooms: []moderation.Room{room}, Events: []moderation.Recorded{
		chat(101, "m1", "", "骗子"), gone(102, "m1"), gone(103, "m2"), chat(104, "m2", "", "早撤回"), chat(105, "m3", "message_id 7", "醒目留言"), gone(106, "message_id 7"), chat(107, "m4", "", "还在"),
	}})
	r := s.m.rooms["A"]
	for words, want := range map[string]bool{"骗子": true, "早撤回": true, "醒目留言": true, "还在": false} {
		if struck(r, words) != want {
			t.Errorf("%s: struck out is %v", words, !want)
		}
	}
	// However many are withdrawn, a room remembers so many, and the newest for sure.
	for i := range int64(2*withdrawnCap + 10) {
		e := gone(1000+i, fmt.Sprint("many ", i))
		r.noteWithdrawn(&e)
		if n := r.withdrawn.Len(); n > withdrawnCap || r.withdrawn.Of(&moderation.Recorded{Event: feed.Event{Source: "s", ID: fmt.Sprint("many ", i)}}) == nil {
			t.Fatalf("after %d the room remembers %d withdrawals, and not the newest", i+1, n)
		}
	}
	if !struck(r, "骗子") || struck(r, "还在") {
		t.Error("what was struck out depends on what is remembered")
	}
	e := r.chat.live()[0]
	row := strings.Join(s.m.makeChat(r, e, 60, style{}, false), "")
	if !strings.Contains(row, "⌫") || !strings.Contains(row, "withdrawn") || !strings.Contains(row, "骗子") {
		t.Errorf("without colour it reads %q", row)
	}
	// What is read from the record later is known by what stands far from it.
	read, err := moderation.ReadWithdrawals(t.Context(), recordOf{events: []moderation.Recorded{gone(1, "old1"), chat(5, "old1", "", "旧"), chat(6, "old2", "", "旧二"), gone(400_000, "old2")}}, "A")
	if err != nil {
		t.Fatal(err)
	}
	of := func(source, id string) *moderation.Recorded {
		return read.Of(&moderation.Recorded{Event: feed.Event{Source: source, ID: id}})
	}
	for _, id := range []string{"old1", "old2"} {
		if of("s", id) == nil || of("another", id) != nil {
			t.Errorf("%s is not known to be withdrawn", id)
		}
	}
}
