package query

import (
	"fmt"
	"slices"
	"strings"

	"liveroom/feed"
)

// A Code says what is wrong with a query.
type Code string

// What can be wrong. Beside each stands what Args hold.
const (
	ErrUnknownField  Code = "unknown_field"  // the name, the list's fields
	ErrNearField     Code = "near_field"     // the name, the field it is near to
	ErrNoSuchField   Code = "no_such_field"  // the field, the list, the list's fields
	ErrUnknownValue  Code = "unknown_value"  // the field, the value, what it can be
	ErrNearValue     Code = "near_value"     // the field, the value, the one it is near to
	ErrNoValue       Code = "no_value"       // the field
	ErrNotOrdered    Code = "not_ordered"    // the field
	ErrNumber        Code = "number"         // the field, the value
	ErrMoney         Code = "money"          // the field, the value
	ErrTime          Code = "time"           // the field, the value
	ErrSpanAt        Code = "span_at"        // the value
	ErrQuote         Code = "quote"          // nothing
	ErrParen         Code = "paren"          // nothing
	ErrStrayParen    Code = "stray_paren"    // nothing
	ErrNoRegexEnd    Code = "no_regex_end"   // nothing
	ErrRegex         Code = "regex"          // the reason
	ErrNothingAfter  Code = "nothing_after"  // the sign
	ErrNothingBefore Code = "nothing_before" // the sign
	ErrNoLetters     Code = "no_letters"     // the word
	ErrTooLong       Code = "too_long"       // how many characters it may have
	ErrTooDeep       Code = "too_deep"       // how many parentheses it may have
)

// Codes are all of them.
func Codes() []Code {
	var out []Code
	for c := range messages {
		out = append(out, c)
	}
	slices.Sort(out)
	return out
}

// messages say each mistake in English, with what to do.
var messages = map[Code]string{
	ErrUnknownField:  "no field is called %s; write one of %s, or put the words into \"quotes\"",
	ErrNearField:     "no field is called %s; did you mean %s:?",
	ErrNoSuchField:   "%s: makes no sense for %s, which have %s",
	ErrUnknownValue:  "%s: cannot be %s; write one of %s",
	ErrNearValue:     "%s: cannot be %s; did you mean %s?",
	ErrNoValue:       "%s: needs a value right behind it",
	ErrNotOrdered:    "%s has no more and less: write it with \":\"",
	ErrNumber:        "%s needs a whole number like 3 or a range like 3..10, not %s",
	ErrMoney:         "%s needs yuan like 100, 99.50 or a range like 100..200, not %s",
	ErrTime:          "%s needs a time like 20:14, 2026-11-20, 2026-11-20T20:14, today, or a span like 10m, 2h, 3d, not %s",
	ErrSpanAt:        "at: needs a time like 20:14 or a day; for the last %s write since:",
	ErrQuote:         "the quotation is not ended: close it with \"",
	ErrParen:         "the parenthesis is not closed: add )",
	ErrStrayParen:    "nothing was opened that this ) could close: take it out, or put it into \"quotes\"",
	ErrNoRegexEnd:    "the expression is not ended: close it with /, or put the words into \"quotes\"",
	ErrRegex:         "the expression cannot be read: %s",
	ErrNothingAfter:  "something must stand behind %s",
	ErrNothingBefore: "something must stand before %s",
	ErrNoLetters:     "%s has no letter or digit to look for; for signs write an expression like /[!?]/",
	ErrTooLong:       "a query may have %d characters",
	ErrTooDeep:       "a query may have %d parentheses in one another",
}

// An Error is a mistake in a query, with its place in runes.
type Error struct {
	Query    string
	From, To int
	Code     Code
	Args     []any
}

func (e *Error) Error() string {
	return fmt.Sprintf("character %d: %s", e.From+1, fmt.Sprintf(messages[e.Code], e.Args...))
}

// Pointed is the query with a line below it that points at the mistake, fit for
// a terminal.
func (e *Error) Pointed() (line, mark string) {
	from, to := feed.Columns(e.Query, e.From, max(e.To, e.From+1))
	return feed.Sanitise(e.Query).String(), strings.Repeat(" ", from) + strings.Repeat("^", max(to-from, 1))
}
