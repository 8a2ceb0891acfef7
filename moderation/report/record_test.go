package report_test

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"liveroom/claims"
	"liveroom/claims/sheet"
	"liveroom/demo"
	"liveroom/feed"
	"liveroom/feed/cloudevent"
	"liveroom/feed/record"
	"liveroom/moderation"
	"liveroom/moderation/report"
	"liveroom/moderation/sqlite"
)

var (
	lan  = moderation.Actor{Name: "阿岚", Role: moderation.RoleModerator}
	you  = moderation.Actor{Name: "小柚", Role: moderation.RoleAgent}
	bing = moderation.Actor{Name: "秉文", Role: moderation.RoleSupervisor}
)

// a house is a record with a desk on it, on a clock that the test moves.
type house struct {
	*moderation.Desk
	t     testing.TB
	store *sqlite.Store
	now   time.Time
}

func newHouse(t testing.TB, checker moderation.Checker, rooms ...moderation.Room) *house {
	t.Helper()
	store, err := sqlite.Open(context.Background(), filepath.Join(t.TempDir(), "room.db"))
	if err != nil {
		t.Fatal(err)
	}
	h := &house{t: t, store: store, now: time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	h.Desk, err = moderation.NewDesk(context.Background(), moderation.Config{
		Store: store, Checker: checker, Clock: func() time.Time { return h.now }, Rooms: rooms,
	})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func (h *house) commit(events ...feed.Event) {
	h.t.Helper()
	for len(events) > 0 {
		n := min(len(events), 256)
		b := feed.Batch{Room: events[0].Room, Source: "test", Events: events[:n], Position: feed.Position{Source: "test", Offset: events[n-1].Offset}}
		if err := h.Commit(context.Background(), b); err != nil {
			h.t.Fatal(err)
		}
		events = events[n:]
	}
}

func (h *house) do(a moderation.Actor, c moderation.Command) moderation.Result {
	h.t.Helper()
	r, err := h.Do(context.Background(), a, c)
	if err != nil {
		h.t.Fatalf("%s by %s: %v", c.Name(), a.Name, err)
	}
	return r
}

func (h *house) make(o report.Options) *report.Report {
	h.t.Helper()
	r, err := report.Make(context.Background(), h.store, o)
	if err != nil {
		h.t.Fatal(err)
	}
	return r
}

// demoEvents are the events of the demonstration broadcast.
func demoEvents(t testing.TB) []feed.Event {
	t.Helper()
	rec, err := record.Read("demo", strings.NewReader(demo.Broadcast))
	if err != nil {
		t.Fatal(err)
	}
	protocol, err := cloudevent.New(cloudevent.Config{URL: "ws://127.0.0.1/", Room: demo.Room})
	if err != nil {
		t.Fatal(err)
	}
	session := protocol.NewSession(feed.Position{})
	var out []feed.Event
	for _, f := range rec.Frames {
		out = append(out, session.Decode(f.Frame, f.At).Events...)
	}
	return out
}

func demoChecker(t testing.TB) *claims.Checker {
	t.Helper()
	facts, err := sheet.Load("facts", strings.NewReader(demo.Facts))
	if err != nil {
		t.Fatal(err)
	}
	return claims.New(facts)
}

// demoHouse is the demonstration broadcast, with nothing decided.
func demoHouse(t testing.TB) *house {
	t.Helper()
	h := newHouse(t, demoChecker(t), moderation.Room{ID: demo.Room, Name: demo.RoomName, TimeZone: "Asia/Shanghai"})
	h.commit(demoEvents(t)...)
	return h
}

// after has somebody do something at a time of the story.
func (h *house) after(d time.Duration, a moderation.Actor, c moderation.Command) moderation.Result {
	h.t.Helper()
	h.now = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC).Add(d)
	return h.do(a, c)
}

// worked is the demonstration broadcast after three days' work on it.
func worked(t testing.TB) *house {
	t.Helper()
	h := demoHouse(t)
	flags := map[string]int64{}
	all, err := h.store.Flags(context.Background(), moderation.Page{})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range all {
		flags[f.EventID+" "+f.Finding.Rule] = f.ID
	}
	flag := func(name string) int64 {
		if flags[name] == 0 {
			t.Fatalf("the demonstration has no flag %s, but %v", name, flags)
		}
		return flags[name]
	}
	const s, m, hour = time.Second, time.Minute, time.Hour
	yes := func(d time.Duration, a moderation.Actor, name string, open bool) {
		h.after(d, a, moderation.ConfirmFlag{Flag: flag(name), OpenCase: open})
	}
	no := func(d time.Duration, a moderation.Actor, name, why string) {
		h.after(d, a, moderation.DismissFlag{Flag: flag(name), Reason: why})
	}
	tell := func(d time.Duration, name, words string) {
		h.after(d, lan, moderation.TellHost{Flag: flag(name), Text: words})
	}
	yes(1*m+43*s, lan, "t024 material.pure", true)
	yes(1*m+55*s, lan, "t027 price.reference", true)
	h.after(2*m+20*s, lan, moderation.DismissFlag{Flag: flag("t035 absolute.superlative"), Reason: "手滑"})
	h.after(2*m+24*s, lan, moderation.Undo{})
	yes(2*m+31*s, lan, "t035 absolute.superlative", false)
	yes(3*m+59*s, lan, "t060 price.lowest", true)
	h.after(4*m+2*s, lan, moderation.SnoozeFlag{Flag: flag("t064 absolute.rank")})
	yes(5*m+50*s, lan, "t089 ingredient.amount", true)
	tell(6*m+4*s, "t089 ingredient.amount", "更正一下，烟酰胺含量是4%")
	no(6*m+15*s, lan, "t090 efficacy.unknown", "13800138000 来电说备案里有，待查")
	yes(6*m+30*s, bing, "t093 medical.disease", true)
	yes(8*m+10*s, lan, "t119 material.other", true)
	no(8*m+22*s, lan, "t123 quantity.gift", "五件里两件是赠品，三件是配件")
	yes(9*m+33*s, lan, "t147 origin.other", true)
	tell(9*m+45*s, "t147 origin.other", "产地是湖北秭归")
	yes(9*m+58*s, lan, "t149 weight.other", true)
	yes(10*m+20*s, lan, "t156 promise.returns", true)
	no(11*m+5*s, lan, "t171 absolute.term", "证书编号可查")
	yes(11*m+40*s, lan, "t174 promise.fake", true)
	yes(11*m+50*s, lan, "t178 offplatform", true)

	h.resolve(20*hour, bing, 1, moderation.OutcomeUpheld, true)
	h.resolve(30*hour, lan, 2, moderation.OutcomeUpheld, false)
	h.resolve(49*hour, lan, 3, moderation.OutcomeUnfounded, false)
	h.resolve(21*hour, bing, 4, moderation.OutcomeUpheld, true)
	h.resolve(22*hour, lan, 6, moderation.OutcomeCorrected, true)
	h.resolve(40*hour, lan, 7, moderation.OutcomeUpheld, false)
	h.resolve(71*hour, lan, 8, moderation.OutcomeUpheld, false)
	opened := h.after(26*hour, you, moderation.OpenCase{
		Room: demo.Room, Kind: moderation.CaseComplaint, Title: "赠品少发", SKU: "D04", Complaints: []int64{64, 77, 79, 81},
	})
	h.resolve(80*hour, you, opened.Case.ID, moderation.OutcomeUpheld, true)
	h.now = time.Date(2026, 11, 23, 22, 30, 0, 0, time.UTC)
	return h
}

// resolve has somebody take a case, look at it and give it an outcome a little
// later.
func (h *house) resolve(d time.Duration, a moderation.Actor, id int64, o moderation.Outcome, closed bool) {
	h.t.Helper()
	step := func(c func(version int64) moderation.Command) {
		h.t.Helper()
		now, err := h.store.Case(context.Background(), id)
		if err != nil {
			h.t.Fatal(err)
		}
		h.after(d, a, c(now.Version))
		d += 17 * time.Minute
	}
	step(func(v int64) moderation.Command { return moderation.TakeCase{Case: id, Version: v} })
	step(func(v int64) moderation.Command {
		return moderation.MoveCase{Case: id, To: moderation.CaseStateReview, Version: v}
	})
	step(func(v int64) moderation.Command {
		return moderation.MoveCase{Case: id, To: moderation.CaseStateResolved, Outcome: o, Version: v}
	})
	if closed {
		step(func(v int64) moderation.Command {
			return moderation.MoveCase{Case: id, To: moderation.CaseStateClosed, Version: v}
		})
	}
}
