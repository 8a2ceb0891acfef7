package moderation

import (
	"slices"
	"time"

	"liveroom/feed"
)

// A PersonalField is a kind of personal data that is hidden unless a person asks
// for it, for one case and with a reason.
type PersonalField string

// The fields. FieldRaw is the frames as they arrived, which hold all the rest.
const (
	FieldBuyer PersonalField = "buyer" // who bought or complained: name and id
	FieldOrder PersonalField = "order" // order numbers in full
	FieldText  PersonalField = "text"  // what people wrote, with numbers and addresses in it
	FieldRaw   PersonalField = "raw"
)

// RevealFor is how long what was revealed may stay in sight: as long as a look at
// a case takes.
const RevealFor = 15 * time.Minute

// Reveal shows the actor a field of a case that is hidden otherwise. What is
// shown is the caller's business; the desk decides whether, and keeps who asked
// for what, and why. It cannot be undone.
type Reveal struct {
	Case   int64
	Field  PersonalField
	Reason string
}

// Name implements Command.
func (Reveal) Name() string { return "reveal" }

// revealNote is what the record's action keeps of a reveal.
type revealNote struct {
	Case   int64         `json:"case"`
	Field  PersonalField `json:"field"`
	Reason string        `json:"reason"`
	Until  string        `json:"until"`
}

// reveals is what each role may have revealed; what does not stand here is
// denied. A moderator works on what the host said and needs no buyer.
var reveals = map[Role][]PersonalField{
	RoleModerator:  {FieldText},
	RoleAgent:      {FieldBuyer, FieldOrder, FieldText},
	RoleSupervisor: {FieldBuyer, FieldOrder, FieldText, FieldRaw},
}

// PersonalFields are the fields that are hidden.
var PersonalFields = []PersonalField{FieldBuyer, FieldOrder, FieldText, FieldRaw}

// MayReveal tells whether the role may have the field revealed.
func (r Role) MayReveal(f PersonalField) bool { return slices.Contains(reveals[r], f) }

func (t *deed) reveal(c Reveal, r *Result) error {
	if !t.actor.Role.MayReveal(c.Field) {
		return refuse(CodeNotAllowed, "role", string(t.actor.Role), "command", c.Name()+" "+tidy(string(c.Field)))
	}
	seen, err := t.tx.Case(t.ctx, c.Case)
	if err != nil {
		return found(caseName(c.Case), err)
	}
	if feed.Sanitise(c.Reason).Empty() {
		return refuse(CodeNeedsReason, "row", caseName(c.Case))
	}
	reason, err := written(c.Reason)
	if err != nil {
		return err
	}
	until := t.wall.Add(RevealFor)
	t.after.Reveal = &revealNote{Case: c.Case, Field: c.Field, Reason: reason, Until: leafTime(until)}
	if err := t.record(r, noTime); err != nil {
		return err
	}
	r.Case, r.Until = &seen, until
	return nil
}
