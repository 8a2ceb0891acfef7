package moderation_test

import (
	"testing"

	"liveroom/moderation"
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
		moderation.OpenCase{Room: "A", Kind: moderation.CaseComplaint, Title: "掉毛"},
		moderation.TakeCase{Case: 1, Version: 1},
		moderation.MoveCase{Case: 1, Version: 1, To: moderation.CaseStateReview},
		moderation.NoteCase{Case: 1, Version: 1, Text: "看过"},
		moderation.AddToCase{Case: 1, Version: 1, Complaints: []int64{1}},
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
		moderation.Undo{},
	}
}

// The whole table of who may do what: m, a and s are the roles, . is no. A role
// or a command that does not stand here may nothing.
var mayDo = map[string]string{
	"confirm-flag":    "m.s",
	"dismiss-flag":    "m.s",
	"snooze-flag":     "m.s",
	"correct-host":    "m.s",
	"tell-host":       "m.s",
	"reveal":          "mas",
	"split-problem":   ".as",
	"merge-problems":  ".as",
	"answer-question": "mas",
	"open-case":       "mas",
	"take-case":       "mas",
	"move-case":       "mas",
	"note-case":       "mas",
	"add-to-case":     "mas",
	"next-case":       "mas",
	"release-case":    "mas",
	"skip-case":       "mas",
	"watch-case":      "mas",
	"snooze-case":     "mas",
	"escalate-case":   "mas",
	"relate-cases":    "mas",
	"start-clock":     "mas",
	"meet-clock":      "mas",
	"assign-case":     "..s",
	"undo":            "mas",
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
