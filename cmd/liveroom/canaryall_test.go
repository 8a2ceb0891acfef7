package main

import (
	"archive/zip"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// readsRecord tells how each command that is given a record is driven, so that
// what it prints and writes can be searched for canaries. OUT stands for a file
// that it writes. A command without arguments here does not tell what is in a
// record, for the reason given.
var readsRecord = map[string]struct {
	args string
	not  string
}{
	"events":         {},
	"flags":          {},
	"complaints":     {},
	"problems":       {},
	"questions":      {},
	"orders":         {args: "--speech"},
	"cases":          {},
	"effects":        {},
	"verify":         {},
	"payments":       {args: "--check"},
	"policy ask":     {args: "--case 1"},
	"spotcheck":      {},
	"exposed":        {args: "1 --format jsonl"},
	"violations":     {args: "--format csv"},
	"risk":           {args: "--all"},
	"bundle":         {args: "1 -o OUT --by 督导"},
	"report":         {args: "--room r1 --format jsonl -o OUT"},
	"clocks":         {args: "--days"},
	"erase":          {args: "--buyer canary-1 --reason 保全 --by 督导 --hold"},
	"retain":         {args: "--keep-days 9999 --reason 到期 --by 督导"},
	"demo":           {not: "plays a broadcast of its own"},
	"import":         {not: "writes a record; its listing is of the file that was given"},
	"replies":        {args: "--complaint 1"},
	"rules backtest": {args: "--format jsonl --rules RULES"},
}

// TestEveryCommandOnARecordHidesCanaries drives every command that can be given
// a record. A command that is new fails until it stands in the table.
func TestEveryCommandOnARecordHidesCanaries(t *testing.T) {
	db, _ := canaryRecord(t)
	dir := filepath.Dir(db)
	rules := filepath.Join(dir, "rules.toml")
	if err := os.WriteFile(rules, []byte(canaryRule), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, cmd := range onARecord(newRoot()) {
		name := strings.TrimPrefix(cmd.CommandPath(), "liveroom ")
		how, ok := readsRecord[name]
		if !ok {
			t.Errorf("%q is given a record and does not stand in the table: say how to drive it", name)
			continue
		}
		if how.not != "" {
			continue
		}
		out := filepath.Join(dir, strings.ReplaceAll(name, " ", "-")+".out")
		args := strings.Fields(strings.NewReplacer("OUT", out, "RULES", rules).Replace(name + " --db " + db + " " + how.args))
		said, err := exec.Command(built(t), args...).CombinedOutput()
		if err != nil && cmdExit(err) == exitError {
			t.Errorf("%s: %v: %s", name, err, said)
		}
		noCanary(t, name, string(said))
		for file, text := range written(t, out) {
			noCanary(t, name+" in "+file, text)
		}
	}
}

// canaryRule makes a backtest tell of what the host said.
const canaryRule = `
[[rule]]
id = "house.scarf"
category = "absolute"
verdict = "unsupported"
severity = "high"
terms = ["羊毛围巾"]
source = "House rules, 1.1"
checked = 2026-11-20
why = "试一试"
suggest = "不说"
hit = ["这是羊毛围巾", "羊毛围巾来了"]
miss = ["这是棉袜", "今天有三款"]
`

func cmdExit(err error) int {
	if e, ok := err.(*exec.ExitError); ok { //nolint:errorlint // exec returns it bare
		return e.ExitCode()
	}
	return exitError
}

// onARecord are the commands below cmd that take --db.
func onARecord(cmd *cobra.Command) []*cobra.Command {
	var out []*cobra.Command
	has := false
	cmd.LocalFlags().VisitAll(func(f *pflag.Flag) { has = has || f.Name == "db" })
	if has && cmd.HasParent() {
		out = append(out, cmd)
	}
	for _, c := range cmd.Commands() {
		out = append(out, onARecord(c)...)
	}
	return out
}

// written is what a command wrote into the file, unpacked where it is a zip.
func written(t *testing.T, path string) map[string]string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		return nil
	}
	if !strings.HasPrefix(string(b), "PK") {
		return map[string]string{"it": string(b)}
	}
	out := map[string]string{}
	z, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	for _, f := range z.File {
		if f.Name == "verify.py" {
			continue // numbers of its own
		}
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		out[f.Name] = string(text)
	}
	if len(out) < 8 {
		t.Errorf("the bundle holds only %d files", len(out))
	}
	return out
}
