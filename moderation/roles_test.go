package moderation_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"strconv"
	"strings"
	"testing"

	"liveroom/moderation"
	"liveroom/moderation/policy"
)

// commands is one of each.
func commands() []moderation.Command {
	return []moderation.Command{
		moderation.ConfirmFlag{Flag: 1},
		moderation.DismissFlag{Flag: 1},
		moderation.SnoozeFlag{Flag: 1},
		moderation.CorrectHost{Flag: 1, Text: "更正"},
		moderation.TellHost{Flag: 1, Text: "更正"},
		moderation.SplitProblem{Problem: 1, Complaints: []int64{1}},
		moderation.MergeProblems{Into: 1, From: 2},
		moderation.AnswerQuestion{Question: 1},
		moderation.RecordRule{Text: "x"},
		moderation.OpenCase{Room: "A", Kind: moderation.CaseComplaint, Title: "掉毛"},
		moderation.TakeCase{Case: 1, Version: 1},
		moderation.MoveCase{Case: 1, Version: 1, To: moderation.CaseStateReview},
		moderation.NoteCase{Case: 1, Version: 1, Text: "看过"},
		moderation.AddToCase{Case: 1, Version: 1, Complaints: []int64{1}},
		moderation.OpenExposed{Flag: 1},
		moderation.GiveFact{Case: 1, Version: 1, Fact: "evidence.proof_images", Value: policy.Number(2)},
		moderation.ProposePayment{Case: 1, Version: 1, Order: "LR1", Policy: "kuaishou.honesty"},
		moderation.ApprovePayment{Case: 1, Version: 1, Payment: 1},
		moderation.RefusePayment{Case: 1, Version: 1, Payment: 1, Reason: "重复"},
		moderation.WithdrawPayment{Case: 1, Version: 1, Payment: 1},
		moderation.ReversePayment{Case: 1, Version: 1, Payment: 1, Reason: "查明不实"},
		moderation.AttachEvidence{Case: 1, Version: 1, Kind: moderation.EvidenceProof, Ref: "https://a.cn/1.jpg"},
		moderation.ReplyBuyer{Case: 1, Version: 1, Complaint: 1, Text: "您好"},
		moderation.NextCase{},
		moderation.ReleaseCase{Case: 1, Version: 1},
		moderation.SkipCase{Case: 1, Version: 1, Reason: "认识买家"},
		moderation.WatchCase{Case: 1},
		moderation.SnoozeCase{Case: 1, Version: 1, Until: start.AddDate(1, 0, 0), Reason: "等"},
		moderation.EscalateCase{Case: 1, Version: 1, Reason: "大事"},
		moderation.RelateCases{Case: 1, Other: 2},
		moderation.StartClock{Case: 1, Version: 1, Clock: "pay", Started: start, Due: start.AddDate(1, 0, 0)},
		moderation.MeetClock{Case: 1, Version: 1, Clock: "pay"},
		moderation.AssignCase{Case: 1, Version: 1, To: "小柚"},
		moderation.Reveal{Case: 1, Field: moderation.FieldText, Reason: "核对"},
		moderation.ImposePenalty{Case: 1, Version: 1},
		moderation.PlanSpotCheck{Room: "A", Title: "周检", Plan: moderation.SamplePlan{By: moderation.SampleRandom, Size: 5}},
		moderation.ReviewSample{Case: 1, Flag: 1, Verdict: moderation.FlagConfirmed},
		moderation.LiftPenalty{Case: 1, Penalty: 1, Reason: "期满", Version: 1},
		moderation.FreezeOrders{Case: 1, Version: 1, Orders: []string{"LR1"}, Reason: "恶意"},
		moderation.ReleaseOrders{Case: 1, Version: 1, Orders: []string{"LR1"}, Reason: "核实"},
		moderation.HearMerchant{Case: 1, Version: 1, Orders: []string{"LR1"}, Verdict: moderation.VerdictGenuine, Text: "老客"},
		moderation.EraseBuyer{Buyer: "u1", Reason: "本人要求"},
		moderation.EraseOlder{Before: start, Reason: "到期"},
		moderation.HoldBuyer{Buyer: "u1", Reason: "法院来函"},
		moderation.LetGoBuyer{Buyer: "u1", Reason: "已结"},
		moderation.MuteAuthor{Event: 1},
		moderation.UnmuteAuthor{Event: 1},
		moderation.DeleteMessage{Event: 1},
		moderation.PinMessage{Event: 1},
		moderation.UnpinMessage{Event: 1},
		moderation.ReplyMessage{Event: 1, Text: "您好"},
		moderation.RetryEffect{Effect: 1},
		moderation.LeaveEffect{Effect: 1, Reason: "电话里说了"},
		moderation.Undo{},
	}
}

// The whole table of who may do what: m, a and s are the roles, . is no. A role
// or a command that does not stand here may nothing.
var mayDo = map[string]string{
	"confirm-flag":     "m.s",
	"dismiss-flag":     "m.s",
	"snooze-flag":      "m.s",
	"correct-host":     "m.s",
	"tell-host":        "m.s",
	"reveal":           "mas",
	"import-file":      "mas",
	"split-problem":    ".as",
	"merge-problems":   ".as",
	"answer-question":  "mas",
	"record-rule":      "m.s",
	"open-case":        "mas",
	"open-exposed":     "mas",
	"take-case":        "mas",
	"move-case":        "mas",
	"note-case":        "mas",
	"add-to-case":      "mas",
	"give-fact":        "mas",
	"propose-payment":  "mas",
	"withdraw-payment": "mas",
	"approve-payment":  "..s",
	"refuse-payment":   "..s",
	"reverse-payment":  "..s",
	"attach-evidence":  "mas",
	"reply-buyer":      ".as",
	"next-case":        "mas",
	"release-case":     "mas",
	"skip-case":        "mas",
	"watch-case":       "mas",
	"snooze-case":      "mas",
	"escalate-case":    "mas",
	"relate-cases":     "mas",
	"start-clock":      "mas",
	"meet-clock":       "mas",
	"erase-buyer":      "..s",
	"erase-older":      "..s",
	"hold-buyer":       "..s",
	"let-go-buyer":     "..s",
	"assign-case":      "..s",
	"impose-penalty":   "..s",
	"lift-penalty":     "..s",
	"plan-spot-check":  "..s",
	"review-sample":    "..s",
	"freeze-orders":    ".as",
	"release-orders":   ".as",
	"hear-merchant":    ".as",
	"mute-author":      "m.s",
	"unmute-author":    "m.s",
	"delete-message":   "m.s",
	"pin-message":      "m.s",
	"unpin-message":    "m.s",
	"reply-message":    "mas",
	"retry-effect":     "mas",
	"leave-effect":     "mas",
	"undo":             "mas",
}

// notDone are commands that Do performs under another's name, or that are
// performed elsewhere; those stand in the table without being tried here.
var notDone = map[string]string{
	"Once":       "",
	"ImportFile": "import-file",
}

// declaredCommands are all commands that the package declares, by type: what has
// a method Name that returns a string of its own.
func declaredCommands(t *testing.T) map[string]string {
	t.Helper()
	out := make(map[string]string)
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), f.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Name.Name != "Name" || fn.Recv == nil || len(fn.Type.Params.List) > 0 || len(fn.Body.List) != 1 {
				continue
			}
			typ, named := fn.Recv.List[0].Type.(*ast.Ident)
			ret, returns := fn.Body.List[0].(*ast.ReturnStmt)
			if !named || !returns {
				continue
			}
			name := ""
			if lit, ok := ret.Results[0].(*ast.BasicLit); ok {
				name, _ = strconv.Unquote(lit.Value)
			}
			out[typ.Name] = name
		}
	}
	return out
}

// TestNoCommandIsForgotten: a command that is new stands in the table and in the
// list that the table is held against, or nobody knows who may do it.
func TestNoCommandIsForgotten(t *testing.T) {
	declared := declaredCommands(t)
	if len(declared) < 25 {
		t.Fatalf("only %d commands were found", len(declared))
	}
	tried := make(map[string]bool)
	for _, c := range commands() {
		tried[c.Name()] = true
	}
	known := make(map[string]bool)
	for typ, name := range declared {
		known[name] = true
		if other, ok := notDone[typ]; ok {
			name = other
		} else if !tried[name] {
			t.Errorf("%s (%q) is missing from commands()", typ, name)
		}
		if _, ok := mayDo[name]; !ok && name != "" {
			t.Errorf("%s (%q) is missing from mayDo: say who may", typ, name)
		}
	}
	for name := range mayDo {
		if !known[name] {
			t.Errorf("mayDo names %q, which is no command", name)
		}
	}
	for _, role := range []moderation.Role{moderation.RoleModerator, moderation.RoleAgent, moderation.RoleSupervisor, "owner", ""} {
		for _, name := range []string{"", "drop-record", "CONFIRM-FLAG", "confirm-flag "} {
			if role.May(name) {
				t.Errorf("a %q may %q", role, name)
			}
		}
	}
	for name := range mayDo {
		if moderation.Role("owner").May(name) || moderation.Role("").May(name) {
			t.Errorf("nobody's role may %s", name)
		}
	}
}

func TestWhoMayDoWhat(t *testing.T) {
	d := withFlags(t)
	for _, c := range commands() {
		want, ok := mayDo[c.Name()]
		if !ok {
			t.Errorf("%s is missing from the table", c.Name())
		}
		for i, role := range []moderation.Role{moderation.RoleModerator, moderation.RoleAgent, moderation.RoleSupervisor} {
			may := want[i] != '.'
			if role.May(c.Name()) != may {
				t.Errorf("a %s may %s: %v, want %v", role, c.Name(), !may, may)
			}
			if !may {
				d.refused(moderation.CodeNotAllowed, moderation.Actor{Name: "x", Role: role}, c)
			}
		}
		d.refused(moderation.CodeNotAllowed, moderation.Actor{Name: "x", Role: "owner"}, c)
		d.refused(moderation.CodeNotAllowed, moderation.Actor{Name: "x"}, c)
		d.refused(moderation.CodeNoActor, moderation.Actor{Role: moderation.RoleSupervisor}, c)
	}
	if a := must(d.store.Actions(t.Context(), moderation.Page{})); len(a) != 0 {
		t.Errorf("what was refused was recorded: %+v", a)
	}
}
