package backtest

import (
	"slices"

	"liveroom/claims"
	"liveroom/moderation"
)

// judge is what somebody made of a finding.
func (u *Utterance) judge(f claims.Finding) Judgement {
	if u.Labels != nil {
		return u.Labels.judge(Label{f.Category, f.Verdict})
	}
	for _, flag := range u.Flags {
		if flag.Finding.Category != f.Category || !alike(flag.Finding, f) {
			continue
		}
		switch flag.Status {
		case moderation.FlagConfirmed:
			return Right
		case moderation.FlagDismissed:
			return Wrong
		}
	}
	return Unknown
}

// alike reports whether two findings of one category in an utterance are the
// same matter: words in common, or the same rule.
func alike(a, b claims.Finding) bool {
	return a.Rule == b.Rule || a.Start < b.End && b.Start < a.End
}

func (l *Labels) judge(found Label) Judgement {
	for _, e := range l.Expect {
		if slices.Contains(e, found) {
			return Right
		}
	}
	if slices.Contains(l.AlsoOK, found) {
		return Unknown
	}
	return Wrong
}

// sum adds an utterance's findings to the score.
func (s *Score) sum(u *Utterance, found []claims.Finding) {
	if u.Labels != nil {
		s.sumLabels(u.Labels, found)
		return
	}
	s.sumFlags(u, found)
}

// sumFlags counts one finding of a category, as the desk raises one flag of it.
func (s *Score) sumFlags(u *Utterance, found []claims.Finding) {
	judged := map[claims.Category]Judgement{}
	for _, f := range found {
		j := u.judge(f)
		if before, ok := judged[f.Category]; !ok || before == Unknown || j == Right {
			judged[f.Category] = j
		}
	}
	for _, j := range judged {
		s.add(j)
	}
	for _, flag := range u.Flags {
		if flag.Status == moderation.FlagConfirmed && judged[flag.Finding.Category] != Right {
			s.Missed++
		}
	}
}

// sumLabels meets every expectation with one label at most, and counts a label
// once.
func (s *Score) sumLabels(l *Labels, found []claims.Finding) {
	left := map[Label]bool{}
	for _, f := range found {
		left[Label{f.Category, f.Verdict}] = true
	}
	used := map[Label]bool{}
	for _, e := range l.Expect {
		i := slices.IndexFunc(e, func(x Label) bool { return left[x] && !used[x] })
		if i < 0 {
			s.Missed++
			continue
		}
		used[e[i]] = true
	}
	for x := range left {
		switch {
		case used[x]:
			s.add(Right)
		case l.judge(x) == Wrong:
			s.add(Wrong)
		default:
			s.add(Unknown) // one that may be found, or the second of an any_of
		}
	}
}
