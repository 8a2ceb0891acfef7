//go:build unix

package pace

import (
	"syscall"
	"time"
)

// used is the processor time of this process.
func used() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err) // it takes no other arguments and cannot fail
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
