package sheet_test

import (
	"errors"
	"os"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"liveroom/claims/sheet"
)

const small = `sku,name,category,material,ingredients,price,returns_7d,ships_within,licences,stock
S1,青禾羊毛围巾,apparel,羊毛60%;腈纶40%,,129,yes,48h,,30
S2,青禾面霜,cosmetics,,烟酰胺 2%;不含酒精,89.9,no,,备案 京妆网备字1:2027-03-01,
`

func TestLoadReadsTypedFacts(t *testing.T) {
	s, err := sheet.Load("facts.csv", strings.NewReader(small))
	if err != nil {
		t.Fatal(err)
	}
	p := s.Product("S1")
	if p == nil || p.PriceFen != 12900 || p.ShipsHours != 48 || p.Returns7D != sheet.Yes || p.Stock != 30 {
		t.Fatalf("S1 = %+v", p)
	}
	if len(p.Material) != 2 || p.Material[1].Name != "腈纶" || p.Material[1].Share != 400_000 {
		t.Fatalf("material = %+v", p.Material)
	}
	q := s.Product("S2")
	if !q.Ingredients[1].Absent || q.Ingredients[1].Name != "酒精" || q.Stock != -1 || q.Licences[0].Expiry.Year() != 2027 {
		t.Fatalf("S2 = %+v", q)
	}
	if q.Raw(sheet.FieldPrice) != "89.9" || s.Product("none") != nil {
		t.Fatal("raw cells and unknown products")
	}
}

func TestLoadTakesChineseHeadersAndGB18030(t *testing.T) {
	text := "商品编码,品名,类目,材质,售价,划线价\r\nA1,云麓丝巾,服饰,桑蚕丝100%,199,399\r\n"
	coded, err := simplifiedchinese.GB18030.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	for _, in := range []string{text, "\ufeff" + text, coded} {
		s, err := sheet.Load("a.csv", strings.NewReader(in))
		if err != nil {
			t.Fatal(err)
		}
		if p := s.Product("A1"); p == nil || p.ListFen != 39900 || p.Category != sheet.Apparel || p.Name != "云麓丝巾" {
			t.Fatalf("A1 = %+v", p)
		}
	}
}

func TestLoadRefusesWholeAndNamesEveryFault(t *testing.T) {
	bad := "sku,name,category,price,returns_7d,ships_within,stock,material\n" +
		"A,甲,apparel,12.345,maybe,soon,-3,棉120%\n" +
		",,,,,,,\n" +
		"A,乙,鞋子,0,yes,48h,1,\n"
	_, err := sheet.Load("bad.csv", strings.NewReader(bad))
	var errs sheet.Errors
	if !errors.As(err, &errs) {
		t.Fatalf("err = %v", err)
	}
	got := err.Error()
	for _, want := range []string{
		"bad.csv:2: column price: \"12.345\"", "bad.csv:2: column returns_7d: \"maybe\": yes or no", "column ships_within", "column stock", "column material: \"棉120%\"",
		"bad.csv:4: column category: \"鞋子\"", "bad.csv:4: column price: \"0\"", "row 2 has the same",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("error lacks %q:\n%s", want, got)
		}
	}
}

func TestLoadRefusesWhatIsNoSheet(t *testing.T) {
	for name, in := range map[string]string{
		"empty": "", "unknown column": "sku,name,category,colour\nA,a,food,red\n", "twice": "sku,name,category,name\n",
		"no sku": "name,category\na,food\n", "binary": "\xff\xfe\x00\x81", "quote": "sku,name,category\n\"A,b,food\n", "long row": "sku,name,category\nA,b,food,x\n",
	} {
		if _, err := sheet.Load("x.csv", strings.NewReader(in)); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestVersionFollowsContent(t *testing.T) {
	a, _ := sheet.Load("a.csv", strings.NewReader(small))
	b, _ := sheet.Load("b.csv", strings.NewReader(small))
	c, _ := sheet.Load("c.csv", strings.NewReader(small+"S3,丙,food,,,1,,,,\n"))
	if a.Version() == "" || a.Version() != b.Version() || a.Version() == c.Version() {
		t.Fatalf("versions %q %q %q", a.Version(), b.Version(), c.Version())
	}
}

func TestSheetsOfTheBenchmarkLoad(t *testing.T) {
	for _, name := range []string{"bench/dev/facts.csv", "bench/real-dev/facts.csv", "demo/facts.csv"} {
		f, err := os.Open("../../../shared/" + name)
		if err != nil {
			t.Skipf("LOUD: %s is not here, the benchmark's sheets were not tried: %v", name, err)
		}
		defer f.Close()
		if _, err := sheet.Load(name, f); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzLoad(f *testing.F) {
	f.Add([]byte(small))
	f.Add([]byte("sku,name,category\n\"a\",\"b\",food\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := sheet.Load("f.csv", strings.NewReader(string(data)))
		if (s == nil) == (err == nil) {
			t.Fatalf("sheet %v, error %v", s, err)
		}
	})
}
