package tui

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"liveroom/claims"
	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/moderation/backtest"
	"liveroom/moderation/policy"
	"liveroom/moderation/query"
	"liveroom/moderation/triage"
	"liveroom/tui/text"
)

// composed lists the keys that the program puts together from a state.
func composed() []string {
	var keys []string
	add := func(section string, names ...string) {
		for _, n := range names {
			keys = append(keys, section+"."+n)
		}
	}
	for _, s := range []claims.Severity{claims.SeverityHigh, claims.SeverityMedium, claims.SeverityLow} {
		add("severity", string(s))
	}
	for _, c := range []claims.Category{
		claims.CategoryMaterial, claims.CategoryBrand, claims.CategoryWeight, claims.CategoryQuantity, claims.CategorySize,
		claims.CategoryOrigin, claims.CategoryIngredient, claims.CategoryPrice, claims.CategoryCredential, claims.CategoryEfficacy,
		claims.CategoryEffect, claims.CategoryAbsolute, claims.CategoryMedical, claims.CategoryPromise, claims.CategoryOffplatform, claims.CategoryConduct,
	} {
		add("category", string(c))
	}
	for _, v := range []claims.Verdict{claims.VerdictContradicted, claims.VerdictUnsupported, claims.VerdictBanned} {
		add("verdict", string(v))
	}
	add("order", feed.StatusCreated, feed.StatusPaid, feed.StatusShipped, feed.StatusCompleted, feed.StatusClosed, feed.StatusUnknown)
	add("refund", feed.StatusRequested, feed.StatusAgreed, feed.StatusRefused, feed.StatusClosed, feed.StatusRefunded, feed.StatusUnknown)
	for _, s := range []moderation.CaseState{moderation.CaseStateOpen, moderation.CaseStateReview, moderation.CaseStateWaiting, moderation.CaseStateResolved, moderation.CaseStateClosed, moderation.CaseStateWithdrawn} {
		add("state", string(s))
	}
	for _, o := range []moderation.Outcome{moderation.OutcomeUpheld, moderation.OutcomeUnfounded, moderation.OutcomeCorrected} {
		add("outcome", string(o))
	}
	for _, k := range moderation.AllCaseKinds {
		add("casekind", string(k))
	}
	for _, k := range []feed.Kind{feed.KindChat, feed.KindTranscript, feed.KindProduct, feed.KindComplaint, feed.KindGift, feed.KindSystem, feed.KindGap} {
		add("kind", string(k))
	}
	for _, c := range []moderation.Command{
		moderation.ConfirmFlag{},
		moderation.DismissFlag{},
		moderation.SnoozeFlag{},
		moderation.CorrectHost{},
		moderation.TellHost{},
		moderation.OpenCase{},
		moderation.TakeCase{},
		moderation.MoveCase{},
		moderation.NoteCase{},
		moderation.AttachEvidence{},
		moderation.ReplyBuyer{},
		moderation.GiveFact{},
		moderation.ProposePayment{},
		moderation.ApprovePayment{},
		moderation.RefusePayment{},
		moderation.WithdrawPayment{},
		moderation.ReversePayment{},
		moderation.NextCase{},
		moderation.ReleaseCase{},
		moderation.SkipCase{},
		moderation.AssignCase{},
		moderation.EraseBuyer{},
		moderation.EraseOlder{},
		moderation.HoldBuyer{},
		moderation.LetGoBuyer{},
		moderation.EscalateCase{},
		moderation.SnoozeCase{},
		moderation.WatchCase{},
		moderation.RelateCases{},
		moderation.StartClock{},
		moderation.MeetClock{},
		moderation.AddToCase{},
		moderation.OpenExposed{},
		moderation.SplitProblem{},
		moderation.ImportFile{},
		moderation.Reveal{},
		moderation.ImposePenalty{},
		moderation.FreezeOrders{},
		moderation.ReleaseOrders{},
		moderation.HearMerchant{},
		moderation.LiftPenalty{},
		moderation.PlanSpotCheck{},
		moderation.ReviewSample{},
		moderation.MergeProblems{},
		moderation.AnswerQuestion{},
		moderation.RecordRule{},
		moderation.Undo{},
		moderation.MuteAuthor{},
		moderation.UnmuteAuthor{},
		moderation.DeleteMessage{},
		moderation.PinMessage{},
		moderation.UnpinMessage{},
		moderation.ReplyMessage{},
		moderation.RetryEffect{},
		moderation.LeaveEffect{},
	} {
		add("do", c.Name())
	}
	for _, c := range moderation.Codes() {
		add("refusal", string(c))
	}
	for _, s := range []moderation.FlagStatus{moderation.FlagOpen, moderation.FlagConfirmed, moderation.FlagDismissed, moderation.FlagSnoozed} {
		add("flagstate", string(s))
	}
	for _, r := range []moderation.Role{moderation.RoleModerator, moderation.RoleAgent, moderation.RoleSupervisor} {
		add("role", string(r))
	}
	for _, o := range []moderation.Offender{moderation.OffenderHost, moderation.OffenderMerchant, moderation.OffenderBuyer} {
		add("offender", string(o))
	}
	for _, s := range []moderation.PenaltyState{moderation.PenaltyImposed, moderation.PenaltyLifted, moderation.PenaltyReversed} {
		add("penalty", string(s))
	}
	add("gravity", "low", "medium", "high")
	for _, d := range deeds {
		for _, q := range d.asks {
			add("ask_for", q.name)
		}
	}
	for _, k := range moderation.EvidenceKinds {
		add("evidence", string(k))
	}
	for _, m := range []policy.Measure{
		policy.MeasureWarning, policy.MeasureFine, policy.MeasureBan, policy.MeasureDelist, policy.MeasureScore, policy.MeasureClose,
		policy.MeasureEnd, policy.MeasureReport, policy.MeasureNoService, policy.MeasureBadge, policy.MeasureNoOrdering,
	} {
		add("measure", string(m))
	}
	for _, k := range policy.Fact("offence.kind").Info().Words {
		add("offence", k)
	}
	add("merchant", string(moderation.VerdictGenuine), string(moderation.VerdictBadFaith))
	add("sample", string(moderation.SampleRandom), string(moderation.SampleHost), string(moderation.SampleRule), string(moderation.SampleModerator))
	add("payment", string(moderation.PaymentProposed), string(moderation.PaymentApproved), string(moderation.PaymentRefused), string(moderation.PaymentWithdrawn), string(moderation.PaymentReversed))
	add("hold", "held", "freed")
	for _, f := range moderation.PersonalFields {
		add("field", string(f))
	}
	add("trial", string(backtest.Right), string(backtest.Wrong), string(backtest.Unknown))
	add("case", "signals", "holds", "evidence", "facts", "replies", "payments", "penalties", "sample")
	add("row", "flag", "case", "complaint", "problem", "question", "order", "room", "payment", "event", "effect")
	for _, s := range []feed.State{feed.StateDialling, feed.StateLive, feed.StateWaiting, feed.StateBlocked, feed.StateEnded, feed.StateFailed} {
		add("connection", string(s))
	}
	for _, k := range feed.ActKinds {
		add("act", string(k))
	}
	add("act", moderation.EffectRule)
	for _, s := range []moderation.EffectStatus{
		moderation.EffectPending, moderation.EffectBegun, moderation.EffectCancelled, moderation.EffectSent, moderation.EffectFailed,
		moderation.EffectKept, moderation.EffectPerhaps, moderation.EffectGivenUp, moderation.EffectSettled,
	} {
		add("effect", string(s))
	}
	add("settled", feed.HeldApproved, feed.HeldDenied, feed.HeldExpired)
	for _, kind := range triage.Types {
		add("grievance", string(kind))
	}
	add("pane", paneKeys[:]...)
	add("question", append(questionKeys[:], "channel")...)
	add("about", append(questionKeys[:], "channel")...)
	add("given", questionKeys[:]...)
	add("ungiven", questionKeys[1:]...)
	add("way", "demo", "connect", "open", "leave")
	add("waynote", "demo", "connect", "open")
	add("watch", "cloudevent", "twitch", "barrage", "douyinlive", "tikfinity", "oba")
	add("mouse", mouseWords...)
	add("hand", mouseWords...)
	add("empty", paneKeys[:]...)
	for _, l := range query.Lists() {
		add("find", string(l))
		for _, f := range query.Fields(l) {
			add("query_field", string(f))
		}
		add("query_is", query.Values(l, query.FieldIs)...)
	}
	add("query_is", "me", "none")
	for _, c := range query.Codes() {
		add("query_error", string(c))
	}
	for _, b := range shippedBindings() {
		add("key", b.id)
		add("group", b.group)
		if b.foot > 0 {
			add("foot", b.id)
		}
	}
	add("foot", "confirm_case", "dismiss_case", "snooze_case")
	for _, k := range bulkKinds {
		add("bulk", k.says)
	}
	for kind, n := range usual {
		for i := range n {
			add("usual", kind+"_"+strconv.Itoa(i+1))
		}
	}
	for _, e := range []moderation.ReachEnd{moderation.ReachCorrected, moderation.ReachTold, moderation.ReachOffAir, moderation.ReachEnded} {
		add("reach", string(e))
	}
	for _, f := range shownFacts {
		add("fact", f.String())
	}
	return keys
}

// literals lists every string in the program's source.
func literals(t *testing.T) map[string]bool {
	t.Helper()
	out := map[string]bool{}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	commands, err := filepath.Glob("../cmd/liveroom/*.go")
	if err != nil || len(commands) == 0 {
		t.Fatal("no commands: ", err)
	}
	for _, name := range append(files, commands...) {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				s, err := strconv.Unquote(lit.Value)
				if err != nil {
					t.Fatal(err)
				}
				out[s] = true
			}
			return true
		})
	}
	return out
}

var keyShape = regexp.MustCompile(`^[a-z]+\.[a-z_-]+$`)

func TestCataloguesAreWhole(t *testing.T) {
	used := literals(t)
	for _, k := range composed() {
		used[k] = true
	}
	sections := map[string]bool{}
	for _, lang := range text.Langs {
		c := text.For(lang)
		for _, k := range c.Keys() {
			sections[strings.Split(k, ".")[0]] = true
			if !used[k] {
				t.Errorf("%s: nothing uses %q", lang, k)
			}
			if strings.TrimSpace(c.T(k)) == "" {
				t.Errorf("%s: %q is empty", lang, k)
			}
		}
	}
	for _, k := range composed() {
		for _, lang := range text.Langs {
			if !text.For(lang).Has(k) {
				t.Errorf("%s: %q is missing", lang, k)
			}
		}
	}
	for k := range used {
		if !keyShape.MatchString(k) || !sections[strings.Split(k, ".")[0]] {
			continue
		}
		for _, lang := range text.Langs {
			if !text.For(lang).Has(k) {
				t.Errorf("%s: %q is missing", lang, k)
			}
		}
	}
}

var verb = regexp.MustCompile(`%[a-z%]`)

func TestCataloguesTakeTheSameWords(t *testing.T) {
	zh, en := text.For(text.ZH), text.For(text.EN)
	for _, k := range zh.Keys() {
		a, b := strings.Join(verb.FindAllString(zh.T(k), -1), ""), strings.Join(verb.FindAllString(en.T(k), -1), "")
		if a != b {
			t.Errorf("%s takes %s in Chinese and %s in English", k, a, b)
		}
	}
	if got := text.For("fr").Lang; got != text.ZH {
		t.Errorf("an unknown language gives %s", got)
	}
	if got := zh.T("no.such_key"); got != "no.such_key" {
		t.Errorf("a missing key gives %q", got)
	}
}

var braced = regexp.MustCompile(`\{[a-z]+\}`)

// TestRefusalsUseTheirArguments holds our sentences to the arguments that the
// desk gives with each code.
func TestRefusalsUseTheirArguments(t *testing.T) {
	for _, c := range moderation.Codes() {
		given := (&moderation.Refusal{Code: c}).Error()
		for _, lang := range text.Langs {
			for _, name := range braced.FindAllString(text.For(lang).T("refusal."+string(c)), -1) {
				if !strings.Contains(given, name) {
					t.Errorf("%s: %s wants %s, which the desk does not tell: %q", lang, c, name, given)
				}
			}
		}
	}
}

// TestWordsNameKnownKeys: a key that words name is that of a binding, and of the
// same one in both languages.
func TestWordsNameKnownKeys(t *testing.T) {
	ids, _ := ShippedKeys()
	zh, en := text.For(text.ZH), text.For(text.EN)
	for _, k := range zh.Keys() {
		named := zh.NamedKeys(k)
		if a, b := slices.Sorted(slices.Values(named)), slices.Sorted(slices.Values(en.NamedKeys(k))); !slices.Equal(a, b) {
			t.Errorf("%s names the keys of %v in Chinese and of %v in English", k, a, b)
		}
		for _, id := range named {
			if !slices.Contains(ids, id) {
				t.Errorf("%s names the key of %q, which is no binding", k, id)
			}
		}
	}
}

// TestKeysPage holds docs/keys.md and the example config to what the keys do.
func TestKeysPage(t *testing.T) {
	holdPage(t, "../docs/keys.md", func(string) string { return keysPage() })
	holdPage(t, "../config.example.toml", withKeys)
}

// holdPage compares a file with what it should be; -update writes it.
func holdPage(t *testing.T, path string, page func(is string) string) {
	t.Helper()
	is, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	want := page(string(is))
	if *updateGoldens {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if string(is) != want {
		t.Errorf("%s is not what the keys do; run go test ./tui -run TestKeysPage -update", path)
	}
}

// withKeys puts the shipped keys into the [keys] of a config.
func withKeys(config string) string {
	before, rest, found := strings.Cut(config, "\n[keys]\n")
	_, after, more := strings.Cut(rest, "\n\n")
	if !found || !more {
		return "a [keys] table with an empty line behind it is expected"
	}
	var b strings.Builder
	ids, keys := ShippedKeys()
	for _, id := range ids {
		quoted := make([]string, len(keys[id]))
		for i, key := range keys[id] {
			quoted[i] = strconv.Quote(key)
		}
		fmt.Fprintf(&b, "%s = [%s]\n", id, strings.Join(quoted, ", "))
	}
	return before + "\n[keys]\n" + b.String() + "\n" + after
}

func keysPage() string {
	zh, en := text.For(text.ZH), text.For(text.EN)
	var b strings.Builder
	b.WriteString("# Keys 按键\n\nWritten from the table of bindings by `go test ./tui -run TestKeysPage -update`; do not edit.\n" +
		"`?` shows the same in the console, with the reason where a key is of no use just now. A full-width sign (？) is taken as its half-width key.\n")
	group := ""
	for _, bd := range shippedBindings() {
		if bd.group != group {
			group = bd.group
			b.WriteString("\n## " + en.T("group."+group) + " " + zh.T("group."+group) + "\n\n| key | does | 作用 | in |\n|---|---|---|---|\n")
		}
		var keys, panes []string
		for _, k := range bd.labels() {
			keys = append(keys, "`"+k+"`")
		}
		for _, p := range bd.panes {
			panes = append(panes, en.T("pane."+paneKeys[p]))
		}
		where := strings.Join(panes, ", ")
		if where == "" {
			where = "everywhere"
		}
		b.WriteString("| " + strings.Join(keys, " ") + " | " + en.T("key."+bd.id) + " | " + zh.T("key."+bd.id) + " | " + where + " |\n")
	}
	b.WriteString("\n## " + en.T("group.mouse") + " " + zh.T("group.mouse") + "\n\n| hand | does | 作用 |\n|---|---|---|\n")
	for _, w := range mouseWords {
		b.WriteString("| " + en.T("hand."+w) + " " + zh.T("hand."+w) + " | " + en.T("mouse."+w) + " | " + zh.T("mouse."+w) + " |\n")
	}
	return b.String()
}
