package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"liveroom/moderation"
	"liveroom/moderation/sqlite"
)

// TestEraseForgetsABuyer drives the built program: an open case and a hold stand
// in the way, and afterwards nothing shows the buyer, even to who may reveal.
func TestEraseForgetsABuyer(t *testing.T) {
	db, _ := canaryRecord(t)
	bin := built(t)
	refused := func(want string, args ...string) {
		t.Helper()
		out, err := exec.Command(bin, append([]string{"erase", "--db", db, "--by", "督导"}, args...)...).CombinedOutput()
		if cmdExit(err) != exitError || !strings.Contains(string(out), want) {
			t.Errorf("%v: %v %s, want a refusal that says %q", args, err, out, want)
		}
		noCanary(t, "a refusal", string(out))
	}
	refused("name the buyer", "--reason", "本人要求")
	refused("needs a reason", "--buyer", "canary-1")
	refused("does not exist", "--buyer", "nobody", "--reason", "本人要求")
	refused("is about this buyer and not closed", "--buyer", "canary-1", "--reason", "本人要求")
	endCase(t, db)
	output(t, bin, "erase", "--db", db, "--by", "督导", "--buyer", "canary-1", "--reason", "法院来函", "--hold")
	refused("on hold", "--buyer", "canary-1", "--reason", "本人要求")
	output(t, bin, "erase", "--db", db, "--by", "督导", "--buyer", "canary-1", "--reason", "已结", "--let-go")

	if out := output(t, bin, "erase", "--db", db, "--by", "督导", "--buyer", "canary-1", "--reason", "本人要求"); !strings.Contains(out, "erased: 3 events, 2 rows") {
		t.Errorf("said %q", out)
	}
	if out := output(t, bin, "verify", "--db", db); !strings.Contains(out, "5 events and rows were erased, 1 buyers") || !strings.Contains(out, ": 0 problems") {
		t.Errorf("verify says %s", out)
	}
	for _, l := range []string{"events", "complaints", "orders"} {
		got := output(t, bin, l, "--db", db, "--case", "1", "--reason", "核对", "--by", "督导", "--reveal", "text,buyer,order,raw")
		if !strings.Contains(got, "erased") {
			t.Errorf("%s does not show that something was erased: %s", l, got)
		}
		for _, c := range []string{"欧阳探针", "110101199003071239", "LR99880011", "探针路77号", "wx_canary77"} {
			if strings.Contains(got, c) {
				t.Errorf("%s still reveals %s: %s", l, c, got)
			}
		}
	}
	b, err := os.ReadFile(db)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []string{"欧阳探针", "canary-1", "110101199003071239", "LR9988001107", "探针路77号", "wx_canary77"} {
		if bytes.Contains(b, []byte(c)) {
			t.Errorf("the file holds %s", c)
		}
	}
}

// endCase brings the record's cases to their end.
func endCase(t *testing.T, db string) {
	t.Helper()
	store, err := sqlite.Open(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	desk, err := moderation.NewDesk(t.Context(), moderation.Config{Store: store})
	if err != nil {
		t.Fatal(err)
	}
	do := func(c moderation.Command) {
		t.Helper()
		if _, err := desk.Do(t.Context(), moderation.Actor{Name: "终审", Role: moderation.RoleSupervisor}, c); err != nil {
			t.Fatalf("%s: %v", c.Name(), err)
		}
	}
	read := func(id int64) moderation.Case {
		t.Helper()
		c, err := store.Case(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	all, err := store.Cases(t.Context(), moderation.Page{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range all {
		if !c.State.Over() {
			do(moderation.MoveCase{Case: c.ID, Version: read(c.ID).Version, To: moderation.CaseStateResolved, Outcome: moderation.OutcomeUnfounded})
		}
		for _, k := range read(c.ID).Clocks {
			if k.MetAt.IsZero() && k.MissedAt.IsZero() {
				do(moderation.MeetClock{Case: c.ID, Version: read(c.ID).Version, Clock: k.Name})
			}
		}
		do(moderation.MoveCase{Case: c.ID, Version: read(c.ID).Version, To: moderation.CaseStateClosed})
	}
}

// TestCollectKeepsNoLongerThanItMay: what is older than the config lets it be kept
// is erased when the collector starts, and the record still verifies.
func TestCollectKeepsNoLongerThanItMay(t *testing.T) {
	db, _ := canaryRecord(t)
	endCase(t, db)
	config := filepath.Join(filepath.Dir(db), "keep.toml")
	text := "[record]\nfile = \"" + filepath.Base(db) + "\"\nkeep_days = 1\n"
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	bin := built(t)
	out, err := exec.Command(bin, "collect", "--once", "--config", config).CombinedOutput()
	if cmdExit(err) != exitError || !strings.Contains(string(out), "names no source") {
		t.Fatalf("%v: %s", err, out)
	}
	if out := output(t, bin, "verify", "--db", db); !strings.Contains(out, "were erased") || !strings.Contains(out, ": 0 problems") {
		t.Errorf("verify says %s", out)
	}
}
