package claims

import (
	"liveroom/claims/lexicon"
	"liveroom/claims/quantity"
)

// Shares and what they are of stand in runs: 羊毛七成羊绒一成锦纶两成, 六十棉四十聚酯.
// Whether shares lead or follow in a run is told by what it begins and ends
// with.

// A member is a share or what one is of.
type member struct {
	span
	share, ratio bool
}

// members are the shares of the line, and the terms of a class, in the order of
// the text.
func (l *line) members(class lexicon.Class, out []member) []member {
	i := 0
	shares := func(before int) {
		for ; i < len(l.q) && l.q[i].Start < before; i++ {
			q := l.q[i]
			if q.Dim == quantity.Ratio || q.Dim == quantity.Bare && q.Value >= 1000 && q.Value <= 100_000 {
				out = append(out, member{span{q.Start, q.End}, true, q.Dim == quantity.Ratio})
			}
		}
	}
	for _, m := range l.m {
		if m.Term.Class == class {
			shares(m.Start)
			out = append(out, member{span: span{m.Start, m.End}})
		}
	}
	shares(len(l.t.R))
	return out
}

// shareRun reports, for a material or an ingredient in a run, whether the shares
// lead, and whether the share before it belongs to the one before that.
func (l *line) shareRun(m lexicon.Match) (leads, owned bool) {
	var few [12]member
	all := l.members(m.Term.Class, few[:0])
	at := -1
	for k := range all {
		if !all[k].share && all[k].from == m.Start {
			at = k
		}
	}
	if at < 0 {
		return false, false
	}
	first, last := at, at
	for first > 0 && l.bond(all[first-1], all[first]) {
		first--
	}
	for last+1 < len(all) && l.bond(all[last], all[last+1]) {
		last++
	}
	if first == last {
		return false, false
	}
	a, z := all[first], all[last]
	switch {
	case a.share && !z.share:
		leads = last-first > 1 || a.ratio || l.ahead(a.to, "的")
	case a.share:
		leads = all[first+1].from-a.to <= 1 && (a.from == l.clauseAt(a.from).from || in(l.t.R[a.from-1], "是有含了用的 "))
	case !z.share && last-first == 2:
		leads = all[first+1].from > a.to && z.from == all[first+1].to
	}
	return leads, !leads && at > first
}

// bond reports whether a share and what it is of stand beside each other with
// nothing but little words between.
func (l *line) bond(a, b member) bool {
	if a.share == b.share || b.from-a.to > 6 || b.from < a.to || a.share && b.from-a.to > 2 {
		return false
	}
	for i := a.to; i < b.from; i++ {
		if !in(l.t.R[i], "是有到达高了的大为:约就也才足都占含量将近比例 ") {
			return false
		}
	}
	return true
}
