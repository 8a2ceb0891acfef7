package quantity_test

import (
	"fmt"
	"testing"

	"liveroom/claims/fold"
	"liveroom/claims/quantity"
)

func show(q quantity.Quantity) string {
	bound := ""
	switch {
	case q.Lo == quantity.NegInf:
		bound = fmt.Sprintf(" ≤%d", q.Hi)
	case q.Hi == quantity.PosInf:
		bound = fmt.Sprintf(" ≥%d", q.Lo)
	case !q.Exact():
		bound = fmt.Sprintf(" [%d,%d]", q.Lo, q.Hi)
	}
	return fmt.Sprintf("%d %v%s", q.Value, q.Dim, bound)
}

func TestAmountsAsHostsSayThem(t *testing.T) {
	for in, want := range map[string]string{
		"一百二":                          "120000 bare",
		"一百零二":                         "102000 bare",
		"两千四百五":                        "2450000 bare",
		"一万三":                          "13000000 bare",
		"三五百":                          "300000 bare [300000,500000]",
		"十五六个":                         "15000 count [15000,16000]",
		"二三十克":                         "20000 mass [20000,30000]",
		"七到八毫米":                        "70 length [70,80]",
		"两斤三两":                         "1150000 mass",
		"一斤三":                          "650000 mass",
		"两斤半":                          "1250000 mass",
		"半斤":                           "250000 mass",
		"八斤四两":                         "4200000 mass",
		"九两":                           "450000 mass",
		"三点五克":                         "3500 mass",
		"一米九":                          "19000 length",
		"两米四五":                         "24500 length",
		"一百九十公分":                       "19000 length",
		"三十三点三厘米":                      "3330 length",
		"九块九":                          "990 money",
		"十九块九毛":                        "1990 money",
		"七十九块九":                        "7990 money",
		"一块两毛五":                        "125 money",
		"四毛":                           "40 money",
		"打对折":                          "500000 discount",
		"六五折":                          "650000 discount",
		"八折":                           "800000 discount",
		"七成六":                          "760000 ratio",
		"三成":                           "300000 ratio",
		"百分之九十五":                       "950000 ratio",
		"百分百":                          "1000000 ratio",
		"五个点":                          "50000 ratio",
		"三分之一":                         "333333 ratio",
		"二零二五年":                        "2025 date",
		"二五年":                          "2025 date",
		"九八年":                          "1998 date",
		"三年":                           "94608000 duration",
		"十八个月":                         "46656000 duration",
		"一年半":                          "47304000 duration",
		"不到一百块":                        "10000 money ≤9999",
		"三百多块":                         "30000 money [30000,39900]",
		"三百五十毫升左右":                     "350000 volume [332500,367500]",
		"一万八":                          "18000000 bare",
		"1万8":                          "18000000 bare",
		"18000帕":                       "18000000 index",
		"五十克以上":                        "50000 mass ≥50000",
		"第三名":                          "3 ordinal",
		"一号链接":                         "1000 ordinal",
		"ninety five percent":          "950000 ratio",
		"one point four grams":         "1400 mass",
		"a hundred and eighty nine":    "189000 bare",
		"one ninety nine":              "199000 bare",
		"half a jin":                   "250000 mass",
		"twenty five thousand pascals": "25000000 index",
		"£9.99":                        "999 money",
		"thirty mil":                   "30000 volume",
		"nine liang":                   "450000 mass",
		"199元":                         "19900 money",
		"1,299":                        "1299000 bare",
		"三打":                           "36000 count",
		"俩":                            "2000 bare",
	} {
		var x fold.Text
		x.Fold(in)
		got := quantity.Scan(nil, x.R, nil)
		if len(got) != 1 || show(got[0]) != want {
			s := ""
			for _, q := range got {
				s += " " + show(q) + fmt.Sprintf("@%d-%d", q.Start, q.End)
			}
			t.Errorf("%s: got%s, want %s", in, s, want)
		}
	}
}

func FuzzScan(f *testing.F) {
	for _, s := range []string{"一百零二", "三分之一", "1,234.5万", "half a pound", "第十", "九块九毛九", "十十十", "百分之百分之六十五"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var x fold.Text
		x.Fold(s)
		last := 0
		for _, q := range quantity.Scan(nil, x.R, nil) {
			if q.Start < last || q.End <= q.Start || q.End > len(x.R) || q.Lo > q.Hi {
				t.Fatalf("%q: %+v after %d", s, q, last)
			}
			last = q.End
		}
	})
}

func BenchmarkScan(b *testing.B) {
	var x fold.Text
	x.Fold("一瓶三十毫升，原价一百九十九，今天一百二十九，烟酰胺两个点，七天见效")
	var out []quantity.Quantity
	b.ReportAllocs()
	for b.Loop() {
		out = quantity.Scan(out[:0], x.R, nil)
	}
}
