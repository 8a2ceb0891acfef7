package moderation_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"liveroom/feed"
	"liveroom/moderation"
)

func automod(n int, code, id, text string) feed.Event {
	e := event(feed.KindSystem, n, text)
	e.ID, e.Code, e.Source = "automod_"+code+":"+id, "automod_"+code, "twitch:#shop"
	if code == "hold" {
		e.Channel, e.Severity = "AutoMod aggressive, level 2", "medium"
	} else if code != feed.HeldExpired {
		e.Channel = "mod_mei"
	}
	return e
}

// TestWhatAPlatformHoldsIsAFlag with the platform's reason, and what becomes of the
// message there settles it, whichever comes first; what one of ours decided stands.
func TestWhatAPlatformHoldsIsAFlag(t *testing.T) {
	d := newDesk(t)
	d.commit(
		automod(1, "hold", "m1", "你们都是骗子"), automod(2, "hold", "m2", "二"), automod(3, "hold", "m3", "三"), automod(4, "hold", "m4", "四"),
		automod(5, feed.HeldDenied, "m0", "零"), automod(6, "hold", "m0", "零"),
	)
	if f := d.flag(1); f.Status != moderation.FlagOpen || !f.Held() || f.Finding.Said != "AutoMod aggressive, level 2" || f.Finding.Severity != "medium" || f.Event != 1 || !strings.Contains(f.Finding.Why, "等人决定") {
		t.Errorf("flag %+v", f)
	}
	d.do(lan, moderation.ConfirmFlag{Flag: 4, OpenCase: true})
	d.restart()
	d.commit(automod(10, feed.HeldApproved, "m1", ""), automod(11, feed.HeldDenied, "m2", ""), automod(12, feed.HeldExpired, "m3", ""), automod(13, feed.HeldApproved, "m4", ""), automod(14, feed.HeldApproved, "m9", ""))
	var got []string
	for _, f := range d.flags() {
		got = append(got, string(f.Status)+" "+f.DecidedBy+" "+f.Reason)
		if f.Case != 0 {
			t.Errorf("flag %d opened a case: what a viewer wrote is no false advertising", f.ID)
		}
	}
	want := []string{
		"dismissed twitch mod_mei: approved on the platform, shown", "confirmed twitch mod_mei: denied on the platform, not shown",
		"dismissed twitch nobody decided in time, not shown", "confirmed " + lan.Name + " ", "confirmed twitch mod_mei: denied on the platform, not shown",
	}
	if !slices.Equal(got, want) {
		t.Errorf("settled as %q\nwant %q", got, want)
	}
	d.refused(moderation.CodeHeldMessage, lan, moderation.CorrectHost{Flag: 1, Text: "请更正"})
	for _, f := range d.flags() {
		if strings.Contains(f.Text+f.Finding.Said+f.Finding.Why, "骗子") {
			t.Error("the flag repeats what its writer may have erased")
		}
	}
	got = nil
	for _, f := range d.flags() {
		got = append(got, f.Settled+" "+f.SettledBy)
	}
	if want := []string{"approved mod_mei", "denied mod_mei", "expired ", "approved mod_mei", "denied mod_mei"}; !slices.Equal(got, want) {
		t.Errorf("told of the platform %q\nwant %q", got, want)
	}
	if err := d.verify().Err(); err != nil {
		t.Errorf("the ledger does not hold: %v", err)
	}
}

// moderators are who decides what the source twitch:#shop holds, in room A.
type moderators struct {
	peers
	kinds []string // nil: both
}

func (m *moderators) Ways(string) []moderation.Way {
	kinds := m.kinds
	if kinds == nil {
		kinds = []string{moderation.EffectAllow, moderation.EffectDeny}
	}
	return []moderation.Way{{Name: "twitch:#shop", Source: "twitch:#shop", Kinds: kinds}}
}

// withHeld is a desk whose platform holds the messages m1 to m4, each with its flag.
func withHeld(t *testing.T, m *moderators) *desk {
	d := newDesk(t, func(c *moderation.Config) { c.Effector = m })
	d.commit(automod(1, "hold", "m1", "一"), automod(2, "hold", "m2", "二"), automod(3, "hold", "m3", "三"), automod(4, "hold", "m4", "四"))
	return d
}

// TestWhatIsDecidedLeavesForThePlatform: upheld is denied there and dismissed allowed,
// once the window is over; that it was done stands at the flag, and what the platform
// tells of it changes no decision.
func TestWhatIsDecidedLeavesForThePlatform(t *testing.T) {
	m := &moderators{}
	d := withHeld(t, m)
	stop := d.run(t)
	defer stop()
	for _, c := range []moderation.Command{moderation.ConfirmFlag{Flag: 1, OpenCase: true}, moderation.DismissFlag{Flag: 2, Reason: "正常发言"}} {
		if r := d.do(lan, c); !r.Leaves || !r.UndoUntil.Equal(at(15)) || r.Flag.Settled != "" {
			t.Errorf("%s: %+v", c.Name(), r)
		}
	}
	d.clock.pass(15 * time.Second)
	for id := int64(1); id <= 2; id++ {
		if e := d.effect(t, id, moderation.EffectSent); e.Flag != id || e.Event != id || e.Source != "twitch:#shop" || e.Result != "done as asked" {
			t.Errorf("effect %+v", e)
		}
	}
	var got []string
	for _, a := range m.all() {
		got = append(got, a[:strings.LastIndex(a, " ")])
	}
	slices.Sort(got)
	if want := []string{"allow m2 ", "deny m1 "}; !slices.Equal(got, want) {
		t.Errorf("asked %q, want %q", got, want)
	}
	if f := d.flag(1); f.Settled != feed.HeldDenied || f.SettledBy != "" || f.Status != moderation.FlagConfirmed {
		t.Errorf("flag %+v", f)
	}
	d.commit(automod(20, feed.HeldDenied, "m1", ""), automod(21, feed.HeldApproved, "m2", ""))
	for id, want := range map[int64]string{1: "confirmed denied mod_mei", 2: "dismissed approved mod_mei"} {
		if f := d.flag(id); fmt.Sprintf("%s %s %s", f.Status, f.Settled, f.SettledBy) != want || f.DecidedBy != lan.Name {
			t.Errorf("flag %+v, want %s", f, want)
		}
	}
	// What is settled there is decided here alone from now on.
	if r := d.do(wen, moderation.DismissFlag{Flag: 1, Reason: "看错了"}); r.Leaves {
		t.Errorf("%+v", r)
	}
	if all := must(d.store.Effects(t.Context(), time.Time{})); len(all) != 2 {
		t.Errorf("effects %+v", all)
	}
	d.verify()
}

// TestADecisionIsTakenBackInTime: nothing leaves, the flag waits again and can be
// decided otherwise; and what is on its way is not decided otherwise meanwhile.
func TestADecisionIsTakenBackInTime(t *testing.T) {
	m := &moderators{}
	d := withHeld(t, m)
	stop := d.run(t)
	defer stop()
	d.do(lan, moderation.ConfirmFlag{Flag: 1})
	d.refused(moderation.CodeOnItsWay, wen, moderation.DismissFlag{Flag: 1, Reason: "看错了"})
	d.do(lan, moderation.Undo{})
	if f := d.flag(1); f.Status != moderation.FlagOpen {
		t.Errorf("flag %+v", f)
	}
	d.clock.pass(time.Hour)
	d.effect(t, 1, moderation.EffectCancelled)
	d.do(lan, moderation.DismissFlag{Flag: 1})
	d.clock.pass(15 * time.Second)
	d.effect(t, 2, moderation.EffectSent)
	if got := m.all(); len(got) != 1 || !strings.HasPrefix(got[0], "allow m1 ") {
		t.Errorf("asked %q", got)
	}
	d.verify()
}

// TestThePlatformIsQuicker: what it settles within the window is not asked for any
// more and says why; what one of ours decided stands beside it. Taken back then, the
// flag is as the platform decided.
func TestThePlatformIsQuicker(t *testing.T) {
	m := &moderators{}
	d := withHeld(t, m)
	stop := d.run(t)
	defer stop()
	d.do(lan, moderation.ConfirmFlag{Flag: 1})
	d.do(bing, moderation.ConfirmFlag{Flag: 2})
	d.commit(automod(5, feed.HeldApproved, "m1", ""), automod(6, feed.HeldExpired, "m2", ""))
	d.do(bing, moderation.Undo{})
	if f := d.flag(2); f.Status != moderation.FlagDismissed || f.DecidedBy != "twitch" || f.Reason != "nobody decided in time, not shown" {
		t.Errorf("flag %+v", f)
	}
	d.clock.pass(15 * time.Second)
	if e := d.effect(t, 1, moderation.EffectSettled); e.Result != "mod_mei: approved on the platform, shown" || e.Stuck() {
		t.Errorf("effect %+v", e)
	}
	d.effect(t, 2, moderation.EffectCancelled)
	if f := d.flag(1); f.Status != moderation.FlagConfirmed || f.DecidedBy != lan.Name || f.Settled != feed.HeldApproved || f.SettledBy != "mod_mei" {
		t.Errorf("flag %+v", f)
	}
	if got := m.all(); len(got) != 0 {
		t.Errorf("asked %q", got)
	}
	d.verify()
}

// TestADecisionThatDidNotGetThrough: what the platform settled before is an end, and
// nobody's failure; what failed waits for a person, who asks once more for what still
// stands, and not for what was decided otherwise since.
func TestADecisionThatDidNotGetThrough(t *testing.T) {
	m := &moderators{}
	m.answer = func(e moderation.Effect) (string, error) {
		if e.Target == "m1" {
			return "", &feed.SettledError{Reason: "held no more"}
		}
		return "", &feed.RefusedError{Reason: "a scope is missing"}
	}
	d := withHeld(t, m)
	stop := d.run(t)
	defer stop()
	for id := int64(1); id <= 3; id++ {
		d.do(lan, moderation.ConfirmFlag{Flag: id})
	}
	d.clock.pass(15 * time.Second)
	if e := d.effect(t, 1, moderation.EffectSettled); e.Result != "held no more" {
		t.Errorf("effect %+v", e)
	}
	d.refused(moderation.CodeNotStuck, lan, moderation.RetryEffect{Effect: 1})
	d.effect(t, 2, moderation.EffectFailed)
	d.effect(t, 3, moderation.EffectFailed)
	for id := int64(1); id <= 3; id++ {
		if f := d.flag(id); f.Status != moderation.FlagConfirmed || f.Settled != "" {
			t.Errorf("flag %+v", f)
		}
	}
	d.refused(moderation.CodeNotAllowed, you, moderation.RetryEffect{Effect: 2})
	m.mu.Lock()
	m.answer = nil
	m.mu.Unlock()
	d.do(lan, moderation.RetryEffect{Effect: 2})
	d.clock.pass(time.Second)
	d.effect(t, 2, moderation.EffectSent)
	d.do(wen, moderation.DismissFlag{Flag: 3, Reason: "看错了"})
	d.refused(moderation.CodeDecided, lan, moderation.RetryEffect{Effect: 3})
	d.do(lan, moderation.LeaveEffect{Effect: 3, Reason: "主管改判"})
	d.clock.pass(15 * time.Second)
	d.effect(t, 4, moderation.EffectSent)
	if got := m.all(); !strings.HasPrefix(got[len(got)-1], "allow m3 ") {
		t.Errorf("asked %q", got)
	}
	d.verify()
}

// TestWhereNobodyCanDecide the decision stands in the record, and nothing is asked for.
func TestWhereNobodyCanDecide(t *testing.T) {
	for name, kinds := range map[string][]string{"reads only": {}, "only allows": {moderation.EffectAllow}} {
		t.Run(name, func(t *testing.T) {
			d := withHeld(t, &moderators{kinds: kinds})
			if r := d.do(lan, moderation.ConfirmFlag{Flag: 1}); r.Leaves || r.Flag.Status != moderation.FlagConfirmed {
				t.Errorf("%+v", r)
			}
			if all := must(d.store.Effects(t.Context(), time.Time{})); len(all) != 0 {
				t.Errorf("effects %+v", all)
			}
			d.do(lan, moderation.Undo{})
			d.verify()
		})
	}
}
