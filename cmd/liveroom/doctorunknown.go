package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/moderation/sqlite"
)

const (
	// unknownPage is how many system events are read at a time.
	unknownPage = 2000
	// unknownNamed is how many kinds of one source are named.
	unknownNamed = 6
)

// A strange is one kind of message that no decoder knew.
type strange struct {
	source, name string
	n            int64
	last         time.Time
}

// unknown tells what the sources sent that no decoder here knows, as the record has
// counted it, whichever process did.
func (d *doctor) unknown(ctx context.Context) []doctorRow {
	db := d.config.beside(d.config.Record.File)
	store, err := sqlite.OpenReadOnly(ctx, db)
	if err != nil {
		return nil // said where the record was looked at, or there is none yet
	}
	defer func() { _ = store.Close() }()
	ctx, cancel := context.WithTimeout(ctx, d.opt.timeout)
	defer cancel()
	counted, since, err := unknownIn(ctx, store)
	const part = "unknown"
	var rows []doctorRow
	if ctx.Err() != nil && !since.IsZero() {
		rows = append(rows, row(part, levelNote, "", say("记录很大，只数了 %s 以来的", "the record is large: counted since %s only", since.Format(time.DateTime)), say("多给些时间：--timeout 60s", "give it more time: --timeout 60s")))
	} else if err != nil {
		return []doctorRow{row(part, levelProblem, "", quoted(err), told{})}
	}
	if len(counted) == 0 {
		return append(rows, fine(part, "", say("没有：来的都认得", "none: all that came is known")))
	}
	bySource := map[string][]strange{}
	var sources []string
	for _, s := range counted {
		if bySource[s.source] == nil {
			sources = append(sources, s.source)
		}
		bySource[s.source] = append(bySource[s.source], s)
	}
	slices.Sort(sources)
	for _, source := range sources {
		all := bySource[source]
		var names []string
		last := time.Time{}
		for i, s := range all {
			if i < unknownNamed {
				names = append(names, fmt.Sprintf("%s ×%d", s.name, s.n))
			}
			if s.last.After(last) {
				last = s.last
			}
		}
		list := strings.Join(names, ", ")
		why := say("%s（最近 %s）", "%s (last %s)", list, last.Format(time.DateTime))
		if more := len(all) - unknownNamed; more > 0 {
			why = say("%s，还有 %d 种（最近 %s）", "%s and %d kinds more (last %s)", list, more, last.Format(time.DateTime))
		}
		rows = append(rows, row(part, levelNote, source, why,
			say("平台改了叫法：更新 liveroom；还不行就用 liveroom record 录一段", "the platform calls things otherwise: update liveroom; if that does not help, keep some of it with liveroom record")))
	}
	return rows
}

// unknownIn sums what the record tells of what was not known, most of each source
// first, and since when it was counted when ctx ended before all was.
func unknownIn(ctx context.Context, r moderation.Reader) (out []strange, since time.Time, err error) {
	rooms, err := r.Rooms(ctx)
	if err != nil {
		return nil, since, err
	}
	sums := map[[2]string]*strange{}
	for _, room := range rooms {
		before := int64(1<<63 - 1)
		for {
			events, err := r.Events(ctx, moderation.Page{Room: room.ID, Kinds: []feed.Kind{feed.KindSystem}, Before: before, Limit: unknownPage})
			if err != nil {
				return strangest(sums), since, err
			}
			for i := range events {
				addStrange(sums, &events[i])
			}
			if len(events) < unknownPage {
				break
			}
			before, since = events[0].Index, events[0].Recv
		}
	}
	return strangest(sums), time.Time{}, nil
}

func addStrange(sums map[[2]string]*strange, e *moderation.Recorded) {
	if e.Code != feed.CodeUnknown {
		return
	}
	name, n := feed.UnknownOf(&e.Event)
	key := [2]string{e.Source, name}
	s := sums[key]
	if s == nil {
		s = &strange{source: e.Source, name: name}
		sums[key] = s
	}
	s.n += n
	if e.Recv.After(s.last) {
		s.last = e.Recv
	}
}

func strangest(sums map[[2]string]*strange) []strange {
	var out []strange
	for _, s := range sums {
		out = append(out, *s)
	}
	slices.SortFunc(out, func(a, b strange) int {
		if a.n != b.n {
			return int(min(max(b.n-a.n, -1), 1))
		}
		return strings.Compare(a.source+"\x00"+a.name, b.source+"\x00"+b.name)
	})
	return out
}
