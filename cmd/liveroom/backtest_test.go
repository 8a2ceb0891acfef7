package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"liveroom/claims"
	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/moderation/sqlite"
)

// decided makes a record in which people decided: of twenty sentences with the
// word, they confirmed fifteen, dismissed four and left one.
func decided(t *testing.T, db string) {
	t.Helper()
	ctx := context.Background()
	store, err := sqlite.Open(ctx, db)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	set, err := loadRules([]string{filepath.Join(filepath.Dir(db), "rules.toml")})
	if err != nil {
		t.Fatal(err)
	}
	day := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	desk, err := moderation.NewDesk(ctx, moderation.Config{Store: store, Checker: newChecker(nil, set), Clock: func() time.Time { return day }})
	if err != nil {
		t.Fatal(err)
	}
	var events []feed.Event
	for i := range 20 {
		events = append(events, feed.Event{
			ID: fmt.Sprintf("t%02d", i), Source: "ws", Room: "A", Kind: feed.KindTranscript, At: day.Add(time.Duration(i) * time.Minute), Recv: day,
			User: feed.User{ID: "h", Role: feed.RoleHost}, Text: fmt.Sprintf("效果逆天，第%d遍", i),
		})
	}
	if err := desk.Commit(ctx, feed.Batch{Room: "A", Source: "ws", Events: events}); err != nil {
		t.Fatal(err)
	}
	for id := int64(1); id <= 19; id++ {
		var c moderation.Command = moderation.ConfirmFlag{Flag: id}
		if id > 15 {
			c = moderation.DismissFlag{Flag: id}
		}
		if _, err := desk.Do(ctx, moderation.Actor{Name: "阿岚", Role: moderation.RoleModerator}, c); err != nil {
			t.Fatal(err)
		}
	}
}

func TestABacktestCountsWhatPeopleDecided(t *testing.T) {
	dir := t.TempDir()
	db, ruleFile, off := filepath.Join(dir, "a.db"), filepath.Join(dir, "rules.toml"), filepath.Join(dir, "off.toml")
	for path, text := range map[string]string{ruleFile: houseRule, off: "[[override]]\nrule = \"absolute.term\"\nstate = \"off\"\nreason = \"x\"\n"} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	decided(t, db)
	for _, c := range []struct {
		name string
		args []string
		want []string
	}{
		{"the rule that found them", []string{"--rules", ruleFile, "--current", ruleFile}, []string{
			"20 utterances of " + db + ", judged by what people confirmed and dismissed",
			"current        20     15      4           1  79% (56–92%)  100% (79–100%)",
			"new            20     15      4           1  79% (56–92%)  100% (79–100%)",
			"shop.miracle       20   20     15      4           1  79% (56–92%)",
			"New findings: 0", "Lost findings: 0",
		}},
		{"without it", []string{"--rules", off, "--current", ruleFile}, []string{
			"new             0      0      0           0  unknown (0 judged)      0% (0–21%)",
			"Lost findings: 20",
			"- 2026-11-20T12:00:00Z A/t00  effect unsupported  shop.miracle  right",
			"- 2026-11-20T12:19:00Z A/t19  effect unsupported  shop.miracle  not judged",
		}},
	} {
		var out, errs bytes.Buffer
		if code := run(append([]string{"--lang", "en", "rules", "backtest", "--db", db}, c.args...), nil, &out, &errs); code != exitDone {
			t.Errorf("%s: exit %d: %s", c.name, code, errs.String())
		}
		for _, want := range c.want {
			if !strings.Contains(out.String(), want) {
				t.Errorf("%s: the report lacks %q:\n%s", c.name, want, out.String())
			}
		}
	}
	if found := claims.New(nil).Check(claims.Utterance{Speaker: claims.SpeakerHost, Text: "效果逆天，第3遍"}, nil); len(found) != 0 {
		t.Errorf("the built-in checks find %+v too: this test needs words of its own", found)
	}
}
