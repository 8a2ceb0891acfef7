// Package likeness tells what a line reads like: which kind of claim, if any,
// in words that no list holds.
//
// A line is read as cues (cues.go): neighbouring characters, neighbouring
// sounds, words of families (families.tsv) that stand for each other, and one
// family after another. Every cue has a learned weight for every kind
// (weights.tsv), a whole number, so that a sum is the same on every machine.
// `go generate` learns the weights of each kind against all else from the lines
// in corpus, written for this purpose, and the labelled ones in
// ../testdata/author.
//
// Reading goes in two steps, because nearly every line claims nothing: Suspect
// sums one small number a pair of characters (gate.tsv) and lets most lines go;
// Read weighs the rest. Nearest names the line of the corpus that sounds most
// like what was said, as the reason a person is shown.
//
// The package is pure and knows nothing of goods: what its readings are worth is
// for the rules of package claims to say. It may be used by many goroutines.
package likeness
