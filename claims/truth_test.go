package claims_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"liveroom/claims"
	"liveroom/claims/sheet"
)

// say writes a number from 0 to 99,999 as a host says it.
func say(n int64) string {
	digits := []string{"零", "一", "二", "三", "四", "五", "六", "七", "八", "九"}
	switch {
	case n < 10:
		return digits[n]
	case n < 20:
		return "十" + strings.TrimSuffix(digits[n%10], "零")
	case n < 100:
		return digits[n/10] + "十" + strings.TrimSuffix(digits[n%10], "零")
	case n < 1000:
		s := digits[n/100] + "百"
		if n/100 == 2 {
			s = "两百"
		}
		switch r := n % 100; {
		case r == 0:
			return s
		case r < 10:
			return s + "零" + digits[r]
		case r < 20:
			return s + "一" + say(r)
		default:
			return s + say(r)
		}
	case n < 10_000:
		s := digits[n/1000] + "千"
		if n/1000 == 2 {
			s = "两千"
		}
		switch r := n % 1000; {
		case r == 0:
			return s
		case r < 100:
			return s + "零" + say(r)
		default:
			return s + say(r)
		}
	}
	s := say(n/10_000) + "万"
	if n%10_000 == 0 {
		return s
	}
	return s + say(n%10_000)
}

func sayYuan(fen int64) string {
	if fen%100 == 0 {
		return say(fen / 100)
	}
	return say(fen/100) + "块" + say(fen%100/10)
}

// truths are sentences that the sheet makes true, told in many ways.
func truths(p *sheet.Product) []string {
	var out []string
	add := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	if p.PriceFen > 0 {
		y := sayYuan(p.PriceFen)
		for _, f := range []string{"今天%s", "%s拿走", "只要%s，姐妹们", "%s，一口价", "到手价%s", "直播间%s包邮", "卖%s，不讲价", "就%s块钱的东西", "%s，%[1]s，别犹豫", "价格我说一下，%s", "今天开价%s，拍完下架", "%s一单，备注颜色"} {
			if strings.Contains(y, "块") && strings.Contains(f, "块钱") {
				continue
			}
			add(f, y)
		}
		add("%d块", p.PriceFen/100)
		if p.ListFen > 0 {
			l := sayYuan(p.ListFen)
			for _, f := range []string{"原价%s，今天%s", "划线价%s现在%s", "平时卖%s的，今天%s", "标价%s，直播间%s", "吊牌价%s，到手%s", "%s的东西今天%s"} {
				add(f, l, y)
			}
			add("原价%s，便宜了%s块", l, say((p.ListFen-p.PriceFen)/100))
		}
	}
	for _, part := range p.Material {
		add("材质是%s", part.Name)
		if part.Share > 0 && part.Share%10_000 == 0 {
			add("%s百分之%s", part.Name, say(part.Share/10_000))
		}
	}
	for _, o := range p.Origin {
		add("产地%s", o)
		add("%s的，发货也从那边走", o)
		add("%s产的，懂的都懂", o)
		add("这个是%s来的", o)
	}
	for _, v := range p.Variety {
		add("品种是%s", v)
		add("正宗的%s", v)
	}
	for _, part := range p.Ingredients {
		switch {
		case part.Absent:
			add("不含%s", part.Name)
			add("%s一点都没加", part.Name)
			add("没有%s，放心", part.Name)
		case part.Share > 0 && part.Share%10_000 == 0:
			add("%s百分之%s", part.Name, say(part.Share/10_000))
			add("%s含量%d%%", part.Name, part.Share/10_000)
		default:
			add("里面有%s", part.Name)
			add("配料有%s的", part.Name)
		}
	}
	for _, q := range p.Quantity {
		add("到手%s", q)
		add("一单%s", q)
		add("%s发给你", q)
	}
	if p.NetWeight != "" {
		add("净含量%s", p.NetWeight)
		add("%s的，自己称", p.NetWeight)
	}
	for _, s := range p.Size {
		add("尺寸%s", s)
	}
	for _, m := range p.Metrics {
		add("%s", m)
		add("%s，参数都印在包装上", m)
	}
	for _, e := range p.Efficacy {
		add("%s", e)
		add("它的功效就是%s", e)
		add("主打一个%s", e)
	}
	for _, x := range p.Promises {
		add("%s", x)
		add("我们%s，放心拍", x)
	}
	if p.Returns7D == sheet.Yes {
		add("支持七天无理由")
		add("七天无理由退，不喜欢就退回来")
	} else if p.Returns7D == sheet.No {
		add("不支持七天无理由哈")
		add("这个不能七天无理由，想好再拍")
	}
	if p.ShipsHours > 0 {
		add("%s小时内发货", say(p.ShipsHours))
		add("%s小时之内给你发走", say(p.ShipsHours))
	}
	if p.ShelfLife != "" {
		add("保质期%s", p.ShelfLife)
	}
	for _, h := range append(p.Honours, p.Developer...) {
		add("%s", h)
		add("拿过%s的", h)
	}
	for _, s := range p.Sales {
		add("%s", s)
	}
	if p.Brand != "" {
		add("牌子是%s", p.Brand)
		add("%s的，不是别家的", p.Brand)
	}
	add("%s今天上新", p.Name)
	for _, a := range p.Aliases {
		add("这款%s我自己家里也在用", a)
		add("问%s的看过来", a)
	}
	return out
}

func TestTrueStatementsStaySilent(t *testing.T) {
	for name, most := range map[string]int{"testdata/facts.csv": 0, "testdata/author/facts.csv": 0, sharedDir + "/bench/dev/facts.csv": 12, sharedDir + "/demo/facts.csv": 0} {
		f, err := os.Open(name)
		if err != nil {
			t.Logf("LOUD: %s is not here, not tried", name)
			continue
		}
		s, err := sheet.Load(name, f)
		_ = f.Close()
		if err != nil {
			t.Fatal(err)
		}
		checker := claims.New(s)
		n, wrong := 0, []string{}
		for _, p := range s.Products {
			for _, text := range truths(p) {
				n++
				for _, found := range checker.Check(claims.Utterance{SKU: p.SKU, Speaker: claims.SpeakerHost, Text: text}, nil) {
					wrong = append(wrong, fmt.Sprintf("%s %q: %s/%s over %q (%s)", p.SKU, text, found.Category, found.Verdict, found.Said, found.Rule))
				}
			}
		}
		if len(wrong) > most {
			t.Errorf("%s: %d of %d true statements raised something:\n%s", name, len(wrong), n, strings.Join(wrong, "\n"))
		}
	}
}
