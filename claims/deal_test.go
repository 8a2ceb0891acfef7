package claims_test

import (
	"strings"
	"testing"

	"liveroom/claims"
	"liveroom/claims/lexicon"
)

const dealGoods = `sku,name,category,material,net_weight,quantity,size,origin,variety,ingredients,price,list_price,patents,honours,metrics,promises
米,山泉大米,food,,5000g,,,黑龙江五常,稻花香2号,,59,118,,,创立 1992年,满200减30;价保10天;不支持货到付款
茶,雾岭绿茶,food,,250g,,,浙江安吉,,绿茶,299,,,绿色食品认证,采摘 雨前,
乳,晨牧酸乳,food,,,,,,,复原乳;白砂糖,,,,,蛋白质 2.8g/100ml;能量 60kJ/100ml;钙 90mg/100ml,
水,轻泡水,food,,,,,,,水,,,,,糖 0.3g/100ml;能量 12kJ/100ml,
裤,阔腿裤,apparel,棉70%;聚酯纤维30%,,,L≤130斤;XL≤150斤,,,,159,,,,,
冰箱,两门冰箱,electronics,,,,,,,,1299,,实用新型专利 ZL202020202020.2,,能效 2级;成本 800元,
杯,保温杯,home,316不锈钢,,,,,,,129,,,,保温 12h;保冷 24h,
床,榉木床,home,床头颗粒板;床腿榉木,,,床1.5m;床垫1.9m,,,,899,,,,,
镜,玉坠,jewellery,18K 镀金,,,,,,,399,,,,,
屏,平板,electronics,,,,10.36英寸,,,,999,,,,,
`

func TestAmountsAndWhatStandsForThem(t *testing.T) {
	checker := checkerOf(t, dealGoods)
	for _, c := range []struct{ sku, text, want string }{
		// by the jin, in instalments, so much off, so many digits
		{"米", "一斤才五块九", ""},
		{"米", "一斤才三块钱", "price/contradicted"},
		{"米", "一公斤只要七块", "price/contradicted"},
		{"米", "满两百减三十", ""},
		{"米", "满一百减五十", "price/contradicted"},
		{"米", "三位数就能带走", ""},
		{"裤", "两位数直接拿下", "price/contradicted"},
		{"冰箱", "分十二期，每期一百零八块三", ""},
		{"冰箱", "分十二期，每期只要六十块", "price/contradicted"},
		{"米", "比原来便宜了一半", ""},
		{"米", "比原来便宜了七成", "price/contradicted"},
		{"米", "只要五十九米", ""},
		{"冰箱", "成本都一千五了", "credential/contradicted"},
		{"冰箱", "成本就八百", ""},
		// promises
		{"米", "保价十天", ""},
		{"米", "我给你保价三十天", "promise/contradicted"},
		{"米", "可以货到付款的", "promise/contradicted"},
		{"米", "不支持货到付款哦", ""},
		// words that exclude each other, or stand for a limit
		{"茶", "这是明前茶", "origin/contradicted"},
		{"茶", "雨前采的，雨前茶", ""},
		{"茶", "这不是明前的", ""},
		{"茶", "我们是有机认证的", "credential/contradicted"},
		{"乳", "鲜牛奶做的", "ingredient/contradicted"},
		{"乳", "高蛋白", "ingredient/contradicted"},
		{"乳", "高钙的", "ingredient/contradicted"},
		{"乳", "零卡", "ingredient/contradicted"},
		{"水", "零糖零卡", ""},
		{"冰箱", "它是一级能效的", "credential/contradicted"},
		{"冰箱", "二级能效", ""},
		{"冰箱", "有国家发明专利", "credential/contradicted"},
		{"床", "全实木的床", "material/contradicted"},
		{"米", "咱这是五常大米", ""},
		// figures and measures
		{"杯", "十八小时保温", "credential/contradicted"},
		{"杯", "十二小时保温", ""},
		{"杯", "保温保冷都是二十四小时", "credential/contradicted"},
		{"裤", "一百到一百五都能穿", ""},
		{"裤", "一百二到一百八十斤都能穿", "size/contradicted"},
		{"床", "一米九的床垫", ""},
		{"床", "两米二的床垫", "size/contradicted"},
		{"屏", "十点四寸", ""},
		{"屏", "十点四八寸", "size/contradicted"},
		{"镜", "18K gold plated", ""},
		{"镜", "this is 24K gold", "material/contradicted"},
		// what asserts though it denies, or asks
		{"裤", "难道它不是纯棉的吗", "material/contradicted"},
		{"裤", "这不是纯棉的？那我直播倒立", "material/contradicted"},
		{"裤", "请问是不是纯棉的？", ""},
		{"裤", "是棉的不是聚酯纤维的", "material/contradicted"},
		{"裤", "这个裤子是纯棉的", "material/contradicted"},
	} {
		var got []string
		for _, f := range checker.Check(claims.Utterance{SKU: c.sku, Speaker: claims.SpeakerHost, Text: c.text}, nil) {
			got = append(got, string(f.Category)+"/"+string(f.Verdict))
		}
		if all := strings.Join(got, " "); all != c.want {
			t.Errorf("%s %s: found %q, want %q", c.sku, c.text, all, c.want)
		}
	}
}

// TestRivalsAndLevelsAreWhole: each row of these lists tells what the rules
// read of it.
func TestRivalsAndLevelsAreWhole(t *testing.T) {
	groups := map[string]int{}
	for _, row := range lexicon.Terms() {
		told := strings.Join(row.Info, " ")
		switch row.Class {
		case lexicon.Rival:
			group, category, ok := strings.Cut(told, " category:")
			if !ok || !strings.HasPrefix(group, "group:") || strings.Contains(category, " ") {
				t.Errorf("%s tells %q", row.ID(), told)
			}
			groups[group]++
		case lexicon.Level:
			if !strings.HasPrefix(told, "of:") || !strings.ContainsAny(told, "0123456789") || len(row.Info) < 2 {
				t.Errorf("%s tells %q", row.ID(), told)
			}
		}
		if (row.Class == lexicon.Rival || row.Class == lexicon.Level) && (row.Source == "" || row.Checked == "") {
			t.Errorf("%s has no source", row.ID())
		}
	}
	for group, n := range groups {
		if n < 2 {
			t.Errorf("%s has nothing that it excludes", group)
		}
	}
}
