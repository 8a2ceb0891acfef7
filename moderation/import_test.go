package moderation_test

import (
	"errors"
	"slices"
	"testing"

	"liveroom/feed"
	"liveroom/moderation"
)

func imported(events ...feed.Event) moderation.ImportFile {
	for i := range events {
		events[i].Source, events[i].Offset, events[i].Epoch = "import/complaints", 0, ""
	}
	return moderation.ImportFile{File: "七天.csv", SHA256: [32]byte{7}, Events: events}
}

func TestAnImportIsTriagedAndSaysWhoBroughtIt(t *testing.T) {
	d := newDesk(t)
	d.commit(onAir(1, "D01", 100), says(2, "百分之百纯羊毛"), complains(3, "不是纯羊毛", "D01", ""))
	file := imported(complains(10, "标签不对，不是纯羊毛", "D01", ""), trade(11, "LR1", feed.StatusPaid, "D01", 12900), complains(12, "又不是纯羊毛", "", "LR1"))

	before := d.state()
	dry := must(d.Import(t.Context(), you, file, true))
	if d.state() != before || len(dry.Events) != 3 || dry.Action != 0 || len(dry.Orders) != 1 {
		t.Errorf("a dry run came to %+v", dry)
	}
	done := must(d.Import(t.Context(), you, file, false))
	if len(done.Events) != 3 || done.Known != 0 || done.Action == 0 {
		t.Errorf("the import came to %d events, %d known, action %d", len(done.Events), done.Known, done.Action)
	}
	if p := problem(d, 1); !slices.Equal(p.Complaints, []int64{1, 2, 3}) || p.Flag != 1 {
		t.Errorf("problem %+v, want all three and the flag", p)
	}
	a := must(d.store.Actions(t.Context(), moderation.Page{}))
	if len(a) != 1 || a[0].Command != "import-file" || a[0].Actor != you {
		t.Errorf("actions %+v", a)
	}
	d.refused(moderation.CodeUndoOver, you, moderation.Undo{})
	d.verify()

	head := must(d.store.Head(t.Context()))
	again := must(d.Import(t.Context(), you, file, false))
	if now := must(d.store.Head(t.Context())); now != head || again.Known != 3 || len(again.Events) != 0 || again.Action != 0 {
		t.Errorf("the same file again came to %+v and grew the ledger from %d to %d", again, head.Size, now.Size)
	}
	d.commit(complains(20, "还是不是纯羊毛", "D01", ""))
	if p := problem(d, 1); len(p.Complaints) != 4 {
		t.Errorf("what came live after the import is not with it: %+v", p)
	}
	d.verify()
}

func TestAnImportIsWholeOrNotAtAll(t *testing.T) {
	d := newDesk(t)
	d.commit(says(1, "羊毛"))
	before := must(d.store.Counts(t.Context()))
	bad := complains(3, "坏了", "D01", "")
	bad.ID = ""
	if _, err := d.Import(t.Context(), you, imported(complains(2, "坏了", "D01", ""), bad), false); err == nil {
		t.Fatal("an event without a number: no error")
	}
	if after := must(d.store.Counts(t.Context())); after != before {
		t.Errorf("the record holds %+v, before %+v", after, before)
	}
	if done := must(d.Import(t.Context(), you, imported(complains(2, "坏了", "D01", "")), false)); len(done.Complaints) != 1 {
		t.Errorf("afterwards %+v", done)
	}
	d.verify()
}

func TestWhoMayImport(t *testing.T) {
	d := newDesk(t)
	var r *moderation.Refusal
	for _, a := range []moderation.Actor{{Name: "客", Role: "viewer"}, {Role: moderation.RoleAgent}} {
		if _, err := d.Import(t.Context(), a, imported(complains(1, "坏了", "", "")), false); !errors.As(err, &r) {
			t.Errorf("%+v imported: %v", a, err)
		}
	}
	for _, a := range []moderation.Actor{lan, you, bing} {
		if !a.Role.May(moderation.ImportFile{}.Name()) {
			t.Errorf("a %s may not import", a.Role)
		}
	}
}

// Complaints of a broadcast that was never watched make a room that cases can
// be opened in, and no broadcast.
func TestAnImportIntoANewRoom(t *testing.T) {
	d := newDesk(t)
	must(d.Import(t.Context(), you, imported(complains(1, "坏了", "D01", "")), false))
	rooms := must(d.store.Rooms(t.Context()))
	if len(rooms) != 1 || !rooms[0].StartedAt.IsZero() {
		t.Errorf("rooms %+v", rooms)
	}
	d.do(you, moderation.OpenCase{Room: "A", Kind: moderation.CaseComplaint, Title: "坏了", Complaints: []int64{1}})
	d.commit(says(500, "开播了"))
	if r := must(d.store.Rooms(t.Context()))[0]; !r.StartedAt.Equal(at(500)) {
		t.Errorf("the broadcast began at %v", r.StartedAt)
	}
	d.verify()
}
