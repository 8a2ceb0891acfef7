// Package quantity reads amounts out of folded text: Chinese and English
// numerals, units, money, shares, discounts, and the bounds around them.
//
// Everything is an interval of scaled integers (see Dim); nothing here uses
// floating point. Scan is pure, appends to a slice the caller gives and
// allocates nothing else, so it may run on a hot path and from many
// goroutines at once.
package quantity
