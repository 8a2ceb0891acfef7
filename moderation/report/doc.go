// Package report sums up a broadcast for people who were not at the desk: what
// was said and found, what became of it, what buyers complained of, what was
// promised and kept, who worked on it, how far a second look agreed with the
// first, what it meant for orders, and how much of it was erased since.
//
// Make reads the record as it is at one moment, in a Snapshot, page by page and
// each row once. What it cannot know it does not tell: a figure without data is
// None, a share of too few is not a percentage, and what nobody decided stands
// as open.
//
// A Report holds no personal data: texts, names and numbers are hidden when they
// are read (moderation.Veil), so that no writer can let them through. The names
// of the people at the desk stand in it: they answer for what they decided.
// Its texts are otherwise as they were received; each writer makes them fit for
// its format. HTML goes through feed.Sanitise and html/template and holds no
// script; CSV cells that a spreadsheet would take for a formula are disarmed;
// XLSX and JSON carry types.
//
// Words of the interface stand in one catalogue a language, zh.toml and en.toml.
// Reports may be made and written from any number of goroutines.
package report
