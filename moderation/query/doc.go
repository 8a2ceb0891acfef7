// Package query is the one language in which people look for things: in the
// lists of the screen, over the whole record, and in the commands that read it.
//
// A query is about one list of the record. Parse turns text into a tree of typed
// terms with their places; a mistake is an *Error that says where it is and what
// to write instead. What is written without a field is looked for in a row's
// words; fields ask about the rest of it. Terms side by side must all hold, "or"
// between them lets one of them do, "-" before one or before parentheses turns
// it round.
//
// Bind gives a query a person and a moment, and makes a Filter of it: Match holds
// rows against it, Sieve is what a store can look for by itself, and Find joins
// the two. For the same rows Match and Find agree: what Find gives is exactly
// what Match lets through. String writes a query so that parsing it gives the
// same tree.
//
// But for Find the package is pure: no IO and no clock.
package query
