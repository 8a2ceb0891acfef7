package moderation_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"liveroom/claims"
	"liveroom/claims/sheet"
	"liveroom/feed"
	"liveroom/moderation"
)

// TestTheSpeechWindowIsAboutTheProduct: greetings before anything is on air
// are nobody's claim about the scarf; where a source never tells what is on
// air, everything said may be.
func TestTheSpeechWindowIsAboutTheProduct(t *testing.T) {
	said := func(d *desk, order string) []string {
		var out []string
		for _, s := range must(d.SpeechWindow(t.Context(), order)) {
			out = append(out, s.Event.Text)
		}
		return out
	}
	d := newDesk(t)
	d.commit(says(1, "晚上好"), onAir(2, "D01", 100), says(3, "这条很软"), onAir(4, "D02", 200), says(5, "这件很厚"),
		trade(6, "LR1", feed.StatusPaid, "D01", 100))
	if got := said(d, "LR1"); !slices.Equal(got, []string{"这条很软"}) {
		t.Errorf("before the order of D01 was said %q", got)
	}
	untold := newDesk(t)
	untold.commit(says(1, "晚上好"), says(2, "这条很软"), trade(3, "LR1", feed.StatusPaid, "D01", 100))
	if got := said(untold, "LR1"); !slices.Equal(got, []string{"晚上好", "这条很软"}) {
		t.Errorf("where nothing tells what is on air was said %q", got)
	}
}

// scarf is a checker on the sheet of one product.
func scarf(t testing.TB) *claims.Checker {
	t.Helper()
	s, err := sheet.Load("facts.csv", strings.NewReader("sku,name,category,material,price\nD01,青禾围巾,apparel,羊毛80%;锦纶20%,239\n"))
	if err != nil {
		t.Fatal(err)
	}
	return claims.New(s)
}

// TestASentenceStandsToTheSheet: what a buyer heard was right, wrong, or
// nothing that the sheet holds, with the fact beside it. What a person dismissed
// counts no more, and what was flagged counts as it was found then.
func TestASentenceStandsToTheSheet(t *testing.T) {
	d := newDesk(t, func(c *moderation.Config) { c.Checker = scarf(t) })
	d.commit(onAir(1, "D01", 23900),
		says(2, "羊毛百分之八十的围巾"), says(3, "百分之百纯羊毛的围巾"), says(4, "拿过红点奖的围巾"), says(5, "真的很暖和"), says(6, "两百三十九带走"),
		says(7, "全国最好的围巾"), trade(9, "LR1", feed.StatusPaid, "D01", 23900))
	stand := func() []string {
		var out []string
		for _, s := range must(d.SpeechWindow(t.Context(), "LR1")) {
			line := string(s.Standing)
			for _, c := range s.Claims {
				line += fmt.Sprintf(" %s=%s", c.Category, c.Fact)
			}
			out = append(out, line)
		}
		return out
	}
	want := []string{
		"supported material=羊毛80%;锦纶20%", "contradicted material=羊毛80%;锦纶20%", "not_on_sheet credential=", "unknown", "supported price=239", "not_on_sheet absolute=",
	}
	if got := stand(); !slices.Equal(got, want) {
		t.Errorf("the sentences stand\n%q, want\n%q", got, want)
	}
	d.do(lan, moderation.DismissFlag{Flag: d.flags()[0].ID, Reason: "没听清"})
	want[1] = "unknown"
	if got := stand(); !slices.Equal(got, want) {
		t.Errorf("after one was dismissed\n%q, want\n%q", got, want)
	}
	d.UseChecker(nil)
	want[0], want[1], want[3], want[4] = "", "", "", ""
	if got := stand(); !slices.Equal(got, want) {
		t.Errorf("without a sheet\n%q, want\n%q", got, want)
	}
}

// TestTheSpeechWindowIsAsLongAsConfigured to the second.
func TestTheSpeechWindowIsAsLongAsConfigured(t *testing.T) {
	d := newDesk(t, func(c *moderation.Config) { c.SpeechWindow = time.Minute })
	d.commit(onAir(1, "D01", 100), says(39, "太早"), says(40, "正好"), trade(100, "LR1", feed.StatusPaid, "D01", 100))
	if got := must(d.SpeechWindow(t.Context(), "LR1")); len(got) != 1 || got[0].Event.Text != "正好" {
		t.Errorf("the minute before the payment holds %+v", got)
	}
}
