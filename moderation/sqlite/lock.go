package sqlite

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// errLocked is what lockFile returns when another process holds the lock.
var errLocked = errors.New("locked")

// takeLock takes the writer's lock of the database at path and writes into it
// who holds it, for the next one who asks.
func takeLock(path string) (*os.File, error) {
	name := path + ".lock"
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock %s for writing: %w", path, err)
	}
	if err := lockFile(f); err != nil {
		holder := readHolder(f)
		_ = f.Close()
		if errors.Is(err, errLocked) {
			return nil, fmt.Errorf("%s is being written by %s: close that one, or name another database file", path, holder)
		}
		return nil, fmt.Errorf("lock %s for writing: %w", name, err)
	}
	host, err := os.Hostname()
	if err != nil {
		host = "this machine"
	}
	who := fmt.Sprintf("process %d on %s\n", os.Getpid(), host)
	err = f.Truncate(0)
	if err == nil {
		_, err = f.WriteAt([]byte(who), 0)
	}
	if err != nil {
		_ = f.Close()
		return nil, fmt.Errorf("write %s: %w", name, err)
	}
	return f, nil
}

func readHolder(f *os.File) string {
	b, err := io.ReadAll(io.LimitReader(f, 200))
	who := strings.TrimSpace(string(b))
	if err != nil || who == "" {
		return "another process"
	}
	if info, err := f.Stat(); err == nil {
		who += " since " + info.ModTime().Format(time.DateTime)
	}
	return who
}

// Holder tells which process writes the record at path now; "" where none does. It
// takes the lock for a moment to know, and writes nothing.
func Holder(path string) (string, error) {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	f, err := os.OpenFile(path+".lock", os.O_RDWR, 0)
	switch {
	case errors.Is(err, os.ErrNotExist): // nobody ever wrote it
		return "", nil
	case err != nil:
		return "", fmt.Errorf("look who writes %s: %w", path, err)
	}
	defer func() { _ = f.Close() }() // gives the lock back
	err = lockFile(f)
	if errors.Is(err, errLocked) {
		return readHolder(f), nil
	}
	if err != nil {
		return "", fmt.Errorf("look who writes %s: %w", path, err)
	}
	return "", nil
}
