// Package claims holds what is said against what is true. It is pure: no IO,
// no clock, no goroutine.
//
// A line goes one way: it is folded (claims/fold), its words and amounts are
// found (claims/lexicon, claims/quantity), the product it speaks of is chosen
// (target.go), it is cut into clauses whose cues say what the host makes of
// them (clause.go), and each rule compares its slot with the sheet or the law.
// A rule marks what was said wrong, and also what was said right, so that a
// slip that the host puts right himself counts as corrected (finding.go).
//
// A Checker never changes and may be shared by goroutines. The same input
// gives the same findings, in the order of the text. A text of any length is
// checked in time that grows with its length.
package claims
