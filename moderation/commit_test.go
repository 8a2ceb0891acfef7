package moderation_test

import (
	"context"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"liveroom/claims"
	"liveroom/feed"
	"liveroom/moderation"
)

func TestAFalseClaimBecomesAFlag(t *testing.T) {
	d := newDesk(t)
	d.commit(onAir(1, "D01", 12900), says(2, "百分之百纯羊毛 全网最好"))
	flags := d.flags()
	if len(flags) != 2 {
		t.Fatalf("%d flags, want one of the material and one of the absolute word: %v", len(flags), flags)
	}
	f := flags[0]
	if f.Room != "A" || f.Event != 2 || f.EventID != "transcript-2" || f.Status != moderation.FlagOpen || !f.At.Equal(at(2)) ||
		f.Text != "百分之百纯羊毛 全网最好" || f.Finding.SKU != "D01" || f.Finding.Category != claims.CategoryMaterial {
		t.Errorf("flag %+v", f)
	}
	if f.Finding.Severity != claims.SeverityHigh {
		t.Errorf("two findings of a category: the %s one was kept, want the gravest", f.Finding.Severity)
	}
	d.verify()
}

func TestWhoseWordsAreChecked(t *testing.T) {
	partial := says(1, "百分之百纯羊毛")
	partial.Speech.Partial = true
	assistant := event(feed.KindChat, 2, "百分之百纯羊毛")
	assistant.User.Role = feed.RoleAssistant
	unknown := says(3, "百分之百纯羊毛")
	unknown.User = feed.User{}
	viewer := says(4, "百分之百纯羊毛")
	viewer.User.Role = feed.RoleViewer
	tests := []struct {
		name  string
		event feed.Event
		flags int
	}{
		{"the host", says(5, "百分之百纯羊毛"), 1},
		{"a partial result", partial, 0},
		{"the assistant in chat", assistant, 1},
		{"a recogniser that tells nobody apart", unknown, 1},
		{"a viewer on a call", viewer, 0},
		{"a viewer in chat", event(feed.KindChat, 6, "百分之百纯羊毛"), 0},
		{"a complaint", complains(7, "百分之百纯羊毛", "D01", ""), 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := newDesk(t)
			d.commit(tt.event)
			if n := len(d.flags()); n != tt.flags {
				t.Errorf("%d flags, want %d", n, tt.flags)
			}
		})
	}
}

func TestTheSameUtteranceTwiceIsOneFlag(t *testing.T) {
	d := newDesk(t)
	d.commit(says(1, "百分之百纯羊毛"))
	d.commit(says(1, "百分之百纯羊毛")) // sent again
	again := says(2, "百分之百纯羊毛 最好")
	again.Speech.Utterance = "transcript-1" // a better final result
	d.commit(again)
	flags := d.flags()
	if len(flags) != 2 || flags[1].Finding.Category != claims.CategoryAbsolute {
		t.Fatalf("flags %v, want the material once and the new absolute word", flags)
	}
	d.commit(says(3, "百分之百纯羊毛"))
	if n := len(d.flags()); n != 3 {
		t.Errorf("%d flags after it was said again, want 3", n)
	}
	if c := must(d.store.Counts(t.Context())); c.Events != 3 || c.Duplicated != 0 {
		t.Errorf("counts %+v, want 3 events, none doubled", c)
	}
}

// story is enough of a broadcast that what is found depends on what was before.
func story() []feed.Event {
	var out []feed.Event
	out = append(out, onAir(1, "D01", 12900))
	for n := 2; n < 40; n++ {
		switch {
		case n%7 == 0:
			out = append(out, onAir(n, fmt.Sprintf("D%02d", n/7+1), int64(n)*100))
		case n%5 == 0:
			out = append(out, says(n, "百分之百纯羊毛"))
		case n%5 == 1:
			out = append(out, says(n, "是的"))
		case n%5 == 2:
			out = append(out, event(feed.KindChat, n, "真的吗"))
		case n%5 == 3:
			out = append(out, trade(n, fmt.Sprintf("LR%d", n), feed.StatusPaid, "D01", 12900))
		default:
			out = append(out, says(n, "家人们"))
		}
	}
	return out
}

// sameLedger compares what two records say. Their roots differ, as people's parts
// are sealed with keys of each record's own.
func sameLedger(t *testing.T, what string, got, want *desk) {
	t.Helper()
	if g, w := saying(got), saying(want); !slices.Equal(g, w) {
		t.Errorf("%s: the ledger is\n%s\nwant\n%s", what, strings.Join(g, "\n"), strings.Join(w, "\n"))
	}
	if g, w := got.state(), want.state(); g != w {
		t.Errorf("%s: the rows are\n%s\nwant\n%s", what, g, w)
	}
}

var secretHash = regexp.MustCompile(`"(row|raw)":"[0-9a-f]*"`)

// saying is a ledger leaf for leaf, without the hashes that a salt goes into.
func saying(d *desk) []string {
	var out []string
	for _, l := range must(d.store.Leaves(d.t.Context(), 0, 0)) {
		data := string(l.Data)
		if strings.Contains(data, `"holder"`) {
			data = secretHash.ReplaceAllString(data, `"$1":"…"`)
		}
		out = append(out, l.Kind+" "+l.Ref+" "+data)
	}
	return out
}

func TestARestartChangesNothing(t *testing.T) {
	straight := newDesk(t)
	straight.commit(story()...)
	for _, size := range []int{1, 3, 7} {
		broken := newDesk(t)
		events := story()
		for len(events) > 0 {
			n := min(size, len(events))
			broken.commit(events[:n]...)
			broken.restart()
			broken.commit(events[:n]...) // a source that was not answered offers it again
			events = events[n:]
		}
		if got, want := broken.flags(), straight.flags(); !reflect.DeepEqual(got, want) {
			t.Errorf("batches of %d with restarts: flags\n got %+v\nwant %+v", size, got, want)
		}
		sameLedger(t, fmt.Sprintf("batches of %d with restarts", size), broken, straight)
		broken.verify()
	}
	if n := len(straight.flags()); n < 10 {
		t.Errorf("the story raises %d flags: too few to tell", n)
	}
}

func TestAFailedCommitLeavesTheRoomAsItWas(t *testing.T) {
	d := newDesk(t)
	d.commit(onAir(1, "D01", 100), says(2, "百分之百纯羊毛"))
	bad := event(feed.KindChat, 4, "")
	bad.ID = ""
	if err := d.Commit(t.Context(), batch(onAir(3, "D02", 200), bad)); err == nil {
		t.Fatal("an event without an id: no error")
	}
	d.commit(says(5, "是的"))
	flags := d.flags()
	if len(flags) != 2 || flags[1].Finding.SKU != "D01" || flags[1].Finding.Value != "after transcript-2 on D01, 1 heard" {
		t.Errorf("flags %+v, want the second about D01, which is still on air", flags)
	}
	if p := must(d.Position(t.Context(), "ws")); p.Offset != 5 {
		t.Errorf("position %d, want 5", p.Offset)
	}
	d.verify()
}

func TestRooms(t *testing.T) {
	d := newDesk(t, func(c *moderation.Config) { c.Rooms = []moderation.Room{{ID: "A", Name: "南枝小院"}} })
	end := event(feed.KindSystem, 50, "")
	end.Code = feed.CodeStreamEnd
	elsewhere := event(feed.KindChat, 3, "hi")
	elsewhere.Room = "B"
	d.commit(event(feed.KindEnter, 1, ""), onAir(2, "D01", 12900), elsewhere, end, complains(60, "掉毛", "D01", ""))
	rooms := must(d.store.Rooms(t.Context()))
	if len(rooms) != 2 {
		t.Fatalf("rooms %+v", rooms)
	}
	a := rooms[0]
	if a.Name != "南枝小院" || a.TimeZone != "Asia/Shanghai" || a.OnAir != "D01" || a.OnAirFen != 12900 ||
		!a.OnAirAt.Equal(at(2)) || !a.StartedAt.Equal(at(1)) || !a.EndedAt.Equal(at(50)) {
		t.Errorf("room %+v", a)
	}
	if b := rooms[1]; b.ID != "B" || b.Name != "B" || !b.StartedAt.Equal(at(3)) {
		t.Errorf("room %+v", b)
	}
	d.commit(says(51, "再见"))
	if r := must(d.store.Rooms(t.Context()))[0]; r.EndedAt.IsZero() {
		t.Error("a late result of the old broadcast began a new one")
	}
	d.commit(says(3600, "晚上好"))
	if r := must(d.store.Rooms(t.Context()))[0]; !r.EndedAt.IsZero() || !r.StartedAt.Equal(at(3600)) {
		t.Errorf("an hour later: room %+v, want a new broadcast", r)
	}
	d.restart()
	if r := must(d.store.Rooms(t.Context()))[0]; r.Name != "南枝小院" || !r.StartedAt.Equal(at(3600)) {
		t.Errorf("after a restart: room %+v", r)
	}
}

func TestOrdersOnlyMoveForward(t *testing.T) {
	refund := func(n int, status string, fen int64) feed.Event {
		e := trade(n, "LR1", status, "", fen)
		e.Kind, e.ID, e.Order = feed.KindRefund, fmt.Sprint("r", n), nil
		return e
	}
	tests := []struct {
		name           string
		events         []feed.Event
		status, refund string
		paidAt         time.Time
	}{
		{"in order", []feed.Event{
			trade(1, "LR1", feed.StatusCreated, "D01", 100), trade(2, "LR1", feed.StatusPaid, "D01", 100), trade(3, "LR1", feed.StatusShipped, "D01", 100),
		}, feed.StatusShipped, "", at(2)},
		{"paid told after shipped", []feed.Event{
			trade(3, "LR1", feed.StatusShipped, "D01", 100), trade(2, "LR1", feed.StatusPaid, "D01", 100),
		}, feed.StatusShipped, "", at(2)},
		{"closed from anywhere, for good", []feed.Event{
			trade(1, "LR1", feed.StatusCreated, "D01", 100), trade(2, "LR1", feed.StatusClosed, "D01", 100), trade(3, "LR1", feed.StatusShipped, "D01", 100),
		}, feed.StatusClosed, "", time.Time{}},
		{"an unknown state", []feed.Event{
			trade(1, "LR1", feed.StatusPaid, "D01", 100), trade(2, "LR1", "lost in space", "D01", 100),
		}, feed.StatusPaid, "", at(1)},
		{"a refund apart", []feed.Event{
			trade(1, "LR1", feed.StatusPaid, "D01", 100), refund(2, feed.StatusRequested, 40), refund(3, feed.StatusRefunded, 40), refund(4, feed.StatusRequested, 40),
		}, feed.StatusPaid, feed.StatusRefunded, at(1)},
		{"a refund asked again", []feed.Event{
			trade(1, "LR1", feed.StatusPaid, "D01", 100), refund(2, feed.StatusRefused, 40), refund(3, feed.StatusRequested, 40),
		}, feed.StatusPaid, feed.StatusRequested, at(1)},
		{"a refund that was refused before the request arrived", []feed.Event{
			trade(1, "LR1", feed.StatusPaid, "D01", 100), refund(3, feed.StatusRefused, 40), refund(2, feed.StatusRequested, 40),
		}, feed.StatusPaid, feed.StatusRefused, at(1)},
		{"a refund the buyer took back", []feed.Event{
			trade(1, "LR1", feed.StatusPaid, "D01", 100), refund(2, feed.StatusRequested, 40), refund(3, feed.StatusClosed, 40), refund(2, feed.StatusAgreed, 40),
		}, feed.StatusPaid, feed.StatusClosed, at(1)},
		{"a refund asked again after it was closed", []feed.Event{
			trade(1, "LR1", feed.StatusPaid, "D01", 100), refund(2, feed.StatusClosed, 40), refund(3, feed.StatusRequested, 40),
		}, feed.StatusPaid, feed.StatusRequested, at(1)},
		{"a refund of an order nobody told of", []feed.Event{refund(2, feed.StatusAgreed, 40)}, feed.StatusUnknown, feed.StatusAgreed, time.Time{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := newDesk(t)
			for _, e := range tt.events {
				d.commit(e)
			}
			o := must(d.store.Order(t.Context(), "LR1"))
			if o.Status != tt.status || o.Refund != tt.refund || !o.PaidAt.Equal(tt.paidAt) {
				t.Errorf("order is %s, refund %q, paid at %v; want %s, %q, %v", o.Status, o.Refund, o.PaidAt, tt.status, tt.refund, tt.paidAt)
			}
			d.verify()
		})
	}
}

// TestAnOrderEndsTheSameHoweverItsEventsArrive plays every order of arrival of one
// order's states and its refund's.
func TestAnOrderEndsTheSameHoweverItsEventsArrive(t *testing.T) {
	for _, states := range [][]string{
		{feed.StatusCreated, feed.StatusPaid, feed.StatusShipped, feed.StatusCompleted},
		{feed.StatusCreated, feed.StatusPaid, feed.StatusClosed},
		{"r " + feed.StatusRequested, "r " + feed.StatusRefused, feed.StatusPaid},
		{"r " + feed.StatusRequested, "r " + feed.StatusAgreed, "r " + feed.StatusRefunded, feed.StatusShipped},
		{"r " + feed.StatusRequested, "r " + feed.StatusAgreed, "r " + feed.StatusClosed},
	} {
		var first string
		for _, arrival := range arrivals(len(states)) {
			d := newDesk(t)
			for _, i := range arrival {
				status, isRefund := strings.CutPrefix(states[i], "r ")
				e := trade(i+1, "LR1", status, "D01", 100)
				if isRefund {
					e.Kind, e.Order = feed.KindRefund, nil
				}
				d.commit(e)
			}
			o := must(d.store.Order(t.Context(), "LR1"))
			got := fmt.Sprint(o.Status, " ", o.Refund, " ", o.PaidFen, " ", o.RefundFen, " ", o.CreatedAt, o.PaidAt, o.ShippedAt)
			if first == "" {
				first = got
			}
			if got != first {
				t.Errorf("%v, arriving as %v: %s, in order %s", states, arrival, got, first)
			}
		}
	}
}

// arrivals are the orders of n things, their own first.
func arrivals(n int) [][]int {
	if n == 0 {
		return [][]int{nil}
	}
	var out [][]int
	for _, rest := range arrivals(n - 1) {
		for at := len(rest); at >= 0; at-- {
			out = append(out, slices.Insert(slices.Clone(rest), at, n-1))
		}
	}
	return out
}

func TestAnOrderThatLearnsNothingStays(t *testing.T) {
	d := newDesk(t)
	d.commit(trade(1, "LR1", feed.StatusPaid, "D01", 100))
	before := must(d.store.Order(t.Context(), "LR1"))
	d.commit(trade(2, "LR1", feed.StatusPaid, "D01", 100), trade(3, "", feed.StatusPaid, "D01", 100))
	if after := must(d.store.Order(t.Context(), "LR1")); !reflect.DeepEqual(before, after) {
		t.Errorf("order\n was %+v\n is  %+v", before, after)
	}
	if c := must(d.store.Counts(t.Context())); c.Orders != 1 || c.Events != 3 {
		t.Errorf("counts %+v", c)
	}
}

func TestComplaintsFindTheirProduct(t *testing.T) {
	d := newDesk(t)
	d.commit(trade(1, "LR1", feed.StatusPaid, "D04", 100), complains(2, "少发一条", "", "LR1"), complains(3, "掉毛", "D01", "LR1"), complains(4, "太慢", "", "LR9"))
	got := must(d.store.Complaints(t.Context(), moderation.Page{}))
	if len(got) != 3 {
		t.Fatalf("%d complaints, want 3", len(got))
	}
	for i, want := range []string{"D04", "D01", ""} {
		if got[i].SKU != want || got[i].Channel != "ticket" || got[i].Event != int64(i+2) {
			t.Errorf("complaint %+v, want product %q", got[i], want)
		}
	}
	d.verify()
}

func TestSpeechWindow(t *testing.T) {
	d := newDesk(t)
	early := says(10, "百分之百纯羊毛")
	d.commit(
		says(0, "开播了"), onAir(1, "D01", 100), early, says(20, "很暖和"), onAir(30, "D02", 200), says(40, "鹅绒"), onAir(50, "D01", 100),
		says(600, "最后几件"), event(feed.KindChat, 605, "真的吗"), trade(610, "LR1", feed.StatusPaid, "D01", 100),
		says(615, "谢谢"), trade(620, "LR2", feed.StatusCreated, "D02", 200), trade(5000, "LR3", feed.StatusPaid, "D01", 100),
	)
	tests := []struct {
		order string
		want  []string
	}{
		{"LR1", []string{"百分之百纯羊毛!", "很暖和", "最后几件"}}, // ten minutes back to the second
		{"LR2", []string{"鹅绒"}},
		{"LR3", nil},
	}
	for _, tt := range tests {
		var got []string
		for _, s := range must(d.SpeechWindow(t.Context(), tt.order)) {
			text := s.Event.Text
			if len(s.Flags) > 0 {
				text += "!"
			}
			got = append(got, text)
		}
		if !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%s: %q, want %q", tt.order, got, tt.want)
		}
	}
	if _, err := d.SpeechWindow(context.Background(), "none"); err == nil {
		t.Error("an order that does not exist: no error")
	}
}
