package record

import (
	"sort"
	"time"
)

// A story tells what time it is in the recording's world: even between two
// messages, however far apart these are in the one world and the other.
type story struct {
	points []point
}

type point struct {
	t  time.Duration
	at time.Time
}

func newStory(rec *Recording) story {
	s := story{points: []point{{0, rec.Start}}}
	for _, f := range rec.Frames {
		last := &s.points[len(s.points)-1]
		at := f.At
		if at.Before(last.at) { // a late message does not turn the clock back
			at = last.at
		}
		if f.T == last.t {
			last.at = at
			continue
		}
		s.points = append(s.points, point{f.T, at})
	}
	return s
}

func (s story) length() time.Duration { return s.points[len(s.points)-1].t }

func (s story) end() time.Time { return s.points[len(s.points)-1].at }

// at is the time in the story when the playback clock shows t.
func (s story) at(t time.Duration) time.Time {
	i := sort.Search(len(s.points), func(i int) bool { return s.points[i].t > t })
	if i == len(s.points) {
		return s.end()
	}
	if i == 0 {
		return s.points[0].at
	}
	a, b := s.points[i-1], s.points[i]
	share := float64(t-a.t) / float64(b.t-a.t)
	return a.at.Add(time.Duration(share * float64(b.at.Sub(a.at))))
}
