package sheet

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"liveroom/claims/sheet/table"
)

// A decoder turns one row into a product and collects what is wrong with it.
type decoder struct {
	file  string
	row   int
	lines []int // of the fields, 0: the row's; nil: all are the row's
	errs  Errors
}

func (d *decoder) fail(f Field, value, want string) {
	row := d.row
	if int(f) < len(d.lines) && d.lines[f] > 0 {
		row = d.lines[f]
	}
	d.errs = append(d.errs, Error{File: d.file, Row: row, Column: f.String(), Value: value, Want: want})
}

func (d *decoder) product(columns []Field, cells []string) *Product {
	p := &Product{Stock: -1}
	for i, cell := range cells {
		v := strings.TrimSpace(cell)
		if i >= len(columns) {
			if v != "" {
				d.errs = append(d.errs, Error{File: d.file, Row: d.row, Column: fmt.Sprint(i + 1), Value: v, Want: "no more cells than the header has columns; quote a cell that holds a comma"})
			}
			continue
		}
		if len(v) > maxCell {
			d.fail(columns[i], v, fmt.Sprintf("at most %d bytes in a cell", maxCell))
			continue
		}
		p.raw[columns[i]] = v
	}
	for _, f := range []Field{FieldSKU, FieldName, FieldCategory} {
		if p.raw[f] == "" {
			d.fail(f, "", "not empty")
		}
	}
	d.words(p)
	d.numbers(p)
	return p
}

func (d *decoder) words(p *Product) {
	p.SKU, p.Name, p.Brand = p.raw[FieldSKU], p.raw[FieldName], p.raw[FieldBrand]
	p.Aliases = list(p.raw[FieldAliases])
	if c := p.raw[FieldCategory]; c != "" {
		known, ok := categoryNames[strings.ToLower(c)]
		if !ok {
			d.fail(FieldCategory, c, "one of apparel, food, health_food, cosmetics, special_cosmetics, medical_device, jewellery, home, electronics, maternal, pet, other")
		}
		p.Category = known
	}
	p.Material = d.parts(p, FieldMaterial)
	p.NetWeight = p.raw[FieldNetWeight]
	p.Quantity = list(p.raw[FieldQuantity])
	p.Size = list(p.raw[FieldSize])
	p.Origin = list(p.raw[FieldOrigin])
	p.Variety = list(p.raw[FieldVariety])
	p.Ingredients = d.parts(p, FieldIngredients)
	p.Patents = list(p.raw[FieldPatents])
	p.Honours = list(p.raw[FieldHonours])
	p.Sales = list(p.raw[FieldSales])
	p.Developer = list(p.raw[FieldDeveloper])
	p.Metrics = list(p.raw[FieldMetrics])
	p.Efficacy = list(p.raw[FieldEfficacy])
	p.Promises = list(p.raw[FieldPromises])
	p.ShelfLife = p.raw[FieldShelfLife]
}

func (d *decoder) numbers(p *Product) {
	p.PriceFen = d.money(p, FieldPrice)
	p.ListFen = d.money(p, FieldListPrice)
	p.Lowest30DFen = d.money(p, FieldLowest30D)
	d.amounts(p)
	p.Returns7D = d.answer(p, FieldReturns7D)
	p.ShipsHours = d.hours(p, FieldShipsWithin)
	if v := p.raw[FieldStock]; v != "" {
		n, err := strconv.ParseInt(v, 10, 64)
		if err != nil || n < 0 {
			d.fail(FieldStock, v, "a whole number of pieces, such as 300")
		} else {
			p.Stock = n
		}
	}
	for _, raw := range list(p.raw[FieldLicences]) {
		p.Licences = append(p.Licences, d.licence(raw))
	}
}

// list splits a cell at semicolons of either width.
func list(cell string) []string {
	var out []string
	for _, v := range strings.FieldsFunc(cell, func(r rune) bool { return r == ';' || r == '；' }) {
		if v = strings.TrimSpace(v); v != "" {
			out = append(out, v)
		}
	}
	return out
}

var shareAtEnd = regexp.MustCompile(`^(.*?)[\s:：]*(\d{1,4}(?:\.\d{1,4})?)\s*[%％]$`)

// badBeforeShare: a sign that makes the number behind it another one.
var badBeforeShare = regexp.MustCompile(`(?:^|[^\d])[-−]$|[.,]$`)

func (d *decoder) parts(p *Product, f Field) []Part {
	var parts []Part
	for _, raw := range list(p.raw[f]) {
		part := Part{Raw: raw, Name: raw, Share: -1}
		if m := shareAtEnd.FindStringSubmatch(raw); m != nil {
			share, ok := table.Scaled(m[2], 4)
			if !ok || share > 1_000_000 {
				d.fail(f, raw, wantShare)
			}
			part.Name, part.Share = strings.TrimSpace(m[1]), share
			if badBeforeShare.MatchString(part.Name) {
				d.fail(f, raw, wantShare)
			}
		} else if strings.HasSuffix(raw, "%") || strings.HasSuffix(raw, "％") {
			d.fail(f, raw, wantShare)
		}
		for _, no := range []string{"不含", "无添加", "不添加", "未添加", "无"} {
			if rest, ok := strings.CutPrefix(part.Name, no); ok && rest != "" && !strings.HasPrefix(part.Name, "无纺") {
				part.Name, part.Absent = strings.TrimSuffix(strings.TrimSpace(rest), "添加"), true
				break
			}
		}
		parts = append(parts, part)
	}
	return parts
}

func (d *decoder) money(p *Product, f Field) int64 {
	v := p.raw[f]
	if v == "" {
		return 0
	}
	fen, ok := table.Fen(v)
	if !ok || fen <= 0 || fen > math.MaxInt64/1000 {
		d.fail(f, v, "an amount in yuan above 0 with at most two decimals, such as 89.9")
		return 0
	}
	return fen
}

func (d *decoder) answer(p *Product, f Field) Answer {
	switch strings.ToLower(p.raw[f]) {
	case "":
		return Silent
	case "yes", "y", "true", "是", "支持", "有":
		return Yes
	case "no", "n", "false", "否", "不支持", "无":
		return No
	}
	d.fail(f, p.raw[f], "yes or no")
	return Silent
}

var duration = regexp.MustCompile(`^(\d{1,5})\s*(h|小时|d|天|日)(?:内)?$`)

func (d *decoder) hours(p *Product, f Field) int64 {
	v := p.raw[f]
	if v == "" {
		return 0
	}
	m := duration.FindStringSubmatch(strings.ToLower(v))
	if m == nil {
		d.fail(f, v, "a time such as 48h or 15天")
		return 0
	}
	n, err := strconv.ParseInt(m[1], 10, 64)
	if err != nil || n == 0 {
		d.fail(f, v, "a time above 0 such as 48h or 15天")
		return 0
	}
	if m[2] != "h" && m[2] != "小时" {
		n *= 24
	}
	return n
}

// dayAtEnd is the day that a licence ends, however it is written.
var dayAtEnd = regexp.MustCompile(`(?:[:：]|至|到)\s*((?:\d{4}-\d{1,2}-\d{1,2}|(?:19|20)\d{2}\s*[-/.年]\s*\d{1,2}).*)$`)

func (d *decoder) licence(raw string) Licence {
	l := Licence{Raw: raw}
	m := dayAtEnd.FindStringSubmatch(raw)
	if m == nil {
		return l
	}
	day, err := time.Parse("2006-1-2", m[1])
	if err != nil {
		d.fail(FieldLicences, raw, wantDay)
		return l
	}
	l.Expiry = day
	return l
}
