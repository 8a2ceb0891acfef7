package moderation

import (
	"fmt"
	"slices"
	"sync"
	"time"
)

// A store that answers, but slowly, holds everything up before anything fails:
// the feed lags and every decision waits. People are told since when.
const (
	// tardyFrom is the median of the last commits from which on the store counts
	// as slow: a person feels a fifth of a second. It counts again as quick below
	// half of that, so that it does not flicker.
	tardyFrom = 200 * time.Millisecond
	// tardyOf is how many commits that median is of: one checkpoint of the log
	// takes long on any disk.
	tardyOf = 7
)

// storePace tells a slow store from a single slow commit.
type storePace struct {
	mu   sync.Mutex
	last []time.Duration
	slow bool
}

// took takes in how long a commit took. changed tells that the store became slow,
// or quick again; median is of the last commits.
func (p *storePace) took(d time.Duration) (median time.Duration, slow, changed bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.last) == tardyOf {
		p.last = slices.Delete(p.last, 0, 1)
	}
	p.last = append(p.last, d)
	if len(p.last) < tardyOf {
		return 0, p.slow, false
	}
	median = slices.Sorted(slices.Values(p.last))[tardyOf/2]
	was := p.slow
	p.slow = median >= tardyFrom || was && median >= tardyFrom/2
	return median, p.slow, p.slow != was
}

// noteCommit warns when the store became slow, and takes that back.
func (d *Desk) noteCommit(took time.Duration) {
	median, slow, changed := d.storePace.took(took)
	switch {
	case changed && slow:
		d.Warn(TopicStore, fmt.Sprintf("%d ms", median.Milliseconds()))
	case changed:
		d.Warn(TopicStore, "")
	}
}
