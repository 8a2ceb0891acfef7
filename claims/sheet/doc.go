// Package sheet is the product-fact sheet: what is true of the goods on sale.
//
// A sheet is read whole and then never changes, so it may be shared between
// goroutines. Load refuses a sheet with any error in it and lists every error
// it found; a caller that already has a good sheet keeps using that one.
package sheet
