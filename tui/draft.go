package tui

import (
	"fmt"

	"liveroom/moderation"
)

// The rules of drafts. What a person typed is theirs until it is written: an
// action that fails gives it back to the form it came from. A correction is kept
// when it is put aside, too.

// draftKey names what a text is for, whichever way it was typed; "" for a
// command that holds no text.
func draftKey(c moderation.Command) string {
	switch c := c.(type) {
	case moderation.CorrectHost:
		return fmt.Sprint("correct ", c.Flag)
	case moderation.TellHost:
		return fmt.Sprint("correct ", c.Flag)
	case moderation.DismissFlag:
		return fmt.Sprint("dismiss ", c.Flag)
	case moderation.OpenCase:
		return fmt.Sprint("open ", c.Room, c.Complaints, c.Orders)
	case moderation.NoteCase:
		return fmt.Sprint("note ", c.Case)
	case moderation.Reveal:
		return fmt.Sprint("reveal ", c.Case, " ", c.Field)
	case moderation.ReplyBuyer:
		return fmt.Sprint("reply ", c.Case, c.Complaint)
	case moderation.ReplyMessage:
		return fmt.Sprint("answer ", c.Event)
	case moderation.MoveCase:
		if c.To == moderation.CaseStateResolved {
			return fmt.Sprint("resolve ", c.Case)
		}
		return fmt.Sprint(c.To, " ", c.Case)
	}
	return ""
}

// draftText is what was typed into a command.
func draftText(c moderation.Command) string {
	switch c := c.(type) {
	case moderation.CorrectHost:
		return c.Text
	case moderation.TellHost:
		return c.Text
	case moderation.DismissFlag:
		return c.Reason
	case moderation.OpenCase:
		return c.Title
	case moderation.NoteCase:
		return c.Text
	case moderation.Reveal:
		return c.Reason
	case moderation.ReplyBuyer:
		return c.Text
	case moderation.ReplyMessage:
		return c.Text
	case moderation.MoveCase:
		return c.Reason
	}
	return ""
}

// keepDraft keeps what was typed into an action that failed.
func (m *Model) keepDraft(c moderation.Command) bool {
	text := draftText(c)
	if text != "" {
		m.drafts[draftKey(c)] = text
	}
	return text != ""
}

// draft takes out what was kept for a form, else what it begins with.
func (m *Model) draft(key, begin string) input {
	text, kept := m.drafts[key]
	if !kept {
		text = begin
	}
	delete(m.drafts, key)
	return newInput(text)
}
