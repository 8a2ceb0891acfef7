package sheet_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"liveroom/claims/sheet"
)

// workbook makes an XLSX file of rows of cells; style, when set, is a number
// format for all of them.
func workbook(t testing.TB, style string, rows ...[]any) []byte {
	t.Helper()
	f := excelize.NewFile()
	for i, r := range rows {
		if err := f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &r); err != nil {
			t.Fatal(err)
		}
	}
	if style != "" {
		id, err := f.NewStyle(&excelize.Style{CustomNumFmt: &style})
		if err != nil {
			t.Fatal(err)
		}
		if err := f.SetCellStyle("Sheet1", "A2", "Z99", id); err != nil {
			t.Fatal(err)
		}
	}
	b, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestLoadReadsXLSX(t *testing.T) {
	data := workbook(t, "",
		[]any{"商品编码", "品名", "类目", "材质", "售价", "划线价", "库存", "七天无理由", "净含量"},
		[]any{"A1", "云麓丝巾", "服饰", "桑蚕丝60%;棉40%", 89.9, "¥1,399", 1200, "是", "450g"},
		nil,
		[]any{6901234567890, "青禾面霜", "cosmetics", "", 0.1 + 0.2, nil, nil, "no", nil},
	)
	s, err := sheet.Load("facts.XLSX", bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	p := s.Product("A1")
	if p == nil || p.PriceFen != 8990 || p.ListFen != 139900 || p.Stock != 1200 || p.Returns7D != sheet.Yes || len(p.Material) != 2 || p.NetWeight != "450g" {
		t.Errorf("A1 = %+v", p)
	}
	if s.Product("6901234567890") == nil {
		t.Errorf("a barcode was not read as it stands: %+v", s.Products[1].SKU)
	}
}

func TestXLSXAmountsAreExactAndTheRestAsShown(t *testing.T) {
	data := workbook(t, "0000", []any{"sku", "name", "category", "price", "stock"}, []any{12, 7, "food", 89.5, 3})
	s, err := sheet.Load("f.xlsx", bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if p := s.Product("0012"); p == nil || p.Name != "0007" || p.PriceFen != 8950 || p.Stock != 3 {
		t.Errorf("products %+v", s.Products[0])
	}
}

func TestLoadReadsTOML(t *testing.T) {
	s, err := sheet.Load("facts.toml", strings.NewReader(`
[[product]]
sku = "A1"
name = "云麓丝巾"
category = "apparel"
material = ["桑蚕丝60%", "棉40%"]
price = 89.9
list_price = 399
returns_7d = true
stock = 20

[[product]]
"商品编码" = "A2"
"品名" = "青禾面霜"
"类目" = "化妆品"
"成分" = "烟酰胺 2%;不含酒精"
`))
	if err != nil {
		t.Fatal(err)
	}
	p := s.Product("A1")
	if p == nil || p.PriceFen != 8990 || p.ListFen != 39900 || p.Returns7D != sheet.Yes || p.Stock != 20 || len(p.Material) != 2 || p.Material[1].Share != 400_000 {
		t.Errorf("A1 = %+v", p)
	}
	if p := s.Product("A2"); p == nil || p.Category != sheet.Cosmetics || len(p.Ingredients) != 2 {
		t.Errorf("A2 = %+v", p)
	}
}

func TestFaultsOfEveryFormatNameTheirPlace(t *testing.T) {
	header := []any{"sku", "name", "category", "price", "material"}
	for _, c := range []struct {
		file string
		data []byte
		want []string
	}{
		{"f.xlsx", workbook(t, "", header, []any{"A", "甲", "food", 1}, nil, []any{"A", "乙", "鞋子", 12.345, "#REF!"}), []string{
			`f.xlsx:4: column category: "鞋子"`, `f.xlsx:4: column price: "12.345": an amount in yuan`, "row 2 has the same",
		}},
		{"f.xlsx", workbook(t, "", header, []any{"A", "甲", "food", 1, "#REF!"}), []string{`f.xlsx:2: column material: "#REF!": a value; the formula in this cell failed`}},
		{"f.xlsx", workbook(t, "", []any{"sku", "name", "colour"}), []string{`f.xlsx:1: column 3: "colour": a column name such as`}},
		{"f.xlsx", workbook(t, ""), []string{"f.xlsx: a header row"}},
		{"f.xlsx", []byte("PK\x03\x04 no workbook"), []string{"f.xlsx: a workbook that opens", "save the sheet again"}},
		{"f.xls", []byte("\xd0\xcf\x11\xe0"), []string{"f.xls: a sheet in CSV, XLSX or TOML"}},
		{"f.toml", []byte("[[product]]\nsku = \"A\"\nname = \"甲\"\ncategory = \"food\"\npirce = 1\nprice = -1\n\n[[product]]\nsku = \"A\"\nname = \"乙\"\ncategory = \"鞋子\"\nstock = [1]\n"), []string{
			`f.toml:5: unknown key "pirce"; did you mean "price"?`, `f.toml:6: column price: "-1": an amount`, `f.toml:9: column sku: "A": a sku of its own; row 1 has the same`,
			`f.toml:11: column category: "鞋子"`, `f.toml:12: column stock`,
		}},
		{"f.toml", []byte("[[product]]\nsku = \"A\"\n\"商品编码\" = \"B\"\nname = \"a\"\ncategory = \"food\""), []string{`column sku`, "each column once"}},
		{"f.toml", []byte("[[prodcut]]\nsku = \"A\""), []string{`f.toml:1: unknown key "prodcut"; did you mean "product"?`}},
		{"f.toml", []byte("[product]\nsku = \"A\""), []string{`f.toml:1: product: write [[product]] with two brackets`}},
		{"f.toml", []byte("a = 1\nb = = 2"), []string{"f.toml:2: "}},
		{"f.toml", nil, []string{"f.toml: one [[product]] table a product"}},
	} {
		_, err := sheet.Load(c.file, bytes.NewReader(c.data))
		var errs sheet.Errors
		if !errors.As(err, &errs) {
			t.Errorf("%s: err = %v, want %s", c.file, err, c.want)
			continue
		}
		for _, want := range c.want {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: error lacks %q:\n%s", c.file, want, err)
			}
		}
	}
}

func TestOneMakesAProductOfAnExample(t *testing.T) {
	p, err := sheet.One("rules.toml", 7, map[sheet.Field]string{sheet.FieldPrice: "99"})
	if err != nil || p.PriceFen != 9900 || p.Category != sheet.Other {
		t.Errorf("%+v, %v", p, err)
	}
	if _, err := sheet.One("rules.toml", 7, map[sheet.Field]string{sheet.FieldPrice: "cheap"}); err == nil || !strings.Contains(err.Error(), "rules.toml:7: column price") {
		t.Errorf("err = %v", err)
	}
}

// manyProducts is a sheet of 5,000 products in a format.
func manyProducts(t testing.TB, format string) []byte {
	var b strings.Builder
	cells := [][]any{{"sku", "name", "aliases", "brand", "category", "material", "price", "list_price", "promises", "returns_7d", "ships_within", "licences", "stock"}}
	for i := range 5000 {
		cells = append(cells, []any{
			fmt.Sprintf("S%05d", i), fmt.Sprintf("青禾羊毛围巾 %d 号", i), "围巾;披肩", "青禾", "apparel", "羊毛60%;腈纶40%", 129.5, 399, "破损包赔;假一赔三", "yes", "48h", "质检报告:2027-03-01", i,
		})
	}
	switch format {
	case "xlsx":
		return workbook(t, "", cells...)
	case "toml":
		for _, r := range cells[1:] {
			b.WriteString("[[product]]\n")
			for i, v := range r {
				fmt.Fprintf(&b, "%s = %#v\n", cells[0][i], v)
			}
		}
	default:
		for _, r := range cells {
			for i, v := range r {
				if i > 0 {
					b.WriteByte(',')
				}
				fmt.Fprint(&b, v)
			}
			b.WriteByte('\n')
		}
	}
	return []byte(b.String())
}

func BenchmarkLoad5000(b *testing.B) {
	for _, format := range []string{"csv", "xlsx", "toml"} {
		b.Run(format, func(b *testing.B) {
			data := manyProducts(b, format)
			for b.Loop() {
				if _, err := sheet.Load("f."+format, bytes.NewReader(data)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func FuzzLoadTOML(f *testing.F) {
	f.Add([]byte("[[product]]\nsku = \"A\"\nname = \"甲\"\ncategory = \"food\"\nprice = 1.5\nmaterial = [\"棉60%\"]\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := sheet.Load("f.toml", bytes.NewReader(data))
		if (s == nil) == (err == nil) {
			t.Fatalf("sheet %v, error %v", s, err)
		}
	})
}

func FuzzLoadXLSX(f *testing.F) {
	f.Add(workbook(f, "", []any{"sku", "name", "category"}, []any{"A", "甲", "food"}))
	f.Add(workbook(f, "0.0", []any{"sku", "name", "category", "price"}, []any{1, "甲", "food", 2.5}))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := sheet.Load("f.xlsx", bytes.NewReader(data))
		if (s == nil) == (err == nil) {
			t.Fatalf("sheet %v, error %v", s, err)
		}
	})
}
