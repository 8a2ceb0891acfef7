package tomldoc_test

import (
	"fmt"
	"strings"
	"testing"

	"liveroom/claims/tomldoc"
)

const file = `# a comment with [brackets] and "quotes"
title = "a # is no comment"

[[rule]]
id = "one"
terms = [
  "甲", # first
  "乙",
]
scope = { rooms = ["r"], skusx = [] }
long = """
id = "not a key"
"""
hit = [ "plain",
  { text = "table", skuu = "S1" } ]

[[rule.exempt]]
phrase = "p"
resaon = "typed wrong"

[[rule]]
id = 'two'
"quoted key" = 1
idd = "three"
checked = 2026-11-20
`

func TestMistakesHaveTheirLine(t *testing.T) {
	d, err := tomldoc.Open("f.toml", []byte(file))
	if err != nil {
		t.Fatal(err)
	}
	d.Root().Text("title")
	for _, r := range d.Root().Tables("rule") {
		r.Know("id", "checked", "long")
		r.Texts("terms")
		if s := r.Table("scope"); s != nil {
			s.Know("rooms", "skus")
		}
		for _, item := range r.Items("hit") {
			if item.Table != nil {
				item.Table.Know("text", "sku")
			}
		}
		for _, e := range r.Tables("exempt") {
			e.Know("phrase", "reason")
		}
		if got, want := r.Day("checked"), "2026-11-20"; r.Has("checked") && got != want {
			t.Errorf("day %q", got)
		}
	}
	var got []string
	for _, m := range d.Mistakes() {
		got = append(got, m.Error())
	}
	want := []string{
		`f.toml:10: unknown key "skusx"; did you mean "skus"?`,
		`f.toml:15: unknown key "skuu"; did you mean "sku"?`,
		`f.toml:19: unknown key "resaon"; did you mean "reason"?`,
		`f.toml:23: unknown key "quoted key"; known here: checked, exempt, hit, id, long, scope, terms`,
		`f.toml:24: unknown key "idd"; did you mean "id"?`,
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestValuesOfAnotherKindAreMistakes(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"a = 1", "f:1: a: text in quotes, \"…\", is expected, not a number"},
		{"\nlist = \"x\"", "f:2: list: a list in brackets, [\"…\", \"…\"], is expected, not text"},
		{"list = [1]", "f:1: list: text in quotes is expected, not a number"},
		{"list = [\n\"\"]", "f:2: list: text in quotes is expected, not empty text"},
		{"[tab]", "f:1: tab: write [[tab]] with two brackets: there can be several"},
		{"sub = 3", "f:1: sub: a table, { … }, is expected, not a number"},
		{"n = 11", "f:1: n: a whole number from 0 to 10 is expected"},
		{"n = \"1\"", "f:1: n: a whole number from 0 to 10 is expected"},
		{"b = \"true\"", "f:1: b: true or false is expected, not text"},
		{"day = \"soon\"", "f:1: day: a day such as 2026-11-20 is expected"},
	} {
		d, err := tomldoc.Open("f", []byte(c.text))
		if err != nil {
			t.Fatal(err)
		}
		r := d.Root()
		r.Text("a")
		r.Texts("list")
		r.Tables("tab")
		r.Table("sub")
		r.Int("n", 0, 10)
		r.Bool("b")
		r.Day("day")
		if got := fmt.Sprint(d.Mistakes()); got != "["+c.want+"]" {
			t.Errorf("%q: got %s, want %s", c.text, got, c.want)
		}
	}
}

func TestWhatIsNoTOML(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"a = 1\nb = = 2", "f:2: "},
		{"a = \"\xff\"", "f:1: text in UTF-8"},
	} {
		if _, err := tomldoc.Open("f", []byte(c.text)); err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%q: %v, want %s", c.text, err, c.want)
		}
	}
}

func FuzzOpen(f *testing.F) {
	f.Add(file)
	f.Add("a = [[{b = {c = [\"]\"]}}]]\n[x.\"y.z\"]\nq = '''\n'''")
	f.Fuzz(func(t *testing.T, text string) {
		d, err := tomldoc.Open("f", []byte(text))
		if err != nil {
			return
		}
		lines := strings.Count(text, "\n") + 1
		for _, m := range d.Mistakes() {
			if m.Line < 1 || m.Line > lines {
				t.Errorf("a mistake on line %d of %d: %s", m.Line, lines, m.Text)
			}
		}
	})
}
