package moderation_test

import (
	"testing"
	"time"

	"liveroom/moderation"
	"liveroom/moderation/policy"
)

// enrolment is a host's facts with so many followers.
func enrolment(followers int64) policy.Facts {
	return policy.Facts{
		"host.invited": policy.Bool(true), "host.followers": policy.Number(followers), "host.score_x100": policy.Number(467),
		"host.level_halves": policy.Number(5), "host.other_checks_passed": policy.Bool(true), "host.enrolled_at": policy.Moment(start.AddDate(0, -1, 0)),
	}
}

// TestTheConfigTellsOfHosts: policies know a host's enrolment without anybody
// giving it case by case, as it was at the moment that is asked about; what a
// person gives in a case goes before.
func TestTheConfigTellsOfHosts(t *testing.T) {
	d := misled(t, func(c *moderation.Config) {
		c.Hosts = []moderation.HostFacts{
			{Host: "h1", Rooms: []string{"A"}, Since: start.Add(30 * time.Minute), Facts: policy.Facts{"host.followers": policy.Number(999_999)}},
			{Host: "h1", Rooms: []string{"A"}, Facts: enrolment(1_200_000)},
			{Host: "h2", Rooms: []string{"A"}, Facts: policy.Facts{"host.badge_withdrawn": policy.Bool(true)}},
			{Host: "h1", Rooms: []string{"B"}, Facts: policy.Facts{"host.badge_withdrawn": policy.Bool(true)}},
		}
	})
	c := d.matter()
	ask := func(asOf time.Time) moderation.Scenario {
		t.Helper()
		return must(d.Scenarios(t.Context(), c.ID, "LR1", asOf, guarantee))
	}
	known := func(s moderation.Scenario, f policy.Fact) (k moderation.KnownFact) {
		for _, some := range s.Facts {
			if some.Fact == f {
				k = some
			}
		}
		return k
	}
	before, after := ask(start.Add(20*time.Minute)), ask(d.clock.Now())
	if k := known(before, "host.followers"); k.From != moderation.FromConfig || k.Ref != "h1" || k.Value != policy.Number(1_200_000) || before.Results[0].Enrolment != policy.Granted {
		t.Errorf("before: %+v, enrolment %s", k, before.Results[0].Enrolment)
	}
	if k := known(after, "host.followers"); k.Value != policy.Number(999_999) || !k.At.Equal(start.Add(30*time.Minute)) || after.Results[0].Enrolment != policy.Refused {
		t.Errorf("after the change: %+v, enrolment %s", k, after.Results[0].Enrolment)
	}
	if k := known(after, "host.badge_withdrawn"); k.From != "" {
		t.Errorf("another host, and another room, tell %+v", k)
	}
	d.do(you, moderation.GiveFact{Case: c.ID, Version: d.incident(c.ID).Version, Fact: "host.followers", Value: policy.Number(1_000_001), Note: "平台后台"})
	if k := known(ask(d.clock.Now()), "host.followers"); k.From != moderation.FromPerson || k.Value != policy.Number(1_000_001) {
		t.Errorf("what a person gave: %+v", k)
	}
	d.verify()
}

// TestARoomsOnlyHostIsItsHost: where the events name no host, the room's only one
// is meant, and of two none.
func TestARoomsOnlyHostIsItsHost(t *testing.T) {
	for _, tt := range []struct {
		name  string
		hosts []moderation.HostFacts
		want  bool
	}{
		{"one", []moderation.HostFacts{{Host: "h9", Rooms: []string{"A"}, Facts: enrolment(1)}}, true},
		{"whoever hosts", []moderation.HostFacts{{Rooms: []string{"A"}, Facts: enrolment(1)}}, true},
		{"two", []moderation.HostFacts{{Host: "h8", Rooms: []string{"A"}, Facts: enrolment(1)}, {Host: "h9", Rooms: []string{"A"}, Facts: enrolment(2)}}, false},
		{"of another room", []moderation.HostFacts{{Rooms: []string{"B"}, Facts: enrolment(1)}}, false},
		{"of no room", []moderation.HostFacts{{Facts: enrolment(1)}}, false},
	} {
		d := misled(t, func(c *moderation.Config) { c.Hosts = tt.hosts })
		s := must(d.Scenarios(t.Context(), 0, "LR2", d.clock.Now(), guarantee))
		got := false
		for _, k := range s.Facts {
			got = got || k.From == moderation.FromConfig
		}
		if got != tt.want {
			t.Errorf("%s: told by the config: %v, want %v", tt.name, got, tt.want)
		}
	}
}
