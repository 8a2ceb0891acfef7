package report

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"liveroom/claims"
	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/moderation/agreement"
	"liveroom/moderation/triage"
)

var verb = regexp.MustCompile(`%[-+# 0]*[0-9]*(?:\.[0-9]+)?[a-zA-Z%]`)

// TestCataloguesAreWhole: both languages have every key, with the same figures in
// the same order, and no word is empty.
func TestCataloguesAreWhole(t *testing.T) {
	same(t, "keys", keys(EN), keys(ZH))
	for _, key := range keys(ZH) {
		zh, en := catalogues[ZH][key], catalogues[EN][key]
		if a, b := verb.FindAllString(zh, -1), verb.FindAllString(en, -1); !slices.Equal(a, b) {
			t.Errorf("%s takes %v in Chinese and %v in English", key, a, b)
		}
		if strings.TrimSpace(zh) == "" || strings.TrimSpace(en) == "" {
			t.Errorf("%s is empty", key)
		}
	}
}

// askedFor finds keys in the code and the template.
var askedFor = regexp.MustCompile(`(?:\bT\(|\.T |call \$?\.T |Word\()"([a-z_]+\.[a-z_0-9]+)"`)

// TestEveryWordIsThere: what code and template ask for stands in the catalogue,
// and nothing stands there that nobody asks for.
func TestEveryWordIsThere(t *testing.T) {
	asked := map[string]bool{}
	var source strings.Builder
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range append(files, "page.html") {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		source.Write(b)
	}
	for _, m := range askedFor.FindAllStringSubmatch(source.String(), -1) {
		asked[m[1]] = true
	}
	r := &Report{}
	for _, table := range r.Tables() {
		asked["sheet."+table.Name] = true
		for _, c := range table.Columns {
			asked["column."+c.ID] = true
		}
	}
	for _, name := range contents {
		asked["section."+name], asked["lead."+name] = true, true
		if name != "ledger" && name != "air" {
			asked["empty."+name] = true
		}
	}
	for _, key := range enumerated() {
		asked[key] = true
	}
	for key := range asked {
		if _, ok := catalogues[ZH][key]; !ok {
			t.Errorf("%s is asked for and not there", key)
		}
	}
	for _, key := range keys(ZH) {
		if !asked[key] && !strings.Contains(source.String(), `"`+key+`"`) {
			t.Errorf("%s is there and nobody asks for it", key)
		}
	}
}

// enumerated are the keys of all that a record can hold.
func enumerated() (out []string) {
	add := func(section string, names ...string) {
		for _, n := range names {
			out = append(out, section+"."+n)
		}
	}
	add("unit", "fen", "seconds")
	add("chart", "chat", "orders", "complaints", "refunds")
	for _, k := range []feed.Kind{
		feed.KindTranscript, feed.KindChat, feed.KindProduct, feed.KindOrder, feed.KindRefund, feed.KindComplaint, feed.KindGift, feed.KindEnter, feed.KindSystem, feed.KindGap,
	} {
		add("kind", string(k))
	}
	for _, s := range []moderation.FlagStatus{moderation.FlagOpen, moderation.FlagConfirmed, moderation.FlagDismissed, moderation.FlagSnoozed} {
		add("status", string(s))
	}
	for _, c := range []claims.Category{
		claims.CategoryMaterial, claims.CategoryBrand, claims.CategoryWeight, claims.CategoryQuantity, claims.CategorySize, claims.CategoryOrigin,
		claims.CategoryIngredient, claims.CategoryPrice, claims.CategoryCredential, claims.CategoryEfficacy, claims.CategoryEffect, claims.CategoryAbsolute,
		claims.CategoryMedical, claims.CategoryPromise, claims.CategoryOffplatform, claims.CategoryConduct,
	} {
		add("category", string(c))
	}
	add("verdict", string(claims.VerdictContradicted), string(claims.VerdictUnsupported), string(claims.VerdictBanned))
	add("severity", string(claims.SeverityHigh), string(claims.SeverityMedium), string(claims.SeverityLow))
	for _, g := range triage.Types {
		add("grievance", string(g))
	}
	add("clock", moderation.ClockReview, moderation.ClockResult)
	add("role", string(moderation.RoleModerator), string(moderation.RoleAgent), string(moderation.RoleSupervisor))
	for _, k := range moderation.AllCaseKinds {
		add("casekind", string(k))
	}
	for _, s := range []moderation.CaseState{
		moderation.CaseStateOpen, moderation.CaseStateReview, moderation.CaseStateWaiting, moderation.CaseStateResolved, moderation.CaseStateClosed, moderation.CaseStateWithdrawn,
	} {
		add("state", string(s))
	}
	add("outcome", string(moderation.OutcomeUpheld), string(moderation.OutcomeUnfounded), string(moderation.OutcomeCorrected))
	for _, p := range []moderation.PaymentState{
		moderation.PaymentProposed, moderation.PaymentApproved, moderation.PaymentRefused, moderation.PaymentWithdrawn, moderation.PaymentReversed,
	} {
		add("payment", string(p))
	}
	add("penalty", string(moderation.PenaltyImposed), string(moderation.PenaltyLifted), string(moderation.PenaltyReversed))
	add("offender", string(moderation.OffenderHost), string(moderation.OffenderMerchant), string(moderation.OffenderBuyer))
	add("offence", "false_advertising", "counterfeit", "price_fraud", "off_platform", "conduct", "malicious_claim", "malicious_review", "fake_order")
	add("agreement", string(moderation.OfAll), string(moderation.OfModerator), string(moderation.OfRule))
	add("erasable", erasable...)
	add("kappa", string(agreement.NothingJudged), string(agreement.OneJudgement), string(agreement.OneSided), string(agreement.NoSpread))
	add("merchant", string(moderation.VerdictGenuine), string(moderation.VerdictBadFaith))
	add("ending", string(moderation.ReachCorrected), string(moderation.ReachTold), string(moderation.ReachOffAir), string(moderation.ReachEnded), "open")
	return out
}

func same(t *testing.T, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: %v and %v", what, got, want)
	}
}
