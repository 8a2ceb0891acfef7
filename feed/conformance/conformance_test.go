package conformance

import (
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestEverySource(t *testing.T) {
	for _, s := range Subjects() {
		t.Run(s.Name, func(t *testing.T) { Check(t, s) })
	}
}
