package moderation

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"liveroom/feed"
)

// maxText is how many characters a person may write at a time.
const maxText = 4000

// tidy is what a person wrote as the record keeps it and gives it back.
func tidy(text string) string { return strings.TrimSpace(strings.ToValidUTF8(text, "\uFFFD")) }

func written(text string) (string, error) {
	text = tidy(text)
	if feed.Sanitise(text).Empty() {
		return "", refuse(CodeNeedsText)
	}
	if n := utf8.RuneCountInString(text); n > maxText {
		return "", refuse(CodeTooLong, "length", fmt.Sprint(n), "limit", fmt.Sprint(maxText))
	}
	return text, nil
}

// decide moves a flag to a status. What someone decided stands, unless the
// actor may overturn it.
func (t *deed) decide(id int64, to FlagStatus, reason string) (old, f Flag, err error) {
	old, err = t.readFlag(id)
	if err == nil {
		err = t.sighted(&old)
	}
	if err != nil {
		return Flag{}, f, err
	}
	decided := old.Status == FlagConfirmed || old.Status == FlagDismissed
	if decided && (old.Status == to || to == FlagSnoozed || !t.actor.Role.May(rightOverturn)) {
		return old, f, refuse(CodeDecided, "row", flagName(id), "state", string(old.Status), "by", old.DecidedBy)
	}
	if reason = tidy(reason); reason != "" {
		if _, err := written(reason); err != nil {
			return old, f, err
		}
	}
	f = old
	f.Status, f.DecidedBy, f.DecidedAt, f.Reason = to, t.actor.Name, t.now, reason
	return old, f, nil
}

func (t *deed) confirmFlag(c ConfirmFlag, r *Result) error {
	old, f, err := t.decide(c.Flag, FlagConfirmed, "")
	if err != nil {
		// A flag that is confirmed without a case can still be given one.
		if old.Status != FlagConfirmed || !c.OpenCase || old.Case != 0 || old.Held() {
			return err
		}
		f = old
	}
	if c.OpenCase && f.Case == 0 && !f.Held() { // what a viewer wrote is no false advertising
		joined, err := t.joinCase(f)
		if err != nil {
			return err
		}
		f.Case, r.Case = joined.ID, &joined
	}
	return t.decided(old, f, r)
}

// joinCase adds the flag to the open case of its room, product and category, or
// opens one.
func (t *deed) joinCase(f Flag) (Case, error) {
	old, err := t.tx.CaseAbout(t.ctx, f.Room, CaseFalseAdvertising, f.Finding.SKU, f.Finding.Category)
	if isNotFound(err) {
		return t.newCase(Case{
			Room: f.Room, Kind: CaseFalseAdvertising, State: CaseStateOpen, Title: f.Finding.Said, SKU: f.Finding.SKU,
			Flags: []int64{f.ID}, OpenedBy: t.actor.Name, OpenedAt: t.now,
		})
	}
	if err != nil {
		return Case{}, err
	}
	c := old
	if !slices.Contains(c.Flags, f.ID) {
		c.Flags = append(slices.Clone(c.Flags), f.ID)
	}
	return t.changeCase(old, c)
}

func (t *deed) dismissFlag(c DismissFlag, r *Result) error {
	old, f, err := t.decide(c.Flag, FlagDismissed, c.Reason)
	if err != nil {
		return err
	}
	return t.decided(old, f, r)
}

// decided writes a flag that was decided, and has a platform that holds its message do
// alike.
func (t *deed) decided(old, f Flag, r *Result) error {
	if err := t.askPlatform(&f); err != nil {
		return err
	}
	f, err := t.changeFlag(old, f)
	r.Flag = &f
	return err
}

func (t *deed) snoozeFlag(c SnoozeFlag, r *Result) error {
	old, f, err := t.decide(c.Flag, FlagSnoozed, "")
	if err != nil {
		return err
	}
	f, err = t.changeFlag(old, f)
	r.Flag = &f
	return err
}

func (t *deed) correctHost(c CorrectHost, r *Result) error {
	f, text, err := t.toCorrect(c.Flag, c.Text)
	if err != nil {
		return err
	}
	// The flag stays as it is: it says corrected once the effect was sent.
	r.Flag = &f
	t.effects = append(t.effects, &Effect{Room: f.Room, Kind: c.Name(), Target: f.EventID, Text: text, Flag: f.ID})
	return nil
}

// tellHost keeps the words as an effect that is carried out already.
func (t *deed) tellHost(c TellHost, r *Result) error {
	old, text, err := t.toCorrect(c.Flag, c.Text)
	if err != nil {
		return err
	}
	f := old
	if f.Corrected.IsZero() {
		f.Corrected = t.now
		if f, err = t.changeFlag(old, f); err != nil {
			return err
		}
	}
	r.Flag = &f
	t.effects = append(t.effects, &Effect{
		Room: f.Room, Kind: c.Name(), Target: f.EventID, Text: text, Flag: f.ID, Status: EffectSent, Result: "told by " + t.actor.Name,
	})
	return nil
}

// toCorrect reads a flag that the host is to correct, and tidies the words.
func (t *deed) toCorrect(id int64, words string) (f Flag, text string, err error) {
	if text, err = written(words); err != nil {
		return f, "", err
	}
	if f, err = t.readFlag(id); err != nil {
		return f, "", err
	}
	if err := t.sighted(&f); err != nil {
		return f, "", err
	}
	if f.Held() {
		return f, "", refuse(CodeHeldMessage, "row", flagName(f.ID))
	}
	if f.Status == FlagDismissed {
		return f, "", refuse(CodeNotConfirmed, "row", flagName(f.ID), "by", f.DecidedBy)
	}
	return f, text, nil
}
