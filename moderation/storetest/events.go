package storetest

import (
	"crypto/sha256"
	"fmt"
	"math"
	"testing"
	"time"

	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/moderation/query"
)

// fullEvent has every field set that the record keeps.
func fullEvent() feed.Event {
	return feed.Event{
		ID: "t024", Source: "asr", Room: "A", Kind: feed.KindTranscript, At: at(94 * time.Second), Recv: at(95 * time.Second),
		User: feed.User{ID: "h1", Name: "晚晴", Role: feed.RoleHost, Shown: feed.Sanitise("晚晴")},
		Text: "百分之百\x1b[31m纯羊毛", Shown: feed.Sanitise("百分之百\x1b[31m纯羊毛"),
		Status: "paid", OrderID: "o1", AmountFen: 12900, Count: 3, Channel: "ticket", Code: "stock_out", Severity: "warn", Retracts: "t001", Clears: feed.ClearsChat,
		Product: &feed.Product{ID: "D01", Title: "围巾", PriceFen: 12900, Stock: -1},
		Order: &feed.Order{
			Buyer: "u1", SKU: "D01", Qty: 2, PaidFen: 100, AddressHash: "ab", Device: "d7",
			CreatedAt: at(time.Second), PaidAt: at(2 * time.Second), ShippedAt: at(3 * time.Second),
		},
		Speech: &feed.Speech{Utterance: "t024", Confidence: 660, StartMS: 1, EndMS: 2, StartAt: at(90 * time.Second)},
		Gap:    &feed.Gap{From: at(time.Second), To: at(2 * time.Second), Lost: -1, Reason: "line cut"},
		Epoch:  "e1", Offset: math.MaxInt64, Raw: []byte{0, 0xff, '{'},
	}
}

func recorded(index int64, e feed.Event) moderation.Recorded {
	return moderation.Recorded{Index: index, Event: e, RawSHA256: sha256.Sum256(e.Raw)}
}

// sealedAs checks whose an event is, and gives it without its seal.
func sealedAs(t *testing.T, e moderation.Recorded) moderation.Recorded {
	t.Helper()
	somebody := moderation.EventHolder(&e.Event) != nil
	if sealed := e.Seal.Holder != 0 && !e.Seal.Erased(); sealed != somebody {
		t.Errorf("event %d %s of %q: sealed %v, want %v", e.Index, e.Kind, e.User.Role, sealed, somebody)
	}
	e.Seal = moderation.Seal{}
	return e
}

func testEvent(t *testing.T, h *harness) {
	full := fullEvent()
	bare := feed.Event{ID: "1", Source: "s", Room: "A", Kind: feed.KindEnter, Shown: feed.Sanitise("")}
	empty := feed.Event{
		ID: "2", Source: "s", Room: "A", Kind: feed.KindSystem, Shown: feed.Sanitise(""),
		Product: &feed.Product{}, Order: &feed.Order{}, Speech: &feed.Speech{}, Gap: &feed.Gap{},
	}
	far := chat("A", 1)
	far.At, far.Recv = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(3, 1, 1, 0, 0, 0, 0, time.UTC)
	indexes := h.add(full, bare, empty, far)
	same(t, "indexes", indexes, []int64{1, 2, 3, 4})
	far.At, far.Recv = moderation.Unstamp(math.MaxInt64), moderation.Unstamp(math.MinInt64)
	got := must[[]moderation.Recorded](t)(h.Events(t.Context(), moderation.Page{}))
	want := []moderation.Recorded{recorded(1, full), recorded(2, bare), recorded(3, empty), recorded(4, far)}
	if len(got) != len(want) {
		t.Fatalf("%d events, want %d", len(got), len(want))
	}
	for i := range want {
		same(t, "event", sealedAs(t, got[i]), want[i])
	}
	for _, bad := range []feed.Event{{ID: "x", Room: "A"}, {Source: "x", Room: "A"}} {
		err := h.Update(t.Context(), func(tx moderation.Tx) error {
			_, _, err := AddEvent(tx, bad)
			return err
		})
		if err == nil {
			t.Errorf("an event with source %q and id %q: no error", bad.Source, bad.ID)
		}
	}
}

func testEventTwice(t *testing.T, h *harness) {
	h.add(chat("A", 1), chat("A", 2))
	again := chat("A", 1)
	again.Text = "another text under the same id"
	h.update(func(tx moderation.Tx) error {
		r, fresh, err := AddEvent(tx, again)
		if index := r.Index; index != 1 || fresh {
			t.Errorf("the same event again: index %d, fresh %v; want 1, false", index, fresh)
		}
		if err != nil {
			return err
		}
		elsewhere := chat("B", 1) // the same id from another source
		r, fresh, err = AddEvent(tx, elsewhere)
		if index := r.Index; index != 3 || !fresh {
			t.Errorf("another source's event: index %d, fresh %v; want 3, true", index, fresh)
		}
		return err
	})
	got := must[[]moderation.Recorded](t)(h.Events(t.Context(), moderation.Page{Limit: 1}))
	got[0] = sealedAs(t, got[0])
	same(t, "the first is kept", got, []moderation.Recorded{recorded(1, chat("A", 1))})
}

// testManyEvents adds more than fit into one statement, of which some are known from
// before and one stands twice among them.
func testManyEvents(t *testing.T, h *harness) {
	h.add(chat("A", 40), chat("A", 3))
	var all []feed.Event
	for n := 1; n <= 100; n++ {
		all = append(all, chat("A", n))
	}
	all = append(all, chat("A", 7))
	h.update(func(tx moderation.Tx) error {
		got, fresh, err := tx.AddEvents(all)
		if err != nil {
			return err
		}
		next := int64(3)
		for i, e := range all {
			want, isNew := next, true
			switch {
			case e.ID == all[39].ID:
				want, isNew = 1, false
			case e.ID == all[2].ID:
				want, isNew = 2, false
			case i == 100:
				want, isNew = got[6].Index, false
			default:
				next++
			}
			if got[i].Index != want || fresh[i] != isNew {
				t.Errorf("event %d: index %d, fresh %v; want %d, %v", i+1, got[i].Index, fresh[i], want, isNew)
			}
		}
		leaves := make([]moderation.Leaf, 75)
		for i := range leaves {
			leaves[i] = moderation.Leaf{Kind: moderation.LeafEvent, Ref: fmt.Sprint(i), Data: []byte(`{"n":1}`)}
		}
		if err := tx.AppendAll(leaves); err != nil {
			return err
		}
		same(t, "the last leaf's index", leaves[74].Index, int64(75))
		_, _, err = tx.AddEvents(nil)
		return err
	})
	got := must[[]moderation.Recorded](t)(h.Events(t.Context(), moderation.Page{}))
	if len(got) != 100 {
		t.Fatalf("%d events, want 100", len(got))
	}
	for i, e := range got {
		same(t, "index", e.Index, int64(i+1))
	}
	same(t, "the newest", sealedAs(t, got[99]), recorded(100, chat("A", 100)))
	same(t, "leaves", len(must[[]moderation.Leaf](t)(h.Leaves(t.Context(), 0, 0))), 75)
	err := h.Update(t.Context(), func(tx moderation.Tx) error {
		_, _, err := tx.AddEvents([]feed.Event{chat("A", 200), {Source: "s"}})
		return err
	})
	if counts := must[moderation.Counts](t)(h.Counts(t.Context())); err == nil || counts.Events != 100 {
		t.Errorf("with an event without an id %v, and %d events", err, counts.Events)
	}
}

func testEventPages(t *testing.T, h *harness) {
	for n := 1; n <= 10; n++ {
		h.add(chat([]string{"A", "B"}[n%2], n))
	}
	tests := []struct {
		name string
		page moderation.Page
		want []int64
	}{
		{"all", moderation.Page{}, []int64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}},
		{"first", moderation.Page{Limit: 3}, []int64{1, 2, 3}},
		{"next", moderation.Page{After: 3, Limit: 3}, []int64{4, 5, 6}},
		{"end", moderation.Page{After: 9, Limit: 3}, []int64{10}},
		{"beyond", moderation.Page{After: 10}, nil},
		{"last", moderation.Page{Before: math.MaxInt64, Limit: 3}, []int64{8, 9, 10}},
		{"the ones before", moderation.Page{Before: 8, Limit: 3}, []int64{5, 6, 7}},
		{"begin", moderation.Page{Before: 1, Limit: 3}, nil},
		{"before wins over after", moderation.Page{Before: 3, After: 8}, []int64{1, 2}},
		{"room", moderation.Page{Room: "B"}, []int64{1, 3, 5, 7, 9}},
		{"room backwards", moderation.Page{Room: "B", Before: 9, Limit: 2}, []int64{5, 7}},
		{"since", moderation.Page{Since: at(8 * time.Second)}, []int64{8, 9, 10}},
		{"no such room", moderation.Page{Room: "C"}, nil},
	}
	for _, tt := range tests {
		var got []int64
		for _, e := range must[[]moderation.Recorded](t)(h.Events(t.Context(), tt.page)) {
			got = append(got, e.Index)
		}
		same(t, tt.name, got, tt.want)
	}
}

func testEventsOf(t *testing.T, h *harness) {
	product := chat("A", 4)
	product.Kind, product.ID = feed.KindProduct, "p1"
	late := chat("A", 2) // arrived after what came later by its clock
	late.ID = "late"
	h.add(chat("A", 1), chat("A", 2), chat("B", 3), product, chat("A", 5), late)
	tests := []struct {
		name     string
		kinds    []feed.Kind
		from, to time.Duration
		limit    int
		want     []int64
	}{
		{"one kind, in record order", []feed.Kind{feed.KindChat}, 0, time.Hour, 0, []int64{1, 2, 5, 6}},
		{"both ends belong", []feed.Kind{feed.KindChat, feed.KindProduct}, 2 * time.Second, 4 * time.Second, 0, []int64{2, 4, 6}},
		{"limit", []feed.Kind{feed.KindChat}, 0, time.Hour, 2, []int64{1, 2}},
		{"no kind", nil, 0, time.Hour, 0, nil},
		{"nothing then", []feed.Kind{feed.KindChat}, time.Hour, 2 * time.Hour, 0, nil},
	}
	for _, tt := range tests {
		var got []int64
		for _, e := range must[[]moderation.Recorded](t)(h.EventsOf(t.Context(), "A", tt.kinds, at(tt.from), at(tt.to), tt.limit)) {
			got = append(got, e.Index)
		}
		same(t, tt.name, got, tt.want)
	}
}

func testChatOf(t *testing.T, h *harness) {
	by := func(e feed.Event, id, name string) feed.Event {
		e.User = feed.User{ID: id, Name: name}
		return e
	}
	gift := by(chat("A", 4), "u1", "小鹿")
	gift.Kind, gift.ID = feed.KindGift, "g1"
	late := by(chat("A", 2), "u1", "小鹿") // arrived after what came later by its clock
	late.ID = "late"
	host := by(chat("A", 7), "u1", "小鹿")
	host.User.Role = feed.RoleHost
	h.add(by(chat("A", 1), "u1", "小鹿"), by(chat("A", 2), "u2", "小鹿"), by(chat("B", 3), "u1", "小鹿"), gift, by(chat("A", 5), "", "小鹿"),
		late, host, by(chat("A", 8), "u2", "小鹿"))
	for _, tt := range []struct {
		name     string
		buyers   []string
		from, to time.Duration
		lines    int
		want     []int64
	}{
		{"by id, in record order, no other room, no gift, not as the host", []string{"u1"}, 0, time.Hour, 100, []int64{1, 6}},
		{"of several", []string{"u1", "u2"}, 0, time.Hour, 100, []int64{1, 2, 6, 8}},
		{"by name where there is no id", []string{"小鹿"}, 0, time.Hour, 100, []int64{5}},
		{"both ends belong", []string{"u1", "u2"}, 2 * time.Second, 8 * time.Second, 100, []int64{2, 6, 8}},
		{"the last lines alone, whoever wrote them", []string{"u1", "u2"}, 0, 8 * time.Second, 2, []int64{8}},
		{"somebody unknown", []string{"u9"}, 0, time.Hour, 100, nil},
		{"nobody", nil, 0, time.Hour, 100, nil},
	} {
		var got []int64
		h.update(func(tx moderation.Tx) error {
			lines, err := tx.ChatOf(t.Context(), "A", tt.buyers, at(tt.from), at(tt.to), tt.lines)
			for _, e := range lines {
				got = append(got, e.Index)
			}
			return err
		})
		same(t, tt.name, got, tt.want)
	}
}

func testEventsByKind(t *testing.T, h *harness) {
	of := func(kind feed.Kind, n int) feed.Event {
		e := chat("A", n)
		e.Kind = kind
		return e
	}
	late := of(feed.KindChat, 3) // arrived after what came later by its clock
	late.ID = "late"
	h.add(of(feed.KindChat, 1), of(feed.KindProduct, 2), of(feed.KindChat, 4), chat("B", 5), of(feed.KindGift, 6), of(feed.KindChat, 7),
		of(feed.KindProduct, 8), late, of(feed.KindChat, 9))
	chats, all := []feed.Kind{feed.KindChat}, []feed.Kind{feed.KindChat, feed.KindGift, feed.KindProduct}
	for _, tt := range []struct {
		name string
		page moderation.Page
		want []int64
	}{
		{"all of a kind", moderation.Page{Room: "A", Kinds: chats}, []int64{1, 3, 6, 8, 9}},
		{"of every room", moderation.Page{Kinds: chats}, []int64{1, 3, 4, 6, 8, 9}},
		{"the first", moderation.Page{Room: "A", Kinds: chats, Limit: 2}, []int64{1, 3}},
		{"the next", moderation.Page{Room: "A", Kinds: chats, After: 3, Limit: 2}, []int64{6, 8}},
		{"the last", moderation.Page{Room: "A", Kinds: chats, Before: math.MaxInt64, Limit: 2}, []int64{8, 9}},
		{"the ones before", moderation.Page{Room: "A", Kinds: chats, Before: 8, Limit: 2}, []int64{3, 6}},
		{"before the first", moderation.Page{Room: "A", Kinds: chats, Before: 1, Limit: 2}, nil},
		{"several kinds", moderation.Page{Room: "A", Kinds: all, After: 1, Limit: 3}, []int64{2, 3, 5}},
		{"several kinds backwards", moderation.Page{Room: "A", Kinds: all, Before: 8, Limit: 3}, []int64{5, 6, 7}},
		{"since", moderation.Page{Room: "A", Kinds: all, Since: at(7 * time.Second), Limit: 9}, []int64{6, 7, 9}},
		{"none of the kind", moderation.Page{Room: "B", Kinds: []feed.Kind{feed.KindGift}, Limit: 9}, nil},
	} {
		var got []int64
		for _, e := range must[[]moderation.Recorded](t)(h.Events(t.Context(), tt.page)) {
			got = append(got, e.Index)
		}
		same(t, tt.name, got, tt.want)
	}
	for _, tt := range []struct {
		name  string
		kinds []feed.Kind
		at    time.Duration
		limit int
		want  []int64
	}{
		{"in the middle", chats, 5 * time.Second, 4, []int64{1, 3, 6, 8}},
		{"at the moment itself", chats, 7 * time.Second, 2, []int64{6, 8}},
		{"one that came late", chats, 3 * time.Second, 4, []int64{6, 8, 9}},
		{"before all", all, 0, 4, []int64{1, 2}},
		{"after all", all, time.Hour, 4, []int64{8, 9}},
		{"no more than asked", all, 6 * time.Second, 1, []int64{5}},
		{"none of the kind", []feed.Kind{feed.KindGap}, time.Hour, 4, nil},
		{"no kind", nil, time.Hour, 4, nil},
	} {
		var got []int64
		for _, e := range must[[]moderation.Recorded](t)(h.EventsAround(t.Context(), "A", tt.kinds, at(tt.at), tt.limit)) {
			got = append(got, e.Index)
		}
		same(t, "around "+tt.name, got, tt.want)
	}
}

func testTally(t *testing.T, h *harness) {
	product := chat("A", 4)
	product.Kind, product.ID = feed.KindProduct, "p1"
	h.add(chat("A", 1), chat("A", 2), chat("B", 3), product, chat("A", 5), chat("A", 9), chat("A", 10))
	both := []feed.Kind{feed.KindChat, feed.KindProduct}
	tests := []struct {
		name     string
		kinds    []feed.Kind
		from, to time.Duration
		step     time.Duration
		want     []int64
	}{
		{"several kinds, the end outside", both, 1 * time.Second, 10 * time.Second, 3 * time.Second, []int64{2, 2, 1}},
		{"a last step that is not whole", both, 1 * time.Second, 11 * time.Second, 3 * time.Second, []int64{2, 2, 1, 1}},
		{"one kind", []feed.Kind{feed.KindProduct}, 0, 6 * time.Second, 2 * time.Second, []int64{0, 0, 1}},
		{"between two nanoseconds", both, time.Second, time.Second + 1, time.Hour, []int64{1}},
		{"no kind", nil, 0, time.Hour, time.Hour, nil},
		{"no time", both, time.Hour, time.Hour, time.Hour, nil},
	}
	for _, tt := range tests {
		same(t, tt.name, must[[]int64](t)(h.Tally(t.Context(), "A", tt.kinds, at(tt.from), at(tt.to), tt.step)), tt.want)
	}
	for name, step := range map[string]time.Duration{"no step": 0, "too many steps": time.Nanosecond} {
		if got, err := h.Tally(t.Context(), "A", both, at(0), at(time.Hour), step); err == nil {
			t.Errorf("%s: no error but %d counts", name, len(got))
		}
	}
	if _, err := h.Tally(t.Context(), "A", both, moderation.Unstamp(math.MinInt64), moderation.Unstamp(math.MaxInt64), 1<<62); err == nil {
		t.Error("a span of nearly all times: no error")
	}
}

func testUtterances(t *testing.T, h *harness) {
	say := func(n int, kind feed.Kind, role feed.Role, partial bool) feed.Event {
		e := chat("A", n)
		e.Kind, e.User.Role = kind, role
		if kind == feed.KindTranscript {
			e.Speech = &feed.Speech{Utterance: e.ID, Partial: partial}
		}
		return e
	}
	h.add(
		say(1, feed.KindTranscript, feed.RoleHost, true),
		say(2, feed.KindTranscript, feed.RoleHost, false),
		say(3, feed.KindChat, feed.RoleViewer, false),
		say(4, feed.KindChat, feed.RoleAssistant, false),
		say(5, feed.KindTranscript, "", false),
		say(6, feed.KindGift, feed.RoleHost, false),
		say(7, feed.KindTranscript, feed.RoleAssistant, false),
	)
	var got []int64
	for _, e := range must[[]moderation.Recorded](t)(h.Utterances(t.Context(), "A", at(2*time.Second), at(6*time.Second))) {
		got = append(got, e.Index)
	}
	same(t, "utterances", got, []int64{2, 4, 5})
}

func testHostileText(t *testing.T, h *harness) {
	for i, text := range []string{
		"", "\x00", "a\x00b", "'; DROP TABLE events; --", "\x1b]0;x\a", "\u202egnp.exe", "\xff\xfe", "👩‍👩‍👧", "\n\r\t", "﷽﷽", "?:@$1",
	} {
		e := chat("A", i)
		e.Text, e.User.Name, e.Raw = text, text, []byte(text)
		e.Channel, e.Code = text, text
		index := h.add(e)[0]
		got := must[[]moderation.Recorded](t)(h.Events(t.Context(), moderation.Page{After: index - 1, Limit: 1}))
		if len(got) != 1 || got[0].Text != text || string(got[0].Raw) != text {
			t.Errorf("text %q came back as %+v", text, got)
		}
		if got[0].RawSHA256 != sha256.Sum256([]byte(text)) {
			t.Errorf("text %q: wrong hash of the raw bytes", text)
		}
	}
}

// Search finds events as people do.
func Search(t testing.TB, r moderation.Reader, text string, p moderation.Page) []moderation.Recorded {
	t.Helper()
	q, err := query.Parse(moderation.ListEvents, text)
	if err != nil {
		t.Fatal(err)
	}
	found, err := query.Find[moderation.Recorded](t.Context(), r, q.Bind(query.Env{Now: at(time.Hour)}), p)
	if err != nil {
		t.Fatal(err)
	}
	return found.Rows
}

func testSearch(t *testing.T, h *harness) {
	texts := []string{
		"这条围巾真的是纯羊绒吗", "圍巾掉毛", "什么时候发货", "Wool scarf, 100% real", "围", "毛巾和围裙", "scarves 羊毛65%", "", "羊毛围巾",
	}
	for i, text := range texts {
		e := chat([]string{"A", "B"}[i%2], i+1)
		e.Text = text
		h.add(e)
	}
	tests := []struct {
		query string
		page  moderation.Page
		want  []int64
	}{
		{"围巾", moderation.Page{}, []int64{1, 2, 9}},
		{"圍巾", moderation.Page{}, []int64{1, 2, 9}},
		{"围", moderation.Page{}, []int64{1, 2, 5, 6, 9}},
		{"巾", moderation.Page{}, []int64{1, 2, 6, 9}},
		{"毛围", moderation.Page{}, []int64{9}},
		{"围巾 羊毛", moderation.Page{}, []int64{9}},
		{"围裙 or 羊毛", moderation.Page{}, []int64{6, 7, 9}},
		{"围巾 -掉毛", moderation.Page{}, []int64{1, 9}},
		{`"围巾掉"`, moderation.Page{}, []int64{2}},
		{`"wool scar"`, moderation.Page{}, nil},
		{"/羊.围/", moderation.Page{}, []int64{9}},
		{"围巾 or kind:gap", moderation.Page{}, []int64{1, 2, 9}},
		{"kind:chat,chat 羊毛", moderation.Page{Room: "A"}, []int64{7, 9}},
		{"kind:chat", moderation.Page{Room: "B", Before: math.MaxInt64, Limit: 2}, []int64{8, 6}},
		{"kind:chat or kind:gap", moderation.Page{Room: "B", After: 2, Limit: 2}, []int64{4, 6}},
		{"kind:gap", moderation.Page{Room: "B"}, nil},
		{"围毛", moderation.Page{}, nil},
		{"羊毛围裙", moderation.Page{}, nil},
		{"SCAR", moderation.Page{}, []int64{4, 7}},
		{"carf", moderation.Page{}, nil},
		{"65", moderation.Page{}, []int64{7}},
		{`" OR * NEAR("`, moderation.Page{}, nil},
		{"", moderation.Page{}, []int64{1, 2, 3, 4, 5, 6, 7, 8, 9}},
		{"围巾", moderation.Page{Limit: 1}, []int64{1}},
		{"围巾", moderation.Page{After: 1, Limit: 1}, []int64{2}},
		{"围巾", moderation.Page{Before: math.MaxInt64, Limit: 2}, []int64{9, 2}},
		{"围巾", moderation.Page{Before: 9, Limit: 1}, []int64{2}},
		{"围巾", moderation.Page{Room: "B"}, []int64{2}},
		{"围巾", moderation.Page{Since: at(2 * time.Second)}, []int64{2, 9}},
	}
	// Once as it comes, once long after: a store may index in its own time.
	for range 2 {
		for _, tt := range tests {
			var got []int64
			for _, e := range Search(t, h, tt.query, tt.page) {
				got = append(got, e.Index)
			}
			same(t, fmt.Sprintf("search %q %+v", tt.query, tt.page), got, tt.want)
		}
		time.Sleep(time.Second)
		h.reopen()
	}
}
