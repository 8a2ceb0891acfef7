package moderation

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"liveroom/claims"
	"liveroom/feed"
)

// RuleHeld is the rule of a flag that a platform raised: it holds a message back until
// somebody decides. The flag names the platform's reason and not the message, which is
// its writer's and stands, sealed, in the event.
const RuleHeld = "platform.held"

// lookBack is how many of a room's newest system events are looked at for what became
// of a message before it was known to be held.
const lookBack = 200

// Held tells whether a platform raised the flag.
func (f *Flag) Held() bool { return f.Finding.Rule == RuleHeld }

// hold raises a flag for a message that the platform holds, and settles it by what
// becomes of that: the platform's own moderators may be quicker than ours.
func (in *intake) hold(index int64, e *feed.Event) error {
	message, settled := feed.Held(e)
	switch {
	case message == "":
		return nil
	case settled != "":
		return in.settle(e, message, settled)
	}
	why := cmp.Or(e.Channel, "?")
	flag := Flag{
		Room: e.Room, Event: index, EventID: e.ID, At: e.At, Text: why, Status: FlagOpen,
		Finding: claims.Finding{
			Utterance: e.ID, Category: claims.CategoryConduct, Verdict: claims.VerdictBanned, Severity: heldSeverity(e.Severity),
			Said: why, Rule: RuleHeld,
			Why:   "平台拦下了这条弹幕，等人决定：" + why + "。原话在它那一刻的弹幕里",
			WhyEN: "the platform holds this message until somebody decides: " + why + ". Its words stand in the chat of that moment",
		},
	}
	if err := in.flag(&flag); err != nil {
		return err
	}
	earlier, err := in.tx.Events(in.ctx, Page{Room: e.Room, Kinds: []feed.Kind{feed.KindSystem}, Before: lastPage, Limit: lookBack})
	if err != nil {
		return err
	}
	for i := range earlier {
		of := &earlier[i].Event
		if id, settled := feed.Held(of); id == message && settled != "" && of.Source == e.Source {
			return in.settle(of, message, settled)
		}
	}
	return nil
}

func heldSeverity(told string) claims.Severity {
	if s := claims.Severity(told); slices.Contains([]claims.Severity{claims.SeverityHigh, claims.SeverityMedium, claims.SeverityLow}, s) {
		return s
	}
	return claims.SeverityMedium
}

// settle notes at the message's flag what the platform decided. What one of ours
// decided stands.
func (in *intake) settle(e *feed.Event, message, settled string) error {
	flags, err := in.tx.Flags(in.ctx, Page{Room: e.Room, Before: lastPage, Open: true, Limit: repeatedFlags})
	if err != nil {
		return err
	}
	for _, f := range slices.Backward(flags) {
		if id, _ := feed.HeldID(f.EventID); !f.Held() || id != message {
			continue
		}
		f.Status = FlagDismissed
		if settled == feed.HeldDenied {
			f.Status = FlagConfirmed
		}
		platform, _, _ := strings.Cut(e.Source, ":")
		f.DecidedBy, f.DecidedAt, f.ChangedBy = platform, e.Recv, Program
		f.Reason = heldReasons[settled]
		if e.Channel != "" {
			f.Reason = fmt.Sprintf("%s: %s", e.Channel, f.Reason)
		}
		return in.flag(&f)
	}
	return nil
}

// heldReasons say what a platform's decision was.
var heldReasons = map[string]string{
	feed.HeldApproved: "approved on the platform, shown",
	feed.HeldDenied:   "denied on the platform, not shown",
	feed.HeldExpired:  "nobody decided in time, not shown",
}
