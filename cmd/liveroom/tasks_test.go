package main

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"liveroom/claims/sheet"
	"liveroom/demo"
	"liveroom/feed/record"
	"liveroom/moderation"
	"liveroom/moderation/policy"
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

func TestTask3ManyAtOnceAndBack(t *testing.T) {
	db := played(t)
	s := atDemo(t, db, "moderator")
	s.press("space", "space", "space")
	s.sees("◇3 marked")
	s.press("B")
	s.sees("3 marked: what is to be done with them?", "x  dismiss 3 flags")
	s.press("x")
	s.sees("enter does it for 3", "· flag 1 material", "· flag 2 price", "· flag 4 price")
	s.press("enter")
	s.sees("[u] dismiss 3 flags", "Flags 16")
	s.press("u")
	s.sees("all taken back: dismiss 3 flags", "Flags 19")
	s.took(3, 7)
	s.leaves()
	for id, f := range flagsIn(t, db) {
		if f.Status != "open" {
			t.Errorf("flag %d is %s", id, f.Status)
		}
	}
}

func TestTask4OneThingAtATime(t *testing.T) {
	db := played(t)
	s := atDemo(t, db, "moderator")
	s.press("Z")
	s.sees("━ One at a time · 19 wait", "纯羊毛")
	s.press("y")
	s.sees("One at a time · 18 wait", "三百九十九")
	s.press("X")
	s.sees("1  heard wrong by the recogniser")
	s.press("1")
	s.sees("One at a time · 17 wait", "全网最低价")
	s.press("z")
	s.sees("put off: flag 4", "烟酰胺")
	s.took(4, 5)
	s.leaves()
	flags := flagsIn(t, db)
	if a, b, c := flags[1], flags[2], flags[4]; a.Status != "confirmed" || b.Status != "dismissed" || b.Reason != "heard wrong by the recogniser" || c.Status != "snoozed" {
		t.Errorf("the record holds %s, %s for %q, %s", a.Status, b.Status, b.Reason, c.Status)
	}
}

// complained opens a case for a complaint of the demo.
func complained(do func(moderation.Role, string, moderation.Command) moderation.Result, room string, sku, title string, orders []string, complaints ...int64) moderation.Case {
	return *do(moderation.RoleAgent, "小林", moderation.OpenCase{
		Room: room, Kind: moderation.CaseComplaint, Title: title, SKU: sku, Complaints: complaints, Orders: orders,
	}).Case
}

// TestTask5TheNextCaseIsAnswered: the most urgent case is one of a bracelet that a
// buyer holds for counterfeit.
func TestTask5TheNextCaseIsAnswered(t *testing.T) {
	db := played(t)
	const counterfeit = 177
	before(t, db, func(do func(moderation.Role, string, moderation.Command) moderation.Result) {
		complained(do, demo.Room, "D06", "疑为假货", nil, counterfeit)
	})
	s := atDemo(t, db, "agent")
	s.press("n")
	s.sees("you took case #5", "疑为假货")
	s.press("R")
	s.sees("Answer complaint #177 of case #5", "1  Doubts about genuineness")
	s.press("1")
	s.sees("› Hello, doubts about genuineness come first with us.", "enter marks it as sent by hand")
	s.press("enter")
	s.sees("noted that you answered complaint #177 by hand")
	s.took(5, 6)
	s.leaves()
	c := caseOf(t, db, 5)
	if c.Owner != "you" || len(c.Replies) != 1 || !c.Replies[0].ByHand || c.Replies[0].Template != "counterfeit.received" || strings.Contains(c.Replies[0].Text, "{") {
		t.Errorf("the record holds %+v", c)
	}
}

func TestTask7HandItUp(t *testing.T) {
	db := played(t)
	before(t, db, func(do func(moderation.Role, string, moderation.Command) moderation.Result) {
		complained(do, demo.Room, "D03", "用后过敏", nil, 182)
	})
	s := atDemo(t, db, "agent")
	s.press("n")
	s.sees("you took case #5")
	s.press("E")
	s.sees("Hand up case #5", "1  the law, an authority or the press is named")
	s.press("1")
	s.sees("handed up: case #5")
	s.took(7, 3)
	s.leaves()
	if c := caseOf(t, db, 5); c.Escalated.IsZero() || c.Owner != "" {
		t.Errorf("the record holds %+v", c)
	}
}

func TestTask9ACaseForSomebody(t *testing.T) {
	db := played(t)
	before(t, db, func(do func(moderation.Role, string, moderation.Command) moderation.Result) {
		do(moderation.RoleAgent, "Lin", moderation.NextCase{})
		c := complained(do, demo.Room, "D03", "用后过敏", nil, 182)
		do(moderation.RoleAgent, "小林", moderation.EscalateCase{Case: c.ID, Reason: "起诉", Version: c.Version})
	})
	s := atDemo(t, db, "supervisor")
	s.press("n")
	s.sees("▌", "#5 complaint")
	s.press("A")
	s.sees("Who gets case #5", "1 cases", "Lin")
	s.types("lin")
	s.sees("› lin")
	s.press("enter")
	s.sees("given to Lin", "undo")
	s.press("u")
	s.sees("undone: assign case")
	s.took(9, 4)
	s.leaves()
	if c := caseOf(t, db, 5); c.Owner != "" || c.Escalated.IsZero() {
		t.Errorf("the record holds %+v", c)
	}
}

// TestTask10ASecondLook: of what somebody else decided; nothing on the screen says
// what that was.
func TestTask10ASecondLook(t *testing.T) {
	db := played(t)
	before(t, db, func(do func(moderation.Role, string, moderation.Command) moderation.Result) {
		do(moderation.RoleModerator, "小林", moderation.ConfirmFlag{Flag: 1})
		do(moderation.RoleModerator, "小林", moderation.DismissFlag{Flag: 2})
		do(moderation.RoleSupervisor, "秉文", moderation.PlanSpotCheck{Room: demo.Room, Title: "周检", Plan: moderation.SamplePlan{By: moderation.SampleRandom, Size: 2}})
	})
	s := atDemo(t, db, "supervisor")
	s.press("Z")
	s.sees("One at a time", "纯羊毛", "◇")
	if strings.Contains(s.screen(), "小林") {
		t.Errorf("the screen tells who decided\n%s", s.screen())
	}
	s.press("y")
	s.sees("judged: flag 1", "三百九十九")
	s.press("x")
	s.sees("judged: flag 2")
	s.took(10, 3)
	s.leaves()
	for _, f := range caseOf(t, db, 5).Sample {
		want := map[int64]moderation.FlagStatus{1: moderation.FlagConfirmed, 2: moderation.FlagDismissed}[f.Flag]
		if f.Verdict != want || f.By != "you" {
			t.Errorf("the spot check holds %+v", f)
		}
	}
}

// woolOrder is of complaint 184, which says that the scarf is not wool.
const woolOrder, woolComplaint = "LR2611210202", 184

// TestTask6WhatWasTheBuyerTold: the complaint's own words find it, and the case of
// the claim that it goes back to stands first among those it can join.
func TestTask6WhatWasTheBuyerTold(t *testing.T) {
	db := played(t)
	before(t, db, func(do func(moderation.Role, string, moderation.Command) moderation.Result) {
		do(moderation.RoleModerator, "小林", moderation.ConfirmFlag{Flag: 1, OpenCase: true})
	})
	s := atDemo(t, db, "agent")
	s.press("tab", "/")
	s.types("围巾不是纯羊毛")
	s.press("enter", "k")
	s.sees("Order …0202 D01", "✗ 2 against the sheet", "百分之百纯羊毛")
	s.press("o")
	s.sees("▌#5", "a new case")
	s.press("enter")
	s.sees("put into case #5")
	s.took(6, 6)
	s.leaves()
	if c := caseOf(t, db, 5); len(c.Complaints) != 1 || c.Complaints[0] != woolComplaint || len(c.Orders) != 1 {
		t.Errorf("the record holds %+v", c)
	}
}

// TestTask8APaymentIsApproved by another than who proposed it.
func TestTask8APaymentIsApproved(t *testing.T) {
	db := played(t)
	before(t, db, func(do func(moderation.Role, string, moderation.Command) moderation.Result) {
		c := *do(moderation.RoleModerator, "小柚", moderation.ConfirmFlag{Flag: 1, OpenCase: true}).Case
		add := moderation.AddToCase{Case: c.ID, Complaints: []int64{woolComplaint}, Orders: []string{woolOrder}, Version: c.Version}
		c = *do(moderation.RoleAgent, "小柚", add).Case
		for fact, v := range map[policy.Fact]policy.Value{
			"evidence.proof_images": policy.Number(2), "goods.traits": policy.Words(), "merchant.at_fault": policy.Bool(false),
			"host.enrolled_at": policy.Moment(storyEnd(t).AddDate(0, -1, 0)),
		} {
			c = *do(moderation.RoleAgent, "小柚", moderation.GiveFact{Case: c.ID, Version: c.Version, Order: woolOrder, Fact: fact, Value: v, Note: "已核对"}).Case
		}
		do(moderation.RoleAgent, "小柚", moderation.ProposePayment{Case: c.ID, Version: c.Version, Order: woolOrder, Policy: "kuaishou.honesty"})
	})
	s := atDemo(t, db, "supervisor")
	s.press("n")
	s.sees("y approve", "@小柚")
	s.press("y")
	s.sees("Approve a payment of case #5", "Host's honesty guarantee", "the program pays nothing", "y  approve ¥")
	s.press("y")
	s.sees("payment approved: #1")
	s.took(8, 3)
	s.leaves()
	if p := caseOf(t, db, 5).Payments; len(p) != 1 || p[0].State != moderation.PaymentApproved || p[0].DecidedBy != "you" {
		t.Errorf("the record holds %+v", p)
	}
}

// TestEveryTaskIsDone: the page has ten tasks, and each is done by a test.
func TestEveryTaskIsDone(t *testing.T) {
	want, tests := tasks(t), testNames(t)
	for n := 1; n <= 10; n++ {
		if _, ok := want[n]; !ok {
			t.Errorf("docs/tasks.md has no task %d", n)
		}
		if !slices.ContainsFunc(slices.Collect(maps.Keys(tests)), func(name string) bool {
			return regexp.MustCompile(`^TestTask` + strconv.Itoa(n) + `[A-Z]`).MatchString(name)
		}) {
			t.Errorf("task %d is done by no test", n)
		}
	}
	if len(want) != 10 {
		t.Errorf("docs/tasks.md has %d tasks", len(want))
	}
}
