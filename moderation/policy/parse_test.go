package policy_test

import (
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"liveroom/moderation/policy"
)

// TestPeopleWriteFacts: what a person types is read as the fact's kind, yuan as
// fen, and what cannot be read says how to write it.
func TestPeopleWriteFacts(t *testing.T) {
	zone := time.FixedZone("+9", 9*60*60)
	for _, c := range []struct {
		fact policy.Fact
		text string
		want string // the value as JSON, or a part of the error
		ok   bool
	}{
		{"claim.confirmed", " 是 ", "true", true},
		{"claim.confirmed", "No", "false", true},
		{"claim.confirmed", "maybe", "write 是 or 否, yes or no", false},
		{"evidence.proof_images", "2", "2", true},
		{"evidence.proof_images", "-1", "a number from 0", false},
		{"evidence.proof_images", "two", "write a whole number", false},
		{"loss.fen", "299", "29900", true},
		{"loss.fen", "¥1,299.5", "129950", true},
		{"loss.fen", "0.01元", "1", true},
		{"loss.fen", "2.999", "write an amount in yuan", false},
		{"loss.fen", ".5", "write an amount in yuan", false},
		{"loss.fen", "5.", "write an amount in yuan", false},
		{"loss.fen", "99999999999999999999", "write an amount in yuan", false},
		{"buyer.risk", "risky", `"risky"`, true},
		{"buyer.risk", "odd", `"odd" is not known`, false},
		{"goods.traits", "second_hand、local", `["second_hand","local"]`, true},
		{"goods.traits", "无", "[]", true},
		{"goods.traits", "", "write its words", false},
		{"host.enrolled_at", "2026-03-10 09:30", `"2026-03-10T09:30:00+09:00"`, true},
		{"host.enrolled_at", "2026-03-10T09:30:00Z", `"2026-03-10T09:30:00Z"`, true},
		{"host.enrolled_at", "yesterday", "write a time such as 2026-03-10 09:30", false},
	} {
		v, err := c.fact.Parse(c.text, zone)
		if !c.ok {
			if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), string(c.fact)) {
				t.Errorf("%s %q: %v, want %q", c.fact, c.text, err, c.want)
			}
			continue
		}
		b, jsonErr := json.Marshal(v)
		if err != nil || jsonErr != nil || string(b) != c.want {
			t.Errorf("%s %q: %s, %v, want %s", c.fact, c.text, b, err, c.want)
		}
		if again, err := c.fact.Decode(b); err != nil || c.fact.Show(again, zone) != c.fact.Show(v, zone) {
			t.Errorf("%s %s is not read back: %v", c.fact, b, err)
		}
	}
}

// TestAKeptPolicyIsTheSame: what a record keeps of a policy answers byte for
// byte as the set it was kept from, working days included.
func TestAKeptPolicyIsTheSame(t *testing.T) {
	set := shipped(t)
	m := policy.Matter{Zone: policy.DefaultZone, Facts: policy.Facts{
		"order.paid_at": policy.Moment(at(t, "2026-09-20 20:00:00")), "order.paid_fen": policy.Number(29900), "claim.confirmed": policy.Bool(true),
		"goods.traits": policy.Words(), "claim.category": policy.Word("material"), "decision.decided_at": policy.Moment(at(t, "2026-09-30 10:00:00")),
		"appeal.raised_at": policy.Moment(at(t, "2026-09-30 10:00:00")), "buyer.has_wallet": policy.Bool(false),
	}}
	asked, err := m.Encode()
	if err != nil {
		t.Fatal(err)
	}
	again, err := policy.DecodeMatter(asked)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range set.Policies() {
		kept, ok := set.Keep(p.ID)
		if !ok {
			t.Fatalf("%s is not kept", p.ID)
		}
		old, err := kept.Set()
		if err != nil {
			t.Fatal(err)
		}
		var answers [2]string
		for i, q := range []struct {
			set *policy.Set
			m   policy.Matter
		}{{set, m}, {old, again}} {
			r, err := q.set.Evaluate(q.m, at(t, "2026-10-01 08:00:00"), p.ID)
			if err != nil {
				t.Fatal(err)
			}
			b, err := json.Marshal(r[0])
			if err != nil {
				t.Fatal(err)
			}
			answers[i] = string(b)
		}
		if answers[0] != answers[1] {
			t.Errorf("%s\n was %s\n is  %s", p.ID, answers[0], answers[1])
		}
	}
	if _, ok := set.Keep("no.such"); ok {
		t.Error("a policy that is not there was kept")
	}
	if _, err := (policy.Kept{Policies: []string{"kind = 1"}}).Set(); err == nil || !strings.Contains(err.Error(), "kept-policy-1.toml:1") {
		t.Errorf("a kept policy that cannot be read: %v", err)
	}
}
