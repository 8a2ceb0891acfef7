package storetest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"liveroom/feed"
	"liveroom/moderation"
)

// How much is tried: histories of people who work on few cases at once. More
// with LIVEROOM_TEST_HISTORIES.
const (
	histories   = 200
	people      = 8
	casesEach   = 3
	rounds      = 2 // every lease ends between two
	stepsEach   = 4 // in a round
	historiesIn = "LIVEROOM_TEST_HISTORIES"
)

// step is what one person asks for; came is what came of it.
type step struct {
	what    string // take, next, release, note, read, or pass: time that ends every lease
	who     int    // from 1
	at      int    // the case, from 0
	version int64
}

type came struct {
	code    moderation.Code // "" : done
	at      int             // the case that next gave
	owner   int             // what read saw
	version int64
	notes   int
}

// matter is a case as the model knows it.
type matter struct {
	owner, notes int
	version      int64
	lease        int // the tick in which it ends
}

type world struct {
	cases [casesEach]matter
	tick  int
}

// claimsModel is the desk as a sequence of single steps: what one person at a time
// would see. A history of many at once must be one that such a sequence gives.
var claimsModel = porcupine.Model{
	Init: func() any {
		var w world
		for i := range w.cases {
			w.cases[i].version = 1
		}
		return w
	},
	Step: func(state, input, output any) (bool, any) {
		w, s, c := state.(world), input.(step), output.(came)
		ok, next := w.step(s, c)
		return ok, next
	},
	DescribeOperation: func(input, output any) string { return fmt.Sprintf("%+v -> %+v", input, output) },
}

func (w world) holder(i int) int {
	if w.cases[i].lease > w.tick {
		return w.cases[i].owner
	}
	return 0
}

func (w world) step(s step, c came) (bool, world) {
	m := &w.cases[s.at]
	var want moderation.Code
	switch s.what {
	case "pass":
		w.tick++
		return true, w
	case "read":
		return c.owner == m.owner && c.version == m.version && c.notes == m.notes, w
	case "next":
		for i := range w.cases {
			if w.holder(i) == 0 {
				w.cases[i].owner, w.cases[i].lease = s.who, w.tick+1
				w.cases[i].version++
				return c.code == "" && c.at == i, w
			}
		}
		return c.code == moderation.CodeNoneLeft, w
	}
	held := w.holder(s.at)
	switch {
	case s.version != m.version:
		want = moderation.CodeConflict
	case s.what != "note" && held != 0 && held != s.who:
		want = moderation.CodeOwned
	case s.what == "take" && held == s.who, s.what == "release" && m.owner == 0:
		want = moderation.CodeUnchanged
	}
	if want != "" {
		return c.code == want, w
	}
	m.version++
	switch s.what {
	case "take":
		m.owner, m.lease = s.who, w.tick+1
	case "release":
		m.owner, m.lease = 0, 0
	case "note":
		m.notes++
		if m.owner == s.who {
			m.lease = w.tick + 1
		}
	}
	return c.code == "" && c.version == m.version, w
}

// colleague is one of the people of a history.
type colleague struct {
	desk  *shared
	actor moderation.Actor
	who   int
	room  string
	first int64 // id of the history's first case
	seen  [casesEach]int64
	random
}

type random interface{ IntN(n int) int }

func (p *colleague) choose() step {
	s := step{who: p.who, at: p.IntN(casesEach)}
	s.what = []string{"take", "take", "next", "next", "release", "note", "note", "read", "read"}[p.IntN(9)]
	s.version = p.seen[s.at]
	return s
}

func (p *colleague) command(s step) moderation.Command {
	id := p.first + int64(s.at)
	switch s.what {
	case "take":
		return moderation.TakeCase{Case: id, Version: s.version}
	case "next":
		return moderation.NextCase{Room: p.room}
	case "release":
		return moderation.ReleaseCase{Case: id, Version: s.version}
	}
	return moderation.NoteCase{Case: id, Version: s.version, Text: "在看"}
}

// do performs a step, commands three times over.
func (p *colleague) do(ctx context.Context, s step, key string) (came, error) {
	if s.what == "read" {
		c, err := p.desk.store.Case(ctx, p.first+int64(s.at))
		if err != nil {
			return came{}, err
		}
		owner, _ := strconv.Atoi(c.Owner)
		p.seen[s.at] = c.Version
		return came{owner: owner, version: c.Version, notes: len(c.Notes)}, nil
	}
	var results [3]came
	var errs [3]error
	var sent sync.WaitGroup
	for i := range results {
		sent.Go(func() { results[i], errs[i] = p.send(ctx, s, key) })
	}
	sent.Wait()
	if err := errors.Join(errs[:]...); err != nil {
		return came{}, err
	}
	// What acted gives the row as it made it, what was known already as it is now.
	out := results[0]
	for _, c := range results {
		if c.code == "" && (out.code != "" || c.version < out.version) {
			out = c
		}
	}
	for _, c := range results {
		if c.code == "" && c.at != out.at {
			return out, fmt.Errorf("%+v sent three times came to cases %d and %d", s, c.at, out.at)
		}
	}
	if out.code == "" {
		p.seen[out.at] = out.version
	}
	return out, nil
}

func (p *colleague) send(ctx context.Context, s step, key string) (came, error) {
	r, err := p.desk.Do(ctx, p.actor, moderation.Once{Key: key, Command: p.command(s)})
	var no *moderation.Refusal
	switch {
	case errors.As(err, &no):
		return came{code: no.Code, at: s.at}, nil
	case err != nil:
		return came{}, err
	}
	return came{at: int(r.Case.ID - p.first), version: r.Case.Version}, nil
}

// history lets people work at once and returns what they saw, in their time.
// Leases end between two rounds: within one a clock that jumps would stand
// between a command's reading it and its commit, which no order of single steps
// explains though nothing is wrong with it.
func (d *shared) history(ctx context.Context, n int, seed uint64) ([]porcupine.Operation, error) {
	room := fmt.Sprint("room-", n)
	if err := d.Commit(ctx, feed.Batch{Room: room, Source: "histories", Events: []feed.Event{chat(room, n)}}); err != nil {
		return nil, err
	}
	var first int64
	var seen [casesEach]int64
	boss := moderation.Actor{Name: "秉文", Role: moderation.RoleSupervisor}
	for i := range casesEach {
		r, err := d.Do(ctx, boss, moderation.OpenCase{Room: room, Kind: moderation.CaseComplaint, Title: "掉毛"})
		if err != nil {
			return nil, err
		}
		if i == 0 {
			first = r.Case.ID
		}
		seen[i] = r.Case.Version
	}
	h := &recorder{began: time.Now()}
	var all []*colleague
	for who := 1; who <= people; who++ {
		all = append(all, &colleague{
			desk: d, who: who, room: room, first: first, seen: seen, actor: moderation.Actor{Name: strconv.Itoa(who), Role: moderation.RoleAgent},
			random: rand.New(rand.NewPCG(seed, uint64(who))),
		})
	}
	for round := range rounds {
		var work sync.WaitGroup
		for _, p := range all {
			work.Go(func() {
				for i := range stepsEach {
					s := p.choose()
					h.note(s, func() (came, error) { return p.do(ctx, s, fmt.Sprint(n, "-", round, "-", i)) })
				}
			})
		}
		work.Wait()
		if d.timed {
			continue
		}
		h.note(step{what: "pass", who: 1}, func() (came, error) {
			d.pass(moderation.DefaultLease)
			return came{}, nil
		})
	}
	return h.ops, h.failed
}

// recorder notes what people did, and when they asked and were answered.
type recorder struct {
	began  time.Time
	mu     sync.Mutex
	ops    []porcupine.Operation
	failed error
}

func (h *recorder) note(s step, do func() (came, error)) {
	call := time.Since(h.began).Nanoseconds()
	c, err := do()
	back := time.Since(h.began).Nanoseconds()
	h.mu.Lock()
	defer h.mu.Unlock()
	h.failed = errors.Join(h.failed, err)
	h.ops = append(h.ops, porcupine.Operation{ClientId: s.who - 1, Input: s, Call: call, Output: c, Return: back})
}

// Histories has eight people work on three cases at once, again and again, and
// asks whether some order of single steps explains what they saw: no case is
// ever two people's, nothing that somebody wrote is lost, and a command sent
// three times acts once. It is a suite of its own, because it takes seconds;
// LIVEROOM_TEST_HISTORIES says how many.
func Histories(t *testing.T, open Open) {
	n := histories
	if v, err := strconv.Atoi(os.Getenv(historiesIn)); err == nil {
		n = v
	}
	if testing.Short() {
		n = 20
	}
	seed := uint64(time.Now().UnixNano())
	store := open(t, "Histories")
	defer func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	}()
	d, err := newShared(t.Context(), store)
	if err != nil {
		t.Fatal(err)
	}
	steps, done := 0, 0
	for i := range n {
		ops, err := d.history(t.Context(), i, seed+uint64(i))
		if err != nil {
			t.Fatalf("seed %d, history %d: %v", seed, i, err)
		}
		switch porcupine.CheckOperationsTimeout(claimsModel, ops, time.Minute) {
		case porcupine.Illegal:
			t.Fatalf("seed %d, history %d: no order of its steps explains it:\n%+v", seed, i, ops)
		case porcupine.Unknown:
			t.Fatalf("seed %d, history %d: not decided within a minute", seed, i)
		}
		for _, op := range ops {
			steps++
			if c := op.Output.(came); c.code == "" {
				done++
			}
		}
	}
	t.Logf("%d histories of %d people: %d steps, %d done, 0 double claims, 0 lost updates (seed %d)", n, people, steps, done, seed)
	if refused := steps - done; refused*20 < steps {
		t.Errorf("only %d of %d steps were refused: the people were hardly in each other's way", refused, steps)
	}
	audit, err := moderation.Verify(t.Context(), store)
	if err == nil {
		err = audit.Err()
	}
	if err != nil {
		t.Errorf("verify: %v", err)
	}
}

// shared is the desk that the people of a history share, on a clock that only
// the history moves.
type shared struct {
	*moderation.Desk
	store moderation.Store
	now   atomic.Int64
	// timed tells that leases go by the store's own clock, which nobody here moves.
	timed bool
}

func newShared(ctx context.Context, store moderation.Store) (*shared, error) {
	d := &shared{store: store}
	d.now.Store(start.UnixNano())
	err := store.Update(ctx, func(tx moderation.Tx) error {
		_, d.timed = tx.(moderation.Timekeeper)
		return nil
	})
	if err != nil {
		return nil, err
	}
	d.Desk, err = moderation.NewDesk(ctx, moderation.Config{Store: store, Clock: func() time.Time { return time.Unix(0, d.now.Load()) }})
	return d, err
}

func (d *shared) pass(span time.Duration) { d.now.Add(int64(span)) }
