package moderation_test

import (
	"slices"
	"strings"
	"testing"

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
	if err := d.verify().Err(); err != nil {
		t.Errorf("the ledger does not hold: %v", err)
	}
}
