package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"liveroom/moderation/policy"
)

func hostConfig(t *testing.T, block string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "liveroom.toml")
	if err := os.WriteFile(path, []byte("[[room]]\nid = \"A\"\ntime_zone = \"Asia/Shanghai\"\n[[host]]\n"+block), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestHostsOfAConfig(t *testing.T) {
	c, err := loadConfig(hostConfig(t, `
id = "h1"
rooms = ["A"]
since = "2026-03-05"
invited = true
followers = 1200000
score = "4.7"
level = "L2+"
other_checks_passed = true
enrolled_at = "2026-03-01 20:00"
`))
	if err != nil {
		t.Fatal(err)
	}
	hosts, err := c.hostFacts()
	if err != nil || len(hosts) != 1 {
		t.Fatalf("%+v, %v", hosts, err)
	}
	h := hosts[0]
	if !h.Since.Equal(time.Date(2026, 3, 4, 16, 0, 0, 0, time.UTC)) || h.Host != "h1" || h.Rooms[0] != "A" || len(h.Facts) != 6 {
		t.Errorf("host %+v", h)
	}
	want := policy.Facts{
		"host.score_x100": policy.Number(470), "host.level_halves": policy.Number(5), "host.followers": policy.Number(1_200_000), "host.invited": policy.Bool(true),
		"host.enrolled_at": policy.Moment(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)),
	}
	for f, want := range want {
		if got := h.Facts[f]; got != want {
			t.Errorf("%s is %v, want %v", f, got, want)
		}
	}
	if err := h.Facts.Check(); err != nil {
		t.Error(err)
	}
	for _, tt := range []struct{ block, want string }{
		{"rooms = [\"B\"]\ninvited = true", `rooms: "B" is no [[room]] of this config`},
		{"id = \"h1\"\nrooms = [\"A\"]", "[[host]] h1: it tells nothing"},
		{"rooms = [\"A\"]\nscore = \"46.7\"", `score: "46.7"`},
		{"rooms = [\"A\"]\nlevel = \"gold\"", `level: "gold"`},
		{"rooms = [\"A\"]\nfollowers = -1", "followers: -1"},
		{"rooms = [\"A\"]\nenrolled_at = \"last week\"", `enrolled_at: "last week": write a day or a time`},
		{"rooms = [\"A\"]\nfolowers = 3", "followers"},
	} {
		if _, err := loadConfig(hostConfig(t, tt.block)); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%q: err = %v, want %q", tt.block, err, tt.want)
		}
	}
}

// TestPolicyAskKnowsTheConfigsHosts: what the config tells is shown with where it
// is from.
func TestPolicyAskKnowsTheConfigsHosts(t *testing.T) {
	r := paidRecord(t)
	config := hostConfig(t, "id = \"h1\"\nrooms = [\"A\"]\nfollowers = 1200000\n")
	said := r.says("policy", "ask", "--config", config, "--order", paidOrder, "--case", "1", "--as-of", "2026-11-20T22:00:00+08:00", "kuaishou.honesty")
	if !strings.Contains(said, "the host's followers: 1200000  (config h1)") {
		t.Errorf("policy ask says\n%s", said)
	}
}
