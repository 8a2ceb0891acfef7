// Package quantity reads amounts out of folded text: Chinese and English
// numerals, units, money, shares, discounts, and the bounds around them.
//
// Fractions and powers are read where nothing else can be meant: 三分之一, ½, 1/3
// and 1 1/2, 2^5, 1e3. In a shop 19.9/3 is a price a piece, so a number above
// a slash that is not smaller than the one below is no fraction.
//
// Everything is an interval of scaled integers (see Dim); nothing here uses
// floating point. A Reader is pure, appends to a slice the caller gives and
// allocates nothing else, so it may run on a hot path and from many
// goroutines at once. It takes time in proportion to the text.
package quantity
