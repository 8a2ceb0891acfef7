package main

import (
	"strings"
	"testing"
	"time"

	"liveroom/feed"
)

// TestARecordThatDoesNotFitIsSeen: whoever holds records against what was said must
// see each way in which one can be wrong.
func TestARecordThatDoesNotFitIsSeen(t *testing.T) {
	start := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	at := func(s int) time.Time { return start.Add(time.Duration(s) * 10 * time.Second) }
	chat := func(n int64) recordedRow { return recordedRow{Kind: feed.KindChat, Text: line(n)} }
	gap := func(from, to int, lost int64) recordedRow {
		r := recordedRow{Kind: feed.KindGap}
		r.Gap = &recordedGap{From: at(from), To: at(to), Lost: lost}
		return r
	}
	partial := recordedRow{Kind: feed.KindTranscript, Text: "第", Partial: true}
	said := []time.Time{at(1), at(2), at(3), at(4)}
	live := account{said: said, harmed: []span{{at(1), at(2)}}, back: redialled}
	counted, keeps, unharmed, opened, later, twice := live, live, live, live, live, live
	counted.counted, keeps.keeps, unharmed.harmed, opened.opened = true, true, nil, 2
	later.harmed, twice.harmed = []span{{at(3), at(3)}}, []span{{at(1), at(1)}, {at(9), at(9)}}
	for name, c := range map[string]struct {
		account
		rows []recordedRow
		want string // "": it fits
	}{
		"whole":                         {live, []recordedRow{chat(1), partial, chat(2), {Kind: feed.KindSystem}, chat(3), chat(4)}, ""},
		"a hole":                        {live, []recordedRow{chat(1), chat(2), chat(4)}, "event 3 is missing and there is no gap at its place"},
		"a hole in a gap":               {live, []recordedRow{chat(1), gap(1, 3, -1), chat(3), chat(4)}, ""},
		"a gap at another time":         {live, []recordedRow{chat(1), chat(2), gap(1, 2, -1), chat(4)}, "event 3, said"},
		"a gap at another place":        {live, []recordedRow{chat(1), chat(3), gap(1, 3, -1), chat(4)}, "event 2 is missing and there is no gap"},
		"a gap for nothing":             {unharmed, []recordedRow{chat(1), gap(1, 2, -1), chat(2), chat(3), chat(4)}, "where nothing was done"},
		"a gap that is too long":        {live, []recordedRow{chat(1), gap(1, 6, -1), chat(3), chat(4)}, "explains what is after Nov 22 12:00:54.000"},
		"a gap that begins long before": {later, []recordedRow{chat(1), gap(1, 3, -1), chat(3), chat(4)}, "explains what is after Nov 22 12:00:10.000"},
		"a gap from harm to harm":       {twice, []recordedRow{chat(1), gap(1, 9, -1), chat(3), chat(4)}, "explains what is after Nov 22 12:00:44.000"},
		"twice":                         {live, []recordedRow{chat(1), chat(2), chat(2), chat(3), chat(4)}, "event 2 stands twice"},
		"out of order":                  {live, []recordedRow{chat(1), chat(3), chat(2), chat(4)}, "event 2 stands after 3"},
		"other words":                   {live, []recordedRow{chat(1), chat(2), {Kind: feed.KindChat, Text: line(3) + "x"}, chat(4)}, "nobody said chat"},
		"what nobody said":              {live, []recordedRow{chat(1), chat(2), chat(3), chat(4), chat(5)}, "nobody said chat"},
		"the last":                      {live, []recordedRow{chat(1), chat(2), chat(3)}, "the last event is 3, 4 were said"},
		"before anybody listened":       {opened, []recordedRow{chat(3), chat(4)}, ""},
		"more than that":                {opened, []recordedRow{chat(4)}, "event 3 is missing"},
		"counted wrongly":               {counted, []recordedRow{chat(1), gap(1, 3, 2), chat(3), chat(4)}, "the gaps tell of 2 missing events, and 1 are"},
		"counted":                       {counted, []recordedRow{chat(1), gap(1, 3, 1), chat(3), chat(4)}, ""},
		"kept, in another order":        {keeps, []recordedRow{chat(2), chat(1), chat(4), chat(3)}, ""},
		"kept, and one is missing":      {keeps, []recordedRow{chat(1), chat(2), chat(4)}, "1 events are missing"},
		"kept, and there is a gap":      {keeps, []recordedRow{chat(1), gap(1, 3, -1), chat(2), chat(3), chat(4)}, "there are 1 gaps"},
		"kept, and one stands twice":    {keeps, []recordedRow{chat(1), chat(2), chat(1), chat(3), chat(4)}, "event 1 stands twice"},
	} {
		faults := strings.Join(c.judge(c.rows).faults, "; ")
		if (faults == "") != (c.want == "") || !strings.Contains(faults, c.want) {
			t.Errorf("%s: faults %q, want %q", name, faults, c.want)
		}
	}
}
