package storetest

import (
	"testing"

	"github.com/anishathalye/porcupine"
)

// The model itself must tell a desk that gives one case to two people, and one
// that forgets what somebody wrote.
func TestTheModelKnowsABrokenDesk(t *testing.T) {
	op := func(id int, call, ret int64, s step, c came) porcupine.Operation {
		return porcupine.Operation{ClientId: id, Call: call, Return: ret, Input: s, Output: c}
	}
	for name, history := range map[string][]porcupine.Operation{
		"a double claim": {
			op(0, 1, 5, step{what: "take", who: 1, version: 1}, came{version: 2}),
			op(1, 2, 6, step{what: "take", who: 2, version: 1}, came{version: 2}),
		},
		"a lost update": {
			op(0, 1, 5, step{what: "note", who: 1, version: 1}, came{version: 2}),
			op(1, 2, 6, step{what: "note", who: 2, version: 1}, came{version: 2}),
			op(0, 7, 8, step{what: "read", who: 1}, came{version: 2, notes: 1}),
		},
		"a stale read": {
			op(0, 1, 2, step{what: "note", who: 1, version: 1}, came{version: 2}),
			op(1, 3, 4, step{what: "read", who: 2}, came{version: 1}),
		},
		"a command that acts twice": {
			op(0, 1, 2, step{what: "note", who: 1, version: 1}, came{version: 2}),
			op(0, 3, 4, step{what: "read", who: 1}, came{version: 3, notes: 2}),
		},
	} {
		if porcupine.CheckOperations(claimsModel, history) {
			t.Errorf("%s passes", name)
		}
	}
}
