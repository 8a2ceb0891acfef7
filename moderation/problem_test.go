package moderation_test

import (
	"reflect"
	"slices"
	"testing"

	"liveroom/feed"
	"liveroom/moderation"
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
	ctx := t.Context()
	if got, want := must(broken.store.Problems(ctx, moderation.Page{})), must(straight.store.Problems(ctx, moderation.Page{})); !reflect.DeepEqual(got, want) {
		t.Errorf("problems after restarts\n got %+v\nwant %+v", got, want)
	}
	if got, want := must(broken.store.Head(ctx)), must(straight.store.Head(ctx)); got != want {
		t.Errorf("the ledger after restarts has %d leaves, want the same %d", got.Size, want.Size)
	}
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
