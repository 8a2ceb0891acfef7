package policy_test

import (
	"testing"

	"liveroom/moderation/policy"
)

// TestShippedPoliciesDoWhatTheirExamplesSay runs every example of every clause
// and policy that the program brings along.
func TestShippedPoliciesDoWhatTheirExamplesSay(t *testing.T) {
	set := shipped(t)
	for _, f := range set.Test() {
		t.Errorf("%s:%d: %s %s: %s\n  want %s\n  got  %s", f.File, f.Line, f.Policy, f.Clause, f.Example, f.Want, f.Got)
	}
	t.Logf("%d policies, %d examples", len(set.Policies()), set.Examples())
}

func shipped(t testing.TB) *policy.Set {
	t.Helper()
	set, err := policy.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	return set
}
