package quantity_test

import (
	"fmt"
	"strings"
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
		"一米零五":                         "10500 length",
		"三块零五":                         "305 money",
		"两公斤一百克":                       "2100000 mass",
		"一米二十公分":                       "12000 length",
		"两公分六厚":                        "260 length",
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

func scanned(in string) (amounts []quantity.Quantity, shown string) {
	var x fold.Text
	x.Fold(in)
	amounts = quantity.Scan(nil, x.R, nil)
	var all []string
	for _, q := range amounts {
		all = append(all, show(q))
	}
	return amounts, strings.Join(all, "; ")
}

// expect reads each text and holds what was found against what it means.
func expect(t *testing.T, cases map[string]string) {
	t.Helper()
	for in, want := range cases {
		if _, got := scanned(in); got != want {
			t.Errorf("%s: got %q, want %q", in, got, want)
		}
	}
}

func TestChineseNumerals(t *testing.T) {
	expect(t, map[string]string{
		"壹佰贰拾叁": "123000 bare",
		"叁仟零伍拾": "3050000 bare",
		"柒":     "7000 bare",
		"壹打":    "12000 count",
		"廿":     "20000 bare",
		"廿五":    "25000 bare",
		"廿克":    "20000 mass",
		"卅六":    "36000 bare",
		"幺二九":   "129000 bare",
		"俩":     "2000 bare",
		"两百二":   "220000 bare",
		"二十两":   "1000000 mass",
		"三两":    "150000 mass",
		"三万五":   "35000000 bare",
		"三万零五":  "30005000 bare",
		"一亿两千万": "120000000000 bare",
		"3.5万":  "35000000 bare",
		"2万5千":  "25000000 bare",
		"1千零5":  "1005000 bare",
		"一点二":   "1200 bare",
		"一点两小时": "1000 bare; 7200 duration",
		"十点零五":  "10050 bare",
		"六十千":   "60000 bare",
		"负十二":   "-12000 bare",
		"负十到二十": "-10000 bare [-10000,20000]",
		"10到二十": "10000 bare [10000,20000]",
		"大陆收拾屋子，两两一组，放肆": "1000 count",
		"二分之": "2000 bare",
	})
}

func TestRoughNumbers(t *testing.T) {
	expect(t, map[string]string{
		"几十":    "20000 bare [20000,99000]",
		"几百克":   "200000 mass [200000,999000]",
		"十几":    "10000 bare [10000,19000]",
		"二十几块":  "2000 money [2000,2900]",
		"三百多":   "300000 bare [300000,399000]",
		"五百余万":  "5000000000 bare [5000000000,5999999000]",
		"700多亿": "70000000000000 bare [70000000000000,84000000000000]",
		"十五六":   "15000 bare [15000,16000]",
		"三五百":   "300000 bare [300000,500000]",
		"七八千块":  "700000 money [700000,800000]",
		"二三十":   "20000 bare [20000,30000]",
		"一两个":   "1000 count [1000,2000]",
		"半百":    "50000 bare",
		"三米半":   "35000 length",
		"半个小时":  "1800 duration",
		"三百克左右": "300000 mass [285000,315000]",
		"大概十块":  "1000 money [950,1050]",
		"五十克上下": "50000 mass [47500,52500]",
		"三十来块":  "3000 money [3000,3900]",
		"四百出头":  "400000 bare [400000,500000]",
		"差不多一斤": "500000 mass [475000,525000]",
		"五斤多":   "2500000 mass [2500000,3125000]",
	})
}

func TestBounds(t *testing.T) {
	expect(t, map[string]string{
		"不到三十块":        "3000 money ≤2999",
		"三十块不到":        "3000 money ≤2999",
		"超过两斤":         "1000000 mass ≥1000001",
		"超过了一百克":       "100000 mass ≥100001",
		"九十九起":         "99000 bare ≥99000",
		"五十克以上":        "50000 mass ≥50000",
		"五十克或以上":       "50000 mass ≥50000",
		"十个或者更多":       "10000 count ≥10000",
		"两百以内":         "200000 bare ≤200000",
		"最多五个":         "5000 count ≤5000",
		"至少有十个":        "10000 count ≥10000",
		"最多为5":         "5000 bare ≤5000",
		"大于等于三十":       "30000 bare ≥30000",
		"小于或者等于三十克":    "30000 mass ≤30000",
		"不小于三十克":       "30000 mass ≥30000",
		"不大于三十克":       "30000 mass ≤30000",
		"不超过5天":        "432000 duration ≤432000",
		"≥50":          "50000 bare ≥50000",
		"≤3%":          "30000 ratio ≤30000",
		"< 100":        "100000 bare ≤99999",
		"170之下":        "170000 bare ≤170000",
		"比三十大":         "30000 bare ≥30001",
		"比 170 低":      "170000 bare ≤169999",
		"比一米二的床":       "12000 length",
		"复购率过20":       "20000 bare ≥20001",
		"用过三次":         "3000 index",
		"大于10小于20":     "10000 bare [10001,19999]",
		"不大于50不小于20":   "20000 bare [20000,50000]",
		"三斤以上，五斤以下":    "1500000 mass [1500000,2500000]",
		"最多100最少20个":   "20000 count [20000,100000]",
		"大于50小于12":     "50000 bare ≥50001; 12000 bare ≤11999",
		"a大于8且b小于16":   "8000 bare ≥8001; 16000 bare ≤15999",
		"大于十的同时小于等于三十": "10000 bare [10001,30000]",
	})
}

func TestRanges(t *testing.T) {
	expect(t, map[string]string{
		"20到30克":     "20000 mass [20000,30000]",
		"20至30":      "20000 bare [20000,30000]",
		"20-30":      "20000 bare [20000,30000]",
		"20 - 30":    "20000 bare [20000,30000]",
		"20–30":      "20000 bare [20000,30000]",
		"20~30":      "20000 bare [20000,30000]",
		"3k-8k":      "3000000 bare [3000000,8000000]",
		"20和30之间":    "20000 bare [20000,30000]",
		"20与30间":     "20000 bare [20000,30000]",
		"一百和两百克之间":   "100000 mass [100000,200000]",
		"20和30":      "20000 bare; 30000 bare",
		"三斤到五斤":      "1500000 mass [1500000,2500000]",
		"199元到299元":  "19900 money [19900,29900]",
		"299元到199元":  "29900 money; 19900 money",
		"七到八毫米":      "70 length [70,80]",
		"5%-20%":     "50000 ratio [50000,200000]",
		"第一到第三名":     "1 ordinal [1,3]",
		"第十和第十五之间":   "10 ordinal [10,15]",
		"十几亿":        "1000000000000 bare [1000000000000,1999999999000]",
		"一百到一百二十块之间": "10000 money [10000,12000]",
	})
}

func TestSharesAndDiscounts(t *testing.T) {
	expect(t, map[string]string{
		"百分之一百二":    "1200000 ratio",
		"百分之零点五":    "5000 ratio",
		"百分之百":      "1000000 ratio",
		"千分之三":      "3000 ratio",
		"5‰":        "5000 ratio",
		"万分之五":      "500 ratio",
		"百万分之三":     "3 ratio",
		"百分之百分之六十五": "650000 ratio",
		"三个点":       "30000 ratio",
		"三四十个百分点":   "300000 ratio [300000,400000]",
		"四成半":       "450000 ratio",
		"七成六":       "760000 ratio",
		"半成":        "50000 ratio",
		"八五折":       "850000 discount",
		"8.5折":      "850000 discount",
		"6 8 折":     "680000 discount",
		"一折":        "100000 discount",
		"十折":        "10000 bare",
		"对折":        "500000 discount",
		"三分之二":      "666667 ratio",
		"负三分之负六":    "2000000 ratio",
		"一又二分之一":    "1500 bare",
		"½":         "500000 ratio",
		"1½斤":       "750000 mass",
		"1/3是羊绒":    "333333 ratio",
		"1/2斤":      "250000 mass",
		"1 1/2":     "1500 bare",
		"-5/4":      "-1250000 ratio",
	})
}

func TestASlashIsNoFractionInAShop(t *testing.T) {
	expect(t, map[string]string{
		"19.9/3":  "19900 bare; 3000 bare",
		"16/5":    "16000 bare; 5000 bare",
		"1、2号链接":  "1000 bare; 2000 ordinal",
		"1/2/3号":  "1000 bare; 2000 bare; 3000 ordinal",
		"24/7":    "24000 bare; 7000 bare",
		"11/11":   "11000 bare; 11000 bare",
		"6/9号到货":  "6000 bare; 9000 ordinal",
		"3g/100g": "3000 mass; 100000 mass",
	})
}

func TestPowersAndScientificNotation(t *testing.T) {
	expect(t, map[string]string{
		"3^4":         "81000 bare",
		"4^-1":        "250 bare",
		"1e3":         "1000000 bare",
		"1.5e3":       "1500000 bare",
		"-2e1":        "-20000 bare",
		"12e-1":       "1200 bare",
		"1.5e+12":     "1500000000000000 bare",
		"1x10^10":     "10000000000000 bare",
		"1×10^10 cfu": "10000000000000 bare",
		"e5":          "5000 bare",
		"2^99":        "2000 bare; 99000 bare",
		"10.2.1":      "10000 bare; 2000 bare; 1000 bare",
		"...8":        "8000 bare",
		"好。9块9":       "990 money",
		"410千卡":       "410000 index",
		"五十兆赫":        "50000000000 index",
		"看https://example.com/1/22?x=3，只要9块": "900 money",
		"20210721132136358851 20":            "20000 bare",
	})
}

func TestCurrencies(t *testing.T) {
	expect(t, map[string]string{
		"¥99":       "9900 money",
		"￥1,299.5":  "129950 money",
		"99元":       "9900 money",
		"99 rmb":    "9900 money",
		"五元三毛":      "530 money",
		"30元8角二分":   "3082 money",
		"九块九毛九":     "999 money",
		"人民币50元":    "5000 money",
		"$20":       "2000 money",
		"两美元又三美分":   "203 money",
		"20美圆":      "2000 money",
		"15 euros":  "1500 money",
		"1.95港元":    "195 money",
		"500日元":     "50000 money",
		"10日元5日本钱":  "1005 money",
		"3瑞士法郎":     "300 money",
		"20个比特币":    "2000 money",
		"99 cents":  "99 money",
		"五角星和三角形":   "5000 bare; 3000 bare",
		"一百二十万元":    "120000000 money",
		"£9.99 off": "999 money",
	})
	for in, unit := range map[string]string{"99元": "yuan", "20刀": "usd", "3镑": "gbp", "5欧元": "eur", "500日元": "jpy", "8港币": "hkd", "4卢布": "other_money"} {
		if got, _ := scanned(in); len(got) != 1 || got[0].Unit != unit {
			t.Errorf("%s: %+v, want the unit %s", in, got, unit)
		}
	}
}

func TestAHouseHasUnitsOfItsOwn(t *testing.T) {
	rd, err := quantity.NewReader([]quantity.Unit{
		{Name: "dan", Surfaces: []string{"担", "dan"}, Dim: quantity.Mass, Scale: 50_000_000},
		{Name: "大桶", Surfaces: []string{"大桶"}, Dim: quantity.Volume, Scale: 18_900_000},
	})
	if err != nil {
		t.Fatal(err)
	}
	for in, want := range map[string]string{
		"三担":     "150000000 mass",
		"两三担":    "100000000 mass [100000000,150000000]",
		"半担":     "25000000 mass",
		"2 dan":  "100000000 mass",
		"两大桶":    "37800000 volume",
		"两桶":     "2000 count",
		"五百克":    "500000 mass",
		"超过三担":   "150000000 mass ≥150000001",
		"三担到五担":  "150000000 mass [150000000,250000000]",
		"3 dans": "3000 bare",
	} {
		var x fold.Text
		x.Fold(in)
		got := rd.Scan(nil, x.R, nil)
		if len(got) != 1 || show(got[0]) != want {
			t.Errorf("%s: got %+v, want %s", in, got, want)
		}
	}
	if _, got := scanned("三担"); got != "3000 bare" {
		t.Errorf("without the unit 三担 is %s", got)
	}
	for _, wrong := range []quantity.Unit{
		{Name: "none", Surfaces: []string{"担"}},
		{Name: "huge", Surfaces: []string{"担"}, Scale: 1 << 60},
		{Name: "empty", Surfaces: []string{" "}, Scale: 1},
		{Name: "digit", Surfaces: []string{"3x"}, Scale: 1},
		{Name: "numeral", Surfaces: []string{"百包"}, Scale: 1},
	} {
		if _, err := quantity.NewReader([]quantity.Unit{wrong}); err == nil {
			t.Errorf("the unit %s was taken", wrong.Name)
		}
	}
}

// saidAs writes a number the way it is said, with the digits and the places
// given.
func saidAs(n int64, digits, places []rune) string {
	if n == 0 {
		return string(digits[0])
	}
	section := func(n int64) string {
		s, zero := "", false
		for i, per := range []int64{1000, 100, 10, 1} {
			d := n / per % 10
			switch {
			case d == 0:
				zero = s != ""
				continue
			case zero:
				s, zero = s+string(digits[0]), false
			}
			s += string(digits[d])
			if i < 3 {
				s += string(places[i])
			}
		}
		return s
	}
	s := ""
	for _, big := range []struct {
		per int64
		as  string
	}{{100_000_000, "亿"}, {10_000, "万"}, {1, ""}} {
		part := n / big.per % 10_000
		if part == 0 {
			continue
		}
		if s != "" && (part < 1000 || n/big.per/10_000%10 == 0) {
			s += string(digits[0])
		}
		s += section(part) + big.as
	}
	return s
}

func TestNumbersAreReadBackAsTheyAreSaid(t *testing.T) {
	for _, writing := range [][2]string{{"零一二三四五六七八九", "千百十"}, {"零壹贰叁肆伍陆柒捌玖", "仟佰拾"}} {
		for _, n := range []int64{1, 9, 10, 11, 19, 20, 101, 110, 111, 999, 1001, 1010, 1100, 9999, 10_000, 10_001, 10_010, 10_100, 12_345, 100_000, 100_001, 1_000_000, 1_002_003, 10_000_000, 99_999_999, 100_000_000, 100_000_001, 100_010_000, 123_456_789, 999_999_999_999} {
			readBack(t, saidAs(n, []rune(writing[0]), []rune(writing[1])), n)
		}
	}
}

func readBack(t *testing.T, said string, n int64) {
	t.Helper()
	got, _ := scanned(said)
	if len(got) != 1 || got[0].Value != n*1000 || !got[0].Exact() {
		t.Errorf("%s: got %+v, want %d", said, got, n)
	}
}

// FuzzNumber: any number is read back as it is said.
func FuzzNumber(f *testing.F) {
	for _, n := range []uint32{0, 10, 101, 10_010, 4_000_000_000} {
		f.Add(n, true)
		f.Add(n, false)
	}
	f.Fuzz(func(t *testing.T, n uint32, capital bool) {
		digits, places := "零一二三四五六七八九", "千百十"
		if capital {
			digits, places = "零壹贰叁肆伍陆柒捌玖", "仟佰拾"
		}
		readBack(t, saidAs(int64(n), []rune(digits), []rune(places)), int64(n))
	})
}

func FuzzScan(f *testing.F) {
	for _, s := range []string{"一百零二", "三分之一", "1,234.5万", "half a pound", "第十", "九块九毛九", "十十十", "百分之百分之六十五", "大于10小于20", "2^-1", "1 1/2", "-10到20", "第十和第十五之间", "point 5", "2222.2222.22"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var x fold.Text
		x.Fold(s)
		last := 0
		for _, q := range quantity.Scan(nil, x.R, nil) {
			if q.Start < last || q.End <= q.Start || q.End > len(x.R) || q.NumEnd > q.End || q.Lo > q.Hi || q.Number.Valid() && q.Number.Den < 1 {
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
