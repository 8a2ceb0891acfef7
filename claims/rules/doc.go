// Package rules lets users adapt the checker without code: rules of their own,
// overrides of the built-in ones, and exemptions, in TOML files.
//
// Load reads all files or none: every mistake in them is reported with its file
// and line and what to write instead. A Set never changes after Load; any
// number of goroutines may lay it over checkers at once. It does no IO and
// knows no clock, and the same utterance gives the same findings. On a line
// that holds no word of a rule it allocates nothing.
//
// A rule in the state shadow finds, but its findings raise nothing: they come
// back marked (claims.AsideShadow). A finding that an exemption holds for comes
// back marked too (claims.AsideExempt), with the exemption's reason. A rule
// whose condition cannot be evaluated does not fire and says so
// (claims.AsideFailed). Among overrides of one finding the last in the order
// of the files counts.
package rules
