package tui

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"liveroom/claims"
	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/moderation/sqlite"
	"liveroom/tui/text"
)

// woolChecker finds one false claim, wherever it is said.
type woolChecker struct{}

func (woolChecker) Check(u claims.Utterance, _ []claims.Utterance) []claims.Finding {
	const said = "百分之百纯羊毛"
	at := strings.Index(u.Text, said)
	if at < 0 || u.Speaker != claims.SpeakerHost {
		return nil
	}
	start := len([]rune(u.Text[:at]))
	return []claims.Finding{{
		Utterance: u.ID, SKU: u.SKU, Category: claims.CategoryMaterial, Verdict: claims.VerdictContradicted, Severity: claims.SeverityHigh,
		Said: said, Start: start, End: start + len([]rune(said)), Fact: "羊毛65%;聚酯纤维35%", FactID: "D01·material", Why: "表中为混纺", Suggest: "更正一下",
	}}
}

// realStage is a screen on a desk with a record on disk.
type realStage struct {
	*stage
	desk  *moderation.Desk
	store *sqlite.Store
	sub   Updates
}

func newRealStage(t *testing.T) *realStage {
	return newRealStageOf(t, moderation.Actor{Name: "小周", Role: moderation.RoleModerator})
}

// newRealStageOf is somebody's screen, on their seat at the desk.
func newRealStageOf(t *testing.T, who moderation.Actor) *realStage {
	ctx := t.Context()
	store, err := sqlite.Open(ctx, filepath.Join(t.TempDir(), "record.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	s := &realStage{stage: &stage{t: t, now: start.Add(10 * time.Minute)}, store: store}
	clock := func() time.Time { return s.now }
	s.desk, err = moderation.NewDesk(ctx, moderation.Config{
		Store: store, Checker: woolChecker{}, Clock: clock, Rooms: []moderation.Room{{ID: "r1", Name: "南枝小院"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	seat := s.desk.Seat(who)
	s.sub = seat.Subscribe()
	t.Cleanup(s.sub.Close)
	s.m = New(Options{
		Desk: seat, Updates: s.sub, Actor: who,
		Lang: text.ZH, Clock: clock, Wall: clock, NoColor: true,
	})
	s.m.w, s.m.h = 120, 40
	return s
}

// commit brings events as a source would.
func (s *realStage) commit(events ...feed.Event) {
	s.t.Helper()
	last := events[len(events)-1]
	b := feed.Batch{Room: "r1", Source: "test", Events: events, Position: feed.Position{Source: "test", ID: last.ID, At: last.At}}
	if err := s.desk.Commit(context.Background(), b); err != nil {
		s.t.Fatal(err)
	}
	s.take()
}

// take shows what the desk has told since.
func (s *realStage) take() {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	u, err := s.sub.Next(ctx)
	if err != nil {
		s.t.Fatal(err)
	}
	s.m.Update(updated{u: u})
}

func spokenAt(id string, sec int, words string) feed.Event {
	return feed.Event{
		ID: id, Source: "test", Room: "r1", Kind: feed.KindTranscript, At: at(sec), Recv: at(sec), Text: words,
		User: feed.User{ID: "h", Name: "晚晴", Role: feed.RoleHost}, Speech: &feed.Speech{Utterance: id, Confidence: 900}, Raw: []byte(words),
	}
}

// TestOnTheRealDesk plays a short broadcast into a desk on SQLite and decides on
// it by keys; what the record then holds is what counts.
func TestOnTheRealDesk(t *testing.T) {
	s := newRealStage(t)
	s.take()
	s.has("南枝小院", "没有待判的疑点")
	paid := feed.Event{
		ID: "o1", Source: "test", Room: "r1", Kind: feed.KindOrder, At: at(30), Recv: at(30), OrderID: "LR1", Status: feed.StatusPaid, AmountFen: 12900,
		User: feed.User{ID: "b", Name: "13812345678"}, Order: &feed.Order{SKU: "D01", Qty: 1, PaidFen: 12900, CreatedAt: at(25), PaidAt: at(30)}, Raw: []byte("o1"),
	}
	s.commit(
		feed.Event{ID: "p1", Source: "test", Room: "r1", Kind: feed.KindProduct, At: at(1), Recv: at(1), Product: &feed.Product{ID: "D01", Title: "大围巾", PriceFen: 12900, Stock: 9}, Raw: []byte("p1")},
		spokenAt("t1", 10, "这条百分之百纯羊毛 放心"),
		spokenAt("t2", 20, "摸着很软"),
		paid,
		spokenAt("t3", 40, "再说一遍 百分之百纯羊毛"),
	)
	s.has("疑点 2", "▲20:00:10 这条百分之百纯羊毛 放心", "D01  ×1   ¥129.00 已付 138****5678")

	s.press("y")
	s.take()
	s.has("疑点 1", "已立案 #1", "案件 1")
	s.press("x")
	s.take()
	s.has("疑点 0", "不成立：疑点2")
	s.press("u")
	s.take()
	s.has("疑点 1", "已撤销：判定不成立")
	flags, err := s.store.Flags(t.Context(), moderation.Page{})
	if err != nil || len(flags) != 2 || flags[0].Status != moderation.FlagConfirmed || flags[1].Status != moderation.FlagOpen {
		t.Fatalf("the record holds %+v, %v", flags, err)
	}

	for s.m.focused() != paneOrders {
		s.press("tab")
	}
	s.press("home", "enter", "f")
	s.has("付款前主播这样说这件商品", "✗ 20:00:10 这条百分之百纯羊毛 放心", "· 20:00:20 摸着很软")
	s.hasNot("再说一遍")

	s.press("esc", "2", "t")
	s.take()
	s.has("@你")
	s.press("r", "1", "enter")
	s.take()
	s.has("已结论")
	s.press("D", "y")
	s.take()
	c, err := s.store.Case(t.Context(), 1)
	if err != nil || c.State != moderation.CaseStateClosed || c.Outcome != moderation.OutcomeUpheld || c.Owner != "小周" {
		t.Fatalf("the record holds %+v, %v", c, err)
	}
	// Somebody else takes the ground away: the desk's own words reach the person.
	s.now = s.now.Add(time.Hour)
	s.m.undo = append(s.m.undo, undoable{what: "…", until: s.now.Add(time.Minute)})
	s.press("u")
	s.has("✗ 撤销没有完成", "已不能撤销")
}
