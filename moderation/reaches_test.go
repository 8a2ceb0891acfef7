package moderation_test

import (
	"reflect"
	"testing"

	"liveroom/claims"
	"liveroom/moderation"
)

// TestReaches: what a whole broadcast's flags reach is what each of them reaches
// when it is asked about alone.
func TestReaches(t *testing.T) {
	d := sold(t)
	d.commit(says(70, "这条围巾是百分之百纯羊毛的"), onAir(80, "D01", 23900), says(81, "百分之百纯羊毛"))
	flags := d.flags()
	if len(flags) < 3 {
		t.Fatalf("%d flags", len(flags))
	}
	for _, f := range flags[1:] {
		d.do(lan, moderation.ConfirmFlag{Flag: f.ID})
	}
	l := moderation.Listening{Claimer: scarf(t)}
	got := must(moderation.Reaches(t.Context(), d.store, d.flags(), l))
	if len(got) != len(flags)-1 {
		t.Errorf("%d of %d flags reach, the first was not confirmed", len(got), len(flags))
	}
	for _, f := range flags[1:] {
		var alone moderation.Reach
		for _, r := range must(d.BlastRadius(t.Context(), f.ID)).Reaches {
			if r.Flag == f.ID {
				alone = r
			}
		}
		if r := got[f.ID]; !reflect.DeepEqual(r, alone) || r.Flag == 0 {
			t.Errorf("flag %d reaches %+v, alone %+v", f.ID, r, alone)
		}
		r := got[f.ID]
		if open := r.Until.IsZero(); !r.Holds(r.At) || r.Holds(r.At.Add(-1)) || open != r.Holds(at(1_000_000)) || !open && (!r.Holds(r.Until) || r.Holds(r.Until.Add(1))) {
			t.Errorf("flag %d: both ends of its reach belong to it, and no more: %+v", f.ID, r)
		}
	}
	none := must(moderation.Reaches(t.Context(), d.store, []moderation.Flag{{ID: 1, Status: moderation.FlagConfirmed, Finding: claims.Finding{Rule: "conduct"}}}, l))
	if len(none) != 0 {
		t.Errorf("a flag of no product reaches %+v", none)
	}
}
