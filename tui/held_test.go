package tui

import (
	"testing"

	"liveroom/claims"
	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/tui/text"
)

// held is a stage with one flag, on a message that the platform holds, and what can be
// asked there; the flag is selected.
func held(t *testing.T, lang text.Lang, can ...string) *stage {
	s := newStage(t, lang, 160, 50)
	s.desk.ways = []moderation.Way{{Name: "test", Source: "test", Kinds: can}}
	f := moderation.Flag{
		ID: 90, Room: "r1", Event: 70, EventID: "automod_hold:m1", At: at(600), Text: "AutoMod aggressive, level 2", Status: moderation.FlagOpen, Version: 1,
		Finding: claims.Finding{
			Utterance: "automod_hold:m1", Category: claims.CategoryConduct, Verdict: claims.VerdictBanned, Severity: claims.SeverityMedium,
			Said: "AutoMod aggressive, level 2", Rule: moderation.RuleHeld, Why: "平台拦下了这条弹幕", WhyEN: "the platform holds this message",
		},
	}
	s.update(moderation.Update{
		Rooms: []moderation.Room{{ID: "r1", Name: "南枝小院", TimeZone: "Asia/Shanghai", StartedAt: start}},
		Events: []moderation.Recorded{{Index: 70, Event: feed.Event{
			ID: "automod_hold:m1", Source: "test", Room: "r1", Kind: feed.KindSystem, Code: feed.CodeHeld, At: at(600), Recv: at(600),
			Text: "你们都是骗子", Shown: feed.Sanitise("你们都是骗子"), Channel: "AutoMod aggressive, level 2", User: feed.User{ID: "u9", Name: "路人", Role: feed.RoleViewer},
		}}},
		Flags: []moderation.Flag{f},
	})
	s.desk.flags[f.ID] = f
	s.m.setFocus(paneFlags)
	s.press("home")
	return s
}

// TestAHeldMessageIsDecidedFromHere: what can be asked of the platform stands at the
// flag before it is decided; y denies and x allows there, once the window is over, and
// what came of it stands at the flag.
func TestAHeldMessageIsDecidedFromHere(t *testing.T) {
	s := held(t, text.EN, moderation.EffectAllow, moderation.EffectDeny)
	s.press("enter")
	s.has("can be     allow deny")
	s.press("y")
	if got := s.desk.log[len(s.desk.log)-1]; got != "confirm-flag {Flag:90 OpenCase:true}" {
		t.Fatalf("the desk was asked for %s", got)
	}
	s.has("deny goes to the platform once it can no longer be undone", "[u]", "asked for  deny · waiting until it can no longer be undone", "upheld·you · ↺deny")
	s.hasNot("only recorded")
	s.press("esc", "q")
	s.has("something that was asked for leaves in 15 s") // quitting says that something leaves yet
	s.press("esc")
	e := s.m.here().effects[90]
	e.Status, e.Result = moderation.EffectFailed, "the token lacks the scope moderator:manage:automod"
	s.update(moderation.Update{Effects: []moderation.Effect{e}})
	s.has("✓upheld·you · ✗deny", "✗ 1 not done !", "Not done: deny flag 90", "the token lacks the scope moderator:manage:automod")
	s.press("!", "enter")
	s.has("deny · flag 90", "not done: the token lacks the scope", "r  try again")
	s.press("r")
	if got := s.desk.log[len(s.desk.log)-1]; got != "retry-effect {Effect:1}" {
		t.Errorf("the desk was asked for %s", got)
	}
	e.Status, e.Result = moderation.EffectSent, "denied, not shown"
	f := s.desk.flags[90]
	f.Settled, f.SettledBy, f.Version = feed.HeldDenied, "mod_mei", f.Version+1
	s.update(moderation.Update{Effects: []moderation.Effect{e}, Flags: []moderation.Flag{f}})
	s.has("done: deny", "denied there by mod_mei", "deny · done · denied, not shown", "upheld·you · denied there")
}

// TestThePlatformDecidedAHeldMessage: that nothing is left to be done is said, is no
// failure that waits for somebody, and what was decided there stands at the flag
// beside what one of ours decided.
func TestThePlatformDecidedAHeldMessage(t *testing.T) {
	s := held(t, text.ZH, moderation.EffectAllow, moderation.EffectDeny)
	s.press("enter", "y")
	s.has("撤销时限过后请平台拦下")
	e := s.m.here().effects[90]
	e.Status, e.Result = moderation.EffectSettled, "mod_mei: approved on the platform, shown"
	f := s.desk.flags[90]
	f.Settled, f.SettledBy, f.Version = feed.HeldApproved, "mod_mei", f.Version+1
	s.update(moderation.Update{Effects: []moderation.Effect{e}, Flags: []moderation.Flag{f}})
	s.has("不用再办：拦下", "拦下 · 那边已有定论", "平台已放行（mod_mei）", "✓属实·你 · 平台已放行")
	s.hasNot("没办成")
}

// TestAHeldMessageThatOnlyReads: it is said before and after that the decision is only
// recorded.
func TestAHeldMessageThatOnlyReads(t *testing.T) {
	s := held(t, text.EN)
	s.press("enter")
	s.has("can be     reads only: a decision is only recorded")
	s.press("y")
	s.has("only recorded: nobody there can be asked", "upheld·you")
	s.hasNot("↺deny")
}
