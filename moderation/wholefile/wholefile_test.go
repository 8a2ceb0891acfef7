package wholefile_test

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"liveroom/moderation/wholefile"
)

func text(s string) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.WriteString(w, s)
		return err
	}
}

// TestAFileIsOldOrNew: what was there stays until all of the new one is, and a
// writer that fails leaves nothing behind.
func TestAFileIsOldOrNew(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "house.toml")
	if err := wholefile.Write(path, 0o640, text("one")); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, 0o604); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(dir, "link.toml")
	if err := os.Symlink("house.toml", link); err != nil {
		t.Fatal(err)
	}
	if err := wholefile.Write(link, 0o600, text("two")); err != nil {
		t.Fatal(err)
	}
	full := errors.New("full")
	err := wholefile.Write(path, 0o600, func(w io.Writer) error { return errors.Join(text("thr")(w), full) })
	if !errors.Is(err, full) || !strings.Contains(err.Error(), path) {
		t.Errorf("err = %v", err)
	}
	got, err := os.ReadFile(path)
	if err != nil || string(got) != "two" {
		t.Errorf("the file holds %q, %v", got, err)
	}
	info, err := os.Lstat(path)
	if err != nil || info.Mode() != fs.FileMode(0o604) {
		t.Errorf("its mode is %v, %v", info.Mode(), err)
	}
	if at, err := os.Readlink(link); err != nil || at != "house.toml" {
		t.Errorf("the link leads to %q, %v", at, err)
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 2 {
		t.Errorf("there are %v, %v", left, err)
	}
	if err := wholefile.Write(filepath.Join(dir, "no", "such"), 0o600, text("x")); err == nil {
		t.Error("a folder that is not there was written to")
	}
}
