package moderation_test

import (
	"slices"
	"testing"

	"liveroom/claims"

	"liveroom/moderation"
)

// aside finds what words finds, in shadow, and remembers where it was said.
type aside struct{ rooms *[]string }

func (a aside) Check(u claims.Utterance, before []claims.Utterance) []claims.Finding {
	*a.rooms = append(*a.rooms, u.Room)
	found := words{}.Check(u, before)
	for i := range found {
		found[i].Aside = claims.AsideShadow
	}
	return found
}

func TestFindingsSetAsideRaiseNoFlag(t *testing.T) {
	d := newDesk(t)
	d.commit(onAir(1, "S1", 100), says(2, "这是纯羊毛"))
	if n := len(d.flags()); n != 1 {
		t.Fatalf("%d flags, want 1", n)
	}
	var rooms []string
	d.UseChecker(aside{&rooms})
	d.commit(says(3, "最好的纯羊毛"))
	if n := len(d.flags()); n != 1 {
		t.Errorf("findings in shadow raised a flag: %d flags", n)
	}
	if !slices.Equal(rooms, []string{"A"}) {
		t.Errorf("the checker was told the rooms %q", rooms)
	}
	d.UseChecker(nil)
	d.commit(says(4, "纯羊毛"))
	d.UseChecker(words{})
	d.commit(says(5, "最好"))
	if flags := d.flags(); len(flags) != 2 || flags[1].Finding.Category != claims.CategoryAbsolute {
		t.Errorf("flags %+v", flags)
	}
	d.verify()
}

func TestWarningsStandUntilMended(t *testing.T) {
	d := newDesk(t)
	d.commit(says(1, "大家好"))
	s := d.Subscribe()
	defer s.Close()
	next(t, s)
	d.Warn("rules", "rules.toml cannot be read")
	d.Warn("facts", "facts.csv cannot be read")
	if h := next(t, s).Health; h == nil || !h.OK || !slices.Equal(texts(h), []string{"facts.csv cannot be read", "rules.toml cannot be read"}) {
		t.Errorf("health %+v", h)
	}
	d.Warn("rules", "rules.toml cannot be read")
	silent(t, s)
	late := d.Subscribe()
	defer late.Close()
	if h := next(t, late).Health; h == nil || len(h.Warnings) != 2 {
		t.Errorf("who comes later sees %+v", h)
	}
	d.Warn("rules", "")
	d.commit(says(2, "开始"))
	if h := next(t, s).Health; h == nil || !slices.Equal(texts(h), []string{"facts.csv cannot be read"}) {
		t.Errorf("health %+v", h)
	}
}

func texts(h *moderation.Health) []string {
	var out []string
	for _, w := range h.Warnings {
		out = append(out, w.Text)
	}
	return out
}

// unable finds what words finds, by a rule whose condition fails.
type unable struct{}

func (unable) Check(u claims.Utterance, before []claims.Utterance) []claims.Finding {
	found := words{}.Check(u, before)
	for i := range found {
		found[i].Aside, found[i].Rule, found[i].Value = claims.AsideFailed, "shop.dear", "division by zero"
	}
	return found
}

func TestARuleThatFailsIsToldOfUntilAnotherCheckerComes(t *testing.T) {
	d := newDesk(t, func(c *moderation.Config) { c.Checker = unable{} })
	d.commit(says(1, "最好"), says(2, "最好"))
	s := d.Subscribe()
	defer s.Close()
	if h := next(t, s).Health; h == nil || !slices.Equal(h.Warnings, []moderation.Warning{{Topic: "rule", Since: start, Text: "shop.dear: division by zero"}}) {
		t.Errorf("health %+v", h)
	}
	if n := len(d.flags()); n != 0 {
		t.Errorf("%d flags by a rule that could not tell", n)
	}
	d.UseChecker(words{})
	if h := next(t, s).Health; h == nil || len(h.Warnings) != 0 {
		t.Errorf("health %+v", h)
	}
}
