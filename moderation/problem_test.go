package moderation_test

import (
	"reflect"
	"slices"
	"testing"

	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/moderation/triage"
)

func grievances() []feed.Event {
	return []feed.Event{
		onAir(1, "D01", 100), says(2, "百分之百纯羊毛"), trade(3, "LR1", feed.StatusPaid, "D01", 100),
		complains(10, "围巾不是纯羊毛", "D01", ""), complains(11, "还没发货", "D01", ""), complains(12, "水洗标写着聚酯纤维", "", "LR1"),
		complains(13, "谢谢小柚", "D01", ""), complains(14, "标签不对，不是纯羊毛", "D01", ""), complains(15, "催发货", "D01", ""),
		complains(16, "颜色差太多了", "D02", ""),
	}
}

func TestComplaintsBecomeProblems(t *testing.T) {
	d := newDesk(t)
	s := d.Subscribe()
	defer s.Close()
	next(t, s)
	d.commit(grievances()...)
	problems := must(d.store.Problems(t.Context(), moderation.Page{}))
	if len(problems) != 2 {
		t.Fatalf("problems %+v, want the wool and the late parcels", problems)
	}
	wool, late := problems[0], problems[1]
	if !slices.Equal(wool.Complaints, []int64{1, 3, 5}) || wool.SKU != "D01" || wool.Flag != 1 || wool.Title != "成分不符：纯羊毛、标签" {
		t.Errorf("the wool problem is %+v", wool)
	}
	if !slices.Equal(late.Complaints, []int64{2, 6}) || late.Flag != 0 {
		t.Errorf("the late problem is %+v", late)
	}
	for _, c := range must(d.store.Complaints(t.Context(), moderation.Page{})) {
		want := map[int64]int64{1: wool.ID, 3: wool.ID, 5: wool.ID, 2: late.ID, 6: late.ID}[c.ID]
		if c.Problem != want {
			t.Errorf("complaint %d %q is in problem %d, want %d", c.ID, c.Text, c.Problem, want)
		}
	}
	if u := next(t, s); !reflect.DeepEqual(u.Problems, problems) || len(u.Complaints) != 7 {
		t.Errorf("told of problems %+v and %d complaints", u.Problems, len(u.Complaints))
	}
	d.verify()
}

func TestProblemsGoOnAfterARestart(t *testing.T) {
	straight := newDesk(t)
	for _, e := range grievances() {
		straight.commit(e)
	}
	broken := newDesk(t)
	for _, e := range grievances() {
		broken.commit(e)
		broken.restart()
	}
	sameLedger(t, "after restarts", broken, straight)
	broken.verify()
}

func TestADismissedClaimCausesNothing(t *testing.T) {
	for _, restart := range []bool{false, true} {
		d := newDesk(t)
		d.commit(grievances()[:2]...)
		d.do(lan, moderation.DismissFlag{Flag: 1})
		if restart {
			d.restart()
		}
		d.commit(grievances()[2:]...)
		if p := must(d.store.Problems(t.Context(), moderation.Page{}))[0]; p.Flag != 0 {
			t.Errorf("restarted %v: the problem goes back to flag %d, which was dismissed", restart, p.Flag)
		}
	}
}

func TestComplaintsAreTriagedAsTheyCome(t *testing.T) {
	d := newDesk(t)
	d.commit(complains(1, "充电时冒火花，手被烫伤了", "D01", ""), complains(2, "付款八天了还没发货", "D01", ""), complains(3, "谢谢小柚，很喜欢", "D01", ""))
	want := []struct {
		kind     triage.Type
		priority triage.Priority
	}{{triage.Safety, triage.High}, {triage.LateShipment, triage.Normal}, {triage.None, triage.Low}}
	for i, c := range must(d.store.Complaints(t.Context(), moderation.Page{})) {
		if c.Type != want[i].kind || c.Priority != want[i].priority || c.Score < 1 || c.Score > 1000 || c.Why == "" || c.WhyEN == "" {
			t.Errorf("%q is triaged as %+v", c.Text, c)
		}
	}
	d.verify()
}

func problem(d *desk, id int64) moderation.Problem {
	d.t.Helper()
	return must(d.store.Problem(d.t.Context(), id))
}

func TestAProblemGoesBackToWhatWasSaid(t *testing.T) {
	d := newDesk(t)
	d.commit(onAir(1, "D01", 100), says(2, "百分之百纯羊毛"), says(3, "这个毛衣三年都不起球，姐妹们放心"), onAir(4, "D02", 100), says(5, "三年都不起球的是另一件"))
	d.commit(complains(10, "不是纯羊毛", "D01", ""), complains(11, "标签写不是纯羊毛", "D01", ""))
	d.commit(complains(12, "主播说三年都不起球，一周就起球", "D01", ""), complains(13, "主播说三年都不起球，三天就起球", "D01", ""))
	if p := problem(d, 1); p.Flag != 1 || p.Event != 2 || !p.SaidAt.Equal(at(2)) {
		t.Errorf("the wool problem goes back to %+v, want flag 1 at its moment", p)
	}
	if p := problem(d, 2); p.Flag != 0 || p.Event != 3 || !p.SaidAt.Equal(at(3)) {
		t.Errorf("the pilling problem is about %+v, want the sentence about its product that nobody flagged", p)
	}
	d.verify()
}

func TestAPersonSplitsAProblem(t *testing.T) {
	d := newDesk(t)
	d.commit(grievances()...)
	d.commit(complains(20, "不是纯羊毛，穿着扎人", "D01", ""), complains(21, "不是纯羊毛，扎脖子扎人", "D01", ""))
	if got := problem(d, 1).Complaints; !slices.Equal(got, []int64{1, 3, 5, 8, 9}) {
		t.Fatalf("the wool problem holds %v", got)
	}
	before := d.state()
	r := d.do(you, moderation.SplitProblem{Problem: 1, Complaints: []int64{9, 8}})
	if r.Problem == nil || !slices.Equal(r.Problem.Complaints, []int64{8, 9}) || r.Problem.ChangedBy != "小柚" || r.Problem.Flag != 1 || r.Problem.Title == "" {
		t.Errorf("result %+v", r.Problem)
	}
	if got := problem(d, 1).Complaints; !slices.Equal(got, []int64{1, 3, 5}) {
		t.Errorf("what is left is %v", got)
	}
	d.verify()

	d.commit(complains(22, "不是纯羊毛，扎脖子", "D01", ""), complains(23, "标签不对，不是纯羊毛", "D01", ""))
	if a, b := problem(d, 1).Complaints, problem(d, 3).Complaints; !slices.Equal(a, []int64{1, 3, 5, 11}) || !slices.Equal(b, []int64{8, 9, 10}) {
		t.Errorf("what came later went to %v and %v", a, b)
	}
	d.do(you, moderation.Undo{})
	if a, b := problem(d, 1).Complaints, problem(d, 3); !slices.Equal(a, []int64{1, 3, 5, 8, 9, 10, 11}) || b.Into != 1 || len(b.Complaints) != 0 {
		t.Errorf("after the undo %v and %+v", a, b)
	}
	d.verify()

	at1 := d.state()
	if at1 == before {
		t.Error("what came meanwhile is gone")
	}
	d.refused(moderation.CodeMerged, you, moderation.SplitProblem{Problem: 3, Complaints: []int64{8}})
	d.refused(moderation.CodeNotInProblem, you, moderation.SplitProblem{Problem: 1, Complaints: []int64{2}})
	d.refused(moderation.CodeNothingSplit, you, moderation.SplitProblem{Problem: 1})
	d.refused(moderation.CodeNothingSplit, you, moderation.SplitProblem{Problem: 1, Complaints: problem(d, 1).Complaints})
	d.refused(moderation.CodeNotFound, you, moderation.SplitProblem{Problem: 99, Complaints: []int64{1}})
}

func TestAPersonMergesProblems(t *testing.T) {
	d := newDesk(t)
	d.commit(grievances()...)
	before := d.state()
	r := d.do(you, moderation.MergeProblems{Into: 1, From: 2})
	if r.Problem == nil || !slices.Equal(r.Problem.Complaints, []int64{1, 2, 3, 5, 6}) {
		t.Errorf("result %+v", r.Problem)
	}
	if p := problem(d, 2); p.Into != 1 || len(p.Complaints) != 0 || p.ChangedBy != "小柚" {
		t.Errorf("the other is %+v", p)
	}
	d.verify()
	d.do(you, moderation.Undo{})
	if after := d.state(); after != before {
		t.Errorf("after the undo\n got %s\nwant %s", after, before)
	}
	d.do(you, moderation.MergeProblems{Into: 1, From: 2})
	for _, restart := range []bool{false, true} {
		if restart {
			d.restart()
		}
		n := len(problem(d, 1).Complaints)
		d.commit(complains(30+n, "怎么还没发货", "D01", ""), complains(40+n, "不是纯羊毛", "D01", ""))
		if got := problem(d, 1).Complaints; len(got) != n+2 {
			t.Errorf("restarted %v: of two that came later the merged problem got %d", restart, len(got)-n)
		}
	}
	d.verify()
	d.refused(moderation.CodeMerged, you, moderation.MergeProblems{Into: 1, From: 2})
	d.refused(moderation.CodeUnchanged, you, moderation.MergeProblems{Into: 1, From: 1})
	d.refused(moderation.CodeNotFound, you, moderation.MergeProblems{Into: 1, From: 99})
}

// What people changed is the same room after a restart.
func TestSplitAndMergedProblemsGoOnAfterARestart(t *testing.T) {
	play := func(d *desk, between func()) {
		for _, e := range grievances() {
			d.commit(e)
		}
		d.do(you, moderation.SplitProblem{Problem: 1, Complaints: []int64{5}})
		between()
		d.do(you, moderation.MergeProblems{Into: 3, From: 2})
		between()
		for n, text := range []string{"还没发货", "标签不对，不是纯羊毛", "掉色", "不是纯羊毛", "颜色差太多", "掉色严重"} {
			d.commit(complains(50+n, text, "D01", ""))
			between()
		}
		d.verify()
	}
	straight, broken := newDesk(t), newDesk(t)
	play(straight, func() {})
	play(broken, broken.restart)
	sameLedger(t, "after restarts", broken, straight)
}
