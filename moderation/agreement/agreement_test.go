package agreement_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"liveroom/moderation/agreement"
)

// The tables and their figures, computed by hand from the definition; the first
// three are the ones textbooks print (0.40, 0.13, 0.26), the fourth is Fleiss's
// (0.68, standard error 0.088).
func TestKappa(t *testing.T) {
	for _, tt := range []struct {
		name         string
		table        agreement.Table
		share, kappa float64
		low, high    float64
	}{
		{"half by chance", agreement.Table{{20, 5}, {10, 15}}, 0.7, 0.4, 0.1511, 0.6489},
		{"alike margins", agreement.Table{{45, 15}, {25, 15}}, 0.6, 0.1304, -0.0629, 0.3238},
		{"same share, unlike margins", agreement.Table{{25, 35}, {5, 35}}, 0.6, 0.2593, 0.1080, 0.4105},
		{"three judgements", agreement.Table{{75, 1, 4}, {5, 4, 1}, {0, 0, 10}}, 0.89, 0.6765, 0.5046, 0.8484},
		{"no better than chance", agreement.Table{{5, 5}, {5, 5}}, 0.5, 0, -0.4383, 0.4383},
		{"worse than chance, much agreement", agreement.Table{{8, 1}, {1, 0}}, 0.8, -0.1111, -0.2641, 0.0419},
	} {
		f := tt.table.Measure()
		if f.Kappa == nil || f.Bounds == nil {
			t.Errorf("%s: figure %+v", tt.name, f)
			continue
		}
		for _, v := range []struct {
			what      string
			got, want float64
		}{{"share", f.Share, tt.share}, {"kappa", *f.Kappa, tt.kappa}, {"low", f.Bounds.Low, tt.low}, {"high", f.Bounds.High, tt.high}} {
			if math.Abs(v.got-v.want) > 5e-5 {
				t.Errorf("%s: %s is %.5f, want %.4f", tt.name, v.what, v.got, v.want)
			}
		}
	}
}

// What cannot be computed is absent, and says why.
func TestWhatIsNoFigure(t *testing.T) {
	for _, tt := range []struct {
		name          string
		table         agreement.Table
		kappa         float64 // NaN: absent
		why, noBounds agreement.Gap
	}{
		{"nothing", agreement.New(2), math.NaN(), agreement.NothingJudged, agreement.NothingJudged},
		{"both only confirmed", agreement.Table{{7, 0}, {0, 0}}, math.NaN(), agreement.OneJudgement, agreement.OneJudgement},
		{"both only dismissed", agreement.Table{{0, 0}, {0, 1}}, math.NaN(), agreement.OneJudgement, agreement.OneJudgement},
		{"one of them only confirmed", agreement.Table{{9, 1}, {0, 0}}, 0, "", agreement.OneSided},
		{"all alike", agreement.Table{{10, 0}, {0, 10}}, 1, "", agreement.NoSpread},
		{"none alike", agreement.Table{{0, 10}, {10, 0}}, -1, "", agreement.NoSpread},
	} {
		f := tt.table.Measure()
		if (f.Kappa == nil) != math.IsNaN(tt.kappa) || f.Kappa != nil && *f.Kappa != tt.kappa || f.Why != tt.why || f.Bounds != nil || f.NoBounds != tt.noBounds {
			t.Errorf("%s: figure %+v", tt.name, f)
		}
	}
	all := agreement.Table{{10, 0}, {0, 10}}.Measure()
	if all.Within.High != 1 || math.Abs(all.Within.Low-0.8389) > 5e-5 {
		t.Errorf("twenty of twenty alike are within %+v, want 0.8389 to 1", all.Within)
	}
	if none := agreement.New(2).Measure(); none.Within != (agreement.Interval{Low: 0, High: 1}) {
		t.Errorf("nothing judged is within %+v", none.Within)
	}
	if !(agreement.Table{{8, 1}, {0, 0}}).Measure().Few() || (agreement.Table{{8, 2}, {0, 0}}).Measure().Few() {
		t.Error("nine judgements are few, ten are not")
	}
}

// Whatever the table: a figure lies in its interval and in its range, and who is
// called first does not matter.
func TestAFigureLiesInItsInterval(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := rapid.IntRange(2, 4).Draw(t, "judgements")
		table, turned := agreement.New(k), agreement.New(k)
		for i := range k {
			for j := range k {
				table[i][j] = rapid.Int64Range(0, 40).Draw(t, "count")
				turned[j][i] = table[i][j]
			}
		}
		f, g := table.Measure(), turned.Measure()
		if (f.Kappa == nil) != (f.Why != "") || (f.Bounds == nil) != (f.NoBounds != "") {
			t.Fatalf("%v: %+v", table, f)
		}
		if f.N > 0 && (f.Share < f.Within.Low-1e-9 || f.Share > f.Within.High+1e-9) {
			t.Fatalf("%v: the share %v is not within %+v", table, f.Share, f.Within)
		}
		if f.Kappa == nil {
			return
		}
		if *f.Kappa < -1-1e-9 || *f.Kappa > 1+1e-9 || math.Abs(*f.Kappa-*g.Kappa) > 1e-9 {
			t.Fatalf("%v: kappa %v, turned %v", table, *f.Kappa, *g.Kappa)
		}
		if b := f.Bounds; b != nil && (b.Low > *f.Kappa || b.High < *f.Kappa || math.IsNaN(b.Low)) {
			t.Fatalf("%v: kappa %v is not within %+v", table, *f.Kappa, *b)
		}
	})
}
