package reply_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"liveroom/moderation/reply"
	"liveroom/moderation/triage"
)

// Every type of complaint has an answer of its own, and none promises money that
// was not granted: only {amount}, which a policy fills, names any.
func TestEveryComplaintHasAnAnswer(t *testing.T) {
	set := reply.Shipped()
	for _, k := range triage.Types {
		if k == triage.None || k == triage.Appeal {
			continue // no grievance; a case of its own
		}
		if own := set.For(k); len(own) == 0 || !slices.Contains(own[0].Types, k) {
			t.Errorf("no answer to %s", k)
		}
	}
	for _, a := range set.All() {
		for _, lang := range []string{"zh-CN", "en"} {
			if s := a.Text.In(lang); strings.ContainsAny(s, "¥￥0123456789") || len([]rune(s)) > 320 {
				t.Errorf("%s: names a figure, or is too long to read: %s", a.ID, s)
			}
		}
	}
}

func TestWhatIsNotKnownStaysInBraces(t *testing.T) {
	a, ok := reply.Shipped().Find("false_ad.granted")
	if !ok {
		t.Fatal("no such answer")
	}
	got, missing := a.Fill("en", map[string]string{reply.Order: "2776", reply.Product: "Scarf"})
	if !strings.Contains(got, "ending 2776") || !strings.Contains(got, "due {amount}") || !slices.Equal(missing, []string{reply.Policy, reply.Paid, reply.Amount}) {
		t.Errorf("%s\nmissing %v", got, missing)
	}
	if got, missing = a.Fill("zh-CN", map[string]string{
		reply.Order: "2776", reply.Product: "围巾{due}", reply.Paid: "299.00 元", reply.Amount: "299.00 元", reply.Policy: "实在宝",
	}); len(missing) != 0 || !strings.Contains(got, "围巾{due}") {
		t.Errorf("%s\nmissing %v", got, missing)
	}
}

func TestLoadNamesWhatIsWrong(t *testing.T) {
	whole := "[[reply]]\nid = \"a\"\ntitle = { zh = \"一\", en = \"one\" }\ntext = { zh = \"好\", en = \"well\" }\n"
	for _, c := range []struct{ text, want string }{
		{strings.Replace(whole, "好", "好{ordre}", 1), "mine.toml: reply \"a\": {ordre} is not known: one of {order}"},
		{strings.Replace(whole, "id = \"a\"", "", 1), "it has no id"},
		{strings.Replace(whole, "en = \"well\"", "en = \" \"", 1), "title and text need zh and en"},
		{whole + whole, "reply \"a\" stands twice"},
		{strings.Replace(whole, "id =", "types = [\"late\"]\nid =", 1), `types: "late" is no type of complaint`},
		{whole + "colour = 1\n", "reply.colour is not known"},
		{"[[reply]\n", "mine.toml: toml: line 2"},
	} {
		if _, err := reply.Load(reply.File{Name: "mine.toml", Text: []byte(c.text)}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v, want %q", c.text, err, c.want)
		}
	}
	set, err := reply.Load(reply.File{Name: "mine.toml", Text: []byte(strings.Replace(whole, `"a"`, `"late.apology"`, 1))})
	if err != nil {
		t.Fatal(err)
	}
	if a, _ := set.Find("late.apology"); a.Text.EN != "well" || len(set.All()) != len(reply.Shipped().All()) {
		t.Errorf("the user's own does not take the place of the shipped one: %+v", a)
	}
}

// What a template does beside answering is checked when it is loaded.
func TestThenIsWhatACaseCanTake(t *testing.T) {
	whole := "[[reply]]\nid = \"a\"\ntitle = { zh = \"一\", en = \"one\" }\ntext = { zh = \"好\", en = \"well\" }\nthen = { %s }\n"
	for _, c := range []struct{ then, want string }{
		{`state = "waiting", why = { zh = "等照片", en = "photos" }`, ""},
		{`note = { zh = "记", en = "note" }, assign = "Lin"`, ""},
		{`state = "closed"`, `then.state: "closed" is not known: in_review or waiting`},
		{`state = "waiting"`, "then.why: say what the case waits for"},
		{`state = "in_review", why = { zh = "一", en = "one" }`, `then.why goes with then.state = "waiting"`},
		{`assign = "Lin", escalate = { zh = "一", en = "one" }`, "assign and escalate exclude each other"},
		{`note = { zh = "记" }`, "need zh and en"},
	} {
		_, err := reply.Load(reply.File{Name: "mine.toml", Text: []byte(fmt.Sprintf(whole, c.then))})
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v, want %q", c.then, err, c.want)
		}
	}
	if got := reply.Unfilled("您好 {due} {nobody} {due} {order}"); !slices.Equal(got, []string{reply.Due, reply.Order}) {
		t.Errorf("unfilled are %v", got)
	}
}

func FuzzLoad(f *testing.F) {
	f.Add([]byte("[[reply]]\nid = \"a\"\n"))
	f.Fuzz(func(_ *testing.T, text []byte) { _, _ = reply.Load(reply.File{Name: "f", Text: text}) })
}
