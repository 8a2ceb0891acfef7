package claims_test

import (
	"encoding/csv"
	"regexp"
	"strings"

	"liveroom/claims"
	"liveroom/claims/fold"
	"liveroom/claims/lexicon"
	"liveroom/claims/sheet"
)

// The hard cases tell the facts of their product in free text: "棉65%，聚酯纤维35%",
// "净含量450g，毛重480g", "标价200，到手120", "政策: 7天无理由". A factRow is such a
// text as a row of a fact sheet: items are told apart by their labels, their
// units and the words of the lexicon. What has no column is kept as left.
type factRow struct {
	cells map[sheet.Field][]string
	left  []string // items that no column holds
	label string   // of the item before: 配料: 水，糖
	other string   // facts of another link
	said  string
}

func (r *factRow) add(f sheet.Field, values ...string) {
	if r.cells == nil {
		r.cells = map[sheet.Field][]string{}
	}
	r.cells[f] = append(r.cells[f], values...)
}

func (r *factRow) has(f sheet.Field) bool { return len(r.cells[f]) > 0 }

var otherLink = regexp.MustCompile(`^(.*?)一号链接\(当前\): *(.*?)[；;] *二号: *(.*)$`)

// The author leaves out what a proof is of where the claim tells it: 证书有效, 检测
// 90%. saidHere stands for the claim, namedHere for it without its figure.
const (
	saidHere  = "@said"
	namedHere = "@named"
)

var figures = regexp.MustCompile(`(?:百分之)?[\d一二三四五六七八九十百点.%]+(?:小时|h)?`)

// readFacts turns a text of facts into a row; said is the claim at hand.
func readFacts(text, said string) *factRow {
	r := &factRow{said: said}
	text = strings.TrimPrefix(text, "当前: ")
	if m := otherLink.FindStringSubmatch(text); m != nil {
		text, r.other = m[2], m[3]
	}
	for _, item := range factItems(text) {
		if !r.labelled(item) && !r.patterned(item) {
			r.left = append(r.left, item)
		}
	}
	return r
}

var runTogether = regexp.MustCompile(`^(\p{Han}+\d+%)(\p{Han}+\d+%)$`)

// factItems parts facts at semicolons, commas and plus signs outside brackets.
func factItems(text string) []string {
	depth, start := 0, 0
	var out []string
	take := func(end int) {
		if item := strings.TrimSpace(text[start:end]); item != "" && item != "—" {
			if m := runTogether.FindStringSubmatch(item); m != nil {
				out = append(out, m[1], m[2])
			} else {
				out = append(out, item)
			}
		}
	}
	for i, c := range text {
		switch c {
		case '(', '（':
			depth++
		case ')', '）':
			depth--
		case '；', ';', '，', ',':
			if next := text[i+len(string(c)):]; depth == 0 && !(c == ',' && next != "" && next[0] >= '0' && next[0] <= '9') {
				take(i)
				start = i + len(string(c))
			}
		}
	}
	take(len(text))
	return out
}

// factColumns are the labels that name a column.
var factColumns = map[string]sheet.Field{
	"产地": sheet.FieldOrigin, "供应商": sheet.FieldOrigin, "品牌": sheet.FieldBrand, "商品名": sheet.FieldName, "品类": sheet.FieldName, "品种": sheet.FieldVariety,
	"成分": sheet.FieldIngredients, "配料": sheet.FieldIngredients, "奶源": sheet.FieldIngredients, "检测证书": sheet.FieldMaterial,
	"证书": sheet.FieldHonours, "检测机构": sheet.FieldHonours, "数据": sheet.FieldSales, "榜单": sheet.FieldSales, "引证": sheet.FieldSales,
	"保质期": sheet.FieldShelfLife, "库存": sheet.FieldStock, "尺码表": sheet.FieldSize, "专利": sheet.FieldPatents,
	"能效": sheet.FieldMetrics, "等级": sheet.FieldMetrics, "设计": sheet.FieldMetrics, "店铺类型": sheet.FieldMetrics, "工艺": sheet.FieldMetrics, "上市": sheet.FieldMetrics,
	"批准功能": sheet.FieldEfficacy, "批准": sheet.FieldEfficacy, "备案功效": sheet.FieldEfficacy,
	"政策": sheet.FieldPromises, "承诺": sheet.FieldPromises, "平台价保": sheet.FieldPromises,
}

var labelForm = regexp.MustCompile(`^([\p{Han}/]{2,5})[:：] *(.+)$`)

// labelled reads "产地: 浙江", and an item that goes on with the label before it.
func (r *factRow) labelled(item string) bool {
	label, value := r.label, item
	if m := labelForm.FindStringSubmatch(item); m != nil {
		label, value = m[1], m[2]
	} else if f := factColumns[r.label]; f != sheet.FieldIngredients && f != sheet.FieldPromises && f != sheet.FieldSize {
		return false
	}
	f, known := factColumns[label]
	if !known {
		return false
	}
	r.label = label
	note := bracket.FindString(value)
	plain := strings.TrimSpace(bracket.ReplaceAllString(value, ""))
	switch f {
	case sheet.FieldIngredients:
		for _, part := range strings.Split(value, "、") {
			r.add(f, strings.TrimPrefix(part, "含"))
		}
		if label == "奶源" {
			r.add(sheet.FieldOrigin, value)
		}
	case sheet.FieldPromises:
		return r.promise(label, value)
	case sheet.FieldShelfLife:
		r.add(f, strings.TrimPrefix(plain, "冷藏"))
	case sheet.FieldSize:
		r.add(f, value)
	case sheet.FieldMetrics:
		r.add(f, label+" "+value)
	case sheet.FieldEfficacy:
		r.add(f, strings.TrimPrefix(value, "有助于"))
	case sheet.FieldSales, sheet.FieldHonours, sheet.FieldPatents:
		if strings.Contains(value, "过期") {
			return true // what has lapsed proves nothing
		}
		r.add(f, value)
	case sheet.FieldName:
		r.add(f, plain)
		if note == "(雨前)" || note == "(明前)" {
			r.add(sheet.FieldMetrics, "采摘 "+strings.Trim(note, "()"))
		}
	case sheet.FieldOrigin:
		r.add(f, strings.TrimSuffix(plain, "料"))
	default:
		r.add(f, plain)
	}
	return true
}

var bracket = regexp.MustCompile(`[(（].*?[)）]`)

func (r *factRow) promise(label, value string) bool {
	switch {
	case strings.Contains(value, "未开通"):
		return true // promises nothing
	case label == "承诺":
		r.add(sheet.FieldShipsWithin, value)
	case label == "平台价保":
		r.add(sheet.FieldPromises, "价保"+value)
	case value == "7天", strings.Contains(value, "7天无理由"):
		r.add(sheet.FieldReturns7D, "yes")
		r.add(sheet.FieldPromises, "7天无理由")
	case strings.Contains(value, "定制类不支持"):
		r.add(sheet.FieldReturns7D, "no")
	default:
		r.add(sheet.FieldPromises, bracket.ReplaceAllString(value, ""))
	}
	return true
}

// A factPattern reads an item by its form. to gives the value for each column;
// $1 stands for the first group of the form.
type factPattern struct {
	form string
	to   map[sheet.Field]string
}

var factPatterns = []factPattern{
	// what is not held is what the sheet is silent about
	{`^(无|no endorsement|未做.*|检测: 未做.*|无授权|无证书|无特证|.*未核|代工厂未知|代工厂 未知|合作协议: 无|店铺无价保|\(.*\))$`, nil},
	{`^((?:特殊/普通: *)?普通(?:化妆品|备案)|妆字号)(?:\(.*\))?$`, map[sheet.Field]string{sheet.FieldCategory: "cosmetics"}},
	{`^特殊/普通: 备案含(.+)$`, map[sheet.Field]string{sheet.FieldCategory: "cosmetics", sheet.FieldEfficacy: "$1"}},
	{`^特证: 国妆特字\((.+)\)$`, map[sheet.Field]string{sheet.FieldCategory: "special_cosmetics", sheet.FieldEfficacy: "$1", sheet.FieldLicences: "国妆特字"}},
	{`^保健食品\((.+)\)$`, map[sheet.Field]string{sheet.FieldCategory: "health_food", sheet.FieldEfficacy: "$1"}},
	{`^保健食品$`, map[sheet.Field]string{sheet.FieldCategory: "health_food"}},
	{`^普通食品(?:\(.*\))?$`, map[sheet.Field]string{sheet.FieldCategory: "food"}},
	{`^零食 (\d+kJ/100g)$`, map[sheet.Field]string{sheet.FieldCategory: "food", sheet.FieldMetrics: "能量 $1"}},
	{`^械字号: 有\((.+)\)$`, map[sheet.Field]string{sheet.FieldCategory: "medical_device", sheet.FieldLicences: "械字号 $1"}},
	{`^平台: 未开通(.+)$`, map[sheet.Field]string{sheet.FieldPromises: "不支持$1"}},
	{`^(?:活动|促销): (满\d+减\d+)$`, map[sheet.Field]string{sheet.FieldPromises: "$1"}},
	{`^券(\d+)$`, map[sheet.Field]string{sheet.FieldPromises: "满?减$1"}},
	{`^门槛满(\d+)$`, map[sheet.Field]string{sheet.FieldPromises: "满$1"}},
	{`^(?:促销: )?买(\d)送(\d)$`, map[sheet.Field]string{sheet.FieldPromises: "买${1}送$2"}},
	{`^买2送2(?:\(正装(\d瓶)\))? ?\+ ?(30ml小样1)$`, map[sheet.Field]string{sheet.FieldQuantity: "4瓶;赠${2}件", sheet.FieldPromises: "买2送2"}},
	{`^赠品: (10ml小样)$`, map[sheet.Field]string{sheet.FieldQuantity: "1件;赠品${1}1件"}},
	{`^(服装)$`, map[sheet.Field]string{sheet.FieldCategory: "apparel"}},
	{`^(香薰|台灯|梳子)$`, map[sheet.Field]string{sheet.FieldName: "$1", sheet.FieldCategory: "home"}},
	{`^(调理牛排)\(含(保水剂)\)$`, map[sheet.Field]string{sheet.FieldName: "$1", sheet.FieldIngredients: "$2", sheet.FieldCategory: "food"}},
	// money
	{`^(?:到手价?|售价|单价|定价:?) ?([\d.]+)元?(?:/米)?$`, map[sheet.Field]string{sheet.FieldPrice: "$1"}},
	{`^([\d.]+)元$`, map[sheet.Field]string{sheet.FieldPrice: "$1"}},
	{`^(\d+\.\d)$`, map[sheet.Field]string{sheet.FieldPrice: "$1"}},
	{`^(?:标价|专柜价|prior price|去年) ?([\d.]+)(?:\(.*\))?$`, map[sheet.Field]string{sheet.FieldListPrice: "$1"}},
	{`^今年 ?([\d.]+)$`, map[sheet.Field]string{sheet.FieldPrice: "$1"}},
	// the law holds a former price to the lowest deal of the seven days before
	{`^7日内最低成交 ([\d.]+)$`, map[sheet.Field]string{sheet.FieldListPrice: "$1", sheet.FieldLowest30D: "$1"}},
	{`^进货价 ([\d.]+)$`, map[sheet.Field]string{sheet.FieldMetrics: "成本 ${1}元"}},
	{`^([\d.]+)元/(\d+g)$`, map[sheet.Field]string{sheet.FieldPrice: "$1", sheet.FieldNetWeight: "$2"}},
	{`^(\d)件(\d+)$`, map[sheet.Field]string{sheet.FieldPrice: "$2", sheet.FieldQuantity: "${1}件"}},
	{`^1件(\d+) (\d)件(\d+)$`, map[sheet.Field]string{sheet.FieldPrice: "$1", sheet.FieldMetrics: "${2}件 ${3}元"}},
	{`^(包邮)$`, map[sheet.Field]string{sheet.FieldPromises: "$1"}},
	{`^分(\d)期$`, map[sheet.Field]string{sheet.FieldMetrics: "分期 ${1}期"}},
	{`^可用(\d)年$`, map[sheet.Field]string{sheet.FieldMetrics: "可用 ${1}年"}},
	// amounts
	{`^(?:净含量|net|单袋) ?([\d.]+ ?k?g)$`, map[sheet.Field]string{sheet.FieldNetWeight: "$1"}},
	{`^净含量 \d斤\((\dkg)\)$`, map[sheet.Field]string{sheet.FieldNetWeight: "$1"}},
	{`^(毛重|上一代) ?([\d.]+k?g)$`, map[sheet.Field]string{sheet.FieldMetrics: "$1 $2"}},
	{`^本代 ?([\d.]+k?g)$`, map[sheet.Field]string{sheet.FieldNetWeight: "$1"}},
	{`^(\d+ml)$`, map[sheet.Field]string{sheet.FieldNetWeight: "$1"}},
	{`^赠规则: 拍1发(\d)$`, map[sheet.Field]string{sheet.FieldQuantity: "${1}袋"}},
	{`^共(\d瓶)$`, map[sheet.Field]string{sheet.FieldQuantity: "$1"}},
	{`^(单果[\d-]+g)$`, map[sheet.Field]string{sheet.FieldSize: "$1", sheet.FieldCategory: "food"}},
	{`^((?:衣长|腰围)\d+cm)(?:\(.*\))?$`, map[sheet.Field]string{sheet.FieldSize: "$1", sheet.FieldCategory: "apparel"}},
	{`^([\d.]+英寸)$`, map[sheet.Field]string{sheet.FieldSize: "$1", sheet.FieldCategory: "electronics"}},
	{`^(?:床)?([\d.]+m)×([\d.]+m)$`, map[sheet.Field]string{sheet.FieldSize: "${1}x$2", sheet.FieldCategory: "home"}},
	{`^(\d)层×(\d+)抽×(\d+)包$`, map[sheet.Field]string{sheet.FieldQuantity: "${3}包", sheet.FieldMetrics: "层数 ${1}层;每包 ${2}抽", sheet.FieldCategory: "home"}},
	{`^保质期(\d+(?:个月|年))$`, map[sheet.Field]string{sheet.FieldShelfLife: "$1"}},
	{`^保质期至(\d+)$`, map[sheet.Field]string{sheet.FieldMetrics: "保质期至 ${1}年"}},
	{`^电池(\d+mAh)(?:\(额定(\d+)\))?$`, map[sheet.Field]string{sheet.FieldMetrics: "电池容量 $1", sheet.FieldCategory: "electronics"}},
	{`^(保温|保冷)(\d+h)(?:≥.*)?$`, map[sheet.Field]string{sheet.FieldMetrics: "$1 $2", sheet.FieldCategory: "home"}},
	{`^(\d+g/㎡)$`, map[sheet.Field]string{sheet.FieldMetrics: "克重 $1", sheet.FieldCategory: "apparel"}},
	{`^(\d+姆米|纱支\d+支)$`, map[sheet.Field]string{sheet.FieldMetrics: "$1"}},
	{`^充绒量\((.码)\) (\d+g)$`, map[sheet.Field]string{sheet.FieldMetrics: "充绒量($1) $2", sheet.FieldCategory: "apparel"}},
	{`^\(L码\) (\d+g)$`, map[sheet.Field]string{sheet.FieldMetrics: "充绒量(L码) $1"}},
	{`^(活菌数)≥?(.+)$`, map[sheet.Field]string{sheet.FieldMetrics: "$1 $2", sheet.FieldCategory: "food"}},
	{`^(?:标签 )?(SPF\d+\+?)(?: (PA\++))?$`, map[sheet.Field]string{sheet.FieldMetrics: "$1;$2", sheet.FieldCategory: "cosmetics"}},
	{`^(钙|糖|蛋白|能量) ([\d.]+(?:mg|g|kJ)/100ml)$`, map[sheet.Field]string{sheet.FieldMetrics: "$1 $2", sheet.FieldCategory: "food"}},
	{`^(\d+mg)/袋$`, map[sheet.Field]string{sheet.FieldMetrics: "每袋 $1", sheet.FieldCategory: "food"}},
	{`^(绒子含量|好评率|复购率|果汁含量) ?([\d.]+%)$`, map[sheet.Field]string{sheet.FieldMetrics: "$1 $2"}},
	{`^(色牢度) (\d级)$`, map[sheet.Field]string{sheet.FieldMetrics: "$1 $2"}},
	{`^创立 (\d+)$`, map[sheet.Field]string{sheet.FieldMetrics: "创立 ${1}年"}},
	{`^(质保) (\d年)$`, map[sheet.Field]string{sheet.FieldPromises: "$1$2"}},
	{`^预售(\d+天)内发货$`, map[sheet.Field]string{sheet.FieldShipsWithin: "$1"}},
	{`^(累计成交|上一场成交) ?([\d,]+万?)件?$`, map[sheet.Field]string{sheet.FieldSales: "$1${2}件"}},
	{`^(店铺销量第\d)$`, map[sheet.Field]string{sheet.FieldSales: "$1"}},
	{`^((?:市级|绿色食品).*|成分机制曾获诺奖)$`, map[sheet.Field]string{sheet.FieldHonours: "$1"}},
	{`^(实用新型专利.*|外观专利 有效|专利申请中|专利失效)$`, map[sheet.Field]string{sheet.FieldPatents: "$1"}},
	{`^test report yes$`, map[sheet.Field]string{sheet.FieldHonours: "dermatologist tested"}},
	// content and composition
	{`^成分表含(.+?)\(第\d+位\)$`, map[sheet.Field]string{sheet.FieldIngredients: "$1", sheet.FieldCategory: "cosmetics"}},
	{`^配料(无糖)$`, map[sheet.Field]string{sheet.FieldIngredients: "无糖", sheet.FieldCategory: "food"}},
	{`^(天然乳胶)含量(\d+%)$`, map[sheet.Field]string{sheet.FieldMaterial: "$1$2", sheet.FieldCategory: "home"}},
	{`^(?:国产|成衣国产)$`, map[sheet.Field]string{sheet.FieldOrigin: "中国"}},
	{`^made in (China)$`, map[sheet.Field]string{sheet.FieldOrigin: "$1", sheet.FieldCategory: "apparel"}},
	{`^(?:fabric (Italy)|(Italian) fabric)$`, map[sheet.Field]string{sheet.FieldMetrics: "Italian fabric", sheet.FieldCategory: "apparel"}},
	{`^面料进口\((.+)\)$`, map[sheet.Field]string{sheet.FieldMetrics: "面料 ${1}进口", sheet.FieldCategory: "apparel"}},
	{`^草饲$`, map[sheet.Field]string{sheet.FieldMetrics: "草饲", sheet.FieldCategory: "food"}},
	{`^(?:鞋面: )(.+)$`, map[sheet.Field]string{sheet.FieldMaterial: "鞋面$1", sheet.FieldCategory: "apparel"}},
	{`^((?:鞋面|里料|床腿|床头).+)$`, map[sheet.Field]string{sheet.FieldMaterial: "$1"}},
	{`^填充物: (.+)$`, map[sheet.Field]string{sheet.FieldMaterial: "填充物$1", sheet.FieldCategory: "apparel"}},
	{`^(18K金|24K 镀金)(?:\(.*\))?$`, map[sheet.Field]string{sheet.FieldMaterial: "$1", sheet.FieldCategory: "jewellery"}},
	{`^(床|被子)([\d.]+m)$`, map[sheet.Field]string{sheet.FieldSize: "$1$2", sheet.FieldCategory: "home"}},
	// what is proved is what was said
	{`^(?:说明书: 同|证书有效|授权链齐全|广告播出证明|赞助权证书|照度: 国AA级)$`, map[sheet.Field]string{sheet.FieldHonours: saidHere}},
	{`^合作协议: 有\(.*\)$`, map[sheet.Field]string{sheet.FieldDeveloper: saidHere}},
	{`^(?:消字号/)?检测 ([\d.]+%)$`, map[sheet.Field]string{sheet.FieldMetrics: namedHere + " $1", sheet.FieldEfficacy: namedHere}},
	{`^检测报告: ([\d.]+h)$`, map[sheet.Field]string{sheet.FieldMetrics: namedHere + " $1", sheet.FieldEfficacy: namedHere}},
}

var perPack = regexp.MustCompile(`^(\d+)(g|ml)×(\d+)(包|瓶)$`)

func (r *factRow) patterned(item string) bool {
	if m := perPack.FindStringSubmatch(item); m != nil {
		total := 1
		for _, g := range []string{m[1], m[3]} {
			n := 0
			for _, c := range g {
				n = n*10 + int(c-'0')
			}
			total *= n
		}
		r.add(sheet.FieldNetWeight, itoa(total)+m[2])
		r.add(sheet.FieldQuantity, m[3]+m[4])
		return true
	}
	for _, p := range compiledPatterns {
		m := p.form.FindStringSubmatchIndex(item)
		if m == nil {
			continue
		}
		for f, to := range p.to {
			to = strings.NewReplacer(saidHere, r.said, namedHere, figures.ReplaceAllString(r.said, "")).Replace(to)
			if v := strings.Trim(string(p.form.ExpandString(nil, to, item, m)), "; "); v != "" && !(f == sheet.FieldCategory && r.has(f)) {
				r.add(f, v)
			}
		}
		return true
	}
	return r.composed(item)
}

func itoa(n int) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + itoa(n%10)
}

type compiledPattern struct {
	form *regexp.Regexp
	to   map[sheet.Field]string
}

var compiledPatterns = func() []compiledPattern {
	var out []compiledPattern
	for _, p := range factPatterns {
		out = append(out, compiledPattern{regexp.MustCompile(p.form), p.to})
	}
	return out
}()

// composed takes what the lexicon knows as a material or an ingredient, with
// its share.
func (r *factRow) composed(item string) bool {
	found := words.Find(nil, []rune(fold.String(item)))
	for _, class := range []lexicon.Class{lexicon.Material, lexicon.Ingredient} {
		for _, m := range found {
			if m.Term.Class != class {
				continue
			}
			if class == lexicon.Material {
				r.add(sheet.FieldMaterial, item)
			} else {
				r.add(sheet.FieldIngredients, item)
			}
			return true
		}
	}
	if r.has(sheet.FieldMaterial) && shareOnly.MatchString(item) {
		r.add(sheet.FieldMaterial, strings.Replace(item, "涤", "涤纶", 1))
		return true
	}
	return false
}

// shareOnly is a share of something beside a material that is known: 涤35%.
var shareOnly = regexp.MustCompile(`^\p{Han}{1,4}\d+%$`)

var words = lexicon.NewMatcher(lexicon.Terms())

// category guesses the kind of goods from the columns that are filled.
func (r *factRow) category() string {
	switch {
	case r.has(sheet.FieldCategory):
		return r.cells[sheet.FieldCategory][0]
	case r.has(sheet.FieldIngredients) && strings.Contains(strings.Join(r.cells[sheet.FieldIngredients], ""), "透明质酸"), strings.Contains(strings.Join(r.cells[sheet.FieldIngredients], ""), "烟酰胺"), strings.Contains(strings.Join(r.cells[sheet.FieldIngredients], ""), "醇"):
		return "cosmetics"
	case r.has(sheet.FieldSize) && strings.Contains(r.cells[sheet.FieldSize][0], "XL"):
		return "apparel"
	case r.has(sheet.FieldMaterial):
		for _, m := range words.Find(nil, []rune(fold.String(r.cells[sheet.FieldMaterial][0]))) {
			if m.Term.Class == lexicon.Material && (m.Term.Is("domain:wood") || m.Term.Is("domain:metal")) {
				return "home"
			}
		}
		return "apparel"
	case r.has(sheet.FieldIngredients), r.has(sheet.FieldNetWeight), r.has(sheet.FieldOrigin):
		return "food"
	}
	return "other"
}

// checker makes a checker of the row, and of the other link's row.
func (r *factRow) checker() (*claims.Checker, error) {
	rows := []*factRow{r}
	if r.other != "" {
		rows = append(rows, readFacts(r.other, r.said))
	}
	var b strings.Builder
	w := csv.NewWriter(&b)
	var header []string
	for f := sheet.FieldSKU; f <= sheet.FieldStock; f++ {
		header = append(header, f.String())
	}
	_ = w.Write(header)
	for i, row := range rows {
		row.finish(i)
		var cells []string
		for f := sheet.FieldSKU; f <= sheet.FieldStock; f++ {
			cells = append(cells, strings.Join(row.cells[f], ";"))
		}
		_ = w.Write(cells)
	}
	w.Flush()
	s, err := sheet.Load("cases.csv", strings.NewReader(b.String()))
	if err != nil {
		return nil, err
	}
	return claims.New(s), nil
}

// finish fills in what every row must have, and the total of several packs.
func (r *factRow) finish(i int) {
	category := r.category()
	r.cells = mapOf(r.cells)
	r.cells[sheet.FieldSKU] = []string{[]string{"on-air", "other"}[i]}
	r.cells[sheet.FieldCategory] = []string{category}
	if !r.has(sheet.FieldName) {
		r.cells[sheet.FieldName] = []string{[]string{"本场商品", "二号链接"}[i]}
	}
}

func mapOf(m map[sheet.Field][]string) map[sheet.Field][]string {
	if m == nil {
		m = map[sheet.Field][]string{}
	}
	return m
}
