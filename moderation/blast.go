package moderation

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"liveroom/claims"
	"liveroom/claims/sheet"
	"liveroom/feed"
	"liveroom/moderation/policy"
)

// BlastRadius is which orders a confirmed finding reached, and what they come to
// under each policy of the desk.
//
// An order is exposed that was paid (or made, while it is not paid) from when
// the claim was said until it was put right or the goods or the broadcast were
// gone; what was said sells on for as long as a speech window after that. The
// same claim said again (the room, the product and the category decide) is one
// with it once a person has confirmed it.
func (d *Desk) BlastRadius(ctx context.Context, flag int64) (Exposure, error) {
	return d.inquiry(d.store).BlastRadius(ctx, flag, d.listening(), d.now())
}

// BlastRadius is the desk's, for a record that is only read.
func (q Inquiry) BlastRadius(ctx context.Context, flag int64, l Listening, asOf time.Time) (Exposure, error) {
	x, err := exposure(ctx, q.Record, flag, l)
	if err == nil {
		x.Stakes, err = q.stakes(ctx, &x, asOf)
	}
	if err != nil {
		return Exposure{}, fmt.Errorf("blast radius of %s: %w", flagName(flag), err)
	}
	return x, nil
}

// exposure reads which orders a flag's claim reached.
func exposure(ctx context.Context, r Reader, id int64, l Listening) (Exposure, error) {
	f, err := r.Flag(ctx, id)
	if err != nil {
		return Exposure{}, found(flagName(id), err)
	}
	switch {
	case f.Status != FlagConfirmed:
		return Exposure{}, refuse(CodeUnconfirmed, "row", flagName(id))
	case f.Finding.SKU == "":
		return Exposure{}, refuse(CodeNoProduct, "row", flagName(id))
	}
	same, err := r.FlagsAbout(ctx, f.Room, f.Finding.SKU, f.Finding.Category)
	if err != nil {
		return Exposure{}, err
	}
	slices.SortFunc(same, func(a, b Flag) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) })
	e, err := readEndings(ctx, r, same, l)
	if err != nil {
		return Exposure{}, err
	}
	x := Exposure{Flag: f}
	var undecided []Reach
	for _, s := range same {
		switch s.Status {
		case FlagConfirmed:
			x.Reaches = append(x.Reaches, e.reach(s))
		case FlagOpen, FlagSnoozed:
			x.Undecided = append(x.Undecided, s.ID)
			undecided = append(undecided, e.reach(s))
		case FlagDismissed:
		}
	}
	from, to := span(slices.Concat(x.Reaches, undecided))
	orders, err := r.Bought(ctx, f.Room, f.Finding.SKU, from, to)
	if err != nil {
		return Exposure{}, err
	}
	x.expose(orders, undecided)
	return x, nil
}

// readEndings reads what could end the reach of flags, which are of one claim
// and in the order in which they were said.
func readEndings(ctx context.Context, r Reader, same []Flag, l Listening) (endings, error) {
	e := endings{grace: cmp.Or(l.Window, DefaultSpeechWindow)}
	room, first, last := same[0].Room, same[0].At, same[len(same)-1]
	for _, f := range same {
		if !f.Corrected.IsZero() {
			e.told = append(e.told, f.Corrected)
		}
	}
	var err error
	if e.shown, err = r.EventsOf(ctx, room, []feed.Kind{feed.KindProduct, feed.KindSystem}, first, Unstamp(1<<63-1), 0); err != nil {
		return e, err
	}
	if l.Claimer == nil || last.Finding.FactID == "" {
		return e, nil
	}
	// What ends the last saying by itself ends the looking for words.
	until := e.reach(last).Until
	if until.IsZero() {
		until = Unstamp(1<<63 - 1)
	}
	said, err := r.Utterances(ctx, room, first, until)
	if err != nil {
		return e, err
	}
	e.corrections = l.corrections(last.Finding, said)
	return e, nil
}

// corrections are the sentences that put a claim right: they say the fact that it
// was held against as the sheet has it, and they or the sentence before have words
// of correction.
func (l Listening) corrections(f claims.Finding, said []Recorded) []Recorded {
	var out []Recorded
	var before claims.Utterance
	announced := false
	for _, s := range said {
		u := newHeard(s.Index, &s.Event, f.SKU).Utterance
		says := claims.SaysCorrection(u.Text)
		if says || announced {
			right := func(c claims.Claim) bool {
				return c.Verdict == claims.VerdictSupported && c.FactID == f.FactID && (c.Corrects || announced)
			}
			if slices.ContainsFunc(l.claims(u, []claims.Utterance{before}), right) {
				out = append(out, s)
			}
		}
		announced, before = says, u
	}
	return out
}

// stakes asks the policies what the exposed orders come to.
func (q Inquiry) stakes(ctx context.Context, x *Exposure, asOf time.Time) ([]Stake, error) {
	if q.Policies == nil {
		return nil, nil
	}
	room, zone, err := q.room(ctx, x.Flag.Room)
	if err != nil {
		return nil, err
	}
	var p *sheet.Product
	if q.Product != nil {
		p = q.Product(x.Flag.Finding.SKU)
	}
	host, err := hostOf(ctx, q.Record, x.Flag)
	if err != nil {
		return nil, err
	}
	w := weigher{set: q.Policies, asOf: asOf, zone: zone, facts: func(b *Bought) (policy.Facts, error) {
		m := matter{asOf: asOf, known: map[policy.Fact]KnownFact{}}
		o := b.order(x.Flag.Room, x.Flag.Finding.SKU)
		m.order(o, room, p)
		m.hosts(q.Hosts, room.ID, host)
		m.flag(x.Flag)
		var others []Case
		if b.Applied {
			if others, err = q.Record.CasesOf(ctx, Link{LinkOrder, b.ID}, lastPage, 0); err != nil {
				return nil, err
			}
		}
		m.earlier(o, others)
		return m.facts(), nil
	}}
	return w.weigh(x.Orders)
}
