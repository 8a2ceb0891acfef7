//go:build unix

package feedtest

import (
	"syscall"
	"testing"
	"time"
)

// Computed is how long the program has computed: a machine that others use as well
// makes everything late, and nothing more work.
func Computed(t testing.TB) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
