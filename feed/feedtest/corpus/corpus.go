// Package corpus keeps the messages that fuzzing found to matter.
//
// What is kept for a target stands in testdata/NAME.corpus of its package, one
// message a line, and Add gives it to the target, so that plain `go test` replays
// it. The command keep below this package writes those files out of what fuzzing
// found. An empty file replays nothing while it looks as if it did: it is an error,
// but for the fuzzing itself, which has to begin somewhere.
package corpus

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// File is where a target's messages are kept, in its package's folder.
func File(target string) string { return filepath.Join("testdata", target+".corpus") }

// Add adds what is kept for f.
func Add(f *testing.F) {
	f.Helper()
	b, err := os.ReadFile(File(f.Name()))
	if err != nil {
		f.Fatal(err)
	}
	fuzzing := flag.Lookup("test.fuzz")
	kept, err := read(b, fuzzing != nil && fuzzing.Value.String() != "")
	if err != nil {
		f.Fatalf("%s: %v", File(f.Name()), err)
	}
	for _, values := range kept {
		f.Add(values...)
	}
}

// read reads a whole corpus, which may be empty where fuzzing begins.
func read(b []byte, fuzzing bool) (kept [][]any, err error) {
	for line := range bytes.Lines(b) {
		values, err := Parse(strings.TrimSuffix(string(line), "\n"))
		if err != nil {
			return nil, err
		}
		kept = append(kept, values)
	}
	if len(kept) == 0 && !fuzzing {
		return nil, errors.New("nothing is kept: run make fuzz and then make corpus of this package")
	}
	return kept, nil
}

// Parse reads one line of a corpus: the arguments of the target as Go writes them
// in a corpus of its own, with tabs between.
func Parse(line string) ([]any, error) {
	var values []any
	for arg := range strings.SplitSeq(line, "\t") {
		typ, rest, _ := strings.Cut(arg, "(")
		text, ok := strings.CutSuffix(rest, ")")
		if !ok {
			return nil, fmt.Errorf("%q is no argument", arg)
		}
		v, err := value(typ, text)
		if err != nil {
			return nil, fmt.Errorf("%q: %w", arg, err)
		}
		values = append(values, v)
	}
	return values, nil
}

func value(typ, text string) (any, error) {
	switch typ {
	case "[]byte":
		s, err := strconv.Unquote(text)
		return []byte(s), err
	case "string":
		return strconv.Unquote(text)
	case "bool":
		return strconv.ParseBool(text)
	case "int":
		return strconv.Atoi(text)
	}
	return nil, fmt.Errorf("arguments of type %q are not supported", typ)
}
