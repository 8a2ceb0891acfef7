package tui

import (
	"slices"
	"time"
)

// The rules of the pulse. How much was said and bought is counted in buckets over
// the whole broadcast, so that a surge of an hour ago can be seen long after its
// lines fell off the screen. There are never more buckets than a terminal has
// cells for several times over: when they run out, two become one.

const (
	pulseStep = 2 * time.Second
	pulseCap  = 2048
)

// pulse counts events over time.
type pulse struct {
	step   int64 // nanoseconds a bucket covers
	from   int64 // when the first begins, in steps since 1970
	counts []int32
}

// add counts n events at a moment.
func (p *pulse) add(at time.Time, n int32) {
	if p.step == 0 {
		p.step = int64(pulseStep)
	}
	i := at.UnixNano() / p.step
	if len(p.counts) == 0 {
		p.from = i
	}
	for max(p.from+int64(len(p.counts)), i+1)-min(p.from, i) > pulseCap {
		p.coarsen()
		i = at.UnixNano() / p.step
	}
	if i < p.from {
		p.counts = slices.Insert(p.counts, 0, make([]int32, p.from-i)...)
		p.from = i
	}
	for int64(len(p.counts)) <= i-p.from {
		p.counts = append(p.counts, 0)
	}
	p.counts[i-p.from] += n
}

// coarsen makes one bucket of two.
func (p *pulse) coarsen() {
	p.step *= 2
	from := p.from / 2
	out := make([]int32, 0, len(p.counts)/2+1)
	for k, n := range p.counts {
		i := int((p.from+int64(k))/2 - from)
		for len(out) <= i {
			out = append(out, 0)
		}
		out[i] += n
	}
	p.from, p.counts = from, out
}

// begins is when the first bucket begins; zero: nothing was counted.
func (p *pulse) begins() time.Time {
	if len(p.counts) == 0 {
		return time.Time{}
	}
	return time.Unix(0, p.from*p.step)
}

// cells shares the counts out among n cells from one moment to another, each
// bucket going to the cell that it begins in.
func (p *pulse) cells(n int, cell func(time.Time) int) []int64 {
	out := make([]int64, n)
	for k, count := range p.counts {
		if count > 0 {
			out[cell(time.Unix(0, (p.from+int64(k))*p.step))] += int64(count)
		}
	}
	return out
}

// When a stretch counts as a surge: so many times what is usual in this
// broadcast, and so many events that chance does not make them.
const (
	surgeTimes = 3
	surgeLeast = 20
)

// surges are the cells in which far more came than usual. The usual is the median
// of the cells in which anything came.
func surges(cells []int64) []bool {
	out := make([]bool, len(cells))
	some := slices.DeleteFunc(slices.Clone(cells), func(n int64) bool { return n == 0 })
	if len(some) < 8 {
		return out
	}
	slices.Sort(some)
	usual := some[len(some)/2]
	for i, n := range cells {
		out[i] = n >= surgeTimes*usual && n >= surgeLeast
	}
	return out
}
