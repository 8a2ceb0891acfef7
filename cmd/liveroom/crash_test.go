package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
)

// demoSummary is the line that the headless demo prints.
type demoSummary struct {
	Events     int64  `json:"events"`
	Flags      int64  `json:"flags"`
	Complaints int64  `json:"complaints"`
	Cases      int64  `json:"cases"`
	Orders     int64  `json:"orders"`
	Gaps       int64  `json:"gaps"`
	Lost       int64  `json:"lost"`
	Duplicated int64  `json:"duplicated"`
	LedgerSize int64  `json:"ledger_size"`
	LedgerRoot string `json:"ledger_root"`
}

func runDemo(t *testing.T, bin, db string) demoSummary {
	t.Helper()
	var out, errOut bytes.Buffer
	cmd := exec.Command(bin, "demo", "--headless", "--speed", "max", "--db", db)
	cmd.Stdout, cmd.Stderr = &out, &errOut
	if err := cmd.Run(); err != nil {
		t.Fatalf("demo: %v\n%s", err, errOut.String())
	}
	var s demoSummary
	if err := json.Unmarshal(out.Bytes(), &s); err != nil {
		t.Fatalf("the summary is not one line of JSON: %v\n%s", err, out.String())
	}
	return s
}

// TestDemoSurvivesKill kills the demo at a random moment, twenty times, and
// starts it again on the same record: nothing is lost, nothing stands twice,
// and the flags are those of a run that nobody disturbed.
func TestDemoSurvivesKill(t *testing.T) {
	bin := built(t)
	began := time.Now()
	whole := runDemo(t, bin, filepath.Join(t.TempDir(), "whole.db"))
	took := time.Since(began)
	if whole.Lost != 0 || whole.Duplicated != 0 || whole.Events == 0 {
		t.Fatalf("an undisturbed run: %+v", whole)
	}
	seed := uint64(time.Now().UnixNano())
	random := rand.New(rand.NewPCG(seed, 0))
	killed := 0
	for i := range 20 {
		db := filepath.Join(t.TempDir(), fmt.Sprintf("killed-%d.db", i))
		cmd := exec.Command(bin, "demo", "--headless", "--speed", "max", "--db", db)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(random.Int64N(int64(took))))
		if err := cmd.Process.Kill(); err == nil {
			killed++
		}
		_ = cmd.Wait()

		got := runDemo(t, bin, db)
		got.LedgerSize, got.LedgerRoot = whole.LedgerSize, whole.LedgerRoot
		if got != whole {
			t.Errorf("seed %d, kill %d: %+v, undisturbed %+v", seed, i, got, whole)
		}
		if out, err := exec.Command(bin, "verify", "--db", db).CombinedOutput(); err != nil {
			t.Errorf("seed %d, kill %d: verify: %v\n%s", seed, i, err, out)
		}
		if n := strings.Count(output(t, bin, "events", "--db", db), "\n"); int64(n) != whole.Events {
			t.Errorf("seed %d, kill %d: %d events listed, %d in the summary", seed, i, n, whole.Events)
		}
	}
	if killed < 15 {
		t.Errorf("only %d of 20 runs were still going when killed: this tests too little", killed)
	}
}

func output(t *testing.T, bin string, args ...string) string {
	t.Helper()
	var errOut bytes.Buffer
	cmd := exec.Command(bin, args...)
	cmd.Stderr = &errOut
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", strings.Join(args, " "), err, errOut.String())
	}
	return string(out)
}
