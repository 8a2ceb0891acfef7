package main

import (
	"archive/zip"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// readsRecord tells how each command that is given a record is driven, so that
// what it prints and writes can be searched for canaries. OUT stands for a file
// that it writes, INCIDENT for the case that all is bound to. What it shows of the
// canaries, hidden as it should be, is asked for as well: a command that shows none
// would prove nothing. A command without arguments here does not tell what is in a
// record, for the reason given.
var readsRecord = map[string]struct {
	args  string
	not   string
	veils string // what is to be seen of the canaries, in words
	quiet string // why nothing is
}{
	"events":         {veils: "****-1 欧阳** 139****5678 110****1239 ****0123 p****@ 浙江省杭州市西湖区**** ****1107 ****1121"},
	"flags":          {veils: "139****5678"},
	"complaints":     {veils: "****-1 欧阳** 139****5678 110****1239 ****0123 p****@ 浙江省杭州市西湖区**** ****1107"},
	"problems":       {veils: "139****5678"},
	"questions":      {veils: "欧阳** 139****5678"},
	"orders":         {args: "--speech", veils: "****-1 欧阳** 139****5678 ****1107 ****1121"},
	"cases":          {veils: "****-1 ****-3 139****5678 ****1107 ****1121"},
	"effects":        {veils: "139****5678 ****1121"},
	"verify":         {quiet: "tells hashes"},
	"payments":       {args: "--check", veils: "139****5678 ****1107"},
	"policy ask":     {args: "--case INCIDENT", veils: "****1107"},
	"spotcheck":      {quiet: "tells numbers"},
	"exposed":        {args: "1 --format jsonl", veils: "****1131"},
	"violations":     {args: "--format csv", veils: "139****5678"},
	"risk":           {args: "--all", veils: "139****5678 ****-3 ****1121 ****ss ****ce"},
	"bundle":         {args: "INCIDENT -o OUT --by 督导", veils: "欧阳** 139****5678 110****1239 ****0123 ****1107"},
	"report":         {args: "--room r1 --format jsonl -o OUT", veils: "139****5678"},
	"clocks":         {args: "--days", veils: "139****5678"},
	"erase":          {args: "--buyer canary-1 --reason 保全 --by 督导 --hold", quiet: "tells no name"},
	"retain":         {args: "--keep-days 9999 --reason 到期 --by 督导", quiet: "tells numbers"},
	"demo":           {not: "plays a broadcast of its own"},
	"import":         {not: "writes a record; its listing is of the file that was given"},
	"replies":        {args: "--complaint 1", veils: "1107"},
	"rules backtest": {args: "--format jsonl --rules RULES", veils: "139****5678"},
}

// suspectEvents bring what else commands tell of: a call in the chat and orders that
// look like bad faith, an order that was paid after the host spoke, a question, and
// complaints of what was complained of before.
var suspectEvents = []string{
	`"type":"liveroom.chat.v1","id":"c2","data":{"user":{"id":"canary-3","name":"欧阳探针"},"text":"兄弟们都去拍了就退 打13912345678"}`,
	suspectOrder(1), suspectOrder(2), suspectOrder(3),
	reachedOrder(),
	`"type":"liveroom.chat.v1","id":"c3","data":{"user":{"id":"canary-1","name":"欧阳探针"},"text":"会起球吗 打13912345678告诉我"}`,
	`"type":"liveroom.complaint.v1","id":"k2","data":{"user":{"id":"canary-1","name":"欧阳探针"},"order":{"id":"LR9988001107"},"text":"掉毛！打13912345678"}`,
	`"type":"liveroom.complaint.v1","id":"k3","data":{"user":{"id":"canary-1","name":"欧阳探针"},"order":{"id":"LR9988001107"},"text":"掉毛！打13912345678"}`,
}

// suspectOrder is one of some orders to one address from one device.
func suspectOrder(n int) string {
	return fmt.Sprintf(`"type":"liveroom.order.v1","id":"order/LR998800112%[1]d/paid","data":{"user":{"id":"canary-3%[1]d","name":"欧阳探针"},"product":{"id":"D01"},"order":{"id":"LR998800112%[1]d","status":"paid","qty":1,"amount_fen":12900,"paid_fen":12900,"address_hash":"canary-address","device":"canary-device","created_at":"2026-11-20T12:00:30Z","paid_at":"2026-11-20T12:00:35Z"}}`, n)
}

// reachedOrder is paid later than the host's words can have come.
func reachedOrder() string {
	paid := time.Now().UTC().Add(20 * time.Minute).Format(time.RFC3339)
	return fmt.Sprintf(`"type":"liveroom.order.v1","id":"order/LR9988001131/paid","data":{"user":{"id":"canary-4","name":"欧阳探针"},"product":{"id":"D01"},"order":{"id":"LR9988001131","status":"paid","qty":1,"amount_fen":12900,"paid_fen":12900,"created_at":%[1]q,"paid_at":%[1]q}}`, paid)
}

// TestEveryCommandOnARecordHidesCanaries drives every command that can be given
// a record. A command that is new fails until it stands in the table.
func TestEveryCommandOnARecordHidesCanaries(t *testing.T) {
	db, _ := collectCanaries(t, slices.Concat(canaryEvents, suspectEvents))
	d := openDesk(t, db, strings.ReplaceAll(hostilePolicy, "EVIL", `"赠品补偿"`))
	for _, c := range d.risky() {
		d.holdBack(c, canaryReason)
	}
	incident := d.workOn(canaryReason)
	d.close()
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
		args := strings.Fields(strings.NewReplacer("OUT", out, "RULES", rules, "INCIDENT", fmt.Sprint(incident.ID)).Replace(name + " --db " + db + " " + how.args))
		said, err := exec.Command(built(t), args...).CombinedOutput()
		if err != nil && cmdExit(err) == exitError {
			t.Errorf("%s: %v: %s", name, err, said)
		}
		noCanary(t, name, string(said))
		shown := string(said)
		for file, text := range written(t, out) {
			noCanary(t, name+" in "+file, text)
			shown += text
		}
		checkVeils(t, name, how.veils, how.quiet, shown)
	}
}

// hidden is what is left of something personal.
var hidden = regexp.MustCompile(`\*{2,}`)

// checkVeils tells whether a command was reached by what it could have shown.
func checkVeils(t *testing.T, name, veils, quiet, shown string) {
	t.Helper()
	if (veils == "") == (quiet == "") || quiet != "" && hidden.MatchString(shown) {
		t.Errorf("%s: say in the table what it shows of the canaries, or why nothing:\n%s", name, shown)
	}
	for _, veil := range strings.Fields(veils) {
		if !strings.Contains(shown, veil) {
			t.Errorf("%s does not show %s, so that it proves nothing of what that hides:\n%.3000s", name, veil, shown)
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
