package claims

import (
	"fmt"
	"strings"

	"liveroom/claims/sheet"
)

// A ruling is what applies to a kind of finding.
type ruling struct {
	law      string
	severity Severity
	zh, en   string
}

const (
	lawAbsolute   = "广告法（2021修正）第九条第（三）项；第五十七条"
	lawFalse      = "广告法（2021修正）第二十八条、第五十五条；反不正当竞争法（2025修订）第九条；电子商务法（2018）第十七条"
	lawCited      = "广告法（2021修正）第十一条"
	lawPatent     = "广告法（2021修正）第十二条"
	lawMedical    = "广告法（2021修正）第十七条、第五十八条"
	lawHealthFood = "广告法（2021修正）第十八条；食品安全法（2021修正）第七十三条"
	lawCosmetics  = "化妆品监督管理条例（2020）第二十二条、第四十三条"
	lawPrice      = "明码标价和禁止价格欺诈规定（2022）第十六条、第十七条、第十九条；价格法（1997）第十四条"
	lawLowest     = "侵害消费者权益行为处罚办法（2015）第六条第（五）项"
	lawPromise    = "消费者权益保护法（2013修正）第二十条、第二十五条"
	lawPlatform   = "电子商务法（2018）第十七条；平台交易规则：禁止引导站外交易"
	lawConduct    = "广告法（2021修正）第九条第（四）至（九）项"
)

// ruleText picks the law, the weight and the words for a finding.
func ruleText(c Category, v Verdict, p *product) ruling {
	r := ruling{law: lawFalse, severity: SeverityHigh, zh: "说法与商品资料不一致", en: "The sheet says otherwise"}
	if v == VerdictUnsupported {
		r.severity, r.zh, r.en = SeverityMedium, "商品资料里没有依据", "The sheet holds no proof of this"
	}
	switch c {
	case CategoryAbsolute:
		r = ruling{lawAbsolute, SeverityMedium, "用绝对化用语介绍商品", "An absolute term is used to praise the product"}
	case CategoryMedical:
		r = ruling{lawMedical, SeverityHigh, "非药品宣称治疗或预防疾病", "A disease or treatment is claimed for what is no medicine"}
		if p != nil && p.Category == sheet.HealthFood {
			r.law = lawHealthFood
		}
	case CategoryEfficacy, CategoryEffect:
		r.law = lawFalse
		if p != nil {
			switch p.Category {
			case sheet.Cosmetics, sheet.SpecialCosmetics:
				r.law = lawCosmetics
			case sheet.Food, sheet.HealthFood:
				r.law = lawHealthFood
			}
		}
		r.zh, r.en = "功能没有注册或备案依据", "This function is not registered for the product"
		if c == CategoryEffect {
			r.zh, r.en = "承诺了没有依据的效果", "An outcome is promised without proof"
		}
	case CategoryPrice:
		r.law = lawPrice
	case CategoryPromise:
		r.law = lawPromise
	case CategoryCredential:
		r.law = lawCited
	case CategoryOffplatform:
		r = ruling{lawPlatform, SeverityHigh, "引导买家离开平台交易", "The deal is led off the platform"}
	case CategoryConduct:
		r = ruling{lawConduct, SeverityHigh, "言语违背公序良俗", "This is against public order or decency"}
	}
	return r
}

func (r ruling) why(f *Finding) (zh, en string) {
	zh, en = r.zh, r.en
	switch {
	case f.Fact != "":
		zh = fmt.Sprintf("%s：说的是“%s”，资料写的是“%s”", zh, f.Value, f.Fact)
		value := f.Value
		if amount, ok := strings.CutSuffix(value, " 元"); ok {
			value = "¥" + amount
		}
		en = fmt.Sprintf("%s: said %q, the sheet has %q", en, value, f.Fact)
	case f.Verdict == VerdictUnsupported:
		zh = fmt.Sprintf("%s：“%s”", zh, f.Value)
		en = fmt.Sprintf("%s: %q", en, f.Value)
	default:
		zh = fmt.Sprintf("%s：“%s”", zh, f.Said)
		en = fmt.Sprintf("%s: %q", en, f.Said)
	}
	if f.Arithmetic != "" {
		zh += "（" + f.Arithmetic + "）"
		en += " (" + f.ArithmeticEN + ")"
	}
	return zh, en
}
