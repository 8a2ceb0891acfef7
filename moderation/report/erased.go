package report

import "liveroom/moderation"

// Erased is how many of the broadcast's rows of a kind have lost their personal
// part, since a buyer was erased or it was older than it may be kept. What is left
// of them counts all the same: sums, times, types.
type Erased struct {
	Kind    string // of the leaf
	Rows, N int
}

// erasable are the kinds of row that are somebody's, in the order in which they
// are told.
var erasable = []string{moderation.LeafOrder, moderation.LeafComplaint, moderation.LeafQuestion}

// keep counts a row of the broadcast.
func (m *maker) keep(kind string, s moderation.Seal) {
	for i := range m.Erased {
		if e := &m.Erased[i]; e.Kind == kind {
			e.Rows++
			if s.Erased() {
				e.N++
			}
		}
	}
}

// erased is how many rows of the broadcast lost their personal part.
func (r *Report) erased() (n int) {
	for _, e := range r.Erased {
		n += e.N
	}
	return n
}

func (r *Report) erasedTable() *Table {
	t := &Table{Name: "erased", Columns: []Column{{"erasable", Words}, {"rows", Counts}, {"erased", Counts}}}
	if r.erased() == 0 {
		return t
	}
	for _, e := range r.Erased {
		t.add(word("erasable", e.Kind), Count(e.Rows), Count(e.N))
	}
	return t
}

// erasedLine says of how many people the whole record holds nothing any more, as
// far as its ledger was checked.
func (r *Report) erasedLine(s speaker) string {
	if r.Audit == nil {
		return s.T("page.erased_unchecked")
	}
	return s.T("page.erased_people", grouped(r.Audit.People), grouped(r.Audit.Erased))
}
