package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"

	"liveroom/claims/tomldoc"
	"liveroom/moderation/policy"
)

// allShipped stands for every policy that the program brings along.
const allShipped = "all"

// shipped are the shipped policies that are in force, and the working days.
func (c PoliciesConfig) shipped() (*policy.Set, error) {
	set, err := policy.Shipped()
	if err != nil || len(c.Shipped) == 1 && c.Shipped[0] == allShipped {
		return set, err
	}
	only, err := set.Only(c.Shipped...)
	if err != nil {
		return nil, fmt.Errorf("%w (%q stands for all of them)", err, allShipped)
	}
	return only, nil
}

// policyFiles are the policies that the config puts in force.
func (c *Config) policyFiles() (*policyFiles, error) {
	base, err := c.Policies.shipped()
	if err != nil {
		return nil, err
	}
	f := &policyFiles{base: base}
	for _, name := range c.Policies.Files {
		f.paths = append(f.paths, c.beside(name))
	}
	return f, nil
}

// policyFiles are policy files and folders of the users' own, laid over a set.
// They are read again when they change; a mistake leaves the last good version
// in force.
type policyFiles struct {
	base  *policy.Set
	paths []string
	seen  map[string]stamp
}

// names lists the files, those of folders too.
func (f *policyFiles) names() ([]string, error) {
	var out []string
	for _, path := range f.paths {
		if info, err := os.Stat(path); err != nil || !info.IsDir() {
			out = append(out, path)
			continue
		}
		names, err := filepath.Glob(filepath.Join(path, "*.toml"))
		if err != nil {
			return nil, fmt.Errorf("open policy folder: %w", err)
		}
		if len(names) == 0 {
			return nil, fmt.Errorf("open policy folder: %s holds no .toml file", path)
		}
		out = append(out, names...)
	}
	return out, nil
}

// load reads the files and remembers how they were.
func (f *policyFiles) load() (*policy.Set, error) {
	f.seen = f.stamps()
	names, err := f.names()
	if err != nil || len(names) == 0 {
		return f.base, err
	}
	var files []tomldoc.File
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("open policy file: %w", err)
		}
		files = append(files, tomldoc.File{Name: name, Text: text})
	}
	return policy.Load(f.base, files...)
}

// stamps tell the files from what they were; a folder that cannot be listed has
// none.
func (f *policyFiles) stamps() map[string]stamp {
	out := map[string]stamp{}
	names, err := f.names()
	if err != nil {
		return out
	}
	for _, name := range names {
		out[name] = stampOf(name)
	}
	return out
}

// look reads the files again if they changed. A nil policyFiles has none.
func (f *policyFiles) look(use func(*policy.Set), warn func(topic, text string)) {
	if f == nil || maps.Equal(f.seen, f.stamps()) {
		return
	}
	set, err := f.load()
	if err == nil {
		use(set)
	}
	warn("policies", firstMistake(err))
}
