package sheet_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"liveroom/claims/sheet"
)

// TestWrongFigures: a sheet with a figure that cannot be read is refused in
// every format, with the place and what is expected there.
func TestWrongFigures(t *testing.T) {
	for _, c := range []struct {
		column, value, want string
	}{
		{"net_weight", "abc", "450g"},
		{"net_weight", "-4.5kg", "450g"},
		{"net_weight", "四点五公金", "450g"},
		{"net_weight", "4..5kg", "450g"},
		{"net_weight", "4,5kg", "450g"},
		{"net_weight", "0g", "450g"},
		{"net_weight", "5Okg", "450g"},
		{"net_weight", "450", "450g"},
		{"net_weight", "60x40cm", "450g"},
		{"quantity", "很多", "6包"},
		{"quantity", "-3件", "6包"},
		{"quantity", "0件", "6包"},
		{"quantity", "2件;赠品-1个", "6包"},
		{"size", "-180cm", "180x200cm"},
		{"size", "180x200cmm", "180x200cm"},
		{"size", "180..5cm", "180x200cm"},
		{"size", "0cm", "180x200cm"},
		{"shelf_life", "很久", "180天"},
		{"shelf_life", "-3年", "180天"},
		{"shelf_life", "36", "180天"},
		{"metrics", "含绒量 900%", "含绒量 90%"},
		{"metrics", "续航 3..5h", "续航 30h"},
		{"material", "羊毛abc%", "羊毛60%"},
		{"material", "羊毛-60%", "羊毛60%"},
		{"material", "羊毛101%", "羊毛60%"},
		{"ingredients", "烟酰胺 6o%", "羊毛60%"},
		{"price", "一百", "89.9"},
		{"list_price", "-399", "89.9"},
		{"list_price", "399.999", "89.9"},
		{"lowest_price_30d", "free", "89.9"},
		{"licences", "CCC认证:2026-13-01", "2027-03-01"},
		{"licences", "CCC认证:2026/09/30", "2027-03-01"},
		{"licences", "CCC认证:2026年9月", "2027-03-01"},
		{"licences", "有效期至2026-02-30", "2027-03-01"},
		{"returns_7d", "七天", "yes or no"},
		{"ships_within", "soon", "48h"},
		{"stock", "3.5", "300"},
		{"category", "shoes", "apparel"},
	} {
		for file, data := range inEveryFormat(t, c.column, c.value) {
			_, err := sheet.Load(file, bytes.NewReader(data))
			var errs sheet.Errors
			if !errors.As(err, &errs) || len(errs) != 1 {
				t.Errorf("%s %s=%q: err = %v, want one fault", file, c.column, c.value, err)
				continue
			}
			e := errs[0]
			if e.File != file || e.Row == 0 || e.Column != c.column || !strings.Contains(c.value, e.Value) || !strings.Contains(e.Want, c.want) {
				t.Errorf("%s %s=%q: %+v, want %q", file, c.column, c.value, e, c.want)
			}
		}
	}
}

// TestFiguresOfEveryKindAreTaken: what sheets rightly hold is no fault.
func TestFiguresOfEveryKindAreTaken(t *testing.T) {
	for column, values := range map[string][]string{
		"net_weight":  {"450g", "1.5kg", "30ml", "4.5公斤", "两斤三两", "一斤半", "200-250g", "约500g", "6x50g", "500g*2", "500g×2+50g", "50g/袋", "1,500g", "0.5克拉", "净含量500g（约10个）", "1L", "16 oz", "500g左右"},
		"quantity":    {"1条", "6包", "1台;赠量杯1个;赠饭勺1个", "1条;附首饰盒1个", "3 pieces", "2盒(共24片)", "一双", "1件;附收纳袋"},
		"size":        {"S;M;L;XL;2XL", "180x200cm", "200cm×230cm", "200cmx230cm", "34-40码", "均码", "果径70-80mm", "16cm+3cm延长链", "20 inch", "5L", "170/92A", "75B", "8-12岁", "36,37,38", "0码", "被套200x230cm;枕套48x74cm", "6.5寸", "One Size"},
		"shelf_life":  {"180天", "24个月", "3年", "常温15天", "十八个月", "36 months", "12 个月", "1年6个月", "长期", "见瓶身"},
		"metrics":     {"续航 30h;防水 IPX4;蓝牙 5.3", "压力误差 ±3mmHg", "适用温度 -18℃", "pH 5.5-6.5", "绒子含量 90%", "祛痘印 30天(试验报告)"},
		"material":    {"羊毛60%;腈纶40%", "棉 99.5%", "面料锦纶100%;里料聚酯纤维100%"},
		"ingredients": {"1,3-丁二醇 5%;维生素B12 0.1%;PEG-40 2%", "辅酶Q10 50mg/粒"},
		"licences":    {"CCC认证:2026-09-30", "SC食品生产许可:生干面制品", "粤械注准20212071111", "执行标准 GB/T 2910-2009", "有效期至2027-03-01"},
	} {
		for _, v := range values {
			for file, data := range inEveryFormat(t, column, v) {
				if _, err := sheet.Load(file, bytes.NewReader(data)); err != nil {
					t.Errorf("%s %s=%q: %v", file, column, v, err)
				}
			}
		}
	}
}

// inEveryFormat is a sheet of one product with one more cell, by file name.
func inEveryFormat(t *testing.T, column, value string) map[string][]byte {
	cells := map[string]string{"sku": "A", "name": "甲", "category": "food", column: value}
	var head, row []any
	var csv, toml strings.Builder
	toml.WriteString("[[product]]\n")
	for _, k := range []string{"sku", "name", "category", column} {
		if k == column && len(head) == 3 && column == "category" {
			continue
		}
		head, row = append(head, k), append(row, cells[k])
		fmt.Fprintf(&toml, "%s = %q\n", k, cells[k])
	}
	for _, line := range [][]any{head, row} {
		for _, v := range line {
			fmt.Fprintf(&csv, "%q,", v)
		}
		csv.WriteString("\n")
	}
	text := strings.ReplaceAll(csv.String(), ",\n", "\n")
	return map[string][]byte{"f.csv": []byte(text), "f.toml": []byte(toml.String()), "f.xlsx": workbook(t, "", head, row)}
}
