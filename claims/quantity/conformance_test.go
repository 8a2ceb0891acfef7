package quantity_test

import (
	"bytes"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"liveroom/claims/fold"
	"liveroom/claims/quantity"
)

// A suiteCase is one case of the recognisers' conformance suite.
type suiteCase struct {
	Input   string
	Results []struct {
		Text       string
		Resolution struct {
			Value string `json:"value"`
		}
	}
}

func suite(t *testing.T, name string) []suiteCase {
	t.Helper()
	data, err := os.ReadFile("../../../shared/data/recognizers-text/" + name + ".json")
	if err != nil {
		t.Skipf("LOUD: the recognisers' suite is not here, nothing was compared: %v", err)
	}
	var cases []suiteCase
	if err := json.Unmarshal(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")), &cases); err != nil {
		t.Fatal(err)
	}
	return cases
}

// spoken is text without the spaces that part the characters of one number.
func spoken(s string) []rune {
	var x fold.Text
	x.Fold(s)
	out := x.R[:0]
	for i, r := range x.R {
		if r == ' ' && i > 0 && i+1 < len(x.R) && (x.R[i-1] > 0x7f || x.R[i+1] > 0x7f || x.R[i+1] == ' ' || x.R[i-1] == ' ') {
			continue
		}
		out = append(out, r)
	}
	return out
}

func conformance(t *testing.T, name string, share float64, value func(quantity.Quantity) (float64, bool)) {
	t.Helper()
	right, cases := 0, suite(t, name)
	for _, c := range cases {
		var want, got []float64
		for _, r := range c.Results {
			if r.Resolution.Value == "" {
				continue
			}
			v, err := strconv.ParseFloat(strings.TrimSuffix(r.Resolution.Value, "%"), 64)
			if err != nil {
				t.Fatal(err)
			}
			want = append(want, v)
		}
		for _, q := range quantity.Scan(nil, spoken(c.Input), nil) {
			if v, ok := value(q); ok {
				got = append(got, v)
			}
		}
		if sameValues(want, got) {
			right++
		} else if testing.Verbose() {
			t.Logf("%s: got %v, want %v", c.Input, got, want)
		}
	}
	t.Logf("%s: %d of %d", name, right, len(cases))
	if float64(right) < share*float64(len(cases)) {
		t.Errorf("%s: %d of %d right, at least %.0f %% must be", name, right, len(cases), share*100)
	}
}

func sameValues(want, got []float64) bool {
	if len(want) != len(got) {
		return false
	}
	for i := range want {
		if math.Abs(want[i]-got[i]) > 1e-6*math.Max(1, math.Abs(want[i])) {
			return false
		}
	}
	return true
}

func TestPercentConformance(t *testing.T) {
	conformance(t, "PercentModel", 0.9, func(q quantity.Quantity) (float64, bool) {
		return float64(q.Value) / 10_000, q.Dim == quantity.Ratio || q.Dim == quantity.Discount
	})
}

func TestNumberConformance(t *testing.T) {
	conformance(t, "NumberModel", 0.89, func(q quantity.Quantity) (float64, bool) {
		v := float64(q.Number.Num) / float64(max(q.Number.Den, 1))
		if q.Unit == "打" {
			v *= 12
		}
		return v, q.Number.Valid() && q.Dim != quantity.Discount && (q.Dim != quantity.Money || q.Unit == "yuan" || q.Unit == "jiao")
	})
}

func TestCurrencyConformance(t *testing.T) {
	conformance(t, "CurrencyModel", 0.74, func(q quantity.Quantity) (float64, bool) {
		return float64(q.Value) / 100, q.Dim == quantity.Money
	})
}
