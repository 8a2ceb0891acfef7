package quantity_test

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"slices"
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
			Unit  string `json:"unit"`
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

// An interval is what a quantity or a case of the suite comes to. Whether an
// end belongs to it is not compared: the suite leaves the upper end of 20到30
// out, which no buyer would.
type interval struct{ lo, hi float64 }

func point(v float64) interval { return interval{v, v} }

func parseInterval(s string) (interval, error) {
	if !strings.ContainsAny(s, "[(") {
		v, err := strconv.ParseFloat(strings.TrimSuffix(s, "%"), 64)
		return point(v), err
	}
	ends := strings.Split(strings.Trim(s, "[]()"), ",")
	in := interval{math.Inf(-1), math.Inf(1)}
	for i, end := range ends {
		if end == "" {
			continue
		}
		v, err := strconv.ParseFloat(end, 64)
		if err != nil {
			return in, fmt.Errorf("parse %s: %w", s, err)
		}
		if i == 0 {
			in.lo = v
		} else {
			in.hi = v
		}
	}
	return in, nil
}

// near allows for rounding: a bound that leaves its number out stands one
// step beside it, a thousandth at most, and 230.3964 is held to three digits.
func near(a, b float64) bool {
	return a == b || math.Abs(a-b) <= math.Max(0.002, 1e-6*math.Abs(b))
}

// same compares what was read with what the suite states. Where the suite
// leaves the upper end open (五百多), any end above the lower one is right.
func same(want, got interval) bool {
	return near(got.lo, want.lo) && (near(got.hi, want.hi) || math.IsInf(want.hi, 1) && got.hi > want.lo && !math.IsInf(want.lo, -1))
}

// A kind is one file of the suite with how it is compared.
type kind struct {
	file  string
	least float64 // share that must be right
	value func(t []rune, q quantity.Quantity) (interval, bool)
	// why explains cases that are read another way on purpose: a word of the
	// case, and the reason
	why [][2]string
}

func ratio(r quantity.Rat) float64 { return float64(r.Num) / float64(max(r.Den, 1)) }

var kinds = []kind{
	{"NumberModel", 0.97, number, [][2]string{
		{"６/", "a number above a smaller one is a price a piece here: 16/5 is five for 16"},
		{"M", "m is the metre"},
		{"二％", "the suite leaves shares out of its numbers, here not in others"},
		{"九九", "a brand: names come from the fact sheet, not from the reader"},
	}},
	{"PercentModel", 0.97, percent, [][2]string{
		{"对折", "half price, also when 打 is left out"},
		{"對折", "half price, also when 打 is left out"},
		{"5-20%", "a range whose sign holds for both ends"},
		{"k", "a k that stands apart multiplies nothing"},
	}},
	{"NumberRangeModel", 0.97, numberRange, [][2]string{
		{"万次以上", "the suite states 20000 for 20万"},
	}},
	{"CurrencyModel", 0.94, money, [][2]string{
		{"$20，300", "a wide comma parts thousands too, as other cases of the suite want"},
		{"2021072", "more digits than an amount holds: none is read"},
	}},
	{"OrdinalModel", 1, ordinal, nil},
	{"DimensionModel", 0.9, measure, [][2]string{
		{"位是", "位 counts people, not bits"},
		{"2.4微克", "masses are counted in milligrams: micrograms are held in the number alone"},
	}},
}

func number(_ []rune, q quantity.Quantity) (interval, bool) {
	v := ratio(q.Number)
	if q.Unit == "打" {
		v *= 12
	}
	return point(v), q.Number.Valid() && q.Dim != quantity.Discount && (q.Dim != quantity.Money || q.Unit == "yuan" || q.Unit == "jiao")
}

// percent leaves fractions to the numbers and ranges to the ranges, as the
// suite does.
func percent(_ []rune, q quantity.Quantity) (interval, bool) {
	v := float64(q.Value) / 10_000
	if q.Unit == "ppm" {
		v = ratio(q.Number) * 100
	}
	return point(v), (q.Dim == quantity.Ratio && q.Unit != "fraction" || q.Dim == quantity.Discount) && q.Exact()
}

// money is exact below the fen where no smaller unit follows.
func money(_ []rune, q quantity.Quantity) (interval, bool) {
	v := float64(q.Value) / 100
	if n := ratio(q.Number); math.Abs(n-v) < 0.005 {
		v = n
	}
	return point(v), q.Dim == quantity.Money
}

func ordinal(_ []rune, q quantity.Quantity) (interval, bool) {
	return point(float64(q.Value)), q.Dim == quantity.Ordinal
}

// bases are the suite's units in the base of ours.
var bases = map[string]float64{
	"Kilogram": 1e6, "Gram": 1000, "Microgram": 0.001, "Ton": 1e9, "Jin": 5e5, "Liang": 5e4,
	"Centimeter": 100, "Meter": 1e4, "Kilometer": 1e7, "Mu": 666666667,
	"Bit": 1000, "Kilobit": 1e6, "Kilobyte": 1e6, "Megabyte": 1e9,
	"Hertz": 1000, "Megahertz": 1e9, "Kilowatt": 1e6, "Kilocalorie": 1000,
}

func measure(_ []rune, q quantity.Quantity) (interval, bool) {
	switch q.Dim {
	case quantity.Mass, quantity.Length, quantity.Area:
		return point(float64(q.Value)), true
	}
	return point(float64(q.Value)), slices.Contains([]string{"bit", "byte", "megabyte", "hz", "mhz", "kw", "kcal"}, q.Unit)
}

// numberRange takes what is no single number, and a number said to equal.
func numberRange(t []rune, q quantity.Quantity) (interval, bool) {
	equals := q.Start >= 2 && string(t[q.Start-2:q.Start]) == "等于"
	if q.Exact() && !equals || q.Approx {
		return interval{}, false
	}
	one := float64(1000)
	switch q.Dim {
	case quantity.Ordinal:
		one = 1
	case quantity.Money:
		one = 100
	case quantity.Ratio:
		one = 10_000
		if q.Unit == "fraction" {
			one = 1_000_000
		}
	case quantity.Area:
		one = 1_000_000
	}
	end := func(v int64) float64 {
		switch v {
		case quantity.NegInf:
			return math.Inf(-1)
		case quantity.PosInf:
			return math.Inf(1)
		}
		return float64(v) / one
	}
	return interval{end(q.Lo), end(q.Hi)}, true
}

func TestConformance(t *testing.T) {
	const least = 0.97 // of the numbers, shares, ranges and sums together
	right, all := 0, 0
	for _, k := range kinds {
		t.Run(k.file, func(t *testing.T) {
			r, n := k.run(t)
			if k.file != "OrdinalModel" && k.file != "DimensionModel" {
				right, all = right+r, all+n
			}
		})
	}
	t.Logf("numbers, shares, ranges and sums: %d of %d", right, all)
	if float64(right) < least*float64(all) {
		t.Errorf("%d of %d right, at least %.0f %% must be", right, all, least*100)
	}
}

func (k kind) run(t *testing.T) (right, cases int) {
	t.Helper()
	set := suite(t, k.file)
	for _, c := range set {
		want, got := k.compare(t, c)
		if slices.EqualFunc(want, got, same) {
			right++
			continue
		}
		why := "no reason is known: a fault of the reader"
		for _, w := range k.why {
			if strings.Contains(c.Input, w[0]) {
				why = w[1]
			}
		}
		t.Logf("%s: read %v, stated %v: %s", c.Input, got, want, why)
	}
	t.Logf("%s: %d of %d", k.file, right, len(set))
	if float64(right) < k.least*float64(len(set)) {
		t.Errorf("%s: %d of %d right, at least %.0f %% must be", k.file, right, len(set), k.least*100)
	}
	return right, len(set)
}

func (k kind) compare(t *testing.T, c suiteCase) (want, got []interval) {
	t.Helper()
	for _, r := range c.Results {
		if r.Resolution.Value == "" {
			continue
		}
		in, err := parseInterval(r.Resolution.Value)
		if err != nil {
			t.Fatal(err)
		}
		if base, ok := bases[r.Resolution.Unit]; ok {
			in = point(in.lo * base)
		}
		want = append(want, in)
	}
	text := spoken(c.Input)
	for _, q := range quantity.Scan(nil, text, nil) {
		if in, ok := k.value(text, q); ok {
			got = append(got, in)
		}
	}
	return want, got
}
