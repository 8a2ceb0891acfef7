// Package learn fits linear models to texts of our own and keeps them as tables
// of whole numbers.
//
// A text is a set of cues: what stands in it, each with a name. Learning gives
// every cue a weight for every kind of text, by softmax regression without
// anything random in it: the same texts give the same weights, up to the last
// digit on machines that multiply and add in one step. Weights are stored as
// thousandths of a logarithm of odds, so that what is summed and compared at run
// time is exact and the same on every machine.
//
// The package is pure: no IO, no clock, no goroutine. Which texts show which
// cues is the caller's business.
package learn
