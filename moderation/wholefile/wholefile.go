// Package wholefile writes files whole or not at all.
//
// Whoever reads the path finds what was there before or all of what was
// written, whatever is cut off in between; what is there has reached the disk
// when Write returns without an error. A link stays a link: the file behind it is
// replaced. Two writers at once are no danger to the file; the later one stays.
package wholefile

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"liveroom/feed"
)

// Write writes a file. One that was there keeps its permissions, a new one gets
// perm.
func Write(path string, perm fs.FileMode, write func(io.Writer) error) error {
	if behind, err := filepath.EvalSymlinks(path); err == nil {
		path = behind
	}
	if info, err := os.Stat(path); err == nil {
		perm = info.Mode().Perm()
	}
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return fmt.Errorf("write %s: %w", feed.Sanitise(path), err)
	}
	err = write(f)
	if err == nil {
		err = f.Chmod(perm)
	}
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("write %s: %w", feed.Sanitise(path), err), os.Remove(f.Name()))
	}
	return nil
}
