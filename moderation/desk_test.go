package moderation_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"liveroom/claims"
	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/moderation/policy"
	"liveroom/moderation/sqlite"
)

var start = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

var (
	lan  = moderation.Actor{Name: "阿岚", Role: moderation.RoleModerator}
	you  = moderation.Actor{Name: "小柚", Role: moderation.RoleAgent}
	bing = moderation.Actor{Name: "秉文", Role: moderation.RoleSupervisor}
)

// clock is a clock that tests move.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// words finds by plain words, enough to tell the desk's story: pure wool is a
// false claim, and an "是的" that follows one repeats it.
type words struct{}

func (words) Check(u claims.Utterance, before []claims.Utterance) []claims.Finding {
	var out []claims.Finding
	find := func(word string, c claims.Category, s claims.Severity) {
		if i := strings.Index(u.Text, word); i >= 0 {
			out = append(out, claims.Finding{Utterance: u.ID, SKU: u.SKU, Category: c, Verdict: claims.VerdictContradicted, Severity: s, Said: word})
		}
	}
	find("纯羊毛", claims.CategoryMaterial, claims.SeverityHigh)
	find("羊毛", claims.CategoryMaterial, claims.SeverityLow)
	find("最好", claims.CategoryAbsolute, claims.SeverityMedium)
	if n := len(before); n > 0 && strings.Contains(before[n-1].Text, "纯羊毛") {
		find("是的", claims.CategoryMaterial, claims.SeverityMedium)
		for i := range out {
			out[i].Value = fmt.Sprintf("after %s on %s, %d heard", before[n-1].ID, before[n-1].SKU, n)
		}
	}
	return out
}

// desk is a desk on a record of its own.
type desk struct {
	*moderation.Desk
	t     testing.TB
	cfg   moderation.Config
	path  string
	store *sqlite.Store
	clock *clock
}

func newDesk(t testing.TB, set ...func(*moderation.Config)) *desk {
	t.Helper()
	d := &desk{t: t, path: filepath.Join(t.TempDir(), "room.db"), clock: &clock{now: start}}
	d.cfg = moderation.Config{Checker: words{}, Clock: d.clock.Now}
	for _, s := range set {
		s(&d.cfg)
	}
	d.open()
	t.Cleanup(func() {
		if err := d.store.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

func (d *desk) open() {
	d.t.Helper()
	var err error
	if d.store, err = sqlite.Open(context.Background(), d.path); err != nil {
		d.t.Fatal(err)
	}
	d.cfg.Store = d.store
	if d.Desk, err = moderation.NewDesk(context.Background(), d.cfg); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) restart() {
	d.t.Helper()
	if err := d.store.Close(); err != nil {
		d.t.Fatal(err)
	}
	d.open()
}

func (d *desk) commit(events ...feed.Event) {
	d.t.Helper()
	if err := d.Commit(context.Background(), batch(events...)); err != nil {
		d.t.Fatal(err)
	}
}

func batch(events ...feed.Event) feed.Batch {
	return feed.Batch{
		Room: "A", Source: "ws", Events: events,
		Position: feed.Position{Source: "ws", Epoch: "e1", Offset: events[len(events)-1].Offset},
	}
}

func (d *desk) do(a moderation.Actor, c moderation.Command) moderation.Result {
	d.t.Helper()
	r, err := d.Do(context.Background(), a, c)
	if err != nil {
		d.t.Fatalf("%s by %s: %v", c.Name(), a.Name, err)
	}
	return r
}

// refused asks for something that must be refused with the code.
func (d *desk) refused(code moderation.Code, a moderation.Actor, c moderation.Command) *moderation.Refusal {
	d.t.Helper()
	_, err := d.Do(context.Background(), a, c)
	var r *moderation.Refusal
	if !errors.As(err, &r) || r.Code != code {
		d.t.Errorf("%s by %s: err = %v, want the refusal %s", c.Name(), a.Name, err, code)
		return &moderation.Refusal{}
	}
	if text := r.Error(); strings.ContainsAny(text, "{}") || text == "" {
		d.t.Errorf("refusal %s reads %q", code, text)
	}
	return r
}

func (d *desk) flags() []moderation.Flag {
	d.t.Helper()
	return must(d.store.Flags(context.Background(), moderation.Page{}))
}

func (d *desk) flag(id int64) moderation.Flag {
	d.t.Helper()
	return must(d.store.Flag(context.Background(), id))
}

func (d *desk) incident(id int64) moderation.Case {
	d.t.Helper()
	return must(d.store.Case(context.Background(), id))
}

// verify holds the record against its ledger.
func (d *desk) verify() *moderation.Audit {
	d.t.Helper()
	a := must(moderation.Verify(context.Background(), d.store))
	if err := a.Err(); err != nil {
		d.t.Errorf("%v\nall: %v", err, a.Faults)
	}
	return a
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func at(seconds int) time.Time { return start.Add(time.Duration(seconds) * time.Second) }

func event(kind feed.Kind, n int, text string) feed.Event {
	id := fmt.Sprintf("%s-%d", kind, n)
	return feed.Event{
		ID: id, Source: "ws", Room: "A", Kind: kind, At: at(n), Recv: at(n), Text: text, Offset: int64(n), Epoch: "e1",
		User: feed.User{ID: "u1", Name: "小鹿", Role: feed.RoleViewer}, Raw: []byte(id + text),
	}
}

func says(n int, text string) feed.Event {
	e := event(feed.KindTranscript, n, text)
	e.User = feed.User{ID: "h1", Name: "晚晴", Role: feed.RoleHost}
	e.Speech = &feed.Speech{Utterance: e.ID, Confidence: 900}
	return e
}

// asks is a viewer's line in the chat.
func asks(n int, text string) feed.Event { return event(feed.KindChat, n, text) }

func onAir(n int, sku string, fen int64) feed.Event {
	e := event(feed.KindProduct, n, "")
	e.Product = &feed.Product{ID: sku, PriceFen: fen, Stock: -1}
	return e
}

func trade(n int, order, status, sku string, fen int64) feed.Event {
	e := event(feed.KindOrder, n, "")
	e.OrderID, e.Status, e.AmountFen = order, status, fen
	e.Order = &feed.Order{SKU: sku, Qty: 1}
	return e
}

func complains(n int, text, sku, order string) feed.Event {
	e := event(feed.KindComplaint, n, text)
	e.OrderID, e.Channel = order, "ticket"
	if sku != "" {
		e.Product = &feed.Product{ID: sku}
	}
	return e
}

// TestADeskStandsOnPolicies: without others the shipped ones, and those that
// people change while it runs count from then on.
func TestADeskStandsOnPolicies(t *testing.T) {
	shipped, err := policy.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	d := newDesk(t)
	if got := d.Policies(); got.Version() != shipped.Version() {
		t.Errorf("the desk stands on %d policies, not the shipped ones", len(got.Policies()))
	}
	none, err := policy.Load(nil)
	if err != nil {
		t.Fatal(err)
	}
	d.UsePolicies(none)
	if got := d.Policies(); len(got.Policies()) != 0 {
		t.Errorf("%d policies still count", len(got.Policies()))
	}
}
