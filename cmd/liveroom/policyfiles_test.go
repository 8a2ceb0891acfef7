package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"liveroom/moderation/policy"
)

const housePolicy = `id = "house.gift"
kind = "compensation"
title = "赠品补偿"
title_en = "Gift made good"
source = "House rules 2.1"
checked = 2026-11-20
payer = ["merchant"]
[[payee]]
to = "buyer.payment_path"
[amount]
[[amount.part]]
text = "实付"
text_en = "what was paid"
of = "order.paid_fen"
percent = 10
[[clause]]
id = "2.1"
effect = "requires"
text = "确认少发赠品"
text_en = "A gift was missing"
when = "claim.confirmed"
holds = [{ claim.confirmed = true }]
fails = [{ claim.confirmed = false }]
[[example]]
name = "confirmed"
facts = { claim.confirmed = true, order.paid_fen = 1000 }
standing = "granted"
`

func policyIDs(s *policy.Set) []string {
	var out []string
	for _, p := range s.Policies() {
		out = append(out, p.ID)
	}
	return out
}

// TestChangedPoliciesCountAtOnce: a policy that people mend while a console runs
// must not wait for the next start, and one with a mistake must not leave them
// without any.
func TestChangedPoliciesCountAtOnce(t *testing.T) {
	shipped, err := (PoliciesConfig{Shipped: []string{"return.no-reason"}}).shipped()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	write := func(name, text string, at time.Time) {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
	}
	day := time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)
	write("gift.toml", housePolicy, day)
	f := &policyFiles{base: shipped, paths: []string{dir}}
	set, err := f.load()
	if err != nil {
		t.Fatal(err)
	}
	if got := policyIDs(set); !slices.Equal(got, []string{"house.gift", "return.no-reason"}) {
		t.Fatalf("in force: %v", got)
	}
	used, warning := 0, ""
	look := func() {
		f.look(func(s *policy.Set) { set, used = s, used+1 }, func(topic, text string) { warning = topic + ": " + text })
	}
	if look(); used != 0 || warning != "" {
		t.Error("policies that did not change were read again")
	}
	write("more.toml", strings.Replace(housePolicy, "house.gift", "house.more", 1), day)
	if look(); used != 1 || !slices.Contains(policyIDs(set), "house.more") {
		t.Errorf("a file that was added: used %d, %v", used, policyIDs(set))
	}
	write("more.toml", "kind = \"gift\"\n", day.Add(time.Second))
	if look(); used != 1 || !strings.Contains(warning, "policies: ") || !strings.Contains(warning, "more.toml:1: kind") || !slices.Contains(policyIDs(set), "house.more") {
		t.Errorf("a mistake: used %d, %q", used, warning)
	}
	if err := os.Remove(filepath.Join(dir, "more.toml")); err != nil {
		t.Fatal(err)
	}
	if look(); used != 2 || warning != "policies: " || slices.Contains(policyIDs(set), "house.more") {
		t.Errorf("mended: used %d, %q, %v", used, warning, policyIDs(set))
	}
}

func TestWhichShippedPoliciesAreInForce(t *testing.T) {
	for _, c := range []struct {
		shipped []string
		want    string // policies, or the error
	}{
		{[]string{"penalty.buyer", "return.no-reason"}, "penalty.buyer return.no-reason"},
		{nil, ""},
		{[]string{"retrun.no-reason"}, `"retrun.no-reason" is no policy; did you mean "return.no-reason"? ("all" stands for all of them)`},
	} {
		set, err := (PoliciesConfig{Shipped: c.shipped}).shipped()
		var got string
		if err != nil {
			got = err.Error()
		} else {
			got = strings.Join(policyIDs(set), " ")
			if set.Calendar().Version() == "" || len(set.Calendar().Years()) == 0 {
				t.Errorf("%v: the working days are gone", c.shipped)
			}
		}
		if got != c.want {
			t.Errorf("%v: %q, want %q", c.shipped, got, c.want)
		}
	}
}
