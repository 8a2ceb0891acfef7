package moderation_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"liveroom/feed"
	"liveroom/moderation"
)

// peers are who acts in room A: the source ws does all to its messages but pin, and
// answers only once; another source only reads; the shop pins and unpins for everybody.
type peers struct {
	mu     sync.Mutex
	asked  []string
	answer func(e moderation.Effect) (string, error) // nil: done
	held   chan struct{}                             // the shop answers when it is closed
}

func (*peers) Ways(room string) []moderation.Way {
	if room != "A" {
		return nil
	}
	return []moderation.Way{
		{Name: "ws", Source: "ws", Kinds: []string{moderation.EffectMute, moderation.EffectUnmute, moderation.EffectDelete, moderation.EffectReply, moderation.CorrectHost{}.Name()}, Once: []string{moderation.EffectReply}},
		{Name: "shop", Kinds: []string{moderation.EffectPin, moderation.EffectUnpin, moderation.EffectFreeze}},
	}
}

func (p *peers) Carry(ctx context.Context, e moderation.Effect) (string, error) {
	p.mu.Lock()
	p.asked = append(p.asked, fmt.Sprintf("%s %s %s %s/%d", e.Kind, e.Target, e.Text, e.Key, e.NotBefore.Unix()))
	answer := p.answer
	p.mu.Unlock()
	if e.Kind == moderation.EffectPin && p.held != nil {
		select {
		case <-p.held:
		case <-ctx.Done():
			return "", ctx.Err()
		}
	}
	if answer == nil {
		return "done as asked", nil
	}
	return answer(e)
}

func (p *peers) all() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.asked)
}

func withPeers(t *testing.T, p *peers) *desk {
	d := newDesk(t, func(c *moderation.Config) { c.Effector = p })
	d.commit(asks(1, "骗子直播间"), asks(2, "能机洗吗"), says(3, "这是普通的围巾"))
	return d
}

// effect waits until an effect has the status.
func (d *desk) effect(t *testing.T, id int64, want moderation.EffectStatus) moderation.Effect {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		all := must(d.store.Effects(t.Context(), time.Time{}))
		i := slices.IndexFunc(all, func(e moderation.Effect) bool { return e.ID == id })
		if i >= 0 && all[i].Status == want {
			return all[i]
		}
		if time.Now().After(end) {
			t.Fatalf("effects %+v, want #%d %s", all, id, want)
		}
	}
}

func TestWhatIsDoneAboutAMessage(t *testing.T) {
	p := &peers{}
	d := withPeers(t, p)
	stop := d.run(t)
	defer stop()
	for _, c := range []moderation.Command{
		moderation.MuteAuthor{Event: 1, For: 10 * time.Minute},
		moderation.DeleteMessage{Event: 1},
		moderation.ReplyMessage{Event: 2, Text: " 可以机洗 "},
		moderation.PinMessage{Event: 2},
		moderation.UnmuteAuthor{Event: 2},
		moderation.UnpinMessage{Event: 2},
	} {
		if r := d.do(lan, c); r.Action == 0 || !r.UndoUntil.Equal(at(15)) {
			t.Errorf("%s: %+v", c.Name(), r)
		}
	}
	d.clock.pass(15 * time.Second)
	for id := int64(1); id <= 6; id++ {
		e := d.effect(t, id, moderation.EffectSent)
		if e.Result != "done as asked" || e.Source != "ws" || e.Event == 0 || e.Room != "A" {
			t.Errorf("effect %+v", e)
		}
	}
	var got []string
	for _, a := range p.all() {
		got = append(got, a[:strings.LastIndex(a, " ")])
	}
	slices.Sort(got)
	want := []string{"delete chat-1 ", "mute u1 10m", "pin chat-2 ", "reply chat-2 可以机洗", "unmute u1 ", "unpin chat-2 "}
	if !slices.Equal(got, want) {
		t.Errorf("asked %q, want %q", got, want)
	}
	d.verify()
}

func TestWhatIsNotDoneAboutAMessage(t *testing.T) {
	d := withPeers(t, &peers{})
	other := asks(4, "你好")
	other.Source = "barrage"
	nameless := asks(5, "你好")
	nameless.User = feed.User{Name: "路人"}
	house := asks(6, "欢迎")
	house.User.Role = feed.RoleModerator
	if err := d.Commit(t.Context(), feed.Batch{Room: "A", Source: "barrage", Events: []feed.Event{other}}); err != nil {
		t.Fatal(err)
	}
	d.commit(nameless, house)
	mute := func(event int64) moderation.Command { return moderation.MuteAuthor{Event: event, For: time.Minute} }
	d.refused(moderation.CodeNotAllowed, you, mute(1))
	d.refused(moderation.CodeNotAllowed, you, moderation.DeleteMessage{Event: 1})
	d.refused(moderation.CodeNotFound, lan, moderation.PinMessage{Event: 99})
	d.refused(moderation.CodeNotChat, lan, moderation.DeleteMessage{Event: 3})
	d.refused(moderation.CodeOfTheHouse, lan, mute(3))
	d.refused(moderation.CodeOfTheHouse, lan, mute(6))
	d.refused(moderation.CodeNoAccount, lan, mute(5))
	d.refused(moderation.CodeNotAllowed, you, moderation.UnmuteAuthor{Event: 1})
	d.refused(moderation.CodeOfTheHouse, lan, moderation.UnmuteAuthor{Event: 6})
	d.refused(moderation.CodeNoAccount, lan, moderation.UnmuteAuthor{Event: 5})
	d.refused(moderation.CodeNoWay, lan, moderation.UnmuteAuthor{Event: 4})
	d.refused(moderation.CodeNotAllowed, you, moderation.UnpinMessage{Event: 2})
	d.refused(moderation.CodeNotChat, lan, moderation.UnpinMessage{Event: 3})
	d.refused(moderation.CodeNotFound, lan, moderation.UnpinMessage{Event: 99})
	d.refused(moderation.CodeBadMute, lan, moderation.MuteAuthor{Event: 1, For: -time.Second})
	d.refused(moderation.CodeBadMute, lan, moderation.MuteAuthor{Event: 1, For: time.Millisecond})
	d.refused(moderation.CodeNeedsText, lan, moderation.ReplyMessage{Event: 2})
	if no := d.refused(moderation.CodeNoWay, lan, mute(4)); !strings.Contains(no.Error(), "barrage") {
		t.Errorf("it reads %q", no.Error())
	}
	d.do(lan, moderation.PinMessage{Event: 4}) // the shop pins what any source brought
	d.do(you, moderation.ReplyMessage{Event: 2, Text: "可以"})
	d.do(lan, mute(1))
	d.refused(moderation.CodeOnItsWay, bing, moderation.MuteAuthor{Event: 2}) // the same person
	d.do(lan, moderation.Undo{})
	d.do(bing, moderation.MuteAuthor{Event: 2})
	d.do(bing, moderation.EraseBuyer{Buyer: "u1", Reason: "本人要求"})
	d.refused(moderation.CodeErasedMessage, lan, moderation.DeleteMessage{Event: 1})
	d.verify()
}

// What is undone in time never leaves.
func TestAMuteIsTakenBack(t *testing.T) {
	p := &peers{}
	d := withPeers(t, p)
	stop := d.run(t)
	defer stop()
	d.do(lan, moderation.MuteAuthor{Event: 1})
	d.do(lan, moderation.Undo{})
	d.clock.pass(time.Hour)
	d.effect(t, 1, moderation.EffectCancelled)
	time.Sleep(300 * time.Millisecond)
	if got := p.all(); len(got) != 0 {
		t.Errorf("asked %q", got)
	}
	d.verify()
}

// What failed is asked for anew, what was perhaps done under the same id, and what is
// let be waits for nobody.
func TestWhatFailedIsAskedForOnceMore(t *testing.T) {
	p := &peers{answer: func(e moderation.Effect) (string, error) {
		switch e.Kind {
		case moderation.EffectMute:
			return "", &feed.RefusedError{Reason: "not now"}
		case moderation.EffectDelete:
			return "", fmt.Errorf("no answer: %w", moderation.ErrPerhaps)
		}
		return "", errors.New("the source is not connected")
	}}
	d := withPeers(t, p)
	stop := d.run(t)
	defer stop()
	d.do(lan, moderation.MuteAuthor{Event: 1})
	d.do(lan, moderation.DeleteMessage{Event: 1})
	d.do(lan, moderation.ReplyMessage{Event: 2, Text: "可以"})
	d.refused(moderation.CodeNotStuck, lan, moderation.RetryEffect{Effect: 1})
	d.clock.pass(15 * time.Second)
	d.effect(t, 1, moderation.EffectFailed)
	d.effect(t, 2, moderation.EffectPerhaps)
	d.effect(t, 3, moderation.EffectFailed)
	d.refused(moderation.CodeNotFound, lan, moderation.RetryEffect{Effect: 9})
	d.refused(moderation.CodeNotAllowed, you, moderation.RetryEffect{Effect: 1})

	sub := d.Subscribe()
	defer sub.Close()
	if u := must(sub.Next(t.Context())); len(u.Effects) != 3 || !u.Effects[0].Stuck() || !u.Effects[1].Stuck() {
		t.Errorf("a screen that is opened now is told of %+v", u.Effects)
	}
	before := p.all()
	p.mu.Lock()
	p.answer = nil
	p.mu.Unlock()
	for _, id := range []int64{1, 2} {
		if r := d.do(lan, moderation.RetryEffect{Effect: id}); r.Action == 0 || !r.UndoUntil.IsZero() {
			t.Errorf("retried as %+v", r)
		}
	}
	d.clock.pass(time.Second)
	d.effect(t, 1, moderation.EffectSent)
	d.effect(t, 2, moderation.EffectSent)
	again := p.all()[len(before):]
	find := func(all []string, kind string) string {
		i := slices.IndexFunc(all, func(a string) bool { return strings.HasPrefix(a, kind) })
		return all[i]
	}
	if find(before, "mute") == find(again, "mute") || find(before, "delete") != find(again, "delete") {
		t.Errorf("asked %q, then %q: want the refused under a new id and the perhaps done under its own", before, again)
	}
	d.do(you, moderation.LeaveEffect{Effect: 3, Reason: "已口头回复"}) // who may answer may let an answer be
	if e := d.effect(t, 3, moderation.EffectGivenUp); e.Result != "the source is not connected; left by 小柚: 已口头回复" {
		t.Errorf("left as %q", e.Result)
	}
	d.refused(moderation.CodeNotStuck, lan, moderation.LeaveEffect{Effect: 3})
	d.verify()
}

// What must not be done twice is not asked for again after it was cut off.
func TestACutOffAnswerIsNotSentAgain(t *testing.T) {
	begun := make(chan struct{}, 2)
	p := &peers{}
	p.answer = func(e moderation.Effect) (string, error) {
		begun <- struct{}{}
		if e.Kind == moderation.EffectReply {
			return "", context.Canceled
		}
		return "", nil
	}
	d := withPeers(t, p)
	ctx, cancel := context.WithCancel(t.Context())
	p.answer = func(moderation.Effect) (string, error) {
		begun <- struct{}{}
		cancel()
		return "", ctx.Err()
	}
	var work sync.WaitGroup
	work.Go(func() { d.Run(ctx) })
	d.do(lan, moderation.ReplyMessage{Event: 2, Text: "可以"})
	d.clock.pass(15 * time.Second)
	<-begun
	work.Wait()
	d.effect(t, 1, moderation.EffectBegun)
	d.restart()
	stop := d.run(t)
	defer stop()
	d.clock.pass(2 * time.Minute)
	if e := d.effect(t, 1, moderation.EffectPerhaps); !strings.Contains(e.Result, "may have arrived") || len(p.all()) != 1 {
		t.Errorf("effect %+v, asked %q", e, p.all())
	}
	d.verify()
}

// What a peer said of what must not be done twice is kept although the program ends.
func TestAnAnswerAtTheEndIsKept(t *testing.T) {
	for want, said := range map[moderation.EffectStatus]error{
		moderation.EffectSent: nil, moderation.EffectFailed: errors.New("the sender is banned"),
		moderation.EffectPerhaps: fmt.Errorf("no answer: %w: %w", context.Canceled, moderation.ErrPerhaps),
	} {
		ctx, cancel := context.WithCancel(t.Context())
		p := &peers{answer: func(moderation.Effect) (string, error) { cancel(); return "sent as 7", said }}
		d := withPeers(t, p)
		var work sync.WaitGroup
		work.Go(func() { d.Run(ctx) })
		d.do(lan, moderation.ReplyMessage{Event: 2, Text: "可以"})
		d.clock.pass(15 * time.Second)
		work.Wait()
		if e := d.effect(t, 1, want); said == nil && e.Result != "sent as 7" {
			t.Errorf("effect %+v", e)
		}
	}
}

// A peer that does not answer keeps nobody else waiting.
func TestPeersAreAskedBesideEachOther(t *testing.T) {
	p := &peers{held: make(chan struct{})}
	d := withPeers(t, p)
	stop := d.run(t)
	defer stop()
	d.do(lan, moderation.PinMessage{Event: 2})
	d.do(lan, moderation.PinMessage{Event: 1})
	d.do(lan, moderation.MuteAuthor{Event: 1})
	d.clock.pass(15 * time.Second)
	d.effect(t, 3, moderation.EffectSent)
	d.effect(t, 1, moderation.EffectBegun)
	d.effect(t, 2, moderation.EffectPending) // behind the other, at the same peer
	close(p.held)
	d.effect(t, 1, moderation.EffectSent)
	d.effect(t, 2, moderation.EffectSent)
	d.verify()
}

// A mute and its undoing asked for within one window leave in the order of the deeds,
// whatever message each was asked for at.
func TestAMuteIsEndedAfterItBegan(t *testing.T) {
	p := &peers{}
	d := withPeers(t, p)
	stop := d.run(t)
	defer stop()
	d.do(lan, moderation.MuteAuthor{Event: 1})
	d.clock.pass(5 * time.Second)
	d.do(bing, moderation.UnmuteAuthor{Event: 2})
	d.refused(moderation.CodeOnItsWay, lan, moderation.UnmuteAuthor{Event: 1})
	d.clock.pass(30 * time.Second)
	d.effect(t, 1, moderation.EffectSent)
	d.effect(t, 2, moderation.EffectSent)
	if got := p.all(); len(got) != 2 || !strings.HasPrefix(got[0], "mute u1 ") || !strings.HasPrefix(got[1], "unmute u1 ") {
		t.Errorf("asked %q", got)
	}
	d.verify()
}

func TestWaysAreOfASource(t *testing.T) {
	d := withPeers(t, &peers{})
	for _, c := range []struct {
		source, kind string
		want         bool
	}{
		{"ws", moderation.EffectMute, true},
		{"barrage", moderation.EffectMute, false},
		{"", moderation.EffectMute, true},
		{"barrage", moderation.EffectPin, true},
		{"ws", moderation.EffectRelease, false},
	} {
		if got := d.WayOut("A", c.source, c.kind); got != c.want {
			t.Errorf("%s by %q: %t", c.kind, c.source, got)
		}
	}
	// What no other source brought came by the producer, whatever it calls its source.
	producer := []moderation.Way{{Name: "r/2/cloudevent", Source: "r/2/cloudevent", Except: []string{"twitch:#shop"}, Kinds: []string{moderation.EffectMute}}}
	for source, want := range map[string]bool{"tool": true, "r/2/cloudevent": true, "twitch:#shop": false, "": true} {
		if _, got := moderation.PickWay(producer, source, moderation.EffectMute); got != want {
			t.Errorf("by %q: %t", source, got)
		}
	}
	if w := newDesk(t).Ways("A"); w != nil {
		t.Errorf("a desk without an effector knows %+v", w)
	}
	if w := newDesk(t, func(c *moderation.Config) { c.Effector = &way{} }).Ways("A"); len(w) != 1 || !slices.Contains(w[0].Kinds, moderation.EffectMute) {
		t.Errorf("an effector that does not tell is %+v", w)
	}
}
