// Package pace tells tests how long code takes, and whether that grows with what
// it is given. Where the system counts a process's own time, that is what is
// measured, so that other work on the machine is not taken for the code's. A
// process that does several things at once measures them all: tests that use it
// are not parallel.
package pace

import "time"

// Least is the least time that small and large take in a few turns. It goes on
// for as long as large takes more than so many times small, up to most turns:
// what is measured is at least what the code takes, and a caught breath of the
// machine, or of the collector, is none of it.
func Least(small, large func(), times time.Duration) (s, l time.Duration) {
	const most = 12
	s, l = 1<<62, 1<<62
	for turn := 0; turn < most && (turn < 2 || l > times*s); turn++ {
		s, l = min(s, took(small)), min(l, took(large))
	}
	return s, l
}

func took(run func()) time.Duration {
	start := used()
	run()
	return used() - start
}
