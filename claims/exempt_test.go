package claims_test

import (
	"slices"
	"strings"
	"testing"

	"liveroom/claims"
	"liveroom/claims/lexicon"
)

// TestExemptions tells what each exemption is for, and where it does not hold.
func TestExemptions(t *testing.T) {
	c := ownChecker(t)
	told := map[string]bool{}
	eachRow(t, "testdata/exemptions.tsv", 4, 50, func(col []string) {
		id, u := col[0], host(col[1], col[3])
		told[id] = true
		switch col[2] {
		case "spared":
			if !slices.ContainsFunc(c.Exempted(u, nil), func(f claims.Finding) bool { return f.Aside == claims.AsideExempt && tellsOf(f, id, true) }) {
				t.Errorf("%s spared nothing: %s: %s", id, u.Text, spell(c.Exempted(u, nil)))
			}
		case "raised":
			if !slices.ContainsFunc(c.Check(u, nil), func(f claims.Finding) bool { return tellsOf(f, id, false) }) {
				t.Errorf("nothing raised tells that %s failed: %s: %s", id, u.Text, spell(c.Check(u, nil)))
			}
		default:
			t.Fatalf("%q", col)
		}
	})
	for _, e := range lexicon.Exemptions() {
		if !told[e.ID] {
			t.Errorf("no line tells what %s is for", e.ID)
		}
	}
}

func tellsOf(f claims.Finding, id string, held bool) bool {
	return slices.ContainsFunc(f.Exempted, func(e claims.Exemption) bool {
		return e.ID == id && e.Held == held && e.Reason != "" && e.ReasonEN != "" && e.Source != ""
	})
}

func spell(found []claims.Finding) string {
	var b strings.Builder
	for _, f := range found {
		b.WriteString(f.Rule + " " + f.Said)
		for _, e := range f.Exempted {
			if e.Held {
				b.WriteString(" " + e.ID)
			}
		}
		b.WriteString("; ")
	}
	return b.String()
}

func TestWhatIsRaisedIsNotExempted(t *testing.T) {
	checker, lines := loadSet(t, "bench/dev")
	spared := 0
	for _, l := range lines {
		raised, exempted := checker.Check(utterance(l), nil), checker.Exempted(utterance(l), nil)
		for _, f := range raised {
			for _, e := range f.Exempted {
				if e.Held {
					t.Errorf("%s: %s over %q is raised though %s held", l.ID, f.Rule, f.Said, e.ID)
				}
			}
		}
		for _, f := range exempted {
			spared++
			if !slices.ContainsFunc(f.Exempted, func(e claims.Exemption) bool { return e.Held }) {
				t.Errorf("%s: %s over %q was spared by nothing", l.ID, f.Rule, f.Said)
			}
			if r := []rune(l.Text); string(r[f.Start:f.End]) != f.Said {
				t.Errorf("%s: %q is not at %d-%d", l.ID, f.Said, f.Start, f.End)
			}
			for _, o := range raised {
				if o.Category == f.Category && o.Start < f.End && f.Start < o.End {
					t.Errorf("%s: %q is raised and spared", l.ID, f.Said)
				}
			}
		}
	}
	if spared < 50 {
		t.Errorf("only %d alarms were spared", spared)
	}
}

// TestOwnRangeIsHeldAgainstTheSheet: article 6(1) holds only as far as the
// sheet does not say otherwise.
func TestOwnRangeIsHeldAgainstTheSheet(t *testing.T) {
	c := checkerOf(t, `sku,name,brand,category,net_weight,price,metrics
K1,云纺厚毛巾,云纺,home,180g,39,克重 600g/㎡
K2,云纺薄毛巾,云纺,home,120g,29,克重 400g/㎡
`)
	for _, x := range []struct {
		sku, text string
		raised    bool
	}{
		{"K1", "我们家最厚的毛巾", false},
		{"K2", "我们家最厚的毛巾", true},
		{"K2", "我们家最薄的毛巾", false},
		{"K2", "我们家最轻的毛巾", false},
		{"K1", "我们家最轻的毛巾", true},
		{"K2", "咱家最便宜的毛巾", false},
		{"K1", "咱家最便宜的毛巾", true},
		{"K1", "我们家最好看的毛巾", false},
	} {
		found := c.Check(host(x.sku, x.text), nil)
		if (len(found) > 0) != x.raised {
			t.Errorf("%s %s: %s", x.sku, x.text, spell(found))
		}
		if x.raised && !slices.ContainsFunc(found, func(f claims.Finding) bool {
			return slices.ContainsFunc(f.Exempted, func(e claims.Exemption) bool {
				return (e.ID == "absolute.range" || e.ID == "price.record") && strings.Contains(e.Reason, "但商品表里")
			})
		}) {
			t.Errorf("%s %s: the finding does not tell that the sheet says otherwise: %+v", x.sku, x.text, found)
		}
	}
}
