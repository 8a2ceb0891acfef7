package main

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"sync"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"liveroom/moderation/wholefile"
	"liveroom/tui"
)

// screenMemory keeps in a file how one person arranged the screen: one file a
// person, below the user's folder for what programs remember. A file that cannot
// be read is set aside under another name, so that nothing of it is lost.
type screenMemory struct {
	mu   sync.Mutex
	path string
	none error // why there is no place for it
}

// memoryOf is the memory of the person of that name.
func memoryOf(name string) *screenMemory {
	dir, err := stateDir()
	if err != nil {
		return &screenMemory{none: err}
	}
	return &screenMemory{path: filepath.Join(dir, memoryName(name))}
}

// memoryName is a file name of its own for every name of a person, on file
// systems too that know no case or no long names; its start can be read.
func memoryName(person string) string {
	readable := url.QueryEscape(person)
	return fmt.Sprintf("%s-%.6x.json", readable[:min(len(readable), 60)], sha256.Sum256([]byte(person)))
}

// stateDir is where the program keeps what it remembers of the user.
func stateDir() (string, error) {
	if dir := os.Getenv("XDG_STATE_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "liveroom"), nil
	}
	if runtime.GOOS != "linux" {
		if dir, err := os.UserConfigDir(); err == nil {
			return filepath.Join(dir, "liveroom"), nil
		}
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("find a folder for it: %w: set XDG_STATE_HOME", err)
	}
	return filepath.Join(home, ".local", "state", "liveroom"), nil
}

// maxMemory bounds what is read back: layouts and searches are some kilobytes.
const maxMemory = 1 << 20

// Load implements tui.Memory.
func (s *screenMemory) Load() (tui.Remembered, error) {
	var kept tui.Remembered
	if s.none != nil {
		return kept, s.none
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	data, err := os.ReadFile(s.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return kept, nil
	case err != nil:
		return kept, err
	case len(data) > maxMemory:
		err = fmt.Errorf("%s holds %d bytes, at most %d are read", s.path, len(data), maxMemory)
	default:
		err = json.Unmarshal(data, &kept)
	}
	if err == nil {
		return kept, nil
	}
	aside := s.path + ".broken"
	if moved := os.Rename(s.path, aside); moved != nil {
		return tui.Remembered{}, fmt.Errorf("%w; setting it aside: %w", err, moved)
	}
	return tui.Remembered{}, fmt.Errorf("%w; it was set aside as %s", err, aside)
}

// Save implements tui.Memory. Whoever is cut off finds the old file or the new
// one, never half of one.
func (s *screenMemory) Save(kept tui.Remembered) error {
	if s.none != nil {
		return s.none
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	data, err := json.Marshal(kept, jsontext.WithIndent("  "))
	if err != nil {
		return fmt.Errorf("write %s: %w", s.path, err)
	}
	if err := os.MkdirAll(filepath.Dir(s.path), 0o700); err != nil {
		return err
	}
	return wholefile.Write(s.path, 0o600, func(w io.Writer) error {
		_, err := w.Write(append(data, '\n'))
		return err
	})
}
