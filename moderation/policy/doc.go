// Package policy says what rules grant or refuse, and by when.
//
// A policy is a TOML file: clauses with conditions over a documented set of
// facts, windows, clocks, an amount formula, who pays whom. Load reads all files
// or none, and reports every mistake with its place and remedy. Evaluate asks
// policies about a matter as it stood at a moment.
//
// The package is pure: no store, no IO beyond its embedded files, no clock of
// its own. A Set and what it holds never change after Load and may be used by
// any number of goroutines.
//
// Promises:
//   - A result names the version of the policy and of the working days; the same
//     versions, facts and moment give the same result, byte for byte as JSON.
//     Policy.Content is what a record keeps to ask the same again later.
//   - A fact that is absent is unknown, which is neither false nor zero. A clause
//     holds, fails, or is unknown and names what is missing; where a policy
//     presumes an answer, the result says that it is presumed.
//   - What happened after the moment that is asked about is unknown then.
//   - Money is integer fen. A compensation is never above what was paid. A
//     statutory scenario grants nothing: it is shown to people.
//   - Times count whole seconds. A due time is the last second that is in time. A
//     span of days ends with its last day in the room's time zone; hours are
//     exact. A year without a published calendar counts Monday to Friday, and
//     every due time that touches it says so.
//   - The cost of a condition is bounded. One that cannot be evaluated leaves its
//     clause unknown and says why; it grants nothing.
package policy
