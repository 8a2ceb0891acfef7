//go:build !unix

package pace

import "time"

var began = time.Now()

// used is the time that has passed: the system's count of a process's own is not
// read here.
func used() time.Duration { return time.Since(began) }
