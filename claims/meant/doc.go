// Package meant tells whether a host stands behind words that a rule would
// raise: what he says of his goods, or what he denies, mocks, quotes, warns of
// or says of something else in ways that no list of such words holds.
//
// A hit is read as cues (cues.go): neighbouring characters and words of its own
// clause, of what comes before and after, and its category. Every cue has a
// learned weight (weights.tsv), a whole number, so that a sum is the same on
// every machine. `go generate` learns them from corpus.tsv and own.tsv: hits in
// lines of our own, each marked ⟦so⟧, with + where the host means it and - where
// he does not. The gather command wrote the first by reading the labelled lines of
// ../testdata as if no exemption held; it is kept, so that what is learned
// does not change with every rule.
//
// The package is pure and may be used by many goroutines. What its readings are
// worth is for package claims to say: it only lets hits go.
package meant
