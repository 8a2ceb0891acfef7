package claims_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"liveroom/claims"
	"liveroom/claims/sheet"
)

// TestWhatASentenceClaims tells right claims from wrong ones, each with the
// cell it was held against, and says nothing of what stands in no cell.
func TestWhatASentenceClaims(t *testing.T) {
	c := ownChecker(t)
	for _, tt := range []struct{ sku, text, want string }{
		{"T01", "这件开衫含羊毛，羊毛是百分之八十", "supported T01·material"},
		{"T01", "这件开衫羊毛含量百分之八十，一件二百三十九", "supported T01·material, supported T01·price"},
		{"T01", "百分之百纯羊毛，二百三十九带走", "contradicted T01·material, supported T01·price"},
		{"T01", "百分之百纯羊毛的开衫，一百块带走", "contradicted T01·material, contradicted T01·price"},
		{"T01", "浙江桐乡的厂子出的", "supported T01·origin"},
		{"T01", "浙江的厂子出的", "supported T01·origin"},
		{"T01", "这件不含羊毛", "contradicted T01·material"},
		{"T01", "这件有羊毛吗", ""},
		{"T01", "上周那件开衫羊毛是百分之八十，这件不是", ""},
		{"T01", "家人们晚上好，扣个一", ""},
		{"T01", "七天无理由退货，四十八小时内发货", "supported T01·returns_7d, supported T01·ships_within"},
		{"T03", "七天无理由退货", "contradicted T03·returns_7d"},
		{"T03", "三公斤六罐，不含防腐剂", "supported T03·net_weight, supported T03·quantity, supported T03·ingredients"},
		{"T03", "这个是砀山的黄桃，黄桃百分之五十五", "supported T03·origin, supported T03·variety, supported T03·ingredients"},
	} {
		var got []string
		for _, claim := range c.Claims(claims.Utterance{SKU: tt.sku, Speaker: claims.SpeakerHost, Text: tt.text}, nil) {
			got = append(got, fmt.Sprint(claim.Verdict, " ", claim.FactID))
			if claim.Said != string([]rune(tt.text)[claim.Start:claim.End]) || claim.Fact == "" || claim.Sheet != c.SheetVersion() {
				t.Errorf("%s: %+v", tt.text, claim)
			}
		}
		if have := strings.Join(got, ", "); have != tt.want {
			t.Errorf("%s\nclaims %s\nwant   %s", tt.text, have, tt.want)
		}
	}
}

// TestACorrectionIsHeard: only the right value behind words of correction puts
// right what was said before.
func TestACorrectionIsHeard(t *testing.T) {
	c := ownChecker(t)
	for text, want := range map[string]bool{
		"更正一下，这件开衫是羊毛百分之八十":  true,
		"刚才口误了，羊毛是百分之八十的":    true,
		"这件开衫是羊毛百分之八十":       false,
		"更正一下，这件开衫是百分之百纯羊毛的": false,
		"刚才说错了，家人们别急":        false,
	} {
		corrected := slices.ContainsFunc(c.Claims(claims.Utterance{SKU: "T01", Speaker: claims.SpeakerHost, Text: text}, nil),
			func(claim claims.Claim) bool { return claim.Corrects })
		if corrected != want {
			t.Errorf("%s: corrected %v, want %v", text, corrected, want)
		}
	}
}

// TestNothingFalseIsSupported holds the claims of our own lines against their
// labels: of what is false none is called supported, and of what is told right
// in so many ways a good part is.
func TestNothingFalseIsSupported(t *testing.T) {
	checkers := map[string]*claims.Checker{}
	right, supported := 0, 0
	eachRow(t, "testdata/true.tsv", 3, 400, func(col []string) {
		c := checkerFor(t, checkers, col[0])
		held := 0
		wrong := c.Check(host(col[0], col[2]), nil)
		for _, claim := range c.Claims(host(col[0], col[2]), nil) {
			if claim.Verdict != claims.VerdictSupported {
				continue
			}
			held++
			for _, f := range wrong {
				if claim.Category == f.Category && !strings.ContainsAny(between(col[2], claim.Finding, f), "，。,、 ") {
					t.Errorf("%s %s: %q is called supported by %s", col[0], col[2], claim.Said, claim.Fact)
				}
			}
			if sku, column, _ := strings.Cut(claim.FactID, "·"); sku != claim.SKU || !heldIn(claim.Category, column) {
				t.Errorf("%s %s: %q is held by %s", col[0], col[2], claim.Said, claim.FactID)
			}
		}
		if col[1] == "-" {
			right++
			if held > 0 {
				supported++
			}
		}
	})
	t.Logf("of %d lines told right %d have a claim that the sheet bears out", right, supported)
	if supported*3 < right {
		t.Errorf("of %d lines told right only %d have a claim that the sheet bears out", right, supported)
	}
}

// between is what stands between the words of two findings.
func between(text string, a, b claims.Finding) string {
	if a.Start > b.Start {
		a, b = b, a
	}
	return string([]rune(text)[min(a.End, b.Start):b.Start])
}

func heldIn(c claims.Category, column string) bool {
	field, known := sheet.FieldOf(column)
	return known && slices.Contains(columnsOf[c], field)
}
