package sqlite

import (
	"errors"
	"fmt"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// explain adds to an error of SQLite which file it is about and what to do.
func explain(path string, err error) error {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return err
	}
	var remedy string
	switch e.Code() & 0xff {
	case sqlite3.SQLITE_NOTADB:
		remedy = "it is not a database: name another database file"
	case sqlite3.SQLITE_CORRUPT:
		remedy = "the file is damaged: stop, copy it away, and restore the last backup"
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		remedy = "another program holds it locked: close that program"
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM:
		remedy = "it cannot be written: check the permissions of the file and of its folder"
	case sqlite3.SQLITE_CANTOPEN:
		remedy = "it cannot be opened: check that its folder exists and may be written"
	case sqlite3.SQLITE_FULL:
		remedy = "the disk is full: free some space"
	case sqlite3.SQLITE_IOERR:
		remedy = "the disk does not answer as it should: check it, and the space left on it"
	default:
		return fmt.Errorf("%s: %w", path, err)
	}
	return fmt.Errorf("%s: %s: %w", path, remedy, err)
}
