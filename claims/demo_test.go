package claims_test

import (
	"bufio"
	"io"
	"testing"

	"github.com/go-json-experiment/json"

	"liveroom/claims"
	"liveroom/claims/sheet"
)

// demoTruth is what the demonstration broadcast's makers say is in it.
type demoTruth struct {
	FalseClaims []struct {
		Event     string  `json:"event"`
		Category  string  `json:"category"`
		Verdict   string  `json:"verdict"`
		AnyOfAlso []label `json:"any_of_also"`
	} `json:"false_claims"`
}

type demoEvent struct {
	ID      string  `json:"id"`
	Kind    string  `json:"kind"`
	Product string  `json:"product"`
	Text    string  `json:"text"`
	Final   bool    `json:"final"`
	Conf    float64 `json:"conf"`
	User    struct {
		Role string `json:"role"`
	} `json:"user"`
}

func demoUtterances(t testing.TB) []claims.Utterance {
	t.Helper()
	var us []claims.Utterance
	onAir := ""
	sc := bufio.NewScanner(openShared(t, "demo/broadcast.jsonl"))
	sc.Buffer(nil, 1<<20)
	for sc.Scan() {
		var e demoEvent
		if json.Unmarshal(sc.Bytes(), &e) != nil {
			continue // another kind of event, of another shape
		}
		switch {
		case e.Kind == "product_on_air":
			onAir = e.Product
		case e.Kind == "transcript" && e.Final:
			us = append(us, claims.Utterance{ID: e.ID, SKU: onAir, Speaker: claims.Speaker(e.User.Role), Text: e.Text, Confidence: int(e.Conf * 1000)})
		}
	}
	return us
}

func TestTheDemonstrationBroadcast(t *testing.T) {
	var truth demoTruth
	data, err := io.ReadAll(openShared(t, "demo/expected.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &truth); err != nil {
		t.Fatal(err)
	}
	s, err := sheet.Load("facts.csv", openShared(t, "demo/facts.csv"))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string][]label{}
	for _, f := range truth.FalseClaims {
		want[f.Event] = append(f.AnyOfAlso, label{f.Category, f.Verdict})
	}
	checker := claims.New(s)
	us := demoUtterances(t)
	if len(us) < 150 || len(want) != 18 {
		t.Fatalf("%d utterances, %d false claims", len(us), len(want))
	}
	for i, u := range us {
		found := checker.Check(u, us[max(i-3, 0):i])
		for _, f := range found {
			if !oneOf(want[u.ID], f) {
				t.Errorf("%s %q: raised %s/%s over %q (%s)", u.ID, u.Text, f.Category, f.Verdict, f.Said, f.Rule)
			}
		}
		if len(want[u.ID]) > 0 && len(found) == 0 {
			t.Errorf("%s %q: missed %v", u.ID, u.Text, want[u.ID])
		}
	}
}

func oneOf(labels []label, f claims.Finding) bool {
	for _, l := range labels {
		if l.Category == string(f.Category) && l.Verdict == string(f.Verdict) {
			return true
		}
	}
	return false
}
