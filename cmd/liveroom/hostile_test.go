package main

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/spf13/cobra"

	"liveroom/feed"
	"liveroom/feed/feedtest"
	"liveroom/moderation/privacy"
)

// A sink is a command in one of its formats.
type sink struct {
	args string
	not  string // why it shows nothing that others say
	// What of the strings is to be seen in it, where that is not each of them. A sink
	// that shows fewer than it can proves nothing of the others.
	words string // why only WORDS is
	quiet string // why nothing is
	some  int    // at least so many are, or half of them where the shared list is absent
	tails int    // of the orders that end as the strings do, at least so many; -1: each
	short bool   // those that a cell of a sheet takes
}

// sinks tells of every command in every format that it prints how it is reached
// with hostile text. DB is a record full of it, and INCIDENT a case of it that
// everything is bound to; FRAMES, LINES, SHEET and EXPORT are files full of it; RULES,
// UNRULY, POLICY, LICENCES, REPLIES and BROKEN are files that say WORDS, as BUYER,
// HOSTILE and WORDS on a command line do; OUT is a file to write.
//
// The screen, with the window's title and everything a key opens, is drawn in tui
// (TestHostileTextMovesNothing); what goes to chat groups and webhooks is sent in
// moderation/notify and feed/post; the door's answers repeat nothing of a request
// (feed/door). There is no clipboard, no message bus and no SSH.
var sinks = map[string]sink{
	"bundle":               {args: "bundle INCIDENT -o OUT --db DB --by 督导"},
	"cases jsonl":          {args: "cases --db DB --format jsonl"},
	"check jsonl":          {args: "check --facts SHEET --rules RULES --sku D0 --format jsonl LINES", words: "quotes what was found"},
	"check sarif":          {args: "check --facts SHEET --rules RULES --sku D0 --format sarif LINES", words: "quotes what was found"},
	"check text":           {args: "check --facts SHEET --rules RULES --sku D0 --format text LINES"},
	"clocks jsonl":         {args: "clocks --db DB --days --format jsonl"},
	"clocks text":          {args: "clocks --db DB --days --format text"},
	"collect":              {not: "what it says is read while the record is made"},
	"complaints jsonl":     {args: "complaints --db DB --format jsonl"},
	"console":              {not: "is the screen"},
	"decode":               {args: "decode cloudevent FRAMES"},
	"demo":                 {not: "plays a broadcast of its own, on the screen"},
	"effects jsonl":        {args: "effects --db DB --format jsonl"},
	"effects text":         {args: "effects --db DB --format text"},
	"effects retry jsonl":  {not: "prints the rows that effects prints"},
	"effects retry text":   {not: "prints the lines that effects prints"},
	"erase":                {args: "erase --db DB --buyer BUYER --reason WORDS --by WORDS --hold", quiet: "tells no name"},
	"doctor jsonl":         {args: "doctor --config BROKEN --format jsonl", words: "of a file with a mistake it tells the first"},
	"doctor text":          {args: "doctor --config BROKEN --format text", words: "of a file with a mistake it tells the first"},
	"events jsonl":         {args: "events --db DB --format jsonl"},
	"exposed jsonl":        {args: "exposed 1 --db DB --format jsonl", tails: -1, quiet: "of what was said it tells what was found"},
	"exposed text":         {args: "exposed 1 --db DB --format text", tails: 10, quiet: "of what was said it tells what was found"},
	"flags jsonl":          {args: "flags --db DB --format jsonl"},
	"import":               {args: "import EXPORT --room r1 --db DB --dry-run", short: true},
	"orders jsonl":         {args: "orders --db DB --speech --format jsonl", tails: -1},
	"payments jsonl":       {args: "payments --db DB --check --format jsonl"},
	"payments text":        {args: "payments --db DB --check --format text"},
	"policy":               {not: "names its commands"},
	"rules":                {not: "names its commands"},
	"policy ask jsonl":     {args: "policy ask --policies POLICY --db DB --case INCIDENT --format jsonl", tails: -1, words: "shows a file"},
	"policy ask text":      {args: "policy ask --policies POLICY --db DB --case INCIDENT --format text", tails: -1, words: "shows a file"},
	"policy facts":         {not: "lists what we wrote"},
	"policy show jsonl":    {args: "policy show --policies POLICY --format jsonl", words: "shows files"},
	"policy show text":     {args: "policy show --policies POLICY --format text", words: "shows files"},
	"policy test jsonl":    {args: "policy test POLICY --format jsonl", words: "shows files"},
	"policy test text":     {args: "policy test POLICY --format text", words: "shows files"},
	"preflight jsonl":      {args: "preflight --config BROKEN --format jsonl", words: "of a file with a mistake it tells the first"},
	"preflight text":       {args: "preflight --config BROKEN --format text", words: "of a file with a mistake it tells the first"},
	"problems jsonl":       {args: "problems --db DB --format jsonl"},
	"qualifications jsonl": {args: "qualifications --facts SHEET --file LICENCES --format jsonl", words: "names licences; goods by their number"},
	"qualifications text":  {args: "qualifications --facts SHEET --file LICENCES --format text", short: true},
	"questions jsonl":      {args: "questions --db DB --format jsonl", some: 100},
	"record":               {args: "record --config CONFIG --room HOSTILE -o OUT", words: "names a room"},
	"replay":               {args: "replay HOSTILE", words: "names a file"},
	"replies jsonl":        {args: "replies --db DB --complaint 1 --replies REPLIES --format jsonl", words: "shows a file"},
	"replies text":         {args: "replies --db DB --complaint 1 --replies REPLIES --format text", words: "shows a file"},
	"report csv":           {args: "report --room r1 --db DB --format csv -o OUT"},
	"report html":          {args: "report --room r1 --db DB --format html"},
	"report jsonl":         {args: "report --room r1 --db DB --format jsonl"},
	"report xlsx":          {args: "report --room r1 --db DB --format xlsx -o OUT"},
	"retain":               {args: "retain --db DB --keep-days 9999 --reason WORDS --by WORDS", quiet: "tells numbers"},
	"risk jsonl":           {args: "risk --db DB --all --format jsonl"},
	"risk text":            {args: "risk --db DB --all --format text"},
	"risk rules jsonl":     {not: "lists what we wrote"},
	"risk rules text":      {not: "lists what we wrote"},
	"rules backtest jsonl": {args: "rules backtest --db DB --rules RULES --format jsonl"},
	"rules backtest text":  {args: "rules backtest --db DB --rules RULES --format text", some: 40},
	"rules test":           {args: "rules test UNRULY", words: "shows a file"},
	"spotcheck jsonl":      {args: "spotcheck --db DB --format jsonl", quiet: "tells numbers"},
	"spotcheck text":       {args: "spotcheck --db DB --format text", quiet: "tells numbers"},
	"triage jsonl":         {args: "triage --format jsonl LINES", quiet: "gives our own words for why, of what it found"},
	"triage text":          {args: "triage --format text LINES"},
	"verify":               {args: "verify --db DB", quiet: "tells hashes"},
	"violations csv":       {args: "violations --db DB --format csv"},
	"violations jsonl":     {args: "violations --db DB --format jsonl"},
}

// formats are the words by which --format is told what it takes.
var formats = regexp.MustCompile(`\b(text|jsonl|sarif|html|csv|xlsx)\b`)

// sinksOf are the commands below cmd, once for each format.
func sinksOf(cmd *cobra.Command) []string {
	var out []string
	if cmd.Runnable() && cmd.HasParent() && !cmd.Hidden {
		name := strings.TrimPrefix(cmd.CommandPath(), "liveroom ")
		var of []string
		if f := cmd.LocalFlags().Lookup("format"); f != nil {
			usage, _, _ := strings.Cut(f.Usage, "(")
			of = formats.FindAllString(usage, -1)
		}
		if len(of) == 0 {
			out = append(out, name)
		}
		for _, format := range of {
			out = append(out, name+" "+format)
		}
	}
	for _, c := range cmd.Commands() {
		out = append(out, sinksOf(c)...)
	}
	return out
}

// TestEverySinkStandsInTheTable: a new command, or a new format of one, fails until
// it is told how hostile text reaches it.
func TestEverySinkStandsInTheTable(t *testing.T) {
	all := sinksOf(newRoot())
	for _, name := range all {
		if s, ok := sinks[name]; !ok || (s.args == "") == (s.not == "") {
			t.Errorf("%q does not stand in the table of sinks: say how to reach it, or why it shows nothing of others'", name)
		}
	}
	for name := range sinks {
		if !slices.Contains(all, name) {
			t.Errorf("%q stands in the table and is no command", name)
		}
	}
}

// tell runs the program.
func tell(args ...string) (out, said string, code int) {
	var o, e bytes.Buffer
	code = run(args, strings.NewReader(""), &o, &e)
	return o.String(), e.String(), code
}

// unfit finds what a terminal or a reader must never be given.
func unfit(text string) (at int, found bool) {
	for i, r := range text {
		switch {
		case r == utf8.RuneError && !strings.HasPrefix(text[i:], "\uFFFD"):
		case r == '\n', r == '\uFEFF' && i == 0: // which a spreadsheet wants to know UTF-8 by
			continue
		case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point):
		default:
			continue
		}
		return i, true
	}
	return 0, false
}

func checkFit(t *testing.T, where, text string) {
	t.Helper()
	switch {
	case strings.HasSuffix(where, "csv"): // whose lines end so
		text = strings.ReplaceAll(text, "\r\n", "\n")
	case strings.HasSuffix(where, "html"), strings.HasSuffix(where, "sarif"):
		text = strings.ReplaceAll(text, "\t", " ")
	case strings.HasSuffix(where, "py"):
		return // is ours
	}
	for line := range strings.Lines(text) {
		if strings.HasPrefix(strings.TrimPrefix(line, "liveroom: "), "liveroom: forged") {
			t.Errorf("%s: somebody's text made a line of ours: %q", where, line)
		}
	}
	if at, found := unfit(text); found {
		t.Errorf("%s gives %+q, in %.200q", where, text[at:min(at+8, len(text))], text[max(0, at-80):min(len(text), at+80)])
	}
}

// evidence are the files of a bundle that hold what came as it came.
var evidence = regexp.MustCompile(`^(frames/|rows/|evidence\.json$)`)

// TestHostileTextLeavesNoSink drives every sink with a record, files and words that
// are full of hostile text: nothing that a terminal would obey comes out, on either
// stream or in a file, and nobody's text makes a row.
func TestHostileTextLeavesNoSink(t *testing.T) {
	if testing.Short() {
		t.Skip("drives every command: the whole run does")
	}
	h := openHostileHouse(t, feedtest.HostileTexts(t, 1000))
	checkFit(t, "collect", h.said)
	files := h.lay(t)
	for name, s := range sinks {
		if s.not != "" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			var args []string
			for _, word := range strings.Fields(s.args) {
				args = append(args, files.Replace(word))
			}
			out, said, _ := tell(args...)
			checkFit(t, name, out)
			checkFit(t, name+" (errors)", said)
			shown := out + said
			for path, text := range outFiles(t, h.path("out")) {
				if name == "bundle" && evidence.MatchString(path) {
					continue // evidence: the bytes as they came, which its hashes are of
				}
				checkFit(t, name+" in "+path, text)
				shown += text
			}
			h.checkSeen(t, s, shown)
			if strings.HasSuffix(name, "jsonl") || name == "decode" {
				for line := range strings.Lines(out) {
					if !jsontext.Value(line).IsValid() {
						t.Errorf("no JSON: %.300q", line)
					}
				}
			}
		})
	}
	t.Run("nothing is lost", func(t *testing.T) { h.checkWhole(t) })
}

// checkSeen tells whether a sink was reached by all that can reach it.
func (h *hostileHouse) checkSeen(t *testing.T, s sink, shown string) {
	t.Helper()
	seen := map[string]bool{}
	for _, m := range marks.FindAllStringSubmatch(shown, -1) {
		seen[m[1]] = true
	}
	if worst := strings.Contains(shown, "forged"); s.words != "" && !worst || s.quiet != "" && worst {
		t.Errorf("words to be seen: %v (%s%s)\n%.500q", worst, s.words, s.quiet, shown)
	}
	switch {
	case s.words != "", s.quiet != "":
		if len(seen) > 0 {
			t.Errorf("%d strings are to be seen: say so in the table (%s%s)\n%.500q", len(seen), s.words, s.quiet, shown)
		}
	case s.some > 0:
		if len(seen) < min(s.some, len(h.bare)/2) {
			t.Errorf("only %d strings are to be seen\n%.500q", len(seen), shown)
		}
	default:
		var missing []string
		for i, bare := range h.bare {
			if !seen[fmt.Sprint(i)] && !(s.short && tooLong(marked(i, bare))) {
				missing = append(missing, fmt.Sprintf("%.40q", bare))
			}
		}
		if len(missing) > 0 {
			t.Errorf("%d strings did not reach it: %.400s\n%.500q", len(missing), missing, shown)
		}
	}
	if s.tails == 0 {
		return
	}
	if tails := h.tails(t, shown); s.tails > tails.seen || s.tails < 0 && tails.seen < tails.of {
		t.Errorf("the ends of %d of %d orders are to be seen\n%.500q", tails.seen, tails.of, shown)
	}
}

// tails counts the orders whose number is to be seen, as far as it is shown.
func (h *hostileHouse) tails(t *testing.T, shown string) (n struct{ seen, of int }) {
	t.Helper()
	for i, bare := range h.bare {
		if !utf8.ValidString(bare) {
			continue // came as something else
		}
		tail := privacy.Order(order(i, bare))
		quoted, err := json.Marshal(tail)
		if err != nil {
			t.Fatal(err)
		}
		n.of++
		if strings.Contains(shown, feed.Sanitise(tail).String()) || strings.Contains(shown, string(feed.PlainJSON(quoted))) {
			n.seen++
		}
	}
	return n
}

// outFiles are what a command wrote to a file or folder, which is taken away.
func outFiles(t *testing.T, path string) map[string]string {
	t.Helper()
	defer os.RemoveAll(path)
	out := map[string]string{}
	if _, err := os.Stat(path); err != nil {
		return nil // it writes no file
	}
	err := filepath.WalkDir(path, func(p string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(string(b), "PK") {
			out[filepath.Base(p)] = string(b)
			return nil
		}
		z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range z.File {
			r, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			text, err := io.ReadAll(r)
			if err != nil {
				t.Fatal(err)
			}
			checkFit(t, "a file's name", f.Name)
			out[f.Name] = string(text)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}
