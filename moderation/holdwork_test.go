package moderation_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"liveroom/feed"
	"liveroom/moderation"
)

// A shop answers for what it is told about orders.
type shop struct {
	told []string
	down bool
}

func (s *shop) Carry(_ context.Context, e moderation.Effect) (string, error) {
	if s.down {
		return "", errors.New("the shop does not answer")
	}
	s.told = append(s.told, e.Kind+" "+e.Target+": "+e.Text)
	return "ok", nil
}

// raided is a desk with a case of order risk that 小柚 has taken, and its shop.
func raided(t *testing.T) (*desk, *shop, moderation.Case) {
	s := &shop{}
	d := newDesk(t, func(c *moderation.Config) { c.Effector = s })
	for i := range 3 {
		d.commit(buys(i, fmt.Sprint("LR", i), "u1", "a1"))
	}
	c := *d.do(you, moderation.OpenCase{Room: "A", Kind: moderation.CaseOrderRisk, Title: "恶意下单", Orders: []string{"LR0", "LR1"}}).Case
	return d, s, *d.do(you, moderation.TakeCase{Case: c.ID, Version: c.Version}).Case
}

// carry lets the outbox go out as far as it is due.
func (d *desk) carry() {
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { d.Run(ctx); close(done) }()
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(time.Millisecond) {
		if due := must(d.store.Effects(ctx, d.clock.Now())); len(due) == 0 {
			break
		}
	}
	stop()
	<-done
}

// TestFreezeUntilTheMerchantConfirms goes the whole way: held back, the shop
// told after the undo window, the merchant heard, let go, the shop told again.
func TestFreezeUntilTheMerchantConfirms(t *testing.T) {
	d, s, c := raided(t)
	c = *d.do(you, moderation.FreezeOrders{Case: c.ID, Version: c.Version, Orders: []string{"LR0", "LR1", "LR0"}, Reason: "四个账号一个地址"}).Case
	d.carry()
	if len(s.told) != 0 {
		t.Fatalf("the shop was told inside the undo window: %v", s.told)
	}
	d.refused(moderation.CodeHolds, you, moderation.MoveCase{Case: c.ID, Version: c.Version, To: moderation.CaseStateResolved, Outcome: moderation.OutcomeUpheld})
	d.refused(moderation.CodeUnchanged, you, moderation.FreezeOrders{Case: c.ID, Version: c.Version, Orders: []string{"LR1"}, Reason: "再来"})

	d.clock.pass(16 * time.Second)
	d.carry()
	want := []string{"freeze-order LR0: 四个账号一个地址", "freeze-order LR1: 四个账号一个地址"}
	if fmt.Sprint(s.told) != fmt.Sprint(want) {
		t.Fatalf("the shop was told %q", s.told)
	}
	c = d.incident(c.ID)
	if h := c.Hold("LR0"); h == nil || h.Frozen.IsZero() || h.By != you.Name || !h.Held() || c.ChangedBy != you.Name {
		t.Fatalf("hold %+v", c.Holds)
	}
	d.refused(moderation.CodeUndoOver, you, moderation.Undo{})

	d.refused(moderation.CodeBadAnswer, you, moderation.HearMerchant{Case: c.ID, Version: c.Version, Orders: []string{"LR0"}, Verdict: "maybe", Text: "?"})
	c = *d.do(you, moderation.HearMerchant{Case: c.ID, Version: c.Version, Orders: []string{"LR0"}, Verdict: moderation.VerdictGenuine, Text: "公司团购"}).Case
	c = *d.do(you, moderation.HearMerchant{Case: c.ID, Version: c.Version, Orders: []string{"LR1"}, Verdict: moderation.VerdictBadFaith, Text: "不认识"}).Case
	c = *d.do(you, moderation.ReleaseOrders{Case: c.ID, Version: c.Version, Orders: []string{"LR0"}, Reason: "商家确认真实"}).Case
	d.clock.pass(16 * time.Second)
	d.carry()
	c = d.incident(c.ID)
	if h := c.Hold("LR0"); h.Held() || h.Freed.IsZero() || h.Release != "商家确认真实" || s.told[2] != "release-order LR0: 商家确认真实" {
		t.Errorf("hold %+v, told %q", h, s.told)
	}
	// What the merchant calls bad faith stays held back when the case ends.
	c = *d.do(you, moderation.MoveCase{Case: c.ID, Version: c.Version, To: moderation.CaseStateResolved, Outcome: moderation.OutcomeUpheld}).Case
	if h := c.Hold("LR1"); !h.Held() || h.Note != "不认识" {
		t.Errorf("hold %+v", h)
	}
	d.verify()
}

// TestFreezeIsTakenBack: inside the window nothing reaches the shop.
func TestFreezeIsTakenBack(t *testing.T) {
	d, s, c := raided(t)
	d.do(you, moderation.FreezeOrders{Case: c.ID, Version: c.Version, Orders: []string{"LR0"}, Reason: "看错了"})
	d.do(you, moderation.Undo{})
	d.clock.pass(time.Minute)
	d.carry()
	if got := d.incident(c.ID); len(got.Holds) != 0 || len(s.told) != 0 {
		t.Errorf("holds %+v, told %q", got.Holds, s.told)
	}
}

// TestAShopThatDoesNotAnswer: the case says that the order is not frozen, and a
// person asks again. A note written meanwhile can still be taken back.
func TestAShopThatDoesNotAnswer(t *testing.T) {
	d, s, c := raided(t)
	s.down = true
	c = *d.do(you, moderation.FreezeOrders{Case: c.ID, Version: c.Version, Orders: []string{"LR0"}, Reason: "先停"}).Case
	d.clock.pass(14 * time.Second)
	d.do(you, moderation.NoteCase{Case: c.ID, Version: c.Version, Text: "打了电话"})
	d.clock.pass(2 * time.Second)
	d.carry()
	c = d.incident(c.ID)
	if h := c.Hold("LR0"); !h.Frozen.IsZero() || h.Failed != "the shop does not answer" {
		t.Fatalf("hold %+v", h)
	}
	d.do(you, moderation.Undo{})
	c = d.incident(c.ID)
	if len(c.Notes) != 0 || c.Hold("LR0").Failed == "" {
		t.Errorf("notes %+v, holds %+v", c.Notes, c.Holds)
	}
	s.down = false
	d.do(you, moderation.FreezeOrders{Case: c.ID, Version: c.Version, Orders: []string{"LR0"}, Reason: "再试"})
	d.clock.pass(16 * time.Second)
	d.carry()
	c = d.incident(c.ID)
	if h := c.Hold("LR0"); h.Frozen.IsZero() || h.Failed != "" || len(s.told) != 1 || len(c.Holds) != 1 {
		t.Errorf("hold %+v, told %q", h, s.told)
	}
	d.verify()
}

// TestWhatCannotBeHeldBack lists the refusals.
func TestWhatCannotBeHeldBack(t *testing.T) {
	d, _, c := raided(t)
	freeze := func(orders ...string) moderation.Command {
		return moderation.FreezeOrders{Case: c.ID, Version: c.Version, Orders: orders, Reason: "查"}
	}
	shipped := trade(50, "LR1", feed.StatusShipped, "D06", 0)
	d.commit(shipped)
	c = d.incident(c.ID)
	d.refused(moderation.CodeTooLate, you, freeze("LR0", "LR1"))
	d.refused(moderation.CodeNotInCase, you, freeze("LR2"))
	d.refused(moderation.CodeUnchanged, you, freeze())
	d.refused(moderation.CodeNeedsText, you, moderation.FreezeOrders{Case: c.ID, Version: c.Version, Orders: []string{"LR0"}, Reason: " "})
	d.refused(moderation.CodeConflict, you, moderation.FreezeOrders{Case: c.ID, Version: c.Version + 1, Orders: []string{"LR0"}, Reason: "查"})
	d.refused(moderation.CodeNotHeld, you, moderation.ReleaseOrders{Case: c.ID, Version: c.Version, Orders: []string{"LR0"}, Reason: "放"})
	d.refused(moderation.CodeNotHeld, you, moderation.HearMerchant{Case: c.ID, Version: c.Version, Orders: []string{"LR0"}, Verdict: moderation.VerdictGenuine, Text: "真"})
	d.refused(moderation.CodeNotAllowed, lan, freeze("LR0"))
	d.refused(moderation.CodeOwned, moderation.Actor{Name: "茉莉", Role: moderation.RoleAgent}, freeze("LR0"))
	if got := d.incident(c.ID); len(got.Holds) != 0 {
		t.Errorf("what was refused left %+v", got.Holds)
	}
}
