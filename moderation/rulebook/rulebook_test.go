package rulebook_test

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"liveroom/claims"
	"liveroom/claims/rules"
	"liveroom/claims/sheet"
	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/moderation/backtest"
	"liveroom/moderation/rulebook"
	"liveroom/moderation/sqlite"
)

var start = time.Date(2026, 11, 20, 20, 0, 0, 0, time.FixedZone("CST", 8*3600))

const mine = "# 自己的规则，别动\n[[exempt]]\nrule = \"absolute.term\" # 节目名\nphrase = \"国家级剧场\"\nreason = \"节目名\"\nby = \"秉文\"\ndate = 2026-11-01\n"

// bookOf is a book of a file with the text.
func bookOf(t *testing.T, text string) (*rulebook.Book, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "house.toml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return rulebook.New([]string{path}, func() *sheet.Sheet { return nil }), path
}

func holds(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

var quiet = rules.Quieting{Rule: "absolute.term", Phrase: "国家级", Reason: "证书在册", By: "小周", Day: start}

var watch = rules.Watching{
	ID: "watch.effect.1", Category: claims.CategoryEffect, Verdict: claims.VerdictUnsupported, Severity: claims.SeverityMedium, Terms: []string{"逆天"},
	Why: "夸大", By: "小周", Day: start, Hit: []string{"用完皮肤状态逆天", "皮肤逆天"}, Miss: []string{"大家好"}, Viewer: []string{"逆天"},
}

func TestWhatIsAddedKeepsWhatStandsThere(t *testing.T) {
	b, path := bookOf(t, mine)
	for _, d := range []rules.Draft{quiet, watch} {
		if err := b.Fit(d.TOML()); err != nil {
			t.Fatal(err)
		}
		result, err := b.Carry(t.Context(), moderation.Effect{Target: path, Text: d.TOML()})
		if err != nil || !strings.HasPrefix(result, "rules ") {
			t.Fatalf("%q, %v", result, err)
		}
	}
	want := mine + "\n" + quiet.TOML() + "\n" + watch.TOML()
	if got := holds(t, path); got != want {
		t.Errorf("the file holds\n%s", got)
	}
	// The outbox carries twice what was cut off: the file takes it once.
	if _, err := b.Carry(t.Context(), moderation.Effect{Target: path, Text: quiet.TOML()}); err != nil || holds(t, path) != want {
		t.Errorf("added twice: %v\n%s", err, holds(t, path))
	}
}

func TestWhatCannotStandIsNotAdded(t *testing.T) {
	over := quiet
	over.Rule = "no.rule"
	wrong := watch
	wrong.Miss = []string{"皮肤状态逆天了"}
	for _, x := range []struct{ name, file, text, want string }{
		{"no such rule", mine, over.TOML(), `draft:3: rule: "no.rule" is no rule`},
		{"a wrong example", mine, wrong.TOML(), `example "皮肤状态逆天了": it fires`},
		{"on at once", mine, strings.Replace(quiet.TOML(), `"shadow"`, `"on"`, 1), "it is not in shadow"},
		{"without a state", mine, strings.Replace(quiet.TOML(), "state = \"shadow\"\n", "", 1), "it is not in shadow"},
		{"an override", mine, "[[override]]\nrule = \"absolute.term\"\nstate = \"off\"\nreason = \"x\"\n", "override: only rules and exemptions"},
		{"nothing", mine, "# nothing\n", "there is no rule"},
		{"no TOML", mine, "[[exempt", "draft:1:"},
		{"an id twice", watch.TOML(), strings.Replace(watch.TOML(), "夸大", "又来", 1), "stands at"},
		{"a broken file", "[[rule", quiet.TOML(), "house.toml:1"},
		{"a table of its own", "exempt = []\n", quiet.TOML(), ""},
	} {
		b, path := bookOf(t, x.file)
		err := b.Fit(x.text)
		if x.want != "" && (err == nil || !strings.Contains(err.Error(), x.want)) {
			t.Errorf("%s: fit: %v, want %s", x.name, err, x.want)
		}
		if _, err := b.Carry(t.Context(), moderation.Effect{Target: path, Text: x.text}); err == nil && x.name != "a wrong example" {
			t.Errorf("%s: it was written", x.name)
		} else if err != nil && holds(t, path) != x.file {
			t.Errorf("%s: the file became\n%s", x.name, holds(t, path))
		}
	}
	b, path := bookOf(t, mine)
	if _, err := b.Carry(t.Context(), moderation.Effect{Target: "other.toml", Text: quiet.TOML()}); err == nil || !strings.Contains(err.Error(), "no longer other.toml") {
		t.Errorf("another file: %v", err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if err := b.Fit(quiet.TOML()); err == nil || !strings.Contains(err.Error(), "house.toml") {
		t.Errorf("a file that is gone: %v", err)
	}
}

// record is an hour in two rooms: each line with what a person made of its flag.
func record(t *testing.T) *sqlite.Store {
	t.Helper()
	store, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "r.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	d, err := moderation.NewDesk(t.Context(), moderation.Config{Store: store, Checker: claims.New(nil), Clock: func() time.Time { return start.Add(2 * time.Hour) }})
	if err != nil {
		t.Fatal(err)
	}
	zhou := moderation.Actor{Name: "小周", Role: moderation.RoleModerator}
	for i, l := range []struct {
		room, text string
		minute     int
		made       moderation.Command
	}{
		{"a", "这是国家级的手艺哦", -60 * 24, nil},
		{"a", "这是国家级的手艺", 1, moderation.DismissFlag{}},
		{"a", "这是国家级的手艺啊", 70, moderation.ConfirmFlag{}},
		{"b", "这款是国家级品质", 30, moderation.DismissFlag{}},
		{"a", "这是国家级的手艺呀", 80, nil},
		{"a", "用完皮肤状态逆天", 81, nil},
		{"b", "毛孔逆天", 31, nil},
	} {
		n := strconv.Itoa(i)
		e := feed.Event{ID: n, Source: "s" + l.room, Room: l.room, Kind: feed.KindTranscript, At: start.Add(time.Duration(l.minute) * time.Minute), User: feed.User{ID: "h" + l.room, Role: feed.RoleHost}, Text: l.text}
		if err := d.Commit(t.Context(), feed.Batch{Events: []feed.Event{e}}); err != nil {
			t.Fatal(err)
		}
		if l.made == nil {
			continue
		}
		flags, err := store.Flags(t.Context(), moderation.Page{})
		if err != nil {
			t.Fatal(err)
		}
		last := flags[len(flags)-1].ID
		var c moderation.Command = moderation.DismissFlag{Flag: last}
		if _, confirm := l.made.(moderation.ConfirmFlag); confirm {
			c = moderation.ConfirmFlag{Flag: last}
		}
		if _, err := d.Do(t.Context(), zhou, c); err != nil {
			t.Fatal(err)
		}
	}
	return store
}

// TestATrialTellsWhatPeopleMadeOfWhatItWouldHide and of what it would raise, in
// the rooms and the time that are asked for.
func TestATrialTellsWhatPeopleMadeOfWhatItWouldHide(t *testing.T) {
	store := record(t)
	judged := func(changes []backtest.Change) string {
		var out []string
		for _, c := range changes {
			out = append(out, c.Utterance.Room+":"+c.Finding.Said+" "+string(c.Judged))
		}
		return strings.Join(out, ", ")
	}
	here := quiet
	here.Scope.Hosts = []string{"hb"}
	for _, x := range []struct {
		name      string
		draft     rules.Draft
		room      string
		lost, new string
	}{
		{"everywhere", quiet, "", "a:国家级 wrong, a:国家级 right, a:国家级 not_judged, b:国家级 wrong", ""},
		{"one room", quiet, "b", "b:国家级 wrong", ""},
		{"one host", here, "", "b:国家级 wrong", ""},
		{"a rule", watch, "", "", "a:逆天 not_judged, b:逆天 not_judged"},
	} {
		b, path := bookOf(t, mine)
		got, err := b.Try(t.Context(), store, x.draft, x.room, start, start.Add(2*time.Hour))
		if err != nil {
			t.Fatal(x.name, err)
		}
		if l, n := judged(got.Lost), judged(got.New); l != x.lost || n != x.new {
			t.Errorf("%s: lost %q, new %q", x.name, l, n)
		}
		if got.Text != x.draft.TOML() || holds(t, path) != mine {
			t.Errorf("%s: trying it wrote it: %s", x.name, holds(t, path))
		}
	}
	b, _ := bookOf(t, mine)
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, err := b.Try(ctx, store, quiet, "", start, start.Add(time.Hour)); err == nil {
		t.Error("a trial that nobody waits for goes on")
	}
	bad := watch
	bad.Terms = []string{"，"}
	if _, err := b.Try(t.Context(), store, bad, "", start, start.Add(time.Hour)); err == nil || !strings.Contains(rulebook.Reason(err), "holds nothing that could be said") {
		t.Errorf("terms of nothing: %v", err)
	}
}
