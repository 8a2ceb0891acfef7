package condition_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"cel.dev/cel-go/cel"

	"liveroom/claims/condition"
)

func language(t testing.TB) *condition.Language {
	t.Helper()
	l, err := condition.NewLanguage(map[string]*cel.Type{
		"order.paid_fen": cel.IntType, "order.off_platform": cel.BoolType, "claim.category": cel.StringType,
		"order.paid_at": cel.TimestampType, "order.shipped_at": cel.TimestampType, "goods.traits": cel.ListType(cel.StringType),
	})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// TestUnknownFactsAreNamed: an answer that does not hang on a fact is given
// without it; one that does says which fact is missing.
func TestUnknownFactsAreNamed(t *testing.T) {
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		text   string
		values map[string]any
		want   string
	}{
		{`order.paid_fen > 100`, map[string]any{"order.paid_fen": int64(101)}, "true []"},
		{`order.paid_fen > 100`, map[string]any{"order.paid_fen": int64(100)}, "false []"},
		{`order.paid_fen > 100`, nil, "false [order.paid_fen]"},
		{`order.paid_fen > 100 || order.off_platform`, map[string]any{"order.off_platform": true}, "true []"},
		{`order.paid_fen > 100 || order.off_platform`, map[string]any{"order.off_platform": false}, "false [order.paid_fen]"},
		{`order.paid_fen > 100 && order.off_platform`, nil, "false [order.off_platform order.paid_fen]"},
		{`order.paid_fen > 100 && order.off_platform`, map[string]any{"order.off_platform": false}, "false []"},
		{`!(claim.category in ["material", "brand"])`, map[string]any{"claim.category": "price"}, "true []"},
		{`!(claim.category in ["material", "brand"])`, nil, "false [claim.category]"},
		{`goods.traits.exists(t, t in ["a", "b"])`, map[string]any{"goods.traits": []string{"x", "b"}}, "true []"},
		{`goods.traits.exists(t, t in ["a", "b"])`, nil, "false [goods.traits]"},
		{`order.shipped_at > order.paid_at`, map[string]any{"order.paid_at": noon, "order.shipped_at": noon.Add(time.Second)}, "true []"},
		{`order.shipped_at > order.paid_at`, map[string]any{"order.paid_at": noon}, "false [order.shipped_at]"},
		{`order.off_platform ? order.paid_fen > 1 : claim.category == "x"`, map[string]any{"order.off_platform": false}, "false [claim.category]"},
	} {
		compiled, err := language(t).CompileOpen(c.text)
		if err != nil {
			t.Fatal(err)
		}
		holds, missing, err := compiled.Decide(c.values)
		if got := fmt.Sprint(holds, " ", missing); err != nil || got != c.want {
			t.Errorf("%s with %v: %s, %v; want %s", c.text, c.values, got, err, c.want)
		}
	}
}

func TestMistakesSayWhatWasMeant(t *testing.T) {
	for text, want := range map[string]string{
		`order.payd_fen > 1`:               `at 1:6 of the condition: "order.payd_fen" is not known; did you mean "order.paid_fen"?`,
		`order.paid_fen`:                   "true or false is expected, this gives int",
		strings.Repeat("(", 2500) + "true": "",
		`claim.category == 1`:              "at 1:16",
		strings.Repeat("true || ", 600):    "at most 4000 bytes",
	} {
		if _, err := language(t).CompileOpen(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40s: %v, want %s", text, err, want)
		}
	}
}

// TestTheCostIsBounded: a list times itself four times over is cut off.
func TestTheCostIsBounded(t *testing.T) {
	c, err := language(t).CompileOpen(`goods.traits.all(a, goods.traits.all(b, goods.traits.all(c, goods.traits.all(d, a != "" && b != "" && c != "" && d != ""))))`)
	if err != nil {
		t.Fatal(err)
	}
	many := make([]string, 50)
	for i := range many {
		many[i] = "x"
	}
	if _, _, err := c.Decide(map[string]any{"goods.traits": many}); err == nil || !strings.Contains(err.Error(), "cost limit") {
		t.Errorf("50 to the fourth: %v", err)
	}
}

func TestNamesOfACondition(t *testing.T) {
	c, err := language(t).Compile(`order.paid_fen > 1 && goods.traits.exists(x, x == claim.category)`)
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(c.Names()); got != "[claim.category goods.traits order.paid_fen]" {
		t.Error(got)
	}
}

// FuzzCompile: whatever is written is a condition or an error with a place, and
// a condition comes to an answer without facts.
func FuzzCompile(f *testing.F) {
	for _, s := range []string{
		`order.paid_fen > 100 && !order.off_platform`, `"a" in goods.traits`, `claim.category.matches("^(a|b)+$")`,
		`goods.traits.exists(t, t.startsWith("x"))`, `order.shipped_at - order.paid_at > duration("48h")`, `1 ++ 2`, "((((", `"\xff"`, `order.paid > 1`,
	} {
		f.Add(s)
	}
	l := language(f)
	f.Fuzz(func(t *testing.T, s string) {
		c, err := l.CompileOpen(s)
		if (c == nil) == (err == nil) {
			t.Fatalf("%q: condition %v, error %v", s, c, err)
		}
		if err != nil {
			return
		}
		if _, _, err := c.Decide(nil); err != nil && err.Error() == "" {
			t.Fatalf("%q: an error that says nothing", s)
		}
	})
}
