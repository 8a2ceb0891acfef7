package moderation_test

import (
	"context"
	"testing"
	"time"

	"liveroom/moderation"
)

// looks takes what a subscription was told next.
func looks(t *testing.T, s *moderation.Subscription) []moderation.Look {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), 5*time.Second)
	defer stop()
	u, err := s.Next(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return u.Looks
}

func leaves(t *testing.T, d *desk) int64 {
	t.Helper()
	h, err := d.store.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return h.Size
}

// quiet fails where a subscription has something to tell.
func quiet(t *testing.T, s *moderation.Subscription) {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer stop()
	if u, err := s.Next(ctx); err == nil {
		t.Fatalf("told of %+v", u.Looks)
	}
}

// TestPeopleSeeWhoElseIsLooking: each console is told of the others, of what they
// look at now, and that they have gone; nothing of it is kept.
func TestPeopleSeeWhoElseIsLooking(t *testing.T) {
	d := newDesk(t)
	d.commit(says(1, "这条是纯羊毛"))
	mine, theirs := d.Subscribe(), d.Subscribe()
	defer mine.Close()
	if got := append(looks(t, mine), looks(t, theirs)...); len(got) != 0 {
		t.Fatalf("nobody looks yet, told of %+v", got)
	}
	size := leaves(t, d)

	theirs.Look(moderation.Look{Actor: you.Name, Room: "A", Flag: 1})
	got := looks(t, mine)
	if len(got) != 1 || got[0].Actor != you.Name || got[0].Flag != 1 || got[0].Room != "A" || !got[0].Since.Equal(start) || !got[0].At() {
		t.Fatalf("told of %+v", got)
	}
	quiet(t, theirs) // nobody is told of themselves
	theirs.Look(moderation.Look{Actor: you.Name, Room: "A", Flag: 1})
	quiet(t, mine) // nor twice of the same

	// Who comes later starts with it.
	third := d.Subscribe()
	defer third.Close()
	if later := looks(t, third); len(later) != 1 || later[0].Console != got[0].Console {
		t.Fatalf("a third console starts with %+v", later)
	}

	// Of several looks only the last is told, and whoever goes looks at nothing.
	theirs.Look(moderation.Look{Actor: you.Name, Room: "A", Flag: 2})
	theirs.Look(moderation.Look{Actor: you.Name, Room: "A", Case: 7})
	if got := looks(t, mine); len(got) != 1 || got[0].Case != 7 || got[0].Flag != 0 {
		t.Fatalf("told of %+v", got)
	}
	theirs.Close()
	if got := looks(t, mine); len(got) != 1 || got[0].At() {
		t.Fatalf("told of %+v after they went", got)
	}
	theirs.Look(moderation.Look{Actor: you.Name, Flag: 1})
	quiet(t, mine) // a closed console looks at nothing
	fourth := d.Subscribe()
	defer fourth.Close()
	if got := looks(t, fourth); len(got) != 0 {
		t.Fatalf("a fourth console starts with %+v", got)
	}
	if now := leaves(t, d); now != size {
		t.Errorf("the ledger grew from %d to %d leaves by looking", size, now)
	}
}
