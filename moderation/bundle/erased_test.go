package bundle_test

import (
	"os/exec"
	"strings"
	"testing"
	"time"

	"liveroom/moderation"
	"liveroom/moderation/bundle"
)

// A bundle of a case whose buyer was erased holds, and says what is gone.
func TestABundleOfAnErasedBuyerHolds(t *testing.T) {
	store := lawsuit(t)
	desk, err := moderation.NewDesk(t.Context(), moderation.Config{Store: store, Clock: func() time.Time { return start.Add(2 * time.Hour) }})
	if err != nil {
		t.Fatal(err)
	}
	do := func(c moderation.Command) {
		t.Helper()
		if _, err := desk.Do(t.Context(), moderation.Actor{Name: "督导", Role: moderation.RoleSupervisor}, c); err != nil {
			t.Fatalf("%s: %v", c.Name(), err)
		}
	}
	read := func() moderation.Case {
		c, err := store.Case(t.Context(), 1)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	do(moderation.MoveCase{Case: 1, Version: read().Version, To: moderation.CaseStateResolved, Outcome: moderation.OutcomeUpheld})
	for _, k := range read().Clocks {
		if k.MetAt.IsZero() && k.MissedAt.IsZero() {
			do(moderation.MeetClock{Case: 1, Version: read().Version, Clock: k.Name})
		}
	}
	do(moderation.MoveCase{Case: 1, Version: read().Version, To: moderation.CaseStateClosed})
	do(moderation.EraseBuyer{Buyer: "u032", Reason: "本人要求"})
	b := madeOf(t, store, func(o *bundle.Options) { o.Veil, o.Reason = moderation.Veil{moderation.FieldRaw}, "法院调取" })
	if r := bundle.Verify(b, nil); len(r.Faults) > 0 || r.Withheld == 0 {
		t.Errorf("report %+v", r)
	}
	files := unzip(t, b)
	if _, err := exec.LookPath("python3"); err != nil {
		t.Log("NOT CHECKED: python3 is missing, the bundle's independent verifier was not run")
	} else if out, code := python(t, files, options(t).Public); code != 0 || !strings.Contains(out, "holds:") {
		t.Errorf("the independent verifier: exit %d\n%s", code, out)
	}
	if !strings.Contains(string(files["extraction.txt"]), "已删除") || !strings.Contains(string(files["complaints.txt"]), moderation.ErasedText) {
		t.Errorf("it does not say what is gone:\n%s\n%s", files["extraction.txt"], files["complaints.txt"])
	}
	for name, text := range files {
		for _, trace := range []string{"王小明", "LR2611210007", "u032", "13912345678"} {
			if name != "verify.py" && strings.Contains(string(text), trace) {
				t.Errorf("%s shows %s", name, trace)
			}
		}
	}
}
