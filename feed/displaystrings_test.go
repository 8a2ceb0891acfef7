package feed_test

import (
	"fmt"
	"strings"
	"testing"

	"liveroom/feed"
	"liveroom/feed/feedtest"
)

// TestDisplayHostileStrings makes each hostile string fit as long as it comes: what a
// person must be able to read of it is there, and cutting it costs no more than its
// cells.
func TestDisplayHostileStrings(t *testing.T) {
	for i, h := range feedtest.HostileStrings(t, feedtest.Whole) {
		t.Run(fmt.Sprint(h.Class, i), func(t *testing.T) {
			d := feed.Sanitise(h.Text)
			feed.CheckDisplay(t, h.Text, d)
			for _, keep := range h.Keep {
				if !strings.Contains(d.String(), keep) {
					t.Errorf("%q is no longer visible in %.200q", keep, d)
				}
			}
			if got := d.Truncate(10); got.Width() > 10 || len(got.String()) > 11*feed.MaxClusterBytes {
				t.Errorf("cut to 10 cells: %d cells, %d bytes", got.Width(), len(got.String()))
			}
		})
	}
}
