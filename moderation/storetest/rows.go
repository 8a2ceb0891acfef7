package storetest

import (
	"fmt"
	"math"
	"testing"
	"time"

	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/moderation/triage"
)

func testRooms(t *testing.T, h *harness) {
	a := moderation.Room{ID: "A", Name: "东篱优选", TimeZone: "Asia/Shanghai"}
	b := moderation.Room{
		ID: "B", Name: "南枝小院", TimeZone: "UTC", OnAir: "D01", OnAirFen: 12900, OnAirAt: at(time.Second),
		StartedAt: at(0), EndedAt: at(time.Hour), Heard: []moderation.Heard{{Event: 4, SKU: "D01"}, {Event: 9}},
	}
	h.update(func(tx moderation.Tx) error {
		for _, r := range []moderation.Room{b, a} {
			if err := tx.PutRoom(r); err != nil {
				return err
			}
		}
		return nil
	})
	got := must[[]moderation.Room](t)(h.Rooms(t.Context()))
	for i := range got {
		if len(got[i].Heard) == 0 {
			got[i].Heard = nil
		}
	}
	same(t, "rooms", got, []moderation.Room{a, b})
	a.OnAir = "D02"
	h.update(func(tx moderation.Tx) error { return tx.PutRoom(a) })
	same(t, "room changed", must[[]moderation.Room](t)(h.Rooms(t.Context()))[0].OnAir, "D02")
}

func testPositions(t *testing.T, h *harness) {
	p := must[feed.Position](t)(h.Position(t.Context(), "chat"))
	same(t, "a source never seen", p, feed.Position{Source: "chat"})
	for offset := range int64(3) {
		p = feed.Position{Source: "chat", Epoch: "e1", Offset: offset, ID: "c9", At: at(time.Duration(offset))}
		h.update(func(tx moderation.Tx) error { return tx.SetPosition(p) })
		same(t, "position", must[feed.Position](t)(h.Position(t.Context(), "chat")), p)
	}
	same(t, "another source", must[feed.Position](t)(h.Position(t.Context(), "asr")), feed.Position{Source: "asr"})
}

func testFlags(t *testing.T, h *harness) {
	event := h.add(chat("A", 1), chat("A", 2))
	f := sampleFlag(event[0])
	h.update(func(tx moderation.Tx) error { return tx.PutFlag(&f) })
	if f.ID != 1 || f.Version != 1 {
		t.Fatalf("a new flag has id %d and version %d, want 1 and 1", f.ID, f.Version)
	}
	same(t, "flag", must[moderation.Flag](t)(h.Flag(t.Context(), 1)), f)
	f.Status, f.Reason, f.Case = moderation.FlagDismissed, "", 0
	f.DecidedAt, f.Corrected = time.Time{}, time.Time{}
	h.update(func(tx moderation.Tx) error { return tx.PutFlag(&f) })
	same(t, "flag changed", must[moderation.Flag](t)(h.Flag(t.Context(), 1)), f)

	for _, status := range []moderation.FlagStatus{moderation.FlagOpen, moderation.FlagSnoozed, moderation.FlagConfirmed} {
		next := sampleFlag(event[1])
		next.Status, next.Room = status, "B"
		h.update(func(tx moderation.Tx) error { return tx.PutFlag(&next) })
	}
	ids := func(flags []moderation.Flag, err error) (out []int64) {
		for _, f := range must[[]moderation.Flag](t)(flags, err) {
			out = append(out, f.ID)
		}
		return out
	}
	same(t, "all flags", ids(h.Flags(t.Context(), moderation.Page{})), []int64{1, 2, 3, 4})
	same(t, "open flags", ids(h.Flags(t.Context(), moderation.Page{Open: true})), []int64{2, 3})
	same(t, "a room's flags", ids(h.Flags(t.Context(), moderation.Page{Room: "A"})), []int64{1})
	same(t, "the newest flags", ids(h.Flags(t.Context(), moderation.Page{Before: math.MaxInt64, Limit: 2})), []int64{3, 4})
	same(t, "an event's flags", ids(h.FlagsOf(t.Context(), event[1:])), []int64{2, 3, 4})
	same(t, "no event's flags", ids(h.FlagsOf(t.Context(), nil)), []int64(nil))
}

func testComplaints(t *testing.T, h *harness) {
	event := h.add(chat("A", 1))[0]
	text := "掉毛 不是\x1b纯羊绒"
	c := moderation.Complaint{
		Room: "A", Event: event, EventID: "m1", At: at(time.Hour), Channel: "ticket", SKU: "A001", OrderID: "o1",
		Type: triage.NotAsDescribed, Priority: triage.High, Score: 873, Why: "与描述不符：“不是\x1b纯”", WhyEN: "not as described",
		Buyer: feed.User{ID: "u9", Name: "李某", Role: feed.RoleViewer, Shown: feed.Sanitise("李某")}, Text: text, Shown: feed.Sanitise(text),
	}
	p := moderation.Problem{Room: "A", SKU: "A001", Title: "掉毛", Flag: 3, Event: event, SaidAt: at(time.Second), Into: 4, ChangedBy: "小柚"}
	h.update(func(tx moderation.Tx) error {
		for range 3 {
			c.ID, c.Version = 0, 0
			if err := tx.PutComplaint(&c); err != nil {
				return err
			}
		}
		return tx.PutProblem(&p)
	})
	same(t, "a problem nobody has", must[[]moderation.Problem](t)(h.Problems(t.Context(), moderation.Page{}))[0].Complaints, []int64{})
	c.Problem, c.Case = p.ID, 5
	first := c
	first.ID = 1
	h.update(func(tx moderation.Tx) error {
		if err := tx.PutComplaint(&c); err != nil {
			return err
		}
		return tx.PutComplaint(&first)
	})
	all := must[[]moderation.Complaint](t)(h.Complaints(t.Context(), moderation.Page{Room: "A"}))
	if len(all) != 3 {
		t.Fatalf("%d complaints, want 3", len(all))
	}
	same(t, "complaint", all[2], c)
	same(t, "one complaint", must[moderation.Complaint](t)(h.Complaint(t.Context(), 3)), c)
	p.Complaints = []int64{1, 3}
	same(t, "problem", must[[]moderation.Problem](t)(h.Problems(t.Context(), moderation.Page{})), []moderation.Problem{p})
	same(t, "one problem", must[moderation.Problem](t)(h.Problem(t.Context(), p.ID)), p)
	p.Title, p.Flag, p.Into, p.SaidAt, p.Complaints = "静电", 4, 0, time.Time{}, nil
	h.update(func(tx moderation.Tx) error { return tx.PutProblem(&p) })
	p.Complaints = []int64{1, 3}
	same(t, "problem changed", must[[]moderation.Problem](t)(h.Problems(t.Context(), moderation.Page{Room: "A"})), []moderation.Problem{p})
}

func testQuestions(t *testing.T, h *harness) {
	event := h.add(chat("A", 1), chat("A", 2))
	q := moderation.Question{
		Room: "A", Event: event[0], EventID: "c1", At: at(time.Second), SKU: "A001", Text: "能\x1b机洗吗", Shown: feed.Sanitise("能\x1b机洗吗"),
		Asker: feed.User{ID: "u9", Name: "李某", Role: feed.RoleViewer, Shown: feed.Sanitise("李某")}, Times: 1, LastAt: at(time.Second),
	}
	other := q
	other.Room, other.At = "B", at(time.Hour)
	h.update(func(tx moderation.Tx) error {
		if err := tx.PutQuestion(&q); err != nil {
			return err
		}
		return tx.PutQuestion(&other)
	})
	same(t, "question", must[moderation.Question](t)(h.Question(t.Context(), q.ID)), q)
	same(t, "open questions", must[[]moderation.Question](t)(h.Questions(t.Context(), moderation.Page{Open: true})), []moderation.Question{q, other})
	same(t, "since", must[[]moderation.Question](t)(h.Questions(t.Context(), moderation.Page{Since: at(time.Minute)})), []moderation.Question{other})
	q.Times, q.LastAt, q.AnsweredAt, q.Answer, q.AnsweredBy, q.Note = 3, at(2*time.Second), at(3*time.Second), event[1], "阿岚", "回了"
	h.update(func(tx moderation.Tx) error { return tx.PutQuestion(&q) })
	same(t, "question answered", must[moderation.Question](t)(h.Question(t.Context(), q.ID)), q)
	same(t, "open questions of a room", len(must[[]moderation.Question](t)(h.Questions(t.Context(), moderation.Page{Room: "A", Open: true}))), 0)
	same(t, "all questions", must[[]moderation.Question](t)(h.Questions(t.Context(), moderation.Page{})), []moderation.Question{q, other})
}

func testOrders(t *testing.T, h *harness) {
	event := h.add(chat("A", 1))[0]
	o := sampleOrder("LR1", event)
	other := sampleOrder("LR2", event)
	other.Room = "B"
	h.update(func(tx moderation.Tx) error {
		if err := tx.PutOrder(&o); err != nil {
			return err
		}
		return tx.PutOrder(&other)
	})
	if o.Number != 1 || other.Number != 2 || o.Version != 1 {
		t.Fatalf("numbers %d and %d, version %d; want 1, 2, 1", o.Number, other.Number, o.Version)
	}
	o.Status, o.Refund, o.RefundFen = feed.StatusShipped, feed.StatusRefunded, 59800
	h.update(func(tx moderation.Tx) error { return tx.PutOrder(&o) })
	same(t, "order", must[moderation.Order](t)(h.Order(t.Context(), "LR1")), o)
	same(t, "orders", must[[]moderation.Order](t)(h.Orders(t.Context(), moderation.Page{})), []moderation.Order{o, other})
	same(t, "next page", must[[]moderation.Order](t)(h.Orders(t.Context(), moderation.Page{After: 1})), []moderation.Order{other})
	again := sampleOrder("LR1", event)
	wantErr(t, "the same order as a new one", h.Update(t.Context(), func(tx moderation.Tx) error { return tx.PutOrder(&again) }), moderation.ErrConflict)
}

func testOrdersOf(t *testing.T, h *harness) {
	event := h.add(chat("A", 1))[0]
	var all []moderation.Order
	for i, set := range []func(o *moderation.Order){
		func(*moderation.Order) {},
		func(o *moderation.Order) { o.Buyer.ID = "u1" },
		func(o *moderation.Order) { o.Room, o.AddressHash, o.Device = "B", "", "" },
		func(o *moderation.Order) { o.Buyer = feed.User{}; o.AddressHash, o.Device = "", "bfe1" },
		func(o *moderation.Order) { o.Buyer.ID = "" },
	} {
		o := sampleOrder(fmt.Sprint("LR", i), event)
		set(&o)
		h.update(func(tx moderation.Tx) error { return tx.PutOrder(&o) })
		all = append(all, o)
	}
	for _, tt := range []struct {
		kind  moderation.LinkKind
		value string
		limit int
		want  []int
	}{
		{moderation.LinkBuyer, "u9", 0, []int{2, 0}},
		{moderation.LinkBuyer, "u9", 1, []int{2}},
		{moderation.LinkBuyer, "u1", 0, []int{1}},
		{moderation.LinkBuyer, all[4].Buyer.Name, 0, []int{4}}, // known by the name alone
		{moderation.LinkBuyer, "", 0, nil},
		{moderation.LinkAddress, "bfe1", 2, []int{4, 1}},
		{moderation.LinkAddress, "", 0, nil},
		{moderation.LinkAddress, "u9", 0, nil},
		{moderation.LinkAddress, "d7", 0, nil},
		{moderation.LinkDevice, "d7", 2, []int{4, 1}},
		{moderation.LinkDevice, "bfe1", 0, []int{3}},
		{moderation.LinkDevice, "", 0, nil},
		{moderation.LinkDevice, "u9", 0, nil},
	} {
		var want []moderation.Order
		for _, i := range tt.want {
			want = append(want, all[i])
		}
		same(t, fmt.Sprintf("orders of %s %s", tt.kind, tt.value),
			must[[]moderation.Order](t)(h.OrdersOf(t.Context(), moderation.Link{Kind: tt.kind, Value: tt.value}, tt.limit)), want)
	}
	if _, err := h.OrdersOf(t.Context(), moderation.Link{Kind: moderation.LinkHost, Value: "h1"}, 0); err == nil {
		t.Error("the orders of a host were listed")
	}
	// Who bought may be told later.
	late := all[3]
	late.Buyer = feed.User{ID: "u7", Shown: feed.Sanitise("")}
	h.update(func(tx moderation.Tx) error {
		if err := tx.PutOrder(&late); err != nil {
			return err
		}
		if got := must[[]moderation.Order](t)(tx.OrdersOf(t.Context(), moderation.Link{Kind: moderation.LinkBuyer, Value: "u7"}, 0)); len(got) != 1 {
			t.Errorf("inside its transaction %d orders, want 1", len(got))
		}
		return nil
	})
}

func testCases(t *testing.T, h *harness) {
	c := sampleCase()
	bare := moderation.Case{Room: "B", State: moderation.CaseStateClosed, OpenedAt: at(0)}
	withdrawn := moderation.Case{Room: "B", State: moderation.CaseStateWithdrawn}
	h.update(func(tx moderation.Tx) error {
		if err := tx.PutCase(&c); err != nil {
			return err
		}
		if err := tx.PutCase(&bare); err != nil {
			return err
		}
		return tx.PutCase(&withdrawn)
	})
	same(t, "case", must[moderation.Case](t)(h.Case(t.Context(), c.ID)), c)
	same(t, "bare case", must[moderation.Case](t)(h.Case(t.Context(), bare.ID)), bare)
	c.State, c.Owner, c.Flags = moderation.CaseStateReview, "", append(c.Flags, 8)
	h.update(func(tx moderation.Tx) error { return tx.PutCase(&c) })
	same(t, "case changed", must[moderation.Case](t)(h.Case(t.Context(), c.ID)), c)
	same(t, "cases", must[[]moderation.Case](t)(h.Cases(t.Context(), moderation.Page{})), []moderation.Case{c, bare, withdrawn})
	same(t, "open cases", must[[]moderation.Case](t)(h.Cases(t.Context(), moderation.Page{Open: true})), []moderation.Case{c})
}

func testCasesOf(t *testing.T, h *harness) {
	put := func(c moderation.Case) moderation.Case {
		h.update(func(tx moderation.Tx) error { return tx.PutCase(&c) })
		return c
	}
	a := put(moderation.Case{Room: "A", SKU: "D01", Buyers: []string{"u1", "u2"}, Host: "h1", Merchant: "栖岫"})
	b := put(moderation.Case{Room: "B", SKU: "D01", Buyers: []string{"u2"}})
	put(moderation.Case{Room: "A", SKU: "D01", State: moderation.CaseStateWithdrawn})
	c := put(moderation.Case{Room: "A", SKU: "D02", Buyers: []string{"u2"}})
	d := put(moderation.Case{Signals: []moderation.Signal{{Rule: "address", Address: "bfe1"}, {Rule: "burst", Address: "bfe1"}, {Rule: "device", Device: "d7"}}})
	a.State = moderation.CaseStateReview
	a.Payments = []moderation.Payment{{ID: 1, Order: "o1"}, {ID: 2, Order: "o1"}, {ID: 3, Order: "o2"}}
	h.update(func(tx moderation.Tx) error { return tx.PutCase(&a) })
	for _, tt := range []struct {
		kind   moderation.LinkKind
		value  string
		before int64
		limit  int
		want   []moderation.Case
	}{
		{moderation.LinkRoom, "A", math.MaxInt64, 0, []moderation.Case{c, a}},
		{moderation.LinkRoom, "A", c.ID, 0, []moderation.Case{a}},
		{moderation.LinkProduct, "D01", math.MaxInt64, 0, []moderation.Case{b, a}},
		{moderation.LinkBuyer, "u2", math.MaxInt64, 2, []moderation.Case{c, b}},
		{moderation.LinkBuyer, "u1", math.MaxInt64, 0, []moderation.Case{a}},
		{moderation.LinkHost, "h1", math.MaxInt64, 0, []moderation.Case{a}},
		{moderation.LinkMerchant, "栖岫", math.MaxInt64, 0, []moderation.Case{a}},
		{moderation.LinkOrder, "o1", math.MaxInt64, 0, []moderation.Case{a}},
		{moderation.LinkHost, "u1", math.MaxInt64, 0, nil},
		{moderation.LinkBuyer, "u1", a.ID, 0, nil},
		{moderation.LinkAddress, "bfe1", math.MaxInt64, 0, []moderation.Case{d}},
		{moderation.LinkDevice, "d7", math.MaxInt64, 0, []moderation.Case{d}},
		{moderation.LinkDevice, "bfe1", math.MaxInt64, 0, nil},
	} {
		got := must[[]moderation.Case](t)(h.CasesOf(t.Context(), moderation.Link{Kind: tt.kind, Value: tt.value}, tt.before, tt.limit))
		same(t, fmt.Sprintf("cases of %s %s before %d", tt.kind, tt.value, tt.before), got, tt.want)
	}
}

func testEffects(t *testing.T, h *harness) {
	put := func(key string, due time.Duration, status moderation.EffectStatus) moderation.Effect {
		e := moderation.Effect{
			Key: key, Room: "A", Kind: "correct-host", Target: "t024", Text: "更正一下", NotBefore: at(due),
			Status: status, Result: "r", Flag: 3, Action: 7,
		}
		h.update(func(tx moderation.Tx) error { return tx.PutEffect(&e) })
		return e
	}
	later := put("k1", 20*time.Second, moderation.EffectPending)
	sooner := put("k2", 10*time.Second, moderation.EffectPending)
	sent := put("k3", 0, moderation.EffectSent)
	same(t, "due at 15 s", must[[]moderation.Effect](t)(h.Effects(t.Context(), at(15*time.Second))), []moderation.Effect{sooner})
	same(t, "due at 20 s", must[[]moderation.Effect](t)(h.Effects(t.Context(), at(20*time.Second))), []moderation.Effect{sooner, later})
	later.Status = moderation.EffectBegun // and cut off: still to be done
	h.update(func(tx moderation.Tx) error { return tx.PutEffect(&later) })
	sooner.Status = moderation.EffectCancelled
	h.update(func(tx moderation.Tx) error { return tx.PutEffect(&sooner) })
	same(t, "due once cancelled", must[[]moderation.Effect](t)(h.Effects(t.Context(), at(20*time.Second))), []moderation.Effect{later})
	same(t, "all", must[[]moderation.Effect](t)(h.Effects(t.Context(), time.Time{})), []moderation.Effect{later, sooner, sent})
	h.update(func(tx moderation.Tx) error {
		same(t, "one", must[moderation.Effect](t)(tx.Effect(t.Context(), sent.ID)), sent)
		_, err := tx.Effect(t.Context(), 99)
		wantErr(t, "one that is not there", err, moderation.ErrNotFound)
		return nil
	})
	twin := later
	twin.ID = 0
	third := later
	third.ID, third.Key = 0, "k4"
	h.update(func(tx moderation.Tx) error {
		wantErr(t, "two effects with one key", tx.PutEffect(&twin), moderation.ErrConflict)
		return tx.PutEffect(&third) // the transaction can go on
	})
}

func testActions(t *testing.T, h *harness) {
	put := func(actor, command string) moderation.Action {
		a := moderation.Action{
			Actor: moderation.Actor{Name: actor, Role: moderation.RoleAgent}, Command: command, At: at(time.Second), UndoUntil: at(16 * time.Second),
			Before: []byte(`{"b":1}`), After: []byte(`{"a":[2]}`),
		}
		h.update(func(tx moderation.Tx) error { return tx.PutAction(&a) })
		return a
	}
	first, second := put("阿岚", "take-case"), put("阿岚", "note-case")
	other := put("小柚", "note-case")
	same(t, "last", must[moderation.Action](t)(h.LastAction(t.Context(), "阿岚")), second)
	second.Undone = true
	h.update(func(tx moderation.Tx) error { return tx.PutAction(&second) })
	undo := put("阿岚", "undo")
	same(t, "last after undo", must[moderation.Action](t)(h.LastAction(t.Context(), "阿岚")), first)
	same(t, "another's", must[moderation.Action](t)(h.LastAction(t.Context(), "小柚")), other)
	same(t, "all", must[[]moderation.Action](t)(h.Actions(t.Context(), moderation.Page{})), []moderation.Action{first, second, other, undo})
	keyed := moderation.Action{Actor: other.Actor, Key: "k1", Command: "take-case", At: at(0), Before: []byte("{}"), After: []byte("{}")}
	h.update(func(tx moderation.Tx) error { return tx.PutAction(&keyed) })
	same(t, "by key", must[moderation.Action](t)(h.ActionByKey(t.Context(), "小柚", "k1")), keyed)
	twice, theirs := keyed, keyed
	twice.ID, theirs.ID, theirs.Actor.Name = 0, 0, "阿岚"
	wantErr(t, "a key twice", h.Update(t.Context(), func(tx moderation.Tx) error { return tx.PutAction(&twice) }), moderation.ErrConflict)
	h.update(func(tx moderation.Tx) error { return tx.PutAction(&theirs) })
	for _, none := range [][2]string{{"小柚", "k2"}, {"小柚", ""}, {"nobody", "k1"}} {
		_, err := h.ActionByKey(t.Context(), none[0], none[1])
		wantErr(t, "no such key", err, moderation.ErrNotFound)
	}
	_, err := h.LastAction(t.Context(), "nobody")
	wantErr(t, "last action of nobody", err, moderation.ErrNotFound)
}

func testCounts(t *testing.T, h *harness) {
	same(t, "an empty record", must[moderation.Counts](t)(h.Counts(t.Context())), moderation.Counts{})
	gap := chat("A", 3)
	gap.Kind = feed.KindGap
	event := h.add(chat("A", 1), chat("A", 2), gap, chat("A", 1))[0]
	f, c, o := sampleFlag(event), sampleCase(), sampleOrder("o1", event)
	h.update(func(tx moderation.Tx) error {
		for _, put := range []error{
			tx.PutFlag(&f), tx.PutCase(&c), tx.PutOrder(&o), tx.PutProblem(&moderation.Problem{}),
			tx.PutQuestion(&moderation.Question{Event: event}), tx.PutComplaint(&moderation.Complaint{Event: event}), tx.PutComplaint(&moderation.Complaint{Event: event}),
		} {
			if put != nil {
				return put
			}
		}
		return nil
	})
	same(t, "counts", must[moderation.Counts](t)(h.Counts(t.Context())),
		moderation.Counts{Events: 3, Flags: 1, Complaints: 2, Problems: 1, Questions: 1, Orders: 1, Cases: 1, Gaps: 1})
}

func testVersions(t *testing.T, h *harness) {
	event := h.add(chat("A", 1))[0]
	f, c, o, m := sampleFlag(event), sampleCase(), sampleOrder("o1", event), moderation.Complaint{Room: "A", Event: event}
	p, q := moderation.Problem{Room: "A"}, moderation.Question{Room: "A", Event: event}
	h.update(func(tx moderation.Tx) error {
		for _, err := range []error{tx.PutFlag(&f), tx.PutCase(&c), tx.PutOrder(&o), tx.PutComplaint(&m), tx.PutProblem(&p), tx.PutQuestion(&q)} {
			if err != nil {
				return err
			}
		}
		return nil
	})
	oldF, oldC, oldO, oldM, oldP, oldQ := f, c, o, m, p, q
	for _, tt := range []struct {
		name       string
		now, stale func(tx moderation.Tx) error
	}{
		{"flag", func(tx moderation.Tx) error { return tx.PutFlag(&f) }, func(tx moderation.Tx) error { return tx.PutFlag(&oldF) }},
		{"case", func(tx moderation.Tx) error { return tx.PutCase(&c) }, func(tx moderation.Tx) error { return tx.PutCase(&oldC) }},
		{"order", func(tx moderation.Tx) error { return tx.PutOrder(&o) }, func(tx moderation.Tx) error { return tx.PutOrder(&oldO) }},
		{"complaint", func(tx moderation.Tx) error { return tx.PutComplaint(&m) }, func(tx moderation.Tx) error { return tx.PutComplaint(&oldM) }},
		{"problem", func(tx moderation.Tx) error { return tx.PutProblem(&p) }, func(tx moderation.Tx) error { return tx.PutProblem(&oldP) }},
		{"question", func(tx moderation.Tx) error { return tx.PutQuestion(&q) }, func(tx moderation.Tx) error { return tx.PutQuestion(&oldQ) }},
	} {
		h.update(tt.now)
		wantErr(t, "a stale "+tt.name, h.Update(t.Context(), tt.stale), moderation.ErrConflict)
	}
	for what, version := range map[string]int64{
		"flag": f.Version, "case": c.Version, "order": o.Version, "complaint": m.Version, "problem": p.Version, "question": q.Version,
	} {
		if version != 2 {
			t.Errorf("%s: version %d after one change, want 2", what, version)
		}
	}
}

func testMissing(t *testing.T, h *harness) {
	_, err := h.Flag(t.Context(), 9)
	wantErr(t, "flag", err, moderation.ErrNotFound)
	_, err = h.Case(t.Context(), 9)
	wantErr(t, "case", err, moderation.ErrNotFound)
	_, err = h.Order(t.Context(), "9")
	wantErr(t, "order", err, moderation.ErrNotFound)
	_, err = h.Complaint(t.Context(), 9)
	wantErr(t, "complaint", err, moderation.ErrNotFound)
	_, err = h.Problem(t.Context(), 9)
	wantErr(t, "problem", err, moderation.ErrNotFound)
	_, err = h.Question(t.Context(), 9)
	wantErr(t, "question", err, moderation.ErrNotFound)
	for name, put := range map[string]func(tx moderation.Tx) error{
		"flag":      func(tx moderation.Tx) error { return tx.PutFlag(&moderation.Flag{ID: 9, Version: 1}) },
		"case":      func(tx moderation.Tx) error { return tx.PutCase(&moderation.Case{ID: 9, Version: 1}) },
		"order":     func(tx moderation.Tx) error { return tx.PutOrder(&moderation.Order{ID: "9", Version: 1}) },
		"complaint": func(tx moderation.Tx) error { return tx.PutComplaint(&moderation.Complaint{ID: 9, Version: 1}) },
		"problem":   func(tx moderation.Tx) error { return tx.PutProblem(&moderation.Problem{ID: 9}) },
		"question":  func(tx moderation.Tx) error { return tx.PutQuestion(&moderation.Question{ID: 9}) },
		"effect":    func(tx moderation.Tx) error { return tx.PutEffect(&moderation.Effect{ID: 9}) },
		"action":    func(tx moderation.Tx) error { return tx.PutAction(&moderation.Action{ID: 9}) },
	} {
		wantErr(t, "put "+name, h.Update(t.Context(), put), moderation.ErrNotFound)
	}
}
