package main

import (
	"archive/zip"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestABundleLeavesTheHouse: a case's evidence is taken out, holds for somebody
// who has nothing but the file and the key, and shows no canary; what is in it in
// full was asked for, and stands in the ledger.
func TestABundleLeavesTheHouse(t *testing.T) {
	db, _ := canaryRecord(t)
	bin := built(t)
	dir := filepath.Dir(db)
	masked, full := filepath.Join(dir, "masked.zip"), filepath.Join(dir, "full.zip")
	pub := filepath.Join(dir, "liveroom.key.pub")

	said := output(t, bin, "bundle", "1", "--db", db, "-o", masked, "--by", "督导")
	if !strings.HasSuffix(strings.TrimSpace(said), "masked.zip") || len(strings.Fields(said)[0]) != 64 {
		t.Errorf("said %q", said)
	}
	for name, text := range zipFiles(t, masked) {
		if name != "verify.py" {
			noCanary(t, name, text)
		}
	}
	if out := output(t, bin, "verify", masked); !strings.Contains(out, "by the key in the bundle only") {
		t.Errorf("verify says %s", out)
	}
	if out := output(t, bin, "verify", masked, "--key", pub); strings.Contains(out, "only") || !strings.Contains(out, "left out for personal data") {
		t.Errorf("verify by the key says %s", out)
	}

	for name, args := range map[string][]string{
		"no reason":        {"bundle", "1", "--db", db, "-o", full, "--reveal", "raw", "--by", "督导"},
		"there is one":     {"bundle", "1", "--db", db, "-o", masked, "--by", "督导"},
		"no case":          {"bundle", "9", "--db", db, "-o", full, "--by", "督导"},
		"not a supervisor": {"bundle", "1", "--db", db, "-o", full, "--config", filepath.Join(dir, "liveroom.toml")},
	} {
		if out, err := exec.Command(bin, args...).CombinedOutput(); err == nil {
			t.Errorf("%s: no error: %s", name, out)
		}
	}
	output(t, bin, "bundle", "1", "--db", db, "-o", full, "--by", "督导", "--reveal", "raw", "--reason", "法院调取")
	files := zipFiles(t, full)
	if !strings.Contains(files["complaints.txt"], "110101199003071239") || !strings.Contains(files["actions.txt"], "reveal") {
		t.Errorf("not in full, or not written down:\n%s\n%s", files["complaints.txt"], files["actions.txt"])
	}
	output(t, bin, "verify", full, "--key", pub)
	output(t, bin, "verify", "--db", db)

	b, err := os.ReadFile(full)
	if err != nil {
		t.Fatal(err)
	}
	b[len(b)/2] ^= 1
	if err := os.WriteFile(full, b, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(bin, "verify", full).CombinedOutput()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != exitFound {
		t.Errorf("a flipped bit: %v\n%s", err, out)
	}
}

func zipFiles(t *testing.T, path string) map[string]string {
	t.Helper()
	r, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	out := map[string]string{}
	for _, f := range r.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		out[f.Name] = string(b)
	}
	return out
}
