package claims

import (
	"fmt"
	"strings"

	"liveroom/claims/sheet"
)

// A suggestion names what it puts right, with its unit, so that it can be read
// aloud as it stands. It never repeats the claim, and holds no number but those
// of the sheet.

// meaning is what a column is about, in a sentence of each language; %s is the
// sheet's value.
type meaning struct{ zh, en string }

var meanings = map[sheet.Field]meaning{
	sheet.FieldBrand:       {"的品牌是%s", "the brand is %s"},
	sheet.FieldMaterial:    {"的材质是%s", "the material is %s"},
	sheet.FieldNetWeight:   {"的净含量是%s", "the net weight is %s"},
	sheet.FieldQuantity:    {"一单的数量是%s", "the quantity in one order is %s"},
	sheet.FieldSize:        {"的尺寸是%s", "the size is %s"},
	sheet.FieldOrigin:      {"的产地是%s", "the origin is %s"},
	sheet.FieldVariety:     {"的品种是%s", "the variety is %s"},
	sheet.FieldIngredients: {"的成分是%s", "the ingredients are %s"},
	sheet.FieldPatents:     {"的专利是%s", "the patent is %s"},
	sheet.FieldHonours:     {"的荣誉是%s", "the honour is %s"},
	sheet.FieldDeveloper:   {"的研发单位是%s", "the developer is %s"},
	sheet.FieldMetrics:     {"的指标是%s", "the measured figure is %s"},
	sheet.FieldEfficacy:    {"登记的功效是%s", "the registered functions are %s"},
	sheet.FieldPromises:    {"承诺的售后是%s", "the after-sales promises are %s"},
	sheet.FieldShelfLife:   {"的保质期是%s", "the shelf life is %s"},
	sheet.FieldLicences:    {"的资质是%s", "the licences are %s"},
	sheet.FieldStock:       {"的库存是%s件", "the stock is %s pieces"},
}

// topics are what a claim was about, where it can only be taken back.
var topics = map[Category]meaning{
	CategoryMaterial:   {"材质", "the material"},
	CategoryBrand:      {"品牌", "the brand"},
	CategoryWeight:     {"净含量", "the net weight"},
	CategoryQuantity:   {"数量", "the quantity"},
	CategorySize:       {"尺寸", "the size"},
	CategoryOrigin:     {"产地和品种", "the origin and variety"},
	CategoryIngredient: {"成分", "the ingredients"},
	CategoryPrice:      {"价格", "the price"},
	CategoryCredential: {"资质、荣誉和数据", "credentials and figures"},
	CategoryEfficacy:   {"功效", "what it does"},
	CategoryEffect:     {"效果", "the effect"},
	CategoryPromise:    {"售后承诺", "after-sales promises"},
}

// suggest is a sentence the host can say to put a finding right. Where the
// sheet's own words would be taken for a claim (非羊脂玉), it only takes back.
func (l *line) suggest(f *Finding) string {
	w := &inChinese
	if l.latin {
		w = &inEnglish
	}
	switch f.Category {
	case CategoryOffplatform:
		return w.offplatform
	case CategoryMedical:
		return w.medical
	case CategoryAbsolute:
		return w.absolute
	case CategoryConduct:
		return w.conduct
	}
	if said := w.fact(f, l.p, l.latin); said != "" {
		if s := w.opening + said + w.stop; l.c.claimsNothing(s, f.SKU) {
			return s
		}
	}
	topic := topics[f.Category]
	if f.Rule == "price.reference" {
		topic = meaning{"划线价", "the crossed-out price"}
	}
	if l.latin {
		return fmt.Sprintf(w.takeBack, topic.en)
	}
	return fmt.Sprintf(w.takeBack, topic.zh)
}

// claimsNothing reports whether the built-in checks find nothing in a sentence
// said of a product. The answer is kept: the sentences are made of the sheet's
// own cells, so there are as many as it has facts, and a host who keeps to a
// claim is suggested the same each time.
func (c *Checker) claimsNothing(s, sku string) bool {
	key := suggested{s, sku}
	if is, ok := c.harmless.Load(key); ok {
		return is.(bool)
	}
	is := c.triedOut(s, sku)
	c.harmless.Store(key, is)
	return is
}

// suggested is a sentence that a host could be given to say of a product.
type suggested struct{ text, sku string }

func (c *Checker) triedOut(s, sku string) bool {
	l := c.lines.Get().(*line)
	l.trial = true
	found := l.check(Utterance{SKU: sku, Speaker: SpeakerHost, Text: s}, nil)
	l.forget()
	c.lines.Put(l)
	return len(found) == 0
}

// sentences are what suggestions are made of in a language.
type sentences struct {
	opening, stop, takeBack                  string
	offplatform, medical, absolute, conduct  string
	price, list, listAndPrice                string
	returns, noReturns, ships, listSeparator string
}

var inChinese = sentences{
	opening:     "更正一下，刚才说错了，这款",
	stop:        "。",
	takeBack:    "更正一下，刚才关于%s的说法没有依据，我收回，大家以商品页为准。",
	offplatform: "大家请在平台内下单付款，离开平台的交易不受保护。",
	medical:     "更正一下，这个产品不是药，不能治病，身体不舒服请看医生。",
	absolute:    "更正一下，刚才的说法太绝对了，我收回，大家以商品页的介绍为准。",
	conduct:     "刚才的话说得不合适，跟大家道歉。",
	price:       "的售价是%s", list: "的划线价是%s", listAndPrice: "的划线价是%s，售价是%s",
	returns: "支持七天无理由退货", noReturns: "不支持七天无理由退货",
	ships: "的发货时限是下单后%d小时", listSeparator: "，",
}

var inEnglish = sentences{
	opening:     "Let me correct that: ",
	stop:        ".",
	takeBack:    "Let me take back what I said about %s: we hold no proof of it, please go by the product page.",
	offplatform: "Please order here on the platform only; nobody on our team takes payment elsewhere.",
	medical:     "Let me correct that: this is no medicine and treats no disease. Please see a doctor.",
	absolute:    "Let me take that back: it was too strong a word, please go by the product page.",
	conduct:     "That was the wrong thing to say, and I apologise.",
	price:       "the selling price is %s", list: "the crossed-out price is %s", listAndPrice: "the crossed-out price is %s and the selling price is %s",
	returns: "returns within seven days without a reason are accepted", noReturns: "returns within seven days without a reason are not accepted",
	ships: "the shipping time is %d hours after the order", listSeparator: "; ",
}

// fact says what the sheet has, "" where only taking back is left: where the
// sheet is silent, and where saying its figure would be the next claim to
// prove (the lowest price of some days, a rank).
func (w *sentences) fact(f *Finding, p *product, latin bool) string {
	_, column, _ := strings.Cut(f.FactID, "·")
	field, ok := sheet.FieldOf(column)
	if f.Verdict != VerdictContradicted || f.Fact == "" || p == nil || !ok {
		return ""
	}
	switch field {
	case sheet.FieldPrice:
		if f.Rule == "price.discount" && p.ListFen > 0 {
			return fmt.Sprintf(w.listAndPrice, yen(p.ListFen), yen(p.PriceFen))
		}
		return fmt.Sprintf(w.price, yen(p.PriceFen))
	case sheet.FieldListPrice:
		if p.PriceFen > 0 {
			return fmt.Sprintf(w.listAndPrice, yen(p.ListFen), yen(p.PriceFen))
		}
		return fmt.Sprintf(w.list, yen(p.ListFen))
	case sheet.FieldReturns7D:
		if p.Returns7D == sheet.Yes {
			return w.returns
		}
		return w.noReturns
	case sheet.FieldShipsWithin:
		return fmt.Sprintf(w.ships, p.ShipsHours)
	}
	m, ok := meanings[field]
	if !ok {
		return ""
	}
	value := strings.Join(strings.FieldsFunc(f.Fact, func(r rune) bool { return r == ';' || r == '；' }), w.listSeparator)
	if latin {
		return fmt.Sprintf(m.en, value)
	}
	return fmt.Sprintf(m.zh, value)
}
