package moderation

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"liveroom/claims"
)

// DefaultSpeechWindow is how long before the payment the host's words count as
// what the buyer heard, where nothing else is said.
const DefaultSpeechWindow = 10 * time.Minute

// Standing is how a sentence stands to the sheet.
type Standing string

// The standings, the gravest first: a sentence of several claims has that of
// its gravest. Where no sheet is at hand, a sentence that was not flagged has
// none, "".
const (
	StandingContradicted Standing = "contradicted"
	StandingNotOnSheet   Standing = "not_on_sheet" // it claims what the sheet does not hold, or what is forbidden whatever it holds
	StandingSupported    Standing = "supported"
	StandingUnknown      Standing = "unknown" // the checks hear nothing in it that they could hold against a sheet
)

// Spoken is one sentence of the broadcasters in an order's speech window.
type Spoken struct {
	Event    Recorded
	Flags    []Flag // what was raised on it, of other products too
	Standing Standing
	// Claims are what it claims of the order's product. What was raised stands
	// as it was found then, unless a person dismissed it; the rest as the sheet
	// has it now, whose version each names.
	Claims []claims.Claim
}

// A Claimer tells all that an utterance claims, what is right too. A Checker
// may be one.
type Claimer interface {
	Claims(u claims.Utterance, before []claims.Utterance) []claims.Claim
}

// A Listening is how an order's speech window is read.
type Listening struct {
	Window  time.Duration // 0: DefaultSpeechWindow
	Claimer Claimer       // nil: only what was flagged is known
}

// listening is how the desk reads speech.
func (d *Desk) listening() Listening {
	l := Listening{Window: d.speechWindow}
	if c := d.checker.Load(); c != nil {
		if claimer, ok := (*c).(Claimer); ok {
			l.Claimer = warning{d, claimer}
		}
	}
	return l
}

// A warning tells people of a sentence that nobody can weigh, as Desk.check does
// of one that nobody can check.
type warning struct {
	desk *Desk
	of   Claimer
}

func (w warning) Claims(u claims.Utterance, before []claims.Utterance) (all []claims.Claim) {
	defer func() {
		if p := recover(); p != nil {
			all = nil
			w.desk.Warn("checker", fmt.Sprintf("%s: %v", u.ID, p))
		}
	}()
	return w.of.Claims(u, before)
}

// SpeechWindow is what the broadcasters said about the order's product in the
// minutes before it was paid (or made, while it is not paid), in record order,
// each sentence with its flags and how it stands to the sheet. A sentence
// belongs to the product that was on air by the record's order, or that a flag
// of it names; where the source never told what is on air, to any. An order
// whose times nobody told has an empty window.
func (d *Desk) SpeechWindow(ctx context.Context, orderID string) ([]Spoken, error) {
	return SpeechWindow(ctx, d.store, orderID, d.listening())
}

// SpeechWindow is the desk's, for a record that is only read.
func SpeechWindow(ctx context.Context, store Record, orderID string, l Listening) ([]Spoken, error) {
	o, err := store.Order(ctx, orderID)
	if err != nil {
		return nil, fmt.Errorf("speech before the order: %w", found(orderName(orderID), err))
	}
	end := boughtAt(o.CreatedAt, o.PaidAt)
	if end.IsZero() {
		return nil, nil
	}
	s, err := readStretch(ctx, store, o.Room, end.Add(-cmp.Or(l.Window, DefaultSpeechWindow)), end)
	if err != nil {
		return nil, fmt.Errorf("speech before %s: %w", orderName(orderID), err)
	}
	return l.about(o.SKU, s.said, s.shown, s.flags), nil
}

// about keeps the sentences that are about the product, and weighs them.
func (l Listening) about(sku string, said, shown []Recorded, flags []Flag) []Spoken {
	byEvent := make(map[int64][]Flag)
	for _, f := range flags {
		byEvent[f.Event] = append(byEvent[f.Event], f)
	}
	var out []Spoken
	var before []claims.Utterance
	onAir, untold := "", len(shown) == 0
	for _, u := range said {
		for len(shown) > 0 && shown[0].Index < u.Index {
			if p := shown[0].Product; p != nil && p.ID != "" {
				onAir = p.ID
			}
			shown = shown[1:]
		}
		h := newHeard(u.Index, &u.Event, onAir)
		named := slices.ContainsFunc(byEvent[u.Index], func(f Flag) bool { return f.Finding.SKU == sku })
		if named || onAir == sku || untold {
			s := Spoken{Event: u, Flags: byEvent[u.Index]}
			if untold {
				h.SKU = sku
			}
			s.weigh(sku, l.claims(h.Utterance, before))
			if s.Standing == "" && l.Claimer != nil {
				s.Standing = StandingUnknown
			}
			out = append(out, s)
		}
		if before = append(before, h.Utterance); len(before) > heardUtterances {
			before = before[1:]
		}
	}
	return out
}

func (l Listening) claims(u claims.Utterance, before []claims.Utterance) []claims.Claim {
	if l.Claimer == nil {
		return nil
	}
	return l.Claimer.Claims(u, before)
}

// weigh gives the sentence its claims about the product, and its standing. What
// people have before them as a flag, or dismissed, is not found a second time.
func (s *Spoken) weigh(sku string, found []claims.Claim) {
	for _, f := range s.Flags {
		if f.Finding.SKU == sku && f.Status != FlagDismissed {
			s.Claims = append(s.Claims, claims.Claim{Finding: f.Finding})
		}
	}
	for _, c := range found {
		flagged := slices.ContainsFunc(s.Flags, func(f Flag) bool {
			return f.Finding.Category == c.Category && (c.Verdict != claims.VerdictSupported || f.Status != FlagDismissed)
		})
		if !flagged && c.Aside == "" && (c.SKU == sku || c.SKU == "") {
			s.Claims = append(s.Claims, c)
		}
	}
	slices.SortStableFunc(s.Claims, func(a, b claims.Claim) int { return a.Start - b.Start })
	s.Standing = standing(s.Claims)
}

// standing is how claims together stand to the sheet.
func standing(all []claims.Claim) Standing {
	worst := Standing("")
	for _, c := range all {
		switch {
		case c.Verdict == claims.VerdictContradicted:
			return StandingContradicted
		case c.Verdict != claims.VerdictSupported:
			worst = StandingNotOnSheet
		case worst == "":
			worst = StandingSupported
		}
	}
	return worst
}
