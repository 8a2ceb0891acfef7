// Package sqlite keeps the record in one SQLite file, through a translation of
// SQLite to Go: no C compiler and no library is needed.
//
// One goroutine writes. Updates wait in a queue; those that wait together share
// one commit, in the order they came, and are answered after it: a commit that
// fails fails them all, an fn that fails undoes only its own part. The file is
// in WAL mode with synchronous=FULL, so what Update reported as done survives a
// power cut, as far as the disk keeps what it was told to flush.
//
// Reads have connections of their own, see the last commit, and neither wait
// for the writer nor hold it up. Inside Update only the Tx may be written
// through, and reading through it shows its own changes.
//
// A lock beside the file (its name with .lock) keeps a second process from
// writing; readers in other processes need no lock. The lock ends with the
// process, however it ends.
//
// Times are integers, nanoseconds since 1970 in UTC, 0 for none; money is
// integer fen; lists are JSON.
package sqlite
