package moderation

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

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
// decided stands beside it.
func (in *intake) settle(e *feed.Event, message, settled string) error {
	f, err := in.flagOfHeld(e, message)
	if err != nil || f == nil || f.Settled == settled && f.SettledBy == e.Channel {
		return err
	}
	if f.Settled, f.SettledBy = settled, e.Channel; f.waits() {
		f.settle(e.Source, e.Recv)
		f.ChangedBy = Program
	}
	return in.flag(f)
}

// flagOfHeld finds the flag of a message that the platform holds; nil: there is none,
// or none of late. One that waits may be older than those that were decided.
func (in *intake) flagOfHeld(e *feed.Event, message string) (*Flag, error) {
	for _, open := range []bool{true, false} {
		flags, err := in.tx.Flags(in.ctx, Page{Room: e.Room, Before: lastPage, Open: open, Limit: repeatedFlags})
		if err != nil {
			return nil, err
		}
		for _, f := range slices.Backward(flags) {
			if id, _ := feed.HeldID(f.EventID); f.Held() && id == message {
				return &f, nil
			}
		}
	}
	return nil, nil
}

// waits tells whether nobody has decided the flag.
func (f *Flag) waits() bool { return f.Status == FlagOpen || f.Status == FlagSnoozed }

// settle decides a flag as the platform settled its message.
func (f *Flag) settle(source string, at time.Time) {
	f.Status = FlagDismissed
	if f.Settled == feed.HeldDenied {
		f.Status = FlagConfirmed
	}
	platform, _, _ := strings.Cut(source, ":")
	f.DecidedBy, f.DecidedAt, f.Reason = platform, at, f.settlement()
}

// settlement says what the platform decided, and who there.
func (f *Flag) settlement() string {
	if f.SettledBy == "" {
		return heldReasons[f.Settled]
	}
	return fmt.Sprintf("%s: %s", f.SettledBy, heldReasons[f.Settled])
}

// heldReasons say what a platform's decision was.
var heldReasons = map[string]string{
	feed.HeldApproved: "approved on the platform, shown",
	feed.HeldDenied:   "denied on the platform, not shown",
	feed.HeldExpired:  "nobody decided in time, not shown",
}
