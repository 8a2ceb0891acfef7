package moderation

import "errors"

// RecordRule puts a rule or an exemption of the users' own into their rule file,
// in shadow: it raises nothing and spares nothing until somebody who has read
// what it would do turns it on there. The file is written once the command can no
// longer be undone.
type RecordRule struct {
	Room  string
	Flag  int64  // the flag it comes of; 0: none
	Event int64  // the line it comes of; 0: none
	Text  string // as it will stand in the file
}

// Name implements Command.
func (RecordRule) Name() string { return "record-rule" }

// EffectRule is the kind of the effects that write a rule: Target is the file,
// Text what is put behind all that stands in it.
const EffectRule = "record-rule"

// A Rulebook keeps the users' rule files. Its Carry writes an effect of the kind
// EffectRule, idempotent by the text.
type Rulebook interface {
	Effector
	// File is the file that is written to.
	File() string
	// Fit tells what is wrong with a text that is to stand in the file.
	Fit(text string) error
}

var errNoRuleFile = errors.New("the config names no rule file any more")

// ruleNote is what the record's action keeps of what a rule comes of.
type ruleNote struct {
	Flag  int64 `json:"flag,omitzero"`
	Event int64 `json:"event,omitzero"`
}

// A fitRule is a RecordRule whose text was held against the files, which no
// transaction waits for.
type fitRule struct {
	RecordRule
	wrong error
}

func (d *Desk) fit(c RecordRule) Command {
	if d.rules == nil {
		return fitRule{RecordRule: c}
	}
	return fitRule{c, d.rules.Fit(c.Text)}
}

func (t *deed) recordRule(c fitRule) error {
	rules := t.desk.rules
	switch {
	case rules == nil:
		return refuse(CodeNoRuleFile)
	case c.wrong != nil:
		return refuse(CodeBadRule, "why", c.wrong.Error())
	}
	if c.Flag != 0 {
		f, err := t.readFlag(c.Flag)
		if err != nil {
			return err
		}
		c.Room, c.Event = f.Room, f.Event
	}
	t.after.Rule = &ruleNote{c.Flag, c.Event}
	t.effects = append(t.effects, &Effect{Room: c.Room, Kind: EffectRule, Key: number(c.Event), Target: rules.File(), Text: c.Text})
	return nil
}
