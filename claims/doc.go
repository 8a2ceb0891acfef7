// Package claims holds what is said against what is true. It is pure: no IO,
// no clock, no goroutine.
package claims
