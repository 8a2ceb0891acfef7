// Package lexicon holds the words that claims are recognised by, with where
// each came from and when it was last checked, and finds them in folded text.
//
// The word lists are the TSV files beside this one, compiled in. A row is a
// concept: its name, its class, the surfaces it is said with (an underscore
// stands for a space), what else is known of it, its source and the day it was
// checked. Class and name together are its id and stay the same between
// versions; rules, exemptions and findings refer to it.
//
// A row of the class list holds words that code looks for itself where something
// else was found (ListOf); no matcher finds them, so they cost nothing on lines
// without. exemption.toml holds the conditions under which words raise nothing.
//
// A Matcher never changes after it is built and may be shared by goroutines.
package lexicon
