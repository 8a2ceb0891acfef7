package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(measureEnv); dir != "" {
		if err := measure(dir); err != nil {
			os.Stderr.WriteString(err.Error())
			os.Exit(2)
		}
		os.Exit(0)
	}
	// What a screen remembers of a person must not come from another test, nor
	// from whoever runs them.
	os.Setenv("XDG_STATE_HOME", filepath.Join(os.TempDir(), fmt.Sprint("liveroom-state-", os.Getpid())))
	testscript.Main(tidy{m}, map[string]func(){
		"liveroom": func() { os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) },
	})
}

// tidy takes away what the tests of a run share: a built program is large, and
// hundreds of them fill a disk.
type tidy struct{ *testing.M }

func (t tidy) Run() int {
	code := t.M.Run()
	_ = os.RemoveAll(os.Getenv("XDG_STATE_HOME"))
	if builtIn != "" {
		_ = os.RemoveAll(builtIn)
	}
	return code
}

// builtIn is the folder of the built program.
var builtIn string

func TestCommands(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			root, err := filepath.Abs("../..")
			if err != nil {
				return err
			}
			e.Setenv("ROOT", root)
			e.Setenv("LANG", "en_US.UTF-8")
			return nil
		},
	})
}

var buildOnce = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "liveroom-built")
	if err != nil {
		return "", err
	}
	builtIn = dir
	bin := filepath.Join(dir, "liveroom")
	out, err := exec.Command("go", "build", "-o", bin, ".").CombinedOutput()
	if err != nil {
		return "", &buildError{string(out)}
	}
	return bin, nil
})

type buildError struct{ out string }

func (e *buildError) Error() string { return "go build: " + e.out }

// built is the program as a user has it.
func built(t *testing.T) string {
	t.Helper()
	bin, err := buildOnce()
	if err != nil {
		t.Fatal(err)
	}
	return bin
}

// needs skips where a tool is missing on a laptop, and fails in CI.
func needs(t *testing.T, tool string) {
	t.Helper()
	if _, err := exec.LookPath(tool); err == nil {
		return
	}
	if os.Getenv("CI") != "" {
		t.Fatalf("%s is missing: CI installs it", tool)
	}
	t.Skipf("SKIPPED: %s is not installed, so this promise was not tested here", tool)
}
