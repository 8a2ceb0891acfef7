package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"liveroom/claims/sheet"
	"liveroom/demo"
	"liveroom/feed/record"
	"liveroom/moderation"
	"liveroom/moderation/sqlite"
)

// A task is what docs/tasks.md promises: which keys, and how many.
type task struct {
	count int
	keys  []string
}

var (
	taskHead = regexp.MustCompile(`(?m)^### (\d+)\. “`)
	taskKeys = regexp.MustCompile(`(?m)^Keys (\d+): (.+)$`)
	taskKey  = regexp.MustCompile("`[^`]+`|‹[^›]+›")
)

// tasks reads the page.
func tasks(t *testing.T) map[int]task {
	t.Helper()
	page, err := os.ReadFile("../../docs/tasks.md")
	if err != nil {
		t.Fatal(err)
	}
	out := map[int]task{}
	heads := taskHead.FindAllSubmatchIndex(page, -1)
	for i, h := range heads {
		end := len(page)
		if i+1 < len(heads) {
			end = heads[i+1][0]
		}
		n, _ := strconv.Atoi(string(page[h[2]:h[3]]))
		said := taskKeys.FindSubmatch(page[h[0]:end])
		if said == nil {
			t.Fatalf("docs/tasks.md: task %d names no keys", n)
		}
		count, _ := strconv.Atoi(string(said[1]))
		out[n] = task{count, taskKey.FindAllString(string(said[2]), -1)}
	}
	return out
}

// took holds the keys that were pressed against what the page says of a task, and
// their number against the most it may take.
func (s *seat) took(number, most int) {
	s.t.Helper()
	want := tasks(s.t)[number]
	if got := strings.Join(s.pressed, " "); got != strings.Join(want.keys, " ") {
		s.t.Errorf("task %d took %s, docs/tasks.md says %s", number, got, strings.Join(want.keys, " "))
	}
	keys := 0
	for _, k := range s.pressed {
		if strings.HasPrefix(k, "`") {
			keys++
		}
	}
	if keys != want.count {
		s.t.Errorf("task %d took %d keys, docs/tasks.md says %d", number, keys, want.count)
	}
	if keys > most {
		s.t.Errorf("task %d took %d keys, at most %d were asked for", number, keys, most)
	}
}

// played is the demo's broadcast, all of it in a record.
func played(t *testing.T) (db string) {
	t.Helper()
	db = filepath.Join(t.TempDir(), "demo.db")
	output(t, built(t), "demo", "--headless", "--speed", "max", "--db", db)
	return db
}

// before lets people work on a played record before a person sits down at it.
func before(t *testing.T, db string, fn func(do func(role moderation.Role, who string, c moderation.Command) moderation.Result)) {
	t.Helper()
	store, err := sqlite.Open(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	facts, err := sheet.Load("facts.csv", strings.NewReader(demo.Facts))
	if err != nil {
		t.Fatal(err)
	}
	end := storyEnd(t)
	desk, err := moderation.NewDesk(t.Context(), moderation.Config{
		Store: store, Clock: func() time.Time { return end }, Wall: time.Now, UndoWindow: time.Nanosecond, Product: facts.Product,
	})
	if err != nil {
		t.Fatal(err)
	}
	fn(func(role moderation.Role, who string, c moderation.Command) moderation.Result {
		t.Helper()
		res, err := desk.Do(t.Context(), moderation.Actor{Name: who, Role: role}, c)
		if err != nil {
			t.Fatalf("%s: %v", c.Name(), err)
		}
		return res
	})
}

// storyEnd is when the demo's story is over.
func storyEnd(t *testing.T) time.Time {
	t.Helper()
	rec, err := record.Read("broadcast.jsonl", strings.NewReader(demo.Broadcast))
	if err != nil {
		t.Fatal(err)
	}
	return rec.Frames[len(rec.Frames)-1].At
}

// atDemo sits a role down at a record of the demo.
func atDemo(t *testing.T, db, role string) *seat {
	t.Helper()
	s := sitDown(t, 160, 50, "demo", "--db", db, "--as", role, "--lang", "en")
	s.sees("ended", "record ✓")
	return s
}

// flagsIn are the flags of a record by number.
func flagsIn(t *testing.T, db string) map[int64]flagRow {
	t.Helper()
	out := map[int64]flagRow{}
	for _, f := range rows[flagRow](t, output(t, built(t), "flags", "--db", db)) {
		out[f.Flag] = f
	}
	return out
}

func TestTask1DecideAFlag(t *testing.T) {
	db := played(t)
	s := atDemo(t, db, "moderator")
	s.sees("▌▲high 20:01:34 material", "fact  羊毛65%;聚酯纤维35%")
	s.press("y")
	s.sees("case #5 opened: flag 1 material", "▌▲high 20:01:45 price")
	s.took(1, 1)
	s.leaves()
	if f := flagsIn(t, db)[1]; f.Status != "confirmed" || f.Case != 5 {
		t.Errorf("the record holds the flag %+v", f)
	}
}

// caseOf is a case of a record.
func caseOf(t *testing.T, db string, id int64) caseRow {
	t.Helper()
	for _, c := range rows[caseRow](t, output(t, built(t), "cases", "--db", db)) {
		if c.ID == id {
			return c
		}
	}
	t.Fatalf("the record holds no case #%d", id)
	return caseRow{}
}

// TestTask2FromAFalseWeightToACase: the weight claim comes up when the flags before
// it are decided.
func TestTask2FromAFalseWeightToACase(t *testing.T) {
	db := played(t)
	const weight = 13
	before(t, db, func(do func(moderation.Role, string, moderation.Command) moderation.Result) {
		for id := int64(1); id < weight; id++ {
			do(moderation.RoleModerator, "小林", moderation.DismissFlag{Flag: id})
		}
	})
	s := atDemo(t, db, "moderator")
	s.sees("▌▲high 20:09:33 weight", "十斤", "4.5kg")
	s.press("c")
	s.sees("› 更正一下", "mark it as told")
	s.press("enter")
	s.sees("noted that you told the host", "↺host told")
	s.press("b")
	s.sees("Only a confirmed claim has buyers: flag 13 weight")
	s.press("y")
	s.sees("Who bought on it: flag 13 weight", "said 20:09:33, until 20:20:37 (it went off air)", "orders into case #5", "granted")
	listed := regexp.MustCompile(`(\d+) orders, ¥`).FindStringSubmatch(s.screen())
	s.press("enter")
	s.sees("case #5: "+listed[1]+" orders put in", "▌▲high 20:09:41 medical")
	s.took(2, 5)
	s.leaves()
	f, c := flagsIn(t, db)[weight], caseOf(t, db, 5)
	if f.Status != "confirmed" || f.CorrectedAt.IsZero() || f.Case != 5 {
		t.Errorf("the record holds the flag %+v", f)
	}
	if strconv.Itoa(len(c.Orders)) != listed[1] || len(c.Orders) == 0 {
		t.Errorf("%s orders were listed, the case holds %d", listed[1], len(c.Orders))
	}
}
