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
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/gorilla/websocket"
	"github.com/spf13/cobra"

	"liveroom/feed/feedtest"
	"liveroom/moderation/privacy"
)

// sinks tells of every command in every format that it prints how it is reached
// with hostile text. DB is a record full of it; FRAMES, LINES, SHEET, EXPORT, RULES,
// POLICY, BOOK, REPLIES and CONFIG are files full of it; OUT is a file to write.
// Words of a command line go through %s as they are. A sink that shows nothing of
// others' says why.
//
// The screen, with the window's title and everything a key opens, is drawn in tui
// (TestHostileTextMovesNothing); what goes to chat groups and webhooks is sent in
// moderation/notify and feed/post; the door's answers repeat nothing of a request
// (feed/door). There is no clipboard, no message bus and no SSH.
var sinks = map[string]struct {
	args  string
	not   string
	quiet string // why none of the text is to be seen in it
}{
	"bundle":               {args: "bundle 1 -o OUT --db DB --by 督导"},
	"cases jsonl":          {args: "cases --db DB --format jsonl"},
	"check jsonl":          {args: "check --facts SHEET --rules RULES --sku D0 --format jsonl LINES"},
	"check sarif":          {args: "check --facts SHEET --rules RULES --sku D0 --format sarif LINES"},
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
	"erase":                {args: "erase --db DB --buyer BUYER --reason WORDS --by WORDS --hold", quiet: "tells no name"},
	"doctor jsonl":         {args: "doctor --config BROKEN --format jsonl"},
	"doctor text":          {args: "doctor --config BROKEN --format text"},
	"events jsonl":         {args: "events --db DB --format jsonl"},
	"exposed jsonl":        {args: "exposed 1 --db DB --format jsonl", quiet: "of the case it tells numbers"},
	"exposed text":         {args: "exposed 1 --db DB --format text", quiet: "of the case it tells numbers"},
	"flags jsonl":          {args: "flags --db DB --format jsonl"},
	"import":               {args: "import EXPORT --room r1 --db DB --dry-run"},
	"orders jsonl":         {args: "orders --db DB --speech --format jsonl"},
	"payments jsonl":       {args: "payments --db DB --check --format jsonl", quiet: "nobody proposed to pay"},
	"payments text":        {args: "payments --db DB --check --format text", quiet: "nobody proposed to pay"},
	"policy":               {not: "names its commands"},
	"rules":                {not: "names its commands"},
	"policy ask jsonl":     {args: "policy ask --db DB --case 1 --format jsonl"},
	"policy ask text":      {args: "policy ask --db DB --case 1 --format text"},
	"policy facts":         {not: "lists what we wrote"},
	"policy show jsonl":    {args: "policy show --policies POLICY --format jsonl"},
	"policy show text":     {args: "policy show --policies POLICY --format text"},
	"policy test jsonl":    {args: "policy test POLICY --format jsonl", quiet: "names the clause"},
	"policy test text":     {args: "policy test POLICY --format text", quiet: "names the clause"},
	"preflight jsonl":      {args: "preflight --config BROKEN --format jsonl"},
	"preflight text":       {args: "preflight --config BROKEN --format text"},
	"problems jsonl":       {args: "problems --db DB --format jsonl"},
	"qualifications jsonl": {args: "qualifications --facts SHEET --file BROKEN --format jsonl"},
	"qualifications text":  {args: "qualifications --facts SHEET --file BROKEN --format text"},
	"questions jsonl":      {args: "questions --db DB --format jsonl"},
	"record":               {args: "record --config CONFIG --room HOSTILE -o OUT"},
	"replay":               {args: "replay HOSTILE"},
	"replies jsonl":        {args: "replies --db DB --complaint 1 --replies REPLIES --format jsonl"},
	"replies text":         {args: "replies --db DB --complaint 1 --replies REPLIES --format text"},
	"report csv":           {args: "report --room r1 --db DB --format csv -o OUT"},
	"report html":          {args: "report --room r1 --db DB --format html"},
	"report jsonl":         {args: "report --room r1 --db DB --format jsonl"},
	"report xlsx":          {args: "report --room r1 --db DB --format xlsx -o OUT"},
	"retain":               {args: "retain --db DB --keep-days 9999 --reason WORDS --by WORDS", quiet: "tells numbers"},
	"risk jsonl":           {args: "risk --db DB --all --format jsonl", quiet: "no order of the record is suspect"},
	"risk text":            {args: "risk --db DB --all --format text", quiet: "no order of the record is suspect"},
	"risk rules jsonl":     {not: "lists what we wrote"},
	"risk rules text":      {not: "lists what we wrote"},
	"rules backtest jsonl": {args: "rules backtest --db DB --rules RULES --format jsonl"},
	"rules backtest text":  {args: "rules backtest --db DB --rules RULES --format text"},
	"rules test":           {args: "rules test RULES", quiet: "tells how many failed"},
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

// hostileEvents puts a text wherever a source can put one.
func hostileEvents(i int, h string) []string {
	type m = map[string]any
	user := m{"id": fmt.Sprint("u", i, h), "name": h}
	product := m{"id": fmt.Sprint("D", i), "title": h, "price_fen": 12900, "stock": 1}
	order := m{"id": fmt.Sprint("LR88", i, h), "status": "paid", "qty": 1, "amount_fen": 12900, "paid_fen": 12900, "address_hash": h, "device": h, "created_at": "2026-11-20T12:00:30Z", "paid_at": "2026-11-20T12:00:35Z"}
	var out []string
	for n, e := range []struct {
		typ  string
		data m
	}{
		{"chat", m{"user": user, "text": h}},
		{"product", m{"product": product, "text": h}},
		{"transcript", m{"user": m{"id": "h1", "name": h, "role": "host"}, "text": "这是全网第一的纯羊毛围巾" + h, "utterance": fmt.Sprint("u", i, h), "final": true}},
		{"chat", m{"user": user, "text": "会起球吗" + h}},
		{"order", m{"user": user, "product": m{"id": fmt.Sprint("D", i)}, "order": order, "text": h}},
		{"complaint", m{"user": user, "product": m{"id": "D0"}, "order": m{"id": order["id"]}, "text": "掉毛" + h, "channel": h}},
		{"gift", m{"user": user, "text": h, "gift": m{"count": 1}}},
		{"system", m{"code": "notice", "text": h, "severity": h}},
	} {
		b, err := json.Marshal(m{
			"specversion": "1.0", "source": "/s" + h, "subject": "r1", "type": "liveroom." + e.typ + ".v1", "id": fmt.Sprint(i, ".", n, h),
			"time": time.Date(2026, 11, 20, 12, 0, i, n, time.UTC).Format(time.RFC3339Nano), "data": e.data,
		}, jsontext.AllowInvalidUTF8(true))
		if err != nil {
			panic(err)
		}
		out = append(out, string(b))
	}
	return out
}

// A hostileHouse is a folder with a record and files that are full of texts.
type hostileHouse struct {
	dir, said string
	texts     []string
}

func openHostileHouse(t *testing.T, texts []string) *hostileHouse {
	t.Helper()
	h := &hostileHouse{dir: t.TempDir(), texts: texts}
	var frames []string
	for i, s := range texts {
		frames = append(frames, hostileEvents(i, s)...)
		frames = append(frames, s, `{"specversion":"`+s+`"}`)
	}
	url := peer(t, func(c *websocket.Conn) {
		for _, f := range frames {
			if err := c.WriteMessage(websocket.TextMessage, []byte(f)); err != nil {
				return
			}
		}
	})
	h.write(t, "liveroom.toml", fmt.Sprintf("[[room]]\nid = \"r1\"\n[[room.source]]\nprotocol = \"cloudevent\"\nurl = %q\n", url))
	out, said, code := tell("collect", "--once", "--config", h.path("liveroom.toml"))
	if code != exitDone {
		t.Fatalf("collect: %d %s%s", code, out, said)
	}
	h.said = out + said
	workOn(t, h.path("liveroom.db"), fmt.Sprint("LR880", texts[0]), words, words)
	return h
}

func (h *hostileHouse) path(name string) string { return filepath.Join(h.dir, name) }

func (h *hostileHouse) write(t *testing.T, name, text string) string {
	t.Helper()
	if err := os.WriteFile(h.path(name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return h.path(name)
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

// together is one word of a command line that has the worst of all.
const (
	words    = "甲\x1b[2J\x1b]0;x\x07\u009b31m\u202e乙\nliveroom: forged\r\u200b\u2028\x7f丙"
	together = words + "\xff"
)

// lay writes the files that commands read.
func (h *hostileHouse) lay(t *testing.T) *strings.Replacer {
	t.Helper()
	var frames, lines, sheet, export strings.Builder
	sheet.WriteString("sku,name,category,material,price,promises\n")
	export.WriteString("工单号,商品编码,投诉内容,时间,渠道,收货地址\n")
	cell := func(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }
	for i, s := range h.texts {
		for _, e := range hostileEvents(i, s) {
			frames.WriteString(e + "\n" + strings.NewReplacer("\n", "", "\r", "").Replace(s) + "\n")
		}
		valid := strings.ToValidUTF8(s, "?")
		lines.WriteString("这是全网第一的纯羊毛围巾" + valid + "\n")
		if utf8.RuneCountInString(valid) > 150 {
			continue // is refused for its length
		}
		fmt.Fprintf(&sheet, "D%d,%s,apparel,羊毛60%%;腈纶40%%,99,%s\n", i, cell(fmt.Sprint("围巾", i, valid)), cell(valid))
		fmt.Fprintf(&export, "%s,D%d,%s,2026-11-20 20:00,%s,%s\n", cell(fmt.Sprint(i, valid)), i, cell("不是纯羊毛"+valid), cell(valid), cell(valid))
	}
	return strings.NewReplacer(
		"FRAMES", h.write(t, "frames.jsonl", frames.String()), "LINES", h.write(t, "lines.txt", lines.String()),
		"SHEET", h.write(t, "sheet.csv", sheet.String()), "EXPORT", h.write(t, "export.csv", export.String()),
		"RULES", h.write(t, "rules.toml", evil(`
[[rule]]
id = "house.scarf"
state = "on"
category = "absolute"
verdict = "unsupported"
severity = "high"
terms = ["羊毛围巾"]
source = EVIL
checked = 2026-11-20
why = EVIL
suggest = EVIL
hit = ["这是羊毛围巾", "羊毛围巾来了"]
miss = ["这是棉袜", "今天有三款"]
`)),
		"POLICY", h.write(t, "policy.toml", evil(`
id = "house.gift"
kind = "compensation"
title = EVIL
title_en = EVIL
source = EVIL
checked = 2026-11-20
[[clause]]
id = "2.1"
effect = "requires"
text = EVIL
text_en = EVIL
when = "claim.confirmed"
holds = [{ claim.confirmed = true }]
fails = [{ claim.confirmed = true }]
[[example]]
name = EVIL
facts = { claim.confirmed = true }
standing = "granted"
`)),
		"REPLIES", h.write(t, "replies.toml", evil(`
[[reply]]
id = "late.apology"
types = ["quality"]
title = { zh = EVIL, en = EVIL }
text = { zh = EVIL, en = EVIL }
`)),
		"BROKEN", h.write(t, "broken.toml", evil("[[EVIL]]\nEVIL = EVIL\n")),
		"CONFIG", h.path("liveroom.toml"), "DB", h.path("liveroom.db"), "OUT", h.path("out"), "HOSTILE", together, "WORDS", words, "BUYER", "u1"+h.texts[1],
	)
}

// evil puts the worst of all where a file says EVIL, escaped as TOML wants it.
func evil(file string) string {
	var b strings.Builder
	for _, r := range words {
		fmt.Fprintf(&b, "\\U%08X", r)
	}
	return strings.ReplaceAll(file, "EVIL", `"`+b.String()+`"`)
}

// evidence are the files of a bundle that hold what came as it came.
var evidence = regexp.MustCompile(`^(frames/|rows/|evidence\.json$)`)

// traces of hostile text show that it reached the sink.
var traces = regexp.MustCompile(`红衣|forged|通过|u001b|␛|加微信`)

// TestHostileTextLeavesNoSink drives every sink with a record, files and words that
// are full of hostile text: nothing that a terminal would obey comes out, on either
// stream or in a file, and nobody's text makes a row.
func TestHostileTextLeavesNoSink(t *testing.T) {
	if testing.Short() {
		t.Skip("drives every command: the whole run does")
	}
	h := openHostileHouse(t, feedtest.HostileTexts(t, 2000))
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
			out, said, code := tell(args...)
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
			if seen := traces.MatchString(shown); seen == (s.quiet != "") {
				t.Errorf("exit %d: hostile text seen: %v (%s)\n%.500q", code, seen, s.quiet, shown)
			}
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

// checkWhole reads the chat back: every text is what was said, but for what is
// personal and bytes that are no UTF-8.
func (h *hostileHouse) checkWhole(t *testing.T) {
	out, said, code := tell("events", "--db", h.path("liveroom.db"), "--query", "kind:chat")
	if code != exitDone {
		t.Fatal(said)
	}
	kept := map[string]bool{}
	for line := range strings.Lines(out) {
		var e struct {
			Text string `json:"text"`
		}
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatal(err)
		}
		kept[e.Text] = true
	}
	for _, s := range h.texts {
		if !utf8.ValidString(s) {
			continue // its frames are refused, and told of
		}
		if !kept[privacy.Text(s)] {
			t.Errorf("%.100q is not listed as it was said", s)
		}
	}
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
