package moderation_test

import (
	"strings"
	"testing"
	"time"

	"liveroom/moderation"
)

// TestRevealIsByRoleWithAReasonAndWrittenDown: the whole grid; what does not
// stand in it is denied.
func TestRevealIsByRoleWithAReasonAndWrittenDown(t *testing.T) {
	grid := map[moderation.PersonalField]string{"buyer": ".as", "order": ".as", "text": "mas", "raw": "..s", "phone": "...", "": "..."}
	d := full(t)
	for field, may := range grid {
		for i, role := range []moderation.Role{moderation.RoleModerator, moderation.RoleAgent, moderation.RoleSupervisor} {
			who := moderation.Actor{Name: "甲", Role: role}
			c := moderation.Reveal{Case: 1, Field: field, Reason: "买家来电核对"}
			if may[i] == '.' {
				d.refused(moderation.CodeNotAllowed, who, c)
				continue
			}
			r := d.do(who, c)
			if want := d.clock.Now().Add(moderation.RevealFor); !r.Until.Equal(want) || r.Case == nil || r.Case.ID != 1 {
				t.Errorf("%s %s: until %v, want %v", role, field, r.Until, want)
			}
		}
	}
	s := moderation.Actor{Name: "乙", Role: moderation.RoleSupervisor}
	d.refused(moderation.CodeNeedsReason, s, moderation.Reveal{Case: 1, Field: moderation.FieldBuyer, Reason: " \u200b "})
	d.refused(moderation.CodeNotFound, s, moderation.Reveal{Case: 99, Field: moderation.FieldBuyer, Reason: "核对"})
	d.refused(moderation.CodeNotAllowed, moderation.Actor{Name: "丙", Role: "guest"}, moderation.Reveal{Case: 1, Field: moderation.FieldText, Reason: "核对"})

	done := must(d.store.Actions(t.Context(), moderation.Page{}))
	n := 0
	for _, a := range done {
		if a.Command == "reveal" && strings.Contains(string(a.After), "买家来电核对") && strings.Contains(string(a.After), `"case":1`) {
			n++
		}
	}
	if n != 8 {
		t.Errorf("%d reveals in the record, want 8", n)
	}
	d.clock.pass(time.Second)
	d.refused(moderation.CodeUndoOver, moderation.Actor{Name: "甲", Role: moderation.RoleAgent}, moderation.Undo{})
	d.verify()
}
