// Package imports reads what shops export, complaints and orders in CSV or XLSX,
// as events for the record.
//
// Which column holds what is data: a Map of headers to fields. Maps of platforms
// are built in, written after their documents and the exports people show; where
// a shop's differ, the user writes a map of their own. The map that knows a
// file's header best is taken, unless one is named.
//
// A file is read whole or not at all: every fault names its row and column, the
// value, and what is expected. An event's id follows from the row's own number,
// so that a file read twice, or two files that overlap, give each event once. A
// row becomes an event's raw bytes, but for the columns that no map reads: what
// the record has no use for, such as addresses, it does not keep.
//
// The package is pure: it knows no file, no clock and no record.
package imports
