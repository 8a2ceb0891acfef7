// Package qualification tells which permits goods need before they are shown,
// which they have, and what they lack: a missing, expired or not yet approved
// one, or stock.
//
// A qualification stands in a file of the users' (a Book) and is shared by the
// products it names, or, more simply, in the licences of a product's row of the
// sheet; both count. Which class of goods needs what is data, shipped with
// source and check date, and users lay files of their own over it.
//
// The package is pure: no IO and no clock, the day is passed in. Books, Needs
// and Shelves never change once made and may be used by any number of
// goroutines.
package qualification
