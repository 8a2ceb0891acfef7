package conformance

import (
	"flag"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	flag.Parse()
	// A scene waits for the network and hardly computes.
	if err := flag.Set("test.parallel", "32"); err != nil {
		panic(err)
	}
	goleak.VerifyTestMain(m)
}

func TestEverySource(t *testing.T) {
	t.Parallel()
	for _, s := range Subjects() {
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			Check(t, s, nil)
		})
	}
}

func TestEverySourceLeavesNothingBehind(t *testing.T) {
	for _, s := range Subjects() {
		t.Run(s.Name, func(t *testing.T) { Leave(t, s, nil) })
	}
}
