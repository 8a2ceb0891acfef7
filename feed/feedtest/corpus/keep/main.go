// Command keep keeps, for one fuzz target, the fewest and shortest of the inputs
// that fuzzing found which together reach every block of the package that all of
// them reach: in testdata/NAME.corpus, which plain `go test` replays.
//
//	go run ./feed/feedtest/corpus/keep ./feed/twitch FuzzDecode
package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"liveroom/feed/feedtest/corpus"
)

// Bounds of what is kept for one target: `go test` replays all of it each time.
const (
	keptInputs = 200
	keptBytes  = 300 << 10
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "keep: name a package and a fuzz target: ./feed/twitch FuzzDecode")
		os.Exit(2)
	}
	if err := keep(context.Background(), os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "keep:", err)
		os.Exit(2)
	}
}

// An input is one line of a corpus, and which blocks of the package it reaches.
type input struct {
	line   string
	blocks []string
}

func keep(ctx context.Context, pkg, target string) error {
	dir, err := output(ctx, "", "go", "list", "-f", "{{.Dir}} {{.ImportPath}}", pkg)
	if err != nil {
		return err
	}
	folder, path, _ := strings.Cut(dir, " ")
	if _, err := os.Stat(filepath.Join(folder, corpus.File(target))); os.IsNotExist(err) {
		fmt.Printf("%s %s reads no corpus\n", path, target)
		return nil
	}
	cache, err := output(ctx, "", "go", "env", "GOCACHE")
	if err != nil {
		return err
	}
	work, err := os.MkdirTemp("", "keep")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(work) }()
	if _, err := output(ctx, "", "go", "test", "-c", "-cover", "-o", filepath.Join(work, "test"), pkg); err != nil {
		return err
	}
	lines, err := found(filepath.Join(folder, corpus.File(target)), filepath.Join(cache, "fuzz", path, target))
	if err != nil {
		return fmt.Errorf("%s %s: %w", path, target, err)
	}
	if err := os.MkdirAll(filepath.Join(work, "testdata", "fuzz", target), 0o700); err != nil {
		return err
	}
	// The target reads its corpus, which is not what reach runs it on.
	if err := os.WriteFile(filepath.Join(work, corpus.File(target)), []byte(lines[0]+"\n"), 0o600); err != nil {
		return err
	}
	var inputs []input
	for _, line := range lines {
		blocks, err := reach(ctx, work, target, line)
		if err != nil {
			return err
		}
		inputs = append(inputs, input{line, blocks})
	}
	kept := fewest(inputs)
	fmt.Printf("%s %s: %d of %d inputs kept\n", path, target, len(kept), len(lines))
	return os.WriteFile(filepath.Join(folder, corpus.File(target)), []byte(strings.Join(append(kept, ""), "\n")), 0o644)
}

// found are the inputs that were kept before and those of Go's own cache, the
// shortest first. There must be one: an empty corpus would pass for a kept one.
func found(file, cache string) ([]string, error) {
	b, err := os.ReadFile(file)
	if err != nil && !os.IsNotExist(err) {
		return nil, err
	}
	lines := strings.Split(string(b), "\n")
	entries, err := os.ReadDir(cache)
	if err != nil && !os.IsNotExist(err) {
		return nil, err
	}
	for _, e := range entries {
		b, err := os.ReadFile(filepath.Join(cache, e.Name()))
		if err != nil {
			return nil, err
		}
		args := strings.Split(strings.TrimSpace(string(b)), "\n")
		lines = append(lines, strings.Join(args[1:], "\t")) // the first says that it is a corpus
	}
	lines = slices.DeleteFunc(lines, func(s string) bool {
		_, err := corpus.Parse(s)
		return err != nil
	})
	slices.SortFunc(lines, func(a, b string) int {
		if len(a) != len(b) {
			return len(a) - len(b)
		}
		return strings.Compare(a, b)
	})
	if len(lines) == 0 {
		return nil, errors.New("there is nothing to keep: run make fuzz of this package first")
	}
	return slices.Compact(lines), nil
}

// reach runs the target on one input and tells which blocks it reached.
func reach(ctx context.Context, work, target, line string) ([]string, error) {
	in := filepath.Join(work, "testdata", "fuzz", target, "in")
	text := "go test fuzz v1\n" + strings.ReplaceAll(line, "\t", "\n") + "\n"
	if err := os.WriteFile(in, []byte(text), 0o600); err != nil {
		return nil, err
	}
	profile := filepath.Join(work, "profile")
	if _, err := output(ctx, work, filepath.Join(work, "test"), "-test.run=^"+target+"$/^in$", "-test.coverprofile="+profile); err != nil {
		return nil, fmt.Errorf("%s: %w", line, err)
	}
	b, err := os.ReadFile(profile)
	if err != nil {
		return nil, err
	}
	var blocks []string
	for row := range bytes.Lines(b) {
		if block, hit := bytes.CutSuffix(bytes.TrimSpace(row), []byte(" 1")); hit {
			blocks = append(blocks, string(block))
		}
	}
	return blocks, nil
}

// fewest takes, again and again, the input that reaches the most of what none
// before it reached, and then a sample of the others up to the bounds.
func fewest(inputs []input) []string {
	reached := map[string]bool{}
	var kept []string
	size := 0
	take := func(i int) {
		for _, b := range inputs[i].blocks {
			reached[b] = true
		}
		size += len(inputs[i].line)
		kept = append(kept, inputs[i].line)
		inputs = slices.Delete(inputs, i, i+1)
	}
	for {
		best, most := -1, 0
		for i, in := range inputs {
			n := 0
			for _, b := range in.blocks {
				if !reached[b] {
					n++
				}
			}
			if n > most {
				best, most = i, n
			}
		}
		if best < 0 {
			break
		}
		take(best)
	}
	// Blocks do not tell values apart: a sample of all lengths stands for the rest.
	rest, room := slices.Clone(inputs), min(max(keptInputs-len(kept), 0), len(inputs))
	for i := range room {
		if in := rest[i*len(rest)/room]; size+len(in.line) <= keptBytes {
			size += len(in.line)
			kept = append(kept, in.line)
		}
	}
	slices.Sort(kept)
	return kept
}

func output(ctx context.Context, dir, name string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	var complaints bytes.Buffer
	cmd.Stderr = &complaints
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%s: %w: %s%s", name, err, complaints.Bytes(), out)
	}
	return strings.TrimSpace(string(out)), nil
}
