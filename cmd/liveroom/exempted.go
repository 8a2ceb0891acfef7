package main

import (
	"cmp"
	"io"
	"slices"

	"liveroom/claims"
	"liveroom/claims/script"
	"liveroom/tui/text"
)

// A tally counts the alarms that each exemption spared.
type tally struct {
	spared map[string]int
	first  map[string]claims.Exemption
}

func newTally() *tally {
	return &tally{spared: map[string]int{}, first: map[string]claims.Exemption{}}
}

// with prints what an exemption spared beside what is raised, and counts it.
func (t *tally) with(print, raised printFinding) printFinding {
	return func(file string, l script.Line, f claims.Finding) error {
		if f.Aside != claims.AsideExempt {
			return raised(file, l, f)
		}
		for _, e := range f.Exempted {
			if e.Held {
				t.spared[e.ID]++
				t.first[e.ID] = e
				break // the first that held spared it
			}
		}
		return print(file, l, f)
	}
}

// print tells how many alarms each exemption spared, most first.
func (t *tally) print(w io.Writer, words *text.Catalogue) error {
	if len(t.spared) == 0 {
		return printf(w, "%s\n", words.T("check.none_spared"))
	}
	ids := make([]string, 0, len(t.spared))
	for id := range t.spared {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b string) int { return cmp.Or(t.spared[b]-t.spared[a], cmp.Compare(a, b)) })
	if err := printf(w, "%s\n", words.T("check.spared")); err != nil {
		return err
	}
	for _, id := range ids {
		if err := printf(w, "%6d  %s  %s\n", t.spared[id], id, titleIn(words.Lang, t.first[id])); err != nil {
			return err
		}
	}
	return nil
}

// titleIn names an exemption; one of the users' own has only its reason.
func titleIn(lang text.Lang, e claims.Exemption) string {
	if zh, en := e.Title(); zh != "" {
		return in(lang, zh, en)
	}
	return in(lang, e.Reason, e.ReasonEN)
}

// heldIn tells why an exemption held, and whether a person is to look.
func heldIn(words *text.Catalogue, e claims.Exemption) string {
	s := e.ID + "  " + in(words.Lang, e.Reason, e.ReasonEN)
	if e.Ask {
		s += words.T("check.ask")
	}
	return s
}

func in(lang text.Lang, zh, en string) string {
	if lang == text.ZH || en == "" {
		return zh
	}
	return en
}
