package report

import (
	"time"

	"liveroom/moderation"
	"liveroom/moderation/policy"
)

// A flagCard is a flag as the page shows it.
type flagCard struct {
	ID                                          int64
	At, Product, SKU                            string
	Category, Verdict, Severity, Status, Tone   string
	Before, Said, After, Hidden                 string
	Fact, FactID, Arithmetic                    string
	Why, Rule, Law                              string
	Decision, Reason, Case, Told, Exposed, Note string
}

func (f *Flag) card(s speaker, grace time.Duration) flagCard {
	p := &f.Finding
	c := flagCard{
		ID: f.ID, At: s.at(f.At, layoutClock), Product: show(f.Product), SKU: show(f.SKU),
		Category: s.T("category." + string(p.Category)), Verdict: s.T("verdict." + string(p.Verdict)), Severity: s.T("severity." + string(p.Severity)),
		Status: s.T("status." + string(f.Status)), Tone: string(f.Status),
		Before: show(f.Before), Said: show(f.Said), After: show(f.After),
		Fact: show(p.Fact), FactID: show(p.FactID), Arithmetic: show(s.either(p.Arithmetic, p.ArithmeticEN)),
		Why: show(s.either(p.Why, p.WhyEN)), Rule: show(p.Rule), Law: show(p.Law),
	}
	if c.SKU == c.Product {
		c.SKU = "" // nobody told what it is called
	}
	if f.Said == "" {
		c.Hidden = s.T("flag.hidden")
	}
	if c.Fact == "" {
		c.Fact = s.T("flag.no_fact")
	}
	if p.ListenFirst {
		c.Note = s.T("flag.listen")
	}
	c.Decision, c.Reason = f.decision(s)
	if !f.Withdrawn.IsZero() {
		c.Decision += " · " + s.T("flag.withdrawn", s.at(f.Withdrawn, layoutClock))
	}
	if f.Case != 0 {
		c.Case = s.T("flag.case", f.Case)
		if f.Outcome != "" {
			c.Case += ", " + s.T("flag.outcome", s.T("outcome."+string(f.Outcome)))
		}
	}
	c.Exposed = f.exposed(s, grace)
	c.Told = f.told(s)
	return c
}

// exposed says how many bought under a confirmed claim, and until when.
func (f *Flag) exposed(s speaker, grace time.Duration) string {
	end := s.T(string(ending(f.Reach.End)))
	switch f.Reach.End {
	case moderation.ReachOffAir, moderation.ReachEnded:
		end = s.T("ending.later", end, s.step(grace))
	}
	switch {
	case f.Reach.Flag == 0:
		return ""
	case f.Reach.Until.IsZero():
		return s.T("flag.exposed_open", f.Exposed, policy.Money(f.ExposedFen), end)
	}
	return s.T("flag.exposed", f.Exposed, policy.Money(f.ExposedFen), s.at(f.Reach.Until, layoutClock), end)
}

// decision says who decided what and why, or that nobody did.
func (f *Flag) decision(s speaker) (what, reason string) {
	by := show(firstOf(f.DecidedBy, s.T("word.nobody")))
	switch f.Status {
	case moderation.FlagOpen:
		return s.T("flag.open"), ""
	case moderation.FlagSnoozed:
		return s.T("flag.snoozed", by, s.at(f.DecidedAt, layoutShort)), ""
	}
	if reason = show(f.Reason); reason == "" && f.Status == moderation.FlagDismissed {
		reason = s.T("flag.no_reason")
	}
	status, at := s.T("status."+string(f.Status)), s.at(f.DecidedAt, layoutShort)
	if wait := f.DecidedAt.Sub(f.At); wait >= 0 {
		return s.T("flag.decided", status, by, at, s.span(wait)), reason
	}
	return s.T("flag.decided_late", status, by, at), reason
}

// told says whether the host was told to correct it.
func (f *Flag) told(s speaker) string {
	switch {
	case !f.Corrected.IsZero():
		return s.T("flag.told", s.at(f.Corrected, layoutClock))
	case f.Asked == moderation.EffectPending, f.Asked == moderation.EffectBegun:
		return s.T("flag.asked_pending")
	case f.Asked == moderation.EffectFailed, f.Asked == moderation.EffectGivenUp:
		return s.T("flag.asked_failed")
	case f.Asked == moderation.EffectPerhaps:
		return s.T("flag.asked_perhaps")
	case f.Asked == moderation.EffectCancelled:
		return s.T("flag.asked_cancelled")
	case f.Status == moderation.FlagConfirmed:
		return s.T("flag.not_told")
	}
	return ""
}
