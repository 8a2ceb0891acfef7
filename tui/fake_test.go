package tui

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"liveroom/claims"
	"liveroom/claims/sheet"
	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/moderation/policy"
	"liveroom/moderation/reply"
	"liveroom/tui/text"
)

// start is when the broadcasts of these tests began.
var start = time.Date(2026, 11, 20, 20, 0, 0, 0, defaultZone)

// fakeDesk decides in memory, as the desk's contract says.
type fakeDesk struct {
	now      func() time.Time
	wall     func() time.Time // nil: now
	flags    map[int64]moderation.Flag
	cases    map[int64]moderation.Case
	window   []moderation.Spoken
	events   []moderation.Recorded
	log      []string
	record   moderation.Reader // what is read in place of all that; nil: not
	undo     []func()
	undone   []string
	fail     error
	noWay    bool             // nothing leads to the host
	ways     []moderation.Way // nil: one that does all, unless noWay
	policies *policy.Set
	exposure moderation.Exposure
	results  []policy.Result
	asked    []string
	drafts   map[int64][]moderation.Draft
	out      moderation.Update // what the last action changed
}

// fakeReader reads what a test prepared; any other read fails loudly.
type fakeReader struct {
	moderation.Reader
	d *fakeDesk
}

func (d *fakeDesk) Policies() *policy.Set { return d.policies }

func (d *fakeDesk) undoUntil() time.Time {
	if d.wall != nil {
		return d.wall().Add(15 * time.Second)
	}
	return d.now().Add(15 * time.Second)
}

func (d *fakeDesk) WayOut(room, source, kind string) bool {
	if d.ways == nil {
		return !d.noWay
	}
	_, ok := moderation.PickWay(d.Ways(room), source, kind)
	return ok
}

func (d *fakeDesk) Ways(string) []moderation.Way { return d.ways }

func (d *fakeDesk) Scenarios(_ context.Context, c int64, order string, _ time.Time, _ ...string) (moderation.Scenario, error) {
	d.asked = append(d.asked, fmt.Sprint(c, " ", order))
	return moderation.Scenario{Case: c, Order: order, Results: d.results}, d.fail
}

func (d *fakeDesk) Reader() moderation.Reader {
	if d.record != nil {
		return d.record
	}
	return fakeReader{d: d}
}

func (r fakeReader) EventsOf(_ context.Context, room string, kinds []feed.Kind, from, to time.Time, _ int) ([]moderation.Recorded, error) {
	var out []moderation.Recorded
	for _, e := range r.d.events {
		for _, k := range kinds {
			if e.Room == room && e.Kind == k && !e.At.Before(from) && !e.At.After(to) {
				out = append(out, e)
			}
		}
	}
	return out, nil
}

// Sift lets all events through; the other lists of a fake record are empty.
func (r fakeReader) Sift(_ context.Context, l moderation.List, _ moderation.Sieve, p moderation.Page) (moderation.Sifted, error) {
	out := moderation.Sifted{End: true}
	for _, e := range slices.Backward(r.d.events) {
		if l == moderation.ListEvents && (p.Room == "" || e.Room == p.Room) && e.Index < p.Before {
			out.Keys = append(out.Keys, e.Index)
		}
	}
	return out, r.d.fail
}

// Events pages by Index over the events of some kinds, as the record does.
func (r fakeReader) Events(_ context.Context, p moderation.Page) ([]moderation.Recorded, error) {
	if r.d.fail != nil {
		return nil, r.d.fail
	}
	var out []moderation.Recorded
	if p.Keys != nil {
		for _, e := range r.d.events {
			if slices.Contains(p.Keys, e.Index) {
				out = append(out, e)
			}
		}
		return out, nil
	}
	for _, e := range r.d.events {
		if e.Room == p.Room && slices.Contains(p.Kinds, e.Kind) && e.Index > p.After && (p.Before == 0 || e.Index < p.Before) {
			out = append(out, e)
		}
	}
	if extra := len(out) - p.Limit; extra > 0 && p.Before != 0 {
		return out[extra:], nil
	}
	return out[:min(len(out), p.Limit)], nil
}

func (r fakeReader) Withdrawing(_ context.Context, room string, after int64, limit int) ([]moderation.Recorded, error) {
	var out []moderation.Recorded
	for _, e := range r.d.events {
		if (room == "" || e.Room == room) && e.Index > after && e.Withdraws() && len(out) < limit {
			out = append(out, e)
		}
	}
	return out, r.d.fail
}

func (r fakeReader) EventsAround(ctx context.Context, room string, kinds []feed.Kind, at time.Time, limit int) ([]moderation.Recorded, error) {
	var index int64
	for _, e := range r.d.events {
		if e.Room == room && slices.Contains(kinds, e.Kind) && !e.At.After(at) {
			index = e.Index
		}
	}
	before, err := r.Events(ctx, moderation.Page{Room: room, Kinds: kinds, Before: index + 1, Limit: limit / 2})
	if err != nil {
		return nil, err
	}
	after, err := r.Events(ctx, moderation.Page{Room: room, Kinds: kinds, After: index, Limit: limit / 2})
	return append(before, after...), err
}

func (r fakeReader) Tally(_ context.Context, room string, kinds []feed.Kind, from, to time.Time, step time.Duration) ([]int64, error) {
	out := make([]int64, int(to.Sub(from)/step)+1)
	for _, e := range r.d.events {
		if e.Room == room && slices.Contains(kinds, e.Kind) && !e.At.Before(from) && e.At.Before(to) {
			out[e.At.Sub(from)/step]++
		}
	}
	return out, nil
}

func (r fakeReader) Flags(_ context.Context, p moderation.Page) ([]moderation.Flag, error) {
	var out []moderation.Flag
	for _, f := range r.d.flags {
		if f.Room == p.Room {
			out = append(out, f)
		}
	}
	return out, r.d.fail
}

func (r fakeReader) Cases(_ context.Context, p moderation.Page) ([]moderation.Case, error) {
	var out []moderation.Case
	for _, c := range r.d.cases {
		if c.Room == p.Room && c.ID > p.After {
			out = append(out, c)
		}
	}
	r.d.asked = append(r.d.asked, "cases")
	return out, r.d.fail
}

func (r fakeReader) Flag(_ context.Context, id int64) (moderation.Flag, error) {
	return r.d.flags[id], nil
}

func (d *fakeDesk) SpeechWindow(context.Context, string) ([]moderation.Spoken, error) {
	return d.window, d.fail
}

func (d *fakeDesk) Drafts(_ context.Context, complaint int64, _ *reply.Set, _ string) ([]moderation.Draft, error) {
	return d.drafts[complaint], d.fail
}

func (d *fakeDesk) BlastRadius(_ context.Context, flag int64) (moderation.Exposure, error) {
	x := d.exposure
	x.Flag = d.flags[flag]
	return x, d.fail
}

func (d *fakeDesk) Do(_ context.Context, a moderation.Actor, c moderation.Command) (moderation.Result, error) {
	d.log = append(d.log, fmt.Sprintf("%s %+v", c.Name(), c))
	if d.fail != nil {
		return moderation.Result{}, d.fail
	}
	d.out = moderation.Update{}
	res, err := d.perform(a, c)
	return res, err
}

func (d *fakeDesk) perform(a moderation.Actor, c moderation.Command) (moderation.Result, error) {
	switch c := c.(type) {
	case moderation.ConfirmFlag:
		return d.atPlatform(moderation.EffectDeny)(d.setFlag(a, c.Flag, c.Name(), func(f *moderation.Flag) {
			if f.Status = moderation.FlagConfirmed; !f.Held() {
				f.Case = d.openCase(a, *f)
			}
		}))
	case moderation.DismissFlag:
		return d.atPlatform(moderation.EffectAllow)(d.setFlag(a, c.Flag, c.Name(), func(f *moderation.Flag) { f.Status, f.Reason = moderation.FlagDismissed, c.Reason }))
	case moderation.SnoozeFlag:
		return d.setFlag(a, c.Flag, c.Name(), func(f *moderation.Flag) { f.Status = moderation.FlagSnoozed })
	case moderation.CorrectHost:
		res, err := d.setFlag(a, c.Flag, c.Name(), func(*moderation.Flag) {})
		d.out.Effects = []moderation.Effect{{ID: 1, Room: "r1", Flag: c.Flag, Kind: c.Name(), Text: c.Text, Status: moderation.EffectPending}}
		res.Leaves = err == nil
		return res, err
	case moderation.TellHost:
		d.out.Effects = []moderation.Effect{{ID: 1, Room: "r1", Flag: c.Flag, Kind: c.Name(), Text: c.Text, Status: moderation.EffectSent}}
		return d.setFlag(a, c.Flag, c.Name(), func(f *moderation.Flag) { f.Corrected = d.now() })
	case moderation.TakeCase:
		return d.setCase(c.Case, c.Version, func(x *moderation.Case) { x.Owner = a.Name })
	case moderation.MoveCase:
		return d.undoable(c.Name())(d.setCase(c.Case, c.Version, func(x *moderation.Case) { x.State, x.Outcome = c.To, c.Outcome }))
	case moderation.NoteCase:
		return d.setCase(c.Case, c.Version, func(x *moderation.Case) {
			x.Notes = append(x.Notes, moderation.Note{By: a.Name, At: d.now(), Text: c.Text})
		})
	case moderation.OpenCase:
		id := d.openCase(a, moderation.Flag{Room: c.Room, Finding: claims.Finding{SKU: c.SKU, Said: c.Title}})
		x := d.cases[id]
		return moderation.Result{Action: 1, UndoUntil: d.undoUntil(), Case: &x}, nil
	case moderation.ReplyBuyer:
		res, err := d.undoable(c.Name())(d.setCase(c.Case, c.Version, func(x *moderation.Case) {
			x.Replies = append(x.Replies, moderation.Reply{Complaint: c.Complaint, Template: c.Template, Text: c.Text, ByHand: c.ByHand, By: a.Name, At: d.now()})
		}))
		res.Leaves = err == nil && !c.ByHand
		return res, err
	case moderation.AssignCase:
		return d.setCase(c.Case, c.Version, func(x *moderation.Case) { x.Owner = c.To })
	case moderation.EscalateCase:
		return d.setCase(c.Case, c.Version, func(x *moderation.Case) { x.Escalated, x.Owner = d.now(), "" })
	case moderation.SnoozeCase:
		return d.setCase(c.Case, c.Version, func(x *moderation.Case) { x.SnoozedTo, x.Owner = c.Until, "" })
	case moderation.AddToCase:
		return d.setCase(c.Case, c.Version, func(x *moderation.Case) {
			x.Flags, x.Complaints, x.Orders = append(x.Flags, c.Flags...), append(x.Complaints, c.Complaints...), append(x.Orders, c.Orders...)
		})
	case moderation.NextCase:
		return d.lease(a)
	case moderation.OpenExposed:
		x := d.cases[d.flags[c.Flag].Case]
		n := &moderation.Attached{Orders: len(d.exposure.Orders) - d.exposure.InCases, Elsewhere: d.exposure.InCases}
		return moderation.Result{Action: 1, UndoUntil: d.undoUntil(), Case: &x, Attached: n}, nil
	case moderation.Reveal:
		x := d.cases[c.Case]
		return moderation.Result{Action: 1, Case: &x, Until: d.undoUntil().Add(-15*time.Second + moderation.RevealFor)}, nil
	case moderation.MuteAuthor:
		return d.ask(c.Name(), moderation.Effect{Kind: moderation.EffectMute, Event: c.Event, Text: feed.MuteText(c.For)})
	case moderation.UnmuteAuthor:
		return d.ask(c.Name(), moderation.Effect{Kind: moderation.EffectUnmute, Event: c.Event})
	case moderation.UnpinMessage:
		return d.ask(c.Name(), moderation.Effect{Kind: moderation.EffectUnpin, Event: c.Event})
	case moderation.DeleteMessage:
		return d.ask(c.Name(), moderation.Effect{Kind: moderation.EffectDelete, Event: c.Event})
	case moderation.PinMessage:
		return d.ask(c.Name(), moderation.Effect{Kind: moderation.EffectPin, Event: c.Event})
	case moderation.ReplyMessage:
		return d.ask(c.Name(), moderation.Effect{Kind: moderation.EffectReply, Event: c.Event, Text: c.Text})
	case moderation.RetryEffect, moderation.LeaveEffect:
		return moderation.Result{Action: 1}, nil
	case moderation.RecordRule:
		d.out.Effects = []moderation.Effect{{ID: 9, Room: "r1", Kind: moderation.EffectRule, Target: "house.toml", Text: c.Text, Status: moderation.EffectPending}}
		d.undone, d.undo = append(d.undone, c.Name()), append(d.undo, func() {})
		return moderation.Result{Action: 1, UndoUntil: d.undoUntil()}, nil
	case moderation.Undo:
		if len(d.undo) == 0 {
			return moderation.Result{}, errors.New("nothing can be undone any more")
		}
		n := len(d.undo) - 1
		d.undo[n]()
		d.undo = d.undo[:n]
		name := d.undone[n]
		d.undone = d.undone[:n]
		return moderation.Result{Action: 2, Undone: name}, nil
	}
	return moderation.Result{}, fmt.Errorf("%s is not supported", c.Name())
}

// ask puts something to be done about a message into the outbox.
func (d *fakeDesk) ask(name string, e moderation.Effect) (moderation.Result, error) {
	e.ID, e.Room, e.Status = int64(len(d.log)), "r1", moderation.EffectPending
	d.out.Effects = []moderation.Effect{e}
	d.undone, d.undo = append(d.undone, name), append(d.undo, func() {})
	return moderation.Result{Action: 1, UndoUntil: d.undoUntil(), Leaves: true}, nil
}

// lease gives the case that is due first of those that nobody holds.
func (d *fakeDesk) lease(a moderation.Actor) (moderation.Result, error) {
	var next moderation.Case
	for _, c := range d.cases {
		if c.Owner == "" && c.Escalated.IsZero() && !c.State.Over() && a.Role.Takes(c.Kind) && (next.ID == 0 || c.DueAt.Before(next.DueAt)) {
			next = c
		}
	}
	if next.ID == 0 {
		return moderation.Result{}, &moderation.Refusal{Code: moderation.CodeNoneLeft}
	}
	return d.setCase(next.ID, next.Version, func(x *moderation.Case) { x.Owner = a.Name })
}

// undoable lets an action be taken back, without taking it back.
func (d *fakeDesk) undoable(name string) func(moderation.Result, error) (moderation.Result, error) {
	return func(r moderation.Result, err error) (moderation.Result, error) {
		if err == nil {
			r.UndoUntil = d.undoUntil()
			d.undo, d.undone = append(d.undo, func() {}), append(d.undone, name)
		}
		return r, err
	}
}

// atPlatform asks the platform that holds a flag's message, where somebody there can be.
func (d *fakeDesk) atPlatform(kind string) func(moderation.Result, error) (moderation.Result, error) {
	return func(r moderation.Result, err error) (moderation.Result, error) {
		if f := r.Flag; err == nil && f.Held() && f.Settled == "" && d.WayOut(f.Room, "test", kind) {
			r.Leaves = true
			d.out.Effects = []moderation.Effect{{ID: int64(len(d.log)), Room: f.Room, Kind: kind, Flag: f.ID, Event: f.Event, Source: "test", Status: moderation.EffectPending}}
		}
		return r, err
	}
}

func (d *fakeDesk) setFlag(a moderation.Actor, id int64, name string, change func(*moderation.Flag)) (moderation.Result, error) {
	f, ok := d.flags[id]
	if !ok {
		return moderation.Result{}, moderation.ErrNotFound
	}
	before := f
	change(&f)
	f.DecidedBy, f.DecidedAt = a.Name, d.now()
	f.Version++
	d.flags[id] = f
	d.out.Flags = append(d.out.Flags, f)
	d.undone = append(d.undone, name)
	d.undo = append(d.undo, func() {
		before.Version = d.flags[id].Version + 1
		d.flags[id] = before
		d.out = moderation.Update{Flags: []moderation.Flag{before}}
	})
	return moderation.Result{Action: 1, UndoUntil: d.undoUntil(), Flag: &f}, nil
}

func (d *fakeDesk) openCase(a moderation.Actor, f moderation.Flag) int64 {
	id := int64(1043 + len(d.cases))
	c := moderation.Case{
		ID: id, Room: f.Room, Kind: moderation.CaseFalseAdvertising, State: moderation.CaseStateOpen, Title: f.Finding.Said,
		SKU: f.Finding.SKU, OpenedBy: a.Name, OpenedAt: d.now(), DueAt: d.now().Add(48 * time.Hour), Version: 1,
	}
	if f.ID != 0 {
		c.Flags = []int64{f.ID}
	}
	d.cases[id] = c
	d.out.Cases = append(d.out.Cases, c)
	return id
}

func (d *fakeDesk) setCase(id, version int64, change func(*moderation.Case)) (moderation.Result, error) {
	c, ok := d.cases[id]
	if !ok {
		return moderation.Result{}, moderation.ErrNotFound
	}
	if c.Version != version {
		return moderation.Result{}, moderation.ErrConflict
	}
	change(&c)
	c.Version++
	d.cases[id] = c
	d.out.Cases = append(d.out.Cases, c)
	return moderation.Result{Action: 1, Case: &c}, nil
}

// noUpdates is a subscription on which nothing ever comes.
type noUpdates struct{}

func (noUpdates) Next(ctx context.Context) (moderation.Update, error) {
	<-ctx.Done()
	return moderation.Update{}, ctx.Err()
}
func (noUpdates) Close()               {}
func (noUpdates) Look(moderation.Look) {}

// stage is a screen without a terminal, its desk and its clock.
type stage struct {
	t    testing.TB
	m    *Model
	desk *fakeDesk
	now  time.Time
}

func newStage(t testing.TB, lang text.Lang, w, h int) *stage {
	s := &stage{t: t, now: start.Add(10 * time.Minute)}
	s.desk = &fakeDesk{now: func() time.Time { return s.now }, flags: map[int64]moderation.Flag{}, cases: map[int64]moderation.Case{}}
	s.m = New(Options{
		Desk: s.desk, Updates: noUpdates{}, Actor: moderation.Actor{Name: "小周", Role: moderation.RoleModerator},
		Lang: lang, Clock: func() time.Time { return s.now }, Wall: func() time.Time { return s.now }, NoColor: true,
		Product: factSheet(t).Product,
	})
	s.m.Update(tea.WindowSizeMsg{Width: w, Height: h})
	return s
}

func (s *stage) update(u moderation.Update) {
	for _, f := range u.Flags {
		s.desk.flags[f.ID] = f
	}
	for _, c := range u.Cases {
		s.desk.cases[c.ID] = c
	}
	s.m.Update(updated{u: u})
}

// press sends keys one after another, a person's time apart; "text:…" types.
func (s *stage) press(keys ...string) {
	for _, k := range keys {
		s.now = s.now.Add(300 * time.Millisecond)
		if typed, ok := strings.CutPrefix(k, "text:"); ok {
			s.send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(typed)})
			continue
		}
		s.send(keyOf(k))
	}
}

func keyOf(k string) tea.KeyMsg {
	named := map[string]tea.KeyType{
		"space": tea.KeySpace, "enter": tea.KeyEnter, "esc": tea.KeyEsc, "tab": tea.KeyTab, "shift+tab": tea.KeyShiftTab, "up": tea.KeyUp, "down": tea.KeyDown,
		"left": tea.KeyLeft, "right": tea.KeyRight, "backspace": tea.KeyBackspace, "ctrl+k": tea.KeyCtrlK, "ctrl+u": tea.KeyCtrlU,
		"ctrl+c": tea.KeyCtrlC, "home": tea.KeyHome, "end": tea.KeyEnd, "pgdown": tea.KeyPgDown, "pgup": tea.KeyPgUp,
	}
	if t, ok := named[k]; ok {
		return tea.KeyMsg{Type: t}
	}
	return tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(k)}
}

func (s *stage) send(msg tea.Msg) {
	_, cmd := s.m.Update(msg)
	s.run(cmd)
}

// run performs commands as the framework would, and brings what the desk
// changed as an update before the action's own message, as the contract says.
func (s *stage) run(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	switch msg := cmd().(type) {
	case nil:
	case tea.BatchMsg:
		for _, c := range msg {
			s.run(c)
		}
	case done, stepped, leased:
		if s.desk != nil {
			s.update(s.desk.out)
			s.desk.out = moderation.Update{}
		}
		s.send(msg)
	case tea.QuitMsg:
	default:
		s.send(msg)
	}
}

var ansiCodes = regexp.MustCompile(`\x1b\[[0-9;?]*[A-Za-z]`)

// plain is the view without control strings.
func (s *stage) plain() string {
	var b strings.Builder
	for _, row := range strings.Split(s.m.View(), "\n") {
		b.WriteString(strings.TrimRight(ansiCodes.ReplaceAllString(row, ""), " ") + "\n")
	}
	return b.String()
}

// has fails unless the view shows every text.
func (s *stage) has(texts ...string) {
	s.t.Helper()
	view := s.plain()
	for _, x := range texts {
		if !strings.Contains(view, x) {
			s.t.Fatalf("the screen does not show %q:\n%s", x, view)
		}
	}
}

func (s *stage) hasNot(texts ...string) {
	s.t.Helper()
	view := s.plain()
	for _, x := range texts {
		if strings.Contains(view, x) {
			s.t.Fatalf("the screen shows %q:\n%s", x, view)
		}
	}
}

// at is a moment of the broadcast.
func at(seconds int) time.Time { return start.Add(time.Duration(seconds) * time.Second) }

// script makes events with increasing indices.
type script struct {
	room string
	n    int64
	evs  []moderation.Recorded
}

func (sc *script) add(sec int, kind feed.Kind, name, words string) *moderation.Recorded {
	sc.n++
	ev := feed.Event{
		ID: fmt.Sprint("e", sc.n), Source: "test", Room: sc.room, Kind: kind, At: at(sec), Recv: at(sec),
		User: feed.User{ID: name, Name: name, Role: feed.RoleViewer}, Text: words,
	}
	ev.Shown, ev.User.Shown = feed.Sanitise(words), feed.Sanitise(name)
	if kind == feed.KindTranscript {
		ev.User.Role = feed.RoleHost
	}
	sc.evs = append(sc.evs, moderation.Recorded{Index: sc.n, Event: ev})
	return &sc.evs[len(sc.evs)-1]
}

func (sc *script) flag(id int64, e *moderation.Recorded, sev claims.Severity, f claims.Finding) moderation.Flag {
	f.Severity = sev
	runes := []rune(e.Text)
	at := strings.Index(e.Text, f.Said)
	f.Start = len([]rune(e.Text[:at]))
	f.End = f.Start + len([]rune(f.Said))
	_ = runes
	return moderation.Flag{
		ID: id, Room: sc.room, Event: e.Index, EventID: e.ID, At: e.At, Finding: f, Text: e.Text,
		Shown: feed.Sanitise(e.Text), Status: moderation.FlagOpen, Version: 1,
	}
}

// scene is ten minutes of a broadcast with something of everything.
func scene() moderation.Update {
	sc := &script{room: "r1"}
	u := moderation.Update{
		Rooms: []moderation.Room{{ID: "r1", Name: "南枝小院 · 冬日专场", TimeZone: "Asia/Shanghai", OnAir: "D01", OnAirFen: 12900, OnAirAt: at(55), StartedAt: start}},
	}
	sc.add(2, feed.KindTranscript, "晚晴", "哈喽哈喽 来了来了 晚上好家人们")
	sc.add(3, feed.KindChat, "香菜万岁", "晚上好晚上好")
	p := sc.add(55, feed.KindProduct, "", "")
	p.Product = &feed.Product{ID: "D01", Title: "栖岫羊毛混纺大围巾", PriceFen: 12900, Stock: 500}
	sc.add(90, feed.KindTranscript, "晚晴", "这条围巾家人们摸一下")
	wool := sc.add(94, feed.KindTranscript, "晚晴", "百分之百纯羊毛 一点化纤都没有 冬天戴着特别暖和 家里老人小孩都可以戴")
	sc.add(98, feed.KindChat, "小鹿", "真的是纯羊毛吗 👍👍👍")
	price := sc.add(105, feed.KindTranscript, "晚晴", "原价三百九十九")
	sc.add(110, feed.KindChat, "13812345678", "什么时候发货")
	aide := sc.add(112, feed.KindTranscript, "小柚", "一号链接已经上了")
	aide.User.Role = feed.RoleAssistant
	best := sc.add(135, feed.KindTranscript, "晚晴", "真的是全网最好的围巾")
	grievance := sc.add(140, feed.KindChat, "一个名字特别特别特别特别长的观众朋友", "上次买的掉毛，起球，洗一次就变形了，客服也不理人，这次还敢买吗你们")
	grieved := grievance.Index
	sc.add(141, feed.KindChat, "evil\x1b[2J", "\x1b[31m红色\x1b[0m \u202egnp.exe\u202c 已处理")
	sc.add(142, feed.KindChat, "👨‍👩‍👧‍👦一家人", "🇨🇳❤️‍🔥 666")
	gap := sc.add(380, feed.KindGap, "", "")
	gap.Gap = &feed.Gap{From: at(380), To: at(405), Lost: 12, Reason: "connection reset"}
	sc.add(590, feed.KindChat, "橙子", "666")
	sc.add(599, feed.KindTranscript, "晚晴", "最后三十条 拼手速")
	order := sc.add(150, feed.KindOrder, "宝妈小唐", "")
	order.Status, order.OrderID = feed.StatusPaid, "LR2611210176"
	u.Events = sc.evs
	u.Flags = []moderation.Flag{
		sc.flag(12, wool, claims.SeverityHigh, claims.Finding{
			SKU: "D01", Category: claims.CategoryMaterial, Verdict: claims.VerdictContradicted,
			Said: "百分之百纯羊毛 一点化纤都没有", Value: "羊毛 100%", Fact: "羊毛65%;聚酯纤维35%", FactID: "D01·material", Arithmetic: "100 % 对 65 %，+35 点",
			Rule: "composition", Law: "广告法第28条（2021）", Why: "“百分之百纯”指单一纤维；表中为混纺", WhyEN: "“100 % pure” means a single fibre; the sheet has a blend",
			Suggest: "更正一下，这条是羊毛六成五、聚酯纤维三成五。", Sheet: "a1b2c3",
		}),
		sc.flag(13, price, claims.SeverityMedium, claims.Finding{
			SKU: "D01", Category: claims.CategoryPrice, Verdict: claims.VerdictContradicted,
			Said: "原价三百九十九", Value: "399.00", Fact: "199", FactID: "D01·list_price", Why: "划线价是 199", WhyEN: "the list price is 199", Suggest: "更正一下，划线价是一百九十九。",
		}),
		sc.flag(14, best, claims.SeverityLow, claims.Finding{
			SKU: "D01", Category: claims.CategoryAbsolute, Verdict: claims.VerdictBanned,
			Said: "全网最好的围巾", Why: "绝对化用语", WhyEN: "absolute term", ListenFirst: true,
		}),
	}
	u.Orders = []moderation.Order{
		{ID: "LR2611210176", Room: "r1", Buyer: feed.User{Name: "宝妈小唐"}, Number: 1, SKU: "D01", Qty: 1, AmountFen: 12900, PaidFen: 12900, Status: feed.StatusPaid, CreatedAt: at(145), PaidAt: at(150), Version: 2},
		{ID: "LR2611210177", Room: "r1", Buyer: feed.User{Name: "13912345678"}, Number: 2, SKU: "D01", Qty: 2, AmountFen: 25800, Status: feed.StatusCreated, CreatedAt: at(160), Version: 1},
	}
	u.Complaints = []moderation.Complaint{
		{ID: 1, Room: "r1", Event: grieved, At: at(500), Channel: "ticket", Buyer: feed.User{Name: "宝妈小唐"}, SKU: "D01", OrderID: "LR2611210176", Text: "水洗标写着65%羊毛，不是纯羊毛", Problem: 1, Version: 1},
		{ID: 2, Room: "r1", Event: 901, At: at(510), Channel: "ticket", Buyer: feed.User{Name: "momo"}, SKU: "D01", Text: "静电很大，明显有化纤", Problem: 1, Version: 1},
	}
	u.Problems = []moderation.Problem{{ID: 1, Room: "r1", SKU: "D01", Title: "不是纯羊毛", Complaints: []int64{1, 2}, Flag: 12}}
	u.Cases = []moderation.Case{
		{ID: 1041, Room: "r1", Kind: moderation.CaseComplaint, State: moderation.CaseStateOpen, Title: "掉毛起球", SKU: "D01", OpenedBy: "小林", OpenedAt: at(60), DueAt: at(600 + 12*60), Version: 1},
		{
			ID: 1042, Room: "r1", Kind: moderation.CaseFalseAdvertising, State: moderation.CaseStateReview, Title: "原价与划线价不符", SKU: "D01", Owner: "小林", Flags: []int64{13}, Complaints: []int64{1}, Orders: []string{"LR2611210176"},
			Notes: []moderation.Note{{By: "小林", At: at(300), Text: "已联系商家"}}, OpenedBy: "小林", OpenedAt: at(120), DueAt: at(600 + 5*3600 + 12*60), Version: 3,
		},
	}
	u.Health = &moderation.Health{OK: true, Events: 1_234_567}
	u.Sources = []feed.Status{{Room: "r1", Source: "test", State: feed.StateLive, Since: start}}
	return u
}

// golden compares a view with testdata/name; UPDATE=1 rewrites it.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *updateGoldens {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v; run go test ./tui -update to write it", err)
	}
	if got != string(want) {
		t.Errorf("%s changed; look at it, then run go test ./tui -update\n--- is\n%s\n--- was\n%s", path, got, want)
	}
}

// factSheet says of the scene's products what its flags quote.
func factSheet(t testing.TB) *sheet.Sheet {
	t.Helper()
	s, err := sheet.Load("facts.csv", strings.NewReader(`sku,name,category,material,origin,price,list_price,promises,returns_7d,ships_within,licences,stock
D01,暮云羊绒混纺格纹围巾,apparel,羊毛70%;羊绒30%,内蒙古鄂尔多斯,299,459,假一赔三,yes,48h,检测报告:2027-03-01,800
`))
	if err != nil {
		t.Fatal(err)
	}
	return s
}
