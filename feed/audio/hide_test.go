package audio

import "testing"

func TestWhatACommandComplainsOfHidesItsSecrets(t *testing.T) {
	for said, want := range map[string]string{
		"https://pull.example/live.flv?sign=SECRET&t=1: 404":   "https://pull.example/live.flv?***: 404",
		"'rtmp://me:SECRET@host/live?k=SECRET' is not there":   "'rtmp://***@host/live?***' is not there",
		"what? nothing of this is an address, https://a.b/c":   "what? nothing of this is an address, https://a.b/c",
		"https://a/?a=SECRET https://b/x?b=SECRET is both, ok": "https://a/?*** https://b/x?*** is both, ok",
	} {
		if got := HideQueries(said); got != want {
			t.Errorf("%q became %q, want %q", said, got, want)
		}
	}
}
